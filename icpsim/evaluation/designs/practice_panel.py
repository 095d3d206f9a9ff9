"""Everyone on pilot practices' lists, enrolled or not, before and after, against everyone on other lists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icpsim.evaluation.costs import Prices
from icpsim.evaluation.designs.interface import DesignEstimate, DesignOptions, Estimand, Trial
from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.on_lists import on_lists
from icpsim.evaluation.practice_level_did import people_of_practices, practice_effects
from icpsim.records.schema import HospitalRecords


def check_windows(records: HospitalRecords, options: DesignOptions) -> None:
    """Raise ``EvaluationError`` unless the records cover the windows before the start and after enrolment."""
    (first, _), (_, last) = options.before, options.after
    if first < 0 or last > records.weeks:
        raise EvaluationError(
            f"records of weeks 0 to {records.weeks - 1} do not cover {options.weeks_before} weeks before the "
            f"programme and {options.window_weeks} after enrolment ends ({first} to {last - 1})"
        )


@dataclass(frozen=True, slots=True)
class PracticePanel:
    """Rates of everyone eligible, clustered on the practice.

    Windows end where the programme starts and begin where enrolment ends, and both hold the same people
    (:func:`~icpsim.evaluation.on_lists.on_lists`). The t distribution has one degree of
    freedom less than the smaller group has practices, Welch's lower bound, because the clustered error of few
    practices is itself uncertain.
    """

    name: str = "practice_panel"
    title: str = "practice panel, everyone eligible"
    estimand: Estimand = "everyone eligible"
    naive: bool = False
    trial: Trial = "none"

    def estimate(
        self, records: HospitalRecords, options: DesignOptions, prices: Prices
    ) -> tuple[DesignEstimate, ...]:
        """Return estimates of emergency admissions and outpatient attendances.

        Raises ``EvaluationError`` if records do not cover the windows, or there are fewer than two practices
        inside or outside the pilots.
        """
        check_windows(records, options)
        site = records.practices["site"]
        inside, outside = int(np.count_nonzero(site != -1)), int(np.count_nonzero(site == -1))
        if min(inside, outside) < 2:
            raise EvaluationError(
                "a practice panel needs two practices inside and two outside the pilots, "
                f"not {inside} and {outside}"
            )
        sites = np.unique(site[site != -1])
        effects = practice_effects(records, options.min_age, options.before, options.after, sites)
        counted = on_lists(records, (options.before[0], options.after[1]), options.programme_start)
        people = people_of_practices(records, counted.counts, options.min_age, options.after)
        cases, controls = round(people[site != -1].sum()), round(people[site == -1].sum())
        df = float(min(inside, outside) - 1)
        left_out = [
            counted.left_out(who, records, options.min_age, options.programme_start)
            for who in (site != -1, site == -1)
        ]
        return tuple(
            DesignEstimate(
                self.name,
                outcome,
                "rate_ratio",
                effect.estimate,
                effect.se["practice"],
                cases,
                controls,
                "",
                df,
                *left_out,
            )
            for outcome, effect in effects.items()
        )
