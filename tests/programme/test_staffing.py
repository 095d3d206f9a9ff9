"""Places, contacts and dose by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from icpsim.model.parameters import load_parameters
from icpsim.programme.interventions import HOLDERS
from icpsim.programme.schema import CaseManagement, TelephoneCoaching, VirtualWard
from icpsim.programme.staffing import contacts_delivered, dose, hours_worked, places, posts_in_place
from tests.small_world import ALPHA


@pytest.mark.parametrize(
    ("weeks", "open_places"), [(-4, 10), (0, 10), (3, 10), (4, 20), (19, 50), (36, 100), (40, 100), (400, 100)]
)
def test_places_open_in_ten_steps(weeks, open_places):
    assert places(2, 50, weeks, 40) == open_places


def test_without_a_ramp_all_places_are_open():
    assert places(3, 20, 0, 0) == 60


@given(st.integers(0, 30), st.integers(0, 60), st.integers(1, 60), st.integers(0, 200))
def test_places_never_close_and_never_exceed_the_staffs(managers, caseload, ramp, week):
    assert places(managers, caseload, week, ramp) <= places(managers, caseload, week + 1, ramp)
    assert places(managers, caseload, 10**6, ramp) == managers * caseload


def test_contacts_are_what_is_wanted_when_hours_suffice():
    assert contacts_delivered(2.0, 40, 1, 22.0, 1.0) == 2.0


def test_contacts_are_what_hours_allow_when_they_do_not():
    """22 hours a week are 95.7 a month; at an hour and a half a contact, 63.8 contacts for 100 patients."""
    assert contacts_delivered(2.0, 100, 1, 22.0, 1.5) == pytest.approx(22 * (52.18 / 12) / 1.5 / 100)


def test_nobody_on_the_caseload_strains_nobody():
    assert contacts_delivered(2.0, 0, 0, 0.0, 1.0) == 2.0


def test_no_staff_means_no_contacts():
    assert contacts_delivered(2.0, 10, 0, 22.0, 1.0) == 0.0


def test_dose_is_proportional_up_to_full():
    assert [dose(contacts, 2.0) for contacts in (0.0, 0.5, 2.0, 3.0)] == [0.0, 0.25, 1.0, 1.0]


# ---- posts: leaving, vacancy, training ----

KEYS = st.integers(0, 2**63).map(np.uint64)
POSTS = {"weeks": 200, "turnover_per_year": 2.0, "replace_weeks": 6, "training_weeks": 8, "training_share": 0.5}


@given(KEYS, st.integers(0, 8), st.floats(0.0, 12.0), st.integers(0, 20), st.integers(0, 20))
def test_a_post_does_not_notice_how_many_there_are(key, posts, turnover, replace, training):
    fewer, more = (hours_worked(key, n, 80, turnover, replace, training, 0.5) for n in (posts, posts + 1))
    assert np.array_equal(more[:posts], fewer)


@given(KEYS, st.integers(0, 8), st.integers(0, 60), st.integers(0, 60), st.integers(0, 100))
def test_fewer_posts_never_open_more_places(key, posts, caseload, ramp, week):
    open_places = []
    for n in (posts, posts + 1):
        filled = np.count_nonzero(hours_worked(key, n, 101, 3.0, 6, 8, 0.5)[:, week])
        open_places.append(places(filled, caseload, week, ramp))
    assert open_places[0] <= open_places[1]


@given(KEYS, st.integers(0, 30), st.integers(0, 30))
def test_a_vacancy_lasts_as_stated_and_training_follows(key, replace, training):
    shares = hours_worked(key, 3, 400, 1.5, replace, training, 0.25)
    assert set(np.unique(shares)) <= {0.0, 0.25, 1.0}
    for post in shares:
        filled = np.flatnonzero(np.diff(post > 0.0, prepend=True))
        lengths = np.diff(filled)[::2]
        assert (lengths % max(replace, 1) == 0).all()
        if replace:
            assert ((post == 0.0).sum() % replace == 0) or post[-1] == 0.0


def test_staff_leave_as_often_as_stated():
    """1,000 posts over 200 weeks; false alarm in one of ten thousand."""
    left = hours_worked(np.uint64(5), 1000, 200, 0.5, 0, 1, 0.5) == 0.5
    weekly = 1.0 - np.exp(-0.5 / 52.18)
    assert stats.binomtest(int(left.sum()), left.size, weekly).pvalue > ALPHA


def test_nobody_leaves_without_turnover():
    assert (hours_worked(np.uint64(1), 4, 50, 0.0, 6, 8, 0.5) == 1.0).all()


def test_a_replaced_member_of_staff_is_trained_first():
    post = hours_worked(np.uint64(3), 1, **POSTS)[0]
    vacant = np.flatnonzero(post == 0.0)
    assert len(vacant) >= 6
    assert (post[vacant[0] : vacant[0] + 6] == 0.0).all()
    after = post[vacant[0] + 6 : vacant[0] + 14]
    assert after[0] in (0.0, 0.5)


def test_posts_come_with_the_ramp():
    assert [posts_in_place(11, week, 40) for week in (0, 4, 20, 36, 99)] == [2, 3, 7, 11, 11]
    assert posts_in_place(11, 0, 0) == 11


# ---- other ways to hold people ----


def test_a_ward_never_has_more_places_than_its_site_or_its_staff():
    ward = VirtualWard(kind="virtual_ward", places_per_site=50, patients_per_staff=20)
    assert [ward.places(filled) for filled in range(5)] == [0, 20, 40, 50, 50]


@given(st.integers(0, 30), st.integers(0, 200), st.integers(0, 60))
def test_one_post_more_never_has_fewer_places(filled, most, each):
    for holder in (
        VirtualWard(kind="virtual_ward", places_per_site=most, patients_per_staff=each),
        TelephoneCoaching(kind="telephone_coaching", caseload=each),
        CaseManagement(kind="case_management", caseload=each),
    ):
        assert holder.places(filled) <= holder.places(filled + 1)


def test_daily_rounds_are_thirty_a_month():
    ward = VirtualWard(kind="virtual_ward", rounds_per_week=7.0, minutes_per_round=12.0)
    assert ward.contacts.per_month == pytest.approx(7 * 52.18 / 12)
    assert ward.contacts.hours == pytest.approx(0.2)


def test_a_call_counts_by_its_weight():
    weights = load_parameters({"interventions.telephone_call": 0.4}).interventions
    kinds = ("case_management", "telephone_coaching", "virtual_ward")
    assert [HOLDERS[kind].contact_weight(weights) for kind in kinds] == [1.0, 0.4, weights.virtual_ward_round]
