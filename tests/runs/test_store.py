"""Units that are done are read, not run; one that fails is told with its reason and takes nothing along."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from icpsim.runs.engine import Store
from icpsim.runs.errors import EnsembleError, FailedUnitsError, Failure, Stopped
from icpsim.runs.result_folder import ROLLED_AT, Kept
from icpsim.runs.unit import told_of

from .units import Deadly, DeadlyOnce, Interrupted, Poisoned, Square, diary_of, quiet


def squares(n, kind=Square, **more):
    return [kind(k, **more) for k in range(n)]


def rows(folder):
    """All rows of a dataset, in an order of their own."""
    table = pq.read_table(folder / "outcomes")
    return sorted(map(repr, table.to_pylist()))


@pytest.mark.parametrize("workers", [1, 2])
def test_figures_come_in_the_order_that_was_asked(tmp_path, workers):
    found = Store(tmp_path, workers).figures([*squares(5), Square(2)], quiet, "")
    assert [one["figure"] for one in found] == [0, 1, 4, 9, 16, 4]
    assert all(list(one) == ["figure", "nothing", "third"] and one["nothing"] != one["nothing"] for one in found)


def test_any_number_of_workers_leaves_the_same_rows(tmp_path):
    for workers in (1, 2, 4):
        Store(tmp_path / str(workers), workers).run(squares(9), quiet, "")
    assert rows(tmp_path / "1") == rows(tmp_path / "2") == rows(tmp_path / "4")
    assert len(rows(tmp_path / "1")) == 27


def test_what_is_done_is_not_done_again_after_an_interruption(tmp_path):
    diary = str(tmp_path / "diary")
    store = Store(tmp_path / "w", 1)
    with pytest.raises(Stopped, match="13 of 20 are done and kept in"):
        store.figures(squares(20, Interrupted, diary=diary), quiet, "squaring")
    with pytest.raises(KeyboardInterrupt):
        store.figures(squares(20, Interrupted, diary=diary), quiet, "squaring")
    assert diary_of(diary) == [*range(14), 13]
    assert len(Kept(tmp_path / "w").done()) == 13


def test_a_full_batch_is_a_pair_of_parquet_files(tmp_path):
    n = ROLLED_AT + 5
    Store(tmp_path, 1).run(squares(n), quiet, "")
    assert len(list((tmp_path / "runs").iterdir())) == len(list((tmp_path / "outcomes").iterdir())) == 2
    assert list((tmp_path / "units").iterdir()) == []
    again = Store(tmp_path, 1).figures(squares(n), quiet, "")
    assert [one["figure"] for one in again] == [float(k) ** 2 for k in range(n)]


def test_every_row_says_where_it_comes_from(tmp_path):
    store = Store(tmp_path, 1)
    store.run(squares(2), quiet, "")
    table = pq.read_table(tmp_path / "outcomes").to_pylist()
    first = next(row for row in table if row["replicate"] == 1 and row["figure"] == "third")
    assert first["run"] == told_of(Square(1)).name
    assert (first["seed"], first["value"], first["text"]) == (3, 1 / 3, None)
    assert len({row["scenario"] for row in table}) == 1  # the number is a parameter
    assert len({row["draw"] for row in table}) == 2
    assert pq.read_table(tmp_path / "runs")["title"].to_pylist() == ["numbers squared"] * 2
    runs = {row["run"]: json.loads(row["told"]) for row in pq.read_table(tmp_path / "runs").to_pylist()}
    assert runs[first["run"]] == Square(1).told()


@pytest.mark.parametrize("place", ["outcomes", "runs"])
@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_a_damaged_batch_is_run_again(tmp_path, place, harm):
    diary = str(tmp_path / "diary")
    Store(tmp_path / "w", 1).run(squares(4, diary=diary), quiet, "")
    (path,) = (tmp_path / "w" / place).glob("part-*")
    content = bytearray(path.read_bytes())
    if harm == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif harm == "gone":
        path.unlink()
    else:
        content[60] ^= 0xFF
        path.write_bytes(content)
    found = Store(tmp_path / "w", 1).figures(squares(4, diary=diary), quiet, "")
    assert [one["figure"] for one in found] == [0, 1, 4, 9]
    assert diary_of(diary) == [0, 1, 2, 3] * 2


def test_half_a_file_is_no_file(tmp_path):
    store = Store(tmp_path, 1)
    told = told_of(Square(3))
    Kept(tmp_path).keep(told, {"figure": 1.0})
    path = tmp_path / "units" / f"{told.name}.json"
    assert Kept(tmp_path).read(told.name).figures == {"figure": 1.0}
    path.write_bytes(path.read_bytes()[:-3])
    assert Kept(tmp_path).read(told.name) is None
    assert store.figures([Square(3)], quiet, "")[0]["figure"] == 9


@pytest.mark.parametrize("workers", [1, 2])
def test_a_poisoned_unit_is_told_and_not_tried_again(tmp_path, workers):
    diary = str(tmp_path / "diary")
    for _ in range(2):
        with pytest.raises(FailedUnitsError, match="1 of 20 units failed") as caught:
            Store(tmp_path / "w", workers).figures(squares(20, Poisoned, diary=diary), quiet, "")
        (failure,) = caught.value.failures
        assert failure.reason.startswith("ZeroDivisionError: thirteen (units.py:")
        assert "replicate 13, seed 3" in failure.what
    assert sorted(diary_of(diary)) == list(range(20))
    found = Store(tmp_path / "w", workers).results(squares(20, Poisoned), quiet, "")
    assert isinstance(found.pop(13), Failure)
    assert [one["figure"] for one in found] == [k**2 for k in range(20) if k != 13]


def test_a_deadly_unit_takes_nothing_with_it(tmp_path):
    diary = str(tmp_path / "diary")
    found = Store(tmp_path / "w", 2).results(squares(20, Deadly, diary=diary), quiet, "")
    failure = found.pop(13)
    assert isinstance(failure, Failure)
    assert "its worker died each of 3 times" in failure.reason
    assert [one["figure"] for one in found] == [k**2 for k in range(20) if k != 13]
    runs = diary_of(diary)
    assert runs.count(13) == 3
    assert len(runs) - 20 - 2 <= 1  # the other worker's unit, lost with the pool


def test_what_a_batch_has_taken_is_not_run_again_when_a_worker_dies(tmp_path, monkeypatch):
    monkeypatch.setattr("icpsim.runs.engine.ROLLED_AT", 3)
    diary, seen = str(tmp_path / "diary"), []
    units = squares(20, Deadly, diary=diary, seconds=0.05)
    Store(tmp_path / "w", 2).results(units, lambda done, *_: seen.append(done), "")
    runs = diary_of(diary)
    assert len(runs) - 20 - 2 <= 1  # as above
    assert seen == list(range(21))


def test_a_worker_that_dies_once_is_replaced(tmp_path):
    diary = str(tmp_path / "diary")
    found = Store(tmp_path / "w", 2).figures(squares(20, DeadlyOnce, diary=diary), quiet, "")
    assert [one["figure"] for one in found] == [k**2 for k in range(20)]
    assert diary_of(diary).count(13) == 2


def test_a_folder_named_from_where_we_are_is_there_for_workers_that_began_elsewhere(tmp_path, monkeypatch):
    """Workers are kept from one command to the next, with the folder in which they began."""
    for name in ("first", "then"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        Store(Path("w"), 2).run(squares(4), quiet, "")
        assert len(Kept(tmp_path / name / "w").done()) == 4


def test_two_commands_do_not_share_a_folder(tmp_path):
    with Kept(tmp_path).alone(), pytest.raises(EnsembleError, match="another icpsim command is at work"):
        Store(tmp_path, 1).run(squares(2), quiet, "")


def test_progress_tells_what_was_there_and_what_is_over(tmp_path):
    seen = []
    Store(tmp_path, 1).run(squares(2), quiet, "")
    Store(tmp_path, 1).run(squares(4), lambda *now: seen.append(now), "squaring")
    assert seen == [(2, 4, "squaring"), (3, 4, "squaring"), (4, 4, "squaring")]
