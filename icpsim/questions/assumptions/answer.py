"""Which assumed numbers move a headline result: each set to either end of its range, one at a time.

Every RECALL or JUDGEMENT number is moved alone, on the same replicate with the same draws, and the headline
effects, as the evaluation estimates them and as they truly are, are compared with those of the values in force.
The first replicate is run at the end of the range further from the value. A true effect is sharp: a move by more
than a tenth of the headline's 90% interval counts. An estimate moves by chance as soon as other controls are
matched. How far is read off the numbers that leave every true effect alone: a move counts when it is more than a
tenth and more than 95% of theirs. With more than one replicate, what counts on the first is run at both ends on
the others, and listed by the mean over them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from icpsim.base.intervals import further_value
from icpsim.base.kinds import Progress
from icpsim.data.tables import Parameter, load_tables
from icpsim.inference.scenario_unit import ScenarioUnit
from icpsim.records import outcomes
from icpsim.runs.engine import Store
from icpsim.scenario.schema import Scenario

HEADLINES = tuple(f"{kind} {outcome}" for kind in ("estimated", "true") for outcome in outcomes.HEADLINES)
"""Log rate ratios, and for cost GBP a patient."""
MOVED = 0.1
"""Share of a headline's 90% interval that a number must move it by, to be listed."""
STILL = 0.03
"""Share of every true headline's interval below which a number leaves the truth alone."""
CENTILE = 0.95
NOT_IN_A_STUDY = ("england", "economics", "programme_costs", "price_years")
ENDS = ("low", "high")
OF_CHILDREN = ("_0_4", "_5_14")
ADULT = 40.0
"""From this age on people were no children in the years of history either (curves join 10 and 30)."""


@dataclass(frozen=True, slots=True)
class StudyRun(ScenarioUnit):
    """One replicate of a scenario with some parameters at other values."""

    scenario: Scenario
    overrides: tuple[tuple[str, float], ...]
    seed: int
    replicate: int

    ABOUT: ClassVar[str] = ", one parameter moved"
    IN_FORCE: ClassVar[frozenset[str]] = frozenset({"scenario", "overrides"})

    def in_force(self) -> Scenario:
        """Return the scenario with the other values in force."""
        return self.scenario.model_copy(
            update={"parameters": {**self.scenario.parameters, **dict(self.overrides)}}
        )

    def run(self) -> dict[str, float]:
        """Run the replicate and return its headline effects; NaN where it could not be evaluated."""
        from icpsim.questions.run.replicate import run_replicate

        found = run_replicate(self.in_force(), self.seed, self.replicate)
        figures = dict.fromkeys(HEADLINES, float("nan"))
        if found.evaluation is not None:
            figures |= {f"estimated {e.outcome}": e.estimate for e in found.evaluation.effects}
            figures |= {f"true {t.outcome}": t.effect for t in found.truth}
        return {name: figures[name] for name in HEADLINES}


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """One assumed number and what it moves most.

    ``shift`` is the mean change of ``headline`` over ``replicates`` at the end of the range that changes it most,
    ``shift_se`` its standard error (NaN for one replicate), ``share`` its size over the headline's 90% interval,
    ``limit`` the share above which it is listed.
    """

    parameter: str
    value: float
    low: float
    high: float
    unit: str
    tag: str
    source: str
    note: str
    headline: str
    end: str
    shift: float
    shift_se: float
    share: float
    limit: float
    replicates: int

    @property
    def listed(self) -> bool:
        """Whether it moves a headline by more than a tenth of its interval, and not by chance."""
        return self.share > self.limit


@dataclass(frozen=True, slots=True)
class Assumptions:
    """All assumed numbers, most moving first; of each headline its interval's width and the share that counts."""

    scenario: str
    seed: int
    rows: tuple[AssumptionRow, ...]
    widths: dict[str, float]
    limits: dict[str, float]
    problems: tuple[str, ...]


def assumed_parameters(scenario: Scenario) -> tuple[Parameter, ...]:
    """Return every RECALL or JUDGEMENT number with a range that a study of this scenario reads.

    Not England's, not those of the economics, not capacity's when there is no feedback, and not those of children
    when nobody is one.
    """
    left_out = NOT_IN_A_STUDY if scenario.capacity_feedback else (*NOT_IN_A_STUDY, "capacity")
    too_young = OF_CHILDREN if scenario.study.min_age >= ADULT else ()
    return tuple(
        p
        for p in load_tables().parameters.values()
        if p.assumed and p.low < p.high and p.table not in left_out and not p.name.endswith(too_young)
    )


def _narrowed(parameter: Parameter, ranges: Mapping[str, tuple[float, float]]) -> Parameter:
    low, high = ranges.get(parameter.qualified, (parameter.low, parameter.high))
    return replace(parameter, low=low, high=high)


