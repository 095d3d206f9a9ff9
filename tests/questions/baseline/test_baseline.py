"""Pictures of the natural history: made, labelled, true to the numbers; the folder whole."""

import csv
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from icpsim.inference.natural_history.levels.regression import RegressionToTheMean
from icpsim.questions.baseline.show_england import most_over_least, table_rows
from icpsim.questions.baseline.show_findings import ages, findings, headlines, of_hospital, of_regression
from icpsim.questions.baseline.show_folder import write_folder
from icpsim.questions.baseline.show_pictures import OVERVIEW, Made, draw, pictures, save
from icpsim.report.folder import FolderError
from tests.fake_baseline import CURVES, RESULT

MADE = Made("0.0.test", 7)
AXES = {
    "rates-by-age": 6,
    "concentration": 1,
    "regression-to-the-mean": 2,
    "lorenz": 1,
    "hospital-year": 4,
    "england-by-age": 6,
    "england-by-sex": 4,
    "england-by-deprivation": 8,
    OVERVIEW: 6,
}
CUT = RegressionToTheMean(
    9, np.array([0]), np.array([0.41]), np.array([2.5]), np.array([2.5]), np.array([1.0]), np.array([0.2])
)


def test_findings_say_the_numbers():
    assert findings(CURVES) == {
        "rates-by-age": "Emergency admissions rise from 10 per 1,000 people a year at 0-4 to 190 at 90 and over;"
        " 5 of 10 rates by age lie in the evidence's range",
        "concentration": "The riskiest 5% of adults have 22% of next year's emergency admissions",
        "regression-to-the-mean": "People of 65+ admitted twice or more have 40% of their age's emergency"
        " admissions that year, 10% the year after and 3% in year 5",
        "lorenz": "One person in 20 accounts for 65% of a year's hospital cost; 95% spend no night in a bed as an"
        " emergency",
        "hospital-year": "A hospital for 200,000 people fills 85% of its 500 beds, 80% to 90% over a year's weeks;"
        " 26 of 31,226 electives are cancelled",
        "england-by-age": "From 45 on deaths are within 10% of England's; emergencies are 2 times as many at"
        " 85 and over as at 15-44 (England's episodes: 2 times)",
        "england-by-sex": "Men die 1.5 times as often (England 1.5) and are admitted as an emergency 1.5 times as"
        " often (England 1.5) as women of the same age",
        "england-by-deprivation": "The most deprived fifth has 1.0 times the deaths (England 5.0) and 1.0 times"
        " the emergencies (England 5.0) of the least deprived",
    }


def test_findings_of_fewer_years_and_of_a_hospital_with_room():
    assert of_regression(CUT).endswith("41% of their age's emergency admissions that year")
    roomy = replace(CURVES.hospital, cancelled=np.zeros(52))
    assert of_hospital(roomy).endswith("no elective is cancelled")


def test_deaths_of_a_doubling_every_ten_years_double_every_ten_years():
    deaths = replace(CURVES.rates[4], per_1000=2.0 ** (np.arange(19) / 2))
    said = headlines(replace(CURVES, rates=(*CURVES.rates[:4], deaths)))["deaths"]
    assert said == "From 40 to 89, deaths double with every 10 years of age"


def test_ages_are_named_in_full_years():
    assert (ages((5, 10)), ages((90, 130))) == ("5-9", "90 and over")


@pytest.mark.parametrize("name", AXES)
def test_every_picture_has_its_panels_with_units(name):
    figure = draw(name, CURVES, MADE)
    assert len(figure.axes) == AXES[name]
    shown = [axis for axis in figure.axes if axis.axison]
    of_row = [axis for axis in shown if axis.get_subplotspec().is_first_col() or name != "england-by-deprivation"]
    assert [axis for axis in shown if not axis.get_xlabel()] == []
    assert [axis for axis in of_row if not axis.get_ylabel()] == []
    assert figure.get_supxlabel().replace("\n", " ").endswith("no programme; icpsim 0.0.test, seed\u00a07.")


def test_titles_are_the_findings():
    for name, sentence in findings(CURVES).items():
        assert draw(name, CURVES, MADE).get_suptitle().replace("\n", " ") == sentence
    panels = [axis.get_title(loc="left").replace("\n", " ") for axis in draw(OVERVIEW, CURVES, MADE).axes]
    assert panels == list(headlines(CURVES).values())


