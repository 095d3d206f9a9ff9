"""A sweep's answer: every cell, the front, and the picture of cost against admissions."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icpsim.questions.compare.answer import ComparisonAnswer
from icpsim.questions.compare.results import NO_PROGRAMME, Policy
from icpsim.questions.compare.runs import Comparison
from icpsim.questions.compare.show_folder import write_answer
from icpsim.questions.compare.show_pareto import on_front, write_pareto
from icpsim.questions.compare.show_tables import print_arms, print_front
from icpsim.questions.compare.show_terminal import as_object, caption
from icpsim.report.amounts import capital, number
from icpsim.report.as_json import plain_values
from icpsim.report.measures import MONEY
from icpsim.report.words import WITHOUT_LIST_WIDE

if TYPE_CHECKING:
    from rich.console import Console


def print_sweep(console: Console, answer: ComparisonAnswer, front: Sequence[Policy]) -> None:
    """Print every cell against no programme, the cells that none beats, and how it was made."""
    print_arms(console, answer.headlines, NO_PROGRAMME)
    print_front(console, front)
    for line in [*front_sentences(front), *caption(answer)]:
        console.print(line, markup=False, highlight=False)


def front_sentences(front: Sequence[Policy]) -> list[str]:
    """Say how many cells no other beats, and which two stand at the front's ends."""
    best = on_front(front)
    cheap = min(best, key=lambda policy: policy.cost)
    few = min(best, key=lambda policy: policy.admissions)
    if cheap is few:
        told = [f"{cheap.name} has both the least net cost and the fewest emergency admissions, on average."]
    else:
        told = [
            f"{len(best)} of {len(front)} cells are beaten by no other on both; least net cost: {cheap.name};"
            f" fewest emergency admissions: {few.name} (means over replicates)."
        ]
    return [*told, *_alone(front)]


def _alone(cells: Sequence[Policy]) -> list[str]:
    """Say which cell has the least net cost without the list-wide fall in outpatient use, where any has one."""
    if not any(isfinite(one.cost_alone) for one in cells):
        return []
    least = min(cells, key=_cost_alone)
    return [
        f"{capital(WITHOUT_LIST_WIDE)}, least net cost: {least.name} ({number(MONEY, _cost_alone(least))} a year)."
    ]


def _cost_alone(one: Policy) -> float:
    return one.cost_alone if isfinite(one.cost_alone) else one.cost


def sweep_object(answer: ComparisonAnswer, front: Sequence[Policy]) -> dict[str, Any]:
    """Return a sweep as plain values for JSON."""
    return {**as_object(answer), "policies": [plain_values(policy) for policy in front]}


def write_sweep(folder: Path, answer: ComparisonAnswer, comparison: Comparison, front: Sequence[Policy]) -> None:
    """Write a sweep's folder: as for a comparison, and the picture ``pareto.png``. Raises FolderError."""
    write_answer(
        folder, answer, comparison, more=lambda fresh: write_pareto(front, answer.about, fresh / "pareto.png")
    )
