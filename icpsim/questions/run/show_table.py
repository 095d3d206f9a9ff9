"""Print a study on the terminal: the comparison, its picture, and what the evaluation itself adds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from icpsim.base.intervals import MATERIAL
from icpsim.data.published_effects import observed_counts
from icpsim.data.tables import load_tables
from icpsim.evaluation.designs.interface import titled
from icpsim.inference.posterior import shipped_report
from icpsim.questions.run.answer import OutcomeResult, StudyResult
from icpsim.report import terminal_plot
from icpsim.report.amounts import replicates
from icpsim.report.tables import say, table
from icpsim.report.words import RATIO, UNKNOWN, effect, label, percent, pounds, shown, words

OUTSIDE = "◀ outside"
WORST_ROWS = 5
REACH = 2
"""Published standard errors within which an estimate counts as having reached the published effect."""
FEW = 4
"""Replicates below which intervals are called rough."""
NAMES_WIDTH = 39
"""Character cells to the left of the terminal picture."""


def print_study(console: Console, result: StudyResult, observed: str | None) -> None:
    """Print everything about one study; ``observed`` names its row set of targets.csv, or is None."""
    say(console, header(result, observed), style="bold")
    console.print(outcome_table(result))
    say(console, *(f"  {line}" for line in enrolled_lines(result)))
    say(console, *(f"  {line}" for line in caption(result)), style="dim")
    console.print()
    width = min(terminal_plot.WIDTH, max(console.width - NAMES_WIDTH, 20))
    say(console, *picture_lines(result.pictured, width))
    console.print("What the evaluation itself adds", style="bold")
    console.print(bias_table(result))
    if result.designs:
        console.print(
            "Further designs on the same replicates, beside the truth in those whom each asks of", style="bold"
        )
        console.print(designs_table(result))
    for line in [*evaluation_lines(result), *truth_lines(result), assumptions()]:
        say(console, f"  {line}")
    say(console, *(f"  warning: {warning}" for warning in result.warnings), style="yellow")


def header(result: StudyResult, observed: str | None) -> str:
    """Title, published and simulated numbers of people, replicates."""
    counts = observed_counts(observed)
    published = f"{counts['cases']:,} cases  {counts['controls']:,} controls   " if counts else ""
    simulated = f"simulated: {result.cases:,.0f} cases  {result.controls:,.0f} controls"
    return f"{result.title}   {published}{simulated}   {replicates(result.replicates)}"


def outcome_table(result: StudyResult) -> Table:
    """Observed, estimated and true, one row an outcome; rows observed outside the estimate are marked."""
    found = _table("", "observed", "estimated (90% interval)", "true (90% interval)", "")
    for row in result.outcomes:
        mark = Text(OUTSIDE, style="bold red") if row.inside is False else Text("")
        observed = _with_relative(row, effect(row.measure, row.observed), row.relative_observed)
        found.add_row(label(row.outcome), observed, _estimated(row), _true(row), mark)
    return found


def _table(*headings: str) -> Table:
    return table(headings, show_edge=False)


def _estimated(row: OutcomeResult) -> str:
    text = _interval(row.measure, row.estimated, row.estimated_low, row.estimated_high)
    return _with_relative(row, text, row.relative_estimated)


def _true(row: OutcomeResult) -> str:
    text = _interval(row.measure, row.true, row.true_low, row.true_high)
    return _with_relative(row, text, row.relative_true)


def _interval(measure: str, value: float, low: float, high: float) -> str:
    text = effect(measure, value, 1)
    if not (math.isfinite(low) and math.isfinite(high)):
        return text
    ends = f"({effect(measure, low, 1)} to {effect(measure, high, 1)})"
    return f"{text} {ends.replace('%', '')}"


def _with_relative(row: OutcomeResult, text: str, relative: float) -> str:
    return text if row.measure == RATIO or not math.isfinite(relative) else f"{text}, {percent(relative)}"


def enrolled_lines(result: StudyResult) -> list[str]:
    """Say what the true effect is in everyone enrolled, with those whom the evaluation could not compare."""
    rows = [row for row in result.pictured if math.isfinite(row.true_enrolled)]
    without = result.support.get("cases_unmatched", 0.0)
    if not (rows and without):
        return []
    parts = []
    for row in rows:
        ends = row.true_enrolled, row.true_enrolled_low, row.true_enrolled_high
        text = _with_relative(row, _interval(row.measure, *ends), row.relative_true_enrolled)
        parts.append(f"{label(row.outcome)} {text}")
    everyone = result.cases_matched + without
    return [
        f"true: in the {result.cases_matched:,.0f} cases with a control, whom the evaluation compares;"
        f" in all {everyone:,.0f} cases: {'; '.join(parts)}"
    ]


def caption(result: StudyResult) -> list[str]:
    """Say what the three columns and their intervals are."""
    tags = sorted({row.observed_tag for row in result.outcomes if row.observed_tag})
    lines = ["observed: published by the national evaluation"]
    if tags:
        lines[0] += f" (weakest tag of value and standard error: {', '.join(tags)})"
    else:
        lines = ["observed: nothing was published for this scenario"]
    if result.replicates > 1:
        spread = f"where one further evaluation would fall, from {result.replicates} replicates"
    else:
        spread = "from the single replicate's own standard error; the truth has none"
    lines.append("estimated: the same evaluation on simulated records; true: the same people with and without")
    lines.append(f"intervals: {spread}")
    if 1 < result.replicates < FEW:
        lines.append(f"{result.replicates} replicates say little of their spread: these intervals are rough")
    if result.drawn and result.replicates > 1:
        lines.append("each replicate has its own draw of the posterior (`icpsim calibration`) and its own chance")
        lines.append(f"an evaluation's own standard error covers part of their variance: {_own_errors(result)}")
        lines.append(
            "most of the rest is what is not known: the mechanisms (`--no-draws` holds them), and the size and"
        )
        lines.append("deprivation of the sites' lists (`--set population.same_sites=true` holds those)")
    if any(row.inside is False for row in result.outcomes):
        lines.append(f"{OUTSIDE}: the observed value lies outside the estimated interval")
    return lines + reach(result)


def _own_errors(result: StudyResult) -> str:
    """Say how much of each interval the replicates' own errors account for."""
    parts = [
        f"{label(row.outcome)} {row.estimated_error_share:.0%} (true: {row.true_error_share:.0%})"
        for row in result.pictured
        if math.isfinite(row.estimated_error_share) and math.isfinite(row.true_error_share)
    ]
    return "; ".join(parts) or UNKNOWN


