"""A study of which only the replicates' estimates matter, for tests of what is scored."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from icpsim.questions.run.answer import StudyResult
from icpsim.scenario.schema import Scenario
from tests.fake_study import STUDY

ESTIMATES = {
    "emergency_admissions": (0.0, 0.04, 0.08),
    "elective_admissions": (-0.15, -0.2, -0.25),
    "outpatient_attendances": (-0.19, -0.2, -0.21),
    "hospital_cost": (-20.0, 30.0, 80.0),
}
"""Log ratios, and GBP for cost, of three replicates."""


def rows() -> Iterator[dict[str, float | int | str]]:
    for outcome, values in ESTIMATES.items():
        for number, estimate in enumerate(values):
            yield {"replicate": number, "outcome": outcome, "estimate": estimate, "se": 0.05}


def study_of(scenario: Scenario, replicates: int, seed: int, *_: Any) -> StudyResult:
    """Stand in for run_study."""
    return replace(
        STUDY,
        scenario=scenario.scenario,
        seed=seed,
        replicates=replicates,
        replicate_rows=tuple(rows()),
        warnings=(),
    )
