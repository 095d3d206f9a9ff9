"""A confounder planted in records misleads the evaluation as much as the formula says."""

import numpy as np
import pytest

from experiments.confounder.planted_trait import planted_bias, with_confounder
from icpsim.evaluation.evaluate import evaluate, matched_rows
from icpsim.evaluation.types import EvaluationDesign
from icpsim.questions.errors import ConfounderError
from icpsim.questions.hidden_confounder.bias import Confounder
from tests.evaluation.synthetic import PRICES, make_records
from tests.small_world import column_bytes

DESIGN = EvaluationDesign(controls_per_case=3, screen_share=1.0)


@pytest.fixture(scope="module")
def records():
    return make_records(np.random.default_rng(7), n_pilot=3000, n_outside=12000, n_cases=300)


@pytest.mark.parametrize("trait", [(0.5, 0.2, 2.0), (0.3, 0.1, 4.0), (0.1, 0.4, 3.0), (0.3, 0.3, 3.0)])
def test_simulated_bias_is_that_of_the_formula(records, trait):
    """Mean of 60 plantings within 3.9 standard errors and 0.01 (logs of few events); false alarms below 1e-3 each.

    Of t with 59 degrees of freedom beyond 3.9, both sides: 2.5e-4.
    """
    rows, study = matched_rows(records, DESIGN, PRICES)
    found = planted_bias(rows, study, DESIGN.window_weeks, Confounder(*trait), 60, key=11)
    assert found.formula == pytest.approx(np.log(Confounder(*trait).bias))
    assert abs(found.simulated - found.formula) < 3.9 * found.error + 0.01
    assert found.error < 0.03


def test_the_evaluation_matches_the_same_people_and_is_misled(records):
    """The trait acts after the index week alone, so that matching cannot see it; the estimate moves."""
    trait = Confounder(0.8, 0.1, 4.0)
    plain = evaluate(records, DESIGN, PRICES)
    planted = evaluate(with_confounder(records, plain.pairs, trait, key=3), DESIGN, PRICES)
    assert planted.pairs.tobytes() == plain.pairs.tobytes()
    change = planted.effect("emergency_admissions").estimate - plain.effect("emergency_admissions").estimate
    assert change == pytest.approx(np.log(trait.bias), abs=0.35)
    assert change > 0.5
    assert planted.effect("outpatient_attendances").estimate == pytest.approx(
        plain.effect("outpatient_attendances").estimate
    )


def test_nothing_before_the_index_week_and_nobody_unmatched_is_touched(records):
    plain = evaluate(records, DESIGN, PRICES)
    planted = with_confounder(records, plain.pairs, Confounder(0.5, 0.5, 5.0), key=3)
    index = np.full(records.registrations.size, 10_000)
    index[plain.pairs["case"]] = plain.pairs["index_week"]
    index[plain.pairs["control"]] = plain.pairs["index_week"]
    for table in (records.spells, planted.spells):
        table.sort(order=["person", "admitted", "nights", "casemix"])
    early = [t[t["admitted"] < index[t["person"]]] for t in (records.spells, planted.spells)]
    assert column_bytes(early[0]) == column_bytes(early[1])
    assert len(planted.spells) < len(records.spells)


def test_a_trait_that_protects_cannot_be_planted(records):
    plain = evaluate(records, DESIGN, PRICES)
    with pytest.raises(ConfounderError, match="only a trait that raises"):
        with_confounder(records, plain.pairs, Confounder(0.5, 0.5, 0.5), key=3)
