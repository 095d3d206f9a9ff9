"""The practice panel finds a known change of whole lists, and only that."""

import numpy as np
import pytest
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from icpsim.evaluation.practice_level_did import practice_effects
from icpsim.records.schema import (
    AE,
    DEATH,
    NEVER,
    OUTPATIENT,
    PRACTICE,
    REGISTRATION,
    SPELL,
    HospitalRecords,
)

BEFORE, AFTER = (78, 104), (130, 156)
PRACTICES = 40


def lists(seed, effect):
    """Practices 0-9 are site 0's, 10-14 site 1's; visits of site 0's lists fall to ``effect`` from week 104 on."""
    rng = np.random.default_rng(seed)
    people = np.zeros(20_000, REGISTRATION)
    people["practice"] = rng.integers(0, PRACTICES, people.size)
    people["birth_week"] = -60 * 52
    people["to_week"] = NEVER
    people["stands_for"] = np.where(people["practice"] >= 15, rng.choice([0, 1, 3], people.size), 1)
    practices = np.zeros(PRACTICES, PRACTICE)
    practices["site"] = np.repeat([0, 1, -1], [10, 5, 25])
    rate = 0.03 * np.exp(rng.normal(0.0, 0.2, PRACTICES))[people["practice"]]
    visits = np.repeat(np.arange(people.size), rng.poisson(rate * 156))
    table = np.zeros(visits.size, OUTPATIENT)
    table["person"], table["week"] = visits, rng.integers(0, 156, visits.size)
    table["attended"] = 1
    late = (table["week"] >= 104) & (people["practice"][table["person"]] < 10)
    table = table[~late | (rng.random(table.size) < effect)]
    dead = np.zeros(300, DEATH)
    dead["person"], dead["week"] = rng.choice(people.size, 300, replace=False), rng.integers(0, 156, 300)
    spells = np.zeros(2000, SPELL)
    spells["person"], spells["admitted"] = rng.integers(0, people.size, 2000), rng.integers(0, 156, 2000)
    return HospitalRecords(156, people, practices, spells, table, np.zeros(0, AE), dead)


def test_a_known_change_is_found_and_no_other():
    """Each of 4 estimates within 4.5 of its standard errors of the truth: false alarm 3 in 100,000."""
    for effect in (1.0, 0.8):
        found = practice_effects(lists(3, effect), 50, BEFORE, AFTER, np.array([0]))
        visits, emergencies = found["outpatient_attendances"], found["emergency_admissions"]
        assert abs(visits.estimate - np.log(effect)) < 4.5 * visits.se["practice"]
        assert abs(emergencies.estimate) < 4.5 * emergencies.se["practice"]
        assert visits.se["practice"] < 0.03


def test_it_is_a_poisson_model_of_practices_with_people_as_exposure():
    """Estimate to 1e-8 as statsmodels' GLM on practice totals, another site's practices left out."""
    records = lists(4, 0.9)
    found = practice_effects(records, 50, BEFORE, AFTER, np.array([0]))["outpatient_attendances"]
    weight = np.maximum(records.registrations["stands_for"], 1).astype(float)
    dead = {int(p): int(w) for p, w in zip(records.deaths["person"], records.deaths["week"], strict=True)}
    rows = []
    for practice in [*range(10), *range(15, PRACTICES)]:
        own = np.flatnonzero(records.registrations["practice"] == practice)
        for late, (start, end) in enumerate((BEFORE, AFTER)):
            there = [p for p in own if dead.get(int(p), 999) >= (start + end) // 2]
            here = records.outpatient[(records.outpatient["week"] >= start) & (records.outpatient["week"] < end)]
            events = weight[here["person"][np.isin(here["person"], own)]].sum()
            rows.append((events, weight[there].sum(), practice < 10, late))
    events, people, pilot, late = np.array(rows, float).T
    x = np.column_stack([np.ones(len(rows)), pilot, late, pilot * late])
    model = GLM(events, x, family=Poisson(), exposure=people).fit(tol=1e-12)
    assert found.estimate == pytest.approx(model.params[3], abs=1e-8)


def test_a_panel_needs_both_kinds_of_practices():
    records = lists(3, 1.0)
    records.practices["site"] = 0
    with pytest.raises(ValueError, match="inside and outside"):
        practice_effects(records, 50, BEFORE, AFTER, np.array([0]))
