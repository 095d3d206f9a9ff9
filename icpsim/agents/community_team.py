"""A community team: case managers and MDT meetings of one pilot site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from icpsim.interventions import staffing
from icpsim.randomness import REGISTRY, draw, normal_quantile
from icpsim.records.schema import NEVER

if TYPE_CHECKING:
    from icpsim.model import IntegratedCareModel
    from icpsim.programme import CaseManagement, MdtMeeting, Programme

SITE_STRENGTH = REGISTRY.decision("strength of a site's programme")


class CommunityTeam(mesa.Agent):  # type: ignore[misc]
    """Finds, enrols, sees, discusses and discharges the patients of one site."""

    def __init__(self, model: IntegratedCareModel, site: int, programme: int, plan: Programme, quota: int) -> None:
        super().__init__(model)
        self.site = site
        self.programme = programme
        self.plan = plan
        self.quota = quota
        self.enrolled_so_far = 0
        self.contacts_per_month = 0.0
        practices = [p for p in range(len(model.region.practices)) if model.region.practices[p].site == site]
        self.practices = np.array(practices)
        self.rows = np.concatenate([model.region.people_of(p) for p in practices])
        self.members = self.rows[model.region.people["enrolled"][self.rows] < NEVER]
        self.judgement = model.judgement(plan)
        self.strength = self._site_strength()

    @property
    def case_management(self) -> CaseManagement | None:
        """Return the scenario's case managers, if it has any."""
        return next((part for part in self.plan.interventions if part.kind == "case_management"), None)

    @property
    def mdt(self) -> MdtMeeting | None:
        """Return the scenario's MDT meetings, if it has any."""
        return next((part for part in self.plan.interventions if part.kind == "mdt_meeting"), None)

    def caseload(self, week: int) -> NDArray[np.int64]:
        """Return row numbers of the people on the caseload this week."""
        columns, rows = self.model.region.people, self.members
        on = (columns["enrolled"][rows] <= week) & (columns["discharged"][rows] > week)
        return rows[on & (columns["death_week"][rows] > week)]

    def free_places(self, week: int) -> int:
        """Return how many more people the team can take this week (without case managers, its quota)."""
        left = self.quota - self.enrolled_so_far
        cm = self.case_management
        since = week - self.model.programme_start
        if cm is None:
            weeks = max(self.model.scenario.study.programme_weeks, 1)
            return min(left, -(-self.quota * min(since + 4, weeks) // weeks) - self.enrolled_so_far)
        open_places = staffing.places(cm.case_managers, cm.caseload, since, cm.ramp_weeks)
        return max(0, min(left, open_places - len(self.caseload(week))))

    def enrol(self, week: int) -> None:
        """Enrol the people whom the targeting policy puts first, as far as places go."""
        room = self.free_places(week)
        if room <= 0:
            return
        people = self.model.candidates(self.rows, week)
        keys = self.plan.targeting.keys(people, self.judgement)
        chosen = _first(people.person, keys, room)
        cm = self.case_management
        self.model.take_on(chosen)
        columns = self.model.region.people
        columns["enrolled"][chosen] = week
        columns["programme"][chosen] = self.programme
        columns["discharged"][chosen] = NEVER if cm is None else week + cm.planned_weeks
        self.members = np.sort(np.concatenate([self.members, chosen]))
        self.enrolled_so_far += len(chosen)

    def see_patients(self, week: int) -> None:
        """Share the case managers' hours out over the caseload; the dose, and the practices' habits, follow."""
        caseload = self.caseload(week)
        dose = self._dose(len(caseload))
        self.model.region.people["dose"][caseload] = dose
        share = self.model.mdt_share(self.plan)
        discusses = self.mdt is not None and self.mdt.patients_per_meeting > 0
        working = min(1.0, dose) * (1.0 - share) + share * discusses if len(caseload) else 0.0
        self.model.region.practice_state["spillover"][self.practices] = working

    def _dose(self, patients: int) -> float:
        cm = self.case_management
        if cm is None:
            return 0.0
        self.contacts_per_month = staffing.contacts_delivered(
            cm.contacts_per_month, patients, cm.case_managers, cm.hours_per_week, cm.hours_per_contact
        )
        full = self.model.parameters.staffing.contacts_for_full_dose
        return staffing.dose(self.contacts_per_month, full) * self.strength

    def meet(self, week: int) -> None:
        """Hold an MDT meeting at each practice; those not yet discussed come first, longest enrolled first."""
        mdt = self.mdt
        if mdt is None or (week - self.model.programme_start) % mdt.every_weeks:
            return
        columns = self.model.region.people
        waiting = self.caseload(week)
        waiting = waiting[columns["mdt_week"][waiting] > week]
        waiting = waiting[np.lexsort((waiting, columns["enrolled"][waiting]))]
        practice = columns["practice"][waiting]
        for number in self.practices:
            discussed = waiting[practice == number][: mdt.patients_per_meeting]
            columns["mdt_week"][discussed] = week
            if len(discussed) and self.plan.effects:
                self.model.practice_agents[number].mdt_hours_this_week = mdt.meeting_hours

    def _site_strength(self) -> float:
        spread = self.model.parameters.staffing.site_sd
        key = np.uint64(self.model.region.practices[self.practices[0]].key)
        z = float(normal_quantile(draw(key, SITE_STRENGTH, 0)))
        return float(np.exp(spread * z - 0.5 * spread**2))


def _first(person: NDArray[np.int64], keys: NDArray[np.float64], room: int) -> NDArray[np.int64]:
    """Return the ``room`` people with the highest finite keys, of equal keys those who come first on the lists."""
    last = len(keys) - min(room, len(keys))
    least = np.partition(keys, last)[last] if len(keys) else 0.0
    near = np.flatnonzero(np.isfinite(keys) & (keys >= least))
    return person[near[np.lexsort((person[near], -keys[near]))][:room]]
