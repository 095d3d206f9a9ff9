"""What an evaluation learns about the pool of controls, kept for further evaluations on the same pool."""

from __future__ import annotations

from dataclasses import dataclass, field

from icpsim.evaluation.cohort import Kept, Pool
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.pool_description import PoolDescription
from icpsim.evaluation.prognostic import PrognosticModel
from icpsim.evaluation.types import EvaluationDesign


@dataclass(slots=True)
class PoolMemory:
    """Who is in one replicate's pool, the prognostic model, and the pool's description at each index week.

    Pass one object to evaluations whose pool has the same records: it spares learning and describing the pool
    again, and changes nothing. It empties itself when design, prices or the week of learning change.
    """

    model: PrognosticModel | None = None
    seen: dict[int, tuple[Pool, PoolDescription]] = field(default_factory=dict)
    controls: Kept = field(default_factory=dict)
    made_for: tuple[EvaluationDesign, Prices, int] | None = None

    def prepare(self, design: EvaluationDesign, prices: Prices, week: int) -> None:
        """Forget what was learnt for another design, other prices or another prognostic week."""
        wanted = design, prices, week
        if self.made_for != wanted:
            self.model, self.seen, self.made_for = None, {}, wanted
