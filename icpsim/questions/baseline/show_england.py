"""The model beside England by age, sex and deprivation: what is found, in words and as a table of 80 columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from icpsim.data.national_tables import EVERYONE, FIFTHS, OLDEST, RISES
from icpsim.inference.natural_history.levels.beside_england import MEASURES, Beside, BesideEngland

FAR = 0.2
"""From this far off, as a share of England's figure, a figure of the model is marked."""
MARK = "*"
HEADINGS = {
    "who": "who",
    "population": "people, %",
    "deaths": "deaths",
    "emergency": "emergencies",
    "planned": "planned",
    "outpatient": "outpatient",
}
TITLE = f"Model / England ({MARK} a fifth or more off; fifth 5 is the most deprived)"
BELOW = (
    "People: share of all in the years counted, England in mid-2009; fifths are those",
    "  of the practices drawn.",
    "Deaths: by age per 1,000 a year, England 2009-10; by sex and fifth relative to",
    "  people of the same age (and sex), England 2008-12.",
    "Use: by age relative to its own mean; by sex and fifth as deaths. England counts",
    "  episodes of 2011/12, the model spells: an old person's stay holds more",
    "  episodes than a child's, so England's emergencies rise faster with age.",
    "Planned: men, as England's count includes maternity. Outpatient: appointments,",
    "  attended or not.",
)


def of_age(england: BesideEngland) -> str:
    """Say how near deaths by age are, and how steeply emergencies rise with age in both."""
    deaths = [row for row in england.of("deaths", "age band", EVERYONE) if row.ages[0] >= 45]
    furthest = max((row.off for row in deaths), key=abs)
    young, old = (
        next(row for row in england.of("emergency", "age band", EVERYONE) if row.ages[0] == low)
        for low in (15, 85)
    )
    model, there = old.model / young.model, old.england / young.england
    return (
        f"From 45 on deaths are within {abs(furthest):.0%} of England's; emergencies are {model:.0f} times as many"
        f" at 85 and over as at 15-44 (England's episodes: {there:.0f} times)"
    )


def of_sex(england: BesideEngland) -> str:
    """Say how much more often men die, and are admitted, than women of the same age."""
    said = []
    for measure, words in (("deaths", "die"), ("emergency", "are admitted as an emergency")):
        found = men_over_women(england.of(measure, "sex"))
        said.append(f"{words} {found.model:.1f} times as often (England {found.england:.1f})")
    return f"Men {' and '.join(said)} as women of the same age"


def of_deprivation(england: BesideEngland) -> str:
    """Say how many times as many deaths and emergencies the most deprived fifth has as the least."""
    deaths, emergencies = (most_over_least(england.of(measure, "fifth", EVERYONE)) for measure in RISES)
    return (
        f"The most deprived fifth has {deaths.model:.1f} times the deaths (England {deaths.england:.1f}) and"
        f" {emergencies.model:.1f} times the emergencies (England {emergencies.england:.1f}) of the least deprived"
    )


class Ratio(NamedTuple):
    """One group's figure over another's in the model and in England; ``sd`` of the model's logarithm by chance.

    Events are taken as independent, so that chance is at least that.
    """

    model: float
    england: float
    sd: float

    @classmethod
    def of(cls, one: Beside, other: Beside) -> Ratio:
        """Return one group's figure over another's (NaN where the other has none)."""
        if not (one.events and other.events):
            return cls(math.nan, one.england / other.england, math.nan)
        sd = math.sqrt(1.0 / one.events + 1.0 / other.events)
        return cls(one.model / other.model, one.england / other.england, sd)


def men_over_women(rows: Sequence[Beside]) -> Ratio:
    """Return men's figure over women's, from the two rows of a group."""
    men, women = (next(row for row in rows if row.sex == sex) for sex in ("male", "female"))
    return Ratio.of(men, women)


def most_over_least(rows: Sequence[Beside]) -> Ratio:
    """Return the most deprived fifth's figure over the least deprived's."""
    most, least = (next(row for row in rows if row.fifth == fifth) for fifth in (5, 1))
    return Ratio.of(most, least)


def sex_of(measure: str) -> str:
    """Return whose rows a measure is shown by: men for planned care, everyone for the rest."""
    return "male" if measure == "planned" else EVERYONE


def findings_of(england: BesideEngland) -> dict[str, str]:
    """Return the sentence of every picture that sets the model beside England, by the picture's name."""
    return {
        "england-by-age": of_age(england),
        "england-by-sex": of_sex(england),
        "england-by-deprivation": of_deprivation(england),
    }


def table_rows(england: BesideEngland) -> list[dict[str, str]]:
    """Return the table's rows: each age band, sex and fifth with the model and England for every measure."""
    bands = [row.ages for row in england.of("population", "age band", EVERYONE)]
    groups: list[tuple[str, str, object]] = [(_ages(ages), "age band", ages) for ages in bands]
    groups += [("men", "sex", "male"), ("women", "sex", "female")]
    groups += [(f"fifth {fifth}", "fifth", fifth) for fifth in FIFTHS]
    return [_line(england, who, by, group) for who, by, group in groups]


def _line(england: BesideEngland, who: str, by: str, group: object) -> dict[str, str]:
    cells = {"who": who}
    of = {"age band": "ages", "sex": "sex", "fifth": "fifth"}[by]
    for measure in MEASURES:
        rows = england.of(measure, by, None if by == "sex" else sex_of(measure))
        found = [row for row in rows if getattr(row, of) == group]
        cells[measure] = _pair(found[0], 100.0 if measure == "population" else 1.0) if found else ""
    return cells


def _pair(row: Beside, times: float) -> str:
    model, england = (_short(times * value) for value in (row.model, row.england))
    return f"{model} / {england}{MARK if abs(row.off) >= FAR else ''}"


def _short(value: float) -> str:
    return f"{value:.2g}" if value < 10.0 else f"{value:.0f}"


def _ages(ages: tuple[int, int]) -> str:
    low, high = ages
    return f"{low}+" if high >= OLDEST else f"{low}-{high - 1}"
