"""Matched controls and difference-in-differences: the published design, and its variants."""

from __future__ import annotations

from dataclasses import dataclass

from icpsim.evaluation.costs import Prices
from icpsim.evaluation.designs.around_index import matching_design
from icpsim.evaluation.designs.interface import DesignEstimate, DesignOptions, Estimand, Trial
from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.types import ControlsFrom
from icpsim.records.schema import HospitalRecords

RAW, CORRECTED = "raw", "bias-corrected"


@dataclass(frozen=True, slots=True)
class MatchedDid:
    """Cases against matched controls, before and after: the raw estimate and the bias-corrected one.

    ``controls_per_case`` stands instead of the options' when given. Errors are clustered on the person. Controls
    from the same area were there to be enrolled and never were, which is known only afterwards: people who got
    worse are missing from among them, and what the programme does to a whole practice they share.
    """

    name: str = "matched_did"
    title: str = "matched DiD, controls from elsewhere"
    estimand: Estimand = "cases"
    naive: bool = False
    trial: Trial = "none"
    controls_from: ControlsFrom = "elsewhere"
    controls_per_case: int | None = None

    def estimate(
        self, records: HospitalRecords, options: DesignOptions, prices: Prices
    ) -> tuple[DesignEstimate, ...]:
        """Return two estimates of each outcome. Raises ``EvaluationError`` as ``evaluate`` does."""
        found = evaluate(records, matching_design(options, self.controls_from, self.controls_per_case), prices)
        rows = []
        for effect in found.effects:
            for variant, estimate, se in (
                (RAW, effect.estimate, effect.se),
                (CORRECTED, effect.corrected, effect.corrected_se),
            ):
                rows.append(
                    DesignEstimate(
                        self.name,
                        effect.outcome,
                        effect.measure,
                        estimate,
                        se,
                        found.cases,
                        found.controls,
                        variant,
                        cases_left_out=found.cases_left_out,
                        controls_left_out=found.controls_left_out,
                    )
                )
        return tuple(rows)


ELSEWHERE = MatchedDid()
ONE_TO_ONE = MatchedDid(
    name="matched_did_one_to_one", title="matched DiD, one control a case from elsewhere", controls_per_case=1
)
SAME_AREA = MatchedDid(
    name="matched_did_same_area",
    title="matched DiD, controls from the pilots' own practices",
    controls_from="same_area",
)
