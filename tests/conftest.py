"""Simulated small models that several test files look at; ``workers.py`` says who runs what."""

import os

import pytest
from hypothesis import settings

from tests.small_world import simulated, small_scenario, stepped

pytest_plugins = ("tests.workers",)

# The first call compiles, so there is no deadline. A change is judged on the examples that it was tried on;
# HYPOTHESIS_PROFILE=explore tries others.
settings.register_profile("same examples", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same examples"))


@pytest.fixture(scope="session")
def tiny():
    """Run the small scenario in one go; nobody may change it."""
    return simulated(small_scenario())


@pytest.fixture(scope="session")
def kept_studies(tmp_path_factory):
    """Return a folder in which tests of one group find the replicates that each other has run."""
    return tmp_path_factory.mktemp("kept-studies")


@pytest.fixture(scope="session")
def tiny_by_step():
    """Step through the same scenario week by week."""
    return stepped(small_scenario())


@pytest.fixture(scope="session")
def tiny_with_feedback():
    """Run the same scenario with providers that answer to pressure."""
    return simulated(small_scenario(capacity_feedback=True))
