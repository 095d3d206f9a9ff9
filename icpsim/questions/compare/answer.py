"""Everything that a comparison of arms has to say, worked out once for tables, pictures and programs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import icpsim
from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.intervals import further_value
from icpsim.economics.break_even import Answer as Sum
from icpsim.economics.break_even import break_even_cost_per_patient, cost_per_admission_avoided
from icpsim.economics.ledger import Category
from icpsim.economics.views import View
from icpsim.questions.compare.drivers import driven_change
from icpsim.questions.compare.equity import equity
from icpsim.questions.compare.hospitals import ArmHospitals, hospitals
from icpsim.questions.compare.money import ArmMoney as Replicate
from icpsim.questions.compare.money import (
    mean_world,
    parties_sum,
    programme_values,
    saved_values,
    twins,
    view_values,
)
from icpsim.questions.compare.results import (
    ComparedRow,
    DrivenChange,
    Equity,
    FoundRow,
    OverlapRow,
    PairedRow,
    Part,
)
from icpsim.questions.compare.rows import (
    by_group,
    found_rows,
    headlines,
    observed_rows,
    overlap_rows,
    paired_rows,
    years,
)
from icpsim.questions.compare.runs import Comparison, finite
from icpsim.questions.compare.who_was_enrolled import PROFILE
from icpsim.report.measures import About

EMERGENCY = "emergency_admissions"
SHORT = 0.95
"""Share of the people wanted below which an arm is told to have enrolled too few."""


@dataclass(frozen=True, slots=True)
class ArmFound:
    """Whom an arm found: PROFILE of those enrolled, each mean with its 90% interval over worlds."""

    arm: str
    policy: str
    profile: dict[str, Part]
    waiting_weeks: float
    contacts_per_month: float


@dataclass(frozen=True, slots=True)
class ArmMoney:
    """An arm's money against no programme, pounds a year in the price year, discounted; a gain is above 0.

    ``views`` whole gains by view, ``cashable`` the part of them that is money; ``programme`` its cost to the whole
    system and ``by_category`` undiscounted pounds over the study in the evaluation's categories; ``saved`` is what
    the commissioner saves on care before the programme's cost. ``break_even`` and ``per_admission`` are of means
    over replicates; in ``unbalanced`` replicates parties do not sum to 0. ``without_list_wide_fall`` is all of it
    without the fall in everyone's outpatient use; None where the arm has none.
    """

    arm: str
    views: dict[str, Part]
    cashable: dict[str, Part]
    programme: Part
    saved: Part
    by_category: dict[str, float]
    capacity_freed: Part
    break_even: dict[str, Sum]
    per_admission: dict[str, Sum]
    unbalanced: int
    without_list_wide_fall: ArmMoney | None = None


@dataclass(frozen=True, slots=True)
class ComparisonAnswer:
    """What a comparison says; rows against no programme, and against the first arm (``*_against_first``).

    ``observed`` are the published effects on emergency admissions that arms' scenarios stand beside;
    ``drivers`` are over the first ``driven_replicates`` only.
    """

    about: About
    arms: tuple[str, ...]
    headlines: tuple[ComparedRow, ...]
    headlines_against_first: tuple[ComparedRow, ...]
    groups: tuple[ComparedRow, ...]
    groups_against_first: tuple[ComparedRow, ...]
    found: tuple[ArmFound, ...]
    shares: tuple[FoundRow, ...]
    overlaps: tuple[OverlapRow, ...]
    money: tuple[ArmMoney, ...]
    hospitals: tuple[ArmHospitals, ...]
    equity: tuple[Equity, ...]
    paired: tuple[PairedRow, ...]
    drivers: tuple[DrivenChange, ...]
    driven_replicates: int
    outcome: str
    drawn: bool
    observed: tuple[ComparedRow, ...]
    warnings: tuple[str, ...]


def answer(
    comparison: Comparison,
    title: str,
    outcome: str = EMERGENCY,
    driven: dict[int, tuple[dict[str, float], ...]] | None = None,
) -> ComparisonAnswer:
    """Work out everything from a comparison's replicates; ``driven`` holds figures of DrivenArm by arm."""
    places = range(len(comparison.arms))
    several = len(comparison.arms) > 1
    first = comparison.arms[0].scenario.study
    about = About(
        title=title,
        who="everyone on the programmes' lists when it starts",
        period=f"{first.programme_weeks + first.follow_up_weeks} weeks from the programme's start",
        replicates=comparison.replicates,
        seed=comparison.seed,
        version=icpsim.__version__,
    )
    changes = [driven_change(comparison, place, figures, outcome) for place, figures in (driven or {}).items()]
    return ComparisonAnswer(
        about=about,
        arms=tuple(arm.label for arm in comparison.arms),
        headlines=tuple(headlines(comparison)),
        headlines_against_first=tuple(headlines(comparison, 0)) if several else (),
        groups=tuple(row for place in places for row in by_group(comparison, place, outcome)),
        groups_against_first=tuple(row for place in places[1:] for row in by_group(comparison, place, outcome, 0)),
        found=tuple(_found(comparison, place) for place in places),
        shares=tuple(found_rows(comparison)),
        overlaps=tuple(overlap_rows(comparison)),
        money=tuple(_money(comparison, place) for place in places),
        hospitals=tuple(hospitals(comparison)),
        equity=tuple(equity(comparison, place, outcome) for place in places),
        paired=tuple(paired_rows(comparison)),
        drivers=tuple(changes),
        driven_replicates=max((len(figures) for figures in (driven or {}).values()), default=0),
        outcome=outcome,
        drawn=comparison.drawn,
        observed=tuple(observed_rows(comparison)),
        warnings=tuple([*comparison.problems(), *_warnings(comparison)]),
    )


