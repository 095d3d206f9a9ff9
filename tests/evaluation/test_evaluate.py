from dataclasses import replace

import numpy as np
import pytest

from icpsim.evaluation.costs import CareClass, care_classes
from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.pool_description import _top_edge
from icpsim.evaluation.types import EvaluationDesign
from icpsim.records.schema import ENROLMENT
from icpsim.records.tables import EVENT_TABLES, ordered

from .synthetic import PRICES as ROUND_PRICES
from .synthetic import make_records

DESIGN = EvaluationDesign()
PRICES = replace(ROUND_PRICES, emergency=1500.37, outpatient_first=150.01, outpatient_follow_up=80.07)
"""Not whole pounds: sums of binary fractions then depend on their order, unless care is taken."""


@pytest.fixture(scope="module")
def study():
    records = make_records(np.random.default_rng(31), n_pilot=3000, n_outside=12_000, n_cases=300)
    return records, evaluate(records, DESIGN, PRICES)


@pytest.mark.parametrize("effects", [(1.0, 1.0), (1.4, 0.7)], ids=["null", "effect"])
def test_a_known_effect_is_recovered(effects):
    """Mean over eight studies of the raw and corrected log ratios against the truth.

    Bounds are four standard errors of that mean: false alarm about 6 in 100,000 for each of six.
    """
    raw, corrected = [], []
    for seed in range(8):
        rng = np.random.default_rng([41, seed])
        records = make_records(rng, n_cases=500, emergency_effect=effects[0], outpatient_effect=effects[1])
        found = evaluate(records, DESIGN, PRICES)
        each = [found.effect(n) for n in ("emergency_admissions", "outpatient_attendances", "ae_attendances")]
        raw.append([e.estimate for e in each])
        corrected.append([e.corrected for e in each])
    truth = np.log([effects[0], effects[1], 1.0])
    for estimates in (np.array(raw), np.array(corrected)):
        error = estimates.std(axis=0, ddof=1) / np.sqrt(len(estimates))
        assert (error < 0.06).all()
        # t with 7 degrees of freedom: 7.5 leaves about the tail that 4 leaves of a normal.
        assert (np.abs(estimates.mean(axis=0) - truth) < np.minimum(7.5 * error, 0.12)).all()


def naive_amount(records, outcome, person, low, high):
    s = records.spells[records.spells["person"] == person]
    s = s[(s["admitted"] >= low) & (s["admitted"] < high)]
    o = records.outpatient[records.outpatient["person"] == person]
    o = o[(o["week"] >= low) & (o["week"] < high) & (o["attended"] > 0)]
    price = PRICES.of_spells()
    visits = np.where(o["first"], PRICES.outpatient_first, PRICES.outpatient_follow_up).sum()
    return {
        "emergency_admissions": (s["method"] == 0).sum(),
        "elective_admissions": (s["method"] == 1).sum(),
        "outpatient_attendances": o.size,
        "hospital_cost": (price[care_classes(s)] * s["casemix"]).sum() + visits,
        "bed_days": s["nights"].sum(),
        "acs_emergency_admissions": ((s["method"] == 0) & (s["diagnosis"] == 1)).sum(),
        "chemotherapy_admissions": (care_classes(s) == CareClass.CHEMOTHERAPY).sum(),
    }[outcome]


@pytest.mark.parametrize("outcome", ["emergency_admissions", "elective_admissions", "outpatient_attendances",
                                     "hospital_cost", "bed_days", "acs_emergency_admissions",
                                     "chemotherapy_admissions"])  # fmt: skip
def test_means_are_those_of_the_records(study, outcome):
    records, found = study
    effect, pairs = found.effect(outcome), found.pairs
    _, first = np.unique(pairs["set"], return_index=True)
    cases = pairs[first]
    after = [naive_amount(records, outcome, p["case"], p["index_week"], p["index_week"] + 26) for p in cases]
    before = [naive_amount(records, outcome, p["control"], p["index_week"] - 26, p["index_week"]) for p in pairs]
    assert effect.after_cases == pytest.approx(np.mean(after))
    assert effect.before_controls == pytest.approx(np.average(before, weights=pairs["weight"]))


def test_months_add_up_to_the_window_and_cost_is_relative_to_the_counterfactual(study):
    _, found = study
    assert [(m.from_week, m.to_week) for m in found.monthly] == [
        (0, 4),
        (4, 9),
        (9, 13),
        (13, 17),
        (17, 22),
        (22, 26),
    ]
    cost = found.effect("hospital_cost")
    expected = (cost.after_cases - cost.before_cases) - (cost.after_controls - cost.before_controls)
    assert cost.estimate == pytest.approx(expected)
    assert cost.relative == pytest.approx(expected / (cost.after_cases - expected))


