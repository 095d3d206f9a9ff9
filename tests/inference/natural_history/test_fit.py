"""The fit recovers known parameters of a known world, and says how unsure it is."""

import math

import numpy as np
import pytest

from icpsim.inference.errors import CalibrationError
from icpsim.inference.natural_history.aims import Aim, read_aims
from icpsim.inference.natural_history.clashes import clashes
from icpsim.inference.natural_history.fit import Search, draws_of, fit_natural_history
from icpsim.inference.natural_history.free import FreeParameter, bounds, overrides_at, read_free
from icpsim.inference.natural_history.report import parameter_table, target_table

FREE = (
    FreeParameter("emergency.base_rate_85p", (), "level", 0.1, 0.01, 10.0),
    FreeParameter("deaths.base_rate_85p", (("deaths.base_rate_75_84", 0.5),), "level", 0.2, 0.01, 10.0),
    FreeParameter("emergency.flare_ratio", (), "shape", 5.0, 4.0, 10.0),
)
TRUE = np.log([0.4, 0.1, 7.0])
SHAPE = np.array([[1.0, 0.0, 0.3], [0.0, 1.0, 0.1], [0.2, 0.0, 0.8], [0.5, 0.5, 0.5]])
CHANCE = 0.01


def world(values, seed):
    """Figures of a world whose truth is known: products of powers, a little curved, and a seed's chance."""
    x = np.log(
        [values["emergency.base_rate_85p"], values["deaths.base_rate_85p"], values["emergency.flare_ratio"]]
    )
    y = SHAPE @ (x - TRUE)
    noise = CHANCE * np.sin(1000.0 * (seed + 1) * np.arange(1, 5))
    return dict(zip("abcd", np.exp(y + 0.1 * y**2 + noise * (seed != 2)), strict=True))


class WorldStore:
    """A store of nothing: figures are worked out when asked for, and counted."""

    def __init__(self):
        self.asked = 0

    def figures(self, wanted, progress, what):
        """Return each unit's figures."""
        self.asked += len(wanted)
        return [world(unit.overrides, unit.seed) for unit in wanted]


def search(aims, free=FREE, store=None):
    return Search(free, aims, store or WorldStore(), (2, 3, 4, 5), 4, lambda *_: None)


def around(middle, half=0.05):
    return tuple(Aim(name, middle - half, middle + half, 1.0) for name in "abcd")


def test_known_parameters_are_recovered():
    """Four figures that are 1 at the truth; the prior on the shape pulls by less than its own SD."""
    fit = fit_natural_history(search(around(1.0)), 30)
    assert np.abs(fit.point - TRUE).max() < 0.05
    assert fit.cost[-1] < 0.5


def test_uncertainty_is_that_of_linear_least_squares():
    """At the truth the figures' derivatives are SHAPE, so the covariance is a matrix that can be written down."""
    fit = fit_natural_history(search(around(1.0)), 30)
    sd = 0.1 / (2 * 1.6448536269514722)
    spread = np.sqrt(sd**2 + fit.chance**2 / 4)
    curvature = (SHAPE / spread[:, None]).T @ (SHAPE / spread[:, None])
    curvature[2, 2] += (2 * 1.6448536269514722 / math.log(2.5)) ** 2
    assert fit.sd == pytest.approx(np.sqrt(np.diag(np.linalg.inv(curvature))), rel=0.15)
    assert fit.chance == pytest.approx(CHANCE * np.ones(4), rel=0.8)


def test_draws_have_the_fits_covariance():
    """Of 2,000 draws; the standard error of an SD is 1.6%, so 6% is nearly four of them."""
    fit = fit_natural_history(search(around(1.0)), 30)
    points = draws_of(fit, 2000)
    free = [0, 1]
    assert points.std(axis=0)[free] == pytest.approx(fit.sd[free], rel=0.06)
    low, high = bounds(FREE)
    assert ((points >= low) & (points <= high)).all()
    assert (draws_of(fit, 10) == points[:10]).all()


def test_a_target_that_another_forbids_is_named_with_its_rival():
    """``b`` is aimed at twice, with ranges that exclude each other: what is missed blames its rival."""
    aims = (*around(1.0), Aim("b", 1.4, 1.5, 0.5))
    store = WorldStore()
    found = fit_natural_history(search(aims, store=store), 30)
    named = tuple(Aim(f"{aim.name}{k}", aim.low, aim.high, aim.weight) for k, aim in enumerate(aims))
    fit = type(found)(found.free, named, *(getattr(found, part) for part in found.__slots__[2:]))
    missed = clashes(fit, fit.figures)
    second = next(clash for clash in missed if clash.target == "b4")
    assert second.pays[0][0] == "b1"
    assert "b1" in second.reason()


