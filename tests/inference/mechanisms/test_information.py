"""What a further statistic is expected to tell, where that can be worked out."""

import numpy as np
import pytest

from icpsim.inference.mechanisms import information
from icpsim.inference.mechanisms.emulator import Emulator, Kernel, condition
from icpsim.inference.mechanisms.information import expected_information

N = 1500


def told(slope, monkeypatch, chance=0.1):
    """One parameter, uniform; one aim that says nothing of it; one further statistic with this slope."""
    monkeypatch.setattr(information, "FURTHER", {"the further": ("y",)})
    unit = (np.arange(N)[:, None] + 0.5) / N
    kernel = Kernel(100.0, 1.0, 1e-6, np.ones(1), 1e-8)
    grid = np.linspace(0, 1, 50)[:, None]
    flat, steep = (condition(grid, s * grid[:, 0], kernel) for s in (0.0, slope))
    emulator = Emulator(("x", "y"), (flat, steep), np.diag([chance**2, chance**2]))
    explanation = (unit[:, 0] > 0.5).astype(int)
    found = expected_information(
        emulator, ["x"], np.zeros(1), np.array([[chance**2]]), unit, explanation, unit[:, 0], unit
    )
    assert [row.statistic for row in found] == ["the further", information.ALL]
    return found[0]


def test_a_statistic_that_does_not_move_tells_nothing(monkeypatch):
    found = told(0.0, monkeypatch)
    assert abs(found.bits) < 0.01
    assert found.effect_sd == pytest.approx(1.0, abs=0.01)
    assert found.parameter_sd == pytest.approx([1.0], abs=0.01)


def test_a_sharp_statistic_tells_all(monkeypatch):
    """Slope 10 chance: the SD left of a uniform is chance over slope, 0.1 / 1.0 of 0.289; a bit is nearly won."""
    found = told(1.0, monkeypatch)
    assert found.parameter_sd[0] * np.sqrt(1 / 12) == pytest.approx(0.1, rel=0.12)
    assert 0.65 < found.bits < 0.95


def test_chance_that_is_shared_with_an_aim_is_taken_into_account(monkeypatch):
    monkeypatch.setattr(information, "FURTHER", {"the further": ("y",)})
    unit = (np.arange(N)[:, None] + 0.5) / N
    kernel = Kernel(100.0, 1.0, 1e-6, np.ones(1), 1e-8)
    grid = np.linspace(0, 1, 50)[:, None]
    processes = tuple(condition(grid, s * grid[:, 0], kernel) for s in (0.0, 0.3))
    left = []
    for correlation in (0.0, 0.95):
        chance = 0.01 * np.array([[1.0, correlation], [correlation, 1.0]])
        (row, _) = expected_information(
            Emulator(("x", "y"), processes, chance),
            ["x"],
            np.zeros(1),
            chance[:1, :1],
            unit,
            np.zeros(N, int),
            unit[:, 0],
            unit,
        )
        left.append(row.effect_sd)
    assert left[1] < 0.6 * left[0]
