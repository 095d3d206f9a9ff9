"""What a comparison says in plain words; every sentence follows from the rows alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from icpsim.questions.compare.results import (
    NO_PROGRAMME,
    ComparedRow,
    DrivenChange,
    Equity,
    PairedRow,
    Part,
    arms,
    decided,
    one,
    select,
)
from icpsim.questions.compare.waterfall import order
from icpsim.report.amounts import capital, number, plain, pounds, with_interval
from icpsim.report.measures import ALL, AVOIDED, COST, COST_ALONE, ESTIMATED, RATE, TRUE
from icpsim.report.words import WITHOUT_LIST_WIDE, percent, words


def arm_sentences(rows: Sequence[ComparedRow]) -> list[str]:
    """Say, for each arm against each other it was compared with, what it avoids, what was found, and its cost."""
    return [
        text
        for arm in arms(rows)
        for against in dict.fromkeys(row.against for row in select(rows, arm=arm))
        for text in _arm(rows, arm, against)
    ]


def _arm(rows: Sequence[ComparedRow], arm: str, against: str) -> list[str]:
    found = []
    avoided = one(rows, arm=arm, against=against, measure=AVOIDED, grouping=ALL)
    if avoided is not None and isfinite(avoided.estimate):
        last = against != NO_PROGRAMME or {row.against for row in select(rows, arm=arm)} == {NO_PROGRAMME}
        found.append(_avoided(avoided) + (_effects(rows, arm) if last else "") + ".")
    cost = one(rows, arm=arm, against=against, measure=COST, grouping=ALL)
    if cost is not None and isfinite(cost.estimate):
        alone = one(rows, arm=arm, against=against, measure=COST_ALONE, grouping=ALL)
        found.append(_cost(cost, alone))
    return found


def _avoided(row: ComparedRow) -> str:
    avoids = row.estimate >= 0
    verb, sign = ("avoids", 1.0) if avoids else ("causes", -1.0)
    more = "" if row.against == NO_PROGRAMME else " more"
    low, high = sorted((sign * row.low, sign * row.high))
    ends = f" ({plain(low, row.estimate)} to {plain(high, row.estimate)})" if isfinite(low + high) else ""
    joined = "against" if row.against == NO_PROGRAMME else "than"
    count = f"{plain(abs(row.estimate))}{ends}{more} emergency admissions a year"
    told = f"{row.arm} {verb} {count} {joined} {row.against}"
    return told if decided(row) or not ends else f"{told}, so the direction is not settled"


def _effects(rows: Sequence[ComparedRow], arm: str) -> str:
    """Say what an evaluation would have estimated in an arm's enrolled patients, and the truth there."""
    shown = [one(rows, arm=arm, against=NO_PROGRAMME, measure=m, grouping=ALL) for m in (ESTIMATED, TRUE)]
    estimated, true = (row.estimate if row is not None else float("nan") for row in shown)
    if not (isfinite(estimated) and isfinite(true)):
        return ""
    found = f"; an evaluation as published would have estimated {percent(estimated)}"
    return f"{found}, the true effect is {percent(true)}"


def _cost(row: ComparedRow, alone: ComparedRow | None) -> str:
    """Say what an arm costs or saves, and what it does without the list-wide fall in outpatient use."""
    told = f"{row.arm} {_costs(row)} a year net, against {row.against}"
    told += "" if decided(row) or not isfinite(row.low + row.high) else "; the two cannot be told apart"
    if alone is None or not isfinite(alone.estimate):
        return f"{told}."
    apart = "" if decided(alone) or not isfinite(alone.low + alone.high) else ", which cannot be told from nothing"
    return f"{told}. {capital(WITHOUT_LIST_WIDE)} it {_costs(alone)}{apart}."


def _costs(row: ComparedRow) -> str:
    verb = "costs" if row.estimate >= 0 else "saves"
    sign = 1.0 if row.estimate >= 0 else -1.0
    low, high = sorted((sign * row.low, sign * row.high))
    ends = f" ({pounds(low)} to {pounds(high)})" if isfinite(low) and isfinite(high) else ""
    return f"{verb} {pounds(abs(row.estimate))}{ends}"


def driven_sentence(change: DrivenChange) -> str:
    """Say which mechanisms drove a change most, which worked against it, and which did nothing."""
    parts = [change.parts[k] for k in order([part.estimate for part in change.parts])]
    moved = [part for part in parts if part.estimate]
    total = number(change.unit, change.total.estimate)
    start = f"{capital(words(change.measure))}, {change.arm} against {change.against}: {total}"
    if not moved:
        return f"{start}; no mechanism changed anything."
    along = [part for part in moved if part.estimate * change.total.estimate > 0]
    counter = [part for part in moved if part.estimate * change.total.estimate <= 0]
    told = start + (f", from {_listed(change, along)}" if along else "")
    told += f"; against it {_listed(change, counter)}" if counter else ""
    idle = [part.mechanism for part in parts if not part.estimate]
    return told + (f"; nothing from {', '.join(idle)}." if idle else ".")


def paired_sentences(rows: Sequence[PairedRow]) -> list[str]:
    """Say what pairing saved, and how many replicates a difference of 1% takes with it and without."""
    return [text for row in rows for text in _paired(row)]


