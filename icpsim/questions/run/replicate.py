"""One replicate of a study: simulate, evaluate from records, find the truth; a pure function of its arguments."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from icpsim.evaluation.cohort import find_cases
from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.types import Evaluation, design_of
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.true_effect import TrueEffect, true_effects, without_effects
from icpsim.records.schema import HospitalRecords
from icpsim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Replicate:
    """What one replicate found; ``problem`` says why when there is nothing, and the rest is then None or empty.

    ``truth`` holds true effects in cases with a control, whom the evaluation compares, ``truth_enrolled`` in all
    cases, with and without one. ``designs`` holds the figures of the scenario's further designs;
    :mod:`icpsim.questions.designs.estimates` names them.
    """

    number: int
    enrolled: int
    evaluation: Evaluation | None
    truth: tuple[TrueEffect, ...]
    problem: str = ""
    designs: Mapping[str, float] = field(default_factory=dict)
    truth_enrolled: tuple[TrueEffect, ...] = ()


def run_replicate(scenario: Scenario, seed: int, number: int) -> Replicate:
    """Run one replicate; a failure of the evaluation comes back as data, not as an exception."""
    if scenario.evaluation.designs:
        return _with_designs(scenario, seed, number)
    model = IntegratedCareModel(scenario, seed, number)
    model.run()
    try:
        return _judged(model)
    finally:
        model.close()


def _with_designs(scenario: Scenario, seed: int, number: int) -> Replicate:
    """Run one replicate beside the whole world without it, which designs that ask of everyone need."""
    from icpsim.model.shared_past import History
    from icpsim.questions.designs.simulation import WithoutProgramme
    from icpsim.questions.run.other_designs import figures_alongside

    history = History(scenario, seed, number)
    try:
        model = history.branch(scenario)
        model.run()
        try:
            figures = figures_alongside(model, WithoutProgramme(history, scenario))
            return dataclasses.replace(_judged(model), designs=figures)
        finally:
            model.close()
    finally:
        history.close()


def _judged(model: IntegratedCareModel) -> Replicate:
    """Evaluate a model that has been run, and find the truth."""
    scenario, number, records = model.icp_scenario, model.replicate, model.records()
    design = design_of(scenario)
    try:
        found = evaluate(records, design, model.parameters.prices)
    except EvaluationError as error:
        return Replicate(number, len(records.enrolments), None, (), str(error))
    matched, lives = np.unique(found.pairs["case"]), without_effects(model, records)
    enrolled = np.sort(find_cases(records, design)[0]["person"])
    truth, truth_enrolled = (
        true_effects(lives, cases, scenario.evaluation.window_weeks, model) for cases in (matched, enrolled)
    )
    small = dataclasses.replace(found, pairs=found.pairs[:0])
    return Replicate(number, len(records.enrolments), small, truth, truth_enrolled=truth_enrolled)


def simulate_records(scenario: Scenario, seed: int, number: int) -> HospitalRecords:
    """Return the HES-shaped records of one replicate."""
    model = IntegratedCareModel(scenario, seed, number)
    model.run()
    return model.records()
