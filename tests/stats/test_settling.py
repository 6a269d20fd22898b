"""P(|mean of n / mean - 1| < 20 %) against direct simulation, exact laws and the stable limit."""

import math

import numpy as np
import pytest
from scipy import special, stats

from tailsim.payoffs import Constant, Exponential, LogNormal, Pareto, Uniform, Weibull, ZeroInflated
from tailsim.stats.settling import Part, Settling

# The answer is that of 2,048 fixed samples; against 8 times as many it moves by less than this in every case here.
OWN_ERROR = 0.02


def settling(law):
    return Settling([Part(law, 1.0, 1)])


def simulated(draw, n, mean, rows=4000, seed=8):
    """Share of ``rows`` samples whose mean is within 20 % of ``mean``, in chunks."""
    rng = np.random.default_rng(seed)
    means = np.concatenate([draw(1 - rng.random((rows // 40, n))).mean(axis=1) for _ in range(40)])
    return np.mean(np.abs(means / mean - 1) < 0.2)


CASES = [
    (Pareto(1.5), lambda v: v ** (-1 / 1.5), 3.0),
    (Pareto(1.1), lambda v: v ** (-1 / 1.1), 11.0),
    (LogNormal(0, 3), lambda v: np.exp(-3 * special.ndtri(v)), math.exp(4.5)),
    (Weibull(0.3), lambda v: (-np.log(v)) ** (1 / 0.3), math.gamma(1 + 1 / 0.3)),
    (ZeroInflated(Pareto(1.5), 0.65), lambda v: np.where(v < 0.35, v / 0.35, np.inf) ** (-1 / 1.5), 1.05),
    (Exponential(), lambda v: -np.log(v), 1.0),
    (Pareto(1.5) * -2 + 1, lambda v: 1 - 2 * v ** (-1 / 1.5), -5.0),
]


@pytest.mark.parametrize(("law", "draw", "mean"), CASES, ids=lambda c: str(c) if hasattr(c, "isf") else "")
@pytest.mark.parametrize("n", [40, 200, 1000])
def test_it_agrees_with_direct_simulation(law, draw, mean, n):
    """5 standard errors of 4,000 samples (at most 4 %) and the own error; false alarm 1e-6."""
    expected = simulated(draw, n, mean)
    error = math.sqrt(max(expected * (1 - expected), 1e-3) / 4000)
    assert abs(settling(law).probability(n) - expected) < 5 * error + OWN_ERROR


@pytest.mark.parametrize("n", [10, 67, 129, 1000, 10**5])
def test_sums_of_exponentials_are_gamma(n):
    exact = stats.gamma.cdf(1.2 * n, n) - stats.gamma.cdf(0.8 * n, n)
    assert settling(Exponential()).probability(n) == pytest.approx(exact, abs=OWN_ERROR)


@pytest.mark.parametrize("n", [111, 333, 3333])
def test_counts_of_hits_are_binomial(n):
    k = np.arange(n + 1)
    near = np.abs(k / (0.07 * n) - 1) < 0.2
    exact = stats.binom.pmf(k, n, 0.07)[near].sum()
    assert settling(ZeroInflated(Constant(5), 0.93)).probability(n) == pytest.approx(exact, abs=3 * OWN_ERROR)


@pytest.mark.parametrize(("tail_index", "n"), [(1.3, 1e6), (1.5, 1e6), (1.2, 1e9), (1.05, 1e30), (1.02, 1e70)])
def test_many_draws_come_to_the_stable_limit(tail_index, n):
    """Generalised central limit theorem; Zolotarev 1986, with scale (G(1 - a) cos(pi a / 2))^(1/a)."""
    a = tail_index
    scale = (math.gamma(1 - a) * math.cos(math.pi * a / 2)) ** (1 / a) * n ** (1 / a - 1) / (a / (a - 1))
    limit = stats.levy_stable.cdf(0.2 / scale, a, 1) - stats.levy_stable.cdf(-0.2 / scale, a, 1)
    assert settling(Pareto(a)).probability(n) == pytest.approx(limit, abs=OWN_ERROR)


def test_finite_variance_comes_to_the_normal_limit():
    law = 100 * Uniform() - 49
    for n in (1000, 20_000, 60_000):
        exact = math.erf(0.2 * math.sqrt(n * 12) / 100 / math.sqrt(2))
        assert settling(law).probability(n) == pytest.approx(exact, abs=OWN_ERROR)
    assert settling(law).probability(1e200) == 1.0


def test_a_mean_that_nearly_cancels_is_kept_exact():
    law = ZeroInflated(Constant(100), 0.93) - 6.9
    sd = 100 * math.sqrt(0.07 * 0.93)
    for n in (10**6, 4 * 10**6):
        exact = math.erf(0.2 * 0.1 * math.sqrt(n) / sd / math.sqrt(2))
        assert settling(law).probability(n) == pytest.approx(exact, abs=OWN_ERROR)


def test_scale_and_sign_are_of_no_account():
    expected = settling(Pareto(1.4)).probability(5000)
    assert settling(Pareto(1.4, 1024.0)).probability(5000) == pytest.approx(expected, abs=1e-9)
    assert settling(-Pareto(1.4)).probability(5000) == pytest.approx(expected, abs=OWN_ERROR)


def test_parts_of_one_law_are_one_law():
    whole = settling(Pareto(1.4)).probability(6000)
    halves = Settling([Part(Pareto(1.4), 2.0, 3), Part(Pareto(1.4), 2.0, 3)]).probability(1000)
    assert halves == pytest.approx(whole, abs=OWN_ERROR)


@pytest.mark.parametrize("n", [5, 50, 500])
def test_unequal_parts_agree_with_direct_simulation(n):
    """One lognormal bet of weight 10 beside 20 Weibull ones; 5 standard errors of 4,000 trials, false alarm 1e-6."""
    rng = np.random.default_rng(9)
    big = np.exp(2 * rng.standard_normal((4000, n))).mean(axis=1)
    small = np.concatenate([rng.weibull(0.5, (100, 20 * n)).mean(axis=1) for _ in range(40)])
    mean = 10 * math.exp(2) + 20 * 2
    expected = np.mean(np.abs((10 * big + 20 * small) / mean - 1) < 0.2)
    parts = [Part(LogNormal(0, 2), 10.0, 1), Part(Weibull(0.5), 1.0, 20)]
    assert Settling(parts).probability(n) == pytest.approx(expected, abs=5 * 0.5 / math.sqrt(4000) + OWN_ERROR)


def test_draws_needed():
    assert settling(Exponential()).needed() == pytest.approx(67, rel=0.06)  # exact: gamma law above
    assert settling(100 * Uniform() - 49).needed() == pytest.approx((1.6449 / 0.2) ** 2 * 1e4 / 12, rel=0.06)
    assert settling(Constant(3)).needed() == 1.0
    assert settling(Pareto(1.001)).needed() == math.inf


def test_draws_needed_is_where_the_probability_reaches_90_percent():
    s = settling(LogNormal(0, 2))
    n = s.needed()
    assert s.probability(0.9 * n) < 0.9 <= s.probability(n)


def test_the_same_answer_each_time():
    assert settling(LogNormal(0, 3)).probability(12_345) == settling(LogNormal(0, 3)).probability(12_345)
