"""A hospital: beds, occupancy, and how it answers when they run short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from icpsim.model.capacity import delay_factor, elective_open, short_stay_admitted

if TYPE_CHECKING:
    from icpsim.programme.model_seen import ModelSeen


class Hospital(mesa.Agent):  # type: ignore[misc]
    """Cancels electives, sends short emergencies home and waits on social care, by last week's pressure."""

    def __init__(self, model: ModelSeen, number: int) -> None:
        super().__init__(model)
        self.number = number
        self.beds = float("inf")
        self.social_care_nights = float("inf")
        self.delay_factors = np.ones(model.region.span.weeks)

    def totals(self, week: int) -> Any:
        """Return this hospital's totals of one week."""
        return self.model.region.hospital_weeks[self.number, week]

    def occupancy(self, week: int) -> float:
        """Return the share of beds occupied in a week (0 while beds are not fixed)."""
        return float(self.totals(week)["bed_nights"]) / 7.0 / self.beds

    def settle(self) -> None:
        """Fix beds so that settled demand fills them to the stated occupancy, and social care likewise."""
        c, supply = self.model.parameters.capacity, self.model.icp_scenario.supply
        totals = self.model.region.hospital_weeks[self.number, int(c.settle_from_week) : int(c.settle_to_week)]
        self.beds = float(totals["bed_nights"].mean()) / 7.0 / c.bed_occupancy * supply.beds
        delayed = float(totals["delayed_nights"].mean())
        self.social_care_nights = delayed * supply.social_care

    def respond(self, week: int) -> None:
        """Set this week's factors from last week's occupancy and delays."""
        if week == 0 or self.beds == float("inf"):
            return
        c = self.model.parameters.capacity
        state = self.model.region.hospital_state
        occupancy = self.occupancy(week - 1)
        state["elective_open"][self.number] = elective_open(occupancy, c)
        state["short_stay_admitted"][self.number] = short_stay_admitted(occupancy, c)
        self.delay_factors[week] = delay_factor(self.social_care_need(week), self.social_care_nights, c)
        state["delay_factor"][self.number] = self.delay_factors[week]

    def social_care_need(self, week: int) -> float:
        """Return nights a week that would have waited on social care in the four weeks before, had it been enough.

        Delays that its shortage adds are no further need: counted as such, they would add delays without end.
        """
        weeks = slice(max(week - 4, 0), week)
        delayed = self.model.region.hospital_weeks["delayed_nights"][self.number, weeks]
        return float((delayed / self.delay_factors[weeks]).mean())
