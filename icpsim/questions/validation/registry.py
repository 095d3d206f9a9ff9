"""Published effects kept for validation: ``calibration/validation.csv``, closed while a calibration runs."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from icpsim.base.files import packaged
from icpsim.data.published_effects import TargetError, calibration_under_way, load_targets, target_sets
from icpsim.data.tables import TAGS, nearest
from icpsim.evaluation.outcomes import OUTCOMES

RATIO, GBP = MEASURES = ("rate_ratio", "difference_gbp")
NONE = "none"


class RegistryError(TargetError):
    """The registry is wrong, has no such study, or may not be read now; the message says where and why."""


@dataclass(frozen=True, slots=True)
class ValidationTarget:
    """One published effect that no calibration may see.

    ``observed`` and its standard error ``se`` are a rate ratio, or GBP per patient over the window; ``tag``
    belongs to the value, ``se_tag`` to the error. ``scenario`` names the scenario that stands for the study.
    ``shares_data_with`` names rows of targets.csv with the same patients in them: the effect validates nothing
    that was fitted to one of those.
    """

    target: str
    study: str
    scenario: str
    outcome: str
    measure: str
    observed: float
    se: float
    se_source: str
    se_tag: str
    tag: str
    shares_data_with: tuple[str, ...]
    source: str
    note: str


COLUMNS = tuple(field.name for field in fields(ValidationTarget) if field.name != "se_tag")
"""Columns of the file; ``se_source`` holds the tag, too."""


def registry_file() -> Path:
    """Path of the registry."""
    return packaged("calibration", "validation.csv")


def read_registry(path: Path | None = None) -> tuple[ValidationTarget, ...]:
    """Read every row of the registry, or of another file of its shape.

    Raises RegistryError while a calibration is under way, before any file is opened, and for a faulty file,
    naming file, line, column and the nearest valid value.
    """
    if calibration_under_way():
        raise RegistryError("validation.csv is closed while a calibration is under way: score after it has ended")
    return _read(path or registry_file())


def studies(rows: Iterable[ValidationTarget]) -> tuple[str, ...]:
    """Names of the studies in ``rows``, in their order."""
    return tuple(dict.fromkeys(row.study for row in rows))


def by_study(rows: Iterable[ValidationTarget]) -> list[tuple[ValidationTarget, ...]]:
    """Part ``rows`` into those of each study and scenario, in their order."""
    parts: dict[tuple[str, str], list[ValidationTarget]] = {}
    for row in rows:
        parts.setdefault((row.study, row.scenario), []).append(row)
    return [tuple(part) for part in parts.values()]


def rows_of_study(rows: Iterable[ValidationTarget], study: str) -> tuple[ValidationTarget, ...]:
    """Rows of one study; raises RegistryError with the nearest name if there is none."""
    rows = tuple(rows)
    found = tuple(row for row in rows if row.study == study)
    if not found:
        known = studies(rows)
        hint = nearest(study, known) or f": there are {', '.join(known)}"
        raise RegistryError(f"--study: validation.csv has no study '{study}'{hint}")
    return found


def rows_of_scenario(rows: Iterable[ValidationTarget], scenario: str) -> tuple[ValidationTarget, ...]:
    """Rows that one scenario stands for; raises RegistryError with the nearest name if there is none."""
    rows = tuple(rows)
    found = tuple(row for row in rows if row.scenario == scenario)
    if not found:
        known = dict.fromkeys(row.scenario for row in rows)
        hint = nearest(scenario, known) or f": there are {', '.join(known)}"
        raise RegistryError(
            f"validation.csv has no row for scenario '{scenario}'{hint} (or name a study with --study)"
        )
    return found


@cache
def _read(path: Path) -> tuple[ValidationTarget, ...]:
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        there = tuple(reader.fieldnames or ())
        if there != COLUMNS:
            raise RegistryError(f"{path.name}:1: columns must be {','.join(COLUMNS)}{_column_hint(there)}")
        rows: list[ValidationTarget] = []
        for cells in reader:
            place = f"{path.name}:{reader.line_num}"
            row = _row(cells, place)
            if row.target in {other.target for other in rows}:
                raise RegistryError(f"{place}: column 'target': '{row.target}' stands twice")
            rows.append(row)
    if not rows:
        raise RegistryError(f"{path.name}: no row under the headings")
    return tuple(rows)


def _column_hint(there: Iterable[str]) -> str:
    unknown = [name for name in there if name not in COLUMNS]
    return f"; '{unknown[0]}' is none of them{nearest(unknown[0], COLUMNS)}" if unknown else ""


def _row(cells: dict[str, str], place: str) -> ValidationTarget:
    from icpsim.scenario.schema import scenario_names

    for column in COLUMNS:
        if not (cells.get(column) or "").strip():
            raise RegistryError(f"{place}: column '{column}' is empty")
    se_tag, _, se_source = cells["se_source"].partition(": ")
    fitted = {target.target for name in target_sets() for target in load_targets(name)}
    shared = () if cells["shares_data_with"] == NONE else tuple(cells["shares_data_with"].split())
    _check(place, "scenario", cells["scenario"], scenario_names())
    _check(place, "outcome", cells["outcome"], OUTCOMES)
    _check(place, "measure", cells["measure"], [GBP if cells["outcome"] == "hospital_cost" else RATIO])
    _check(place, "tag", cells["tag"], TAGS)
    _check(place, "se_source", se_tag, TAGS)
    for name in shared:
        _check(place, "shares_data_with", name, sorted(fitted))
    taken = ("target", "study", "scenario", "outcome", "measure", "tag", "source", "note")
    return ValidationTarget(
        **{name: cells[name] for name in taken},
        observed=_number(place, "observed", cells, above_zero=cells["measure"] == RATIO),
        se=_number(place, "se", cells, above_zero=True),
        se_source=se_source,
        se_tag=se_tag,
        shares_data_with=shared,
    )


def _check(place: str, column: str, given: str, allowed: Iterable[str]) -> None:
    names = list(allowed)
    if given not in names:
        hint = nearest(given, names)
        raise RegistryError(f"{place}: column '{column}': '{given}' is not one of {', '.join(names)}{hint}")


def _number(place: str, column: str, cells: dict[str, str], above_zero: bool) -> float:
    try:
        value = float(cells[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (above_zero and value <= 0):
        kind = "a number above 0" if above_zero else "a finite number"
        raise RegistryError(f"{place}: column '{column}': '{cells[column]}' is not {kind}")
    return value
