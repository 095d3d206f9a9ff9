"""Totals and journal agree, row by row; people are conserved; nothing happens to those who cannot have it."""

import numpy as np
import pytest
from scipy import stats

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.care.weekly_rates import BAND_ENDS
from icpsim.data.national_tables import people_by_age
from icpsim.data.natural_history_targets import target_rows
from icpsim.data.tables import AGE_BANDS
from icpsim.evaluation.costs import CareClass, care_classes
from icpsim.model.parameters import load_parameters
from icpsim.model.region import Region, Span
from icpsim.population.practice_lists import ELSEWHERE, control_practices, origin_of
from icpsim.records.journal import Journal
from icpsim.records.schema import NEVER, Method
from tests.small_world import ALPHA, simulated, small_scenario

WEEKS = 150
WHEN = {"spells": "admitted", "outpatient": "week", "ae": "week", "deaths": "week"}


@pytest.fixture(scope="module")
def without_effects():
    """Without effects every contact of a pilot patient is a consultation that the practice counts."""
    return simulated(small_scenario(effects=False, capacity_feedback=True))


@pytest.fixture(scope="module")
def all_ages():
    """Two practices of people of every age, births included, and no programme."""
    p = load_parameters()
    region = Region(control_practices(6000, 0, origin_of(3, 0), 3000, p.population), Span(WEEKS, 0.0, WEEKS), p)
    region.live(region.everyone(), 0, WEEKS)
    return region


@pytest.fixture(params=["run", "feedback", "without effects", "all ages"])
def region(request, tiny, tiny_with_feedback, without_effects, all_ages):
    worlds = {
        "run": tiny.region,
        "feedback": tiny_with_feedback.region,
        "without effects": without_effects.region,
        "all ages": all_ages,
    }
    return worlds[request.param]


def by_week(provider: np.ndarray, week: np.ndarray, like: np.ndarray, weights=None) -> np.ndarray:
    """Rows per provider and week, in the shape of the totals."""
    total = np.zeros(like.shape, np.int64)
    np.add.at(total, (provider, week), 1 if weights is None else weights)
    return total


def hospital_of(region: Region, person: np.ndarray) -> np.ndarray:
    """Return the hospital that a person's practice refers to."""
    return region.practice_table()["hospital"][region.people["practice"][person]]


@pytest.mark.parametrize("method", [Method.EMERGENCY, Method.ELECTIVE])
def test_hospital_totals_of_spells_are_the_journals_rows(region, method):
    spells = region.hospital_records().spells
    spells = spells[spells["method"] == method]
    total = region.hospital_weeks[method.name.lower()]
    assert np.array_equal(by_week(spells["provider"], spells["admitted"], total), total)


@pytest.mark.parametrize("name", ["outpatient", "ae"])
def test_hospital_totals_of_visits_are_the_journals_rows(region, name):
    table = getattr(region.hospital_records(), name)
    total = region.hospital_weeks[name]
    assert np.array_equal(by_week(hospital_of(region, table["person"]), table["week"], total), total)


def test_spells_are_at_the_hospital_of_the_persons_practice(region):
    spells = region.hospital_records().spells
    assert np.array_equal(spells["provider"], hospital_of(region, spells["person"]))


