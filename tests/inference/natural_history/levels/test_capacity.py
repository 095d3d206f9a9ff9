"""A tenth less beds, appointments or social care: what moves, by how much, and what does not.

Worlds share their past and every keyed draw, so a difference is an answer to the cut. Where an answer is drawn,
its size is held against the factors in force within four standard deviations: a false alarm of 6e-5 each, were the
seed drawn anew. Other bounds say where they come from.
"""

import json
import math
from dataclasses import asdict

import numpy as np
import pytest
from typer.testing import CliRunner

from icpsim.cli.main import app
from icpsim.data.natural_history_targets import capacity_targets
from icpsim.inference.natural_history.levels.capacity import YEAR, CapacityResult, CapacityRow, figures
from icpsim.inference.natural_history.levels.capacity_world import (
    CUT,
    FROM,
    SUPPLY,
    TO,
    HospitalWorld,
    hospital_worlds,
    live_on,
    settings,
)
from icpsim.inference.natural_history.levels.waiting import ListWatch
from icpsim.model.capacity import appointment_access, delay_factor, elective_open, short_stay_admitted
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.parameters import load_parameters
from icpsim.population.patients import PATIENT
from icpsim.records.schema import SPELL
from tests.small_world import small_scenario

P = load_parameters()
Z = 4.0
LESS = 0.9


@pytest.fixture(scope="module", params=[16, pytest.param(40, marks=pytest.mark.slow)])
def worlds(request):
    """Live a hospital of 12 practices, and one of 36, each in four worlds."""
    return hospital_worlds(1, request.param)


@pytest.fixture
def base(worlds):
    return worlds["base"]


@pytest.fixture
def found(worlds):
    return {name: dict(figures(world)) for name, world in worlds.items()}


def gain(cut: HospitalWorld, base: HospitalWorld, name: str, table: str = "hospital") -> int:
    """Return by how much a total of all weeks since the cut is higher."""
    return int(getattr(cut, table)[name].sum()) - int(getattr(base, table)[name].sum())


def moved(a: HospitalWorld, b: HospitalWorld, week: int) -> set[str]:
    """Return names of totals that differ in a week."""
    tables = ((a.hospital, b.hospital), (a.practices.T, b.practices.T))
    return {n for x, y in tables for n in x.dtype.names if not np.array_equal(x[n][week], y[n][week])}


# ---- all cuts ----


def test_every_figure_has_its_row_and_every_row_its_figure(found):
    rows = capacity_targets()
    assert [row["target"] for row in rows] == list(found["base"])
    assert all(np.isfinite(list(world.values())).all() for world in found.values())
    assert all(float(row["low"]) < float(row["high"]) and float(row["weight"]) == 0 for row in rows)
    seen = {"JUDGEMENT": "judgement", "RECALL": "from memory, not seen", "PAGE": "https://"}
    assert all(seen[row["tag"]] in row["source"] for row in rows)


def test_only_what_is_cut_is_cut(worlds, base):
    for name, world in worlds.items():
        assert world.beds == pytest.approx(base.beds * (LESS if name == "beds" else 1), rel=1e-12)
        less = LESS if name == "appointments" else 1
        assert world.appointments.tolist() == pytest.approx((base.appointments * less).tolist(), rel=1e-12)
        less = LESS if name == "social_care" else 1
        assert world.social_care_nights == pytest.approx(base.social_care_nights * less, rel=1e-12)


@pytest.mark.parametrize(
    ("cut", "may_move"),
    [
        (
            "beds",
            {"emergency", "elective", "cancelled", "sent_home", "bed_nights", "delayed_nights", "outpatient"},
        ),
        ("appointments", {"given", "referred", "ae", "outpatient"}),
        ("social_care", {"delayed_nights", "bed_nights"}),
    ],
)
def test_in_the_week_of_a_cut_only_what_it_touches_moves(worlds, base, cut, may_move):
    """Exact. Outpatients follow a bed cut at once: whoever is not admitted is not followed up."""
    assert moved(worlds[cut], base, 0) <= may_move


@pytest.mark.parametrize("cut", ["beds", "social_care"])
def test_what_is_wanted_of_gps_is_left_alone_by_hospitals(worlds, base, cut):
    """Through feedback only: weeks in hospital and flares after it, of well under a thousandth of the list."""
    assert abs(gain(worlds[cut], base, "wanted", "practices")) < 0.001 * base.practices["wanted"].sum()


