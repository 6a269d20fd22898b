"""Simulations against answers known exactly: Laplace inversion, quadrature, published tables.

Statistical tests state n and reject a right answer with probability at most 1e-6 (4.9 standard errors), but for
P(S > x) of ten Lomax bets, where 4 standard errors (6e-5) are asked for; the seeds are fixed.
"""

import math

import numpy as np
import pytest
from scipy import integrate, special

import tailsim as ts
from tailsim.stats.intervals import clopper_pearson

SIGMAS = 4.9


def chance(k, n):
    """k / n with its standard error."""
    p = k / n
    return p, math.sqrt(p * (1 - p) / n)


@pytest.fixture(scope="module")
def ten_lomax():
    """Ten bets of Lomax(1.5), stake 1: ten million trials; multiples are totals / 10."""
    return ts.simulate(ts.Portfolio.of(ts.Lomax(1.5), 10), n_trials=10_000_000, rng=2026, keep="summary")


@pytest.mark.parametrize(("x", "exact"), [(100, 1.28553403e-2), (1000, 3.24398302e-4)])
def test_tail_of_a_total_of_ten_lomax_bets(ten_lomax, x, exact):
    """Laplace inversion of (a e^s E_{a+1}(s))^10; n = 1e7, 4 standard errors are 1.1 % and 7 % of the two answers.

    References: Asmussen and Kroese 2006, Advances in Applied Probability 38, section 4, for the problem.
    """
    estimate = ten_lomax.prob_at_least(x / 10)
    assert estimate.n == 10_000_000
    assert abs(estimate.value - exact) < 4 * math.sqrt(exact * (1 - exact) / 1e7)
    low, high = clopper_pearson(round(estimate.value * 1e7), 10_000_000, 1 - 6e-5)
    assert low < exact < high


def test_failure_rate_of_lomax_bets(ten_lomax):
    """P(X < 1) = 1 - 2^-1.5; n = 1e8 bets, sees .00024."""
    exact = -math.expm1(-1.5 * math.log(2))
    assert abs(ten_lomax.failure_rate().value - exact) < SIGMAS * math.sqrt(exact * (1 - exact) / 1e8)


@pytest.fixture(scope="module")
def hundred_pareto():
    return ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 100), n_trials=400_000, rng=7)


def test_share_of_the_largest_of_a_hundred_pareto_bets(hundred_pareto):
    """E[max / S] = .1403 at a = 1.5, n = 100 (quadrature; printed to 4 digits); 400,000 trials, sees .001."""
    estimate = hundred_pareto.max_share()
    assert abs(estimate.value - 0.1403) < 0.5e-4 + SIGMAS * estimate.std_error
    assert estimate.std_error < 2e-4


def test_herfindahl_index_of_a_hundred_pareto_bets():
    """E[HHI] = .049172 and E[1/HHI] = 35.7 at a = 1.5, n = 100 (quadrature); 40,000 samples drawn by the law."""
    x = ts.Pareto(1.5).rvs((40_000, 100), rng=3)
    shares = x / x.sum(axis=1, keepdims=True)
    hhi = (shares**2).sum(axis=1)
    assert abs(hhi.mean() - herfindahl(1.5, 100)) < SIGMAS * hhi.std() / 200
    assert abs((1 / hhi).mean() - 35.7) < 0.05 + SIGMAS * (1 / hhi).std() / 200


def test_effective_number_of_a_hundred_pareto_bets():
    """E[1/HHI] = 35.7 by the run itself; 100,000 trials, sees .4."""
    run = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 100), n_trials=100_000, rng=7)
    estimate = run.n_effective()
    assert abs(estimate.value - 35.7) < 0.05 + SIGMAS * estimate.std_error


def herfindahl(a, n):
    """E[sum of squared shares] of n Pareto(a) payoffs: n times the integral of s E[X^2 e^(-s X)] L(s)^(n - 1) ds."""

    def laplace(s):
        return a * s**a * upper(-a, s)

    def upper(b, s):  # upper incomplete gamma for negative b, by recurrence from b + 1
        return (special.gamma(b + 1) * special.gammaincc(b + 1, s) if b > -1 else upper(b + 1, s)) / b - s**b * np.exp(
            -s
        ) / b

    def integrand(t):
        s = math.exp(t)
        return s * s * a * s ** (a - 2) * special.gamma(2 - a) * special.gammaincc(2 - a, s) * laplace(s) ** (n - 1)

    return n * integrate.quad(integrand, -40, 3, limit=400, epsabs=1e-12)[0]


