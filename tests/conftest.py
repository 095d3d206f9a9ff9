"""Simulated small models that several test files look at, and who runs what when there are several workers."""

import os

import pytest
from hypothesis import settings
from small_world import simulated, small_scenario, stepped

EXAMPLES = "test_examples.py"
MAIN_STUDY = "test_studies_in_the_documentation_are_current[README.md]"

# The first call compiles, so there is no deadline. A change is judged on the examples that it was tried on;
# HYPOTHESIS_PROFILE=explore tries others.
settings.register_profile("same examples", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same examples"))


def pytest_collection_modifyitems(items):
    """Put the documentation's examples last: many and short, they fill what long files leave open."""
    items.sort(key=lambda item: item.path.name == EXAMPLES)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out tests in the groups of ``group_of``.

    The mark ``xdist_group`` does not do it: xdist 3.8 names groups in a way that pytest 9.2 does not read.
    """
    from xdist.scheduler import LoadScopeScheduling

    class InGroups(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group_of(nodeid)

    return InGroups(config, log)


def group_of(nodeid):
    """Return what one worker runs: a file, for its fixtures; an example; all that look at the main study."""
    file, _, name = nodeid.partition("::")
    if file.endswith("tests/whole/test_reach.py") or name == MAIN_STUDY:
        return "the main study"
    return nodeid if file.endswith(EXAMPLES) else file


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