def test_factors_in_force_are_the_rules_of_the_week_before(worlds):
    for world in worlds.values():
        for week in range(1, len(world.waiting)):
            full, state = world.occupancy[week - 1], world.state[week]
            assert state["elective_open"] == pytest.approx(elective_open(full, P.capacity), abs=1e-6)
            assert state["short_stay_admitted"] == pytest.approx(short_stay_admitted(full, P.capacity), abs=1e-6)
            wanted = world.practices["wanted"][:, week - 1]
            access = [appointment_access(*pair) for pair in zip(wanted, world.appointments, strict=True)]
            assert world.access[:, week].tolist() == pytest.approx(access, abs=1e-6)


def test_a_branch_is_a_straight_run(monkeypatch):
    practices = 5
    model = IntegratedCareModel("small", 1, settings=(*settings(practices, TO), *SUPPLY["beds"]))
    watch = ListWatch(len(model.region.people))
    while model.week < CUT:
        model.step()
        watch.look(model.region.people, model.week - 1)
    straight, branch = live_on(model, watch), hospital_worlds(1, practices)["beds"]
    assert dict(figures(straight)) == dict(figures(branch))
    assert moved(straight, branch, slice(None)) == set()


# ---- waits ----


def test_waiting_is_listings_times_weeks_of_waiting(base):
    """Little's law; deaths, and a list that is not quite level by chance, leave a few per cent."""
    waited = np.concatenate([base.waits.ordinary, base.waits.day_case])
    listed = base.hospital["listed"][YEAR].sum() / (TO - FROM)
    assert base.waiting[YEAR].mean() == pytest.approx(listed * waited.mean(), rel=0.08)


def test_every_elective_with_a_night_has_been_waited_for(worlds):
    for world in worlds.values():
        assert len(world.waits.ordinary) == world.ordinary.sum()
        assert world.waits.ordinary.min() >= 1
        assert world.waits.day_case.min() >= 1


def test_a_watch_tells_who_waited_how_long_and_for_what():
    """Three people listed in week 0: one leaves with a night in week 2, one as a day case in week 3, one dies."""
    people = np.zeros(3, PATIENT)
    people["death_week"] = [99, 99, 3]
    watch = ListWatch(3)
    for week, waiting in enumerate([[1, 1, 1], [1, 1, 1], [0, 1, 1], [0, 0, 1]]):
        people["waiting"] = waiting
        watch.look(people, week)
        if week == 1:
            assert watch.copy().waited_so_far(1, np.array([True, False, True])).tolist() == [0, 2]
    stay = np.zeros(1, SPELL)
    stay["method"], stay["patient_class"], stay["admitted"], stay["nights"] = 1, 0, 2, 4
    everyone = np.ones(3, bool)
    waits = watch.waits(stay, everyone, (0, 9))
    assert (waits.ordinary.tolist(), waits.day_case.tolist()) == ([2], [3])
    assert watch.waits(stay, everyone, (3, 9)).ordinary.tolist() == []
    assert watch.waited_so_far(3, everyone).sum() == 0


# ---- beds ----


def test_fewer_beds_are_fuller_by_what_is_not_turned_away(worlds, base):
    """Between the full 1/0.9 and that less a stay for each further cancellation and a night for each sent home.

    A stay has 3.5 nights (10% for rounding up to one); someone not admitted has fewer flares and listings, worth
    well under a night. A postponed stay draws its nights anew: four standard deviations of those, both ways.
    """
    cut, e = worlds["beds"], P.elective
    nights = base.hospital["bed_nights"].sum()
    cancelled, sent_home = gain(cut, base, "cancelled"), gain(cut, base, "sent_home")
    chance = Z * e.mean_nights * math.sqrt(2 * cancelled)
    taken = 1.1 * e.mean_nights * cancelled + sent_home
    fuller = cut.occupancy.mean() / base.occupancy.mean()
    assert (1 - (taken + chance) / nights) / LESS < fuller < (1 + chance / nights) / LESS
    assert fuller > 1.03


def test_electives_are_cancelled_at_the_share_the_rule_says(worlds):
    for world in worlds.values():
        shut = 1.0 - world.state["elective_open"][YEAR].astype(float)
        cancelled = world.hospital["cancelled"][YEAR]
        called = cancelled + world.ordinary
        spread = math.sqrt((called * shut * (1 - shut)).sum())
        assert abs(cancelled.sum() - (called * shut).sum()) <= Z * spread


