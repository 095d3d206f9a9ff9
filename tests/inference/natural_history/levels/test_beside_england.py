"""The model beside England: counted by hand from a few records, and alike where the model is England."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from icpsim.data.national_tables import BANDS, EVERYONE, FIFTHS, OLDEST, find, people_by_age
from icpsim.inference.natural_history.levels.beside_england import (
    FIVE_YEARS,
    MEASURES,
    beside_england,
    events,
    person_years,
)
from icpsim.inference.natural_history.levels.world import SETTLED, WEEKS, simulate_without_programme
from icpsim.model.parameters import load_parameters
from icpsim.records.schema import DEATH, NEVER, OUTPATIENT, PRACTICE, REGISTRATION, HospitalRecords
from tests.inference.natural_history.levels.test_rates import spells

YEAR = (0, 52)
MALE, FEMALE = 0, 1


def records(ages, sexes, fifths, deaths=(), spell_rows=(), visits=()):
    """Make records of people of these ages (years) at week 0; ``deaths`` and ``visits`` are (person, week)."""
    people = np.zeros(len(ages), REGISTRATION)
    people["birth_week"] = -np.ceil(np.asarray(ages) * 52.18) - 1
    people["sex"], people["imd"], people["to_week"] = sexes, fifths, NEVER
    return HospitalRecords(
        weeks=52,
        registrations=people,
        practices=np.zeros(1, PRACTICE),
        spells=spells(*spell_rows),
        outpatient=np.array([(*visit, 0, k % 2) for k, visit in enumerate(visits)], OUTPATIENT),
        ae=np.zeros(0),
        deaths=np.array(list(deaths), DEATH),
    )


FEW = records(
    ages=[70, 70, 50, 50, 20], sexes=[MALE, FEMALE, MALE, FEMALE, MALE], fifths=[1, 5, 5, 5, 3],
    deaths=[(0, 40)], visits=[(4, 2), (4, 3), (4, 60)],
    spell_rows=[(0, 3, 1, True), (2, 4, 1, True), (3, 5, 1, True), (2, 9, 0, False), (0, 60, 1, True)],
)  # fmt: skip


def test_people_and_events_are_counted_by_age_sex_and_fifth():
    years = person_years(FEW, YEAR)
    assert years.shape == (OLDEST, 2, 5)
    assert years.sum() == pytest.approx(5 * 52 / 52.18)
    assert years[50:52].sum(axis=0)[[MALE, FEMALE], 4] == pytest.approx([52 / 52.18] * 2)
    emergencies = events(FEW, "emergency", YEAR)
    assert np.argwhere(emergencies).tolist() == [[50, MALE, 4], [50, FEMALE, 4], [70, MALE, 0]]
    assert np.argwhere(events(FEW, "planned", YEAR)).tolist() == [[50, MALE, 4]]
    assert np.argwhere(events(FEW, "deaths", YEAR)).tolist() == [[70, MALE, 0]]


def test_appointments_count_whether_attended_or_not():
    assert events(FEW, "outpatient", YEAR).sum() == 2


def test_rows_of_the_model_by_hand():
    found = beside_england(FEW, YEAR)
    (aged,) = found.of("deaths", "age band", EVERYONE, (65, 75))
    assert aged.model == pytest.approx(1000 / (2 * 52 / 52.18))
    assert aged.england == find("deaths", "age band", ages=(65, 75)).value
    (aged,) = found.of("emergency", "age band", EVERYONE, (45, 65))
    assert aged.model == pytest.approx((2 / 2) / (3 / 5)), "relative to everybody's mean"
    most = next(row for row in found.of("emergency", "fifth", EVERYONE) if row.fifth == 5)
    assert most.model == pytest.approx(2 / (0 + 1 + 1)), "men and women of 50 have theirs, a woman of 70 none"
    men = next(row for row in found.of("emergency", "sex") if row.sex == "male")
    assert men.model == pytest.approx(2 / (0.5 + 1.0)), "half of one at 70, half of two at 50"
    least = next(row for row in found.of("emergency", "fifth", EVERYONE) if row.fifth == 2)
    assert np.isnan(least.model)


def test_planned_care_is_compared_of_men_because_england_counts_maternity():
    found = beside_england(FEW, YEAR)
    assert {row.sex for by in ("age", "age band", "fifth") for row in found.of("planned", by)} == {"male"}
    assert {row.ages[0] for row in found.of("planned", "sex and age band")} == {45, 65, 75, 85}
    assert found.of("planned", "sex") == []
    (aged,) = found.of("planned", "age band", "male", (45, 65))
    assert aged.model == pytest.approx((1 / 1) / (1 / 3)), "relative to all men"
    rows = found.of("planned", "age band", "male")
    men = [find("planned", "age band", ages=band, sex="male").denominator for band in BANDS]
    assert np.average([row.england for row in rows], weights=men) == pytest.approx(1.0, abs=1e-4)


def test_people_made_as_england_has_them_are_england_s():
    """One person for every two thousand of England's: shares agree to what rounding costs."""
    england = np.round(people_by_age() / 2000).astype(int)
    age, sex = np.indices(england.shape)
    many = england.ravel()
    ages, sexes = np.repeat(age.ravel() + 0.1, many), np.repeat(sex.ravel(), many)
    found = beside_england(records(ages, sexes, np.resize(FIFTHS, len(ages))), (0, 1))
    for by, groups in (("age", FIVE_YEARS), ("age band", BANDS)):
        rows = found.of("population", by, EVERYONE)
        assert [row.ages for row in rows] == list(groups)
        assert [row.model for row in rows] == pytest.approx([row.england for row in rows], rel=0.01)
    assert sum(row.england for row in found.of("population", "sex")) == pytest.approx(1.0)


def test_every_measure_has_every_kind_of_row():
    found = beside_england(FEW, YEAR)
    for measure in MEASURES:
        assert len(found.of(measure, "fifth", "male" if measure == "planned" else EVERYONE)) == 5
        assert len(found.of(measure, "age band", "male" if measure == "planned" else EVERYONE)) == 7
        assert len(found.of(measure, "fifth and age band", "male" if measure == "planned" else EVERYONE)) == 35


@pytest.mark.slow
def test_deaths_follow_england_s_by_sex_and_deprivation():
    """Six years of 20 practices, some 8,000 deaths: gradients within four standard errors of England's, off 1."""
    script = Path(__file__).parents[4] / "calibration" / "national" / "deaths_by_fifth.py"
    gradient = runpy.run_path(str(script))["gradient"]
    region = simulate_without_programme(load_parameters(), 31, 20, lambda *_: None)
    found = beside_england(region.hospital_records(), (SETTLED, WEEKS))
    rows = found.of("deaths", "fifth", EVERYONE)
    model, se = gradient(
        np.array([row.events for row in rows]), np.array([row.events / row.model for row in rows])
    )
    england, _ = gradient(*np.array([(row.england, 1.0) for row in rows]).T)
    assert abs(np.log(model / england)) < 4.0 * se < np.log(england)
    men, women = found.of("deaths", "sex")
    se = np.sqrt(1.0 / men.events + 1.0 / women.events)
    there = men.england / women.england
    assert abs(np.log(men.model / women.model / there)) < 4.0 * se < np.log(there)
