"""England's tables: they add up, every figure follows from its parts, and fifth 5 is the most deprived."""

import csv
import re
import runpy
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from icpsim.data.national_tables import (
    BANDS,
    EVERYONE,
    FIFTHS,
    FILES,
    OLDEST,
    SEXES,
    NationalTableError,
    find,
    most_deprived_last,
    national_rows,
    people_by_age,
    tables_folder,
)

ROOT = Path(__file__).parents[2]
DERIVE = runpy.run_path(str(ROOT / "calibration" / "national" / "derive.py"))
USE = ("emergency", "planned", "outpatient")


def by_fifth(measure: str) -> list[float]:
    return [find(measure, "fifth", fifth=fifth).value for fifth in FIFTHS]


def test_people_of_england_in_2009() -> None:
    people = people_by_age()
    assert people.sum() == 52_196_381
    assert people[:, SEXES.index("female")].sum() == 26_562_549
    assert people[90].tolist() == [94979, 265_139]
    assert people[:5].sum() == 3_211_905
    shares = [row.value for row in national_rows("population") if row.by == "year of age"]
    assert sum(shares) == pytest.approx(1.0, abs=1e-4)
    assert len(shares) == 182


@pytest.mark.parametrize("measure", FILES)
def test_every_figure_follows_from_its_parts(measure: str) -> None:
    overall = {
        name: sum(r.numerator for r in rows) / sum(r.denominator for r in rows)
        for name in (*USE, "emergency_cost")
        if (rows := [r for r in national_rows(name) if r.by == "age band" and r.sex == EVERYONE])
    }
    for row in national_rows(measure):
        found = row.numerator / row.denominator
        if row.unit == "per 1,000 person-years":
            found *= 1000.0
        if row.unit == "relative to everybody (mean 1)":
            found /= overall[measure]
        assert row.value == pytest.approx(found, rel=6e-5), row
        assert re.match(r"https://github\.com/\w+/\w+/blob/[0-9a-f]{40}/", row.source)
        assert row.arithmetic
        assert row.note


def test_deaths_of_2009_and_2010_are_those_registered_and_rise_with_age() -> None:
    everyone = find("deaths", "everyone")
    assert (everyone.numerator, everyone.denominator) == (459_241 + 461_015, 52_196_381 + 52_642_452)
    bands = [row for row in national_rows("deaths") if row.by == "age band" and row.sex == EVERYONE]
    assert sum(row.numerator for row in bands) == 459_241 + 461_015
    assert [row.value for row in bands[3:]] == pytest.approx([4.532, 16.65, 48.17, 145.6], rel=1e-3)


@pytest.mark.parametrize("measure", ["deaths", *USE])
def test_the_more_deprived_die_and_are_treated_more(measure: str) -> None:
    values = by_fifth(measure)
    assert values == sorted(values)
    assert values[4] > 1.1 * values[0]


@pytest.mark.parametrize("measure", ["deaths", "emergency"])
def test_a_table_with_its_fifths_turned_is_refused(measure: str, tmp_path: Path) -> None:
    """Fifth 1 is the most deprived in one public table and the least in the other."""
    lines = (tables_folder() / FILES[measure]).read_text(encoding="utf-8").splitlines()
    table = list(csv.DictReader(lines))
    for row in table:
        if row["fifth"] != EVERYONE:
            row["fifth"] = str(6 - int(row["fifth"]))
    with (tmp_path / FILES[measure]).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(table)
    with pytest.raises(NationalTableError, match="is the table turned"):
        national_rows(measure, tmp_path)


@pytest.mark.parametrize("measure", [*USE, "emergency_cost"])
def test_shapes_by_age_have_mean_one_over_everybody(measure: str) -> None:
    for by in ("age band", "age" if measure in USE else "year of age"):
        rows = [r for r in national_rows(measure) if r.by == by and r.sex == EVERYONE]
        assert np.average([r.value for r in rows], weights=[r.denominator for r in rows]) == pytest.approx(
            1, abs=1e-4
        )
        edges = [r.ages for r in rows]
        assert (edges[0][0], edges[-1][1]) == (0, OLDEST)
        assert all(one[1] == other[0] for one, other in pairwise(edges))


@pytest.mark.parametrize("measure", ["deaths", *USE, "emergency_cost"])
def test_standardised_shapes_have_mean_one_over_what_was_expected(measure: str) -> None:
    for by in ("fifth", "sex"):
        for ages in ((0, OLDEST), *BANDS):
            way = by if ages == (0, OLDEST) else f"{by} and age band"
            for sex in (EVERYONE, *SEXES) if by == "fifth" else (None,):
                rows = [
                    r for r in national_rows(measure) if r.by == way and r.ages == ages and sex in (None, r.sex)
                ]
                assert len(rows) == (5 if by == "fifth" else 2)
                assert np.average([r.value for r in rows], weights=[r.denominator for r in rows]) == pytest.approx(
                    1.0, abs=1e-4
                )


def test_an_emergency_costs_more_with_age_and_nothing_in_the_mean() -> None:
    rows = [row for row in national_rows("emergency_cost") if row.by == "year of age"]
    cost = np.array([row.value for row in sorted(rows, key=lambda row: row.ages)])
    assert cost.shape == (86,)
    assert (cost > 0.5).all() and (cost < 1.5).all()
    assert cost[75:].mean() > 1.4 * cost[2:30].mean()


