"""A comparison of which every replicate's money and admissions are made up from its draw of the posterior.

Two arms: "steady" costs and avoids the same under every draw; "doubtful" avoids 200 admissions a year times
``avoidable_reduction`` and adds 300 times the share of needs that reviews find (in the model too the effect is
nearly linear in both), or 40 wherever they find any at all. Chance is shared by both arms, and half as large again
in "doubtful". Nothing is simulated.
"""

import numpy as np

from icpsim.economics.activity import CLASSES
from icpsim.inference.posterior import shipped_draws
from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.runs import Comparison
from icpsim.scenario.schema import load

REPLICATES = 96
SEED = 1
STEADY = 30.0


def avoided_by(values, jump=False):
    """Return admissions that "doubtful" avoids a year under draws' values; any shape with parameters last."""
    names = shipped_draws().names
    reduction = values[..., names.index("mechanisms.avoidable_reduction")]
    found = values[..., names.index("mechanisms.unmet_need_detection")]
    return 200.0 * reduction - (40.0 * (found > 0) if jump else 300.0 * found)


def activity(head, year, weeks, emergencies):
    start = f"{head}/activity|{year}|"
    figures = {f"{start}spells.{kind}": 0.0 for kind in CLASSES} | {
        f"{start}casemix.{kind}": 0.0 for kind in CLASSES
    }
    others = ("outpatient_first", "outpatient_follow_up", "ae_attendances", "gp_contacts", "bed_days")
    figures |= {f"{start}{name}": 0.0 for name in others}
    return figures | {f"{start}weeks": weeks, f"{start}spells.emergency": emergencies}


def delivered(head, hours):
    start = f"{head}/delivered|0|"
    figures = dict.fromkeys(
        (f"{start}{n}" for n in ("sites", "practices", "enrolled", "patient_weeks", "mdt_meetings", "mdt_hours")),
        0.0,
    )
    return figures | {f"{start}weeks": 52.0, f"{start}service_hours.care_planning": hours}


def replicate(number, chance, jump=False):
    posterior = shipped_draws()
    values = posterior.values[posterior.row(SEED, number)]
    luck = chance * np.sin(12.9898 * number + 1.0) * 1.4
    figures = activity("without0", 0, 52.0, 5000.0) | activity("without0", 1, 26.0, 2500.0)
    figures["without0/person_years|total|all"] = 15_000.0
    span = 78 / 52.18
    for place, (avoided, hours) in enumerate(((STEADY, 9_000.0), (float(avoided_by(values, jump)), 6_000.0))):
        fewer = round(span * (avoided + (1.0 + 0.5 * place) * luck))
        figures |= activity(place, 0, 52.0, 5000.0 - fewer) | activity(place, 1, 26.0, 2500.0)
        figures |= delivered(place, hours)
        figures[f"{place}/past"] = 0.0
    return figures


def comparison(chance=20.0, replicates=REPLICATES, jump=False):
    scenario = load("small")
    arms = (Arm("steady", scenario), Arm("doubtful", scenario))
    return Comparison(arms, SEED, tuple(replicate(k, chance, jump) for k in range(replicates)))
