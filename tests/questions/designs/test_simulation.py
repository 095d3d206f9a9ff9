"""How a scenario is allocated, enlarged and judged: trials of every kind, sizes, lengths of time, the truth."""

import numpy as np
import pytest

from icpsim.evaluation.designs import DESIGNS
from icpsim.model.shared_past import History
from icpsim.programme.schema import Site, Trial
from icpsim.questions.designs.answer import chosen_designs, chosen_windows, left_out
from icpsim.questions.designs.estimates import judged
from icpsim.questions.designs.simulation import WithoutProgramme, enlarged, options_of, truths, with_trial
from icpsim.questions.errors import LaboratoryError
from icpsim.scenario.schema import EvaluationPart, Scenario, Study, json_schema
from tests.small_world import CASE_MANAGERS, MEETINGS, small_scenario

PAIRS = (Site(name="A", practices=2), Site(name="B", practices=2))
STAFF = (CASE_MANAGERS.model_copy(update={"case_managers": 3, "ramp_weeks": 0}), MEETINGS)


def scenario(**more):
    return small_scenario(sites=PAIRS, interventions=STAFF, quota=80, **more)


@pytest.mark.parametrize("kind", ["person", "practice", "steps"])
def test_a_programme_is_allocated_as_a_design_needs_it(kind):
    (programme,) = with_trial(scenario(), kind).programmes
    assert programme.trial is not None
    assert programme.trial.by == kind
    assert programme.trial.steps == 4  # as many as there are practices
    own = Trial(by=kind, share=0.3, steps=2)
    (kept,) = with_trial(scenario(trial=own), kind).programmes
    assert kept.trial == own
    (none,) = with_trial(scenario(trial=own), "none").programmes
    assert none.trial is None
    Scenario.model_validate(with_trial(scenario(), kind).model_dump())


def test_twice_the_sites_are_twice_the_practices_places_and_staff():
    once, twice = scenario(), enlarged(scenario(), 2)
    Scenario.model_validate(twice.model_dump())  # no name stands twice
    assert [site.name for site in twice.programmes[0].sites] == ["A", "B", "A (2)", "B (2)"]
    assert twice.programmes[0].practices == 2 * once.programmes[0].practices
    assert twice.programmes[0].enrolment_total == 160
    assert twice.programmes[0].interventions == once.programmes[0].interventions  # staff are counted by site
    assert enlarged(once, 1) == once


def test_time_before_is_at_most_half_of_the_history():
    planned = scenario().model_copy(
        update={"study": Study(history_weeks=130, programme_weeks=28, follow_up_weeks=260)}
    )
    assert [options_of(planned, weeks).weeks_before for weeks in (13, 26, 65, 104, 260)] == [13, 26, 65, 65, 65]
    assert options_of(planned, 260).after == (158, 418)


def test_designs_and_windows_come_from_the_command_then_the_scenario_then_what_is_possible():
    planned = scenario()
    assert chosen_designs(planned) == tuple(DESIGNS)
    assert chosen_windows(planned) == (13, 26)
    named = planned.model_copy(
        update={"evaluation": EvaluationPart(designs=("stepped_wedge", "matched_did"), follow_up_weeks=(26,))}
    )
    assert chosen_designs(named) == ("stepped_wedge", "matched_did")
    assert chosen_windows(named) == (26,)
    assert chosen_designs(named, ["before_after"]) == ("before_after",)
    assert chosen_windows(named, [20, 13, 20]) == (13, 20)


def test_one_practice_at_a_site_leaves_out_trials_of_practices_and_says_so():
    alone = small_scenario()
    chosen = chosen_designs(alone)
    assert set(DESIGNS) - set(chosen) == {"trial_by_practice", "stepped_wedge"}
    (told,) = left_out(alone, chosen)
    assert told == (
        "Not tried: trial by practice, stepped wedge: they need two practices or more at each site; A has one"
    )
    assert left_out(scenario(), chosen_designs(scenario())) == []
    with pytest.raises(
        LaboratoryError, match="stepped_wedge: needs two practices or more at each site; A has one"
    ):
        chosen_designs(alone, ["stepped_wedge"])


def test_scenarios_know_every_design_by_name():
    assert json_schema()["$defs"]["EvaluationPart"]["properties"]["designs"]["items"]["enum"] == list(DESIGNS)
    for name in DESIGNS:
        assert EvaluationPart(designs=(name,)).designs == (name,)


@pytest.fixture(scope="module")
def lived():
    """Return a world, the same without the programme, and the same people's with its effects off."""
    history = History(scenario(), 1, 0)
    models = [history.branch(scenario(), effects=effects) for effects in (True, False)]
    for model in models:
        model.run()
    yield models, WithoutProgramme(history, scenario())
    for model in models:
        model.close()
    history.close()


@pytest.mark.parametrize("estimand", ["cases", "everyone eligible", "allocated"])
def test_without_effects_the_truth_is_nothing(lived, estimand):
    (_, off), without = lived
    found = truths(off, off.records(), without, options_of(off.icp_scenario, 26), estimand)
    assert {"emergency_admissions", "outpatient_attendances", "hospital_cost"} <= set(found)
    assert all(value == 0.0 for value in found.values() if np.isfinite(value))


def test_the_truth_among_everyone_is_that_of_the_enrolled_thinned(lived):
    (on, _), without = lived
    options = options_of(on.icp_scenario, 26)
    cases = truths(on, on.records(), without, options, "cases")["outpatient_attendances"]
    everyone = truths(on, on.records(), without, options, "everyone eligible")["outpatient_attendances"]
    assert cases < everyone < 0.0


def test_what_cannot_be_done_is_told_with_its_reason(lived):
    (on, _), without = lived
    found = dict(judged("on", on, without, [DESIGNS["before_after"], DESIGNS["trial_by_person"]], [26]))
    assert found["on|26|trial_by_person|problem|no trial: the records hold no allocations"] == 1.0
    assert np.isfinite(found["on|26|before_after||emergency_admissions|estimate"])
