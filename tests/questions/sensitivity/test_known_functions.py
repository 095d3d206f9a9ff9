"""Ishigami and Sobol-G through the analysis that the simulation goes through.

Intervals are 90%: of 22 indices all are asked to lie within 3 half-widths, which by chance alone one
seed in some 50,000 would break. Seeds are fixed.
"""

from __future__ import annotations

import numpy as np
import pytest

from icpsim.questions.sensitivity.answer import NOTHING
from icpsim.questions.sensitivity.ask import ask_sensitivity
from icpsim.questions.sensitivity.show_sentences import sentences
from tests.known_functions import (
    G_FIRST,
    G_TOTAL,
    ISHIGAMI_FIRST,
    ISHIGAMI_TOTAL,
    ISHIGAMI_VARIANCE,
    Function,
    about,
    cube,
    ishigami,
    sobol_g,
)


@pytest.mark.parametrize(
    ("model", "first", "total"),
    [(ishigami(), ISHIGAMI_FIRST, ISHIGAMI_TOTAL), (sobol_g(), G_FIRST, G_TOTAL)],
    ids=["Ishigami", "Sobol-G"],
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_sobol_finds_the_known_indices(model: Function, first: np.ndarray, total: np.ndarray, seed: int) -> None:
    found = ask_sensitivity(model, about(seed=seed), "sobol", 1024).outcomes[0]
    for measure, known in (("first", first), ("total", total)):
        for name, value in zip(model.space.names, known, strict=True):
            row = found.of(name, measure)
            assert abs(row.value - value) < 3 * row.resampled + 1e-3, (name, measure, row)
    assert found.measured("first")[0].low > 0


def test_morris_ranks_sobol_g_as_it_is() -> None:
    found = ask_sensitivity(sobol_g(), about(), "morris", 50).outcomes[0]
    assert [row.factor for row in found.measured("mu_star")[:4]] == ["x1", "x2", "x3", "x4"]
    assert found.of("x1", "sigma").value > 0


@pytest.mark.parametrize("method", ["delta", "pawn"])
def test_given_data_methods_know_what_does_nothing(method: str) -> None:
    found = ask_sensitivity(sobol_g(), about(), method, 1000).outcomes[0]
    ranked = [row.factor for row in found.measured(method)]
    assert ranked[:2] == ["x1", "x2"]
    level = found.of(NOTHING, method).high
    assert found.of("x1", method).low > level
    assert found.of("x8", method).low < level


def test_delta_gives_first_order_shares_of_a_straight_line() -> None:
    """From few classes: too low for an input that acts in waves, such as Ishigami's second."""
    line = Function(cube("a b", 0.0, 1.0), lambda x: 3 * x[:, 0] + x[:, 1])
    found = ask_sensitivity(line, about(), "delta", 1000).outcomes[0]
    assert found.of("a", "first").value == pytest.approx(0.9, abs=0.05)
    assert found.of("b", "first").value == pytest.approx(0.1, abs=0.05)


@pytest.mark.parametrize("replicates", [2, 4])
def test_chance_is_told_apart_and_shared_chance_drops_out(replicates: int) -> None:
    found = ask_sensitivity(ishigami(noise=3.0, shared=50.0), about(replicates), "sobol", 256).outcomes[0]
    known = (9.0 / replicates) / (9.0 / replicates + ISHIGAMI_VARIANCE)
    assert found.chance.paired == pytest.approx(known, rel=0.15)
    assert found.chance.one == pytest.approx(9.0 / (9.0 + ISHIGAMI_VARIANCE), rel=0.15)
    assert found.chance.unpaired > 3 * found.chance.paired
    assert found.sd**2 == pytest.approx(ISHIGAMI_VARIANCE + 9.0 / replicates, rel=0.1)


def test_all_chance_is_all_chance() -> None:
    """A function of nothing: the share of chance is 1 within sampling; F with 1,279 degrees of freedom."""
    flat = Function(ishigami().space, lambda x: np.zeros(len(x)), noise=1.0)
    assert ask_sensitivity(flat, about(3), "sobol", 256).outcomes[0].chance.paired > 0.85


def test_chance_lowers_indices_and_widens_intervals() -> None:
    clean = ask_sensitivity(ishigami(), about(4), "sobol", 256).outcomes[0]
    noisy = ask_sensitivity(ishigami(noise=4.0), about(4), "sobol", 256).outcomes[0]
    assert noisy.of("x2", "first").value < clean.of("x2", "first").value
    assert noisy.of("x2", "first").chance_se > clean.of("x2", "first").chance_se == 0.0


def test_convergence_ends_at_the_index_and_begins_with_an_eighth() -> None:
    found = ask_sensitivity(ishigami(), about(), "sobol", 512).outcomes[0]
    sizes = sorted({row.samples for row in found.convergence})
    assert sizes == [64, 128, 256, 512]
    last = {row.factor: row.value for row in found.convergence if row.samples == 512}
    assert all(found.of(name, "first").value == value for name, value in last.items())
    halves = [np.mean([row.half for row in found.convergence if row.samples == size]) for size in sizes]
    assert halves[0] > halves[-1]


def test_the_same_question_has_the_same_answer() -> None:
    for method, samples in (("sobol", 64), ("morris", 8), ("pawn", 100), ("delta", 100)):
        one, two = (ask_sensitivity(ishigami(1.0), about(2), method, samples).outcomes for _ in range(2))
        assert repr(one) == repr(two), method


def test_a_screen_leaves_out_what_does_nothing() -> None:
    found = ask_sensitivity(sobol_g(), about(), "morris+sobol", 256, trajectories=20)
    assert found.screen is not None
    assert found.screen.kept[:2] == ("x1", "x2")
    assert set(found.screen.left_out) == {"x5", "x6", "x7", "x8"}
    assert found.outcomes[0].of("x1", "first").value == pytest.approx(G_FIRST[0], abs=0.1)
    assert len(found.points) == 256 * (len(found.screen.kept) + 2)


def test_inputs_are_said_to_act_together_only_where_sampling_cannot_make_it_seem_so() -> None:
    """Twenty seeds of a sum: never. Ishigami, whose third input acts through the first alone: told at 2,048."""
    line = Function(cube("a b c d", 0.0, 1.0), lambda x: x @ np.array([3.0, 2.8, 0.5, 0.0]))
    for seed in range(20):
        (said,) = sentences(ask_sensitivity(line, about(seed=seed), "sobol", 32))
        assert "acting together" not in said
    (said,) = sentences(ask_sensitivity(ishigami(), about(), "sobol", 2048))
    assert "(at least " in said
    assert "is inputs acting together" in said


def test_intervals_hold_known_indices_with_128_samples() -> None:
    """Of 80 90% intervals at least 65: fewer comes with probability 0.006 were they exact and apart.

    With 16 samples they are too narrow (experiments/sobol-coverage).
    """
    held = 0
    for seed in range(20):
        for model, known in ((ishigami(), ISHIGAMI_FIRST), (sobol_g(), G_FIRST)):
            found = ask_sensitivity(model, about(seed=seed), "sobol", 128).outcomes[0]
            large = [(n, v) for n, v in zip(model.space.names, known, strict=True) if v > 0.05]
            held += sum(found.of(n, "first").low <= v <= found.of(n, "first").high for n, v in large)
    assert held >= 65
