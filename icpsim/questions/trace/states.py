"""What a person is going through: states that begin and end, what a team does, bands of weeks for a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from icpsim.model.parameters import ModelParameters
from icpsim.questions.trace.events import Event
from icpsim.questions.trace.life import Life, WeekLived
from icpsim.questions.trace.reasons import Chains, Decision, drawn
from icpsim.records.schema import CONDITIONS, NEVER
from icpsim.report.amounts import capital
from icpsim.report.words import words

STATES: dict[str, tuple[Callable[[np.void, int], bool], str, str]] = {
    "last_year": (lambda p, week: p["death_week"] - week <= 52, "The last year of life begins", ""),
    "flare": (lambda p, week: p["flare_until"] > week, "A flare begins", "The flare ends"),
    "work_up": (lambda p, week: p["workup_until"] > week, "A work-up begins", "The work-up ends"),
    "cancer_treatment": (
        lambda p, week: p["cancer_from"] <= week < p["cancer_until"],
        "A course of cancer treatment begins",
        "The course of cancer treatment ends",
    ),
    "repeat_day_care": (
        lambda p, week: p["repeat_from"] <= week < p["repeat_until"],
        "A course of repeat day care begins",
        "The course of repeat day care ends",
    ),
}
"""States by name: whether a person (row after the week's changes of health) is in it; how its ends are told."""


def conditions_of(mask: int) -> list[str]:
    """Return the names of the conditions in a bit mask, in a reader's words."""
    return [words(name) for k, name in enumerate(CONDITIONS) if mask >> k & 1]


def in_state(lived: WeekLived, state: str) -> bool:
    """Whether the person was in this state when the week's care began."""
    return bool(STATES[state][0](lived.now, lived.week)) and lived.now["death_week"] > lived.week


def bands(life: Life, state: str) -> list[tuple[int, int]]:
    """Return the stretches of weeks (from, up to) in a state; ``in_hospital`` and ``caseload`` are states too."""
    inside = {
        "in_hospital": lambda lived: bool(lived.after["hospital_until"] > lived.week),
        "caseload": lambda lived: bool(lived.now["enrolled"] <= lived.week < lived.now["discharged"]),
    }.get(state, lambda lived: in_state(lived, state))
    found: list[tuple[int, int]] = []
    for lived in life.weeks:
        if lived.now["death_week"] <= lived.week or not inside(lived):
            continue
        if found and found[-1][1] == lived.week:
            found[-1] = found[-1][0], lived.week + 1
        else:
            found.append((lived.week, lived.week + 1))
    return found


def changes(life: Life, parameters: ModelParameters) -> Iterator[Event]:
    """Yield what begins and ends in the person, week by week (not what is so from the first week on)."""
    decided: tuple[Decision, ...] = ()
    for previous, lived in zip((None, *life.weeks[:-1]), life.weeks, strict=True):
        decided = _decision_of_death(lived, parameters) or decided
        if lived.now["death_week"] <= lived.week:
            continue
        new = int(lived.now["conditions"]) & ~int(lived.before["conditions"])
        diagnosed = new & int(lived.now["registered_conditions"])
        for name in conditions_of(new):
            told = "is diagnosed" if name in conditions_of(diagnosed) else "comes on, not diagnosed"
            yield Event(lived.week, "condition", f"{capital(name)} {told}", _onset(life, lived, name))
        for state, (_, begins, ends) in STATES.items():
            was = previous is not None and in_state(previous, state)
            now = in_state(lived, state)
            if previous is not None and now and not was:
                after = ", after the discharge" if state == "flare" and _was_discharged(lived) else ""
                why = decided if state == "last_year" else ()
                yield Event(lived.week, f"{state}_begins", begins + after, why)
            elif was and not now and ends:
                yield Event(lived.week, f"{state}_ends", ends)
        steps = lived.after["log_frailty"] > lived.now["log_frailty"]
        if steps:
            text = f"Frailty steps up, to {float(np.exp(lived.after['log_frailty'])):.2f} times the average"
            yield Event(lived.week, "frailty_step", text)


def programme(life: Life) -> Iterator[Event]:
    """Yield what teams do: enrolment, changes of dose, discussion at an MDT meeting, discharge."""
    if not life.effects:
        return
    for lived in life.weeks:
        p, week = lived.now, lived.week
        if p["death_week"] <= week or p["enrolled"] > week:
            continue
        if p["enrolled"] == week:
            yield Event(week, "enrolled", "Enrolled: joins the caseload of the community team (the index week)")
        if p["discharged"] == week:
            yield Event(week, "discharged", "Discharged from the caseload")
        dose = float(p["dose"])
        before = life.at(week - 1)
        if p["enrolled"] == week or (before is not None and abs(dose - float(before.now["dose"])) > 1e-6):
            text = f"Contacts with the team: {dose:.0%} of a full dose"
            yield Event(week, "dose", text, details={"dose": round(dose, 4)})
        if p["mdt_week"] == week:
            yield Event(week, "mdt_meeting", "Discussed at the practice's MDT meeting")


def _was_discharged(lived: WeekLived) -> bool:
    return bool(lived.before["flare_until"] > lived.week)


def _decision_of_death(lived: WeekLived, parameters: ModelParameters) -> tuple[Decision, ...]:
    """Return the draws by which this week's birthday fixed when the last year of life begins."""
    before, now = int(lived.before["death_week"]), int(lived.now["death_week"])
    if before == now:
        return ()
    chains, risk = Chains(lived, parameters), float(lived.standing["last_year_risk"])
    name = "last year of life begins this year"
    u = drawn(lived, name)
    if before == NEVER and u < risk:
        first = Decision(name, u, risk, True, "chance of the year")
        if int(lived.now["cancer_from"]) == int(lived.before["cancer_from"]):
            return (first,)
    share = parameters.cancer.early_death_share
    return (chains.told("death soon after cancer treatment", share),)


def _onset(life: Life, lived: WeekLived, condition: str) -> tuple[Decision, ...]:
    """Return the draw that brought a condition: its onset, or the course of cancer treatment that now begins."""
    if condition != "cancer" or lived.now["cancer_from"] != lived.week:
        return _of_the_year(lived, "a condition comes on this year", float(lived.standing["onset_risk"]))
    birthday = life.at(lived.week - (lived.week - int(lived.now["birth_week"])) % 52)
    if birthday is None or birthday.now["cancer_from"] != lived.week:
        return ()
    return _of_the_year(birthday, "cancer treatment begins this year", float(birthday.standing["course_risk"]))


def _of_the_year(lived: WeekLived, name: str, risk: float) -> tuple[Decision, ...]:
    u = drawn(lived, name)
    return (Decision(name, u, risk, u < risk, "chance of the year"),)
