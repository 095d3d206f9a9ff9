"""Set a thinned pool of controls beside the whole of it, replicate by replicate, with no effect to be found.

``uv run python experiments/thinning/compare.py [--replicates N] [--write]`` prints a table; ``--write`` also puts
it into the README beside this file.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np

from icpsim.questions.run.replicate import run_replicate
from icpsim.scenario.schema import load

HERE = Path(__file__).parent
SHOWN = ("emergency_admissions", "elective_admissions", "outpatient_attendances", "hospital_cost")
MARK = re.compile(r"<!-- result -->.*<!-- end -->", re.DOTALL)


def found(thinned: bool, number: int) -> dict[str, tuple[float, float, float]]:
    """Return raw and corrected estimate and standard error of each outcome in one replicate."""
    scenario = load("null-risk-list", (f"population.thin_pool={str(thinned).lower()}",))
    done = run_replicate(scenario, 1, number)
    if done.evaluation is None:
        raise RuntimeError(f"replicate {number}: {done.problem}")
    return {name: _numbers(done.evaluation.effect(name)) for name in SHOWN}


def _numbers(effect: object) -> tuple[float, float, float]:
    return tuple(getattr(effect, name) for name in ("estimate", "corrected", "se"))  # type: ignore[return-value]


def differences(replicates: int) -> dict[str, np.ndarray]:
    """Return, for each outcome, raw and corrected difference (thinned less whole) and the ratio of errors."""
    rows: dict[str, list[tuple[float, float, float]]] = {name: [] for name in SHOWN}
    for number in range(replicates):
        ours, whole = found(True, number), found(False, number)
        for name in SHOWN:
            a, b = ours[name], whole[name]
            rows[name].append((a[0] - b[0], a[1] - b[1], a[2] / b[2]))
    return {name: np.array(values) for name, values in rows.items()}


def table(replicates: int) -> str:
    """Return the comparison as Markdown."""
    lines = [
        f"{replicates} replicates of `null-risk-list`, seed 1; differences of log rate ratios (pounds for cost).",
        "",
        "| outcome | raw, thinned less whole (SE) | corrected, the same (SE) | standard error, ratio |",
        "|---|---|---|---|",
    ]
    for name, values in differences(replicates).items():
        mean, se = values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(replicates)
        digits = 1 if name == "hospital_cost" else 4
        cells = [f"{mean[k]:+.{digits}f} ({se[k]:.{digits}f})" for k in (0, 1)]
        lines.append(f"| {name} | {cells[0]} | {cells[1]} | {mean[2]:.3f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the comparison, and write it into the README if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=12)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    text = table(options.replicates)
    print(text)
    if options.write:
        page = HERE / "README.md"
        new = f"<!-- result -->\n{text}\n<!-- end -->"
        page.write_text(MARK.sub(lambda _: new, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
