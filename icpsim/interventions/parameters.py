"""Table interventions.csv: what each intervention changes, and by how much at full dose."""

from __future__ import annotations

from typing import NamedTuple


class InterventionParameters(NamedTuple):
    """Table interventions.csv."""

    virtual_ward_round: float
    telephone_call: float


def contact_weight(kind: str, parameters: InterventionParameters) -> float:
    """Return what one contact of an intervention that holds people is worth, in contacts of a case manager."""
    weights = {"virtual_ward": parameters.virtual_ward_round, "telephone_coaching": parameters.telephone_call}
    return weights.get(kind, 1.0)
