"""From replicates to what a planner reads: bias, coverage, power, and the smallest effect that would be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from icpsim.base.kinds import Floats
from icpsim.evaluation.designs import DESIGNS
from icpsim.evaluation.designs.interface import Design
from icpsim.questions.designs.figure_names import AS_IT_IS, EFFECTS_OFF, SEPARATOR
from icpsim.questions.designs.sample_size import LEVEL, SMALLEST, UsualCare, power, standard_error
from icpsim.report.amounts import capital

Figures = Sequence[Mapping[str, float]]
"""One mapping a replicate, names as in :func:`icpsim.questions.designs.estimates.judged`."""
COST = "hospital_cost"


@dataclass(frozen=True, slots=True)
class DesignRow:
    """What one design found of one outcome with one length of follow-up, over replicates.

    Effects are log rate ratios, or pounds a patient. ``bias`` is the mean of estimates less truths, ``bias_se``
    its Monte Carlo error; ``empirical_se`` the spread of estimates about the truth, ``mean_se`` what the design
    says of it; ``coverage`` the share of 95% intervals that hold the truth, with 95% binomial limits (Wilson);
    ``power`` the share with p < 0.05, ``formula_power`` that of the standard formula (``nan``: none applies);
    ``smallest`` the smallest effect seen with 80% power, 2.80 times ``empirical_se``. ``false_alarms`` is the
    share with p < 0.05 when the programme has no effects, and ``null_bias`` the mean estimate then.
    """

    design: str
    variant: str
    outcome: str
    measure: str
    window: int
    replicates: int
    truth: float
    bias: float
    bias_se: float
    empirical_se: float
    mean_se: float
    coverage: float
    coverage_low: float
    coverage_high: float
    power: float
    formula_power: float
    smallest: float
    cases: float
    controls: float
    false_alarms: float = nan
    null_bias: float = nan
    null_bias_se: float = nan

    @property
    def about(self) -> Design:
        """The design itself."""
        return DESIGNS[self.design]

    @property
    def sound(self) -> bool:
        """Whether a programme's effect and its absence are found without visible bias.

        Not naive, at least three replicates, and both biases within two Monte Carlo errors or within a quarter of
        the spread of estimates, at which intervals still cover 94%.
        """
        known = np.isfinite([self.bias_se, self.null_bias_se]).all()
        slack = 0.25 * self.empirical_se
        pairs = ((self.bias, self.bias_se), (self.null_bias, self.null_bias_se))
        near = all(abs(bias) <= max(2.0 * se, slack) for bias, se in pairs)
        return bool(known and near and self.replicates >= 3 and not self.about.naive)


def summarise(figures: Figures) -> tuple[DesignRow, ...]:
    """Return a row for each design, variant, outcome and window that any replicate estimated."""
    return tuple(row for key in estimated_rows(figures) for row in _row(figures, key))


def estimated_rows(figures: Figures) -> list[str]:
    """Return ``window|design|variant|outcome`` of all that any replicate estimated, by window and design."""
    keys = dict.fromkeys(
        name.removeprefix(AS_IT_IS + SEPARATOR).removesuffix(f"{SEPARATOR}estimate")
        for row in figures
        for name in row
        if name.startswith(AS_IT_IS + SEPARATOR) and name.endswith(f"{SEPARATOR}estimate")
    )
    order = {name: place for place, name in enumerate(DESIGNS)}

    def place(key: str) -> tuple[int, int]:
        window, design, *_ = key.split(SEPARATOR)
        return int(window), order[design]

    return sorted(keys, key=place)


def problems(figures: Figures) -> list[str]:
    """Return a sentence for each design that could not be done in some replicate, with the first reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in figures:
        for name in row:
            parts = name.split(SEPARATOR)
            if len(parts) > 3 and parts[0] == AS_IT_IS and parts[3] == "problem":
                found.setdefault((parts[2], parts[1]), []).append(SEPARATOR.join(parts[4:]))
    return [
        f"{capital(DESIGNS[design].title)}, {window} weeks: not done in {len(reasons)} of {len(figures)}"
        f" replicates: {reasons[0]}"
        for (design, window), reasons in found.items()
    ]


