"""What an analysis says, in plain sentences: one paragraph an outcome."""

from __future__ import annotations

from math import isfinite

from icpsim.questions.sensitivity.answer import NOTHING, IndexRow, OutcomeAnalysis, Sensitivity
from icpsim.questions.sensitivity.show_words import amount, factor_name, outcome_name, share, shown

LITTLE = 0.05
"""Total share of variance below which an input is said to matter little."""
MOST_NAMED = 3
TOO_MUCH = 1.15
"""Sum of first-order shares from which a sample is said to be too small."""
SETTLED = 0.05
"""Change of a share of variance by the last doubling of the sample up to which indices are called settled."""


def sentences(found: Sensitivity) -> list[str]:
    """Return what the analysis says: of its screen, of each outcome, and of how it is to be read."""
    lines = []
    if found.screen is not None:
        left = [factor_name(factor) for factor in found.screen.left_out]
        gone = f"left out and held as the scenario has them: {', '.join(left)}" if left else "none left out"
        lines.append(f"Screened by {found.screen.trajectories} Morris trajectories; {gone}.")
    for outcome in found.outcomes:
        lines.append(f"{outcome_name(outcome.outcome)}: {_said(found, outcome)}".strip())
    if found.source == "posterior":
        lines.append(
            "Mechanisms hang together in the posterior: an input may stand high because it goes with another that"
            " acts."
        )
    return lines


def _said(found: Sensitivity, outcome: OutcomeAnalysis) -> str:
    if outcome.sd == 0:
        return "nothing that varied moved it."
    ways = {"sobol": _sobol, "morris": _morris}
    said = ways.get(found.method, _given)(found, outcome)
    return " ".join([said, _chance(outcome), _settled(found, outcome)]).strip()


def _sobol(found: Sensitivity, outcome: OutcomeAnalysis) -> str:
    rows = outcome.measured("first")
    factors = [row.factor for row in rows]
    sure = [row for row in rows if row.low > 0][:MOST_NAMED]
    if not sure:
        return "no input alone is told from nothing; take more samples."
    named = [f"{factor_name(row.factor, factors)} {_interval(row)}" for row in sure]
    alone = sum(row.value for row in rows)
    little = [row for row in outcome.measured("total") if row.value < LITTLE]
    text = f"of its variance {_list(named)} alone; all inputs, each alone, explain {share(alone)}"
    least = 1 - sum(row.high for row in rows)
    if least > 0:
        text += f", so about {share(1 - alone)} (at least {share(least)}) is inputs acting together."
    else:
        text += "; what that lacks of 100%, or has above it, may be sampling."
    if alone > TOO_MUCH:
        text += " More than all cannot be: take more samples."
    if little:
        text += f" {len(little)} of {len(rows)} inputs matter little (below {share(LITTLE)} with all they do)."
    if any(row.value < 0 for row in rows):
        text += " A share below nothing is a zero, off by sampling."
    return text


def _morris(found: Sensitivity, outcome: OutcomeAnalysis) -> str:
    rows = outcome.measured("mu_star")
    factors = [row.factor for row in rows]
    most = [row for row in rows[:MOST_NAMED] if row.value > 0]
    if not most:
        return "no input moved it."
    named = [f"{factor_name(row.factor, factors)} ({amount(row.value)})" for row in most]
    bent = [row.factor for row in most if outcome.of(row.factor, "sigma").value > 0.5 * row.value]
    text = f"moved most by {_list(named)} ({outcome.unit or 'its unit'}, from end to end of the range)."
    if bent:
        names = _list([factor_name(factor, factors) for factor in bent])
        their, verb = ("its", "does depends") if len(bent) == 1 else ("their", "do depends")
        text += f" What {names} {verb} on {their} own place or on others."
    return text


def _given(found: Sensitivity, outcome: OutcomeAnalysis) -> str:
    rows = outcome.measured(found.main)
    level = next((row.high for row in rows if row.factor == NOTHING), 0.0)
    factors = [row.factor for row in rows]
    sure = [row for row in rows if row.low > level and row.factor != NOTHING]
    if not sure:
        return "no input is told from one that does nothing."
    named = [f"{factor_name(row.factor, factors)} ({amount(row.value)})" for row in sure[:MOST_NAMED]]
    return (
        f"goes most with {_list(named)}; {len(sure)} of {len(rows) - 1} inputs stand above one that does"
        f" nothing ({amount(level)})."
    )


def _chance(outcome: OutcomeAnalysis) -> str:
    chance = outcome.chance
    if not isfinite(chance.paired):
        return "What is chance is not known from one replicate."
    text = f"Chance is {share(chance.paired)} of what varies between points"
    if chance.unpaired - chance.paired > 0.01:
        text += f" (without shared draws {share(chance.unpaired)})"
    return text + "."


def _settled(found: Sensitivity, outcome: OutcomeAnalysis) -> str:
    sizes = sorted({row.samples for row in outcome.convergence})
    if len(sizes) < 2:
        return ""
    before, last = (
        {row.factor: row.value for row in outcome.convergence if row.samples == size} for size in sizes[-2:]
    )
    moved = max(abs(last[factor] - before[factor]) for factor in last)
    steps = f"from {sizes[-2]} to {sizes[-1]} samples"
    if found.method != "sobol":
        return f"No index moved by more than {amount(moved)} {steps}."
    points = f"{100 * moved:.2g} percentage points"
    if moved > SETTLED:
        return f"An index still moved by {points} {steps}: take more samples."
    return f"No index moved by more than {points} {steps}."


def _interval(row: IndexRow) -> str:
    low, high = (shown(row.measure, end) for end in (row.low, row.high))
    return f"{shown(row.measure, row.value)} ({low} to {high})"


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
