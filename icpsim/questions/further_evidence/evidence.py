"""Each kind of further evidence: the statistics it adds, and what its effect costs in precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from icpsim.base.kinds import Floats
from icpsim.inference.mechanisms.priors import EXPLANATIONS
from icpsim.questions.further_evidence.information import Told, clustered_error, entropy, told
from icpsim.questions.further_evidence.simulations import Simulated

PUBLISHED = ("emergency", "elective", "outpatient", "cost", "cancer_fall", "panel_emergency", "panel_outpatient")
"""What the evaluation printed of the case-management sites; every kind of evidence stands beside it."""
MONTHS = tuple(f"emergency_month_{k}" for k in range(1, 7))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of further evidence: ``statistics`` beside the published ones.

    ``estimate`` and ``error`` name the emergency effect under it and its standard error, and ``truth`` what it
    estimates; "" where it gives no effect of its own.
    """

    name: str
    statistics: tuple[str, ...]
    estimate: str = ""
    error: str = ""
    truth: str = "true_emergency"


FURTHER = (
    Evidence("deaths of cases and controls", ("deaths",)),
    Evidence("effects by month", MONTHS),
    Evidence("A&E beside emergency admissions", ("ae",)),
    Evidence("ambulatory-care-sensitive beside other", ("acs_emergency",)),
    Evidence("the trend before enrolment", ("trend",)),
    Evidence("GP records in the match", ("gp_emergency", "gp_deaths", "gp_ae"), "gp_emergency", "gp_se_emergency"),
    Evidence(
        "twelve months instead of six",
        ("year_emergency",),
        "year_emergency",
        "year_se_emergency",
        "true_year_emergency",
    ),
    Evidence("late enrollees as controls", ("late_emergency",), "late_emergency", "late_se_emergency"),
)
PANEL = Evidence("practice panel (published)", ("panel_emergency", "panel_outpatient"))
"""The one that was done: what is known without it says what it told."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one kind of evidence tells beside the published table.

    ``told`` is that of published and further statistics together; ``gain`` in bits over the published ones alone,
    ``gain_se`` its standard error. ``error_ratio`` is its emergency effect's standard error over the published
    design's; ``bias`` the mean of estimate less truth, log rate ratio, with its error. NaN where it has none.
    """

    name: str
    told: Told
    gain: float
    gain_se: float
    error_ratio: float
    bias: float
    bias_se: float


@dataclass(frozen=True, slots=True)
class Telling:
    """All kinds of evidence, after ``open_bits`` (what there is to know) and the published table's own row."""

    open_bits: float
    published: Row
    rows: tuple[Row, ...]
    simulations: int
    pasts: int
    posterior: dict[str, float]


def tell(found: Simulated, permutations: int = 60) -> Telling:
    """Return what every kind of evidence tells, the published table first; linear algebra runs in one thread."""
    with threadpool_limits(1):
        return _tell(found, permutations)


def _tell(found: Simulated, permutations: int) -> Telling:
    alone = _told(found, PUBLISHED, permutations, 0)
    own = Evidence("published again", PUBLISHED, "emergency", "se_emergency")
    rows = []
    for number, evidence in enumerate((*FURTHER, everything()), start=1):
        both = tuple(dict.fromkeys((*PUBLISHED, *evidence.statistics)))
        rows.append(_row(found, evidence, _told(found, both, permutations, number), alone))
    without = tuple(name for name in PUBLISHED if name not in PANEL.statistics)
    less = _told(found, without, permutations, len(rows) + 1)
    rows.insert(0, _row(found, PANEL, alone, less))
    kinds = np.bincount(found.explanation) / len(found.explanation)
    shares = {name: float(found.posterior[k]) for k, name in enumerate(EXPLANATIONS)}
    return Telling(
        entropy(kinds),
        _row(found, own, alone, alone),
        tuple(rows),
        len(found.past),
        len(np.unique(found.past)),
        shares,
    )


def everything() -> Evidence:
    """Return all further evidence together."""
    names: Sequence[str] = [name for evidence in FURTHER for name in evidence.statistics]
    return Evidence("all of these", tuple(names))


def _told(found: Simulated, names: Sequence[str], permutations: int, key: int) -> Told:
    """Bits from all of these; the true effect from the emergency effect and what is further, a few columns."""
    x = np.column_stack([found.statistics[name] for name in names])
    few = [name for name in names if name == "emergency" or name not in PUBLISHED]
    on_effect = np.column_stack([found.statistics[name] for name in few])
    effect = found.statistics["true_emergency"]
    return told(x, found.explanation, found.past, effect, permutations, key, on_effect)


def _row(found: Simulated, evidence: Evidence, with_it: Told, without: Told) -> Row:
    saved = without.loss - with_it.loss
    return Row(
        evidence.name,
        with_it,
        float(saved.mean()),
        clustered_error(saved, found.past),
        *_precision(found.statistics, found.past, evidence),
    )


def _precision(
    statistics: Mapping[str, Floats], past: NDArray[np.int64], evidence: Evidence
) -> tuple[float, float, float]:
    """Return error over the published design's, mean bias and its standard error."""
    if not evidence.estimate:
        return float("nan"), float("nan"), float("nan")
    error = float(np.nanmean(statistics[evidence.error]) / np.nanmean(statistics["se_emergency"]))
    off = statistics[evidence.estimate] - statistics[evidence.truth]
    kept = np.isfinite(off)
    return error, float(off[kept].mean()), clustered_error(off[kept], past[kept])
