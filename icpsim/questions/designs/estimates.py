"""What designs find in one world's records, and the truth in it, as named figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from icpsim.evaluation.designs.allocated import allocated_people
from icpsim.evaluation.designs.interface import Design
from icpsim.evaluation.errors import EvaluationError
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.questions.designs.figure_names import SEPARATOR
from icpsim.questions.designs.sample_size import usual_care
from icpsim.questions.designs.simulation import WithoutProgramme, options_of, truths


def judged(
    world: str,
    model: IntegratedCareModel,
    without: WithoutProgramme,
    designs: Sequence[Design],
    windows: Sequence[int],
) -> Iterator[tuple[str, float]]:
    """Estimate by these designs with each length of follow-up (weeks), and tell the truth beside it.

    Yields ``world|window|design|variant|outcome|figure`` and its value; ``world|window|design|problem|reason``
    where a design could not be done. Trials add what describes usual care.
    """
    records, prices = model.records(), model.parameters.prices
    for window in windows:
        options = options_of(model.icp_scenario, window)
        for design in designs:
            head = SEPARATOR.join((world, str(window), design.name))
            try:
                rows = design.estimate(records, options, prices)
            except EvaluationError as error:
                yield f"{head}|problem|{error}", 1.0
                continue
            truth = truths(model, records, without, options, design.estimand)
            for row in rows:
                at = f"{head}|{row.variant}|{row.outcome}"
                yield f"{at}|truth", truth.get(row.outcome, float("nan"))
                for name in ("estimate", "se", "df", "cases", "controls", "p_value"):
                    yield f"{at}|{name}", float(getattr(row, name))
            if design.trial not in ("person", "practice"):
                continue
            people = allocated_people(records, options, prices)
            usual = ~people.programme
            for outcome, after in people.after.items():
                care = usual_care(after[usual], people.practice[usual])
                for name in ("mean", "variance", "icc", "size"):
                    yield f"{head}||{outcome}|{name}", getattr(care, name)
