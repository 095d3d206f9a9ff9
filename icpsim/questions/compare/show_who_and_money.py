"""Who was found and who gains or pays, arm by arm, on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from icpsim.economics.views import View
from icpsim.questions.compare.answer import ArmFound, ArmMoney
from icpsim.questions.compare.hospitals import ArmHospitals
from icpsim.questions.compare.results import Part
from icpsim.report.amounts import ends, number, with_interval
from icpsim.report.measures import MONEY
from icpsim.report.tables import print_table, say
from icpsim.report.words import HOSPITALS, UNKNOWN, WITHOUT_LIST_WIDE

if TYPE_CHECKING:
    from rich.console import Console

_ROWS = (
    ("enrolled", "people enrolled", "{:,.0f}", 1.0),
    ("age", "mean age", "{:.0f}", 1.0),
    ("aged_75_over", "aged 75 and over", "{:.0f}%", 100.0),
    ("most_deprived", "most deprived fifth of England", "{:.0f}%", 100.0),
    ("conditions", "long-term conditions", "{:.1f}", 1.0),
    ("care_home", "in a care home", "{:.0f}%", 100.0),
    ("emergencies_year_before", "emergency admissions, year before", "{:.2f}", 1.0),
    ("no_emergency_year_before", "none in the year before", "{:.0f}%", 100.0),
    ("sensitive_share_year_before", "share of them ambulatory-care-sensitive", "{:.0f}%", 100.0),
    ("died_in_window", "died within the window", "{:.0f}%", 100.0),
    ("emergencies_before", "emergency admissions a person: window before", "{:.2f}", 1.0),
    ("emergencies_after_without", "  window after, without the programme", "{:.2f}", 1.0),
    ("emergencies_after_with", "  window after, with it", "{:.2f}", 1.0),
    ("falls_anyway", "would have fallen anyway", "{:.0f}%", 100.0),
    ("avoided_per_100", "avoided for each 100 enrolled", "{:.1f}", 1.0),
)


def print_who(console: Console, found: Sequence[ArmFound]) -> None:
    """Print whom each arm found, and how far their admissions would have fallen without any programme."""
    rows = [
        (label, *(_shown(arm.profile[name], form, times) for arm in found)) for name, label, form, times in _ROWS
    ]
    rows.append(
        ("hours of contact a person a month", *(_number(arm.contacts_per_month, "{:.1f}") for arm in found))
    )
    rows.append(("waiting for a place, person-weeks", *(_number(arm.waiting_weeks, "{:,.0f}") for arm in found)))
    _arms_table(console, "Who was found, and what would have become of them anyway", found, rows)
    say(
        console,
        "Means over replicates. Would have fallen anyway: regression to the mean and deaths, in the same people"
        " without the programme.\n",
    )


def print_money(console: Console, money: Sequence[ArmMoney]) -> None:
    """Print what each arm's programme costs and who gains or pays by it, pounds a year.

    A second time without the list-wide fall in outpatient use, where an arm has one.
    """
    title = "Money against no programme, £ a year (price year 2008/09, discounted; - is a loss)"
    _arms_table(console, title, money, _money_rows(money))
    if any(arm.without_list_wide_fall for arm in money):
        alone = [arm.without_list_wide_fall or arm for arm in money]
        _arms_table(console, f"The same {WITHOUT_LIST_WIDE}", alone, _money_rows(alone))


def _money_rows(money: Sequence[ArmMoney]) -> list[tuple[str, ...]]:
    rows = [("hospital saving before programme cost", *(number(MONEY, arm.saved.estimate) for arm in money))]
    rows.append(("programme costs", *(number(MONEY, -arm.programme.estimate) for arm in money)))
    for view in View:
        label = f"{view.value} gains" if view is not View.WHOLE_SYSTEM else "whole system gains"
        rows.append((label, *(number(MONEY, arm.views[view.value].estimate) for arm in money)))
        if view in (View.COMMISSIONER, View.WHOLE_SYSTEM):
            rows.append(("  90% of worlds", *(_ends(arm.views[view.value]) for arm in money)))
            rows.append(("  of it cashable", *(number(MONEY, arm.cashable[view.value].estimate) for arm in money)))
    rows.append(("hospital capacity freed (no money)", *(number(MONEY, a.capacity_freed.estimate) for a in money)))
    for view in (View.COMMISSIONER, View.WHOLE_SYSTEM):
        rows.append(
            (
                f"break-even cost a patient, {view.value}",
                *(_pounds(arm.break_even[view.value].pounds) for arm in money),
            )
        )
    for view in (View.COMMISSIONER, View.WHOLE_SYSTEM):
        rows.append((f"cost of an admission avoided, {view.value}", *(_ratio(arm, view) for arm in money)))
    return rows


def print_hospitals(console: Console, found: Sequence[ArmHospitals]) -> None:
    """Print what hospitals did to everybody, with and without the programme; nothing without capacity feedback."""
    if not found:
        return
    rows = []
    for name, label in HOSPITALS.items():
        rows.append((f"{label}: without", *(f"{arm.without[name]:,.0f}" for arm in found)))
        rows.append(("  with the programme", *(f"{arm.with_programme[name]:,.0f}" for arm in found)))
        changes = (arm.change[name] for arm in found)
        rows.append(("  change (90%)", *(with_interval("count", p.estimate, p.low, p.high) for p in changes)))
    _arms_table(console, "Hospitals, all their patients, a year", found, rows)


def hospital_sentences(found: Sequence[ArmHospitals]) -> list[str]:
    """Say how many electives each arm's hospitals cancel without the programme and with it."""
    return [
        f"{arm.arm}: hospitals cancel {arm.without['cancelled']:,.0f} electives a year for want of beds without"
        f" the programme and {arm.with_programme['cancelled']:,.0f} with it, and send"
        f" {arm.without['sent_home']:,.0f} and {arm.with_programme['sent_home']:,.0f} short emergencies home."
        for arm in found
    ]


def _ratio(arm: ArmMoney, view: View) -> str:
    told = arm.per_admission[view.value]
    if told.pounds is not None:
        return _pounds(told.pounds)
    return "none avoided" if told.said == "none avoided" else "no net cost"


def _pounds(value: float | None) -> str:
    return "none" if value is None else f"£{value:,.0f}"


def _ends(part: Part) -> str:
    return ends(MONEY, part.low, part.high)


def _shown(part: Part, form: str, times: float) -> str:
    return _number(times * part.estimate, form)


def _number(value: float, form: str) -> str:
    return form.format(value) if isfinite(value) else UNKNOWN


def _arms_table(
    console: Console, title: str, arms: Sequence[ArmFound | ArmMoney | ArmHospitals], rows: Sequence[Sequence[str]]
) -> None:
    headings = ("", *(arm.arm for arm in arms))
    print_table(console, title, headings, rows, right=range(1, len(headings)))
