"""Write down what the scenario ``small`` gives now; then look at the diff.

``uv run python -m tests.whole.headline.remake``
"""

import json
import math
from pathlib import Path
from typing import Any

from icpsim.questions.run.study import run_study
from icpsim.scenario.schema import load

FILE = Path(__file__).with_name("small.json")
SEED, REPLICATES, DIGITS = 1, 2, 4
COLUMNS = (
    "estimate",
    "se",
    "corrected",
    "true",
    "before_cases",
    "after_cases",
    "before_controls",
    "after_controls",
)


def rounded(value: float) -> float | None:
    """Return the value to four significant digits; None for what is not a number."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def headline() -> dict[str, Any]:
    """Return people, and every replicate's estimates and truths, of ``small``; ratios are log rate ratios."""
    study = run_study(load("small"), replicates=REPLICATES, seed=SEED)
    rows = {
        f"{row['outcome']}, replicate {row['replicate']}": {name: rounded(float(row[name])) for name in COLUMNS}
        for row in study.replicate_rows
    }
    people = {name: rounded(getattr(study, name)) for name in ("cases", "cases_matched", "controls")}
    shown = {
        row.outcome: {"estimated": rounded(row.estimated), "true": rounded(row.true)} for row in study.outcomes
    }
    return {"scenario": "small", "seed": SEED, "people": people, "shown": shown, "replicates": rows}


def as_text(found: dict[str, Any]) -> str:
    """Lay it out with one outcome a line, so that a diff shows what moved."""
    lines = ["{", f'  "scenario": "{found["scenario"]}",', f'  "seed": {found["seed"]},']
    lines.append(f'  "people": {json.dumps(found["people"])},')
    for part, end in (("shown", ","), ("replicates", "")):
        rows = [f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in found[part].items()]
        lines += [f'  "{part}": {{', ",\n".join(rows), f"  }}{end}"]
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    FILE.write_text(as_text(headline()), encoding="utf-8")
