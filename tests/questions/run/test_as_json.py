"""The JSON object keeps the shape that others script against."""

import json
from dataclasses import replace
from math import nan

from icpsim.questions.run.show_json import as_object
from tests.fake_study import OUTCOMES, STUDY


def test_object_has_the_agreed_keys_and_values() -> None:
    value = as_object(STUDY, "case-management-sites")
    assert {k: value[k] for k in ("scenario", "version", "seed", "replicates", "cases", "controls")} == {
        "scenario": "small",
        "version": "0.0.test",
        "seed": 7,
        "replicates": 8,
        "cases": 3646,
        "controls": 17311.5,
    }
    assert (value["observed_cases"], value["observed_controls"]) == (3646, 17311)
    assert value["true_emergency"] == {"rose": 1, "fell": 0, "stayed": 1, "replicates": 2}
    assert value["drawn"] is False
    first = value["outcomes"][0]
    agreed = ["outcome", "measure", "observed", "observed_low", "observed_high", "observed_tag", "estimated"]
    agreed += ["estimated_low", "estimated_high", "true", "true_low", "true_high"]
    assert list(first)[: len(agreed)] == agreed
    assert (first["observed"], first["observed_tag"], first["estimated"]) == (1.09, "RECALL", 1.052)


def test_cost_has_its_relative_change_beside_it_and_ratios_do_not() -> None:
    outcomes = {row["outcome"]: row for row in as_object(STUDY, None)["outcomes"]}
    assert outcomes["hospital_cost"]["relative"] == -0.028
    assert "relative" not in outcomes["emergency_admissions"]


def test_truth_in_cases_with_a_control_and_in_all_have_names_of_their_own() -> None:
    row = replace(OUTCOMES[0], true_enrolled=0.97, true_enrolled_low=0.9, true_enrolled_high=1.05)
    first = as_object(replace(STUDY, outcomes=(row,)), None)["outcomes"][0]
    assert (first["true"], first["true_enrolled"]) == (1.004, 0.97)
    assert (first["true_enrolled_low"], first["true_enrolled_high"]) == (0.9, 1.05)
    assert first["relative_true_enrolled"] is None


def test_unknown_numbers_are_null_in_strict_json() -> None:
    row = replace(OUTCOMES[0], observed=nan, observed_tag="", inside=None)
    text = json.dumps(as_object(replace(STUDY, outcomes=(row,)), None), allow_nan=False)
    outcome = json.loads(text)["outcomes"][0]
    assert (outcome["observed"], outcome["observed_tag"], outcome["inside"]) == (None, None, None)
    assert json.loads(text)["monthly"][0]["true"] is None
