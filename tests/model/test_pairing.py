"""Worlds that must be the same byte for byte, and people who must not notice what is built beside them."""

from itertools import pairwise

import numpy as np
import pytest

from icpsim.model.hospital import Hospital
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.parameters import load_parameters
from icpsim.model.region import Region, Span
from icpsim.population.practice_lists import control_practices, origin_of, pilot_practices
from icpsim.programme.schema import Site
from icpsim.records.schema import Method
from icpsim.scenario.schema import Supply
from tests.small_world import (
    CASE_MANAGERS,
    HOSPITAL_TABLES,
    MEETINGS,
    before,
    column_bytes,
    differing,
    simulated,
    small_scenario,
    stepped,
)

PARAMETERS = load_parameters()
WEEKS = 60
ALL_TABLES = (*HOSPITAL_TABLES, "enrolments")


def practices(pilots: int = 2, controls: int = 2):
    """Make some practices of pilot site A, and some elsewhere."""
    made = pilot_practices([("A", pilots, 0)], origin_of(1, 0), 1200, PARAMETERS.population)
    return made + control_practices(controls * 1200, 1, origin_of(1, 0), 1200, PARAMETERS.population)


def lived(chosen) -> Region:
    """Return a region of these practices after a year and more without a programme; all consult."""
    region = Region(chosen, Span(WEEKS, 50.0, WEEKS), PARAMETERS, everyone_consults=True)
    region.live(region.everyone(), 0, WEEKS)
    return region


def of_each_practice(region: Region) -> dict[str, list[bytes]]:
    """Return people, records and weekly consultations of each practice by name, persons counted from its first."""
    records = region.hospital_records()
    found: dict[str, list[bytes]] = {}
    for k, practice in enumerate(region.practices):
        start, end = region.practice_start[k], region.practice_start[k + 1]
        parts = [column_bytes(region.people[start:end], leave_out=("practice",))]
        for name in ("spells", "outpatient", "ae", "deaths"):
            table = getattr(records, name)
            own = table[(table["person"] >= start) & (table["person"] < end)].copy()
            own["person"] -= start
            parts.append(column_bytes(own))
        parts.append(column_bytes(region.practice_weeks[k]))
        found[practice.name] = parts
    return found


@pytest.fixture(scope="module")
def four_practices():
    return of_each_practice(lived(practices()))


def test_practices_have_people_and_records_of_their_own(four_practices):
    assert list(four_practices) == ["A/0", "A/1", "elsewhere/0", "elsewhere/1"]
    assert len({parts[0] for parts in four_practices.values()}) == 4
    assert [len(part) > 0 for parts in four_practices.values() for part in parts] == [True] * 24


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param(lambda all_of: all_of[1:], id="without the first"),
        pytest.param(lambda all_of: [*all_of[:2], all_of[3]], id="without one in the middle"),
        pytest.param(lambda all_of: all_of[::-1], id="in reverse order"),
        pytest.param(lambda all_of: practices(pilots=3), id="with one more pilot practice"),
        pytest.param(lambda all_of: practices(controls=5), id="with three more elsewhere"),
    ],
)
def test_nobody_notices_which_other_practices_are_built(four_practices, chosen):
    others = of_each_practice(lived(chosen(practices())))
    shared = [name for name in four_practices if name in others]
    assert len(shared) >= 3
    assert [name for name in shared if others[name] != four_practices[name]] == []


def test_pilots_are_the_same_whatever_the_pool_of_controls(tiny):
    wider = simulated(small_scenario(pool_ratio=2.0))
    pilots = np.flatnonzero(tiny.region.practice_table()["site"] >= 0)
    end = tiny.region.practice_start[pilots[-1] + 1]
    assert len(wider.region.people) > len(tiny.region.people)
    assert column_bytes(wider.region.people[:end]) == column_bytes(tiny.region.people[:end])
    for name in ("spells", "outpatient", "ae", "deaths", "enrolments"):
        ours, theirs = getattr(tiny.records(), name), getattr(wider.records(), name)
        assert column_bytes(ours[ours["person"] < end]) == column_bytes(theirs[theirs["person"] < end])


def test_a_site_does_not_notice_a_change_at_another():
    """Nobody is enrolled, because all sites of a programme share one risk tool."""
    three = simulated(small_scenario(quota=0))
    five = simulated(small_scenario(quota=0, sites=(Site(name="A", practices=3), Site(name="B", practices=2))))
    assert [of_each_practice(three.region)[name] for name in ("B/0", "B/1")] == [
        of_each_practice(five.region)[name] for name in ("B/0", "B/1")
    ]


