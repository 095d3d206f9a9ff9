"""How providers answer to pressure: the rules by hand, then agents, then a region short of something."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpsim.model.capacity import (
    MOST_DELAY,
    CapacityParameters,
    appointment_access,
    delay_factor,
    elective_open,
    falling,
    short_stay_admitted,
)
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.scenario.schema import Supply
from tests.small_world import differing, simulated, small_scenario

C = CapacityParameters(
    settle_from_week=26,
    settle_to_week=52,
    appointment_headroom=0.05,
    bed_occupancy=0.8,
    elective_threshold=0.9,
    elective_full_stop=1.1,
    admission_threshold=1.0,
    admission_full_stop=1.2,
    social_care_sensitivity=2.0,
)
FINITE = st.floats(0, 1e6)


@pytest.mark.parametrize(("value", "share"), [(0, 1), (2, 1), (2.5, 0.75), (3, 0.5), (4, 0), (9, 0)])
def test_falling_from_two_to_four(value, share):
    assert falling(value, 2.0, 4.0) == share


def test_falling_at_a_cliff():
    assert [falling(value, 1.0, 1.0) for value in (0.9, 1.0, 1.1)] == [1.0, 1.0, 0.0]


@given(FINITE, FINITE)
def test_falling_never_rises_and_stays_between_nought_and_one(a, b):
    low, high = sorted((a, b))
    assert 0.0 <= falling(high, 10.0, 20.0) <= falling(low, 10.0, 20.0) <= 1.0


@pytest.mark.parametrize(("occupancy", "share"), [(0.9, 1.0), (1.0, 0.5), (1.05, 0.25), (1.1, 0.0), (2.0, 0.0)])
def test_electives_are_cancelled_between_threshold_and_full_stop(occupancy, share):
    assert elective_open(occupancy, C) == pytest.approx(share)


@pytest.mark.parametrize(("occupancy", "share"), [(0.5, 1.0), (1.0, 1.0), (1.1, 0.75), (1.2, 0.5), (9.0, 0.5)])
def test_never_fewer_than_half_of_short_emergencies_are_admitted(occupancy, share):
    assert short_stay_admitted(occupancy, C) == pytest.approx(share)


@pytest.mark.parametrize(
    ("nights", "factor"), [(0, 1.0), (10, 1.0), (12, 1.44), (15, 2.25), (18, 3.0), (900, 3.0)]
)
def test_delays_grow_with_the_nights_beyond_what_social_care_takes(nights, factor):
    assert delay_factor(nights, 10.0, C) == pytest.approx(factor)


def test_infinite_social_care_delays_nobody():
    assert delay_factor(1e9, float("inf"), C) == 1.0


def test_no_social_care_delays_as_much_as_the_least():
    assert delay_factor(10.0, 0.0, C) == delay_factor(10.0, 1e-6, C) == MOST_DELAY
    assert delay_factor(0.0, 0.0, C) == 1.0


@pytest.mark.parametrize(
    ("wanted", "given_", "share"), [(80, 100, 1.0), (100, 100, 1.0), (125, 100, 0.8), (0, 0, 1.0)]
)
def test_access_is_the_share_of_wanted_consultations_that_fits(wanted, given_, share):
    assert appointment_access(wanted, given_) == share


def test_no_appointments_no_access():
    assert appointment_access(50, 0) == 0.0


# ---- agents ----


@pytest.fixture
def model():
    """Make a model of which no week has been lived."""
    return IntegratedCareModel(small_scenario(capacity_feedback=True))


def test_a_hospital_sizes_itself_by_settled_demand_and_occupancy(model):
    hospital, c = model.hospitals[0], model.parameters.capacity
    weeks = model.region.hospital_weeks[0]
    weeks["bed_nights"][26:52], weeks["bed_nights"][:26] = 700, 9999
    weeks["delayed_nights"][26:52] = 40
    hospital.settle()
    assert hospital.beds == pytest.approx(100 / c.bed_occupancy)
    assert hospital.occupancy(30) == pytest.approx(c.bed_occupancy)
    assert hospital.social_care_nights == 40


def test_a_hospital_answers_to_last_weeks_occupancy_and_four_weeks_of_delays(model):
    hospital, c = model.hospitals[0], model.parameters.capacity
    hospital.beds, hospital.social_care_nights = 100.0, 10.0
    weeks, state = model.region.hospital_weeks[0], model.region.hospital_state
    weeks["bed_nights"][70], weeks["bed_nights"][71] = 735, 100
    weeks["delayed_nights"][67:71] = [0, 0, 30, 30]
    weeks["delayed_nights"][66] = 9999
    hospital.respond(71)
    assert state["elective_open"][0] == pytest.approx(elective_open(1.05, c), abs=1e-6)
    assert state["short_stay_admitted"][0] == pytest.approx(short_stay_admitted(1.05, c), abs=1e-6)
    assert state["delay_factor"][0] == pytest.approx(delay_factor(15.0, 10.0, c), abs=1e-6)
    assert {float(x) for x in state[1]} == {1.0}


def test_a_hospital_whose_size_is_not_fixed_answers_to_nothing(model):
    model.region.hospital_weeks["bed_nights"][0] = 99999
    model.hospitals[0].respond(30)
    assert {float(x) for x in model.region.hospital_state[0]} == {1.0}


def test_a_practice_sizes_itself_and_answers_to_what_was_wanted(model):
    practice, c = model.practice_agents[1], model.parameters.capacity
    weeks = model.region.practice_weeks[1]
    weeks["wanted"][26:52], weeks["wanted"][60] = 100, 206
    practice.settle()
    assert practice.appointments == pytest.approx(100 * (1 + c.appointment_headroom))
    practice.respond(61)
    assert model.region.practice_state["access"][1] == pytest.approx(practice.appointments / 206, rel=1e-6)
    practice.respond(62)
    assert model.region.practice_state["access"][1] == 1.0


def test_meetings_take_appointments_out_of_the_next_week_only(model):
    practice = model.practice_agents[0]
    practice.appointments, practice.mdt_hours_this_week = 100.0, 2.0
    model.region.practice_weeks["wanted"][0, 60:62] = 100
    practice.respond(61)
    drag = 2 * model.parameters.mechanisms.capacity_drag
    assert model.region.practice_state["access"][0] == pytest.approx(1 - drag / 100, rel=1e-6)
    practice.respond(62)
    assert model.region.practice_state["access"][0] == 1.0


def with_supply(replicate=0, **cut):
    """Return the small region, without effects, in which some supply is cut."""
    scenario = small_scenario(capacity_feedback=True, effects=False, supply=Supply(**cut))
    return simulated(scenario, replicate=replicate).region


def after_settling(table, name):
    return int(table[name][:, 60:].sum())


def test_fewer_beds_cancel_electives_and_send_people_home(tiny_with_feedback):
    settled, short = tiny_with_feedback.region.hospital_weeks, with_supply(beds=0.6).hospital_weeks
    assert after_settling(short, "cancelled") > 1.5 * after_settling(settled, "cancelled")
    assert after_settling(short, "sent_home") > 1.5 * after_settling(settled, "sent_home")
    assert after_settling(short, "emergency") < after_settling(settled, "emergency")


def test_fewer_appointments_send_people_to_ae(tiny_with_feedback):
    settled, short = tiny_with_feedback.region, with_supply(appointments=0.5)
    assert after_settling(short.practice_weeks, "given") < 0.7 * after_settling(settled.practice_weeks, "given")
    assert after_settling(short.hospital_weeks, "ae") > after_settling(settled.hospital_weeks, "ae") + 1000
    assert after_settling(short.practice_weeks, "referred") < after_settling(settled.practice_weeks, "referred")


def test_less_social_care_delays_more_discharges():
    """Delayed nights come in stays of twelve or so; four replicates had ratios of 1.4 to 1.7."""
    usual, more, most = (
        sum(
            after_settling(with_supply(number, social_care=factor).hospital_weeks, "delayed_nights")
            for number in range(3)
        )
        for factor in (10.0, 0.1, 0.0)
    )
    assert more > 1.3 * usual
    assert most >= more


def test_supply_without_feedback_changes_nothing(tiny):
    cut = simulated(small_scenario(supply=Supply(beds=0.2, appointments=0.2, social_care=0.0)))
    assert differing(cut.records(), tiny.records()) == []


def test_supply_is_a_factor_on_settled_demand():
    model = IntegratedCareModel(
        small_scenario(capacity_feedback=True, supply=Supply(beds=0.6, appointments=0.5, social_care=0.25))
    )
    hospital, practice, c = model.hospitals[0], model.practice_agents[0], model.parameters.capacity
    model.region.hospital_weeks[0]["bed_nights"][26:52] = 700
    model.region.hospital_weeks[0]["delayed_nights"][26:52] = 40
    model.region.practice_weeks[0]["wanted"][26:52] = 100
    hospital.settle()
    practice.settle()
    assert hospital.beds == pytest.approx(0.6 * 100 / c.bed_occupancy)
    assert hospital.social_care_nights == pytest.approx(10)
    assert practice.appointments == pytest.approx(50 * (1 + c.appointment_headroom))


def test_providers_are_sized_once_when_demand_has_settled(tiny_with_feedback):
    settled = [hospital.beds for hospital in tiny_with_feedback.hospitals]
    weeks = tiny_with_feedback.region.hospital_weeks["bed_nights"][:, 26:52]
    occupancy = tiny_with_feedback.parameters.capacity.bed_occupancy
    assert settled == pytest.approx((weeks.mean(axis=1) / 7 / occupancy).tolist())
    assert np.isfinite([practice.appointments for practice in tiny_with_feedback.practice_agents]).all()