def one_at_a_time(
    scenario: Scenario,
    seed: int,
    store: Store,
    progress: Progress,
    base_replicates: int = 6,
    replicates: int = 1,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> Assumptions:
    """Move every assumed number to either end of its range and return what that does to the headlines.

    ``ranges`` stand in for the tables' ranges where a fit has left less of them.
    """
    chosen = tuple(_narrowed(p, ranges or {}) for p in assumed_parameters(scenario))
    numbers = range(max(base_replicates, replicates))
    base = _figures(store, [StudyRun(scenario, (), seed, k) for k in numbers], progress, "values in force")
    widths = np.array([_width(column) for column in base[:base_replicates].T])
    ends = [(further_end(parameter),) for parameter in chosen]
    first = _moved(store, scenario, seed, chosen, ends, [0], progress, "every assumption, one replicate") - base[0]
    limits = chance_limits(_share(first, widths)[:, 0, 0])
    moves: NDArray[np.bool_] = np.asarray((_share(first, widths) > limits).any(axis=(1, 2, 3))) & (replicates > 1)
    again = tuple(p for p, moved in zip(chosen, moves, strict=True) if moved)
    count, both = list(range(replicates)), [ENDS] * len(again)
    told = "those that move a headline, both ends, further replicates"
    more = iter(_moved(store, scenario, seed, again, both, count, progress, told) - base[:replicates])
    rows, problems = [], []
    for parameter, moved, alone, end in zip(chosen, moves, first, ends, strict=True):
        shift = next(more) if moved else alone
        if not np.isfinite(shift).all():
            problems.append(f"{parameter.qualified}: a replicate could not be evaluated at an end of its range")
        its = np.maximum(limits / np.sqrt(shift.shape[1]), MOVED)
        rows.append(_row(parameter, shift, widths, its, ENDS if moved else end))
    rows.sort(key=lambda row: -row.share / row.limit)
    named = [dict(zip(HEADLINES, values.tolist(), strict=True)) for values in (widths, limits)]
    return Assumptions(scenario.scenario, seed, tuple(rows), named[0], named[1], tuple(problems))


def chance_limits(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of each headline that counts on one replicate; ``share`` float64[parameters, headlines].

    A tenth; of an estimate also more than 95% of the numbers that leave every true effect alone.
    """
    true = np.array([name.startswith("true") for name in HEADLINES])
    still = (share[:, true] < STILL).all(axis=1)
    chance = np.quantile(share[still], CENTILE, axis=0) if still.any() else np.zeros(len(HEADLINES))
    limits: NDArray[np.float64] = np.where(true, MOVED, np.maximum(chance, MOVED))
    return limits


def _moved(
    store: Store,
    scenario: Scenario,
    seed: int,
    parameters: Sequence[Parameter],
    ends: Sequence[tuple[str, ...]],
    replicates: Sequence[int],
    progress: Progress,
    what: str,
) -> NDArray[np.float64]:
    """Return the headlines at these ends, as many for each; float64[parameters, ends, replicates, headlines]."""
    units = [
        StudyRun(scenario, ((p.qualified, getattr(p, end)),), seed, k)
        for p, its in zip(parameters, ends, strict=True)
        for end in its
        for k in replicates
    ]
    if not units:
        return np.empty((0, 1, len(replicates), len(HEADLINES)))
    shape = len(parameters), -1, len(replicates), len(HEADLINES)
    return _figures(store, units, progress, what).reshape(shape)


def further_end(parameter: Parameter) -> str:
    """Return the end of the range that lies further from the value (high when both are as far)."""
    return "low" if parameter.value - parameter.low > parameter.high - parameter.value else "high"


def _figures(store: Store, units: Sequence[StudyRun], progress: Progress, what: str) -> NDArray[np.float64]:
    found = store.figures(units, progress, what)
    return np.array([[one[name] for name in HEADLINES] for one in found]).reshape(-1, len(HEADLINES))


def _width(values: NDArray[np.float64]) -> float:
    interval = further_value(values)
    return interval.high - interval.low


def _share(shifts: NDArray[np.float64], widths: NDArray[np.float64]) -> NDArray[np.float64]:
    share: NDArray[np.float64] = np.nan_to_num(np.abs(shifts) / widths)
    return share


def _row(
    parameter: Parameter,
    shift: NDArray[np.float64],
    widths: NDArray[np.float64],
    limits: NDArray[np.float64],
    ends: tuple[str, ...],
) -> AssumptionRow:
    """Return the row of one parameter; ``shift`` is float64[ends, replicates, headlines]."""
    mean, n = shift.mean(axis=1), shift.shape[1]
    share = _share(mean, widths)
    end, headline = np.unravel_index(int((share / limits).argmax()), share.shape)
    column = shift[end, :, headline]
    return AssumptionRow(
        parameter=parameter.qualified,
        value=parameter.value,
        low=parameter.low,
        high=parameter.high,
        unit=parameter.unit,
        tag=parameter.tag,
        source=parameter.source,
        note=parameter.note,
        headline=HEADLINES[int(headline)],
        end=ends[int(end)],
        shift=float(mean[end, headline]),
        shift_se=float(column.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan"),
        share=float(share[end, headline]),
        limit=float(limits[headline]),
        replicates=n,
    )
