"""The study as shipped comes within two observed standard errors of three of four published effects."""

import math

import numpy as np
import pytest

from icpsim.data.published_effects import load_targets
from icpsim.data.tables import load_tables
from icpsim.questions.run.study import run_study
from icpsim.scenario.schema import load

pytestmark = pytest.mark.slow

SCENARIO = "case-management-sites"
REPLICATES = 12
MOST_STANDARD_ERRORS = 2.0
"""Of the published effect (issue 2), and as many again of the mean over so few replicates."""
TARGETS = [t for t in load_targets(SCENARIO) if t.measure in ("rate_ratio", "difference_gbp")]
HEADLINES = ("emergency_admissions", "elective_admissions", "outpatient_attendances", "hospital_cost")


@pytest.fixture(scope="module")
def study(kept_studies):
    return run_study(load(SCENARIO), replicates=REPLICATES, seed=1, workers=2, work=kept_studies)


NOT_REACHED = pytest.mark.xfail(
    strict=True,
    reason="cost is not reproduced: an emergency is paid its tariff now, and cases have more of them after",
)


@pytest.mark.parametrize(
    "outcome",
    [pytest.param(name, marks=NOT_REACHED) if name == "hospital_cost" else name for name in HEADLINES],
)
def test_a_published_effect_is_reached(study, outcome):
    """All but cost: what is not reproduced is said, and not tuned away."""
    target = next(t for t in TARGETS if t.outcome == outcome)
    values = np.array([row["estimate"] for row in study.replicate_rows if row["outcome"] == outcome])
    if target.measure == "rate_ratio":
        values = np.exp(values)
    standard_error = values.std(ddof=1) / math.sqrt(REPLICATES)
    distance = abs(values.mean() - target.observed)
    assert distance <= MOST_STANDARD_ERRORS * (target.se + standard_error), (values.tolist(), target.observed)


def test_people_are_as_many_as_published(study):
    """Or a few fewer: under some draws fewer of the enrolled die, so that fewer places come free."""
    published = next(t.observed for t in load_targets(SCENARIO) if t.outcome == "cases")
    assert published == 3646
    assert 0.985 * published <= study.cases <= published
    assert 4.0 <= study.controls / study.cases_matched <= 5.0
    assert study.support["pool_ratio"] >= 8.0


def test_what_the_study_shows_is_what_its_replicates_found(study):
    for outcome in HEADLINES:
        shown = next(row for row in study.outcomes if row.outcome == outcome)
        found = [row["estimate"] for row in study.replicate_rows if row["outcome"] == outcome]
        mean = float(np.mean(found))
        assert shown.estimated == pytest.approx(math.exp(mean) if shown.measure == "rate_ratio" else mean)


def test_it_is_reached_with_values_inside_their_stated_ranges():
    scenario = load(SCENARIO)
    overrides = [scenario.parameters, *(programme.parameters for programme in scenario.programmes)]
    assert [load_tables(some).outside_range for some in overrides] == [()] * len(overrides)
