"""The output folder is complete or not there, and nobody else's files are touched."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from icpsim.questions.run import show_picture
from icpsim.questions.run.show_folder import write_folder
from icpsim.report.folder import FolderError, check_folder
from icpsim.scenario.schema import load
from tests.fake_study import MEANS, STUDY

FILES = {
    "outcomes.parquet", "bias.parquet", "balance.parquet", "monthly.parquet", "replicates.parquet",
    "scenario.yaml", "versions.json", "picture.png",
}  # fmt: skip


def test_folder_holds_everything_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    write_folder(out, STUDY, load("small").to_yaml())
    assert {path.name for path in out.iterdir()} == FILES
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert load(out / "scenario.yaml") == load("small")
    assert json.loads((out / "versions.json").read_text())["icpsim"] == "0.0.test"


def test_tables_are_tidy_and_keep_columns_that_only_some_rows_have(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", STUDY, "")
    rows = pq.read_table(tmp_path / "out" / "replicates.parquet").to_pylist()
    assert rows[0] == {
        "scenario": "small", "version": "0.0.test", "seed": 7, "replicate": 0,
        "outcome": "emergency_admissions", "estimate": 0.05, "true": 0.02, "se": None, **MEANS,
    }  # fmt: skip
    assert rows[1]["se"] == 0.04
    outcomes = pq.read_table(tmp_path / "out" / "outcomes.parquet").to_pylist()
    assert [row["estimated"] for row in outcomes] == [1.052, 0.905, 0.775, -61.4]
    assert {"true", "true_enrolled", "true_enrolled_low", "true_enrolled_high"} <= set(outcomes[0])


def test_picture_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_folder(tmp_path / name, STUDY, "")
    assert (tmp_path / "one/picture.png").read_bytes() == (tmp_path / "two/picture.png").read_bytes()


def test_own_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_folder(out, STUDY, "old: 1")
    (out / "stray.txt").write_text("x")
    write_folder(out, replace(STUDY, seed=8), "new: 1")
    assert {path.name for path in out.iterdir()} == FILES
    assert (out / "scenario.yaml").read_text() == "new: 1"


def test_foreign_folder_and_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(FolderError, match="holds files that icpsim did not write"):
        check_folder(tmp_path)
    with pytest.raises(FolderError, match="holds files that icpsim did not write"):
        write_folder(tmp_path, STUDY, "")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(FolderError, match="is a file"):
        check_folder(tmp_path / "thesis.txt")
    (tmp_path / "empty").mkdir()
    check_folder(tmp_path / "empty")


def test_failure_half_way_leaves_the_earlier_folder_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write_folder(out, STUDY, "old: 1")

    def fail(*_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(show_picture, "write_picture", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        write_folder(out, STUDY, "new: 1")
    assert (out / "scenario.yaml").read_text() == "old: 1"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
