"""Money is shown with and without the list-wide fall: every arm that has one is lived a second time without it."""

import dataclasses
from math import isnan

import pytest
from rich.console import Console

from icpsim.questions.compare.answer import answer
from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.money import money_of, twins
from icpsim.questions.compare.results import NO_PROGRAMME, one
from icpsim.questions.compare.rows import headlines, years
from icpsim.questions.compare.runs import compare
from icpsim.questions.compare.show_sentences import arm_sentences, conclusion
from icpsim.questions.compare.show_side_by_side import write_side_by_side
from icpsim.questions.compare.show_sweep import front_sentences, sweep_object
from icpsim.questions.compare.show_terminal import as_object, caption
from icpsim.questions.compare.show_who_and_money import print_money
from icpsim.questions.compare.sweep import policies
from icpsim.report.measures import AVOIDED, COST, COST_ALONE, SAVED, SAVED_ALONE
from icpsim.report.words import LIST_WIDE_FALL, WITHOUT_LIST_WIDE
from tests.questions.compare.conftest import MORE, STRONG
from tests.small_world import SERVICES, small_scenario

NO_LIST_WIDE = {"outpatient_spillover": 0.0}
ON, OFF, NOBODY = 0, 1, 2


def scenario(mechanisms=None, **changes):
    return small_scenario(
        **{"mechanisms": STRONG | (mechanisms or {}), "quota": 150, "interventions": MORE} | changes
    )


@pytest.fixture(scope="module")
def set_to_nothing():
    return compare([Arm("on", scenario(NO_LIST_WIDE))], 2, 1, drawn=False, evaluated=False)


def row(rows, arm, measure):
    return one(rows, arm=arm, against=NO_PROGRAMME, measure=measure)


def test_a_twin_is_the_arm_that_is_set_to_have_no_list_wide_fall(compared, set_to_nothing):
    alone = money_of(compared, ON, list_wide=False)
    assert alone == money_of(set_to_nothing, 0)
    assert all(a.found.pence != b.found.pence for a, b in zip(alone, money_of(compared, ON), strict=True))


def test_a_draw_of_the_posterior_does_not_bring_it_back():
    """The drawn value is the scenario's or its programme's own: neither may act in the twin."""
    base = small_scenario(quota=150, interventions=MORE)
    drawn = compare([Arm("drawn", base)], 1, 1, evaluated=False)
    nothing = small_scenario(quota=150, interventions=MORE, mechanisms=NO_LIST_WIDE)
    set_so = compare([Arm("drawn", nothing)], 1, 1, evaluated=False)
    assert drawn.list_wide(0)
    assert not set_so.list_wide(0)
    assert money_of(drawn, 0, list_wide=False) == money_of(set_so, 0)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"mechanisms": NO_LIST_WIDE}, id="no fall"),
        pytest.param({"effects": False}, id="effects off"),
        pytest.param({"interventions": SERVICES}, id="services alone"),
    ],
)
def test_an_arm_without_a_list_wide_fall_is_lived_once_and_shown_once(changes):
    found = compare([Arm("one", scenario(**changes))], 1, 1, drawn=False, evaluated=False)
    assert not found.list_wide(0)
    money, alone = twins(found, 0)
    assert money is alone
    rows = list(headlines(found))
    assert [r.measure for r in rows if r.measure in (COST, COST_ALONE, SAVED, SAVED_ALONE)] == [COST, SAVED]
    told = answer(found, "one")
    assert told.money[0].without_list_wide_fall is None
    assert not any(WITHOUT_LIST_WIDE in text for text in [*arm_sentences(rows), *conclusion(rows, ())])
    assert LIST_WIDE_FALL not in caption(told)


def test_what_is_saved_before_its_cost_is_the_net_and_the_cost(compared):
    """Saving less programme cost is what the commissioner gains, with the fall and without it."""
    for list_wide, measures in ((True, (COST, SAVED)), (False, (COST_ALONE, SAVED_ALONE))):
        cost, saved = (row(headlines(compared), "on", measure).estimate for measure in measures)
        money = money_of(compared, ON, list_wide)
        programme = -sum(one.found.programme["commissioner"].total for one in money) / len(money)
        assert saved == pytest.approx(programme / years(compared) - cost)


def test_the_fall_is_all_that_the_two_rows_differ_by(compared):
    rows = list(headlines(compared))
    with_fall, alone = row(rows, "on", SAVED), row(rows, "on", SAVED_ALONE)
    assert with_fall.estimate > alone.estimate
    assert row(rows, "on", COST).estimate < row(rows, "on", COST_ALONE).estimate
    nobody = row(rows, "nobody", SAVED), row(rows, "nobody", SAVED_ALONE)
    assert nobody[0].estimate == nobody[1].estimate == 0.0


def test_against_another_arm_both_are_told(compared):
    """Also against an arm that has no list-wide fall, which is then its own twin."""
    for reference, label in ((NOBODY, "nobody"), (OFF, "off")):
        rows = [r for r in headlines(compared, reference) if r.arm == "on"]
        assert {r.against for r in rows} == {label}
        assert [r.measure for r in rows] == [AVOIDED, COST, COST_ALONE, SAVED, SAVED_ALONE]


def test_sentences_tables_and_json_say_both(compared):
    told = answer(compared, "four arms")
    said = as_object(told)
    assert any(text.startswith(WITHOUT_LIST_WIDE.capitalize()) for text in said["conclusion"])
    assert any(f"{WITHOUT_LIST_WIDE.capitalize()} it " in text for text in said["sentences"])
    measures = {r["measure"] for r in said["headlines"] if r["arm"] == "on"}
    assert {COST, COST_ALONE, SAVED, SAVED_ALONE} <= measures
    ours = said["money"][ON]
    assert ours["without_list_wide_fall"]["views"]["commissioner"] != ours["views"]["commissioner"]
    assert said["money"][OFF]["without_list_wide_fall"] is None
    assert LIST_WIDE_FALL in caption(told)
    console = Console(width=200, force_terminal=False)
    with console.capture() as capture:
        print_money(console, told.money)
    assert capture.get().count("hospital saving before programme cost") == 2
    assert WITHOUT_LIST_WIDE in capture.get()


def test_money_that_is_not_conserved_in_a_twin_is_told(compared):
    told = answer(compared, "four arms")
    wrong = dataclasses.replace(told.money[ON].without_list_wide_fall, unbalanced=1)
    money = (dataclasses.replace(told.money[ON], without_list_wide_fall=wrong), *told.money[1:])
    assert any("not conserved" in line for line in caption(dataclasses.replace(told, money=money)))


def test_a_sweep_tells_the_cheapest_cell_both_ways(compared):
    front = policies(compared)
    for place, cell in enumerate(front):
        assert isnan(cell.cost_alone) == (not compared.list_wide(place))
        if compared.list_wide(place):
            money = money_of(compared, place, list_wide=False)
            gain = sum(one.found.views["commissioner"].total for one in money) / len(money)
            assert cell.cost_alone == pytest.approx(-gain / years(compared))
    told = front_sentences(front)
    assert told[-1].startswith(WITHOUT_LIST_WIDE.capitalize())
    objects = sweep_object(answer(compared, "four arms"), front)["policies"]
    assert [one["cost_alone"] is None for one in objects] == [not compared.list_wide(k) for k in range(len(front))]


def test_the_picture_of_arms_shows_both(compared, tmp_path):
    told = answer(compared, "four arms")
    path = write_side_by_side(told.headlines, NO_PROGRAMME, told.about, tmp_path / "arms.png")
    assert path.stat().st_size > 10_000
