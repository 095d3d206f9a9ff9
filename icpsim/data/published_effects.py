"""Published results that the simulated evaluation is compared with: ``calibration/targets.csv``."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from icpsim.base.errors import WrongInputError
from icpsim.base.files import packaged
from icpsim.data.tables import TAGS, nearest

MEASURES = ("rate_ratio", "difference_gbp", "gbp", "relative", "share", "count")
CALIBRATION, SHOWN = USES = ("calibration", "shown")

_under_way: list[object] = []  # one entry for each calibration; shared by all threads of the process


class TargetError(WrongInputError):
    """The targets file is wrong, or has no such set; the message names file, line and column."""


@dataclass(frozen=True, slots=True)
class Target:
    """One published result.

    ``observed`` and its standard error ``se`` are on the scale of ``measure`` (a rate ratio, GBP per patient
    over the window, a relative change, a share or a count); ``tag`` belongs to the value, ``se_tag`` to the
    error. ``use`` is ``calibration``, or ``shown`` for rows that are displayed and must not be fitted.
    """

    target: str
    set: str
    outcome: str
    measure: str
    observed: float
    se: float
    se_source: str
    se_tag: str
    tag: str
    use: str
    source: str
    note: str


COLUMNS = tuple(field.name for field in fields(Target) if field.name != "se_tag")
"""Columns of the file; ``se_source`` holds the tag, too."""


def targets_file() -> Path:
    """Path of the targets."""
    return packaged("calibration", "targets.csv")


def target_sets() -> tuple[str, ...]:
    """Names of the row sets, in the order of the file."""
    return tuple(dict.fromkeys(target.set for target in _read(targets_file())))


def load_targets(name: str) -> tuple[Target, ...]:
    """All published results of one row set; raises TargetError with the nearest name if there is none."""
    found = tuple(target for target in _read(targets_file()) if target.set == name)
    if not found:
        raise TargetError(f"targets.csv has no row set '{name}'{nearest(name, target_sets())}")
    return found


def calibration_targets(*sets: str, rows: Iterable[str] = ()) -> tuple[Target, ...]:
    """Open what a calibration may see: rows of ``sets`` (all if none is given) whose use is calibration.

    ``rows`` picks some by name, in their order. Raises TargetError for a set or row there is none of, with the
    nearest name, and for a row that is not for calibration, with its use.
    """
    found = {target.target: target for name in sets or target_sets() for target in load_targets(name)}
    picked = list(rows)
    for name in picked:
        if name not in found:
            raise TargetError(f"targets.csv has no row '{name}' in {_listed(sets)}{nearest(name, found)}")
        if found[name].use != CALIBRATION:
            raise TargetError(f"targets.csv: row '{name}' is not for calibration: its use is '{found[name].use}'")
    return tuple(t for t in map(found.__getitem__, picked or found) if t.use == CALIBRATION)


@contextmanager
def calibrating() -> Iterator[None]:
    """Mark a calibration as under way: until it ends, :mod:`icpsim.questions.validation` refuses to be read."""
    mark = object()
    _under_way.append(mark)
    try:
        yield
    finally:
        _under_way.remove(mark)


def calibration_under_way() -> bool:
    """Tell whether this process is within :func:`calibrating`."""
    return bool(_under_way)


def observed_counts(name: str | None) -> dict[str, int]:
    """Return published numbers of people (``cases``, ``controls``) of one row set; empty when there is no set."""
    if name is None:
        return {}
    return {t.outcome: int(t.observed) for t in load_targets(name) if t.measure == "count"}


def _listed(sets: Iterable[str]) -> str:
    return " and ".join(f"set '{name}'" for name in sets) or "any set"


@cache
def _read(path: Path) -> tuple[Target, ...]:
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise TargetError(f"{path.name}:1: columns must be {','.join(COLUMNS)}")
        return tuple(_target(row, f"{path.name}:{reader.line_num}") for row in reader)


def _target(row: dict[str, str], place: str) -> Target:
    for column in COLUMNS:
        if not (row.get(column) or "").strip():
            raise TargetError(f"{place}: column '{column}' is empty")
    se_tag, _, se_source = row["se_source"].partition(": ")
    for column, given, allowed in (
        ("tag", row["tag"], TAGS),
        ("se_source", se_tag, TAGS),
        ("measure", row["measure"], MEASURES),
        ("use", row["use"], USES),
    ):
        if given not in allowed:
            raise TargetError(f"{place}: column '{column}': '{given}' is not one of {', '.join(allowed)}")
    try:
        observed, se = float(row["observed"]), float(row["se"])
    except ValueError as error:
        raise TargetError(f"{place}: columns 'observed' and 'se' must be numbers: {error}") from None
    words = {name: row[name] for name in ("target", "set", "outcome", "measure", "tag", "use", "source", "note")}
    return Target(**words, observed=observed, se=se, se_source=se_source, se_tag=se_tag)
