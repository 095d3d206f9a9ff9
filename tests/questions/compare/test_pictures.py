"""Pictures of a comparison: what is drawn follows from the rows, nothing is cut off, no texts lie over others."""

from dataclasses import replace
from itertools import combinations
from math import nan
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from icpsim.questions.compare import results as r
from icpsim.questions.compare import (
    show_by_group,
    show_driven,
    show_enrolled,
    show_equity,
    show_pareto,
    show_side_by_side,
)
from icpsim.report import measures as m
from icpsim.report.figure import caption

from .fake_comparison import (
    ABOUT,
    ARMS,
    CHANGE,
    EQUITY,
    FOUND,
    GROUPED,
    HEADLINES,
    OVERLAP,
    POLICIES,
    A,
    B,
    headline,
)
from .fake_comparison import (
    equity as made_up,
)

LONG = [f"policy number {k} with quite a long name" for k in range(13)]
MANY = [replace(row, arm=arm) for arm in LONG for row in headline(arm, 12, -0.015, 0.09, 410_000)]
WRITERS = {
    "arms": lambda path: show_side_by_side.write_side_by_side(HEADLINES, r.NO_PROGRAMME, ABOUT, path),
    "many arms": lambda path: show_side_by_side.write_side_by_side(MANY, r.NO_PROGRAMME, ABOUT, path),
    "groups": lambda path: show_by_group.write_by_group(GROUPED, B, A, "emergency_admissions", ABOUT, path),
    "waterfall": lambda path: show_driven.write_waterfall(CHANGE, ABOUT, path),
    "pareto": lambda path: show_pareto.write_pareto(POLICIES, ABOUT, path),
    "found": lambda path: show_enrolled.write_found(FOUND, OVERLAP, ABOUT, path),
    "equity": lambda path: show_equity.write_equity(EQUITY, ABOUT, path),
    "many equities": lambda path: show_equity.write_equity([made_up(arm, 1, 2) for arm in LONG], ABOUT, path),
}


@pytest.fixture(params=WRITERS)
def drawn(request, tmp_path, monkeypatch):
    """Write one picture; return its figure and its file."""
    kept = []
    monkeypatch.setattr(Figure, "savefig", _kept(kept, Figure.savefig))
    return WRITERS[request.param](tmp_path / "new" / "p.png"), kept[0]


def _kept(figures, save):
    def savefig(figure, *args, **options):
        save(figure, *args, **options)
        figures.append(figure)

    return savefig


def boxes(figure):
    """Boxes of all texts that stand upright and are seen, a pixel smaller all round."""
    renderer = figure.canvas.get_renderer()
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip() and t.get_rotation() == 0]
    hidden = {t for axes in figure.axes if not axes.get_visible() for t in axes.findobj(Text)}
    placed = []
    for axes in figure.axes:  # ticks beyond an axis' limits are made and not drawn
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            outside = [tick for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high]
            hidden |= {label for tick in outside for label in (tick.label1, tick.label2)}
    for text in texts:
        if text not in hidden:
            box = text.get_window_extent(renderer)
            placed.append((text.get_text(), box.padded(-1)))
    return placed


def test_pictures_are_full_hd_slides(drawn):
    path, _ = drawn
    assert imread(path).shape[:2] == (1080, 1920)


def test_pictures_say_who_when_and_how_often(drawn):
    _, figure = drawn
    told = figure.get_supxlabel().replace("\n", " ")
    for words in (ABOUT.who, ABOUT.period, "20 replicates", "seed 1", "icpsim 0.1.0"):
        assert words in told
    assert figure.get_suptitle()


def test_no_text_lies_over_another(drawn):
    _, figure = drawn
    over = [(a, b) for (a, one), (b, two) in combinations(boxes(figure), 2) if one.overlaps(two)]
    assert over == []


def test_no_text_is_cut_off(drawn):
    _, figure = drawn
    width, height = figure.canvas.get_width_height()
    assert [t for t, b in boxes(figure) if b.x0 < 0 or b.y0 < 0 or b.x1 > width or b.y1 > height] == []


