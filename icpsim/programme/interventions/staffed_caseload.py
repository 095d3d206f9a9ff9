"""What case managers, virtual wards and coaches have in common: hours, turnover, training, places for patients."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import Field

from icpsim.programme.interventions.intervention_part import InterventionPart
from icpsim.programme.parameters import InterventionParameters

PlannedWeeks = Annotated[int, Field(ge=1, le=520, description="Weeks {held} before discharge")]


class Words(NamedTuple):
    """What a kind calls its staff, one of them, what they give patients, and where these are until discharge."""

    staff: str
    post: str
    contacts: str
    held: str


class Contacts(NamedTuple):
    """Contacts that each patient is to have a month, and the hours of one."""

    per_month: float
    hours: float


class StaffedCaseload(InterventionPart, ABC):
    """Base of the kinds whose staff hold patients in a limited number of places; numbers are for one site.

    Scenarios give a kind's own fields first, then these, whose descriptions speak in the kind's ``words``.
    """

    words: ClassVar[Words]

    hours_per_week: float = Field(
        default=22.0, ge=0.0, le=60.0, description="Hours a week for {contacts} per {post}"
    )
    ramp_weeks: int = Field(default=40, ge=0, le=520, description="Weeks until all {staff} are in post")
    planned_weeks: PlannedWeeks = 52
    turnover_per_year: float = Field(
        default=0.0, ge=0.0, le=12.0, description="Staff who leave in a year, for each post; 0 = nobody leaves"
    )
    replace_weeks: int = Field(
        default=0, ge=0, le=520, description="Weeks that a post stays vacant after somebody left"
    )
    training_weeks: int = Field(
        default=0, ge=0, le=520, description="Weeks in which somebody new gives only part of the hours to patients"
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **more: Any) -> None:
        """Put the common fields after a kind's own, in its words: pydantic puts those of a base first."""
        super().__pydantic_init_subclass__(**more)
        fields = cls.model_fields
        for name in [name for name in StaffedCaseload.model_fields if name != "kind"]:
            fields[name] = fields.pop(name)
            fields[name].description = (fields[name].description or "").format(**cls.words._asdict())
        cls.model_rebuild(force=True)

    @property
    @abstractmethod
    def posts(self) -> int:
        """Posts at each site."""

    @property
    @abstractmethod
    def contacts(self) -> Contacts:
        """What each patient is to have."""

    @abstractmethod
    def places(self, filled: int) -> int:
        """Return the places of so many filled posts, once all are open."""

    @staticmethod
    @abstractmethod
    def contact_weight(parameters: InterventionParameters) -> float:
        """Return what one contact is worth, in contacts of a case manager."""