def truth_lines(result: StudyResult) -> list[str]:
    """Say how probable it is that emergency admissions truly rose, fell, or stayed."""
    found = result.truths
    if not found.replicates:
        return []
    near = f"{MATERIAL:.0%}"
    lines = [
        f"emergency admissions truly rose in {found.rose}, fell in {found.fell} and stayed within {near} in"
        f" {found.stayed} of {replicates(found.replicates)}"
    ]
    if result.drawn and any(row.published for row in result.outcomes):
        answer = shipped_report()["answers"][0]
        lines.append(
            "over the whole posterior, at case-management sites: truly rose with probability"
            f" {answer['rose']:.0%}, fell {answer['fell']:.0%}, stayed within {near} {answer['stayed']:.0%}"
        )
    return lines


def reach(result: StudyResult) -> list[str]:
    """Say how many published standard errors each estimate lies from the published effect."""
    found = [row for row in result.outcomes if math.isfinite(row.distance)]
    if not found:
        return []
    far = [label(row.outcome) for row in found if row.distance > REACH]
    verdict = f"not reached: {', '.join(far)}" if far else f"all within {REACH}"
    each = ", ".join(f"{label(row.outcome)} {row.distance:.1f}" for row in found)
    return [f"distance from the published effect, in its standard errors: {each}; {verdict}"]


def picture_lines(outcomes: Sequence[OutcomeResult], width: int = terminal_plot.WIDTH) -> Iterator[str]:
    """Draw all outcomes as dots and whiskers: rate ratios on one axis of per cent change, cost on its own."""
    for measure in dict.fromkeys(row.measure for row in outcomes):
        groups = {row.outcome: _dots(row) for row in outcomes if row.measure == measure}
        axis = terminal_plot.axis_for([dot for group in groups.values() for dot in group], width)
        for outcome, group in groups.items():
            for k, dot in enumerate(group):
                name = label(outcome) if k == 0 else ""
                yield f"  {name:<26.26}{dot.kind:>10} {terminal_plot.draw(dot, axis)}"
        scale = (percent(axis.low / 100), percent(axis.high / 100))
        ends = scale if measure == RATIO else (pounds(axis.low), pounds(axis.high))
        yield " " * NAMES_WIDTH + terminal_plot.ruler(axis, ends)
        yield ""


