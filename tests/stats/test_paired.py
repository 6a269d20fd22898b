"""Differences of answers over common trials, and which of two columns is above the other."""

import math

import numpy as np
import pytest
from scipy import stats

from tailsim.stats import quantile_estimate
from tailsim.stats.paired import duel, quantile_difference, share_difference


def test_a_duel_counts_wins_losses_and_ties():
    found = duel(np.array([1.0, 2, 3, np.inf, 5]), np.array([1.0, 3, 2, np.inf, 4]), 0.95)
    assert (found.n_wins, found.n_losses, found.n_ties) == (2, 1, 2)
    assert (found.wins.value, found.losses.value, found.ties.value) == (0.4, 0.2, 0.4)
    expected = stats.binomtest(2, 5).proportion_ci(0.95, "exact")
    assert found.wins.interval == pytest.approx((expected.low, expected.high), rel=1e-9)


def test_a_difference_of_shares_is_the_mean_of_the_paired_differences():
    rng = np.random.default_rng(1)
    a = rng.random(5000)
    b = np.clip(a - 0.1 + 0.05 * rng.standard_normal(5000), 0, 1)
    found = share_difference(a, b, 0.95)
    expected = stats.ttest_rel(a, b).confidence_interval(0.95)
    unseen = math.log(40) / 5000 * (1 - np.abs(a - b).max())
    assert found.value == pytest.approx(np.mean(a - b), rel=1e-12)
    assert found.interval == pytest.approx((expected.low - unseen, expected.high + unseen), abs=1e-5)


def test_a_difference_that_no_trial_showed_is_allowed_for():
    """One trial in 3,000 differs by one, the others by 0.001: 1,000 trials see none of it in 72 of 100 samples."""
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(100):
        a = 0.5 + 0.001 * rng.standard_normal(1000)
        a[rng.random(1000) < 1 / 3000] = 1.0
        low, high = share_difference(a, np.where(a == 1.0, 0.0, 0.5), 0.95).interval
        covered += low <= 1 / 3000 <= high
    assert covered >= 80


def test_few_disagreements_have_an_interval_that_needs_no_normal_law():
    a, b = np.zeros(10_000), np.zeros(10_000)
    a[:3] = 1
    low, high = share_difference(a, b, 0.95).interval
    assert low < 0 < 3e-4 < high
    assert low > -0.003
    assert high < 0.003


def paired(rng, n, correlation):
    """Two columns of tail index 1.1 and 1.3 whose ranks hang together."""
    z = rng.standard_normal((2, n))
    u = stats.norm.sf([z[0], correlation * z[0] + math.sqrt(1 - correlation**2) * z[1]])
    return u[0] ** (-1 / 1.1), u[1] ** (-1 / 1.3)


@pytest.mark.parametrize("correlation", [0.0, 0.7, 0.98])
@pytest.mark.parametrize(("q", "n"), [(0.5, 500), (0.9, 2000)])
def test_an_interval_for_a_difference_of_quantiles_covers(correlation, q, n):
    """400 samples, nominal 95 %: below 89 % with probability 1e-6."""
    truth = (1 - q) ** (-1 / 1.1) - (1 - q) ** (-1 / 1.3)
    rng = np.random.default_rng(2)
    found = [quantile_difference(*paired(rng, n, correlation), q, 0.95).interval for _ in range(400)]
    assert np.mean([low <= truth <= high for low, high in found]) >= 0.89


def test_pairing_narrows_the_interval():
    rng = np.random.default_rng(3)
    together, apart = (quantile_difference(*paired(rng, 5000, c), 0.5, 0.95) for c in (0.98, 0.0))
    assert np.diff(together.interval)[0] < 0.5 * np.diff(apart.interval)[0]
    assert together.std_error < 0.5 * apart.std_error


def test_without_correlation_the_squares_of_the_distances_add():
    """MOVER by hand for two columns whose events are exactly independent."""
    a, b = np.meshgrid(np.arange(1.0, 41), np.arange(1.0, 41) ** 2)
    a, b = a.ravel(), b.ravel()
    one, other, found = quantile_estimate(a, 0.5), quantile_estimate(b, 0.5), quantile_difference(a, b, 0.5, 0.95)
    down = math.hypot(one.value - one.interval[0], other.interval[1] - other.value)
    assert found.interval[0] == pytest.approx(found.value - down, rel=1e-12)


def test_a_column_differs_from_itself_by_nothing():
    x = np.random.default_rng(4).pareto(1.1, 1000)
    found = quantile_difference(x, x, 0.9, 0.95)
    assert found.value == 0
    assert found.interval[0] <= 0 <= found.interval[1]


def test_too_few_trials_leave_the_difference_open_and_say_so():
    x = np.arange(100.0)
    found = quantile_difference(x, x + 1, 0.999, 0.95)
    assert found.interval == (-math.inf, math.inf)
    assert "it takes 3,688 to bound both" in found.verdict


def test_columns_of_one_value_differ_without_doubt():
    found = quantile_difference(np.full(50, 2.0), np.full(50, 1.0), 0.5, 0.95)
    assert (found.value, found.interval) == (1.0, (1.0, 1.0))
