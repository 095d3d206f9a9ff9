"""Fewer staff never save hospitals more: what a programme does to whole lists grows with the programme."""

import pytest

from icpsim.economics.views import View
from icpsim.programme.schema import CaseManagement, Site
from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.counts import cell
from icpsim.questions.compare.money import money_of
from icpsim.questions.compare.rows import change
from icpsim.questions.compare.runs import compare
from tests.small_world import MEETINGS, small_scenario

STAFF = (0, 1, 5, 11, 22)
ONE, ELEVEN = STAFF.index(1), STAFF.index(11)
LIST_WIDE_ALONE = {
    "outpatient_spillover": 0.08,
    **dict.fromkeys(
        (
            "unmet_need_detection",
            "avoidable_reduction",
            "outpatient_substitution",
            "elective_deferral",
            "treatment_deescalation",
            "continuity_loss",
        ),
        0.0,
    ),
}


def staffed(case_managers, mechanisms):
    """Two sites of 15,000 people, of whom eleven case managers a site hold as large a share as the pilots' did."""
    managers = CaseManagement(
        kind="case_management", case_managers=case_managers, caseload=6, ramp_weeks=20, planned_weeks=52
    )
    scenario = small_scenario(
        sites=(Site(name="A", practices=6), Site(name="B", practices=6)),
        quota=400,
        pool_ratio=0.0,
        interventions=(managers, MEETINGS.model_copy(update={"patients_per_meeting": 8})),
        mechanisms=mechanisms,
    )
    population = scenario.population.model_copy(update={"practice_list_size": 2500})
    return Arm(str(case_managers), scenario.model_copy(update={"population": population}))


@pytest.fixture(scope="module", params=[LIST_WIDE_ALONE, {}], ids=["the list-wide fall alone", "as shipped"])
def found(request):
    """Return (hospital saving before programme cost, outpatient visits removed) by staff, on the same draws."""
    compared = compare([staffed(n, request.param) for n in STAFF], 1, 1, drawn=False, evaluated=False)
    places = range(len(STAFF))
    saved = [money_of(compared, k)[0].found.before_programme(View.COMMISSIONER).total for k in places]
    removed = [-change(compared, k, cell("outpatient_attendances"))[0] for k in places]
    return saved, removed


def test_neither_saving_nor_visits_removed_grow_as_staff_shrink(found):
    for values in found:
        to_the_penny = [round(float(value), 2) for value in values]
        assert to_the_penny == sorted(to_the_penny)
        assert values[0] == 0.0
        assert values[-1] > 0.0


def test_one_case_manager_a_site_saves_little_of_what_eleven_do(found):
    """In proportion to staff it would be an eleventh; a fifth leaves room for chance."""
    for values in found:
        assert values[ONE] < 0.2 * values[ELEVEN]