def test_fewer_beds_cancel_as_much_as_the_rule_says_of_each_weeks_occupancy(worlds, found):
    """The rule averaged over weeks, to 0.03: who is called in a week depends little on how open it is.

    The rule at the mean occupancy is no bound: it bends one way where cancelling begins and the other at its full
    stop, and beds cut by a tenth stand on either side of it.
    """
    for name in ("base", "beds"):
        world = worlds[name]
        cancelled = world.hospital["cancelled"][YEAR].sum()
        calls = world.ordinary.sum() + cancelled
        expected = np.mean([1 - elective_open(occupancy, P.capacity) for occupancy in world.occupancy[YEAR]])
        assert cancelled / calls == pytest.approx(expected, abs=0.03)
    assert found["beds"]["electives_cancelled"] > found["base"]["electives_cancelled"] + 0.1


def test_fewer_beds_lengthen_waits_for_a_stay_by_the_calls_that_are_cancelled(worlds, found):
    """Who is cancelled waits for another call as long as for the first, so calls a stay are waits a wait.

    The list is still growing after the cut, so that those admitted have not waited as long as that yet: at least
    half of the lengthening is there, and not more than a tenth above it.
    """
    waits = {name: worlds[name].waits.ordinary.mean() for name in SUPPLY}
    calls = {
        name: 1 + worlds[name].hospital["cancelled"][YEAR].sum() / worlds[name].ordinary.sum() for name in SUPPLY
    }
    longer, expected = waits["beds"] / waits["base"], calls["beds"] / calls["base"]
    assert expected > 1.05
    assert 0.5 * (expected - 1) < longer - 1 < 1.1 * (expected - 1)
    assert found["beds"]["waiting_list_per_1000"] > found["base"]["waiting_list_per_1000"]


def test_fewer_beds_leave_day_cases_waiting_as_long(worlds):
    """No day case is cancelled or put in a cancelled stay's place; error as if worlds were independent."""
    base, cut = worlds["base"].waits.day_case, worlds["beds"].waits.day_case
    spread = math.sqrt(base.var() / len(base) + cut.var() / len(cut))
    assert abs(cut.mean() - base.mean()) < Z * spread


def test_short_emergencies_are_sent_home_at_the_share_the_rule_says(worlds):
    for world in worlds.values():
        home = world.hospital["sent_home"][YEAR].sum()
        expected = (home + world.emergencies_without_a_night) * (
            1 - world.state["short_stay_admitted"][YEAR]
        ).mean()
        assert abs(home - expected) <= Z * math.sqrt(max(expected, 1.0))
    assert gain(worlds["beds"], worlds["base"], "sent_home") > 0


def test_fewer_beds_leave_appointments_and_social_care_alone(found):
    for name in ("appointments_used", "consultations_refused"):
        assert found["beds"][name] == pytest.approx(found["base"][name], abs=0.001)


# ---- appointments ----


def test_fewer_appointments_refuse_a_tenth_less_the_headroom(worlds, base, found):
    """What is offered over what is wanted; weeks that want more or less add a few thousandths (seen: one)."""
    cut = worlds["appointments"]
    wanted = cut.practices["wanted"][:, YEAR].sum()
    share = 1 - cut.appointments.sum() * (TO - FROM) / wanted
    settled = base.appointments.sum() * (TO - FROM) / (1 + P.capacity.appointment_headroom)
    assert share == pytest.approx(
        1 - LESS * (1 + P.capacity.appointment_headroom), abs=0.02 + abs(1 - settled / wanted)
    )
    assert found["appointments"]["consultations_refused"] == pytest.approx(share, abs=0.004)
    assert found["appointments"]["appointments_used"] == pytest.approx(1.0, abs=0.004)
    assert found["base"]["appointments_used"] < 0.99
    assert found["base"]["consultations_refused"] < 0.01


def test_consultations_are_refused_at_the_share_the_rule_says(worlds):
    for world in worlds.values():
        wanted, access = world.practices["wanted"].astype(float), world.access.astype(float)
        refused = wanted.sum() - world.practices["given"].sum()
        spread = math.sqrt((wanted * access * (1 - access)).sum())
        assert abs(refused - (wanted * (1 - access)).sum()) <= Z * spread


def test_one_in_twenty_refused_goes_to_ae_and_nobody_else(worlds, base):
    cut, share = worlds["appointments"], P.primary_care.refused_to_ae
    refused = -gain(cut, base, "given", "practices")
    assert abs(gain(cut, base, "ae") - share * refused) <= Z * math.sqrt(share * refused)


def test_fewer_appointments_leave_the_wards_alone(worlds, base):
    """Fewer referrals, so fewer listings and cancellations; never fuller beds."""
    cut = worlds["appointments"]
    assert cut.occupancy.mean() == pytest.approx(base.occupancy.mean(), abs=0.01)
    assert gain(cut, base, "listed") < 0
    assert gain(cut, base, "outpatient") < 0


