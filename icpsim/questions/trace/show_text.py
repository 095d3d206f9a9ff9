"""A trace as text: who the person is, then a line for everything that happens, with the draws behind it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

from icpsim.questions.trace.answer import Trace
from icpsim.questions.trace.compare import BOTH, WITH, WITHOUT, Line, totals
from icpsim.questions.trace.observed_model import Choice
from icpsim.questions.trace.person import Who
from icpsim.questions.trace.reasons import SHARE_REMOVED, Decision
from icpsim.report.words import EVENTS, POLICIES, words

WIDTH = 118
INDENT = 14
ADMINISTRATIVE = frozenset({"enrolled", "discharged", "dose", "mdt_meeting"})
MARKS = {BOTH: "", WITH: "only with the programme: ", WITHOUT: "only without the programme: "}
OTHER = {WITH: "without it", WITHOUT: "with it"}
SHORT = {
    "wants a GP consultation": "GP consultation",
    "emergency is ambulatory-care-sensitive": "ambulatory-care-sensitive",
    "outpatient course after an emergency": "an outpatient follow-up",
    "frailty steps up after an emergency": "a step up in frailty",
    "flare after discharge": "a flare",
    "elective admission is a day case": "as a day case",
    "elective admission is cancelled for want of a bed": "a bed is free",
    "short emergency is sent home under pressure": "admitted although beds are short",
    "a review finds an unmet need": "a review finds a need",
    "last year of life begins this year": "decided on the birthday before",
}
"""Decisions in fewer words, where the sentence above them says the rest."""
SAID_ALREADY = frozenset({"emergency admission through A&E", "emergency stay without a night"})


def printed(trace: Trace, weeks: tuple[int, int] | None = None) -> Iterator[str]:
    """Yield the lines of a trace; of the weeks only those from ``weeks[0]`` to ``weeks[1]``, if given."""
    for part in header(trace):
        pad = part[: len(part) - len(part.lstrip())]
        yield from textwrap.wrap(part.strip(), WIDTH, initial_indent=pad, subsequent_indent=pad + "  ")
    yield ""
    lines = [line for line in trace.lines if weeks is None or weeks[0] <= line.event.week <= weeks[1]]
    zero = "index" if trace.who.enrolled is not None else "prog."
    yield f" week {zero:>6}"
    told = None
    for line in lines:
        yield from told_line(line, trace.zero_week, line.event.week != told)
        told = line.event.week
    if not lines:
        yield f"{'':{INDENT}}nothing happens"
    yield ""
    yield from summary(trace)


def header(trace: Trace) -> Iterator[str]:
    """Yield who the person is, how he or she came to be enrolled, and how the lives end."""
    who = trace.who
    yield f"Person {who.person} of {trace.scenario.scenario} (seed {trace.seed}, replicate {trace.replicate})"
    home = "in a care home" if who.care_home else "at home"
    when = "at the index week" if who.enrolled is not None else "when the programme begins"
    yield (
        f"  A {who.sex} of {math.floor(who.age)} {when}, living {home}; deprivation quintile"
        f" {who.deprivation_quintile} of 5 (5 most deprived)"
    )
    yield f"  Conditions: {conditions(who)}"
    if who.unregistered:
        yield f"  Not on the GP's registers: {', '.join(who.unregistered)}"
    needs = (
        "no unmet need" if not who.unmet_needs else f"{who.unmet_needs} unmet need{'s' * (who.unmet_needs > 1)}"
    )
    yield (
        f"  Frailty {who.frailty[0]:.2f} times the average at week 0, {who.frailty[1]:.2f} at the end;"
        f" {needs} at week 0; sees the usual professional at {who.continuity:.0%} of contacts"
    )
    where = "outside the pilots (GP contacts are not on record there)" if who.site is None else f"of {who.site}"
    yield f"  Practice {who.practice} {where}; hospital {who.hospital}"
    if who.stands_for > 1:
        yield f"  Stands for {who.stands_for} people like this one in the thinned pool"
    yield from enrolment(trace)
    yield f"  {'Alive at the end of the study' if who.died is None else f'Dies in week {who.died}'}"
    if trace.without.death_week != trace.with_programme.death_week:
        yield f"  Without the programme: dies in week {trace.without.death_week}"


def conditions(who: Who) -> str:
    """Return the person's conditions by name, with the week of onset where it falls in the study."""
    parts = [name if week is None else f"{name} (found in week {week})" for name, week in who.conditions]
    return ", ".join(parts) + (" (others: before week 0)" if any(w for _, w in who.conditions) else "") or "none"


def enrolment(trace: Trace) -> Iterator[str]:
    """Yield when, by whom and why the person was enrolled, or how near to it he or she came."""
    who, choice = trace.who, trace.enrolment
    if who.enrolled is None:
        yield from _how_near(trace)
        return
    if choice is not None:
        yield f"  Enrolled in week {who.enrolled} by {choice.programme}, by {_policy(choice)}: {_standing(choice)}"
        yield f"    {_reasons(choice)}"
    yield f"  {'Never discharged' if who.discharged is None else f'Discharged in week {who.discharged}'}"


