"""A hand-made extract in which nothing ever changes, so that every programme's effect is exactly none.

Everyone has the same care in every four weeks of his or her life, people of one type as much as each other. So any
two windows of whole fours of weeks hold the same, whoever is compared, unless people who are no longer seen are
taken for people who use nothing.
"""

from dataclasses import replace

import numpy as np

from icpsim.evaluation.designs import DesignOptions
from icpsim.records.schema import (
    AE,
    ALLOCATION,
    DEATH,
    ENROLMENT,
    NEVER,
    OUTPATIENT,
    PRACTICE,
    REGISTRATION,
    SPELL,
    HospitalRecords,
    Method,
    TrialArm,
)

WEEKS, START, WINDOW = 228, 160, 24
INDEX_WEEKS = (160, 164, 188)
"""Weeks of enrolment; the last serve as controls of those enrolled a whole window earlier."""
OPTIONS = DesignOptions(programme_start=START, programme_weeks=8, window_weeks=WINDOW, screen_share=1.0)
PILOTS, ELSEWHERE, LIST = 6, 12, 40
"""Practices in the pilots and outside, and people on each list."""
EVENTS = (("spells", "admitted"), ("outpatient", "week"), ("ae", "week"))


def steady() -> HospitalRecords:
    """Return the extract: at each pilot practice twelve people are enrolled, four in each of the index weeks.

    Of people 4k to 4k + 3 on a list the first two are well, the others ill (twice the care).
    """
    n = (PILOTS + ELSEWHERE) * LIST
    who, place = np.arange(n), np.arange(n) % LIST
    people = np.zeros(n, REGISTRATION)
    people["practice"], people["to_week"], people["imd"] = who // LIST, NEVER, 1
    people["birth_week"] = -70 * 52
    practices = np.zeros(PILOTS + ELSEWHERE, PRACTICE)
    practices["site"] = np.where(np.arange(practices.size) < PILOTS, np.arange(practices.size) % 2, -1)
    # In practices outside more and fewer are ill than in the pilots, so that a mix of them is like the pilots.
    ill = np.where(people["practice"] < PILOTS, place % 4 >= 2, place % 4 >= 1 + people["practice"] % 3)
    fours = np.arange(0, WEEKS, 4)
    person, week = (x.ravel() for x in np.meshgrid(np.repeat(who, 1 + ill), fours, indexing="ij"))
    week = week + person % 2
    spells = np.zeros(2 * person.size, SPELL)
    spells["person"], spells["admitted"] = np.tile(person, 2), np.tile(week, 2)
    spells["method"] = np.repeat([Method.EMERGENCY, Method.ELECTIVE], person.size)
    spells["nights"], spells["casemix"] = 2, 1.0
    outpatient = np.zeros(person.size, OUTPATIENT)
    outpatient["person"], outpatient["week"], outpatient["attended"] = person, week, 1
    ae = np.zeros(person.size, AE)
    ae["person"], ae["week"] = person, week
    enrolled = np.flatnonzero((people["practice"] < PILOTS) & (place < 12))
    enrolments = np.zeros(enrolled.size, ENROLMENT)
    enrolments["person"], enrolments["discharged"] = enrolled, NEVER
    enrolments["week"] = np.array(INDEX_WEEKS)[enrolled % LIST // 4]
    enrolments["site"] = practices["site"][people["practice"][enrolled]]
    return HospitalRecords(WEEKS, people, practices, spells, outpatient, ae, np.zeros(0, DEATH), enrolments)


def identified(records: HospitalRecords, by: str) -> HospitalRecords:
    """Return the extract of a trial by person, by practice or by steps that identified 24 people at each pilot."""
    people = records.registrations
    who = np.flatnonzero((people["practice"] < PILOTS) & (np.arange(people.size) % LIST < 24))
    practice, early = people["practice"][who], who // 4 % 2 == 0
    rows = np.zeros(who.size, ALLOCATION)
    rows["person"], rows["site"] = who, records.practices["site"][practice]
    rows["week"] = np.where(early, *INDEX_WEEKS[:2])
    enrolled = who % LIST < 12
    programme = {
        "person": enrolled,
        "practice": practice < PILOTS // 2,
        "steps": (practice < PILOTS // 2) & early | (practice < PILOTS - 1) & ~early,
    }[by]
    rows["arm"] = np.where(programme, TrialArm.PROGRAMME, TrialArm.USUAL_CARE)
    return replace(records, allocations=rows)


def moved(records: HospitalRecords, who, kind: str, leave=NEVER, join=0) -> HospitalRecords:
    """Return the extract when people ``who`` join or leave their practice in some week.

    In a practice extract nothing of them is in the records before or from then on.
    """
    people = records.registrations.copy()
    people["from_week"][who], people["to_week"][who] = join, leave
    tables = {}
    if kind == "practice":
        for name, column in EVENTS:
            rows = getattr(records, name)
            first, end = (people[edge][rows["person"]] for edge in ("from_week", "to_week"))
            tables[name] = rows[(rows[column] >= first) & (rows[column] < end)]
    return replace(records, registrations=people, extract=kind, **tables)
