"""What every part of a scenario file has in common."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Base of every part of a scenario: frozen, no unknown keys, no silent conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


Condition = Literal[
    "copd",
    "heart_failure",
    "coronary_heart_disease",
    "stroke",
    "diabetes",
    "dementia",
    "cancer",
    "severe_mental_illness",
    "depression",
    "substance_misuse",
]
"""A long-term condition as a scenario names it: those of icpsim.records.schema.CONDITIONS."""
