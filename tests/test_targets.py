"""Published results: what stands in the file, and that errors derived from p-values are those p-values."""

import pytest
from scipy.stats import norm

from icpsim.targets import Target, TargetError, load_targets, observed_counts, target_sets


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
    ratios = [t for t in load_targets(name) if t.measure == "rate_ratio"]
    assert [t.target for t in ratios if 2 * norm.sf(abs(t.observed - 1) / t.se) >= 0.05] == []
    assert {t.se_tag for t in ratios} == {"RECALL"}


def test_cost_is_fitted_once() -> None:
    fitted = [
        t.measure
        for t in load_targets("case-management-sites")
        if t.outcome == "hospital_cost" and t.use == "calibration"
    ]
    assert fitted == ["difference_gbp"]
