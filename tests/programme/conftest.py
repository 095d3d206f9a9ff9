"""The week that effects are measured in."""

import pytest

from tests.one_week import OneWeek


@pytest.fixture(scope="session")
def site():
    return OneWeek()
