"""Nothing private is committed: no package index but the public one, no path of somebody's machine."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
URL = re.compile(r"https?://[^\s\"'<>)\]`]+")
MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:home|root|work|Users|mnt|opt|srv)/\w+|[A-Z]:\\Users")
INDEX = re.compile(r"/simple\b|artifactory|nexus|/pypi/|index[-_]url", re.IGNORECASE)
PUBLIC = {"pypi.org", "files.pythonhosted.org"}
BINARY = {".png", ".parquet"}
HERE = Path(__file__).relative_to(ROOT).as_posix()


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout:
        pytest.skip("not a git checkout")
    names = done.stdout.splitlines()
    return [n for n in names if Path(n).suffix not in BINARY and n != HERE and (ROOT / n).is_file()]


def lines() -> list[tuple[str, str]]:
    """Every line of every tracked text file but the lock, with its place."""
    return [
        (f"{name}:{number}", line)
        for name in tracked()
        if name != "uv.lock"
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1)
    ]


def test_lock_names_public_hosts_only() -> None:
    hosts = {urlsplit(url).hostname for url in URL.findall((ROOT / "uv.lock").read_text(encoding="utf-8"))}
    assert hosts == PUBLIC


def test_no_private_package_index() -> None:
    found = [(place, url) for place, line in lines() for url in URL.findall(line) if INDEX.search(url)]
    assert [(place, url) for place, url in found if urlsplit(url).hostname not in PUBLIC] == []


def test_no_machine_path() -> None:
    assert [(place, line) for place, line in lines() if MACHINE_PATH.search(line)] == []


@pytest.mark.parametrize("text", ["cd /home/someone/icpsim", '"/' + "work" + '/icpsim"', "C:\\Users\\someone"])
def test_machine_paths_are_seen(text: str) -> None:
    assert MACHINE_PATH.search(text)


# ---- other Pythons ----


def ci_pythons():
    """Return the module of ``.ci/`` that finds Pythons; it is no part of the package."""
    spec = importlib.util.spec_from_file_location("ci_pythons", ROOT / ".ci" / "pythons.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FORKED = {
    "package": [
        {"name": "one", "version": "1"},
        {"name": "old", "version": "1", "resolution-markers": ["python_full_version < '3.12'"]},
        {
            "name": "new",
            "version": "2",
            "resolution-markers": [
                "python_full_version >= '3.15' and sys_platform == 'win32'",
                "python_full_version == '3.13.*' and sys_platform != 'win32'",
            ],
        },
    ]
}


@pytest.mark.parametrize(
    ("versions", "unmet"),
    [
        (["3.11.7"], ["new 2"]),
        (["3.12.1"], ["old 1", "new 2"]),
        (["3.11.7", "3.12.1"], ["new 2"]),
        (["3.11.7", "3.13.0"], []),
    ],
)
def test_versions_locked_for_pythons_that_nobody_tried_are_found(versions, unmet) -> None:
    assert ci_pythons().unmet_forks(FORKED, versions) == unmet


def test_this_python_is_found() -> None:
    found = ci_pythons().find()
    assert ".".join(map(str, sys.version_info[:2])) in found
