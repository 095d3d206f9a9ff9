"""A whole answer: printed, as one JSON object, and as pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icpsim.questions.compare.answer import ComparisonAnswer
from icpsim.questions.compare.results import NO_PROGRAMME, select
from icpsim.questions.compare.show_by_group import write_by_group
from icpsim.questions.compare.show_driven import write_waterfall
from icpsim.questions.compare.show_enrolled import write_found
from icpsim.questions.compare.show_equity import write_equity
from icpsim.questions.compare.show_sentences import (
    arm_sentences,
    conclusion,
    driven_sentence,
    equity_sentences,
    paired_sentences,
)
from icpsim.questions.compare.show_side_by_side import write_side_by_side
from icpsim.questions.compare.show_tables import print_arms, print_driven, print_equity, print_groups, print_paired
from icpsim.questions.compare.show_who_and_money import hospital_sentences, print_hospitals, print_money, print_who
from icpsim.report.amounts import with_interval
from icpsim.report.as_json import json_object
from icpsim.report.measures import AGE, CONDITION, DEPRIVATION
from icpsim.report.tables import say
from icpsim.report.words import LIST_WIDE_FALL

if TYPE_CHECKING:
    from rich.console import Console


def print_answer(console: Console, answer: ComparisonAnswer) -> None:
    """Print tables, then what they say in words."""
    say(console, f"{answer.about.title}\n", style="bold")
    print_arms(console, answer.headlines, NO_PROGRAMME)
    if len(answer.arms) > 1:
        print_arms(console, answer.headlines_against_first, answer.arms[0])
    print_who(console, answer.found)
    print_money(console, answer.money)
    print_hospitals(console, answer.hospitals)
    against, rows = NO_PROGRAMME, answer.groups
    if len(answer.arms) > 1:
        against, rows = answer.arms[0], answer.groups_against_first
    last = answer.arms[-1]
    for grouping in (AGE, DEPRIVATION, CONDITION):
        print_groups(console, select(rows, arm=last, against=against), grouping)
    print_equity(console, answer.equity)
    for change in answer.drivers:
        print_driven(console, change)
    print_paired(console, answer.paired)
    say(console, *sentences(answer), *caption(answer))


def sentences(answer: ComparisonAnswer) -> list[str]:
    """Return what an answer says in words; every sentence follows from its rows."""
    return [
        *concluded(answer),
        *observed_sentences(answer),
        *arm_sentences([*answer.headlines, *answer.headlines_against_first]),
        *(
            f"{driven_sentence(change)} (In the first {answer.driven_replicates} replicates.)"
            for change in answer.drivers
        ),
        *equity_sentences(answer.equity),
        *paired_sentences(answer.paired[-1:]),
    ]


def concluded(answer: ComparisonAnswer) -> list[str]:
    """Return the sentences that answer the question; the others give the detail."""
    return [*conclusion(answer.headlines, answer.headlines_against_first), *hospital_sentences(answer.hospitals)]


def observed_sentences(answer: ComparisonAnswer) -> list[str]:
    """Say what the national evaluation observed where the arms' scenarios are of its sites."""
    return [
        f"The national evaluation observed {with_interval(row.unit, row.estimate, row.low, row.high)} in emergency"
        f" admissions at {row.arm.replace('-', ' ')}."
        for row in answer.observed
    ]


def caption(answer: ComparisonAnswer) -> list[str]:
    """Return how the numbers were made, and what to beware of."""
    about = answer.about
    draws = "each with its own draw of the posterior" if answer.drawn else "at the parameter tables' values"
    lines = [
        f"{about.replicates} replicates ({draws}), seed {about.seed}, icpsim {about.version}; {about.who},"
        f" {about.period}; intervals hold 90% of single worlds",
        *(f"warning: {text}" for text in answer.warnings),
    ]
    alone = [arm.without_list_wide_fall for arm in answer.money if arm.without_list_wide_fall is not None]
    if alone:
        lines.append(LIST_WIDE_FALL)
    if any(arm.unbalanced for arm in (*answer.money, *alone)):
        lines.append("warning: money is not conserved in some replicate; this is a defect, please report it")
    return lines


def as_object(answer: ComparisonAnswer) -> dict[str, Any]:
    """Return an answer as plain values for JSON; what is no number is null."""
    told = concluded(answer)
    return json_object(answer) | {"conclusion": told, "sentences": sentences(answer)}


def write_pictures(answer: ComparisonAnswer, folder: Path) -> list[Path]:
    """Draw every picture that the answer has numbers for; returns the files."""
    about = answer.about
    paths = [
        write_side_by_side(answer.headlines, NO_PROGRAMME, about, folder / "arms.png"),
        write_found(answer.shares, answer.overlaps, about, folder / "found.png"),
        write_equity(answer.equity, about, folder / "equity.png"),
    ]
    for k, arm in enumerate(answer.arms):
        path = folder / f"groups-{k + 1}.png"
        paths.append(write_by_group(answer.groups, arm, NO_PROGRAMME, answer.outcome, about, path))
    for k, change in enumerate(answer.drivers):
        few = replace(about, replicates=answer.driven_replicates)
        paths.append(write_waterfall(change, few, folder / f"drivers-{k + 1}.png"))
    return paths
