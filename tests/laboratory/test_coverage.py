"""A trial without interference is unbiased and its intervals cover: 500 whole replicates of a tiny scenario.

Nothing couples people and nothing spills over; each replicate has people, lives and an allocation of its own.
"""

import numpy as np
import pytest
from small_world import CASE_MANAGERS, MEETINGS, small_scenario

from icpsim.laboratory.study import try_designs
from icpsim.programme import Site
from icpsim.scenario import PopulationPart

pytestmark = pytest.mark.slow

REPLICATES = 500
COVERAGE = (0.93, 0.97)
"""Issue 7; 500 sound 95% intervals fall outside it about 4% of the time for one outcome."""
MOST_STANDARD_ERRORS = 3.0
"""Of the mean error; a sound estimator fails it 0.3% of the time for one outcome."""
OUTCOMES = ("outpatient_attendances", "hospital_cost")
DESIGN = "trial_by_person"


@pytest.fixture(scope="module")
def rows():
    scenario = small_scenario(
        sites=(Site(name="A", practices=4),),
        quota=240,
        policy="risk_score",
        interventions=(CASE_MANAGERS.model_copy(update={"case_managers": 8, "ramp_weeks": 0}), MEETINGS),
        mechanisms={"outpatient_spillover": 0.0, "outpatient_substitution": 0.4},
    ).model_copy(update={"population": PopulationPart(practice_list_size=1500, control_pool_ratio=0.0)})
    study = try_designs(scenario, REPLICATES, 1, designs=[DESIGN], windows=[26], drawn=False)
    return {row.outcome: row for row in study.rows if not row.variant}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_trial_by_person_is_unbiased(rows, outcome):
    row = rows[outcome]
    assert row.replicates == REPLICATES
    assert abs(row.bias) <= MOST_STANDARD_ERRORS * row.bias_se
    assert abs(row.null_bias) <= MOST_STANDARD_ERRORS * row.null_bias_se


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_its_intervals_cover(rows, outcome):
    assert COVERAGE[0] <= rows[outcome].coverage <= COVERAGE[1]


def test_the_programme_does_something_here(rows):
    """Guards the tests above: they are not all about nothing."""
    assert rows["outpatient_attendances"].truth < -0.1


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_power_agrees_with_the_formula(rows, outcome):
    row = rows[outcome]
    chance = np.sqrt(row.power * (1 - row.power) / row.replicates)
    assert row.power == pytest.approx(row.formula_power, abs=4 * chance + 0.05)
