"""Worlds of one replicate: the past, the world without a programme, and each arm's, counted in the same cells."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.types import design_of
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.region import ELSEWHERE
from icpsim.model.shared_past import History
from icpsim.model.true_effect import Lives, true_effects
from icpsim.questions.compare.activity import activity_cells
from icpsim.questions.compare.counts import amounts, of_enrolled, person_years, tally
from icpsim.questions.compare.delivered import delivered_cells
from icpsim.questions.compare.groups import groups_at
from icpsim.questions.compare.who_was_enrolled import profile, shares
from icpsim.records.schema import ENROLMENT, GPRecords, HospitalRecords
from icpsim.records.tables import EVENT_TABLES, first_row
from icpsim.scenario.schema import Scenario


class Past:
    """One replicate's past and its world without a programme, which every arm of that past is set against."""

    def __init__(self, scenario: Scenario, seed: int, replicate: int) -> None:
        self.history = History(scenario, seed, replicate)
        self.scenario = scenario
        self.weeks = scenario.study.history_weeks, scenario.study.weeks
        self.people = self.history.people_at_start
        everyone, self.gp, hospitals = self._without_programme()
        self.records = of_lists(everyone, len(self.people))
        names = tuple(p.name for p in self.history.practices if p.site != ELSEWHERE)
        self.groups = groups_at(self.records, self.people, self.weeks[0], names)
        self.prices = self.history.prices
        self.amounts = amounts(self.records, self.gp, self.groups, self.weeks, self.prices)
        self._hospitals = hospitals

    def figures(self) -> dict[str, float]:
        """Return the world without a programme, by cell."""
        found = tally(self.amounts, self.groups) | person_years(self.records, self.groups, self.weeks)
        start = np.full(len(self.groups.person), self.weeks[0], np.int16)
        everyone = shares(self.groups.person, start, self.people, self.records)
        found |= {f"share|{name}": value for name, value in everyone.items()}
        return found | activity_cells(self.records, self.gp, self.groups, self.weeks) | self._hospitals

    def close(self) -> None:
        """Let go of people and records."""
        self.history.close()

    def _without_programme(self) -> tuple[HospitalRecords, GPRecords, dict[str, float]]:
        if not self.scenario.capacity_feedback:
            return self.history.records, self.history.gp_records, {}
        model = self.history.branch(self.scenario, effects=False, enrolments=np.empty(0, ENROLMENT))
        model.run()
        try:
            return model.records(), model.gp_records(), hospital_figures(model)
        finally:
            model.close()


def arm_figures(
    past: Past, scenario: Scenario, evaluated: bool = True
) -> tuple[dict[str, float], NDArray[np.integer]]:
    """Simulate an arm on its past and return its figures, and who was enrolled (row numbers).

    Besides cells: ``without|measure...`` what those whom the arm enrols use in the world without it, ``found|...``
    (see ``profile``), ``true|outcome`` and, if ``evaluated``, ``estimated|outcome`` effects with their errors; a
    failed evaluation leaves ``problem|reason``.
    """
    model = past.history.branch(scenario)
    model.run()
    try:
        return _counted(past, model, evaluated)
    finally:
        model.close()


def money_figures(past: Past, scenario: Scenario) -> dict[str, float]:
    """Simulate a scenario on a past and return what a ledger is kept from: activity and what teams delivered."""
    model = past.history.branch(scenario)
    model.run()
    try:
        records = of_lists(model.records(), len(past.people))
        found = activity_cells(records, model.gp_records(), past.groups, past.weeks)
        return found | delivered_cells(model, past.weeks)
    finally:
        model.close()


def world_cells(past: Past, model: IntegratedCareModel) -> dict[str, float]:
    """Return the cells of a model that has been run on this past; nothing is evaluated."""
    records = of_lists(model.records(), len(past.people))
    return tally(amounts(records, model.gp_records(), past.groups, past.weeks, past.prices), past.groups)


def of_lists(records: HospitalRecords, people: int) -> HospitalRecords:
    """Return the records of the first ``people`` (those on pilot lists) of tables that are ordered by person.

    Nothing is copied; counting what pilot lists used need not read the pool's records.
    """
    rows = {name: first_row(getattr(records, name)["person"], people) for name in EVENT_TABLES}
    tables = {name: getattr(records, name)[:end] for name, end in rows.items()}
    return dataclasses.replace(records, registrations=records.registrations[:people], **tables)


def hospital_figures(model: IntegratedCareModel) -> dict[str, float]:
    """Return what hospitals did in the programme's weeks, to everybody; only with capacity feedback."""
    weeks = model.region.hospital_weeks[:, model.programme_start :]
    names = ("emergency", "elective", "cancelled", "sent_home", "bed_nights", "delayed_nights", "listed")
    return {f"hospitals|{name}": float(weeks[name].sum()) for name in names}


def _counted(
    past: Past, model: IntegratedCareModel, evaluated: bool
) -> tuple[dict[str, float], NDArray[np.integer]]:
    everyone, gp = model.records(), model.gp_records()
    records = of_lists(everyone, len(past.people))
    found = amounts(records, gp, past.groups, past.weeks, past.prices)
    enrolled = records.enrolments["person"].astype(np.int64)
    window = model.icp_scenario.evaluation.window_weeks
    figures = tally(found, past.groups) | activity_cells(records, gp, past.groups, past.weeks)
    figures |= of_enrolled(found, past.groups, enrolled)
    figures |= {f"without|{k}": v for k, v in of_enrolled(past.amounts, past.groups, enrolled).items()}
    told = profile(records.enrolments, past.people, past.records, records, window)
    figures |= {f"found|{name}": value for name, value in told.items()}
    if len(enrolled):
        index = records.enrolments["week"].astype(np.int16)
        found_shares = shares(enrolled, index, past.people, past.records)
        figures |= {f"share|{name}": value for name, value in found_shares.items()}
    figures |= delivered_cells(model, past.weeks)
    if model.icp_scenario.capacity_feedback:
        figures |= hospital_figures(model)
    if len(enrolled):
        figures |= _effects(past, model, everyone, gp, evaluated)
    return figures, enrolled


def _effects(
    past: Past, model: IntegratedCareModel, everyone: HospitalRecords, gp: GPRecords, evaluated: bool
) -> dict[str, float]:
    """Return true effects in the cases that an evaluation matched (or else in all), and what it estimated."""
    figures: dict[str, float] = {}
    records = of_lists(everyone, len(past.people))
    cases = records.enrolments["person"].astype(np.int64)
    if evaluated:
        pool = None if model.icp_scenario.capacity_feedback else past.history.pool
        try:
            found = evaluate(everyone, design_of(model.icp_scenario), past.prices, pool)
        except EvaluationError as error:
            figures[f"problem|{error}"] = 1.0
        else:
            cases = np.unique(found.pairs["case"]).astype(np.int64)
            for effect in found.effects:
                figures[f"estimated|{effect.outcome}"] = effect.estimate
                figures[f"estimated_se|{effect.outcome}"] = effect.se
                figures[f"corrected|{effect.outcome}"] = effect.corrected
    rows = records.enrolments["person"].astype(np.int64)
    lives = Lives(records, gp, rows, past.records, past.gp, rows)
    for true in true_effects(lives, cases, model.icp_scenario.evaluation.window_weeks, model):
        figures[f"true|{true.outcome}"] = true.effect
    return figures
