"""The JSON object of ``icpsim run --json``, which others script against."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from icpsim.data.published_effects import observed_counts
from icpsim.data.tables import load_tables
from icpsim.questions.run.answer import OutcomeResult, StudyResult
from icpsim.questions.run.pooled import pooled_rows
from icpsim.report.as_json import json_object


def as_object(result: StudyResult, observed: str | None) -> dict[str, Any]:
    """Plain values of a study; unknown numbers are null.

    ``cases`` and ``controls`` are simulated means over replicates; ``observed`` names the row set of
    targets.csv that the results stand beside, or is None.
    """
    counts = observed_counts(observed)
    parameters = load_tables().parameters.values()
    value: dict[str, Any] = {
        "scenario": result.scenario,
        "title": result.title,
        "version": result.version,
        "seed": result.seed,
        "replicates": result.replicates,
        "cases": _whole(result.cases),
        "controls": _whole(result.controls),
        "cases_matched": _whole(result.cases_matched),
        "observed_cases": counts.get("cases"),
        "observed_controls": counts.get("controls"),
        "outcomes": [_outcome(row) for row in result.outcomes],
        "bias": result.bias,
        "pooled": pooled_rows(result.replicate_rows),
        "balance": result.balance,
        "support": result.support,
        "monthly": result.monthly,
        "deaths": result.deaths,
        "parameters": {"total": len(parameters), "assumed": sum(p.assumed for p in parameters)},
        "drawn": result.drawn,
        "true_emergency": result.truths,
        "warnings": result.warnings,
    }
    if result.designs:
        value["designs"] = result.designs
    return json_object(value)


def _outcome(row: OutcomeResult) -> dict[str, Any]:
    fields = asdict(row) | {"observed_tag": row.observed_tag or None}
    return fields | {"relative": row.relative_estimated} if row.measure == "difference_gbp" else fields


def _whole(number: float) -> float | int:
    return int(number) if math.isfinite(number) and number == int(number) else number
