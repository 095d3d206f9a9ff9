"""The week that shares and rates are counted in."""

import pytest

from tests.one_week import OneWeek


@pytest.fixture(scope="session")
def site():
    return OneWeek()
