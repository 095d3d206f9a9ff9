"""Write the generated parts of the documentation: what stands between a ``generate`` and an ``end`` mark.

Run ``python docs/generate.py --write`` to rewrite them (``--slow`` also those that simulate for minutes); without
``--write`` it tells which are out of date and ends with 1. A mark looks like ``<!-- generate: plan -->`` and
ends with ``<!-- end -->``; its first word is a function here, the rest are its arguments (``output`` takes the
Python example above it).
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import chdir, redirect_stderr, redirect_stdout
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs"
WORK: Path | None = None
"""Where studies keep finished replicates, if anywhere."""
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)
MARK = re.compile(r"<!-- generate: ([^>]+?) -->\n(.*?)<!-- end -->", re.DOTALL)


def pages() -> list[Path]:
    """Return every page of the documentation."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def answer(arguments: Iterable[str]) -> tuple[int, str, str]:
    """Return a command's exit code, standard output and standard error."""
    from icpsim.cli.main import app

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = app(list(arguments), standalone_mode=False)
    return code or 0, _tidy(out.getvalue()), _tidy(err.getvalue())


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


def command(*arguments: str) -> str:
    """Return what ``icpsim`` prints; raises RuntimeError with its message if it fails."""
    code, out, err = answer(arguments)
    if code:
        raise RuntimeError(f"icpsim {' '.join(arguments)} ended with {code}: {err}")
    return out


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    heads = list(columns)
    lines = [heads, ["---"] * len(heads), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def printed(*arguments: str) -> str:
    """Show what a command prints."""
    return f"```text\n{command(*arguments)}\n```\n"


def refused(*arguments: str) -> str:
    """Show the message with which a command refuses wrong input."""
    code, _, err = answer(arguments)
    return f"```text\n{err}\n```\n\nExit code {code}.\n"


def study(scenario: str) -> str:
    """Run a study, show what it prints and keep its picture beside the pages."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        shown = printed("run", scenario, *(("--work", str(WORK)) if WORK else ()))
        shutil.copyfile(f"icpsim-{scenario}.png", PICTURES / f"{scenario}.png")
    return shown


def kept(scenario: str, replicates: str) -> str:
    """Run a study into a folder, and show what ``icpsim results`` finds in it."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        command("run", scenario, "--replicates", replicates, "--work", "results/small")
        return printed("results", "results/small")


def baseline(*arguments: str) -> str:
    """Measure the natural history, show what is printed and keep the pictures beside the pages."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        shown = printed("baseline", "--out", "baseline", *arguments)
        for picture in Path("baseline").glob("*.png"):
            shutil.copyfile(picture, PICTURES / f"baseline-{picture.name}")
    return shown


def fit(which: str) -> str:
    """Show the tables that ``icpsim calibrate natural-history --write`` left: targets or parameters."""
    with (ROOT / "calibration" / "natural_history" / FITS[which][0]).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = FITS[which][1]
    return table(columns.values(), ([_cell(row[key]) for key in columns] for row in rows))


def _cell(value: str) -> str:
    return {"True": "yes", "False": "**no**"}.get(value, value)


FITS = {
    "targets": (
        "fit.csv",
        {
            "target": "target", "low": "low", "high": "high", "simulated": "simulated",
            "difference": "from the middle",
            "inside": "inside", "predicted_low": "5% of draws", "predicted_high": "95%", "weight": "weight",
        },
    ),
    "parameters": (
        "fitted.csv",
        {
            "parameter": "parameter", "kind": "kind", "start": "start", "fitted": "fitted", "fitted_low": "5%",
            "fitted_high": "95%", "low": "from", "high": "to", "shrinkage": "shrinkage",
        },
    ),
}  # fmt: skip


def misses() -> str:
    """Show why targets are missed, from ``calibration/natural_history/misses.csv``."""
    with (ROOT / "calibration" / "natural_history" / "misses.csv").open(newline="", encoding="utf-8") as file:
        return table(("target", "why it is missed"), ((r["target"], r["reason"]) for r in csv.DictReader(file)))


def traced(*arguments: str) -> str:
    """Follow one person, show what is printed and keep the picture beside the pages."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        shown = printed("trace", *arguments)
        command("trace", *arguments, "--picture", "trace.png")
        shutil.copyfile("trace.png", PICTURES / "trace.png")
    return shown


def decided(name: str) -> str:
    """Show a decision's answer, from ``experiments/decision/NAME/result.json``."""
    kept = ROOT / "experiments" / "decision" / name / "result.json"
    lines: list[str] = _script("experiments", "decision").answer(json.loads(kept.read_text(encoding="utf-8")))
    return "\n".join(lines) + "\n"


def pictured(name: str, *arguments: str) -> str:
    """Draw a command's picture beside the pages, and show it."""
    command(*arguments, "--out", str(PICTURES / f"{name}.png"))
    return f"![{name.replace('-', ' ').capitalize()}]({name}.png)\n"


def capacity() -> str:
    """Measure a hospital's year with settled supply and with a tenth less of each; show what is printed."""
    return printed("baseline", "--capacity")


def output(code: str) -> str:
    """Run a Python example in a folder of its own and show what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        call = [sys.executable, "-c", code]
        done = subprocess.run(call, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    return f"```text\n{_tidy(done.stdout)}\n```\n"


def plan() -> str:
    """Show the week in order, from ``icpsim plan --json``."""
    rows = json.loads(command("plan", "--json"))["plan"]
    return table(
        ("", "step", "what happens", "where (under `icpsim/`)"),
        ((r["order"], r["name"], r["what"], _code(r["where"])) for r in rows),
    )


def _code(places: str) -> str:
    return ", ".join(f"`{place.strip()}`" for place in places.split(","))


def parameters(*tables: str) -> str:
    """Show the rows of some parameter tables; age curves and conditions are one row, without their ranges."""
    rows = json.loads(command("parameters", "--json"))["parameters"]
    shown = _script("docs", "parameter_rows").parameter_rows(row for row in rows if row["table"] in tables)
    return table(("parameter", "value (low to high)", "unit", "tag", "note"), shown)


def tags() -> str:
    """Count the parameters by table and tag."""
    from icpsim.data.tables import TAGS

    rows = json.loads(command("parameters", "--json"))["parameters"]
    names = list(dict.fromkeys(row["table"] for row in rows))
    counts = {name: [sum(r["table"] == name and r["tag"] == tag for r in rows) for tag in TAGS] for name in names}
    total = ["all", *(sum(r["tag"] == tag for r in rows) for tag in TAGS), len(rows)]
    return table(("table", *TAGS, "numbers"), [*((f"`{n}`", *c, sum(c)) for n, c in counts.items()), total])


def targets() -> str:
    """Show what was published, from ``calibration/targets.csv``."""
    from icpsim.data.published_effects import load_targets, target_sets

    rows = [row for name in target_sets() for row in load_targets(name)]
    return table(
        ("set", "outcome", "measure", "observed", "standard error", "its source", "use"),
        (
            (r.set, r.outcome.replace("_", " "), r.measure.replace("_", " "), f"{r.observed:g} ({r.tag})",
             f"{r.se:g}", f"{r.se_tag}: {r.se_source}", r.use)
            for r in rows
        ),
    )  # fmt: skip


def sensed(command_name: str, *arguments: str) -> str:
    """Ask what moves a result or where it fails, show what is printed and keep the pictures beside the pages."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        shown = printed(command_name, *arguments, "--out", "answer").replace("Written: answer\n", "")
        for picture in sorted(Path("answer").glob("*.png")):
            shutil.copyfile(picture, PICTURES / f"sensitivity-{picture.name}")
            shown += f"\n![{picture.stem.capitalize()}](sensitivity-{picture.name})\n"
    return shown


def calibrated() -> str:
    """Show the shipped calibration, and keep its pictures beside the pages."""
    return printed("calibration", "--pictures", str(PICTURES)).replace(str(PICTURES), "docs")


def headline_ranges() -> str:
    """Return how far the calibration's headline probabilities move with single choices."""
    return _script("docs", "predictive_rows").headline_ranges() + "\n"


def predictive() -> str:
    """Set the published effects beside what evaluations of posterior draws find: what the model reproduces."""
    rows = _script("docs", "predictive_rows")
    return table(rows.HEADS, rows.predictive_rows())


def registry() -> str:
    """Show what is kept for validation, from ``calibration/validation.csv``."""
    from icpsim.questions.validation.registry import read_registry

    return table(
        ("study", "outcome", "measure", "observed", "standard error", "its source", "shares data with", "note"),
        (
            (r.study, r.outcome.replace("_", " "), r.measure.replace("_", " "), f"{r.observed:g} ({r.tag})",
             f"{r.se:g}", f"{r.se_tag}: {r.se_source}", ", ".join(f"`{n}`" for n in r.shares_data_with), r.note)
            for r in read_registry()
        ),
    )  # fmt: skip


def what_ifs() -> str:
    """Show every worked what-if's question and answer, from ``experiments/what-if``."""
    from icpsim.questions.compare.what_if import load_what_if, what_if_names

    rows = []
    for name in what_if_names():
        path = ROOT / "experiments" / "what-if" / name / "result.json"
        told = json.loads(path.read_text(encoding="utf-8"))["conclusion"] if path.is_file() else ["not asked yet"]
        question = load_what_if(name).what_if.question
        rows.append((f"[{question}](../experiments/what-if/{name}/README.md)", " ".join(told)))
    return table(("question", "answer"), rows)


def tried(outcome: str, weeks: str) -> str:
    """Show what designs would have seen at the pilots' size, from ``experiments/evaluation-designs``."""
    script = _script("experiments", "designs")
    told = script.result("evaluation-designs")
    return "\n".join([*script.designs_table(told, outcome, int(weeks)), "", script.about(told), ""])


def trials(name: str) -> str:
    """Show the bias and coverage of trials, from ``experiments/trial-coverage``."""
    script = _script("experiments", "designs")
    told = script.result("trial-coverage", name)
    return "\n".join([*script.coverage_by_trial(told), "", script.about(told), ""])


def _script(folder: str, name: str) -> Any:
    spec = spec_from_file_location(name, ROOT / folder / f"{name}.py")
    if spec is None or spec.loader is None:
        raise RuntimeError(f"no {folder}/{name}.py")
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def policies() -> str:
    """Show the catalogue of targeting policies: what each is and its options."""
    from icpsim.programme.targeting import CATALOGUE

    rows = []
    for policy in CATALOGUE:
        own = [name for name in type(policy).model_fields if name not in ("policy", "noise")]
        first = " ".join((type(policy).__doc__ or "").split("\n\n")[0].split())
        rows.append((f"`{policy.policy}`", first, ", ".join(f"`{name}`" for name in own) or "-"))
    return table(("policy", "whom it finds", "options"), rows)


def validated(*arguments: str) -> str:
    """Score the studies of the registry and show what is printed."""
    return printed("validate-study", *arguments)


def fields() -> str:
    """Show every field of a scenario file, from the published JSON Schema."""
    schema = json.loads(command("schema"))
    rows = _script("docs", "scenario_fields").field_rows(schema, schema["$defs"], "")
    return table(("field", "type", "default", "meaning"), rows)


GENERATORS: dict[str, Callable[..., str]] = {
    f.__name__: f
    for f in (
        baseline,
        calibrated,
        capacity,
        decided,
        fields,
        fit,
        misses,
        output,
        parameters,
        pictured,
        policies,
        plan,
        headline_ranges,
        predictive,
        kept,
        printed,
        refused,
        registry,
        sensed,
        study,
        tags,
        targets,
        traced,
        trials,
        tried,
        validated,
        what_ifs,
    )
}
SLOW = frozenset(
    {"baseline", "calibrated", "capacity", "kept", "output", "pictured", "sensed", "study", "traced", "validated"}
)
"""Generators that simulate for minutes."""


def regenerate(text: str, slow: bool, only: frozenset[str] | None = None) -> str:
    """Return the page with its generated parts renewed; raises KeyError on an unknown generator."""

    def renew(match: re.Match[str]) -> str:
        name, *arguments = match[1].split()
        if name == "output":
            arguments = EXAMPLE.findall(text[: match.start()])[-1:]
        if (name in SLOW and not slow) or (only is not None and name not in only):
            return match[0]
        return f"<!-- generate: {match[1]} -->\n{GENERATORS[name](*arguments)}<!-- end -->"

    return MARK.sub(renew, text)


def main() -> int:
    """Rewrite or check every page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="rewrite what is out of date")
    parser.add_argument("--slow", action="store_true", help="also run the studies")
    chosen = parser.parse_args()
    os.environ["COLUMNS"] = "120"
    stale = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        renewed = regenerate(text, chosen.slow)
        if renewed != text:
            stale.append(page.relative_to(ROOT).as_posix())
            if chosen.write:
                page.write_text(renewed, encoding="utf-8")
    for name in stale:
        sys.stdout.write(f"{name}: {'rewritten' if chosen.write else 'out of date'}\n")
    return 0 if chosen.write or not stale else 1


if __name__ == "__main__":
    sys.exit(main())
