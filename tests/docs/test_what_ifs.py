"""Every worked what-if has an answer, and its README and conclusion follow from the result that is kept."""

import importlib.util
import json
from pathlib import Path

import pytest

from icpsim.questions.compare.results import ComparedRow
from icpsim.questions.compare.show_sentences import conclusion
from icpsim.questions.compare.what_if import load_what_if, what_if_names

ROOT = Path(__file__).parents[2]
HERE = ROOT / "experiments" / "what-if"


def script():
    spec = importlib.util.spec_from_file_location("what_if", ROOT / "experiments" / "what_if.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(told, name):
    nan = float("nan")
    return [ComparedRow(**{k: nan if v is None else v for k, v in row.items()}) for row in told[name]]


def test_there_are_ten_or_more():
    assert len(what_if_names()) >= 10


@pytest.mark.parametrize("name", what_if_names())
def test_the_answer_follows_from_its_result(name):
    assert (HERE / name / "README.md").read_text(encoding="utf-8") == script().describe(name)
    told = json.loads((HERE / name / "result.json").read_text(encoding="utf-8"))
    follows = conclusion(rows(told, "headlines"), rows(told, "headlines_against_first"))
    assert told["conclusion"][: len(follows)] == follows
    assert len(told["conclusion"]) == len(follows) + len(told["hospitals"])
    asked = load_what_if(name)
    assert told["arms"] == [arm.label for arm in asked.arms]
    assert told["about"]["replicates"] == asked.what_if.replicates
    assert all(arm["unbalanced"] == 0 for arm in told["money"])


@pytest.mark.parametrize("name", what_if_names())
def test_drivers_sum_to_their_total(name):
    told = json.loads((HERE / name / "result.json").read_text(encoding="utf-8"))
    for change in told["drivers"]:
        total = sum(part["estimate"] for part in change["parts"])
        assert total == pytest.approx(change["total"]["estimate"], abs=1e-6)
