"""From simulated replicates to the rows that tables, sentences and pictures show.

An interval holds 90% of single worlds: where one further replicate, with a draw of the mechanisms and chance of
its own, would fall (t quantile times the spread over replicates).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.intervals import Z90, further_value
from icpsim.base.kinds import Floats
from icpsim.data.published_effects import load_targets
from icpsim.economics.views import View
from icpsim.questions.compare.counts import PERSON_YEARS, cell
from icpsim.questions.compare.groups import AGES
from icpsim.questions.compare.money import ArmMoney, Twins, saved_values, twins, view_values
from icpsim.questions.compare.paired import compare_paired
from icpsim.questions.compare.results import EVERYONE, NO_PROGRAMME, ComparedRow, FoundRow, OverlapRow, PairedRow
from icpsim.questions.compare.runs import Comparison
from icpsim.report.measures import (
    AGE,
    ALL,
    AVOIDED,
    CONDITION,
    COST,
    COST_ALONE,
    COUNT,
    DEPRIVATION,
    ESTIMATED,
    MONEY,
    PRACTICE,
    RATE,
    RELATIVE,
    SAVED,
    SAVED_ALONE,
    TRUE,
    WEEK,
)

EMERGENCY = "emergency_admissions"
OBSERVED = "observed_effect"
CONTROLS = "matched controls"
MONEY_MEASURE = "hospital_cost"
PER = 1000.0


def years(comparison: Comparison) -> float:
    """Return the years over which care is counted: from the programme's start to the end of the study."""
    study = comparison.arms[0].scenario.study
    return (study.programme_weeks + study.follow_up_weeks) / WEEKS_PER_YEAR


def change(comparison: Comparison, place: int, name: str, reference: int | None = None) -> Floats:
    """Return an arm's figure less that of another arm, or (None) of the same people without any programme."""
    against = comparison.without(place, name) if reference is None else comparison.values(reference, name)
    return comparison.values(place, name) - against


def headlines(comparison: Comparison, reference: int | None = None) -> Iterator[ComparedRow]:
    """Yield every arm's headline measures against no programme, or against another arm.

    Emergency admissions avoided and the commissioner's net cost a year (programme less tariff saved); true and
    estimated effects on the emergency admissions of those enrolled, only against no programme: means of log rate
    ratios, as ``icpsim run`` has them. Money also without effects on whole lists, where an arm has any.
    """
    span = years(comparison)
    money = [twins(comparison, place) for place in range(len(comparison.arms))]
    for place, arm in enumerate(comparison.arms):
        if place == reference:
            continue
        against = NO_PROGRAMME if reference is None else comparison.arms[reference].label

        def row(measure: str, unit: str, values: Floats, arm: str = arm.label, to: str = against) -> ComparedRow:
            return ComparedRow(arm, to, measure, unit, ALL, EVERYONE, *further_value(values))

        yield row(AVOIDED, COUNT, -change(comparison, place, cell(EMERGENCY), reference) / span)
        if reference is None:
            for measure, kind in ((TRUE, "true"), (ESTIMATED, "estimated")):
                ends = np.expm1(further_value(comparison.values(place, f"{kind}|{EMERGENCY}"))).tolist()
                yield ComparedRow(arm.label, against, measure, RELATIVE, ALL, EVERYONE, *ends)
        for measure, values in _money_measures(money[place], None if reference is None else money[reference]):
            yield row(measure, MONEY, values / span)


def _money_measures(arm: Twins, reference: Twins | None) -> Iterator[tuple[str, Floats]]:
    """Yield net cost and what is saved before it, each with and, where that differs, without list-wide effects."""
    pairs = [arm] if reference is None else [arm, reference]
    differ = any(pair[0] is not pair[1] for pair in pairs)
    for worth, measures in ((_net_cost, (COST, COST_ALONE)), (saved_values, (SAVED, SAVED_ALONE))):
        for k, measure in enumerate(measures if differ else measures[:1]):
            values = [worth(pair[k]) for pair in pairs]
            yield measure, values[0] if reference is None else values[0] - values[1]


