"""People whom a trial identified: their arm, practice and week, and what they used before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.designs.interface import DesignOptions
from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.observation import LeftOut, with_whole_windows
from icpsim.evaluation.outcomes import outcome_windows
from icpsim.records.schema import HospitalRecords, TrialArm
from icpsim.records.tables import ordered, study_of

COST = "hospital_cost"


@dataclass(frozen=True, slots=True)
class AllocatedPeople:
    """Everybody identified who was seen in whole windows before and after; n people.

    ``programme`` bool[n] tells the arms apart; ``before`` and ``after`` map outcomes to float64[n] amounts in the
    windows before and from the week of allocation. ``left_out`` counts the others, of the programme's arm and of
    usual care: where the arms differ much in it, who is left in them may differ too.
    """

    person: NDArray[np.int32]
    practice: NDArray[np.int64]
    site: NDArray[np.int64]
    week: NDArray[np.int64]
    programme: NDArray[np.bool_]
    before: dict[str, Floats]
    after: dict[str, Floats]
    left_out: tuple[LeftOut, LeftOut]


def allocated_people(records: HospitalRecords, options: DesignOptions, prices: Prices) -> AllocatedPeople:
    """Return the people of a trial and their use. Raises ``EvaluationError`` without both arms of one.

    Those whose windows are not whole, other than by death, are left out and counted, whatever their arm.
    """
    found = records.allocations
    if not len(found):
        raise EvaluationError("no trial: the records hold no allocations")
    windows, with_programme = (options.weeks_before, options.window_weeks), found["arm"] == TrialArm.PROGRAMME
    whole, left_out = np.zeros(len(found), np.bool_), []
    for arm in (with_programme, ~with_programme):
        whole[arm], out = with_whole_windows(records, found["person"][arm], found["week"][arm], windows)
        left_out.append(out)
    found = found[whole]
    programme = found["arm"] == TrialArm.PROGRAMME
    if programme.all() or not programme.any():
        raise EvaluationError(f"a trial of one arm: {programme.sum()} of {len(found)} with the programme")
    in_trial = np.zeros(records.registrations.size, np.bool_)
    in_trial[found["person"]] = True
    study = study_of(ordered(records, in_trial), found["person"])
    index = found["week"].astype(np.int16)
    amounts = outcome_windows(study, index, options.window_weeks, prices, options.weeks_before)
    return AllocatedPeople(
        person=found["person"],
        practice=study.registrations["practice"].astype(np.int64),
        site=found["site"].astype(np.int64),
        week=found["week"].astype(np.int64),
        programme=programme,
        before={name: amount[:, 0] for name, amount in amounts.items()},
        after={name: amount[:, 1:].sum(axis=1) for name, amount in amounts.items()},
        left_out=(left_out[0], left_out[1]),
    )
