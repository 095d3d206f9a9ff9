"""Before against after, and group against group, equal statsmodels with the same clustering."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from icpsim.evaluation.contrasts import change_difference, change_ratio, group_difference, group_ratio
from icpsim.evaluation.did import difference_did, rate_ratio_did

TOLERANCE = 1e-8
CLUSTERED = pytest.mark.filterwarnings("ignore:cov_type not fully supported with var_weights")


def people(seed, n=300):
    rng = np.random.default_rng(seed)
    treated = np.arange(n) < n // 4
    weights = np.where(treated, 1.0, rng.uniform(0.1, 1.0, n))
    rate = rng.gamma(1.0, 1.0, n)
    before, after = rng.poisson(2 * rate).astype(float), rng.poisson(1.5 * rate).astype(float)
    return before, after, treated, weights, {"person": rng.integers(0, 200, n)}


def long_form(before, after, cluster):
    n = before.size
    x = np.column_stack([np.ones(2 * n), np.repeat([0.0, 1.0], n)])
    return np.concatenate([before, after]), x, pd.factorize(np.tile(cluster, 2))[0]


def test_change_ratio_equals_statsmodels():
    before, after, _, _, clusters = people(1)
    y, x, groups = long_form(before, after, clusters["person"])
    fit = sm.GLM(y, x, family=sm.families.Poisson()).fit(
        tol=1e-14, cov_type="cluster", cov_kwds={"groups": groups}
    )
    found = change_ratio(before, after, clusters)
    assert found.estimate == pytest.approx(fit.params[1], abs=TOLERANCE)
    assert found.se["person"] == pytest.approx(fit.bse[1], abs=TOLERANCE)


def test_change_difference_equals_statsmodels():
    before, after, _, _, clusters = people(2)
    y, x, groups = long_form(before, after, clusters["person"])
    fit = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": groups})
    found = change_difference(before, after, clusters)
    assert found.estimate == pytest.approx(fit.params[1], abs=TOLERANCE)
    assert found.se["person"] == pytest.approx(fit.bse[1], abs=TOLERANCE)


@CLUSTERED
def test_group_ratio_equals_statsmodels():
    _, after, treated, weights, clusters = people(3)
    x = np.column_stack([np.ones(after.size), treated])
    fit = sm.GLM(after, x, family=sm.families.Poisson(), var_weights=weights).fit(
        tol=1e-14, cov_type="cluster", cov_kwds={"groups": pd.factorize(clusters["person"])[0]}
    )
    found = group_ratio(after, treated, weights, clusters)
    assert found.estimate == pytest.approx(fit.params[1], abs=TOLERANCE)
    assert found.se["person"] == pytest.approx(fit.bse[1], abs=TOLERANCE)


def test_group_difference_equals_statsmodels():
    _, after, treated, weights, clusters = people(4)
    x = np.column_stack([np.ones(after.size), treated])
    fit = sm.WLS(after, x, weights=weights).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(clusters["person"])[0]}
    )
    found = group_difference(after, treated, weights, clusters)
    assert found.estimate == pytest.approx(fit.params[1], abs=TOLERANCE)
    assert found.se["person"] == pytest.approx(fit.bse[1], abs=TOLERANCE)


def test_nothing_happened_gives_nan():
    before, after, treated, weights, clusters = people(5)
    none = np.zeros(before.size)
    for found in (
        change_ratio(none, after, clusters),
        change_ratio(before, none, clusters),
        group_ratio(np.where(treated, 0.0, after), treated, weights, clusters),
    ):
        assert np.isnan([found.estimate, *found.se.values()]).all()


amounts = arrays(np.float64, (12, 2), elements=st.integers(1, 9).map(float))


@given(amounts)
def test_a_difference_in_differences_is_the_difference_of_two_changes(amount):
    """Both kinds: cases' change less controls' change, which is also the groups' gap after less the gap before."""
    before, after = amount.T
    treated, ones, clusters = np.arange(12) < 5, np.ones(12), {"person": np.arange(12)}

    def split(change):
        return [change(before[g], after[g], {}).estimate for g in (treated, ~treated)]

    for did, change, group in (
        (rate_ratio_did, change_ratio, group_ratio),
        (difference_did, change_difference, group_difference),
    ):
        whole = did(before, after, treated, ones, clusters).estimate
        cases, controls = split(change)
        gaps = [group(part, treated, ones, {}).estimate for part in (before, after)]
        assert whole == pytest.approx(cases - controls, abs=1e-9)
        assert whole == pytest.approx(gaps[1] - gaps[0], abs=1e-9)
