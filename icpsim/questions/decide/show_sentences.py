"""What a decision analysis says in plain words; every sentence follows from its numbers."""

from __future__ import annotations

from icpsim.economics.decision.analysis import AtThreshold, Estimate, InformationValue
from icpsim.questions.decide.answer import DecisionAnswer
from icpsim.questions.decide.what_could_be_known import EXPLANATION, REAL
from icpsim.report.amounts import capital, ends, number, plain, pounds
from icpsim.report.measures import MONEY
from icpsim.report.words import WITHOUT_LIST_WIDE, parameter

UNIT = (
    "Thresholds are what the decision maker would pay for an emergency admission avoided, beyond what its view"
    " saves by it; this model has no quality-adjusted life years."
)


def sentences(answer: DecisionAnswer) -> list[str]:
    """Return what to choose, how surely, and what it is worth to know more; chance and its share last."""
    told = [best_by_threshold(answer)]
    for found in answer.decisions:
        told += [_choice(found), _worth(answer, found)]
    return [*told, *_alone(answer.without_list_wide_fall), _explanations(answer), _chance(answer), UNIT]


def _alone(answer: DecisionAnswer | None) -> list[str]:
    """Say what to choose without the list-wide fall in outpatient use, where an option has one."""
    if answer is None:
        return []
    told = " ".join([best_by_threshold(answer), *(_choice(found) for found in answer.decisions)])
    return [f"{capital(WITHOUT_LIST_WIDE)}: {told}"]


def _choice(found: AtThreshold) -> str:
    best = next(one for one in found.options if one.option == found.best)
    benefit = best.net_benefit
    told = f"{_at(found)} {found.best} is best on average"
    if benefit.low == benefit.high == 0:
        rest = [one for one in found.options if one.option != found.best]
        second = max(rest, key=lambda one: one.net_benefit.mean)
        loses = number(MONEY, second.net_benefit.mean)
        told += f" ({second.option}, the next, {loses} a year {ends(MONEY, *_limits(second.net_benefit))})"
    else:
        told += f" ({number(MONEY, benefit.mean)} a year {ends(MONEY, *_limits(benefit))})"
    return f"{told}, and best with probability {share(found.frontier)}."


def _worth(answer: DecisionAnswer, found: AtThreshold) -> str:
    if found.perfect.value < 0.5:
        return f"{_at(found)} nothing is worth knowing before deciding: the choice would stay the same."
    known = {one.name: one for one in found.partial}
    parts = [f"{with_error(found.perfect)} a year to know every mechanism{_horizon(answer, found.perfect)}"]
    parts += [
        f"{with_error(known[name].value)} to know {name}{_horizon(answer, known[name].value)}"
        for name in (REAL, EXPLANATION)
        if name in known
    ]
    single = [one for one in found.partial if one.name not in (REAL, EXPLANATION)]
    top: InformationValue | None = max(single, key=lambda one: one.value.value, default=None)
    if top is not None and top.value.value >= 0.5:
        parts.append(f"of mechanisms, most for {name_of(top)}, {with_error(top.value)}")
    return f"{_at(found)} it is worth at most {'; '.join(parts)}."


def _horizon(answer: DecisionAnswer, value: Estimate) -> str:
    if answer.horizon == 1.0:
        return ""
    span = f"{answer.years} years" if answer.years > 1 else "1 year"
    return (
        f" ({pounds(value.value * answer.horizon)} for {answer.people_asked:,.0f} people over {span}, discounted)"
    )


def _explanations(answer: DecisionAnswer) -> str:
    told = ", ".join(f"{name} {share(probability)}" for name, (probability, _) in answer.explanations.items())
    real = "" if answer.real != answer.real else f" It was real with probability {share(answer.real)}."
    return f"Explanations of +9%: {told}.{real}"


def _chance(answer: DecisionAnswer) -> str:
    parts = ", ".join(f"{option} {share(part)}" for option, part in answer.chance.items())
    threshold, perfect = answer.decisions[-1].threshold, answer.decisions[-1].perfect.value
    told = (
        "Of the variance of net benefit between replicates this part is chance, which nobody can know and which"
        f" is left out: {parts} (at {pounds(threshold)})"
    )
    if answer.counting_chance <= perfect:
        return f"{told}."
    return (
        f"{told}; counted as knowable, perfect information would seem to be worth {pounds(answer.counting_chance)}"
        f" a year there instead of {pounds(perfect)}."
    )


def best_by_threshold(answer: DecisionAnswer) -> str:
    """Return which option has the highest expected net benefit from which threshold on."""
    starts = answer.switches
    if len(starts) == 1:
        return f"{capital(starts[0][1])} has the highest expected net benefit at every threshold."
    parts = [
        f"{option} {'below' if k == 0 else 'from'} {pounds(starts[1][0] if k == 0 else start)}"
        for k, (start, option) in enumerate(starts)
    ]
    return f"Highest expected net benefit, by what an emergency admission avoided is worth: {', '.join(parts)}."


def name_of(known: InformationValue) -> str:
    """Return the name of what could be known, in the reader's words."""
    return parameter(known.name.replace("mechanisms.", "").replace("staffing.", ""))


def share(value: float) -> str:
    """Return a probability in per cent, never 0% or 100% unless it is."""
    if 0 < value < 0.005:
        return "under 1%"
    if 0.995 < value < 1 - 1e-9:
        return "over 99%"
    return f"{100 * value:.0f}%"


def with_error(value: Estimate) -> str:
    """Return an amount with its standard error in brackets."""
    return f"{pounds(value.value)} ({plain(value.error) if value.error < 1 else pounds(value.error)})"


def _at(found: AtThreshold) -> str:
    if found.threshold == 0:
        return "By money alone (£0 an admission),"
    return f"At {pounds(found.threshold)} an admission avoided,"


def _limits(value: object) -> tuple[float, float]:
    return value.low, value.high  # type: ignore[attr-defined]
