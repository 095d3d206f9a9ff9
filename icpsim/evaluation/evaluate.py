"""The whole evaluation: cases, matched controls, balance, difference-in-differences. Records in, effects out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from threadpoolctl import threadpool_limits

from icpsim.evaluation.balance import BalanceRow, Moments, average_moments, balance_table, moments
from icpsim.evaluation.cohort import Cohort, Pool, assemble, controls_left_out, pool_at
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.extract_warnings import extract_warnings
from icpsim.evaluation.features import LOOK_BACK, Features, features
from icpsim.evaluation.gp_records import GPMatch, learn_gp_match
from icpsim.evaluation.matching import (
    WaveMatches,
    exact_strata,
    match_wave,
    matching_space,
    space_scale,
    with_record,
)
from icpsim.evaluation.outcomes import (
    MatchedRows,
    covariates,
    effect_on,
    monthly_effects,
    outcome_windows,
    time_at_risk,
)
from icpsim.evaluation.pool_cache import PoolMemory
from icpsim.evaluation.pool_description import PoolDescription, describe_pools
from icpsim.evaluation.prognostic import PrognosticModel, learn_prognostic
from icpsim.evaluation.set_weights import control_weights
from icpsim.evaluation.types import PAIR, Evaluation, EvaluationDesign, Support
from icpsim.records.schema import GPRecords, HospitalRecords, Table
from icpsim.records.tables import OrderedRecords, ordered, study_of


@dataclass(frozen=True, slots=True)
class _Job:
    """What every step of one evaluation needs."""

    source: OrderedRecords
    cohort: Cohort
    design: EvaluationDesign
    prices: Prices
    model: PrognosticModel
    memory: PoolMemory
    gp: GPMatch | None = None


@dataclass(slots=True)
class _Waves:
    """What each wave adds to the analysis."""

    pairs: list[Table] = field(default_factory=list)
    rows: list[MatchedRows] = field(default_factory=list)
    pool_moments: list[Moments] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    pool_size: list[float] = field(default_factory=list)
    pilot_size: list[int] = field(default_factory=list)
    above_top: int = 0


def _rows(cases: Table, pool: Pool, found: WaveMatches, first_set: int, wanted: int) -> tuple[MatchedRows, Table]:
    """Lay out one wave's matched cases and controls as rows, and its pairs as a table."""
    units = pool.units[found.control].astype(np.float64)
    matched, of_set = np.unique(found.case, return_inverse=True)
    n_cases, sets = matched.size, (first_set + of_set).astype(np.int32)
    pairs = np.empty(found.case.size, PAIR)
    pairs["case"], pairs["control"] = cases["person"][found.case], pool.persons[found.control]
    pairs["set"], pairs["units"] = sets, units
    pairs["weight"] = control_weights(units, of_set, found.expected, wanted)
    pairs["index_week"], pairs["distance"] = cases["week"][found.case], found.distance
    rows = MatchedRows(
        person=np.concatenate([cases["person"][matched], pairs["control"]]),
        index_week=np.concatenate([cases["week"][matched], pairs["index_week"]]),
        treated=np.arange(n_cases + pairs.size) < n_cases,
        set=np.concatenate([first_set + np.arange(n_cases, dtype=np.int32), sets]),
        site=np.concatenate([cases["site"][matched], cases["site"][found.case]]),
        weight=np.concatenate([np.ones(n_cases), pairs["weight"]]),
    )
    return rows, pairs


def _pools_seen(job: _Job) -> dict[int, tuple[Pool, PoolDescription]]:
    """Return the pool at each index week and what records show of it, described once for all who ask."""
    seen = job.memory.seen
    pools = {week: pool_at(job.cohort, job.design, week) for week in job.cohort.waves if week not in seen}
    if pools:
        described = describe_pools(job.source, pools, job.prices, job.model)
        seen.update({week: (pool, described[week]) for week, pool in pools.items()})
    return seen