def test_every_arm_stands_with_its_numbers():
    figure = Figure()
    show_side_by_side._draw(figure, HEADLINES, ARMS)
    avoided, effects, cost = figure.axes
    assert [t.get_text() for t in avoided.texts] == ["+12", "+43", "+5", "-8"]
    assert [t.get_text() for t in effects.texts][:2] == ["-1.5%", "+9.0%"]
    assert [t.get_text() for t in cost.texts] == ["+£410k", "+£380k", "+£1.24m", "+£95k"]


def test_arms_that_are_left_out_are_counted(tmp_path, monkeypatch):
    kept = []
    monkeypatch.setattr(Figure, "savefig", _kept(kept, Figure.savefig))
    WRITERS["many arms"](tmp_path / "p.png")
    assert "the first 8 of 13 arms" in kept[0].get_supxlabel()


def test_practices_stand_in_order_and_groupings_without_rows_are_left_out():
    figure = Figure()
    rows = r.select(GROUPED, grouping=m.PRACTICE)
    show_by_group._draw(figure, rows, B, A, "emergency_admissions")
    seen = [axes for axes in figure.axes if axes.get_visible()]
    assert len(seen) == 1
    dots = [line.get_ydata()[0] for line in seen[0].lines if line.get_marker() == "o"]
    assert dots == sorted(row.estimate for row in rows)


def test_bars_of_a_waterfall_end_where_the_next_begins():
    figure = Figure()
    show_driven._draw(figure, CHANGE)
    bars = [bar for group in figure.axes[0].containers for bar in group]
    ends = [bar.get_x() + bar.get_width() for bar in bars]
    assert [bar.get_x() for bar in bars] == pytest.approx([0.0, *ends[:4], 0.0])
    assert ends[4] == pytest.approx(ends[5]) == pytest.approx(-31.0)
    words = [t.get_text() for t in figure.axes[0].texts]
    assert words[0] == "-41.5 (-55 to -28)"
    assert sum(float(text.split()[0]) for text in words[:-1]) == float(words[-1].split()[0])


def test_the_front_is_joined_and_named():
    figure = Figure()
    policies = [
        r.Policy("dear", 3.0, 1.0, cost_alone=4.0),
        r.Policy("beaten", 3.0, 2.0),
        r.Policy("cheap", 1.0, 2.0),
    ]
    show_pareto._draw(figure, policies)
    assert [t.get_text() for t in figure.axes[1].texts] == ["cheap", "dear"]
    assert [list(line.get_xdata()) for line in figure.axes[0].lines] == [[3.0], [1.0, 3.0], [1.0, 3.0], [4.0]]


def test_shares_stand_in_their_cells_and_unknown_ones_stay_empty():
    figure = Figure()
    axis = figure.subplots()
    show_enrolled._heat(axis, "age", ["P", "Q"], ["old", "young"], {("P", "old"): 0.25, ("Q", "young"): 1.0})
    assert [(t.get_position(), t.get_text()) for t in axis.texts] == [((0, 0), "25"), ((1, 1), "100")]


def test_the_line_has_the_slope():
    figure = Figure()
    show_equity._draw(figure, EQUITY[1:2])
    line = figure.axes[0].lines[1]
    assert line.get_ydata()[1] - line.get_ydata()[0] == pytest.approx(-2.1)


def test_one_replicate_has_no_interval(tmp_path: Path):
    rows = [replace(row, low=nan, high=nan) for row in GROUPED]
    path = show_by_group.write_by_group(rows, B, A, "emergency_admissions", ABOUT, tmp_path / "p.png")
    assert path.is_file()
    assert "1 replicate (without intervals), seed 1" in caption(replace(ABOUT, replicates=1)).replace("\n", " ")


def test_texts_that_lie_over_others_are_seen():
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = Figure()
    FigureCanvasAgg(figure)
    axis = figure.subplots()
    axis.text(0.5, 0.5, "one")
    axis.annotate("two", (0.51, 0.5))
    figure.canvas.draw()
    placed = dict(boxes(figure))
    assert placed["one"].overlaps(placed["two"])
