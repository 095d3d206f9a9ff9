"""A made-up report of a calibration with round numbers, and draws to go with it."""

import numpy as np

from icpsim.inference.posterior import ShippedDraws


def target(name, observed=1.09, covered=True, width=1.2, tension=0.5, measure="rate_ratio", **more):
    row = {
        "target": name, "measure": measure, "observed": observed, "observed_low": observed - 0.06,
        "observed_high": observed + 0.06, "predicted": observed - 0.03, "low": observed - 0.1,
        "high": observed + 0.04, "covered": covered, "width_ratio": width, "published_se": 0.04,
        "chance_se": 0.03, "tension": tension, "tag": "RECALL",
    }  # fmt: skip
    return row | more


def parameter(name, low, high, shrinkage, sbc_p=0.5):
    return {
        "name": name, "prior_low": low, "prior_high": high, "prior_mean": (low + high) / 2, "prior_sd": 0.1,
        "posterior_mean": low + 0.25 * (high - low), "posterior_sd": 0.05, "low": low, "high": high,
        "shrinkage": shrinkage,
        "sbc_p": sbc_p, "coverage": 0.9, "second_mean": low, "second_sd": 0.06,
    }  # fmt: skip


def answer(assumption, fell=0.7):
    shares = {"both": 0.4, "detection": 0.1, "selection": 0.3, "neither": 0.2}
    directions = {"rose": 0.1, "fell": fell, "stayed": 0.9 - fell}
    return {"assumption": assumption, **shares, **directions, "effect": -0.03, "effect_sd": 0.02}


def statistic(name, bits):
    names = ("mechanisms.gp_information", "other pilots: mechanisms.elective_deferral")
    left = dict.fromkeys(names, 0.9)
    return {"statistic": name, "bits_about_the_explanation": bits, "effect_sd_left": 0.8, "parameters": left}


REPORT = {
    "version": "0.0.test", "scenario": "all-sites", "seed": 7, "simulations": {"learnt": 100, "check": 20},
    "ess": 321.4, "draws": 4, "settings": {},
    "targets": [
        target("cm_emergency"),
        target("all_emergency", 1.02, covered=False, width=2.9, tension=-2.6, published_se=0.009),
        target("cm_cost", -223.0, measure="difference"),
        target("cm_cancer_share", 0.75, measure="difference", tension=None, chance_se=None),
    ],
    "parameters": [
        parameter("mechanisms.gp_information", 0, 1, 0.02),
        parameter("other pilots: mechanisms.elective_deferral", 0, 0.5, 0.6, sbc_p=0.001),
    ],
    "correlations": {
        "names": ["mechanisms.gp_information", "other pilots: mechanisms.elective_deferral"],
        "matrix": [[1.0, -0.4], [-0.4, 1.0]],
    },
    "explanations": [
        {"name": n, "prior": 0.25, "probability": p, "log_evidence": 0.0, "second_probability": 0.25}
        for n, p in (("both", 0.4), ("detection", 0.1), ("selection", 0.3), ("neither", 0.2))
    ],
    "second_method": {"ess": 40.0, "furthest": "mechanisms.gp_information", "furthest_by": -0.8,
                      "mean_distance": 0.4, "sd_ratio": 1.2},
    "effects": [
        {"effect": "true_cm_emergency", "measure": "rate_ratio", "median": 0.97, "low": 0.92, "high": 1.01,
         "emulator_sd": 0.002},
        {"effect": "true_all_cost", "measure": "difference_gbp", "median": -60.0, "low": -120.0, "high": 5.0,
         "emulator_sd": 2.0},
    ],
    "answers": [answer("as assumed"), answer("without cm_cost", 0.5)],
    "information": [statistic("deaths", 0.1), statistic("months", 0.3), statistic("all", 0.5)],
    "known_truth": {
        "data_sets": 100, "names": ["mechanisms.gp_information", "true_cm_emergency"], "p_values": [0.5, 0.001],
        "coverage_90": [0.9, 0.7], "counts": [[5] * 20, [10] * 10 + [0] * 10],
        "probability_given_to_the_true_explanation": 0.4,
    },
    "not_identified": [
        {"name": "mechanisms.gp_information", "shrinkage": 0.02, "best_statistic": "months",
         "sd_left_with_it": 0.9, "sd_left_with_all": 0.8},
    ],
}  # fmt: skip

DRAWS = ShippedDraws(
    ("mechanisms.gp_information", "other pilots: mechanisms.elective_deferral"),
    np.array([[0.2, 0.1], [0.0, 0.2], [0.6, 0.3], [0.9, 0.4]]),
    np.array([0.4, 0.2, 0.3, 0.1]),
    ("both", "neither", "selection", "selection"),
    {"true_cm_emergency": np.array([-0.05, 0.0, -0.03, 0.02])},
)
