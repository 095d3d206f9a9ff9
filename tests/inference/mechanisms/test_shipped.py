"""The shipped posterior is what its simulations give, and they are what the model gives."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from threadpoolctl import threadpool_limits

from icpsim.inference.mechanisms.calibration import Settings, infer, read_task
from icpsim.inference.mechanisms.posterior import resample
from icpsim.inference.mechanisms.priors import EXPLANATIONS, read_priors
from icpsim.inference.mechanisms.shipping import read_simulations, stored_settings
from icpsim.inference.mechanisms.simulations import SimulatedEvaluation, as_values
from icpsim.inference.mechanisms.waves import first_points
from icpsim.inference.posterior import shipped_report
from icpsim.scenario.schema import load

FOLDER = Path(__file__).parents[3] / "calibration"
PRIORS = read_priors(FOLDER / "priors.csv")
NAMES = [prior.name for prior in PRIORS]


@pytest.fixture(scope="module")
def settings():
    return stored_settings(FOLDER / "posterior", Settings())


@pytest.fixture(scope="module")
def simulations():
    return read_simulations(FOLDER / "posterior", PRIORS)


def test_the_first_wave_is_the_design(settings, simulations):
    values, explanation = first_points(PRIORS, settings.each, settings.per_past)
    learnt = simulations.learnt
    assert np.array([list(as_values(NAMES, v).values()) for v in values]).tolist() == (
        learnt.values[: len(values)].tolist()
    )
    assert learnt.explanation[: len(values)].tolist() == explanation.tolist()
    assert len(learnt.past) == settings.each * len(EXPLANATIONS) + sum(settings.further)
    assert len(simulations.check.past) == settings.check


def test_no_past_is_shared_with_what_only_checks(simulations):
    assert not set(simulations.learnt.past.tolist()) & set(simulations.check.past.tolist())
    assert all(np.isfinite(column).all() for column in simulations.learnt.statistics.values())


@pytest.mark.slow
def test_draws_are_those_of_the_stored_simulations(settings, simulations):
    """Inferred anew they are the shipped ones, row for row."""
    with threadpool_limits(1):
        task = read_task(FOLDER / "priors.csv", settings, 2, lambda *_: None)
        found = infer(task, simulations.learnt)  # its draws are the same whatever effects are asked for
    drawn = resample(found.posterior.weight, shipped_report()["draws"], 1)
    rows, counts = np.unique(drawn, return_counts=True)
    shipped = pq.read_table(FOLDER / "posterior" / "draws.parquet")
    assert shipped.num_rows == len(rows)
    ours = np.column_stack([shipped.column(name).to_numpy() for name in NAMES])
    assert ours.tolist() == found.points.values[rows].tolist()
    assert shipped.column("weight").to_numpy() == pytest.approx(counts / counts.sum(), rel=1e-12)


@pytest.mark.slow
def test_a_stored_simulation_is_what_the_model_gives(settings, simulations):
    """Two of the check's, whose points come from all waves before: every statistic to ten digits."""
    check = simulations.check
    for row in (0, 1):
        unit = SimulatedEvaluation(
            load(settings.scenario), as_values(NAMES, check.values[row]), settings.seed, int(check.past[row])
        )
        found = unit.run()
        assert set(found) == set(check.statistics)
        for name, value in found.items():
            assert value == pytest.approx(check.statistics[name][row], rel=1e-10), name
