"""The calibration as one plain object: targets, parameters, explanations, answers, checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

import icpsim
from icpsim.base.intervals import Z90
from icpsim.base.kinds import Floats
from icpsim.data.published_effects import calibration_targets
from icpsim.inference.mechanisms.aims import CANCER_FALL, CANCER_SHARE, ELECTIVE, Aim
from icpsim.inference.mechanisms.calibration import EFFECTS
from icpsim.inference.mechanisms.conclusions import Calibration
from icpsim.inference.mechanisms.known_truth import coverage, uniformity
from icpsim.inference.mechanisms.priors import EXPLANATIONS
from icpsim.scenario.overrides import OF_PROGRAMME

NOT_IDENTIFIED = 0.1
"""A parameter whose standard deviation shrinks by less than this share is not identified."""


def report(found: Calibration) -> dict[str, Any]:
    """Return the report, with numbers rounded to six digits."""
    settings = found.settings
    return {
        "version": icpsim.__version__,
        "scenario": settings.scenario,
        "seed": settings.seed,
        "settings": asdict(settings),
        "simulations": {"learnt": len(found.simulations.learnt.past), "check": len(found.simulations.check.past)},
        "ess": rounded(found.inferred.posterior.effective),
        "draws": settings.draws,
        "targets": _targets(found),
        "parameters": _parameters(found),
        "correlations": _correlations(found),
        "explanations": _explanations(found),
        "second_method": _agreement(found),
        "effects": _effects(found),
        "answers": [_answer(row) for row in found.answers],
        "information": _information(found),
        "known_truth": _known(found),
        "not_identified": not_identified(found),
    }


def rounded(value: Any) -> float:
    """Return a number to six digits."""
    return float(f"{float(value):.6g}")


def _targets(found: Calibration) -> list[dict[str, Any]]:
    rows = [
        _target(aim, found.predicted[:, k], found, k)
        for k, aim in enumerate(found.aims)
        if aim.statistic != CANCER_FALL
    ]
    names = [aim.statistic for aim in found.aims]
    if CANCER_FALL in names and ELECTIVE in names:
        k = names.index(CANCER_FALL)
        (target,) = calibration_targets(rows=[CANCER_SHARE])
        falls = 1.0 - np.exp(found.predicted[:, names.index(ELECTIVE)])
        rows.append(_target(found.aims[k], found.predicted[:, k], found, k))
        shares = found.predicted[:, k] / falls
        shown = Aim(CANCER_SHARE, CANCER_SHARE, target.observed, target.se, False, found.aims[k].tag)
        rows.append(_target(shown, shares[falls > 0], found, None))
    return rows


def _target(aim: Aim, predicted: Floats, found: Calibration, k: int | None) -> dict[str, Any]:
    """Return one row; ratios are shown as such, their intervals' widths are compared on the log scale."""
    low, mean, high = np.quantile(predicted, [0.05, 0.5, 0.95])
    own = aim.observed - Z90 * aim.se, aim.observed + Z90 * aim.se
    shown = np.exp if aim.ratio else np.asarray
    chance = np.sqrt(found.inferred.emulator.chance[k, k]) if k is not None else np.nan
    return {
        "target": aim.target,
        "measure": "rate_ratio" if aim.ratio else "difference",
        "observed": rounded(shown(aim.observed)),
        "observed_low": rounded(shown(own[0])),
        "observed_high": rounded(shown(own[1])),
        "predicted": rounded(shown(mean)),
        "low": rounded(shown(low)),
        "high": rounded(shown(high)),
        "covered": bool(low <= aim.observed <= high),
        "width_ratio": rounded((high - low) / (own[1] - own[0])),
        "published_se": rounded(aim.se),
        "chance_se": rounded(chance) if k is not None else None,
        "tension": rounded(found.tension[k]) if k is not None else None,
        "tag": aim.tag,
    }


def _parameters(found: Calibration) -> list[dict[str, Any]]:
    posterior, points = found.inferred.posterior, found.inferred.points
    mean, sd = posterior.mean(), posterior.sd()
    prior_mean, prior_sd = points.values.mean(axis=0), points.values.std(axis=0)
    second_mean, second_sd = found.second.mean(), found.second.sd()
    p_values, covered = uniformity(found.known.place), coverage(found.known.place)
    rows = []
    for k, prior in enumerate(found.priors):
        drawn = points.values[found.drawn, k]
        low, high = np.quantile(drawn, [0.05, 0.95])
        rows.append(
            {
                "name": prior.name,
                "prior_low": prior.low,
                "prior_high": prior.high,
                "prior_mean": rounded(prior_mean[k]),
                "prior_sd": rounded(prior_sd[k]),
                "posterior_mean": rounded(mean[k]),
                "posterior_sd": rounded(sd[k]),
                "low": rounded(low),
                "high": rounded(high),
                "shrinkage": rounded(1.0 - sd[k] / prior_sd[k]),
                "sbc_p": rounded(p_values[k]),
                "coverage": rounded(covered[k]),
                "second_mean": rounded(second_mean[k]),
                "second_sd": rounded(second_sd[k]),
            }
        )
    return rows


