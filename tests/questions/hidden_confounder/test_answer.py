"""What ``icpsim confounder`` says, from made-up traits; and how it refuses wrong input."""

import json

import pytest
from typer.testing import CliRunner

from icpsim.cli.main import app
from icpsim.questions.errors import ConfounderError
from icpsim.questions.hidden_confounder.answer import GAPS, RATE_RATIOS, answer, sentences
from icpsim.questions.hidden_confounder.bias import Confounder
from icpsim.questions.hidden_confounder.hidden import TRAITS
from icpsim.questions.hidden_confounder.measure import shipped_traits, trait
from icpsim.questions.hidden_confounder.show_confounding import write_picture


def world(cases=0.4, controls=0.2, ratio=2.0):
    found = {}
    for name in TRAITS:
        found |= {f"{name}_cases": cases, f"{name}_controls": controls, f"{name}_rate_ratio": ratio}
    return found


def measured():
    traits = [trait(name, [world(), world(cases=0.3)]) for name in TRAITS]
    whole = {"mean": 0.1, "low": 0.05, "high": 0.2}
    return {"traits": traits, "draws": 2, "bias": whole, "scenario": "made up"}


def test_a_trait_is_the_mean_of_its_worlds():
    found = trait("flare", [world(), world(cases=0.3)])
    low, high = (Confounder(cases, 0.2, 2.0).bias for cases in (0.3, 0.4))
    assert found["cases"]["mean"] == pytest.approx(0.35)
    assert found["bias"]["low"] == pytest.approx(low, rel=1e-4)
    assert found["bias"]["high"] == pytest.approx(high, rel=1e-4)


def test_gaps_that_are_needed_make_the_bias():
    told = answer(1.09, 1.0, 0.2, GAPS, RATE_RATIOS, None)
    assert [round(row["bias"], 3) for row in told["questions"]] == [1.09, 1.147, 1.211]
    for row in told["questions"]:
        for gap, ratio in zip(row["gap_needed"], RATE_RATIOS, strict=True):
            if gap is not None:
                assert Confounder(0.2 + gap, 0.2, ratio).bias == pytest.approx(row["bias"])
    assert told["bias"][3][1] == pytest.approx(Confounder(0.3, 0.2, 2.0).bias)


def test_sentences_name_every_trait_and_whether_one_is_enough():
    lines = " ".join(sentences(answer(1.09, 1.0, 0.2, GAPS, RATE_RATIOS, measured())))
    for words in TRAITS.values():
        assert words in lines
    assert "is enough to explain +9% when nothing is true" in lines
    less = " ".join(sentences(answer(1.5, 1.0, 0.2, GAPS, RATE_RATIOS, measured())))
    assert "is not enough alone to explain +50%" in less


def test_a_picture_is_drawn(tmp_path):
    path = write_picture(tmp_path / "a" / "b.png", answer(1.09, 1.0, 0.2, GAPS, RATE_RATIOS, measured()))
    assert path.read_bytes()[:4] == b"\x89PNG"


def test_the_command_prints_one_object():
    done = CliRunner().invoke(app, ["confounder", "--observed", "1.2", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["questions"][0]["question"] == "explain +20% when nothing is true"
    assert told["model"] == shipped_traits()
    assert len(told["model"]["worlds"]) >= 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--observed", "0"], "observed ratio must be above 0"),
        (["--true", "-1"], "true ratio must be above 0"),
        (["--controls", "1.5"], "share of controls must lie between 0 and 1"),
        (["--rate-ratio", "0"], "rate ratio must be above 0"),
        (["--observed", "nan"], "observed ratio must be above 0, not nan"),
        (["--controls", "nan"], "share of controls must lie between 0 and 1"),
        (["--gap", "15"], "a prevalence gap must lie between -1 and 1, not 15; 15 percentage points are 0.15"),
        (["--gap", "nan"], "a prevalence gap must lie between -1 and 1, not nan"),
        (["--out", "picture.jpg"], "--out picture.jpg: a picture's name should end in .png"),
    ],
)
def test_wrong_input_is_refused_in_words(arguments, message):
    done = CliRunner().invoke(app, ["confounder", *arguments])
    assert done.exit_code == 2
    assert message in done.stderr


def test_an_empty_grid_is_refused():
    with pytest.raises(ConfounderError, match="at least one"):
        answer(1.09, 1.0, 0.2, [], RATE_RATIOS, None)
