"""Published results: what stands in the file, and that errors derived from p-values are those p-values."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from scipy.stats import norm

from icpsim.data.published_effects import (
    Target,
    TargetError,
    calibrating,
    calibration_targets,
    calibration_under_way,
    load_targets,
    observed_counts,
    target_sets,
    targets_file,
)


def rows(name: str) -> dict[str, Target]:
    return {target.target: target for target in load_targets(name)}


def test_sets_and_published_numbers_of_people() -> None:
    assert target_sets() == ("case-management-sites", "all-sites")
    assert observed_counts("case-management-sites") == {"cases": 3646, "controls": 17311}
    assert observed_counts("all-sites") == {"cases": 8691, "controls": 42206}
    assert observed_counts(None) == {}


def test_unknown_set_names_the_nearest() -> None:
    with pytest.raises(TargetError, match=r"no row set 'all-site'; did you mean 'all-sites'\?"):
        load_targets("all-site")


@pytest.mark.parametrize(
    ("name", "row", "p_value"),
    [("case-management-sites", "cm_cost", 0.01), ("all-sites", "all_cost", 0.36)],
)
def test_cost_errors_give_back_the_published_p_values(name: str, row: str, p_value: float) -> None:
    target = rows(name)[row]
    assert target.se_tag == "SEED"
    assert 2 * norm.sf(abs(target.observed) / target.se) == pytest.approx(p_value, abs=0.0005)


@pytest.mark.parametrize("name", ["case-management-sites", "all-sites"])
def test_every_rate_ratio_published_as_significant_is_so_with_its_working_error(name: str) -> None:
    ratios = [t for t in load_targets(name) if t.measure == "rate_ratio" and t.target != "cm_practice_emergency"]
    assert [t.target for t in ratios if 2 * norm.sf(abs(t.observed - 1) / t.se) >= 0.05] == []
    assert {t.se_tag for t in ratios} == {"RECALL"}


def test_cost_is_fitted_once() -> None:
    fitted = [
        t.measure
        for t in load_targets("case-management-sites")
        if t.outcome == "hospital_cost" and t.use == "calibration"
    ]
    assert fitted == ["difference_gbp"]


def test_calibration_opens_only_rows_marked_for_it() -> None:
    every = [target for name in target_sets() for target in load_targets(name)]
    opened = calibration_targets()
    assert opened == tuple(target for target in every if target.use == "calibration")
    assert 0 < len(opened) < len(every)
    assert {target.set for target in calibration_targets("all-sites")} == {"all-sites"}
    assert [t.target for t in calibration_targets(rows=["cm_cost", "all_cost"])] == ["cm_cost", "all_cost"]


@pytest.mark.parametrize(
    ("sets", "row", "message"),
    [
        ((), "cm_cost_relative", r"row 'cm_cost_relative' is not for calibration: its use is 'shown'"),
        (("all-sites",), "cm_cost", r"no row 'cm_cost' in set 'all-sites'; did you mean 'all_cost'\?"),
        ((), "cm_emergencies", r"no row 'cm_emergencies' in any set; did you mean 'cm_emergency'\?"),
        (("all-site",), "all_cost", r"no row set 'all-site'; did you mean 'all-sites'\?"),
    ],
)
def test_calibration_refuses_other_rows_by_name(sets: tuple[str, ...], row: str, message: str) -> None:
    with pytest.raises(TargetError, match=message):
        calibration_targets(*sets, rows=[row])


def test_a_use_that_nobody_knows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt use must not fall out of the fit in silence."""
    mine = tmp_path / "targets.csv"
    mine.write_text(targets_file().read_text(encoding="utf-8").replace(",calibration,", ",calibraton,", 1))
    monkeypatch.setattr("icpsim.data.published_effects.targets_file", lambda: mine)
    with pytest.raises(TargetError, match=r"targets.csv:4: column 'use': 'calibraton' is not one of calibration"):
        calibration_targets()


def test_a_calibration_is_under_way_until_the_last_one_ends() -> None:
    assert not calibration_under_way()
    with calibrating():
        with pytest.raises(RuntimeError), calibrating():
            raise RuntimeError
        assert calibration_under_way()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(calibration_under_way).result()
    assert not calibration_under_way()
