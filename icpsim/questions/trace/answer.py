"""Choose a person, run the scenario that the person lives in, and put both lives side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Progress
from icpsim.questions.errors import PersonError
from icpsim.questions.trace.compare import Line, compare
from icpsim.questions.trace.life import Life, relive
from icpsim.questions.trace.observed_model import Choice, WatchedModel
from icpsim.questions.trace.person import Who, who_is
from icpsim.scenario.schema import Scenario

EXAMPLE = "example"
"""Choice of person: the first enrolled (by week, then row) whose two lives differ in a record."""
_ENROLLED = re.compile(r"enrolled:(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Trace:
    """One person's two lives, and what is in both of them or in one.

    ``considered`` holds how the person stood each time a team chose; ``enrolment`` that of the time when chosen.
    ``zero_week`` is the index week, or the programme's first week for those who were never enrolled.
    """

    scenario: Scenario
    seed: int
    replicate: int
    who: Who
    considered: tuple[Choice, ...]
    with_programme: Life
    without: Life
    lines: tuple[Line, ...]
    zero_week: int

    @property
    def enrolment(self) -> Choice | None:
        """Return how the person stood when a team chose him or her, if one did."""
        return next((choice for choice in self.considered if choice.chosen), None)


def trace(
    scenario: Scenario, person: str, seed: int = 1, replicate: int = 0, progress: Progress = lambda *_: None
) -> Trace:
    """Return both lives of one person: a row number, ``enrolled:K`` (the K-th to be enrolled), or ``example``.

    Runs the whole replicate, because who is enrolled depends on everybody on the pilots' lists; with capacity
    feedback also the one without effects. Raises PersonError with the valid range when there is no such person.
    """
    number = _row_number(person)
    model = WatchedModel(scenario, number, seed=seed, replicate=replicate)
    if number is not None and number >= len(model.region.people):
        raise PersonError(_no_such_row(model, number))
    model.run(lambda done, total: progress(done, total, "the world with the programme"))
    enrolments = model.region.enrolments()
    chosen = _enrolled(person, enrolments) if number is None and person != EXAMPLE else number
    providers = _without_programme(model, enrolments, progress) if scenario.capacity_feedback else None
    if chosen is None:
        chosen = _example(model, providers, enrolments, progress)
    lives = relive(model, chosen, effects=True), relive(model, chosen, effects=False, providers=providers)
    who = who_is(model, chosen, lives[0])
    return Trace(
        scenario=scenario,
        seed=seed,
        replicate=replicate,
        who=who,
        considered=tuple(choice for choice in model.choices if choice.person == chosen),
        with_programme=lives[0],
        without=lives[1],
        lines=tuple(compare(*lives, model.parameters)),
        zero_week=model.programme_start if who.enrolled is None else who.enrolled,
    )


def check_person(person: str) -> None:
    """Raise PersonError when this is no way to name a person."""
    if person != EXAMPLE and _row_number(person) is None and _ENROLLED.fullmatch(person) is None:
        raise PersonError(
            f"--person {person}: write a row number (from 0), or enrolled:K for the K-th person to be enrolled"
        )


def differ(a: Life, b: Life) -> bool:
    """Whether two lives of one person differ in any record."""
    return any(
        len(rows) != len(b.records[name])
        or any(not np.array_equal(rows[part], b.records[name][part]) for part in _columns(rows))
        for name, rows in a.records.items()
    )


def _columns(rows: NDArray[np.void]) -> list[str]:
    return [name for name in rows.dtype.names or () if name not in {"person", "spare"}]


def _row_number(person: str) -> int | None:
    check = person.strip()
    return int(check) if re.fullmatch(r"\d{1,9}", check) else None


def _no_such_row(model: WatchedModel, number: int) -> str:
    last, pilots = len(model.region.people) - 1, len(model.pilot_people) - 1
    return (
        f"--person {number}: {model.icp_scenario.scenario} has people 0 to {last}"
        f" (0 to {pilots} are on the pilots' lists)"
    )


def _in_order(enrolments: NDArray[np.void]) -> list[int]:
    order = np.lexsort((enrolments["person"], enrolments["week"]))
    return [int(person) for person in enrolments["person"][order]]


def _enrolled(person: str, enrolments: NDArray[np.void]) -> int:
    check_person(person)
    found = _ENROLLED.fullmatch(person)
    place, people = int(found[1]) if found else 0, _in_order(enrolments)
    if not people:
        raise PersonError(f"--person {person}: nobody is enrolled in this scenario")
    if not 1 <= place <= len(people):
        raise PersonError(f"--person {person}: the enrolled are enrolled:1 to enrolled:{len(people)}")
    return people[place - 1]


def _without_programme(model: WatchedModel, enrolments: NDArray[np.void], progress: Progress) -> WatchedModel:
    other = WatchedModel(
        model.icp_scenario, None, seed=model.seed, replicate=model.replicate, enrolments=enrolments, effects=False
    )
    other.run(lambda done, total: progress(done, total, "the world without it"))
    return other


def _example(
    model: WatchedModel, providers: WatchedModel | None, enrolments: NDArray[np.void], progress: Progress
) -> int:
    people = _in_order(enrolments)
    for done, person in enumerate(people):
        progress(done, len(people), "looking for two lives that differ")
        if differ(relive(model, person, effects=True), relive(model, person, effects=False, providers=providers)):
            return person
    raise PersonError("--example: nobody is enrolled whose two lives differ")
