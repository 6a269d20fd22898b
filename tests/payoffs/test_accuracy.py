"""Payoffs that given random words make, against mpmath, at every depth; errors in units of 2^-53, as stated."""

import mpmath as mp
import numpy as np
import pytest

from tailsim import testing
from tailsim.payoffs import (
    BurrXII,
    GeneralizedPareto,
    LogLogistic,
    LogNormal,
    Lomax,
    Normal,
    Pareto,
    Payoff,
    Spliced,
    Truncated,
)
from tests.kernels.exact import normal_quantile, relative
from tests.kernels.reference import exceedance

RNG = np.random.default_rng(5)
BODY = [[int(w)] for w in RNG.integers(2**32, 2**64, 40, dtype=np.uint64)]
NEAR_ONE = [[2**64 - 2**k] for k in range(12, 63, 5)]
DEEP = [[1 << k] for k in range(33, 64)] + [[0] * k + [1 << 50, 7] for k in range(1, 16)]
WORDS = [row + [1] * (17 - len(row)) for row in BODY + NEAR_ONE + DEEP]
EXCEEDANCES = [exceedance(row) for row in WORDS]


def check(law: Payoff, true, units, low=0.0, high=1.0):
    """Every payoff at an exceedance in (low, high) within ``units(v)`` of the true one."""
    kept = [(row, v) for row, v in zip(WORDS, EXCEEDANCES, strict=True) if low < v < high]
    assert len(kept) > 30
    payoffs = testing.transform(law, [row for row, _ in kept])
    for (_, v), x in zip(kept, payoffs.tolist(), strict=True):
        t = true(mp.mpf(v))
        if t == 0:
            assert x == 0.0
        elif abs(t) < mp.mpf(2) ** 1023:
            assert relative(x, t) <= float(units(mp.mpf(v))) * 2.0**-53, (law, v)


@pytest.mark.parametrize("xi", [2.0, 0.7, 0.05, 1e-7, 1e-15, -0.2, -0.5, -1.0, -3.0])
def test_generalised_pareto(xi):
    def growth(v):
        return mp.expm1(-mp.mpf(xi) * mp.log(v)) / mp.mpf(xi)

    check(GeneralizedPareto(xi, 2.0), lambda v: 2 * growth(v), lambda v: 8 + abs(xi * mp.log(v)))
    check(GeneralizedPareto(xi, 2.0, 7.0), lambda v: 7 + 2 * growth(v), lambda v: 9 + abs(xi * mp.log(v)))


def test_generalised_pareto_without_curvature_is_exponential():
    for xi in (0.0, 1e-25, -1e-300):
        check(GeneralizedPareto(xi, 2.0), lambda v: -2 * mp.log(v), lambda v: 4)


@pytest.mark.parametrize("a", [0.3, 0.7, 1.5, 3.0, 20.0])
def test_log_logistic(a):
    def true(v):
        return 3 * ((1 - v) / v) ** (1 / mp.mpf(a))

    check(LogLogistic(a, 3.0), true, lambda v: 4 + (1 + abs(mp.log(v / (1 - v)))) / a)


@pytest.mark.parametrize(
    ("c", "k"), [(2.0, 0.8), (0.5, 5.0), (12.0, 0.3), (1.0, 1.0), (0.3, 0.5), (0.1, 20.0), (5.0, 40.0)]
)
def test_burr(c, k):
    def true(v):
        return mp.expm1(-mp.log(v) / mp.mpf(k)) ** (1 / mp.mpf(c))

    check(BurrXII(c, k), true, lambda v: 4 + 5 / c + abs(mp.log(true(v))) + abs(mp.log(v)) / (c * k))


def test_normal():
    check(Normal(), normal_quantile, lambda v: 10)
    check(Normal(100.0, 2.0), lambda v: 100 + 2 * normal_quantile(v), lambda v: 11)


def test_spliced():
    """A tail as exact as its own law; a body within 1e-13 where it is not at its own low end."""
    law = Spliced(LogNormal(0, 1), Pareto(1.5), 5.0, 0.04)
    p = mp.mpf(0.04)
    check(law, lambda v: 5 * (v / p) ** (-2 / mp.mpf(3)), lambda v: 5 + abs(mp.log(v)) / 1.5, high=0.04)
    over = mp.erfc(mp.log(5) / mp.sqrt(2)) / 2
    true = lambda v: mp.exp(normal_quantile(over + (1 - over) * (v - p) / (1 - p)))  # noqa: E731
    check(law, true, lambda v: 1e-13 * 2**53, low=0.0401, high=0.999)


def test_truncated_far_in_the_tail():
    check(Truncated(Pareto(1.5), 1e250), lambda v: 1e250 * v ** (-2 / mp.mpf(3)), lambda v: 5 + abs(mp.log(v)) / 1.5)
    lomax = lambda v: 1e9 + (1e9 + 1) * mp.expm1(-mp.log(v) / mp.mpf(1.5))  # noqa: E731
    check(Truncated(Lomax(1.5), 1e9), lomax, lambda v: 6 + abs(mp.log(v)) / 1.5)
    over = mp.erfc(30 / mp.sqrt(2)) / 2
    check(Truncated(Normal(), 30.0), lambda v: normal_quantile(over * v), lambda v: 20, low=2.0**-300)
    over = mp.erfc(mp.log(1e9) / mp.sqrt(2)) / 2
    check(Truncated(LogNormal(0, 1), 1e9), lambda v: mp.exp(normal_quantile(over * v)), lambda v: 900, low=2.0**-300)


def test_truncated_between_two_ends_far_in_the_tail():
    reach, over = (mp.erfc(z / mp.sqrt(2)) / 2 for z in (20, 21))
    law = Truncated(Normal(), 20.0, 21.0)
    check(law, lambda v: normal_quantile(over + (reach - over) * v), lambda v: 20)
    assert law.sf(20.5) == pytest.approx(float((mp.erfc(20.5 / mp.sqrt(2)) / 2 - over) / (reach - over)), rel=1e-11)
