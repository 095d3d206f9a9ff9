"""Deprivation, stays, costs, planned care, registers and scores, from a handful of records."""

from types import SimpleNamespace

import numpy as np
import pytest

from icpsim.evaluation.risk_score import area_under_curve
from icpsim.inference.natural_history.levels import admitted, conditions, deprivation, planned, stays
from icpsim.inference.natural_history.levels.measure import measure_rates
from icpsim.model.parameters import load_parameters
from icpsim.records.schema import CONDITIONS, Diagnosis
from tests.inference.natural_history.levels.test_rates import records


def test_readmission_counts_weeks_from_discharge_of_the_same_person():
    """Home in week 12 and back in week 16 is within four weeks; back in week 21 is not; another person is not."""
    rows = [(0, 10, 14, True), (0, 16, 0, True), (0, 21, 0, True), (1, 22, 0, True)]
    found = dict(stays.readmissions(records([-3000, -4200], spell_rows=rows)))
    assert found["readmission_28_days"] == 1 / 4
    assert found["readmission_16_74"] == 1 / 3
    assert found["readmission_75p"] == 0


def test_mean_nights_counts_emergencies_of_the_weeks_and_stays_without_a_night():
    rows = [(0, 10, 14, True), (0, 16, 0, True), (0, 17, 9, False), (0, 60, 9, True), (1, 11, 5, True)]
    found = dict(
        stays.mean_nights(records([-3000, -3800], spell_rows=rows), (0, 52), {"a": (50, 65), "b": (65, 99)})
    )
    assert found == {"nights_a": 7.0, "nights_b": 5.0}


def test_relative_costs_are_of_emergencies_of_the_weeks_over_their_mean():
    """Case mixes of 1 and 2 under 65, 6 over: mean 3. Twice the tariff changes nothing; electives do not count."""
    rows = [(0, 10, 0, True), (0, 16, 0, True), (1, 11, 0, True), (0, 17, 0, False), (1, 60, 0, True)]
    made = records([-3000, -3800], spell_rows=rows)
    made.spells["casemix"] = 1, 2, 6, 50, 50
    bands = {"a": (50, 65), "b": (65, 99)}
    found = dict(stays.relative_costs(made, (0, 52), bands))
    assert found == pytest.approx({"emergency_cost_a": 0.5, "emergency_cost_b": 2.0})
    made.spells["casemix"] *= 2
    assert dict(stays.relative_costs(made, (0, 52), bands)) == pytest.approx(found)


def test_inpatients_dying_are_weighed_by_nights():
    """30 nights of someone who dies 40 weeks on, 10 of someone who dies 60 weeks on, 20 of a survivor."""
    rows = [(0, 10, 30, True), (1, 10, 10, False), (2, 10, 20, True)]
    made = records([-3000] * 3, deaths=[(0, 50), (1, 70)], spell_rows=rows)
    assert stays.inpatients_dying_within_a_year(made) == 0.5


