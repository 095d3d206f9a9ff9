"""Measures that answers state, the units they are stated in, and what an answer is about."""

from __future__ import annotations

from dataclasses import dataclass

COUNT, RATE, MONEY, RELATIVE = UNITS = ("count", "rate", "gbp", "relative")
"""A number a year, events per 1,000 people a year, GBP a year, a relative change (-0.04 is 4% less)."""

AVOIDED, TRUE, ESTIMATED, COST, COST_ALONE, SAVED, SAVED_ALONE = HEADLINES = (
    "emergency_admissions_avoided",
    "true_effect",
    "estimated_effect",
    "net_cost",
    "net_cost_without_list_wide_fall",
    "hospital_saving",
    "hospital_saving_without_list_wide_fall",
)
"""Measures that stand side by side for every arm; the two effects are on emergency admissions of the enrolled.

Money is told as it is, and as it would be without the list-wide fall in outpatient use."""


ALL, WEEK, AGE, DEPRIVATION, CONDITION, PRACTICE, PRIOR_USE = GROUPINGS = (
    "all",
    "week",
    "age",
    "deprivation",
    "condition",
    "practice",
    "prior use",
)


@dataclass(frozen=True, slots=True)
class About:
    """What every picture of a comparison says of itself: the title, who is counted, over what time, how often."""

    title: str
    who: str
    period: str
    replicates: int
    seed: int
    version: str
