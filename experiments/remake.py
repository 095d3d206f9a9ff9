"""Remake an experiment: run its command, keep the JSON, rewrite the result in its README.

``uv run python experiments/remake.py null-random``; ``--only-table`` rewrites the README from the JSON kept
(``result.json``, and any further ``result-*.json`` beside it, such as another seed's).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COMMANDS = {
    "null-random": ("run", "null-random", "--replicates", "200"),
    "null-risk-list": ("run", "null-risk-list", "--replicates", "16"),
    "reach": ("run", "case-management-sites", "--replicates", "12"),
}
MARK = re.compile(r"<!-- result -->.*<!-- end -->", re.DOTALL)
SHOWN = ("emergency_admissions", "elective_admissions", "outpatient_attendances", "hospital_cost")


def number(measure: str, value: float) -> str:
    """Show a rate ratio with three decimals and pounds with none."""
    return f"{value:.3f}" if measure == "rate_ratio" else f"£{value:,.0f}"


def bias_table(result: dict[str, Any]) -> list[str]:
    """Return the evaluation's own bias as Markdown."""
    lines = [
        "| outcome | raw (SE) | bias-corrected (SE) | its 95% intervals were right in |",
        "|---|---|---|---|",
    ]
    for row in result["bias"]:
        if row["outcome"] in SHOWN:
            raw, error, corrected, corrected_error = (
                number(row["measure"], row[key]) for key in ("raw", "raw_se", "corrected", "corrected_se")
            )
            held = f"{row['coverage']:.1%}"
            lines.append(f"| {row['outcome']} | {raw} ({error}) | {corrected} ({corrected_error}) | {held} |")
    return lines


def pooled_table(result: dict[str, Any]) -> list[str]:
    """Return where cases and controls differ, all replicates pooled, as Markdown; ratios as per cent."""
    lines = [
        "| outcome | gap before (SE) | gap after (SE) | change (SE) | errors from nothing |",
        "|---|---|---|---|---|",
    ]
    for row in result["pooled"]:
        unit, digits, factor = ("%", 1, 100) if row["measure"] == "rate_ratio" else ("", 0, 1)
        cells = [
            f"{factor * row[name]:+.{digits}f}{unit} ({factor * row[f'{name}_se']:.{digits}f})"
            for name in ("before", "after", "change")
        ]
        lines.append(f"| {row['outcome']} | {' | '.join(cells)} | {row['change'] / row['change_se']:+.1f} |")
    return lines


def reach_table(result: dict[str, Any]) -> list[str]:
    """Return observed, estimated and true as Markdown."""
    lines = [
        "| outcome | observed (90%) | estimated (90%) | true (90%) | distance, observed SE |",
        "|---|---|---|---|---|",
    ]
    for row in result["outcomes"]:
        if row["outcome"] in SHOWN:
            cells = [
                f"{number(row['measure'], row[key])} ({number(row['measure'], row[f'{key}_low'])} to "
                f"{number(row['measure'], row[f'{key}_high'])})"
                for key in ("observed", "estimated", "true")
            ]
            error = (row["observed_high"] - row["observed"]) / 1.6448536269514722
            distance = abs(row["estimated"] - row["observed"]) / error
            lines.append(f"| {row['outcome']} | {' | '.join(cells)} | {distance:.1f} |")
    return lines


def describe(name: str, result: dict[str, Any]) -> str:
    """Return the result as the README shows it."""
    support, deaths = result["support"], result["deaths"]
    lines = reach_table(result) if name == "reach" else [*bias_table(result), "", *pooled_table(result)]
    lines += [
        "",
        f"{result['replicates']} replicates, seed {result['seed']}, icpsim {result['version']}; on average "
        f"{result['cases']:,.0f} cases and {result['controls']:,.0f} controls. Pool over pilot population "
        f"{support['pool_ratio']:.2f}; {support['above_pool_top']:.0%} of cases above the 99th percentile of "
        f"the emergency score; median matching distance {support['distance_median']:.2f} SD; deaths of cases "
        f"{deaths['cases']:.1%}, of controls {deaths['controls']:.1%}.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Remake the experiments named on the command line (all without a name)."""
    names = [name for name in sys.argv[1:] if not name.startswith("--")] or list(COMMANDS)
    for name in names:
        kept = HERE / name / "result.json"
        if "--only-table" not in sys.argv:
            call = [sys.executable, "-m", "icpsim.cli.main", *COMMANDS[name], "--json"]
            done = subprocess.run(call, check=True, capture_output=True, text=True)  # noqa: S603
            kept.write_text(done.stdout, encoding="utf-8")
        page = HERE / name / "README.md"
        table = "\n\n".join(
            describe(name, json.loads(path.read_text(encoding="utf-8")))
            for path in sorted((HERE / name).glob("result*.json"), reverse=True)
        )
        text = MARK.sub(f"<!-- result -->\n\n{table}\n\n<!-- end -->", page.read_text(encoding="utf-8"))
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
