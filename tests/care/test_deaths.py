"""Dying by age, sex and deprivation: factors that leave the deaths of an age alone, and England's numbers."""

import numpy as np
import pytest

from icpsim.base.row_access import record_of
from icpsim.care.deaths import of_deprivation, yearly_risk
from icpsim.care.weekly_rates import AGE_KNOTS
from icpsim.data.national_tables import BANDS, EVERYONE, FIFTHS, find, national_rows
from icpsim.data.tables import AGE_BANDS, load_tables
from icpsim.model.parameters import load_parameters
from icpsim.population.patients import blank
from icpsim.records.schema import FEMALE, MALE

DEATHS = load_parameters().deaths
ROW = record_of({"deaths": DEATHS})[0]["deaths"]


def risk(age, sex=FEMALE, imd=3):
    people = blank(1)
    people["sex"], people["imd"] = sex, imd
    return yearly_risk(people[0], float(age), ROW)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 1.36, 3.25])
def test_deprivation_divides_deaths_and_adds_none(ratio):
    factors = [of_deprivation(ratio, fifth) for fifth in FIFTHS]
    assert np.mean(factors) == pytest.approx(1.0)
    assert factors[4] / factors[0] == pytest.approx(ratio)
    assert np.diff(np.log(factors)) == pytest.approx([np.log(ratio) / 4] * 4)


def test_sex_divides_deaths_and_adds_none():
    """Weighted by the deaths to be expected of men and women, their ratios have mean 1, at every age."""
    for age, men, women in zip(AGE_KNOTS, DEATHS.men_ratio, DEATHS.women_ratio, strict=True):
        band = next(band for band in BANDS if band[0] <= age < band[1])
        rows = (find("deaths", "sex and age band", ages=band, sex=sex) for sex in ("male", "female"))
        assert np.average([men, women], weights=[row.denominator for row in rows]) == pytest.approx(
            1.0, abs=5e-4
        )  # rows hold four digits


@pytest.mark.parametrize(("name", "sex"), [("men", "male"), ("women", "female")])
def test_the_rows_of_sex_are_england_s(name, sex):
    for band, label in zip(BANDS, AGE_BANDS, strict=True):
        row = load_tables().parameters[f"deaths.{name}_ratio_{label}"]
        england = find("deaths", "sex and age band", ages=band, sex=sex)
        assert row.value == pytest.approx(england.value, rel=1e-3)
        assert row.tag == england.tag == "PAGE"
        ratios = [
            one.value / find("deaths", "age", ages=one.ages, sex=EVERYONE).value
            for one in national_rows("deaths")
            if one.by == "age" and one.sex == sex and band[0] <= one.ages[0] and one.ages[1] <= band[1]
        ]
        assert row.low <= min(ratios)
        assert max(ratios) <= row.high


@pytest.mark.parametrize("age", AGE_KNOTS)
def test_men_die_more_at_every_age_and_the_deprived_up_to_old_age(age):
    k = int(np.flatnonzero(age == AGE_KNOTS)[0])
    assert risk(age, MALE) / risk(age, FEMALE) == pytest.approx(DEATHS.men_ratio[k] / DEATHS.women_ratio[k])
    assert risk(age, imd=5) / risk(age, imd=1) == pytest.approx(DEATHS.deprivation_ratio[k])
