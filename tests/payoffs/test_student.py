"""Student's t against mpmath, whose incomplete beta function shares nothing with ours."""

import mpmath as mp
import numpy as np
import pytest
from scipy.special import ndtri

import tailsim as ts

mp.mp.prec = 160
EXCEEDANCES = [0.5 - 2.0**-30, 0.49, 0.4, 0.2501, 0.25, 0.2499, 0.1, 2.0**-10, 1e-5, 2.4e-10, 2.0**-32, 2.3e-10]
DEEP = [2.0**-40, 1e-30, 1e-100, 2.0**-700, 2.0**-1000]


def relative(x, true):
    """abs(x / true - 1)."""
    return float(abs(mp.mpf(float(x)) / true - 1))


def quantile(df, u, start):
    """The t exceeded with probability u <= 1/2, by Newton from a value close by."""
    a, u, t = mp.mpf(df), mp.mpf(u), mp.mpf(start)
    for _ in range(4):
        tail = mp.betainc(a / 2, mp.mpf(1) / 2, 0, a / (a + t * t), regularized=True) / 2
        density = (1 + t * t / a) ** (-(a + 1) / 2) / (mp.sqrt(a) * mp.beta(a / 2, mp.mpf(1) / 2))
        t += (tail - u) / density
    return t


@pytest.mark.parametrize("df", [1.0, 1.31, 1.5, 3.5, 30.0])
def test_quantiles_within_1e_13(df):
    law = ts.StudentT(df)
    for u in [*EXCEEDANCES, *DEEP]:
        x = law.isf(u)
        assert relative(x, quantile(df, u, x)) <= 1e-13, u
        assert law.ppf(u) == -x
    for v in [0.5 + 2.0**-40, 0.75, 0.999, 1 - 2.0**-35, 1 - 2.0**-53]:
        x = law.isf(v)
        assert relative(x, -quantile(df, 1 - mp.mpf(v), -x)) <= 1e-13, v


@pytest.mark.parametrize("df", [0.05, 0.3])
def test_quantiles_of_the_heaviest_tails_within_their_stated_error(df):
    law = ts.StudentT(df)
    for u in EXCEEDANCES:
        x = law.isf(u)
        assert relative(x, quantile(df, u, x)) <= 1e-13 / df, u


def test_the_exceedance_2_to_the_minus_10_of_the_reliability_table():
    (x,) = ts.testing.transform(ts.StudentT(1.5), [1 << 54])
    assert x == pytest.approx(53.016400824926272, rel=1e-14)


def test_depths_that_only_words_reach():
    law = ts.StudentT(1.5)
    words = [[0, 1 << 54], [0, 1 << 63]]
    for x, depth in zip(ts.testing.transform(law, words), (74, 65), strict=True):
        assert relative(x, quantile(1.5, mp.mpf(2) ** -depth, x)) <= 1e-13


def test_the_normal_limit():
    p = np.array([0.4, 0.1, 1e-3, 1e-9, 1e-100])
    np.testing.assert_allclose(ts.StudentT(1e12).isf(p), -ndtri(p), rtol=1e-9)


def test_symmetry_bit_by_bit():
    v = np.random.default_rng(1).integers(1, 2**40, 2000) / 2.0**40
    law = ts.StudentT(2.5)
    assert np.array_equal(law.isf(v), -law.isf(1 - v))
    assert law.isf(0.5) == 0.0


def test_the_published_variance_and_density():
    """Johnson, Kotz and Balakrishnan 2 (1995), section 28.2: df / (df - 2); Cauchy's density at df = 1."""
    assert ts.StudentT(4.0, scale=3.0).var() == pytest.approx(18.0, rel=1e-15)
    x = np.array([-3.0, 0.0, 0.5, 1e60, 1e200])
    density = 1 / np.pi / (1 + np.minimum(x, 1e150) ** 2)
    np.testing.assert_allclose(ts.StudentT(1.0).pdf(x)[:4], density[:4], rtol=1e-12)
    assert ts.StudentT(1.0).logpdf(1e200) == pytest.approx(-np.log(np.pi) - 400 * np.log(10), rel=1e-14)


def test_payoffs_do_not_rise_with_the_exceedance():
    """From a relative distance of 1e-12 on, across the edges of cells, octaves and segments too."""
    for law in (ts.StudentT(1.5), ts.StudentT(0.05)):
        edges = np.concatenate([k / 64 * 2.0 ** -np.arange(1.0, 36.0) for k in range(64, 128, 7)])
        v = np.unique(np.concatenate([edges * (1 + s) for s in (-1e-12, 0, 1e-12)]))
        assert np.all(np.diff(law.isf(v)) < 0)
