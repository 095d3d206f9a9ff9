"""One replicate of a study as a unit of work: what it is, what it found as figures, and as a text to read back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from icpsim.inference.scenario_unit import ScenarioUnit
from icpsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from icpsim.questions.run.replicate import Replicate

WHOLE = "replicate"
"""The figure that holds all that a replicate found, as JSON."""
_TRUTHS = ("truth", "truth_enrolled")


@dataclass(frozen=True, slots=True)
class ReplicateOnce(ScenarioUnit):
    """One replicate of a scenario; ``drawn``: with a draw of the posterior."""

    scenario: Scenario
    seed: int
    replicate: int
    drawn: bool = True

    def run(self) -> Mapping[str, Any]:
        """Simulate and evaluate: ``estimated|outcome``, ``se|outcome``, ``true|outcome``, the whole as text."""
        from icpsim.questions.run.replicate import run_replicate

        found = run_replicate(self.in_force(), self.seed, self.replicate)
        figures: dict[str, Any] = {f"true|{row.outcome}": row.effect for row in found.truth}
        for row in found.evaluation.effects if found.evaluation else ():
            figures |= {f"estimated|{row.outcome}": row.estimate, f"se|{row.outcome}": row.se}
        return {**figures, WHOLE: as_text(found)}


def as_text(found: Replicate) -> str:
    """Return a replicate as JSON, without its matched pairs."""
    evaluation = found.evaluation
    told = {
        field.name: getattr(found, field.name)
        for field in dataclasses.fields(found)
        if field.name not in ("evaluation", *_TRUTHS)
    }
    for name in _TRUTHS:
        told[name] = [dataclasses.asdict(row) for row in getattr(found, name)]
    told["evaluation"] = None
    if evaluation is not None:
        told["evaluation"] = {
            field.name: _plain(getattr(evaluation, field.name))
            for field in dataclasses.fields(evaluation)
            if field.name != "pairs"
        }
    return json.dumps(told, default=_number)


def from_text(text: str) -> Replicate:
    """Return the replicate that ``as_text`` wrote, with no matched pairs."""
    import numpy as np

    from icpsim.evaluation.observation import LeftOut
    from icpsim.evaluation.types import BalanceRow, Evaluation, MonthlyEffect, OutcomeEffect, Support
    from icpsim.model.true_effect import TrueEffect
    from icpsim.questions.run.replicate import Replicate

    told = json.loads(text)
    for name in _TRUTHS:
        told[name] = tuple(TrueEffect(**{**row, "monthly": tuple(row["monthly"])}) for row in told[name])
    found = told.pop("evaluation")
    if found is None:
        return Replicate(evaluation=None, **told)
    rows = {"effects": OutcomeEffect, "monthly": MonthlyEffect, "balance": BalanceRow}
    for name, kind in rows.items():
        found[name] = tuple(kind(**row) for row in found[name])
    for name in ("cases_left_out", "controls_left_out"):
        found[name] = LeftOut(**found[name])
    found["support"] = Support(**found["support"])
    found["warnings"] = tuple(found["warnings"])
    return Replicate(evaluation=Evaluation(**found, pairs=np.empty(0, np.void)), **told)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _number(value: Any) -> Any:
    """Return a number of numpy's as one of Python's, which JSON takes."""
    return value.item()
