"""Ask a model what moves its outcomes: one method, or a Morris screen and then Sobol on what it kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import icpsim
from icpsim.inference.posterior import shipped_draws
from icpsim.questions.errors import SensitivityError
from icpsim.questions.sensitivity.analyse import analysed
from icpsim.questions.sensitivity.answer import OutcomeAnalysis, Screen, Sensitivity
from icpsim.questions.sensitivity.evaluations import Model, Simulation, evaluate_checked
from icpsim.questions.sensitivity.inputs import inputs_of_posterior, read_inputs
from icpsim.questions.sensitivity.methods import method_of
from icpsim.questions.sensitivity.outcomes import DEFAULT, check_outcomes
from icpsim.questions.sensitivity.problem import Problem, Space, read_groups, space_of
from icpsim.questions.sensitivity.sources import PRIOR, check_source, sample_points
from icpsim.report.measures import About
from icpsim.scenario.schema import Scenario

SCREENED = "morris+sobol"
SAMPLES: Mapping[str, int] = {"morris": 10, "sobol": 64, SCREENED: 64, "pawn": 500, "delta": 500}
"""Samples unless told: trajectories, base samples, or points."""
KEPT = 0.1
"""Share of the largest mean effect on an outcome that the upper end of a factor's has to reach to be kept."""


def check_asked(name: str, source: str, samples: int | None, space: Space) -> None:
    """Raise SensitivityError for a method, source or number of samples that cannot be had."""
    check_source(source, "sobol" if name == SCREENED else name)
    method_of("sobol" if name == SCREENED else name, samples or SAMPLES.get(name, 1), space)


def read_space(scenario: Scenario, varied: Sequence[str], grouped: Sequence[str]) -> Space:
    """Return what varies, with its groups; without ``varied``, the calibrated mechanisms that act."""
    if varied:
        inputs = read_inputs(varied, scenario)
    else:
        inputs = inputs_of_posterior(scenario, shipped_draws().names)
    return space_of(inputs, read_groups(grouped))


def simulation(
    scenario: Scenario, space: Space, outcomes: Iterable[str] = (), seed: int | None = None
) -> Simulation:
    """Return a scenario as a model; raises SensitivityError for an unknown outcome."""
    chosen = tuple(dict.fromkeys(outcomes)) or DEFAULT
    check_outcomes(chosen)
    return Simulation(Problem(scenario, space), chosen, scenario.run.seed if seed is None else seed)


def ask_sensitivity(
    model: Model,
    about: About,
    name: str,
    samples: int | None = None,
    source: str = PRIOR,
    trajectories: int | None = None,
) -> Sensitivity:
    """Sample, evaluate and analyse a model; ``about`` holds replicates and seed.

    Raises SensitivityError for a method, a number of samples or a source that cannot be had, and where an outcome
    is no number.
    """
    check_asked(name, source, samples, model.space)
    count = samples or SAMPLES[name]
    if name != SCREENED:
        if trajectories is not None:
            raise SensitivityError(f"--trajectories belongs to --method {SCREENED}; {name} takes --samples")
        return _asked(model, about, name, count, source)
    first = _asked(model, about, "morris", trajectories or SAMPLES["morris"], source, "screening")
    kept = kept_factors(first.outcomes, model.space.factors)
    left = tuple(factor for factor in model.space.factors if factor not in kept)
    screen = Screen(first.samples, len(first.points), kept, left, first.outcomes)
    return replace(_asked(_narrowed(model, kept), about, "sobol", count, source), screen=screen)


def kept_factors(outcomes: Sequence[OutcomeAnalysis], factors: Sequence[str]) -> tuple[str, ...]:
    """Return the factors that may matter for any outcome, in their order; two at least."""
    reach = dict.fromkeys(factors, 0.0)
    for outcome in outcomes:
        rows = outcome.measured("mu_star")
        largest = rows[0].value
        for row in rows:
            share = (row.value + row.resampled) / largest if largest > 0 else 0.0
            reach[row.factor] = max(reach[row.factor], share)
    two = sorted(factors, key=lambda factor: -reach[factor])[:2]
    return tuple(factor for factor in factors if reach[factor] >= KEPT or factor in two)


def about_simulation(scenario: Scenario, replicates: int, seed: int) -> About:
    """Return what tables and pictures of a scenario's analysis say of themselves."""
    study = scenario.study
    return About(
        title=scenario.title,
        who=f"people aged {study.min_age} and over on the lists of {scenario.title.lower()}",
        period=f"{study.programme_weeks + study.follow_up_weeks} weeks from the programme's start",
        replicates=replicates,
        seed=seed,
        version=icpsim.__version__,
    )


def _asked(
    model: Model, about: About, name: str, samples: int, source: str, what: str = "simulating"
) -> Sensitivity:
    space = model.space
    method = method_of(name, samples, space)
    points = sample_points(source, method, space, samples, about.seed)
    values = evaluate_checked(model, points, about.replicates, what)
    return Sensitivity(
        about=about,
        method=name,
        main=method.main,
        source=source,
        samples=samples,
        inputs=space.inputs,
        groups=space.groups,
        outcomes=analysed(method, space, points, values, about.seed),
        points=points,
        values=values,
    )


def _narrowed(model: Model, kept: Sequence[str]) -> Model:
    only = getattr(model, "only", None)
    if only is None:
        raise SensitivityError(f"--method {SCREENED}: this model cannot hold inputs still")
    narrowed: Model = only(model.space.only(kept))
    return narrowed
