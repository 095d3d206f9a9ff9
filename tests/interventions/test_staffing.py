"""Places, contacts and dose by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpsim.interventions.staffing import contacts_delivered, dose, places


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
