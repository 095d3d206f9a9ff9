"""Simulated small models that several test files look at; nobody may change them."""

import pytest
from hypothesis import settings
from small_world import simulated, small_scenario, stepped

settings.register_profile("compiled rules", deadline=None)  # the first call compiles
settings.load_profile("compiled rules")


@pytest.fixture(scope="session")
def tiny():
    """Run the small scenario in one go."""
    return simulated(small_scenario())


@pytest.fixture(scope="session")
def tiny_by_step():
    """Step through the same scenario week by week."""
    return stepped(small_scenario())


@pytest.fixture(scope="session")
def tiny_with_feedback():
    """Run the same scenario with providers that answer to pressure."""
    return simulated(small_scenario(capacity_feedback=True))
