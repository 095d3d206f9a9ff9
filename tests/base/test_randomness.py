"""Keyed draws: published vectors, laws, independence between keys, and decisions that never share a number."""

import ast
import hashlib
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import expit, ndtri

import icpsim
from icpsim.base.randomness import (
    REGISTRY,
    WEEKS,
    DecisionError,
    DecisionRegistry,
    bits,
    combine,
    draw,
    draws,
    geometric_weeks,
    normal_quantile,
    normal_quantiles,
    poisson_count,
    replicate_key,
)
from icpsim.population.draw_people import person_key
from icpsim.records.schema import CONDITIONS
from tests.small_world import ALPHA

MASK = 2**64 - 1
PACKAGE = Path(icpsim.__file__).parent


def splitmix64(seed: int, position: int) -> int:
    """Return output ``position`` (from 0) of the published generator, in plain whole numbers."""
    z = (seed + (position + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def people_keys(n: int, seed: int = 1, replicate: int = 0) -> np.ndarray:
    """Return keys of the first n people of one practice."""
    practice = combine(np.uint64(replicate_key(seed, replicate)), np.uint64(77))
    return np.array([person_key(np.uint64(practice), k) for k in range(n)], np.uint64)


KEYS = people_keys(40_000)


def test_published_known_answer_vectors():
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert [int(bits(np.uint64(1234567), np.uint64(0), k)) for k in range(5)] == published


@given(st.integers(0, MASK), st.integers(0, 2**44 - 1), st.integers(0, 31_000))
def test_a_draw_is_the_generators_output_at_its_position(key, decision, week):
    expected = splitmix64(key, decision * WEEKS + week)
    assert int(bits(np.uint64(key), np.uint64(decision), week)) == expected
    assert draw(np.uint64(key), np.uint64(decision), week) == (expected >> 11) / 2**53


def test_array_form_gives_the_scalar_draws():
    one_by_one = [draw(key, np.uint64(9), 3) for key in KEYS[:50]]
    assert draws(KEYS[:50], np.uint64(9), 3).tolist() == one_by_one


@pytest.mark.parametrize(("decision", "week"), [(0, 0), (1, 0), (0, 1), (2**44 - 1, 300), (37, 30_001)])
def test_draws_of_many_people_are_uniform(decision, week):
    u = draws(KEYS, np.uint64(decision), week)
    assert stats.chisquare(np.histogram(u, 100, (0, 1))[0]).pvalue > ALPHA
    assert stats.kstest(u, "uniform").pvalue > ALPHA


def test_draws_of_one_person_over_weeks_are_uniform_and_serially_independent():
    u = np.array([draw(KEYS[0], np.uint64(5), week) for week in range(20_000)])
    assert stats.kstest(u, "uniform").pvalue > ALPHA
    assert independent(u[1:], u[:-1])


def independent(x: np.ndarray, y: np.ndarray) -> bool:
    """Chi-square on a 12 x 12 grid of pairs: sees any coarse dependence, not only a straight line."""
    counts = np.histogram2d(x, y, 12, ((0, 1), (0, 1)))[0]
    return stats.chisquare(counts.ravel()).pvalue > ALPHA


def test_the_independence_check_sees_dependence():
    u = draws(KEYS, np.uint64(1), 1)
    noise = draws(KEYS, np.uint64(2), 1)
    assert not independent(u, (u + 0.5 * noise) % 1.0)


HERE = draws(KEYS, np.uint64(5), 100)
ELSEWHERE = {
    "next person": np.roll(HERE, 1),
    "next week": draws(KEYS, np.uint64(5), 101),
    "a year on": draws(KEYS, np.uint64(5), 152),
    "next decision": draws(KEYS, np.uint64(6), 100),
    "64 decisions on": draws(KEYS, np.uint64(69), 100),
    "next seed": draws(people_keys(len(KEYS), seed=2), np.uint64(5), 100),
    "next replicate": draws(people_keys(len(KEYS), replicate=1), np.uint64(5), 100),
}


@pytest.mark.parametrize("other", ELSEWHERE)
def test_draws_are_independent_of(other):
    assert independent(HERE, ELSEWHERE[other])


def test_seed_and_replicate_do_not_stand_for_one_another():
    keys = {int(replicate_key(seed, replicate)) for seed in range(40) for replicate in range(40)}
    assert len(keys) == 1600


def test_no_two_people_share_a_key():
    assert len(np.unique(KEYS)) == len(KEYS)


def test_normal_quantile_agrees_with_scipy():
    u = np.concatenate([expit(np.linspace(-300, 18, 3001)), [0.02425, 0.5, 0.97575]])
    own = np.array([normal_quantile(v) for v in u])
    np.testing.assert_allclose(own, ndtri(u), rtol=1.2e-9, atol=1e-15)


def test_normal_quantile_loses_little_where_one_less_u_loses_digits():
    u = expit(np.linspace(18, 35, 500))
    own = np.array([normal_quantile(v) for v in u])
    np.testing.assert_allclose(own, ndtri(u), rtol=0, atol=1e-7)


def test_normal_quantile_is_finite_where_a_draw_can_be_0_or_almost_1():
    ends = np.array([0.0, 1.0 - 2.0**-53])
    own = [normal_quantile(u) for u in ends]
    assert np.isfinite(own).all()
    assert np.isfinite(normal_quantiles(np.array([0.0, 1.0]))).all()
    np.testing.assert_allclose(own[1], ndtri(ends[1]), atol=1e-3)


def test_array_form_of_normal_quantile_agrees_with_the_scalar_one():
    np.testing.assert_allclose(normal_quantiles(HERE[:200]), [normal_quantile(u) for u in HERE[:200]], atol=1e-8)


def fits(counts: np.ndarray, law: stats.rv_discrete, first: int) -> bool:
    """Chi-square of whole numbers against a law; values with fewer than 10 expected are pooled."""
    values = np.arange(first, counts.max() + 1)
    expected = law.pmf(values) * len(counts)
    last = first + int(np.max(np.flatnonzero(expected >= 10)))
    observed = np.bincount(np.minimum(counts, last) - first, minlength=last - first + 1)
    ideal = np.append(law.pmf(np.arange(first, last)), law.sf(last - 1)) * len(counts)
    return stats.chisquare(observed, ideal).pvalue > ALPHA


@pytest.mark.parametrize("mean", [1.5, 4.0, 13.0, 52.0])
def test_geometric_weeks_follow_the_geometric_law(mean):
    weeks = np.array([geometric_weeks(u, mean) for u in draws(KEYS, np.uint64(12), 7)])
    assert fits(weeks, stats.geom(1.0 / mean), 1)


@pytest.mark.parametrize(
    ("u", "mean", "weeks"), [(0.0, 9.0, 1), (0.7, 1.0, 1), (0.7, 0.2, 1), (0.999, 1e9, 30000)]
)
def test_geometric_weeks_at_the_edges(u, mean, weeks):
    assert geometric_weeks(u, mean) == weeks


@pytest.mark.parametrize("mean", [0.05, 0.25, 2.0, 9.0])
def test_poisson_counts_follow_the_poisson_law(mean):
    counts = np.array([poisson_count(u, mean) for u in draws(KEYS, np.uint64(13), 8)])
    assert fits(counts, stats.poisson(mean), 0)


def test_the_law_check_sees_a_wrong_mean():
    counts = np.array([poisson_count(u, 2.0) for u in draws(KEYS, np.uint64(13), 8)])
    assert not fits(counts, stats.poisson(2.1), 0)


def test_a_decision_name_used_twice_is_an_error():
    registry = DecisionRegistry()
    registry.decision("a name")
    with pytest.raises(DecisionError, match="'a name' is registered already"):
        registry.decision("a name")


def test_decisions_that_fall_on_each_other_are_an_error():
    registry = DecisionRegistry()
    registry.decision("one", width=2**44)
    with pytest.raises(DecisionError, match="'everything' falls on the numbers of 'one'"):
        registry.decision("everything", width=2**44)


def test_a_decision_has_the_number_of_its_name_whatever_else_is_imported():
    told = "from icpsim.base.randomness import REGISTRY; print(REGISTRY.names())"
    code = f"import icpsim.{{}}, icpsim.model.integrated_care; {told}"
    found = {
        module: ast.literal_eval(
            subprocess.run(
                [sys.executable, "-c", code.format(module)], capture_output=True, text=True, check=True
            ).stdout
        )
        for module in ("model", "care.elective", "questions.england.country")
    }
    assert {name: found["model"][name] for name in found["model"]} == found["care.elective"]
    assert found["model"].items() <= found["questions.england.country"].items()
    digest = hashlib.sha256(b"emergency admission").digest()
    assert found["model"]["emergency admission"] == int.from_bytes(digest[:8], "big") >> 20


@given(st.lists(st.integers(1, 40), min_size=1, max_size=25))
def test_numbers_of_decisions_never_overlap(widths):
    registry = DecisionRegistry()
    starts = [int(registry.decision(f"decision {k}", width)) for k, width in enumerate(widths)]
    taken = [start + i for start, width in zip(starts, widths, strict=True) for i in range(width)]
    assert len(taken) == len(set(taken))


def registered_widths() -> dict[str, int]:
    """Return name and width of every decision that the package's source registers."""
    found: dict[str, int] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "REGISTRY.decision":
                wide = {k.arg: k.value.value for k in node.keywords}
                found[node.args[0].value] = wide.get("width", 1)
    return found


def test_the_packages_own_decisions_never_overlap():
    for module in pkgutil.walk_packages([str(PACKAGE)], "icpsim."):
        importlib.import_module(module.name)
    widths = registered_widths()
    starts = {name: start for name, start in REGISTRY.names().items() if name in widths}  # tests have some, too
    assert widths.keys() == starts.keys()
    taken = [starts[name] + i for name in starts for i in range(widths[name])]
    assert len(taken) == len(set(taken))


def test_decisions_that_are_taken_once_a_condition_are_wide_enough():
    widths = registered_widths()
    by_condition = ("has a condition", "condition is diagnosed", "a condition is coded on a spell")
    assert [name for name in by_condition if widths[name] < len(CONDITIONS)] == []
