"""People enrolled later as controls of those enrolled now: a design that needs no region outside the pilots.

Whoever is enrolled half a year later was found by the same people with the same eyes. But they were not yet found:
what happens to them until then is part of why they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from icpsim.evaluation.costs import Prices
from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.features import LOOK_BACK, Features, features
from icpsim.evaluation.matching import exact_strata, match_wave, matching_space, space_scale
from icpsim.evaluation.observation import with_whole_windows
from icpsim.evaluation.outcomes import MatchedRows
from icpsim.evaluation.prognostic import PrognosticModel
from icpsim.evaluation.types import EvaluationDesign
from icpsim.records.schema import HospitalRecords, Table
from icpsim.records.tables import ordered, study_of

CONTROLS = 2
"""Controls wanted for a case: about as many are enrolled late as early, and one may serve in several waves."""


def late_enrolled_rows(
    records: HospitalRecords, design: EvaluationDesign, prices: Prices, model: PrognosticModel
) -> tuple[MatchedRows, HospitalRecords]:
    """Match people to those enrolled at least ``window_weeks`` later, at the week of the earlier enrolment.

    Strata, scores and caliper are those of the evaluation, ``model`` its prognostic scores. A late enrollee may
    serve in several waves; errors are to be clustered on the person. People who are not registered and seen in
    whole windows around that week serve neither as case nor as control. Returns rows and these people's records
    alone, as ``matched_rows`` does. Raises ``EvaluationError`` if nobody has a control.
    """
    with threadpool_limits(1):
        return _matched(records, design, prices, model)


def _matched(
    records: HospitalRecords, design: EvaluationDesign, prices: Prices, model: PrognosticModel
) -> tuple[MatchedRows, HospitalRecords]:
    enrolled = records.enrolments
    wanted = np.zeros(records.registrations.size, np.bool_)
    wanted[enrolled["person"]] = True
    source = ordered(records, wanted)
    windows = design.weeks_before, design.window_weeks
    at = enrolled["person"], enrolled["week"]
    inside, _ = with_whole_windows(records, *at, windows, look_back=LOOK_BACK)
    parts: list[MatchedRows] = []
    for week in np.unique(enrolled["week"][inside]).tolist():
        cases = enrolled[inside & (enrolled["week"] == week)]
        later = enrolled[enrolled["week"].astype(int) >= week + design.window_weeks]
        later = later[with_whole_windows(records, later["person"], week, windows, look_back=LOOK_BACK)[0]]
        if later.size == 0:
            break
        people = [features(study_of(source, t["person"]), np.arange(t.size), week, prices) for t in (cases, later)]
        first_set = sum(int(part.treated.sum()) for part in parts)
        part = _wave(cases, later, people, week, design, model, first_set)
        if part is not None:
            parts.append(part)
    if not parts:
        raise EvaluationError(f"nobody is enrolled {design.window_weeks} weeks after a case like him or her")
    names = ("person", "index_week", "treated", "set", "site", "weight")
    rows = MatchedRows(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
    return rows, study_of(source, rows.person)


def _wave(
    cases: Table,
    later: Table,
    people: list[Features],
    week: int,
    design: EvaluationDesign,
    model: PrognosticModel,
    first_set: int,
) -> MatchedRows | None:
    """Match one wave; None when nobody has a control."""
    spaces = [matching_space(model.log_scores(p), p.column("age")) for p in people]
    scale = space_scale(spaces[0])
    strata = exact_strata(people[0]), exact_strata(people[1])
    found = match_wave(spaces[0] / scale, spaces[1] / scale, *strata, CONTROLS, design.caliper)
    if found.case.size == 0:
        return None
    matched, of_set = np.unique(found.case, return_inverse=True)
    persons = np.concatenate([cases["person"][matched], later["person"][found.control]])
    return MatchedRows(
        person=persons,
        index_week=np.full(persons.size, week, np.int16),
        treated=np.arange(persons.size) < matched.size,
        set=(first_set + np.concatenate([np.arange(matched.size), of_set])).astype(np.int32),
        site=np.concatenate([cases["site"][matched], cases["site"][found.case]]),
        weight=np.concatenate([np.ones(matched.size), _shares(of_set)]),
    )


def _shares(of_set: NDArray[np.int64]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = 1.0 / np.bincount(of_set)[of_set]
    return shares
