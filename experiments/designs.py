"""Remake the experiments on evaluation designs: ``uv run python experiments/designs.py [NAME ...]``.

Each is one or more ``icpsim design`` commands. An answer is kept in the experiment's folder as ``result.json`` (to
five digits) with its pictures, and the tables of the README are made from it. ``--only-table`` rewrites READMEs
from the results kept; ``--replicates N`` asks for another number; ``--work FOLDER`` keeps finished replicates.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from math import expm1
from pathlib import Path
from typing import Any

from pyarrow.parquet import read_table

from icpsim.evaluation.designs.interface import titled
from icpsim.evaluation.outcomes import OUTCOMES as ALL_OUTCOMES
from icpsim.questions.designs.answer import DesignStudy
from icpsim.questions.designs.show_folder import write_designs
from icpsim.questions.designs.summary import problems, summarise
from icpsim.report.words import label, percent, pounds
from icpsim.scenario.schema import load

HERE = Path(__file__).parent
COVERAGE = HERE / "trial-coverage" / "scenario.yaml"
SPILL = "programmes.0.parameters.mechanisms.outpatient_spillover=0.08"
TRIALS = ("trial_by_person", "trial_by_practice", "stepped_wedge")
COMMANDS = {
    "evaluation-designs": (
        ("result", ("case-management-sites", "--replicates", "60")),
        (
            "result-trials",
            (
                "case-management-sites",
                "--replicates",
                "60",
                "--window",
                "26",
                *tuple(text for name in TRIALS for text in ("--design", name)),
            ),
        ),
    ),
    "trial-coverage": (
        ("result", (str(COVERAGE), "--no-draws", "--replicates", "500")),
        ("result-spillover", (str(COVERAGE), "--no-draws", "--replicates", "200", "--set", SPILL)),
        (
            "result-seed-2",
            (str(COVERAGE), "--no-draws", "--replicates", "300", "--seed", "2", "--design", "stepped_wedge"),
        ),
    ),
}
LEFT_OUT = ("sizes",)
PICTURES = ("designs.png", "power.png")
PICTURED = ("evaluation-designs",)
OUTCOMES = ALL_OUTCOMES[:6]
MARK = re.compile(r"<!-- result -->.*<!-- end -->", re.DOTALL)


def ask(name: str, work: Path | None, replicates: int | None) -> None:
    """Run an experiment's commands and keep what is small of each answer."""
    for kept, arguments in COMMANDS[name]:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            more = () if work is None else ("--work", str(work / name))
            more += () if replicates is None else ("--replicates", str(replicates))
            command = [sys.executable, "-m", "icpsim.cli.main", "design", *arguments, "--workers", "1", *more]
            subprocess.run([*command, "--out", str(out)], check=True)  # noqa: S603 - our own command line
            keep(HERE / name, kept, out)


def keep(place: Path, name: str, out: Path) -> None:
    """Keep the answer in a command's folder, a row a line, and the pictures of those that show them."""
    told = json.loads((out / "answer.json").read_text(encoding="utf-8"))
    kept = {key: _rounded(value) for key, value in told.items() if key not in LEFT_OUT}
    rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in kept.pop("rows"))
    text = json.dumps(kept, indent=1, ensure_ascii=False).removesuffix("\n}")
    (place / f"{name}.json").write_text(f'{text},\n "rows": [\n{rows}\n ]\n}}\n', encoding="utf-8")
    for picture in PICTURES:
        if place.name in PICTURED and (out / picture).exists():
            shutil.copyfile(out / picture, place / picture)


def summarise_again(name: str, folder: Path) -> None:
    """Summarise and draw again what an earlier command's folder holds of every replicate, and keep it."""
    told = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    kept = read_table(folder / "figures.parquet").to_pydict()
    figures: list[dict[str, float]] = [{} for _ in range(told["replicates"])]
    for number, figure, value in zip(kept["replicate"], kept["figure"], kept["value"], strict=True):
        figures[number][figure] = value
    study = DesignStudy(
        load(folder / "scenario.yaml"), told["seed"], summarise(figures), tuple(problems(figures)), tuple(figures)
    )
    with tempfile.TemporaryDirectory() as place:
        write_designs(Path(place) / "out", study)
        keep(HERE / name, "result", Path(place) / "out")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value


def effect(row: dict[str, Any], value: float | None) -> str:
    """Return an effect as readers see it."""
    if value is None:
        return "-"
    return pounds(value) if row["measure"] == "difference_gbp" else percent(expm1(value), 1)


def error(row: dict[str, Any], value: float | None) -> str:
    """Return a standard error: pounds, or per cent of a ratio near one."""
    if value is None:
        return "-"
    return f"£{value:,.0f}" if row["measure"] == "difference_gbp" else f"{100 * value:.1f}"


def share(value: float | None) -> str:
    """Return a share in per cent."""
    return "-" if value is None else f"{100 * value:.0f}%"


def power_error(row: dict[str, Any]) -> str:
    """Return the simulated power with its Monte Carlo error."""
    chance = row["power"]
    return f"{100 * chance:.0f}% ({100 * (chance * (1 - chance) / row['replicates']) ** 0.5:.0f})"


