"""No code of a calibration opens the registry: watched by an audit hook, in a process of its own."""

import json
import subprocess
import sys

WATCHED = """
import importlib, json, pkgutil, sys
from pathlib import Path

opened = []
sys.addaudithook(lambda event, rest: opened.append(str(rest[0])) if event == "open" else None)

import icpsim.inference
from icpsim.data.published_effects import TargetError, calibrating, calibration_targets, load_targets, target_sets

for module in pkgutil.walk_packages(icpsim.inference.__path__, "icpsim.inference."):
    importlib.import_module(module.name)
modules = [name for name in sys.modules if name.startswith(("icpsim.inference.", "icpsim.questions.validation"))]
with calibrating():
    for name in target_sets():
        load_targets(name)
        calibration_targets(name)
    calibration_targets()
    from icpsim.inference.natural_history.aims import read_aims
    from icpsim.data.natural_history_targets import tables_folder
    aims = read_aims(tables_folder() / "targets.csv")
    calibration = len(opened)

    from icpsim.questions.validation.registry import read_registry
    try:
        refused = bool(read_registry()) and "not refused"
    except TargetError as error:
        refused = str(error)
    closed = len(opened)
read_registry()
print(json.dumps({
    "modules": modules, "aims": len(aims), "refused": refused,
    "calibration": opened[:calibration], "closed": opened[:closed], "after": opened[closed:],
}))
"""


def files(paths: list[str], name: str) -> list[str]:
    return [path for path in paths if path.replace("\\\\", "/").endswith(f"calibration/{name}")]


def test_calibration_never_opens_the_registry() -> None:
    done = subprocess.run([sys.executable, "-c", WATCHED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert files(seen["calibration"], "targets.csv")
    assert seen["aims"] > 0
    assert files(seen["closed"], "validation.csv") == []
    assert "closed while a calibration is under way" in seen["refused"]
    assert len(files(seen["after"], "validation.csv")) == 1, "the hook does not see what it should"
    assert any(name.startswith("icpsim.inference.natural_history") for name in seen["modules"])
    assert [name for name in seen["modules"] if name.startswith("icpsim.questions.validation")] == []
