"""How a trial allocates: people or practices, by draws of their own, in fixed numbers within each site."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.base.randomness import REGISTRY, draw, draws
from icpsim.records.schema import ALLOCATION, NEVER, TrialArm

PERSON = REGISTRY.decision("allocation of a person in a trial")
PRACTICE = REGISTRY.decision("allocation of a practice in a trial")
ROUNDING = REGISTRY.decision("rounding of a trial's numbers")
IDENTIFIED = REGISTRY.decision("rounding of the people whom a trial identifies")


def rounded(expected: float, key: np.uint64, decision: np.uint64, week: int) -> int:
    """Return a whole number next to ``expected``, by a draw, so that its mean is ``expected``."""
    return int(expected + draw(key, decision, week))


def allocate_people(keys: NDArray[np.uint64], share: float, site_key: np.uint64, week: int) -> NDArray[np.bool_]:
    """Return who of the people identified in a week goes to the programme; bool[people].

    The number is the share of them (rounded by a draw), whoever they are: allocation is complete within site
    and week.
    """
    wanted = min(rounded(len(keys) * share, site_key, ROUNDING, week), len(keys))
    chosen = np.zeros(len(keys), np.bool_)
    chosen[np.argsort(draws(keys, PERSON, week), kind="stable")[:wanted]] = True
    return chosen


def practice_starts(keys: NDArray[np.uint64], share: float, site_key: np.uint64, start: int) -> NDArray[np.int64]:
    """Return the week from which each practice of a site has the programme (NEVER: usual care); int64[n].

    At least one practice of the site (of two or more) is in each arm.
    """
    n = len(keys)
    wanted = min(max(rounded(n * share, site_key, ROUNDING, 0), 1), n - 1)
    weeks = np.full(n, int(NEVER), np.int64)
    weeks[np.argsort(draws(keys, PRACTICE, 0), kind="stable")[:wanted]] = start
    return weeks


def step_starts(
    keys: NDArray[np.uint64], steps: int, site_key: np.uint64, start: int, weeks: int
) -> NDArray[np.int64]:
    """Return the week from which each practice of a site has the programme in a stepped wedge; int64[practices].

    ``steps`` starts part the programme's ``weeks`` into equal periods, in the first of which nobody has the
    programme and in the last everybody. A site's practices are spread evenly over the steps, at random.
    """
    n = len(keys)
    place = np.empty(n, np.int64)
    place[np.argsort(draws(keys, PRACTICE, 0), kind="stable")] = np.arange(n)
    luck = float(draw(site_key, ROUNDING, 0))
    step = np.floor((place + luck) * steps / n).astype(np.int64) % steps
    found: NDArray[np.int64] = start + (step + 1) * weeks // (steps + 1)
    return found


class Allocations:
    """Whom a model's trials have allocated, when and to what, of everyone on pilot lists."""

    def __init__(self, people: int) -> None:
        self._week = np.full(people, NEVER)
        self._arm = np.zeros(people, np.uint8)

    def add(self, rows: NDArray[np.integer], week: int, programme: NDArray[np.bool_]) -> None:
        """Write down people identified this week, and who of them goes to the programme (bool[people])."""
        self._week[rows] = week
        self._arm[rows] = np.where(programme, TrialArm.PROGRAMME, TrialArm.USUAL_CARE)

    def not_yet(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of these rows who have not been allocated."""
        return rows[self._week[rows] == NEVER]

    def table(self, site_of: NDArray[np.integer]) -> NDArray[np.void]:
        """Return one row a person allocated (ALLOCATION), in order of person; ``site_of`` is everyone's site."""
        rows = np.flatnonzero(self._week != NEVER)
        table = np.zeros(len(rows), ALLOCATION)
        table["person"], table["week"], table["arm"] = rows, self._week[rows], self._arm[rows]
        table["site"] = site_of[rows]
        return table
