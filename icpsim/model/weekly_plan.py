"""The week, in order: what happens, where the rule stands, and what the code runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of a week: ``run`` names the model's method that does it, or the compiled rule inside one."""

    order: int
    name: str
    what: str
    where: str
    run: str


PLAN: tuple[PlanStep, ...] = tuple(
    PlanStep(order, *step)
    for order, step in enumerate(
        (
            ("providers respond", "hospitals and practices answer to last week (capacity feedback only)",
             "model/hospital.py, model/gp_practice.py", "providers_respond"),
            ("case finding and nomination", "teams score their lists every four weeks of the programme",
             "programme/risk_tool.py, programme/targeting/", "teams_enrol"),
            ("enrolment", "the people a policy puts first join the caseload as places allow",
             "programme/community_team.py", "teams_enrol"),
            ("reviews and MDT meetings", "case managers share their hours out; practices discuss patients",
             "programme/community_team.py", "teams_work"),
            ("health changes", "flares begin and end, birthdays decide courses and last years of life",
             "care/health.py, care/deaths.py", "people_live"),
            ("primary care", "consultations within the practice's appointments",
             "care/primary_care.py", "people_live"),
            ("A&E and emergency admissions", "attendances, admissions, stays and what follows discharge",
             "care/emergency.py", "people_live"),
            ("unmet need", "reviews of enrolled patients find needs that lead to care",
             "programme/unmet_need_reviews.py", "people_live"),
            ("elective care", "listing, waiting, admission or cancellation", "care/elective.py", "people_live"),
            ("outpatient care", "first appointments, follow-ups, visits replaced", "care/outpatient.py",
             "people_live"),
            ("cancer treatment and repeat day care", "sessions and clinics of people in a course",
             "care/cancer_treatment.py, care/repeat_day_care.py", "people_live"),
            ("deaths", "people whose week has come leave the register", "care/deaths.py", "people_live"),
            ("records written", "each event becomes a row of the journal as it happens", "records/journal.py",
             "people_live"),
            ("observers", "provider-level series are collected", "model/integrated_care.py", "observe"),
        ),
        start=1,
    )
)  # fmt: skip


def methods() -> tuple[str, ...]:
    """Return the model's methods that a week runs, each once, in order."""
    return tuple(dict.fromkeys(step.run for step in PLAN))
