"""A question asked of many replicates: run on as many workers as there are, kept as it goes, read by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from icpsim.base.kinds import Floats, Progress
from icpsim.questions.compare.arms import Arm, check_arms
from icpsim.questions.compare.unit import ENROLLED_ALONE, PAST, WITHOUT, ComparedArms
from icpsim.questions.errors import ComparisonError
from icpsim.runs.engine import Workers, run_what_can
from icpsim.runs.errors import Failure


@dataclass(frozen=True, slots=True)
class Comparison:
    """What every replicate found in every arm; ``figures`` holds one mapping a replicate, names as in the unit."""

    arms: tuple[Arm, ...]
    seed: int
    figures: tuple[dict[str, float], ...]
    drawn: bool = True
    failed: tuple[str, ...] = ()

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.figures)

    def values(self, place: int, name: str) -> Floats:
        """Return an arm's figure in every replicate; NaN where it has none. float64[replicates]."""
        return self._read(f"{place}/{name}")

    def without(self, place: int, name: str) -> Floats:
        """Return the same figure of the arm's world without a programme; float64[replicates]."""
        nothing = float("nan")
        pasts = [f"{WITHOUT}{int(row[f'{place}/{PAST}'])}" for row in self.figures]
        found = [row.get(f"{past}/{name}", nothing) for past, row in zip(pasts, self.figures, strict=True)]
        return np.array(found, np.float64)

    def names(self, place: int, start: str) -> list[str]:
        """Return the names of an arm's figures that begin so, in the order in which they were counted."""
        head = f"{place}/{start}"
        cut = len(f"{place}/")
        return [name[cut:] for name in self.figures[0] if name.startswith(head)]

    def same_past(self, a: int, b: int) -> bool:
        """Whether two arms have the same world without a programme."""
        return self.figures[0][f"{a}/{PAST}"] == self.figures[0][f"{b}/{PAST}"]

    def list_wide(self, place: int) -> bool:
        """Whether an arm has effects on whole lists, so that it was lived without them too."""
        head = f"{place}{ENROLLED_ALONE}/"
        return any(name.startswith(head) for row in self.figures for name in row)

    def problems(self) -> list[str]:
        """Return a sentence for each replicate left out, and for each arm's evaluation that failed in some."""
        found = [f"left out: {text}" for text in self.failed]
        for place, arm in enumerate(self.arms):
            head = f"{place}/problem|"
            reasons = [name.removeprefix(head) for row in self.figures for name in row if name.startswith(head)]
            if reasons:
                found.append(
                    f"{arm.label}: evaluated in {self.replicates - len(reasons)} of {self.replicates} replicates:"
                    f" {reasons[0]}"
                )
        return found

    def _read(self, name: str) -> Floats:
        return np.array([row.get(name, float("nan")) for row in self.figures], np.float64)


def compare(
    arms: Sequence[Arm],
    replicates: int,
    seed: int,
    workers: Workers = 1,
    progress: Progress = lambda *_: None,
    *,
    drawn: bool = True,
    evaluated: bool = True,
    work: Path | None = None,
) -> Comparison:
    """Simulate arms on the same people and draws, replicate by replicate.

    ``work`` is a folder in which finished replicates are kept, so that the same command goes on where it was
    stopped. A replicate that fails in one arm is left out of all, and told. Raises ComparisonError when arms
    cannot stand beside each other, and when no replicate could be simulated.
    """
    check_arms(arms)
    units = [ComparedArms(tuple(arms), seed, number, drawn, evaluated) for number in range(replicates)]
    what = f"simulating {len(arms)} arms" if len(arms) > 1 else "simulating"
    found = run_what_can(units, workers, progress, what, work)
    failed = tuple(str(one) for one in found if isinstance(one, Failure))
    done = tuple(one for one in found if not isinstance(one, Failure))
    if not done:
        raise ComparisonError(f"no replicate could be simulated: {failed[0]}")
    return Comparison(tuple(arms), seed, done, drawn, failed)


def finite(values: Iterable[float]) -> Floats:
    """Return the values that are numbers; float64[n]."""
    found: Any = np.array(list(values), np.float64)
    kept: Floats = found[np.isfinite(found)]
    return kept
