"""Shares inside each care process, counted over one week of a large site; false-alarm rate 1 in 10,000 a check."""

import numpy as np
import pytest
from scipy import stats

from icpsim.base.row_access import record_of
from icpsim.care.cancer_treatment import begin_course, diagnose, gets_chemotherapy
from icpsim.care.deaths import decide_death, yearly_risk
from icpsim.care.hospital_stay import NIGHTS_OF_LAST_WEEK, casemix_of_length, nights_of_care
from icpsim.care.rule_inputs_table import make_world
from icpsim.care.weekly_rates import BAND_ENDS
from icpsim.records.schema import NEVER, Diagnosis, Method, PatientClass
from tests.one_week import PARAMETERS, WEEK, in_crisis, in_treatment, under_follow_up
from tests.small_world import ALPHA

EM, OUT, EL, CA = PARAMETERS.emergency, PARAMETERS.outpatient, PARAMETERS.elective, PARAMETERS.cancer


def share_is(events, of, share, fewest=300):
    return of >= fewest and stats.binomtest(int(events), int(of), share).pvalue > ALPHA


def live(site, change):
    return site.live(change, enrol=False)


def at_home(site):
    """Return who can have care this week: alive and not in hospital."""
    return (site.start["death_week"] > WEEK) & (site.start["hospital_until"] <= WEEK)


def emergencies(site):
    """Return the week's emergency spells, in a week of many, and people's ages."""
    week = live(site, in_crisis)
    spells = week.spells[week.spells["method"] == Method.EMERGENCY]
    return week, spells, (WEEK - site.start["birth_week"][spells["person"]]) / 52.18


def test_emergencies_come_through_ae_in_the_stated_share(site):
    week, spells, _ = emergencies(site)
    assert share_is((week.ae["admitted"] == 1).sum(), len(spells), EM.through_ae_share)


def test_emergency_stays_without_a_night(site):
    _, spells, _ = emergencies(site)
    assert share_is((spells["nights"] == 0).sum(), len(spells), EM.no_night_share)


def test_mean_nights_by_age(site):
    """Nights of care without delays, under 65, where nobody waits on social care."""
    _, spells, age = emergencies(site)
    young = age < 65
    expected = np.interp(age[young], [2, 10, 30, 55, 70, 80, 90], np.asarray(EM.mean_nights))
    gap = spells["nights"][young] - expected
    assert len(gap) > 100
    assert abs(gap.mean()) < stats.norm.isf(ALPHA / 2) * gap.std() / np.sqrt(len(gap)) + 0.15  # rounding up to 1


def test_follow_ups_after_an_emergency(site):
    week, spells, _ = emergencies(site)
    had = np.bincount(week.outpatient["person"], minlength=len(site.start))
    referred = np.isin(spells["person"], week.outpatient["person"][week.outpatient["first"] == 1])
    in_course = site.start["cancer_from"][spells["person"]] < NEVER
    person = spells["person"][~referred & ~in_course]
    more = week.people["follow_ups"][person].astype(int) - site.start["follow_ups"][person] + had[person]
    assert set(np.unique(more)) <= {0, 1}
    assert share_is(more.sum(), len(person), EM.follow_up_share)


