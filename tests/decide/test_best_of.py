"""Best of many: closed forms of Dahan and Mendelson, exact order statistics, the whole number next to them."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tailsim as ts

from .laws import Gumbel, ReverseWeibull

GAMMA = math.gamma


def largest_pareto(n, a):
    """E max of n Pareto payoffs of scale 1, in 40 digits."""
    with mpmath.workdps(40):
        return float(mpmath.gammaprod([n + 1, 1 - 1 / mpmath.mpf(a)], [n + 1 - 1 / mpmath.mpf(a)]))


def best_by_listing(mean_of_best, stake, most):
    """The best n by trying all."""
    return max(range(1, most + 1), key=lambda n: mean_of_best(n) - n * stake)


@pytest.mark.parametrize(("a", "n", "net"), [(2, 7854, 78.5398), (3, 303, 6.06503)])
def test_dahan_mendelson_2001_frechet(a, n, net):
    best = ts.optimal_parallel_count(ts.Frechet(a), 0.01)
    assert best.n_bets == n
    assert best.net_value == pytest.approx(net, rel=1e-5)
    assert best.spent / best.gross == pytest.approx(1 / a, rel=2e-3)  # exactly 1/a where n is continuous
    assert best.gross == pytest.approx(n ** (1 / a) * GAMMA(1 - 1 / a), rel=1e-12)


def test_dahan_mendelson_2001_gumbel():
    best = ts.optimal_parallel_count(Gumbel(), 0.01)
    assert best.n_bets == 100
    assert best.net_value == pytest.approx(4.18239, abs=5e-6)
    assert best.gross == pytest.approx(np.euler_gamma + math.log(100), rel=1e-12)


@pytest.mark.parametrize(("a", "stake", "n", "net"), [(2, 0.1, 78, 7.87899), (3, 0.05, 27, None)])
def test_dahan_mendelson_2001_pareto(a, stake, n, net):
    best = ts.optimal_parallel_count(ts.Pareto(a), stake)
    assert best.n_bets == n == best_by_listing(lambda k: largest_pareto(k, a), stake, 200)
    assert best.gross == pytest.approx(largest_pareto(n, a), rel=1e-12)
    if net is not None:
        assert best.net_value == pytest.approx(net, abs=5e-6)


@pytest.mark.parametrize(("a", "stake", "end"), [(2.0, 0.001, 3.0), (0.7, 0.01, 5.0)])
def test_dahan_mendelson_2001_bounded(a, stake, end):
    best = ts.optimal_parallel_count(ReverseWeibull(a, end), stake)
    continuous = (GAMMA(1 + 1 / a) / (a * stake)) ** (a / (a + 1))
    assert abs(best.n_bets - continuous) <= 1
    assert best.gross == pytest.approx(end - GAMMA(1 + 1 / a) * best.n_bets ** (-1 / a), rel=1e-12)
    same = ts.optimal_parallel_count(end - ts.Weibull(a), stake)
    assert (same.n_bets, same.gross) == (best.n_bets, pytest.approx(best.gross, rel=1e-12))


@pytest.mark.parametrize("a", [1.01, 1.1, 1.5, 4.0])
@pytest.mark.parametrize("n", [1, 2, 30, 10_000])
def test_expected_maximum_of_pareto(a, n):
    assert ts.expected_maximum(ts.Pareto(a, 3.0), n) == pytest.approx(3 * largest_pareto(n, a), rel=1e-11)


def test_expected_maximum_of_laws_with_atoms_and_two_sides():
    values = np.array([-3.0, -1.0, 0.0, 0.0, 2.0, 9.0])
    for n in (1, 2, 7):
        cdf = np.arange(1, 7) / 6
        weights = np.diff(np.append(0.0, cdf**n))
        assert ts.expected_maximum(ts.Empirical(values), n) == pytest.approx(values @ weights, rel=1e-13)
    bet = ts.ZeroInflated(ts.Pareto(1.5), 0.65)
    binomial = sum(math.comb(5, k) * 0.35**k * 0.65 ** (5 - k) * largest_pareto(k, 1.5) for k in range(1, 6))
    assert ts.expected_maximum(bet, 5) == pytest.approx(binomial, rel=1e-11)
    assert ts.expected_maximum(-ts.Pareto(1.5), 3) == pytest.approx(-4.5 / 3.5, rel=1e-11)
    assert ts.expected_maximum(-ts.Pareto(0.5), 3) == pytest.approx(-1.5 / 0.5, rel=1e-9)  # the best of 3 has a mean
    assert ts.expected_maximum(-ts.Pareto(0.5), 2) == -math.inf
    assert ts.expected_maximum(ts.Constant(2), 9) == 2.0


@settings(max_examples=15, deadline=None)
@given(a=st.floats(1.2, 5), stake=st.floats(0.02, 2), p=st.floats(0, 0.9))
def test_no_neighbour_is_better(a, stake, p):
    law = ts.ZeroInflated(ts.Lomax(a), p)
    best = ts.optimal_parallel_count(law, stake)
    n = best.n_bets
    for k in {max(n - 1, 1), n + 1, 2 * n}:
        assert ts.expected_maximum(law, k) - k * stake <= best.net_value + 1e-10 * max(best.gross, 1)
    assert best.pays == (best.net_value > 0)
    assert best.at_twice <= best.net_value
    assert best.at_half <= best.net_value


def test_verdicts_say_what_half_and_twice_would_do():
    best = ts.optimal_parallel_count(ts.Pareto(2), 0.1)
    assert best.verdict.startswith("78 tries at 0.1 each: the best pays 15.68 on average, 7.879 net; half as many")
    assert best.chance == pytest.approx(1 - (1 - best.gross**-2.0) ** 78, rel=1e-12)
    poor = ts.optimal_parallel_count(ts.Uniform(), 2)
    assert (poor.n_bets, poor.pays) == (1, False)
    assert poor.verdict.startswith("No number of tries pays for itself: 1 try at 2 each comes closest, the best")


def test_infinite_mean_is_refused_and_says_which_goals_exist():
    assert ts.expected_maximum(ts.Pareto(1), 2) == math.inf
    with pytest.raises(ts.UndefinedMomentError, match=r"^payoff must have a finite mean.*MedianMultiple\(\)"):
        ts.optimal_parallel_count(ts.Pareto(1), 0.1)
    with pytest.raises(ts.UndefinedMomentError, match=r"^the largest of 2 payoffs of .* has no mean"):
        ts.expected_maximum(Cauchy(), 2)


class Cauchy(Gumbel):
    tail_index = left_tail_index = 0.5


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, "1", None, True])
def test_stake_must_be_above_zero(value):
    with pytest.raises(ts.ArgumentError, match=r"^stake must be a finite number above 0, got"):
        ts.optimal_parallel_count(ts.Pareto(2), value)


@pytest.mark.parametrize("value", [0, -1, 1.5, math.nan, "1", None, True, 2**60])
def test_n_must_be_whole(value):
    with pytest.raises(ts.ArgumentError, match=r"^n must be a whole number from 1 to"):
        ts.expected_maximum(ts.Pareto(2), value)


def test_law_must_be_a_law():
    for call in (lambda: ts.expected_maximum(3, 2), lambda: ts.optimal_parallel_count("Pareto", 1)):
        with pytest.raises(ts.ArgumentError, match=r"^payoff must be a payoff law, got"):
            call()


def test_more_tries_than_a_double_counts_are_refused():
    with pytest.raises(ts.ArgumentError, match=r"^stake must be so large that at most 2\*\*53 tries pay"):
        ts.optimal_parallel_count(ts.Pareto(1.01), 1e-3)


def test_net_values_of_other_numbers_of_tries():
    best = ts.optimal_parallel_count(ts.Exponential(), 0.2)
    harmonic = np.cumsum(1 / np.arange(1, 21))
    np.testing.assert_allclose(best.net_values(np.arange(1, 21)), harmonic - 0.2 * np.arange(1, 21), rtol=1e-9)
    assert best.net_values([best.n_bets])[0] == best.net_value
    with pytest.raises(ts.ArgumentError, match=r"^n_bets must be whole numbers from 1 to .*, got \[0\.5\]"):
        best.net_values([0.5])
