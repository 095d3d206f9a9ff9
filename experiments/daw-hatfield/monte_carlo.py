"""Matching before difference-in-differences, and the regression to the mean it brings: a Monte Carlo.

The question and the pattern are those of Daw and Hatfield 2018 (Health Serv Res 53, doi 10.1111/1475-6773.12993):
two groups from different populations, a placebo programme, DiD on everyone or on pairs matched before the
programme. ``uv run python experiments/daw-hatfield/monte_carlo.py [--replicates N] [--write]`` prints a table;
``--write`` also keeps it as JSON, draws the picture and puts the table into the README beside this file.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.base.randomness import REGISTRY, combine, draws, normal_quantiles, replicate_key

Floats = NDArray[np.float64]

HERE = Path(__file__).parent
MARK = re.compile(r"<!-- result -->.*<!-- end -->", re.DOTALL)
SHOCK = REGISTRY.decision("Daw and Hatfield's Monte Carlo: shock of a unit in a period")
NOISE = REGISTRY.decision("Daw and Hatfield's Monte Carlo: noise of an outcome beside its covariate")
SEED = 1
UNITS = 500
"""Units in each group. This and the other sizes are the icpsim team's: the paper's could not be seen."""
BEFORE, AFTER = 5, 5
"""Periods before and after the placebo programme."""
CALIPER = 0.1
"""Greatest distance of a pair, in SD of the matching variable within a group."""
DIFFERENCES = (0.0, 0.25, 0.5, 1.0)
"""Differences between the groups: of level in SD of the outcome, of trend in SD over all periods before."""
CORRELATIONS = (0.0, 0.4, 0.8, 0.95)
"""Serial correlations: of one period's deviation with the next period's (first-order autoregression)."""
PERIOD = np.arange(BEFORE + AFTER)
PRE_MEAN = np.where(PERIOD < BEFORE, 1.0 / BEFORE, 0.0)
POST_MEAN = np.where(PERIOD >= BEFORE, 1.0 / AFTER, 0.0)
CHANGE = POST_MEAN - PRE_MEAN
"""Weights of the periods in a unit's change, mean after less mean before."""
_CENTRED = np.where(PERIOD < BEFORE, PERIOD - (BEFORE - 1) / 2, 0.0)
PRE_SLOPE = _CENTRED / (_CENTRED @ _CENTRED)
"""Weights of the periods in a unit's least-squares slope before the programme."""
LEVEL_SHAPE = np.ones(PERIOD.size)
TREND_SHAPE = (PERIOD - (BEFORE - 1) / 2) / BEFORE
"""How a difference of trend runs over the periods: on average nothing before the programme."""


@dataclass(frozen=True, slots=True)
class Case:
    """How the groups differ (``shape`` float64[periods] a unit of difference) and what pairs agree on.

    ``matched_on`` float64[periods] are weights of the periods; with ``through_covariate`` they are of a covariate
    that the outcome follows with noise of its own, otherwise of the outcome.
    """

    name: str
    shape: Floats
    matched_on: Floats
    through_covariate: bool = False


