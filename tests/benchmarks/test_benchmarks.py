"""The benchmarks: rows of the right shape, forms that agree, and a command that answers wrong options."""

import dataclasses
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import FAMILIES
from benchmarks.counted import COUNTER
from benchmarks.country import as_new, live, make_region
from benchmarks.growth import exponent, state_bytes
from benchmarks.limit import bare_draws
from benchmarks.mesa_form import compare, differing_tables, patient_by_patient
from benchmarks.readme import as_markdown
from benchmarks.rows import Row, at_least, at_most, missing, plain
from icpsim.base.randomness import draw

ROOT = Path(__file__).resolve().parents[2]
WEEKS = 60


@pytest.fixture(scope="module")
def few():
    """Build two practices' people, not yet lived."""
    return make_region(3_000, WEEKS)


def test_a_row_meets_its_goal_from_the_right_side():
    assert at_most("f", 5.0, 5.0).met is True
    assert at_most("f", 5.1, 5.0).met is False
    assert at_least("f", 1.8, 1.8).met is True
    assert at_least("f", 1.7, 1.8).met is False
    assert plain("f", 1.0).met is None
    assert missing("f", 0.5, "why") == Row("f", None, 0.5, False, "why")


def test_the_engine_and_one_mesa_agent_a_patient_write_the_same_records(few):
    engine = as_new(few)
    live(engine)
    by_agent = patient_by_patient(as_new(few)).finish()
    records = engine.hospital_records()
    assert len(records.spells) > 500
    assert len(records.deaths) > 10
    assert differing_tables(records, by_agent) == []


def test_records_that_differ_are_found(few):
    engine = as_new(few)
    live(engine)
    records, changed = engine.hospital_records(), engine.hospital_records()
    changed.spells["nights"][0] += 1
    assert differing_tables(records, changed) == ["spells"]
    fewer = dataclasses.replace(records, deaths=records.deaths[:-1])
    assert differing_tables(records, fewer) == ["deaths"]


def test_rows_have_the_shape_that_is_promised():
    rows = compare(people=2_000, weeks=4)
    assert [row.goal for row in rows] == [150.0, None, None, None]
    for row in rows:
        assert set(dataclasses.asdict(row)) == {"figure", "value", "goal", "met", "note"}
        assert row.value > 0
        assert (row.met is None) == (row.goal is None)
    ratio, engine, agent, loop = (row.value for row in rows)
    assert ratio == pytest.approx(agent / engine)
    assert loop < agent


def test_bare_draws_are_the_keyed_draws():
    keys = np.arange(1, 6, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    by_hand = sum(draw(key, np.uint64(7), week) < 0.3 for key in keys for week in range(40))
    assert bare_draws(keys, 40, np.uint64(7), 0.3) == by_hand > 0


@pytest.mark.slow
def test_draws_are_counted():
    found = subprocess.run(
        [sys.executable, "-m", "benchmarks.counted", "500", "20"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    counted = json.loads(found.stdout)
    assert COUNTER[0] == 0, "only the process that counts replaces the generator"
    assert counted["person_weeks"] == counted["people"] * 20
    assert counted["engine"] > counted["person_weeks"] / 2
    assert counted["week_by_week"] > counted["person_weeks"] / 2
    assert counted["build"] > 10 * counted["people"]


@pytest.mark.parametrize("power", [0.5, 1.0, 1.2])
def test_the_exponent_of_a_power_law_is_found(power):
    sizes = [1e4, 1e5, 1e6]
    assert exponent(sizes, [3.0 * size**power for size in sizes]) == pytest.approx(power, abs=1e-12)


def test_state_counts_every_array_with_a_row_a_person(few):
    region = as_new(few)
    people = len(region.people)
    before = state_bytes(region, people)
    assert before >= region.people.nbytes
    region.more = np.zeros((people, 2), np.float32)
    assert state_bytes(region, people) == before + 8 * people


def test_the_page_has_a_line_a_row():
    text = as_markdown([at_most("a | figure", 12345.6, 2.0, "note"), plain("other", 0.01234)])
    assert "12,346 | 2 | NO | note |" in text
    assert "| other | 0.0123 |" in text


@pytest.mark.parametrize("module", FAMILIES.values())
def test_every_family_can_be_asked_for_its_figures(module):
    assert callable(import_module(f"benchmarks.{module}").figures)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--only", "messa"], "messa"),
        (["--write", "--quick"], "--write"),
        (["--write", "--only", "mesa"], "--write"),
    ],
)
def test_wrong_options_are_answered_in_a_line(options, named):
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", *options], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert ran.returncode == 2
    assert named in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.slow
def test_one_family_prints_one_json_object():
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--only", "mesa", "--json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    rows = json.loads(ran.stdout)["benchmarks"]
    assert [row["goal"] for row in rows] == [150.0, None, None, None]
    assert all({"figure", "value", "goal", "met"} <= set(row) for row in rows)
