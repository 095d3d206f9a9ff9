"""Designs that a scenario names, estimated on the replicates of ``icpsim run`` beside the published evaluation."""

from __future__ import annotations

import numpy as np

from icpsim.base.intervals import Interval, further_value
from icpsim.base.kinds import Floats
from icpsim.evaluation.designs import DESIGNS
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.questions.designs.answer import chosen_windows
from icpsim.questions.designs.estimates import judged
from icpsim.questions.designs.figure_names import AS_IT_IS, SEPARATOR
from icpsim.questions.designs.simulation import WithoutProgramme
from icpsim.questions.designs.summary import COST, Figures, covered, estimated_rows, readings
from icpsim.questions.errors import LaboratoryError
from icpsim.questions.run.answer import DesignResult
from icpsim.scenario.schema import Scenario


def check_designs(scenario: Scenario) -> None:
    """Raise LaboratoryError when a design that the scenario names needs a trial that a programme does not have."""
    for place, name in enumerate(scenario.evaluation.designs):
        kind = DESIGNS[name].trial
        for k, programme in enumerate(scenario.programmes):
            own = None if programme.trial is None else programme.trial.by
            if kind not in ("none", own):
                raise LaboratoryError(
                    f"{scenario.scenario}: evaluation.designs.{place}: {name} needs programmes.{k}.trial:"
                    f" {{by: {kind}}}; it has {'no trial' if own is None else '{by: ' + own + '}'}"
                    " (`icpsim design` allocates by itself)"
                )


def figures_alongside(model: IntegratedCareModel, without: WithoutProgramme) -> dict[str, float]:
    """Return what the scenario's designs find in the records of a model that has run, named as in ``judged``."""
    scenario = model.icp_scenario
    designs = [DESIGNS[name] for name in dict.fromkeys(scenario.evaluation.designs)]
    return dict(judged(AS_IT_IS, model, without, designs, chosen_windows(scenario)))


def results(figures: Figures) -> tuple[DesignResult, ...]:
    """Return a row for each design, variant, length of follow-up and outcome that any replicate estimated."""
    return tuple(_result(figures, key) for key in estimated_rows(figures))


def _result(figures: Figures, key: str) -> DesignResult:
    window, design, variant, outcome = key.split(SEPARATOR)
    values = readings(figures, f"{AS_IT_IS}{SEPARATOR}{key}")
    about = DESIGNS[design]
    estimated, true = further_value(values["estimate"], values["se"]), further_value(values["truth"])
    if outcome != COST:
        estimated, true = (Interval(*np.exp(part).tolist()) for part in (estimated, true))
    return DesignResult(
        design,
        about.title,
        variant,
        about.naive,
        about.estimand,
        outcome,
        "difference_gbp" if outcome == COST else "rate_ratio",
        int(window),
        int(np.isfinite(values["estimate"]).sum()),
        *estimated,
        *true,
        _coverage(values),
    )


def _coverage(values: dict[str, Floats]) -> float:
    held = covered(values)
    return float(held.mean()) if held.size else float("nan")
