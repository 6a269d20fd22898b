"""Laws without closed forms: relative accuracy 1e-10 (1e-8 for a density), against closed forms or mpmath."""

import math

import mpmath
import numpy as np
import pytest
from scipy import special, stats

from tailsim.payoffs import Constant, LogNormal, Mixture, Pareto, Payoff, ZeroInflated
from tailsim.payoffs._numeric import inverse


class LogLogistic(Payoff):
    """sf = 1/(1 + x**a), with nothing but the least a law needs."""

    support = (0.0, math.inf)

    def __init__(self, tail_index):
        self.a = tail_index

    @property
    def tail_index(self):
        return self.a

    def _sf(self, x):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.maximum(x, 0) ** self.a)


class Student(Payoff):
    """Student's t with 3 degrees of freedom, moved by 2: unbounded on both sides."""

    support = (-math.inf, math.inf)
    tail_index = 3.0
    left_tail_index = 3.0

    def _cdf(self, x):
        return stats.t.cdf(x, 3, loc=2)

    def _sf(self, x):
        return stats.t.sf(x, 3, loc=2)

    def _isf(self, p):
        return stats.t.isf(p, 3, loc=2)


class Hurdle(Payoff):
    """Zero with probability .4, else Lomax of index 1.5: an atom of its own."""

    support = (0.0, math.inf)
    tail_index = 1.5
    atoms = ((0.0, 0.4),)

    def _sf(self, x):
        return np.where(x < 0, 1.0, 0.6 * (1 + np.maximum(x, 0)) ** -1.5)


@pytest.mark.parametrize("a", [1.05, 1.5, 2.5, 6.0])
def test_moments_and_shares_of_a_users_law(a):
    law = LogLogistic(a)
    b = math.pi / a
    assert law.mean() == pytest.approx(b / math.sin(b), rel=1e-10)
    assert law.gini() == pytest.approx(1 / a, rel=1e-10)
    for p in (0.9, 0.2, 1e-3):
        assert law.top_share(p) == pytest.approx(special.betainc(1 - 1 / a, 1 + 1 / a, p), rel=1e-9)
    if a > 2:
        assert law.var() == pytest.approx(2 * b / math.sin(2 * b) - (b / math.sin(b)) ** 2, rel=1e-10)


@pytest.mark.parametrize("u", [1e-3, 0.5, 3.0, 1e6, 1e200])
def test_partial_mean_of_a_users_law(u):
    a = 1.5
    law = LogLogistic(a)
    with mpmath.workdps(30):
        start = mpmath.log(u)
        cuts = [start + 5 * k for k in range(40)]
        tail = mpmath.quad(lambda t: mpmath.exp(t) / (1 + mpmath.exp(a * t)), cuts)
        expected = float(u / (1 + mpmath.mpf(u) ** a) + tail)
    assert law.partial_mean(u) == pytest.approx(expected, rel=1e-10)
    assert law.mean_excess(u) == pytest.approx(float(tail * (1 + mpmath.mpf(u) ** a)), rel=1e-9)


def test_quantiles_of_a_users_law_by_roots():
    p = np.array([1 - 2.0**-20, 0.5, 2.0**-30, 2.0**-600])
    np.testing.assert_allclose(LogLogistic(1.5).isf(p), (1 / p - 1) ** (1 / 1.5), rtol=1e-10)
    assert LogLogistic(1.5).ppf(0.5) == pytest.approx(1.0, rel=1e-13)


@pytest.mark.parametrize("x", [0.01, 0.3, 1.0, 20.0, 1e50])
def test_density_of_a_users_law(x):
    a = 1.5
    assert LogLogistic(a).pdf(x) == pytest.approx(a * x ** (a - 1) / (1 + x**a) ** 2, rel=1e-8)


def test_a_law_unbounded_on_both_sides():
    law = Student()
    assert law.mean() == pytest.approx(2.0, rel=1e-10)
    assert law.var() == pytest.approx(3.0, rel=1e-9)
    assert law.partial_mean(2.5) == pytest.approx(2 * stats.t.sf(0.5, 3) + _student_excess(0.5), rel=1e-10)
    assert law.partial_mean(-math.inf) == law.mean()
    assert law.ppf(1e-12) == pytest.approx(stats.t.ppf(1e-12, 3, loc=2), rel=1e-12)
    x = np.array([-30.0, 0.0, 2.0, 5.0, 1e4])
    np.testing.assert_allclose(law.pdf(x), stats.t.pdf(x, 3, loc=2), rtol=1e-7)


def _student_excess(x):
    """E[T; T > x] for 3 degrees of freedom, by integrating t times its density."""
    return (3 + x**2) / 2 * stats.t.pdf(x, 3)


def test_a_law_unbounded_below_must_give_its_left_tail():
    class Half(Student):
        left_tail_index = Payoff.left_tail_index

    with pytest.raises(NotImplementedError, match="left_tail_index"):
        Half().mean()


def test_a_users_law_with_an_atom():
    law = Hurdle()
    assert law.mean() == pytest.approx(0.6 * 2, rel=1e-10)
    assert law.gini() == pytest.approx(0.4 + 0.6 * 1.5 / 2, rel=1e-10)
    assert law.isf(0.6) == 0.0
    assert law.prob_at_least(0.0) == 1.0
    assert law.median() == pytest.approx((0.5 / 0.6) ** (-1 / 1.5) - 1, rel=1e-12)
    draws = law.rvs(20_000, rng=5)
    assert abs(np.mean(draws == 0) - 0.4) < 4.9 * math.sqrt(0.24 / 20_000)  # 1e-6


def test_users_laws_compose():
    law = ZeroInflated(Mixture([2 * LogLogistic(2.5), Pareto(3.0)], [0.5, 0.5]), 0.25)
    mean = 0.75 * 0.5 * (2 * (math.pi / 2.5) / math.sin(math.pi / 2.5) + 1.5)
    assert law.mean() == pytest.approx(mean, rel=1e-10)
    assert law.rvs(100, rng=1).shape == (100,)


def test_gini_of_two_narrow_components_far_apart():
    """For spreads of nothing it is that of two values; here each spread adds its own share."""
    law = Mixture([LogNormal(0, 1e-3), LogNormal(10, 1e-3)], [0.75, 0.25])
    m1, m2 = math.exp(5e-7), math.exp(10 + 5e-7)
    between = 0.75 * 0.25 * (m2 - m1)
    within = math.erf(5e-4) * (0.75**2 * m1 + 0.25**2 * m2)
    assert law.gini() == pytest.approx((between + within) / (0.75 * m1 + 0.25 * m2), rel=1e-10)


def test_inverse_finds_the_smallest_double():
    p = np.array([0.9, 0.5, 0.25])
    x = inverse(lambda y: np.where(y < 1.0, 0.5, 0.0), p, np.full(3, -2.0), np.full(3, 5.0))
    assert x.tolist() == [-2.0, -2.0, 1.0]
    x = inverse(lambda y: np.where(y <= -1e-300, 1.0, 0.0), p, np.full(3, -np.inf), np.full(3, np.inf))
    assert x.tolist() == [np.nextafter(-1e-300, 0.0)] * 3


def test_a_mixture_of_constants_is_exact():
    law = Mixture([Constant(1), Constant(2), Constant(4)], [0.5, 0.25, 0.25])
    assert law.isf([0.6, 0.5, 0.3, 0.25, 0.1]).tolist() == [1.0, 1.0, 2.0, 2.0, 4.0]
    assert law.gini() == pytest.approx(0.3125, rel=1e-12)  # sum over pairs of p q |x - y| / mean
