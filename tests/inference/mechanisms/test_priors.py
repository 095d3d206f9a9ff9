"""The table of priors answers a wrong cell with its place; points of the prior stay inside it."""

from pathlib import Path

import numpy as np
import pytest

from icpsim.data.tables import load_tables
from icpsim.inference.errors import CalibrationError
from icpsim.inference.mechanisms.priors import EXPLANATIONS, from_unit, read_priors, sobol, to_unit
from icpsim.inference.mechanisms.waves import first_points

from .made_up import PRIORS

SHIPPED = Path(__file__).parents[3] / "calibration" / "priors.csv"
HEADINGS = "parameter,programme,low,high,explanation,tag,reason\n"
GOOD = "mechanisms.gp_information,,0,1,selection,JUDGEMENT,because\n"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("mechanisms.gp_informatoin,,0,1,,JUDGEMENT,because", "did you mean 'mechanisms.gp_information'"),
        ("mechanisms.gp_information,,1,0,,JUDGEMENT,because", "columns 'low' and 'high'"),
        ("mechanisms.gp_information,,0,1,selecton,JUDGEMENT,because", "did you mean 'selection'"),
        ("mechanisms.gp_information,,0,1,,GUESS,because", "column 'tag'"),
        ("mechanisms.gp_information,,0,1,,JUDGEMENT, ", "column 'reason' is empty"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path, row, says):
    path = tmp_path / "priors.csv"
    path.write_text(HEADINGS + row + "\n")
    with pytest.raises(CalibrationError, match=says) as error:
        read_priors(path)
    assert str(error.value).startswith("priors.csv:2: ")


def test_a_parameter_stands_once(tmp_path):
    (tmp_path / "priors.csv").write_text(HEADINGS + GOOD + GOOD)
    with pytest.raises(CalibrationError, match=r"priors\.csv:3: .* stands twice"):
        read_priors(tmp_path / "priors.csv")


def test_shipped_priors_are_whole():
    """Every mechanism of the design that acts without capacity feedback has a prior, within the table's range."""
    priors = read_priors(SHIPPED)
    known = load_tables().parameters
    for prior in priors:
        row = known[prior.parameter]
        assert row.low <= prior.low < prior.high <= row.high, prior.name
        assert len(prior.reason) > 30
    named = {prior.parameter.partition(".")[2] for prior in priors if not prior.programme}
    assert named >= {
        "unmet_need_detection",
        "avoidable_reduction",
        "onset_weeks",
        "deterioration_referral",
        "outpatient_substitution",
        "elective_deferral",
        "active_treatment_avoidance",
        "treatment_deescalation",
        "gp_information",
        "outpatient_spillover",
        "site_sd",
    }


def test_absent_means_nought_and_the_rest_is_uniform():
    unit = sobol(3, 128, 128)
    for name in EXPLANATIONS:
        values = from_unit(PRIORS, unit, name)
        acts = [prior.acts(name) for prior in PRIORS]
        assert (values[:, ~np.array(acts)] == 0).all()
        assert to_unit(PRIORS, values)[:, acts] == pytest.approx(unit[:, acts])
    assert (unit > 0).all()
    assert (unit < 1).all()
    assert np.histogram(unit[:, 0], 8, (0, 1))[0].tolist() == [16] * 8


def test_every_past_sees_all_explanations_alike():
    _, explanation = first_points(PRIORS, 16, 8)
    assert (
        np.array([np.bincount(part, minlength=4) for part in explanation.reshape(-1, 8)]).tolist() == [[2] * 4] * 8
    )
