"""Hospital costs: a price for each class of care, times the spell's case mix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.records.schema import Diagnosis, Method, PatientClass, Table


class CareClass(IntEnum):
    """The classes of inpatient care that the tariff prices differently."""

    EMERGENCY = 0
    ELECTIVE_ORDINARY = 1
    DAY_CASE = 2
    CHEMOTHERAPY = 3
    REPEAT_DAY_CARE = 4


_EMERGENCY = int(CareClass.EMERGENCY)
_ORDINARY = int(CareClass.ELECTIVE_ORDINARY)
_DAY_CASE = int(CareClass.DAY_CASE)
_CHEMOTHERAPY = int(CareClass.CHEMOTHERAPY)
_REPEAT_DAY_CARE = int(CareClass.REPEAT_DAY_CARE)
_METHOD_EMERGENCY = int(Method.EMERGENCY)
_CLASS_DAY_CASE = int(PatientClass.DAY_CASE)
_DIAGNOSIS_CHEMOTHERAPY = int(Diagnosis.CHEMOTHERAPY)
_DIAGNOSIS_REPEAT = int(Diagnosis.REPEAT_DAY_CARE)


_GRAINS = 2.0**20
"""Grains in a pound. Sums of whole grains are exact, so that no total depends on the order of the rows."""


@njit(cache=True, inline="always")
def to_grain(pounds):  # type: ignore[no-untyped-def]
    """Return an amount (or array) rounded to a millionth of a pound, of which sums are exact in any order."""
    return np.floor(pounds * _GRAINS + 0.5) / _GRAINS


@dataclass(frozen=True, slots=True)
class Prices:
    """Average price of each kind of hospital care, in pounds of ``price_year``; spells scale with case mix."""

    emergency: float
    elective_ordinary: float
    day_case: float
    chemotherapy: float
    repeat_day_care: float
    outpatient_first: float
    outpatient_follow_up: float
    price_year: str = "2008/09"

    def of_spells(self) -> NDArray[np.float64]:
        """Return the price of each :class:`CareClass`, in its order; float64[5]."""
        return np.array(
            [self.emergency, self.elective_ordinary, self.day_case, self.chemotherapy, self.repeat_day_care]
        )

    def of_visits(self) -> NDArray[np.float64]:
        """Return the price of a first and of a follow-up outpatient attendance; float64[2]."""
        rounded: NDArray[np.float64] = to_grain(np.array([self.outpatient_first, self.outpatient_follow_up]))
        return rounded


@njit(cache=True, inline="always")
def care_class(method: int, patient_class: int, diagnosis: int) -> int:
    """Return the :class:`CareClass` of one spell; an emergency is an emergency whatever its diagnosis."""
    if method == _METHOD_EMERGENCY:
        return _EMERGENCY
    if diagnosis == _DIAGNOSIS_CHEMOTHERAPY:
        return _CHEMOTHERAPY
    if diagnosis == _DIAGNOSIS_REPEAT:
        return _REPEAT_DAY_CARE
    return _DAY_CASE if patient_class == _CLASS_DAY_CASE else _ORDINARY


@njit(cache=True)
def _care_classes(
    method: NDArray[np.uint8], patient_class: NDArray[np.uint8], diagnosis: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    classes = np.empty(method.size, np.uint8)
    for i in range(method.size):
        classes[i] = care_class(method[i], patient_class[i], diagnosis[i])
    return classes


def care_classes(spells: Table) -> NDArray[np.uint8]:
    """Return the :class:`CareClass` of every spell; uint8[spells]."""
    classes: NDArray[np.uint8] = _care_classes(spells["method"], spells["patient_class"], spells["diagnosis"])
    return classes


def spell_costs(spells: Table, prices: Prices) -> NDArray[np.float64]:
    """Return each spell's cost: the price of its class times its case mix; float64[spells], pounds."""
    costs: NDArray[np.float64] = to_grain(prices.of_spells()[care_classes(spells)] * spells["casemix"])
    return costs


def outpatient_costs(outpatient: Table, prices: Prices) -> NDArray[np.float64]:
    """Return each appointment's cost, nothing if not attended; float64[appointments], pounds."""
    first, follow_up = prices.of_visits()
    price = np.where(outpatient["first"] > 0, first, follow_up)
    return np.where(outpatient["attended"] > 0, price, 0.0)
