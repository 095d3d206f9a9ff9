"""What teams delivered in each year since the programme began, by the kinds of staff and service that cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.questions.compare.activity import years_of

if TYPE_CHECKING:
    from icpsim.programme.community_team import CommunityTeam

COUNTED = {
    "enrolled": "enrolled",
    "patient_weeks": "caseload",
    "waiting_weeks": "waiting",
    "mdt_meetings": "meetings",
    "mdt_hours": "meeting_hours",
    "discussed": "discussed",
}
"""Figures of a year, and the column of a team's log that they add up."""


def delivered_cells(model: IntegratedCareModel, weeks: tuple[int, int]) -> dict[str, float]:
    """Return ``delivered|year|name`` over all teams, from their logs.

    Posts are counted while a team may still enrol (its quota and the programme's weeks are not over) or has
    anybody on its caseload: a programme's cost ends with its work.
    """
    found: dict[str, float] = {}
    for year, (begin, end) in enumerate(years_of(weeks)):
        figures = {"weeks": float(end - begin), "sites": float(len(model.teams))}
        figures["practices"] = float(sum(len(team.practices) for team in model.teams))
        for team in model.teams:
            for name, amount in _of_team(model, team, begin, end).items():
                figures[name] = figures.get(name, 0.0) + amount
        found |= {name_of(year, name): amount for name, amount in figures.items()}
    return found


def name_of(year: int, what: str) -> str:
    """Return the name of a figure of what a year's teams delivered."""
    return f"delivered|{year}|{what}"


def _of_team(model: IntegratedCareModel, team: CommunityTeam, begin: int, end: int) -> dict[str, float]:
    log = team.log[begin:end]
    found = {name: float(log[column].sum()) for name, column in COUNTED.items()}
    if team.holder is not None:
        posts = log["staff"][_at_work(model, team)[begin:end]]
        found[f"staff_weeks.{team.holder.kind}"] = float(posts.sum())
        found[f"contact_hours.{team.holder.kind}"] = float(log["contact_hours"].sum())
    for number, service in enumerate(team.services):
        name = f"service_hours.{service.kind}"
        found[name] = found.get(name, 0.0) + float(team.service_hours[begin:end, number].sum())
    return found


def _at_work(model: IntegratedCareModel, team: CommunityTeam) -> NDArray[np.bool_]:
    """Return in which weeks of the study a team is at work; bool[weeks]."""
    log = team.log
    ends = model.programme_start + model.icp_scenario.study.programme_weeks
    before_this_week = np.cumsum(log["enrolled"]) - log["enrolled"]
    may_enrol = (np.arange(len(log)) < ends) & (before_this_week < team.quota)
    working: NDArray[np.bool_] = may_enrol | (log["caseload"] > 0)
    return working