@pytest.mark.parametrize("tables", [("outpatient",), ("enrolments", "deaths"), EVENT_TABLES], ids="-".join)
def test_the_same_records_in_another_order_give_the_same_bytes(study, tables):
    """Whether a table is read in place or sorted, and however a person's own rows stand."""
    records, found = study
    rng = np.random.default_rng(5)
    shuffled = replace(records, **{name: rng.permutation(getattr(records, name)) for name in tables})
    again = evaluate(shuffled, DESIGN, PRICES)
    assert again.pairs.tobytes() == found.pairs.tobytes()
    # repr shows every bit of a float, and nan is not equal to itself.
    assert repr(replace(again, pairs=None)) == repr(replace(found, pairs=None))


def test_records_ordered_by_person_are_read_in_place_to_the_same_bytes(study):
    records, found = study
    in_order = ordered(records, np.ones(records.registrations.size, bool)).records
    again = evaluate(in_order, DESIGN, PRICES)
    assert again.pairs.tobytes() == found.pairs.tobytes()
    assert repr(replace(again, pairs=None)) == repr(replace(found, pairs=None))


def test_what_happens_to_people_outside_the_study_changes_nothing(study):
    """Emergency care of unenrolled pilot patients is nobody's control and no part of any fit."""
    records, found = study
    enrolled = np.isin(records.spells["person"], records.enrolments["person"])
    kept = replace(records, spells=records.spells[enrolled | (records.spells["person"] >= 3000)])
    again = evaluate(kept, DESIGN, PRICES)
    assert repr(again.effects) == repr(found.effects)  # repr, because nan is not equal to itself


def test_matching_improves_balance_of_prior_use(study):
    """Sampling SD of a standardised difference with 300 cases is about 0.06; emergency strata are exact."""
    _, found = study
    worst = {r.feature: (abs(r.difference_before), abs(r.difference_after)) for r in found.balance}
    before, after = worst["emergency_27_52"]
    assert before > 0.18 and after < 0.18
    for name in ("outpatient_52", "hospital_cost_52"):
        before, after = worst[name]
        assert after < before / 2
    assert worst["female"][1] < 1e-9


def test_deaths_are_counted_from_the_index_week(study):
    records, found = study
    death = dict(zip(records.deaths["person"], records.deaths["week"], strict=True))
    pairs = found.pairs
    died = [p["index_week"] <= death.get(p["control"], 9999) < p["index_week"] + 26 for p in pairs]
    assert found.deaths_controls == pytest.approx(np.average(died, weights=pairs["weight"]))
    assert found.deaths_cases == 0.0


def test_support_edge_is_the_weighted_percentile():
    score, weights = np.arange(1000.0), np.where(np.arange(1000) < 500, 5.0, 1.0)
    above = weights[score > _top_edge(score, weights, 0.01)].sum()
    assert above / weights.sum() == pytest.approx(0.01, abs=1 / weights.sum())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: {"enrolments": np.empty(0, ENROLMENT)}, "no cases"),
        (lambda r: {"registrations": _all_in_practice_0(r)}, "no possible controls"),
        (lambda r: {"enrolments": np.concatenate([r.enrolments, r.enrolments[:1]])}, "enrolled twice"),
        (lambda r: {"weeks": 140}, "no cases"),
    ],
)
def test_impossible_studies_say_so(study, change, message):
    records, _ = study
    with pytest.raises(EvaluationError, match=message):
        evaluate(replace(records, **change(records)), DESIGN, PRICES)


def _all_in_practice_0(records):
    people = records.registrations.copy()
    people["practice"] = 0
    return people


def test_cases_without_twins_say_so(study):
    people = study[0].registrations.copy()
    people["sex"] = study[0].practices["site"][people["practice"]] == -1
    with pytest.raises(EvaluationError, match="no controls"):
        evaluate(replace(study[0], registrations=people), DESIGN, PRICES)


def test_short_history_is_flagged(study):
    found = evaluate(study[0], EvaluationDesign(prognostic_week=60), PRICES)
    assert any("60 weeks" in w for w in found.warnings)
    with pytest.raises(ValueError, match="screen_share"):
        EvaluationDesign(screen_share=0.0)
