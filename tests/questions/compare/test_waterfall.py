"""Shares of a change: they sum exactly, and are Shapley's by his axioms and by averaging over all orders."""

from fractions import Fraction
from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpsim.questions.compare.waterfall import MOST_PLAYERS, WaterfallError, order, waterfall
from icpsim.report.amounts import rounded

WHOLE = st.integers(-(2**40), 2**40)


def number(group):
    return sum(1 << player for player in group)


@st.composite
def games(draw, most_players=4, whole=WHOLE):
    """Draw a number of players and a table of values, int64[2^players x cells]."""
    players = draw(st.integers(1, most_players))
    cells = draw(st.integers(1, 3))
    rows = draw(
        st.lists(st.lists(whole, min_size=cells, max_size=cells), min_size=2**players, max_size=2**players)
    )
    return players, np.array(rows, np.int64)


def shared(players, table):
    return waterfall(lambda group: table[number(group)], players)


@given(games())
def test_parts_sum_exactly_to_the_total_in_every_cell(game):
    players, table = game
    found = shared(players, table)
    assert found.scale == factorial(players)
    assert (found.parts.sum(axis=0) == found.scale * (table[-1] - table[0])).all()
    assert sum(found.fractions()) == int((table[-1] - table[0]).sum())


@given(games(most_players=5))
def test_parts_are_means_over_every_order_of_joining(game):
    players, table = game
    sums = np.zeros((players, table.shape[1]), np.int64)
    for joining in permutations(range(players)):
        present = 0
        for player in joining:
            sums[player] += table[present | 1 << player] - table[present]
            present |= 1 << player
    assert (shared(players, table).parts == sums).all()


@given(games(), st.data())
def test_who_never_changes_anything_gets_nothing(game, data):
    players, table = game
    dummy = data.draw(st.integers(0, players - 1))
    blind = np.array([table[k & ~(1 << dummy)] for k in range(len(table))])
    assert not shared(players, blind).parts[dummy].any()


@given(games(), st.data())
def test_players_that_can_be_exchanged_get_the_same(game, data):
    players, table = game
    a, b = data.draw(st.integers(0, players - 1)), data.draw(st.integers(0, players - 1))

    def swapped(k):
        bits = [(k >> p) & 1 for p in range(players)]
        bits[a], bits[b] = bits[b], bits[a]
        return sum(bit << p for p, bit in enumerate(bits))

    alike = np.array([table[k] + table[swapped(k)] for k in range(len(table))])
    found = shared(players, alike).parts
    assert (found[a] == found[b]).all()


@given(games(), st.integers(-5, 5))
def test_games_that_are_added_have_parts_that_are_added(game, factor):
    players, table = game
    other = factor * np.roll(table, 1, axis=0)
    both = shared(players, table).parts + shared(players, other).parts
    assert (shared(players, table + other).parts == both).all()


def test_each_set_of_mechanisms_is_simulated_once():
    asked = []
    waterfall(lambda group: asked.append(group) or np.array([len(group)]), MOST_PLAYERS)
    assert len(asked) == len(set(asked)) == 2**MOST_PLAYERS


def test_numbers_too_large_for_sixty_four_bits_stay_exact():
    table = np.array([-(2**62), 2**61, 2**62 - 1, 2**62], np.int64)[:, None]
    found = shared(2, table)
    assert sum(found.parts[:, 0]) == 2 * (2**62 + 2**62)
    assert found.parts[0, 0] == (2**61 + 2**62) + (2**62 - (2**62 - 1))


def test_shown_parts_are_in_the_units_of_the_values():
    found = waterfall(lambda group: np.array([[10 * len(group), 0], [0, 7 * (0 in group)]]), 2)
    assert found.shown().tolist() == [[[10.0, 0.0], [0.0, 7.0]], [[10.0, 0.0], [0.0, 0.0]]]


@pytest.mark.parametrize("players", [0, MOST_PLAYERS + 1])
def test_too_many_mechanisms_are_refused(players):
    with pytest.raises(WaterfallError, match=f"1 to {MOST_PLAYERS} mechanisms .256 worlds.; {players} were given"):
        waterfall(lambda group: np.array([0]), players)


def test_values_that_are_not_whole_or_of_one_shape_are_refused():
    with pytest.raises(WaterfallError, match=r"whole numbers; the world set\(\) has float64"):
        waterfall(lambda group: np.array([0.5]), 1)
    with pytest.raises(WaterfallError, match=r"world \{0\} has cells \(1,\) where the first has \(0,\)"):
        waterfall(lambda group: np.zeros(len(group), np.int64), 1)


def test_largest_first_and_nothing_is_kept_last():
    assert order([0.0, 3.0, -7.0, 0.0, 3.0]) == (2, 1, 4, 0, 3)


@given(st.lists(st.fractions(max_denominator=720), min_size=1, max_size=8), st.integers(0, 2))
def test_rounded_parts_sum_to_the_rounded_total_and_stay_near(parts, decimals):
    unit = Fraction(1, 10**decimals)
    shown = rounded(parts, decimals)
    assert sum(shown) == round(sum(parts) / unit) * unit
    assert all(abs(a - b) < unit for a, b in zip(shown, parts, strict=True))
    assert all((value / unit).denominator == 1 for value in shown)