def test_a_target_out_of_reach_names_the_bound_that_holds_it():
    free = (*FREE[:2], FreeParameter("emergency.flare_ratio", (), "shape", 5.0, 4.0, 5.5))
    aims = (*around(1.0)[:2], Aim("c", 1.9, 2.0, 4.0), Aim("d", 1.3, 1.4, 4.0))
    fit = fit_natural_history(search(aims, free), 40)
    assert fit.point[2] == pytest.approx(math.log(5.5), abs=1e-2)
    rows = {row.parameter: row for row in parameter_table(fit)}
    held = [clash for clash in clashes(fit, fit.figures) if "emergency.flare_ratio" in clash.held]
    assert rows["emergency.flare_ratio"].at_bound == bool(held)


def test_derivatives_are_measured_seldom_and_followed_between():
    store = WorldStore()
    fit = fit_natural_history(search(around(1.0), store=store), 5)
    assert store.asked < (3 * (len(FREE) + 1) + 4 * (5 + len(fit.cost)) + 4 + 1)


def test_the_table_says_inside_when_it_is():
    fit = fit_natural_history(search(around(1.0)), 30)
    fresh = np.array([1.0, 1.06, 0.94, 1.05])
    rows = target_table(fit, fresh, np.tile(fresh, (5, 1)), clashes(fit, fresh))
    assert [row.inside for row in rows] == [True, False, False, True]
    assert [bool(row.reason) for row in rows] == [False, True, True, False]


def test_members_of_a_group_move_together():
    values = overrides_at(FREE, np.log([0.3, 0.123456789, 6.0]))
    assert values["deaths.base_rate_85p"] == 0.1234568
    assert values["deaths.base_rate_75_84"] == 0.0617284


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("emergency.flare_ratoi,,shape,5,4,10", "free.csv:2: no parameter 'emergency.flare_ratoi'; did you mean"),
        ("emergency.flare_ratio,,sape,5,4,10", "free.csv:2: column 'kind': 'sape'"),
        ("emergency.flare_ratio,,shape,3,4,10", "free.csv:2: columns 'low', 'start', 'high' must rise"),
        ("emergency.flare_ratio,,shape,x,4,10", "free.csv:2: column 'start': 'x'"),
        (
            "emergency.flare_ratio,deaths.frailty_power,shape,5,4,10",
            "column 'also': 'deaths.frailty_power' must be",
        ),
        ("emergency.flare_ratio,deaths.nobody*2,shape,5,4,10", "free.csv:2: no parameter 'deaths.nobody'"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, row, words):
    path = tmp_path / "free.csv"
    path.write_text(f"parameter,also,kind,start,low,high\n{row}\n")
    with pytest.raises(CalibrationError) as error:
        read_free(path)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("target,low,high,weight\nemergency_0_4,2,1,1\n", "targets.csv:2: 'low' must lie below 'high'"),
        (
            "target,low,high,weight\nemergency_0_5,1,2,1\n",
            "targets.csv:2: nothing measures a target 'emergency_0_5'; did",
        ),
        (
            "target,low,high,weight\nemergency_0_4,x,2,1\n",
            "targets.csv:2: column 'low': 'x' is not a finite number",
        ),
        ("target,low,high,weight\nemergency_0_4,1,nan,1\n", "targets.csv:2: column 'high': 'nan'"),
        (
            "target,low,high,weight\nemergency_0_4,1,2,1\nemergency_0_4,1,2,1\n",
            "targets.csv:3: target 'emergency_0_4' stands twice",
        ),
        (
            "target,lwo,high,weight\nemergency_0_4,1,2,1\n",
            "targets.csv:1: there is no column 'low'; did you mean 'lwo'?",
        ),
        ("target,low,high,weight\n", "targets.csv: no row under the headings"),
        ("", "targets.csv:1: there is no column 'target'"),
    ],
)
def test_a_wrong_target_is_named(tmp_path, text, words):
    path = tmp_path / "targets.csv"
    path.write_text(text)
    with pytest.raises(CalibrationError) as error:
        read_aims(path)
    assert words in str(error.value)


def test_a_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "free.csv"
    path.write_bytes(b"\xf6\x00\xff")
    with pytest.raises(CalibrationError, match=r"free\.csv: not a CSV file"):
        read_free(path)
