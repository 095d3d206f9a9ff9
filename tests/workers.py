"""How tests are handed to workers."""

import os
from functools import cache
from pathlib import Path

import pytest

from tests import compiled_once

EXAMPLES = "test_examples.py"
MAIN_STUDY = "test_studies_in_the_documentation_are_current[README.md]"
SIMULATE = (
    "tests.small_world", "tests.one_week", "icpsim.model", "icpsim.cli", "icpsim.questions", "icpsim.evaluation",
    "icpsim.population", "icpsim.care", "subprocess",
)  # fmt: skip
"""What a test file imports of that compiles rules when it is used."""


def pytest_addoption(parser, pluginmanager):
    """Take the options of xdist that pyproject.toml gives when xdist is not there."""
    if not pluginmanager.hasplugin("xdist"):
        parser.addoption("--numprocesses", help="ignored without xdist")
        parser.addoption("--no-loadscope-reorder", action="store_true", help="ignored without xdist")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """Return a worker for each core that may be used; none, so this process, for tests asked for by file."""
    if not all(os.path.isdir(argument) for argument in config.args):
        return 0
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


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
    """Return what one worker runs: a file, or a folder whose files share fixtures of the session.

    An example is a group of its own; all that look at the main study are one.
    """
    file, _, name = nodeid.partition("::")
    if file.endswith("tests/whole/test_reach.py") or name == MAIN_STUDY:
        return "the main study"
    if file.endswith(EXAMPLES):
        return nodeid
    folder = file.rpartition("/")[0]
    return folder if shares_fixtures(Path(__file__).parents[1] / folder) else file


@cache
def shares_fixtures(folder):
    """Return whether files of a folder of tests, this one apart, look at things made once a session."""
    conftest = folder / "conftest.py"
    inside = folder != Path(__file__).parent and conftest.is_file()
    return inside and 'scope="session"' in conftest.read_text(encoding="utf-8")


def pytest_collection_modifyitems(items):
    """Put what simulates after the rest, while rules are compiled, and the documentation's examples last.

    These are many and short: they fill what long groups leave open.
    """
    items.sort(key=lambda item: (item.path.name == EXAMPLES, simulates(item.module)))


@cache
def simulates(module):
    """Return whether a test file imports something that simulates."""
    origins = (getattr(one, "__module__", None) or getattr(one, "__name__", "") for one in vars(module).values())
    return any(str(origin).startswith(SIMULATE) for origin in origins)


def pytest_configure(config):
    """Have rules compiled once if there are several workers, and let these wait for them."""
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(compiled_once.Waiting(config.workerinput["compiled"], simulates))
    elif config.getoption("tx", None) and not config.getoption("collectonly"):
        config.pluginmanager.register(compiled_once.Compiling())
