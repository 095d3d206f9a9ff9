"""What teams, practices and hospitals see of the model that they live in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from icpsim.programme.schema import Programme
    from icpsim.programme.team_view import Candidates


class ModelSeen(Protocol):
    """The model as its agents see it, who know nothing of how it lives people's weeks.

    ``region`` holds people, practices and hospitals, ``parameters`` every room's numbers, ``icp_scenario`` the
    scenario; programmes begin in week ``programme_start``.
    """

    region: Any
    parameters: Any
    icp_scenario: Any
    practice_agents: Any
    allocations: Any
    week: int
    programme_start: int

    def candidates(self, rows: NDArray[np.int64], week: int) -> Candidates:
        """Return the people of these rows who may be enrolled this week, as teams see them."""
        ...

    def take_on(self, rows: NDArray[np.int64]) -> None:
        """Be told of people whom a team is about to enrol."""
        ...

    def parameters_of(self, plan: Programme) -> Any:
        """Return a programme's parameters: the scenario's, with its own values on top."""
        ...
