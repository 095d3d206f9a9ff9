"""The HES-shaped tables: what each column is, its type and its unit.

The evaluation reads these tables and nothing else, so a user's own extract in the same shape can be
evaluated by the same code. Weeks are whole numbers counted from week 0 of the study. Rows may stand in any
order; ``person`` is the row number of that person in ``registrations``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Condition

Table: TypeAlias = NDArray[np.void]

Extract = Literal["practice", "national"]
"""Where records come from: from practices, which see nothing of a person who has left their list, or from all
hospitals of a country, in whose records events go on wherever a person is registered."""

NEVER = np.int16(32767)
"""Week number that stands for "has not happened"."""


MALE, FEMALE = 0, 1
"""What ``sex`` holds."""


class Method(IntEnum):
    """How a patient came to be admitted."""

    EMERGENCY = 0
    ELECTIVE = 1


class PatientClass(IntEnum):
    """HES patient classification, in the three groups the tariff tells apart."""

    ORDINARY = 0
    DAY_CASE = 1


class Diagnosis(IntEnum):
    """Primary diagnosis group of an inpatient spell."""

    OTHER = 0
    AMBULATORY_CARE_SENSITIVE = 1
    CANCER = 2
    CHEMOTHERAPY = 3
    REPEAT_DAY_CARE = 4


REGISTRATION = np.dtype(
    [
        ("practice", np.uint16),
        ("birth_week", np.int16),
        ("sex", np.uint8),
        ("imd", np.uint8),
        ("from_week", np.int16),
        ("to_week", np.int16),
        ("stands_for", np.uint8),
    ]
)
"""One row a person, row number = person. ``stands_for`` is 1, or n for a person kept as one in n of a thinned
pool (0, as in an extract that knows no thinning, is read as 1). ``birth_week`` is relative to week 0 (age in
years at week w is (w - birth_week) / 52.18); ``sex`` 0 male, 1 female; ``imd`` 1 least to 5 most deprived;
registered in weeks ``from_week <= w < to_week`` (NEVER = still registered; a death ends the registration)."""

PRACTICE = np.dtype([("site", np.int16), ("hospital", np.uint16)])
"""One row a practice, row number = practice. ``site`` is -1 for practices outside the pilots."""

SPELL = np.dtype(
    [
        ("person", np.int32),
        ("admitted", np.int16),
        ("nights", np.uint16),
        ("provider", np.uint16),
        ("conditions", np.uint16),
        ("method", np.uint8),
        ("patient_class", np.uint8),
        ("diagnosis", np.uint8),
        ("casemix", np.float32),
    ],
    align=True,
)
"""One row an inpatient spell. ``conditions`` is a bit mask of coded long-term conditions (see CONDITIONS);
``casemix`` is the spell's healthcare-resource-group weight relative to the average tariff of its class."""

OUTPATIENT = np.dtype([("person", np.int32), ("week", np.int16), ("first", np.uint8), ("attended", np.uint8)])
"""One row an outpatient appointment: ``first`` 1 first, 0 follow-up; ``attended`` 0 = did not attend."""

AE = np.dtype([("person", np.int32), ("week", np.int16), ("admitted", np.uint8), ("spare", np.uint8)])
"""One row an A&E attendance; ``admitted`` 1 when it ended in an emergency admission."""

DEATH = np.dtype([("person", np.int32), ("week", np.int16)], align=True)
ENROLMENT = np.dtype(
    [("person", np.int32), ("week", np.int16), ("site", np.int16), ("discharged", np.int16)], align=True
)
"""One row an enrolled patient: ``week`` is the index week; ``discharged`` NEVER while on the caseload."""


class TrialArm(IntEnum):
    """What a person identified in a trial was allocated to."""

    USUAL_CARE = 0
    PROGRAMME = 1


ALLOCATION = np.dtype(
    [("person", np.int32), ("week", np.int16), ("site", np.int16), ("arm", np.uint8)], align=True
)
"""One row a person identified in a trial: the week, the site, and the :class:`TrialArm`; empty without a trial."""

GP_CONTACT = np.dtype([("person", np.int32), ("week", np.int16)], align=True)
"""GP-practice consultations of people on the lists of practices whose records the programme's targeting
tool can read. Not part of hospital records: the published evaluators did not have them."""

CONDITIONS: tuple[Condition, ...] = get_args(Condition)
"""Long-term conditions; condition k is bit 1 << k of every ``conditions`` mask."""


def _empty(dtype: np.dtype[np.void]) -> Table:
    return np.empty(0, dtype)


@dataclass(frozen=True, slots=True)
class HospitalRecords:
    """All tables of one simulated (or real) study; the only input of the evaluation.

    ``weeks`` is the number of weeks covered: events have 0 <= week < weeks. ``extract`` says whether leaving a
    practice's list ends what is seen of a person; in simulated records nobody leaves. Raises ``ValueError`` for
    another kind of extract.
    """

    weeks: int
    registrations: Table
    practices: Table
    spells: Table
    outpatient: Table
    ae: Table
    deaths: Table
    enrolments: Table = field(default_factory=lambda: _empty(ENROLMENT))
    allocations: Table = field(default_factory=lambda: _empty(ALLOCATION))
    extract: Extract = "practice"

    def __post_init__(self) -> None:
        if self.extract not in get_args(Extract):
            raise ValueError(f"extract must be {' or '.join(get_args(Extract))}, not {self.extract}")

    def death_weeks(self) -> NDArray[np.int16]:
        """Return each person's week of death, NEVER if alive; int16[people]."""
        week = np.full(self.registrations.size, NEVER)
        week[self.deaths["person"]] = self.deaths["week"]
        return week


@dataclass(frozen=True, slots=True)
class GPRecords:
    """What GP systems hold and hospital records do not: contacts and condition registers.

    ``registered_conditions`` is one uint16 bit mask a person (row = person).
    """

    contacts: Table
    registered_conditions: NDArray[np.uint16]
