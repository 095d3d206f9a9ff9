"""Who gains by deprivation: rate differences by quintile, and slope and relative index of inequality."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from icpsim.base.intervals import further_value
from icpsim.base.kinds import Floats
from icpsim.questions.compare.counts import PERSON_YEARS, cell
from icpsim.questions.compare.inequality import QUINTILES, difference_gradient, relative_index
from icpsim.questions.compare.results import NO_PROGRAMME, Equity, Part, Quintile
from icpsim.questions.compare.rows import PER
from icpsim.questions.compare.runs import Comparison
from icpsim.report.measures import DEPRIVATION


def equity(comparison: Comparison, place: int, measure: str, reference: int | None = None) -> Equity:
    """Return an arm's equity in one measure against no programme, or against another arm (``reference``)."""
    arm = comparison.arms[place].label
    against = NO_PROGRAMME if reference is None else comparison.arms[reference].label
    events = _by_quintile(lambda name: comparison.values(place, name), measure)
    if reference is None:
        others = _by_quintile(lambda name: comparison.without(place, name), measure)
    else:
        others = _by_quintile(lambda name: comparison.values(reference, name), measure)
    lived = _by_quintile(lambda name: comparison.without(place, name), PERSON_YEARS)
    lines = [difference_gradient(e, y, o, y) for e, o, y in zip(events, others, lived, strict=True)]
    rates = PER * np.array([line.difference for line in lines])
    position = np.mean([line.position for line in lines], axis=0)
    quintiles = tuple(Quintile(k + 1, float(position[k]), *further_value(rates[:, k])) for k in range(QUINTILES))
    ratios, ratios_against = (
        np.array([relative_index(e, y).ratio for e, y in zip(counts, lived, strict=True)])
        for counts in (events, others)
    )
    return Equity(
        arm=arm,
        against=against,
        measure=measure,
        quintiles=quintiles,
        intercept=further_value(PER * np.array([line.intercept for line in lines]))[0],
        slope=Part("slope", *further_value(PER * np.array([line.slope for line in lines]))),
        relative=Part("relative index", *further_value(ratios)),
        relative_against=Part("relative index", *further_value(ratios_against)),
    )


def _by_quintile(read: Callable[[str], Floats], measure: str) -> Floats:
    """Return float64[replicates, 5], least deprived first."""
    return np.column_stack([read(cell(measure, DEPRIVATION, str(k + 1))) for k in range(QUINTILES)])
