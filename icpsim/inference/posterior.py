"""The posterior that comes with icpsim: its draws, its report, and a scenario with one draw in force."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from icpsim.base.errors import FailedError
from icpsim.base.files import packaged
from icpsim.base.randomness import REGISTRY, combine, draws
from icpsim.scenario.overrides import with_values
from icpsim.scenario.schema import Scenario

DRAW = REGISTRY.decision("posterior draw of a replicate")
NOT_PARAMETERS = ("weight", "explanation")
EFFECT = "true_"


class PosteriorError(FailedError):
    """There is no posterior to draw from, or it is not whole."""


@dataclass(frozen=True, slots=True)
class ShippedDraws:
    """Draws of the mechanisms: ``values`` float64[n, names], ``weight`` float64[n] (adding up to 1), explanations.

    ``effects`` maps names of true effects, as expected under each draw, to float64[n].
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    weight: NDArray[np.float64]
    explanation: tuple[str, ...]
    effects: dict[str, NDArray[np.float64]]

    def of(self, seed: int, replicate: int) -> dict[str, float]:
        """Return the parameter values of a replicate: a draw by weight, keyed by seed and replicate."""
        return dict(zip(self.names, self.values[self.row(seed, replicate)].tolist(), strict=True))

    def explanation_of(self, seed: int, replicate: int) -> str:
        """Return the explanation of the rise in emergency admissions under which a replicate lives."""
        return self.explanation[self.row(seed, replicate)]

    def row(self, seed: int, replicate: int) -> int:
        """Return the place of a replicate's draw."""
        key = combine(np.uint64(seed), np.uint64(replicate))
        luck = float(draws(np.array([key], np.uint64), DRAW, 0)[0])
        edges = np.cumsum(self.weight)
        return min(int(np.searchsorted(edges, luck * edges[-1], side="right")), len(edges) - 1)


def posterior_folder() -> Path:
    """Folder of the posterior; a unit of work tells the values that it has drawn."""
    return packaged("calibration", "posterior", told=True)


@cache
def shipped_draws(folder: Path | None = None) -> ShippedDraws:
    """Read the draws; raises PosteriorError when there are none.

    By way of lists: arrow's own arrays, and ``read_table``, import pandas, which takes a second of every start.
    """
    import pyarrow.parquet as pq

    path = (folder or posterior_folder()) / "draws.parquet"
    try:
        table = pq.ParquetFile(path).read()
    except (OSError, ValueError) as error:
        raise PosteriorError(f"{path}: no draws of a posterior: {error}") from None
    columns = {name: np.array(column) for name, column in table.to_pydict().items()}
    names = tuple(n for n in columns if n not in NOT_PARAMETERS and not n.startswith(EFFECT))
    return ShippedDraws(
        names,
        np.column_stack([columns[name] for name in names]),
        columns["weight"],
        tuple(columns["explanation"].tolist()),
        {name: column for name, column in columns.items() if name.startswith(EFFECT)},
    )


def shipped_report(folder: Path | None = None) -> dict[str, Any]:
    """Read the report of the calibration; raises PosteriorError when there is none."""
    path = (folder or posterior_folder()) / "report.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise PosteriorError(f"{path}: no report of a calibration: {error}") from None
    return found


def drawn_scenario(scenario: Scenario, seed: int, replicate: int) -> Scenario:
    """Return the scenario with the draw of this replicate in force; what the scenario itself sets stays."""
    return with_values(scenario, shipped_draws().of(seed, replicate))
