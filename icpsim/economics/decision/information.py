"""What it is worth to know more before a decision: everything, one thing, or one of several explanations.

Definitions of the ISPOR task force (Rothery et al. 2020, Value Health 23:277): the expected value of the best
decision once something is known, less that of the decision that is best on present knowledge.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from icpsim.economics.decision.net_benefit import Floats, expected, weights
from icpsim.economics.errors import DecisionAnalysisError


def opportunity_loss(benefit: Floats, weight: ArrayLike | None = None) -> Floats:
    """Return what each draw loses by the option that is best on average, against its own best; float64[draws]."""
    best = int(expected(benefit, weight).argmax())
    found: Floats = benefit.max(axis=1) - benefit[:, best]
    return found


def perfect_information(benefit: Floats, weight: ArrayLike | None = None) -> float:
    """Return the expected value of perfect information, in the unit of net benefit float64[draws, options].

    ``benefit`` must be expected net benefit given each draw: chance within a draw cannot be known beforehand and
    would be counted as if it could (see :mod:`icpsim.economics.decision.surface`).
    """
    return float(weights(benefit, weight) @ opportunity_loss(benefit, weight))


def standard_error(benefit: Floats) -> float:
    """Return the standard error of perfect information over equally weighted, independent draws."""
    loss = opportunity_loss(benefit)
    return float(loss.std(ddof=1) / np.sqrt(len(loss))) if len(loss) > 1 else float("nan")


def information_on_groups(benefit: Floats, group: Sequence[Hashable], weight: ArrayLike | None = None) -> float:
    """Return the value of knowing to which group a draw belongs; exact, by averaging within groups.

    Raises DecisionAnalysisError when groups and draws are not of one number.
    """
    if len(group) != len(benefit):
        raise DecisionAnalysisError(f"{len(group)} groups for {len(benefit)} draws")
    share = weights(benefit, weight)
    place = {name: k for k, name in enumerate(dict.fromkeys(group))}
    rows = np.array([place[name] for name in group])
    within = np.array([np.bincount(rows, weights=share * column, minlength=len(place)) for column in benefit.T])
    known = float(within.max(axis=0).sum())
    return max(0.0, known - float(expected(benefit, weight).max()))


def over_years(value: float, years: int, discount_rate: float, scale: float = 1.0) -> float:
    """Return a yearly value over years of decisions, discounted to the first, times ``scale`` (as people).

    Raises DecisionAnalysisError for fewer years than 1, a rate of -100% or less, or a scale that is not above 0.
    """
    if years < 1 or discount_rate <= -1 or not scale > 0:
        raise DecisionAnalysisError(
            f"{years} years at {discount_rate:g} a year for {scale:g} times the people is no horizon"
        )
    return float(value * scale * sum((1.0 + discount_rate) ** -year for year in range(years)))