@pytest.mark.parametrize("name", AXES)
def test_no_words_leave_the_picture_or_lie_on_others(name):
    figure = draw(name, CURVES, MADE)
    figure.canvas.draw()
    edge = figure.bbox
    boxes = [(figure._suptitle.get_text(), figure._suptitle.get_window_extent())]
    for axis in figure.axes:
        titled = axis.title, axis._left_title, *axis.texts
        boxes += [(text.get_text(), text.get_window_extent()) for text in titled if text.get_text()]
    assert [words for words, box in boxes if box.x1 > edge.x1 + 1 or box.x0 < -1 or box.y1 > edge.y1 + 1] == []
    over = [(a, b) for k, (a, one) in enumerate(boxes) for b, other in boxes[k + 1 :] if one.overlaps(other)]
    assert over == []


def test_ranges_of_targets_are_drawn_and_their_sources_said():
    figure = draw("rates-by-age", CURVES, MADE)
    assert len(figure.axes[0].collections) == 2
    assert "HES (RECALL); HES (PAGE)" in figure.get_supxlabel()
    assert "a list (PAGE)" in draw("concentration", CURVES, MADE).get_supxlabel().replace("\n", " ")
    ticks = [tick.get_text() for tick in draw("regression-to-the-mean", CURVES, MADE).axes[0].get_xticklabels()]
    assert ticks == ["-2", "-1", "index", "+1", "+2", "+3", "+4", "+5"]


def test_a_short_series_is_drawn():
    assert len(draw("regression-to-the-mean", replace(CURVES, regression=CUT), MADE).axes) == 2


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_numbers_make_the_same_bytes(kind, tmp_path: Path):
    for place in ("one", "two"):
        save(draw("lorenz", CURVES, MADE), tmp_path / f"{place}.{kind}")
    one, two = (tmp_path / f"{place}.{kind}" for place in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    assert one.stat().st_size > 10_000


def test_the_folder_holds_table_json_versions_and_every_picture(tmp_path: Path):
    folder = tmp_path / "out"
    write_folder(folder, RESULT, CURVES)
    drawn = {f"{name}.{kind}" for name in (*pictures(), OVERVIEW) for kind in ("png", "svg")}
    assert {path.name for path in folder.iterdir()} == drawn | {
        "baseline.csv", "baseline.json", "england.csv", "versions.json"
    }  # fmt: skip
    assert (folder / "concentration.png").read_bytes().startswith(b"\x89PNG")
    with (folder / "baseline.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert [(row["target"], row["simulated"]) for row in table] == [("emergency_65_74", "0.2"), ("auc", "nan")]
    value = json.loads((folder / "baseline.json").read_text())
    assert value["targets"][1]["simulated"] is None
    assert value["findings"] == findings(CURVES)
    assert value["england"][0]["measure"] == "population"
    assert len(value["england"]) == len(CURVES.england.rows)
    assert "england" not in value["curves"]
    with (folder / "england.csv").open(newline="") as file:
        beside = list(csv.DictReader(file))
    assert (beside[-1]["measure"], beside[-1]["fifth"], beside[-1]["england"]) == ("outpatient", "5", "1.5")
    assert value["curves"]["regression"]["years"] == list(range(-2, 6))
    assert json.loads((folder / "versions.json").read_text())["seed"] == 7
    write_folder(folder, RESULT, CURVES)


def test_a_folder_of_others_is_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FolderError):
        write_folder(tmp_path, RESULT, CURVES)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_table_beside_england_has_every_group_and_marks_what_is_far_off():
    rows = table_rows(CURVES.england)
    assert [row["who"] for row in rows] == [
        "0-4", "5-14", "15-44", "45-64", "65-74", "75-84", "85+", "men", "women",
        "fifth 1", "fifth 2", "fifth 3", "fifth 4", "fifth 5",
    ]  # fmt: skip
    assert rows[0]["population"] == "1.1 / 1"
    assert rows[0]["planned"] == "1.7 / 1.5", "planned care is shown of men"
    assert rows[9]["deaths"] == "1 / 0.3*"
    assert rows[13]["deaths"] == "1 / 1.5*"
    assert rows[12]["deaths"] == "1 / 1.2"


def test_a_ratio_of_nobody_is_no_number_and_the_picture_stands():
    rows = [replace(row, events=0.0, model=math.nan) if row.fifth == 1 else row for row in CURVES.england.rows]
    nobody = replace(CURVES.england, rows=tuple(rows))
    assert math.isnan(most_over_least(nobody.of("deaths", "fifth", "all")).model)
    assert len(draw("england-by-deprivation", replace(CURVES, england=nobody), MADE).axes) == 8


def test_chance_of_a_ratio_is_that_of_independent_events():
    found = most_over_least(CURVES.england.of("deaths", "fifth", "all"))
    assert found == (1.0, 5.0, pytest.approx(0.2))