def test_bed_nights_are_the_spells_nights_spread_over_the_weeks(region):
    """Nights beyond the end of the study are cut, in the totals as here."""
    spells = region.hospital_records().spells
    total = region.hospital_weeks["bed_nights"]
    expected = np.zeros(total.shape, np.int64)
    for later in range(int(spells["nights"].max()) // 7 + 1):
        nights = np.clip(spells["nights"].astype(int) - 7 * later, 0, 7)
        week = spells["admitted"].astype(int) + later
        inside = week < region.span.weeks
        np.add.at(expected, (spells["provider"][inside], week[inside]), nights[inside])
    assert np.array_equal(expected, total)


def test_delayed_nights_are_no_more_than_nights(region):
    spells = region.hospital_records().spells
    nights = by_week(spells["provider"], spells["admitted"], region.hospital_weeks["emergency"], spells["nights"])
    assert (region.hospital_weeks["delayed_nights"] <= nights).all()


def test_practice_totals_of_referrals_are_first_appointments(region):
    first = region.hospital_records().outpatient
    first = first[first["first"] == 1]
    total = region.practice_weeks["referred"]
    assert np.array_equal(by_week(region.people["practice"][first["person"]], first["week"], total), total)


def test_without_effects_contacts_are_the_consultations_given(without_effects):
    region = without_effects.region
    contacts = region.gp_records().contacts
    pilots = np.flatnonzero(region.practice_table()["site"] >= 0)
    total = region.practice_weeks["given"]
    counted = by_week(region.people["practice"][contacts["person"]], contacts["week"], total)
    assert total[pilots].sum() > 1000
    assert np.array_equal(counted[pilots], total[pilots])
    assert counted.sum() == counted[pilots].sum()


def test_consultations_given_are_no_more_than_wanted(region):
    weeks = region.practice_weeks
    assert (weeks["given"] <= weeks["wanted"]).all()


def test_admissions_through_ae_have_a_spell_in_the_same_week(region):
    records = region.hospital_records()
    through = records.ae[records.ae["admitted"] == 1]
    emergency = records.spells[records.spells["method"] == Method.EMERGENCY]
    admitted = set(zip(emergency["person"].tolist(), emergency["admitted"].tolist(), strict=True))
    assert set(zip(through["person"].tolist(), through["week"].tolist(), strict=True)) <= admitted


def test_people_are_conserved(region):
    people, end = region.people, region.span.weeks
    unborn, dead = people["birth_week"] >= end, people["death_week"] < end
    alive = (people["birth_week"] < end) & (people["death_week"] >= end)
    assert unborn.sum() + dead.sum() + alive.sum() == len(people) == region.practice_start[-1]
    assert not (unborn & dead).any()


def test_deaths_are_those_of_the_death_week_column(region):
    deaths = region.hospital_records().deaths
    died = np.flatnonzero(region.people["death_week"] < region.span.weeks)
    assert len(died) > 5
    assert deaths["person"].tolist() == died.tolist()
    assert deaths["week"].tolist() == region.people["death_week"][died].tolist()
    assert deaths["week"].min() >= 0


@pytest.mark.parametrize("name", WHEN)
def test_nothing_happens_before_birth_after_death_or_outside_the_study(region, name):
    table = getattr(region.hospital_records(), name)
    person, week = table["person"], table[WHEN[name]]
    assert week.min() >= 0
    assert week.max() < region.span.weeks
    assert (week >= region.people["birth_week"][person]).all()
    last = region.people["death_week"][person]
    assert ((week <= last) if name == "deaths" else (week < last)).all()


@pytest.mark.parametrize("name", ["spells", "outpatient", "ae"])
def test_nothing_happens_during_a_stay_after_the_week_of_admission(region, name):
    records = region.hospital_records()
    spells = records.spells[records.spells["nights"] >= 14]
    table = getattr(records, name)
    assert len(spells) > 20
    start = np.searchsorted(table["person"], spells["person"], "left")
    end = np.searchsorted(table["person"], spells["person"], "right")
    inside = 0
    for spell, a, b in zip(spells, start, end, strict=True):
        week = table[WHEN[name]][a:b].astype(int)
        inside += ((week > spell["admitted"]) & (week < spell["admitted"] + spell["nights"] // 7)).sum()
    assert inside == 0


def test_nobody_is_in_a_bed_after_the_week_of_death(region):
    spells = region.hospital_records().spells
    nights_left = 7 * (region.people["death_week"][spells["person"]].astype(int) + 1 - spells["admitted"])
    assert (spells["nights"] <= nights_left).all()


def test_no_stay_begins_within_another(region):
    """Of two stays that touch, the second begins in the week in which the first ends, at the soonest."""
    spells = region.hospital_records().spells
    spells = spells[np.lexsort((spells["nights"], spells["admitted"], spells["person"]))]
    same = spells["person"][1:] == spells["person"][:-1]
    ends = spells["admitted"].astype(int) + spells["nights"] // 7
    assert same.sum() > 1000
    assert (spells["admitted"][1:][same] >= ends[:-1][same]).all()


@pytest.mark.parametrize("kind", CareClass)
def test_the_average_spell_of_a_class_costs_its_tariff(region, kind):
    """Casemix is relative to the class's average, an emergency's to that of its age too.

    False-alarm rate 1 in 10,000 a class and world.
    """
    spells = region.hospital_records().spells
    casemix = spells["casemix"].astype(float)
    if kind == CareClass.EMERGENCY:
        age = (spells["admitted"] - region.people["birth_week"][spells["person"]]) / WEEKS_PER_YEAR
        of_age = np.asarray(load_parameters().emergency.casemix_age)
        casemix /= of_age[np.searchsorted(BAND_ENDS, age, side="right")]
    casemix = casemix[care_classes(spells) == kind]
    if len(casemix) < 300:
        pytest.skip(f"only {len(casemix)} spells")
    allowed = stats.norm.isf(ALPHA / 2) * casemix.std() / np.sqrt(len(casemix))
    assert abs(casemix.mean() - 1) <= allowed


def test_the_average_emergency_in_england_costs_the_tariff():
    """By the targets' admissions at each age, which are rounded: within 1%."""
    target = {row["target"]: (float(row["low"]) + float(row["high"])) / 2 for row in target_rows()}
    people = people_by_age().sum(axis=1)
    admissions = [
        people[int(low) : int(high)].sum() * target[f"emergency_{band}"]
        for band, low, high in zip(AGE_BANDS, [0, *BAND_ENDS], [*BAND_ENDS, len(people)], strict=True)
    ]
    of_age = np.asarray(load_parameters().emergency.casemix_age)
    assert np.average(of_age, weights=admissions) == pytest.approx(1, abs=0.01)


def test_the_register_ends_with_death_and_begins_with_birth(region):
    register, people = region.registrations(), region.people
    died = people["death_week"] < region.span.weeks
    assert np.array_equal(register["to_week"][died], people["death_week"][died])
    assert (register["to_week"][~died] == NEVER).all()
    assert np.array_equal(register["from_week"], np.maximum(people["birth_week"], 0))


def test_children_are_born_throughout_a_study_of_all_ages(all_ages):
    births = all_ages.people["birth_week"][all_ages.people["birth_week"] >= 0]
    expected = 2 * int(3000 * load_parameters().population.births_per_person_year * WEEKS / 52.18)
    # Besides them, people in their first week of life at week 0: some 1.4 are expected, 13 once in 10^8 seeds.
    assert expected <= len(births) <= expected + 12
    assert np.ptp(np.histogram(births, 5, (0, WEEKS))[0]) <= 4


def test_records_are_in_order_of_person_and_of_time(region):
    for name, when in WHEN.items():
        table = getattr(region.hospital_records(), name)
        assert (np.diff(table["person"]) >= 0).all()
        same = table["person"][1:] == table["person"][:-1]
        assert (np.diff(table[when].astype(int))[same] >= 0).all()


def test_open_records_hold_the_same_rows(tiny):
    ordered, open_ = tiny.region.hospital_records(), tiny.region.open_records()
    for name in WHEN:
        assert sorted(getattr(open_, name).tolist()) == sorted(getattr(ordered, name).tolist())


def test_practices_outside_the_pilots_have_no_contacts_written(tiny_with_feedback):
    region = tiny_with_feedback.region
    outside = np.flatnonzero(region.practice_table()["site"] == ELSEWHERE)
    person = region.gp_records().contacts["person"]
    assert not np.isin(region.people["practice"][person], outside).any()
    assert region.practice_weeks["given"][outside].sum() > 1000


def test_a_full_journal_grows_and_loses_nothing(monkeypatch):
    p = load_parameters()
    chosen = control_practices(1500, 0, origin_of(3, 0), 1500, p.population)
    worlds = []
    for rate in (None, 0.0):
        if rate is not None:
            monkeypatch.setattr("icpsim.records.journal._PER_PERSON_YEAR", (rate,) * 5)
        region = Region(chosen, Span(80, 0.0, 80), p)
        region.live(region.everyone(), 0, 80)
        worlds.append(region)
    small = Journal(10, 80)
    assert len(small._tables[1]) == 1024 < len(worlds[1].hospital_records().outpatient)
    for name in WHEN:
        assert getattr(worlds[0].hospital_records(), name).tolist() == (
            getattr(worlds[1].hospital_records(), name).tolist()
        )


def test_rates_of_asks_without_changing_anybody(tiny):
    people = tiny.region.people.copy()
    rates = tiny.region.rates_of(people, 155)
    assert people.tobytes() == tiny.region.people.tobytes()
    assert ((rates["emergency"] > 0) & (rates["emergency"] < 1)).all()
