"""The natural history's tables of evidence, read from the checkout or from an installation."""

from __future__ import annotations

import csv
from pathlib import Path

from icpsim.base.files import packaged


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of one table; raises FileNotFoundError when an installation lacks it."""
    with (tables_folder() / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def tables_folder() -> Path:
    """Folder of what the natural history is fitted to."""
    return packaged("calibration", "natural_history")


def target_rows() -> list[dict[str, str]]:
    """Return the natural-history targets."""
    return read_table("targets.csv")


def capacity_targets() -> list[dict[str, str]]:
    """Return the plausible ranges of how capacity behaves."""
    return read_table("capacity.csv")


def reasons_of_misses() -> dict[str, str]:
    """Return why the fit misses targets, by target."""
    return {row["target"]: row["reason"] for row in read_table("misses.csv")}
