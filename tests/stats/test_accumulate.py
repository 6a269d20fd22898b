"""Sums without rounding and histograms of integers: exact, and the same in any order and grouping."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailsim.stats.accumulate import BIN_ERROR, BIN_SHIFT, N_BINS, Histogram, bin_edges, exact, rounded

FINITE = st.floats(allow_nan=False, allow_infinity=False)
EXTREMES = [
    0.0,
    -0.0,
    5e-324,
    -5e-324,
    2.0**-1022,
    1.0,
    -1.0,
    0.1,
    math.pi,
    1.7976931348623157e308,
    -1.7976931348623157e308,
]


def bins(x):
    """Indices of the bins of values, by their upper 20 bits."""
    return (np.asarray(x, dtype=np.float64) + 0.0).view(np.uint64).astype(object) >> BIN_SHIFT


def histogram(x):
    index, counts = np.unique(bins(x).astype(np.int64), return_counts=True)
    h = Histogram()
    h.add(index, counts)
    return h


@pytest.mark.parametrize("x", EXTREMES)
def test_an_exact_sum_of_one_number_is_that_number(x):
    assert Fraction(exact(x), 2**1074) == Fraction(x)
    assert rounded(exact(x)) == x


@given(st.lists(FINITE, max_size=30), st.randoms())
def test_sums_are_rounded_once_in_any_order(values, random):
    total = sum(Fraction(x) for x in values)
    shuffled = values[:]
    random.shuffle(shuffled)
    assert sum(map(exact, shuffled)) == sum(map(exact, values))
    try:
        nearest = float(total)
    except OverflowError:
        nearest = math.inf if total > 0 else -math.inf
    assert rounded(sum(map(exact, values))) == nearest


def test_cancelling_numbers_leave_nothing_behind():
    values = [1e308, 1.0, -1e308, 5e-324, -1.0]
    assert rounded(sum(map(exact, values))) == 5e-324


def test_sums_beyond_the_largest_double_are_infinite():
    assert rounded(2 * exact(1.7976931348623157e308)) == math.inf
    assert rounded(-2 * exact(1.7976931348623157e308)) == -math.inf


@given(FINITE)
def test_a_value_lies_in_its_bin_which_is_narrow(x):
    index = int(bins(x))
    assert 0 <= index < N_BINS
    low, high = (float(edge[0]) for edge in bin_edges(np.array([index], dtype=np.int64)))
    assert low <= x <= high
    if abs(x) >= 2.0**-1022 and math.isfinite(high) and math.isfinite(low):
        middle = 0.5 * low + 0.5 * high
        assert abs(x - middle) <= BIN_ERROR * abs(middle)
        assert abs(x - middle) <= BIN_ERROR * abs(x)


def test_bins_follow_each_other_without_gaps():
    values = np.concatenate([-np.geomspace(1e-300, 1e300, 5000)[::-1], np.geomspace(1e-300, 1e300, 5000)])
    index = np.unique(bins(values).astype(np.int64))
    low, high = bin_edges(index)
    order = np.argsort(low)
    assert (high[order][:-1] <= low[order][1:]).all()
    positive = np.arange(bins(1.0), bins(4.0), dtype=np.int64)
    low, high = bin_edges(positive)
    assert np.array_equal(high[:-1], low[1:])
    assert len(positive) == 512


VALUES = np.concatenate(
    [
        np.random.default_rng(1).standard_cauchy(3000),
        np.zeros(500),
        -np.arange(1.0, 40.0),
        np.arange(1.0, 600.0),
        [5e-324, -5e-324, 1e300, -1e300, 2.0**-1030],
    ]
)


def test_order_statistics_lie_in_their_bins():
    h, x = histogram(VALUES), np.sort(VALUES)
    assert h.total == x.size
    for rank in range(0, x.size, 7):
        low, middle, high = h.order_statistic(rank)
        assert low <= middle <= high
        assert low <= x[rank] <= high or abs(x[rank]) < 2.0**-1022  # zero shares a bin with the subnormals
        assert abs(middle - x[rank]) <= BIN_ERROR * abs(x[rank]) or abs(x[rank]) < 2.0**-1022


def test_counts_at_or_above_are_bounded_and_exact_at_whole_numbers():
    h = histogram(VALUES)
    for x in [*np.linspace(-50, 50, 333), *np.arange(-512, 513), 1e299, -1e301]:
        least, most = h.count_at_least(float(x))
        true = int(np.count_nonzero(x <= VALUES))
        assert least <= true <= most
        if x > 0 and x == int(x) and x <= 512:
            assert least == most


def test_an_empty_histogram_holds_nothing():
    assert Histogram().total == 0
    assert Histogram().count_at_least(1.0) == (0, 0)


@given(st.lists(FINITE, min_size=1, max_size=40), st.integers(0, 40))
def test_histograms_add_up_in_any_grouping(values, cut):
    whole = histogram(values)
    parts = Histogram()
    for part in (values[cut:], values[:cut]):
        if part:
            index, counts = np.unique(bins(part).astype(np.int64), return_counts=True)
            parts.add(index, counts)
    assert parts.counts == whole.counts
    assert all(type(k) is int and type(v) is int for k, v in whole.counts.items())
