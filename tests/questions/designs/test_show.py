"""What a try-out prints, draws and writes."""

import io
import json

import pytest
from matplotlib.figure import Figure
from rich.console import Console

from icpsim.questions.designs import show_picture, show_power
from icpsim.questions.designs.answer import DesignStudy
from icpsim.questions.designs.recommend import recommendation
from icpsim.questions.designs.show_folder import as_object, write_designs
from icpsim.questions.designs.show_tables import print_designs
from icpsim.questions.designs.summary import summarise

from .made_up import OUTCOME, made_up_figures, made_up_study


@pytest.fixture(scope="module")
def study():
    return made_up_study()


def printed(study):
    console = Console(file=io.StringIO(), width=170)
    print_designs(console, study, OUTCOME)
    return console.file.getvalue()


def test_tables_hold_every_design_and_label_naive_ones(study):
    text = printed(study)
    first, sizes, checked = (
        text.split("Smallest effect")[0],
        *text.split("Smallest effect")[1].split("The law held"),
    )
    assert first.count("(naive)") == 6  # two designs, three lengths of follow-up
    assert "(naive)" not in sizes + checked.split("For emergency")[0]
    assert "trial by person (adjusted for use before)" in first
    assert "2 x the sites" in checked
    assert text.split("\n")[-2].strip() or "Without any effect" in text


def test_the_worst_design_is_warned_of(study):
    assert "Without any effect, before and after, no controls (naive) would report -3" in recommendation(
        study.rows
    )


def drawn(draw, *arguments):
    figure = Figure(figsize=(12.8, 7.2), layout="constrained")
    title = draw(figure, *arguments)
    return figure, title


def test_the_picture_has_a_row_a_design_and_an_arrow_for_what_lies_beyond(study):
    rows = [row for row in study.rows if row.window == 26]
    figure, title = drawn(show_picture._draw, rows, OUTCOME)
    errors, chances, sizes = figure.axes
    assert title == "What would your evaluation be able to see? Emergency admissions"
    assert len(errors.get_yticklabels()) == len(rows)
    beyond = [text.get_text() for text in errors.texts]
    assert len(beyond) == 2  # both naive designs
    assert all("effects off" in text for text in beyond)
    assert [text.get_text() for text in chances.get_legend().get_texts()] == [
        "power",
        "power by formula",
        "false alarms, effects off",
    ]
    assert len(sizes.lines) == 6 * (len(rows) - 2)  # a line, four dots and the truth, but for naive designs


def test_power_is_drawn_against_people_and_weeks_for_sound_designs_only(study):
    rows = [row for row in study.rows if row.sound]
    here = [row for row in rows if row.window == 26][:8]
    figure, _ = drawn(show_power._draw, here, rows, OUTCOME)
    sizes, weeks = figure.axes
    names = [text.get_text() for text in weeks.get_legend().get_texts()]
    assert len(names) == len(here)
    assert not any("naive" in name for name in names)
    assert [tick.get_text() for tick in weeks.get_xticklabels()] == ["13", "26", "52"]
    assert all(0.0 <= chance <= 1.0 for line in sizes.lines for chance in line.get_ydata())


def test_one_replicate_is_told_without_a_recommendation(tmp_path):
    figures = made_up_figures(1)
    study = DesignStudy(made_up_study(checked=False).scenario, 1, summarise(figures), (), tuple(figures))
    assert "Fewer than 3 replicates" in printed(study)
    write_designs(tmp_path / "out", study, OUTCOME)
    assert (tmp_path / "out" / "designs.png").stat().st_size > 0
    assert not (tmp_path / "out" / "power.png").exists()
    told = json.loads((tmp_path / "out" / "answer.json").read_text(encoding="utf-8"))
    assert told["recommended"] is None
    assert {row["bias_se"] for row in told["rows"]} == {None}


def test_the_object_has_the_checks_and_no_number_that_json_lacks(study):
    told = as_object(study, OUTCOME)
    json.dumps(told, allow_nan=False)
    assert {check["times"] for check in told["checks"]} == {2}
    assert told["recommended"] in {row["design"] for row in told["rows"] if row["sound"]}
