"""What an evaluation is asked to do and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, Protocol, get_args

import numpy as np

from icpsim.evaluation.balance import BalanceRow
from icpsim.evaluation.observation import LeftOut
from icpsim.records.outcomes import Measure
from icpsim.records.schema import Table

PAIR = np.dtype(
    [
        ("case", np.int32),
        ("control", np.int32),
        ("set", np.int32),
        ("index_week", np.int16),
        ("units", np.int16),
        ("weight", np.float64),
        ("distance", np.float64),
    ]
)
"""One row a matched control: person numbers, the matched set, for how many controls it counts (``units``), its
weight (that over the controls wanted or found) and its distance in SD of the scores."""

ControlsFrom = Literal["elsewhere", "same_area"]


@dataclass(frozen=True, slots=True)
class EvaluationDesign:
    """The choices an evaluator makes.

    ``caliper`` is the greatest matching distance in SD of the prognostic scores; ``max_reuse`` how often one
    person may serve as a control over all waves; ``screen_share`` the share kept of people without a recent
    emergency, chemotherapy or repeat-day-care record; ``prognostic_week`` the week at which the scores are
    learnt (by default ``weeks_before`` before the first index week, so that no follow-up is used).
    ``before_weeks`` is the time before the index week that the ``window_weeks`` after it are compared with, as a
    rate (None: as long as the window); the scores are learnt of as many weeks.
    ``controls_from`` says whose people may be controls: practices outside the pilots, or the pilots' own, of whom
    those are left out who are ever enrolled. Raises ``ValueError`` on impossible values.
    """

    controls_per_case: int = 5
    window_weeks: int = 26
    min_age: float = 50
    max_reuse: int = 1
    caliper: float = 1.0
    screen_share: float = 0.2
    look_back_weeks: int = 104
    prognostic_week: int | None = None
    controls_from: ControlsFrom = "elsewhere"
    before_weeks: int | None = None

    @property
    def weeks_before(self) -> int:
        """Return the weeks before the index week that count."""
        return self.window_weeks if self.before_weeks is None else self.before_weeks

    def __post_init__(self) -> None:
        positive = "controls_per_case", "window_weeks", "max_reuse", "look_back_weeks", "caliper", "weeks_before"
        for name in positive:
            if not getattr(self, name) > 0:
                raise ValueError(f"evaluation {name} must be above 0, not {getattr(self, name)}")
        if not 0 < self.screen_share <= 1:
            raise ValueError(f"evaluation screen_share must be in (0, 1], not {self.screen_share}")
        if self.controls_from not in get_args(ControlsFrom):
            names = " or ".join(get_args(ControlsFrom))
            raise ValueError(f"evaluation controls_from must be {names}, not {self.controls_from}")


class AsksForEvaluation(Protocol):
    """A scenario, as far as it says how it is evaluated: its part ``evaluation``, and the study's youngest age."""

    @property
    def evaluation(self) -> Any:
        """Return how the study is evaluated."""
        ...

    @property
    def study(self) -> Any:
        """Return the study's ages and calendar."""
        ...


def design_of(scenario: AsksForEvaluation) -> EvaluationDesign:
    """Return the evaluation design that a scenario asks for."""
    part = scenario.evaluation
    return EvaluationDesign(
        controls_per_case=part.controls_per_case,
        window_weeks=part.window_weeks,
        min_age=scenario.study.min_age,
        max_reuse=part.max_reuse,
        caliper=part.caliper,
        screen_share=part.screen_share,
    )


@dataclass(frozen=True, slots=True)
class OutcomeEffect:
    """One outcome's difference-in-differences.

    ``estimate``, ``corrected`` and ``person_time`` are log rate ratios, or pounds a patient for cost (which
    has no person-time variant: ``nan``). ``se`` is clustered on the person; ``se_set`` (matched set) and
    ``se_site`` are variants. Means are events (or pounds) a person over the window, controls weighted.
    ``nan`` where a group had no event.
    """

    outcome: str
    measure: Measure
    estimate: float
    se: float
    se_set: float
    se_site: float
    corrected: float
    corrected_se: float
    person_time: float
    before_cases: float
    after_cases: float
    before_controls: float
    after_controls: float

    @property
    def ratio(self) -> float:
        """Return the rate ratio; ``nan`` for a difference."""
        return float(np.exp(self.estimate)) if self.measure == "rate_ratio" else float("nan")

    @property
    def relative(self) -> float:
        """Return the change as a share of what cases would have had without the programme."""
        if self.measure == "rate_ratio":
            return self.ratio - 1.0
        return self.estimate / (self.after_cases - self.estimate)


@dataclass(frozen=True, slots=True)
class MonthlyEffect:
    """Emergency admissions in one month after the index week against the whole window before it."""

    month: int
    from_week: int
    to_week: int
    estimate: float
    se: float


@dataclass(frozen=True, slots=True)
class Support:
    """Whether the pool holds people like the cases at all.

    ``above_pool_top`` is the share of cases whose emergency score exceeds the 99th percentile of the pool;
    ``pool_ratio`` the pool over the pilots' own population of that age; distances are in SD of the scores.
    """

    pool: float
    pilot_population: float
    pool_ratio: float
    above_pool_top: float
    distance_median: float
    distance_p90: float
    distance_max: float
    controls_per_case: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that one evaluation finds. ``cases`` is the number with a control.

    ``controls`` is the number found of those wanted; one who stands for several counts for as many.
    ``controls_left_out`` counts possible controls without whole windows around any index week.
    """

    cases: int
    controls: int
    cases_unmatched: int
    cases_left_out: LeftOut
    controls_left_out: LeftOut
    effects: tuple[OutcomeEffect, ...]
    monthly: tuple[MonthlyEffect, ...]
    deaths_cases: float
    deaths_controls: float
    balance: tuple[BalanceRow, ...]
    support: Support
    pairs: Table
    warnings: tuple[str, ...]

    def effect(self, outcome: str) -> OutcomeEffect:
        """Return one outcome's effect. Raises ``KeyError`` naming the outcomes there are."""
        named = MappingProxyType({e.outcome: e for e in self.effects})
        if outcome not in named:
            raise KeyError(f"no outcome {outcome!r}; there are {', '.join(named)}")
        return named[outcome]
