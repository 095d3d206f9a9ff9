"""One replicate of a planned programme, lived once for each way of allocating it, and the truth in each."""

from __future__ import annotations

import numpy as np

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.designs.interface import DesignOptions, Estimand
from icpsim.evaluation.designs.interface import Trial as TrialKind
from icpsim.evaluation.outcomes import events_by_outcome
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.region import ELSEWHERE
from icpsim.model.shared_past import History
from icpsim.model.true_effect import Lives, true_effects
from icpsim.programme.schema import Trial
from icpsim.records.schema import ENROLMENT, GPRecords, HospitalRecords
from icpsim.scenario.schema import Scenario

COST = "hospital_cost"


def with_trial(scenario: Scenario, kind: TrialKind) -> Scenario:
    """Return the scenario with its programmes allocated in this way; a trial of that kind stays as it is."""
    programmes = []
    for programme in scenario.programmes:
        own = programme.trial
        steps = min(4 if own is None else own.steps, programme.practices, scenario.study.programme_weeks // 4 - 1)
        trial: Trial | None = None
        if kind != "none":
            same = own is not None and own.by == kind
            trial = own if same else Trial(by=kind, steps=max(steps, 1))
        programmes.append(programme.model_copy(update={"trial": trial}))
    return scenario.model_copy(update={"programmes": tuple(programmes)})


def enlarged(scenario: Scenario, times: int) -> Scenario:
    """Return the scenario with so many times the sites, each with its practices, staff and people to enrol.

    The pool outside grows too, for it is counted by the pilots' people.
    """
    programmes = tuple(
        programme.model_copy(
            update={
                "sites": tuple(
                    site if k == 0 else site.model_copy(update={"name": f"{site.name} ({k + 1})"})
                    for k in range(times)
                    for site in programme.sites
                ),
                "enrolment_total": times * programme.enrolment_total,
            }
        )
        for programme in scenario.programmes
    )
    return scenario.model_copy(update={"programmes": programmes})


def options_of(scenario: Scenario, window_weeks: int) -> DesignOptions:
    """Return what designs are told of a scenario, with this length of follow-up.

    Half of the history is for looking back from before the programme; at most the other half is compared with.
    """
    part, study = scenario.evaluation, scenario.study
    return DesignOptions(
        programme_start=study.history_weeks,
        programme_weeks=study.programme_weeks,
        window_weeks=window_weeks,
        controls_per_case=part.controls_per_case,
        min_age=study.min_age,
        max_reuse=part.max_reuse,
        caliper=part.caliper,
        screen_share=part.screen_share,
        before_weeks=min(window_weeks, study.history_weeks // 2),
    )


class WithoutProgramme:
    """The same people's lives without the programme."""

    def __init__(self, history: History, scenario: Scenario) -> None:
        self.records: HospitalRecords
        self.gp: GPRecords
        if not scenario.capacity_feedback:
            self.records, self.gp = history.records, history.gp_records
            return
        model = history.branch(scenario, effects=False, enrolments=np.empty(0, ENROLMENT))
        model.run()
        self.records, self.gp = model.records(), model.gp_records()
        model.close()


def truths(
    model: IntegratedCareModel,
    records: HospitalRecords,
    without: WithoutProgramme,
    options: DesignOptions,
    estimand: Estimand,
) -> dict[str, float]:
    """Return every outcome's true effect in those whom the estimand asks of; ``nan`` where there was no event.

    Cases and those allocated are people enrolled whose window ends within the study (a trial enrols all whom it
    allocates to the programme).
    """
    if estimand == "everyone eligible":
        return _among_eligible(records, without.records, options, model.parameters.prices)
    enrolled = records.enrolments
    rows = enrolled["person"].astype(np.int64)
    whole = enrolled["week"].astype(np.int64) + options.window_weeks <= records.weeks
    lives = Lives(records, model.gp_records(), rows, without.records, without.gp, rows)
    if not whole.any():
        return {}
    return {true.outcome: true.effect for true in true_effects(lives, rows[whole], options.window_weeks, model)}


def _among_eligible(
    records: HospitalRecords, without: HospitalRecords, options: DesignOptions, prices: Prices
) -> dict[str, float]:
    begin, end = options.after
    people = records.registrations
    age = (begin - people["birth_week"].astype(np.int64)) / WEEKS_PER_YEAR
    eligible = (records.practices["site"][people["practice"]] != ELSEWHERE) & (age >= options.min_age)
    eligible &= (people["from_week"] <= begin) & (people["to_week"] > begin)
    worlds = []
    for world in (records, without):
        totals = {}
        for outcome, tables in events_by_outcome(world, prices).items():
            kept = [eligible[who] & (when >= begin) & (when < end) for who, when, _ in tables]
            totals[outcome] = sum(float(amount[k].sum()) for (_, _, amount), k in zip(tables, kept, strict=True))
        worlds.append(totals)
    with_programme, untouched = worlds
    found = {}
    for outcome, total in with_programme.items():
        if outcome == COST:
            found[outcome] = (total - untouched[outcome]) / max(int(eligible.sum()), 1)
        elif total > 0 and untouched[outcome] > 0:
            found[outcome] = float(np.log(total / untouched[outcome]))
        else:
            found[outcome] = float("nan")
    return found
