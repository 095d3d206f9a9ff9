"""What every kind of evidence tells, on made-up simulations in which it is known; and what comes with icpsim."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from icpsim.cli.main import app
from icpsim.inference.errors import CalibrationError
from icpsim.inference.mechanisms.priors import EXPLANATIONS
from icpsim.inference.posterior import shipped_draws
from icpsim.questions.further_evidence.answer import headline, read_simulations, report, sentences, write_files
from icpsim.questions.further_evidence.evidence import FURTHER, PUBLISHED, everything, tell
from icpsim.questions.further_evidence.show_telling import write_picture
from icpsim.questions.further_evidence.simulations import Plan, Simulated, chosen_draws

EACH, PER_PAST = 24, 12


@pytest.fixture(scope="module")
def made():
    """Deaths alone part the explanations; GP records give the true effect with half the error."""
    rng = np.random.default_rng(4)
    n = 4 * EACH
    explanation = np.tile(np.repeat(np.arange(4), PER_PAST // 4), n // PER_PAST)
    names = dict.fromkeys([*PUBLISHED, *everything().statistics, "year_emergency", "late_emergency"])
    statistics = {name: rng.normal(size=n) for name in names}
    true = rng.normal(0, 0.05, n)
    statistics["true_emergency"] = statistics["true_year_emergency"] = true
    statistics["deaths"] = explanation + rng.normal(0, 0.05, n)
    statistics["emergency"] = true + rng.normal(0.1, 0.05, n)
    statistics["gp_emergency"] = true + rng.normal(0.0, 0.01, n)
    for prefix, error in (("", 0.04), ("gp_", 0.06), ("year_", 0.03), ("late_", 0.1)):
        statistics[f"{prefix}se_emergency"] = np.full(n, error)
    return Simulated(explanation, np.arange(n) // PER_PAST, np.full(4, 0.25), statistics)


@pytest.fixture(scope="module")
def found(made):
    return tell(made, permutations=4)


def row(found, start):
    return next(row for row in found.rows if row.name.startswith(start))


def test_what_tells_the_explanation_is_found(found):
    assert found.open_bits == pytest.approx(2.0)
    deaths = row(found, "deaths")
    assert deaths.gain > 1.0
    assert deaths.gain > 5 * deaths.gain_se
    for name in ("A&E", "the trend", "twelve"):
        assert abs(row(found, name).gain) < 0.3
    assert found.published.told.bits < 0.3


def test_what_tells_the_true_effect_is_found(found):
    assert row(found, "GP records").told.sd_left < 0.35
    assert 0.5 < found.published.told.sd_left < 0.95
    assert row(found, "deaths").told.sd_left == pytest.approx(found.published.told.sd_left, abs=0.1)


def test_precision_and_bias_are_those_of_the_made_up_designs(found):
    assert row(found, "GP records").error_ratio == pytest.approx(1.5)
    assert row(found, "twelve").error_ratio == pytest.approx(0.75)
    assert found.published.bias == pytest.approx(0.1, abs=4 * 0.05 / np.sqrt(96))
    assert np.isnan(row(found, "deaths").error_ratio)


def test_report_sentences_and_picture(found, made, tmp_path):
    told = report(found, Plan(), "abc")
    lines = " ".join(sentences(told))
    assert "such tables): deaths of cases and controls +" in lines
    assert "Not told from none by so many simulations: " in lines
    assert "by a single addition, GP records in the match, " in lines
    assert headline(told).endswith("only deaths of cases and controls can be told from no gain")
    json.dumps(told, allow_nan=False)
    write_files(tmp_path, told, made)
    again = read_simulations(shipped_draws(), tmp_path)
    assert np.array_equal(again.explanation, made.explanation)
    assert np.array_equal(again.statistics["deaths"], made.statistics["deaths"])
    assert write_picture(tmp_path / "p.png", told).read_bytes()[:4] == b"\x89PNG"


def made_up_table(gains, pasts=24):
    """Single additions with these gains in standard errors of 0.1, between a panel and everything."""
    published = {
        "bits": 0.1,
        "bits_se": 0.1,
        "effect_sd_left": 1.0,
        "effect_sd_left_se": 0.1,
        "bias": 0.1,
        "bias_se": 0.1,
    }
    rows = [
        published | {"evidence": f"e{k}", "gain": gain / 10, "gain_se": 0.1, "error_ratio": None}
        for k, gain in enumerate([9.0, *gains, 9.0])
    ]
    return {"open_bits": 2.0, "published": published, "rows": rows, "pasts": pasts}


def test_titles_claim_only_what_is_told_from_none():
    """The largest gain is not named when its error is as wide; few pasts ask for more standard errors."""
    assert headline(made_up_table([2.5, 1.0, 0.0])).startswith("Of single additions")
    assert (
        headline(made_up_table([2.0, 1.0, 0.0]))
        == "No single addition to the published table can be told from no gain"
    )
    assert headline(made_up_table([2.5, 1.0, 0.0], pasts=4)).startswith("No single addition")
    assert headline(made_up_table([5.0, 1.0, 6.0])).endswith("only e1 and e3 can be told from no gain")
    assert "no single one" in " ".join(sentences(made_up_table([2.0, 1.0, 0.0])))


def test_nothing_is_seldom_told_from_nothing():
    """Of 2,000 tables of eight gains that are noise 5% claim one: 60 to 140 of them.

    False-alarm rate, were the seed drawn anew: 5e-5 (binomial).
    """
    rng = np.random.default_rng(8)
    noise = rng.normal(size=(2000, 8, 24))
    gains = noise.mean(axis=2) / (noise.std(axis=2, ddof=1) / np.sqrt(24))
    claims = sum(not headline(made_up_table(row)).startswith("No single") for row in gains)
    assert 60 <= claims <= 140


def test_every_past_sees_all_explanations_alike():
    draws = shipped_draws()
    rows, explanation = chosen_draws(draws, Plan())
    assert len(rows) == 96
    for past in explanation.reshape(-1, Plan().per_past):
        assert np.bincount(past).tolist() == [3, 3, 3, 3]
    assert [EXPLANATIONS[k] for k in explanation] == [draws.explanation[row] for row in rows]


@pytest.mark.parametrize("plan", [Plan(per_past=6), Plan(per_past=12, each=25), Plan(per_past=2)])
def test_pasts_that_cannot_see_all_alike_are_refused(plan):
    with pytest.raises(CalibrationError, match="multiple of 4"):
        chosen_draws(shipped_draws(), plan)


def test_what_is_shipped_is_what_the_shipped_simulations_give():
    """The table's first numbers, worked out anew without permutations, agree to rounding of other processors."""
    from icpsim.questions.further_evidence.answer import shipped_telling

    told = shipped_telling()
    found = tell(read_simulations(shipped_draws()), permutations=2)
    assert [row["evidence"] for row in told["rows"]] == [row.name for row in found.rows]
    for ours, theirs in zip(found.rows, told["rows"], strict=True):
        assert ours.gain == pytest.approx(theirs["gain"], abs=0.02)
        assert ours.told.sd_left == pytest.approx(theirs["effect_sd_left"], abs=0.01)
    assert {row.name for row in FURTHER} < {row["evidence"] for row in told["rows"]}


def test_the_command_prints_one_object():
    done = CliRunner().invoke(app, ["telling", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["open_bits"] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--simulate", "--per-past", "7"), "multiple of 4"),
        (("--simulate", "--stored"), "--simulate and --stored: choose one"),
        (("--write", "somewhere"), "--write somewhere: there is nothing new to write"),
        (("--simulate", "--scenario", "case-managment-sites"), "did you mean 'case-management-sites'"),
        (("--simulate", "--each", "1"), "--each"),
        (("--out", "picture"), "--out picture: a picture's name should end in .png"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_simulated(arguments, says, tmp_path):
    wrong = CliRunner().invoke(app, ["telling", *arguments, "--work", str(tmp_path / "w")])
    assert wrong.exit_code == 2
    assert says in wrong.stderr
