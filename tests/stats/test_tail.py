"""Hill's tail index and its interval."""

import math

import numpy as np
import pytest
from scipy import stats

from tailsim.stats.tail import origin, tail_count, upper_tail


def test_hill_on_the_quantiles_of_references_section_5():
    """x_i = (i / (n + 1))^(-1/a), n = 1000, k = 100, a = 1.5: xi = .6518178."""
    x = np.sort((np.arange(1, 1001) / 1001) ** (-1 / 1.5))
    assert upper_tail(x, 100).xi == pytest.approx(0.6518178, abs=5e-8)


def test_index_bounds_are_those_of_a_gamma_variable():
    tail = upper_tail(np.array([1.0, 2.0, 4.0, 8.0]), 3)
    assert tail.xi == pytest.approx(2 * math.log(2), rel=1e-12)
    assert tail.index == pytest.approx(1 / (2 * math.log(2)), rel=1e-12)
    assert tail.index_bound(0.025) == pytest.approx(stats.gamma.ppf(0.025, 3) / (3 * tail.xi), rel=1e-9)


def test_index_interval_covers_as_stated_for_a_pareto_tail():
    """4,000 samples, 95 %: 5 standard errors are 1.7 %, false alarm 1e-6."""
    x = np.sort((1 - np.random.default_rng(7).random((4000, 400))) ** (-1 / 1.3), axis=1)
    tails = [upper_tail(row, 20) for row in x]
    covered = np.mean([t.index_bound(0.025) <= 1.3 <= t.index_bound(0.975) for t in tails])
    assert abs(covered - 0.95) < 5 * math.sqrt(0.95 * 0.05 / 4000)


def test_equal_outcomes_have_no_power_tail():
    tail = upper_tail(np.full(10, 3.0), 3)
    assert tail.index == tail.index_bound(0.05) == math.inf


def test_tail_points_are_the_root_of_n_and_at_most_half_the_positive_outcomes():
    assert [tail_count(1000, p) for p in (1000, 62, 61, 1, 0)] == [31, 31, 30, 0, 0]
    assert tail_count(1000, 1000, 2) == 62


def test_tails_start_from_zero_unless_outcomes_have_both_signs():
    assert origin(np.array([0.0, 1.0, 5.0])) == 0.0
    assert origin(np.array([-5.0, -1.0])) == 0.0
    assert origin(np.array([-1.0, 2.0, 5.0])) == 2.0
