"""What a wrong choice of person is answered with."""

from __future__ import annotations

from icpsim.scenario.errors import ScenarioError


class PersonError(ScenarioError):
    """The scenario holds no such person, or none of the kind that was asked for."""

    def __init__(self, problem: str) -> None:
        super().__init__([problem])