def _found(comparison: Comparison, place: int) -> ArmFound:
    arm = comparison.arms[place]
    profile = {name: Part(name, *further_value(comparison.values(place, f"found|{name}"))) for name in PROFILE}
    delivered = [name for name in comparison.names(place, "delivered|") if name.endswith("|waiting_weeks")]
    waiting = sum(float(comparison.values(place, name).mean()) for name in delivered)
    return ArmFound(
        arm.label,
        ", ".join(dict.fromkeys(programme.targeting.policy for programme in arm.scenario.programmes)),
        profile,
        waiting,
        _contacts(comparison, place),
    )


def _contacts(comparison: Comparison, place: int) -> float:
    """Return hours of contact a person on the caseload a month."""
    hours = weeks = 0.0
    for name in comparison.names(place, "delivered|"):
        values = float(comparison.values(place, name).sum())
        hours += values if "|contact_hours." in name else 0.0
        weeks += values if name.endswith("|patient_weeks") else 0.0
    return hours / weeks * WEEKS_PER_YEAR / 12.0 if weeks else float("nan")


def _money(comparison: Comparison, place: int) -> ArmMoney:
    label, span = comparison.arms[place].label, years(comparison)
    with_lists, alone = twins(comparison, place)
    found = _counted(label, with_lists, span)
    return found if alone is with_lists else replace(found, without_list_wide_fall=_counted(label, alone, span))


def _counted(label: str, replicates: list[Replicate], span: float) -> ArmMoney:
    kept = (View.COMMISSIONER, View.HOSPITAL, View.GENERAL_PRACTICE, View.COMMUNITY_PROVIDER, View.WHOLE_SYSTEM)
    values = {view: view_values(replicates, view) / span for view in kept}
    cashable = {view: [one.found.views[view].cashable / span for one in replicates] for view in kept}
    n = len(replicates)
    by_category = {
        category.value: sum(one.programme_pence[category] for one in replicates) / 100.0 / n
        for category in Category
        if category in replicates[0].programme_pence
    }
    mean = mean_world(replicates)
    views = (View.COMMISSIONER, View.WHOLE_SYSTEM)
    return ArmMoney(
        arm=label,
        views={view.value: Part(view.value, *further_value(values[view])) for view in kept},
        cashable={view.value: Part(view.value, *further_value(finite(cashable[view]))) for view in kept},
        programme=Part("programme", *further_value(programme_values(replicates) / span)),
        saved=Part("saved", *further_value(saved_values(replicates) / span)),
        by_category=by_category,
        capacity_freed=Part(
            "freed", *further_value(finite(one.found.capacity_freed / span for one in replicates))
        ),
        break_even={v.value: break_even_cost_per_patient(mean.found, v, round(mean.enrolled)) for v in views},
        per_admission={v.value: cost_per_admission_avoided(mean.found, v, mean.avoided) for v in views},
        unbalanced=sum(total != 0 for total in parties_sum(replicates)),
    )


def _warnings(comparison: Comparison) -> list[str]:
    """Say where an arm enrolled fewer than it was to, and where replicates are too few to tell a spread."""
    found = []
    if comparison.replicates < 4:
        found.append(f"{comparison.replicates} replicates say little of their spread: these intervals are rough")
    for place, arm in enumerate(comparison.arms):
        wanted = sum(programme.enrolment_total for programme in arm.scenario.programmes)
        enrolled = float(comparison.values(place, "found|enrolled").mean())
        if enrolled < SHORT * wanted:
            found.append(
                f"{arm.label}: {enrolled:,.0f} people enrolled of {wanted:,} wanted: places or people ran out"
            )
    return found
