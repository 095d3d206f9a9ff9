"""The programme's risk tool: learnt on the pilots' own history, applied to records as they stand each month.

It sees hospital records and GP records (contacts, registers); the published evaluators had only the former.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.evaluation.costs import Prices
from icpsim.evaluation.features import Features, features
from icpsim.evaluation.risk_score import RiskScore, fit_risk_score
from icpsim.evaluation.sampling import person_hash
from icpsim.evaluation.windows import count_windows, row_map
from icpsim.records.schema import CONDITIONS, GPRecords, HospitalRecords, Method

SAMPLE = 40_000
"""Most people the tool is learnt on."""


@dataclass(frozen=True, slots=True)
class RiskTool:
    """Two logistic models of an emergency admission within a year: hospital records, and with GP records."""

    hospital: RiskScore
    both: RiskScore


@dataclass(frozen=True, slots=True)
class Scores:
    """Log odds by both models and last year's emergencies; one value a person."""

    hospital: NDArray[np.float64]
    both: NDArray[np.float64]
    emergencies: NDArray[np.int64]


def with_gp_records(seen: Features, persons: NDArray[np.int64], gp: GPRecords, week: int) -> Features:
    """Append contacts in the last 12 and 52 weeks and the GP's condition registers."""
    people = len(gp.registered_conditions)
    contacts = count_windows(
        gp.contacts["person"], gp.contacts["week"], row_map(persons, people), len(persons), week, (-52, -12, 0)
    )
    registers = [gp.registered_conditions[persons] >> k & 1 for k in range(len(CONDITIONS))]
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


def score(
    tool: RiskTool,
    records: HospitalRecords,
    gp: GPRecords,
    persons: NDArray[np.int64],
    week: int,
    prices: Prices,
) -> Scores:
    """Score people as their records stand at ``week``."""
    seen = features(records, persons, week, prices)
    return Scores(
        hospital=tool.hospital.linear_predictor(seen),
        both=tool.both.linear_predictor(with_gp_records(seen, persons, gp, week)),
        emergencies=seen.emergencies(52).astype(np.int64),
    )
