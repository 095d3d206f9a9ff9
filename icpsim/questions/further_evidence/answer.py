"""What would have told, as one plain object and in sentences; and the files that come with icpsim."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import icpsim
from icpsim.inference.errors import CalibrationError
from icpsim.inference.mechanisms.priors import EXPLANATIONS
from icpsim.inference.posterior import ShippedDraws
from icpsim.questions.further_evidence.evidence import Row, Telling
from icpsim.questions.further_evidence.simulations import Plan, Simulated
from icpsim.questions.hidden_confounder.measure import further_folder, rounded, shipped, write_json
from icpsim.report.amounts import capital

REPORT, SIMULATIONS = "telling.json", "telling.parquet"
OWN = ("explanation", "past")
FALSE_ALARM = 0.05
"""Probability that any addition is said to tell something when none does, were errors normal."""


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


def additions(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rows of single additions to the published table, in the table's order."""
    return list(told["rows"][1:-1])


def is_clear(row: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Say whether a row's gain is told from none.

    By a t-test with a degree of freedom for each past but one, at FALSE_ALARM for all of them (Bonferroni).
    """
    return bool(row["gain"] > _errors(told) * row["gain_se"])


def headline(told: Mapping[str, Any]) -> str:
    """Return what the table says of gains in one line, claiming only what is told from none."""
    clear = [row["evidence"] for row in additions(told) if is_clear(row, told)]
    if not clear:
        return "No single addition to the published table can be told from no gain"
    return f"Of single additions to the published table, only {' and '.join(clear)} can be told from no gain"


def sentences(told: Mapping[str, Any]) -> list[str]:
    """Return what the report says in plain words."""
    published, everything = told["published"], told["rows"][-1]
    return [
        f"{told['open_bits']:.1f} bits would settle which of four equally probable explanations is at work;"
        f" another evaluation such as the published one would give {max(published['bits'], 0):.2f}"
        f" ({published['bits_se']:.2f}), with all further evidence {everything['bits']:.2f}"
        f" ({everything['bits_se']:.2f}).",
        *_gains(told),
        _effect_left(told),
        *(_design(row, row["evidence"]) for row in additions(told) if row["error_ratio"] is not None),
        f"The published design's own bias is {_per_cent(published['bias'])} on average"
        f" ({100 * published['bias_se']:.1f}).",
    ]


def _gains(told: Mapping[str, Any]) -> list[str]:
    by_gain = sorted(additions(told), key=lambda row: -float(row["gain"]))
    clear = [row for row in by_gain if is_clear(row, told)]
    vague = [row for row in by_gain if not is_clear(row, told)]
    found = [
        f"Gains told from none (beyond {_errors(told):.1f} standard errors; did none of these"
        f" {len(additions(told))} tell anything, one would pass in {FALSE_ALARM:.0%} of such tables):"
        f" {_listed(clear) or 'no single one'}."
    ]
    if vague:
        found.append(f"Not told from none by so many simulations: {_listed(vague)}.")
    return found


def _listed(rows: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"{row['evidence']} {row['gain']:+.2f} ({row['gain_se']:.2f})" for row in rows)


def _effect_left(told: Mapping[str, Any]) -> str:
    """Say whether an addition narrows the true effect; the two errors are taken as independent."""
    published, least = told["published"], _errors(told)
    sharpest = min(additions(told), key=lambda row: float(row["effect_sd_left"]))
    gap = published["effect_sd_left"] - sharpest["effect_sd_left"]
    clear = gap > least * math.hypot(published["effect_sd_left_se"], sharpest["effect_sd_left_se"])
    said = "clearly less" if clear else "not clearly less"
    return (
        f"SD left of the true effect by the published table alone: {_left(published)}; the least by a single"
        f" addition, {sharpest['evidence']}, {_left(sharpest)}, {said}."
    )


def _left(row: Mapping[str, Any]) -> str:
    return f"{row['effect_sd_left']:.0%} ({100 * row['effect_sd_left_se']:.0f})"


def _design(row: Mapping[str, Any], name: str) -> str:
    return (
        f"{capital(name)}: standard error {row['error_ratio']:.2f} times the published design's,"
        f" own bias {_per_cent(row['bias'])} on average ({100 * row['bias_se']:.1f})."
    )


def _per_cent(log_ratio: float) -> str:
    return f"{math.exp(log_ratio) - 1:+.1%}"


def _errors(told: Mapping[str, Any]) -> float:
    """Return how many standard errors a gain must exceed to be told from none."""
    from scipy.stats import t

    return float(t.isf(FALSE_ALARM / len(additions(told)), told["pasts"] - 1))


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
    return shipped((folder or further_folder()) / REPORT, "report of further evidence")
