"""Simulated small models that several test files look at; nobody may change them."""

import pytest
from small_world import simulated, small_scenario, stepped


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
