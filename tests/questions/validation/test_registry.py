"""The registry: what stands in it follows from what was published, and what is wrong is named with its place."""

from math import sqrt
from pathlib import Path

import pytest

from icpsim.data.published_effects import Target, calibrating, load_targets
from icpsim.questions.validation.registry import (
    COLUMNS,
    RegistryError,
    read_registry,
    registry_file,
    rows_of_scenario,
    rows_of_study,
    studies,
)
from icpsim.scenario.schema import load

CASES, ALL_CASES = 3646, 8691
OTHERS = ALL_CASES - CASES


def published(name: str) -> dict[str, Target]:
    return {t.outcome: t for t in load_targets(name) if t.measure in ("rate_ratio", "difference_gbp")}


def test_the_other_pilots_are_what_is_left_of_all_sites() -> None:
    """Every value is the case-weighted difference of two published ones, to the digits written."""
    some, every = published("case-management-sites"), published("all-sites")
    rows = rows_of_study(read_registry(), "other-pilots")
    assert {row.outcome for row in rows} == set(every)
    for row in rows:
        left = (ALL_CASES * every[row.outcome].observed - CASES * some[row.outcome].observed) / OTHERS
        assert row.observed == pytest.approx(left, abs=0.05 if row.outcome == "hospital_cost" else 0.0005)
        assert row.shares_data_with == (every[row.outcome].target,)


def test_errors_of_the_other_pilots_are_derived_as_said() -> None:
    some, every = published("case-management-sites"), published("all-sites")
    rows = {row.outcome: row for row in rows_of_study(read_registry(), "other-pilots")}
    variance = (ALL_CASES * every["hospital_cost"].se) ** 2 - (CASES * some["hospital_cost"].se) ** 2
    assert rows.pop("hospital_cost").se == pytest.approx(sqrt(variance) / OTHERS, abs=0.05)
    for row in rows.values():
        assert row.se == pytest.approx(0.05 * sqrt(CASES / OTHERS) * row.observed, abs=0.0001)
        assert row.se_tag == "RECALL"


def test_scenarios_of_the_registry_are_of_the_size_said() -> None:
    assert studies(read_registry()) == ("other-pilots",)
    scenario = load("other-pilots")
    assert sum(programme.enrolment_total for programme in scenario.programmes) == OTHERS
    assert scenario.parameters == {}
    assert [programme.parameters for programme in scenario.programmes] == [{}]


def test_closed_while_a_calibration_is_under_way() -> None:
    with calibrating(), pytest.raises(RegistryError, match="closed while a calibration is under way"):
        read_registry()
    assert read_registry()


def test_closed_before_any_file_is_looked_for() -> None:
    with calibrating(), pytest.raises(RegistryError, match="closed"):
        read_registry(Path("there is none.csv"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "shares_data_with,",
            "shares_data,",
            r":1: columns must be .*'shares_data' is none .*'shares_data_with'\?",
        ),
        (
            ",other-pilots,other-pilots,em",
            ",other-pilots,other-pilot,em",
            r"2: column 'scenario': .*'other-pilots'\?",
        ),
        (",emergency_admissions,", ",emergency_admision,", r"'outcome': .*did you mean 'emergency_admissions'\?"),
        ("emergency_admissions,rate_ratio", "emergency_admissions,difference_gbp", r"2: column 'measure': "),
        ("hospital_cost,difference_gbp", "hospital_cost,rate_ratio", r"5: column 'measure': .*difference_gbp"),
        (",0.969,", ",0,", r"2: column 'observed': '0' is not a number above 0"),
        (",30.4,", ",nan,", r"5: column 'se': 'nan' is not a number above 0"),
        (",97.4,", ",inf,", r"5: column 'observed': 'inf' is not a finite number"),
        (",JUDGEMENT,all_em", ",JUDGMENT,all_em", r"2: column 'tag': 'JUDGMENT' .*did you mean 'JUDGEMENT'\?"),
        ('"RECALL: 5%', '"RECAL: 5%', r"2: column 'se_source': .*did you mean 'RECALL'\?"),
        (",all_cost,", ",al_cost,", r"5: column 'shares_data_with': .*did you mean 'all_cost'\?"),
        (",all_cost,", ",,", r"5: column 'shares_data_with' is empty"),
        ("other_cost,", "other_elective,", r"5: column 'target': 'other_elective' stands twice"),
    ],
)
def test_wrong_cells_are_named_with_line_and_column(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = registry_file().read_text(encoding="utf-8")
    assert old in text
    mine = tmp_path / "validation.csv"
    mine.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RegistryError, match=rf"^validation.csv:?{message}" if message[0] == ":" else message):
        read_registry(mine)


def test_a_registry_without_rows_is_refused(tmp_path: Path) -> None:
    mine = tmp_path / "validation.csv"
    mine.write_text(",".join(COLUMNS) + "\n")
    with pytest.raises(RegistryError, match="no row under the headings"):
        read_registry(mine)


def test_unknown_study_and_scenario_name_the_nearest() -> None:
    with pytest.raises(RegistryError, match=r"no study 'other-pilot'; did you mean 'other-pilots'\?"):
        rows_of_study(read_registry(), "other-pilot")
    with pytest.raises(RegistryError, match=r"no row for scenario 'small': there are other-pilots"):
        rows_of_scenario(read_registry(), "small")
