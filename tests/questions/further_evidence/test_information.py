"""The measure of information against data whose mutual information is known, and against nothing."""

import numpy as np
import pytest
import sklearn.linear_model  # noqa: F401 - loaded before its threads are limited
from scipy import integrate, stats
from threadpoolctl import threadpool_limits

from icpsim.questions.further_evidence.information import (
    clustered_error,
    entropy,
    folds,
    log_losses,
    sd_left,
    shuffled,
    standardised,
    told,
)

EACH, PER_PAST = 24, 12


@pytest.fixture(autouse=True)
def one_thread():
    """Small regressions wait for each other's threads when there are many; icpsim runs them in one, too."""
    with threadpool_limits(1):
        yield


def made(seed, distance, columns=1, each=EACH):
    """Two explanations a distance apart in the first of some normal columns, in whole pasts."""
    rng = np.random.default_rng(seed)
    explanation = np.tile([0, 1], each)
    x = rng.normal(size=(2 * each, columns))
    x[:, 0] += distance * explanation
    return x, explanation, np.arange(2 * each) // PER_PAST


def exact(distance):
    """Mutual information, in bits, of a fair coin and a normal whose mean it moves by ``distance``."""

    def integrand(x):
        a, b = stats.norm.pdf(x), stats.norm.pdf(x, distance)
        mixed = (a + b) / 2
        return 0.5 * (a * np.log2(a / mixed) + b * np.log2(b / mixed))

    return integrate.quad(integrand, -8, 8 + distance)[0]


@pytest.mark.parametrize("distance", [1.0, 2.0, 3.0])
def test_bits_are_those_that_are_known(distance):
    """Mean of 12 data sets of 192, within 4 standard errors plus 0.06 bits that learning costs (it cannot gain).

    False-alarm rate, were the seeds drawn anew: below 1e-4 for a normal mean of 12 (t with 11 degrees: 0.002 at
    most), given the cost.
    """
    found = np.array(
        [told(*made(seed, distance, each=96), np.zeros(192), permutations=0).bits for seed in range(12)]
    )
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert exact(distance) - 0.06 - 4 * error < found.mean() < exact(distance) + 4 * error


def test_nothing_gives_nothing():
    """Eight columns of noise earn no bits: who forecasts what was not learnt from loses on average, or is even.

    Mean of 60 data sets below 4 standard errors. False-alarm rate, were the seeds drawn anew: 1e-4 at most (t with
    59 degrees of freedom). Forecasts that had learnt from what they forecast would earn 0.05, 6 standard errors.
    """
    bits = [1.0 - log_losses(*made(seed, 0.0, columns=8)).mean() for seed in range(60)]
    assert np.mean(bits) < 4 * np.std(bits, ddof=1) / np.sqrt(len(bits))


@pytest.mark.slow
def test_nothing_seldom_exceeds_its_permutations():
    """Eight columns of noise: bits do not exceed what permuting them gives but in about 1 of 20 data sets.

    Of 20 data sets more than 5 exceed their 95th percentile with probability 3e-4 (binomial) at most.
    """
    above = 0
    for seed in range(20):
        x, explanation, past = made(seed, 0.0, columns=8)
        found = told(x, explanation, past, np.zeros(len(x)), permutations=20, key=seed)
        above += found.bits > found.null_95
    assert above <= 5


def test_evidence_is_told_from_its_permutations():
    x, explanation, past = made(1, 3.0)
    found = told(x, explanation, past, np.zeros(len(x)), permutations=20)
    assert found.bits > found.null_95 > found.null_mean
    assert found.null_mean < 0.05
    assert found.bits == pytest.approx(1.0 - found.loss.mean())


def test_useless_columns_do_not_make_information():
    """Five columns of noise beside one that tells: no more bits than are there, within 4 standard errors."""
    found = [told(*made(seed, 2.0, columns=6), np.zeros(48), permutations=0) for seed in range(12)]
    bits = np.array([one.bits for one in found])
    assert bits.mean() < exact(2.0) + 4 * bits.std(ddof=1) / np.sqrt(len(bits))


def test_sd_left_is_that_of_normal_theory():
    """An effect correlated r with evidence keeps sqrt(1 - r^2) of its SD; r = 0.8, 400 of them, within 0.06."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(400, 1))
    effect = 0.8 * x[:, 0] + 0.6 * rng.normal(size=400)
    left, error = sd_left(x, effect, np.arange(400) // 8)
    assert left == pytest.approx(0.6, abs=0.06)
    assert 0 < error < 0.06
    none, _ = sd_left(rng.normal(size=(400, 1)), effect, np.arange(400) // 8)
    assert none == pytest.approx(1.0, abs=0.05)


def test_no_past_is_forecast_from_itself():
    past = np.repeat(np.arange(8), 5)
    parts = folds(past)
    assert np.array_equal(np.sum(parts, axis=0), np.ones(40))
    for part in parts:
        assert not set(past[part]) & set(past[~part])


def test_error_of_a_mean_knows_that_pasts_go_together():
    rng = np.random.default_rng(2)
    shared = np.repeat(rng.normal(size=20), 10)
    past = np.repeat(np.arange(20), 10)
    naive = shared.std(ddof=1) / np.sqrt(200)
    assert clustered_error(shared, past) == pytest.approx(naive * np.sqrt(10), rel=0.05)


def test_missing_numbers_are_means_and_constants_do_no_harm():
    x = np.array([[1.0, 5.0], [np.nan, 5.0], [3.0, 5.0]])
    scaled, other = standardised(x, np.array([[np.nan, 7.0]]))
    assert scaled[1] == pytest.approx([0.0, 0.0])
    assert other[0, 0] == 0.0
    assert np.isfinite(scaled).all()


def test_entropy_and_permutations():
    assert entropy(np.full(4, 0.25)) == pytest.approx(2.0)
    assert entropy(np.array([1.0, 0.0])) == 0.0
    assert sorted(shuffled(30, 1, 2)) == list(range(30))
    assert not np.array_equal(shuffled(30, 1, 2), shuffled(30, 1, 3))


def test_one_past_alone_is_refused():
    x, explanation, _ = made(1, 1.0)
    with pytest.raises(ValueError, match="one past alone"):
        told(x, explanation, np.zeros(len(x), int), np.zeros(len(x)), 0)
