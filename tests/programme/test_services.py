"""Each service removes its share of its named rates, for those it is meant for; something may take their place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from icpsim.care.hospital_stay import NIGHTS_OF_LAST_WEEK
from icpsim.care.service_state import REMOVABLE, SERVICE_STATE
from icpsim.care.services import eligible, share_removed
from icpsim.model.parameters import load_parameters
from icpsim.population.patients import blank
from icpsim.programme.interventions import DiseaseCare, Service
from icpsim.programme.services import SERVICES
from icpsim.programme.services.service_rows import service_rows
from icpsim.programme.staffing import service_dose
from icpsim.records.schema import CONDITIONS, NEVER, Diagnosis, Method
from tests.one_week import WEEK, in_crisis, under_follow_up, under_investigation
from tests.small_world import ALPHA, column_bytes

PARAMETERS = load_parameters().interventions
FEWEST = 800
"""Events without which a test could hardly tell a share of 0.4 from one of 0.3 or 0.5."""
TABLES = ("spells", "outpatient", "ae", "contacts")


def removing(dose=1.0, site=0, **shares):
    """Return the row of a service for everyone that removes these shares at once, and other columns by name."""
    row = np.zeros(1, SERVICE_STATE)
    row["site"], row["dose"], row["onset_weeks"], row["decay_weeks"] = site, dose, 1.0, 1.0
    for name, value in shares.items():
        if name in REMOVABLE:
            row["removed"][0, REMOVABLE.index(name)] = value
        else:
            row[name] = value
    return row


def of_diagnosis(week, diagnosis):
    return week.spells["person"][week.spells["diagnosis"] == diagnosis]


def sensitive(week):
    return of_diagnosis(week, Diagnosis.AMBULATORY_CARE_SENSITIVE)


def other(week):
    emergency = week.spells[week.spells["method"] == Method.EMERGENCY]
    return emergency["person"][emergency["diagnosis"] == Diagnosis.OTHER]


def attendances(week):
    """People who attended A&E without being admitted."""
    return week.ae["person"][week.ae["admitted"] == 0]


def listings(week):
    return week.listed


def follow_ups(week):
    return week.outpatient["person"][week.outpatient["first"] == 0]


def firsts(week):
    return week.outpatient["person"][week.outpatient["first"] == 1]


def under_follow_up_alone(people):
    under_follow_up(people)
    people["cancer_from"], people["cancer_until"] = NEVER, 0


def very_frail(people):
    """Have everybody attend A&E often."""
    people["flare_until"], people["next_flare"] = WEEK + 4, NEVER
    people["log_frailty"] = 3.0


def referred(people):
    people["workup_until"] = WEEK + 4
    people["outpatient_propensity"] = 8.0


RATES = {
    "sensitive_emergencies": (sensitive, in_crisis),
    "other_emergencies": (other, in_crisis),
    "ae_attendances": (attendances, very_frail),
    "first_visits": (firsts, referred),
    "listings": (listings, under_investigation),
}
EACH_RATE = pytest.mark.parametrize("rate", RATES)


def gone(site, rate, services, change=None, **effects):
    """Return (people with the event without services, those of them who did not have it with them)."""
    events, prepare = RATES[rate]

    def start(people):
        prepare(people)
        if change is not None:
            change(people)

    without, left = events(site.live(start, **effects)), events(site.live(start, services=services, **effects))
    return without, without[~np.isin(without, left)]


def plausible(number, of, share):
    return of >= FEWEST and stats.binomtest(int(number), int(of), share).pvalue > ALPHA


@EACH_RATE
@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_service_removes_its_share_of_its_rate(site, rate, share):
    without, fewer = gone(site, rate, removing(**{rate: share}))
    assert plausible(len(fewer), len(without), share)
    assert not plausible(len(fewer), len(without), share * 1.4)


def test_follow_ups_are_replaced_by_contacts_at_their_share(site):
    """Everyone due has a contact for each visit that moves; whoever had a first visit may be due for another."""
    services, effects = removing(follow_ups=0.4), {"contacts_per_substitution": 1.0}
    without, week = (
        site.live(under_follow_up_alone),
        site.live(under_follow_up_alone, services=services, **effects),
    )
    fewer = len(follow_ups(without)) - len(follow_ups(week))
    assert plausible(fewer, len(follow_ups(without)), 0.4)
    assert len(week.contacts) - len(without.contacts) == fewer


@EACH_RATE
def test_two_services_combine_as_the_product(site, rate):
    services = np.concatenate([removing(**{rate: 0.5}), removing(**{rate: 0.4})])
    without, fewer = gone(site, rate, services)
    assert plausible(len(fewer), len(without), 1.0 - 0.5 * 0.6)


def test_services_come_on_top_of_the_programmes_own_effect(site):
    effects = {"avoidable_reduction": 0.5}
    without = sensitive(site.live(in_crisis))
    left = sensitive(site.live(in_crisis, services=removing(sensitive_emergencies=0.4), **effects))
    assert plausible(len(without) - len(left), len(without), 1.0 - 0.5 * 0.6)


@EACH_RATE
def test_half_a_dose_removes_half(site, rate):
    without, fewer = gone(site, rate, removing(dose=0.5, **{rate: 0.8}))
    assert plausible(len(fewer), len(without), 0.4)


ALL = dict.fromkeys(REMOVABLE, 0.9)
CHANGES = {"crisis": in_crisis, "follow-up": under_follow_up, "investigation": under_investigation}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize(
    ("services", "effects"),
    [
        pytest.param(removing(dose=0.0, **ALL), {}, id="zero dose"),
        pytest.param(removing(contact_instead=1.0, visit_instead=1.0), {}, id="no share"),
        pytest.param(removing(site=1, **ALL), {}, id="another site's"),
        pytest.param(removing(**ALL), {"effects": 0.0}, id="effects off"),
    ],
)
def test_a_service_that_does_nothing_changes_nothing(site, change, services, effects):
    mechanisms = {"avoidable_reduction": 0.3, "outpatient_substitution": 0.3, **effects}
    without, week = site.live(change, **mechanisms), site.live(change, services=services, **mechanisms)
    assert column_bytes(without.people) == column_bytes(week.people)
    for name in TABLES:
        assert column_bytes(getattr(without, name)) == column_bytes(getattr(week, name))


def in_none_of_them(people):
    people["enrolled"], people["programme"], people["dose"] = NEVER, 255, 0.0


def test_people_who_are_not_enrolled_keep_everything(site):
    def start(people):
        in_crisis(people)
        in_none_of_them(people)

    without, week = site.live(start), site.live(start, services=removing(**ALL))
    for name in TABLES:
        assert column_bytes(getattr(without, name)) == column_bytes(getattr(week, name))


@pytest.mark.parametrize("rate", ["sensitive_emergencies", "other_emergencies"])
@pytest.mark.parametrize("share", [0.3, 1.0])
def test_a_gp_contact_takes_the_place_of_an_emergency_at_its_share(site, rate, share):
    services = removing(contact_instead=share, **{rate: 0.9})
    _, fewer = gone(site, rate, services)
    before, after = (
        np.bincount(site.live(in_crisis, services=s).contacts["person"], minlength=len(site.start))
        for s in (None, services)
    )
    more = after - before
    assert set(np.flatnonzero(more).tolist()) <= set(fewer.tolist())
    assert more.max() == 1
    assert plausible(more.sum(), len(fewer), share)


def test_a_first_visit_takes_the_place_of_an_emergency_at_its_share(site):
    """Among those who had no first visit of their own that week, for one covers both."""
    services = removing(other_emergencies=0.8, visit_instead=0.6)
    without, week = site.live(in_crisis), site.live(in_crisis, services=services)
    fewer = np.setdiff1d(other(without), other(week))
    free = np.setdiff1d(fewer, firsts(without))
    assert plausible(np.isin(free, firsts(week)).sum(), len(free), 0.6)
    assert set(np.setdiff1d(firsts(week), firsts(without)).tolist()) <= set(fewer.tolist())


def stays(week):
    rows = week.spells[week.spells["method"] == Method.EMERGENCY]
    return rows["person"], rows["nights"].astype(float)


def nights_until_death(week):
    """Return how many nights a stay may last at most; int64[people]."""
    return 7 * (week.people["death_week"].astype(int) - WEEK) + NIGHTS_OF_LAST_WEEK


def test_nights_are_saved_at_their_share(site):
    """A night more or less by a draw: over n stays the mean is off by less than four standard errors of 0.5."""
    without, week = site.live(in_crisis), site.live(in_crisis, services=removing(nights=0.3))
    (who, before), (same, after) = stays(without), stays(week)
    assert np.array_equal(who, same)
    assert len(who) > FEWEST
    younger = (WEEK - site.start["birth_week"][who]) / 52.18 < 65.0  # nobody of them waits on social care
    younger &= before < nights_until_death(without)[who]
    wanted, left = before[younger] * 0.7, after[younger]
    assert (np.abs(left - wanted) < 1.0).all()
    assert abs((left - wanted).mean()) < 4.0 * 0.5 / np.sqrt(younger.sum())


def test_waits_on_social_care_are_saved_whole(site):
    without, week = site.live(in_crisis), site.live(in_crisis, services=removing(delays=1.0))
    half = site.live(in_crisis, services=removing(delays=0.5))
    (who, before), (_, none), (_, some) = stays(without), stays(week), stays(half)
    waited = before > none
    assert len(who[waited]) > 40
    assert set((some[waited] == none[waited]).tolist()) == {True, False}
    assert np.isin(some[waited] - none[waited], np.append((before - none)[waited], 0.0)).all()
    assert stats.binomtest(int((some[waited] == none[waited]).sum()), int(waited.sum()), 0.5).pvalue > ALPHA


def test_flares_after_discharge_are_prevented_at_their_share(site):
    def well_until_admitted(people):
        in_crisis(people)
        people["flare_until"] = WEEK + 1

    without = site.live(well_until_admitted).people["flare_until"] > WEEK + 1
    week = site.live(well_until_admitted, services=removing(flares=0.6)).people["flare_until"] > WEEK + 1
    assert not (week & ~without).any()
    assert stats.binomtest(int((without & ~week).sum()), int(without.sum()), 0.6).pvalue > ALPHA
    assert without.sum() > 300


# ---- whom a service is meant for, onset and decay ----


def person(**columns):
    row = blank(1)
    row["enrolled"], row["birth_week"] = 100, 100 - 70 * 52
    for name, value in columns.items():
        row[name] = value
    return row[0]


def row_of(kind, condition=None, **numbers):
    part = DiseaseCare(kind=kind, condition=condition) if kind == "disease_care" else Service(kind=kind)
    row = service_rows([part], 0, PARAMETERS)
    row["dose"] = 1.0
    for name, value in numbers.items():
        row[name] = value
    return row[0]


def bit(name):
    return 1 << CONDITIONS.index(name)


@pytest.mark.parametrize(
    ("service", "meant", "not_meant"),
    [
        (row_of("care_planning"), {}, None),
        (row_of("rapid_access_assessment"), {}, None),
        (row_of("self_management_support"), {"registered_conditions": 1}, {"conditions": 1}),
        (row_of("care_home_alignment"), {"care_home": 1}, {}),
        (
            row_of("disease_care", "diabetes"),
            {"registered_conditions": bit("diabetes") | bit("copd")},
            {"registered_conditions": bit("copd"), "conditions": bit("diabetes")},
        ),
        (row_of("falls_prevention"), {}, {"birth_week": 100 - 60 * 52}),
        (row_of("end_of_life_planning"), {"death_week": 140}, {"death_week": 200}),
        (
            row_of("mental_health_liaison"),
            {"registered_conditions": bit("depression")},
            {"registered_conditions": bit("stroke")},
        ),
    ],
)
def test_a_service_is_for_those_it_is_meant_for(service, meant, not_meant):
    assert eligible(person(**meant), service, 100)
    assert not_meant is None or not eligible(person(**not_meant), service, 100)


def at(service, week, rate="sensitive_emergencies", **columns):
    return share_removed(person(**columns), service, REMOVABLE.index(rate), week, 1.0)


def test_effects_rise_over_the_onset_and_fade_to_nothing_after_discharge():
    """Self-management support: onset 13 weeks, decay 104; by hand, and nothing left long before five years."""
    service = row_of("self_management_support")
    sick = {"registered_conditions": 1, "discharged": 160}
    full = 0.05
    weeks = [100, 105, 112, 159, 160, 212, 263, 264, 100 + 5 * 52]
    expected = [1 / 13, 6 / 13, 1.0, 1.0, 1.0, 0.5, 1 / 104, 0.0, 0.0]
    assert [at(service, w, **sick) for w in weeks] == pytest.approx([full * x for x in expected])


@pytest.mark.parametrize("kind", SERVICES)
def test_every_services_effect_is_over_within_five_years_of_discharge(kind):
    service = row_of(kind, "copd" if kind == "disease_care" else None)
    rate = next(name for name in SERVICES[kind].numbers if name in REMOVABLE)
    known = {"registered_conditions": 0b1111111111, "care_home": 1, "death_week": 100 + 5 * 52 + 52}
    shares = [at(service, week, rate, discharged=130, **known) for week in range(100, 130 + 5 * 52 + 1)]
    assert shares[-1] == 0.0
    assert max(shares) <= PARAMETERS.service(kind)[rate]
    if kind != "end_of_life_planning":
        assert max(shares) == pytest.approx(PARAMETERS.service(kind)[rate])
        after = np.array(shares[30:])
        assert (np.diff(after) <= 0.0).all()


@pytest.mark.parametrize("kind", SERVICES)
def test_every_number_of_the_table_reaches_the_rules(kind):
    row = row_of(kind, "copd" if kind == "disease_care" else None)
    for name, value in PARAMETERS.service(kind).items():
        found = row["removed"][REMOVABLE.index(name)] if name in REMOVABLE else row[name]
        assert found == value > 0.0, name
    others = [i for i, name in enumerate(REMOVABLE) if name not in SERVICES[kind].numbers]
    assert not row["removed"][others].any()


# ---- hours ----


def test_hours_are_shared_out_over_those_it_is_meant_for():
    """40 people at half an hour a month take 4.6 hours a week; 2 hours give 43% of that."""
    needed = 40 * 0.5 / (52.18 / 12)
    assert service_dose(40, 10.0, 0.5) == (1.0, pytest.approx(needed))
    assert service_dose(40, 2.0, 0.5) == (pytest.approx(2.0 / needed), 2.0)
    assert service_dose(40, 0.0, 0.5) == (0.0, 0.0)


@given(st.integers(1, 500), st.floats(0.0, 200.0), st.floats(0.01, 20.0))
def test_nothing_is_free(patients, hours, each):
    given_dose, used = service_dose(patients, hours, each)
    assert 0.0 <= given_dose <= 1.0
    assert used <= hours * (1.0 + 1e-12)
    assert used == pytest.approx(given_dose * patients * each / (52.18 / 12))
