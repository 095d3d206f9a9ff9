"""What each picture of the natural history shows, in one sentence made from its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from icpsim.inference.natural_history.levels.curves import OLDEST, AgeRates, Concentration, Lorenz
from icpsim.inference.natural_history.levels.hospital_year import HospitalYear
from icpsim.inference.natural_history.levels.pictured import BaselineCurves
from icpsim.inference.natural_history.levels.regression import RegressionToTheMean
from icpsim.questions.baseline.show_england import findings_of


def of_rates(rates: Sequence[AgeRates]) -> str:
    """Say how emergency admissions rise with age, and how many rates lie in the evidence's ranges."""
    low, high = _ends(rates)
    said = f"Emergency admissions rise from {low[0]} per 1,000 people a year at {low[1]} to {high[0]} at {high[1]}"
    ranges = [known for found in rates for known in found.ranges]
    if not ranges:
        return said
    inside = sum(known.inside for known in ranges)
    return f"{said}; {inside} of {len(ranges)} rates by age lie in the evidence's range"


def _ends(rates: Sequence[AgeRates]) -> tuple[tuple[str, str], tuple[str, str]]:
    """Lowest and highest emergency rate, and at which ages, in words."""
    (emergency,) = (found for found in rates if found.kind == "emergency")
    least, most = int(np.nanargmin(emergency.per_1000)), int(np.nanargmax(emergency.per_1000))
    low, high = ((f"{emergency.per_1000[k]:.0f}", ages(emergency.ages[k])) for k in (least, most))
    return low, high


def ages(group: tuple[int, int]) -> str:
    """Name an age group in full years."""
    low, high = group
    return f"{low} and over" if high >= OLDEST else f"{low}-{high - 1}"


def of_deaths(rates: Sequence[AgeRates]) -> str:
    """Say how fast deaths rise with age in later life (Gompertz's law: a straight line on a log scale)."""
    (deaths,) = (found for found in rates if found.kind == "deaths")
    at = np.array([low + 2.5 for low, _ in deaths.ages])
    used = (at > 40) & (at < 90) & (deaths.per_1000 > 0)
    years = np.log(2.0) / np.polyfit(at[used], np.log(deaths.per_1000[used]), 1)[0]
    return f"From 40 to 89, deaths double with every {years:.0f} years of age"


def of_concentration(found: Concentration) -> str:
    """Say what the riskiest twentieth of adults goes on to have."""
    return f"The riskiest 5% of adults have {found.of_top(0.05):.0%} of next year's emergency admissions"


def of_regression(found: RegressionToTheMean) -> str:
    """Say how the share of people often admitted falls back."""
    said = (
        f"People of 65+ admitted twice or more have {found.in_year(0):.0%} of their age's"
        " emergency admissions that year"
    )
    last = int(found.years[-1])
    if last < 1:
        return said
    if last == 1:
        return f"{said} and {found.in_year(1):.0%} the year after"
    return f"{said}, {found.in_year(1):.0%} the year after and {found.in_year(last):.0%} in year {last}"


def of_lorenz(found: Sequence[Lorenz]) -> str:
    """Say what the twentieth of people who use most account for."""
    by_use = {curve.of: curve for curve in found}
    beds, cost = by_use["emergency bed days"], by_use["hospital cost"]
    return (
        f"One person in 20 accounts for {cost.of_top(0.05):.0%} of a year's hospital cost;"
        f" {1 - beds.users:.0%} spend no night in a bed as an emergency"
    )


def of_beds(found: HospitalYear) -> str:
    """Say how full the hospital is."""
    return (
        f"A hospital for {found.people:,} people fills {found.occupancy.mean():.0%} of its {found.beds:,.0f} beds"
    )


def of_hospital(found: HospitalYear) -> str:
    """Say how full the hospital is, week by week, and what that does to planned care."""
    full, cancelled = found.occupancy, int(found.cancelled.sum())
    called = cancelled + found.elective.sum()
    outcome = f"{cancelled:,} of {called:,.0f} electives are" if cancelled else "no elective is"
    return f"{of_beds(found)}, {full.min():.0%} to {full.max():.0%} over a year's weeks; {outcome} cancelled"


def findings(curves: BaselineCurves) -> dict[str, str]:
    """Return the sentence of every picture, by the picture's name."""
    return {
        "rates-by-age": of_rates(curves.rates),
        "concentration": of_concentration(curves.concentration),
        "regression-to-the-mean": of_regression(curves.regression),
        "lorenz": of_lorenz(curves.lorenz),
        "hospital-year": of_hospital(curves.hospital),
        **findings_of(curves.england),
    }


def headlines(curves: BaselineCurves) -> dict[str, str]:
    """Return shorter sentences, for the panels of the overview in their order."""
    found, (low, high) = curves.regression, _ends(curves.rates)
    later = f", {found.in_year(1):.0%} the next" if 1 in found.years else ""
    return {
        "emergency": f"Emergency admissions: {low[0]} per 1,000 a year at {low[1]}, {high[0]} at {high[1]}",
        "deaths": of_deaths(curves.rates),
        "concentration": of_concentration(curves.concentration),
        "regression": f"65+ often admitted: {found.in_year(0):.0%} of admissions that year{later}",
        "lorenz": of_lorenz(curves.lorenz).split(";")[0],
        "beds": of_beds(curves.hospital),
    }
