"""A confounder planted in records, to see whether the evaluation is misled as the formula says.

Some cases and controls, by keyed draws, get the trait; of emergency admissions after the index week of everybody
without it only one in ``rate_ratio`` is kept. So those with it have that many times the admissions of the others,
and nothing before the index week, which is all that matching sees, is touched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from icpsim.base.randomness import REGISTRY, combine, draws
from icpsim.evaluation.did import rate_ratio_did
from icpsim.evaluation.outcomes import MatchedRows
from icpsim.evaluation.windows import count_windows
from icpsim.questions.errors import ConfounderError
from icpsim.questions.hidden_confounder.bias import Confounder
from icpsim.records.schema import NEVER, HospitalRecords, Method, Table

TRAIT = REGISTRY.decision("planted confounder")
KEPT = REGISTRY.decision("emergency admission kept beside a planted confounder")


@dataclass(frozen=True, slots=True)
class Planted:
    """What planting did: log bias by the formula, and the mean of ``count`` simulated ones with its error."""

    confounder: Confounder
    formula: float
    simulated: float
    error: float
    count: int


def with_confounder(records: HospitalRecords, pairs: Table, trait: Confounder, key: int) -> HospitalRecords:
    """Return records in which cases and controls of these matched pairs have the trait or not.

    The trait raises emergency admissions (``rate_ratio`` at least 1). Of people who are matched in several waves
    the first counts. Raises ConfounderError on a trait that lowers them.
    """
    persons = np.concatenate([pairs["case"], pairs["control"]]).astype(np.int64)
    weeks = np.concatenate([pairs["index_week"], pairs["index_week"]])
    treated = np.arange(persons.size) < len(pairs)
    index = np.full(records.registrations.size, NEVER, np.int16)
    np.minimum.at(index, persons, weeks)
    case = np.zeros(records.registrations.size, np.bool_)
    case[persons[treated]] = True
    return replace(records, spells=_thinned(records.spells, index, case, trait, key))


def planted_bias(
    rows: MatchedRows, study: HospitalRecords, window_weeks: int, trait: Confounder, count: int, key: int
) -> Planted:
    """Return how ``count`` plantings change the log rate ratio of emergency admissions, by one matching.

    ``study`` holds the matched people's records alone, row k's person being person k. Raises ConfounderError as
    ``with_confounder`` does.
    """
    before = _estimate(rows, study.spells, window_weeks)
    changes = np.array(
        [
            _estimate(
                rows,
                _thinned(
                    study.spells, rows.index_week, rows.treated, trait, int(combine(np.uint64(key), np.uint64(k)))
                ),
                window_weeks,
            )
            - before
            for k in range(count)
        ]
    )
    error = float(changes.std(ddof=1) / np.sqrt(count)) if count > 1 else float("nan")
    return Planted(trait, float(np.log(trait.bias)), float(changes.mean()), error, count)


def _thinned(
    spells: Table, index: NDArray[np.int16], case: NDArray[np.bool_], trait: Confounder, key: int
) -> Table:
    """Leave out admissions after the index week of those without the trait; ``index`` and ``case`` by person."""
    if trait.rate_ratio < 1.0:
        raise ConfounderError(f"only a trait that raises admissions can be planted, not {trait.rate_ratio} times")
    people = np.array([combine(np.uint64(key), np.uint64(p)) for p in range(len(index))], np.uint64)
    has = draws(people, TRAIT, 0) < np.where(case, trait.cases, trait.controls)
    person = spells["person"]
    after = (spells["method"] == Method.EMERGENCY) & (spells["admitted"] >= index[person])
    at = np.flatnonzero(after & ~has[person])
    order = np.arange(len(at), dtype=np.uint64)
    luck = draws(
        np.array([combine(people[p], n) for p, n in zip(person[at], order, strict=True)], np.uint64), KEPT, 0
    )
    kept = np.ones(len(spells), np.bool_)
    kept[at[luck >= 1.0 / trait.rate_ratio]] = False
    return spells[kept]


def _estimate(rows: MatchedRows, spells: Table, window_weeks: int) -> float:
    emergencies = spells[spells["method"] == Method.EMERGENCY]
    everyone = np.arange(rows.person.size, dtype=np.int32)
    edges = (-window_weeks, 0, window_weeks)
    counts = count_windows(
        emergencies["person"], emergencies["admitted"], everyone, len(everyone), rows.index_week, edges
    ).astype(np.float64)
    return rate_ratio_did(counts[:, 0], counts[:, 1], rows.treated, rows.weight, {}).estimate
