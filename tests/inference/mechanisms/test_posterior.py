"""The inference finds a posterior that is known, from 256 simulated evaluations."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from icpsim.inference.errors import CalibrationError
from icpsim.inference.mechanisms.calibration import Settings, Task, infer
from icpsim.inference.mechanisms.emulator import fit_emulator
from icpsim.inference.mechanisms.known_truth import coverage, known_truth, uniformity
from icpsim.inference.mechanisms.likelihood import (
    excess,
    log_likelihood,
    observation_covariance,
    published_errors,
)
from icpsim.inference.mechanisms.posterior import emulated, prior_points, resample, weigh
from icpsim.inference.mechanisms.second_method import regression_adjusted

from .made_up import CHANCE, EFFECT, NAMES, PRIORS, SLOPES, aims, exact, first_wave

OBSERVED = np.array([0.35, 0.2, 0.2])
SD = np.array([prior.high - prior.low for prior in PRIORS]) / np.sqrt(12.0)


@pytest.fixture(scope="module")
def wave():
    return first_wave()


@pytest.fixture(scope="module")
def emulator(wave):
    return fit_emulator(wave.unit, wave.matrix(NAMES), NAMES)


@pytest.fixture(scope="module")
def points(emulator):
    return emulated(PRIORS, emulator, prior_points(PRIORS, 4096))


def test_the_emulator_is_the_known_function(emulator, points):
    """Within 4 of the standard deviations that it gives for itself, at 16,384 points; and those are small."""
    error = points.mean - points.unit @ SLOPES.T
    assert (np.abs(error) < 4.5 * np.sqrt(points.variance) + 1e-3).mean() > 0.999
    assert np.sqrt(points.variance).max() < 0.05


def test_chance_is_found(emulator):
    """256 residuals give an SD to 4.4% and a correlation to 0.06 or less; four of those."""
    assert np.sqrt(np.diag(emulator.chance)) == pytest.approx(np.sqrt(np.diag(CHANCE)), rel=0.18)
    spread = np.sqrt(np.diag(emulator.chance))
    assert emulator.chance / np.outer(spread, spread) == pytest.approx(CHANCE / 0.08**2, abs=0.25)


def test_the_posterior_is_the_known_one(emulator, points):
    """Mean to a quarter of the prior's SD, SD to a quarter, probabilities to 0.08: what 256 simulations allow."""
    covariance = observation_covariance(emulator.chance, published_errors(aims(OBSERVED)))
    found = weigh(points, OBSERVED, covariance)
    mean, sd, probabilities = exact(OBSERVED, CHANCE)
    assert (np.abs(found.mean() - mean) < 0.25 * SD).all()
    assert found.sd() == pytest.approx(sd, rel=0.25)
    assert found.probabilities() == pytest.approx(probabilities, abs=0.08)
    assert found.effective > 500


def test_with_the_true_chance_and_function_it_is_exact(points):
    """Only the grid of points is left: mean and SD to 2% of the prior's SD."""
    exactly = type(points)(points.values, points.unit, points.explanation, points.unit @ SLOPES.T, 0 * points.mean)
    found = weigh(exactly, OBSERVED, CHANCE)
    mean, sd, probabilities = exact(OBSERVED, CHANCE)
    assert (np.abs(found.mean() - mean) < 0.02 * SD).all()
    assert (np.abs(found.sd() - sd) < 0.02 * SD).all()
    assert found.probabilities() == pytest.approx(probabilities, abs=0.01)


def test_the_likelihood_is_the_normal_density():
    """As scipy's, to 1e-10, at points of which the emulator knows more or less."""
    rng = np.random.default_rng(2)
    mean, variance = rng.normal(size=(7, 3)), rng.uniform(0.0, 0.1, (7, 3))
    found = log_likelihood(OBSERVED, mean, variance, CHANCE)
    expected = [
        multivariate_normal(m, CHANCE + np.diag(v)).logpdf(OBSERVED) for m, v in zip(mean, variance, strict=True)
    ]
    assert found == pytest.approx(expected, rel=1e-10)


