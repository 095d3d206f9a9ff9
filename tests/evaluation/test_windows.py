from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icpsim.evaluation.windows import count_windows, row_map, sum_windows

EVENTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60), st.integers(0, 7)), max_size=80)
EDGES = st.lists(st.integers(-60, 60), min_size=2, max_size=6, unique=True).map(sorted)


@settings(max_examples=200, deadline=None)
@given(EVENTS, EDGES, st.lists(st.integers(0, 9), min_size=1, max_size=10, unique=True), st.data())
def test_windows_equal_the_slow_count(events, edges, persons, data):
    index = np.array([data.draw(st.integers(0, 60)) for _ in persons], np.int16)
    person, week, amount = (np.array([e[k] for e in events], np.int32) for k in range(3))
    rows = row_map(np.array(persons), 10)
    counts = count_windows(person, week.astype(np.int16), rows, len(persons), index, edges)
    sums = sum_windows(person, week.astype(np.int16), amount, rows, index, edges)
    for row, who in enumerate(persons):
        for window, (low, high) in enumerate(pairwise(edges)):
            inside = [a for p, w, a in events if p == who and low <= w - index[row] < high]
            assert counts[row, window] == len(inside)
            assert sums[row, window] == sum(inside)


def test_the_index_week_itself_is_after():
    rows = row_map(np.array([0]), 1)
    week = np.array([9, 10], np.int16)
    assert count_windows(np.zeros(2, np.int32), week, rows, 1, 10, (-1, 0, 1)).tolist() == [[1, 1]]


def test_bad_edges_and_repeated_people_are_refused():
    with pytest.raises(ValueError, match="increasing"):
        count_windows(np.zeros(0, np.int32), np.zeros(0, np.int16), np.zeros(1, np.int32), 1, 0, (0, 0))
    with pytest.raises(ValueError, match="twice"):
        row_map(np.array([3, 3]), 5)
