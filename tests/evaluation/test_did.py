import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from icpsim.evaluation.did import (
    corrected_difference,
    corrected_rate_ratio,
    difference_did,
    fit_outcome_model,
    rate_ratio_did,
)

TOLERANCE = 1e-8


def matched_people(seed, n_sets=120, shape=1.0):
    """Make sets of one case and 1-5 controls, some controls used twice, correlated within a set."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 6, n_sets)
    sets = np.concatenate([np.arange(n_sets), np.repeat(np.arange(n_sets), sizes)])
    treated = np.arange(sets.size) < n_sets
    weights = np.concatenate([np.ones(n_sets), np.repeat(1 / sizes, sizes)])
    person = np.where(treated, np.arange(sets.size), 1000 + rng.integers(0, 200, sets.size))
    rate = rng.gamma(shape, 1 / shape, n_sets)[sets]
    before, after = rng.poisson(rate * 2).astype(float), rng.poisson(rate * 1.5).astype(float)
    clusters = {"set": sets, "person": person, "site": sets % 6}
    return before, after, treated, weights, clusters, rng


def long_form(before, after, treated, weights, cluster):
    n = before.size
    y = np.concatenate([before, after])
    t, p = np.tile(treated, 2).astype(float), np.repeat([0.0, 1.0], n)
    x = np.column_stack([np.ones(2 * n), t, p, t * p])
    return y, x, np.tile(weights, 2), pd.factorize(np.tile(cluster, 2))[0]


@pytest.mark.filterwarnings("ignore:cov_type not fully supported with var_weights")
@pytest.mark.parametrize("cluster", ["set", "person", "site"])
@pytest.mark.parametrize("with_exposure", [False, True])
def test_rate_ratio_equals_statsmodels(cluster, with_exposure):
    before, after, treated, weights, clusters, rng = matched_people(1)
    time = rng.uniform(3, 26, before.size)
    exposure = (np.full(before.size, 26.0), time) if with_exposure else None
    effect = rate_ratio_did(before, after, treated, weights, clusters, exposure)
    y, x, w, groups = long_form(before, after, treated, weights, clusters[cluster])
    offset = np.log(np.concatenate(exposure)) if with_exposure else None
    model = sm.GLM(y, x, family=sm.families.Poisson(), var_weights=w, offset=offset)
    fit = model.fit(tol=1e-14, cov_type="cluster", cov_kwds={"groups": groups})
    assert effect.estimate == pytest.approx(fit.params[3], abs=TOLERANCE)
    assert effect.se[cluster] == pytest.approx(fit.bse[3], abs=TOLERANCE)


@pytest.mark.parametrize("cluster", ["set", "person", "site"])
def test_cost_difference_equals_statsmodels(cluster):
    before, after, treated, weights, clusters, rng = matched_people(2)
    before, after = before * rng.gamma(1, 900, before.size), after * rng.gamma(1, 900, before.size)
    effect = difference_did(before, after, treated, weights, clusters)
    y, x, w, groups = long_form(before, after, treated, weights, clusters[cluster])
    fit = sm.WLS(y, x, weights=w).fit(cov_type="cluster", cov_kwds={"groups": groups})
    assert effect.estimate == pytest.approx(fit.params[3], rel=TOLERANCE)
    assert effect.se[cluster] == pytest.approx(fit.bse[3], rel=TOLERANCE)


def test_no_events_in_a_group_gives_nan_and_one_cluster_no_error():
    before, after, treated, weights, clusters, _ = matched_people(3)
    none = rate_ratio_did(before, np.where(treated, 0, after), treated, weights, clusters)
    assert np.isnan([none.estimate, *none.se.values()]).all()
    one = rate_ratio_did(before, after, treated, weights, {"site": np.zeros(before.size, int)})
    assert np.isfinite(one.estimate)
    assert np.isnan(one.se["site"])


def test_correction_removes_a_difference_that_covariates_explain():
    """Cases have the higher x and no effect: raw is confounded, corrected is not."""
    rng = np.random.default_rng(4)
    n = 40_000
    treated = np.arange(n) < n // 5
    x = rng.normal(0.4 * treated, 1.0)
    after = rng.poisson(np.exp(0.2 + 0.5 * x)).astype(float)
    weights, clusters = np.ones(n), {"set": np.arange(n)}
    model = fit_outcome_model(after, x[:, None], treated, weights)
    ratio = corrected_rate_ratio(after, model, treated, weights, clusters)
    cost = corrected_difference(after, model, treated, weights, clusters)
    raw = np.log(after[treated].mean() / after[~treated].mean())
    assert raw > 0.15
    # Four standard errors: false alarm 6 in 100,000.
    assert abs(ratio.estimate) < 4 * ratio.se["set"]
    assert abs(cost.estimate) < 4 * cost.se["set"]
    assert 0.005 < ratio.se["set"] < 0.02


def test_corrected_error_is_the_spread_over_repeats():
    """The error counts the fitting of the outcome model: it equals the spread of the estimate itself."""
    rng = np.random.default_rng(5)
    estimates, errors = [], []
    for _ in range(300):
        treated = np.arange(300) < 100
        x = rng.normal(1.0 * treated, 1.0)
        after = rng.poisson(np.exp(0.5 * x)).astype(float)
        model = fit_outcome_model(after, x[:, None], treated, np.ones(300))
        found = corrected_rate_ratio(after, model, treated, np.ones(300), {"set": np.arange(300)})
        estimates.append(found.estimate)
        errors.append(found.se["set"])
    # SD of 300 draws has a relative error of 4%; three of those: false alarm 3 in 1,000.
    assert np.mean(errors) / np.std(estimates) == pytest.approx(1.0, abs=0.13)


def test_correction_of_controls_alone_is_one():
    """Poisson regression with a constant fits the controls' total exactly: A0 = E0."""
    before, after, treated, weights, _, _ = matched_people(6)
    model = fit_outcome_model(after, before[:, None], treated, weights)
    control = ~treated
    assert weights[control] @ model.expected[control] == pytest.approx(weights[control] @ after[control], rel=1e-6)
