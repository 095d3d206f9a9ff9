"""Curves along what an admission avoided is worth: which option is best, and what knowing more is worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from icpsim.questions.decide.answer import DecisionAnswer
from icpsim.questions.decide.show_plane import COLOURS
from icpsim.questions.decide.show_sentences import best_by_threshold
from icpsim.report.amounts import pounds
from icpsim.report.figure import BLACK, BLUE, FAINT, MIDDLE, MUTED, SKY, SMALL, plain_axis, wrapped, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DASHES = ("-", "--", "-.", ":")


def write_acceptability(answer: DecisionAnswer, path: Path) -> Path:
    """Draw each option's probability of being best along thresholds, and the frontier; returns the file."""
    note = "Curves: probability that an option is the best; wide: of the option best on average (frontier)"
    return write(lambda figure: _acceptability(figure, answer), answer.about, note, path)


def write_information_curve(answer: DecisionAnswer, path: Path) -> Path:
    """Draw the expected value of perfect information along thresholds with its error; returns the file."""
    note = "Band: 1.64 standard errors to both sides, which more replicates would narrow"
    return write(lambda figure: _information(figure, answer), answer.about, note, path)


def _acceptability(figure: Figure, answer: DecisionAnswer) -> str:
    from matplotlib.ticker import PercentFormatter

    axis = figure.subplots()
    at = [found.threshold for found in answer.curve]
    axis.plot(
        at, [found.frontier for found in answer.curve], color=BLACK, linewidth=6, alpha=0.35, label="frontier"
    )
    names = [one.option for one in answer.curve[0].options]
    for k, name in enumerate(names):
        colour = (
            MUTED if len(names) > len(answer.clouds) and k == 0 else COLOURS[_place(answer, name) % len(COLOURS)]
        )
        values = [found.options[k].probability for found in answer.curve]
        axis.plot(at, values, DASHES[k % len(DASHES)], color=colour, linewidth=2.5, label=wrapped(name, 40))
    plain_axis(axis, None, "y")
    axis.set_ylim(-0.05, 1.03)
    axis.yaxis.set_major_formatter(PercentFormatter(1.0))
    axis.set_ylabel("probability of being the best", fontsize=SMALL)
    _along(axis, answer)
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=MIDDLE, frameon=False)
    return best_by_threshold(answer).removesuffix(".")


def _information(figure: Figure, answer: DecisionAnswer) -> str:
    from matplotlib.ticker import FuncFormatter

    axis = figure.subplots()
    at = np.array([found.threshold for found in answer.curve])
    value = np.array([found.perfect.value for found in answer.curve])
    error = 1.64 * np.array([found.perfect.error for found in answer.curve])
    axis.fill_between(at, np.maximum(value - error, 0.0), value + error, color=SKY, alpha=0.35, linewidth=0)
    axis.plot(at, value, color=BLUE, linewidth=3)
    for start, option in answer.switches[1:]:
        axis.axvline(start, color=FAINT, linewidth=2, zorder=0)
        axis.annotate(
            wrapped(f"from here {option}", 24), (start, 1.0), xycoords=("data", "axes fraction"), xytext=(4, -4),
            textcoords="offset points", fontsize=SMALL, color=MUTED, va="top",
        )  # fmt: skip
    plain_axis(axis, None, "y")
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: pounds(value)))
    top = max(float((value + error).max()), 1.0)
    axis.set_ylim(-0.05 * top, 1.2 * top)
    axis.set_ylabel("worth at most, £ a year", fontsize=SMALL)
    _along(axis, answer)
    return "What it is worth to know every mechanism before deciding"


def _along(axis: Axes, answer: DecisionAnswer) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_xlim(0.0, answer.curve[-1].threshold)
    axis.xaxis.set_major_locator(MaxNLocator(7))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: pounds(value)))
    axis.set_xlabel("worth of an emergency admission avoided", fontsize=SMALL)


def _place(answer: DecisionAnswer, option: str) -> int:
    return next((k for k, cloud in enumerate(answer.clouds) if cloud.option == option), 0)
