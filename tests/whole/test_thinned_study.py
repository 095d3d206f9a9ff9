"""A thinned pool leaves the evaluation where the whole pool has it: paired, with no effect to be found."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

COMPARE = Path(__file__).parents[2] / "experiments" / "thinning" / "compare.py"
pytestmark = pytest.mark.slow


def compare():
    """Return the experiment's script as a module."""
    spec = importlib.util.spec_from_file_location("compare", COMPARE)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


@pytest.fixture(scope="module")
def differences():
    return compare().differences(16)


LEFT = pytest.mark.xfail(
    strict=True,
    reason="corrected outpatient log ratio 0.006 too low in a thinned pool (SE 0.0014): see experiments/thinning",
)


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=LEFT) if n == "outpatient_attendances" else n for n in compare().SHOWN],
)
def test_thinning_leaves_estimates_where_they_are(differences, name):
    """Mean paired differences over 16 replicates within 4.07 standard errors: t with 15, alpha 0.001 each.

    The form that cut the last control short was 0.016 off in the corrected emergency log ratio, 4.8 standard
    errors with 12 replicates. The bound on the error itself keeps the test able to see 0.025.
    """
    values = differences[name]
    mean, se = values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values))
    assert (np.abs(mean[:2]) < 4.07 * se[:2]).all(), name
    assert 0.95 < mean[2] < 1.2, name
    if name == "emergency_admissions":
        assert se[1] < 0.006
