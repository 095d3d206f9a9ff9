"""Table interventions.csv: what each intervention changes, and by how much at full dose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from icpsim.parameters import Labels

_TIMES = ("onset_weeks", "decay_weeks")

SERVICES: Mapping[str, tuple[str, ...]] = {
    "care_planning": ("sensitive_emergencies", "ae_attendances", "contact_instead", *_TIMES),
    "self_management_support": ("sensitive_emergencies", "ae_attendances", "follow_ups", *_TIMES),
    "discharge_planning": ("flares", "nights", "delays", *_TIMES),
    "care_home_alignment": ("sensitive_emergencies", "other_emergencies", "ae_attendances", *_TIMES),
    "disease_care": ("sensitive_emergencies", "follow_ups", "flares", *_TIMES),
    "falls_prevention": ("other_emergencies", "ae_attendances", "youngest_age", *_TIMES),
    "end_of_life_planning": (
        "sensitive_emergencies", "other_emergencies", "nights", "contact_instead", *_TIMES,
    ),
    "mental_health_liaison": ("other_emergencies", "ae_attendances", "nights", *_TIMES),
    "rapid_access_assessment": ("sensitive_emergencies", "other_emergencies", "visit_instead", *_TIMES),
    "clinics_closer_to_home": ("first_visits", "follow_ups", "listings", *_TIMES),
}  # fmt: skip
"""What each service has a number for: shares of named rates removed at full dose, and the rest of its rule."""

_Numbers: TypeAlias = NDArray[np.float64]


class InterventionParameters(NamedTuple):
    """Table interventions.csv; a service's numbers stand in the order of SERVICES."""

    virtual_ward_round: float
    telephone_call: float
    care_planning: Annotated[_Numbers, Labels(SERVICES["care_planning"])]
    self_management_support: Annotated[_Numbers, Labels(SERVICES["self_management_support"])]
    discharge_planning: Annotated[_Numbers, Labels(SERVICES["discharge_planning"])]
    care_home_alignment: Annotated[_Numbers, Labels(SERVICES["care_home_alignment"])]
    disease_care: Annotated[_Numbers, Labels(SERVICES["disease_care"])]
    falls_prevention: Annotated[_Numbers, Labels(SERVICES["falls_prevention"])]
    end_of_life_planning: Annotated[_Numbers, Labels(SERVICES["end_of_life_planning"])]
    mental_health_liaison: Annotated[_Numbers, Labels(SERVICES["mental_health_liaison"])]
    rapid_access_assessment: Annotated[_Numbers, Labels(SERVICES["rapid_access_assessment"])]
    clinics_closer_to_home: Annotated[_Numbers, Labels(SERVICES["clinics_closer_to_home"])]

    def service(self, kind: str) -> dict[str, float]:
        """Return the numbers of one service by name."""
        return dict(zip(SERVICES[kind], map(float, getattr(self, kind)), strict=True))


def contact_weight(kind: str, parameters: InterventionParameters) -> float:
    """Return what one contact of an intervention that holds people is worth, in contacts of a case manager."""
    weights = {"virtual_ward": parameters.virtual_ward_round, "telephone_coaching": parameters.telephone_call}
    return weights.get(kind, 1.0)