def test_where_people_live_is_a_share_of_each_band() -> None:
    for ages in ((0, OLDEST), *BANDS):
        by = "fifth" if ages == (0, OLDEST) else "fifth and age band"
        shares = [find("population", by, ages=ages, fifth=fifth).value for fifth in FIFTHS]
        assert sum(shares) == pytest.approx(1.0, abs=1e-4)
    assert find("population", "fifth and age band", ages=(85, OLDEST), fifth=5).value < 0.16
    assert find("population", "fifth and age band", ages=(0, 5), fifth=5).value > 0.25


def test_how_long_people_of_90_have_been_so_is_marked_as_a_judgement() -> None:
    row = find("population", "years over 90")
    assert row.tag == "JUDGEMENT"
    constant_hazard = 1000.0 / find("deaths", "age", ages=(90, OLDEST)).value
    assert 2.5 < row.value < constant_hazard


def test_fifths_are_turned_once() -> None:
    assert [most_deprived_last(fifth, True) for fifth in FIFTHS] == [5, 4, 3, 2, 1]
    assert [most_deprived_last(fifth, False) for fifth in FIFTHS] == [1, 2, 3, 4, 5]
    with pytest.raises(NationalTableError, match="not one of 1 to 5"):
        most_deprived_last(0, True)


def test_what_there_is_not_is_said() -> None:
    with pytest.raises(NationalTableError, match="no national measure 'births'"):
        national_rows("births")
    with pytest.raises(NationalTableError, match="0 national rows where one is wanted"):
        find("deaths", "fifth", fifth=5, sex="nobody")


def test_a_faulty_cell_is_named(tmp_path: Path) -> None:
    lines = (tables_folder() / "deaths.csv").read_text(encoding="utf-8").splitlines()
    place = tmp_path / "deaths.csv"
    place.write_text("\n".join([lines[0], lines[1].replace("deaths,age", "deaths,aeg")]), encoding="utf-8")
    with pytest.raises(NationalTableError, match=r"deaths\.csv:2: column 'by': 'aeg'"):
        national_rows("deaths", tmp_path)


def made_up(folder: Path) -> None:
    """Write public tables in little: one gradient, and fifths counted in opposite directions."""
    tables = DERIVE
    head = "# A made-up table\n# Source: nobody, github.com/nobody/nothing commit " + 40 * "0" + "; and a paper\n"
    rows = [f"{sex},{age},1000" for sex in SEXES for age in (*range(90), "90+")]
    (folder / tables["POPULATION"]).write_text(head + "sex,age,2009\n" + "\n".join(rows) + "\n", encoding="utf-8")
    ages = ["0", "01-04", *(f"{low:02}-{low + 4:02}" for low in range(5, 90, 5)), "90+"]
    rows = [
        f"{sex},{year},{fifth},{band},1000,{(k + 1) * (10 + fifth)}"
        for sex in SEXES for year in tables["YEARS"] for fifth in FIFTHS for k, band in enumerate(ages)
    ]  # fmt: skip
    head_of_deaths = "sex,year,imd2010_quintile,age_band,population,deaths\n"
    (folder / tables["DEATHS"]).write_text(head + head_of_deaths + "\n".join(rows) + "\n", encoding="utf-8")
    rows = [
        f"{age},{sex},{fifth},1000,{16 - fifth},{1600 - 100 * fifth},1,{16 - fifth},1,1,{16 - fifth}"
        for age in range(86) for sex in "FM" for fifth in FIFTHS
    ]  # fmt: skip
    columns = (
        "age,sex,imd_quintile,population,emergency_fce,emergency_cost_gbp,emergency_cost_sd,"
        "nonemergency_fce,nonemergency_cost_gbp,nonemergency_cost_sd,outpatient_appointments\n"
    )
    (folder / tables["HOSPITAL"]).write_text(head + columns + "\n".join(rows) + "\n", encoding="utf-8")


def test_the_script_turns_either_way_of_counting_and_says_what_it_wrote(tmp_path: Path) -> None:
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    made_up(given)
    said = DERIVE["derive"](given, out)
    assert [line.rpartition("/")[2] for line in said] == [
        "population.csv: 223 rows", "deaths.csv: 220 rows", "use.csv: 633 rows", "emergency_cost.csv: 243 rows",
    ]  # fmt: skip
    expected = [(10 + fifth) / 13 for fifth in FIFTHS]
    for measure in ("deaths", "emergency", "planned", "outpatient"):
        rows = [r for r in national_rows(measure, out) if r.by == "fifth" and r.sex == EVERYONE]
        assert [row.fifth for row in rows] == list(FIFTHS)
        assert [row.value for row in rows] == pytest.approx(expected, rel=1e-4), measure
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    DERIVE["derive"](given, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_the_script_says_which_tables_are_missing(tmp_path: Path) -> None:
    script = ROOT / "calibration" / "national" / "derive.py"
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "does not hold population_england_2006_2012.csv, deaths_" in done.stderr
    assert list(tmp_path.iterdir()) == []
