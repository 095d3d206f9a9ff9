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

PRICES = Prices(1500.0, 2500.0, 700.0, 300.0, 400.0, 150.0, 80.0, 90.0)
"""Round invented prices; the tests are about arithmetic, not about the tariff."""


def _events(rng, rate, weeks, site_start, effect):
    """Draw Poisson events at a weekly rate a person; those after ``site_start`` times ``effect``."""
    top = max(effect, 1.0)
    person = np.repeat(np.arange(rate.size, dtype=np.int32), rng.poisson(rate * weeks * top))
    week = rng.integers(0, weeks, person.size).astype(np.int16)
    chance = np.where(week >= site_start[person], effect, 1.0) / top
    kept = rng.random(person.size) < chance
    person, week = person[kept], week[kept]
    order = rng.permutation(person.size)
    return person[order], week[order]


def make_records(
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
    selection=0.0,
):
    """Make a study. With ``selection`` 0 cases are random among the sickest half by observed use.

    A person's rates are ``gamma(shape)`` frailty times a constant; pilot practices are 0-3 (sites 0 and 1).
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

    start = np.full(n, NEVER, np.int16)
    observed_use = rng.poisson(frailty) if selection == 0 else frailty
    odds = (observed_use > 0) * pilot
    chosen = rng.choice(n, n_cases, replace=False, p=odds / odds.sum())
    start[chosen] = first_week + 4 * rng.integers(0, n_waves, n_cases)

    em_person, em_week = _events(rng, 0.006 * frailty, weeks, start, emergency_effect)
    el_person, el_week = _events(rng, 0.005 * np.sqrt(frailty), weeks, start, 1.0)
    op_person, op_week = _events(rng, 0.04 * np.sqrt(frailty), weeks, start, outpatient_effect)
    spells = np.zeros(em_person.size + el_person.size, SPELL)
    spells["person"] = np.concatenate([em_person, el_person])
    spells["admitted"] = np.concatenate([em_week, el_week])
    spells["method"] = np.arange(spells.size) >= em_person.size
    spells["diagnosis"] = np.where(spells["method"] == 0, rng.integers(0, 2, spells.size), 0)
    day = rng.random(spells.size)
    spells["patient_class"] = (spells["method"] == 1) & (day < 0.6)
    spells["diagnosis"][(spells["method"] == 1) & (day < 0.1)] = 3
    spells["nights"] = np.where(spells["patient_class"] == 0, rng.poisson(5, spells.size), 0)
    spells["conditions"] = rng.integers(0, 1024, spells.size) & rng.integers(0, 1024, spells.size)
    spells["casemix"] = rng.gamma(2.0, 0.5, spells.size)
    outpatient = np.zeros(op_person.size, OUTPATIENT)
    outpatient["person"], outpatient["week"] = op_person, op_week
    outpatient["first"], outpatient["attended"] = op_person % 3 == 0, rng.random(op_person.size) < 0.9
    ae_person, ae_week = _events(rng, 0.008 * frailty, weeks, start, 1.0)
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
