"""What is varied: lists, steps, commas in brackets, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpsim.questions.compare.grid import GridError, grid, parse_vary
from icpsim.scenario.schema import load


def values(text):
    return parse_vary(text).values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=1,2", ("1", "2")),
        ("a= 1 , 2 ", ("1", "2")),
        ("a=x", ("x",)),
        ("a.b=on,off", ("on", "off")),
        ("a={x: 1, y: 2},{x: 3}", ("{x: 1, y: 2}", "{x: 3}")),
        ("a=[1, 2],[3, [4, 5]]", ("[1, 2]", "[3, [4, 5]]")),
        ("a='x, y',z", ("'x, y'", "z")),
        ('a=["]",1],2', ('["]",1]', "2")),
        ("a=it's,that", ("it's", "that")),
        ("a=x=1,x=2", ("x=1", "x=2")),
        ("a=10:30:10", ("10", "20", "30")),
        ("a=0:0.3:0.1", ("0", "0.1", "0.2", "0.3")),
        ("a=1:2:0.4", ("1", "1.4", "1.8")),
        ("a=3:1:-1", ("3", "2", "1")),
        ("a=5:5:1", ("5",)),
        ("a=1:3:1,10", ("1", "2", "3", "10")),
        ("a=-.5:.5:.5", ("-0.5", "0", "0.5")),
    ],
)
def test_values(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a", "write it as key=v1,v2,..."),
        ("=1", "write it as key=v1,v2,..."),
        ("a b=1", "write it as key=v1,v2,..."),
        ("a=", "a value is empty"),
        ("a=1,,2", "a value is empty"),
        ("a=1,2,1", "the value 1 stands twice"),
        ("a=1:2:1,2", "the value 2 stands twice"),
        ("a={1,2", "} is missing at the end"),
        ("a='1,2", "' is missing at the end"),
        ("a=1],2", "']' closes nothing"),
        ("a=1:2", "1:2 has no step; write from:to:step"),
        ("a=1:2:0", "steps of 0 do not lead from 1 to 2"),
        ("a=1:2:-1", "steps of -1 do not lead from 1 to 2"),
        ("a=0:1000000000000:1", "more than 400 values"),
    ],
)
def test_what_cannot_be_read_is_refused(text, message):
    with pytest.raises(GridError) as error:
        parse_vary(text)
    assert message in str(error.value)
    assert text in str(error.value)


@given(st.integers(-50, 50), st.integers(1, 20), st.integers(1, 30))
def test_steps_are_those_of_whole_numbers(first, step, count):
    last = first + step * count
    assert values(f"a={first}:{last}:{step}") == tuple(str(x) for x in range(first, last + 1, step))


def test_a_grid_is_every_combination_last_key_fastest():
    assert grid(["a=1,2", "b=x,y"]) == (("a=1", "b=x"), ("a=1", "b=y"), ("a=2", "b=x"), ("a=2", "b=y"))


def test_a_grid_is_as_a_scenario_takes_it():
    key = "programmes.0.enrolment_total"
    cells = grid(["run.seed=3:4:1", f"{key}=100,200", "mechanisms.avoidable_reduction=0.1,0.2"])
    totals = [load("case-management-sites", cell).programmes[0].enrolment_total for cell in cells]
    assert totals == [100, 100, 200, 200] * 2
    assert load("case-management-sites", cells[0]).parameters["mechanisms.avoidable_reduction"] == 0.1


@pytest.mark.parametrize(
    ("varied", "message"),
    [
        ([], "nothing is varied"),
        (["a=1", "a=2"], "a is varied twice"),
        (["m.a=1", "parameters.m.a=2"], "parameters.m.a is varied twice"),
        (["a.b=1", "a={c: 1}"], "a.b is part of a: vary one of them"),
        (["a=1:30:1", "b=1:20:1"], "the grid has 30 x 20 = 600 cells, more than 400"),
    ],
)
def test_grids_that_cannot_be_are_refused(varied, message):
    with pytest.raises(GridError) as error:
        grid(varied)
    assert message in str(error.value)


def test_a_larger_grid_may_be_asked_for():
    assert len(grid(["a=1:30:1", "b=1:20:1"], most=600)) == 600


def test_keys_that_only_begin_alike_may_both_vary():
    assert len(grid(["a.b=1", "a.bc=1"])) == 1
