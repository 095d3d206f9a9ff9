"""A folder of finished units. Written by one command at a time; never holds half a result."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from icpsim.runs.errors import EnsembleError, Failure
from icpsim.runs.unit import Told
from icpsim.runs.unit_file import Figures, Finished, read_finished, write_finished, write_whole

UNITS, FAILED, IN_HAND, LOCK = "units", "failed", "in-hand", ".lock"
ROLLED_AT = 200
"""Finished units in files of their own from which they are put into a batch."""


class Kept:
    """Finished units by name: each in a file of its own (``units``) until a batch takes it (``parts``).

    Units that failed are in ``failed`` with their reason, and are not tried again while they are there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (UNITS, FAILED, IN_HAND):
            (folder / name).mkdir(parents=True, exist_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder while units are run. Raises EnsembleError while another command holds it."""
        with (self.folder / LOCK).open("a") as lock:
            if not _locked(lock.fileno()):
                raise EnsembleError(f"{self.folder}: another icpsim command is at work in this folder")
            yield

    def loose(self) -> list[str]:
        """Return the names of the units in files of their own, whole or not, in order."""
        return sorted(path.stem for path in (self.folder / UNITS).glob("[!.]*.json"))

    def parts(self) -> dict[str, list[str]]:
        """Return the whole batches and the units that each holds."""
        from icpsim.runs.batches import RUNS, part_names

        found = {}
        for path in sorted((self.folder / RUNS).glob("part-*.parquet")):
            names = part_names(self.folder, path.name)
            if names is not None:
                found[path.name] = names
        return found

    def begin(self) -> set[str]:
        """Tidy what an interrupted command left behind and return the names of all finished units, verified."""
        from icpsim.runs.batches import OUTCOMES, RUNS

        parts = self.parts()
        for place in (RUNS, OUTCOMES):
            for path in (self.folder / place).glob("part-*.parquet"):
                if path.name not in parts:
                    path.replace(path.with_name(f"{path.name}.damaged"))
        for path in self.folder.glob("*/.*"):
            path.unlink(missing_ok=True)
        rolled = {name for held in parts.values() for name in held}
        for name in self.loose():
            if name in rolled or self.read(name) is None:
                (self.folder / UNITS / f"{name}.json").unlink(missing_ok=True)
        return rolled | set(self.loose())

    def done(self) -> set[str]:
        """Return the names of all finished units, each verified; changes nothing."""
        rolled = {name for held in self.parts().values() for name in held}
        return rolled | {name for name in self.loose() if self.read(name) is not None}

    def read(self, name: str) -> Finished | None:
        """Return a finished unit that is in a file of its own; None without one, or if it is damaged."""
        return read_finished(self.folder / UNITS / f"{name}.json")

    def keep(self, told: Told, figures: Figures) -> None:
        """Keep a finished unit. Raises OSError when the disk does not take it."""
        one = Finished(told.columns, told.told, figures, told.title)
        write_finished(self.folder / UNITS / f"{told.name}.json", one)

    def fail(self, told: Told, reason: str) -> None:
        """Keep why a unit failed. Raises OSError when the disk does not take it."""
        content = json.dumps({**told.columns, "what": told.what, "reason": reason}, indent=1)
        write_whole(self.folder / FAILED / f"{told.name}.json", content.encode())

    def failures(self) -> dict[str, Failure]:
        """Return the units that failed, by name."""
        found = {}
        for path in sorted((self.folder / FAILED).glob("[!.]*.json")):
            told = json.loads(path.read_text(encoding="utf-8"))
            found[path.stem] = Failure(path.stem, told["what"], told["reason"])
        return found

    def figures(self, names: Iterable[str]) -> dict[str, Figures]:
        """Return the figures of finished units, by name; a name that is not finished is left out."""
        from icpsim.runs.batches import part_figures

        wanted = set(names)
        found: dict[str, Figures] = {}
        for part, held in self.parts().items():
            here = wanted & set(held)
            if here:
                found |= part_figures(self.folder, part, here)
        for name in wanted - set(found):
            one = self.read(name)
            if one is not None:
                found[name] = one.figures
        return found

    def roll(self) -> None:
        """Put all units in files of their own into a batch. Raises OSError when the disk does not take it."""
        from icpsim.runs.batches import OUTCOMES, RUNS, write_part

        units = [one for name in self.loose() if (one := self.read(name)) is not None]
        if not units:
            return
        for place in (OUTCOMES, RUNS):
            (self.folder / place).mkdir(exist_ok=True)
        for name in write_part(self.folder, units):
            (self.folder / UNITS / f"{name}.json").unlink(missing_ok=True)

    def in_hand(self) -> list[str]:
        """Return the units that a worker has begun and not ended."""
        return sorted(path.name for path in (self.folder / IN_HAND).iterdir())

    def forget_in_hand(self, names: Sequence[str]) -> None:
        """Take back that these units are in hand."""
        for name in names:
            (self.folder / IN_HAND / name).unlink(missing_ok=True)

    @contextmanager
    def holding(self, name: str) -> Iterator[None]:
        """Mark a unit as in hand; the mark stays behind when the worker dies."""
        mark = self.folder / IN_HAND / name
        mark.touch()
        yield
        mark.unlink(missing_ok=True)


def _locked(file: int) -> bool:
    """Take a lock that ends with this process; systems without such locks go without."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
