"""A GP practice: its list and its weekly appointments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from icpsim.model.capacity import appointment_access
from icpsim.programme.staffing import appointments_lost

if TYPE_CHECKING:
    from icpsim.programme.model_seen import ModelSeen


class GPPractice(mesa.Agent):  # type: ignore[misc]
    """Gives consultations up to its appointments; MDT meetings take time out of them."""

    def __init__(self, model: ModelSeen, number: int) -> None:
        super().__init__(model)
        self.number = number
        self.register = model.region.practices[number]
        self.appointments = float("inf")
        self.mdt_hours_this_week = 0.0

    @property
    def name(self) -> str:
        """Name of the practice."""
        return self.register.name

    def totals(self, week: int) -> Any:
        """Return this practice's totals of one week."""
        return self.model.region.practice_weeks[self.number, week]

    def settle(self) -> None:
        """Fix weekly appointments at settled demand and some headroom."""
        c = self.model.parameters.capacity
        weeks = slice(int(c.settle_from_week), int(c.settle_to_week))
        wanted = self.model.region.practice_weeks["wanted"][self.number, weeks].mean()
        self.appointments = (
            float(wanted * (1.0 + c.appointment_headroom)) * self.model.icp_scenario.supply.appointments
        )

    def respond(self, week: int) -> None:
        """Set the share of consultations that can be given this week from what was wanted last week."""
        drag = appointments_lost(self.mdt_hours_this_week, self.model.parameters.mechanisms)
        self.mdt_hours_this_week = 0.0
        wanted = float(self.totals(week - 1)["wanted"]) if week > 0 else 0.0
        access = appointment_access(wanted, max(self.appointments - drag, 0.0))
        self.model.region.practice_state["access"][self.number] = access