# ---- social care ----


def needs(world: HospitalWorld) -> np.ndarray:
    """Return nights a week that would wait had social care been enough, over four weeks up to each week."""
    need = world.hospital["delayed_nights"] / world.state["delay_factor"].astype(float)
    return np.array([need[week - 4 : week].mean() for week in range(4, len(need))])


def test_delays_grow_by_the_power_law_of_need_over_places(worlds):
    for world in worlds.values():
        told = [delay_factor(need, world.social_care_nights, P.capacity) for need in needs(world)]
        assert world.state["delay_factor"][4:].tolist() == pytest.approx(told, abs=1e-5)


def test_a_tenth_less_social_care_delays_more_and_at_most_by_the_power_law(worlds, base):
    """Need is keyed and so nearly the same; the factor between worlds is 1 to (1/0.9)^s by week.

    Further delays are whole waits, uniform up to twice the mean; their feedback on measured need is allowed for
    by counting their spread twice.
    """
    cut, c = worlds["social_care"], P.capacity
    nights = base.hospital["delayed_nights"].sum()
    factors = [np.mean([delay_factor(n, w.social_care_nights, c) for n in needs(base)]) for w in (cut, base)]
    told = nights * (factors[0] / factors[1] - 1)
    assert 0 < told < nights * (LESS**-c.social_care_sensitivity - 1)
    further = gain(cut, base, "delayed_nights")
    wait = P.emergency.delayed_nights
    assert abs(further - told) <= 2 * Z * wait * math.sqrt(4 / 3 * told / wait)
    assert further > 0


def test_delayed_discharges_fill_beds(worlds, base):
    """Each night waited holds a bed; cancellations that follow take away less than a half."""
    cut = worlds["social_care"]
    fuller = gain(cut, base, "bed_nights")
    further = gain(cut, base, "delayed_nights")
    assert 0.5 * further < fuller < 1.5 * further


@pytest.mark.parametrize("less", [0.5, 0.9])
@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_a_lasting_shortage_of_social_care_delays_by_its_power_law_and_no_more(less, power):
    """Exact: delays that the shortage itself adds are no need, or they would add delays up to the cap."""
    model = IntegratedCareModel(
        small_scenario(capacity_feedback=True, parameters={"capacity.social_care_sensitivity": power})
    )
    hospital, weeks = model.hospitals[0], model.region.hospital_weeks[0]
    hospital.beds, hospital.social_care_nights = 1000.0, less * 7000.0
    weeks["delayed_nights"][:60] = 7000
    for week in range(60, 120):
        hospital.respond(week)
        weeks["delayed_nights"][week] = round(7000 * hospital.delay_factors[week])
    assert hospital.delay_factors[60:120].tolist() == pytest.approx([min(less**-power, 3.0)] * 60, rel=1e-3)


# ---- the command ----

ROW = CapacityRow(
    "bed_occupancy", 0.8, 0.9, 0.95, False, 0.97, 0.94, 0.96, "share", "", "PAGE", "a source", "a note"
)


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Stand in for the simulated hospital; returns what runs the command in a folder of its own."""
    result = CapacityResult((ROW,), seed=1, people=1000, beds=2.0)
    monkeypatch.setattr("icpsim.inference.natural_history.levels.capacity.measure_capacity", lambda *_: result)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, ["baseline", "--capacity", *arguments])


def test_the_command_prints_a_row_with_every_cut_and_leaves_nothing_behind(command, tmp_path):
    shown = command()
    line = next(line for line in shown.stdout.splitlines() if "bed_occupancy" in line)
    assert line.split() == [
        "bed_occupancy",
        "0.8",
        "to",
        "0.9",
        "0.95",
        "outside",
        "0.97",
        "0.94",
        "0.96",
        "share",
        "PAGE",
    ]
    assert "0 of 1 inside what is plausible" in shown.stdout
    assert (shown.exit_code, list(tmp_path.iterdir())) == (0, [])


def test_the_command_writes_json_and_a_folder(command, tmp_path):
    value = json.loads(command("--json", "--out", "here").stdout)
    assert value["capacity"] == [asdict(ROW)]
    folder = tmp_path / "here"
    assert {path.name for path in folder.iterdir()} == {"capacity.csv", "capacity.json", "versions.json"}
    assert json.loads((folder / "capacity.json").read_text()) == value
    assert (
        (folder / "capacity.csv").read_text().splitlines()[1].startswith("bed_occupancy,0.8,0.9,0.95,False,0.97,")
    )
