"""The fit of the natural history: free parameters, stored simulations, least squares, what clashes with what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import icpsim
from icpsim.base.kinds import Progress
from icpsim.inference.errors import CalibrationError
from icpsim.inference.natural_history.aims import read_aims
from icpsim.inference.natural_history.clashes import clashes
from icpsim.inference.natural_history.fit import Fit, Search, draws_of, fit_natural_history
from icpsim.inference.natural_history.free import overrides_at, read_free, read_held
from icpsim.inference.natural_history.report import ParameterRow, TargetRow, parameter_table, target_table
from icpsim.runs.engine import Store

FRESH_SEED = 1
"""The seed of `icpsim baseline`, which the fit does not use."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How much to simulate: size of every simulation, first seed and number of seeds, steps, draws at the end."""

    practices: int = 40
    seed: int = 101
    steps: int = 9
    seeds: int = 4
    draws: int = 24


@dataclass(frozen=True, slots=True)
class NaturalHistoryFit:
    """The fit with its tables; ``draws`` are parameter values by qualified name, one dictionary a draw.

    ``values`` are written into the parameter tables, to four digits; the figures are simulated with them.
    """

    settings: Settings
    version: str
    targets: tuple[TargetRow, ...]
    parameters: tuple[ParameterRow, ...]
    draws: tuple[dict[str, float], ...]
    values: dict[str, float]
    levels: tuple[str, ...]
    cost: tuple[float, ...]


def calibrate(folder: Path, store: Store, settings: Settings, progress: Progress) -> NaturalHistoryFit:
    """Fit the natural history from ``folder`` (targets.csv, free.csv) and say what came out.

    Raises CalibrationError when a table is wrong.
    """
    free, aims = read_free(folder / "free.csv"), read_aims(folder / "targets.csv")
    held = read_held(folder / "held.csv")
    numbers = range(settings.seed, settings.seed + settings.seeds)
    search = Search(free, aims, store, numbers, settings.practices, progress, held)
    fit = fit_natural_history(search, settings.steps)
    values = {name: float(f"{value:.4g}") for name, value in overrides_at(free, fit.point).items()}
    fresh = search.figures_with(values, FRESH_SEED, "simulating the values to be written, at a fresh seed")
    points = draws_of(fit, settings.draws)
    seeds = [settings.seed + 1000 + k for k in range(settings.draws)]
    drawn = search.figures(list(points), "simulating draws of the parameters", seeds)
    levels = tuple(name for p in free if p.kind == "level" for name in (p.name, *(other for other, _ in p.also)))
    return NaturalHistoryFit(
        settings=settings,
        version=icpsim.__version__,
        targets=target_table(fit, fresh, drawn, clashes(fit, fresh)),
        parameters=parameter_table(fit),
        draws=tuple(overrides_at(free, point) for point in points),
        values=values,
        levels=levels,
        cost=fit.cost,
    )


__all__ = ["CalibrationError", "Fit", "NaturalHistoryFit", "Settings", "calibrate", "read_aims"]
