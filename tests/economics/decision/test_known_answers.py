"""Partial information and the surface beside answers that are known in closed form, and beside statsmodels.

The example of two normal parameters is that of the R package voi (Jackson, Heath, Baio et al.), package overview,
https://chjackson.github.io/voi/articles/voi.html: net benefit is 0 for treatment 1 and p1 - p2 for treatment 2, p1
normal with mean 1 and SD 1, p2 with mean 0 and SD 2. Its exact values follow from the truncated normal mean.
"""

import numpy as np
import pytest
from scipy import stats
from statsmodels.gam.api import BSplines, GLMGam

from icpsim.economics.decision.information import information_on_groups, perfect_information
from icpsim.economics.decision.partial import information_on, smooth_functions
from icpsim.economics.decision.surface import Scale, fit_surface
from icpsim.economics.errors import DecisionAnalysisError

DRAWS = 4096


def exact(mean: float, sd: float) -> float:
    """Mean of the positive part of a normal, less the better of 0 and its mean."""
    return float(mean * stats.norm.cdf(mean / sd) + sd * stats.norm.pdf(mean / sd) - max(0.0, mean))


def truncated(mean: float, sd: float) -> float:
    """Return the same as the package overview has it: mean of a truncated normal times its probability."""
    positive = 1 - stats.norm.cdf(0, mean, sd)
    a = -mean / sd
    return float((mean + sd * stats.norm.pdf(a) / (1 - stats.norm.cdf(a))) * positive - mean)


@pytest.fixture(scope="module")
def two_normals():
    luck = stats.qmc.Sobol(2, seed=1).random(DRAWS)
    p1, p2 = stats.norm.ppf(luck[:, 0], 1, 1), stats.norm.ppf(luck[:, 1], 0, 2)
    return p1, p2, np.column_stack([np.zeros(DRAWS), p1 - p2])


def test_the_two_closed_forms_agree():
    assert exact(1, np.sqrt(5)) == pytest.approx(truncated(1, np.sqrt(5)))


def test_perfect_and_partial_information_of_two_normals(two_normals):
    p1, p2, benefit = two_normals
    assert perfect_information(benefit) == pytest.approx(exact(1, np.sqrt(5)), abs=0.01)
    for parameter, sd in ((p1, 1.0), (p2, 2.0)):
        found = information_on(smooth_functions(parameter[:, None]), benefit)
        assert found == pytest.approx(exact(1, sd), abs=0.01)
    both = information_on(smooth_functions(np.column_stack([p1, p2])), benefit)
    assert both == pytest.approx(exact(1, np.sqrt(5)), abs=0.01)


def test_partial_information_is_that_of_a_generalised_additive_model_of_statsmodels(two_normals):
    """Where the expectation bends: net benefit is a product of what is known and what is not, plus a curve."""
    p1, p2, _ = two_normals
    gain = 0.5 - p1**2 + 0.3 * p1**3 + p2 * p1
    found = information_on(smooth_functions(p1[:, None]), np.column_stack([np.zeros(DRAWS), gain]))
    splines = BSplines(p1[:, None], df=[10], degree=[3])
    fitted = GLMGam(gain, exog=np.ones((DRAWS, 1)), smoother=splines, alpha=[0.01]).fit().fittedvalues
    reference = np.maximum(fitted, 0.0).mean() - max(0.0, gain.mean())
    assert reference > 0.1
    assert found == pytest.approx(reference, abs=0.02)


def test_a_step_at_zero_is_seen():
    """A mechanism that half of the explanations do not have: 0 there, and around 1 elsewhere."""
    luck = stats.qmc.Sobol(2, seed=2).random(DRAWS)
    has = luck[:, 0] < 0.5
    value = np.where(has, 0.9 + 0.2 * luck[:, 1], 0.0)
    benefit = np.column_stack([np.zeros(DRAWS), np.where(has, 10.0, -10.0)])
    assert information_on(smooth_functions(value[:, None]), benefit) == pytest.approx(5.0, abs=0.05)
    assert information_on_groups(benefit, has.tolist()) == pytest.approx(5.0, abs=0.05)


def test_weights_are_as_good_as_repetition(two_normals):
    p1, _, benefit = two_normals
    times = 1 + np.arange(300) % 3
    one = information_on(smooth_functions(p1[:300, None], times), benefit[:300], times)
    again = np.repeat(np.arange(300), times)
    other = information_on(smooth_functions(p1[again, None]), benefit[again])
    assert one == pytest.approx(other, abs=1e-6)