def test_another_replicate_and_another_seed_are_other_people(tiny):
    scenario = small_scenario()
    others = [IntegratedCareModel(scenario, seed=1, replicate=1), IntegratedCareModel(scenario, seed=2)]
    keys = [set(model.region.people["key"].tolist()) for model in (tiny, *others)]
    assert keys[0].isdisjoint(keys[1])
    assert keys[0].isdisjoint(keys[2])
    assert keys[1].isdisjoint(keys[2])


def test_the_same_seed_gives_the_same_bytes(tiny):
    assert differing(tiny.records(), simulated(small_scenario()).records(), ALL_TABLES) == []


ZERO_DOSE = (CASE_MANAGERS.model_copy(update={"contacts_per_month": 0.0}),)
NO_STAFF = CASE_MANAGERS.model_copy(update={"case_managers": 0})
NOBODY_DISCUSSED = MEETINGS.model_copy(update={"patients_per_meeting": 0})
STRONG_SPILLOVER = {"outpatient_spillover": 0.5, "spillover_ramp_weeks": 1.0}
EFFECTS = (
    "unmet_need_detection",
    "avoidable_reduction",
    "outpatient_substitution",
    "elective_deferral",
    "treatment_deescalation",
    "continuity_loss",
)


def test_zero_dose_equals_a_programme_that_enrols_nobody():
    zero_dose = simulated(small_scenario(interventions=ZERO_DOSE))
    nobody = simulated(small_scenario(interventions=ZERO_DOSE, quota=0))
    assert len(zero_dose.records().enrolments) == 60
    assert len(nobody.records().enrolments) == 0
    assert differing(zero_dose.records(), nobody.records()) == []


IDLE = {
    "no contacts": (ZERO_DOSE, 60),
    "no contacts and meetings that discuss nobody": ((*ZERO_DOSE, NOBODY_DISCUSSED), 60),
    "no case managers": ((NO_STAFF,), 60),
    "nobody enrolled": ((CASE_MANAGERS, MEETINGS), 0),
}


@pytest.mark.parametrize("mechanisms", [{}, STRONG_SPILLOVER], ids=["as shipped", "strong spill-over"])
@pytest.mark.parametrize("idle", IDLE)
def test_zero_dose_equals_no_programme(idle, mechanisms):
    """The list-wide spill-over included: without work there is nothing to spill over."""
    interventions, quota = IDLE[idle]
    on, off = (
        simulated(small_scenario(interventions=interventions, quota=quota, mechanisms=mechanisms, effects=effects))
        for effects in (True, False)
    )
    assert len(on.records().enrolments) == (0 if idle in ("no case managers", "nobody enrolled") else 60)
    assert differing(on.records(), off.records(), ALL_TABLES) == []


@pytest.mark.parametrize("meetings", [(), (MEETINGS,)], ids=["contacts alone", "contacts and meetings"])
def test_spill_over_is_there_when_staff_work(meetings):
    """Guards the test above."""
    nothing_else = dict.fromkeys(EFFECTS, 0.0)
    on, off = (
        simulated(
            small_scenario(
                interventions=(CASE_MANAGERS, *meetings),
                mechanisms=nothing_else | STRONG_SPILLOVER,
                effects=effects,
            )
        )
        for effects in (True, False)
    )
    assert "outpatient" in differing(on.records(), off.records())


def test_effects_off_is_no_programme():
    off = simulated(small_scenario(effects=False))
    nobody = simulated(small_scenario(effects=False, quota=0))
    assert len(off.records().enrolments) == 60
    assert differing(off.records(), nobody.records()) == []


def test_effects_off_in_the_scenario_and_in_the_model_are_the_same():
    by_scenario = simulated(small_scenario(effects=False))
    by_model = simulated(small_scenario(), effects=False)
    assert differing(by_scenario.records(), by_model.records(), ALL_TABLES) == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"effects": False}, id="effects off"),
        pytest.param({"policy": "random_within_strata"}, id="another targeting policy"),
        pytest.param({"quota": 5}, id="another quota"),
        pytest.param({"mechanisms": {"outpatient_substitution": 0.4, "elective_deferral": 0.3}}, id="effects"),
        pytest.param({"mechanisms": {"outpatient_spillover": 0.08}}, id="spill-over"),
    ],
)
def test_weeks_before_the_programme_do_not_depend_on_it(tiny, changes):
    start = tiny.programme_start
    other = simulated(small_scenario(**changes)).records()
    for name in ("spells", "outpatient", "ae", "deaths"):
        ours, theirs = before(getattr(tiny.records(), name), start), before(getattr(other, name), start)
        assert len(ours) > 20
        assert column_bytes(ours) == column_bytes(theirs)
    assert differing(tiny.records(), other) != []


