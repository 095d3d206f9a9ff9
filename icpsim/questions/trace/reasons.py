"""Why something happened in a week, or did not: the draws that decide it, in the order in which they are made.

Each function restates one rule of care as a chain of decisions; tests hold them to what the rules do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icpsim.base.randomness import REGISTRY, draw
from icpsim.care.emergency import LAST_HALF_YEAR, LAST_QUARTER, LAST_YEAR
from icpsim.care.services import CONTACT, VISIT
from icpsim.model.parameters import ModelParameters
from icpsim.programme.unmet_need_reviews import ADMISSION, FIRST_VISIT
from icpsim.programme.unmet_need_reviews import CONTACT as GP_CONTACT
from icpsim.questions.trace.life import WeekLived
from icpsim.records.schema import Method

CHANCE, SHARE_REMOVED = "chance", "share removed"
SENT_HOME = "short emergency is sent home under pressure"
FIRST_STAYS = "first appointment stays in hospital"
ADMITTED_TO_STAY = "is admitted this week and stays on"
CANCELLED_ONCE = 2
LED_TO = {ADMISSION: "emergency", FIRST_VISIT: "first", GP_CONTACT: "contact"}


@dataclass(frozen=True, slots=True)
class Decision:
    """One draw held against a number: ``passed`` tells whether what the chain is about goes on after it.

    ``against`` names the number: a chance, below which the draw makes it happen, or a share that the programme
    removes, below which the draw stops it. ``because`` names what raises the chance.
    """

    name: str
    draw: float
    value: float
    passed: bool
    against: str = CHANCE
    because: tuple[str, ...] = ()

    @property
    def below(self) -> bool:
        """Whether the draw is below the number."""
        return self.draw < self.value


@dataclass(frozen=True, slots=True)
class Chain:
    """Decisions made one after the other until one of them ends the matter; ``blocked`` says why none was made."""

    steps: tuple[Decision, ...] = ()
    blocked: str = ""

    @property
    def happens(self) -> bool:
        """Whether nothing was in the way."""
        return not self.blocked and all(step.passed for step in self.steps)

    @property
    def stopped_by(self) -> Decision | None:
        """Return the decision that ended it, if one did."""
        return next((step for step in self.steps if not step.passed), None)

    @property
    def stopped_by_programme(self) -> bool:
        """Whether it was drawn and then stopped by an effect of the programme."""
        return self.stopped_by is not None and self.stopped_by.against == SHARE_REMOVED

    def step(self, name: str) -> Decision | None:
        """Return the decision of this name, if it was made."""
        return next((step for step in self.steps if step.name == name), None)


def drawn(lived: WeekLived, name: str, more: int = 0, week: int | None = None) -> float:
    """Return the draw of the decision called ``name`` (``more`` for one of its further numbers).

    In the week lived, or in ``week`` where a decision is keyed by another.
    """
    number = np.uint64(REGISTRY.names()[name] + more)
    return float(draw(np.uint64(lived.now["key"]), number, lived.week if week is None else week))


def times(state: str, ratio: float) -> str:
    """Say by how much a state multiplies a rate."""
    return f"{state} ×{ratio:.3g}"  # noqa: RUF001 - a sign, not a letter


class Chains:
    """The chains of decisions of one week that somebody lives."""

    def __init__(self, lived: WeekLived, parameters: ModelParameters) -> None:
        self.lived, self.parameters = lived, parameters
        self.standing = lived.standing
        week, now = lived.week, lived.now
        self.away = ""
        if now["death_week"] <= week:
            self.away = "has died"
        elif lived.in_hospital:
            self.away = "is in hospital"
        self.in_flare = bool(now["flare_until"] > week)
        self.in_workup = bool(now["workup_until"] > week)

    def consultation(self) -> Chain:
        """Return why there is a GP consultation, or none."""
        s, ratio = self.standing, self.parameters.primary_care.flare_ratio
        because = (times("in flare", ratio),) if self.in_flare else ()
        steps = [self._joined("wants a GP consultation", "consultation", because)]
        access = float(self.lived.practice["access"])
        if s["consultation_draw"] < s["consultation"] and access < 1.0:
            steps.append(self._chance("an appointment is free", access))
        return self._chain(steps)

    def refused(self) -> Chain:
        """Return why a consultation that was wanted becomes an A&E attendance, or not."""
        wanted = self.consultation()
        if wanted.stopped_by is None or wanted.stopped_by.name != "an appointment is free":
            return Chain(blocked="was not refused an appointment")
        share = self.parameters.primary_care.refused_to_ae
        return self._chain([self._chance("goes to A&E for want of an appointment", share)])

    def attendance(self) -> Chain:
        """Return why there is an A&E attendance without admission, or none."""
        ratio = self.parameters.emergency.ae_flare_ratio
        because = (times("in flare", ratio),) if self.in_flare else ()
        steps = [self._joined("A&E attendance without admission", "ae", because)]
        if steps[0].passed:
            steps += self._removed("A&E attendance is avoided", float(self.standing["removed_ae"]))
        return self._chain(steps)

    def emergency(self) -> Chain:
        """Return why there is an emergency admission by itself, or none."""
        s = self.standing
        steps = [self._joined("emergency admission", "emergency", self._phases())]
        if steps[0].passed:
            steps.append(self._told("emergency is ambulatory-care-sensitive", float(s["sensitive_share"])))
            if steps[1].below:
                steps += self._removed("sensitive emergency is avoided", float(s["removed_emergency"]))
            else:
                steps += self._removed("other emergency is avoided", float(s["removed_other"]))
        return self._chain(steps)

    def in_place_of_emergency(self) -> str:
        """Return what a service puts in the place of the week's emergency: "contact", "first" or ""."""
        if not self.emergency().stopped_by_programme:
            return ""
        return {CONTACT: "contact", VISIT: "first"}.get(int(self.standing["in_its_place"]), "")

    def first_visit_in_its_place(self) -> Chain:
        """Return why a first appointment takes the place of an emergency that a service avoided."""
        steps = self.emergency().steps[:-1]
        return self._chain([*steps, *self._removed(FIRST_STAYS, float(self.standing["removed_first"]))])

    def flare_prevented(self) -> list[Decision]:
        """Return the draw by which services may prevent a flare after discharge, where they can."""
        return self._removed("flare after discharge is prevented", float(self.standing["removed_flare"]))

    def lost_continuity(self) -> Chain:
        """Return why a new team's break of continuity brings an emergency, or not."""
        chance = float(self.standing["continuity_chance"])
        return self._chain([self._chance("sensitive emergency for want of continuity", chance)])

    def unless_sent_home(self, chain: Chain) -> Chain:
        """Return the chain of an emergency with the decision to send a short one home, where beds are short."""
        admitted = float(self.lived.hospital["short_stay_admitted"])
        short = self.told("emergency stay without a night", self.parameters.emergency.no_night_share).below
        if not short or admitted >= 1.0:
            return chain
        u = drawn(self.lived, SENT_HOME)
        return Chain(
            (*chain.steps, Decision(SENT_HOME, u, admitted, u < admitted, "share of short stays admitted"))
        )

    def needs(self) -> list[tuple[Chain, str]]:
        """Return, for each need that a review might find, why it is found or not, and what it leads to."""
        s = self.standing
        if s["need_chance"] <= 0.0 or self.away:
            return []
        found = []
        for k in range(int(self.lived.now["unmet_need"])):
            step = self._chance("a review finds an unmet need", float(s["need_chance"]), more=k)
            found.append((self._chain([step]), LED_TO[int(s["need_leads_to"][k])]))
        return found

    def need_for(self, leads: str) -> Chain:
        """Return why a review finds a need that leads to this, or does not."""
        found = [chain for chain, to in self.needs() if to == leads and chain.happens]
        return found[0] if found else Chain(blocked="no review finds such a need")

    def listing(self) -> Chain:
        """Return why the person joins the elective list, or does not."""
        if self.lived.now["waiting"]:
            return Chain(blocked="is on the elective list already")
        if self.lived.admitted_to_stay(Method.EMERGENCY):
            return Chain(blocked=ADMITTED_TO_STAY)
        ratio = self.parameters.elective.workup_ratio
        because = (times("under work-up", ratio),) if self.in_workup else ()
        steps = [self._joined("listed for an elective admission", "listing", because)]
        if steps[0].passed:
            steps += self._removed("listing is deferred", float(self.standing["removed_listing"]))
        return self._chain(steps)

    def called(self) -> Chain:
        """Return why the person is admitted from the elective list, or is not."""
        if not self.lived.now["waiting"]:
            return Chain(blocked="is not on the elective list")
        if self.lived.admitted_to_stay(Method.EMERGENCY):
            return Chain(blocked=ADMITTED_TO_STAY)
        steps = [self._joined("called from the elective list", "called")]
        if steps[0].passed:
            share, free = self.parameters.elective.day_case_share, float(self.lived.hospital["elective_open"])
            cancelled_once = int(self.lived.now["waiting"]) == CANCELLED_ONCE
            if not cancelled_once:
                steps.append(self._told("elective admission is a day case", share))
            if (cancelled_once or not steps[1].below) and free < 1.0:
                name = "elective admission is cancelled for want of a bed"
                u = drawn(self.lived, name)
                steps.append(Decision(name, u, free, u < free, "share of admissions with a bed"))
        return self._chain(steps)

    def first_visit(self) -> Chain:
        """Return why there is a first outpatient appointment by referral, or none."""
        if self.lived.admitted_to_stay():
            return Chain(blocked=ADMITTED_TO_STAY)
        ratio, access = self.parameters.outpatient.workup_ratio, float(self.lived.practice["access"])
        because = (times("under work-up", ratio),) if self.in_workup else ()
        steps = [self._joined("first outpatient appointment", "first", because)]
        if steps[0].passed and access < 1.0:
            steps.append(self._told("referral is by the GP", self.parameters.outpatient.gp_referral_share))
            if steps[1].below:
                steps.append(self._chance("GP can make the referral this week", access))
        if all(step.passed for step in steps):
            steps += self._removed(FIRST_STAYS, float(self.standing["removed_first"]))
        return self._chain(steps)

    def needed_first_visit(self) -> Chain:
        """Return why a need that a review found brings a first appointment, or does not."""
        need = self.need_for("first")
        if not need.happens:
            return need
        removed = self._removed(FIRST_STAYS, float(self.standing["removed_first"]))
        return Chain((*need.steps, *removed))

    def follow_up(self, due: int) -> Chain:
        """Return why there is an outpatient follow-up, or none, when so many are due."""
        if due <= 0:
            return Chain(blocked="no follow-up is due")
        if self.lived.admitted_to_stay():
            return Chain(blocked=ADMITTED_TO_STAY)
        steps = [self._joined("follow-up appointment", "follow_up")]
        if steps[0].passed:
            steps += self._removed("follow-up stays in hospital", float(self.standing["removed_follow_up"]))
        return self._chain(steps)

    def session(self) -> Chain:
        """Return why there is a chemotherapy session, or none."""
        if not self._within("cancer_from", "cancer_until"):
            return Chain(blocked="is not under cancer treatment")
        if self.lived.admitted_to_stay():
            return Chain(blocked=ADMITTED_TO_STAY)
        share, name = self.parameters.cancer.chemotherapy_share, "course of treatment includes chemotherapy"
        u = drawn(self.lived, name, week=int(self.lived.now["cancer_from"]))
        steps = [Decision(name, u, share, u < share, "share of courses")]
        if steps[0].passed:
            steps.append(self._chance("chemotherapy session", self.parameters.cancer.session_weekly))
        if steps[-1].passed:
            steps += self._removed("session is given after planning", float(self.standing["removed_session"]))
        return self._chain(steps)

    def clinic(self) -> Chain:
        """Return why there is a cancer clinic visit, or none."""
        if not self._within("cancer_from", "cancer_until"):
            return Chain(blocked="is not under cancer treatment")
        if self.lived.admitted_to_stay():
            return Chain(blocked=ADMITTED_TO_STAY)
        steps = [self._chance("cancer clinic visit", self.parameters.cancer.clinic_weekly)]
        if steps[0].passed:
            steps += self._removed(
                "cancer clinic visit stays in hospital", float(self.standing["removed_follow_up"])
            )
        return self._chain(steps)

    def repeat_visit(self) -> Chain:
        """Return why there is a visit of repeat day care, or none."""
        if not self._within("repeat_from", "repeat_until"):
            return Chain(blocked="is not under repeat day care")
        if self.lived.admitted_to_stay():
            return Chain(blocked=ADMITTED_TO_STAY)
        return self._chain([self._chance("repeat day-care visit", self.parameters.repeat_day_care.visit_weekly)])

    def told(self, name: str, share: float) -> Decision:
        """Return a decision that tells what something is like, and never ends it."""
        return self._told(name, share)

    def course(self) -> int:
        """Return how many follow-ups a first visit attended this week brings."""
        return int(self.standing["follow_ups_brought"])

    def _phases(self) -> tuple[str, ...]:
        e = self.parameters.emergency
        stages = {
            LAST_QUARTER: ("last quarter of life", e.last_quarter_ratio),
            LAST_HALF_YEAR: ("last half-year of life", e.last_half_year_ratio),
            LAST_YEAR: ("last year of life", e.last_year_ratio),
        }
        stage = int(self.standing["stage_of_dying"])
        parts = [times("in flare", e.flare_ratio)] if self.in_flare else []
        if stage in stages:
            parts.append(times(*stages[stage]))
        if self._within("cancer_from", "cancer_until"):
            parts.append(times("under cancer treatment", e.cancer_treatment_ratio))
        return tuple(parts)

    def _within(self, begins: str, ends: str) -> bool:
        now = self.lived.now
        return bool(now[begins] <= self.lived.week < now[ends])

    def _chain(self, steps: list[Decision]) -> Chain:
        return Chain(blocked=self.away) if self.away else Chain(tuple(steps))

    def _joined(self, name: str, field: str, because: tuple[str, ...] = ()) -> Decision:
        u, chance = float(self.standing[f"{field}_draw"]), float(self.standing[field])
        return Decision(name, u, chance, u < chance, because=because)

    def _chance(self, name: str, chance: float, more: int = 0) -> Decision:
        u = drawn(self.lived, name, more)
        return Decision(name, u, chance, u < chance)

    def _told(self, name: str, share: float) -> Decision:
        return Decision(name, drawn(self.lived, name), share, True, "share")

    def _removed(self, name: str, share: float) -> list[Decision]:
        if share <= 0.0:
            return []
        u = drawn(self.lived, name)
        return [Decision(name, u, share, u >= share, SHARE_REMOVED)]
