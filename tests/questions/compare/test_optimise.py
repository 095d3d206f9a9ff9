"""The search: it finds known optima under constraints, and the same seed tries the same."""

import logging
import warnings
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpsim.questions.compare.optimise import Outcome, search
from icpsim.questions.compare.search_space import (
    SearchError,
    every_setting,
    parse_choice,
    parse_space,
    size,
)

SPACE = parse_space(["policy=random,risk,nomination,condition", "managers=1:40", "contacts=0.5:8"])
PRICE = {"random": 0.0, "risk": 3.0, "nomination": 5.0, "condition": 1.0}
WORTH = {"random": 1.0, "risk": 4.0, "nomination": 5.0, "condition": 2.0}


def staffed(setting):
    """Give admissions, to be few, under a budget of 47 and 20 managers; the best is nomination, 20, 1 contact."""
    managers, contacts = setting["managers"], float(setting["contacts"])
    avoided = WORTH[setting["policy"]] * managers * (1.0 - (contacts - 2.0) ** 2 / 40.0)
    cost = managers * (2.0 + 0.1 * contacts) + PRICE[setting["policy"]]
    return Outcome(-avoided, (cost - 47.0, managers - 20.0))


def try_all(settings):
    return [staffed(setting) for setting in settings]


def test_the_best_that_budget_and_staff_allow_is_found():
    """Within 3% of the known optimum, where staff and budget both bind: 97.5 avoided."""
    for seed in (1, 2, 3):
        found = search(SPACE, try_all, trials=150, batch=8, seed=seed)
        best = found.best
        assert best.outcome.objective == pytest.approx(-97.5, rel=0.03)
        assert best.setting["policy"] == "nomination"
        assert best.setting["managers"] in (19, 20)
        assert best.outcome.feasible
        assert len(found.trials) == 150
        assert not found.exhaustive


def test_constraints_change_what_is_tried():
    """Later trials keep within the constraints more often than the same search without any."""

    def share(evaluate):
        late = search(SPACE, evaluate, trials=120, batch=6, seed=4).trials[60:]
        return sum(staffed(trial.setting).feasible for trial in late) / len(late)

    free = share(lambda settings: [Outcome(staffed(setting).objective) for setting in settings])
    assert share(try_all) > free + 0.2


def test_the_same_seed_tries_the_same_and_another_does_not():
    first, second = (search(SPACE, try_all, trials=40, batch=5, seed=9) for _ in range(2))
    assert first == second
    assert search(SPACE, try_all, trials=40, batch=5, seed=10) != first


def test_workers_do_not_matter():
    """Outcomes worked out last to first, as another number of workers may, change nothing."""

    def backwards(settings):
        return [staffed(setting) for setting in reversed(settings)][::-1]

    assert search(SPACE, backwards, 40, 5, seed=9) == search(SPACE, try_all, 40, 5, seed=9)


def test_batches_are_as_large_as_asked_and_no_setting_is_tried_twice():
    sizes, seen = [], []

    def watch(settings):
        sizes.append(len(settings))
        seen.extend(tuple(setting.items()) for setting in settings)
        return try_all(settings)

    space = parse_space(["policy=random,risk", "managers=1:20", "contacts=2,3"])
    search(space, watch, trials=50, batch=8, seed=1)
    assert sizes == [8, 8, 8, 8, 8, 8, 2]
    assert len(seen) == len(set(seen))


def test_a_small_space_is_tried_whole():
    space = parse_space(["policy=random,risk,nomination", "managers=19:21", "contacts=0.5"])
    found = search(
        space,
        try_all,
        trials=9,
        batch=4,
        seed=1,
    )
    assert found.exhaustive
    assert [trial.setting for trial in found.trials] == every_setting(space)
    assert found.best.setting == {"policy": "nomination", "managers": 20, "contacts": "0.5"}


def test_a_search_ends_when_nothing_new_is_suggested():
    space = parse_space(["a=1:3", "b=x,y"])
    found = search(space, lambda settings: [Outcome(setting["a"]) for setting in settings], 5, 5, seed=1)
    assert 1 <= len(found.trials) <= 5


def test_settings_that_fail_are_never_the_best():
    def half(settings):
        return [Outcome(nan if s["managers"] < 20 else float(s["managers"])) for s in settings]

    found = search(SPACE, half, trials=60, batch=10, seed=3)
    assert found.best.setting["managers"] == min(
        t.setting["managers"] for t in found.trials if t.setting["managers"] >= 20
    )
    assert search(SPACE, lambda s: [Outcome(nan)] * len(s), 12, 4, seed=1).best is None
    assert search(SPACE, lambda s: [Outcome(1.0, (0.1,))] * len(s), 12, 4, seed=1).best is None


def test_of_equals_the_first_is_the_best():
    assert search(SPACE, lambda s: [Outcome(1.0)] * len(s), 12, 4, seed=1).best.number == 0


def test_the_optimiser_says_nothing(capfd, caplog):
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        search(SPACE, try_all, trials=30, batch=5, seed=1)
    assert capfd.readouterr() == ("", "")
    assert not [record for record in caplog.records if record.name.startswith("optuna")]


def test_outcomes_have_to_match():
    with pytest.raises(SearchError, match="5 settings were tried and 1 outcomes came back"):
        search(SPACE, lambda settings: [Outcome(1.0)], 10, 5, seed=1)
    with pytest.raises(SearchError, match="same number of constraints"):
        search(SPACE, lambda s: [Outcome(1.0, (0.0,) * (k % 2)) for k in range(len(s))], 10, 5, seed=1)


@pytest.mark.parametrize(("space", "trials", "batch", "seed"), [((), 1, 1, 1), (SPACE, 0, 1, 1), (SPACE, 1, 0, 1)])
def test_impossible_searches_are_refused(space, trials, batch, seed):
    with pytest.raises(SearchError):
        search(space, try_all, trials, batch, seed)


def test_spaces_are_read():
    policy, managers, contacts = SPACE
    assert policy.values == ("random", "risk", "nomination", "condition")
    assert (managers.low, managers.high, managers.whole, managers.size) == (1.0, 40.0, True, 40)
    assert (contacts.low, contacts.high, contacts.whole) == (0.5, 8.0, False)
    assert size(SPACE) == float("inf")
    assert parse_choice("a={x: 1, y: 2},{x: 2}").values == ("{x: 1, y: 2}", "{x: 2}")


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([], "nothing is to be chosen"),
        (["a"], "a: write it as key=v1,v2,..."),
        (["a=1,1"], "a=1,1: a value stands twice"),
        (["a=3:1"], "a=3:1: a range goes from a number to a larger one"),
        (["a=1:1"], "a range goes from a number to a larger one"),
        (["a=1,2", "a=3,4"], "a is chosen twice"),
        (["a.b=1,2", "a=3,4"], "a.b is part of a: choose one of them"),
    ],
)
def test_spaces_that_cannot_be_are_refused(texts, message):
    with pytest.raises(SearchError) as error:
        parse_space(texts)
    assert message in str(error.value)


@given(st.integers(-20, 20), st.integers(1, 10), st.lists(st.sampled_from("xyz"), min_size=1, unique=True))
def test_every_setting_is_listed_once(low, width, values):
    space = parse_space([f"a={low}:{low + width}", f"b={','.join(values)}"])
    settings = every_setting(space)
    assert len({tuple(setting.items()) for setting in settings}) == len(settings) == size(space)
