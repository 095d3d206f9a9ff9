"""Every number of the parameter tables does something: moved to its further end, some life or record changes.

Slow, because a world is lived for each row; test_parameters_read.py asks in a moment whether code reads it.
"""

from functools import cache

import numpy as np
import pytest

from icpsim.data.tables import load_tables
from icpsim.economics.accounts import keep_ledger
from icpsim.economics.activity import CLASSES, SERVICE_KINDS, STAFF_KINDS, Activity, Arm, Delivered
from icpsim.economics.break_even import admissions_avoided
from icpsim.economics.parameters import FIRST_PRICE_YEAR, PRICE_YEARS
from icpsim.economics.price_book import price_book
from icpsim.economics.views import compare
from icpsim.evaluation.outcomes import outcome_windows
from icpsim.model.parameters import load_parameters
from icpsim.model.region import Region, Span
from icpsim.population.practice_lists import control_practices, origin_of
from icpsim.programme.schema import TelephoneCoaching, VirtualWard
from icpsim.questions.england.answer import EnglandRequest
from icpsim.questions.england.areas import Area, make_areas
from icpsim.questions.england.country import simulate_area
from icpsim.questions.england.parameters import england_parameters
from icpsim.scenario.schema import Supply
from tests.small_world import CASE_MANAGERS, MEETINGS, SERVICES, column_bytes, simulated, small_scenario

pytestmark = pytest.mark.slow

WEEKS = 60
BY_PROGRAMME = ("mechanisms", "staffing", "capacity")
BY_MONEY = ("economics", "programme_costs", "price_years")
"""Tables that act on the ledger and on what is read from it, and on nobody's life."""
BY_PRACTICE = ("population.list_size_", "population.practices_per_hospital")
WHEN_SHORT = ("outpatient.gp_referral_share", "primary_care.refused_to_ae")
"""What happens only where appointments run short."""
OWN_STAFF = ("interventions.virtual_ward_round", "interventions.telephone_call", "staffing.training_hours_share")
"""Numbers that show only with staff of their own."""
MANY_IN_CARE_HOMES = {"population.care_home_share_65_74": 0.3, "population.care_home_share_75_84": 0.5}
ASSESSED = {
    "interventions.rapid_access_assessment_sensitive_emergencies": 0.5,
    "interventions.rapid_access_assessment_other_emergencies": 0.5,
}
"""Emergencies enough removed for it to show when that fades."""
FOUND_AND_TREATED = {
    "mechanisms.unmet_need_detection": 0.35,
    "cancer.chemotherapy_share": 1.0,
    "cancer.incidence_65_74": 0.02,
}
"""Need enough to be found, and chemotherapy enough not to be given."""
CHILDREN_DIE = {"deaths.base_rate_0_4": 0.03, "deaths.base_rate_5_14": 0.02}
"""Without which what divides the deaths of children divides none."""
RARE = (
    "cancer.incidence_",
    "onset.rate_",
    "population.care_home_share_15_44",
    "population.care_home_share_45_64",
    "deaths.base_rate_",
    "deaths.men_ratio_",
    "deaths.women_ratio_",
    "deaths.deprivation_ratio_",
    "repeat_day_care.incidence_",
    "emergency.men_ratio_5_14",
    "emergency.women_ratio_5_14",
    "mechanisms.continuity_loss",
    "interventions.discharge_planning_delays",
    "interventions.end_of_life_planning_sensitive_emergencies",
    "mechanisms.spillover_full_share",
    "interventions.care_home_alignment_",
    "interventions.disease_care_",
)
ROWS = [pytest.param(p, id=p.qualified) for p in load_tables().parameters.values() if p.table != "prevalence"]
"""The prevalence of a rare condition at an age may change nobody in a small world; test_parameters_read.py
follows those numbers to where people are made."""


def moved(row):
    """Return the end of the row's range further from its value; of what is rare, a hundred times the value.

    So too the share of a list at which list-wide effects are whole: small worlds enrol a far larger one.
    """
    if row.qualified == "repeat_day_care.incidence_0_4":
        return 0.1
    if row.qualified.startswith(RARE):
        return row.value * 100.0
    if row.name == "settle_from_week":  # its high end is the week at which providers are sized
        return row.low
    end = max((row.low, row.high), key=lambda x: abs(x - row.value))
    return end if end != row.value else row.value * 1.1 + 0.01


def region_bytes(region):
    records = region.hospital_records()
    tables = [getattr(records, name) for name in ("registrations", "spells", "outpatient", "ae", "deaths")]
    totals = [region.practice_weeks, region.hospital_weeks, region.gp_records().contacts]
    return b"".join(map(column_bytes, (region.people, *tables, *totals)))


@cache
def lived(name, value):
    """Return the bytes of people of every age, after a year and more without a programme."""
    parameters = load_parameters(CHILDREN_DIE | ({name: value} if name else {}))
    lists = control_practices(16_000, 0, origin_of(1, 0), None, parameters.population)
    region = Region(lists, Span(WEEKS, 0.0, WEEKS), parameters, everyone_consults=True)
    region.live(region.everyone(), 0, WEEKS)
    return region_bytes(region)


@cache
def with_programme(name, value):
    """Return the bytes of a small study with a programme, providers short of everything, and feedback."""
    scenario = small_scenario(
        interventions=(CASE_MANAGERS.model_copy(update={"case_managers": 20, "ramp_weeks": 0}), MEETINGS),
        quota=600,
        capacity_feedback=True,
        supply=Supply(beds=0.8, appointments=0.7, social_care=0.5),
        parameters=FOUND_AND_TREATED | ({name: value} if name else {}),
    )
    return region_bytes(simulated(scenario).region)