def _match_all(job: _Job) -> _Waves:
    """Match every wave in order; a control used up in one wave is gone from the later ones."""
    cohort, design, cases = job.cohort, job.design, job.cohort.cases
    waves, next_set = _Waves(), 0
    times_used = np.zeros(job.source.records.registrations.size, np.int16)
    known = features(study_of(job.source, cases["person"]), np.arange(cases.size), cases["week"], job.prices)
    known_space = matching_space(job.model.log_scores(known), known.column("age"))
    if job.gp is not None:
        known_space[:, 0] = job.gp.of_people(cases["person"], cases["week"], known_space[:, 0])
    known_strata = with_record(exact_strata(known), cohort.case_has_record)
    scale = space_scale(known_space)
    pools = _pools_seen(job)
    for week in cohort.waves:
        here = cases["week"] == week
        pool, seen = pools[week]
        waves.pilot_size.append(int(cohort.pilots.at(week, design.min_age).sum()))
        waves.pool_size.append(float(pool.weights.sum()))
        units = np.where(times_used[pool.persons] < design.max_reuse, pool.units, 0)
        if not units.any():
            continue
        space = seen.space if job.gp is None else job.gp.of_pool(pool.persons, week, seen.space)
        spaces = known_space[here] / scale, space / scale
        strata = known_strata[here], with_record(seen.strata, pool.has_record)
        found = match_wave(*spaces, *strata, design.controls_per_case, design.caliper, units)
        rows, pairs = _rows(cases[here], pool, found, next_set, design.controls_per_case)
        next_set += int(rows.treated.sum())
        times_used[pairs["control"]] += 1
        waves.rows.append(rows)
        waves.pairs.append(pairs)
        waves.pool_moments.append(seen.moments)
        waves.cases.append(int(here.sum()))
        waves.above_top += int((known_space[here, 0] > seen.top_edge).sum())
    return waves


