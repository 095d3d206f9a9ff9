"""How probable the published effects are, given mechanisms: synthetic likelihood on the emulated statistics.

One evaluation of given mechanisms scatters about its expected statistics by chance, nearly normally; so the
likelihood is a multivariate normal density (Wood 2010, Nature 466; Price et al. 2018, J Comput Graph Stat 27).
Where the published error of a statistic is larger than the chance of a simulated evaluation of the same size, the
published one stands; where it is smaller, chance stands, because no evaluation can be surer than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from icpsim.base.kinds import Floats
from icpsim.inference.mechanisms.aims import Aim


def excess(chance: Floats, published: Floats) -> Floats:
    """Return the variance by which published errors (float64[k]) exceed chance (float64[k, k]); float64[k]."""
    found: Floats = np.maximum(published**2 - np.diag(chance), 0.0)
    return found


def observation_covariance(chance: Floats, published: Floats) -> Floats:
    """Return the covariance of what was observed about what was to be expected; float64[k, k].

    That of chance, and the excess of published errors, each on its own.
    """
    covariance: Floats = chance + np.diag(excess(chance, published))
    return covariance


def published_errors(aims: Sequence[Aim]) -> Floats:
    """Return the published standard errors; float64[aims]."""
    return np.array([aim.se for aim in aims])


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The density of an observation at each of m points, ready for any number of observations.

    ``mean`` float64[m, k]; ``whitener`` float64[m, k, k]: inverse Cholesky factors of the observation's covariance
    with what the emulator does not know; ``constant`` float64[m].
    """

    mean: Floats
    whitener: Floats
    constant: Floats

    def log(self, observed: Floats) -> Floats:
        """Return the log density of an observation (float64[k]) at every point; float64[m]."""
        z = np.einsum("mij,mj->mi", self.whitener, observed - self.mean)
        found: Floats = self.constant - 0.5 * (z**2).sum(axis=1)
        return found


def likelihood(mean: Floats, variance: Floats, covariance: Floats) -> Likelihood:
    """Return the likelihood at points whose emulated ``mean`` and ``variance`` are float64[m, k].

    ``covariance`` float64[k, k] is the observation's about its expectation.
    """
    k = mean.shape[1]
    whitener, constant = np.empty((*mean.shape, k)), np.empty(len(mean))
    for start in range(0, len(mean), 8192):
        part = slice(start, start + 8192)
        factor = np.linalg.cholesky(covariance + variance[part][:, :, None] * np.eye(k))
        whitener[part] = np.linalg.inv(factor)
        constant[part] = -np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    return Likelihood(mean, whitener, constant - 0.5 * k * np.log(2.0 * np.pi))


def log_likelihood(observed: Floats, mean: Floats, variance: Floats, covariance: Floats) -> Floats:
    """Return the log density of one observation at each point; arguments as of :func:`likelihood`."""
    return likelihood(mean, variance, covariance).log(observed)