def test_people_elsewhere_do_not_notice_the_programme(tiny):
    off = simulated(small_scenario(effects=False)).records()
    first = tiny.region.practice_start[3]
    for name in ("spells", "outpatient", "ae", "deaths"):
        ours, theirs = getattr(tiny.records(), name), getattr(off, name)
        assert column_bytes(ours[ours["person"] >= first]) == column_bytes(theirs[theirs["person"] >= first])


def test_the_paired_world_follows_the_same_enrolments(tiny):
    """With its own enrolments handed back the model repeats itself; without effects it gives the twin world."""
    enrolments = tiny.records().enrolments
    scenario = small_scenario()
    again = simulated(scenario, enrolments=enrolments)
    assert differing(again.records(), tiny.records(), ALL_TABLES) == []
    twin = simulated(scenario, enrolments=enrolments, effects=False)
    assert column_bytes(twin.records().enrolments) == column_bytes(enrolments)
    assert differing(twin.records(), simulated(small_scenario(effects=False)).records()) == []


def test_week_by_week_gives_the_same_bytes_as_in_one_go(tiny, tiny_by_step):
    assert differing(tiny.records(), tiny_by_step.records(), ALL_TABLES) == []
    assert column_bytes(tiny.region.people) == column_bytes(tiny_by_step.region.people)
    assert column_bytes(tiny.region.hospital_weeks) == column_bytes(tiny_by_step.region.hospital_weeks)
    assert column_bytes(tiny.region.practice_weeks) == column_bytes(tiny_by_step.region.practice_weeks)


def test_week_by_week_gives_the_same_contacts(tiny, tiny_by_step):
    ours, theirs = tiny.region.gp_records(), tiny_by_step.region.gp_records()
    assert column_bytes(np.sort(ours.contacts)) == column_bytes(np.sort(theirs.contacts))


def test_meetings_at_odd_weeks_change_nothing_about_that():
    odd = small_scenario(
        interventions=(
            CASE_MANAGERS.model_copy(update={"planned_weeks": 7}),
            small_scenario().programmes[0].interventions[1].model_copy(update={"every_weeks": 3}),
        )
    )
    assert differing(simulated(odd).records(), stepped(odd).records(), ALL_TABLES) == []


def test_feedback_with_supply_to_spare_is_no_feedback(tiny, monkeypatch):
    """Delayed nights of so small a hospital come in clumps, so ten times the usual care is not enough for them."""
    to_spare = Supply(beds=10.0, appointments=10.0)
    settle = Hospital.settle

    def settle_with_care_for_all(hospital):
        settle(hospital)
        hospital.social_care_nights = 1e6

    monkeypatch.setattr(Hospital, "settle", settle_with_care_for_all)
    plentiful = simulated(small_scenario(capacity_feedback=True, supply=to_spare))
    assert {float(v) for v in plentiful.region.hospital_state[0]} == {1.0}
    assert differing(plentiful.records(), simulated(small_scenario(thin=False)).records(), ALL_TABLES) == []


def test_feedback_at_settled_supply_is_not(tiny, tiny_with_feedback):
    """Guards the test above: the factors are really at work in a world that has them."""
    whole = simulated(small_scenario(thin=False)).records()
    assert len(whole.registrations) == len(tiny_with_feedback.records().registrations)
    assert differing(whole, tiny_with_feedback.records()) != []


def test_the_order_in_which_people_live_does_not_matter():
    chosen = practices()
    region = Region(chosen, Span(WEEKS, 50.0, WEEKS), PARAMETERS, everyone_consults=True)
    rows = np.random.default_rng(5).permutation(region.everyone())
    for part in np.array_split(rows, 7):
        region.live(part, 0, WEEKS)
    assert of_each_practice(region) == of_each_practice(lived(chosen))


def begin_courses(people):
    """Have a course begin for everyone in some week: whatever skips quiet weeks must stop there."""
    people["repeat_from"] = 5 + np.arange(len(people)) % 41
    people["repeat_until"] = people["repeat_from"] + 6
    people["cancer_from"] = 5 + np.arange(len(people)) % 37
    people["cancer_until"] = people["cancer_from"] + 4


@pytest.mark.parametrize("everyone_consults", [True, False])
def test_stopping_at_any_week_does_not_matter(everyone_consults):
    chosen = practices()
    region, at_once = (Region(chosen, Span(WEEKS, 50.0, WEEKS), PARAMETERS, None, everyone_consults) for _ in "ab")
    for world in (region, at_once):
        begin_courses(world.people)
    at_once.live(at_once.everyone(), 0, WEEKS)
    stops = [0, 1, 2, 9, 26, 27, 51, 52, 53, WEEKS]
    for start, end in pairwise(stops):
        region.live(region.everyone(), start, end)
    assert of_each_practice(region) == of_each_practice(at_once)
    assert (region.hospital_records().spells["method"] == Method.EMERGENCY).sum() > 50