def _paired(row: PairedRow) -> list[str]:
    found = row.comparison
    ratio = found.variance_ratio
    if not isfinite(ratio.estimate):
        return []
    ends = f" ({_share(ratio.low)} to {_share(ratio.high)})" if isfinite(ratio.low) else ""
    told = (
        f"{capital(words(row.measure))}, {row.arm} against {row.against}: on the same draws the difference"
        f" varies {_share(ratio.estimate)}{ends} as much as on draws of their own"
    )
    if found.replicates_paired is None or found.replicates_unpaired is None:
        return [f"{told}."]
    return [
        f"{told}; a difference of 1% takes {found.replicates_paired:,} replicates paired and"
        f" {found.replicates_unpaired:,} of each arm unpaired (80% power, two-sided 5%)."
    ]


def equity_sentences(found: Sequence[Equity]) -> list[str]:
    """Say where along deprivation each arm changes most, and whether that is settled."""
    return [_equity(arm) for arm in found if isfinite(arm.slope.estimate)]


def _equity(arm: Equity) -> str:
    slope = arm.slope
    start = f"{arm.arm} against {arm.against}: the change in {words(arm.measure)}"
    index = f"slope index {with_interval(RATE, slope.estimate, slope.low, slope.high)} per 1,000 people a year"
    if not decided(slope):
        return f"{start} has no settled gradient over deprivation ({index})."
    side = "lower (more avoided or fewer added)" if slope.estimate < 0 else "higher (more added or fewer avoided)"
    told = f"{start} is {side} among the most deprived ({index})"
    before, after = arm.relative_against.estimate, arm.relative.estimate
    if not (isfinite(before) and isfinite(after)):
        return f"{told}."
    return f"{told}; the relative index goes from {before:.2f} to {after:.2f}."


def _listed(change: DrivenChange, parts: Sequence[Part]) -> str:
    return ", ".join(f"{part.mechanism} {number(change.unit, part.estimate)}" for part in parts)


def _share(value: float) -> str:
    return f"{100 * value:.0f}%" if value >= 0.01 or value == 0 else f"{100 * value:.2g}%"


def conclusion(headlines: Sequence[ComparedRow], against_first: Sequence[ComparedRow]) -> list[str]:
    """Say which arm avoids most and which costs least, whether that is settled, and what would be seen.

    ``headlines`` are every arm's against no programme, ``against_first`` the others' against the first arm.
    """
    avoided = [row for row in headlines if row.measure == AVOIDED and isfinite(row.estimate)]
    costs = [row for row in headlines if row.measure == COST and isfinite(row.estimate)]
    told = []
    if avoided:
        most = max(avoided, key=lambda row: row.estimate)
        told.append(
            f"Most emergency admissions are avoided by {most.arm}:"
            f" {plain(most.estimate)}{_ends(most)} a year{_settled(most, against_first)}."
        )
    if costs:
        least = min(costs, key=lambda row: row.estimate)
        verb = "costs" if least.estimate >= 0 else "saves"
        told.append(
            f"Least net cost to the commissioner: {least.arm}, which {verb} {pounds(abs(least.estimate))} a year"
            f"{_settled(least, against_first)}."
        )
    return [*told, *_least_alone(headlines), *_seen(headlines)]


def _least_alone(headlines: Sequence[ComparedRow]) -> list[str]:
    """Name the arm of least net cost without the list-wide fall in outpatient use, where any arm has one."""
    alone = [
        row
        for arm in arms(headlines)
        for row in [one(headlines, arm=arm, measure=COST_ALONE) or one(headlines, arm=arm, measure=COST)]
        if row is not None and isfinite(row.estimate)
    ]
    if not any(row.measure == COST_ALONE for row in alone):
        return []
    least = min(alone, key=lambda row: row.estimate)
    verb = "costs" if least.estimate >= 0 else "saves"
    return [f"{capital(WITHOUT_LIST_WIDE)} it is {least.arm}, which {verb} {pounds(abs(least.estimate))} a year."]


def _ends(row: ComparedRow) -> str:
    known = isfinite(row.low) and isfinite(row.high)
    return f" ({plain(row.low, row.estimate)} to {plain(row.high, row.estimate)})" if known else ""


def _settled(row: ComparedRow, against_first: Sequence[ComparedRow]) -> str:
    """Say whether the arm's difference from the first arm has a sign in 90% of single worlds."""
    found = one(against_first, arm=row.arm, measure=row.measure)
    if found is None:
        return ""
    if decided(found):
        return f", in 90% of single worlds better than {found.against}"
    return f", which is not settled against {found.against}"


def _seen(headlines: Sequence[ComparedRow]) -> list[str]:
    """Name the arms in which an evaluation as published would see the other sign than the truth has."""
    misled = []
    for arm in arms(headlines):
        true, estimated = (one(headlines, arm=arm, measure=measure) for measure in (TRUE, ESTIMATED))
        if true is not None and estimated is not None and true.estimate * estimated.estimate < 0:
            misled.append(f"{arm} (true {percent(true.estimate)}, estimated {percent(estimated.estimate)})")
    if not misled:
        return []
    return [f"On average an evaluation as published would see the wrong sign for {', '.join(misled)}."]