@cache
def with_services(name, value):
    """Return the bytes of pilots in which almost everyone over 50 is enrolled and gets every service."""
    scenario = small_scenario(
        interventions=(holder_for(name), *(s.model_copy(update={"hours_per_week": 5000.0}) for s in SERVICES)),
        policy="random_within_strata",
        quota=4500,
        parameters=MANY_IN_CARE_HOMES | ASSESSED | ({name: value} if name else {}),
    )
    population = scenario.population.model_copy(update={"practice_list_size": 5000, "control_pool_ratio": 0.0})
    return region_bytes(simulated(scenario.model_copy(update={"population": population})).region)


def holder_for(name):
    """Return who holds people: those whose contacts or hours the row is about, short of a full dose."""
    if name == "interventions.virtual_ward_round":
        return VirtualWard(kind="virtual_ward", ward_staff=9, rounds_per_week=1.0, ramp_weeks=0)
    if name == "interventions.telephone_call":
        return TelephoneCoaching(kind="telephone_coaching", ramp_weeks=0)
    if name == "staffing.training_hours_share":
        short = {"hours_per_week": 1.0, "turnover_per_year": 2.0, "replace_weeks": 4, "training_weeks": 12}
        return CASE_MANAGERS.model_copy(update={"case_managers": 20, "ramp_weeks": 0, **short})
    return CASE_MANAGERS.model_copy(update={"case_managers": 150, "ramp_weeks": 0})


@cache
def practices_made(name, value):
    """Return practices enough for some to have the smallest and the largest list."""
    population = load_parameters({name: value} if name else {}).population
    return control_practices(10_000_000, 0, origin_of(1, 0), None, population)


@cache
def country(name, value):
    """Return every area of the country, and what one small area counts in a few weeks."""
    small = simulate_area(EnglandRequest(4, 1.0, 1, ((name, value),) if name else ()), Area(0, "small", 7, 2000))
    england = england_parameters(load_tables({name: value} if name else {}))
    return make_areas(1, england), small.by_practice.tobytes()


@cache
def costs(name, value):
    """Return the costs of a small study's people."""
    records = study_records()
    index = np.full(len(records.registrations), 60, np.int16)
    prices = load_parameters({name: value} if name else {}).prices
    return outcome_windows(records, index, 26, prices)["hospital_cost"].tobytes()


def used(year, more):
    """Return a year's activity, some of it more than planned."""
    casemix = dict.fromkeys(CLASSES, 1000.0 * more)
    return Activity(
        year, 52.0, dict.fromkeys(CLASSES, int(1000 * more)), casemix, 3e3, 5e3, 7e3 * more, 9e3 * more, 0
    )


@cache
def money(name, value):
    """Return payments, views and avoided admissions of a made-up programme begun in any year of the indices.

    Price year and beginning are those in force for the first; then each is every year of the indices in turn.
    """
    services = (dict.fromkeys(STAFF_KINDS, 100.0), {}, 50, 75.0, dict.fromkeys(SERVICE_KINDS, 300.0))
    usual = Arm((used(0, 1.0), used(1, 1.0)))
    arm = Arm((used(0, 1.02), used(1, 1.1)), tuple(Delivered(k, 52.0, 2, 9, 40, 900.0, *services) for k in (0, 1)))
    own = {name: value} if name else {}
    rate_on = {"economics.marginal_rate_emergency": 1.0}
    years = range(FIRST_PRICE_YEAR, FIRST_PRICE_YEAR + len(PRICE_YEARS))
    calendars = [{"economics.first_financial_year": y, "economics.price_year": y} for y in years]
    found = []
    for others in ({}, rate_on, *calendars):
        book = price_book(load_parameters({**others, **own}))
        ledgers = keep_ledger(arm, usual, book), keep_ledger(usual, usual, book)
        found.append((*ledgers, compare(*ledgers, book), admissions_avoided(arm, usual, book)))
    return repr(found)


@cache
def study_records():
    return simulated(small_scenario()).records()


@pytest.mark.parametrize("row", ROWS)
def test_a_number_that_is_moved_moves_something(row):
    world = world_for(row)
    as_it_is = (row.qualified, row.value) if row.qualified in OWN_STAFF else ("", 0.0)
    assert world(row.qualified, moved(row)) != world(*as_it_is)


@pytest.mark.parametrize(
    "qualified",
    [
        "emergency.flare_ratio",
        "mechanisms.onset_weeks",
        "prices.emergency",
        "population.list_size_min",
        "economics.discount_rate",
    ],
)
def test_a_number_put_back_where_it_was_moves_nothing(qualified):
    """Guards the test above: two equal worlds have equal bytes."""
    row = load_tables().parameters[qualified]
    world = world_for(row)
    assert world(qualified, row.value) == world("", 0.0)


def world_for(row):
    """Return the cheapest world in which a row can show."""
    if row.table == "interventions" or row.qualified in OWN_STAFF:
        return with_services
    if row.table in BY_PROGRAMME or row.qualified in WHEN_SHORT:
        return with_programme
    if row.qualified.startswith(BY_PRACTICE):
        return practices_made
    if row.table == "england":
        return country
    if row.table in BY_MONEY:
        return money
    return costs if row.table == "prices" else lived
