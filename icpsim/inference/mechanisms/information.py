"""Which further statistic would tell the explanations apart: expected information, from the model.

For a point of the posterior a further statistic is drawn as that point would give it; the posterior is weighted
anew with it; how much surer it is, on average over points, is what the statistic is expected to tell (Lindley
1956, Ann Math Stat 27).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats
from icpsim.inference.mechanisms.emulator import Emulator
from icpsim.inference.mechanisms.known_truth import noise_beyond_chance
from icpsim.inference.mechanisms.priors import EXPLANATIONS

FURTHER: Mapping[str, tuple[str, ...]] = {
    "deaths of cases and controls": ("cm_deaths",),
    "emergency admissions by month": tuple(f"cm_emergency_month_{k}" for k in range(1, 7)),
    "A&E attendances": ("cm_ae",),
    "ambulatory-care-sensitive admissions": ("cm_acs_emergency",),
    "bed days": ("cm_bed_days",),
    "trend before enrolment": ("cm_trend",),
    "the other sites' months and deaths": (*(f"all_emergency_month_{k}" for k in range(1, 7)), "all_deaths"),
}
"""Further statistics that an evaluation could have printed, and what they are called among simulated ones."""

ALL = "all of these"


@dataclass(frozen=True, slots=True)
class Information:
    """What one further statistic is expected to tell.

    ``bits`` about which explanation is at work; ``effect_sd`` and ``parameter_sd`` float64[priors]: standard
    deviations after it over those before, of the true effect on emergency admissions and of parameters.
    """

    statistic: str
    bits: float
    effect_sd: float
    parameter_sd: Floats


def further_statistics() -> tuple[str, ...]:
    """Return the names of all statistics that FURTHER speaks of, in order."""
    return tuple(dict.fromkeys(name for names in FURTHER.values() for name in names))


def expected_information(
    emulator: Emulator,
    aims: Sequence[str],
    observed: Floats,
    covariance: Floats,
    unit: Floats,
    explanation: NDArray[np.int64],
    effect: Floats,
    values: Floats,
) -> tuple[Information, ...]:
    """Return what each further statistic, and all together, would tell; ``unit`` etc. are equally weighted draws.

    ``emulator`` holds aims and further statistics, and how they share chance; ``covariance`` is that of the
    observed aims; ``effect`` float64[n] the true effect.
    """
    sets = {**FURTHER, ALL: further_statistics()}
    return tuple(
        _told(what, emulator.only([*aims, *names]), observed, covariance, unit, explanation, effect, values)
        for what, names in sets.items()
    )


def _told(
    what: str,
    emulator: Emulator,
    observed: Floats,
    covariance: Floats,
    unit: Floats,
    explanation: NDArray[np.int64],
    effect: Floats,
    values: Floats,
) -> Information:
    mean, spread = _given_observed(emulator, observed, covariance, unit)
    factor = np.linalg.cholesky(spread)
    drawn = mean + noise_beyond_chance(np.ones(mean.shape[1]), len(mean), salt=1) @ factor.T
    z = np.linalg.solve(factor, mean.T).T
    y = np.linalg.solve(factor, drawn.T).T
    log = -0.5 * ((y[:, None, :] - z[None, :, :]) ** 2).sum(axis=2)
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    before = np.bincount(explanation, minlength=len(EXPLANATIONS)) / len(explanation)
    after = np.column_stack([weight[:, explanation == k].sum(axis=1) for k in range(len(EXPLANATIONS))])
    kept = np.maximum(values.std(axis=0), 1e-12)
    return Information(
        what,
        entropy(before) - float(np.mean([entropy(row) for row in after])),
        _sd_after(weight, effect[:, None])[0] / max(float(effect.std()), 1e-12),
        _sd_after(weight, values) / kept,
    )


def _given_observed(
    emulator: Emulator, observed: Floats, covariance: Floats, unit: Floats
) -> tuple[Floats, Floats]:
    """Return mean (float64[n, k]) and covariance of the further statistics, given the observed ones."""
    k = len(observed)
    mean = emulator.mean(unit)
    shared = emulator.chance[k:, :k]
    pull = np.linalg.solve(covariance, shared.T).T
    unknown = np.diag(emulator.variance(unit)[:, k:].mean(axis=0))
    spread = emulator.chance[k:, k:] + unknown - pull @ shared.T
    return mean[:, k:] + (observed - mean[:, :k]) @ pull.T, spread


def entropy(p: Floats) -> float:
    """Return the entropy of probabilities in bits."""
    kept = p[p > 0]
    return float(-(kept * np.log2(kept)).sum())


def _sd_after(weight: Floats, values: Floats) -> Floats:
    mean = weight @ values
    variance = weight @ values**2 - mean**2
    found: Floats = np.sqrt(np.maximum(variance, 0.0).mean(axis=0))
    return found
