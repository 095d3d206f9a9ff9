"""Providers as rules see them: this week's state of practices, hospitals and programmes, and weekly totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.row_access import row_reader
from icpsim.data.mechanisms import NAMES, no_row

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

PRACTICE_STATE = np.dtype(
    [
        ("hospital", np.uint16),
        ("programme", np.uint8),
        ("read_by_programme", np.uint8),
        ("programme_start", np.int16),
        ("access", np.float32),
        ("spillover", np.float32),
        ("first_service", np.int32),
        ("services", np.int32),
    ],
    align=True,
)
"""One row a practice: its hospital; the programme whose site it is in (255 none); whether its GP records are
read by a targeting tool; the programme's first week; ``access``, share of wanted consultations it can give;
``spillover``, strength (0 to 1) of list-wide effects, which follows from how much of the list the programme
reaches (care/list_wide_effects.py); the first row of its site in the table of services (care/services.py) and how
many there are."""

HOSPITAL_STATE = np.dtype(
    [
        ("elective_open", np.float32),
        ("short_stay_admitted", np.float32),
        ("delay_factor", np.float32),
    ],
    align=True,
)
"""One row a hospital: share of elective admissions not cancelled; share of short-stay emergencies admitted
rather than sent home; factor on delayed discharge. All 1 when nothing is short."""

PROGRAMME_STATE = np.dtype([(name, np.float64) for name in ("effects", *NAMES)])
"""One row a programme: ``effects`` 1 on, 0 off, and its value of every row of mechanisms.csv by name."""

PRACTICE_WEEK = np.dtype([("wanted", np.int32), ("given", np.int32), ("referred", np.int32)])
HOSPITAL_WEEK = np.dtype(
    [
        ("emergency", np.int32),
        ("elective", np.int32),
        ("cancelled", np.int32),
        ("sent_home", np.int32),
        ("bed_nights", np.int32),
        ("delayed_nights", np.int32),
        ("listed", np.int32),
        ("outpatient", np.int32),
        ("ae", np.int32),
    ]
)
"""Weekly totals of a provider; ``bed_nights`` falls on the weeks in which the nights are spent."""


TOTALS = [
    ("practices", np.int64),
    ("hospitals", np.int64),
    ("programmes", np.int64),
    ("services", np.int64),
    ("programme_count", np.int64),
    ("practice_weeks", np.int64),
    ("hospital_weeks", np.int64),
    ("weeks", np.int64),
    ("everyone_consults", np.int64),
]
"""Addresses of the provider tables, the number of weeks in each provider's row of weekly totals, and whether
consultations are drawn for everyone or only where somebody reads them."""

_practice_at = row_reader(PRACTICE_STATE)
_hospital_at = row_reader(HOSPITAL_STATE)
_programme_at = row_reader(PROGRAMME_STATE, no_row)
_practice_week_at = row_reader(PRACTICE_WEEK)
_hospital_week_at = row_reader(HOSPITAL_WEEK)


@rule
def practice_of(p: np.void, w: World) -> np.void:
    """Return the state of the person's practice this week."""
    return _practice_at(w.practices, p.practice)


@rule
def hospital_state(w: World, hospital: int) -> np.void:
    """Return the state of a hospital this week."""
    return _hospital_at(w.hospitals, hospital)


@rule
def programme_state(w: World, programme: int) -> np.void:
    """Return the effects of a programme."""
    return _programme_at(w.programmes, programme)


@rule
def practice_week(w: World, practice: int, week: int) -> np.void:
    """Return the totals of one practice in one week."""
    return _practice_week_at(w.practice_weeks, practice * w.weeks + week)


@rule
def hospital_week(w: World, hospital: int, week: int) -> np.void:
    """Return the totals of one hospital in one week."""
    return _hospital_week_at(w.hospital_weeks, hospital * w.weeks + week)
