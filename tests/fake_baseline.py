"""A made-up natural history with round numbers, for tests of what is done with it."""

import numpy as np

from icpsim.data.national_tables import BANDS, EVERYONE, FIFTHS, OLDEST, SEXES
from icpsim.inference.natural_history.levels import BaselineResult, BaselineRow
from icpsim.inference.natural_history.levels.beside_england import FIVE_YEARS, MEASURES, Beside, BesideEngland
from icpsim.inference.natural_history.levels.curves import (
    AGES,
    KINDS,
    AgeRange,
    AgeRates,
    Concentration,
    ShareRange,
    lorenz_curve,
)
from icpsim.inference.natural_history.levels.hospital_year import HospitalYear
from icpsim.inference.natural_history.levels.pictured import BaselineCurves
from icpsim.inference.natural_history.levels.regression import RegressionToTheMean

WEEKS = np.ones(52)
SHARES = np.linspace(0.0, 1.0, 101)

ROWS = (
    BaselineRow(
        "emergency_65_74", 0.13, 0.16, 0.2, False, "per person-year", "em", "RECALL", "a source", "a note"
    ),
    BaselineRow("auc", 0.68, 0.82, float("nan"), False, "AUC", "auc", "PAGE", "another", ""),
)
RESULT = BaselineResult(ROWS, seed=7, people=4000)


def age_rates(kind: str) -> AgeRates:
    """Rates that rise by ten with every age group, from ten; in range at 65-74, out of it at 85 and over."""
    older = AgeRange((65, 75), 130.0, 160.0, 145.0, "RECALL", "HES")
    oldest = AgeRange((85, 130), 1.0, 2.0, 185.0, "PAGE", "HES")
    return AgeRates(kind, AGES, np.arange(10.0, 200.0, 10.0), (older, oldest))


def beside() -> list[Beside]:
    """Return every kind of row: the model a tenth above England by age, alike for both sexes and all fifths."""
    rows = []
    for measure in MEASURES:
        share = 0.2 if measure == "population" else 1.0
        for by, groups in (("age", FIVE_YEARS), ("age band", BANDS), ("sex", [(0, OLDEST)])):
            for k, ages in enumerate(groups):
                for sex in SEXES if by == "sex" else (EVERYONE, *SEXES):
                    there = (
                        (1.0 + k) * (1.5 if sex == "male" else 1.0) / (100.0 if measure == "population" else 1.0)
                    )
                    rows.append(Beside(measure, by, *ages, sex, 0, 1.1 * there, there, 50.0, "a unit"))
        for ages in BANDS:
            for sex, there in (("male", 1.2), ("female", 0.8)):
                rows.append(Beside(measure, "sex and age band", *ages, sex, 0, 1.0, there, 50.0, "a unit"))
        for by, groups in (("fifth", [(0, OLDEST)]), ("fifth and age band", BANDS)):
            for ages in groups:
                for sex in (EVERYONE, *SEXES):
                    for fifth in FIFTHS:
                        rows.append(
                            Beside(measure, by, *ages, sex, fifth, share, 0.3 * share * fifth, 50.0, "a unit")
                        )
    return rows


CURVES = BaselineCurves(
    people=4000,
    rates=tuple(age_rates(kind) for kind in KINDS),
    concentration=Concentration(
        SHARES,
        np.sqrt(SHARES),
        np.minimum(1.0, 10 * SHARES),
        3000,
        (ShareRange(0.05, 0.2, 0.4, "PAGE", "a list"),),
    ),
    regression=RegressionToTheMean(
        people=50,
        years=np.arange(-2, 6),
        share=np.array([0.05, 0.08, 0.4, 0.1, 0.06, 0.05, 0.04, 0.03]),
        per_person=np.array([0.4, 0.5, 2.6, 0.5, 0.4, 0.3, 0.2, 0.1]),
        per_survivor=np.array([0.4, 0.5, 2.6, 0.8, 0.7, 0.6, 0.5, 0.5]),
        alive=np.linspace(1.0, 0.2, 8),
        per_older=np.full(8, 0.25),
    ),
    lorenz=(
        lorenz_curve("emergency bed days", np.array([0] * 95 + [4] * 5)),
        lorenz_curve("hospital cost", np.array([0] * 60 + [1] * 35 + [13] * 5)),
        lorenz_curve("hospital contacts", np.arange(100)),
    ),
    hospital=HospitalYear(
        people=200_000,
        practices=30,
        beds=500.0,
        emergency=400.0 * WEEKS,
        elective=600.0 * WEEKS,
        cancelled=np.arange(52) % 2 * 1.0,
        sent_home=0.0 * WEEKS,
        occupied=np.linspace(400.0, 450.0, 52),
        waiting=4000.0 * WEEKS,
        weeks_of_waiting=8.0 * WEEKS,
        threshold=460.0,
    ),
    england=BesideEngland(people=4000, rows=tuple(beside())),
)  # fmt: skip
