"""Who is a case, who could be a control, and what is known of both at an index week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.evaluation.costs import CareClass, care_classes
from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.features import LOOK_BACK
from icpsim.evaluation.observation import (
    LeftOut,
    Span,
    count_left_out,
    earliest,
    seen,
    with_whole_windows,
)
from icpsim.evaluation.sampling import record_hash
from icpsim.evaluation.types import EvaluationDesign
from icpsim.evaluation.windows import count_windows, row_map
from icpsim.records.schema import HospitalRecords, Table

_KEY_CLASSES = np.zeros(len(CareClass), np.bool_)
_KEY_CLASSES[[CareClass.EMERGENCY, CareClass.CHEMOTHERAPY, CareClass.REPEAT_DAY_CARE]] = True


@dataclass(frozen=True, slots=True)
class Pool:
    """Possible controls at one week: ``persons`` int32[n], ``weights`` float64[n] (1 / chance of being kept),
    ``has_record`` bool[n] (emergency, chemotherapy or repeat day care within the look-back), ``units``
    int16[n] (for how many controls each counts among those with a record, or without), ``stands_for`` uint8[n],
    ``draw`` float64[n] (a number in [0, 1) from the person's records).
    """  # noqa: D205

    persons: NDArray[np.int32]
    weights: NDArray[np.float64]
    has_record: NDArray[np.bool_]
    units: NDArray[np.int16]
    stands_for: NDArray[np.uint8]
    draw: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Presence:
    """When people are in the study: registered ``from_week <= w < to_week``, not dead before w; int16[n] each.

    ``seen`` are the weeks in which what they use would be in the records.
    """

    from_week: NDArray[np.int16]
    to_week: NDArray[np.int16]
    birth_week: NDArray[np.int16]
    death_week: NDArray[np.int16]
    seen: Span

    def at(self, week: int, min_age: float) -> NDArray[np.bool_]:
        """Tell who is alive, registered and at least ``min_age`` at a week; bool[n]."""
        there = (self.from_week <= week) & (self.to_week > week) & (self.death_week >= week)
        return there & (self.birth_week <= int(np.floor(oldest_birth_week(week, min_age))))


@dataclass(frozen=True, slots=True)
class PossibleControls:
    """Everyone who may be a control in some wave: ``universe`` int32[m], and of each of them what follows.

    ``people`` says when each is there; ``key_week`` int16 holds the weeks of the key spells (emergency,
    chemotherapy, repeat day care), those of the k-th person at ``key_start[k]:key_start[k + 1]``; ``draw``
    float64[m] is a number in [0, 1) from the person's records; ``sampled`` bool[m] tells who is kept even without
    such a spell; ``stands_for`` uint8[m] for how many each stands.
    """

    universe: NDArray[np.int32]
    people: Presence
    key_start: NDArray[np.int64]
    key_week: NDArray[np.int16]
    draw: NDArray[np.float64]
    sampled: NDArray[np.bool_]
    stands_for: NDArray[np.uint8]


Kept = dict[tuple[EvaluationDesign, int, int], PossibleControls]
"""Controls from outside the pilots whom the last evaluation found, by its design, first and last index week."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The study's people: a table of enrolments that are ``cases``, and who may be ``controls``.

    ``pilots`` says when each of the pilots' own population is there; ``case_has_record`` bool[cases] who of the
    cases has a key spell in the look-back; ``death_week`` int16[people], NEVER if alive.
    """

    cases: Table
    left_out: LeftOut
    controls: PossibleControls
    pilots: Presence
    case_has_record: NDArray[np.bool_]
    death_week: NDArray[np.int16]

    @property
    def waves(self) -> list[int]:
        """Return the index weeks, in order."""
        return [int(week) for week in np.unique(self.cases["week"])]


def oldest_birth_week(week: int, min_age: float) -> float:
    """Return the latest birth week of someone aged ``min_age`` at ``week``."""
    return week - min_age * WEEKS_PER_YEAR


def find_cases(records: HospitalRecords, design: EvaluationDesign) -> tuple[Table, LeftOut]:
    """Return the enrolments that make cases, by week and person, and how many do not.

    Cases are at ``min_age`` or over, registered in their index week, with whole windows before and after unless
    death ends them, and seen in the weeks that matching looks back on. Raises ``EvaluationError`` if there is
    none or a person is enrolled twice.
    """
    if np.unique(records.enrolments["person"]).size != records.enrolments.size:
        raise EvaluationError("a person is enrolled twice: one index week a person is assumed")
    enrolled, windows = records.enrolments, (design.weeks_before, design.window_weeks)
    at = enrolled["person"], enrolled["week"]
    kept, left_out = with_whole_windows(records, *at, windows, design.min_age, LOOK_BACK)
    cases = enrolled[kept]
    if cases.size == 0:
        raise EvaluationError(
            f"no cases: of {enrolled.size} enrolled people none is aged {design.min_age:g} or over with "
            f"{design.weeks_before} weeks of records before and {design.window_weeks} after the index week "
            f"({left_out})"
        )
    return cases[np.lexsort((cases["person"], cases["week"]))], left_out


def assemble(records: HospitalRecords, design: EvaluationDesign, kept: Kept | None = None) -> Cohort:
    """Find the cases and everyone who may serve as a control.

    Cases are as in :func:`find_cases`; the others are counted in ``left_out``. Controls come from practices
    outside the pilots, or from the pilots' own when ``controls_from`` says so, and are never enrolled people.
    ``kept`` spares finding controls again whom the last evaluation of the same pool and design found. Raises
    ``EvaluationError`` if there is no case, no possible control, or a person is enrolled twice.
    """
    people = records.registrations
    cases, left_out = find_cases(records, design)
    first, last = int(cases["week"].min()), int(cases["week"].max())
    kept = kept if kept is not None and design.controls_from == "elsewhere" else {}
    asked = design, first, last
    if asked not in kept:
        kept.clear()
        kept[asked] = _possible_controls(records, design, first, last)
    at_pilots = records.practices["site"][people["practice"]] != -1
    pilots = np.flatnonzero(at_pilots & (people["birth_week"] <= oldest_birth_week(last, design.min_age)))
    death_week = records.death_weeks()
    return Cohort(
        cases,
        left_out,
        kept[asked],
        _presence(people, death_week, seen(records), pilots),
        _has_record(cases, records.spells, people.size, design.look_back_weeks),
        death_week,
    )


def _possible_controls(
    records: HospitalRecords, design: EvaluationDesign, first: int, last: int
) -> PossibleControls:
    """Find who may be a control between the first and the last index week."""
    people = records.registrations
    old_enough = people["birth_week"] <= oldest_birth_week(last, design.min_age)
    outside = records.practices["site"][people["practice"]] == -1
    key = _KEY_CLASSES[care_classes(records.spells)]
    key_person, key_week = records.spells["person"][key], records.spells["admitted"][key]
    stands_for = np.maximum(people["stands_for"], 1)
    drawn = record_hash(records, first)
    sampled = drawn < design.screen_share * stands_for
    screened = sampled.copy()
    screened[key_person] = True
    eligible = (outside if design.controls_from == "elsewhere" else ~outside) & old_enough & screened
    eligible[records.enrolments["person"]] = False
    universe = np.flatnonzero(eligible).astype(np.int32)
    if universe.size == 0:
        where = "outside the pilots" if design.controls_from == "elsewhere" else "at their practices unenrolled"
        raise EvaluationError(
            f"no possible controls: nobody aged {design.min_age:g} or over is registered {where}"
        )
    key_start, key_weeks = _by_row(key_person, key_week, row_map(universe, people.size), universe.size)
    return PossibleControls(
        universe,
        _presence(people, records.death_weeks(), seen(records), universe),
        key_start,
        key_weeks,
        drawn[universe],
        sampled[universe],
        stands_for[universe],
    )


def _has_record(cases: Table, spells: Table, n_people: int, weeks: int) -> NDArray[np.bool_]:
    """Tell who of the cases has a key spell in so many weeks before the index week; bool[cases]."""
    row_of = row_map(cases["person"], n_people)
    own = spells[row_of[spells["person"]] >= 0]
    key = own[_KEY_CLASSES[care_classes(own)]]
    counts = count_windows(key["person"], key["admitted"], row_of, cases.size, cases["week"], (-weeks, 0))
    found: NDArray[np.bool_] = counts[:, 0] > 0
    return found


def _presence(people: Table, death_week: NDArray[np.int16], visible: Span, who: NDArray[np.integer]) -> Presence:
    from_week, to_week, birth_week = (people[name][who] for name in ("from_week", "to_week", "birth_week"))
    return Presence(from_week, to_week, birth_week, death_week[who], visible.of(who))


@njit(cache=True)
def _by_row(person, week, row_of_person, n_rows):  # type: ignore[no-untyped-def]
    """Return where each row's weeks begin, and the weeks ordered by row."""
    start = np.zeros(n_rows + 1, np.int64)
    for p in person:
        if row_of_person[p] >= 0:
            start[row_of_person[p] + 1] += 1
    for row in range(n_rows):
        start[row + 1] += start[row]
    used, weeks = start.copy(), np.empty(start[n_rows], np.int16)
    for i in range(person.size):
        row = row_of_person[person[i]]
        if row >= 0:
            weeks[used[row]] = week[i]
            used[row] += 1
    return start, weeks


@njit(cache=True)
def _screen(there, key_start, key_week, sampled, from_week, to_week):  # type: ignore[no-untyped-def]
    """Return the rows that are there and kept, and who of them has a key spell in ``from_week <= w < to_week``."""
    rows, has_record, n = np.empty(there.size, np.int64), np.empty(there.size, np.bool_), 0
    for row in range(there.size):
        if there[row]:
            recent = False
            for event in range(key_start[row], key_start[row + 1]):
                recent |= key_week[event] >= from_week and key_week[event] < to_week
            rows[n], has_record[n] = row, recent
            n += recent or sampled[row]
    return rows[:n], has_record[:n]


def pool_at(cohort: Cohort, design: EvaluationDesign, week: int, weeks_after: int | None = None) -> Pool:
    """Return the possible controls at a week: alive, registered, old enough, seen in whole windows, screened.

    The window from the week on is the design's, or of ``weeks_after``.
    People with a key record in the look-back are all kept; of the rest a
    share ``screen_share``, chosen by a hash of their records, with weight 1 / share. Cases and controls agree on
    whether they have such a record, so that only people of one chance to be kept compete. A person who stands
    for several weighs as many and counts for as many controls; thinning counts towards the share.
    """
    end = week + (design.window_weeks if weeks_after is None else weeks_after)
    begin, controls = earliest(week, design.weeks_before, LOOK_BACK), cohort.controls
    there = controls.people.at(week, design.min_age) & controls.people.seen.holds(begin, end)
    first = week - design.look_back_weeks
    rows, has_record = _screen(there, controls.key_start, controls.key_week, controls.sampled, first, week)
    alike = controls.stands_for[rows].astype(np.float64)
    weights = np.where(has_record, alike, np.maximum(alike, 1.0 / design.screen_share))
    units = np.where(has_record, alike, np.maximum(np.rint(weights * design.screen_share), 1.0))
    return Pool(
        controls.universe[rows],
        weights,
        has_record,
        units.astype(np.int16),
        controls.stands_for[rows],
        controls.draw[rows],
    )


def controls_left_out(cohort: Cohort, design: EvaluationDesign) -> LeftOut:
    """Count who was registered and old enough in some index week, but is seen in whole windows around none.

    Of people who were looked at: those with a key spell and the share of the others.
    """
    controls = cohort.controls
    visible, there, whole, late = controls.people.seen, *(np.zeros((3, controls.universe.size), np.bool_))
    for week in cohort.waves:
        here, first = controls.people.at(week, design.min_age), earliest(week, design.weeks_before, LOOK_BACK)
        there |= here
        whole |= here & visible.holds(first, week + design.window_weeks)
        late |= here & (visible.first > first)
    out = there & ~whole
    return count_left_out({"joined_late": out & late, "left_early": out})


def people_left_out(records: HospitalRecords, design: EvaluationDesign) -> tuple[LeftOut, LeftOut]:
    """Count cases and possible controls who are left out. Raises as :func:`assemble` does."""
    cohort = assemble(records, design)
    return cohort.left_out, controls_left_out(cohort, design)
