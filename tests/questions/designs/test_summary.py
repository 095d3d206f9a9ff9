"""From made-up replicates whose law is known to bias, coverage, power and a recommendation."""

from statistics import NormalDist

import numpy as np
import pytest

from icpsim.evaluation.designs import DESIGNS
from icpsim.questions.designs.recommend import recommendation, recommended
from icpsim.questions.designs.sizes import size_rows
from icpsim.questions.designs.summary import problems, summarise

N = 4000
SE = 0.1
TRUTH = -0.2
KEY = "26|{}||emergency_admissions"


def replicates(bias: float, design: str = "trial_by_person", seed: int = 1, n: int = N, se: float = SE):
    """Estimates with this bias and known error, and the description of usual care that belongs to it."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        figures = {}
        for world, truth in (("on", TRUTH), ("off", 0.0)):
            estimate = truth + bias + se * rng.normal()
            at = f"{world}|{KEY.format(design)}|"
            p_value = 2 * (1 - NormalDist().cdf(abs(estimate) / se))
            own = {"estimate": estimate, "se": se, "df": np.inf, "truth": truth, "p_value": p_value}
            own |= {"cases": 400.0, "controls": 400.0, "mean": 0.5, "variance": 1.0, "icc": 0.0, "size": 40.0}
            figures |= {at + name: value for name, value in own.items()}
        rows.append(figures)
    return rows


def test_a_sound_design_is_told_as_sound():
    (row,) = summarise(replicates(0.0))
    assert row.replicates == N
    assert abs(row.bias) < 4 * row.bias_se
    assert row.coverage == pytest.approx(0.95, abs=0.014)  # four binomial errors
    assert row.coverage_low < row.coverage < row.coverage_high
    assert row.empirical_se == pytest.approx(SE, rel=0.05)
    assert row.power == pytest.approx(0.516, abs=0.032)  # power of two standard errors
    assert row.false_alarms == pytest.approx(0.05, abs=0.014)
    assert row.smallest == pytest.approx(2.80 * row.empirical_se, rel=1e-3)
    assert row.sound


def test_power_by_formula_is_that_of_two_rates():
    (row,) = summarise(replicates(0.0, n=5))
    se = np.sqrt(2.0 / (400 * 0.5 * np.exp(TRUTH)) + 2.0 / (400 * 0.5))
    from icpsim.questions.designs.sample_size import power

    assert row.formula_power == pytest.approx(power(TRUTH, float(se)), rel=1e-9)


def test_a_biased_design_is_not_recommended():
    rows = summarise(replicates(0.15, n=200))
    assert not rows[0].sound
    assert recommended(rows) is None
    assert "none is recommended" in recommendation(rows)


def test_the_recommendation_names_the_better_and_warns_of_the_biased():
    good, wide, bad = (
        replicates(0.0, n=200),
        replicates(0.0, "trial_by_practice", 2, 200, 2 * SE),
        replicates(0.15, "stepped_wedge", 3, 200),
    )
    rows = summarise([a | b | c for a, b, c in zip(good, wide, bad, strict=True)])
    best = recommended(rows)
    assert best is not None
    assert best.design == "trial_by_person"
    text = recommendation(rows)
    assert text.startswith("For emergency admissions use: trial by person, 26 weeks")
    assert "Without any effect, stepped wedge would report +1" in text
    times = (2.80 * best.empirical_se / best.truth) ** 2
    assert f"about {times:.2g} times the people" in text


def test_errors_fall_with_the_root_of_size():
    (row,) = summarise(replicates(0.0, n=100))
    sizes = {size.scale: size for size in size_rows(row)}
    assert sizes[4.0].se == pytest.approx(sizes[1.0].se / 2)
    assert sizes[1.0].smallest == pytest.approx(row.smallest)
    assert sizes[0.5].power < sizes[1.0].power < sizes[2.0].power < sizes[4.0].power


def test_failures_are_told_with_their_reason():
    rows = [{"on|26|stepped_wedge|problem|too few practices": 1.0}, {}]
    title = DESIGNS["stepped_wedge"].title
    assert problems(rows) == [f"{title.capitalize()}, 26 weeks: not done in 1 of 2 replicates: too few practices"]
    assert summarise(rows) == ()
