"""Regression with clustered errors against statsmodels and scipy on fixed data."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from icpsim.evaluation.designs.regression import Correction, clustered_regression

SAME = 1e-6
"""Relative tolerance of coefficients and errors against another implementation of the same formula."""


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(5)
    n, clusters = 240, 12
    cluster = np.repeat(np.arange(clusters), n // clusters)
    arm = (cluster % 2).astype(float)
    before = rng.poisson(1.0, n)
    level = np.exp(0.3 * rng.normal(size=clusters))[cluster]
    counts = rng.poisson(level * np.exp(-0.5 + 0.2 * arm + 0.3 * np.log1p(before))).astype(float)
    x = np.column_stack([np.ones(n), arm, np.log1p(before)])
    return counts, x, cluster, rng.uniform(0.5, 2.0, n)


def gee(data, kind, family=None):
    counts, x, cluster, exposure = data
    family = sm.families.Poisson() if family is None else family
    offset = np.log(exposure) if isinstance(family, sm.families.Poisson) else None
    model = sm.GEE(counts, x, cluster, family=family, cov_struct=sm.cov_struct.Independence(), offset=offset)
    found = model.fit(cov_type=kind, scale=1.0)
    return found.params, np.asarray(found.cov_params())


@pytest.mark.parametrize(
    ("kind", "correction"), [("robust", Correction.NONE), ("bias_reduced", Correction.MANCL_DEROUEN)]
)
def test_poisson_with_clusters_is_that_of_statsmodels(data, kind, correction):
    counts, x, cluster, exposure = data
    ours = clustered_regression(counts, x, exposure, cluster, log_link=True, correction=correction)
    params, covariance = gee(data, kind)
    np.testing.assert_allclose(ours.coefficients, params, rtol=SAME)
    np.testing.assert_allclose(ours.covariance, covariance, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize(
    ("kind", "correction"), [("robust", Correction.NONE), ("bias_reduced", Correction.MANCL_DEROUEN)]
)
def test_linear_with_clusters_is_that_of_statsmodels(data, kind, correction):
    counts, x, cluster, _ = data
    ones = np.ones(len(counts))
    ours = clustered_regression(counts, x, ones, cluster, log_link=False, correction=correction)
    params, covariance = gee(data, kind, sm.families.Gaussian())
    np.testing.assert_allclose(ours.coefficients, params, rtol=SAME)
    np.testing.assert_allclose(ours.covariance, covariance, rtol=1e-5, atol=1e-9)


def test_clusters_of_one_are_the_hc_errors_of_statsmodels(data):
    counts, x, _, _ = data
    n = len(counts)
    theirs = sm.OLS(counts, x).fit()
    for correction, expected in (
        (Correction.NONE, theirs.cov_HC0),
        (Correction.KAUERMANN_CARROLL, theirs.cov_HC2),
        (Correction.MANCL_DEROUEN, theirs.cov_HC3),
    ):
        ours = clustered_regression(counts, x, np.ones(n), np.arange(n), log_link=False, correction=correction)
        np.testing.assert_allclose(ours.covariance, expected, rtol=SAME, atol=1e-12)


def test_clusters_of_one_size_give_the_t_test_of_their_means(data):
    """With equal clusters and two arms the corrected error is that of two independent means (Welch)."""
    counts, x, cluster, _ = data
    ours = clustered_regression(counts, x[:, :2], np.ones(len(counts)), cluster, log_link=False)
    means = np.array([counts[cluster == c].mean() for c in range(12)])
    found = stats.ttest_ind(means[1::2], means[0::2], equal_var=False)
    estimate, se = ours.of(1)
    assert estimate == pytest.approx(means[1::2].mean() - means[0::2].mean(), rel=SAME)
    assert estimate / se == pytest.approx(found.statistic, rel=SAME)


@pytest.mark.parametrize("log_link", [True, False])
@pytest.mark.parametrize("correction", list(Correction))
def test_cells_are_as_good_as_people(data, log_link, correction):
    counts, x, cluster, _ = data
    cells, cell = np.unique(np.column_stack([cluster, np.round(x[:, 2], 6)]), axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    first = np.array([np.flatnonzero(cell == c)[0] for c in range(len(cells))])
    one_by_one = clustered_regression(
        counts, x, np.ones(len(counts)), cluster, log_link=log_link, correction=correction
    )
    together = clustered_regression(
        np.bincount(cell, counts),
        x[first],
        np.bincount(cell).astype(float),
        cluster[first],
        log_link=log_link,
        correction=correction,
    )
    np.testing.assert_allclose(together.coefficients, one_by_one.coefficients, rtol=SAME)
    np.testing.assert_allclose(together.covariance, one_by_one.covariance, rtol=1e-5, atol=1e-10)


def test_poisson_with_an_effect_for_every_cluster_is_that_of_statsmodels(data):
    """As in a stepped wedge: half of every cluster has the programme, clusters have their own level."""
    counts, _, cluster, exposure = data
    arm = np.arange(len(counts)) % 2
    x = np.column_stack([np.ones(len(counts)), arm, cluster[:, None] == np.arange(1, 12)]).astype(float)
    ours = clustered_regression(counts, x, exposure, cluster, log_link=True, correction=Correction.NONE)
    theirs = sm.GLM(counts, x, family=sm.families.Poisson(), offset=np.log(exposure)).fit(
        cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False}
    )
    np.testing.assert_allclose(ours.coefficients, theirs.params, rtol=SAME, atol=1e-8)
    np.testing.assert_allclose(ours.of(1)[1], theirs.bse[1], rtol=1e-5)
    corrected = clustered_regression(counts, x, exposure, cluster, log_link=True)
    assert 1.0 < corrected.of(1)[1] / ours.of(1)[1] < 1.3


def test_what_cannot_be_told_is_not_a_number(data):
    counts, x, cluster, exposure = data
    twice = np.column_stack([x, x[:, 1]])
    assert np.isnan(clustered_regression(counts, twice, exposure, cluster, log_link=True).of(1)).all()
    assert np.isnan(clustered_regression(0.0 * counts, x, exposure, cluster, log_link=True).of(1)).all()
    one_arm = np.where(x[:, 1] > 0, 0.0, counts)
    assert np.isnan(clustered_regression(one_arm, x, exposure, cluster, log_link=True).of(1)).all()
