"""Remake this experiment: run its command, keep result.json and the pictures, rewrite the README's result.

``uv run python experiments/sensitivity/remake.py --work FOLDER`` (a stopped run goes on from FOLDER);
``--only-table`` rewrites the README, and draws the pictures anew, from result.json.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
COMMAND = ("sensitivity", "case-management-sites", "--method", "sobol", "--samples", "128", "--replicates", "3")
OUTCOMES = ("emergency_admissions_avoided", "net_cost", "true_emergency_admissions")
MARK = re.compile(r"<!-- result -->.*<!-- end -->", re.DOTALL)
LIKELY = 0.1
"""First-order share from which an index is asked to stand clear of nothing."""


def share(value: float | None) -> str:
    """Show a share of variance; a negative zero is 0."""
    return "-" if value is None else f"{value:.1%}".replace("-0.0%", "0.0%")


def outcome_table(outcome: dict[str, Any]) -> list[str]:
    """Return one outcome's indices as Markdown, largest first; chance last."""
    first = {row["factor"]: row for row in outcome["indices"] if row["measure"] == "first"}
    total = {row["factor"]: row for row in outcome["indices"] if row["measure"] == "total"}
    lines = [
        f"**{outcome['outcome'].replace('_', ' ')}** ({outcome['unit']}; mean {outcome['mean']:,.4g},"
        f" 90% of points {outcome['low']:,.4g} to {outcome['high']:,.4g})",
        "",
        "| input | alone | 90% | of which resampling | with others | 90% |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in sorted(first.items(), key=lambda pair: -pair[1]["value"]):
        other = total[name]
        lines.append(
            f"| {name} | {share(row['value'])} | {share(row['low'])} to {share(row['high'])} |"
            f" ±{share(row['resampled'])} | {share(other['value'])} |"
            f" {share(other['low'])} to {share(other['high'])} |"
        )
    lines += [f"| *chance* | {share(outcome['chance_share'])} | | | | |", ""]
    large = [row for row in first.values() if row["value"] > LIKELY]
    clear = sum(row["low"] > 0 for row in large)
    return [
        *lines,
        f"Of {len(large)} first-order shares over {LIKELY:.0%}, {clear} have an interval above nothing.",
        "",
    ]


def describe(result: dict[str, Any]) -> str:
    """Return the result as the README shows it."""
    lines = [line for outcome in result["outcomes"] for line in outcome_table(outcome)]
    lines += [
        *result["sentences"],
        "",
        f"{result['points']:,} points, {result['replicates']} replicates, seed {result['seed']}, icpsim"
        f" {result['version']}.",
    ]
    return "\n".join(lines)


def redraw(result: dict[str, Any]) -> list[str]:
    """Draw the pictures of a kept result; return what it says, in the words of now."""
    from icpsim.questions.sensitivity.answer import ConvergenceRow, IndexRow, OutcomeAnalysis, Sensitivity
    from icpsim.questions.sensitivity.ask import about_simulation
    from icpsim.questions.sensitivity.chance import Chance
    from icpsim.questions.sensitivity.show_pictures import write_pictures
    from icpsim.questions.sensitivity.show_sentences import sentences
    from icpsim.scenario.schema import load

    outcomes = tuple(
        OutcomeAnalysis(
            **{name: one[name] for name in ("outcome", "unit", "mean", "sd", "low", "high")},
            chance=Chance(**one["chance"]),
            rows=tuple(IndexRow(**row) for row in one["indices"]),
            convergence=tuple(ConvergenceRow(**row) for row in one["convergence"]),
        )
        for one in result["outcomes"]
    )
    about = about_simulation(load(COMMAND[1]), result["replicates"], result["seed"])
    none = np.empty((0, 0))
    source, samples = result["from"], result["samples"]
    found = Sensitivity(about, result["method"], "first", source, samples, (), (), outcomes, none, {})
    write_pictures(found, HERE)
    return sentences(found)


def main() -> None:
    """Run the command (or not) and rewrite the README."""
    kept = HERE / "result.json"
    if "--only-table" not in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "answer"
            further = [word for name in OUTCOMES for word in ("--outcome", name)]
            asked = [word for word in sys.argv[1:] if word]
            call = [sys.executable, "-m", "icpsim.cli.main", *COMMAND, *further, "--out", str(out), *asked]
            subprocess.run(call, check=True)  # noqa: S603 - our own
            shutil.copyfile(out / "answer.json", kept)
            for picture in out.glob("*.png"):
                shutil.copyfile(picture, HERE / picture.name)
    else:
        result = json.loads(kept.read_text(encoding="utf-8"))
        result["sentences"] = redraw(result)
        text = json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False)
        kept.write_text(text + "\n", encoding="utf-8")
    text = f"<!-- result -->\n\n{describe(json.loads(kept.read_text(encoding='utf-8')))}\n\n<!-- end -->"
    page = HERE / "README.md"
    page.write_text(MARK.sub(lambda _: text, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
