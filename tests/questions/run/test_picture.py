"""The picture: its size, what is written on it, and that extreme results do not spoil it."""

from dataclasses import replace
from math import nan
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.image import imread

from icpsim.questions.run import show_picture
from icpsim.questions.run.answer import OutcomeResult
from icpsim.questions.run.show_picture import write_picture
from tests.fake_study import OUTCOMES, STUDY


def texts(rows: tuple[OutcomeResult, ...]) -> list[str]:
    axis = Figure().subplots()
    show_picture._draw_panel(axis, rows)
    return [text.get_text() for text in axis.texts]


def test_picture_is_a_full_hd_slide_with_ink_in_all_three_colours(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    write_picture(STUDY, path)
    pixels = imread(path)[..., :3]
    assert pixels.shape == (1080, 1920, 3)
    for colour in show_picture.COLOURS.values():
        wanted = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        assert (abs(pixels - wanted).max(axis=2) < 0.02).sum() >= 500


def test_values_are_labelled_directly_and_outside_is_said() -> None:
    assert texts(OUTCOMES[1:2]) == ["elective admissions", "-21% outside", "-9.5%", "-8.0%"]
    assert texts(OUTCOMES[3:]) == [
        "hospital cost per patient", "-£223 (-9%) outside", "-£61 (-3%)", "-£110 (-5%)"
    ]  # fmt: skip


def test_values_that_are_unknown_are_left_out() -> None:
    row = replace(OUTCOMES[0], observed=nan, observed_low=nan, observed_high=nan, true_low=nan, true_high=nan)
    assert texts((row,)) == ["emergency admissions", "+5.2%", "+0.4%"]


def test_runaway_interval_is_cut_at_the_edge_with_its_label_inside() -> None:
    axis = Figure().subplots()
    show_picture._draw_panel(axis, (replace(OUTCOMES[0], estimated_low=0.01, estimated_high=90.0),))
    left, right = axis.get_xlim()
    assert right - left < 100.0
    assert all(left <= text.xy[0] < right for text in axis.texts if hasattr(text, "xy"))


def test_scenario_without_published_results_is_pictured_whole() -> None:
    unpublished = tuple(replace(row, observed=nan) for row in OUTCOMES)
    assert replace(STUDY, outcomes=unpublished).pictured == unpublished
    assert replace(STUDY, outcomes=(*OUTCOMES, unpublished[0])).pictured == OUTCOMES
