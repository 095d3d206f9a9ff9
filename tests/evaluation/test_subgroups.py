"""Effects in groups of sites are the whole evaluation's when the group is everyone, and add nothing else."""

import dataclasses
import math

import numpy as np
import pytest

from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.subgroups import group_statistics, matched_study
from icpsim.evaluation.types import EvaluationDesign
from icpsim.records.schema import NEVER, Diagnosis, Method

from .synthetic import PRICES, make_records

DESIGN = EvaluationDesign(screen_share=1.0)
SITES = np.array([0, 1])


@pytest.fixture(scope="module")
def records():
    return make_records(np.random.default_rng(5), emergency_effect=0.8)


@pytest.fixture(scope="module")
def study(records):
    return matched_study(records, DESIGN, PRICES)


def test_all_sites_together_are_the_evaluation(records, study):
    found, whole = group_statistics(study, SITES), evaluate(records, DESIGN, PRICES)
    for effect in whole.effects:
        assert found[effect.outcome] == effect.estimate
    assert found["deaths"] == pytest.approx(whole.deaths_cases - whole.deaths_controls, abs=1e-12)
    assert found["cohort_cost"] == whole.effect("hospital_cost").before_cases
    for month in whole.monthly:
        assert found[f"emergency_month_{month.month}"] == month.estimate


def test_a_group_is_its_own_cases_and_their_controls(records, study):
    """Counted again from the records, person by person, for one site."""
    mine = study.rows.site == 1
    people, weeks = study.rows.person[mine], study.rows.index_week[mine].astype(int)
    spells = records.spells[records.spells["method"] == Method.EMERGENCY]
    by_person = {p: spells["admitted"][spells["person"] == p].astype(int) for p in np.unique(people)}
    means = {}
    for treated in (True, False):
        at = study.rows.treated[mine] == treated
        for name, low, high in (("before", -26, 0), ("after", 0, 26)):
            counts = [
                ((by_person[p] >= w + low) & (by_person[p] < w + high)).sum()
                for p, w in zip(people[at], weeks[at], strict=True)
            ]
            means[treated, name] = np.average(counts, weights=study.rows.weight[mine][at])
    change = {t: means[t, "after"] / means[t, "before"] for t in (True, False)}
    expected = math.log(change[True] / change[False])
    assert group_statistics(study, np.array([1]))["emergency_admissions"] == pytest.approx(expected, abs=1e-10)


def test_cancer_fall_is_of_expected_electives(study):
    """With cancer care cut to nothing after the index week in cases, all that was expected has fallen."""
    found = group_statistics(study, SITES)
    treated, weights = study.rows.treated, study.rows.weight
    cut = study.cancer.copy()
    cut[treated, 1] = 0.0
    changed = dataclasses.replace(study, cancer=cut)
    electives = study.amounts["elective_admissions"]
    after = electives[:, 1:].sum(axis=1)

    def expected(before, then):
        controls = ~treated
        ratio = np.average(then[controls], weights=weights[controls]) / np.average(
            before[controls], weights=weights[controls]
        )
        return before[treated].mean() * ratio

    whole = expected(study.cancer[:, 0], study.cancer[:, 1]) / expected(electives[:, 0], after)
    more = group_statistics(changed, SITES)["cancer_fall"] - found["cancer_fall"]
    assert more == pytest.approx(study.cancer[treated, 1].mean() / expected(electives[:, 0], after), abs=1e-12)
    assert group_statistics(changed, SITES)["cancer_fall"] == pytest.approx(whole, abs=1e-12)


def test_cancer_care_is_electives_for_cancer_or_chemotherapy(records, study):
    spells = records.spells
    cancer = (spells["method"] != Method.EMERGENCY) & (
        (spells["diagnosis"] == Diagnosis.CANCER) | (spells["diagnosis"] == Diagnosis.CHEMOTHERAPY)
    )
    person, week = study.rows.person[0], int(study.rows.index_week[0])
    own = spells["admitted"][cancer & (spells["person"] == person)].astype(int)
    assert study.cancer[0].tolist() == [
        ((own >= week - 26) & (own < week)).sum(),
        ((own >= week) & (own < week + 26)).sum(),
    ]
    died = dict(zip(records.deaths["person"].tolist(), records.deaths["week"].tolist(), strict=True))
    lag = [
        died.get(int(p), int(NEVER)) - int(w)
        for p, w in zip(study.rows.person, study.rows.index_week, strict=True)
    ]
    assert study.died.tolist() == [0 <= x < 26 for x in lag]