CASES = (
    Case("level differs, matched on level", LEVEL_SHAPE, PRE_MEAN),
    Case("a covariate's level differs, matched on it", LEVEL_SHAPE, PRE_MEAN, through_covariate=True),
    Case("trend differs, matched on level", TREND_SHAPE, PRE_MEAN),
    Case("trend differs, matched on trend", TREND_SHAPE, PRE_SLOPE),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One case at one difference and serial correlation: what ``replicates`` estimates of no effect came to.

    ``bias`` is the mean estimate and ``se`` its Monte Carlo error; ``deviation`` the mean absolute estimate (the
    paper's measure); ``expected`` what theory says of the pairs that were made and ``miss`` how far their mean
    estimate is from it, with its Monte Carlo error.
    """

    case: str
    difference: float
    correlation: float
    replicates: int
    unmatched_bias: float
    unmatched_se: float
    unmatched_deviation: float
    matched_bias: float
    matched_se: float
    matched_deviation: float
    expected: float
    miss: float
    miss_se: float
    added_se: float
    """Monte Carlo error of the matched bias less the unmatched one."""
    share_matched: float


def covariance(correlation: float) -> Floats:
    """Return the covariance of a unit's deviations, variance 1; float64[periods, periods]."""
    return correlation ** np.abs(PERIOD[:, None] - PERIOD).astype(np.float64)


def deviations(replicate: int, correlation: float) -> tuple[Floats, Floats]:
    """Return the deviations from the group's mean, and noise beside them; float64[2 * UNITS, periods] each.

    The shocks are keyed by replicate, unit and period, so that every cell of the table has the same ones.
    """
    keys = np.array([combine(replicate_key(SEED, replicate), np.uint64(u)) for u in range(2 * UNITS)], np.uint64)
    shock, noise = (
        np.column_stack([normal_quantiles(draws(keys, decision, int(t))) for t in PERIOD])
        for decision in (SHOCK, NOISE)
    )
    path = shock.copy()
    for t in PERIOD[1:]:
        path[:, t] = correlation * path[:, t - 1] + math.sqrt(1.0 - correlation**2) * shock[:, t]
    return path, noise


@njit(cache=False)
def nearest_pairs(treated, control, caliper):  # type: ignore[no-untyped-def]
    """Return each treated unit's control (-1: none): the nearest one not yet taken, within the caliper.

    Units come in the order in which they stand, which says nothing about them.
    """
    partner, taken = np.full(treated.size, -1), np.zeros(control.size, np.bool_)
    for i in range(treated.size):
        nearest, found = caliper, -1
        for j in range(control.size):
            distance = abs(treated[i] - control[j])
            if not taken[j] and distance <= nearest:
                nearest, found = distance, j
        if found >= 0:
            partner[i], taken[found] = found, True
    return partner


def slope_on_matching_variable(case: Case, correlation: float) -> float:
    """Return how much of a deviation in the matching variable a unit's change is expected to give back."""
    spread = covariance(correlation)
    return float(CHANGE @ spread @ case.matched_on / (case.matched_on @ spread @ case.matched_on))


def estimates(case: Case, difference: float, correlation: float, path: Floats, noise: Floats) -> Floats:
    """Return one replicate's estimates (unmatched, matched), the matched one expected, and the share matched.

    ``path`` and ``noise`` as from :func:`deviations`. With normal deviations, the change of matched units is
    expected to differ by the groups' own difference plus the slope above times the difference of their
    deviations, whichever units were matched.
    """
    treated = np.arange(2 * UNITS) < UNITS
    driver = path + difference * treated[:, None] * case.shape
    outcome = driver + noise if case.through_covariate else driver
    change, seen = outcome @ CHANGE, driver @ case.matched_on
    unmatched = change[treated].mean() - change[~treated].mean()
    spread = math.sqrt(case.matched_on @ covariance(correlation) @ case.matched_on)
    partner = nearest_pairs(seen[treated], seen[~treated], CALIPER * spread)
    paired = partner >= 0
    mine, theirs = np.flatnonzero(paired), UNITS + partner[paired]
    matched = change[mine].mean() - change[theirs].mean()
    gap = seen[mine].mean() - seen[theirs].mean()
    slope = slope_on_matching_variable(case, correlation)
    own_change, own_seen = difference * (case.shape @ CHANGE), difference * (case.shape @ case.matched_on)
    return np.array([unmatched, matched, own_change + slope * (gap - own_seen), paired.mean()])


def _error(values: Floats) -> float:
    return float(values.std(ddof=1) / math.sqrt(values.size))


def summarise(case: Case, difference: float, correlation: float, found: Floats) -> Cell:
    """Return one cell from its replicates' estimates, float64[replicates, 4] as from :func:`estimates`."""
    unmatched, matched, expected, share = found.T
    return Cell(
        case.name,
        difference,
        correlation,
        len(found),
        float(unmatched.mean()),
        _error(unmatched),
        float(np.abs(unmatched).mean()),
        float(matched.mean()),
        _error(matched),
        float(np.abs(matched).mean()),
        float(expected.mean()),
        float((matched - expected).mean()),
        _error(matched - expected),
        _error(matched - unmatched),
        float(share.mean()),
    )


def run(replicates: int) -> list[Cell]:
    """Run every case at every difference and serial correlation."""
    kept: dict[tuple[int, float, float], list[Floats]] = {}
    for replicate in range(replicates):
        for correlation in CORRELATIONS:
            path, noise = deviations(replicate, correlation)
            for number, case in enumerate(CASES):
                for difference in DIFFERENCES:
                    row = estimates(case, difference, correlation, path, noise)
                    kept.setdefault((number, difference, correlation), []).append(row)
    return [summarise(CASES[n], difference, rho, np.array(rows)) for (n, difference, rho), rows in kept.items()]


def table(cells: list[Cell]) -> str:
    """Return the result as Markdown, a table a case."""
    lines = [
        f"{cells[0].replicates} replicates of {UNITS} treated and {UNITS} control units, {BEFORE} periods before "
        f"and {AFTER} after, pairs within {CALIPER:g} SD, SD of the outcome 1. In brackets: Monte Carlo standard "
        "errors.",
    ]
    for case in CASES:
        lines += [
            "",
            f"**{case.name.capitalize()}**",
            "",
            "| difference | serial correlation | unmatched: bias | matched: bias | theory | "
            "mean absolute deviation, unmatched | matched | share matched |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for cell in sorted(cells, key=lambda c: (c.difference, c.correlation)):
            if cell.case == case.name:
                lines.append(
                    f"| {cell.difference:g} | {cell.correlation:g} | {cell.unmatched_bias:+.3f} "
                    f"({cell.unmatched_se:.3f}) | {cell.matched_bias:+.3f} ({cell.matched_se:.3f}) | "
                    f"{cell.expected:+.3f} | {cell.unmatched_deviation:.3f} | {cell.matched_deviation:.3f} | "
                    f"{cell.share_matched:.0%} |"
                )
    return "\n".join(lines)


def draw(cells: list[Cell], path: Path) -> None:
    """Draw the bias against the serial correlation, a panel a case: matched in colour, unmatched dashed."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12.8, 7.2), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    colours = ("#999999", "#56B4E9", "#0072B2", "#D55E00")
    for axis, case in zip(figure.subplots(2, 2, sharex=True).flat, CASES, strict=True):
        for difference, colour in zip(DIFFERENCES, colours, strict=True):
            mine = [c for c in cells if c.case == case.name and c.difference == difference]
            rho = [c.correlation for c in mine]
            errors = [1.96 * c.matched_se for c in mine]
            axis.plot(rho, [c.unmatched_bias for c in mine], color=colour, linestyle="--", linewidth=1.5)
            axis.errorbar(
                rho, [c.matched_bias for c in mine], errors, color=colour, marker="o", label=f"{difference:g}"
            )
        axis.set_title(case.name.capitalize(), fontsize=13, loc="left")
        axis.axhline(0.0, color="#000000", linewidth=0.8)
        axis.set_ylabel("bias, SD of the outcome")
        for side in ("top", "right"):
            axis.spines[side].set_visible(False)
    for axis in figure.axes[2:]:
        axis.set_xlabel("serial correlation")
    figure.axes[0].legend(title="difference, SD", frameon=False)
    figure.suptitle(
        "DiD of a programme that does nothing: matched (points, 95% Monte Carlo intervals), unmatched (dashed)",
        fontsize=14,
        fontweight="bold",
    )
    figure.savefig(path, metadata={"Software": None})


def main() -> None:
    """Print the table; keep it when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--write", action="store_true", help="keep the table, the picture and the numbers")
    asked = parser.parse_args()
    if asked.replicates < 2:
        parser.error("--replicates must be at least 2: a Monte Carlo error needs two")
    cells = run(asked.replicates)
    text = table(cells)
    print(text)
    if asked.write:
        numbers = json.dumps([asdict(cell) for cell in cells], indent=1)
        (HERE / "result.json").write_text(numbers + "\n", encoding="utf-8")
        draw(cells, HERE / "bias.png")
        page = HERE / "README.md"
        kept = MARK.sub(f"<!-- result -->\n{text}\n<!-- end -->", page.read_text(encoding="utf-8"))
        page.write_text(kept, encoding="utf-8")


if __name__ == "__main__":
    main()
