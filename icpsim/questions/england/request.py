"""From options to a request that can be simulated; every fault is named with its option."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from icpsim.model.parameters import ModelParameters, load_parameters
from icpsim.questions.england.answer import EnglandRequest
from icpsim.questions.england.parameters import england_parameters
from icpsim.questions.errors import EnglandError

_LIMITS = {
    "population": (1000.0, 200e6),
    "areas": (1.0, 10_000.0),
    "area_size_sd_log": (0.0, 3.0),
    "area_size_low": (1e-3, 1.0),
    "area_size_high": (1.0, 1e3),
    "run_in_weeks": (0.0, 1040.0),
}
"""What can be simulated at all, for table england.csv; wider than what is plausible."""


@cache
def parameters_of(overrides: tuple[tuple[str, float], ...]) -> ModelParameters:
    """Return the parameters with these overrides, read once a process."""
    return load_parameters(dict(overrides))


def request_of(weeks: int, share: float, seed: int, settings: Sequence[str]) -> EnglandRequest:
    """Return a checked request; ``settings`` are ``table.name=number``.

    Raises EnglandError on an option that cannot be simulated, ParameterError on an unknown parameter.
    """
    overrides: dict[str, float] = {}
    for setting in settings:
        name, equals, number = setting.partition("=")
        value = _number(number)
        if not equals or not name.strip() or value is None:
            raise EnglandError(f"--set {setting}: write table.name=number, such as england.run_in_weeks=52")
        overrides[name.strip()] = value
    request = EnglandRequest(weeks, share, seed, tuple(sorted(overrides.items())))
    england = england_parameters(parameters_of(request.overrides).tables)
    for name, (low, high) in _LIMITS.items():
        value = getattr(england, name)
        if not low <= value <= high:
            nearest = min(max(value, low), high)
            raise EnglandError(
                f"--set england.{name}={value:g}: the nearest value that can be simulated is {nearest:g}"
            )
    return request


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
