"""Every decision's README and the page about decisions follow from the results that are kept."""

import json
import runpy
from pathlib import Path

import pytest

from icpsim.questions.compare.what_if import load_what_if

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "experiments" / "decision.py"))
NAMES = SCRIPT["names"]()


def told(name):
    return json.loads((ROOT / "experiments" / "decision" / name / "result.json").read_text(encoding="utf-8"))


def test_there_is_a_decision():
    assert "case-management" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_follows_from_the_result(name):
    page = ROOT / "experiments" / "decision" / name / "README.md"
    assert page.read_text(encoding="utf-8") == SCRIPT["describe"](name)


@pytest.mark.parametrize("name", NAMES)
def test_the_result_is_of_the_options_asked_about(name):
    asked, found = load_what_if(str(ROOT / "experiments" / "decision" / name / "options.yaml")), told(name)
    assert [one["option"] for one in found["options"]] == ["no programme", *(arm.label for arm in asked.arms)]
    assert found["about"]["replicates"] == asked.what_if.replicates
    assert found["about"]["title"] == asked.what_if.question


@pytest.mark.parametrize("name", NAMES)
def test_knowing_one_thing_is_worth_no_more_than_knowing_all(name):
    for decision in told(name)["decisions"]:
        assert all(one["value"]["value"] <= decision["perfect"]["value"] + 1.0 for one in decision["partial"])
        assert sum(one["probability"] for one in decision["options"]) == pytest.approx(1.0)
