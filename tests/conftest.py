"""Simulated small models that several test files look at, and who runs what when there are several workers."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from small_world import simulated, small_scenario, stepped

HERE = Path(__file__).parent

# The first call compiles, so there is no deadline. A change is judged on the examples that it was tried on;
# HYPOTHESIS_PROFILE=explore tries others.
settings.register_profile("same examples", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same examples"))


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items):
    """Keep a file's tests on one worker, where its fixtures are, unless a test has a group of its own.

    The documentation's examples, many and short, come last and fill what long files leave open.
    """
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(HERE).as_posix()))
    items.sort(key=lambda item: item.path.name == "test_examples.py")


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
