"""A country small enough to live in a second: three areas, about twenty practices, 30,000 people."""

import pytest

from icpsim.questions.england.answer import EnglandRequest
from icpsim.questions.england.country import run_england

SMALL = (
    ("england.areas", 3.0),
    ("england.population", 30_000.0),
    ("england.run_in_weeks", 8.0),
    ("population.list_size_mean", 1500.0),
)


def small_request(share: float = 1.0, seed: int = 1, weeks: int = 10) -> EnglandRequest:
    """Return a request for the small country."""
    return EnglandRequest(weeks=weeks, share=share, seed=seed, overrides=SMALL)


@pytest.fixture(scope="session")
def whole():
    return run_england(small_request())[0]
