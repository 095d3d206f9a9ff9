"""The headline of ``small`` is the committed one; after a change that is meant to move it, remake it.

``uv run python -m tests.whole.headline.remake``: the diff of small.json is what a reviewer looks at.
"""

import json

import pytest

from tests.whole.headline.remake import FILE, as_text, headline, rounded


@pytest.fixture(scope="module")
def now():
    return headline()


def test_headline_is_the_committed_one(now):
    committed = json.loads(FILE.read_text(encoding="utf-8"))
    moved = {
        f"{part}: {key}": (value, now[part].get(key))
        for part in ("people", "shown", "replicates")
        for key, value in committed[part].items()
        if now[part].get(key) != value
    }
    assert moved == {}, "see the top of this file"
    assert now == committed


def test_the_file_is_as_the_command_writes_it(now):
    assert FILE.read_text(encoding="utf-8") == as_text(now)


@pytest.mark.parametrize(
    ("value", "digits"), [(1.23449, 1.234), (-0.000123456, -0.0001235), (98765.4, 98770.0), (float("nan"), None)]
)
def test_rounding_keeps_four_significant_digits(value, digits):
    assert rounded(value) == digits
