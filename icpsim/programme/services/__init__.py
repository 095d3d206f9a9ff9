"""Services that a programme may give beside its case managers: one file each, and one line here.

A service's file and its rows of interventions.csv and programme_costs.csv are all that it needs: scenarios, their
schema, costs, labels and ``--help`` follow (docs/adding.md).
"""

from __future__ import annotations

from icpsim.programme.services.service_kind import Meant, ServiceKind

# Services stand in the order in which readers see them.
# isort: off
from icpsim.programme.services.care_planning import CARE_PLANNING
from icpsim.programme.services.self_management_support import SELF_MANAGEMENT_SUPPORT
from icpsim.programme.services.discharge_planning import DISCHARGE_PLANNING
from icpsim.programme.services.care_home_alignment import CARE_HOME_ALIGNMENT
from icpsim.programme.services.disease_care import DISEASE_CARE
from icpsim.programme.services.falls_prevention import FALLS_PREVENTION
from icpsim.programme.services.end_of_life_planning import END_OF_LIFE_PLANNING
from icpsim.programme.services.mental_health_liaison import MENTAL_HEALTH_LIAISON
from icpsim.programme.services.rapid_access_assessment import RAPID_ACCESS_ASSESSMENT
from icpsim.programme.services.clinics_closer_to_home import CLINICS_CLOSER_TO_HOME
# isort: on

SERVICES: dict[str, ServiceKind] = {
    kind.name: kind for kind in list(globals().values()) if isinstance(kind, ServiceKind)
}
"""Every kind of service that is imported here, by name."""

__all__ = ["SERVICES", "Meant", "ServiceKind"]
