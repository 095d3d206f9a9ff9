"""A discovery's folder and picture: every point in the plane of the two inputs that part failures best."""

from __future__ import annotations

from collections import Counter
from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from icpsim.questions.sensitivity.discovery import Box, Discovery
from icpsim.questions.sensitivity.show_discovery import caption, condition, discovery_object, sentences, told
from icpsim.questions.sensitivity.show_folder import LIBRARIES_USED
from icpsim.questions.sensitivity.show_words import factor_name
from icpsim.report.figure import BLACK, BLUE, RED, SMALL, plain_axis, write
from icpsim.report.folder import answer_folder, write_table, write_told

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def write_discovery(folder: Path, found: Discovery) -> None:
    """Write points, answer and picture; replaces an earlier folder of ours. Raises FolderError."""
    with answer_folder(folder, found.about.version, {"seed": found.about.seed}, LIBRARIES_USED) as fresh:
        rows = []
        for point, values in zip(found.points, found.values, strict=True):
            row: dict[str, float | str] = {
                one.key: one.text(x) for one, x in zip(found.inputs, point, strict=True)
            }
            row |= {f"{found.fails.outcome} {k}": float(value) for k, value in enumerate(values)}
            rows.append(row)
        write_table(fresh / "evaluations.parquet", rows)
        write_told(fresh, discovery_object(found), [*sentences(found), *caption(found)])
        write_picture(found, fresh / "failures.png")


def write_picture(found: Discovery, path: Path) -> Path:
    """Draw every point in the plane of two inputs, failing ones red, and the boxes that these two limit."""

    def draw(figure: Figure) -> str:
        axis = figure.subplots()
        across, up = _plane(found)
        failing = found.failing
        for which, colour, name in ((~failing, BLUE, "does not fail"), (failing, RED, "fails")):
            axis.plot(
                found.points[which, across], found.points[which, up], "o", color=colour, markersize=5, alpha=0.6,
                label=f"{name} ({which.mean():.0%})",
            )  # fmt: skip
        framed = _framed(found, across, up)
        for k, box in enumerate(framed):
            _frame(axis, found, box, (across, up), str(k + 1) if len(framed) > 1 else "")
        names = [one.key for one in found.inputs]
        axis.set_xlabel(factor_name(names[across], names), fontsize=SMALL)
        axis.set_ylabel(factor_name(names[up], names), fontsize=SMALL)
        plain_axis(axis, along="y")
        axis.legend(fontsize=SMALL, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
        return f"Where it fails: {condition(found)}"

    boxes = _framed(found, *_plane(found))
    many = [f"Frame {k + 1}: {told(found, box)}." for k, box in enumerate(boxes)]
    one = [f"Frame: {told(found, box)}." for box in boxes]
    note = " ".join(many if len(boxes) > 1 else one) or "No box was found."
    return write(draw, found.about, note, path)


def _plane(found: Discovery) -> tuple[int, int]:
    """Return the two inputs that boxes limit most often, or that go most with failing."""
    keys = [one.key for one in found.inputs]
    first = [keys.index(limit.key) for limit in found.boxes[0].limits] if found.boxes else []
    often = [keys.index(key) for key, _ in Counter(x.key for box in found.boxes for x in box.limits).most_common()]
    failing = found.failing.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        going = [abs(np.corrcoef(column, failing)[0, 1]) for column in found.points.T]
    rest = np.argsort(-np.nan_to_num(going)).tolist()
    places = list(dict.fromkeys([*first, *often, *rest]))
    return places[0], places[1] if len(places) > 1 else places[0]


def _framed(found: Discovery, across: int, up: int) -> tuple[Box, ...]:
    """Return the boxes that lie in the plane of two inputs; the first of all, if none does."""
    keys = {found.inputs[across].key, found.inputs[up].key}
    lying = [box for box in found.boxes if {limit.key for limit in box.limits} <= keys]
    return tuple(lying or found.boxes[:1])


def _frame(axis: Axes, found: Discovery, box: Box, plane: tuple[int, int], name: str) -> None:
    limits = {limit.key: limit for limit in box.limits}
    ends = []
    for place in plane:
        low, high = found.inputs[place].bounds
        limit = limits.get(found.inputs[place].key)
        if limit is not None:
            low, high = (low if isinf(limit.low) else limit.low), (high if isinf(limit.high) else limit.high)
        ends.append((low, high))
    (left, right), (bottom, top) = ends
    axis.plot([left, right, right, left, left], [bottom, bottom, top, top, bottom], color=BLACK, linewidth=2)
    if name:
        behind = {"facecolor": "white", "edgecolor": BLACK, "pad": 2.0}
        middle = (left + right) / 2, (bottom + top) / 2
        axis.annotate(name, middle, fontsize=SMALL, ha="center", va="center", bbox=behind)
