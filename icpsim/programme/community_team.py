"""A community team: the staff and MDT meetings of one pilot site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_MONTH
from icpsim.base.randomness import REGISTRY, draw, normal_quantile
from icpsim.care.list_wide_effects import list_wide_strength
from icpsim.care.services import count_eligible
from icpsim.programme import staffing
from icpsim.programme.schema import WAVE_WEEKS
from icpsim.programme.site_trial import SiteTrial
from icpsim.programme.targeting.policy import Judgement
from icpsim.programme.team_log import TeamLog
from icpsim.records.schema import NEVER

if TYPE_CHECKING:
    from icpsim.programme.model_seen import ModelSeen
    from icpsim.programme.schema import Programme, Trial

SITE_STRENGTH = REGISTRY.decision("strength of a site's programme")


class CommunityTeam(mesa.Agent):  # type: ignore[misc]
    """Finds, enrols, sees, discusses and discharges the patients of one site."""

    def __init__(self, model: ModelSeen, site: int, programme: int, plan: Programme, quota: int) -> None:
        super().__init__(model)
        self.site = site
        self.programme = programme
        self.plan = plan
        self.quota = quota
        self.enrolled_so_far = 0
        self.contacts_per_month = 0.0
        practices = [p for p in range(len(model.region.practices)) if model.region.practices[p].site == site]
        self.practices = np.array(practices)
        self._registered = np.array([model.region.practices[p].list_size for p in practices])
        self.rows = np.concatenate([model.region.people_of(p) for p in practices])
        self.members = self.rows[model.region.people["enrolled"][self.rows] < NEVER]
        self.mechanisms = model.parameters_of(plan).mechanisms
        flare_ratio = model.parameters.emergency.flare_ratio
        self.judgement = Judgement.under(self.mechanisms, flare_ratio, plan.targeting.noise)
        self.holder, self.mdt = plan.holder, plan.mdt
        self.key = np.uint64(model.region.practices[self.practices[0]].key)
        self.trial = None if plan.trial is None else self._site_trial(plan.trial)
        self.strength = self._site_strength()
        self.posts = self._posts()
        self.services = plan.services
        self._service_rows = np.flatnonzero(model.region.services["site"] == site)
        self._log = TeamLog(model.icp_scenario.study.weeks, len(self.services))
        self._log.staff(model.programme_start, self._filled())

    @property
    def log(self) -> NDArray[np.void]:
        """Return one row a week of the study (TEAM_WEEK), filled in up to the week before now.

        Without effects (``effects=False`` of the model) teams do not work: no contacts and no meetings. With
        fixed enrolments nobody waits.
        """
        self._count()
        return self._log.weeks

    @property
    def service_hours(self) -> NDArray[np.float64]:
        """Return the hours a week of each service as shared out at the month's start, float64[weeks, services].

        Columns follow ``services``; as in ``log``, none without effects (``effects=False`` of the model).
        """
        return self._log.service_hours

    def close(self) -> None:
        """Fill in the log before the model lets go of people."""
        self._count()

    def _count(self) -> None:
        if self._log.counted < self.model.week:
            own = self.model.region.people[self.members]
            self._log.count(self.model.week, own["enrolled"], np.minimum(own["discharged"], own["death_week"]))

    def caseload(self, week: int) -> NDArray[np.int64]:
        """Return row numbers of the people on the caseload this week."""
        columns, rows = self.model.region.people, self.members
        on = (columns["enrolled"][rows] <= week) & (columns["discharged"][rows] > week)
        return rows[on & (columns["death_week"][rows] > week)]

    def free_places(self, week: int) -> int:
        """Return how many more people the team can take this week (when nothing holds people, its quota)."""
        left = self.quota - self.enrolled_so_far
        since = week - self.model.programme_start
        if self.holder is None:
            weeks = max(self.model.icp_scenario.study.programme_weeks, 1)
            return min(left, -(-self.quota * min(since + 4, weeks) // weeks) - self.enrolled_so_far)
        filled = int(np.count_nonzero(self.posts[:, since]))
        open_places = staffing.opened(self.holder.places(filled), since, self.holder.ramp_weeks)
        return max(0, min(left, open_places - len(self.caseload(week))))

    def enrol(self, week: int) -> None:
        """Enrol the people whom the targeting policy puts first, as far as places go; others wait."""
        room = self.free_places(week)
        enrolled = self._take(week, room) if room > 0 else 0
        if self.holder is not None and enrolled >= room:
            self._log.note_places(week, week + WAVE_WEEKS, self.quota - self.enrolled_so_far)

    def _take(self, week: int, room: int) -> int:
        def identify(rows: NDArray[np.int64], wanted: int) -> NDArray[np.int64]:
            people = self.model.candidates(rows, week)
            keys = self.plan.targeting.keys(people, self.judgement)
            return _first(people.person, keys, wanted)

        columns = self.model.region.people
        if self.trial is None:
            chosen = identify(self.rows, room)
        else:
            chosen = self.trial.allocate(week, room, columns["key"], identify, self.model.allocations)
        self.model.take_on(chosen)
        columns["enrolled"][chosen] = week
        columns["programme"][chosen] = self.programme
        columns["discharged"][chosen] = NEVER if self.holder is None else week + self.holder.planned_weeks
        self.members = np.sort(np.concatenate([self.members, chosen]))
        self.enrolled_so_far += len(chosen)
        return len(chosen)

    def see_patients(self, week: int) -> None:
        """Share staff's hours out over the caseload; the dose, and what it does to whole lists, follow."""
        columns, caseload = self.model.region.people, self.caseload(week)
        dose = self._dose(week, len(caseload))
        columns["dose"][caseload] = dose
        share = self.mechanisms.mdt_share
        discussed = columns["mdt_week"][caseload] <= week
        worked_with = min(1.0, dose) * (1.0 - share) + discussed * share
        self.model.region.practice_state["spillover"][self.practices] = list_wide_strength(
            worked_with,
            np.searchsorted(self.practices, columns["practice"][caseload]),
            self._registered,
            self.mechanisms.spillover_full_share,
        )

    def give_services(self, week: int) -> None:
        """Share each service's hours out over those on the caseload whom it is meant for; its dose follows.

        Where it is meant for nobody this month, its dose stays as it is for those discharged.
        """
        caseload, services = self.caseload(week), self.model.region.services
        for number, (row, service) in enumerate(zip(self._service_rows, self.services, strict=True)):
            patients = count_eligible(self.model.region.people, caseload, services, int(row), week)
            if patients:
                given, hours = staffing.service_dose(
                    patients, service.hours_per_week, service.hours_per_patient_month
                )
                services["dose"][row] = given * self.strength
                self._log.note_service(week, week + WAVE_WEEKS, number, hours)

    def _dose(self, week: int, patients: int) -> float:
        holder = self.holder
        if holder is None:
            return 0.0
        since, wanted = week - self.model.programme_start, holder.contacts
        staff = float(self.posts[:, since : since + WAVE_WEEKS].sum(axis=0).mean())
        self.contacts_per_month = staffing.contacts_delivered(
            wanted.per_month, patients, staff, holder.hours_per_week, wanted.hours
        )
        hours = self.contacts_per_month * wanted.hours / WEEKS_PER_MONTH
        self._log.note_contacts(week, week + WAVE_WEEKS, hours)
        weight = holder.contact_weight(self.model.parameters_of(self.plan).interventions)
        full = self.model.parameters.staffing.contacts_for_full_dose
        return staffing.dose(self.contacts_per_month * weight, full) * self.strength

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
            if len(discussed):
                self._log.note_meeting(week, mdt.meeting_hours, len(discussed))
            if len(discussed) and self.plan.effects:
                self.model.practice_agents[number].mdt_hours_this_week = mdt.meeting_hours

    def _posts(self) -> NDArray[np.float64]:
        """Return the share of full hours of each post in each week from the programme's start."""
        weeks = self.model.icp_scenario.study.weeks - self.model.programme_start
        holder = self.holder
        if holder is None:
            return np.zeros((0, weeks))
        share = self.model.parameters.staffing.training_hours_share
        return staffing.hours_worked(
            self.key,
            holder.posts,
            weeks,
            holder.turnover_per_year,
            holder.replace_weeks,
            holder.training_weeks,
            share,
        )

    def _filled(self) -> NDArray[np.int64]:
        """Return the posts filled in each week from the programme's start, of those that the ramp has brought."""
        ramp = 0 if self.holder is None else self.holder.ramp_weeks
        weeks = range(self.posts.shape[1])
        there = [staffing.posts_in_place(len(self.posts), week, ramp) for week in weeks]
        return np.array([np.count_nonzero(self.posts[: there[week], week]) for week in weeks], np.int64)

    def _site_trial(self, trial: Trial) -> SiteTrial:
        region, study = self.model.region, self.model.icp_scenario.study
        return SiteTrial(
            trial,
            [region.people_of(practice) for practice in self.practices],
            np.array([region.practices[practice].key for practice in self.practices], np.uint64),
            self.key,
            (self.model.programme_start, study.programme_weeks),
            self.quota,
        )

    def _site_strength(self) -> float:
        spread = self.model.parameters.staffing.site_sd
        z = float(normal_quantile(draw(self.key, SITE_STRENGTH, 0)))
        return float(np.exp(spread * z - 0.5 * spread**2))


def _first(person: NDArray[np.int64], keys: NDArray[np.float64], room: int) -> NDArray[np.int64]:
    """Return the ``room`` people with the highest finite keys, of equal keys those who come first on the lists."""
    last = len(keys) - min(room, len(keys))
    least = np.partition(keys, last)[last] if len(keys) else 0.0
    near = np.flatnonzero(np.isfinite(keys) & (keys >= least))
    return person[near[np.lexsort((person[near], -keys[near]))][:room]]