def _row(figures: Figures, key: str) -> Iterator[DesignRow]:
    window, design, variant, outcome = key.split(SEPARATOR)
    values = readings(figures, f"{AS_IT_IS}{SEPARATOR}{key}")
    error = values["estimate"] - values["truth"]
    kept = np.isfinite(error) & (values["se"] > 0)
    n = int(kept.sum())
    if n == 0:
        return
    error, se, held = error[kept], values["se"][kept], int(covered(values).sum())
    limits = stats.binomtest(held, n).proportion_ci(method="wilson")
    spread = float(error.std(ddof=1)) if n > 1 else nan
    row = DesignRow(
        design=design,
        variant=variant,
        outcome=outcome,
        measure="difference_gbp" if outcome == COST else "rate_ratio",
        window=int(window),
        replicates=n,
        truth=float(values["truth"][kept].mean()),
        bias=float(error.mean()),
        bias_se=spread / np.sqrt(n),
        empirical_se=spread,
        mean_se=float(se.mean()),
        coverage=held / n,
        coverage_low=float(limits.low),
        coverage_high=float(limits.high),
        power=float((values["p_value"][kept] < LEVEL).mean()),
        formula_power=_formula(figures, window, design, variant, outcome),
        smallest=SMALLEST * spread,
        cases=float(values["cases"][kept].mean()),
        controls=float(values["controls"][kept].mean()),
    )
    yield _with_null(row, readings(figures, f"{EFFECTS_OFF}{SEPARATOR}{key}"))


def covered(values: Mapping[str, Floats]) -> NDArray[np.bool_]:
    """Return whether each replicate's own 95% interval holds its truth, of replicates that gave a number."""
    error = np.abs(values["estimate"] - values["truth"])
    kept = np.isfinite(error) & (values["se"] > 0)
    found: NDArray[np.bool_] = error[kept] <= stats.t.isf(LEVEL / 2, values["df"][kept]) * values["se"][kept]
    return found


def _with_null(row: DesignRow, values: dict[str, Floats]) -> DesignRow:
    error = values["estimate"] - values["truth"]
    kept = np.isfinite(error) & (values["se"] > 0)
    n = int(kept.sum())
    if n == 0:
        return row
    return replace(
        row,
        false_alarms=float((values["p_value"][kept] < LEVEL).mean()),
        null_bias=float(error[kept].mean()),
        null_bias_se=float(error[kept].std(ddof=1) / np.sqrt(n)) if n > 1 else nan,
    )


def readings(figures: Figures, at: str) -> dict[str, Floats]:
    """Return a row's figures in every replicate, NaN where there is none; float64[replicates] each."""
    names = ("estimate", "truth", "se", "df", "p_value", "cases", "controls")
    return {
        name: np.array([row.get(f"{at}{SEPARATOR}{name}", nan) for row in figures], np.float64) for name in names
    }


def _formula(figures: Figures, window: str, design: str, variant: str, outcome: str) -> float:
    """Return the power that a textbook gives a trial of this size, mean rate, spread and clustering.

    The mean over replicates of the power at each one's true effect; what describes usual care is pooled over them.
    """
    kind = DESIGNS[design].trial
    if variant or kind not in ("person", "practice"):
        return nan
    at = SEPARATOR.join((AS_IT_IS, window, design, "", outcome))

    def of(name: str) -> Floats:
        return np.array([row.get(f"{at}{SEPARATOR}{name}", nan) for row in figures], np.float64)

    icc = float(np.nanmean(of("icc"))) if kind == "practice" and np.isfinite(of("icc")).any() else 0.0
    mean, variance, size = (float(np.nanmean(of(name))) for name in ("mean", "variance", "size"))
    care = UsualCare(mean, variance, icc, size)
    people = float(np.nanmean(of("cases"))), float(np.nanmean(of("controls")))
    df = float(np.nanmean(of("df")))
    if not care.mean > 0:
        return nan
    chances = [
        power(effect, standard_error(care, people, effect, ratio=outcome != COST), df)
        for effect in of("truth")
        if np.isfinite(effect)
    ]
    return float(np.mean(chances)) if chances else nan
