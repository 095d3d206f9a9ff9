"""A made-up try-out: replicates of every design whose law is known, for tests of what is told of them."""

import numpy as np
from scipy import stats

from icpsim.evaluation.designs import DESIGNS
from icpsim.questions.designs.answer import DesignStudy
from icpsim.questions.designs.sizes import size_checks
from icpsim.questions.designs.summary import problems, summarise
from tests.small_world import small_scenario

TRUTH = -0.2
BIAS = {"before_after": -0.4, "unmatched_did": -0.35, "post_only_cohort": 0.15}
VARIANTS = {"matched_did": ("raw", "bias-corrected"), "trial_by_person": ("", "adjusted for use before")}
OUTCOME = "emergency_admissions"


def made_up_figures(replicates=40, seed=1, windows=(13, 26, 52), times=1.0):
    """Return figures as ``judged`` names them: normal errors of 0.12 at 26 weeks, falling with time and size."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(replicates):
        row = {}
        for window in windows:
            se = 0.12 * np.sqrt(26 / window / times)
            for name in DESIGNS:
                for variant in VARIANTS.get(name, ("",)):
                    for world, truth in (("on", TRUTH), ("off", 0.0)):
                        estimate = truth + BIAS.get(name, 0.0) + se * rng.normal()
                        p_value = 2 * stats.norm.sf(abs(estimate) / se)
                        own = {"estimate": estimate, "se": se, "df": np.inf, "truth": truth, "p_value": p_value}
                        own |= {"cases": 400.0 * times, "controls": 400.0 * times}
                        own |= {"mean": 0.5, "variance": 1.0, "icc": 0.0, "size": 40.0}
                        at = f"{world}|{window}|{name}|{variant}|{OUTCOME}"
                        row |= {f"{at}|{figure}": float(value) for figure, value in own.items()}
        found.append(row)
    return found


def made_up_study(checked=True):
    """Return a study of these figures, with the law of sizes held to twice as many people."""
    figures = made_up_figures()
    rows = summarise(figures)
    checks = size_checks(rows, summarise(made_up_figures(seed=2, times=2.0)), 2) if checked else ()
    return DesignStudy(small_scenario(), 1, rows, tuple(problems(figures)), tuple(figures), checks)
