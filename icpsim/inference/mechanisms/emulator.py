"""Simulated statistics as smooth functions of the mechanisms, by Gaussian processes, and chance.

A process has a quadratic part (every parameter, square and product, with a common prior) and a smooth rest with a
length for every parameter; scikit-learn learns their sizes. The chance of one evaluation, and how statistics share
it, is the covariance of what the processes leave.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular

from icpsim.base.kinds import Floats

MOST_TO_LEARN = 320
"""Points from which sizes and lengths are learnt; all are conditioned on."""
MOST_STEPS = 40
"""Steps of the search for them."""
CHUNK = 4096
LEAST_EIGENVALUE = 1e-6
"""Of the correlations of chance; below it a statistic is as good as a sum of others."""
LEAST_CHANCE = 0.25
"""Least share of the left-out variance that is taken for chance."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """Prior of one statistic: ``quadratic * (offset + x.y)^2 + amplitude * exp(-|x - y|^2 / 2)``, and chance.

    x and y are points of the unit cube about its middle, in the exponential divided by ``lengths`` float64[d];
    ``noise`` is the variance of one evaluation.
    """

    quadratic: float
    offset: float
    amplitude: float
    lengths: Floats
    noise: float

    def covariance(self, a: Floats, b: Floats) -> Floats:
        """Return prior covariances between points; float64[len(a), len(b)]."""
        centred = a - 0.5, b - 0.5
        found = self.quadratic * (self.offset + centred[0] @ centred[1].T) ** 2
        a, b = a / self.lengths, b / self.lengths
        squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2.0 * a @ b.T
        found += self.amplitude * np.exp(-0.5 * np.maximum(squares, 0.0))
        return found

    def variance(self, a: Floats) -> Floats:
        """Return prior variances at points; float64[len(a)]."""
        found: Floats = self.quadratic * (self.offset + ((a - 0.5) ** 2).sum(axis=1)) ** 2 + self.amplitude
        return found


@dataclass(frozen=True, slots=True)
class Process:
    """One statistic's emulator: its kernel and the simulations that it is conditioned on.

    ``points`` float64[n, d], ``centre`` the mean statistic, ``alpha`` float64[n] the weights of simulations,
    ``factor`` float64[n, n] the lower Cholesky factor of their covariance.
    """

    kernel: Kernel
    points: Floats
    centre: float
    alpha: Floats
    factor: Floats

    def mean(self, points: Floats) -> Floats:
        """Return the expected statistic at points of the unit cube; float64[m]."""
        found = np.full(len(points), self.centre)
        for start in range(0, len(points), CHUNK):
            part = points[start : start + CHUNK]
            found[start : start + CHUNK] += self.kernel.covariance(part, self.points) @ self.alpha
        return found

    def variance(self, points: Floats) -> Floats:
        """Return the variance of what is not known of the expected statistic; float64[m]."""
        found = np.empty(len(points))
        for start in range(0, len(points), CHUNK):
            part = points[start : start + CHUNK]
            cross = self.kernel.covariance(part, self.points).T
            known = solve_triangular(self.factor, cross, lower=True, check_finite=False, overwrite_b=True)
            found[start : start + CHUNK] = self.kernel.variance(part) - (known**2).sum(axis=0)
        return np.maximum(found, 0.0)

    def left_out(self) -> tuple[Floats, Floats]:
        """Return each simulation's residual with itself left out, and its variance.

        By the formulas 5.12 of Rasmussen and Williams 2006, Gaussian Processes for Machine Learning.
        """
        inverse = cho_solve((self.factor, True), np.eye(len(self.points)))
        diagonal = np.diag(inverse)
        return self.alpha / diagonal, 1.0 / diagonal


def learn_kernel(points: Floats, values: Floats) -> Kernel:
    """Return the kernel under which the simulated values of a statistic are most probable."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel

    step = max(1, -(-len(points) // MOST_TO_LEARN))
    chosen, scale = points[::step] - 0.5, float(values.std()) or 1.0
    kernel = (
        ConstantKernel(1.0, (1e-4, 1e2)) * DotProduct(1.0, (0.1, 10.0)) ** 2
        + ConstantKernel(0.1, (1e-4, 10.0)) * RBF(np.ones(points.shape[1]), (0.2, 20.0))
        + WhiteKernel(0.5, (1e-4, 2.0))
    )
    process = GaussianProcessRegressor(kernel, optimizer=_ascend)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        process.fit(chosen, (values[::step] - values.mean()) / scale)
    fitted: Any = process.kernel_
    return Kernel(
        quadratic=float(fitted.k1.k1.k1.constant_value) * scale**2,
        offset=float(fitted.k1.k1.k2.kernel.sigma_0) ** 2,
        amplitude=float(fitted.k1.k2.k1.constant_value) * scale**2,
        lengths=np.atleast_1d(np.asarray(fitted.k1.k2.k2.length_scale, np.float64)),
        noise=float(fitted.k2.noise_level) * scale**2,
    )


def _ascend(objective: Any, start: Floats, bounds: Floats) -> tuple[Floats, float]:
    from scipy.optimize import minimize

    found = minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": MOST_STEPS})
    return found.x, float(found.fun)


def condition(points: Floats, values: Floats, kernel: Kernel) -> Process:
    """Return the emulator of one statistic with this kernel, conditioned on all simulations."""
    covariance = kernel.covariance(points, points)
    covariance[np.diag_indices(len(points))] += kernel.noise
    factor = np.tril(cho_factor(covariance, lower=True)[0])
    centre = float(values.mean())
    return Process(kernel, points, centre, cho_solve((factor, True), values - centre), factor)


@dataclass(frozen=True, slots=True)
class Emulator:
    """Emulators of several statistics, and the chance of one evaluation, float64[statistics, statistics]."""

    names: tuple[str, ...]
    processes: tuple[Process, ...]
    chance: Floats

    def mean(self, points: Floats) -> Floats:
        """Return expected statistics at points of the unit cube; float64[m, statistics]."""
        return np.column_stack([process.mean(points) for process in self.processes])

    def variance(self, points: Floats) -> Floats:
        """Return what is not known of them; float64[m, statistics]."""
        return np.column_stack([process.variance(points) for process in self.processes])

    def conditioned(self, points: Floats, statistics: Floats) -> Emulator:
        """Return emulators with the same kernels, conditioned on other simulations."""
        return emulator_with(points, statistics, self.names, [process.kernel for process in self.processes])

    def only(self, names: Sequence[str]) -> Emulator:
        """Return the emulator of some statistics, in this order."""
        at = [self.names.index(name) for name in names]
        return Emulator(tuple(names), tuple(self.processes[k] for k in at), self.chance[np.ix_(at, at)])


def fit_emulator(points: Floats, statistics: Floats, names: Sequence[str], workers: int = 1) -> Emulator:
    """Learn an emulator of every statistic (float64[n, names]) from simulations at points of the unit cube."""
    from joblib import Parallel, delayed

    kernels = Parallel(n_jobs=workers)(delayed(_learn_one)(points, column) for column in statistics.T)
    return emulator_with(points, statistics, names, kernels)


def _learn_one(points: Floats, column: Floats) -> Kernel:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return learn_kernel(points, column)


def emulator_with(points: Floats, statistics: Floats, names: Sequence[str], kernels: Sequence[Kernel]) -> Emulator:
    """Return an emulator with kernels learnt before, conditioned on these simulations."""
    processes = tuple(
        condition(points, column, kernel) for column, kernel in zip(statistics.T, kernels, strict=True)
    )
    return Emulator(tuple(names), processes, chance_of(processes))


def chance_of(processes: Sequence[Process]) -> Floats:
    """Return the covariance of chance between statistics, from residuals of simulations left out.

    Such a residual is chance and what the emulator does not know there; the latter is taken off its variance.
    """
    left = [process.left_out() for process in processes]
    residuals = np.column_stack([residual for residual, _ in left])
    unknown = np.array([float(np.mean(v)) - p.kernel.noise for p, (_, v) in zip(processes, left, strict=True)])
    covariance = (residuals.T @ residuals) / len(residuals)
    variance = np.diag(covariance)
    kept = np.maximum(variance - np.maximum(unknown, 0.0), LEAST_CHANCE * variance) / variance
    return _invertible(covariance * np.sqrt(np.outer(kept, kept)))


def _invertible(covariance: Floats) -> Floats:
    """Return a covariance with a little more variance where statistics repeat each other, else as it is."""
    scale = np.sqrt(np.diag(covariance))
    if np.linalg.eigvalsh(covariance / np.outer(scale, scale))[0] > LEAST_EIGENVALUE:
        return covariance
    return covariance + np.diag(2.0 * LEAST_EIGENVALUE * scale**2)
