"""Stable laws against closed forms and against the inversion of their characteristic function by mpmath."""

import mpmath as mp
import numpy as np
import pytest
from scipy import special

import tailsim as ts

P = np.array([0.9, 0.5, 0.1, 2.0**-10, 1e-6, 1e-12])


def inversion(a, beta, x):
    """P(X > x) by Gil-Pelaez (1951): 1/2 + (1 / pi) times the integral of Im(exp(-i t x) cf(t)) / t."""
    a, beta, x = mp.mpf(a), mp.mpf(beta), mp.mpf(x)
    skew = (lambda t: mp.tan(mp.pi * a / 2)) if a != 1 else (lambda t: -2 / mp.pi * mp.log(t))

    def f(t):
        return mp.im(mp.exp(-1j * t * x - t**a * (1 - 1j * beta * skew(t)))) / t

    end = mp.mpf(45) ** (1 / a)
    steps = min(200, int(end * (abs(x) + 1) / 3) + 8)
    cuts = [0, *(end * mp.mpf(2) ** -k for k in range(30, 6, -1)), *mp.linspace(end / 64, end, steps)[1:]]
    return mp.mpf(1) / 2 + mp.quad(f, cuts) / mp.pi


@pytest.mark.parametrize(
    ("stability", "beta", "x"),
    [
        *((a, b, x) for a in (1.31, 1.5, 1.99) for b in (-1, 0, 0.5, 1) for x in (0.3, 2.5)),
        *((0.5, b, 0.7) for b in (-1, 0, 0.5, 1)),
        *((1.0, b, 0.7) for b in (-1, 0, 0.5, 1)),
    ],
)
def test_probabilities_equal_the_inverted_characteristic_function(stability, beta, x):
    with mp.workdps(18):
        true = float(inversion(stability, beta, x))
    law = ts.Stable(stability, beta)
    assert law.sf(x) == pytest.approx(true, rel=1e-11, abs=1e-14)
    assert law.cdf(x) == pytest.approx(1 - true, rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("stability", [0.5, 1.0, 1.31, 1.5, 1.99])
@pytest.mark.parametrize("beta", [-1.0, 0.0, 0.5, 1.0])
def test_tail_constants(stability, beta):
    """x**a P(X > x) -> (1 + beta) sin(pi a / 2) Gamma(a) / pi, Nolan (2020), theorem 1.2; the same at the left."""
    law = ts.Stable(stability, beta)
    constant = np.sin(np.pi * stability / 2) * special.gamma(stability) / np.pi
    for quantile, side in ((law.isf, 1.0), (lambda u: -law.ppf(u), -1.0)):
        weight = 1 + side * beta
        index = law.tail_index if side > 0 else law.left_tail_index
        assert index == (stability if weight > 0 else np.inf)
        for u in (1e-60, 1e-120):
            if weight > 0:
                assert quantile(u) == pytest.approx((weight * constant / u) ** (1 / stability), rel=1e-11)


def test_levy():
    law = ts.Stable(0.5, 1.0, 1.0, 3.0)
    x = 1.0 + 1.5 / special.erfinv(P) ** 2
    np.testing.assert_allclose(law.isf(P), x, rtol=2e-13)
    q = np.array([1e-200, 1e-20, 1e-3, 0.5])
    np.testing.assert_allclose(law.ppf(q) - 1.0, 3.0 / special.ndtri(q / 2) ** 2, rtol=1e-12, atol=1e-15)
    z = np.array([0.01, 0.3, 1.0, 30.0])
    density = np.sqrt(1 / (2 * np.pi * z**3)) * np.exp(-1 / (2 * z)) / 3
    np.testing.assert_allclose(law.pdf(1 + 3 * z), density, rtol=1e-9)
    assert law.support == (1.0, np.inf)
    np.testing.assert_allclose(ts.Stable(0.5, -1.0).ppf(P), -((x - 1) / 3), rtol=2e-13)


def test_cauchy():
    np.testing.assert_allclose(ts.Stable(1.0).isf(P), 1 / np.tan(np.pi * P), rtol=1e-13, atol=1e-16)


def test_normal():
    law = ts.Stable(2.0, 0.7, 5.0, 3.0)
    np.testing.assert_allclose(law.isf(P), 5 - 3 * np.sqrt(2) * special.ndtri(P), rtol=1e-13)
    assert (law.tail_index, law.left_tail_index, law.var(), law.mean()) == (np.inf, np.inf, 18.0, 5.0)
    assert law.sf(5.0) == law.cdf(5.0) == 0.5
    assert law.pdf(5.0) == pytest.approx(1 / np.sqrt(36 * np.pi), rel=1e-14)


def test_the_scale_of_stability_one_moves_the_location():
    """S1: scale * X + loc + (2 / pi) beta scale log(scale) at stability 1, Nolan (2020), definition 1.4."""
    shift = 2 / np.pi * 0.5 * 3.0 * np.log(3.0)
    x = 3.0 * ts.Stable(1.0, 0.5).isf(P) + shift + 1.0
    np.testing.assert_allclose(ts.Stable(1.0, 0.5, 1.0, 3.0).isf(P), x, rtol=1e-13)


@pytest.mark.parametrize("stability", [0.5, 1.0, 1.31, 1.99])
def test_turning_beta_round_turns_the_law_round(stability):
    law, turned = ts.Stable(stability, 0.5), ts.Stable(stability, -0.5)
    np.testing.assert_allclose(turned.ppf(P), -law.isf(P), rtol=1e-12)
    v = np.arange(1, 64) / 64
    np.testing.assert_allclose(turned.isf(1 - v), -law.isf(v), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("stability", "beta"), [(1.5, 1.0), (0.5, 0.5), (1.0, 0.5)])
def test_density_is_the_slope_of_the_survival_function(stability, beta):
    law = ts.Stable(stability, beta)
    x = law.isf(np.array([0.8, 0.3, 1e-3]))
    h = 1e-3 * (1 + np.abs(x))
    slope = (8 * (law.sf(x - h) - law.sf(x + h)) - (law.sf(x - 2 * h) - law.sf(x + 2 * h))) / (12 * h)
    np.testing.assert_allclose(law.pdf(x), slope, rtol=1e-6)


def test_sums_are_stable_again():
    """The sum of n is n**(1/a) times one of them (1 < a, loc 0): medians of 40,000 sums, 5 standard errors."""
    law = ts.Stable(1.5, 1.0)
    sums = law.rvs((40_000, 8), rng=5).sum(axis=1) / 8 ** (1 / 1.5)
    below = np.mean(sums <= law.median())
    assert abs(below - 0.5) < 5 * 0.5 / np.sqrt(sums.size)


def test_tables_are_made_once():
    assert ts.Stable(1.5, 0.5)._built() is ts.Stable(1.5, 0.5, 3.0, 2.0)._built()
