"""A whole decision: printed, as one JSON object, and as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icpsim.economics.decision.analysis import AtThreshold
from icpsim.questions.compare.show_terminal import plain_values
from icpsim.questions.decide.answer import DecisionAnswer
from icpsim.questions.decide.show_curves import write_acceptability, write_information_curve
from icpsim.questions.decide.show_parts import write_partial
from icpsim.questions.decide.show_plane import write_plane
from icpsim.questions.decide.show_sentences import name_of, pounds, sentences, share, with_error
from icpsim.report.amounts import ends, number
from icpsim.report.measures import MONEY

if TYPE_CHECKING:
    from rich.console import Console


def print_decision(console: Console, answer: DecisionAnswer) -> None:
    """Print options, the decision at each threshold and the worth of knowing each thing, then words."""
    _say(console, f"{answer.about.title}\n", bold=True)
    _print_options(console, answer)
    for found in answer.decisions:
        _print_threshold(console, found)
    _print_information(console, answer)
    for text in sentences(answer):
        _say(console, text)
    for line in caption(answer):
        _say(console, line)


def caption(answer: DecisionAnswer) -> list[str]:
    """Return how the numbers were made, and what to beware of."""
    about = answer.about
    return [
        f"{about.replicates} replicates, each with its own draw of the posterior, seed {about.seed}, icpsim"
        f" {about.version}; {about.who} ({answer.people:,.0f} people), {about.period}; view: {answer.view};"
        " intervals hold 90% of draws of the mechanisms, brackets after a value of information its standard error",
        *(f"warning: {text}" for text in answer.warnings),
    ]


def as_object(answer: DecisionAnswer) -> dict[str, Any]:
    """Return a decision as plain values for JSON; what is no number is null. Draws are left out."""
    found: dict[str, Any] = plain_values(asdict(answer))
    del found["clouds"]
    found["switches"] = [{"from": start, "option": option} for start, option in answer.switches]
    found["explanations"] = [
        {"explanation": name, "probability": probability, "replicates": count}
        for name, (probability, count) in answer.explanations.items()
    ]
    return found | {"sentences": sentences(answer)}


def write_pictures(answer: DecisionAnswer, folder: Path) -> list[Path]:
    """Draw plane, acceptability, information along thresholds, and parts of it; returns the files."""
    return [
        write_plane(answer, folder / "plane.png"),
        write_acceptability(answer, folder / "acceptability.png"),
        write_information_curve(answer, folder / "information.png"),
        write_partial(answer, folder / "partial.png"),
    ]


def _print_options(console: Console, answer: DecisionAnswer) -> None:
    rows = [
        (
            one.option,
            f"{number(MONEY, one.cost.mean)} {ends(MONEY, one.cost.low, one.cost.high)}",
            f"{number('count', one.avoided.mean)} {ends('count', one.avoided.low, one.avoided.high)}",
        )
        for one in answer.options
    ]
    headings = ("option", f"net cost to the {answer.view}, £", "emergency admissions avoided")
    _table(console, "Options against no programme, a year (mean, 90% of draws)", headings, rows)


def _print_threshold(console: Console, found: AtThreshold) -> None:
    rows = [
        (
            one.option,
            f"{number(MONEY, one.net_benefit.mean)}"
            f" {ends(MONEY, one.net_benefit.low, one.net_benefit.high)}".strip(),
            share(one.probability),
            "highest on average" if one.option == found.best else "",
        )
        for one in found.options
    ]
    title = f"Worth {pounds(found.threshold)} for each emergency admission avoided"
    _table(console, title, ("option", "net benefit, £ a year (90% of draws)", "probability best", ""), rows)


def _print_information(console: Console, answer: DecisionAnswer) -> None:
    rows = [("everything (perfect information)", *(with_error(d.perfect) for d in answer.decisions))]
    for place, known in enumerate(answer.decisions[0].partial):
        rows.append((name_of(known), *(with_error(d.partial[place].value) for d in answer.decisions)))
    headings = ("to know", *(f"at {pounds(d.threshold)}" for d in answer.decisions))
    _table(console, "Worth at most, £ a year (standard error)", headings, rows)


def _table(console: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    console.print(Text(title), style="italic")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(Text(heading), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table, markup=False, highlight=False)


def _say(console: Console, text: str, bold: bool = False) -> None:
    console.print(text, markup=False, highlight=False, style="bold" if bold else None)
