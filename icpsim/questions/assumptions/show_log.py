"""The assumptions log as a page and as a table: what moves a headline, on whose word, and how sure we are.

The form is that of the Aqua Book (HM Treasury 2015): assumption, source, effect on results, confidence.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from icpsim.questions.assumptions.answer import MOVED, AssumptionRow, Assumptions
from icpsim.records.outcomes import BY_NAME, in_pounds
from icpsim.runs.unit_file import write_whole

CONFIDENCE = {
    "fitted": "medium: fitted to the evidence's levels, and moved over what the fit leaves open",
    "RECALL": "medium: from memory of a source that exists, not seen",
    "JUDGEMENT": "low: the team's judgement, or a prototype's value, fitted by hand",
}


def confidence(row: AssumptionRow, fitted: Iterable[str]) -> str:
    """Return the owner's confidence in a number, in a word, by where it comes from."""
    kind = "fitted" if row.parameter in set(fitted) else row.tag
    return CONFIDENCE[kind].partition(":")[0]


def effect(row: AssumptionRow) -> str:
    """Say what moving the number does to the headline it moves most."""
    kind, _, outcome = row.headline.partition(" ")
    if in_pounds(outcome):
        size = f"£{row.shift:+,.0f}".replace("£+", "+£").replace("£-", "-£")
        error = f"£{row.shift_se:,.0f}"
    else:
        size, error = f"{math.expm1(row.shift):+.1%}", f"{row.shift_se:.1%}"
    told = f" (SE {error})" if math.isfinite(row.shift_se) else ""
    return f"{kind} effect on {BY_NAME[outcome].label} {size}{told} at its {row.end} end"


def page(found: Assumptions, fitted: Iterable[str], command: str) -> str:
    """Return the page in Markdown."""
    listed = [row for row in found.rows if row.listed]
    return "\n".join([*_introduction(found, len(listed), command), *_table(listed, set(fitted)), ""])


def _introduction(found: Assumptions, listed: int, command: str) -> Iterator[str]:
    yield "# Assumptions log"
    yield ""
    yield (
        "Numbers tagged RECALL or JUDGEMENT that nobody has seen in a source, and that move a headline result of"
        f" `{found.scenario}` by more than a tenth of its 90% interval when they alone are set to either end of"
        " their range. Found by running the study, not by opinion:"
    )
    yield ""
    yield f"`{command}`"
    yield ""
    yield (
        f"{len(found.rows)} numbers were moved, {listed} are listed. A headline is an effect on emergency,"
        " elective or outpatient care or on cost, as the evaluation estimates it or as it truly is. All others,"
        " with what they move, are in `calibration/assumptions.csv`. A number that was fitted is moved over the"
        " 90% interval that the fit leaves; any other over its plausible range in the parameter tables, to the end"
        " further from its value."
    )
    yield ""
    yield (
        "True effects are compared person by person and are sharp. An *estimate* moves by chance as soon as other"
        " controls are matched, so there a number is listed only when it moves the estimate further than 95% of"
        f" those numbers do that leave the truth alone ({_limits(found)}). What moves an estimate by a tenth"
        " to that share of its interval, and no true effect, cannot be told from chance on one replicate:"
        " `--replicates 4` can tell, in some two hours on two cores."
    )
    yield ""
    widths = (f"{_told(name)} {_width(name, width)}" for name, width in found.widths.items())
    yield f"Widths of the 90% intervals: {', '.join(widths)}."
    yield ""
    yield "Owner's confidence: " + "; ".join(f"*{k}* {v}" for k, v in CONFIDENCE.items()) + "."
    yield ""
    for problem in found.problems:
        yield f"- {problem}"


def _limits(found: Assumptions) -> str:
    return ", ".join(
        f"{BY_NAME[_outcome(name)].label} {limit:.2f}"
        for name, limit in found.limits.items()
        if name.startswith("estimated")
    )


def _outcome(headline: str) -> str:
    return headline.partition(" ")[2]


def _told(headline: str) -> str:
    return f"{headline.partition(' ')[0]} {BY_NAME[_outcome(headline)].label}"


def _width(headline: str, width: float) -> str:
    return f"£{width:,.0f}" if in_pounds(_outcome(headline)) else f"{width:.3f} (log ratio)"


def _table(rows: Iterable[AssumptionRow], fitted: set[str]) -> Iterator[str]:
    headings = ("assumption", "value (range moved over)", "tag", "source", "effect", "share", "confidence")
    yield f"| {' | '.join(headings)} |"
    yield f"| {' | '.join('---' for _ in headings)} |"
    for row in rows:
        source = row.source.replace("|", "/")
        name = f"`{row.parameter}`: {row.note.replace('|', '/')}"
        yield (
            f"| {name} | {row.value:.4g} ({row.low:.4g} to {row.high:.4g}) {row.unit}"
            f" | {row.tag} | {source} | {effect(row)} | {row.share:.2f} | {confidence(row, fitted)} |"
        )


def write_log(found: Assumptions, fitted: Iterable[str], command: str, to: Path, table: Path) -> None:
    """Write the page and the table of all rows, each whole or not at all."""
    write_whole(to, page(found, fitted, command).encode())
    rows = [_plain(asdict(row)) for row in found.rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(table, text.getvalue().encode())


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {key: f"{value:.4g}" if isinstance(value, float) else value for key, value in row.items()}


def fitted_ranges(path: Path) -> dict[str, tuple[float, float]]:
    """Read the 90% intervals of fitted parameters from fitted.csv; empty when there is no such file."""
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {
            row["parameter"]: (float(row["fitted_low"]), float(row["fitted_high"])) for row in csv.DictReader(file)
        }


__all__ = ["MOVED", "fitted_ranges", "page", "write_log"]
