"""Remake the worked what-ifs: ``uv run python experiments/what_if.py [NAME ...]``; all of them by default.

Each answer is kept in ``experiments/what-if/NAME``: ``result.json`` (without the many rows by group), the pictures
of arms and of who was found, and a README whose table and sentences are made from it. ``--only-table`` rewrites
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

from icpsim.questions.compare.results import NO_PROGRAMME
from icpsim.questions.compare.what_if import load_what_if, what_if_names
from icpsim.report.amounts import number, with_interval
from icpsim.report.measures import AVOIDED, COST, ESTIMATED, TRUE

HERE = Path(__file__).parent / "what-if"
LEFT_OUT = ("groups", "groups_against_first")
PICTURES = ("arms.png", "found.png")


def ask(name: str, work: Path | None) -> None:
    """Run one what-if's command and keep what is small of its answer."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        kept = () if work is None else ("--work", str(work / name))
        command = [sys.executable, "-m", "icpsim.cli.main", "what-if", name, "--out", str(out), *kept]
        subprocess.run(command, check=True)  # noqa: S603 - our own command line
        place = HERE / name
        place.mkdir(parents=True, exist_ok=True)
        told = json.loads((out / "answer.json").read_text(encoding="utf-8"))
        text = json.dumps({k: v for k, v in told.items() if k not in LEFT_OUT}, indent=1, ensure_ascii=False)
        (place / "result.json").write_text(text + "\n", encoding="utf-8")
        for picture in (*PICTURES, *(path.name for path in out.glob("drivers-*.png"))):
            shutil.copyfile(out / picture, place / picture)


def table(told: dict[str, Any]) -> list[str]:
    """Return the arms side by side as Markdown."""
    lines = [
        "| arm | enrolled | would have fallen anyway | emergency admissions avoided a year (90%) |"
        " true effect (90%) | estimated (90%) | programme, £ a year | net cost, commissioner (90%) |"
        " whole system gains | cost of an admission avoided, commissioner |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for arm, found, money in zip(told["arms"], told["found"], told["money"], strict=True):
        rows = {row["measure"]: row for row in told["headlines"] if row["arm"] == arm}
        anyway = found["profile"]["falls_anyway"]["estimate"]
        ratio = money["per_admission"]["commissioner"]
        cells = [
            arm,
            f"{found['profile']['enrolled']['estimate']:,.0f}",
            "-" if anyway is None else f"{anyway:.0%}",
            *(_shown(rows.get(measure)) for measure in (AVOIDED, TRUE, ESTIMATED)),
            number("gbp", money["programme"]["estimate"]),
            _shown(rows.get(COST)),
            number("gbp", money["views"]["whole system"]["estimate"]),
            ratio["said"].split(" to the ")[0] if ratio["pounds"] is None else f"£{ratio['pounds']:,.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def describe(name: str) -> str:
    """Return the README of one what-if, from its result."""
    place = HERE / name
    told = json.loads((place / "result.json").read_text(encoding="utf-8"))
    asked = load_what_if(name).what_if
    about = told["about"]
    lines = [
        f"# {asked.question}",
        "",
        *told["conclusion"],
        "",
        *table(told),
        "",
        f"Each arm against {NO_PROGRAMME}, the same people on the same draws; {about['replicates']} replicates,"
        f" seed {about['seed']}, icpsim {about['version']}; {about['period']}; intervals hold 90% of"
        " single worlds. Prices and programme costs are assumptions ([costs](../../../docs/costs.md)).",
        "",
        *(f"- {text}" for text in [*told["sentences"][len(told["conclusion"]) :], *told["warnings"]]),
        "",
        "![Arms side by side](arms.png)",
        "",
        "![Who was found](found.png)",
        "",
        *(f"![What drove arm {k + 1}](drivers-{k + 1}.png)\n" for k in range(len(told["drivers"]))),
        f"Remade by `uv run python experiments/what_if.py {name}`; asked by",
        f"`uv run icpsim what-if {name}` ([the file](../../../scenarios/what-if/{name}.yaml)).",
    ]
    return "\n".join(lines) + "\n"


def _shown(row: dict[str, Any] | None) -> str:
    if row is None or row["estimate"] is None:
        return "-"
    low, high = (float("nan") if row[end] is None else row[end] for end in ("low", "high"))
    return with_interval(row["unit"], row["estimate"], low, high)


def main() -> None:
    """Remake the what-ifs named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=what_if_names())
    parser.add_argument("--only-table", action="store_true")
    parser.add_argument("--work", type=Path)
    given = parser.parse_args()
    for name in given.names:
        if not given.only_table:
            ask(name, given.work)
        (HERE / name / "README.md").write_text(describe(name), encoding="utf-8")


if __name__ == "__main__":
    main()
