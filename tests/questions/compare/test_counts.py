"""Cells add up, agree with the records, and are those of no programme where a programme does nothing."""

import numpy as np
import pytest

from icpsim.questions.compare.counts import MEASURES, PERSON_YEARS, cell
from icpsim.questions.compare.groups import AGES
from icpsim.questions.compare.runs import compare
from icpsim.records.schema import CONDITIONS, Method
from tests.questions.compare.conftest import SCENARIO
from tests.small_world import simulated

PARTITIONS = ("age", "deprivation", "practice", "week", "enrolled")


def cells_of(figures, head):
    return {name.removeprefix(head): value for name, value in figures.items() if name.startswith(head)}


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("by", PARTITIONS)
def test_groups_add_up_to_the_total(compared, measure, by):
    for row in compared.figures:
        for place in range(4):
            parts = cells_of(row, f"{place}/{measure}|{by}|")
            assert sum(parts.values()) == row[f"{place}/{cell(measure)}"]
            assert len(parts) > 1


def test_groups_are_the_same_in_every_world(compared):
    for row in compared.figures:
        for by, names in (("age", AGES), ("deprivation", ("1", "2", "3", "4", "5"))):
            years = cells_of(row, f"without0/{PERSON_YEARS}|{by}|")
            assert tuple(years) == names
            assert sum(years.values()) == pytest.approx(row[f"without0/{cell(PERSON_YEARS)}"])
        assert set(cells_of(row, f"0/{MEASURES[0]}|condition|")) == {*CONDITIONS, "none"}


def test_cells_agree_with_the_records(compared):
    """Emergencies of those on pilot lists alive at the start, counted again from a full run of the model."""
    model = simulated(SCENARIO)
    records, start = model.records(), SCENARIO.study.history_weeks
    pilots = len(model.pilot_people)
    there = (records.registrations["to_week"] > start) & (np.arange(len(records.registrations)) < pilots)
    spells = records.spells[(records.spells["admitted"] >= start) & there[records.spells["person"]]]
    emergencies = spells["method"] == Method.EMERGENCY
    assert compared.figures[0][f"0/{cell('emergency_admissions')}"] == emergencies.sum()
    assert compared.figures[0][f"0/{cell('bed_days')}"] == spells["nights"].sum()
    assert compared.figures[0][f"0/{cell('elective_admissions')}"] == (~emergencies).sum()


@pytest.mark.parametrize("place", [1, 2])
def test_a_programme_without_effects_or_without_people_changes_no_cell(compared, place):
    for row in compared.figures:
        without = {
            k: v for k, v in cells_of(row, "without0/").items() if not k.startswith((PERSON_YEARS, "share|"))
        }
        ours = cells_of(row, f"{place}/")
        assert {name: ours[name] for name in without} == without


def test_those_not_enrolled_change_by_spill_over_alone(compared):
    for row in compared.figures:

        def both(measure, row=row):
            name = cell(measure, "enrolled", "no")
            return row[f"0/{name}"], row[f"0/without|{name}"]

        for measure in ("emergency_admissions", "chemotherapy_admissions", "deaths"):
            now, without = both(measure)
            assert now == without
        visits, without = both("outpatient_attendances")
        assert visits < without


def test_the_same_figures_on_two_workers_and_from_a_folder(arms, compared, tmp_path):
    again = compare(arms, 2, 1, workers=2, drawn=False, evaluated=False, work=tmp_path)
    assert same(again.figures, compared.figures)
    files = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    kept = compare(arms, 2, 1, drawn=False, evaluated=False, work=tmp_path)
    assert same(kept.figures, compared.figures)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == files


def same(a, b):
    return all(
        x.keys() == y.keys() and all(v == y[k] or (np.isnan(v) and np.isnan(y[k])) for k, v in x.items())
        for x, y in zip(a, b, strict=True)
    )
