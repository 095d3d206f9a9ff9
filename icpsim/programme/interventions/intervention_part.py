"""What every intervention of a scenario is: a part that begins with its kind."""

from __future__ import annotations

from icpsim.base.scenario_part import Part


class InterventionPart(Part):
    """Base of every kind of intervention; a kind names itself by a literal ``kind``."""

    kind: str

    @property
    def own_name(self) -> str:
        """What it is told from others by: no two of a programme may have the same."""
        return self.kind
