"""Each effect removes its share of its own named rate, person by person against the week without, and no other."""

import numpy as np
import pytest
from scipy import stats

from icpsim.base.row_access import address
from icpsim.care.effects import strength
from icpsim.care.emergency import sensitive_share
from icpsim.care.providers import PROGRAMME_STATE
from icpsim.care.rule_inputs_table import make_world
from icpsim.model.parameters import load_parameters
from icpsim.population.patients import blank
from icpsim.records.schema import NEVER, Diagnosis, Method
from tests.one_week import PARAMETERS, TREATED, WEEK, in_crisis, in_treatment, under_follow_up, under_investigation
from tests.small_world import ALPHA, column_bytes

FEWEST = 1000
"""Events without which a test could hardly tell a share of 0.4 from one of 0.3 or 0.5."""


def of_diagnosis(week, diagnosis):
    return week.spells["person"][week.spells["diagnosis"] == diagnosis]


def sensitive(week):
    """People admitted as a sensitive emergency."""
    return of_diagnosis(week, Diagnosis.AMBULATORY_CARE_SENSITIVE)


def other_emergencies(week):
    """People admitted as an emergency that is not a sensitive one."""
    return week.spells["person"][
        (week.spells["method"] == Method.EMERGENCY) & (week.spells["diagnosis"] == Diagnosis.OTHER)
    ]


def sessions(week):
    """People with a chemotherapy session."""
    return of_diagnosis(week, Diagnosis.CHEMOTHERAPY)


def listings(week):
    """People who joined the elective list."""
    return week.listed


def visits(week):
    """People with exactly one outpatient appointment (a second may hang on the first)."""
    person, count = np.unique(week.outpatient["person"], return_counts=True)
    return person[count == 1]


OWN_RATE = {
    "avoidable_reduction": (sensitive, in_crisis),
    "outpatient_substitution": (visits, under_follow_up),
    "elective_deferral": (listings, under_investigation),
    "treatment_deescalation": (sessions, in_treatment),
    "outpatient_spillover": (visits, under_follow_up),
}
EFFECTS = pytest.mark.parametrize("effect", OWN_RATE)


def removed(site, effect, share, change=None, **more):
    """Return (events without the effect, those of them that did not happen with it)."""
    events, prepare = OWN_RATE[effect]

    def start(people):
        prepare(people)
        if change is not None:
            change(people)

    without, with_effect = events(site.live(start)), site.live(start, **{effect: share}, **more)
    everyone = visited(with_effect) if events is visits else events(with_effect)
    return without, without[~np.isin(without, everyone)]


def visited(week):
    return np.unique(week.outpatient["person"])


def plausible(number, of, share):
    return of >= FEWEST and stats.binomtest(int(number), int(of), share).pvalue > ALPHA


@EFFECTS
@pytest.mark.parametrize("share", [0.1, 0.4, 0.8])
def test_an_effect_removes_its_share(site, effect, share):
    without, gone = removed(site, effect, share)
    assert plausible(len(gone), len(without), share)


@EFFECTS
def test_the_check_would_see_a_share_that_is_off_by_a_quarter(site, effect):
    without, gone = removed(site, effect, 0.4)
    assert not plausible(len(gone), len(without), 0.5)
    assert not plausible(len(gone), len(without), 0.3)


@EFFECTS
def test_an_effect_of_one_removes_all_and_of_nought_nothing(site, effect):
    without, gone = removed(site, effect, 1.0)
    assert len(gone) == len(without)
    assert len(removed(site, effect, 0.0)[1]) == 0


@EFFECTS
def test_a_stronger_effect_removes_the_same_events_and_more(site, effect):
    weak, strong = removed(site, effect, 0.2)[1], removed(site, effect, 0.6)[1]
    assert set(weak.tolist()) < set(strong.tolist())


@EFFECTS
def test_effects_off_removes_nothing(site, effect):
    assert len(removed(site, effect, 0.8, effects=0.0)[1]) == 0


@EFFECTS
def test_nobody_else_and_nothing_else_changes(site, effect):
    """Whoever lost no event has the same week; whoever did keeps every record of another kind."""
    events, prepare = OWN_RATE[effect]
    without, with_effect = site.live(prepare), site.live(prepare, **{effect: 0.5})
    everyone = visited(without) if events is visits else events(without)
    after = visited(with_effect) if events is visits else events(with_effect)
    fewer = everyone[~np.isin(everyone, after)]
    if events is visits:
        fewer = lost_a_visit(without, with_effect)
    untouched = np.setdiff1d(np.arange(len(without.people)), fewer)
    assert column_bytes(without.people[untouched]) == column_bytes(with_effect.people[untouched])
    for name in ("spells", "outpatient", "ae", "contacts"):
        ours, theirs = getattr(without, name), getattr(with_effect, name)
        assert column_bytes(ours[np.isin(ours["person"], untouched)]) == (
            column_bytes(theirs[np.isin(theirs["person"], untouched)])
        )


