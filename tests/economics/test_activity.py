"""What cannot be is refused with its place."""

import pytest

from icpsim.economics.activity import CLASSES, SERVICE_KINDS, STAFF_KINDS, Arm
from icpsim.economics.errors import EconomicsError
from icpsim.evaluation.costs import CareClass
from tests.economics.made_up import activity, delivered


def test_classes_are_those_of_the_evaluation():
    assert CLASSES == tuple(care.name.lower() for care in CareClass)
    assert len({*CLASSES, *STAFF_KINDS, *SERVICE_KINDS}) == 5 + 3 + 10


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"spells": {"emergencies": 1}}, "spells: 'emergencies' is not one of .*; did you mean 'emergency'"),
        ({"casemix": {"emergency": -1.0}}, "year 0: casemix of emergency is -1.0, not a number of 0 or more"),
        ({"ae_attendances": float("nan")}, "year 0: ae_attendances is nan"),
        ({"gp_contacts": float("inf")}, "year 0: gp_contacts is inf"),
        ({"year": -1}, "year -1: year is -1"),
    ],
)
def test_impossible_activity_is_refused(changed, message):
    with pytest.raises(EconomicsError, match=message):
        activity(**changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"staff_weeks": {"virtual_wards": 1.0}}, "did you mean 'virtual_ward'"),
        ({"service_hours": {"falls": 1.0}}, "service_hours: 'falls' is not one of"),
        ({"mdt_hours": -2.0}, "mdt_hours is -2.0"),
    ],
)
def test_impossible_services_are_refused(changed, message):
    with pytest.raises(EconomicsError, match=message):
        delivered(**changed)


def test_years_stand_once_in_order_and_with_activity():
    with pytest.raises(EconomicsError, match="the activity of one year at least"):
        Arm(())
    with pytest.raises(EconomicsError, match=r"activity: years \[1, 0\]"):
        Arm((activity(1), activity(0)))
    with pytest.raises(EconomicsError, match=r"delivered: years \[0, 0\]"):
        Arm((activity(0),), (delivered(0), delivered(0)))
    with pytest.raises(EconomicsError, match="delivered: year 1 has no activity"):
        Arm((activity(0),), (delivered(1),))


def test_an_arm_counts_its_people_and_emergencies():
    arm = Arm((activity(0, 4), activity(1, 3)), (delivered(0, enrolled=5), delivered(1, enrolled=2)))
    assert arm.enrolled == 7
    assert arm.emergency_spells == {0: 4, 1: 3}