def _stack(parts: list[MatchedRows]) -> MatchedRows:
    names = ("person", "index_week", "treated", "set", "site", "weight")
    return MatchedRows(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def _balance(rows: MatchedRows, people: Features, waves: _Waves) -> tuple[BalanceRow, ...]:
    treated, values = rows.treated, people.values
    pool = average_moments(waves.pool_moments, waves.cases)
    matched = moments(values[~treated], rows.weight[~treated])
    return balance_table(people.names, moments(values[treated]), pool, matched)


def _controls_found(pairs: Table, wanted: int) -> int:
    """Return how many of the controls wanted were found; what a control counts for above that is left out."""
    return int(np.minimum(np.bincount(pairs["set"], pairs["units"]), wanted).sum())


def _support(waves: _Waves, pairs: Table, n_cases: int, n_matched: int, n_controls: int) -> Support:
    pool, pilot = float(np.mean(waves.pool_size)), float(np.mean(waves.pilot_size))
    median, p90, most = np.quantile(pairs["distance"], [0.5, 0.9, 1.0])
    return Support(
        pool=pool,
        pilot_population=pilot,
        pool_ratio=pool / pilot if pilot else float("inf"),
        above_pool_top=waves.above_top / n_cases,
        distance_median=float(median),
        distance_p90=float(p90),
        distance_max=float(most),
        controls_per_case=n_controls / n_matched,
    )


def _prognostic_week(cohort: Cohort, design: EvaluationDesign) -> tuple[int, tuple[str, ...]]:
    first = cohort.waves[0]
    week = first - design.weeks_before if design.prognostic_week is None else design.prognostic_week
    warnings = []
    if week + design.weeks_before > first:
        warnings.append(f"the prognostic scores use weeks after the first index week ({first})")
    if week < LOOK_BACK:
        warnings.append(f"only {week} weeks of records precede the prognostic week; {LOOK_BACK} are wanted")
    return week, tuple(warnings)


def evaluate(
    records: HospitalRecords, design: EvaluationDesign, prices: Prices, memory: PoolMemory | None = None
) -> Evaluation:
    """Evaluate a programme from its records: matched controls, six months before and after, DiD.

    A case without a control is left out of the effects and counted. Linear algebra runs in one thread, so
    that the same records give the same bytes on any machine load. Records ordered by person are read where
    they are, others are sorted into a copy. ``memory`` spares describing a pool that an earlier evaluation has
    seen; it must have the same records. Raises ``EvaluationError`` if there is no case, no possible
    control, no match, or nothing to learn the prognostic scores from.
    """
    with threadpool_limits(1):
        job, waves, warnings = _matched(records, design, prices, memory)
        return _report(job, waves, warnings)


def matched_rows(
    records: HospitalRecords,
    design: EvaluationDesign,
    prices: Prices,
    memory: PoolMemory | None = None,
    gp: GPRecords | None = None,
) -> tuple[MatchedRows, HospitalRecords]:
    """Return the matched people of an evaluation, and their records alone with row k's person as person k.

    The first half of :func:`evaluate`, for estimates that it does not print. Arguments and errors are its. With
    ``gp``, which holds everyone's, people are matched on what GP records add too.
    """
    with threadpool_limits(1):
        job, waves, _ = _matched(records, design, prices, memory, gp)
        rows = _stack(waves.rows)
        return rows, study_of(job.source, rows.person)


def _matched(
    records: HospitalRecords,
    design: EvaluationDesign,
    prices: Prices,
    memory: PoolMemory | None,
    gp: GPRecords | None = None,
) -> tuple[_Job, _Waves, tuple[str, ...]]:
    """Learn the scores and match every wave."""
    memory = PoolMemory() if memory is None else memory
    cohort = assemble(records, design, memory.controls)
    in_study = np.zeros(records.registrations.size, np.bool_)
    in_study[cohort.controls.universe] = True
    in_study[cohort.cases["person"]] = True
    source = ordered(records, in_study)
    week, warnings = _prognostic_week(cohort, design)
    memory.prepare(design, prices, week)
    weeks_seen = design.weeks_before  # as many as the scores are learnt of
    if memory.model is None:
        memory.model = learn_prognostic(source, pool_at(cohort, design, week, weeks_seen), week, design, prices)
    own = None
    if gp is not None:
        pool = pool_at(cohort, design, week, weeks_seen)
        own = learn_gp_match(source, pool, week, design, prices, memory.model, gp)
    job = _Job(source, cohort, design, prices, memory.model, memory, own)
    waves = _match_all(job)
    if sum(pairs.size for pairs in waves.pairs) == 0:
        raise EvaluationError(f"no controls: none of {cohort.cases.size} cases has one within the caliper")
    return job, waves, (*extract_warnings(records), *warnings)


def _report(job: _Job, waves: _Waves, warnings: tuple[str, ...]) -> Evaluation:
    """Count what happened to the matched people and estimate every effect."""
    rows, pairs = _stack(waves.rows), np.concatenate(waves.pairs)
    cohort, window_weeks = job.cohort, job.design.window_weeks
    study = study_of(job.source, rows.person)
    people = features(study, np.arange(rows.person.size), rows.index_week, job.prices)
    amounts = outcome_windows(study, rows.index_week, window_weeks, job.prices, job.design.weeks_before)
    before = {name: amount[:, 0] for name, amount in amounts.items()}
    known = covariates(people, job.model.log_scores(people), before)
    at_risk, died = time_at_risk(cohort.death_week, rows, window_weeks)
    exposure = np.full(at_risk.size, float(window_weeks)), at_risk
    effects = tuple(
        effect_on(name, before, amount[:, 1:].sum(axis=1), rows, known, exposure)
        for name, amount in amounts.items()
    )
    n_matched = int(rows.treated.sum())
    n_controls = _controls_found(pairs, job.design.controls_per_case)
    return Evaluation(
        cases=n_matched,
        controls=n_controls,
        cases_unmatched=cohort.cases.size - n_matched,
        cases_left_out=cohort.left_out,
        controls_left_out=controls_left_out(cohort, job.design),
        effects=effects,
        monthly=monthly_effects(amounts["emergency_admissions"], rows, window_weeks),
        deaths_cases=float(died[rows.treated].mean()),
        deaths_controls=float(np.average(died[~rows.treated], weights=rows.weight[~rows.treated])),
        balance=_balance(rows, people, waves),
        support=_support(waves, pairs, cohort.cases.size, n_matched, n_controls),
        pairs=pairs,
        warnings=warnings,
    )