def lost_a_visit(without, with_effect):
    n = len(without.people)
    before = np.bincount(without.outpatient["person"], minlength=n)
    return np.flatnonzero(np.bincount(with_effect.outpatient["person"], minlength=n) < before)


UNTOUCHED = {
    "avoidable_reduction": (),
    "outpatient_substitution": ("spells", "ae", "listed"),
    "outpatient_spillover": ("spells", "ae", "listed", "contacts"),
    "elective_deferral": ("spells", "ae", "outpatient", "contacts"),
    "treatment_deescalation": ("ae", "outpatient", "contacts", "listed"),
}


@EFFECTS
def test_tables_of_other_kinds_are_the_same_for_everyone(site, effect):
    prepare = OWN_RATE[effect][1]
    without, with_effect = site.live(prepare), site.live(prepare, **{effect: 0.8})
    for name in UNTOUCHED[effect]:
        ours, theirs = getattr(without, name), getattr(with_effect, name)
        assert ours.tolist() == theirs.tolist()
    if effect == "avoidable_reduction":
        assert np.array_equal(other_emergencies(without), other_emergencies(with_effect))
        stayed = np.unique(without.spells["person"][without.spells["nights"] >= 7])
        kept = [
            week.spells[
                ~np.isin(week.spells["person"], stayed)
                & (week.spells["diagnosis"] != Diagnosis.AMBULATORY_CARE_SENSITIVE)
            ]
            for week in (without, with_effect)
        ]
        assert column_bytes(kept[0]) == column_bytes(kept[1])
        assert set(without.listed) <= set(with_effect.listed)
        assert set(with_effect.listed) - set(without.listed) <= set(stayed)


def test_cancer_clinics_are_replaced_like_other_visits(site):
    def only_clinics(people):
        in_treatment(people)
        people["follow_ups"] = 0

    without, gone = removed(site, "outpatient_substitution", 0.4, change=only_clinics)
    assert plausible(len(gone), len(without), 0.4)


def test_each_visit_replaced_is_a_contact_at_full_replacement(site):
    """Clinics of a cancer course are left out: their replacement is not written as a contact."""

    def no_course(people):
        under_follow_up(people)
        people["cancer_from"], people["cancer_until"] = NEVER, 0

    effects = {"outpatient_substitution": 1.0}
    without, with_contacts = (
        site.live(no_course, **effects),
        site.live(no_course, **effects, contacts_per_substitution=1.0),
    )
    assert len(without.outpatient) == len(with_contacts.outpatient) == 0
    more = len(with_contacts.contacts) - len(without.contacts)
    visits_without = site.live(no_course).outpatient
    follow_up_of_own_first = len(visits_without) - more
    assert more > FEWEST
    assert 0 <= follow_up_of_own_first <= (visits_without["first"] == 1).sum()


def test_a_contact_for_every_second_visit_replaced(site):
    none, half, all_of = (replacements(site, share) for share in (0.0, 0.5, 1.0))
    assert plausible(half - none, all_of - none, 0.5)


def replacements(site, contacts_per_substitution):
    """Contacts in a week in which every follow-up is replaced."""
    effects = {"outpatient_substitution": 1.0, "contacts_per_substitution": contacts_per_substitution}
    return len(site.live(under_follow_up, **effects).contacts)


@pytest.mark.parametrize("contacts", [1.25, 1.5, 2.0, 2.5])
def test_more_than_one_contact_for_each_visit_replaced(site, contacts):
    """Every visit replaced brings the whole number, and the rest of a contact as a chance."""
    none, one, some = (replacements(site, number) for number in (0.0, 1.0, contacts))
    visits_replaced = one - none
    whole = int(contacts)
    more = some - none - whole * visits_replaced
    assert 0 <= more <= visits_replaced
    assert plausible(more, visits_replaced, contacts - whole)


def half_a_dose(people):
    people["dose"] = 0.5


@EFFECTS
def test_half_a_dose_has_half_the_effect_on_those_who_get_it(site, effect):
    """The list-wide spill-over is the exception: it has no dose."""
    without, gone = removed(site, effect, 0.8, change=half_a_dose)
    assert plausible(len(gone), len(without), 0.8 if effect == "outpatient_spillover" else 0.4)


def not_enrolled(people):
    people["enrolled"], people["programme"], people["dose"] = NEVER, 255, 0.0


@pytest.mark.parametrize("effect", [name for name in OWN_RATE if name != "outpatient_spillover"])
def test_people_who_are_not_enrolled_keep_everything(site, effect):
    assert len(removed(site, effect, 1.0, change=not_enrolled)[1]) == 0


def test_spill_over_reaches_everyone_on_the_list(site):
    without, gone = removed(site, "outpatient_spillover", 0.4, change=not_enrolled)
    assert plausible(len(gone), len(without), 0.4)


