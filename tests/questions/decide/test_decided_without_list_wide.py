"""A decision is told with the list-wide fall in outpatient use and without it, where an option has one."""

from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from icpsim.economics.views import View
from icpsim.inference.posterior import shipped_draws
from icpsim.questions.compare.mechanisms import LIST_WIDE
from icpsim.questions.compare.unit import ENROLLED_ALONE
from icpsim.questions.decide.answer import decide, yearly_values
from icpsim.questions.decide.show_sentences import sentences
from icpsim.questions.decide.show_terminal import as_object, caption, print_decision, write_pictures
from icpsim.questions.decide.what_could_be_known import acting_parameters
from icpsim.report.words import LIST_WIDE_FALL, WITHOUT_LIST_WIDE
from tests.fake_decision import activity, comparison, delivered

STEADY, DOUBTFUL = 0, 1
MORE_HOURS = 12_000.0
"""Of care planning, in the twin of "steady", which avoids nothing; "doubtful" has no list-wide fall."""


@pytest.fixture(scope="module")
def made_up():
    twin = f"{STEADY}{ENROLLED_ALONE}"
    figures = activity(twin, 0, 52.0, 5000.0) | activity(twin, 1, 26.0, 2500.0) | delivered(twin, MORE_HOURS)
    found = comparison()
    return replace(found, figures=tuple(row | figures for row in found.figures))


@pytest.fixture(scope="module")
def decided(made_up):
    return decide(made_up, "Which?", (0.0, 20_000.0))


def test_values_without_it_are_those_of_twins(made_up):
    values, alone = (yearly_values(made_up, View.COMMISSIONER, list_wide) for list_wide in (True, False))
    assert alone[:, STEADY] == pytest.approx(values[:, STEADY] * MORE_HOURS / 9_000.0)
    assert np.abs(alone[:, 2 + STEADY]).max() == 0.0
    for column in (DOUBTFUL, 2 + DOUBTFUL):
        assert alone[:, column].tolist() == values[:, column].tolist()


def test_the_same_decision_is_made_again_without_it(decided):
    alone = decided.without_list_wide_fall
    assert [one.option for one in alone.options] == [one.option for one in decided.options]
    steady, without = decided.options[1], alone.options[1]
    assert without.cost.mean == pytest.approx(steady.cost.mean * MORE_HOURS / 9_000.0, rel=1e-3)
    assert (steady.avoided.mean, without.avoided.mean) == (
        pytest.approx(30.0, abs=3.0),
        pytest.approx(0.0, abs=1e-9),
    )
    assert [one.threshold for one in alone.decisions] == [one.threshold for one in decided.decisions]
    assert alone.without_list_wide_fall is None


def test_what_acts_on_whole_lists_alone_is_nothing_to_know_without_it(decided):
    known, alone = (
        [one.name for one in found.decisions[0].partial] for found in (decided, decided.without_list_wide_fall)
    )
    assert LIST_WIDE in known
    assert alone == [name for name in known if name != LIST_WIDE]


def test_nothing_else_stops_acting(made_up):
    posterior = shipped_draws()
    with_lists, alone = (acting_parameters(made_up, posterior, list_wide) for list_wide in (True, False))
    assert {posterior.names[k] for k in set(with_lists) - set(alone)} == {"mechanisms.outpatient_spillover"}


def test_both_are_printed_said_and_in_json(decided):
    found = as_object(decided)
    assert found["without_list_wide_fall"]["options"] != found["options"]
    assert "clouds" not in found["without_list_wide_fall"]
    (said,) = (text for text in sentences(decided) if text.startswith(WITHOUT_LIST_WIDE.capitalize()))
    assert "By money alone (£0 an admission), no programme is best" in said
    assert LIST_WIDE_FALL in caption(decided)
    console = Console(width=120, force_terminal=False)
    with console.capture() as capture:
        print_decision(console, decided)
    assert capture.get().count("Options against no programme") == 2


def test_options_without_a_list_wide_fall_are_decided_once():
    found = decide(comparison(), "Which?", (0.0,))
    assert found.without_list_wide_fall is None
    assert as_object(found)["without_list_wide_fall"] is None
    assert not any(WITHOUT_LIST_WIDE in text.lower() for text in [*sentences(found), *caption(found)])


def test_pictures_are_drawn_twice(decided, tmp_path):
    names = {path.name for path in write_pictures(decided, tmp_path)}
    kinds = ("plane", "acceptability", "information", "partial")
    assert names == {f"{kind}{end}.png" for kind in kinds for end in ("", "-without-list-wide-fall")}
    for kind in kinds:
        one, two = ((tmp_path / f"{kind}{end}.png").read_bytes() for end in ("", "-without-list-wide-fall"))
        assert one != two
