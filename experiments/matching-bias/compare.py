"""What matching does by itself: people chosen from one pool, by chance or by a list, matched to the rest of it.

``uv run python experiments/matching-bias/compare.py --work FOLDER [--pools N] [--write]``. Nobody is treated
and cases and controls come from the same practices, so whatever differs is the matching's doing. Each pool is a
replicate of ``null-random`` seen at the middle index week, and kept in FOLDER. From it "cases" are chosen many
times, and matched as the evaluation does.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

sys.path.insert(0, str(Path(__file__).parent))

from pool import OUTCOMES, SEED, Seen, kept_pool

from icpsim.base.kinds import Floats
from icpsim.base.randomness import REGISTRY, combine, draws, replicate_key
from icpsim.evaluation.matching import AGE_WEIGHT, WaveMatches, match_wave

HERE = Path(__file__).parent
MARK = re.compile(r"<!-- result -->.*<!-- end -->", re.DOTALL)
CHOSEN = REGISTRY.decision("is chosen as a case from a pool that nobody treats")
MANY = 600
"""Times that few cases are chosen from a pool by chance."""
BY_CHANCE = 40
"""Cases a choice by chance: a week's enrolment of ``null-random``."""
SITE_SHARE = 1 / 9.4
"""Share of a pool that plays the sites where a list chooses: 8.4 people outside for each at the pilots."""
LISTED = 0.016
"""Share of the sites' people whom the list enrols, as at the six case-management sites."""
SCORES = ("emergency", "elective", "outpatient")

Rows = NDArray[np.int64]


class Way(NamedTuple):
    """How cases are chosen, how many controls are sought within what distance; ``on_tool``: on its score too.

    ``those_of``: only cases that this other way finds a control for, so that the two compare the same people.
    """

    choose: Callable[[Seen, Floats], tuple[Rows, Rows]]
    controls: int = 5
    caliper: float = 1.0
    on_tool: bool = False
    choices: int = 60
    those_of: Way | None = None


class Matched(NamedTuple):
    """Sums over a choice's matched cases and over their controls, weighted to as many; counts of cases."""

    cases: dict[str, float]
    controls: dict[str, float]
    chosen: int
    matched: int


def by_chance(pool: Seen, chance: Floats) -> tuple[Rows, Rows]:
    """Choose by chance, with odds of 1 + last year's emergency admissions (at most 4); all others are controls."""
    key = np.log(np.maximum(chance, 1e-300)) / (1 + np.minimum(pool.emergencies, 4))
    cases = np.argsort(-key, kind="stable")[:BY_CHANCE]
    others = np.ones(key.size, np.bool_)
    others[cases] = False
    return cases, np.flatnonzero(others)


def top_of(key: Callable[[Seen], Floats]) -> Callable[[Seen, Floats], tuple[Rows, Rows]]:
    """Return a rule that takes those of a random part of the pool whose key is highest; controls are the rest."""

    def choose(pool: Seen, chance: Floats) -> tuple[Rows, Rows]:
        listed = np.flatnonzero(chance < SITE_SHARE)
        first = np.argsort(-key(pool)[listed], kind="stable")[: int(LISTED * listed.size)]
        return listed[first], np.flatnonzero(chance >= SITE_SHARE)

    return choose


NEAR = Way(by_chance, caliper=0.1, choices=MANY)
CHANCE = {
    "5 within 1 SD, as evaluated": Way(by_chance, choices=MANY),
    "1 within 1 SD": Way(by_chance, controls=1, choices=MANY),
    "5 within 0.1 SD": NEAR,
    "5 within 1 SD, the same cases": Way(by_chance, choices=MANY, those_of=NEAR),
}
TOP_OF_LIST = top_of(lambda pool: pool.tool)
ON_BOTH = Way(TOP_OF_LIST, on_tool=True)
LIST = {
    "the list's tool": Way(TOP_OF_LIST),
    "the tool, blind to nights": Way(top_of(lambda pool: pool.blind)),
    "the evaluators' score": Way(top_of(lambda pool: pool.space[:, 0])),
    "the tool, and matched on it": ON_BOTH,
    "the tool, the same cases": Way(TOP_OF_LIST, those_of=ON_BOTH),
}


