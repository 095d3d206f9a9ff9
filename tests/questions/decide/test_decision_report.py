"""A decision printed, as JSON and as pictures: all follow from its numbers, no text over another."""

import io
import json
from dataclasses import replace
from itertools import combinations

import pyarrow.parquet as pq
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from rich.console import Console

from icpsim.questions.decide.answer import decide
from icpsim.questions.decide.show_folder import write_decision
from icpsim.questions.decide.show_sentences import sentences, share
from icpsim.questions.decide.show_terminal import as_object, print_decision, write_pictures
from tests.fake_decision import comparison
from tests.questions.compare.test_pictures import boxes


@pytest.fixture(scope="module")
def made_up():
    return comparison()


@pytest.fixture(scope="module")
def decided(made_up):
    return decide(made_up, "Which: no programme or steady or doubtful?", (0.0, 20_000.0))


def test_what_is_printed_has_every_option_and_everything_that_could_be_known(decided):
    shown = io.StringIO()
    print_decision(Console(file=shown, width=120), decided)
    text = shown.getvalue()
    for words in ("no programme", "steady", "doubtful", "whether +9% was real", "perfect information", "£20k"):
        assert words in text
    assert "no quality-adjusted life years" in " ".join(text.split())


def test_sentences_say_what_numbers_say(decided):
    told = sentences(decided)
    assert any(text.startswith("By money alone (£0 an admission), nothing is worth knowing") for text in told)
    worth = next(text for text in told if "it is worth at most" in text)
    assert "to know whether +9% was real" in worth
    assert decided.decisions[1].best in next(text for text in told if text.startswith("At £20k"))


def test_people_and_years_are_said(decided):
    asked = replace(decided, years=5, people_asked=1_000_000.0, horizon=279.0)
    worth = next(text for text in sentences(asked) if "it is worth at most" in text)
    assert "for 1,000,000 people over 5 years, discounted" in worth


def test_the_object_is_json_and_whole(decided):
    told = json.loads(json.dumps(as_object(decided), allow_nan=False))
    assert [one["threshold"] for one in told["decisions"]] == [0.0, 20_000.0]
    assert told["decisions"][1]["perfect"]["value"] == decided.decisions[1].perfect.value
    assert sum(one["probability"] for one in told["explanations"]) == pytest.approx(1.0)
    assert sum(one["replicates"] for one in told["explanations"]) == decided.about.replicates


def test_the_folder_holds_answer_curves_figures_and_pictures(decided, made_up, tmp_path):
    write_decision(tmp_path / "out", decided, made_up)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    pictures = {"plane.png", "acceptability.png", "information.png", "partial.png"}
    assert pictures | {"answer.json", "answer.txt", "curve.parquet", "figures.parquet", "arm-2.yaml"} <= names
    curve = pq.read_table(tmp_path / "out" / "curve.parquet").to_pandas()
    assert curve.groupby("threshold").probability_best.sum().to_numpy() == pytest.approx(1.0)
    assert (curve.groupby("threshold").highest_on_average.sum() == 1).all()


def test_pictures_are_slides_and_no_text_lies_over_another(decided, tmp_path, monkeypatch):
    kept, savefig = [], Figure.savefig

    def keep(figure, *arguments, **options):
        savefig(figure, *arguments, **options)
        kept.append(figure)

    monkeypatch.setattr(Figure, "savefig", keep)
    paths = write_pictures(decided, tmp_path)
    assert len(paths) == len(kept) == 4
    for path, figure in zip(paths, kept, strict=True):
        assert imread(path).shape[:2] == (1080, 1920)
        over = [(a, b) for (a, one), (b, two) in combinations(boxes(figure), 2) if one.overlaps(two)]
        assert over == [], path.name
        width, height = figure.canvas.get_width_height()
        cut = [t for t, b in boxes(figure) if b.x0 < 0 or b.y0 < 0 or b.x1 > width or b.y1 > height]
        assert cut == [], path.name


def test_a_probability_is_certain_only_if_it_is():
    assert [share(x) for x in (0.0, 0.001, 0.5, 0.999, 1.0)] == ["0%", "under 1%", "50%", "over 99%", "100%"]
