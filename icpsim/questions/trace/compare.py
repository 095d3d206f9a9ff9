"""Two lives of one person side by side: which events are in both worlds, and why the others are in one only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from icpsim.model.parameters import ModelParameters
from icpsim.questions.trace.events import Event, WeekOfCare, contacts
from icpsim.questions.trace.life import Life
from icpsim.questions.trace.reasons import SHARE_REMOVED, Chain, Decision
from icpsim.questions.trace.states import changes, programme

BOTH, WITH, WITHOUT = "both", "with", "without"
LAST = ("frailty_step", "death")


@dataclass(frozen=True, slots=True)
class Line:
    """One event and the world it is in: ``both``, or only ``with`` or ``without`` the programme's effects.

    ``elsewhere`` tells why it is not so in the other world ("" when that needs no telling); ``twin`` is the
    same draw as it stood there, where it was that which made the difference.
    """

    event: Event
    world: str
    elsewhere: str = ""
    twin: Decision | None = None


def events_of(life: Life, parameters: ModelParameters) -> list[Event]:
    """Return everything told of one life, in order of weeks; within a week teams, then health, then care."""
    found = [*programme(life), *changes(life, parameters), *contacts(life, parameters)]
    return sorted(found, key=_place)


def compare(with_programme: Life, without: Life, parameters: ModelParameters) -> list[Line]:
    """Return the events of both lives in order, each once; the two lives are those of the same person."""
    here, there = events_of(with_programme, parameters), events_of(without, parameters)
    waiting: dict[tuple[int, str, str], list[Event]] = defaultdict(list)
    for event in there:
        waiting[_same(event)].append(event)
    lines: list[Line] = []
    for event in here:
        shared = waiting[_same(event)]
        if shared:
            shared.pop()
            lines.append(Line(event, BOTH))
        else:
            lines.append(_only(event, WITH, without, parameters))
    left = [event for events in waiting.values() for event in events]
    lines += [_only(event, WITHOUT, with_programme, parameters) for event in left]
    return sorted(_without_repeats(lines), key=lambda line: _place(line.event))


def totals(lines: Iterable[Line], weeks: tuple[int, int]) -> dict[str, dict[str, int]]:
    """Return how many recorded events of each kind fall in these weeks (from, up to), by world."""
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        event = line.event
        if event.table and weeks[0] <= event.week < weeks[1]:
            row = found.setdefault(event.kind, {WITH: 0, WITHOUT: 0})
            for world in (WITH, WITHOUT):
                row[world] += line.world in (BOTH, world)
    return found


def _place(event: Event) -> tuple[int, int]:
    return event.week, LAST.index(event.kind) + 1 if event.kind in LAST else 0


def _same(event: Event) -> tuple[int, str, str]:
    return event.week, event.kind, event.text


def _only(event: Event, world: str, other: Life, parameters: ModelParameters) -> Line:
    if not event.chain or event.stopped:
        return Line(event, world)
    lived = other.at(event.week)
    if lived is None:
        return Line(event, world, "the person has died by then")
    chain = WeekOfCare(lived, parameters).chain(event.chain)
    return Line(event, world, *_why_not(event, chain))


def _why_not(event: Event, chain: Chain) -> tuple[str, Decision | None]:
    """Return why a chain did not bring the event in the other world, and the decision that ended it."""
    if chain.blocked:
        return f"the person {chain.blocked}" if _about_person(chain.blocked) else chain.blocked, None
    ended = chain.stopped_by
    if ended is None:
        return "it turns out otherwise", None
    if ended.against == SHARE_REMOVED:
        return "drawn, then stopped by the programme", ended
    own = next((step for step in event.decisions if step.name == ended.name), None)
    return ("the same draw, against another chance" if own else "not drawn"), ended


def _about_person(text: str) -> bool:
    return text.split(maxsplit=1)[0] in {"is", "has", "was"}


def _without_repeats(lines: list[Line]) -> list[Line]:
    """Leave out what the programme stopped where the line of the event without it says so already."""
    told = {
        (line.event.week, line.event.chain)
        for line in lines
        if line.world == WITHOUT and line.twin is not None and line.twin.against == SHARE_REMOVED
    }
    return [line for line in lines if not (line.event.stopped and (line.event.week, line.event.chain) in told)]
