"""A pool of possible controls at an index week: everyone outside the site of a replicate of ``null-random``."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats
from icpsim.evaluation.cohort import assemble, pool_at
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.features import NAMES, features
from icpsim.evaluation.matching import exact_strata, matching_space, with_record
from icpsim.evaluation.outcomes import outcome_windows
from icpsim.evaluation.prognostic import PrognosticModel, learn_prognostic
from icpsim.evaluation.risk_score import RiskScore, fit_risk_score
from icpsim.evaluation.types import EvaluationDesign, design_of
from icpsim.evaluation.windows import count_windows
from icpsim.model.shared_past import History
from icpsim.records.schema import HospitalRecords, Method
from icpsim.records.tables import ordered, study_of
from icpsim.scenario.schema import load

SEED = 1
NIGHTS = NAMES.index("emergency_nights_52")
OUTCOMES = ("emergency_admissions", "elective_admissions", "ae_attendances", "bed_days", "hospital_cost")
PEOPLE = ("space", "strata", "emergencies", "tool", "blind")


class Seen(NamedTuple):
    """A pool at its index week; arrays have a row a person.

    ``space`` float64[n, 4] are log scores and age, ``strata`` int64[n] what is matched exactly, ``emergencies``
    float64[n] those of the last year, ``tool`` float64[n] log odds by a list's tool and ``blind`` by the same tool
    without what it makes of nights; ``before`` and ``after`` hold float64[n] by outcome.
    """

    space: Floats
    strata: NDArray[np.int64]
    emergencies: Floats
    tool: Floats
    blind: Floats
    before: dict[str, Floats]
    after: dict[str, Floats]


def kept_pool(folder: Path, number: int) -> Seen:
    """Return a pool from the folder, or live it and keep it there, whole or not at all."""
    path = folder / f"pool-{number}.npz"
    if not path.exists():
        seen = live_pool(number)
        columns = {name: getattr(seen, name) for name in PEOPLE}
        for name in OUTCOMES:
            columns |= {f"{name} before": seen.before[name], f"{name} after": seen.after[name]}
        part = path.with_suffix(".part.npz")
        np.savez(part, **columns)
        part.rename(path)
    with np.load(path) as held:
        before, after = ({name: held[f"{name} {when}"] for name in OUTCOMES} for when in ("before", "after"))
        return Seen(*(held[name] for name in PEOPLE), before, after)


def live_pool(number: int) -> Seen:
    """Live one replicate of ``null-random`` and look at everyone outside its site at the middle index week."""
    scenario = load("null-random")
    history = History(scenario, SEED, number)
    model = history.branch(scenario)
    model.run()
    design = dataclasses.replace(design_of(scenario), screen_share=1.0)
    seen = _look(model.records(), design, history.prices)
    model.close()
    history.close()
    return seen


def _look(records: HospitalRecords, design: EvaluationDesign, prices: Prices) -> Seen:
    cohort = assemble(records, design)
    week, first = cohort.waves[len(cohort.waves) // 2], cohort.waves[0] - design.weeks_before
    in_study = np.zeros(records.registrations.size, np.bool_)
    in_study[cohort.controls.universe] = True
    source = ordered(records, in_study)
    learnt_on = pool_at(cohort, design, first, design.weeks_before)
    scores = learn_prognostic(source, learnt_on, first, design, prices)
    pool = pool_at(cohort, design, week)
    return _seen(study_of(source, pool.persons), pool.has_record, week, design, prices, scores)


def _seen(
    study: HospitalRecords,
    has_record: NDArray[np.bool_],
    week: int,
    design: EvaluationDesign,
    prices: Prices,
    scores: PrognosticModel,
) -> Seen:
    n = has_record.size
    now = features(study, np.arange(n), week, prices)
    tool = _tool(study, n, week, prices)
    odds, nights = tool.linear_predictor(now), np.log1p(now.values[:, NIGHTS].astype(np.float64))
    at = np.full(n, week, np.int16)
    amounts = outcome_windows(study, at, design.window_weeks, prices, design.weeks_before)
    return Seen(
        matching_space(scores.log_scores(now), now.column("age")),
        with_record(exact_strata(now), has_record),
        now.emergencies(52).astype(np.float64),
        odds,
        odds - tool.raw().slopes[NIGHTS, 0] * nights,
        {name: amounts[name][:, 0] for name in OUTCOMES},
        {name: amounts[name][:, 1:].sum(axis=1) for name in OUTCOMES},
    )


def _tool(study: HospitalRecords, n: int, week: int, prices: Prices) -> RiskScore:
    """Learn, as a programme's list does, who was admitted in an emergency within the year up to the week."""
    everyone = np.arange(n, dtype=np.int32)
    emergency = study.spells[study.spells["method"] == Method.EMERGENCY]
    year = count_windows(emergency["person"], emergency["admitted"], everyone, n, week - 52, (0, 52))
    return fit_risk_score(features(study, everyone, week - 52, prices), year[:, 0] > 0)