def linear(points):
    return 1 + points[:, 0] - 2 * points[:, 1]


@pytest.fixture(scope="module")
def noisy():
    """Replicates of which 13 parts in 18 of the variance are chance: 5 of mechanisms, 13 of chance."""
    luck = stats.norm.ppf(stats.qmc.Sobol(7, seed=3).random(256))
    points, chance = luck[:, :6], np.sqrt(13.0) * luck[:, 6]
    return points, linear(points) + chance


def test_chance_is_parted_from_mechanisms(noisy):
    points, gain = noisy
    surface = fit_surface(points, gain[:, None], Scale(np.zeros(6), np.ones(6)))
    assert surface.chance(np.ones(1)) == pytest.approx(13 / 18, abs=0.06)
    known = np.corrcoef(surface.mean(points)[:, 0], linear(points))[0, 1]
    assert known > 0.95


def test_perfect_information_on_mechanisms_leaves_chance_out(noisy):
    points, gain = noisy
    surface = fit_surface(points, gain[:, None], Scale(np.zeros(6), np.ones(6)))
    after = stats.norm.ppf(stats.qmc.Sobol(6, seed=4).random(1024))
    samples = surface.samples(after, 100, 1)[:, :, 0]
    values = [perfect_information(np.column_stack([np.zeros(1024), one])) for one in samples]
    true = exact(1, np.sqrt(5))
    assert abs(np.mean(values) - true) < 3 * np.std(values)
    counted = perfect_information(np.column_stack([np.zeros(len(gain)), gain]))
    assert counted > 2 * true, "over single replicates chance is counted as if it could be known"


def test_chance_that_values_share_is_counted_once(noisy):
    """Two arms with the same chance: their difference is known exactly though neither is."""
    points, gain = noisy
    values = np.column_stack([gain, gain + points[:, 2]])
    surface = fit_surface(points, values, Scale(np.zeros(6), np.ones(6)))
    samples = surface.samples(points, 50, 1)
    apart = samples[:, :, 1] - samples[:, :, 0]
    assert np.abs(apart - points[:, 2]).max() < 0.2
    assert samples[:, :, 0].std(axis=0).mean() > 0.2
    assert surface.chance(np.array([-1.0, 1.0])) < 0.01


def test_surfaces_hold_the_truth_as_often_as_they_say():
    inside = 0
    for seed in range(40):
        luck = stats.norm.ppf(stats.qmc.Sobol(5, seed=seed).random(64))
        points, gain = luck[:, :4], linear(luck) + 3.0 * luck[:, 4]
        surface = fit_surface(points, gain[:, None], Scale(np.zeros(4), np.ones(4)))
        at = np.array([[1.0, 1.0, 0.0, 0.0]])
        low, high = np.quantile(surface.samples(at, 200, seed)[:, 0, 0], [0.05, 0.95])
        inside += low <= linear(at)[0] <= high
    assert inside >= 30, "of 40 intervals of 90%, 36 are expected"


def test_what_does_not_vary_is_known():
    points = stats.norm.ppf(stats.qmc.Sobol(2, seed=1).random(16))
    surface = fit_surface(points, np.full((16, 2), 7.0), Scale(np.zeros(2), np.ones(2)))
    assert np.abs(surface.samples(points, 5, 1) - 7.0).max() < 1e-3
    assert surface.chance(np.array([1.0, 0.0])) == 0.0


def test_the_same_seed_gives_the_same_surfaces(noisy):
    points, gain = noisy
    surface = fit_surface(points, gain[:, None], Scale(np.zeros(6), np.ones(6)))
    assert np.array_equal(surface.samples(points, 3, 1), surface.samples(points, 3, 1))
    assert not np.array_equal(surface.samples(points, 3, 1), surface.samples(points, 3, 2))


def test_few_replicates_are_refused():
    with pytest.raises(DecisionAnalysisError, match="--replicates 4"):
        fit_surface(np.ones((4, 2)), np.ones((4, 1)), Scale(np.zeros(2), np.ones(2)))
    with pytest.raises(DecisionAnalysisError, match="finite"):
        fit_surface(np.ones((9, 2)), np.full((9, 1), np.nan), Scale(np.zeros(2), np.ones(2)))
    with pytest.raises(DecisionAnalysisError, match="draws, parameters"):
        smooth_functions(np.ones(3))
