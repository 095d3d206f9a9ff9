"""One table of outcomes, one of labels: everything that can be named in output has a label, and only one."""

import ast
from dataclasses import fields
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

import icpsim
from icpsim.data.published_effects import load_targets, target_sets
from icpsim.evaluation import features, outcomes
from icpsim.evaluation.outcomes import events_of
from icpsim.evaluation.types import Support
from icpsim.inference.mechanisms.statistics import SHORT
from icpsim.model.parameters import load_parameters
from icpsim.programme.targeting import CATALOGUE
from icpsim.questions.compare import counts, what_if
from icpsim.questions.compare.hospitals import HOSPITALS as COUNTED_IN_HOSPITALS
from icpsim.questions.england.national_totals import national_totals
from icpsim.questions.sensitivity.outcomes import UNITS
from icpsim.questions.validation.registry import read_registry
from icpsim.records.outcomes import BY_NAME, COMPARED, EVALUATED, OUTCOMES, SPELLS, WEEK_OF, Outcome, by_name
from icpsim.records.schema import CONDITIONS, GPRecords, HospitalRecords
from icpsim.report import words as labels
from icpsim.report.measures import HEADLINES as ARMS_TOLD_BY
from icpsim.report.words import UnnamedError, joined, label, parameter, words
from tests.evaluation.synthetic import make_records

ROOT = Path(icpsim.__file__).parent
MAY_TAKE_UNDERSCORES_OUT = {
    "report/words.py": "parameters' keys",
    "questions/compare/arms.py": "names of arms in JSON",
}


def named() -> list[str]:
    """Every name of one thing that some output shows."""
    return [
        *outcomes.OUTCOMES,
        *counts.MEASURES,
        *UNITS,
        *ARMS_TOLD_BY,
        *features.NAMES,
        *CONDITIONS,
        *(field.name for field in fields(Support)),
        "cases_unmatched",
        "gp_consultations",
        *(total.total for total in national_totals()),
        *(target.outcome for target in read_registry()),
    ]


@pytest.mark.parametrize("name", dict.fromkeys(named()))
def test_every_name_has_a_label(name):
    told = words(name)
    assert told.strip() == told != ""
    assert "_" not in told


@pytest.mark.parametrize(
    ("names", "table"),
    [
        (COUNTED_IN_HOSPITALS, labels.HOSPITALS),
        ([policy.policy for policy in CATALOGUE], labels.POLICIES),
        ([t.target.partition("_")[0] for s in target_sets() for t in load_targets(s)], labels.SITES),
        ([t.target.partition("_")[2] for s in target_sets() for t in load_targets(s)], labels.TARGETS),
        (SHORT.values(), labels.TARGETS),
    ],
)
def test_names_of_a_room_have_labels(names, table):
    assert [name for name in names if "_" in words(name, table)] == []


def test_events_of_a_life_have_labels():
    """Every kind of event that the trace writes with a table of records is counted under a label."""
    tree = ast.parse((ROOT / "questions" / "trace" / "events.py").read_text(encoding="utf-8"))
    told = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    kinds = {"gp_consultation", "need_contact", "contact_instead", "community_contact", "ae_attendance", "death",
             "emergency_admission", "elective_admission", "chemotherapy", "repeat_day_care", "day_case",
             "outpatient_first", "outpatient_follow_up", "cancer_clinic"}  # fmt: skip
    assert kinds <= told
    assert kinds == set(labels.EVENTS)


def test_a_name_without_a_label_is_never_printed():
    with pytest.raises(UnnamedError, match="'emergency_visits' has no label"):
        label("emergency_visits")
    with pytest.raises(UnnamedError):
        words("emergency_admissions", labels.HOSPITALS)


def test_only_parameters_lose_their_underscores():
    """Whoever takes underscores out of a name prints it whether or not it has a label."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("replace", "translate", "maketrans", "split")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value == "_"
        and (node.func.attr != "split" or len(node.args) == 1)
    }
    assert found == set(MAY_TAKE_UNDERSCORES_OUT)
    assert parameter("ae_share_gp") == "A&E share GP"


def test_an_outcome_has_one_label_wherever_it_is_shown():
    assert label("hospital_cost") == "hospital cost per patient"
    for table in (labels.LABELS, labels.TOTALS, labels.MEASURES):
        assert {name: table[name] for name in BY_NAME if name in table} == {
            name: one.label for name, one in BY_NAME.items() if name in table
        }
    with pytest.raises(ValueError, match="bed_days is called 'bed days' and 'nights in hospital'"):
        joined(labels.LABELS, {"bed_days": "nights in hospital"})


def test_no_outcome_is_left_out_anywhere():
    assert outcomes.OUTCOMES == EVALUATED
    assert counts.MEASURES == COMPARED == get_args(what_if.Outcome)
    assert {name for outcome in OUTCOMES for name in outcome.names} == set(BY_NAME)


def test_outcomes_that_contradict_each_other_are_refused():
    first = OUTCOMES[0]
    with pytest.raises(ValueError, match="two outcomes are named emergency_admissions"):
        by_name([first, Outcome("emergency_admissions", "another", SPELLS, None)])
    with pytest.raises(ValueError, match="both 'emergency admissions'"):
        by_name([first, Outcome("another", "emergency admissions", SPELLS, None)])
    with pytest.raises(ValueError, match="'' is no label"):
        Outcome("another", "", SPELLS, None)
    with pytest.raises(ValueError, match="'bed_days' is no label"):
        Outcome("another", "bed_days", SPELLS, None)


def test_tables_of_outcomes_are_tables_of_records():
    known = {field.name for records in (HospitalRecords, GPRecords) for field in fields(records)}
    assert {table for outcome in OUTCOMES for table in outcome.tables} == set(WEEK_OF)
    assert set(WEEK_OF) <= known


def test_one_line_makes_an_outcome_that_is_counted():
    long = Outcome("long_stays", "stays of a week or more", SPELLS, lambda spells: spells["nights"] >= 7)
    small_records = make_records(np.random.default_rng(3), n_pilot=400, n_outside=800, n_cases=40)
    ((person, week, amount),) = events_of(long, small_records, load_parameters().prices)
    spells = small_records.spells
    assert amount.sum() == np.count_nonzero(spells["nights"] >= 7) > 0
    assert np.array_equal(person, spells["person"])
    assert np.array_equal(week, spells["admitted"])