def test_emergency_stays_of_a_week_keep_people_in_hospital(site):
    week, spells, _ = emergencies(site)
    assert (week.people["hospital_until"][spells["person"]] >= WEEK + spells["nights"] // 7).all()
    assert (week.people["workup_until"][spells["person"]] > WEEK).all()


def test_coded_conditions_are_a_share_of_true_ones(site):
    week, spells, _ = emergencies(site)
    true = week.people["conditions"][spells["person"]]
    assert not (spells["conditions"] & ~true).any()
    count = [int(np.unpackbits(mask.astype(">u2").view(np.uint8)).sum()) for mask in (spells["conditions"], true)]
    assert share_is(count[0], count[1], EM.coding_share)


def test_casemix_of_emergencies_without_a_night_is_log_normal(site):
    _, spells, age = emergencies(site)
    short = spells["nights"] == 0
    world = make_world(PARAMETERS.rooms())[0]
    log = np.log(spells["casemix"][short]) - np.log([casemix_of_length(0, a, world) for a in age[short]])
    log -= np.log(np.asarray(EM.casemix_age)[np.searchsorted(BAND_ENDS, age[short], side="right")])
    assert stats.kstest((log + 0.5 * EM.casemix_sd_log**2) / EM.casemix_sd_log, "norm").pvalue > ALPHA


def test_follow_ups_that_are_due_take_place_in_the_stated_share(site):
    week = live(site, under_follow_up)
    due = at_home(site)
    done = np.isin(np.arange(len(due)), week.outpatient["person"][week.outpatient["first"] == 0])
    unmixed = due & ~np.isin(np.arange(len(due)), week.outpatient["person"][week.outpatient["first"] == 1])
    unmixed &= ~np.isin(np.arange(len(due)), week.spells["person"])
    unmixed &= ~((site.start["cancer_from"] <= WEEK) & (WEEK < site.start["cancer_until"]))
    assert share_is((done & unmixed).sum(), unmixed.sum(), OUT.follow_up_weekly)


@pytest.mark.parametrize("first", [0, 1])
def test_appointments_that_are_not_attended(site, first):
    def busy(people):
        under_follow_up(people)
        people["outpatient_propensity"] = 20.0
        people["cancer_from"], people["cancer_until"] = NEVER, 0

    rows = live(site, busy).outpatient
    rows = rows[rows["first"] == first]
    assert share_is((rows["attended"] == 0).sum(), len(rows), OUT.not_attended_share)


def test_a_first_appointment_that_is_not_attended_leads_to_nothing(site):
    def eager(people):
        people["outpatient_propensity"] = 20.0
        people["follow_ups"] = people["workup_until"] = 0

    week = live(site, eager)
    missed = week.outpatient["person"][(week.outpatient["first"] == 1) & (week.outpatient["attended"] == 0)]
    missed = missed[~np.isin(missed, week.spells["person"])]
    assert len(missed) > 100
    assert week.people["follow_ups"][missed].max() == 0
    assert week.people["workup_until"][missed].max() == 0


def on_the_list(people):
    people["waiting"] = 1
    people["cancer_from"] = people["repeat_from"] = NEVER


def electives(site):
    spells = live(site, on_the_list).spells
    return spells[spells["method"] == Method.ELECTIVE]


def test_people_are_called_from_the_list_in_the_stated_share(site):
    assert share_is(len(electives(site)), at_home(site).sum(), 1 / EL.wait_weeks)


def test_day_cases_and_cancer_among_electives(site):
    spells = electives(site)
    assert share_is((spells["patient_class"] == PatientClass.DAY_CASE).sum(), len(spells), EL.day_case_share)
    assert share_is((spells["diagnosis"] == Diagnosis.CANCER).sum(), len(spells), EL.cancer_share)
    assert ((spells["nights"] == 0) == (spells["patient_class"] == PatientClass.DAY_CASE)).all()


def test_who_was_called_waits_no_longer(site):
    week = live(site, on_the_list)
    assert (week.people["waiting"][electives(site)["person"]] == 0).all()
    assert week.people["waiting"].sum() == len(week.people) - len(electives(site))


def test_sessions_and_clinics_of_a_course(site):
    week, without = live(site, in_treatment), live(site, lambda people: None)
    chemotherapy = week.spells[week.spells["diagnosis"] == Diagnosis.CHEMOTHERAPY]
    assert share_is(len(chemotherapy), at_home(site).sum(), CA.session_weekly * CA.chemotherapy_share)
    assert (chemotherapy["patient_class"] == PatientClass.DAY_CASE).all()
    assert len(week.outpatient) > len(without.outpatient) + 0.8 * CA.clinic_weekly * at_home(site).sum()


def test_a_course_has_chemotherapy_in_every_week_or_in_none(site):
    courses = record_of({"cancer": CA})["cancer"][0]
    people = site.start[:4000].copy()
    in_treatment(people)
    same = people.copy()
    same["cancer_until"] += 5
    given = [gets_chemotherapy(people[i], courses) for i in range(len(people))]
    assert share_is(sum(given), len(given), CA.chemotherapy_share)
    assert given == [gets_chemotherapy(same[i], courses) for i in range(len(same))]
    never = live(site, in_treatment).spells
    had = np.unique(never["person"][never["diagnosis"] == Diagnosis.CHEMOTHERAPY])
    people = site.start.copy()
    in_treatment(people)
    assert all(gets_chemotherapy(people[i], courses) for i in had)


def test_no_session_outside_a_course(site):
    def no_course(people):
        people["cancer_from"], people["cancer_until"] = WEEK + 1, WEEK + 20

    assert not (live(site, no_course).spells["diagnosis"] == Diagnosis.CHEMOTHERAPY).any()


def test_repeat_day_care_visits(site):
    def in_repeat_care(people):
        people["repeat_from"], people["repeat_until"] = WEEK, WEEK + 1

    def after_it(people):
        people["repeat_from"], people["repeat_until"] = WEEK - 9, WEEK

    visits = (live(site, in_repeat_care).spells["diagnosis"] == Diagnosis.REPEAT_DAY_CARE).sum()
    assert share_is(visits, at_home(site).sum(), PARAMETERS.repeat_day_care.visit_weekly)
    assert not (live(site, after_it).spells["diagnosis"] == Diagnosis.REPEAT_DAY_CARE).any()


def dead(people):
    people["death_week"] = WEEK


def in_hospital(people):
    people["hospital_until"] = WEEK + 1
    people["follow_ups"] = people["waiting"] = 1


@pytest.mark.parametrize("change", [dead, in_hospital])
def test_no_care_for(site, change):
    week = live(site, change)
    assert [len(rows) for rows in (week.spells, week.outpatient, week.ae, week.contacts)] == [0, 0, 0, 0]


def records(name):
    return record_of({name: getattr(PARAMETERS, name)})[name][0]


def test_last_years_begin_at_the_stated_risk_and_end_52_weeks_on(site):
    d, people = records("deaths"), site.start.copy()
    people["death_week"] = NEVER
    risk = np.array([yearly_risk(p, 80.0, d) for p in people])
    for p in people:
        decide_death(p, 100, 80.0, 100, d)
    dying = people["death_week"] < NEVER
    z = (dying.sum() - risk.sum()) / np.sqrt((risk * (1 - risk)).sum())
    assert abs(z) < stats.norm.isf(ALPHA / 2)
    begins = people["death_week"][dying] - 52 - 100
    assert stats.chisquare(np.histogram(begins, 4, (0, 52))[0]).pvalue > ALPHA
    assert (begins.min() >= 0, begins.max() < 52) == (True, True)


def test_a_death_that_is_decided_stays_decided(site):
    d, person = records("deaths"), site.start[:1].copy()
    person["death_week"] = 130
    for week in range(0, 5200, 52):
        decide_death(person[0], week, 95.0, week, d)
    assert person["death_week"][0] == 130


def test_courses_begin_at_the_stated_chance_and_last_as_stated(site):
    c, people = records("cancer"), site.start.copy()
    people["cancer_from"], people["cancer_until"], people["conditions"] = NEVER, 0, 0
    people["death_week"] = NEVER
    for p in people:
        begin_course(p, 100, 70.0, 100, c)
    begun = people["cancer_from"] < NEVER
    assert share_is(begun.sum(), len(people), np.interp(70, [55, 70], np.asarray(CA.incidence)[3:5]), 1000)
    assert (people["cancer_until"][begun] - people["cancer_from"][begun] == int(CA.course_weeks)).all()
    assert (people["conditions"] == 0).all()
    assert (people["registered_conditions"] == site.start["registered_conditions"]).all()
    early = people["death_week"][begun] < NEVER
    assert stats.binomtest(int(early.sum()), int(begun.sum()), CA.early_death_share).pvalue > ALPHA
    assert (people["death_week"][begun][early] - people["cancer_from"][begun][early] >= 20).all()


def test_cancer_is_known_from_the_week_of_treatment_on_and_no_sooner(site):
    people = site.start[:3].copy()
    people["conditions"] = people["registered_conditions"] = 0
    people["cancer_from"], people["cancer_until"] = (WEEK - 1, WEEK, WEEK + 1), WEEK + 20
    assert [diagnose(p, WEEK) for p in people] == [True, True, False]
    for column in ("conditions", "registered_conditions"):
        assert people[column].tolist() == [64, 64, 0]
    assert [diagnose(p, WEEK) for p in people] == [False, False, False]


def test_nights_end_with_death(site):
    def dying_soon(people):
        in_crisis(people)
        people["death_week"] = WEEK + 1

    spells = live(site, dying_soon).spells
    assert len(spells) > 300
    assert spells["nights"].max() == 7 + NIGHTS_OF_LAST_WEEK
    assert (spells["nights"] == 7 + NIGHTS_OF_LAST_WEEK).mean() > 0.1


def test_an_inpatient_has_no_planned_care_in_the_week_of_admission(site):
    """Whoever stays beyond the week has nothing else but the way in."""

    def ill_and_planned(people):
        in_crisis(people)
        people["waiting"] = people["follow_ups"] = 1
        people["cancer_from"], people["cancer_until"] = WEEK - 4, WEEK + 20

    week = live(site, ill_and_planned)
    stays = week.spells[(week.spells["method"] == Method.EMERGENCY) & (week.spells["nights"] >= 7)]
    assert len(stays) > 300
    planned = week.spells["person"][week.spells["method"] == Method.ELECTIVE]
    assert not np.isin(stays["person"], planned).any()
    assert not np.isin(stays["person"], week.outpatient["person"]).any()


@pytest.mark.parametrize("age", [3.0, 40.0, 58.5, 71.0, 88.0])
def test_the_factor_of_length_on_casemix_is_1_on_average_at_every_age(age):
    """Against stays drawn by another generator; false-alarm rate 1 in 10,000 for each age."""
    world = make_world(PARAMETERS.rooms())[0]
    u = np.random.default_rng(7).random((40_000, 2))
    mean = np.interp(age, [2, 10, 30, 55, 70, 80, 90], np.asarray(EM.mean_nights))
    long = [nights_of_care(mean, EM.no_night_share, EM.nights_sd_log, x) for x in u[:, 0]]
    nights = np.where(u[:, 1] < EM.no_night_share, 0, long)
    factor = np.array([casemix_of_length(n, age, world) for n in nights])
    assert abs(factor.mean() - 1) < stats.norm.isf(ALPHA / 2) * factor.std() / np.sqrt(factor.size)


def test_a_planned_death_is_not_lost_when_a_course_would_have_ended_earlier(site):
    """Whoever has a death to come keeps one, whatever a course that began before the study brings."""
    c, people = records("cancer"), site.start.copy()
    people["cancer_from"], people["cancer_until"] = NEVER, 0
    people["death_week"] = 60
    for p in people:
        begin_course(p, 0, 70.0, 0, c)
    assert (people["death_week"] <= 60).all()
