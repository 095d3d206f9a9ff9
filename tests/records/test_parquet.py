from dataclasses import fields, replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from icpsim.records.parquet import TYPES, RecordsError, read_parquet, write_parquet
from icpsim.records.schema import ALLOCATION
from tests.evaluation.synthetic import make_records


@pytest.fixture
def records():
    return make_records(np.random.default_rng(1), n_pilot=100, n_outside=200, n_cases=20)


def test_round_trip(records, tmp_path):
    write_parquet(records, tmp_path)
    again = read_parquet(tmp_path)
    assert again.weeks == records.weeks
    assert {f.name for f in fields(records)} == {"weeks", "extract", *TYPES}
    for name in TYPES:
        np.testing.assert_array_equal(getattr(again, name), getattr(records, name))
        assert getattr(again, name).dtype == getattr(records, name).dtype


@pytest.mark.parametrize("kind", ["practice", "national"])
def test_the_kind_of_extract_is_kept(records, tmp_path, kind):
    write_parquet(replace(records, extract=kind), tmp_path)
    assert read_parquet(tmp_path).extract == kind


def test_files_that_do_not_say_are_a_practice_extract(records, tmp_path):
    write_parquet(replace(records, extract="national"), tmp_path)
    path = tmp_path / "registrations.parquet"
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({"icpsim_weeks": str(records.weeks)}), path)
    assert read_parquet(tmp_path).extract == "practice"
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, b"icpsim_extract": b"county"}), path)
    with pytest.raises(RecordsError, match="icpsim_extract must be practice or national, not 'county'"):
        read_parquet(tmp_path)


def test_allocations_have_a_file_only_where_there_was_a_trial(records, tmp_path):
    write_parquet(records, tmp_path)
    assert not (tmp_path / "allocations.parquet").exists()
    allocations = np.zeros(3, ALLOCATION)
    allocations["person"], allocations["arm"] = [4, 5, 9], [1, 0, 1]
    write_parquet(replace(records, allocations=allocations), tmp_path)
    np.testing.assert_array_equal(read_parquet(tmp_path).allocations, allocations)
    write_parquet(records, tmp_path)
    assert len(read_parquet(tmp_path).allocations) == 0


def rewrite(path, change):
    table = pq.read_table(path)
    pq.write_table(change(table), path)


def renamed(table):
    return table.rename_columns(["week_admitted" if c == "admitted" else c for c in table.column_names])


def retyped(table):
    place = table.column_names.index("nights")
    return table.set_column(place, "nights", table["nights"].cast(pa.int64()))


def emptied(table):
    place = table.column_names.index("nights")
    return table.set_column(place, "nights", pa.array([None] * table.num_rows, pa.uint16()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (renamed, r"spells\.parquet: no column 'admitted'; did you mean 'week_admitted'"),
        (retyped, r"spells\.parquet: column 'nights' has type int64, expected uint16"),
        (emptied, r"spells\.parquet: column 'nights' has \d+ empty cells"),
        (lambda t: t.replace_schema_metadata({}), r"spells\.parquet: .*no number of weeks"),
        (lambda t: t.replace_schema_metadata({"icpsim_weeks": "9"}), "different numbers of weeks"),
    ],
)
def test_a_wrong_file_is_named_with_its_column(records, tmp_path, change, message):
    write_parquet(records, tmp_path)
    rewrite(tmp_path / "spells.parquet", change)
    with pytest.raises(RecordsError, match=message):
        read_parquet(tmp_path)


def test_a_missing_or_foreign_file(records, tmp_path):
    write_parquet(records, tmp_path)
    (tmp_path / "spells.parquet").rename(tmp_path / "spell.parquet")
    with pytest.raises(RecordsError, match=r"no such file; did you mean 'spell\.parquet'"):
        read_parquet(tmp_path)
    (tmp_path / "spells.parquet").write_text("person,admitted\n")
    with pytest.raises(RecordsError, match="not a Parquet file"):
        read_parquet(tmp_path)
