"""Find the data files that come with icpsim, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def packaged(*parts: str, told: bool = False) -> Path:
    """Return the path of a data file or folder: the wheel's copy, or the repository's own.

    ``parts`` are texts where this is called, because what is kept of a simulation depends on the files that its
    modules name (:mod:`icpsim.base.source_digest`). ``told``: a unit of work tells what was read, whole (as a
    scenario), so that another file in the same folder changes nothing.
    """
    inside = PACKAGE.joinpath("data", *parts)
    return inside if inside.exists() else PACKAGE.parent.joinpath(*parts)
