"""From compared arms to a decision: options, what the posterior says of each, and what could be known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

import icpsim
from icpsim.base.kinds import Floats
from icpsim.data.tables import nearest
from icpsim.economics.decision.analysis import AtThreshold, Ranged, Uncertain, at_threshold, ranged, switches
from icpsim.economics.decision.information import over_years, perfect_information
from icpsim.economics.decision.surface import Scale, Surface, check_replicates, fit_surface
from icpsim.economics.errors import DecisionAnalysisError
from icpsim.economics.price_book import PriceBook, price_book
from icpsim.economics.views import View
from icpsim.inference.posterior import ShippedDraws, shipped_draws
from icpsim.model.parameters import load_parameters
from icpsim.questions.compare.counts import PERSON_YEARS, cell
from icpsim.questions.compare.money import money_of, view_values
from icpsim.questions.compare.results import NO_PROGRAMME
from icpsim.questions.compare.rows import years as years_followed
from icpsim.questions.compare.runs import Comparison
from icpsim.questions.decide.what_could_be_known import (
    acting_parameters,
    explanations,
    really_rose,
    what_could_be_known,
)
from icpsim.questions.errors import ComparisonError
from icpsim.report.measures import About

SURFACES = 100
"""Surfaces that expectations and errors are taken over."""
CURVE_POINTS = 33
FEW = 5
"""Replicates for each mechanism below which a warning is given."""


@dataclass(frozen=True, slots=True)
class OptionChange:
    """An option against no programme, a year: the view's net cost (GBP) and emergency admissions avoided."""

    option: str
    cost: Ranged
    avoided: Ranged


@dataclass(frozen=True, slots=True)
class Cloud:
    """Draws of an option for the plane of cost against admissions: one point a draw; GBP and admissions a year."""

    option: str
    cost: tuple[float, ...]
    avoided: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DecisionAnswer:
    """Everything that a decision analysis says.

    ``decisions`` are at the thresholds asked for, ``curve`` along a range of them; ``switches`` say from which
    threshold which option is best. Values are GBP a year for ``people`` on the lists; ``horizon`` is what they
    are to be multiplied by for the people and years asked for, discounted. ``chance`` is the share of the
    variance of each option's net benefit at the last threshold that is chance, and ``counting_chance`` what
    perfect information would be said to be worth there if chance could be known. ``explanations`` are their
    probabilities, and in how many replicates each was drawn. ``without_list_wide_fall`` is the same decision
    without the fall in everyone's outpatient use, None where no option has one.
    """

    about: About
    view: str
    options: tuple[OptionChange, ...]
    decisions: tuple[AtThreshold, ...]
    curve: tuple[AtThreshold, ...]
    switches: tuple[tuple[float, str], ...]
    clouds: tuple[Cloud, ...]
    chance: dict[str, float]
    counting_chance: float
    people: float
    people_asked: float
    years: int
    horizon: float
    explanations: dict[str, tuple[float, int]]
    real: float
    warnings: tuple[str, ...]
    without_list_wide_fall: DecisionAnswer | None = None


