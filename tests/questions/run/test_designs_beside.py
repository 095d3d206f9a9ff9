"""Designs beside the published evaluation in ``icpsim run``: the table and the JSON, and nothing without them."""

import io
from dataclasses import replace
from math import nan

from rich.console import Console

from icpsim.questions.run.answer import DesignResult
from icpsim.questions.run.show_json import as_object
from icpsim.questions.run.show_table import print_study
from tests.fake_study import STUDY

FURTHER = (
    DesignResult(
        "before_after", "before and after, no controls", "", True, "cases", "emergency_admissions", "rate_ratio",
        26, 8, 0.6, 0.5, 0.7, 0.95, 0.9, 1.0, 0.125,
    ),
    DesignResult(
        "matched_did_same_area", "matched DiD, controls from the pilots' own practices", "raw", False, "cases",
        "hospital_cost", "difference_gbp", 13, 8, -50.0, nan, nan, -20.0, -30.0, -10.0, 1.0,
    ),
)  # fmt: skip


def printed(study):
    console = Console(file=io.StringIO(), width=150)
    print_study(console, study, None)
    return console.file.getvalue()


def test_each_design_stands_under_its_outcome_beside_the_truth():
    lines = printed(replace(STUDY, designs=FURTHER)).splitlines()
    (naive,) = (line for line in lines if "before and after, no controls (naive)" in line)
    assert naive.split() == (
        "before and after, no controls (naive) 26 -40.0% (-50.0 to -30.0) -5.0% (-10.0 to 0.0) 12%".split()
    )
    (cost,) = (line for line in lines if "own practices (raw)" in line)
    assert cost.split()[-6:] == ["-£50", "-£20", "(-£30", "to", "-£10)", "100%"]


def test_the_object_has_them_and_is_what_it_was_without():
    without = as_object(STUDY, None)
    assert "designs" not in without
    assert "Further designs" not in printed(STUDY)
    told = as_object(replace(STUDY, designs=FURTHER), None)
    rows = told.pop("designs")
    assert told == without
    assert [row["design"] for row in rows] == ["before_after", "matched_did_same_area"]
    assert rows[1]["estimated_low"] is None
