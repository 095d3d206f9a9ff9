"""The published question as one plain object: what a confounder would need, and what the model holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from icpsim.questions.errors import ConfounderError
from icpsim.questions.hidden_confounder.bias import Question, e_value, gap_needed, grid

FALLS = (0.05, 0.10)
"""True falls that a confounder is asked to hide."""
GAPS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
RATE_RATIOS = (1.1, 1.25, 1.5, 2.0, 3.0, 5.0)
CONTROLS = 0.2
"""Share of controls with the trait in tables and picture, unless told; what is asked, not what is known."""


def questions(observed: float, true: float) -> tuple[Question, ...]:
    """Return what is asked: to explain the observed ratio, and to hide true falls."""
    nothing = true == 1.0
    first = Question(
        f"explain {observed - 1:+.0%} when {'nothing' if nothing else f'{true - 1:+.0%}'} is true", observed, true
    )
    return (first, *(Question(f"hide a true fall of {fall:.0%}", observed, 1.0 - fall) for fall in FALLS))


def answer(
    observed: float,
    true: float,
    controls: float,
    gaps: Sequence[float],
    rate_ratios: Sequence[float],
    measured: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return gaps that are needed, biases on the grid, E-values and the model's own traits.

    Raises ConfounderError on ratios of 0 or less, shares outside 0 to 1, gaps outside -1 to 1, or an empty grid.
    """
    if not gaps or not rate_ratios:
        raise ConfounderError("the grid needs at least one prevalence gap and one rate ratio")
    for gap in gaps:
        if not -1.0 <= gap <= 1.0:
            hint = f"; {gap:g} percentage points are {gap / 100:g}" if 1.0 < abs(gap) <= 100.0 else ""
            raise ConfounderError(f"a prevalence gap must lie between -1 and 1, not {gap:g}{hint}")
    asked = questions(observed, true)
    biases = grid(gaps, rate_ratios, controls)
    return {
        "observed": observed,
        "true": true,
        "controls": controls,
        "questions": [_question(one, controls, rate_ratios) for one in asked],
        "gaps": list(gaps),
        "rate_ratios": list(rate_ratios),
        "bias": [[float(b) if np.isfinite(b) else None for b in row] for row in biases],
        "model": measured,
    }


def _question(one: Question, controls: float, rate_ratios: Sequence[float]) -> dict[str, Any]:
    return {
        "question": one.name,
        "bias": one.bias,
        "e_value": e_value(one.bias),
        "gap_needed": [gap_needed(one.bias, controls, ratio) for ratio in rate_ratios],
    }


def sentences(told: Mapping[str, Any]) -> list[str]:
    """Return what the answer says in plain words."""
    found = [
        f"To {row['question']}, cases must have {row['bias'] - 1:.0%} more admissions than their controls for"
        f" hidden reasons; a trait {row['e_value']:.2f} times as common among them that raises admissions"
        f" {row['e_value']:.2f} times is the weakest that can."
        for row in told["questions"]
        if row["bias"] > 1.0
    ]
    model = told["model"]
    if model is None:
        return found
    first = told["questions"][0]
    for trait in model["traits"]:
        found.append(
            f"In the calibrated model {trait['cases']['mean']:.0%} of cases and {trait['controls']['mean']:.0%} of"
            f" their controls are {trait['words']}; it carries {trait['rate_ratio']['mean']:.2f} times the"
            f" admissions that records lead to expect, and alone makes {trait['bias']['mean'] - 1:+.1%}"
            f" ({trait['bias']['low'] - 1:+.1%} to {trait['bias']['high'] - 1:+.1%} over {model['draws']} draws)."
        )
    best = max(model["traits"], key=lambda trait: float(trait["bias"]["mean"]))
    enough = "is enough" if best["bias"]["mean"] >= first["bias"] else "is not enough alone"
    found.append(
        f"The strongest of them, being {best['words']}, {enough} to {first['question']}; hidden traits, imperfect"
        f" matching and chance together made {np.exp(model['bias']['mean']) - 1:+.1%} in these worlds"
        f" ({np.exp(model['bias']['low']) - 1:+.1%} to {np.exp(model['bias']['high']) - 1:+.1%})."
    )
    return found
