"""The year is defined once."""

import ast
from pathlib import Path

import pytest

import icpsim
from icpsim.base.calendar import WEEKS_PER_MONTH, WEEKS_PER_YEAR

PACKAGE = Path(icpsim.__file__).parent
YEARS = {52.14, 52.17, 52.18, 52.1775, 364.0, 365.0, 365.25}


def test_a_year_is_as_many_weeks_as_days_make():
    assert round(365.25 / 7, 2) == WEEKS_PER_YEAR
    assert 12 * WEEKS_PER_MONTH == pytest.approx(WEEKS_PER_YEAR)


def test_no_other_module_states_the_length_of_a_year():
    found = {
        f"{path.relative_to(PACKAGE)}:{side.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.BinOp)
        for side in (node.left, node.right)
        if isinstance(side, ast.Constant) and isinstance(side.value, float) and side.value in YEARS
    }
    assert not found