def _agreement(found: Calibration) -> dict[str, Any]:
    """Say how far the second method's means lie from the posterior's, in posterior standard deviations."""
    posterior = found.inferred.posterior
    away = (found.second.mean() - posterior.mean()) / posterior.sd()
    worst = int(np.abs(away).argmax())
    return {
        "ess": rounded(found.second.effective),
        "furthest": found.priors[worst].name,
        "furthest_by": rounded(away[worst]),
        "mean_distance": rounded(np.abs(away).mean()),
        "sd_ratio": rounded(np.median(found.second.sd() / posterior.sd())),
    }


def posterior_means(told: Mapping[str, Any]) -> dict[str, float]:
    """Return posterior means of the parameters that hold for all programmes, to four digits, by qualified name."""
    return {
        row["name"]: float(f"{row['posterior_mean']:.4g}")
        for row in told["parameters"]
        if OF_PROGRAMME not in row["name"]
    }


def _correlations(found: Calibration) -> dict[str, Any]:
    values = found.inferred.points.values[found.drawn]
    spread = np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0)
    scaled = (values - values.mean(axis=0)) / spread
    matrix = scaled.T @ scaled / len(scaled)
    return {
        "names": [prior.name for prior in found.priors],
        "matrix": [[rounded(round(value, 4)) for value in row] for row in matrix],
    }


def _explanations(found: Calibration) -> list[dict[str, Any]]:
    posterior = found.inferred.posterior
    return [
        {
            "name": name,
            "prior": 1.0 / len(EXPLANATIONS),
            "probability": rounded(posterior.probabilities()[k]),
            "log_evidence": rounded(posterior.evidence[k]),
            "second_probability": rounded(found.second.probabilities[k]),
        }
        for k, name in enumerate(EXPLANATIONS)
    ]


def _effects(found: Calibration) -> list[dict[str, Any]]:
    """Return the true effects expected of the pilots, over the posterior (not the chance of one study)."""
    rows = []
    for k, name in enumerate(EFFECTS):
        mean = found.inferred.effect_mean[found.drawn, k]
        unknown = found.inferred.effect_variance[found.drawn, k].mean()
        low, middle, high = np.quantile(mean, [0.05, 0.5, 0.95])
        shown = np.asarray if name.endswith("cost") else np.exp
        rows.append(
            {
                "effect": name,
                "measure": "difference_gbp" if name.endswith("cost") else "rate_ratio",
                "median": rounded(shown(middle)),
                "low": rounded(shown(low)),
                "high": rounded(shown(high)),
                "emulator_sd": rounded(np.sqrt(unknown)),
            }
        )
    return rows


def _answer(row: Any) -> dict[str, Any]:
    return {
        "assumption": row.assumption,
        **{name: rounded(value) for name, value in zip(EXPLANATIONS, row.probabilities, strict=True)},
        **{name: rounded(getattr(row, name)) for name in ("rose", "fell", "stayed", "effect", "effect_sd")},
    }


def _information(found: Calibration) -> list[dict[str, Any]]:
    names = [prior.name for prior in found.priors]
    return [
        {
            "statistic": row.statistic,
            "bits_about_the_explanation": rounded(row.bits),
            "effect_sd_left": rounded(row.effect_sd),
            "parameters": {name: rounded(value) for name, value in zip(names, row.parameter_sd, strict=True)},
        }
        for row in found.information
    ]


def _known(found: Calibration) -> dict[str, Any]:
    known = found.known
    return {
        "data_sets": len(known.place),
        "names": list(known.names),
        "p_values": [rounded(value) for value in uniformity(known.place)],
        "coverage_90": [rounded(value) for value in coverage(known.place)],
        "counts": [np.histogram(column, 20, (0.0, 1.0))[0].tolist() for column in known.place.T],
        "probability_given_to_the_true_explanation": rounded(known.given_to_true.mean()),
    }


def not_identified(found: Calibration) -> list[dict[str, Any]]:
    """Rank parameters by how little the effects say of them, with the statistic that would say most."""
    posterior, points = found.inferred.posterior, found.inferred.points
    shrinkage = 1.0 - posterior.sd() / points.values.std(axis=0)
    single = found.information[:-1]
    rows = []
    for k in np.argsort(shrinkage):
        if shrinkage[k] >= NOT_IDENTIFIED:
            continue
        best = min(single, key=lambda row: float(row.parameter_sd[k]))
        rows.append(
            {
                "name": found.priors[k].name,
                "shrinkage": rounded(shrinkage[k]),
                "best_statistic": best.statistic,
                "sd_left_with_it": rounded(best.parameter_sd[k]),
                "sd_left_with_all": rounded(found.information[-1].parameter_sd[k]),
            }
        )
    return rows
