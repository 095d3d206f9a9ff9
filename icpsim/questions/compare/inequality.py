"""Inequality over deprivation quintiles: the slope and the relative index, and the slope of a difference.

Quintiles stand at the middle of their share of the population, from the least (0) to the most deprived (1), so
that both indices compare the two ends of the whole ladder and take the sizes of all groups into account
(Mackenbach and Kunst 1997, Social Science and Medicine 44:757-771; Moreno-Betancur and others 2015,
Epidemiology 26:518-527). Positive slopes, and ratios above 1, mean more in the most deprived.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from icpsim.base.intervals import Z90

QUINTILES = 5
_STEEPEST = 700.0
"""Largest log ratio between the ends that is sought; its exponential is still a finite number."""


class InequalityError(ValueError):
    """Events and person-years are not five numbers that are finite and not negative."""


@dataclass(frozen=True, slots=True)
class SlopeIndex:
    """Rate at the most deprived end less the rate at the least deprived end, events a person-year.

    ``slope`` and ``intercept`` are of the line through the quintiles' rates by their positions; ``low`` and
    ``high`` a 90% interval from the chance of Poisson counts alone (too narrow where the same people have
    several events; the spread over replicates has everything). NaN where fewer than two quintiles have people.
    """

    slope: float
    intercept: float
    se: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RelativeIndex:
    """Rate at the most deprived end over the rate at the least deprived end, by Poisson regression.

    ``low`` and ``high`` are the model's 90% interval, with ``log_se`` the standard error of the logarithm. The
    ratio is infinite, or 0, without an interval, where all events fall at one end; NaN where there are none.
    """

    ratio: float
    log_se: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DifferenceGradient:
    """An arm's rates less its reference's by quintile, and the line through them, events a person-year.

    ``position`` and ``difference`` are float64[5], least deprived first. A positive ``slope``: the arm adds
    more (or avoids less) among the most deprived. Counts say nothing of how two arms go together, so an
    interval comes from the slopes of paired replicates (:func:`icpsim.questions.compare.paired.interval`).
    """

    position: NDArray[np.float64]
    difference: NDArray[np.float64]
    slope: float
    intercept: float


def positions(population: ArrayLike) -> NDArray[np.float64]:
    """Return where each quintile stands, float64[5]: the middle of its share of people, 0 = least deprived.

    Raises InequalityError unless ``population`` is five finite numbers, none negative and not all 0.
    """
    people = _five(population, "people")
    if not people.any():
        raise InequalityError("no quintile has any people")
    shares = people / people.sum()
    middles: NDArray[np.float64] = np.cumsum(shares) - shares / 2.0
    return middles


def slope_index(events: ArrayLike, person_years: ArrayLike) -> SlopeIndex:
    """Fit quintiles' rates by their positions, weighted by person-years; both arguments are float64[5].

    Raises InequalityError as :func:`positions`, and where a quintile has events and no person-years.
    """
    counts, years = _checked(events, person_years)
    weights = _line_weights(positions(years), years)
    if weights is None:
        return SlopeIndex(nan, nan, nan, nan, nan)
    rates = _rates(counts, years)
    slope, intercept = (float(row @ rates) for row in weights)
    se = sqrt(float(weights[0] ** 2 @ _rates(rates, years)))
    return SlopeIndex(slope, intercept, se, slope - Z90 * se, slope + Z90 * se)


def relative_index(events: ArrayLike, person_years: ArrayLike) -> RelativeIndex:
    """Fit log rates by quintiles' positions: Poisson regression of events with person-years as its exposure.

    The intercept drops out of the likelihood, which leaves one equation in the slope. Raises as
    :func:`slope_index`.
    """
    counts, years = _checked(events, person_years)
    place = positions(years)
    known = years > 0
    place, counts, years = place[known], counts[known], years[known]
    if len(place) < 2 or not counts.any():
        return RelativeIndex(nan, nan, nan, nan)
    mean = float(counts @ place / counts.sum())
    if not float(place[0]) < mean < float(place[-1]):
        return RelativeIndex(inf if mean >= float(place[-1]) else 0.0, nan, nan, nan)

    def expected(slope: float) -> NDArray[np.float64]:
        tilted = np.log(years) + slope * place
        shares = np.exp(tilted - tilted.max())
        return np.asarray(shares / shares.sum(), np.float64)

    slope = float(
        brentq(lambda b: float(expected(b) @ place) - mean, -_STEEPEST, _STEEPEST, xtol=1e-13, rtol=1e-13)
    )
    shares = expected(slope)
    spread = float(shares @ place**2 - (shares @ place) ** 2)
    se = 1.0 / sqrt(float(counts.sum()) * spread)
    return RelativeIndex(exp(slope), se, exp(slope - Z90 * se), exp(slope + Z90 * se))


def difference_gradient(
    events: ArrayLike, person_years: ArrayLike, reference_events: ArrayLike, reference_years: ArrayLike
) -> DifferenceGradient:
    """Return an arm's rate differences by quintile and their line; all arguments are float64[5].

    Positions and weights are those of the reference's person-years. Raises as :func:`slope_index`.
    """
    counts, years = _checked(events, person_years)
    other, other_years = _checked(reference_events, reference_years)
    place = positions(other_years)
    difference = np.where((years > 0) & (other_years > 0), _rates(counts, years) - _rates(other, other_years), nan)
    weights = _line_weights(place, np.where(np.isnan(difference), 0.0, other_years))
    if weights is None:
        return DifferenceGradient(place, difference, nan, nan)
    slope, intercept = (float(row @ np.nan_to_num(difference)) for row in weights)
    return DifferenceGradient(place, difference, slope, intercept)


def _five(values: ArrayLike, what: str) -> NDArray[np.float64]:
    numbers = np.asarray(values, np.float64)
    if numbers.shape != (QUINTILES,) or not np.isfinite(numbers).all() or (numbers < 0).any():
        raise InequalityError(f"{what} by quintile are five finite numbers from 0; these are {numbers.tolist()}")
    return numbers


def _checked(events: ArrayLike, person_years: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    counts, years = _five(events, "events"), _five(person_years, "person-years")
    if (counts[years == 0] > 0).any():
        raise InequalityError("a quintile has events and no person-years")
    return counts, years


def _rates(counts: NDArray[np.float64], years: NDArray[np.float64]) -> NDArray[np.float64]:
    rates: NDArray[np.float64] = np.divide(counts, years, out=np.zeros_like(counts), where=years > 0)
    return rates


def _line_weights(place: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return what each rate adds to slope and intercept of the weighted line, float64[2 x 5]; None without one."""
    if (weight > 0).sum() < 2:
        return None
    share = weight / weight.sum()
    middle = float(share @ place)
    spread = float(share @ (place - middle) ** 2)
    slope = share * (place - middle) / spread
    return np.stack([slope, share - middle * slope])
