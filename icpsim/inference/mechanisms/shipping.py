"""The files of ``calibration/posterior/``: draws, simulations, report; written together or not at all."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from icpsim.inference.errors import CalibrationError
from icpsim.inference.mechanisms.calibration import EFFECTS, Settings, Simulations
from icpsim.inference.mechanisms.conclusions import Calibration
from icpsim.inference.mechanisms.priors import EXPLANATIONS, Prior, to_unit
from icpsim.inference.mechanisms.report import report
from icpsim.inference.mechanisms.waves import Wave

DRAWS, SIMULATIONS, REPORT = "draws.parquet", "simulations.parquet", "report.json"
OWN = ("explanation", "log_weight", "past", "learnt")
"""Columns of the table of simulations besides parameters and statistics."""


def write_posterior(folder: Path, found: Calibration, source: str) -> None:
    """Write the posterior; ``source`` is the hash of the simulation's source that it rests on.

    The report goes last, so that a folder with a report is whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_table(folder / DRAWS, draws_table(found))
    _write_table(folder / SIMULATIONS, simulations_table(found))
    text = json.dumps(report(found) | {"source": source}, indent=1)
    part = folder / f".{REPORT}.{os.getpid()}"
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(folder / REPORT)


def draws_table(found: Calibration) -> dict[str, Any]:
    """Return the draws as columns: weight, explanation, parameters, expected true effects."""
    rows, counts = np.unique(found.drawn, return_counts=True)
    points = found.inferred.points
    columns: dict[str, Any] = {
        "weight": counts / counts.sum(),
        "explanation": [EXPLANATIONS[k] for k in points.explanation[rows]],
    }
    columns |= {prior.name: points.values[rows, k] for k, prior in enumerate(found.priors)}
    return columns | {name: found.inferred.effect_mean[rows, k] for k, name in enumerate(EFFECTS)}


def simulations_table(found: Calibration) -> dict[str, Any]:
    """Return every simulated evaluation as columns, those that are learnt from first."""
    learnt, check = found.simulations.learnt, found.simulations.check
    both = [learnt, check]
    columns: dict[str, Any] = {
        "explanation": np.concatenate([wave.explanation for wave in both]),
        "log_weight": np.concatenate([wave.log_weight for wave in both]),
        "past": np.concatenate([wave.past for wave in both]),
        "learnt": np.repeat([True, False], [len(learnt.past), len(check.past)]),
    }
    for k, prior in enumerate(found.priors):
        columns[prior.name] = np.concatenate([wave.values[:, k] for wave in both])
    for name in learnt.statistics:
        columns[f"statistic {name}"] = np.concatenate([wave.statistics[name] for wave in both])
    return columns


def read_simulations(folder: Path, priors: tuple[Prior, ...]) -> Simulations:
    """Read the simulations of a posterior; raises CalibrationError when they are of other parameters."""
    import pyarrow.parquet as pq

    path = folder / SIMULATIONS
    try:
        table = pq.read_table(path)
    except (OSError, ValueError) as error:
        raise CalibrationError(f"{path}: no table of simulations: {error}") from None
    missing = [prior.name for prior in priors if prior.name not in table.column_names]
    if missing:
        raise CalibrationError(f"{path}: has no column '{missing[0]}'; simulated with other priors")
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    values = np.column_stack([columns[prior.name] for prior in priors])
    statistics = {
        name.removeprefix("statistic "): column
        for name, column in columns.items()
        if name.startswith("statistic ")
    }
    every = Wave(
        values, to_unit(priors, values), columns["explanation"], columns["log_weight"], columns["past"], statistics
    )
    learnt = columns["learnt"].astype(np.bool_)
    return Simulations(every.rows(learnt), every.rows(~learnt))


def _write_table(path: Path, columns: dict[str, Any]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    part = path.with_name(f".{path.name}.{os.getpid()}")
    pq.write_table(pa.table(columns), part, compression="zstd")
    part.replace(path)


def stored_settings(folder: Path, asked: Settings) -> Settings:
    """Return the settings of the stored simulations and of how they were weighted; draws are as asked."""
    try:
        told = json.loads((folder / REPORT).read_text(encoding="utf-8"))["settings"]
    except (OSError, ValueError, KeyError) as error:
        raise CalibrationError(f"{folder / REPORT}: no settings of a calibration: {error}") from None
    kept: dict[str, Any] = {
        name: told[name] for name in ("scenario", "seed", "each", "per_past", "check", "points")
    }
    kept |= {name: tuple(told[name]) for name in ("further", "flattened")}
    return replace(asked, **kept)
