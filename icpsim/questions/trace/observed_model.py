"""A model that is watched as it runs: what surrounds people each week, and how teams chose whom to enrol.

What providers and teams do to a person enters a life only through a few columns and the providers' rows, fixed
for the week. Who has noted these can live one person again, alone, and see every week of it (life.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.programme.community_team import CommunityTeam
from icpsim.programme.targeting import Candidates
from icpsim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds from ``week`` on: rows of providers and services, doses of the people in ``rows``."""

    week: int
    practices: NDArray[np.void]
    hospitals: NDArray[np.void]
    services: NDArray[np.void]
    rows: NDArray[np.int64]
    doses: NDArray[np.float32]

    def dose_of(self, person: int) -> float | None:
        """Return the dose of one person, or None when no team has enrolled the person yet."""
        at = np.flatnonzero(self.rows == person)
        return float(self.doses[at[0]]) if len(at) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """How one person stood when a team chose, in one week.

    ``rank`` of ``people`` who could be enrolled, for ``places``; ``key`` is what the policy ranks by (None: left
    out); ``risk`` the tool's log odds of an emergency admission within a year; ``noise`` standard normal, of
    weight ``noise_weight``; ``emergencies`` those of the last year on record.
    """

    person: int
    week: int
    programme: str
    policy: str
    chosen: bool
    rank: int
    people: int
    places: int
    key: float | None
    risk: float
    noise: float
    noise_weight: float
    in_flare: bool
    last_year: bool
    in_treatment: bool
    emergencies: int


class WatchedModel(IntegratedCareModel):
    """One replicate that notes every week's circumstances, the choices of teams, and ``person`` at week 0."""

    def __init__(self, scenario: Scenario, person: int | None = None, **options: Any) -> None:
        self.person = person
        self.circumstances: list[Circumstances] = []
        self.choices: list[Choice] = []
        self._looked_at: tuple[CommunityTeam, Candidates] | None = None
        super().__init__(scenario, **options)
        rows = [person] if person is not None and person < len(self.region.people) else []
        self._initial = self.region.people[rows]

    def initial(self, person: int) -> NDArray[np.void]:
        """Return one person's row as at week 0 (a copy, one row): anybody on a pilot list, or who is watched."""
        if person == self.person:
            return self._initial.copy()
        return self.initial_people(np.array([person]))

    def teams_work(self) -> None:
        """Let teams work, and note what people live in from here on."""
        super().teams_work()
        rows = np.concatenate([np.zeros(0, np.int64), *(team.members for team in self.teams)])
        region = self.region
        self.circumstances.append(
            Circumstances(
                self.week,
                region.practice_state.copy(),
                region.hospital_state.copy(),
                region.services.copy(),
                rows,
                region.people["dose"][rows],
            )
        )

    def candidates(self, rows: NDArray[np.int64], week: int) -> Candidates:
        """Return whom a team may enrol, and remember which team asked."""
        found = super().candidates(rows, week)
        team = next(team for team in self.teams if team.rows is rows)
        self._looked_at = team, found
        return found

    def take_on(self, rows: NDArray[np.int64]) -> None:
        """Note how those who are about to be enrolled, and the person watched, stood on the list."""
        super().take_on(rows)
        if self._looked_at is None:
            return
        team, people = self._looked_at
        keys = team.plan.targeting.keys(people, team.judgement)
        noted = rows if self.person is None else np.union1d(rows, [self.person])
        for at in np.flatnonzero(np.isin(people.person, noted)):
            chosen = bool(np.isin(people.person[at], rows))
            self.choices.append(_choice(team, self.week, people, keys, int(at), chosen, len(rows)))


def _choice(
    team: CommunityTeam,
    week: int,
    people: Candidates,
    keys: NDArray[np.float64],
    at: int,
    chosen: bool,
    places: int,
) -> Choice:
    key = keys[at]
    ahead = (keys > key) | ((keys == key) & (people.person < people.person[at]))
    return Choice(
        person=int(people.person[at]),
        week=week,
        programme=team.plan.name,
        policy=team.plan.targeting.policy,
        chosen=chosen,
        rank=int(ahead.sum()) + 1,
        people=len(keys),
        places=places,
        key=float(key) if np.isfinite(key) else None,
        risk=float(people.risk[at]),
        noise=float(people.noise[at]),
        noise_weight=float(team.judgement.noise),
        in_flare=bool(people.in_flare[at]),
        last_year=bool(people.last_year[at]),
        in_treatment=bool(people.in_treatment[at]),
        emergencies=int(people.emergencies[at]),
    )
