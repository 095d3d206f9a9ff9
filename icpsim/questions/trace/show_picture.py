"""The picture of a trace: lanes of states and contacts over the weeks, both worlds in each lane."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from icpsim.questions.trace.answer import Trace
from icpsim.questions.trace.compare import BOTH, WITH, WITHOUT
from icpsim.questions.trace.life import Life
from icpsim.questions.trace.reasons import SHARE_REMOVED
from icpsim.questions.trace.states import bands
from icpsim.report.figure import BLUE, FAINT, INCHES, RED, bare, head, new_figure, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {WITH: BLUE, WITHOUT: RED}
SIDES = {WITH: -0.22, WITHOUT: 0.22}
"""Within a lane the world with the programme lies above (the axis points down), the one without it below."""
STATE_LANES = {
    "last_year": "last year of life",
    "flare": "flare",
    "work_up": "work-up",
    "cancer_treatment": "cancer treatment",
    "repeat_day_care": "repeat day care course",
    "in_hospital": "in hospital over a week",
}
CONTACT_LANES = {
    "emergency admission": ("emergency_admission",),
    "A&E, not admitted": ("ae_attendance", "sent_home"),
    "elective or day case": ("elective_admission", "day_case"),
    "chemotherapy": ("chemotherapy",),
    "repeat day care": ("repeat_day_care",),
    "outpatient, first": ("outpatient_first",),
    "outpatient, follow-up": ("outpatient_follow_up", "cancer_clinic"),
    "GP or community": ("gp_consultation", "need_contact", "community_contact"),
}
LANE_OF_CHAIN = {
    "emergency": "emergency admission",
    "listing": "elective or day case",
    "session": "chemotherapy",
    "first_visit": "outpatient, first",
    "follow_up": "outpatient, follow-up",
    "clinic": "outpatient, follow-up",
}
"""The lane in which something that the programme stopped is marked."""


def write_picture(trace: Trace, path: Path, weeks: tuple[int, int] | None = None) -> None:
    """Draw chance, states and contacts in both worlds; PNG or SVG by the name of the file."""
    first, last = weeks or (0, trace.scenario.study.weeks - 1)
    states = [name for name in STATE_LANES if any(bands(life, name) for life in _lives(trace).values())]
    contacts = [lane for lane in CONTACT_LANES if _has(trace, lane)]
    lanes = len(states) + len(contacts) + (trace.who.enrolled is not None)
    height = 3.7 + 0.42 * lanes
    figure = new_figure((INCHES[0], height))
    top, below = figure.subplots(2, 1, sharex=True, height_ratios=(2.2, 0.42 * lanes + 0.4))
    draw_chance(top, trace)
    draw_lanes(below, trace, states, contacts)
    handles, labels = top.get_legend_handles_labels()
    under_title = (0.003, 1.0 - 0.36 / height)
    figure.legend(
        handles[::-1],
        labels[::-1],
        loc="upper left",
        bbox_to_anchor=under_title,
        borderaxespad=0.0,
        ncols=2,
        fontsize=11,
        frameon=False,
    )
    for axis in (top, below):
        _mark_weeks(axis, trace)
        bare(axis)
    top.set_xlim(first - 0.5, last + 1.5)
    _name_marks(top, trace, (first, last))
    _relative_weeks(top, trace)
    below.set_xlabel("week of the study", fontsize=11)
    head(figure, f"{_title(trace)}\n", _legend(trace), large=16, small=9.5)
    save(figure, path)


def draw_chance(axis: Axes, trace: Trace) -> None:
    """Draw the weekly chance of an emergency admission in both worlds."""
    for world, life in reversed(_lives(trace).items()):
        alive = [lived for lived in life.weeks if lived.week < lived.now["death_week"]]
        weeks = [lived.week for lived in alive]
        chance = [100.0 * float(lived.standing["emergency"]) for lived in alive]
        style = {"linewidth": 2.0} if world == WITH else {"linewidth": 1.8, "linestyle": (0, (4, 2))}
        label = f"{world} the programme"
        axis.step([*weeks, weeks[-1] + 1], [*chance, chance[-1]], where="post", color=COLOURS[world], label=label,
                  **style)  # type: ignore[arg-type]  # fmt: skip
    axis.set_ylim(0.0, 1.4 * axis.dataLim.y1)
    axis.set_ylabel("chance of an emergency\nadmission a week, %", fontsize=11)


def draw_lanes(axis: Axes, trace: Trace, states: Sequence[str], contacts: Sequence[str]) -> None:
    """Draw a lane for each state and each kind of contact; for the enrolled also the caseload and its dose."""
    first = 1 if trace.who.enrolled is not None else 0
    names = ["caseload, dose"][:first] + [STATE_LANES[state] for state in states] + [*contacts]
    _draw_dose(axis, trace.with_programme)
    for place, state in enumerate(states, start=first):
        for world, life in _lives(trace).items():
            spans = [(begin, end - begin) for begin, end in bands(life, state)]
            at = place + SIDES[world] - 0.17
            axis.broken_barh(spans, (at, 0.34), facecolors=COLOURS[world], alpha=0.75)
    for place, lane in enumerate(contacts, start=first + len(states)):
        _draw_contacts(axis, trace, lane, place)
    for place in range(len(names) + 1):
        axis.axhline(place - 0.5, color=FAINT, linewidth=0.8, zorder=0)
    axis.set_yticks(range(len(names)), names, fontsize=11)
    axis.tick_params(axis="y", length=0)
    axis.set_ylim(len(names) - 0.5, -0.5)


def _draw_dose(axis: Axes, life: Life) -> None:
    for begin, end in bands(life, "caseload"):
        for week in range(begin, end):
            lived = life.at(week)
            if lived is not None:
                height = 0.7 * min(1.0, float(lived.now["dose"]))
                axis.broken_barh([(week, 1)], (0.35 - height, height), facecolors=COLOURS[WITH], alpha=0.5)
        axis.plot([begin, end], [0.35, 0.35], color=COLOURS[WITH], linewidth=1.2)


def _draw_contacts(axis: Axes, trace: Trace, lane: str, place: int) -> None:
    for line in trace.lines:
        event = line.event
        stopped = event.stopped or (line.twin is not None and line.twin.against == SHARE_REMOVED)
        if stopped and LANE_OF_CHAIN.get(event.chain) == lane:
            _mark_stopped(axis, event.week, place)
        for world in (WITH, WITHOUT):
            if event.kind in CONTACT_LANES[lane] and line.world in (BOTH, world):
                _mark_contact(axis, world, event.week, place, line.world == BOTH)


def _mark_contact(axis: Axes, world: str, week: int, place: int, shared: bool) -> None:
    at, colour = place + SIDES[world], COLOURS[world]
    face, edge = (colour, colour) if world == WITH else ("white", colour)
    size = 5.0 if shared else 7.5
    axis.plot([week + 0.5], [at], marker="o", markersize=size, markerfacecolor=face, markeredgecolor=edge,
              markeredgewidth=1.3, linestyle="none", zorder=3)  # fmt: skip


def _mark_stopped(axis: Axes, week: int, place: int) -> None:
    axis.plot([week + 0.5], [place + SIDES[WITH]], marker="x", markersize=7.0, markeredgewidth=2.0,
              color=COLOURS[WITH], linestyle="none", zorder=4)  # fmt: skip


def _mark_weeks(axis: Axes, trace: Trace) -> None:
    for week, _, style in _marked(trace):
        axis.axvline(week, color="black", linewidth=1.4, linestyle=style, zorder=1)


def _marked(trace: Trace) -> list[tuple[int, str, str]]:
    """Return the weeks that are marked by a line: week, name, style."""
    who = trace.who
    index = "enrolled (index week)" if who.enrolled is not None else "the programme begins"
    found = [(trace.zero_week, index, "-")]
    if who.discharged is not None:
        found.append((who.discharged, "discharged", ":"))
    if who.died is not None:
        found.append((who.died, "dies", "-"))
    return found


def _name_marks(axis: Axes, trace: Trace, shown: tuple[int, int]) -> None:
    """Write names beside the marked lines, each on a row of its own where they would meet."""
    rows: list[float] = []
    reach = 0.22 * (shown[1] - shown[0])
    for week, name, _ in sorted(_marked(trace)):
        if not shown[0] <= week <= shown[1] + 1:
            continue
        left = week > shown[1] - reach
        begin, end = (week - reach, week) if left else (week, week + reach)
        row = next((k for k, taken in enumerate(rows) if taken <= begin), len(rows))
        rows[row : row + 1] = [end]
        axis.annotate(
            name,
            (week, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(-4 if left else 4, -12 - 14 * row),
            textcoords="offset points",
            ha="right" if left else "left",
            fontsize=10,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
            zorder=6,
        )


def _relative_weeks(axis: Axes, trace: Trace) -> None:
    zero = trace.zero_week

    def relative(week: Any) -> Any:
        return week - zero

    def absolute(week: Any) -> Any:
        return week + zero

    other = axis.secondary_xaxis("top", functions=(relative, absolute))
    other.tick_params(labelsize=9)
    name = "index week" if trace.who.enrolled is not None else "programme's first week"
    other.set_xlabel(f"weeks from the {name}", fontsize=10)


def _has(trace: Trace, lane: str) -> bool:
    return any(
        line.event.kind in CONTACT_LANES[lane]
        or (line.event.stopped and LANE_OF_CHAIN.get(line.event.chain) == lane)
        for line in trace.lines
    )


def _lives(trace: Trace) -> dict[str, Life]:
    return {WITH: trace.with_programme, WITHOUT: trace.without}


def _title(trace: Trace) -> str:
    who = trace.who
    held = ", ".join(name for name, _ in who.conditions[:4]) or "no long-term condition"
    more = f" and {len(who.conditions) - 4} more" if len(who.conditions) > 4 else ""
    return (
        f"Person {who.person} of {trace.scenario.scenario}: a {who.sex} of {int(np.floor(who.age))}; {held}{more}"
    )


def _legend(trace: Trace) -> str:
    return (
        "In each lane: above, filled, blue: with the programme; below, hollow, vermilion: without it."
        " Larger marks: in that world only.\n"
        "Cross: drawn, then stopped by the programme. Caseload: height is the dose of case-manager contacts."
        f" Seed {trace.seed}, replicate {trace.replicate}."
    )
