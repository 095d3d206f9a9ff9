"""The fit's tables: every target beside its simulated value, every parameter with its uncertainty."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from icpsim.base.intervals import Z90
from icpsim.data.tables import FOLDER
from icpsim.inference.natural_history.clashes import Clash
from icpsim.inference.natural_history.fit import Fit
from icpsim.inference.natural_history.free import bounds

_FIVE_PER_CENT = Z90
FITTED = "fitted by `icpsim calibrate natural-history` (calibration/natural_history/fitted.csv)"


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target: range, figure at a seed the fit has not seen, difference from the range's middle, verdict.

    ``predicted_low`` and ``predicted_high`` are the 5th and 95th centile over draws of the parameters, each with
    a seed of its own; ``reason`` says why a target is missed.
    """

    target: str
    low: float
    high: float
    simulated: float
    difference: float
    inside: bool
    predicted_low: float
    predicted_high: float
    weight: float
    reason: str


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One free parameter: value, 90% interval, the range it could move in, and how much of it is left."""

    parameter: str
    kind: str
    start: float
    fitted: float
    fitted_low: float
    fitted_high: float
    low: float
    high: float
    shrinkage: float
    at_bound: bool


def target_table(
    fit: Fit, fresh: NDArray[np.float64], drawn: NDArray[np.float64], missed: Sequence[Clash]
) -> tuple[TargetRow, ...]:
    """Return a row a target; ``fresh`` float64[aims], ``drawn`` float64[draws, aims]."""
    reasons = {clash.target: clash.reason() for clash in missed}
    spread = np.quantile(drawn, (0.05, 0.95), axis=0) if len(drawn) else np.full((2, len(fit.aims)), np.nan)
    return tuple(
        TargetRow(
            target=aim.name,
            low=aim.low,
            high=aim.high,
            simulated=float(fresh[j]),
            difference=float(fresh[j] - aim.middle),
            inside=aim.inside(float(fresh[j])),
            predicted_low=float(spread[0, j]),
            predicted_high=float(spread[1, j]),
            weight=aim.weight,
            reason=reasons.get(aim.name, ""),
        )
        for j, aim in enumerate(fit.aims)
    )


def parameter_table(fit: Fit) -> tuple[ParameterRow, ...]:
    """Return a row a free parameter; shrinkage is 1 - fitted SD / prior SD (1 for levels, which have no prior)."""
    low, high = bounds(fit.free)
    rows = []
    for k, parameter in enumerate(fit.free):
        x, sd = float(fit.point[k]), float(fit.sd[k])
        rows.append(
            ParameterRow(
                parameter=parameter.name,
                kind=parameter.kind,
                start=parameter.start,
                fitted=math.exp(x),
                fitted_low=math.exp(max(x - _FIVE_PER_CENT * sd, low[k])),
                fitted_high=math.exp(min(x + _FIVE_PER_CENT * sd, high[k])),
                low=parameter.low,
                high=parameter.high,
                shrinkage=max(1.0 - sd / parameter.prior_sd, 0.0) if parameter.kind == "shape" else 1.0,
                at_bound=bool(x - low[k] < 1e-3 or high[k] - x < 1e-3),
            )
        )
    return tuple(rows)


def write_tables(
    folder: Path,
    targets: Sequence[TargetRow],
    parameters: Sequence[ParameterRow],
    draws: Sequence[Mapping[str, float]],
    settings: Mapping[str, Any],
) -> None:
    """Write fitted.csv, fit.csv, draws.csv and fit.json, each whole or not at all."""
    _write(folder / "fitted.csv", [_rounded(asdict(row)) for row in parameters])
    _write(folder / "fit.csv", [_rounded(asdict(row)) for row in targets])
    _write(folder / "draws.csv", [_rounded(dict(draw)) for draw in draws])
    part = folder / ".fit.json.part"
    part.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    part.replace(folder / "fit.json")


def write_parameters(values: Mapping[str, float], levels: Sequence[str], source: str = "") -> None:
    """Write fitted values into the parameter tables; a level's range becomes a quarter to either side.

    ``source`` says where they come from, if not from the fit of the natural history.
    """
    for table in sorted({name.partition(".")[0] for name in values}):
        path = FOLDER / f"{table}.csv"
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            name = f"{table}.{row['name']}"
            if name not in values:
                continue
            row |= {
                "value": f"{values[name]:.4g}",
                "tag": "JUDGEMENT",
                "source": source or _fitted_source(row, name in levels),
            }
            if name in levels:
                row |= {"low": f"{values[name] * 0.75:.4g}", "high": f"{values[name] * 1.25:.4g}"}
        _write(path, rows)


def _fitted_source(row: Mapping[str, str], level: bool) -> str:
    """Return where a fitted number comes from: the fit and, for a shape, what its range was taken from."""
    before = row["source"].partition("range: ")[2] or row["source"]
    return FITTED if level else f"{FITTED}; range: {before}"


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {key: f"{value:.5g}" if isinstance(value, float) else value for key, value in row.items()}


def _write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    draft = path.with_name(f".{path.name}.part")
    with draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    draft.replace(path)
