"""Find the supported Pythons of this machine, and tell what of the lock file none of them would install.

    python .ci/pythons.py find            a line for each minor version: its number, its interpreter
    python .ci/pythons.py forks 3.11.7 3.13.0    fails if another version of a package is locked for other Pythons

Nothing is downloaded: what counts is what is installed beside python3, on the PATH or by a version manager.
"""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
ROOT = Path(__file__).resolve().parents[1]
TELL = "import sys; print(sys.implementation.name, *sys.version_info[:3], sys.version_info.releaselevel)"


def folders() -> Iterator[Path]:
    """Where interpreters may lie."""
    home = Path.home()
    for path in os.environ.get("PATH", "").split(os.pathsep):
        yield Path(path)
    yield Path(sys.base_prefix) / "bin"
    managers = [
        Path(os.environ.get("PYENV_ROOT", home / ".pyenv")) / "versions",
        Path(os.environ.get("UV_PYTHON_INSTALL_DIR", home / ".local/share/uv/python")),
        Path(os.environ.get("ASDF_DATA_DIR", home / ".asdf")) / "installs/python",
        Path(os.environ.get("MISE_DATA_DIR", home / ".local/share/mise")) / "installs/python",
    ]
    for manager in managers:
        yield from sorted(manager.glob("*/bin"))


def version_of(interpreter: Path) -> tuple[int, int, int] | None:
    """Return the version of a CPython that runs, else None (a version manager's stand-in may not)."""
    try:
        done = subprocess.run([interpreter, "-c", TELL], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = done.stdout.split()
    if done.returncode or len(words) != 5 or words[0] != "cpython" or words[4] != "final":
        return None
    major, minor, patch = map(int, words[1:4])
    return major, minor, patch


def find() -> dict[str, tuple[tuple[int, int, int], Path]]:
    """Return the newest interpreter of each supported minor version that is installed."""
    found: dict[str, tuple[tuple[int, int, int], Path]] = {}
    for folder in dict.fromkeys(folders()):
        for minor in SUPPORTED:
            version = version_of(folder / f"python{minor}") if (folder / f"python{minor}").exists() else None
            if version and (minor not in found or version > found[minor][0]):
                found[minor] = version, folder / f"python{minor}"
    return dict(sorted(found.items(), key=lambda item: item[1][0]))


def unmet_forks(lock: dict, versions: list[str]) -> list[str]:
    """Return the locked versions that no Python of ``versions`` installs on any platform."""
    from packaging.markers import Marker

    unmet = []
    for package in lock["package"]:
        markers = [Marker(text) for text in package.get("resolution-markers", ())]
        if markers and not any(holds(marker, version) for marker in markers for version in versions):
            unmet.append(f"{package['name']} {package.get('version', '')}".strip())
    return unmet


def holds(marker, version: str) -> bool:
    """Return whether a marker holds for a Python on some platform."""
    python = {"python_full_version": version, "python_version": ".".join(version.split(".")[:2])}
    platforms = ("linux", "darwin", "win32", "emscripten")
    return any(marker.evaluate({**python, "sys_platform": platform}) for platform in platforms)


def tell_forks(versions: list[str]) -> int:
    """Print which locked versions nobody here has run; 1 if there are any and several Pythons are installed."""
    unmet = unmet_forks(tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8")), versions)
    if not unmet:
        print(f"every locked version is installed by one of Python {', '.join(versions)}")
        return 0
    word = "warning" if len(versions) == 1 else "error"
    print(f"{word}: locked for Pythons other than {', '.join(versions)}, and so not tried: {', '.join(unmet)}")
    return int(len(versions) > 1)


def main(arguments: list[str]) -> int:
    """Do what the first argument says; 2 if it says nothing known."""
    match arguments:
        case ["find"]:
            for minor, (version, interpreter) in find().items():
                print(minor, ".".join(map(str, version)), interpreter)
            return 0
        case ["forks", *versions] if versions:
            return tell_forks(versions)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