def match(pool: Seen, columns: dict[str, Floats], way: Way, chance: Floats) -> Matched:
    """Choose cases once, match them, and add up what happened to both."""
    cases, others = way.choose(pool, chance)
    chosen = cases.size
    if way.those_of is not None:
        cases = cases[np.unique(neighbours(pool, cases, others, way.those_of).case)]
    found = neighbours(pool, cases, others, way)
    kept, of_set = np.unique(found.case, return_inverse=True)
    case, control, weight = cases[kept], others[found.control], 1.0 / np.bincount(of_set)[of_set]
    return Matched(
        {name: float(column[case].sum()) for name, column in columns.items()},
        {name: float(column[control] @ weight) for name, column in columns.items()},
        chosen,
        case.size,
    )


def neighbours(pool: Seen, cases: Rows, others: Rows, way: Way) -> WaveMatches:
    """Find controls of the cases among the others, in the way's coordinates."""
    scores = np.column_stack([pool.space[:, :3], pool.tool]) if way.on_tool else pool.space[:, :3]
    space = np.column_stack([scores, pool.space[:, 3]])
    spread = space[cases].std(axis=0)
    spread[-1] /= AGE_WEIGHT
    space = space / np.where(spread == 0, 1.0, spread)
    strata = pool.strata[cases], pool.strata[others]
    return match_wave(space[cases], space[others], *strata, way.controls, way.caliper)


def compared(pool: Seen) -> dict[str, Floats]:
    """Return what is compared: what the evaluators' scores expect, and each outcome before and after."""
    expected = {f"{name}, expected": np.exp(pool.space[:, k]) for k, name in enumerate(SCORES)}
    for name in OUTCOMES:
        label = name.replace("_", " ")
        expected |= {f"{label}, before": pool.before[name], f"{label}, after": pool.after[name]}
    return expected


def gap(by_pool: list[list[Matched]], name: str) -> tuple[float, float]:
    """Return cases over controls less 1, and its standard error with pools as the clusters."""
    cases = np.array([sum(one.cases[name] for one in found) for found in by_pool])
    controls = np.array([sum(one.controls[name] for one in found) for found in by_pool])
    ratio, n = cases.sum() / controls.sum(), cases.size
    residuals = cases - ratio * controls
    return float(ratio - 1), float(np.sqrt(n / (n - 1) * (residuals**2).sum()) / controls.sum())


def table(ways: Mapping[str, Way], found: Mapping[str, list[list[Matched]]], first: str) -> Iterator[str]:
    """Yield a Markdown table of gaps, a column for each way."""
    yield f"| {' | '.join([first, *ways])} |"
    yield "|---" * (len(ways) + 1) + "|"
    shares = []
    for way in ways:
        every = [one for part in found[way] for one in part]
        shares.append(f"{sum(one.matched for one in every) / sum(one.chosen for one in every):.0%}")
    yield f"| {' | '.join(['cases with a control', *shares])} |"
    for name in next(iter(found.values()))[0][0].cases:
        gaps = [gap(found[way], name) for way in ways]
        yield f"| {' | '.join([name, *(f'{g:+.1%} ({100 * se:.1f})' for g, se in gaps)])} |"


def main() -> None:
    """Live the pools that are missing, choose and match; print the gaps, or write them into the README too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pools", type=int, default=12)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    ways = {**CHANCE, **LIST}
    found: dict[str, list[list[Matched]]] = {way: [] for way in ways}
    for number in track(range(options.pools), "pools"):
        pool, key = kept_pool(options.work, number), replicate_key(SEED, number)
        keys = np.array([combine(key, np.uint64(person)) for person in range(pool.tool.size)], np.uint64)
        columns = compared(pool)
        for name, way in ways.items():
            found[name].append([match(pool, columns, way, draws(keys, CHOSEN, k)) for k in range(way.choices)])
    lines = [
        *table(CHANCE, found, "chosen by chance; controls"),
        "",
        *table(LIST, found, "chosen as the highest by"),
        "",
        f"{options.pools} pools. Cases over controls less 1 (standard error over pools).",
    ]
    text = "\n".join(lines)
    print(text)
    if options.write:
        page, block = HERE / "README.md", f"<!-- result -->\n{text}\n<!-- end -->"
        page.write_text(MARK.sub(lambda _: block, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
