"""Where points come from: each input by itself over its range, or mechanisms as the calibration left them."""

from __future__ import annotations

import numpy as np

from icpsim.base.kinds import Floats
from icpsim.base.randomness import REGISTRY, draws, replicate_key
from icpsim.data.tables import nearest
from icpsim.inference.mechanisms.posterior import resample
from icpsim.inference.posterior import shipped_draws
from icpsim.questions.errors import SensitivityError
from icpsim.questions.sensitivity.methods import GIVEN, METHODS, Method
from icpsim.questions.sensitivity.problem import Space

PRIOR, POSTERIOR = SOURCES = ("prior", "posterior")
ORDER = REGISTRY.decision("order of a posterior sample")


def check_source(source: str, method: str) -> None:
    """Raise SensitivityError for no source, or a method that takes inputs for independent where they are not."""
    if source not in SOURCES:
        raise SensitivityError(f"--from {source}: there are {', '.join(SOURCES)}{nearest(source, SOURCES)}")
    if source == POSTERIOR and method in METHODS and method not in GIVEN:
        raise SensitivityError(
            f"--from posterior --method {method}: in the posterior mechanisms hang together, and {method} takes"
            f" them for independent; use --method {' or '.join(reversed(GIVEN))}, which read any sample"
        )


def sample_points(source: str, method: Method, space: Space, samples: int, seed: int) -> Floats:
    """Return the points of a method's sample; float64[n, inputs].

    From the posterior, calibrated mechanisms come in whole draws, by weight and in a random order (so that the
    first half is a sample too); every other input is spread evenly over its range, independent of them.
    """
    points = method.sample(space, samples, seed)
    return points if source == PRIOR else with_posterior(space, points, seed)


def latin_points(source: str, space: Space, samples: int, seed: int) -> Floats:
    """Return a Latin hypercube of the space, calibrated mechanisms from the posterior if that is the source."""
    return sample_points(source, METHODS["delta"], space, samples, seed)


def with_posterior(space: Space, points: Floats, seed: int) -> Floats:
    """Return points with calibrated mechanisms replaced by draws of the posterior.

    Raises SensitivityError when no input is a calibrated mechanism.
    """
    kept = shipped_draws()
    places = {k: kept.names.index(name) for k, name in enumerate(space.names) if name in kept.names}
    if not places:
        raise SensitivityError("--from posterior: no input is a calibrated mechanism; take --from prior")
    rows = resample(kept.weight, len(points), seed)
    keys = np.array([replicate_key(seed, k) for k in range(len(points))], np.uint64)
    rows = rows[np.argsort(draws(keys, ORDER, 0), kind="stable")]
    drawn = points.copy()
    for k, column in places.items():
        drawn[:, k] = kept.values[rows, column]
    return drawn
