"""What can be wrong with a question; each message says what to change."""

from __future__ import annotations

from icpsim.base.errors import WrongInputError
from icpsim.scenario.errors import ScenarioError


class ComparisonError(WrongInputError):
    """Arms cannot be compared as asked."""


class ConfounderError(WrongInputError):
    """A share, a ratio or a list of them that no confounder can have."""


class EnglandError(WrongInputError):
    """An option for the country is wrong; the message names it and the nearest value that would do."""


class LaboratoryError(WrongInputError):
    """A design, window or scenario cannot be tried out as asked."""


class PersonError(ScenarioError):
    """The scenario holds no such person, or none of the kind that was asked for."""

    def __init__(self, problem: str) -> None:
        super().__init__([problem])


class SensitivityError(WrongInputError):
    """What is to be varied, the method or the sample cannot be used, or an evaluation gave no number."""
