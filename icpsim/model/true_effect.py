"""The true effect: the same people, with the same enrolments and the same draws, in a world without effects."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.evaluation.outcomes import outcome_windows
from icpsim.evaluation.windows import count_windows, row_map
from icpsim.model.branch import Branch
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.setup import programme_states
from icpsim.records.outcomes import BY_NAME, in_pounds
from icpsim.records.schema import GPRecords, HospitalRecords
from icpsim.records.tables import first_row


@dataclass(frozen=True, slots=True)
class Lives:
    """Two worlds' records of the same people.

    ``person`` are row numbers in ``factual`` and ``counterfactual_person`` those in ``counterfactual``.
    """

    factual: HospitalRecords
    factual_gp: GPRecords
    person: NDArray[np.int64]
    counterfactual: HospitalRecords
    counterfactual_gp: GPRecords
    counterfactual_person: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TrueEffect:
    """One outcome's paired difference over the window after the index week, in the people whom it is asked of.

    ``effect`` is a log rate ratio, or pounds a patient for cost; ``se`` its standard error over people;
    ``relative`` the relative change; ``monthly`` log rate ratios of the six months (empty for cost).
    """

    outcome: str
    measure: str
    effect: float
    se: float
    relative: float
    monthly: tuple[float, ...]


def without_effects(model: IntegratedCareModel, records: HospitalRecords) -> Lives:
    """Live the enrolled people again without effects; everybody, when providers couple them.

    A branch of a shared past need not: the past is that life.
    """
    enrolled = records.enrolments
    rows = enrolled["person"].astype(np.int64)
    if isinstance(model, Branch):
        past = model.untouched
        return Lives(records, model.region.gp_records(), rows, past.records, past.gp, rows)
    if model.icp_scenario.capacity_feedback:
        other = model.twin(enrolled)
        other.run()
        return Lives(records, model.region.gp_records(), rows, other.records(), other.region.gp_records(), rows)
    people = model.initial_people(enrolled["person"])
    for name, column in (("enrolled", "week"), ("discharged", "discharged")):
        people[name] = enrolled[column]
    people["programme"] = model.region.practice_state["programme"][people["practice"]]
    shadow = model.region.shadow(people, programme_states(model.icp_scenario, effects=False))
    shadow.live(np.arange(len(people)), 0, model.icp_scenario.study.weeks)
    return Lives(
        records,
        model.region.gp_records(),
        rows,
        shadow.hospital_records(),
        shadow.gp_records(),
        np.arange(len(people)),
    )


def true_effects(
    lives: Lives, cases: NDArray[np.integer], window_weeks: int, model: IntegratedCareModel
) -> tuple[TrueEffect, ...]:
    """Return every outcome's true effect in these cases (row numbers in the factual world)."""
    week_of = lives.factual.enrolments["week"]
    at = np.searchsorted(lives.person, np.asarray(cases, np.int64))
    index = week_of[at].astype(np.int16)
    prices = model.parameters.prices
    with_programme = outcome_windows(only(lives.factual, lives.person[at]), index, window_weeks, prices)
    without_people = lives.counterfactual_person[at]
    without = outcome_windows(only(lives.counterfactual, without_people), index, window_weeks, prices)
    found = [_effect(name, with_programme[name][:, 1:], without[name][:, 1:]) for name in with_programme]
    contacts = [
        _contacts(gp, persons, index, window_weeks)
        for gp, persons in ((lives.factual_gp, lives.person[at]), (lives.counterfactual_gp, without_people))
    ]
    return (*found, _effect("gp_consultations", *contacts))


def only(records: HospitalRecords, persons: NDArray[np.int64]) -> HospitalRecords:
    """Return these people's hospital events, with person k the k-th of them (tables ordered by person)."""
    row_of = row_map(persons, len(records.registrations))

    def renumbered(table: NDArray[np.void]) -> NDArray[np.void]:
        near = table[: first_row(table["person"], int(persons.max()) + 1)] if len(persons) else table[:0]
        kept = near[row_of[near["person"]] >= 0]
        kept["person"] = row_of[kept["person"]]
        return kept

    return dataclasses.replace(
        records,
        registrations=records.registrations[persons],
        spells=renumbered(records.spells),
        outpatient=renumbered(records.outpatient),
        ae=renumbered(records.ae),
        deaths=renumbered(records.deaths),
        enrolments=records.enrolments[:0],
        allocations=records.allocations[:0],
    )


def _contacts(
    gp: GPRecords, persons: NDArray[np.int64], index: NDArray[np.int16], window_weeks: int
) -> NDArray[np.float64]:
    row_of = row_map(persons, len(gp.registered_conditions))
    table = gp.contacts
    counts = count_windows(table["person"], table["week"], row_of, len(persons), index, (0, window_weeks))
    return counts.astype(np.float64)


def _effect(outcome: str, a: NDArray[np.float64], b: NDArray[np.float64]) -> TrueEffect:
    with_programme, without = a.sum(axis=1), b.sum(axis=1)
    n = len(a)
    if in_pounds(outcome):
        difference = with_programme - without
        se = float(difference.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
        relative = float(difference.mean() / without.mean()) if without.any() else float("nan")
        return TrueEffect(outcome, BY_NAME[outcome].measure, float(difference.mean()), se, relative, ())
    if not with_programme.any() or not without.any():
        return TrueEffect(outcome, BY_NAME[outcome].measure, float("nan"), float("nan"), float("nan"), ())
    ratio = with_programme.sum() / without.sum()
    influence = with_programme / with_programme.sum() - without / without.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        monthly = tuple(float(x) for x in np.log(a.sum(axis=0) / b.sum(axis=0)))
    return TrueEffect(
        outcome,
        BY_NAME[outcome].measure,
        float(np.log(ratio)),
        float(np.sqrt((influence**2).sum())),
        float(ratio - 1.0),
        monthly,
    )
