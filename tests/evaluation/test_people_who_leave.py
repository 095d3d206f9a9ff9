"""Where a programme does nothing, no design finds an effect when people join and leave practices."""

import dataclasses
import math

import numpy as np
import pytest

from icpsim.evaluation.designs import DESIGNS
from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.late_enrolled import late_enrolled_rows
from icpsim.evaluation.observation import LeftOut
from icpsim.evaluation.pool_cache import PoolMemory
from icpsim.evaluation.subgroups import counted_study, group_statistics, matched_study
from icpsim.evaluation.types import EvaluationDesign
from icpsim.records.schema import DEATH

from .steady_extract import INDEX_WEEKS, OPTIONS, PILOTS, START, WINDOW, identified, moved, steady
from .synthetic import PRICES

DESIGN = EvaluationDesign(window_weeks=WINDOW, screen_share=1.0)
SITES = np.array([0, 1])
LEAVING, JOINING = (START - 30, START + 1, START + WINDOW - 1), (START - 90, START - 10)
MOVES = [{"leave": week} for week in LEAVING] + [{"join": week} for week in JOINING]
KINDS, WHOSE = ("practice", "national"), ("cases", "controls", "both", "three pilots", "first enrolled")


@pytest.fixture(scope="module")
def records():
    return steady()


def some_of(records, whose, places=(1, 3)):
    """Return these of every four people (two well, two ill) on pilots' lists, on others, on both, or of cases.

    Three pilots are one arm of a trial by practice; all who are enrolled first are in one arm of one by person.
    """
    practice, who = records.registrations["practice"], np.arange(records.registrations.size)
    of = {
        "cases": practice < PILOTS,
        "controls": practice >= PILOTS,
        "both": practice >= 0,
        "three pilots": practice < PILOTS // 2,
        "first enrolled": np.isin(who, records.enrolments["person"][records.enrolments["week"] == START]),
    }[whose]
    return np.flatnonzero(of & np.isin(who % 4, places))


def estimates(design, records):
    """Yield each number that a design finds, with what it is of."""
    if DESIGNS[design].trial != "none":
        records = identified(records, DESIGNS[design].trial)
    for row in DESIGNS[design].estimate(records, OPTIONS, PRICES):
        yield (row.outcome, row.variant), row.estimate


def statistics(records):
    """Yield each number of groups of sites that says whether cases changed as their controls did."""
    found = group_statistics(matched_study(records, DESIGN, PRICES), SITES)
    yield from ((name, x) for name, x in found.items() if name not in ("cohort_cost", "untreated_cost"))


def of_late_enrolled(records):
    """Yield the same with controls who are enrolled later."""
    memory = PoolMemory()
    matched_study(records, DESIGN, PRICES, memory)
    found = counted_study(*late_enrolled_rows(records, DESIGN, PRICES, memory.model), DESIGN, PRICES)
    yield from ((name, group_statistics(found, SITES)[name]) for name in ("emergency_admissions", "trend"))


def none_is_moved(found):
    """Assert that there are numbers and that all are nought: to 1e-6, which is 0.0001% or 0.0001 pence."""
    known = [(what, x) for what, x in found if math.isfinite(x)]
    assert known
    assert [(what, x) for what, x in known if abs(x) > 1e-6] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("whose", WHOSE)
@pytest.mark.parametrize("design", DESIGNS)
def test_nobody_who_leaves_counts_as_using_nothing(records, design, whose, kind):
    for move in MOVES:
        none_is_moved(estimates(design, moved(records, some_of(records, whose), kind, **move)))