def test_rates_by_quintile_by_hand():
    """Two people a quintile; quintile k has k admissions between them; a child and the dead do not count."""
    births = [-3000] * 10 + [-100, -3000]
    rows = [(k // 2 * 2, 5, 0, True) for k in range(10) for _ in range(k // 2 + 1) if k % 2 == 0]
    made = records(births, deaths=[(11, 0)], spell_rows=[*rows, (10, 5, 0, True), (11, 5, 0, True)])
    made.registrations["imd"] = [*np.repeat(np.arange(1, 6), 2), 5, 5]
    person = made.spells["person"]
    found = deprivation.rates_by_quintile(made, person, (0, 52), (18, 130))
    assert found.tolist() == [0.5, 1.0, 1.5, 2.0, 2.5]


def test_planned_care_shares_by_hand():
    rows = [(0, 5, 0, False)] * 4 + [(0, 6, 0, True), (0, 90, 0, False)]
    made = records([-3000], spell_rows=rows, visits=[(0, 3, 1), (0, 4, 1), (0, 5, 0)], ae=[(0, 6), (0, 7)])
    made.spells["diagnosis"][[0, 1, 5]] = Diagnosis.CANCER, Diagnosis.CHEMOTHERAPY, Diagnosis.CANCER
    made.outpatient["first"][[1, 2]] = 1
    made.ae["admitted"][0] = 1
    found = dict(planned.planned_care(made, (0, 52)))
    assert found == {"cancer_share_of_elective": 0.5, "first_share_of_outpatient": 0.5, "ae_admitted_share": 0.5}


class World:
    """As much of a region as the last year of life asks for."""

    def __init__(self, conditions):
        self.people = np.zeros(len(conditions), [("conditions", np.uint16)])
        self.people["conditions"] = conditions


def test_last_year_counts_care_in_52_weeks_and_the_skew_of_those_with_cancer():
    """Dying with cancer: 6, 0 and 0 electives (mean 2, SD 2.83); without: nothing, and 2 electives too early."""
    rows = [(0, 150 + k, 0, False) for k in range(6)] + [(4, 100, 0, False), (4, 120, 0, False)]
    made = records([-3000] * 5, deaths=[(k, 200) for k in range(5)], spell_rows=rows, visits=[(1, 190, 1)])
    found = dict(planned.last_year(World([64, 64, 65, 1, 1]), made, (100, 300)))
    assert found["any_hospital_care_in_last_year"] == 2 / 5
    assert found["elective_skew_of_dying_with_cancer"] == pytest.approx(np.sqrt(2))


class Living:
    """As much of a region as conditions on the register ask for."""

    def __init__(self, born, dies, registered):
        self.span = SimpleNamespace(weeks=100)
        columns = [("birth_week", np.int32), ("death_week", np.int32), ("registered_conditions", np.uint16)]
        self.people = np.zeros(len(born), columns)
        for name, values in zip(self.people.dtype.names, (born, dies, registered), strict=True):
            self.people[name] = values


def test_recorded_copd_is_of_everyone_alive_at_the_end_whatever_their_age():
    """One of four who live has it on record; another has heart failure; the dead and the unborn do not count."""
    born, dies = [-3000, -3000, -100, 50, -3000, 120], [900, 900, 900, 900, 99, 900]
    copd, failure = (1 << CONDITIONS.index(name) for name in ("copd", "heart_failure"))
    made = Living(born, dies, [copd, failure, 0, 0, copd, copd])
    assert dict(conditions.recorded(made)) == {"recorded_copd": 0.25}


def test_rates_at_all_ages_and_over_65_are_of_everyone_of_that_age():
    """Two years from week 130 of one of 60 and one of 80: two emergencies at 60, four at 80, an elective each."""
    rows = [(0, 140, 0, True), (0, 150, 0, True), *[(1, 140 + k, 0, True) for k in range(4)]]
    rows += [(0, 160, 0, False), (1, 160, 0, False)]
    found = dict(measure_rates(records([130 - int(60 * 52.18), 130 - int(80 * 52.18)], spell_rows=rows)))
    years = 104 / 52.18
    assert found["emergency_under_65"] == pytest.approx(2 / years)
    assert found["emergency_65_over"] == found["emergency_75_84"] == pytest.approx(4 / years)
    assert found["elective_all_ages"] == pytest.approx(1 / years)


def test_scores_among_the_admitted_are_learnt_on_the_other_half():
    """Where nothing foretells anything a score learnt on the same people would seem to; this one does not."""
    rng = np.random.default_rng(3)
    n = 3000
    rows = [(k, int(week), 0, True) for k in range(n) for week in rng.integers(117, 130, 1)]
    again = rng.random(n) < 0.3
    rows += [(k, int(rng.integers(130, 180)), 0, True) for k in np.flatnonzero(again)]
    made = records([-3000] * n, spell_rows=rows)
    made.registrations["imd"] = rng.integers(1, 6, n)
    score, year = admitted._scored(made, load_parameters().prices, [130], 13, 52)
    assert year.sum() == again.sum()
    assert abs(area_under_curve(score, year) - 0.5) < 4 * np.sqrt(1 / 12 * (1 / again.sum() + 1 / (~again).sum()))
