"""The services of a scenario as rules read them: one row for each service of a site."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from icpsim.care.service_state import REMOVABLE, SERVICE_STATE
from icpsim.programme.interventions import DiseaseCare, Service
from icpsim.programme.parameters import InterventionParameters
from icpsim.programme.services import SERVICES
from icpsim.records.schema import CONDITIONS


def service_rows(
    services: Sequence[Service | DiseaseCare], site: int, parameters: InterventionParameters
) -> NDArray[np.void]:
    """Return one row (SERVICE_STATE) for each service of a site, still without a dose."""
    rows = np.zeros(len(services), SERVICE_STATE)
    for row, service in zip(rows, services, strict=True):
        meant = SERVICES[service.kind].meant_for
        conditions = (service.condition,) if isinstance(service, DiseaseCare) else meant.conditions
        row["site"] = site
        row["conditions"] = sum(1 << CONDITIONS.index(name) for name in conditions)
        row["care_home"], row["last_year"] = meant.care_home, meant.last_year
        for name, value in parameters.service(service.kind).items():
            if name in REMOVABLE:
                row["removed"][REMOVABLE.index(name)] = value
            else:
                row[name] = value
    return rows
