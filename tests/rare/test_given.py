"""What stands behind a total beyond x, against simulation and closed forms."""

import numpy as np
import pytest

import tailsim as ts


def behind(law, n_bets, x, n_trials=400_000):
    """Totals beyond x and their largest, by plain simulation."""
    payoffs = law.rvs((n_trials, n_bets), rng=3)
    total, largest = payoffs.sum(axis=1), payoffs.max(axis=1)
    return total[total > x], largest[total > x]


def test_the_winner_makes_it_as_often_as_simulated():
    """False alarm 1e-6."""
    total, largest = behind(ts.Lomax(1.5), 10, 50.0)
    seen = (largest > 40.0).mean()
    made = ts.largest_given_total(ts.Lomax(1.5), 10, 50.0, 40.0, rng=1)
    assert abs(made.value - seen) < 5.0 * np.sqrt(seen * (1 - seen) / total.size + made.std_error**2)


def test_far_out_one_winner_always_makes_it():
    assert ts.largest_given_total(ts.Lomax(1.5), 10, 1e9, rng=1).value == pytest.approx(1.0, abs=1e-9)


def test_shortfall_as_simulated():
    """Tail index 4, so that the sample mean of exceedances has a variance; false alarm 1e-6."""
    total, _ = behind(ts.Lomax(4), 10, 15.0)
    made = ts.total_shortfall(ts.Lomax(4), 10, 15.0, rng=1)
    assert abs(made.value - total.mean()) < 5.0 * np.hypot(total.std() / np.sqrt(total.size), made.std_error)


def test_shortfall_of_a_power_tail_tends_to_x_a_over_a_minus_1():
    assert ts.total_shortfall(ts.Pareto(1.5), 5, 1e12, rng=1).value == pytest.approx(3e12, rel=1e-5)


def test_shortfall_shares_ties():
    steps = np.array([0, 0, 0, 1, 5, 5.0])
    law = ts.Empirical(steps)
    mass = np.array([3, 1, 0, 0, 0, 2]) / 6
    d = np.ones(1)
    for _ in range(6):
        d = np.convolve(d, mass)
    k = np.arange(d.size)
    exact = (k * d)[13:].sum() / d[13:].sum()
    made = ts.total_shortfall(law, 6, 12.0, rng=2)
    assert abs(made.value - exact) < 5.0 * made.std_error


def test_one_bet_alone():
    assert ts.total_shortfall(ts.Pareto(1.5), 1, 10.0).value == pytest.approx(30.0, rel=1e-12)
    assert ts.largest_given_total(ts.Pareto(1.5), 1, 10.0, 20.0).value == pytest.approx(0.5**1.5, rel=1e-12)


def test_without_a_mean_there_is_no_shortfall():
    with pytest.raises(ts.UndefinedMomentError, match="use total_tail_probability at several x"):
        ts.total_shortfall(ts.Pareto(1.0), 5, 10.0)


def test_a_total_that_cannot_be_exceeded_is_refused():
    with pytest.raises(ts.ArgumentError, match="x must be below the greatest possible total"):
        ts.largest_given_total(ts.Uniform(), 3, 3.0)
