"""The week that shares and rates are counted in."""

import pytest
from one_week import OneWeek


@pytest.fixture(scope="session")
def site():
    return OneWeek()
