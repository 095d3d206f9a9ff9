"""A scenario's designs tried out over many replicates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from icpsim.evaluation.designs import DESIGNS
from icpsim.laboratory.errors import LaboratoryError
from icpsim.laboratory.summary import DesignRow, problems, summarise
from icpsim.laboratory.unit import DesignsOnce
from icpsim.parameters import nearest
from icpsim.scenario import Scenario

Progress = Callable[[int, int, str], None]
WINDOWS = (13, 26, 52)
"""Lengths of follow-up that are tried, weeks, as far as the study is long enough."""


@dataclass(frozen=True, slots=True)
class DesignStudy:
    """What designs found: ``rows`` the summary, ``figures`` one mapping a replicate, names as in the unit."""

    scenario: Scenario
    seed: int
    rows: tuple[DesignRow, ...]
    problems: tuple[str, ...]
    figures: tuple[dict[str, float], ...]

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.figures)


def chosen_designs(scenario: Scenario, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the designs to try: those named, or all that the scenario's sites allow.

    Raises LaboratoryError for a name that is no design, and for a trial by practice at a site of one practice.
    """
    unknown = [name for name in names if name not in DESIGNS]
    if unknown:
        raise LaboratoryError(
            f"--design {unknown[0]}: there are {', '.join(DESIGNS)}{nearest(unknown[0], DESIGNS)}"
        )
    alone = [site.name for p in scenario.programmes for site in p.sites if site.practices < 2]
    by_practice = [name for name, design in DESIGNS.items() if design.trial in ("practice", "steps")]
    if alone and (wrong := [name for name in names if name in by_practice]):
        raise LaboratoryError(f"--design {wrong[0]}: needs two practices or more at each site; {alone[0]} has one")
    return tuple(dict.fromkeys(names)) or tuple(n for n in DESIGNS if not (alone and n in by_practice))


def chosen_windows(scenario: Scenario, windows: Sequence[int] = ()) -> tuple[int, ...]:
    """Return the lengths of follow-up: those named, or of WINDOWS those that the study is long enough for.

    Raises LaboratoryError for one that it is not.
    """
    study = scenario.study
    longest = min(study.follow_up_weeks, study.history_weeks // 2)
    wrong = [weeks for weeks in windows if not 1 <= weeks <= longest]
    if wrong:
        raise LaboratoryError(
            f"--window {wrong[0]}: the study allows 1 to {longest} weeks (study.follow_up_weeks ="
            f" {study.follow_up_weeks}, half of study.history_weeks = {study.history_weeks // 2})"
        )
    return tuple(sorted(set(windows))) or tuple(w for w in WINDOWS if w <= longest) or (longest,)


def try_designs(
    scenario: Scenario,
    replicates: int,
    seed: int,
    workers: int = 1,
    progress: Progress = lambda *_: None,
    *,
    designs: Sequence[str] = (),
    windows: Sequence[int] = (),
    drawn: bool = True,
    work: Path | None = None,
) -> DesignStudy:
    """Try designs out; replicates are kept in ``work`` as they finish. Errors as in the functions above."""
    from icpsim.comparison.runs import run_units

    names, weeks = chosen_designs(scenario, designs), chosen_windows(scenario, windows)
    units = [DesignsOnce(scenario, names, weeks, seed, number, drawn) for number in range(replicates)]
    figures = tuple(run_units(units, workers, progress, f"trying out {len(names)} designs", work))
    return DesignStudy(scenario, seed, summarise(figures), tuple(problems(figures)), figures)