def test_published_errors_stand_where_they_are_larger_than_chance():
    published = np.array([0.2, 0.01, 0.08])
    covariance = observation_covariance(CHANCE, published)
    assert np.diag(covariance) == pytest.approx([0.04, 0.08**2, 0.08**2])
    assert excess(CHANCE, published) == pytest.approx([0.04 - 0.08**2, 0.0, 0.0], abs=1e-15)
    assert covariance[0, 1] == CHANCE[0, 1]


def test_a_larger_published_error_says_less(points):
    little = weigh(points, OBSERVED, observation_covariance(CHANCE, np.full(3, 1.0)))
    much = weigh(points, OBSERVED, observation_covariance(CHANCE, np.full(3, 0.01)))
    assert (little.sd() > much.sd()).all()
    assert little.probabilities() == pytest.approx([0.25] * 4, abs=0.05)


def test_the_second_method_agrees(wave, emulator, points):
    """Regression-adjusted ABC on the same simulations: means within 0.6 of the posterior's SD."""
    covariance = observation_covariance(emulator.chance, np.full(3, 0.01))
    found = weigh(points, OBSERVED, covariance)
    bounds = tuple(np.array([getattr(prior, end) for prior in PRIORS]) for end in ("low", "high"))
    second = regression_adjusted(
        wave.values, bounds, wave.matrix(NAMES), wave.explanation, wave.log_weight, OBSERVED, covariance
    )
    assert (np.abs(second.mean() - found.mean()) < 0.6 * found.sd()).all()
    assert second.probabilities == pytest.approx(found.probabilities(), abs=0.2)


def test_draws_have_the_weights(points):
    weight = np.arange(1.0, 11.0)
    rows = resample(weight / weight.sum(), 5500, 3)
    assert np.abs(np.bincount(rows, minlength=10) - 100 * weight).max() <= 1
    assert (resample(weight, 100, 3) == resample(weight, 100, 3)).all()


@pytest.fixture(scope="module")
def known(wave, emulator):
    effects = fit_emulator(wave.unit, wave.matrix(["effect"]), ["effect"])
    points = prior_points(PRIORS, 1024)
    return known_truth(PRIORS, wave, 256, aims(OBSERVED), effects, emulator, points, lambda *_: None)


def test_known_truths_lie_evenly_in_their_posteriors(known):
    """Four quantities; each test alarms falsely once in a thousand."""
    assert known.names == (*(prior.name for prior in PRIORS), "effect")
    assert (uniformity(known.place) > 0.001).all()
    assert ((coverage(known.place) > 0.8) & (coverage(known.place) < 0.97)).all()


def test_a_wrong_inference_is_seen(wave, emulator):
    """Were chance thought half as large, places would crowd at the ends; were it shifted, at one of them."""
    effects = fit_emulator(wave.unit, wave.matrix(["effect"]), ["effect"])
    shifted = {**wave.statistics, "c": wave.statistics["c"] + 0.12}
    wrong = type(wave)(wave.values, wave.unit, wave.explanation, wave.log_weight, wave.past, shifted)

    class Sure(type(emulator)):
        def conditioned(self, points, statistics):
            of = wave.matrix(NAMES)[np.isin(wave.unit[:, 2], points[:, 2])]
            own = super().conditioned(points, of)
            return type(emulator)(own.names, own.processes, own.chance)

    sure = Sure(emulator.names, emulator.processes, emulator.chance)
    points = prior_points(PRIORS, 1024)
    found = known_truth(PRIORS, wrong, 256, aims(OBSERVED), effects, sure, points, lambda *_: None)
    assert uniformity(found.place)[2] < 0.001


def test_the_true_effect_is_that_of_the_mechanisms(wave, points):
    effects = fit_emulator(wave.unit, wave.matrix(["effect"]), ["effect"])
    assert effects.mean(points.unit)[:, 0] == pytest.approx(points.unit @ EFFECT, abs=0.02)


def test_a_statistic_without_a_number_is_named(wave):
    holed = {**wave.statistics, "b": np.where(np.arange(256) < 3, np.nan, wave.statistics["b"])}
    wrong = type(wave)(wave.values, wave.unit, wave.explanation, wave.log_weight, wave.past, holed)
    task = Task(PRIORS, aims(OBSERVED), Settings(points=256), 1, lambda *_: None)
    with pytest.raises(CalibrationError, match="3 of 256 simulated evaluations give no number for b"):
        infer(task, wrong, ["effect"])
