"""Small scenarios, simulated models and comparisons of records, shared by the tests of the simulation core."""

import json
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.programme.schema import (
    CaseManagement,
    DiseaseCare,
    Intervention,
    MdtMeeting,
    Programme,
    Service,
    Site,
    Trial,
)
from icpsim.programme.targeting import Policy, TargetingPolicy
from icpsim.records.schema import HospitalRecords
from icpsim.scenario.schema import PopulationPart, Scenario, Study

ALPHA = 1e-4
"""False-alarm rate of each statistical test, were the seed drawn anew."""

CASE_MANAGERS = CaseManagement(
    kind="case_management", case_managers=1, caseload=30, ramp_weeks=20, planned_weeks=16
)
MEETINGS = MdtMeeting(kind="mdt_meeting", patients_per_meeting=3)
_FOR_ANY_CONDITION = tuple(
    Service(kind=kind, hours_per_week=40.0, hours_per_patient_month=1.0)
    for kind in (
        "care_planning",
        "self_management_support",
        "discharge_planning",
        "care_home_alignment",
        "falls_prevention",
        "end_of_life_planning",
        "mental_health_liaison",
        "rapid_access_assessment",
        "clinics_closer_to_home",
    )
)
SERVICES = (
    *_FOR_ANY_CONDITION,
    DiseaseCare(kind="disease_care", condition="copd", hours_per_week=5.0, hours_per_patient_month=1.0),
)
SITES = (Site(name="A", practices=1), Site(name="B", practices=2))
HOSPITAL_TABLES = ("registrations", "spells", "outpatient", "ae", "deaths")


def targeting(policy: str, **options: Any) -> TargetingPolicy:
    """Return a targeting policy by name."""
    return TypeAdapter(Policy).validate_json(json.dumps({"policy": policy, **options}))


def small_scenario(
    *,
    interventions: tuple[Intervention, ...] = (CASE_MANAGERS, MEETINGS),
    policy: str | TargetingPolicy = "gp_nomination",
    quota: int = 60,
    sites: tuple[Site, ...] = SITES,
    pool_ratio: float = 1.0,
    effects: bool = True,
    mechanisms: dict[str, float] | None = None,
    thin: bool = True,
    trial: Trial | None = None,
    **more: Any,
) -> Scenario:
    """Two sites with three practices of 1,500 people, three practices elsewhere, three years; sites are alike."""
    programme = Programme(
        name="programme",
        sites=sites,
        enrolment_total=quota,
        targeting=targeting(policy) if isinstance(policy, str) else policy,
        interventions=interventions,
        effects=effects,
        trial=trial,
        parameters={f"mechanisms.{name}": value for name, value in (mechanisms or {}).items()},
    )
    more["parameters"] = {"staffing.site_sd": 0.0, **more.get("parameters", {})}
    return Scenario(
        scenario="tiny",
        title="Tiny",
        study=Study(min_age=50, history_weeks=104, programme_weeks=28, follow_up_weeks=26),
        population=PopulationPart(practice_list_size=1500, control_pool_ratio=pool_ratio, thin_pool=thin),
        programmes=(programme,),
        **more,
    )


def simulated(scenario: Scenario, **options: Any) -> IntegratedCareModel:
    """Return the model of this scenario after its whole study."""
    model = IntegratedCareModel(scenario, **options)
    model.run()
    return model


def stepped(scenario: Scenario, **options: Any) -> IntegratedCareModel:
    """Return the same model lived week by week."""
    model = IntegratedCareModel(scenario, **options)
    while model.running:
        model.step()
    return model


def column_bytes(table: np.ndarray, leave_out: tuple[str, ...] = ()) -> bytes:
    """Return the bytes of every column in turn; what lies between aligned columns is not data."""
    return b"".join(table[name].tobytes() for name in table.dtype.names if name not in leave_out)


def differing(a: HospitalRecords, b: HospitalRecords, tables: tuple[str, ...] = HOSPITAL_TABLES) -> list[str]:
    """Return names of tables that are not the same, byte for byte."""
    return [name for name in tables if column_bytes(getattr(a, name)) != column_bytes(getattr(b, name))]


def before(table: np.ndarray, week: int) -> np.ndarray:
    """Return the rows of events before this week."""
    when = "admitted" if "admitted" in table.dtype.names and "nights" in table.dtype.names else "week"
    return table[table[when] < week]
