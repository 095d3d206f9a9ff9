"""Scaling a sample of practices up to the country: unbiased, and as uncertain as it says."""

import numpy as np
import pytest

from icpsim.base.randomness import draws
from icpsim.questions.england.answer import NationalTotal
from icpsim.questions.england.areas import Area, sample
from icpsim.questions.england.estimate import SUMS, scaled_total, total_row
from icpsim.questions.england.national_totals import ABSENT, COMPARED, SHOWN, national_totals
from icpsim.questions.england.tally import PRACTICE_TALLY

TRIES = 600


@pytest.fixture(scope="module")
def practices():
    """Return counts and lists of 400 practices in 20 areas whose rates differ by practice."""
    u = draws(np.arange(1, 401, dtype=np.uint64) * np.uint64(104729), np.uint64(1), 0)
    v = draws(np.arange(1, 401, dtype=np.uint64) * np.uint64(15485863), np.uint64(2), 0)
    lists = (2000 + 12_000 * u).astype(np.int64)
    return (lists * (0.05 + 0.1 * v)).round(), lists


def estimates(practices, share):
    """Return totals and standard errors from samples with many keys, 20 practices an area."""
    counts, lists = practices
    found = []
    for attempt in range(TRIES):
        areas = [Area(k, "x", attempt * 1009 + k * 7919 + 1, 1) for k in range(20)]
        chosen = [20 * area.number + k for area in areas for k in sample(area, 20, share)]
        found.append(scaled_total(counts[chosen], lists[chosen], int(lists.sum()), 400))
    return np.array(found).T


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_a_sample_is_unbiased(practices, share):
    """Within four standard errors of the mean of 600 samples, which is under 1% of the total."""
    totals, _ = estimates(practices, share)
    bound = 4.0 * totals.std() / np.sqrt(TRIES)
    assert bound < 0.01 * practices[0].sum()
    assert abs(totals.mean() - practices[0].sum()) < bound


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_its_standard_error_is_the_spread_of_samples(practices, share):
    """Root mean square of the stated errors over the spread of 600 totals: 3% chance error, 4 of them allowed."""
    totals, errors = estimates(practices, share)
    assert np.sqrt((errors**2).mean()) / totals.std() == pytest.approx(1.0, abs=0.12)


def test_a_full_count_is_exact_and_has_no_error(practices):
    counts, lists = practices
    assert scaled_total(counts, lists, int(lists.sum()), 400) == (counts.sum(), 0.0)


def test_equal_rates_leave_no_uncertainty(practices):
    lists = practices[1][:50]
    total, se = scaled_total(lists * 0.25, lists, 10**6, 400)
    assert (total, se) == (pytest.approx(250_000.0), pytest.approx(0.0, abs=1e-6))


def test_every_national_total_is_tallied():
    tallied = set(PRACTICE_TALLY.names) | set(SUMS)
    assert [row.total for row in national_totals() if row.total not in tallied] == []
    assert {part for parts in SUMS.values() for part in parts} <= set(PRACTICE_TALLY.names)


def test_national_totals_have_a_range_a_source_and_a_row_of_the_evidence():
    for row in national_totals():
        if row.use == ABSENT:
            assert (row.national, row.low, row.high, row.tag, row.source) == (None, None, None, "", ""), row.total
            continue
        assert row.low <= row.national <= row.high, row.total
        assert (row.low < row.high) == (row.use == COMPARED), row.total
        assert all((row.source, row.evidence, row.year, row.tag, row.range_tag)), row.total


@pytest.mark.parametrize(
    ("use", "value", "inside"),
    [(COMPARED, 9.0, True), (COMPARED, 11.0, True), (COMPARED, 11.01, False), (SHOWN, 10.0, None)],
)
def test_inside_is_said_of_comparable_totals_only(use, value, inside):
    target = NationalTotal("deaths", "a year", 10.0, 9.0, 11.0, use, "", "", "", "PAGE", "PAGE", "")
    assert total_row(value, 0.0, target).inside is inside


def test_a_total_without_evidence_has_no_ratio():
    target = NationalTotal("bed_days", "a year", None, None, None, ABSENT, "", "", "", "", "", "")
    row = total_row(5.0, 0.0, target)
    assert (row.ratio, row.inside) == (None, None)
