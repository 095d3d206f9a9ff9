"""The true effect: the same people, with the same enrolments and the same draws, in a world without effects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.evaluation.outcomes import MatchedRows, outcome_windows
from icpsim.evaluation.windows import count_windows, row_map
from icpsim.model import IntegratedCareModel
from icpsim.records.schema import GPRecords, HospitalRecords
from icpsim.setting import programme_states


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
    """One outcome's paired difference over the window after the index week, in cases.

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
    """Live the enrolled people again without effects; everybody, when providers couple them."""
    enrolled = records.enrolments
    if model.scenario.capacity_feedback:
        other = IntegratedCareModel(
            model.scenario, model.seed, model.replicate, enrolments=enrolled, effects=False
        )
        other.run()
        rows = enrolled["person"].astype(np.int64)
        return Lives(records, model.region.gp_records(), rows, other.records(), other.region.gp_records(), rows)
    people = model.initial_people(enrolled["person"])
    for name, column in (("enrolled", "week"), ("discharged", "discharged")):
        people[name] = enrolled[column]
    people["programme"] = model.region.practice_state["programme"][people["practice"]]
    shadow = model.region.shadow(people, programme_states(model.scenario, effects=False))
    shadow.live(np.arange(len(people)), 0, model.scenario.study.weeks)
    return Lives(
        records,
        model.region.gp_records(),
        enrolled["person"].astype(np.int64),
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
    rows = _rows(lives.person[at], week_of[at])
    other = _rows(lives.counterfactual_person[at], week_of[at])
    prices = model.parameters.prices
    with_programme = outcome_windows(lives.factual, rows, window_weeks, prices)
    without = outcome_windows(lives.counterfactual, other, window_weeks, prices)
    found = [_effect(name, with_programme[name][:, 1:], without[name][:, 1:]) for name in with_programme]
    contacts = [
        _contacts(gp, part, window_weeks)
        for gp, part in ((lives.factual_gp, rows), (lives.counterfactual_gp, other))
    ]
    return (*found, _effect("gp_consultations", *contacts))


def _rows(person: NDArray[np.int64], week: NDArray[np.int16]) -> MatchedRows:
    n = len(person)
    return MatchedRows(
        person=person.astype(np.int32),
        index_week=week.astype(np.int16),
        treated=np.ones(n, bool),
        set=np.arange(n, dtype=np.int32),
        site=np.zeros(n, np.int16),
        weight=np.ones(n),
    )


def _contacts(gp: GPRecords, rows: MatchedRows, window_weeks: int) -> NDArray[np.float64]:
    row_of = row_map(rows.person, len(gp.registered_conditions))
    table = gp.contacts
    return count_windows(
        table["person"], table["week"], row_of, len(rows.person), rows.index_week, (0, window_weeks)
    ).astype(np.float64)


def _effect(outcome: str, a: NDArray[np.float64], b: NDArray[np.float64]) -> TrueEffect:
    with_programme, without = a.sum(axis=1), b.sum(axis=1)
    n = len(a)
    if outcome == "hospital_cost":
        difference = with_programme - without
        se = float(difference.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
        relative = float(difference.mean() / without.mean()) if without.any() else float("nan")
        return TrueEffect(outcome, "difference_gbp", float(difference.mean()), se, relative, ())
    if not with_programme.any() or not without.any():
        return TrueEffect(outcome, "rate_ratio", float("nan"), float("nan"), float("nan"), ())
    ratio = with_programme.sum() / without.sum()
    influence = with_programme / with_programme.sum() - without / without.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        monthly = tuple(float(x) for x in np.log(a.sum(axis=0) / b.sum(axis=0)))
    return TrueEffect(
        outcome,
        "rate_ratio",
        float(np.log(ratio)),
        float(np.sqrt((influence**2).sum())),
        float(ratio - 1.0),
        monthly,
    )
