"""Remake this experiment: how often 90% intervals of Sobol indices hold indices that are known.

``uv run python experiments/sobol-coverage/remake.py`` takes half a minute and rewrites the README's table.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))

from known_functions import (  # noqa: E402 - the tests' own functions
    G_FIRST,
    ISHIGAMI_FIRST,
    Function,
    about,
    cube,
    ishigami,
    sobol_g,
)

from icpsim.questions.sensitivity.ask import ask_sensitivity  # noqa: E402

SEEDS = 40
SAMPLES = (16, 32, 64, 128, 256)
LEAST = 0.05
"""First-order share from which an index is counted."""
SLOPES = np.array([3.0, 2.8, 0.5, 0.0])
MARK = re.compile(r"<!-- result -->.*<!-- end -->", re.DOTALL)


def functions() -> dict[str, tuple[Function, np.ndarray]]:
    """Return functions by name, with their first-order indices."""
    line = Function(cube("a b c d", 0.0, 1.0), lambda x: x @ SLOPES)
    return {
        "a sum": (line, SLOPES**2 / (SLOPES**2).sum()),
        "Ishigami": (ishigami(), ISHIGAMI_FIRST),
        "Sobol's G": (sobol_g(), G_FIRST),
    }


def row(name: str, model: Function, known: np.ndarray, samples: int) -> str:
    """Return one line of the table."""
    held, sums, claimed = [], [], 0
    for seed in range(SEEDS):
        found = ask_sensitivity(model, about(seed=seed), "sobol", samples).outcomes[0]
        rows = [found.of(factor, "first") for factor in model.space.names]
        held += [one.low <= value <= one.high for one, value in zip(rows, known, strict=True) if value > LEAST]
        sums.append(sum(one.value for one in rows))
        claimed += sum(one.high for one in rows) < 1
    return (
        f"| {name} | {samples} | {np.mean(held):.0%} of {len(held)} | {np.mean(sums):.0%} ({np.std(sums):.0%}) |"
        f" {known.sum():.0%} | {claimed / SEEDS:.0%} |"
    )


def main() -> None:
    """Print the table and rewrite the README."""
    lines = [
        "| function | samples | intervals that hold the index | sum of shares alone (SD) | true sum"
        " | told of inputs acting together |",
        "|---|---|---|---|---|---|",
    ]
    for name, (model, known) in functions().items():
        lines += [row(name, model, known, samples) for samples in SAMPLES]
    text = "\n".join(["<!-- result -->", "", *lines, "", "<!-- end -->"])
    sys.stdout.write(f"{text}\n")
    page = HERE / "README.md"
    page.write_text(MARK.sub(lambda _: text, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
