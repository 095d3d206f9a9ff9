"""The totals in words and as plain values: what is printed, and the JSON object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from icpsim.questions.england.answer import EnglandResult, TotalRow
from icpsim.questions.england.national_totals import ABSENT, SHOWN
from icpsim.report.words import words

HEADINGS = {
    "total": "total",
    "simulated": "simulated",
    "national": "national",
    "range": "range",
    "ratio": "ratio",
    "verdict": "in range?",
    "source": "evidence row",
}


def amount(value: float, unit: str) -> str:
    """Write a total in three figures: 5.46m, £8.43bn, 470k."""
    pound = "£" if unit.startswith("GBP") else ""
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= size:
            return f"{pound}{value / size:.3g}{letter}"
    return f"{pound}{value:.3g}"


def verdict(row: TotalRow) -> str:
    """Say whether the simulated total lies in the national range, or why that cannot be said."""
    if row.target.use == ABSENT:
        return ""
    if row.target.use == SHOWN:
        return "other basis"
    return "yes" if row.inside else "NO"


def printed_rows(result: EnglandResult) -> Iterator[dict[str, str]]:
    """Yield the cells of one line a total."""
    for row in result.totals:
        target = row.target
        simulated = amount(row.simulated, target.unit)
        cells = dict.fromkeys(HEADINGS, "") | {
            "total": words(target.total),
            "simulated": f"{simulated} ± {amount(row.se, target.unit)}" if row.se > 0 else simulated,
            "national": "not in evidence",
            "verdict": verdict(row),
        }
        if target.national is not None and target.low is not None and target.high is not None:
            ends = (amount(target.low, target.unit), amount(target.high, target.unit))
            cells |= {
                "national": f"{amount(target.national, target.unit)} {target.tag}",
                "range": "" if target.low == target.high else f"{ends[0]}-{ends[1]}{_mark_of_range(row)}",
                "ratio": f"{row.ratio:.3f}",
                "source": target.evidence,
            }
        yield cells


def _mark_of_range(row: TotalRow) -> str:
    return "*" if row.target.range_tag == "JUDGEMENT" else ""


def summary(result: EnglandResult) -> list[str]:
    """Say in a few lines what was simulated and how its people add up."""
    a = result.accounts
    compared = [row.inside for row in result.totals if row.inside is not None]
    lines = [
        f"{sum(compared)} of {len(compared)} totals lie within the evidence's range (* a range that was judged);"
        " sources, years and notes: --json",
        f"{result.people_simulated:,} people of {result.people:,} on {result.practices_simulated:,} of"
        f" {result.practices:,} practices' lists in {result.areas_simulated} of {result.areas} areas;"
        f" {result.person_weeks:,} person-weeks counted after a run-in of {result.run_in_weeks} weeks",
        f"people at the start of the counted weeks {a['people_at_start']:,} + births {a['births']:,}"
        f" - deaths {a['deaths']:,} = people at the end {a['people_at_end']:,}",
    ]
    if result.practices_simulated < result.practices:
        scale = result.people / result.people_simulated
        lines.append(
            f"a sample: totals are scaled up by {scale:.4g}, the country's people over people on the sampled"
            " lists; ± is one sampling standard error"
        )
    return [*lines, *(f"warning: {text}" for text in result.warnings)]


def as_object(result: EnglandResult) -> dict[str, Any]:
    """Return the result as plain values for JSON; nothing in it depends on machine or workers."""
    value = asdict(result)
    value["totals"] = [
        asdict(row.target) | {"simulated": row.simulated, "se": row.se, "ratio": row.ratio, "inside": row.inside}
        for row in result.totals
    ]
    return value
