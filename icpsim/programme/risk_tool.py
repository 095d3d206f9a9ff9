"""The programme's risk tool: learnt on the pilots' own history, applied to records as they stand each month.

It sees hospital records and GP records (contacts, registers); the published evaluators had only the former.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.base.row_access import trailing_zeros
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.features import NAMES, Features, features
from icpsim.evaluation.linear import log_scale
from icpsim.evaluation.risk_score import RiskScore, fit_risk_score
from icpsim.evaluation.sampling import person_hash
from icpsim.evaluation.windows import count_windows, row_map
from icpsim.programme.risk_list import RiskList
from icpsim.records.schema import CONDITIONS, GPRecords, HospitalRecords, Method

SAMPLE = 40_000
"""Most people the tool is learnt on."""
_COUNTED = ("acs_emergency_52", "emergency_1_4", "emergency_5_12", "ae_12", "ae_52")


@dataclass(frozen=True, slots=True)
class RiskTool:
    """Two logistic models of an emergency admission within a year: hospital records, and with GP records."""

    hospital: RiskScore
    both: RiskScore


@dataclass(frozen=True, slots=True)
class Scores:
    """Log odds by both models, and recent use on record; one value a person, meanings as in ``Candidates``."""

    hospital: NDArray[np.float64]
    both: NDArray[np.float64]
    emergencies: NDArray[np.int64]
    sensitive_emergencies: NDArray[np.uint16]
    emergencies_4: NDArray[np.uint16]
    unplanned_12: NDArray[np.uint16]
    unplanned_52: NDArray[np.uint16]
    registered: NDArray[np.uint16]


def with_gp_records(seen: Features, persons: NDArray[np.int64], gp: GPRecords, week: int) -> Features:
    """Append contacts in the last 12 and 52 weeks and the GP's condition registers."""
    contacts, registered = _gp_counts(persons, gp, week)
    registers = [registered >> k & 1 for k in range(len(CONDITIONS))]
    names = ("gp_contacts_12", "gp_contacts_52", *(f"registered_{name}" for name in CONDITIONS))
    columns = np.column_stack([contacts[:, 1], contacts.sum(axis=1), *registers])
    return seen.with_columns(names, columns)


def learn_tool(
    records: HospitalRecords, gp: GPRecords, persons: NDArray[np.int64], week: int, prices: Prices
) -> RiskTool:
    """Learn from what happened to these people in the year up to ``week``."""
    chosen = persons[person_hash(persons) < SAMPLE / max(len(persons), SAMPLE)]
    seen = features(records, chosen, week - 52, prices)
    emergency = records.spells[records.spells["method"] == Method.EMERGENCY]
    after = count_windows(
        emergency["person"],
        emergency["admitted"],
        row_map(chosen, len(records.registrations)),
        len(chosen),
        week - 52,
        (0, 52),
    )
    admitted = after[:, 0] > 0
    both = with_gp_records(seen, chosen, gp, week - 52)
    return RiskTool(fit_risk_score(seen, admitted), fit_risk_score(both, admitted))


def score(tool: RiskTool, people: RiskList, rows: NDArray[np.int64]) -> Scores:
    """Score people in these rows of a list as it stood at its last look: the linear predictors of both models."""
    alone, both = tool.hospital.raw(), tool.both.raw()
    shared = len(NAMES)
    slopes = np.column_stack([alone.slopes[:, 0], both.slopes[:shared, 0]])
    hospital, shared_sums, emergencies = people.sums(rows, tool.hospital.scaling.logged, slopes)
    from_gp = _gp_sums(rows, people.contacts, people.registered, both.slopes[shared:, 0].copy())
    counted = {name: people.counted(rows, name) for name in _COUNTED}
    within_12 = counted["emergency_1_4"] + counted["emergency_5_12"] + counted["ae_12"]
    return Scores(
        hospital=hospital + alone.base[0],
        both=shared_sums + from_gp + both.base[0],
        emergencies=emergencies,
        sensitive_emergencies=counted["acs_emergency_52"],
        emergencies_4=counted["emergency_1_4"],
        unplanned_12=within_12,
        unplanned_52=(emergencies + counted["ae_52"]).astype(np.uint16),
        registered=people.registered[rows],
    )


@njit(cache=True)
def _gp_sums(rows, contacts, registered, slopes):  # type: ignore[no-untyped-def]
    """Return the GP columns times their slopes (12 weeks, 52 weeks, then the registers); float64[n]."""
    total = np.empty(rows.size)
    for i in range(rows.size):
        p = rows[i]
        sum_here = log_scale(np.float64(contacts[p, 0]), True) * slopes[0]
        sum_here += log_scale(np.float64(contacts[p, 1]), True) * slopes[1]
        left = np.uint64(registered[p])
        while left:
            sum_here += slopes[2 + trailing_zeros(left)]
            left &= left - np.uint64(1)
        total[i] = sum_here
    return total


def _gp_counts(
    persons: NDArray[np.int64], gp: GPRecords, week: int
) -> tuple[NDArray[np.int16], NDArray[np.uint16]]:
    """Return contacts in weeks 13 to 52 and 1 to 12 before the week (int16[n, 2]), and the registers."""
    rows = row_map(persons, len(gp.registered_conditions))
    edges = (-52, -12, 0)
    contacts = count_windows(gp.contacts["person"], gp.contacts["week"], rows, len(persons), week, edges)
    return contacts, gp.registered_conditions[persons]
