"""What knowing each thing is worth: bars beside that of knowing everything, at each threshold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from icpsim.economics.decision.analysis import PARAMETER, QUESTION, AtThreshold, Estimate
from icpsim.questions.decide.answer import DecisionAnswer
from icpsim.questions.decide.show_sentences import name_of
from icpsim.report.amounts import pounds
from icpsim.report.figure import BLUE, GREEN, MIDDLE, MUTED, SMALL, TEXT, plain_axis, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_PANELS = 3


def write_partial(answer: DecisionAnswer, path: Path) -> Path:
    """Draw the value of knowing each question and mechanism at the thresholds asked for; returns the file."""
    note = "Green: questions; blue: mechanisms; lines: 1.64 standard errors; parts do not sum to the whole"
    if len(answer.decisions) > MOST_PANELS:
        note += f"; the last {MOST_PANELS} of {len(answer.decisions)} thresholds"
    return write(lambda figure: _draw(figure, answer.decisions[-MOST_PANELS:]), answer.about, note, path)


def _draw(figure: Figure, decisions: tuple[AtThreshold, ...]) -> str:
    panels = figure.subplots(1, len(decisions), sharex=True, sharey=True, squeeze=False)[0]
    most = max(1.0, *(v.value + 1.64 * v.error for found in decisions for v in _values(found)))
    order = _order(decisions)
    for axis, found in zip(panels, decisions, strict=True):
        _panel(axis, found, order)
        axis.set_xlim(0.0, 1.3 * most)
    return "What it is worth to know before deciding, £ a year at most"


def _order(decisions: tuple[AtThreshold, ...]) -> list[int]:
    """Return places of what could be known: questions, then mechanisms, the most valuable first."""
    known = decisions[0].partial
    worth = [max(found.partial[k].value.value for found in decisions) for k in range(len(known))]
    shown = [k for k in range(len(known)) if known[k].kind != PARAMETER]
    return sorted(shown, key=lambda k: (known[k].kind != QUESTION, -worth[k]))


def _values(found: AtThreshold) -> list[Estimate]:
    return [found.perfect, *(one.value for one in found.partial if one.kind != PARAMETER)]


def _panel(axis: Axes, found: AtThreshold, order: list[int]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    shown = [found.partial[k] for k in order]
    names = ["everything", *(name_of(one) for one in shown)]
    values = [found.perfect, *(one.value for one in shown)]
    colours = [MUTED, *(GREEN if one.kind == QUESTION else BLUE for one in shown)]
    places = list(range(len(names)))
    errors = [1.64 * value.error for value in values]
    below = [min(error, value.value) for error, value in zip(errors, values, strict=True)]
    axis.barh(places, [value.value for value in values], color=colours, height=0.65)
    axis.errorbar(
        [v.value for v in values], places, xerr=[below, errors], fmt="none", ecolor="black", elinewidth=1.5
    )
    for place, value, error in zip(places, values, errors, strict=True):
        axis.annotate(
            pounds(value.value), (value.value + error, place), xytext=(5, 0), textcoords="offset points",
            va="center", fontsize=SMALL, color=TEXT,
        )  # fmt: skip
    axis.set_yticks(places, names, fontsize=SMALL)
    axis.set_ylim(len(names) - 0.4, -0.6)
    plain_axis(axis, None, "x")
    axis.xaxis.set_major_locator(MaxNLocator(4))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: pounds(value)))
    axis.set_title(
        f"{pounds(found.threshold)} an admission avoided\nbest: {found.best}", fontsize=MIDDLE, loc="left"
    )
