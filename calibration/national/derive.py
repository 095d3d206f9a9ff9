"""Derive England's rates and shapes by age, sex and deprivation from public tables.

``uv run python calibration/national/derive.py FOLDER``: FOLDER holds three tables (``POPULATION``, ``DEATHS`` and
``HOSPITAL``), which are no part of this project. What the model needs of them is written to
``icpsim/data/national``: each row with its address, its arithmetic and what it does not mean. The same tables give
the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from icpsim.data.national_tables import BANDS, COLUMNS, EVERYONE, FIFTHS, OLDEST, SEXES, most_deprived_last

POPULATION = "population_england_2006_2012.csv"
DEATHS = "deaths_population_england_by_imd_2008_2012.csv"
HOSPITAL = "hes_2011_12_by_age_sex_imd.csv"
YEAR = "2009"
TWO_YEARS = ("2009", "2010")
YEARS = ("2008", "2009", "2010", "2011", "2012")
OUT = Path(__file__).resolve().parents[2] / "icpsim" / "data" / "national"
CHRIST_K = "https://github.com/ChristK/IMPACTncd/blob/{commit}"
ADDRESSES = {
    POPULATION: f"{CHRIST_K}/Population/popullation71-12.csv (ONS mid-year estimates on the 2011-census basis)",
    DEATHS: f"{CHRIST_K}/LifeTables/Deaths%20by%20adjusted%20IMD%202010%20quintile_final.csv and"
    f" {CHRIST_K}/Population/Population%20by%20adjusted%20IMD%202010%20quintile_final.csv (ONS)",
    HOSPITAL: "https://github.com/miqdadasaria/hospital_costs/blob/{commit}/data/cost_data.RData"
    " (Asaria, Doran, Cookson, J Epidemiol Community Health 2016;70:990-996)",
}
"""Where the tables come from, at the commit that their first lines name."""
FIFTH_1_IS_MOST_DEPRIVED = {HOSPITAL: True, DEATHS: False}
"""The two tables count their fifths in opposite directions, as their first lines say."""

INFLATED = "counts were inflated 5.26% by their author, which leaves a shape alone"
NOTES = {
    "deaths": "all causes; people's fifth by the area where they live (IMD 2010)",
    "emergency": f"consultant episodes of 2011/12, not spells of 2009/10: a shape, no level; {INFLATED}",
    "planned": f"episodes of 2011/12, maternity, transfers and regular day attenders included; {INFLATED}",
    "outpatient": "appointments of 2011/12, attended or not",
    "emergency_cost": "episodes at reference costs of 2011/12: a shape, the tariff keeps the level",
}
THINGS = {
    "deaths": ("deaths", "people", "person"),
    "emergency": ("episodes", "people", "person"),
    "planned": ("episodes", "people", "person"),
    "outpatient": ("appointments", "people", "person"),
    "emergency_cost": ("GBP", "episodes", "episode"),
}
COLUMNS_OF_HOSPITAL = {
    "emergency": ("emergency_fce", "population"),
    "planned": ("nonemergency_fce", "population"),
    "outpatient": ("outpatient_appointments", "population"),
    "emergency_cost": ("emergency_cost_gbp", "emergency_fce"),
}

Row = dict[str, Any]
Cells = NDArray[np.float64]
"""One number for each age group, sex (male, female) and fifth (5 last, the most deprived); [ages, 2, 5]."""


@dataclass(frozen=True)
class Table:
    """What happened (``count``) to how many (``base``) by age, sex and fifth, and where that stands."""

    measure: str
    ages: tuple[tuple[int, int], ...]
    count: Cells
    base: Cells
    source: str

    def of_ages(self, low: int, high: int) -> Table:
        """Return the part of people between two ages."""
        rows = [k for k, (a, b) in enumerate(self.ages) if low <= a and b <= high]
        return Table(
            self.measure, tuple(self.ages[k] for k in rows), self.count[rows], self.base[rows], self.source
        )

    @property
    def overall(self) -> float:
        """What happened over to how many, everybody together."""
        return float(self.count.sum() / self.base.sum())


def read(folder: Path, name: str) -> tuple[list[dict[str, str]], str]:
    """Return a table's rows and its address, at the commit that its first lines name."""
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    said = next(line for line in lines if line.startswith("# Source: "))
    commit = re.search(r"\bcommit ([0-9a-f]{40})\b", said)
    if commit is None:
        raise SystemExit(f"{name}: its first lines name no commit")
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return rows, ADDRESSES[name].format(commit=commit[1])


