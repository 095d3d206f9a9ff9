"""Fit the levels of the natural history: the yearly rates of each age band, scaled until they agree.

Nothing else is fitted here. Each pass simulates people of every age without a programme and multiplies each
value by target / simulated of its age band (ten passes were more than enough in the trial). Run
``python -m icpsim.inference.levels --write`` after any change of a shape parameter, else shape and level are
confounded (spike.md, trap 14).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from icpsim.baseline.measure import measure_consultations, measure_rates, target_rows
from icpsim.baseline.world import simulate_without_programme
from icpsim.model_parameters import load_parameters
from icpsim.parameters import AGE_BANDS, FOLDER

_OLDER = ("45_64", "65_74", "75_84", "85p")
_YOUNG = ("0_4", "5_14", "15_44")
_KNOTS: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("emergency", "base_rate"): {band: (f"emergency_{band}",) for band in AGE_BANDS},
    ("emergency", "ae_base_rate"): {band: ("ae_0_44" if band in _YOUNG else f"ae_{band}",) for band in AGE_BANDS},
    ("elective", "base_rate"): {
        band: ("elective_0_44" if band in _YOUNG else f"elective_{band}",) for band in AGE_BANDS
    },
    ("outpatient", "base_rate"): {
        **{band: ("outpatient_0_44",) for band in _YOUNG},
        "45_64": ("outpatient_45_59", "outpatient_60_69"),
        "65_74": ("outpatient_60_69", "outpatient_70_79"),
        "75_84": ("outpatient_70_79", "outpatient_80p"),
        "85p": ("outpatient_80p",),
    },
    ("deaths", "base_rate"): {band: (f"deaths_{band}",) for band in _OLDER},
    ("primary_care", "base_rate"): {
        **{band: (f"consultations_{band}",) for band in ("15_44", "45_64", "65_74", "75_84")},
        "85p": ("consultations_75_84",),
    },
}
"""Which targets each value of a curve answers to; a band of ours that straddles two of theirs takes both."""


@dataclass(frozen=True, slots=True)
class LevelFit:
    """Fitted values by qualified parameter name, and the last pass's worst relative error."""

    values: dict[str, float]
    worst: float


def targets() -> dict[str, float]:
    """Return the middle of each target's range."""
    return {row["target"]: (float(row["low"]) + float(row["high"])) / 2 for row in target_rows()}


def one_pass(values: dict[str, float], seed: int, practices: int) -> LevelFit:
    """Simulate with these values and return them rescaled to the targets."""
    parameters = load_parameters(values)
    region = simulate_without_programme(parameters, seed, practices, lambda *_: None)
    found = dict(measure_rates(region.hospital_records())) | dict(measure_consultations(region))
    aim = targets()
    through = parameters.emergency.through_ae_share
    new = dict(values)
    worst = 0.0
    for (table, field), bands in _KNOTS.items():
        for band, names in bands.items():
            worst = max(worst, *(abs(found[name] / aim[name] - 1) for name in names))
            ratios = [_ratio(field, name, aim, found, through) for name in names]
            new[f"{table}.{field}_{band}"] *= float(np.clip(np.exp(np.mean(np.log(ratios))), 0.4, 2.5))
    return LevelFit(new, worst)


def _ratio(field: str, name: str, aim: dict[str, float], found: dict[str, float], through: float) -> float:
    if field == "ae_base_rate":
        admitted = through * _emergency_rate(found, name)
        return (aim[name] - admitted) / (found[name] - admitted)
    return aim[name] / found[name]


def _emergency_rate(found: dict[str, float], name: str) -> float:
    band = name.removeprefix("ae_")
    if band == "0_44":
        return 0.075 * found["emergency_15_44"] / 0.070
    return found[f"emergency_{band}"]


def start() -> dict[str, float]:
    """Return the values in the tables now."""
    tables = load_parameters().tables
    return {
        f"{table}.{field}_{band}": tables.value(f"{table}.{field}_{band}")
        for (table, field), bands in _KNOTS.items()
        for band in bands
    }


def write(values: dict[str, float], spread: float = 0.25) -> None:
    """Write fitted values into the parameter tables, with a range of plus or minus ``spread``."""
    for table in {name.split(".")[0] for name in values}:
        path = FOLDER / f"{table}.csv"
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            name = f"{table}.{row['name']}"
            if name in values:
                value = values[name]
                row |= {"value": f"{value:.4g}", "low": f"{value * (1 - spread):.4g}"}
                row |= {"high": f"{value * (1 + spread):.4g}"}
        _replace(path, rows)


def _replace(path: Path, rows: list[dict[str, str]]) -> None:
    draft = path.with_suffix(".csv.part")
    with draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    draft.replace(path)


def main(
    passes: Annotated[int, typer.Option(help="Passes of simulation and rescaling.")] = 6,
    practices: Annotated[int, typer.Option(help="Practices to simulate.")] = 60,
    seed: Annotated[int, typer.Option(help="Seed of all randomness.")] = 1,
    save: Annotated[bool, typer.Option("--write", help="Write the fitted values into the tables.")] = False,
) -> None:
    """Fit the levels and print them."""
    console = Console()
    values = start()
    for k in range(passes):
        fit = one_pass(values, seed, practices)
        console.print(f"pass {k + 1}: worst relative error before rescaling {fit.worst:.1%}")
        values = fit.values
    table = Table("parameter", "fitted")
    for name, value in values.items():
        table.add_row(name, f"{value:.4g}")
    console.print(table)
    if save:
        write(values)


if __name__ == "__main__":
    typer.run(main)
