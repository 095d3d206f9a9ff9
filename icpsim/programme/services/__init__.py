"""Services that a programme may give beside its case managers: one file each, and a line here.

A service's file and its rows of interventions.csv and programme_costs.csv are all that it needs: scenarios, their
schema, its costs, labels and ``--help`` follow.
"""

from __future__ import annotations

from icpsim.programme.services.care_home_alignment import CARE_HOME_ALIGNMENT
from icpsim.programme.services.care_planning import CARE_PLANNING
from icpsim.programme.services.clinics_closer_to_home import CLINICS_CLOSER_TO_HOME
from icpsim.programme.services.discharge_planning import DISCHARGE_PLANNING
from icpsim.programme.services.disease_care import DISEASE_CARE
from icpsim.programme.services.end_of_life_planning import END_OF_LIFE_PLANNING
from icpsim.programme.services.falls_prevention import FALLS_PREVENTION
from icpsim.programme.services.kind import Meant, ServiceKind
from icpsim.programme.services.mental_health_liaison import MENTAL_HEALTH_LIAISON
from icpsim.programme.services.rapid_access_assessment import RAPID_ACCESS_ASSESSMENT
from icpsim.programme.services.self_management_support import SELF_MANAGEMENT_SUPPORT

__all__ = ["SERVICES", "Meant", "ServiceKind"]

_ALL = (
    CARE_PLANNING,
    SELF_MANAGEMENT_SUPPORT,
    DISCHARGE_PLANNING,
    CARE_HOME_ALIGNMENT,
    DISEASE_CARE,
    FALLS_PREVENTION,
    END_OF_LIFE_PLANNING,
    MENTAL_HEALTH_LIAISON,
    RAPID_ACCESS_ASSESSMENT,
    CLINICS_CLOSER_TO_HOME,
)

SERVICES: dict[str, ServiceKind] = {kind.name: kind for kind in _ALL}
"""Every kind of service by name, in the order in which readers see them."""