def test_spill_over_comes_on_top_of_substitution_for_what_is_left(site):
    without, gone = removed(site, "outpatient_substitution", 0.5, outpatient_spillover=0.4)
    assert plausible(len(gone), len(without), 1.0 - 0.5 * 0.6)


def test_spill_over_ramps_from_the_programmes_start(site):
    without, gone = removed(site, "outpatient_spillover", 0.8, spillover_ramp_weeks=2.0)
    assert plausible(len(gone), len(without), 0.4)


def emergency_stays(week):
    return week.spells["person"][week.spells["method"] == Method.EMERGENCY]


def sensitive_chances(site):
    """Each person's chance, in crisis, of a sensitive emergency in the week; 0 for those dead or in hospital."""
    people = site.start.copy()
    in_crisis(people)
    rates = site.region.rates_of(people, WEEK)
    shares = np.array([sensitive_share(person, PARAMETERS.emergency) for person in people])
    home = (people["hospital_until"] <= WEEK) & (people["birth_week"] <= WEEK)
    return np.where(home, rates["emergency"] * shares, 0.0)


@pytest.mark.parametrize("loss", [0.2, 0.5, 0.9])
def test_lost_continuity_adds_its_share_of_sensitive_emergencies(site, loss):
    """Whoever had no stay of their own that week has one with the stated chance; a stay covers both."""
    without, with_loss = site.live(in_crisis), site.live(in_crisis, continuity_loss=loss)
    chances = loss * sensitive_chances(site)
    chances[np.isin(np.arange(len(chances)), emergency_stays(without))] = 0.0
    extra = len(sensitive(with_loss)) - len(sensitive(without))
    z = (extra - chances.sum()) / np.sqrt((chances * (1.0 - chances)).sum())
    assert chances.sum() > 150
    assert 2.0 * stats.norm.sf(abs(z)) > ALPHA
    assert len(emergency_stays(with_loss)) == len(np.unique(emergency_stays(with_loss)))
    assert set(sensitive(without).tolist()) <= set(sensitive(with_loss).tolist())
    assert np.array_equal(other_emergencies(without), other_emergencies(with_loss))


# ---- strength: onset, decay, dose, MDT share ----


@pytest.fixture
def programme():
    state = np.zeros(1, PROGRAMME_STATE)
    for name, value in {"effects": 1.0, "onset_weeks": 6.0, "decay_weeks": 10.0, "mdt_share": 0.25}.items():
        state[name] = value
    return state


@pytest.fixture
def strength_at(programme):
    world = make_world(load_parameters().rooms())

    def at(week, dose=1.0, discharged=NEVER, discussed=0):
        patient = blank(1)
        patient["enrolled"], patient["programme"], patient["dose"] = 100, 0, dose
        patient["discharged"], patient["mdt_week"] = discharged, discussed
        world["programmes"] = address(programme)
        return strength(patient[0], week, world[0])

    return at


def test_nothing_before_enrolment(strength_at):
    assert strength_at(99) == 0.0


def test_onset_is_a_straight_line_to_full_strength(strength_at):
    assert [strength_at(week) for week in (100, 102, 105, 106, 150)] == pytest.approx([1 / 6, 0.5, 1, 1, 1])


def test_decay_is_a_straight_line_from_discharge_to_nothing(strength_at):
    weeks = (139, 140, 145, 149, 150, 200)
    assert [strength_at(week, discharged=140) for week in weeks] == pytest.approx([1, 1, 0.5, 0.1, 0, 0])


def test_discharge_during_onset_fades_what_was_reached(strength_at):
    assert strength_at(103, discharged=102) == pytest.approx(4 / 6 * 0.9)


def test_contacts_bring_all_but_the_meetings_share(strength_at):
    assert strength_at(120, dose=1.0, discussed=NEVER) == pytest.approx(0.75)
    assert strength_at(120, dose=0.0, discussed=110) == pytest.approx(0.25)
    assert strength_at(120, dose=0.4, discussed=110) == pytest.approx(0.4 * 0.75 + 0.25)
    assert strength_at(120, dose=0.0, discussed=121) == 0.0


def test_effects_off_is_no_strength(strength_at, programme):
    programme["effects"] = 0.0
    assert strength_at(120, discussed=110) == 0.0


def test_treated_columns_are_the_only_ones_that_enrolment_sets(site):
    """Enrolment without any effect changes nobody's week."""
    enrolled, not_in_it = site.live(), site.live(not_enrolled)
    assert column_bytes(enrolled.people, leave_out=TREATED) == column_bytes(not_in_it.people, leave_out=TREATED)
    assert (enrolled.spells["method"] == Method.EMERGENCY).sum() > 50
    for name in ("spells", "outpatient", "ae", "contacts"):
        assert column_bytes(getattr(enrolled, name)) == column_bytes(getattr(not_in_it, name))
