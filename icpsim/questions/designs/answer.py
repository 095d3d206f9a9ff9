"""A scenario's designs tried out over many replicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from icpsim.base.kinds import Progress
from icpsim.data.tables import nearest
from icpsim.evaluation.designs import DESIGNS
from icpsim.questions.designs.figure_names import AS_IT_IS
from icpsim.questions.designs.sizes import SizeCheck, size_checks
from icpsim.questions.designs.summary import DesignRow, problems, summarise
from icpsim.questions.designs.unit import DesignsOnce
from icpsim.questions.errors import LaboratoryError
from icpsim.runs.engine import Workers
from icpsim.scenario.schema import Scenario

WINDOWS = (13, 26, 52)
"""Lengths of follow-up that are tried, weeks, as far as the study is long enough."""
LONGEST = 260
"""Weeks of follow-up at most: five years."""


@dataclass(frozen=True, slots=True)
class DesignStudy:
    """What designs found: ``rows`` the summary, ``figures`` one mapping a replicate, names as in ``judged``.

    ``checks`` hold the law by which errors fall with size to a simulation of another size, if one was asked for.
    """

    scenario: Scenario
    seed: int
    rows: tuple[DesignRow, ...]
    problems: tuple[str, ...]
    figures: tuple[dict[str, float], ...]
    checks: tuple[SizeCheck, ...] = ()

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.figures)


def chosen_designs(scenario: Scenario, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the designs to try: those named, the scenario's own, or all that its sites allow.

    Raises LaboratoryError for a name that is no design, and for a trial by practice at a site of one practice.
    """
    unknown = [name for name in names if name not in DESIGNS]
    if unknown:
        raise LaboratoryError(
            f"--design {unknown[0]}: there are {', '.join(DESIGNS)}{nearest(unknown[0], DESIGNS)}"
        )
    asked = names or scenario.evaluation.designs
    alone = _alone(scenario)
    by_practice = [name for name, design in DESIGNS.items() if design.trial in ("practice", "steps")]
    if alone and (wrong := [name for name in asked if name in by_practice]):
        raise LaboratoryError(f"design {wrong[0]}: needs two practices or more at each site; {alone[0]} has one")
    return tuple(dict.fromkeys(asked)) or tuple(n for n in DESIGNS if not (alone and n in by_practice))


def left_out(scenario: Scenario, chosen: Sequence[str]) -> list[str]:
    """Return a sentence for the designs that are not tried because a site has one practice."""
    titles = [design.title for name, design in DESIGNS.items() if name not in chosen and design.trial != "none"]
    alone = _alone(scenario)
    if not alone or not titles:
        return []
    return [f"Not tried: {', '.join(titles)}: they need two practices or more at each site; {alone[0]} has one"]


def _alone(scenario: Scenario) -> list[str]:
    return [site.name for p in scenario.programmes for site in p.sites if site.practices < 2]


def chosen_windows(scenario: Scenario, windows: Sequence[int] = ()) -> tuple[int, ...]:
    """Return the lengths of follow-up: those named, the scenario's own, or of WINDOWS those that its study allows.

    Raises LaboratoryError for one that it does not allow.
    """
    longest = scenario.study.follow_up_weeks
    wrong = [weeks for weeks in windows if not 1 <= weeks <= min(longest, LONGEST)]
    if wrong:
        more = f"; --set study.follow_up_weeks={wrong[0]} gives it" if longest < wrong[0] <= LONGEST else ""
        raise LaboratoryError(
            f"--window {wrong[0]}: the study allows 1 to {min(longest, LONGEST)} weeks"
            f" (study.follow_up_weeks = {longest}){more}"
        )
    chosen = windows or scenario.evaluation.follow_up_weeks
    return tuple(sorted(set(chosen))) or tuple(w for w in WINDOWS if w <= longest) or (longest,)


def try_designs(
    scenario: Scenario,
    replicates: int,
    seed: int,
    workers: Workers = 1,
    progress: Progress = lambda *_: None,
    *,
    designs: Sequence[str] = (),
    windows: Sequence[int] = (),
    drawn: bool = True,
    work: Path | None = None,
    check_size: int | None = None,
) -> DesignStudy:
    """Try designs out; replicates are kept in ``work`` as they finish.

    ``check_size``: simulate the scenario again with so many times its sites, and hold the law of sizes to it.
    Raises LaboratoryError as the functions above, and when no design could be done in any replicate.
    """
    from icpsim.questions.designs.simulation import enlarged
    from icpsim.runs.engine import run_units

    names, weeks = chosen_designs(scenario, designs), chosen_windows(scenario, windows)
    units = [DesignsOnce(scenario, names, weeks, seed, number, drawn) for number in range(replicates)]
    figures = tuple(run_units(units, workers, progress, f"trying out {len(names)} designs", work))
    rows = summarise(figures)
    told = [*([] if designs or scenario.evaluation.designs else left_out(scenario, names)), *problems(figures)]
    if not rows:
        raise LaboratoryError(f"{scenario.scenario}: no design could be done. {'; '.join(told)}")
    checks: tuple[SizeCheck, ...] = ()
    if check_size is not None:
        larger = enlarged(scenario, check_size)
        again = [
            DesignsOnce(larger, names, weeks, seed, number, drawn, (AS_IT_IS,)) for number in range(replicates)
        ]
        checks = size_checks(
            rows, summarise(run_units(again, workers, progress, f"{check_size} times the sites", work)), check_size
        )
    return DesignStudy(scenario, seed, rows, tuple(told), figures, checks)
