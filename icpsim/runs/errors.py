"""What can go wrong with many runs, told to the user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from icpsim.base.errors import FailedError, WrongInputError


class EnsembleError(FailedError):
    """Many runs cannot go on as they were asked for."""


class QueryError(EnsembleError, WrongInputError):
    """A folder holds no results, or what was asked of it cannot be answered; the message says why."""


class PlaceError(EnsembleError, WrongInputError):
    """Where units are to run was asked for in a way that does not fit together."""


class Stopped(KeyboardInterrupt):
    """Ctrl-C while units of work were under way; says how far they were."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A unit of work that raised, or whose worker died: its name, what it was, and the reason in a sentence."""

    name: str
    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


class FailedUnitsError(EnsembleError):
    """Some units failed; the others are done and kept."""

    def __init__(self, failures: Sequence[Failure], total: int, place: str) -> None:
        self.failures = tuple(failures)
        shown = "\n".join(f"  {failure}" for failure in self.failures[:10])
        more = f"\n  and {len(self.failures) - 10} more" if len(self.failures) > 10 else ""
        super().__init__(
            f"{len(self.failures)} of {total} units failed; the others are done and kept{place}:\n{shown}{more}"
        )
