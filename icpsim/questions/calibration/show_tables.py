"""The report of a calibration on a terminal: tables of 80 columns, and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from icpsim.base.intervals import MATERIAL
from icpsim.questions.calibration.show_style import short
from icpsim.report.tables import say, table
from icpsim.report.words import TARGETS, pounds, words

if TYPE_CHECKING:
    from rich.console import Console

Report = Mapping[str, Any]
LEAST_SBC_P = 0.01
FACTOR = 2.0
"""A predictive interval within this factor of the target's own is not vague."""
TENSE = 2.0
"""Standard deviations from which a target contradicts the others."""


def print_calibration(console: Console, told: Report) -> None:
    """Print the report of ``icpsim calibration``."""
    _print(
        console,
        "Published, and what evaluations of posterior draws find (90% intervals)",
        ("target", "observed", "predicted", "", "width/own", "tension"),
        [_target_cells(row) for row in told["targets"]],
    )
    say(
        console,
        "width/own: the predictive interval's width over the target's own. tension: how far the target lies from"
        " what all others predict, in standard deviations.\n",
    )
    _print_parameters(console, told["parameters"])
    _print_answers(console, told)
    say(console, *sentences(told))


def _print_parameters(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    _print(
        console,
        "Parameters: prior and posterior",
        ("parameter", "prior", "posterior (SD)", "90%"),
        [_parameter_cells(row) for row in rows],
    )
    _print(
        console,
        "How far to trust them",
        ("parameter", "shrinkage", "second method (SD)", "SBC p", "coverage"),
        [_check_cells(row) for row in rows],
    )
    say(
        console,
        "shrinkage: 1 less posterior over prior SD. SBC p: whether known values lie evenly in their posteriors."
        " coverage: of 90% intervals, over simulated evaluations.\n",
    )


def _print_answers(console: Console, told: Report) -> None:
    _print(
        console,
        "Explanations of the rise in emergency admissions",
        ("explanation", "prior", "posterior", "second method"),
        [
            (row["name"], *(f"{row[name]:.0%}" for name in ("prior", "probability", "second_probability")))
            for row in told["explanations"]
        ],
    )
    title = "True effects expected of the pilots, over the posterior"
    _print(console, title, ("effect", "median", "90%"), [_effect_cells(row) for row in told["effects"]])
    _print(
        console,
        "What a further statistic would tell",
        ("statistic", "bits about the explanation", "SD left of the true emergency effect"),
        [
            (row["statistic"], f"{row['bits_about_the_explanation']:.2f}", f"{row['effect_sd_left']:.0%}")
            for row in told["information"]
        ],
    )


def sentences(told: Report) -> list[str]:
    """Return what the report says in plain words."""
    answer = told["answers"][0]
    found = [
        "At case-management sites emergency admissions truly rose with probability"
        f" {answer['rose']:.0%}, fell with {answer['fell']:.0%} and stayed within {MATERIAL:.0%} with"
        f" {answer['stayed']:.0%}.",
    ]
    found += [_not_identified(row) for row in told["not_identified"]]
    found += [_contradiction(row) for row in told["targets"] if abs(row["tension"] or 0.0) > TENSE]
    found += [
        f"{row['target']} is not covered: published {_shown(row, 'observed')}, predicted {_interval(row)}."
        for row in told["targets"]
        if not row["covered"]
    ]
    found += [_vague(row) for row in told["targets"] if not 1 / FACTOR <= row["width_ratio"] <= FACTOR]
    low = [row["name"] for row in told["parameters"] if row["sbc_p"] < LEAST_SBC_P]
    sets = told["known_truth"]["data_sets"]
    found.append(
        f"Simulation-based calibration over {sets} data sets: "
        + (
            f"ranks are not uniform (p < {LEAST_SBC_P}) for {', '.join(low)}."
            if low
            else "uniform ranks for every parameter."
        )
    )
    second = told["second_method"]
    found.append(
        f"The second method's means lie {second['mean_distance']:.1f} posterior SDs from these on average, at"
        f" most {abs(second['furthest_by']):.1f} ({short(second['furthest'])}); its SDs are"
        f" {second['sd_ratio']:.2f} times as large (median), its effective simulations {second['ess']:.0f}."
    )
    shares = [row["coverage"] for row in told["parameters"]]
    found.append(
        f"90% intervals hold the known value in {min(shares):.0%} to {max(shares):.0%} of {sets} simulated"
        " evaluations."
    )
    found.append(
        f"{told['simulations']['learnt']} simulated evaluations, {told['simulations']['check']} more to check;"
        f" {told['ess']:.0f} effective draws, seed {told['seed']}, icpsim {told['version']}."
    )
    return found


def _not_identified(row: Mapping[str, Any]) -> str:
    return (
        f"Not identified: {short(row['name'])} (posterior SD {1 - row['shrinkage']:.0%} of the prior's); of what"
        f" an evaluation could add, {row['best_statistic']} would say most"
        f" (SD left {row['sd_left_with_it']:.0%}; with all of it"
        f" {row['sd_left_with_all']:.0%})."
    )


def _contradiction(row: Mapping[str, Any]) -> str:
    return (
        f"{row['target']} contradicts the other targets: it lies {abs(row['tension']):.1f} standard deviations"
        f" {'above' if row['tension'] > 0 else 'below'} what they predict."
    )


def _vague(row: Mapping[str, Any]) -> str:
    told = (
        f"{row['target']}: the predictive interval is {row['width_ratio']:.1f} times as wide as the target's own"
    )
    chance = row["chance_se"]
    if chance is not None and row["width_ratio"] > FACTOR and chance > row["published_se"]:
        return (
            f"{told}; one simulated evaluation alone has a standard error of {chance:.3g}, and the working error"
            f" is {row['published_se']:.3g} ({row['tag']})."
        )
    return f"{told}."


def _target_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    own = f"{_shown(row, 'observed')} ({_shown(row, 'observed_low')} to {_shown(row, 'observed_high')})"
    tension = "" if row["tension"] is None else f"{row['tension']:+.1f}"
    predicted = f"{_shown(row, 'predicted')} ({_interval(row)})"
    return (
        row["target"],
        own,
        predicted,
        "" if row["covered"] else "outside",
        f"{row['width_ratio']:.2f}",
        tension,
    )


def _interval(row: Mapping[str, Any]) -> str:
    return f"{_shown(row, 'low')} to {_shown(row, 'high')}"


def _shown(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if row["measure"] == "rate_ratio":
        return f"{value - 1:+.1%}"
    return f"{value:,.0f}" if abs(row["observed"]) > 10 else f"{value:.2f}"


def _parameter_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        short(row["name"]),
        f"{row['prior_low']:g} to {row['prior_high']:g}",
        f"{row['posterior_mean']:.3g} ({row['posterior_sd']:.2g})",
        f"{row['low']:.2g} to {row['high']:.2g}",
    )


def _check_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        short(row["name"]),
        f"{row['shrinkage']:.0%}",
        f"{row['second_mean']:.3g} ({row['second_sd']:.2g})",
        f"{row['sbc_p']:.3f}",
        f"{row['coverage']:.0%}",
    )


def _effect_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    def shown(value: float) -> str:
        return f"{value - 1:+.1%}" if row["measure"] == "rate_ratio" else pounds(value)

    group, outcome = row["effect"].removeprefix("true_").split("_", 1)
    sites = {"cm": "case-management sites", "all": "all sites"}[group]
    return (
        f"{words(outcome, TARGETS)}, {sites}",
        shown(row["median"]),
        f"{shown(row['low'])} to {shown(row['high'])}",
    )


def _print(console: Console, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    console.print(table(headings, rows, title=title, whole={0}, fold=True), markup=False, highlight=False)
