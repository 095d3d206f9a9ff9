"""Hidden traits over posterior draws: where the calibrated model stands among all confounders."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import icpsim
from icpsim.base.files import packaged
from icpsim.base.kinds import Progress
from icpsim.base.source_digest import source_of
from icpsim.inference.mechanisms.posterior import resample
from icpsim.inference.mechanisms.simulations import as_values
from icpsim.inference.posterior import PosteriorError, ShippedDraws
from icpsim.questions.hidden_confounder.bias import Confounder
from icpsim.questions.hidden_confounder.hidden import TRAITS, HiddenTraits
from icpsim.runs.engine import Store
from icpsim.runs.unit_file import write_whole
from icpsim.scenario.schema import Scenario

PER_PAST = 4
"""Draws that share a past."""
FILE = "hidden.json"


def measure(
    scenario: Scenario, draws: ShippedDraws, count: int, seed: int, store: Store, progress: Progress
) -> dict[str, Any]:
    """Return the traits' shares and rate ratios in ``count`` worlds of posterior draws, as one plain object."""
    rows = resample(draws.weight, count, seed)
    units = [
        HiddenTraits(scenario, as_values(draws.names, draws.values[row]), seed, number // PER_PAST)
        for number, row in enumerate(rows.tolist())
    ]
    found = store.figures(units, progress, "looking at cases and controls")
    return {
        "version": icpsim.__version__,
        "scenario": scenario.scenario,
        "seed": seed,
        "draws": count,
        "explanations": [draws.explanation[row] for row in rows.tolist()],
        "source": source_of(HiddenTraits.__module__),
        "traits": [trait(name, found) for name in TRAITS],
        "bias": spread([one["bias"] for one in found]),
        "estimate": spread([one["estimate"] for one in found]),
        "true": spread([one["true"] for one in found]),
        "worlds": [{key: rounded(value) for key, value in one.items()} for one in found],
    }


def trait(name: str, found: Sequence[dict[str, float]]) -> dict[str, Any]:
    """Return one trait's means over worlds, and the bias that shares and ratio of each world make."""
    biases = [
        Confounder(one[f"{name}_cases"], one[f"{name}_controls"], one[f"{name}_rate_ratio"]).bias for one in found
    ]
    return {
        "name": name,
        "words": TRAITS[name],
        **{part: spread([one[f"{name}_{part}"] for one in found]) for part in ("cases", "controls", "rate_ratio")},
        "bias": spread(biases),
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return mean, least and greatest of the worlds' values."""
    return {"mean": rounded(np.mean(values)), "low": rounded(np.min(values)), "high": rounded(np.max(values))}


def rounded(value: Any) -> float:
    """Return a number to five digits."""
    return float(f"{float(value):.5g}")


def further_folder() -> Path:
    """Folder of what was found about further evidence."""
    return packaged("calibration", "further")


def shipped(path: Path, what: str) -> dict[str, Any]:
    """Read a JSON object that comes with icpsim; raises PosteriorError when there is no ``what``."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise PosteriorError(f"{path}: no {what}: {error}") from None
    return found


def shipped_traits(folder: Path | None = None) -> dict[str, Any]:
    """Read the traits that come with icpsim; raises PosteriorError when there are none."""
    return shipped((folder or further_folder()) / FILE, "hidden traits")


def write_json(path: Path, told: dict[str, Any]) -> None:
    """Write one object, whole or not at all; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, (json.dumps(told, indent=1, allow_nan=False) + "\n").encode())