def designs_table(told: dict[str, Any], outcome: str, window: int) -> list[str]:
    """Return what each design finds of one outcome as Markdown."""
    lines = [
        "| design | people | truth | bias (SE) | effects off: it reports (SE) | coverage of 95% | power (SE) |"
        " by formula | false alarms | smallest fall seen |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in told["rows"]:
        if (row["outcome"], row["window"]) != (outcome, window):
            continue
        cells = [
            titled(row["title"], row["variant"], naive=row["naive"]),
            f"{row['cases']:,.0f}",
            effect(row, row["truth"]),
            f"{effect(row, row['bias'])} ({error(row, row['bias_se'])})",
            f"{effect(row, row['null_bias'])} ({error(row, row['null_bias_se'])})",
            f"{share(row['coverage'])} ({share(row['coverage_low'])} to {share(row['coverage_high'])})",
            power_error(row),
            share(row["formula_power"]),
            share(row["false_alarms"]),
            "-" if row["naive"] else effect(row, None if row["smallest"] is None else -row["smallest"]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def coverage_table(told: dict[str, Any]) -> list[str]:
    """Return bias in Monte Carlo errors and coverage of each trial and outcome as Markdown."""
    lines = [
        "| trial | outcome | truth | bias (SE) | in errors | spread | own SE | coverage of 95% | power (SE) |"
        " by formula |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in told["rows"]:
        if row["outcome"] not in OUTCOMES:
            continue
        cells = [
            titled(row["title"], row["variant"], naive=row["naive"]),
            label(row["outcome"]),
            effect(row, row["truth"]),
            f"{effect(row, row['bias'])} ({error(row, row['bias_se'])})",
            f"{row['bias'] / row['bias_se']:+.1f}",
            error(row, row["empirical_se"]),
            error(row, row["mean_se"]),
            f"{100 * row['coverage']:.1f}%",
            power_error(row),
            share(row["formula_power"]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def coverage_by_trial(told: dict[str, Any]) -> list[str]:
    """Return each outcome's bias, in its Monte Carlo errors, and coverage under each trial as Markdown."""
    rows = [row for row in told["rows"] if row["outcome"] in OUTCOMES and not row["variant"]]
    names = list(dict.fromkeys(row["title"] for row in rows))
    lines = [
        f"| outcome | {' | '.join(f'{name}: bias (SE), coverage' for name in names)} |",
        "|---" * (len(names) + 1) + "|",
    ]
    for outcome in dict.fromkeys(row["outcome"] for row in rows):
        cells = [
            f"{effect(row, row['bias'])} ({error(row, row['bias_se'])}), {100 * row['coverage']:.1f}%"
            for row in rows
            if row["outcome"] == outcome
        ]
        lines.append(f"| {' | '.join([label(outcome), *cells])} |")
    return lines


def result(name: str, kept: str = "result") -> dict[str, Any]:
    """Return an experiment's answer as it is kept."""
    told: dict[str, Any] = json.loads((HERE / name / f"{kept}.json").read_text(encoding="utf-8"))
    return told


def about(told: dict[str, Any]) -> str:
    """Return how often and from which seed an answer was simulated."""
    return f"{told['replicates']} replicates, seed {told['seed']}, icpsim {told['version']}."


def describe(name: str) -> str:
    """Return an experiment's tables as its README shows them."""
    told = result(name)
    if name == "evaluation-designs":
        parts = [[told["recommendation"], "", about(told)]]
        for outcome in ("emergency_admissions", "outpatient_attendances", "hospital_cost"):
            for window in sorted({row["window"] for row in told["rows"]}, reverse=True):
                heading = f"{label(outcome)}, {window} weeks of follow-up".capitalize()
                parts.append([f"## {heading}", "", *designs_table(told, outcome, window)])
        if (HERE / name / "result-trials.json").exists():
            trials = result(name, "result-trials")
            parts.append(["## Trials at the pilots' own size", "", about(trials), "", *coverage_table(trials)])
        return "\n\n".join("\n".join(part) for part in parts)
    lines = [about(told), "", *coverage_table(told)]
    again = result(name, "result-seed-2")
    lines += ["", "## The stepped wedge again, from another seed", "", about(again), "", *coverage_table(again)]
    spilt = result(name, "result-spillover")
    spilt["rows"] = [row for row in spilt["rows"] if row["outcome"] == "outpatient_attendances"]
    lines += ["", "## With a spill-over of 8% at full ramp", "", about(spilt), "", *coverage_table(spilt)]
    return "\n".join(lines)


def main() -> None:
    """Remake the experiments named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(COMMANDS))
    parser.add_argument("--only-table", action="store_true")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--replicates", type=int)
    parser.add_argument(
        "--summarise", type=Path, metavar="FOLDER", help="an earlier command's --out, not simulated again"
    )
    given = parser.parse_args()
    for name in given.names:
        if given.summarise is not None:
            summarise_again(name, given.summarise)
        elif not given.only_table:
            ask(name, given.work, given.replicates)
        page = HERE / name / "README.md"
        text = f"<!-- result -->\n\n{describe(name)}\n\n<!-- end -->"
        page.write_text(MARK.sub(lambda _, text=text: text, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
