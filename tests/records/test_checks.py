from dataclasses import replace

import numpy as np
import pytest

from icpsim.records.checks import check
from icpsim.records.schema import ALLOCATION
from tests.evaluation.synthetic import make_records


@pytest.fixture(scope="module")
def records():
    found = make_records(np.random.default_rng(2), n_pilot=200, n_outside=600, n_cases=20)
    allocations = np.zeros(20, ALLOCATION)
    for name in ("person", "week", "site"):
        allocations[name] = found.enrolments[name]
    allocations["arm"] = np.arange(20) % 2
    return replace(found, allocations=allocations)


def test_sound_records_have_no_problems(records):
    assert check(records) == []


def changed(records, table, column, value, row=0):
    copy = getattr(records, table).copy()
    copy[column][row] = value
    return replace(records, **{table: copy})


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("spells", "admitted", 208, "spells: 1 rows outside weeks 0 to 207"),
        ("outpatient", "week", -1, "outpatient: 1 rows outside weeks"),
        ("ae", "person", 800, "ae: 1 rows of people who are not among the 800"),
        ("spells", "person", -1, "spells: 1 rows of people who"),
        ("registrations", "practice", 30, "registrations: 1 rows with an unknown practice"),
        ("registrations", "sex", 2, "with sex neither"),
        ("registrations", "imd", 0, "imd outside 1 to 5"),
        ("registrations", "to_week", -2000, "end before they begin"),
        ("spells", "diagnosis", 5, "unknown diagnosis"),
        ("spells", "conditions", 1 << 10, "unknown condition"),
        ("spells", "casemix", np.nan, "casemix"),
        ("enrolments", "discharged", 0, "discharged before enrolment"),
        ("enrolments", "site", 9, "site other than"),
        ("allocations", "site", 9, "allocations: 1 rows at a site other than"),
        ("allocations", "week", 208, "allocations: 1 rows outside weeks"),
        ("allocations", "arm", 2, "allocations: 1 rows with an unknown arm"),
    ],
)
def test_each_fault_is_found(records, table, column, value, message):
    problems = check(changed(records, table, column, value))
    assert any(message in p for p in problems), problems


def test_faults_between_rows(records):
    twice = replace(records, enrolments=np.concatenate([records.enrolments, records.enrolments[:1]]))
    assert any("enrolled more than once" in p for p in check(twice))
    again = replace(records, allocations=np.concatenate([records.allocations, records.allocations[:1]]))
    assert any("allocated more than once" in p for p in check(again))
    dies_again = replace(records, deaths=np.concatenate([records.deaths, records.deaths[:1]]))
    assert any("die more than once" in p for p in check(dies_again))
    dead = records.deaths["person"][0]
    ghost = changed(records, "registrations", "to_week", 32767, row=dead)
    assert any("stay registered" in p for p in check(ghost))
    late = changed(records, "ae", "person", dead, row=int(np.argmax(records.ae["week"])))
    assert any("after the person's death" in p for p in check(late))
    day = int(np.argmax(records.spells["patient_class"]))
    assert any("day cases with nights" in p for p in check(changed(records, "spells", "nights", 2, row=day)))


@pytest.mark.parametrize("table", ["enrolments", "allocations"])
def test_nobody_is_enrolled_or_allocated_while_not_registered(records, table):
    row = getattr(records, table)[7]
    person, week = int(row["person"]), int(row["week"])
    early = check(changed(records, "registrations", "from_week", week + 1, person))
    assert f"{table}: 1 rows before the person joins the practice, registrations.from_week (first: row 7)" in early
    for left in (week - 1, week):
        late = check(changed(records, "registrations", "to_week", left, person))
        assert (
            f"{table}: 1 rows when the person has left the practice, registrations.to_week (first: row 7)" in late
        )
    assert check(changed(records, "registrations", "to_week", week + 1, person)) == []
    deaths = np.concatenate([records.deaths, np.array([(person, week)], records.deaths.dtype)])
    dies = changed(replace(records, deaths=deaths), "registrations", "to_week", week, person)
    assert not any(table in problem and "registrations" in problem for problem in check(dies))
