"""Remake the decisions: ``uv run python experiments/decision.py [NAME ...]``; all of them by default.

Options are the arms of ``experiments/decision/NAME/options.yaml``, and no programme. The answer is kept beside
them: ``result.json`` (without curves), pictures, and a README that is made from it. ``--only-table`` rewrites
READMEs from the results kept; ``--work FOLDER`` keeps finished replicates, so that a stopped run goes on.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from icpsim.economics.decision.analysis import PARAMETER
from icpsim.questions.compare.what_if import load_what_if
from icpsim.questions.decide.show_sentences import share
from icpsim.report.amounts import ends, number, pounds
from icpsim.report.measures import MONEY

HERE = Path(__file__).parent / "decision"
LEFT_OUT = ("curve",)
THRESHOLDS = (0, 10_000, 25_000)
"""Pounds for each emergency admission avoided: the answer says between which the choice changes."""
PICTURES = {
    "plane": "What options cost and avoid",
    "acceptability": "Which option is best",
    "information": "What it is worth to know all mechanisms",
    "partial": "What it is worth to know each",
}


def names() -> list[str]:
    """Return the names of all decisions."""
    return sorted(path.parent.name for path in HERE.glob("*/options.yaml"))


def ask(name: str, work: Path | None, workers: int | None) -> None:
    """Run one decision's command and keep what is small of its answer."""
    place = HERE / name
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        given = [] if work is None else ["--work", str(work)]
        given += [] if workers is None else ["--workers", str(workers)]
        options = ["decide", "--what-if", str(place / "options.yaml"), "--out", str(out)]
        options += [text for threshold in THRESHOLDS for text in ("--threshold", str(threshold))]
        subprocess.run([sys.executable, "-m", "icpsim.cli.main", *options, *given], check=True)  # noqa: S603 - ours
        told = json.loads((out / "answer.json").read_text(encoding="utf-8"))
        text = json.dumps({k: v for k, v in told.items() if k not in LEFT_OUT}, indent=1, ensure_ascii=False)
        (place / "result.json").write_text(text + "\n", encoding="utf-8")
        for picture in PICTURES:
            shutil.copyfile(out / f"{picture}.png", place / f"{picture}.png")


def options_table(told: dict[str, Any]) -> list[str]:
    """Return what each option costs and avoids, and how probably it is best at each threshold, as Markdown."""
    at = [pounds(one["threshold"]) for one in told["decisions"]]
    heads = [f"best at {threshold} an admission" for threshold in at]
    lines = [
        f"| option | net cost, {told['view']}, a year (90%) | emergency admissions avoided a year (90%) |"
        f" {' | '.join(heads)} |",
        "|---|---|---|" + "---|" * len(heads),
    ]
    for place, one in enumerate(told["options"]):
        cells = [_ranged(MONEY, one["cost"]), _ranged("count", one["avoided"])]
        for decision in told["decisions"]:
            found = decision["options"][place]
            chosen = ", **highest on average**" if found["option"] == decision["best"] else ""
            cells.append(f"{share(found['probability'])}{chosen}")
        lines.append(f"| {one['option']} | {' | '.join(cells)} |")
    return lines


def information_table(told: dict[str, Any]) -> list[str]:
    """Return what it is worth at most to know each thing at each threshold, pounds a year, as Markdown."""
    decisions = told["decisions"]
    heads = [f"at {pounds(one['threshold'])} an admission, £ a year (SE)" for one in decisions]
    lines = [f"| to know | {' | '.join(heads)} |", "|---|" + "---|" * len(heads)]
    everything = [_with_error(one["perfect"]) for one in decisions]
    lines.append(f"| everything (perfect information) | {' | '.join(everything)} |")
    for place, known in enumerate(decisions[0]["partial"]):
        if known["kind"] != PARAMETER:
            cells = [_with_error(one["partial"][place]["value"]) for one in decisions]
            lines.append(f"| {known['name']} | {' | '.join(cells)} |")
    return lines


def answer(told: dict[str, Any]) -> list[str]:
    """Return the answer as Markdown: sentences, options, and what it is worth to know more."""
    about = told["about"]
    return [
        *(f"- {text}" for text in told["sentences"]),
        "",
        *options_table(told),
        "",
        *information_table(told),
        "",
        f"{about['replicates']} replicates, each with its own draw of the posterior, seed {about['seed']}, icpsim"
        f" {about['version']}; {about['who']} ({told['people']:,.0f} people), {about['period']}; intervals hold"
        " 90% of draws of the mechanisms, chance left out; SE: what more replicates would still move.",
        *(f"\nWarning: {text}." for text in told["warnings"]),
    ]


def describe(name: str) -> str:
    """Return the README of one decision, from its result."""
    told = json.loads((HERE / name / "result.json").read_text(encoding="utf-8"))
    lines = [
        f"# {told['about']['title']}",
        "",
        *answer(told),
        "",
        *(f"![{shown}]({picture}.png)\n" for picture, shown in PICTURES.items()),
        f"Remade by `uv run python experiments/decision.py {name}`; asked by",
        f"`uv run icpsim decide --what-if experiments/decision/{name}/options.yaml"
        f" {' '.join(f'--threshold {threshold}' for threshold in THRESHOLDS)}`",
        "([the options](options.yaml)). How it is worked out: [decide](../../../docs/decide.md).",
    ]
    return "\n".join(lines) + "\n"


def _ranged(unit: str, row: dict[str, float]) -> str:
    return f"{number(unit, row['mean'])} {ends(unit, row['low'], row['high'])}".strip()


def _with_error(row: dict[str, float]) -> str:
    return f"{pounds(row['value'])} ({pounds(row['error'])})"


def main() -> None:
    """Remake the decisions named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=names())
    parser.add_argument("--only-table", action="store_true")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--workers", type=int)
    given = parser.parse_args()
    for name in given.names:
        load_what_if(str(HERE / name / "options.yaml"))
        if not given.only_table:
            ask(name, given.work, given.workers)
        (HERE / name / "README.md").write_text(describe(name), encoding="utf-8")


if __name__ == "__main__":
    main()
