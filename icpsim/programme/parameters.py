"""Table interventions.csv: what each intervention changes, and by how much at full dose."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from icpsim.data.tables import Rows
from icpsim.programme.services import SERVICES

_SERVICE_ROWS = tuple(row for kind in SERVICES.values() for row in kind.rows.values())


class InterventionParameters(NamedTuple):
    """Table interventions.csv; ``services`` holds every number of every service, in the order of SERVICES."""

    virtual_ward_round: float
    telephone_call: float
    services: Annotated[NDArray[np.float64], Rows(_SERVICE_ROWS)]

    def service(self, kind: str) -> dict[str, float]:
        """Return the numbers of one service by what each is in its rule."""
        return {
            number: float(self.services[_SERVICE_ROWS.index(row)]) for number, row in SERVICES[kind].rows.items()
        }