def told_line(line: Line, zero_week: int, first_of_week: bool = True) -> Iterator[str]:
    """Yield one event: the week (where it is the first of it), the sentence, and the draws that decided it."""
    event = line.event
    mark = "" if event.kind in ADMINISTRATIVE else MARKS[line.world]
    if event.stopped:
        mark = "avoided: "
    head = f"{event.week:5d} {event.week - zero_week:+6d}  " if first_of_week else " " * INDENT
    steps = "; ".join(decision(step, named=place > 0) for place, step in enumerate(event.decisions))
    text = f"{mark}{event.text}"
    one_line = f"{head}{text}  [{steps}]"
    if steps and len(one_line) <= WIDTH:
        yield one_line
    else:
        yield from textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent=" " * (INDENT + 2))
        yield from _wrapped(steps)
    happened = [decision(step) for step in event.follows if step.below and step.name not in SAID_ALREADY]
    if happened:
        yield from _wrapped(f"brings {'; '.join(happened)}")
    if line.elsewhere:
        ended = f" ({decision(line.twin, named=False)})" if line.twin is not None else ""
        yield from _wrapped(f"{OTHER[line.world]}: {line.elsewhere}{ended}")


def decision(step: Decision, named: bool = True) -> str:
    """Return a decision as text, its draw held against its number: ``draw 0.0021 < chance 0.0034``."""
    u, value = told_apart(step.draw, step.value)
    sign = "<" if step.below else "≥"
    name = SHORT.get(step.name, step.name)
    if step.against == SHARE_REMOVED and named:
        name = f"{'not ' if step.passed else ''}stopped by the programme"
    because = f" ({', '.join(step.because)})" if step.because else ""
    return f"{name + ': ' if named else ''}draw {u} {sign} {step.against} {value}{because}"


def told_apart(draw: float, value: float) -> tuple[str, str]:
    """Return two numbers with as many digits as it takes to see which is greater (at least four decimals)."""
    digits = 4
    while digits < 17 and draw != value and f"{draw:.{digits}f}" == f"{value:.{digits}f}":
        digits += 1
    return f"{draw:.{digits}f}", f"{value:.{digits}f}"


def summary(trace: Trace) -> Iterator[str]:
    """Yield how many contacts there are with and without the programme, before and after the index week."""
    zero, window = trace.zero_week, trace.scenario.evaluation.window_weeks
    spans = (zero - window, zero), (zero, zero + window), (0, trace.scenario.study.weeks)
    counts = [totals(trace.lines, span) for span in spans]
    name = "index week" if trace.who.enrolled is not None else "programme's start"
    heads = (f"{window} weeks before", f"{window} weeks from the {name}", "whole study")
    yield f"{'Contacts with / without the programme':<40}{'   '.join(heads)}"
    for kind in counts[2]:
        if kind != "death":
            cells = [row.get(kind, {WITH: 0, WITHOUT: 0}) for row in counts]
            told = [f"{cell[WITH]} / {cell[WITHOUT]}" for cell in cells]
            row = "   ".join(f"{text:>{len(head)}}" for text, head in zip(told, heads, strict=True))
            yield f"  {words(kind, EVENTS):<38}{row}"


def _wrapped(text: str) -> Iterator[str]:
    pad = " " * (INDENT + 2)
    yield from textwrap.wrap(text, WIDTH, initial_indent=pad, subsequent_indent=pad + "  ")


def _policy(choice: Choice) -> str:
    return f"{words(choice.policy, POLICIES)} ({choice.policy})"


def _standing(choice: Choice) -> str:
    return f"number {choice.rank:,} of {choice.people:,} on the list, for {choice.places} places"


def _reasons(choice: Choice) -> str:
    risk = 1.0 / (1.0 + math.exp(-choice.risk))
    seen = [
        text
        for text, so in (
            ("in a flare", choice.in_flare),
            ("in the last year of life", choice.last_year),
            ("under cancer treatment", choice.in_treatment),
        )
        if so
    ]
    key = "left out" if choice.key is None else f"score {choice.key:+.2f}"
    times = {0: "no emergency admission", 1: "1 emergency admission"}
    earlier = times.get(choice.emergencies, f"{choice.emergencies} emergency admissions")
    return (
        f"{key}: risk tool {choice.risk:+.2f} log odds ({risk:.0%} to have an emergency within a year),"
        f" noise {choice.noise * choice.noise_weight:+.2f}; {earlier} in the year before;"
        f" {', '.join(seen) if seen else 'not in a flare'}"
    )


def _how_near(trace: Trace) -> Iterator[str]:
    if trace.who.site is None:
        yield "  Never enrolled: not on a pilot's list"
    elif not trace.considered:
        yield "  Never enrolled: no team that had places could have chosen this person"
    else:
        best = min(trace.considered, key=lambda choice: choice.rank - choice.places)
        yield f"  Never enrolled by {best.programme}; nearest to it in week {best.week}: {_standing(best)}"
        yield f"    {_reasons(best)}"
