"""What an evaluation design is: records in, estimates out, and whose true effect it means to find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from scipy import stats

from icpsim.evaluation.costs import Prices
from icpsim.evaluation.observation import NOBODY, LeftOut
from icpsim.evaluation.types import Measure
from icpsim.records.schema import HospitalRecords

Weeks = tuple[int, int]

Estimand = Literal["cases", "everyone eligible", "allocated"]
"""Whose true effect, and when.

``cases``: people enrolled, from their index week over the window. ``everyone eligible``: everybody of the age on
the lists of pilot practices, enrolled or not, over ``DesignOptions.after``. ``allocated``: people whom a trial
allocated to the programme, enrolled or not, from their week of allocation over the window.
"""

Trial = Literal["none", "person", "practice", "steps"]
"""How the programme must have been allocated for a design to be possible: as a scenario's ``trial.by`` has it."""


@dataclass(frozen=True, slots=True)
class DesignOptions:
    """What every design is told. Weeks are counted from week 0 of the records.

    ``programme_start`` and ``programme_weeks`` say when people were enrolled; ``window_weeks`` is the length of
    follow-up and ``before_weeks`` that of the time before, compared as a rate (None: as long); ``max_reuse``,
    ``caliper`` and ``screen_share`` are those of matching (EvaluationDesign). Raises ``ValueError`` on impossible
    values.
    """

    programme_start: int
    programme_weeks: int
    window_weeks: int = 26
    controls_per_case: int = 5
    min_age: float = 50
    max_reuse: int = 1
    caliper: float = 1.0
    screen_share: float = 0.2
    before_weeks: int | None = None

    def __post_init__(self) -> None:
        if self.programme_start < 0:
            raise ValueError(f"programme_start must not be below 0, not {self.programme_start}")
        positive = "programme_weeks", "window_weeks", "controls_per_case", "max_reuse", "caliper", "weeks_before"
        for name in positive:
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, not {getattr(self, name)}")

    @property
    def weeks_before(self) -> int:
        """Weeks before that count."""
        return self.window_weeks if self.before_weeks is None else self.before_weeks

    @property
    def before(self) -> Weeks:
        """Weeks ``from <= w < to`` of the time before that ends where the programme starts."""
        return self.programme_start - self.weeks_before, self.programme_start

    @property
    def after(self) -> Weeks:
        """Weeks ``from <= w < to`` of the window that begins where enrolment ends."""
        end = self.programme_start + self.programme_weeks
        return end, end + self.window_weeks


@dataclass(frozen=True, slots=True)
class DesignEstimate:
    """One outcome's effect by one design: a log rate ratio, or pounds a patient over the window.

    ``variant`` tells apart several estimates of one design ("" for the only one); ``cases`` and ``controls`` are
    people in each group; ``df`` the degrees of freedom of the t distribution that its interval is read from
    (infinite: normal); ``cases_left_out`` and ``controls_left_out`` how many people of each group were not seen in
    whole windows, by reason. ``nan`` where a group had no event.
    """

    design: str
    outcome: str
    measure: Measure
    estimate: float
    se: float
    cases: int
    controls: int
    variant: str = ""
    df: float = float("inf")
    cases_left_out: LeftOut = NOBODY
    controls_left_out: LeftOut = NOBODY

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95% interval."""
        reach = float(stats.t.ppf(0.975, self.df)) * self.se
        return self.estimate - reach, self.estimate + reach

    @property
    def p_value(self) -> float:
        """Return the two-sided p-value against no effect; ``nan`` without an estimate or an error."""
        if not (np.isfinite(self.estimate) and self.se > 0):
            return float("nan")
        return float(2.0 * stats.t.sf(abs(self.estimate / self.se), self.df))


def titled(title: str, variant: str, *, naive: bool) -> str:
    """Return a design's title with its variant, and that it is naive if it is."""
    return title + (f" ({variant})" if variant else "") + (" (naive)" if naive else "")


class Design(Protocol):
    """A way to estimate a programme's effect from records.

    ``name`` is what it is called in scenarios and commands, ``title`` in tables; ``naive`` says that it is shown
    for what it does wrong, not to be used; ``trial`` how the programme must have been allocated.
    """

    @property
    def name(self) -> str:
        """Its name, in snake case."""
        ...

    @property
    def title(self) -> str:
        """Its name in words."""
        ...

    @property
    def estimand(self) -> Estimand:
        """Whose true effect it means to find."""
        ...

    @property
    def naive(self) -> bool:
        """Whether it is shown only because people use it."""
        ...

    @property
    def trial(self) -> Trial:
        """How the programme must have been allocated."""
        ...

    def estimate(
        self, records: HospitalRecords, options: DesignOptions, prices: Prices
    ) -> tuple[DesignEstimate, ...]:
        """Return an estimate of each outcome it can tell of. Raises ``EvaluationError`` when there is none."""
        ...