@pytest.mark.parametrize("design", [name for name, design in DESIGNS.items() if design.trial == "none"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_effect_is_found_where_only_the_ill_leave(records, design, kind):
    """Trials are not asked: when the ill leave one arm alone, arms are unlike, however people are counted."""
    for move in ({"leave": START + 12}, {"join": START - 10}):
        there = moved(records, some_of(records, "cases", places=(3,)), kind, **move)
        found = estimates(design, there)
        if design == "synthetic_control":
            found = [(what, x) for what, x in found if what[1] == "less the gap before"]
        none_is_moved(found)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("whose", WHOSE)
@pytest.mark.parametrize("told", [statistics, of_late_enrolled])
def test_groups_and_late_enrolled_controls_are_not_moved_either(records, told, whose, kind):
    for move in MOVES:
        there = moved(records, some_of(records, whose), kind, **move)
        try:
            none_is_moved(told(there))
        except EvaluationError as error:
            assert told is of_late_enrolled and "nobody is enrolled" in str(error)


def test_those_left_out_are_counted_by_reason(records):
    """Of 24 cases in each index week half leave in the first's week 1: those of later weeks were gone by then."""
    found = evaluate(moved(records, some_of(records, "both"), "practice", leave=START + 1), DESIGN, PRICES)
    assert found.cases == 36
    assert found.cases_left_out == LeftOut(not_registered=24, left_early=12)
    assert found.controls_left_out == LeftOut(left_early=240)
    joined = evaluate(moved(records, some_of(records, "both"), "practice", join=START - 10), DESIGN, PRICES)
    assert (joined.cases_left_out, joined.controls_left_out) == (LeftOut(joined_late=36), LeftOut(joined_late=240))
    national = evaluate(moved(records, some_of(records, "both"), "national", leave=START + 1), DESIGN, PRICES)
    assert (national.cases_left_out, national.controls_left_out) == (LeftOut(not_registered=24), LeftOut())


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_says_how_many_it_leaves_out(records, design):
    there = moved(records, some_of(records, "both"), "practice", leave=START + 12)
    if DESIGNS[design].trial != "none":
        there = identified(there, DESIGNS[design].trial)
    row = DESIGNS[design].estimate(there, OPTIONS, PRICES)[0]
    assert row.cases > 0 and row.cases_left_out.left_early > 0
    if DESIGNS[design].estimand == "cases":
        assert row.cases_left_out == LeftOut(not_registered=12, left_early=24)
    if design != "before_after":
        assert row.controls_left_out.left_early > 0


def test_cases_are_left_out_for_age_and_for_the_records_ends(records):
    people, enrolled = records.registrations.copy(), records.enrolments.copy()
    people["birth_week"][enrolled["person"][0]] = START - 49 * 52
    enrolled["week"][1], enrolled["week"][2] = WINDOW - 1, records.weeks - WINDOW + 1
    found = evaluate(dataclasses.replace(records, registrations=people, enrolments=enrolled), DESIGN, PRICES)
    assert found.cases_left_out == LeftOut(too_young=1, records_short=2)


@pytest.mark.parametrize("kind", KINDS)
def test_death_ends_no_window(records, kind):
    """Cases who die in the window after count, and use nothing from then on: half the use of half of them."""
    dead = some_of(records, "cases")
    there = moved(records, dead, "practice", leave=START + WINDOW // 2)
    deaths = np.zeros(dead.size, DEATH)
    deaths["person"], deaths["week"] = dead, START + WINDOW // 2
    early = there.enrolments[there.enrolments["week"] == INDEX_WEEKS[0]]
    found = evaluate(dataclasses.replace(there, deaths=deaths, enrolments=early, extract=kind), DESIGN, PRICES)
    assert (found.cases, found.cases_left_out, found.deaths_cases) == (24, LeftOut(), 0.5)
    assert found.effect("emergency_admissions").estimate == pytest.approx(np.log(0.75))


def test_a_wrong_kind_of_extract_is_warned_of(records):
    who = some_of(records, "controls")
    gone = moved(records, who, "practice", leave=START + 12)
    stays = moved(records, who, "national", leave=START + 12)
    for there, said in (
        (gone, None),
        (stays, None),
        (dataclasses.replace(gone, extract="national"), "say that this is a practice extract"),
        (dataclasses.replace(stays, extract="practice"), "say that this is a national extract"),
    ):
        warnings = [text for text in evaluate(there, DESIGN, PRICES).warnings if "joined or left" in text]
        assert len(warnings) == (said is not None)
        assert all(said in text and "240 people" in text for text in warnings)


def test_another_kind_of_extract_is_refused(records):
    with pytest.raises(ValueError, match="extract must be practice or national, not county"):
        dataclasses.replace(records, extract="county")
