"""Measure how much deprivation must raise dying beyond what conditions already carry.

``uv run python calibration/national/deaths_by_fifth.py`` simulates practices without a programme and compares, by
age band, the gradient of deaths over deprivation fifths with England's. Each row it prints is the ratio in force
times England's gradient over the model's: what ``deaths.deprivation_ratio_*`` should be. ``--plain`` measures with
the ratios at 1, so that the model's own gradient is seen.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from icpsim.data.national_tables import BANDS, EVERYONE, FIFTHS, find
from icpsim.data.tables import AGE_BANDS, load_tables
from icpsim.inference.natural_history.levels.beside_england import beside_england
from icpsim.inference.natural_history.levels.world import SETTLED, WEEKS, simulate_without_programme
from icpsim.model.parameters import load_parameters

RATIOS = tuple(f"deaths.deprivation_ratio_{band}" for band in AGE_BANDS)
ENOUGH = 1000.0
"""Deaths of a band from which on the model's gradient is worth measuring."""


def gradient(happened: NDArray[np.float64], expected: NDArray[np.float64]) -> tuple[float, float]:
    """Return most over least deprived of a log-linear Poisson law over the fifths, and the SE of its logarithm."""
    at = np.column_stack([np.ones(5), (np.array(FIFTHS) - 3.0) / 4.0])
    found = np.zeros(2)
    for _ in range(50):
        mean = expected * np.exp(at @ found)
        information = at.T @ (at * mean[:, None])
        found = found + np.linalg.solve(information, at.T @ (happened - mean))
    return float(np.exp(found[1])), float(np.sqrt(np.linalg.inv(information)[1, 1]))


def of_england(band: tuple[int, int]) -> tuple[float, float]:
    """Return England's gradient of deaths in an age band, and its SE."""
    rows = [find("deaths", "fifth and age band", ages=band, fifth=fifth) for fifth in FIFTHS]
    return gradient(np.array([row.numerator for row in rows]), np.array([row.denominator for row in rows]))


def of_model(seeds: Sequence[int], practices: int, overrides: dict[str, float]) -> NDArray[np.float64]:
    """Return deaths that happened and were expected by band and fifth, summed over seeds; float64[7, 5, 2]."""
    total = np.zeros((len(BANDS), len(FIFTHS), 2))
    for seed in seeds:
        region = simulate_without_programme(load_parameters(overrides), seed, practices, lambda *_: None)
        found = beside_england(region.hospital_records(), (SETTLED, WEEKS))
        for k, band in enumerate(BANDS):
            for row in found.of("deaths", "fifth and age band", EVERYONE, band):
                expected = row.events / row.model if row.events else 0.0
                total[k, row.fifth - 1] += row.events, expected
    return total


def main() -> None:
    """Read the command line, simulate, and print what was measured and the rows that follow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103, 104, 105, 106, 107, 108])
    parser.add_argument("--practices", type=int, default=40)
    parser.add_argument("--plain", action="store_true", help="with all deprivation ratios at 1")
    given = parser.parse_args()
    plain = dict.fromkeys(RATIOS, 1.0) if given.plain else {}
    tables = load_tables(plain)
    deaths = of_model(given.seeds, given.practices, plain)
    print("ages: model's gradient (SE of its logarithm), England's; ratio in force, ratio that follows")
    for band, name, counts in zip(BANDS, RATIOS, deaths, strict=True):
        england = of_england(band)[0]
        model, se = gradient(*counts.T) if counts[:, 0].sum() >= ENOUGH else (tables.value(name), float("nan"))
        follows = tables.value(name) * england / model
        print(f"{band[0]}-: {model:.3f} ({se:.3f}), {england:.3f}; {tables.value(name):.4g}, {follows:.4g}")
    happened = deaths[..., 0].sum(axis=1)
    print("deaths by band:", ", ".join(f"{number:.0f}" for number in happened))


if __name__ == "__main__":
    main()