def _dots(row: OutcomeResult) -> list[terminal_plot.Dot]:
    return [
        terminal_plot.Dot(kind, *(shown(row.measure, v) for v in values)) for kind, values in row.known.items()
    ]


def bias_table(result: StudyResult) -> Table:
    """Show the evaluation's own bias per outcome, raw and bias-corrected, with standard errors."""
    found = _table("", "raw (SE)", "bias-corrected (SE)", "its 95% intervals were right in")
    for row in result.bias:
        raw = _with_error(row.measure, row.raw, row.raw_se)
        corrected = _with_error(row.measure, row.corrected, row.corrected_se)
        covered = percent(row.coverage).removeprefix("+")
        found.add_row(f"{label(row.outcome)}, {_against(row.measure)}", raw, corrected, covered)
    return found


def designs_table(result: StudyResult) -> Table:
    """Show what further designs estimate of the pictured outcomes, beside the truth, and how often 95% hold it."""
    found = _table("", "weeks", "estimated (90%)", "true (90%)", "covered")
    shown_outcomes = [row.outcome for row in result.pictured]
    for outcome in shown_outcomes:
        rows = [row for row in result.designs if row.outcome == outcome]
        if rows:
            found.add_row(Text(label(outcome), style="bold"))
        for row in rows:
            found.add_row(
                Text(f"  {titled(row.title, row.variant, naive=row.naive)}"),
                str(row.follow_up_weeks),
                _interval(row.measure, row.estimated, row.estimated_low, row.estimated_high),
                _interval(row.measure, row.true, row.true_low, row.true_high),
                percent(row.coverage).removeprefix("+"),
            )
    return found


def _against(measure: str) -> str:
    return "estimate / truth" if measure == RATIO else "estimate - truth"


def _with_error(measure: str, value: float, se: float) -> str:
    if not math.isfinite(value):
        return UNKNOWN
    if measure == RATIO:
        return f"{value:.3f} ({se:.3f})"
    return f"{pounds(value)} ({pounds(se).removeprefix('+')})"


def _support_lines(support: Mapping[str, float]) -> list[str]:
    """Say whether there are people like the cases among those who could be controls."""
    return [
        f"possible controls: {support['pool']:,.0f}, {support['pool_ratio']:.3g} for each of the"
        f" {support['pilot_population']:,.0f} people of that age on pilot lists; {support['above_pool_top']:.0%}"
        " of cases are at higher risk than 99% of possible controls",
        f"controls for a case: {support['controls_per_case']:.2f}; their distance in SD of the scores: median"
        f" {support['distance_median']:.2f}, nine in ten under {support['distance_p90']:.2f}, largest"
        f" {support['distance_max']:.2f}",
    ]


def evaluation_lines(result: StudyResult) -> list[str]:
    """Deaths, support and the worst balance: what could explain the bias."""
    lines = []
    if result.deaths:
        parts = [f"{who} {100 * share:.1f}%" for who, share in result.deaths.items()]
        lines.append(f"deaths within the window: {', '.join(parts)}")
    if result.support:
        lines += _support_lines(result.support)
    lines.append(f"cases with a control: {result.cases_matched:,.0f} of {result.cases:,.0f}")
    worst = sorted(result.balance, key=lambda row: -abs(row.after))[:WORST_ROWS]
    if worst:
        parts = [f"{words(row.covariate)} {row.after:+.2f} ({row.before:+.2f})" for row in worst]
        lines.append(f"worst balance, standardised difference after (before): {', '.join(parts)}")
    return lines


def assumptions() -> str:
    """How many of the model's numbers are assumptions, and how to see them."""
    parameters = load_tables().parameters.values()
    assumed = sum(p.assumed for p in parameters)
    return (
        f"assumptions: {assumed} of {len(parameters)} numbers of the model are RECALL or JUDGEMENT;"
        " see `icpsim parameters`"
    )