def _net_cost(money: list[ArmMoney]) -> Floats:
    return -view_values(money, View.COMMISSIONER)


def observed_rows(comparison: Comparison) -> Iterator[ComparedRow]:
    """Yield what was published for the programmes that arms' scenarios are of, with its 90% interval."""
    for name in dict.fromkeys(arm.scenario.observed for arm in comparison.arms):
        for target in load_targets(name) if name else ():
            if target.outcome == EMERGENCY and target.measure == "rate_ratio":
                reach = Z90 * target.se
                ends = (target.observed - 1.0 - reach, target.observed - 1.0 + reach)
                yield ComparedRow(
                    str(name), CONTROLS, OBSERVED, RELATIVE, ALL, EVERYONE, target.observed - 1.0, *ends
                )
                break


def by_group(
    comparison: Comparison, place: int, measure: str, reference: int | None = None
) -> Iterator[ComparedRow]:
    """Yield the differences of one measure by week (numbers) and by group (per 1,000 people a year)."""
    arm = comparison.arms[place].label
    against = NO_PROGRAMME if reference is None else comparison.arms[reference].label
    weeks = comparison.names(place, f"{measure}|{WEEK}|")
    for name in weeks:
        group = name.rpartition("|")[2]
        values = further_value(change(comparison, place, name, reference))
        yield ComparedRow(arm, against, measure, COUNT, WEEK, group, *values)
    for grouping in (AGE, DEPRIVATION, CONDITION, PRACTICE):
        for name in comparison.names(place, f"{measure}|{grouping}|"):
            group = name.rpartition("|")[2]
            lived = comparison.without(place, cell(PERSON_YEARS, grouping, group))
            if (lived > 0).any():
                with np.errstate(divide="ignore", invalid="ignore"):
                    rate = PER * change(comparison, place, name, reference) / lived
                unit = MONEY if measure == MONEY_MEASURE else RATE
                shown = rate / PER if unit == MONEY else rate
                yield ComparedRow(arm, against, measure, unit, grouping, group, *further_value(shown))


def found_rows(comparison: Comparison) -> Iterator[FoundRow]:
    """Yield the shares of those whom each arm enrols in each group; EVERYONE is who was on the lists."""
    for place, arm in enumerate(comparison.arms):
        for name in comparison.names(place, "share|"):
            _, grouping, group = name.split("|")
            if (grouping, group) != (AGE, AGES[0]):
                share = further_value(comparison.values(place, name))[0]
                yield FoundRow(arm.label, grouping, group, share)
                if place == 0:
                    yield FoundRow(EVERYONE, grouping, group, further_value(comparison.without(place, name))[0])


def overlap_rows(comparison: Comparison) -> Iterator[OverlapRow]:
    """Yield, for each two arms, the share of the first's people whom the second enrols too."""
    for a, arm in enumerate(comparison.arms):
        for b, other in enumerate(comparison.arms):
            share = 1.0 if a == b else further_value(comparison.values(a, f"overlap|{b}"))[0]
            yield OverlapRow(arm.label, other.label, share)


def paired_rows(comparison: Comparison, measure: str = EMERGENCY) -> Iterator[PairedRow]:
    """Yield what pairing is worth for each arm: against no programme, and against the first arm.

    Of rates per person-year, so that replicates' lists of other sizes are not taken for chance.
    """
    name, lived = cell(measure), cell(PERSON_YEARS)

    def rate(place: int) -> Floats:
        found: Floats = comparison.values(place, name) / comparison.without(place, lived)
        return found

    for place, arm in enumerate(comparison.arms):
        without = comparison.without(place, name) / comparison.without(place, lived)
        yield PairedRow(arm.label, NO_PROGRAMME, measure, compare_paired(rate(place), without))
        if place:
            yield PairedRow(arm.label, comparison.arms[0].label, measure, compare_paired(rate(place), rate(0)))
