"""A study: replicates of one scenario, on as many workers as asked, summarised beside what was published.

A replicate is a pure function of (scenario, seed, number), so any number of workers gives the same bytes.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from icpsim.questions.run.answer import StudyResult
from icpsim.questions.run.summary import StudyError, summarise
from icpsim.questions.run.unit import WHOLE, ReplicateOnce, from_text
from icpsim.runs.engine import Progress, Workers, run_what_can
from icpsim.runs.errors import Failure
from icpsim.scenario.schema import Scenario


def run_study(
    scenario: Scenario,
    replicates: int | None = None,
    seed: int | None = None,
    workers: Workers = 1,
    progress: Progress = lambda *_: None,
    drawn: bool = True,
    work: Path | None = None,
) -> StudyResult:
    """Run the replicates of a scenario and set observed, estimated and true effects side by side.

    Each replicate has a draw of the shipped posterior, unless ``drawn`` is false: then the parameter tables'
    values hold. What the scenario itself sets holds in either case. Finished replicates are kept in ``work``: the
    same call goes on from there. Replicates that fail are named in warnings. Raises StudyError when none could be
    evaluated, with the first reason, and PosteriorError when there is nothing to draw from.
    """
    if scenario.evaluation.designs:
        from icpsim.questions.run.other_designs import check_designs

        check_designs(scenario)
    n = scenario.run.replicates if replicates is None else replicates
    seed = scenario.run.seed if seed is None else seed
    units = [ReplicateOnce(scenario, seed, number, drawn) for number in range(n)]
    found = run_what_can(units, workers, progress, "simulating, matching, estimating", work)
    done = [from_text(str(one[WHOLE])) for one in found if not isinstance(one, Failure)]
    failed = [str(one) for one in found if isinstance(one, Failure)]
    if not done:
        raise StudyError(f"no replicate could be simulated: {failed[0]}")
    result = summarise(scenario, seed, done, drawn)
    return dataclasses.replace(result, warnings=(*(f"left out: {text}" for text in failed), *result.warnings))
