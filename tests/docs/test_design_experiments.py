"""The READMEs of the experiments on designs follow from the results that are kept."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("designs", ROOT / "experiments" / "designs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["evaluation-designs", "trial-coverage"])
def test_the_page_follows_from_its_result(script, name):
    assert name in script.COMMANDS
    page = (ROOT / "experiments" / name / "README.md").read_text(encoding="utf-8")
    assert script.describe(name) in page


def test_naive_designs_find_a_fall_where_nothing_was_done_and_trials_do_not(script):
    """At the pilots' own size: what before-and-after and unmatched studies would have reported of nothing."""
    rows = {
        (row["design"], row["variant"]): row
        for row in script.result("evaluation-designs")["rows"]
        if (row["outcome"], row["window"]) == ("emergency_admissions", 26)
    }
    for naive in ("before_after", "unmatched_did"):
        row = rows[naive, ""]
        assert row["null_bias"] + 3 * row["null_bias_se"] < -0.1
        assert row["false_alarms"] > 0.9
    for trial in ("trial_by_person", "trial_by_practice", "stepped_wedge"):
        assert abs(rows[trial, ""]["null_bias"]) < 4 * rows[trial, ""]["null_bias_se"]


def test_matching_finds_a_rise_where_nothing_was_done_and_more_so_in_the_same_area(script):
    """Three standard errors each, as docs/designs.md says of it."""
    rows = {
        (row["design"], row["variant"]): row
        for row in script.result("evaluation-designs")["rows"]
        if (row["outcome"], row["window"]) == ("emergency_admissions", 26)
    }
    elsewhere, here = rows["matched_did", "raw"], rows["matched_did_same_area", "raw"]
    assert elsewhere["null_bias"] > 3 * elsewhere["null_bias_se"]
    assert here["null_bias"] - elsewhere["null_bias"] > 3 * here["null_bias_se"]
    sound = [
        rows[name, ""] for name in ("trial_by_person", "trial_by_practice", "stepped_wedge", "practice_panel")
    ]
    assert all(row["smallest"] > abs(row["truth"]) for row in sound)