def test_the_herfindahl_index_is_the_printed_one_but_for_its_last_digit():
    """Printed: .0491; 25 digits of mpmath give .0491719."""
    assert herfindahl(1.5, 100) == pytest.approx(0.0491718970601, rel=1e-9)


def test_the_average_of_ten_pareto_bets_without_a_mean_exceeds_a_single_one():
    """Chen, Embrechts and Wang 2022, theorem 1: a = 1; quartiles 2.796 / 4.048 / 6.871 of ten against 1.333 / 2 / 4.

    400,000 trials: the intervals hold the printed quartiles (3 decimals) at level 1 - 1e-6.
    """
    ten, one = (ts.simulate(ts.Portfolio.of(ts.Pareto(1), n), n_trials=400_000, rng=11) for n in (10, 1))
    for q, of_ten, of_one in [(0.25, 2.796, 4 / 3), (0.5, 4.048, 2.0), (0.75, 6.871, 4.0)]:
        for run, exact in ((ten, of_ten), (one, of_one)):
            low, high = run.quantile(q, level=1 - 1e-6).interval
            assert low - 0.0005 < exact < high + 0.0005
            assert high - low < 0.05 * exact
    for multiple in (1.1, 1.5, 3, 10, 100):
        assert ten.prob_at_least(multiple).interval[0] > 1 / multiple


def test_the_average_of_a_thousand_bets_mostly_stays_below_its_mean():
    """P(mean of n < true mean) = .684 at a = 1.5, n = 1000, towards 1 / a (Zolotarev); 200,000 trials, sees .0056."""
    run = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 1000), n_trials=200_000, rng=5)
    below = 1 - run.prob_at_least(3.0).value
    assert abs(below - 0.684) < 0.0005 + SIGMAS * math.sqrt(0.684 * 0.316 / 200_000)
    low, high = run.quantile(0.5, level=1 - 1e-6).interval
    assert low - 0.0005 < 2.861 < high + 0.0005


@pytest.mark.parametrize(("p", "n_bets", "confidence"), [(0.04, 17, 0.5), (0.04, 57, 0.9), (0.004, 575, 0.9)])
def test_at_least_one_hit(p, n_bets, confidence):
    """1 - (1 - p)^n; 200,000 trials."""
    run = ts.simulate(ts.Portfolio.of(ts.ZeroInflated(ts.Constant(1), 1 - p), n_bets), n_trials=200_000, rng=1)
    hit = np.mean(run.totals >= 1)
    exact = -math.expm1(n_bets * math.log1p(-p))
    assert exact >= confidence
    assert abs(hit - exact) < SIGMAS * math.sqrt(exact * (1 - exact) / 200_000)
    assert np.array_equal(run.totals, n_bets - run.n_failures)


def test_totals_of_two_uniform_bets_are_triangular():
    """P(S <= x) = x^2 / 2 up to 1; 1,000,000 trials, DKW at 1e-6: sees .0027."""
    run = ts.simulate(ts.Portfolio.of(ts.Uniform(), 2), n_trials=1_000_000, rng=1)
    x = np.linspace(0, 2, 401)
    exact = np.where(x <= 1, x**2 / 2, 1 - (2 - x) ** 2 / 2)
    gap = np.abs(np.searchsorted(np.sort(run.totals), x, side="right") / 1e6 - exact).max()
    assert gap < math.sqrt(math.log(2 / 1e-6) / 2e6)


def test_totals_of_exponential_bets_are_gamma():
    """1,000,000 trials of 5 bets, DKW at 1e-6: sees .0027."""
    run = ts.simulate(ts.Portfolio.of(ts.Exponential(2), 5), n_trials=1_000_000, rng=1)
    x = np.linspace(0, 60, 600)
    gap = np.abs(np.searchsorted(np.sort(run.totals), x, side="right") / 1e6 - special.gammainc(5, x / 2)).max()
    assert gap < math.sqrt(math.log(2 / 1e-6) / 2e6)


@pytest.mark.parametrize("law", [ts.Pareto(0.8), ts.Frechet(1.2), ts.Pareto(2.5)], ids=repr)
def test_largest_of_many_reaches_as_deep_as_it_should(law):
    """P(largest of 1000 <= x) = (1 - sf(x))^1000; 100,000 trials, quantiles at level 1 - 1e-6, to the top 1e-4."""
    largest = np.sort(ts.simulate(ts.Portfolio.of(law, 1000), n_trials=100_000, rng=1).largest)
    for q in (0.001, 0.5, 0.99, 0.9999):
        x = law.isf(-math.expm1(math.log(q) / 1000))
        k = int(np.searchsorted(largest, x, side="right"))
        low, high = clopper_pearson(k, 100_000, 1 - 1e-6)
        assert low < q < high
