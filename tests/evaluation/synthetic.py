"""Invented people whose use of hospitals is negative binomial, with known effects: food for the evaluation."""

from __future__ import annotations

import numpy as np

from icpsim.evaluation.costs import Prices
from icpsim.records.schema import (
    AE,
    DEATH,
    ENROLMENT,
    NEVER,
    OUTPATIENT,
    PRACTICE,
    REGISTRATION,
    SPELL,
    HospitalRecords,
)

PRICES = Prices(1500.0, 2500.0, 700.0, 300.0, 400.0, 150.0, 80.0)
"""Round invented prices; the tests are about arithmetic, not about the tariff."""


def _events(rng, rate, weeks, ceiling=1.0):
    """Draw Poisson events at ``rate * ceiling`` a week, in random order, each with a uniform mark."""
    person = np.repeat(np.arange(rate.size, dtype=np.int32), rng.poisson(rate * weeks * ceiling))
    person = rng.permutation(person)
    return person, rng.integers(0, weeks, person.size).astype(np.int16), rng.random(person.size) * ceiling


def _with_effect(events, start, effect):
    """Keep the events of a world in which the rate is multiplied by ``effect`` from ``start`` on."""
    person, week, mark = events
    kept = mark < np.where(week >= start[person], effect, 1.0)
    return person[kept], week[kept]


def make_records(  # noqa: PLR0915  (one table after another)
    rng,
    n_pilot=4000,
    n_outside=32000,
    n_cases=400,
    weeks=208,
    first_week=130,
    n_waves=4,
    emergency_effect=1.0,
    outpatient_effect=1.0,
    shape=0.5,
):
    """Make a study whose cases are chosen at random among pilot people with use in the records.

    A person's rates are ``gamma(shape)`` frailty times a constant; pilot practices are 0-3 (sites 0 and 1).
    Cases had an emergency admission or two outpatient attendances in the year before ``first_week``, so
    there is nothing that the evaluators cannot see. Effects multiply cases' rates from their index week on.
    """
    n = n_pilot + n_outside
    people = np.zeros(n, REGISTRATION)
    pilot = np.arange(n) < n_pilot
    people["practice"] = np.where(pilot, rng.integers(0, 4, n), rng.integers(4, 30, n))
    people["birth_week"] = -rng.integers(50 * 53, 90 * 52, n)
    people["sex"], people["imd"] = rng.integers(0, 2, n), rng.integers(1, 6, n)
    people["from_week"], people["to_week"] = -1000, NEVER
    practices = np.zeros(30, PRACTICE)
    practices["site"] = np.where(np.arange(30) < 4, np.arange(30) // 2, -1)
    frailty = rng.gamma(shape, 1 / shape, n)

    emergency = _events(rng, 0.006 * frailty, weeks, max(emergency_effect, 1.0))
    elective = _events(rng, 0.005 * np.sqrt(frailty), weeks)
    outpatients = _events(rng, 0.04 * np.sqrt(frailty), weeks, max(outpatient_effect, 1.0))
    nobody = np.full(n, NEVER, np.int16)
    points = np.zeros(n)
    for events, weight in ((emergency, 2), (outpatients, 1)):
        person, week = _with_effect(events, nobody, 1.0)
        points += weight * np.bincount(person[(week < first_week) & (week >= first_week - 52)], minlength=n)
    odds = (points >= 2) * pilot
    start = nobody.copy()
    chosen = rng.choice(n, n_cases, replace=False, p=odds / odds.sum())
    start[chosen] = first_week + 4 * rng.integers(0, n_waves, n_cases)

    em_person, em_week = _with_effect(emergency, start, emergency_effect)
    el_person, el_week = _with_effect(elective, start, 1.0)
    op_person, op_week = _with_effect(outpatients, start, outpatient_effect)
    spells = np.zeros(em_person.size + el_person.size, SPELL)
    spells["person"] = np.concatenate([em_person, el_person])
    spells["admitted"] = np.concatenate([em_week, el_week])
    spells["method"] = np.arange(spells.size) >= em_person.size
    spells["diagnosis"] = np.where(spells["method"] == 0, rng.integers(0, 2, spells.size), 0)
    day = rng.random(spells.size)
    spells["patient_class"] = (spells["method"] == 1) & (day < 0.6)
    spells["diagnosis"][(spells["method"] == 1) & (day < 0.1)] = 3
    spells["diagnosis"][(spells["method"] == 1) & (day > 0.1) & (day < 0.2)] = 4
    spells["nights"] = np.where(spells["patient_class"] == 0, rng.poisson(5, spells.size), 0)
    spells["conditions"] = rng.integers(0, 1024, spells.size) & rng.integers(0, 1024, spells.size)
    spells["casemix"] = rng.gamma(2.0, 0.5, spells.size)
    outpatient = np.zeros(op_person.size, OUTPATIENT)
    outpatient["person"], outpatient["week"] = op_person, op_week
    outpatient["first"], outpatient["attended"] = op_person % 3 == 0, rng.random(op_person.size) < 0.9
    ae_person, ae_week, _ = _events(rng, 0.008 * frailty, weeks)
    ae = np.zeros(ae_person.size, AE)
    ae["person"], ae["week"] = ae_person, ae_week

    dead = np.flatnonzero((rng.random(n) < 0.02) & (start == NEVER)).astype(np.int32)
    deaths = np.zeros(dead.size, DEATH)
    deaths["person"], deaths["week"] = dead, rng.integers(0, weeks, dead.size)
    people["to_week"][dead] = deaths["week"]
    enrolments = np.zeros(n_cases, ENROLMENT)
    enrolments["person"], enrolments["week"] = chosen, start[chosen]
    enrolments["site"], enrolments["discharged"] = practices["site"][people["practice"][chosen]], NEVER

    death_of = np.full(n, NEVER, np.int16)
    death_of[dead] = deaths["week"]
    alive = [
        t[t[c] < death_of[t["person"]]] for t, c in ((spells, "admitted"), (outpatient, "week"), (ae, "week"))
    ]
    return HospitalRecords(weeks, people, practices, *alive, deaths, enrolments)
