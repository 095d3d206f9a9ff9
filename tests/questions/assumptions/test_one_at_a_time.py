"""Exactly those assumed numbers are listed that move a headline by more than a tenth of its interval."""

import math

import numpy as np
import pytest

from icpsim.base.intervals import further_value
from icpsim.data.tables import load_tables
from icpsim.questions.assumptions.answer import HEADLINES, assumed_parameters, chance_limits, one_at_a_time
from icpsim.questions.assumptions.show_log import confidence, effect, fitted_ranges, page, write_log
from icpsim.runs.engine import Store
from icpsim.scenario.schema import load

BIG, SMALL, COST = "mechanisms.outpatient_substitution", "emergency.flare_ratio", "prices.chemotherapy"
TABLES = load_tables()


class Linear:
    """A store whose headlines are known functions of three parameters, with a replicate's own noise."""

    noise = 0.02

    def __init__(self):
        self.asked = []

    def base(self, k):
        """Return replicate k's headlines at the values in force."""
        return np.sin(7.0 * np.arange(8) + 3.0 * k) * np.where(np.arange(8) % 4 == 3, 50.0, 0.05)

    def figures(self, wanted, progress, what):
        """Return each unit's headlines."""
        self.asked += wanted
        found = []
        for unit in wanted:
            values = self.base(unit.replicate)
            for name, value in unit.overrides:
                move = value - TABLES.value(name)
                values[2] += 4.0 * move * (name == BIG)
                values[4] += 0.0005 * move * (name == SMALL)
                values[7] += 0.3 * move * (name == COST)
                if name in (BIG, COST):
                    values += self.noise * np.cos(11.0 * unit.replicate + np.arange(8)) * (unit.replicate > 0)
            found.append(dict(zip(HEADLINES, values.tolist(), strict=True)))
        return found


@pytest.fixture(scope="module")
def found():
    return one_at_a_time(load("small"), 1, Linear(), lambda *_: None, replicates=4)


def rows(found):
    return {row.parameter: row for row in found.rows}


def test_every_assumed_number_of_a_study_is_moved(found):
    expected = {
        p.qualified for p in TABLES.parameters.values() if p.tag in ("RECALL", "JUDGEMENT") and p.low < p.high
    }
    no_study = ("england.", "economics.", "programme_costs.", "price_years.", "capacity.")
    assert set(rows(found)) == {
        name for name in expected if not name.startswith(no_study) and not name.endswith(("_0_4", "_5_14"))
    }
    assert len(found.rows) > 200


def test_those_are_listed_that_move_a_headline(found):
    assert {row.parameter for row in found.rows if row.listed} == {BIG, COST}
    assert rows(found)[SMALL].share > 0


def test_effect_end_and_interval_are_those_written_down(found):
    base = np.array([Linear().base(k) for k in range(6)])
    interval = further_value(base[:, 2])
    p, row = TABLES.parameters[BIG], rows(found)[BIG]
    noise = Linear.noise * np.array([0.0, *(math.cos(11.0 * k + 2) for k in (1, 2, 3))])
    ends = {end: 4.0 * (getattr(p, end) - p.value) + noise for end in ("low", "high")}
    end = max(ends, key=lambda name: abs(ends[name].mean()))
    assert (row.headline, row.end, row.replicates) == ("estimated outpatient_attendances", end, 4)
    assert row.limit == 0.1
    assert row.shift == pytest.approx(ends[end].mean())
    assert row.shift_se == pytest.approx(noise.std(ddof=1) / 2)
    assert row.share == pytest.approx(abs(row.shift) / (interval.high - interval.low))


def test_only_what_moves_one_on_the_first_replicate_is_run_on_others():
    store = Linear()
    one_at_a_time(load("small"), 1, store, lambda *_: None, replicates=4)
    again = [unit for unit in store.asked if unit.overrides and unit.replicate > 0]
    assert {unit.overrides[0][0] for unit in again} == {BIG, COST}
    assert len(again) == 2 * 2 * 3
    assert len(store.asked) == 6 + len(assumed_parameters(load("small"))) + len(again) + 2 * 2


def test_a_fitted_number_is_moved_over_what_the_fit_leaves():
    store = Linear()
    value = TABLES.value(BIG)
    narrow = one_at_a_time(load("small"), 1, store, lambda *_: None, ranges={BIG: (value - 1e-4, value + 1e-4)})
    assert not rows(narrow)[BIG].listed
    assert (rows(narrow)[BIG].low, rows(narrow)[BIG].high) == (value - 1e-4, value + 1e-4)


def test_a_replicate_that_cannot_be_evaluated_is_a_problem_and_not_a_zero():
    class Broken(Linear):
        def figures(self, wanted, progress, what):
            """Return nothing for one parameter."""
            found = super().figures(wanted, progress, what)
            high = TABLES.parameters[SMALL].high
            for k, unit in enumerate(wanted):
                if unit.overrides == ((SMALL, high),):
                    found[k] = dict.fromkeys(HEADLINES, float("nan"))
            return found

    found = one_at_a_time(load("small"), 1, Broken(), lambda *_: None)
    assert [problem.partition(":")[0] for problem in found.problems] == [SMALL]


def test_the_page_lists_them_and_counts_all(found):
    text = page(found, {BIG}, "the command")
    assert text.count("\n| `") == 2
    assert f"{len(found.rows)} numbers were moved, 2 are listed" in text
    assert f"| `{BIG}`" in text
    assert f"| `{SMALL}`" not in text
    assert confidence(rows(found)[BIG], {BIG}) == "medium"
    assert confidence(rows(found)[BIG], {}) == "low"
    assert "£" in effect(rows(found)[COST])


def test_page_and_table_are_written(found, tmp_path):
    write_log(found, {}, "the command", tmp_path / "page.md", tmp_path / "table.csv")
    assert len((tmp_path / "table.csv").read_text().splitlines()) == len(found.rows) + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.md", "table.csv"]


def test_fitted_ranges_are_read(tmp_path):
    path = tmp_path / "fitted.csv"
    path.write_text("parameter,fitted,fitted_low,fitted_high\nemergency.flare_ratio,5,4.5,5.5\n")
    assert fitted_ranges(path) == {"emergency.flare_ratio": (4.5, 5.5)}
    assert fitted_ranges(tmp_path / "none.csv") == {}


@pytest.mark.slow
def test_a_real_study_is_moved_and_kept(tmp_path):
    """One replicate of ``small`` per end; a lower price of follow-ups saves less in truth; nothing is run twice.

    Prices are among what is matched on, so others are matched and the effects of those may move as well.
    """
    from icpsim.questions.assumptions.answer import StudyRun

    price = "prices.outpatient_follow_up"
    low = TABLES.parameters[price].low
    units = [StudyRun(load("small"), overrides, 1, 0) for overrides in ((), ((price, low),))]
    base, moved = Store(tmp_path, 1).figures(units, lambda *_: None, "")
    assert moved["true hospital_cost"] > base["true hospital_cost"]
    assert set(base) == set(moved) == set(HEADLINES)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    Store(tmp_path, 1).figures(units, lambda *_: None, "")
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_an_estimate_counts_beyond_what_chance_does():
    """Of 100 numbers that leave the truth alone 95 move the estimate less than the limit; truth keeps a tenth."""
    still = np.zeros((100, 8))
    still[:, 0] = np.arange(100) / 100
    moved = np.zeros((5, 8))
    moved[:, 4], moved[:, 0] = 0.5, 9.0
    limits = chance_limits(np.concatenate([still, moved]))
    assert limits[0] == pytest.approx(0.94, abs=0.011)
    assert limits[1:].tolist() == [0.1] * 7
