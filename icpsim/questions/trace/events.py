"""What happened to somebody in the weeks of a life: each contact from its record, with the draws behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.model.parameters import ModelParameters
from icpsim.questions.trace.life import Life, WeekLived
from icpsim.questions.trace.reasons import SENT_HOME, Chain, Chains, Decision
from icpsim.records.schema import Diagnosis, Method, PatientClass

DIAGNOSES = {
    Diagnosis.OTHER: "",
    Diagnosis.AMBULATORY_CARE_SENSITIVE: ", for an ambulatory-care-sensitive condition",
    Diagnosis.CANCER: ", for cancer",
}
STOPPED = {
    "sensitive emergency is avoided": ("emergency_avoided", "Emergency admission avoided"),
    "other emergency is avoided": ("emergency_avoided", "Emergency admission avoided"),
    "A&E attendance is avoided": ("attendance_avoided", "A&E attendance avoided"),
    "listing is deferred": ("listing_deferred", "Elective listing deferred"),
    "session is given after planning": ("session_not_given", "Chemotherapy session not given, as planned"),
    "first appointment stays in hospital": ("first_visit_replaced", "First outpatient appointment replaced"),
    "follow-up stays in hospital": ("follow_up_replaced", "Outpatient follow-up replaced"),
    "cancer clinic visit stays in hospital": ("clinic_replaced", "Cancer clinic visit replaced"),
}
"""What did not take place, by the decision with which a programme stopped it."""
REMOVED = (
    "removed_emergency",
    "removed_other",
    "removed_ae",
    "removed_listing",
    "removed_first",
    "removed_follow_up",
)
"""Shares removed (rates_of_week.py) of what a week's care may bring."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a week (or was stopped by the programme, ``stopped``).

    ``chain`` names the chain of decisions that could have brought it in another world; ``decisions`` are those
    that brought it in this one, ``follows`` those that settle what comes of it. ``table`` names the table of the
    records that holds it ("" when none does).
    """

    week: int
    kind: str
    text: str
    decisions: tuple[Decision, ...] = ()
    follows: tuple[Decision, ...] = ()
    chain: str = ""
    table: str = ""
    stopped: bool = False
    details: Mapping[str, int | float | bool | str] = field(default_factory=dict)


def contacts(life: Life, parameters: ModelParameters) -> list[Event]:
    """Return every contact of a life and everything the programme stopped, in order."""
    return [event for lived in life.weeks for event in WeekOfCare(lived, parameters).events()]


class WeekOfCare:
    """One week's contacts, read from its records and explained by its chains of decisions."""

    def __init__(self, lived: WeekLived, parameters: ModelParameters) -> None:
        self.lived, self.parameters = lived, parameters
        self.chains = Chains(lived, parameters)
        self.admitted = bool(np.any(lived.records["spells"]["method"] == Method.EMERGENCY))

    def events(self) -> Iterator[Event]:
        """Yield the week's events in the order in which the rules bring them."""
        if not (self.chains.away or any(len(rows) for rows in self.lived.records.values()) or self._moves()):
            return
        yield from self._gp()
        yield from self._ae()
        yield from self._spells(Method.EMERGENCY)
        yield from self._list()
        yield from self._spells(Method.ELECTIVE)
        yield from self._visits()
        yield from self._stopped()
        for row in self.lived.records["deaths"]:
            yield Event(int(row["week"]), "death", "Dies", table="deaths")

    def chain(self, name: str) -> Chain:
        """Return the chain of this name (as events carry it)."""
        if name == "follow_up":
            return self.chains.follow_up(self.due())
        if name == "first_visit" and self.chains.in_place_of_emergency() == "first":
            return self.chains.first_visit_in_its_place()
        if name == "first_visit" and self.chains.need_for("first").happens:
            return self.chains.needed_first_visit()
        if name == "emergency":
            return self._emergency()[0]
        made: Chain = getattr(self.chains, name)()
        return made

    def due(self) -> int:
        """Return how many follow-ups were due when the week came to them."""
        due = int(self.lived.now["follow_ups"])
        share = self.parameters.emergency.follow_up_share
        due += self.admitted and self.chains.told("outpatient course after an emergency", share).below
        firsts = self.lived.records["outpatient"]
        if np.any((firsts["first"] == 1) & (firsts["attended"] == 1)):
            due += self.chains.course()
        return min(due, 250)

    def _moves(self) -> bool:
        """Whether the programme may have stopped something, or the elective list changed."""
        standing, lived = self.lived.standing, self.lived
        return bool(
            standing["strength"] > 0.0
            or max(float(standing[name]) for name in REMOVED) > 0.0
            or lived.before["waiting"] != lived.after["waiting"]
            or lived.hospital["elective_open"] < 1.0
        )

    def _gp(self) -> Iterator[Event]:
        week, rows = self.lived.week, len(self.lived.records["contacts"])
        consultation = self.chains.consultation()
        if rows and consultation.happens:
            rows -= 1
            yield Event(week, "gp_consultation", "GP consultation", consultation.steps, chain="consultation",
                        table="contacts")  # fmt: skip
        if rows and self.chains.in_place_of_emergency() == "contact":
            rows -= 1
            text = "GP contact, in place of an emergency admission"
            yield Event(week, "contact_instead", text, self.chains.emergency().steps[:-1], table="contacts")
        for need, leads in self.chains.needs():
            if rows and need.happens and leads == "contact":
                rows -= 1
                text = "GP contact, for a need that a review found"
                yield Event(week, "need_contact", text, need.steps, table="contacts")
        for _ in range(rows):
            text = "Contact in the community in place of a hospital visit"
            yield Event(week, "community_contact", text, table="contacts")

    def _ae(self) -> Iterator[Event]:
        week, rows = self.lived.week, int((self.lived.records["ae"]["admitted"] == 0).sum())
        causes = (
            ("refused", "A&E attendance, for want of a GP appointment"),
            ("attendance", "A&E attendance, not admitted"),
        )
        for name, text in causes:
            chain = self.chain(name)
            if rows and chain.happens:
                rows -= 1
                yield Event(week, "ae_attendance", text, chain.steps, chain=name, table="ae")
        emergency = self.chain("emergency")
        if emergency.step(SENT_HOME) is not None and not emergency.happens:
            text, table = ("A&E attendance, sent home", "ae") if rows else ("Sent home rather than admitted", "")
            yield Event(week, "ae_attendance" if rows else "sent_home", f"{text} under pressure of beds",
                        emergency.steps, chain="emergency", table=table)  # fmt: skip

    def _spells(self, method: Method) -> Iterator[Event]:
        for row in self.lived.records["spells"]:
            if row["method"] == method:
                yield self._emergency_spell(row) if method == Method.EMERGENCY else self._elective_spell(row)

    def _emergency(self) -> tuple[Chain, str]:
        """Return what brought the week's emergency admission (or did not), and how it is told."""
        chain = self.chains.emergency()
        if chain.happens:
            return self.chains.unless_sent_home(chain), ""
        continuity, need = self.chains.lost_continuity(), self.chains.need_for("emergency")
        if continuity.happens:
            told = ", for want of continuity with the usual professional"
            return self.chains.unless_sent_home(continuity), told
        if need.happens:
            return self.chains.unless_sent_home(need), ", for a need that a review found"
        return chain, ""

    def _emergency_spell(self, row: np.void) -> Event:
        chain, cause = self._emergency()
        through_ae = bool(np.any(self.lived.records["ae"]["admitted"] == 1))
        way = "through A&E" if through_ae else "directly"
        text = f"Emergency admission {way}, {nights(row)}{DIAGNOSES[Diagnosis(row['diagnosis'])]}{cause}"
        details = {
            "nights": int(row["nights"]),
            "ambulatory_care_sensitive": bool(row["diagnosis"] == Diagnosis.AMBULATORY_CARE_SENSITIVE),
            "through_ae": through_ae,
        }
        return Event(
            self.lived.week, "emergency_admission", text, chain.steps, self._discharge(), "emergency", "spells",
            details=details,
        )  # fmt: skip

    def _discharge(self) -> tuple[Decision, ...]:
        """Return the decisions on what follows an emergency stay."""
        e, h, lived = self.parameters.emergency, self.parameters.health, self.lived
        found = [
            self.chains.told("emergency admission through A&E", e.through_ae_share),
            self.chains.told("emergency stay without a night", e.no_night_share),
            self.chains.told("flare after discharge", h.discharge_flare_share),
            *self.chains.flare_prevented(),
            self.chains.told("outpatient course after an emergency", e.follow_up_share),
        ]
        if (lived.week - int(lived.now["birth_week"])) / WEEKS_PER_YEAR >= 65.0:
            found.append(self.chains.told("frailty steps up after an emergency", h.frailty_step_chance))
        return tuple(found)

    def _elective_spell(self, row: np.void) -> Event:
        week, diagnosis = self.lived.week, Diagnosis(row["diagnosis"])
        details = {"nights": int(row["nights"]), "cancer": diagnosis in (Diagnosis.CANCER, Diagnosis.CHEMOTHERAPY)}
        if diagnosis == Diagnosis.CHEMOTHERAPY:
            kind, text, name = "chemotherapy", "Chemotherapy, as a day case", "session"
        elif diagnosis == Diagnosis.REPEAT_DAY_CARE:
            kind, text, name = ("repeat_day_care", "Repeat day care (transfusion, dialysis ...)", "repeat_visit")
        elif row["patient_class"] == PatientClass.DAY_CASE:
            kind, text, name = "day_case", f"Day case{DIAGNOSES[diagnosis]}", "called"
        else:
            text = f"Elective admission, {nights(row)}{DIAGNOSES[diagnosis]}"
            kind, name = "elective_admission", "called"
        return Event(week, kind, text, self.chain(name).steps, chain=name, table="spells", details=details)

    def _list(self) -> Iterator[Event]:
        lived = self.lived
        if not lived.now["waiting"] and lived.after["waiting"]:
            chain = self.chains.listing()
            yield Event(lived.week, "listed", "Put on the waiting list for an elective admission", chain.steps,
                        chain="listing")  # fmt: skip
        called = self.chains.called()
        if called.stopped_by is not None and called.stopped_by.name.startswith("elective admission is cancelled"):
            yield Event(lived.week, "cancelled", "Elective admission cancelled for want of a bed", called.steps,
                        chain="called")  # fmt: skip

    def _visits(self) -> Iterator[Event]:
        week, follow_up = self.lived.week, self.chain("follow_up")
        for row in self.lived.records["outpatient"]:
            missed = "" if row["attended"] else ", not attended"
            if row["first"]:
                found = ", for a need that a review found" if self.chains.need_for("first").happens else ""
                if self.chains.in_place_of_emergency() == "first":
                    found = ", in place of an emergency admission"
                text = f"First outpatient appointment{missed}{found}"
                chain, kind, name = self.chain("first_visit"), "outpatient_first", "first_visit"
            elif follow_up.happens:
                text = f"Outpatient follow-up{missed}"
                chain, kind, name = follow_up, "outpatient_follow_up", "follow_up"
                follow_up = Chain(blocked="has had the week's follow-up")
            else:
                chain, kind, text, name = self.chains.clinic(), "cancer_clinic", "Cancer clinic visit", "clinic"
            details = {"attended": bool(row["attended"])}
            yield Event(week, kind, text, chain.steps, chain=name, table="outpatient", details=details)

    def _stopped(self) -> Iterator[Event]:
        for name in ("emergency", "attendance", "listing", "first_visit", "follow_up", "session", "clinic"):
            chain = self.chain(name)
            if chain.stopped_by_programme and chain.stopped_by is not None:
                kind, text = STOPPED[chain.stopped_by.name]
                spilled_over = self.lived.now["enrolled"] > self.lived.week
                text += ", by the practice's new habits" if spilled_over else ""
                yield Event(self.lived.week, kind, text, chain.steps, chain=name, stopped=True)


def nights(row: np.void) -> str:
    """Say how long a stay lasted."""
    n = int(row["nights"])
    return "no night" if n == 0 else "1 night" if n == 1 else f"{n} nights"
