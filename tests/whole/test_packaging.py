"""The wheel holds what the package reads; ``.ci/run`` installs it for each Python and runs its main command."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import sys
import icpsim
from icpsim.cli.main import run
sys.argv[0] = "icpsim"
print(icpsim.__file__) if sys.argv[1] == "where" else run()
"""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Build the wheel with uv, which is what runs the tests, and unpack it where nothing else lies."""
    uv = os.environ.get("UV")
    if uv is None:
        pytest.skip("not run by uv")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def asked(arguments, cwd, **environment):
    """Run the command line of the package that ``cwd`` and PYTHONPATH lead to; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_that_answers_is_the_wheels(unpacked, tmp_path):
    assert Path(asked(("where",), tmp_path, PYTHONPATH=str(unpacked)).strip()).is_relative_to(unpacked)


@pytest.mark.parametrize("command", ["scenarios", "parameters", "calibration", "plan", "schema"])
def test_commands_that_read_packaged_files_print_what_the_checkouts_do(unpacked, tmp_path, command):
    assert asked((command,), tmp_path, PYTHONPATH=str(unpacked)) == asked((command,), ROOT)
