"""What the calibrated model holds that evaluators could not see, measured as confounders in simulated worlds.

Cases and matched controls of a simulated evaluation live again up to their index week, by the same draws, and are
looked at: who is in a flare, frailer than others, in the last year of life, known to the GP for what no hospital
record shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats
from icpsim.evaluation.did import rate_ratio_did
from icpsim.evaluation.evaluate import matched_rows
from icpsim.evaluation.features import LOOK_BACK, features
from icpsim.evaluation.outcomes import MatchedRows, outcome_windows
from icpsim.evaluation.types import design_of
from icpsim.evaluation.windows import count_windows
from icpsim.inference.measured_world import MeasuredWorld
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.shared_past import History
from icpsim.model.true_effect import true_effects, without_effects
from icpsim.records.schema import CONDITIONS

if TYPE_CHECKING:
    from icpsim.records.schema import HospitalRecords

Flags = NDArray[np.bool_]

TRAITS = {
    "flare": "in a flare at enrolment",
    "frail": "frailer than four in five of the matched controls",
    "last_year": "in the last year of life",
    "gp_contacts": "seen by their GP twice or more in four weeks",
    "gp_register": "on a GP's register for a condition that no hospital record of two years shows",
}
"""Hidden things by name, and in words."""
LAST_YEAR = 52
FRAIL_SHARE = 0.2
"""Share of matched controls, each counted once, that count as frail."""
FEW_WEEKS = 4


@dataclass(frozen=True, slots=True)
class HiddenTraits(MeasuredWorld):
    """One world in which hidden traits are measured; a unit of work for ``icpsim.runs.engine``."""

    def measure(self, model: IntegratedCareModel, past: History) -> dict[str, float]:
        """Match, look, and measure."""
        return measured(model, past)


def measured(model: IntegratedCareModel, past: History) -> dict[str, float]:
    """Return each trait's shares among cases and matched controls, and the rate ratio it carries.

    ``flare_cases``, ``flare_controls`` and ``flare_rate_ratio`` and so on; the ratio is that of emergency
    admissions in the window after the index week over those that records led to expect, in matched controls, who
    have no programme. ``bias`` is the log of the estimated less that of the true rate ratio in the same world.
    """
    records, design, prices = model.records(), design_of(model.icp_scenario), model.parameters.prices
    rows, study = matched_rows(records, design, prices, past.pool)
    traits = traits_at_index(model, rows, study)
    amount = outcome_windows(study, rows.index_week, design.window_weeks, prices)["emergency_admissions"]
    after = amount[:, 1:].sum(axis=1)
    known = features(study, np.arange(rows.person.size), rows.index_week, prices)
    if past.pool.model is None:
        raise RuntimeError("an evaluation leaves its prognostic scores behind")
    expected = np.exp(past.pool.model.log_scores(known)[:, 0])
    found = {}
    for name, has in traits.items():
        found[f"{name}_cases"] = float(has[rows.treated].mean())
        found[f"{name}_controls"] = float(np.average(has[~rows.treated], weights=rows.weight[~rows.treated]))
        found[f"{name}_rate_ratio"] = carried(has, after, expected, rows)
    estimate = rate_ratio_did(amount[:, 0], after, rows.treated, rows.weight, {}).estimate
    cases = np.unique(rows.person[rows.treated])
    truth = {
        e.outcome: e.effect
        for e in true_effects(without_effects(model, records), cases, design.window_weeks, model)
    }
    found["estimate"], found["true"] = estimate, truth["emergency_admissions"]
    return found | {"bias": estimate - truth["emergency_admissions"]}


def carried(has: Flags, after: Floats, expected: Floats, rows: MatchedRows) -> float:
    """Return the rate ratio that a trait carries among controls, beyond what records led to expect."""
    rates = []
    for group in (has & ~rows.treated, ~has & ~rows.treated):
        weight = rows.weight[group]
        rates.append(float(weight @ after[group]) / max(float(weight @ expected[group]), 1e-300))
    return rates[0] / rates[1] if rates[1] > 0 else float("nan")


def traits_at_index(model: IntegratedCareModel, rows: MatchedRows, study: HospitalRecords) -> dict[str, Flags]:
    """Return who has each trait at his or her index week, by living everybody's life again up to it.

    bool[rows] by the names of TRAITS. Nobody's life depends on the programme before his or her index week, but for
    outpatient visits that spill-over replaces; those are not looked at.
    """
    fresh = IntegratedCareModel(model.icp_scenario, model.seed, model.replicate)
    try:
        region = fresh.region
        people = region.people[rows.person].copy()
        world = region.shadow(people, region.programmes[:0])
        world.practice_state["programme"] = 255
        world.read_everyone()
        waves = np.unique(rows.index_week)
        for week in waves.tolist():
            world.live(np.flatnonzero(rows.index_week == week), 0, week)
        contacts = world.gp_records().contacts
    finally:
        fresh.close()
    everyone = np.arange(rows.person.size, dtype=np.int32)
    recent = count_windows(
        contacts["person"], contacts["week"], everyone, len(everyone), rows.index_week, (-FEW_WEEKS, 0)
    )
    now = rows.index_week
    registered = people["registered_conditions"] & ~_coded(study, rows)
    return {
        "flare": people["flare_until"] > now,
        "frail": people["log_frailty"] > np.quantile(people["log_frailty"][~rows.treated], 1.0 - FRAIL_SHARE),
        "last_year": people["death_week"].astype(int) - now <= LAST_YEAR,
        "gp_contacts": recent[:, 0] >= 2,
        "gp_register": registered != 0,
    }


def _coded(study: HospitalRecords, rows: MatchedRows) -> NDArray[np.uint16]:
    """Return the conditions that hospital records of the last two years show; a mask a row."""
    found = np.zeros(rows.person.size, np.uint16)
    lag = rows.index_week[study.spells["person"]].astype(int) - study.spells["admitted"]
    near = study.spells[(lag >= 1) & (lag <= LOOK_BACK)]
    np.bitwise_or.at(found, near["person"], near["conditions"])
    return found & np.uint16((1 << len(CONDITIONS)) - 1)
