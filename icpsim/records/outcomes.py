"""Every outcome, once: its name, what people call it, its scale, and which rows of the records count towards it.

An outcome is added by one line of ``OUTCOMES``. What is evaluated, compared, asked for and shown follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from icpsim.records.schema import Diagnosis, Method, Table

Measure = Literal["rate_ratio", "difference_gbp"]
"""The scale of effects: a rate ratio, or a difference in pounds."""
RATE_RATIO: Measure = "rate_ratio"
DIFFERENCE_GBP: Measure = "difference_gbp"
WEEK_OF = {"spells": "admitted", "outpatient": "week", "ae": "week", "contacts": "week", "deaths": "week"}
"""The tables in which outcomes are counted, and the column that says when."""

Amount = Callable[[Table], NDArray[np.generic]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome; ``label`` is what people call it everywhere.

    ``tables`` are those of WEEK_OF in which it is counted, ``amount`` what each of their rows adds (None: its
    price). An ``evaluated`` outcome is one that evaluators have in hospital records, ``headline`` one of the four
    that the pilots' evaluation published, ``each`` whom a mean is of where effects are shown, ``short`` its name
    in ``calibration/targets.csv``, ``compared_as`` its name in comparisons of arms, where these are others.
    Raises ValueError for a label that is none.
    """

    name: str
    label: str
    tables: tuple[str, ...]
    amount: Amount | None
    measure: Measure = RATE_RATIO
    evaluated: bool = True
    headline: bool = False
    each: str = ""
    short: str = ""
    compared_as: str = ""

    def __post_init__(self) -> None:
        if not self.label.strip() or "_" in self.label:
            raise ValueError(f"outcome {self.name}: '{self.label}' is no label")

    @property
    def names(self) -> tuple[str, ...]:
        """Return its name, and its name in comparisons if that is another."""
        return tuple(dict.fromkeys((self.name, self.compared_as or self.name)))


def _emergency(spells: Table) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = spells["method"] == Method.EMERGENCY
    return found


def _sensitive(spells: Table) -> NDArray[np.bool_]:
    return _emergency(spells) & (spells["diagnosis"] == Diagnosis.AMBULATORY_CARE_SENSITIVE)


def _chemotherapy(spells: Table) -> NDArray[np.bool_]:
    return ~_emergency(spells) & (spells["diagnosis"] == Diagnosis.CHEMOTHERAPY)


def _attended(visits: Table) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = visits["attended"] > 0
    return found


def _every(rows: Table) -> NDArray[np.float64]:
    return np.ones(len(rows))


SPELLS = ("spells",)
OUTCOMES = (
    Outcome("emergency_admissions", "emergency admissions", SPELLS, _emergency, headline=True, short="emergency"),
    Outcome(
        "elective_admissions", "elective admissions", SPELLS, lambda spells: ~_emergency(spells),
        headline=True, short="elective",
    ),
    Outcome(
        "outpatient_attendances", "outpatient attendances", ("outpatient",), _attended,
        headline=True, short="outpatient",
    ),
    Outcome(
        "hospital_cost", "hospital cost", ("spells", "outpatient"), None,
        measure=DIFFERENCE_GBP, headline=True, each="per patient", short="cost",
    ),
    Outcome("ae_attendances", "A&E attendances", ("ae",), _every, short="ae"),
    Outcome("bed_days", "bed days", SPELLS, lambda spells: spells["nights"]),
    Outcome("acs_emergency_admissions", "ACS emergency admissions", SPELLS, _sensitive, short="acs_emergency"),
    Outcome("chemotherapy_admissions", "chemotherapy admissions", SPELLS, _chemotherapy, short="chemotherapy"),
    Outcome(
        "gp_consultations", "GP consultations", ("contacts",), _every, evaluated=False, compared_as="gp_contacts"
    ),
    Outcome("deaths", "deaths", ("deaths",), _every, evaluated=False),
)  # fmt: skip
"""All outcomes in the order in which they are shown; ACS is ambulatory-care-sensitive."""


def by_name(outcomes: Iterable[Outcome]) -> Mapping[str, Outcome]:
    """Return outcomes by each of their names. Raises ValueError where two share a name or a label."""
    found: dict[str, Outcome] = {}
    labels: dict[str, str] = {}
    for outcome in outcomes:
        for name in outcome.names:
            if name in found:
                raise ValueError(f"two outcomes are named {name}")
            found[name] = outcome
        if outcome.label in labels:
            raise ValueError(f"outcomes {labels[outcome.label]} and {outcome.name} are both '{outcome.label}'")
        labels[outcome.label] = outcome.name
    return MappingProxyType(found)


BY_NAME = by_name(OUTCOMES)
EVALUATED = tuple(outcome.name for outcome in OUTCOMES if outcome.evaluated)
HEADLINES = tuple(outcome.name for outcome in OUTCOMES if outcome.headline)
COMPARED = tuple(outcome.names[-1] for outcome in OUTCOMES)
"""All outcomes by the names that comparisons of arms give them."""


def in_pounds(name: str) -> bool:
    """Whether effects on an outcome are differences in pounds, and not rate ratios."""
    return BY_NAME[name].measure == DIFFERENCE_GBP