def read_deaths(folder: Path, years: Sequence[str]) -> Table:
    """Return deaths and people of these years by age group, sex and fifth, 5 the most deprived."""
    rows, source = read(folder, DEATHS)
    ages = tuple(sorted({ages_of(row["age_band"]) for row in rows}))
    count, base = np.zeros((2, len(ages), 2, 5))
    for row in rows:
        if row["year"] in years:
            place = cell(row["sex"], row["imd2010_quintile"], DEATHS)
            count[ages.index(ages_of(row["age_band"])), *place] += float(row["deaths"])
            base[ages.index(ages_of(row["age_band"])), *place] += float(row["population"])
    return Table("deaths", ages, count, base, source)


def read_hospital(folder: Path, measure: str) -> Table:
    """Return one measure of hospital use by single year of age, sex and fifth, 5 the most deprived."""
    rows, source = read(folder, HOSPITAL)
    last = max(int(row["age"]) for row in rows)
    count, base = np.zeros((2, last + 1, 2, 5))
    column, of = COLUMNS_OF_HOSPITAL[measure]
    for row in rows:
        place = cell({"M": "male", "F": "female"}[row["sex"]], row["imd_quintile"], HOSPITAL)
        count[int(row["age"]), *place] += float(row[column])
        base[int(row["age"]), *place] += float(row[of])
    ages = (*((age, age + 1) for age in range(last)), (last, OLDEST))
    return Table(measure, ages, count, base, source)


def cell(sex: str, fifth: str, table: str) -> tuple[int, int]:
    """Return where a sex and a table's own fifth stand in our arrays."""
    return SEXES.index(sex), most_deprived_last(int(fifth), FIFTH_1_IS_MOST_DEPRIVED[table]) - 1


def ages_of(words: str) -> tuple[int, int]:
    """Return the ages of a group such as 0, 01-04 or 90+, the end not included."""
    if words.endswith("+"):
        return int(words[:-1]), OLDEST
    low, _, high = words.partition("-")
    return int(low), int(high or low) + 1


def of_people(folder: Path) -> Iterator[Row]:
    """Yield England's people by single year of age and sex, and where people of each age live by fifth."""
    rows, source = read(folder, POPULATION)
    total = sum(int(row[YEAR]) for row in rows)
    for row in rows:
        count = int(row[YEAR])
        yield {
            **who("population", "year of age", ages_of(row["age"]), row["sex"]),
            **figure(count / total, "share of England's people", count, total, f"{count:,} / {total:,}"),
            "source": source,
            "note": f"residents in mid-{YEAR}, not people registered with a practice",
        }
    yield from where_people_live(read_hospital(folder, "emergency"))
    yield years_over_90(read_deaths(folder, TWO_YEARS))


def where_people_live(living: Table) -> Iterator[Row]:
    """Yield the share of people, and of each age band, who live in each fifth."""
    for ages in ((0, OLDEST), *BANDS):
        base = living.of_ages(*ages).base.sum(axis=(0, 1))
        for fifth, here in zip(FIFTHS, base, strict=True):
            by = "fifth" if ages == (0, OLDEST) else "fifth and age band"
            words = f"{here:,.0f} / {base.sum():,.0f}"
            yield {
                **who("population", by, ages, fifth=fifth),
                **figure(here / base.sum(), "share of people of that age", here, base.sum(), words),
                "source": living.source,
                "note": "2011/12; fifths of small areas by IMD 2010, each with a fifth of England's people",
            }


