"""What would have told, as one plain object and in sentences; and the files that come with icpsim."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import icpsim
from icpsim.confounding.measure import further_folder, rounded, write_json
from icpsim.inference.errors import CalibrationError
from icpsim.inference.mechanisms.priors import EXPLANATIONS
from icpsim.shipped_posterior import PosteriorError, ShippedDraws
from icpsim.telling.evidence import Row, Telling
from icpsim.telling.simulations import Plan, Simulated

REPORT, SIMULATIONS = "telling.json", "telling.parquet"
OWN = ("explanation", "past")
CLEAR = 2.0
"""Standard errors above which a gain is told from none."""


def report(found: Telling, plan: Plan, source: str) -> dict[str, Any]:
    """Return the report; ``source`` is the hash of the simulation's source that it rests on."""
    return {
        "version": icpsim.__version__,
        "scenario": plan.scenario,
        "seed": plan.seed,
        "each": plan.each,
        "per_past": plan.per_past,
        "source": source,
        "simulations": found.simulations,
        "pasts": found.pasts,
        "open_bits": rounded(found.open_bits),
        "posterior": {name: rounded(value) for name, value in found.posterior.items()},
        "published": _row(found.published),
        "rows": [_row(row) for row in found.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    numbers = {
        "bits": row.told.bits,
        "bits_se": row.told.bits_se,
        "null_bits": row.told.null_mean,
        "null_bits_95": row.told.null_95,
        "gain": row.gain,
        "gain_se": row.gain_se,
        "effect_sd_left": row.told.sd_left,
        "effect_sd_left_se": row.told.sd_left_se,
        "error_ratio": row.error_ratio,
        "bias": row.bias,
        "bias_se": row.bias_se,
    }
    told = {name: rounded(value) if math.isfinite(value) else None for name, value in numbers.items()}
    return {"evidence": row.name, **told}


def sentences(told: Mapping[str, Any]) -> list[str]:
    """Return what the report says in plain words."""
    single = list(told["rows"][1:-1])
    best = max(single, key=lambda row: float(row["gain"]))
    sharpest = min(single, key=lambda row: float(row["effect_sd_left"]))
    published = told["published"]
    found = [
        f"{told['open_bits']:.1f} bits would settle which of four equally probable explanations is at work;"
        f" another evaluation such as the published one would give {max(published['bits'], 0):.2f}"
        f" ({published['bits_se']:.2f}), with all further evidence {told['rows'][-1]['bits']:.2f}"
        f" ({told['rows'][-1]['bits_se']:.2f}).",
        f"The largest gain of a single addition: {best['evidence']}, {best['gain']:+.2f} ({best['gain_se']:.2f})"
        " bits beyond the published table.",
    ]
    clear = [row["evidence"] for row in single if row["gain"] >= CLEAR * row["gain_se"]]
    vague = [row["evidence"] for row in single if row["gain"] < CLEAR * row["gain_se"]]
    if clear:
        found.append(f"Gains of more than {CLEAR:.0f} standard errors: {', '.join(clear)}.")
    if vague:
        found.append(f"Gains not told from none by so many simulations: {', '.join(vague)}.")
    found.append(
        f"The least SD of the true effect is left by {sharpest['evidence']}: {sharpest['effect_sd_left']:.0%}"
        f" ({100 * sharpest['effect_sd_left_se']:.0f}), by the published table alone"
        f" {published['effect_sd_left']:.0%} ({100 * published['effect_sd_left_se']:.0f})."
    )
    for row in (told["published"], *single):
        if row["error_ratio"] is not None:
            name = "the published design" if row is told["published"] else row["evidence"]
            found.append(
                f"{name[:1].upper()}{name[1:]}: standard error {row['error_ratio']:.2f} times the published"
                f" design's, own bias {math.exp(row['bias']) - 1:+.1%} on average."
            )
    return found


def write_files(folder: Path, told: dict[str, Any], found: Simulated) -> None:
    """Write report and simulations; the report goes last."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    columns = {"explanation": found.explanation, "past": found.past, **found.statistics}
    pq.write_table(pa.table(columns), folder / SIMULATIONS, compression="zstd")
    write_json(folder / REPORT, told)


def read_simulations(draws: ShippedDraws, folder: Path | None = None) -> Simulated:
    """Read the shipped simulations; raises CalibrationError when there are none."""
    import pyarrow.parquet as pq

    path = (folder or further_folder()) / SIMULATIONS
    try:
        table = pq.read_table(path)
    except (OSError, ValueError) as error:
        raise CalibrationError(f"{path}: no simulated evaluations: {error}") from None
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    kinds = np.array(draws.explanation)
    posterior = np.array([draws.weight[kinds == name].sum() for name in EXPLANATIONS])
    statistics = {name: column for name, column in columns.items() if name not in OWN}
    return Simulated(columns["explanation"], columns["past"], posterior, statistics)


def shipped_telling(folder: Path | None = None) -> dict[str, Any]:
    """Read the report that comes with icpsim; raises PosteriorError when there is none."""
    path = (folder or further_folder()) / REPORT
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise PosteriorError(f"{path}: no report of further evidence: {error}") from None
    return found
