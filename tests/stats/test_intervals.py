"""Intervals against exact binomial probabilities and published figures."""

import math

import numpy as np
import pytest
from scipy import stats

from tailsim.errors import ArgumentError
from tailsim.stats import bounded_mean, clopper_pearson, proportion, quantile_estimate, quantile_interval


@pytest.mark.parametrize(("k", "n"), [(1, 10), (5, 10), (9, 10), (37, 1000), (999, 100_000)])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.999])
def test_clopper_pearson_ends_solve_the_binomial_equations(k, n, level):
    low, high = clopper_pearson(k, n, level)
    step = 1e-9
    assert stats.binom.sf(k - 1, n, low * (1 - step)) < (1 - level) / 2 < stats.binom.sf(k - 1, n, low * (1 + step))
    assert stats.binom.cdf(k, n, high * (1 - step)) > (1 - level) / 2 > stats.binom.cdf(k, n, high * (1 + step))


def test_clopper_pearson_without_hits_is_the_rule_of_three():
    low, high = clopper_pearson(0, 1000)
    assert low == 0.0
    assert high == pytest.approx(1 - 0.025 ** (1 / 1000), rel=1e-12)
    assert clopper_pearson(1000, 1000) == (pytest.approx(0.025 ** (1 / 1000), rel=1e-12), 1.0)


@pytest.mark.parametrize("p", [0.001, 0.04, 0.3])
def test_clopper_pearson_covers_at_least_its_level_exactly(p):
    n = 60
    k = np.arange(n + 1)
    covered = [low <= p <= high for low, high in (clopper_pearson(int(i), n) for i in k)]
    assert stats.binom.pmf(k, n, p)[covered].sum() >= 0.95


def test_proportion_is_the_share_of_hits_with_its_interval():
    e = proportion(648, 1000)
    assert e.value == 0.648
    assert e.std_error == pytest.approx(math.sqrt(0.648 * 0.352 / 1000), rel=1e-12)
    assert e.interval == clopper_pearson(648, 1000)
    assert (e.method, e.n, e.level, e.verdict) == ("Clopper-Pearson", 1000, 0.95, None)


@pytest.mark.parametrize("k", [0, 1, 9])
def test_fewer_than_ten_hits_are_flagged_with_the_upper_bound(k):
    e = proportion(k, 10_000)
    assert f"at most {e.interval[1]:.2g}" in e.verdict
    assert proportion(10, 10_000).verdict is None


@pytest.mark.parametrize(
    ("k", "n", "level"), [(-1, 10, 0.95), (11, 10, 0.95), (1, 0, 0.95), (1.5, 10, 0.95), (1, 10, 1.0), (1, 10, "95")]
)
def test_proportion_refuses_what_is_no_count(k, n, level):
    with pytest.raises(ArgumentError, match=r"^(k|n|level) must be .*\.$"):
        proportion(k, n, level)


@pytest.mark.parametrize("n", [1, 2, 10, 99, 1000])
@pytest.mark.parametrize("q", [0.001, 0.1, 0.5, 0.95, 0.999])
def test_quantile_ranks_are_the_tightest_that_cover(q, n):
    low, high = quantile_interval(q, n)
    below = stats.binom(n, q)
    assert low == 0 or below.cdf(low - 1) <= 0.025
    assert low == n or below.cdf(low) > 0.025
    assert high == n + 1 or below.sf(high - 1) <= 0.025
    assert below.sf(high - 2) > 0.025


def test_quantile_of_999_needs_3688_as_references_section_6():
    assert quantile_interval(0.999, 3687)[1] == 3688
    assert quantile_interval(0.999, 3688)[1] == 3688
    assert math.ceil(math.log(0.025) / math.log(0.999)) == 3688


def test_quantile_estimate_picks_order_statistics():
    x = np.random.default_rng(1).permutation(np.arange(1.0, 1001.0))
    e = quantile_estimate(x, 0.5)
    low, high = quantile_interval(0.5, 1000)
    assert (e.value, e.interval) == (500.0, (low, high))
    assert quantile_estimate(np.arange(1.0, 101.0), 0.07).value == 7.0  # 0.07 * 100 is above 7 in floats
    assert e.verdict is None


def test_quantile_without_enough_data_has_an_open_end_and_says_what_it_takes():
    upper = quantile_estimate(np.arange(100.0), 0.999)
    assert upper.interval[1] == upper.std_error == math.inf
    assert "3,688" in upper.verdict
    assert quantile_estimate(np.arange(100.0), 0.001).interval[0] == -math.inf


def test_quantile_estimate_bears_infinite_outcomes():
    e = quantile_estimate([1.0] * 50 + [math.inf] * 50, 0.9)
    assert e.value == e.interval[0] == e.interval[1] == math.inf
    assert e.std_error == 0.0


def test_bounded_mean_is_normal_where_the_sample_is_large():
    x = np.random.default_rng(2).random(5000)
    e = bounded_mean(x.sum(), (x * x).sum(), x.size, 0.0, 1.0)
    half = 1.959963984540054 * x.std(ddof=1) / math.sqrt(x.size)
    assert e.value == pytest.approx(x.mean(), rel=1e-12)
    assert e.interval == pytest.approx((x.mean() - half, x.mean() + half), rel=1e-9)
    assert e.method == "normal for a bounded quantity"


def test_bounded_mean_stays_within_its_bounds_and_widens_for_rare_values():
    none = bounded_mean(0.0, 0.0, 200, 0.0, 1.0)
    assert none.method == "empirical Bernstein"
    assert none.interval[0] == 0.0
    assert none.interval[1] > clopper_pearson(0, 200)[1]
    assert bounded_mean(3.0, 3.0, 10, 0.0, 1.0).method == "Hoeffding"
    assert bounded_mean(7.0, 7.0, 7, 0.0, 1.0).interval[1] == 1.0


@pytest.mark.parametrize("p", [0.01, 0.05, 0.3, 0.97])
@pytest.mark.parametrize("n", [30, 150, 1000, 5000])
def test_bounded_mean_covers_93_percent_at_least_exactly_for_the_most_skewed_quantity(p, n):
    # A share that is 0 or 1 is the most skewed one that the bounds allow: its coverage is a binomial sum.
    k = np.arange(n + 1)
    ends = [bounded_mean(float(i), float(i), n, 0.0, 1.0).interval for i in k]
    covered = [low <= p <= high for low, high in ends]
    assert stats.binom.pmf(k, n, p)[covered].sum() >= 0.93


def test_bounded_mean_refuses_a_sum_beyond_the_bounds():
    with pytest.raises(ArgumentError, match=r"^total must be a sum that the bounds allow"):
        bounded_mean(11.0, 11.0, 10, 0.0, 1.0)