def years_over_90(deaths: Table) -> Row:
    """Return how long people of 90 and over have been so: what death rates of 85-89 and 90 and over imply.

    A population that neither grows nor shrinks, whose chance of dying rises exponentially with age (Gompertz).
    """
    from scipy.optimize import fsolve

    age = np.linspace(0.0, 30.0, 30_001)
    old = age >= 5.0
    known = [deaths.of_ages(*ages).overall for ages in ((85, 90), (90, OLDEST))]

    def living(law: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        hazard = law[0] * np.exp(law[1] * age)
        return hazard, np.exp(-np.cumsum(hazard) * (age[1] - age[0]))

    def missed(law: NDArray[np.float64]) -> list[float]:
        hazard, alive = living(law)
        died = [float((hazard * alive)[part].sum() / alive[part].sum()) for part in (~old, old)]
        return [found / wanted - 1.0 for found, wanted in zip(died, known, strict=True)]

    law = fsolve(missed, np.array([0.09, 0.1]))
    alive = living(law)[1]
    years = float(((age - 5.0) * alive)[old].sum() / alive[old].sum())
    words = (
        f"people living in a steady population whose hazard {law[0]:.4f} x exp({law[1]:.4f} (age - 85)) gives"
        f" {1000 * known[0]:.1f} deaths per 1,000 at 85-89 and {1000 * known[1]:.1f} at 90 and over"
    )
    return {
        **who("population", "years over 90", (90, OLDEST)),
        **figure(years, "years", float(f"{years:.5g}"), 1, words),
        "source": deaths.source,
        "note": "a judgement: the law of dying is assumed, its two numbers are not",
        "tag": "JUDGEMENT",
    }


def who(measure: str, by: str, ages: tuple[int, int], sex: str = EVERYONE, fifth: int = 0) -> Row:
    """Return the cells that say what a row is of."""
    low, high = ages
    to = "and over" if high >= OLDEST else high - 1
    return {"measure": measure, "by": by, "age_from": low, "age_to": to, "sex": sex, "fifth": fifth or EVERYONE}


def figure(value: float, unit: str, numerator: float, denominator: float, arithmetic: str) -> Row:
    """Return the cells of a row's number, to five digits."""
    return {
        "value": f"{value:.5g}",
        "unit": unit,
        "numerator": f"{numerator:.10g}",
        "denominator": f"{denominator:.10g}",
        "arithmetic": arithmetic,
    }


def rates(table: Table, groups: Sequence[tuple[str, tuple[int, int]]], sexes: Sequence[str]) -> Iterator[Row]:
    """Yield deaths per 1,000, or use over that of everybody, of each age group and sex."""
    things, whom, _ = THINGS[table.measure]
    for by, (low, high) in groups:
        part = table.of_ages(low, high)
        for sex in sexes:
            chosen = slice(None) if sex == EVERYONE else SEXES.index(sex)
            count, base = part.count[:, chosen].sum(), part.base[:, chosen].sum()
            words = f"{count:,.0f} {things} / {base:,.0f} {whom}"
            if table.measure == "deaths":
                number = figure(
                    1000 * count / base, "per 1,000 person-years", count, base, f"1,000 x {words} and years"
                )
            else:
                over = f"({words}) / {table.overall:.6g}, the same of everybody"
                unit = "relative to everybody (mean 1)"
                number = figure(count / base / table.overall, unit, count, base, over)
            yield {**who(table.measure, by, (low, high), sex), **number, **words_of(table)}


def standardised(table: Table, groups: Sequence[tuple[int, int]]) -> Iterator[Row]:
    """Yield what happened over what was to be expected: by age for each sex, by age and sex for each fifth."""
    for low, high in groups:
        part, band = table.of_ages(low, high), "" if high - low == OLDEST else " and age band"
        by_age = part.count.sum(axis=(1, 2)) / part.base.sum(axis=(1, 2))
        by_age_and_sex = part.count.sum(axis=2) / part.base.sum(axis=2)
        for sex in SEXES:
            k = SEXES.index(sex)
            expected = float((part.base[:, k].sum(axis=1) * by_age).sum())
            of = who(table.measure, f"sex{band}", (low, high), sex)
            yield {**of, **over_expected(table, float(part.count[:, k].sum()), expected, "age")}
        for sex in (EVERYONE, *SEXES):
            chosen = slice(None) if sex == EVERYONE else slice(SEXES.index(sex), SEXES.index(sex) + 1)
            for fifth in FIFTHS:
                base, count = part.base[:, chosen, fifth - 1], part.count[:, chosen, fifth - 1]
                expected = float((base * by_age_and_sex[:, chosen]).sum())
                of = who(table.measure, f"fifth{band}", (low, high), sex, fifth)
                yield {**of, **over_expected(table, float(count.sum()), expected, "age and sex")}


def over_expected(table: Table, count: float, expected: float, by: str) -> Row:
    """Return the cells of what happened over what was to be expected."""
    things, _, one = THINGS[table.measure]
    words = f"{count:,.0f} {things} / {expected:,.0f} at everybody's {things} per {one} of the same {by}"
    unit = f"relative to people of the same {by} (mean 1)"
    return {**figure(count / expected, unit, count, expected, words), **words_of(table)}


def words_of(table: Table) -> Row:
    """Return the cells of where a table stands and what it does not mean."""
    return {"source": table.source, "note": NOTES[table.measure]}


def five_years(last: int) -> tuple[tuple[int, int], ...]:
    """Return age groups of five years up to an open last one."""
    return (*((low, low + 5) for low in range(0, last, 5)), (last, OLDEST))


def of_deaths(folder: Path) -> Iterator[Row]:
    """Yield death rates of 2009 and 2010 by age and sex, and how they depend on sex and fifth over five years."""
    two_years, all_years = read_deaths(folder, TWO_YEARS), read_deaths(folder, YEARS)
    groups = [("age", ages) for ages in two_years.ages] + [("age band", band) for band in BANDS]
    yield from dated(rates(two_years, [*groups, ("everyone", (0, OLDEST))], (EVERYONE, *SEXES)), "2009 and 2010")
    yield from dated(standardised(all_years, ((0, OLDEST), *BANDS)), f"{YEARS[0]}-{YEARS[-1]}")


def dated(rows: Iterator[Row], years: str) -> Iterator[Row]:
    """Say in each row's note which years it is of."""
    return ({**row, "note": f"{years}; {row['note']}"} for row in rows)


def of_use(folder: Path) -> Iterator[Row]:
    """Yield the shapes of emergency, planned and outpatient care over age, sex and fifth."""
    for measure in ("emergency", "planned", "outpatient"):
        table = read_hospital(folder, measure)
        groups = [("age", ages) for ages in five_years(85)] + [("age band", band) for band in BANDS]
        yield from rates(table, groups, (EVERYONE, *SEXES))
        yield from standardised(table, ((0, OLDEST), *BANDS))


def of_cost(folder: Path) -> Iterator[Row]:
    """Yield the shape of the cost of an emergency over age, sex and fifth."""
    table = read_hospital(folder, "emergency_cost")
    yield from rates(table, [("year of age", ages) for ages in table.ages], (EVERYONE,))
    yield from rates(table, [("age band", band) for band in BANDS], (EVERYONE, *SEXES))
    yield from standardised(table, ((0, OLDEST), *BANDS))


WRITTEN: dict[str, Callable[[Path], Iterator[Row]]] = {
    "population.csv": of_people,
    "deaths.csv": of_deaths,
    "use.csv": of_use,
    "emergency_cost.csv": of_cost,
}


def derive(folder: Path, out: Path) -> list[str]:
    """Write every derived table into ``out``; return a line on each."""
    out.mkdir(parents=True, exist_ok=True)
    said = []
    for name, rows_of in WRITTEN.items():
        rows = [{"tag": "PAGE", **row} for row in rows_of(folder)]
        with (out / name).open("w", newline="", encoding="utf-8") as handle:
            writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        said.append(f"{out / name}: {len(rows)} rows")
    return said


def main() -> None:
    """Read the command line, derive and say what was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of the public tables")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to (default: icpsim/data/national)")
    given = parser.parse_args()
    missing = [name for name in (POPULATION, DEATHS, HOSPITAL) if not (given.folder / name).is_file()]
    if missing:
        parser.error(f"{given.folder} does not hold {', '.join(missing)}")
    print("\n".join(derive(given.folder, given.out)))


if __name__ == "__main__":
    main()
