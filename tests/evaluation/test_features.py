import numpy as np
import pytest

from icpsim.evaluation.costs import CareClass, care_classes, spell_costs
from icpsim.evaluation.features import NAMES, features
from icpsim.records.schema import CONDITIONS, Diagnosis

from .synthetic import PRICES, make_records

INDEX = 150


@pytest.fixture(scope="module")
def records():
    return make_records(np.random.default_rng(11), n_pilot=300, n_outside=500, n_cases=30)


def slow_features(records, person, index):
    """Follow the definitions again, a person at a time, with plain comparisons."""
    s, o, a = (t[t["person"] == person] for t in (records.spells, records.outpatient, records.ae))
    who = records.registrations[person]
    lag, olag, alag = (
        index - s["admitted"].astype(int),
        index - o["week"].astype(int),
        index - a["week"].astype(int),
    )
    kind, attended = care_classes(s), o["attended"] > 0
    em = kind == CareClass.EMERGENCY
    row = {"age": (index - int(who["birth_week"])) / 52.18, "female": who["sex"]}
    row |= {f"imd_{q}": who["imd"] == q for q in range(2, 6)}
    for low, high in ((1, 4), (5, 12), (13, 26), (27, 52), (53, 104)):
        row[f"emergency_{low}_{high}"] = (em & (lag >= low) & (lag <= high)).sum()
    year = (lag >= 1) & (lag <= 52)
    row["acs_emergency_52"] = (em & year & (s["diagnosis"] == Diagnosis.AMBULATORY_CARE_SENSITIVE)).sum()
    for name, of, spans in (
        ("elective_ordinary", CareClass.ELECTIVE_ORDINARY, (26, 52)),
        ("day_case", CareClass.DAY_CASE, (26, 52)),
        ("chemotherapy", CareClass.CHEMOTHERAPY, (12, 52)),
        ("repeat_day_care", CareClass.REPEAT_DAY_CARE, (12, 52)),
    ):
        for span in spans:
            row[f"{name}_{span}"] = ((kind == of) & (lag >= 1) & (lag <= span)).sum()
    for span in (4, 26, 52):
        row[f"outpatient_{span}"] = (attended & (olag >= 1) & (olag <= span)).sum()
    row["outpatient_follow_up_26"] = (attended & (o["first"] == 0) & (olag >= 1) & (olag <= 26)).sum()
    row["outpatient_missed_52"] = (~attended & (olag >= 1) & (olag <= 52)).sum()
    for span in (12, 52):
        row[f"ae_{span}"] = ((alag >= 1) & (alag <= span)).sum()
    row["emergency_nights_52"] = s["nights"][em & year].sum()
    visits = o["first"][attended & (olag >= 1) & (olag <= 52)]
    row["hospital_cost_52"] = (
        spell_costs(s[year], PRICES).sum()
        + np.where(visits, PRICES.outpatient_first, PRICES.outpatient_follow_up).sum()
    )
    coded = np.bitwise_or.reduce(s["conditions"][(lag >= 1) & (lag <= 104)]) if s.size else 0
    row |= {name: (int(coded) >> k) & 1 for k, name in enumerate(CONDITIONS)}
    row["condition_count"] = int(coded).bit_count()
    return [float(row[name]) for name in NAMES]


def test_features_equal_the_slow_definitions(records):
    persons = np.array([700, 3, 250, *range(300, 360)])
    fast = features(records, persons, INDEX, PRICES)
    slow = np.array([slow_features(records, p, INDEX) for p in persons])
    np.testing.assert_allclose(fast.values, slow, rtol=1e-5)
    assert (fast.values[:, 2:29].max(axis=0) > 0).sum() >= 22  # the comparison is not of zeros


def test_nothing_from_the_index_week_on_is_used(records):
    persons = np.arange(400)
    cut = [
        t[t[c] < INDEX]
        for t, c in ((records.spells, "admitted"), (records.outpatient, "week"), (records.ae, "week"))
    ]
    earlier = type(records)(records.weeks, records.registrations, records.practices, *cut, records.deaths)
    now, then = (features(r, persons, INDEX, PRICES).values for r in (records, earlier))
    np.testing.assert_array_equal(now, then)


def test_emergencies_and_appended_columns(records):
    people = features(records, np.arange(300), INDEX, PRICES)
    total = sum(people.column(n) for n in NAMES if n.startswith("emergency_") and n != "emergency_nights_52")
    np.testing.assert_array_equal(people.emergencies(104), total)
    more = people.with_columns(["gp_contacts_52"], np.arange(300)[:, None])
    assert more.names[-1] == "gp_contacts_52"
    np.testing.assert_array_equal(more.column("gp_contacts_52"), np.arange(300))
