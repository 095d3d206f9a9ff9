"""A whole decision: printed, as one JSON object, and as pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icpsim.economics.decision.analysis import AtThreshold
from icpsim.questions.decide.answer import DecisionAnswer
from icpsim.questions.decide.show_curves import write_acceptability, write_information_curve
from icpsim.questions.decide.show_parts import write_partial
from icpsim.questions.decide.show_plane import write_plane
from icpsim.questions.decide.show_sentences import name_of, sentences, share, with_error
from icpsim.report.amounts import capital, ends, number, pounds
from icpsim.report.as_json import json_object
from icpsim.report.measures import MONEY
from icpsim.report.tables import print_table, say
from icpsim.report.words import LIST_WIDE_FALL, WITHOUT_LIST_WIDE

if TYPE_CHECKING:
    from rich.console import Console


def print_decision(console: Console, answer: DecisionAnswer) -> None:
    """Print options, the decision at each threshold and the worth of knowing each thing, then words."""
    say(console, f"{answer.about.title}\n", style="bold")
    _print_options(console, answer)
    for found in answer.decisions:
        _print_threshold(console, found)
    _print_information(console, answer)
    alone = answer.without_list_wide_fall
    if alone is not None:
        say(console, f"{capital(WITHOUT_LIST_WIDE)}\n", style="bold")
        _print_options(console, alone)
        for found in alone.decisions:
            _print_threshold(console, found)
    say(console, *sentences(answer), *caption(answer))


def caption(answer: DecisionAnswer) -> list[str]:
    """Return how the numbers were made, and what to beware of."""
    about = answer.about
    return [
        f"{about.replicates} replicates, each with its own draw of the posterior, seed {about.seed}, icpsim"
        f" {about.version}; {about.who} ({answer.people:,.0f} people), {about.period}; view: {answer.view};"
        " intervals hold 90% of draws of the mechanisms, brackets after a value of information its standard error",
        *([] if answer.without_list_wide_fall is None else [LIST_WIDE_FALL]),
        *(f"warning: {text}" for text in answer.warnings),
    ]


def as_object(answer: DecisionAnswer) -> dict[str, Any]:
    """Return a decision as plain values for JSON; what is no number is null. Draws are left out."""
    found = json_object(answer)
    del found["clouds"]
    found["switches"] = [{"from": start, "option": option} for start, option in answer.switches]
    found["explanations"] = [
        {"explanation": name, "probability": probability, "replicates": count}
        for name, (probability, count) in answer.explanations.items()
    ]
    alone = answer.without_list_wide_fall
    found["without_list_wide_fall"] = None if alone is None else as_object(alone)
    return found | {"sentences": sentences(answer)}


def write_pictures(answer: DecisionAnswer, folder: Path) -> list[Path]:
    """Draw plane, acceptability, information along thresholds, and parts of it; returns the files.

    A second time without the list-wide fall in outpatient use, where an option has one.
    """
    alone = answer.without_list_wide_fall
    paths = _pictures(answer, folder, "")
    if alone is None:
        return paths
    about = replace(alone.about, title=f"{alone.about.title} {capital(WITHOUT_LIST_WIDE)}")
    return paths + _pictures(replace(alone, about=about), folder, "-without-list-wide-fall")


def _pictures(answer: DecisionAnswer, folder: Path, ending: str) -> list[Path]:
    return [
        write_plane(answer, folder / f"plane{ending}.png"),
        write_acceptability(answer, folder / f"acceptability{ending}.png"),
        write_information_curve(answer, folder / f"information{ending}.png"),
        write_partial(answer, folder / f"partial{ending}.png"),
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
    print_table(console, "Options against no programme, a year (mean, 90% of draws)", headings, rows)


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
    print_table(console, title, ("option", "net benefit, £ a year (90% of draws)", "probability best", ""), rows)


def _print_information(console: Console, answer: DecisionAnswer) -> None:
    rows = [("everything (perfect information)", *(with_error(d.perfect) for d in answer.decisions))]
    for place, known in enumerate(answer.decisions[0].partial):
        rows.append((name_of(known), *(with_error(d.partial[place].value) for d in answer.decisions)))
    headings = ("to know", *(f"at {pounds(d.threshold)}" for d in answer.decisions))
    print_table(console, "Worth at most, £ a year (standard error)", headings, rows)
