"""Patients read like an AgentSet, and a row view shows one person as of this week."""

import numpy as np
import pytest

from icpsim.population.patients import NO_PROGRAMME, PATIENT, Patients, blank
from icpsim.records.schema import CONDITIONS, FEMALE, MALE, NEVER


@pytest.fixture
def clock():
    return {"week": 100}


@pytest.fixture
def five(clock):
    columns = blank(5)
    columns["birth_week"] = [-5218, -3131, -2609, 0, 105]
    columns["sex"] = [FEMALE, MALE, FEMALE, FEMALE, MALE]
    columns["imd"] = [1, 1, 5, 3, 5]
    columns["conditions"] = [0, 0b101, 0, 1 << 9, 0]
    columns["death_week"] = [100, 120, 153, 152, NEVER]
    columns["flare_until"] = [0, 0, 101, 101, 0]
    columns["enrolled"] = [NEVER, 60, 90, 101, NEVER]
    columns["discharged"] = [NEVER, 100, 142, 150, NEVER]
    return Patients(columns, lambda: clock["week"])


def numbers(patients):
    return [patient.number for patient in patients]


def test_a_patient_is_one_cache_line():
    assert PATIENT.itemsize == 64


def test_nothing_has_begun_in_a_blank_row():
    row = blank(2)[1]
    assert {name for name in PATIENT.names if row[name] == NEVER} == {
        "death_week", "next_flare", "cancer_from", "repeat_from", "enrolled", "discharged", "mdt_week",
    }  # fmt: skip
    assert row["programme"] == NO_PROGRAMME


def test_length_count_and_iteration(five):
    assert len(five) == five.count() == 5
    assert numbers(five) == [0, 1, 2, 3, 4]


def test_select_by_value(five):
    assert numbers(five.select(sex=FEMALE)) == [0, 2, 3]
    assert numbers(five.select(sex=FEMALE, imd=5)) == [2]
    assert numbers(five.select(imd=4)) == []


def test_select_by_condition(five):
    assert numbers(five.select(lambda p: p.get("age") >= 50)) == [0, 1, 2]
    assert numbers(five.select(lambda p: p.get("alive"), sex=FEMALE)) == [2, 3]


def test_select_of_a_selection(five):
    women = five.select(sex=FEMALE)
    assert numbers(women.select(lambda p: p.get("imd") > 1)) == [2, 3]
    assert women[1].number == 2


def test_group_by_a_column(five):
    groups = five.groupby("imd")
    assert {value: numbers(group) for value, group in groups.items()} == {1: [0, 1], 3: [3], 5: [2, 4]}
    assert sum(group.count() for group in groups.values()) == len(five)


def test_aggregate(five):
    assert five.agg("imd", np.sum) == 15
    assert five.select(sex=MALE).agg("imd", np.mean) == 3.0


def test_age_and_life_follow_the_clock(five, clock):
    assert five.get("age")[3] == pytest.approx(100 / 52.18)
    assert five.get("alive").tolist() == [False, True, True, True, True]
    clock["week"] = 152
    assert five.get("alive").tolist() == [False, False, True, False, True]
    assert five[3].age == pytest.approx(152 / 52.18)


@pytest.mark.parametrize(
    "ask",
    [
        lambda p: p.get("hight"),
        lambda p: p.select(hight=1),
        lambda p: p.groupby("hight"),
        lambda p: p.agg("hight", sum),
    ],
)
def test_an_unknown_column_is_an_error_that_lists_the_columns(five, ask):
    with pytest.raises(KeyError, match=r"patients have no column 'hight'.*birth_week"):
        ask(five)


def test_a_row_view_reads_columns(five):
    patient = five[1]
    assert (patient.number, patient.imd, patient.sex, patient.birth_week) == (1, 1, MALE, -3131)
    assert patient.condition_names == (CONDITIONS[0], CONDITIONS[2])
    assert five[3].condition_names == (CONDITIONS[9],)


def test_a_row_view_is_no_copy(five):
    patient = five[1]
    five.columns["imd"][1] = 4
    assert patient.imd == 4


def test_a_row_view_has_no_other_attributes(five):
    with pytest.raises(AttributeError, match="a patient has no 'hight'"):
        _ = five[0].hight


def test_phase(five):
    assert [patient.phase for patient in five] == [
        "dead",
        "last year of life",
        "flare",
        "last year of life",
        "stable",
    ]


def test_on_caseload_from_enrolment_to_discharge(five, clock):
    assert [patient.on_caseload for patient in five] == [False, False, True, False, False]
    clock["week"] = 141
    assert [patient.on_caseload for patient in five] == [False, False, True, True, False]
    clock["week"] = 142
    assert [patient.on_caseload for patient in five] == [False, False, False, True, False]


def test_a_patient_says_who_it_is(five):
    assert repr(five[1]) == "<Patient 1: age 62, last year of life, 2 conditions>"


def test_the_models_patients(tiny):
    patients = tiny.patients
    assert len(patients) == len(tiny.region.people)
    assert patients.select(practice=0).count() == len(tiny.region.people_of(0))
    assert patients.select(lambda p: p.get("enrolled") < NEVER).count() == len(tiny.records().enrolments)
    assert patients[0].age == pytest.approx((tiny.week - tiny.region.people["birth_week"][0]) / 52.18)