def decide(
    comparison: Comparison,
    title: str,
    thresholds: Sequence[float] = (),
    view: View = View.COMMISSIONER,
    *,
    or_nothing: bool = True,
    years: int = 1,
    people: int | None = None,
) -> DecisionAnswer:
    """Weigh arms, and no programme if ``or_nothing``, by net benefit to a view over the posterior's draws.

    ``thresholds`` are GBP for each emergency admission avoided, beyond what the view itself saves by it; default:
    0 (money alone) and the reference cost of an emergency admission. Raises ComparisonError for fewer than two
    options, and DecisionAnalysisError for too few replicates or a wrong threshold or horizon.
    """
    if len(comparison.arms) + or_nothing < 2:
        raise ComparisonError(
            "--no-or-nothing leaves one option: name another scenario, or allow for no programme"
        )
    book = price_book(load_parameters(comparison.arms[0].scenario.parameters))
    asked = tuple(dict.fromkeys(thresholds)) or (0.0, reference_cost(book))
    wanted = _Asked(title, asked, view, or_nothing, years, people)
    found = _decided(comparison, wanted, book, list_wide=True)
    if not any(comparison.list_wide(place) for place in range(len(comparison.arms))):
        return found
    return replace(found, without_list_wide_fall=_decided(comparison, wanted, book, list_wide=False))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked of a decision; fields as ``decide`` takes them."""

    title: str
    thresholds: tuple[float, ...]
    view: View
    or_nothing: bool
    years: int
    people: int | None


def _decided(comparison: Comparison, asked: _Asked, book: PriceBook, list_wide: bool) -> DecisionAnswer:
    posterior, span = shipped_draws(), years_followed(comparison)
    values = yearly_values(comparison, asked.view, list_wide)
    acting = acting_parameters(comparison, posterior, list_wide)
    surface = _surface(comparison, posterior, acting, values)
    points = posterior.values[:, acting]
    weight = posterior.weight / posterior.weight.sum()
    found = _options(comparison, surface.samples(points, SURFACES, comparison.seed), weight, asked.or_nothing)
    knowable = what_could_be_known(posterior, acting)
    best_from = switches(found)
    top = 1.25 * max(1.6 * max(asked.thresholds), best_from[-1][0], 1.0)
    lived = float(np.mean(comparison.without(0, cell(PERSON_YEARS)))) / span
    share_of_lists = asked.people / lived if asked.people else 1.0
    single = _options(comparison, values[None], np.full(len(values), 1.0 / len(values)), asked.or_nothing)
    real = really_rose(posterior)
    return DecisionAnswer(
        about=_about(comparison, asked.title),
        view=asked.view.value,
        options=tuple(
            OptionChange(name, ranged(found.cost[:, :, k], weight), ranged(found.effect[:, :, k], weight))
            for k, name in enumerate(found.options)
        ),
        decisions=tuple(at_threshold(found, threshold, knowable) for threshold in asked.thresholds),
        curve=tuple(at_threshold(found, float(k)) for k in np.linspace(0.0, top, CURVE_POINTS)),
        switches=tuple(best_from),
        clouds=_clouds(found),
        chance=_chance(comparison, surface, asked.thresholds[-1]),
        counting_chance=perfect_information(single.benefit(asked.thresholds[-1])[0]),
        people=lived,
        people_asked=float(asked.people) if asked.people else lived,
        years=asked.years,
        horizon=over_years(1.0, asked.years, book.economics.discount_rate, share_of_lists),
        explanations=explanations(comparison, posterior),
        real=float(weight[[one == "yes" for one in real]].sum()) if real else float("nan"),
        warnings=tuple(_warnings(comparison, len(acting))),
    )


def check_decision(arms: int, or_nothing: bool, replicates: int, thresholds: Sequence[float]) -> None:
    """Raise ComparisonError or DecisionAnalysisError for what cannot be decided, before anything is simulated."""
    if arms + or_nothing < 2:
        raise ComparisonError("--no-or-nothing leaves one option: name another scenario, or allow no programme")
    check_replicates(replicates)
    for threshold in thresholds:
        if not (isfinite(threshold) and threshold >= 0):
            raise DecisionAnalysisError(f"--threshold {threshold:g}: give pounds, 0 or more")


def read_view(text: str) -> View:
    """Return the view of this name; raises ComparisonError naming the nearest."""
    try:
        return View(text)
    except ValueError:
        raise ComparisonError(f"--view {text}: there are {', '.join(View)}{nearest(text, View)}") from None


def yearly_values(comparison: Comparison, view: View, list_wide: bool = True) -> Floats:
    """Return every arm's net cost to a view, then every arm's admissions avoided; float64[replicates, 2 * arms].

    Against no programme, a year: GBP of the price year and emergency admissions, both discounted.
    ``list_wide=False``: without effects on whole lists.
    """
    span = years_followed(comparison)
    money = [money_of(comparison, place, list_wide) for place in range(len(comparison.arms))]
    costs = [-view_values(one, view) / span for one in money]
    avoided = [np.array([replicate.avoided for replicate in one]) / span for one in money]
    return np.column_stack([*costs, *avoided])


def reference_cost(book: PriceBook) -> float:
    """Return the reference cost of an emergency admission in the first year, in pounds of the price year."""
    return book.spell_costs(0)["emergency"] * book.in_price_year(0)


def _surface(comparison: Comparison, posterior: ShippedDraws, acting: Sequence[int], values: Floats) -> Surface:
    rows = [posterior.row(comparison.seed, k) for k in range(comparison.replicates)]
    known, weight = posterior.values[:, acting], posterior.weight / posterior.weight.sum()
    middle = weight @ known
    return fit_surface(known[rows], values, Scale(middle, np.sqrt(weight @ (known - middle) ** 2)))


def _options(comparison: Comparison, values: Floats, weight: Floats, or_nothing: bool) -> Uncertain:
    """Return arms as options from float64[surfaces, draws, 2 * arms]; no programme is the first, if it is one."""
    n = len(comparison.arms)
    cost, effect = values[:, :, :n], values[:, :, n:]
    labels = tuple(arm.label for arm in comparison.arms)
    if or_nothing:
        nothing = np.zeros((*cost.shape[:2], 1))
        cost, effect = (np.concatenate([nothing, part], axis=2) for part in (cost, effect))
        labels = (NO_PROGRAMME, *labels)
    return Uncertain(labels, cost, effect, weight)


def _chance(comparison: Comparison, surface: Surface, threshold: float) -> dict[str, float]:
    n = len(comparison.arms)
    of = {
        arm.label: np.concatenate([-np.eye(n)[k], threshold * np.eye(n)[k]])
        for k, arm in enumerate(comparison.arms)
    }
    return {label: surface.chance(combination) for label, combination in of.items()}


def _clouds(found: Uncertain) -> tuple[Cloud, ...]:
    """Return a surface's draws of each option; another surface for each draw, so that all have their part."""
    rows = np.arange(found.cost.shape[1])
    surface = rows % len(found.cost)
    return tuple(
        Cloud(name, tuple(found.cost[surface, rows, k].tolist()), tuple(found.effect[surface, rows, k].tolist()))
        for k, name in enumerate(found.options)
        if name != NO_PROGRAMME
    )


def _about(comparison: Comparison, title: str) -> About:
    study = comparison.arms[0].scenario.study
    return About(
        title=title,
        who="everyone on the programmes' lists when it starts",
        period=f"{study.programme_weeks + study.follow_up_weeks} weeks from the programme's start",
        replicates=comparison.replicates,
        seed=comparison.seed,
        version=icpsim.__version__,
    )


def _warnings(comparison: Comparison, mechanisms: int) -> list[str]:
    found = list(comparison.problems())
    if comparison.replicates < FEW * mechanisms:
        found.append(
            f"{comparison.replicates} replicates for {mechanisms} mechanisms are few: see the standard errors"
        )
    return found
