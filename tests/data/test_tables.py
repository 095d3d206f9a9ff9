"""Parameter tables: faulty cells, fields and rows that do not fit, overrides."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numba import njit

from icpsim.data.tables import (
    AGE_BANDS,
    COLUMNS,
    AgeCurve,
    ByCondition,
    ParameterError,
    load_room,
    load_tables,
)
from icpsim.records.schema import CONDITIONS

GOOD = ["1.5", "1", "2", "ratio", "mechanism", "a source", "RECALL", "a note"]


class Toy(NamedTuple):
    """A room with each kind of field."""

    ratio: float
    rate: AgeCurve
    prevalence: ByCondition


def write_table(folder: Path, rows: list[list[str]], name: str = "toy") -> Path:
    lines = [",".join(COLUMNS), *(",".join(row) for row in rows)]
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return folder


def toy_rows() -> list[list[str]]:
    names = ["ratio", *(f"rate_{b}" for b in AGE_BANDS), *(f"prevalence_{c}" for c in CONDITIONS)]
    return [[name, str(k), "0", "100", *GOOD[3:]] for k, name in enumerate(names)]


def test_room_holds_a_float_and_arrays_in_the_order_of_their_labels(tmp_path: Path) -> None:
    toy = load_room(Toy, "toy", folder=write_table(tmp_path, toy_rows()[::-1]))
    assert toy.ratio == 0.0
    np.testing.assert_array_equal(toy.rate, np.arange(1.0, 8.0))
    np.testing.assert_array_equal(toy.prevalence, np.arange(8.0, 18.0))


def test_room_is_an_argument_of_compiled_rules(tmp_path: Path) -> None:
    toy = load_room(Toy, "toy", folder=write_table(tmp_path, toy_rows()))
    rule = njit(lambda room, band: room.ratio + room.rate[band] * room.prevalence[0])
    assert rule(toy, 2) == 3.0 * 8.0


@pytest.mark.parametrize("column", range(len(COLUMNS)))
def test_empty_cell_is_refused_with_file_line_and_column(tmp_path: Path, column: int) -> None:
    row = ["x", *GOOD]
    row[column] = " "
    with pytest.raises(ParameterError) as caught:
        load_tables(folder=write_table(tmp_path, [["w", *GOOD], row]))
    assert caught.value.problems == (f"toy.csv:3: column '{COLUMNS[column]}' is empty",)


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("value", "0.5", "column 'low': value 0.5 lies outside 1 to 2"),
        ("value", "2.5", "column 'high': value 2.5 lies outside 1 to 2"),
        ("value", "many", "column 'value': 'many' is not a finite number"),
        ("high", "inf", "column 'high': 'inf' is not a finite number"),
        ("name", "Rate", "column 'name': 'Rate' is not lower case letters, digits and underscores"),
        ("name", "w", "column 'name': 'w' stands twice in this table"),
        (
            "role",
            "prices",
            "column 'role': 'prices' is not one of fixed, natural history, mechanism, scenario, price;"
            " did you mean 'price'?",
        ),
        (
            "tag",
            "RECAL",
            "column 'tag': 'RECAL' is not one of SEED, PAGE, RECALL, JUDGEMENT; did you mean 'RECALL'?",
        ),
    ],
)
def test_faulty_cell_is_refused_with_its_place(tmp_path: Path, column: str, cell: str, message: str) -> None:
    row = ["x", *GOOD]
    row[COLUMNS.index(column)] = cell
    with pytest.raises(ParameterError) as caught:
        load_tables(folder=write_table(tmp_path, [["w", *GOOD], row]))
    assert caught.value.problems == (f"toy.csv:3: {message}",)


def test_field_without_row_and_row_without_field_are_named_with_the_nearest(tmp_path: Path) -> None:
    rows = toy_rows()
    rows[0][0] = "ratoi"
    with pytest.raises(ParameterError) as caught:
        load_room(Toy, "toy", folder=write_table(tmp_path, rows))
    assert caught.value.problems == (
        "Toy: toy.csv has no row 'ratio'; did you mean 'ratoi'?",
        "toy.csv: row 'ratoi' is read by no field of Toy; did you mean 'ratio'?",
    )


def test_override_reaches_its_room_by_qualified_or_bare_name(tmp_path: Path) -> None:
    folder = write_table(tmp_path, toy_rows())
    assert load_room(Toy, "toy", {"toy.ratio": 5}, folder).ratio == 5.0
    assert load_room(Toy, "toy", {"rate_45_64": 9.5}, folder).rate[3] == 9.5


def test_ambiguous_bare_name_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path, [["x", *GOOD]], "one")
    with pytest.raises(ParameterError, match=r"'x' is ambiguous: write one of one\.x, two\.x"):
        load_tables({"x": 1}, write_table(tmp_path, [["x", *GOOD]], "two"))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("toy.raito", 1, "no parameter 'toy.raito'; did you mean 'toy.ratio'?"),
        ("raito", 1, "no parameter 'raito'; did you mean 'ratio'?"),
        ("ratio", float("nan"), "parameter 'ratio': nan is not a finite number"),
        ("ratio", True, "parameter 'ratio': True is not a finite number"),
    ],
)
def test_wrong_override_is_refused(tmp_path: Path, name: str, value: float, message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        load_tables({name: value}, write_table(tmp_path, toy_rows()))
    assert caught.value.problems == (message,)


def test_override_outside_its_range_is_flagged_and_inside_is_not(tmp_path: Path) -> None:
    tables = load_tables({"ratio": 101, "rate_85p": 99}, write_table(tmp_path, toy_rows()))
    assert tables.outside_range == ("toy.ratio",)
    assert tables.warnings() == ["toy.ratio = 101 lies outside its stated range 0 to 100"]


def test_rows_show_the_value_in_force(tmp_path: Path) -> None:
    rows = load_tables({"ratio": 7}, write_table(tmp_path, toy_rows())).rows()
    first = next(row for row in rows if row["name"] == "ratio")
    assert (first["value"], first["used"], first["overridden"]) == (0.0, 7.0, True)


def test_tables_of_the_package_are_sound() -> None:
    tables = load_tables()
    assert tables.value("prices.emergency") == 1800.0
    assert {p.role for p in tables.parameters.values() if p.table == "prices"} == {"price"}
