"""The country: the same bytes however it is run, its people add up, its tallies agree with the hospitals' own."""

import dataclasses

import numpy as np
import pytest

from icpsim.model.region import Region, Span
from icpsim.questions.england.areas import make_areas, make_practices, sample
from icpsim.questions.england.country import chosen_areas, run_england, simulate_area
from icpsim.questions.england.parameters import england_parameters
from icpsim.questions.england.request import parameters_of
from icpsim.questions.england.show_table import as_object
from icpsim.questions.england.tally import tally
from tests.questions.england.conftest import SMALL, small_request

STOCKS = ("people_at_start", "people_at_end", "people_65_over")


@pytest.fixture(scope="module")
def lived():
    """Return one area's region after 20 weeks, lived outside the country's own code."""
    p = parameters_of(SMALL)
    area = make_areas(1, england_parameters(p.tables))[0]
    region = Region(make_practices(area, 1, p.population), Span(20, 0.0, 20), p, everyone_consults=True)
    region.live(region.everyone(), 0, 20)
    return region, p


def test_two_workers_give_the_bytes_of_one(whole):
    assert repr(as_object(run_england(small_request(), workers=2)[0])) == repr(as_object(whole))


def test_another_seed_gives_another_country(whole):
    assert run_england(small_request(seed=2))[0].totals != whole.totals


def test_an_area_alone_is_the_area_in_the_country(whole):
    """Areas come out in order; each row of the country is what the area gives alone."""
    request = small_request()
    for area in make_areas(request.seed, england_parameters(parameters_of(SMALL).tables))[::-1]:
        alone = simulate_area(request, area)
        (row,) = (row for row in whole.by_area if row.area == area.name.rpartition("/")[2])
        years = alone.by_practice["person_weeks"].sum() / 52.18
        assert row.emergency_rate == alone.by_practice["emergency_admissions"].sum() / years
        assert (row.people, row.people_simulated) == (area.people, alone.lists.sum())


def test_a_sampled_practice_lives_as_it_does_in_the_whole_area():
    request = small_request(share=0.6)
    for area in chosen_areas(request):
        full, part = simulate_area(small_request(), area), simulate_area(request, area)
        taken = sample(area, full.practices, request.share)
        assert part.by_practice.tobytes() == full.by_practice[taken].tobytes()


def test_people_add_up(whole):
    a = whole.accounts
    assert a["people_at_start"] + a["births"] - a["deaths"] == a["people_at_end"]
    assert min(a.values()) > 0
    assert whole.people == whole.people_simulated == 30_000
    assert sum(row.people for row in whole.by_area) == 30_000


def test_tallies_are_those_of_the_hospitals(lived):
    region, p = lived
    for window in ((0, 20), (8, 20), (5, 6)):
        counted = tally(region, window, p.prices)
        weeks = region.hospital_weeks[:, window[0] : window[1]]
        missed = counted["outpatient_not_attended"].sum()
        assert counted["emergency_admissions"].sum() == weeks["emergency"].sum()
        assert counted["elective_admissions"].sum() == weeks["elective"].sum()
        assert counted["ae_attendances"].sum() == weeks["ae"].sum()
        assert counted["outpatient_attendances"].sum() + missed == weeks["outpatient"].sum()
        assert counted["bed_days"].sum() == weeks["bed_nights"].sum()


def test_tallies_agree_with_the_records_one_by_one(lived):
    """An oracle in numpy over the finished records: by practice, in weeks 8 to 19."""
    region, p = lived
    records = region.hospital_records()
    counted = tally(region, (8, 20), p.prices)
    practice = records.registrations["practice"]

    def by_practice(person, chosen):
        return np.bincount(practice[person[chosen]], minlength=len(region.practices))

    spells = records.spells
    now = spells["admitted"] >= 8
    old = (spells["admitted"] - records.registrations["birth_week"][spells["person"]]) / 52.18 >= 65
    emergency = now & (spells["method"] == 0)
    expected = {
        "emergency_admissions": by_practice(spells["person"], emergency),
        "emergency_admissions_65_over": by_practice(spells["person"], emergency & old),
        "sensitive_admissions": by_practice(spells["person"], emergency & (spells["diagnosis"] == 1)),
        "day_cases": by_practice(spells["person"], now & (spells["patient_class"] == 1)),
        "chemotherapy": by_practice(spells["person"], now & (spells["method"] == 1) & (spells["diagnosis"] == 3)),
        "ae_admitted": by_practice(
            records.ae["person"], (records.ae["week"] >= 8) & (records.ae["admitted"] == 1)
        ),
        "deaths": by_practice(records.deaths["person"], records.deaths["week"] >= 8),
    }
    assert {name: counted[name].tolist() for name in expected} == {n: x.tolist() for n, x in expected.items()}


def test_windows_next_to_each_other_add_up(lived):
    region, p = lived
    first, second, both = (tally(region, window, p.prices) for window in ((0, 7), (7, 20), (0, 20)))
    for name in both.dtype.names:
        if name not in STOCKS:  # sums of whole millionths of a pound are exact, so this holds of costs too
            assert np.array_equal(first[name] + second[name], both[name]), name
    assert np.array_equal(first["people_at_end"], second["people_at_start"])


def test_consultations_are_those_of_the_practices(lived):
    region, p = lived
    given = region.practice_weeks["given"][:, 8:].sum(axis=1)
    assert np.array_equal(tally(region, (8, 20), p.prices)["consultations"], given)
    assert given.min() > 0


def test_weeks_of_the_country_are_its_total(whole):
    total = {row.target.total: row.simulated for row in whole.totals}
    yearly = 52.18 / whole.weeks
    assert sum(week.emergency_admissions for week in whole.by_week) * yearly == pytest.approx(
        total["emergency_admissions"], rel=1e-12
    )
    assert sum(week.beds_occupied for week in whole.by_week) * 7 * yearly == pytest.approx(
        total["bed_days"], rel=1e-12
    )
    assert [week.week for week in whole.by_week] == list(range(whole.weeks))


def test_progress_ends_with_everyone():
    seen = []
    run_england(small_request(), progress=lambda done, total, what: seen.append((done, total)))
    assert seen[0] == (0, 30_000)
    assert seen[-1] == (30_000, 30_000)


def test_a_request_can_be_sent_to_a_worker():
    assert dataclasses.replace(small_request()) == small_request()
    assert hash(small_request()) == hash(small_request())
