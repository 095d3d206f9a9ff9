"""Yearly rates by age from a handful of records."""

import numpy as np
import pytest

from icpsim.inference.natural_history.levels import course, rates
from icpsim.records.schema import (
    AE,
    DEATH,
    NEVER,
    OUTPATIENT,
    PRACTICE,
    REGISTRATION,
    SPELL,
    Diagnosis,
    HospitalRecords,
    Method,
)

YEAR = 52.18


def spells(*rows):
    """Make spells of (person, week admitted, nights, emergency)."""
    table = np.zeros(len(rows), SPELL)
    for row, (person, week, nights, emergency) in zip(table, rows, strict=True):
        row["person"], row["admitted"], row["nights"] = person, week, nights
        row["method"] = Method.EMERGENCY if emergency else Method.ELECTIVE
    return table


def records(births, deaths=(), spell_rows=(), visits=(), ae=(), weeks=300):
    """Make records of people born in these weeks; ``deaths`` and ``ae`` are (person, week)."""
    people = np.zeros(len(births), REGISTRATION)
    people["birth_week"], people["to_week"] = births, NEVER
    people["from_week"] = np.maximum(births, 0)
    for person, week in deaths:
        people["to_week"][person] = week
    return HospitalRecords(
        weeks=weeks,
        registrations=people,
        practices=np.zeros(1, PRACTICE),
        spells=spells(*spell_rows),
        outpatient=np.array([(*visit[:2], 0, visit[2]) for visit in visits], OUTPATIENT),
        ae=np.array([(*visit, 0, 0) for visit in ae], AE),
        deaths=np.array(list(deaths), DEATH),
    )


THREE = records(
    births=[-2609, -522, 50],
    deaths=[(0, 40)],
    spell_rows=[(0, 5, 1, True), (0, 30, 1, False), (1, 10, 0, True), (1, 60, 0, True), (2, 55, 2, True)],
    visits=[(1, 3, 1), (1, 4, 0), (2, 70, 1)],
    ae=[(2, 51), (2, 99)],
)
BANDS = ((0, 5), (5, 40), (40, 130))


def in_bands(by_year_of_age):
    """Add years of age up into three bands."""
    return [by_year_of_age[low:high].sum() for low, high in BANDS]


def test_person_years_are_weeks_registered_at_each_age():
    """Aged 50 for 40 weeks until death, aged 10 for 104 weeks, born in week 50 and under 5 for 54 weeks."""
    found = rates.person_years(THREE, (0, 104))
    assert found.shape == (130,)
    assert in_bands(found) == pytest.approx(np.array([54, 104, 40]) / YEAR)
    assert found[0] == pytest.approx(53 / YEAR)


def test_events_are_counted_at_the_age_at_the_event_within_the_weeks():
    emergency = rates.emergency(THREE)
    found = rates.events_by_age(THREE, emergency["person"], emergency["admitted"], (0, 60))
    assert np.flatnonzero(found).tolist() == [0, 10, 50]
    assert in_bands(found) == [1, 1, 1]


def test_nobody_is_too_old_to_count():
    old = records([-7000], ae=[(0, 5)])
    assert rates.events(old, "ae", (0, 60))[129] == 1
    assert rates.person_years(old, (0, 10))[129] == pytest.approx(10 / YEAR)


@pytest.mark.parametrize(
    ("kind", "events"),
    [
        ("emergency", [1, 2, 1]),
        ("elective", [0, 0, 1]),
        ("outpatient", [1, 1, 0]),
        ("ae", [2, 0, 0]),
        ("deaths", [0, 0, 1]),
    ],
)
def test_rates_are_events_over_person_years(kind, events):
    found, years = rates.events(THREE, kind, (0, 104)), rates.person_years(THREE, (0, 104))
    by_band = [rates.rate(found, years, ages) for ages in BANDS]
    assert by_band == pytest.approx(np.array(events) / (np.array([54, 104, 40]) / YEAR))


def test_a_rate_of_an_age_that_nobody_had_is_not_a_number():
    assert np.isnan(
        rates.rate(rates.events(THREE, "ae", (0, 104)), rates.person_years(THREE, (0, 104)), (90, 130))
    )


def test_admissions_per_person_counts_emergencies_of_the_weeks():
    assert course.admissions_per_person(THREE, (0, 60)).tolist() == [1, 1, 1]
    assert course.admissions_per_person(THREE, (0, 61)).tolist() == [1, 2, 1]


def test_regression_to_the_mean_by_hand():
    """Over 65: two and one admissions in the year, so 2 of 3 belong to people with two or more; then 1 of 4.

    Two years on, 2 of 3: whoever turns 65 by then counts in the whole, never among those with two or more.
    """
    rows = [(0, 0, 0, True), (0, 9, 0, True), (1, 20, 0, True), (0, 60, 0, True)]
    rows += [(1, 70, 0, True), (1, 71, 0, True), (1, 72, 0, True), (2, 1, 0, True), (2, 2, 0, True)]
    rows += [(0, 104, 0, True), (0, 110, 0, True), (3, 108, 0, True), (3, 2, 0, True), (3, 3, 0, True)]
    found = course.regression_to_the_mean(records([-3600, -3600, -500, -3300], spell_rows=rows), 0, (0, 1, 2))
    assert found == pytest.approx((2 / 3, 1 / 4, 2 / 3))


def test_sensitive_share_by_hand():
    made = records([-3000], spell_rows=[(0, 1, 0, True)] * 4 + [(0, 2, 0, False)])
    made.spells["diagnosis"][[0, 4]] = Diagnosis.AMBULATORY_CARE_SENSITIVE
    assert course.sensitive_share(made) == 0.25


def test_last_year_of_life_by_hand():
    """Three admissions in the 52 weeks before death in week 200; of weeks 182-233, one of two is among them."""
    rows = [(0, week, 0, True) for week in (140, 148, 180, 200)] + [(1, 150, 0, True), (1, 190, 0, True)]
    made = records([-3000, -3000], deaths=[(0, 200)], spell_rows=rows, weeks=286)
    per_decedent, share = course.last_year_of_life(made, (130, 286))
    assert per_decedent == 3.0
    assert share == 0.5


def test_dispersion_is_the_moment_estimate():
    """Four adults with 0, 0, 1 and 3 admissions: mean 1, variance 1.5, k = 1 / 0.5; children do not count."""
    rows = [(2, 5, 0, True)] + [(3, week, 0, True) for week in (6, 7, 8)] + [(4, 9, 0, True)]
    assert course.dispersion(records([-3000, -3000, -3000, -3000, -100], spell_rows=rows), 0) == pytest.approx(2.0)


def test_gini_of_all_alike_and_of_one_who_has_all():
    """Four adults with one admission each: 0; one of four with all: 3/4; children do not count."""
    alike = records([-3000] * 4 + [-100], spell_rows=[(k, 5, 0, True) for k in range(5)])
    one = records([-3000] * 4, spell_rows=[(2, k, 0, True) for k in range(3)])
    assert course.gini(alike, 0) == pytest.approx(0.0)
    assert course.gini(one, 0) == pytest.approx(0.75)
