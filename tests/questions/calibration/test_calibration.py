"""The report of a calibration: numbers where they belong, sentences that follow from them, pictures that draw."""

import copy

import numpy as np
import pytest
from rich.console import Console

from icpsim.questions.calibration import show_checks, show_panels
from icpsim.questions.calibration.show_pictures import pictures, write_pictures
from icpsim.questions.calibration.show_style import weighted_density
from icpsim.questions.calibration.show_tables import print_calibration, sentences

from .fake_calibration import DRAWS, REPORT


def printed(width=80):
    console = Console(width=width, force_terminal=False)
    with console.capture() as capture:
        print_calibration(console, REPORT)
    return capture.get()


def test_tables_fit_eighty_columns_and_hold_the_numbers():
    text = printed()
    assert max(len(line) for line in text.splitlines()) <= 80
    wide = printed(140)
    line = next(line for line in wide.splitlines() if line.startswith(" all_emergency"))
    assert "+2.0%" in line
    assert "outside" in line
    assert line.split()[-2:] == ["2.90", "-2.6"]
    assert any(line.split()[:3] == ["selection", "25%", "30%"] for line in wide.splitlines())
    assert "-£60" in wide


def test_sentences_follow_from_the_numbers():
    told = sentences(REPORT)
    assert told[0].endswith("truly rose with probability 10%, fell with 70% and stayed within 1% with 20%.")
    assert any(text.startswith("Not identified: GP information") and "months" in text for text in told)
    assert any(text.startswith("all_emergency contradicts the other targets: it lies 2.6") for text in told)
    assert any("below what they predict" in text for text in told)
    assert any(text.startswith("all_emergency is not covered") for text in told)
    vague = next(text for text in told if "2.9 times as wide" in text)
    assert "standard error of 0.03, and the working error is 0.009 (RECALL)" in vague
    assert any("not uniform (p < 0.01) for other pilots: mechanisms.elective_deferral" in text for text in told)


def test_a_sound_report_has_nothing_to_own_up_to():
    sound = copy.deepcopy(REPORT)
    del sound["targets"][1]
    sound["parameters"][1]["sbc_p"] = 0.3
    sound["not_identified"] = []
    told = "\n".join(sentences(sound))
    assert "uniform ranks for every parameter" in told
    for word in ("contradicts", "not covered", "times as wide", "Not identified"):
        assert word not in told


def test_pictures_are_drawn(tmp_path):
    paths = write_pictures(tmp_path / "new", REPORT, DRAWS)
    assert sorted(path.name for path in paths) == sorted(f"calibration-{name}.png" for name in pictures())
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in paths)


@pytest.fixture
def figure():
    from matplotlib.figure import Figure

    return Figure()


def test_the_true_effect_is_stacked_to_one(figure):
    title = show_panels.true_effect(figure, REPORT, DRAWS)
    heights = [bar.get_height() for bars in figure.axes[0].containers for bar in bars]
    assert sum(heights) == pytest.approx(1.0)
    assert "fell with probability 70%" in title


def test_intervals_stand_where_they_belong(figure):
    show_panels.targets(figure, REPORT, DRAWS)
    published = figure.axes[0].lines[0].get_xdata()
    assert published == pytest.approx([3.0, 15.0])


def test_places_that_are_not_flat_are_named(figure):
    named = "true effect, case management: emergency admissions"
    assert f"not flat for {named}" in show_checks.known_truth(figure, REPORT, DRAWS)


def test_the_best_statistic_is_named(figure):
    assert show_checks.information(figure, REPORT, DRAWS).endswith("months")


def test_density_integrates_to_one():
    density = weighted_density(np.array([0.1, 0.9, 0.95]), np.array([0.5, 0.25, 0.25]), 0.0, 1.0, 10)
    assert density.sum() / 10 == pytest.approx(1.0)
    assert density[1] == pytest.approx(5.0)
