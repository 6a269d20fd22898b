"""Laws tabulated from somebody else's quantiles, and the gamma law, whose table is our own."""

import mpmath as mp
import numpy as np
import pytest
from scipy import special, stats

import tailsim as ts

P = np.array([1 - 2.0**-20, 0.9, 0.5, 0.3, 0.01, 2.0**-10, 1e-6, 1e-9])
SCIPY = [
    stats.gumbel_r(1, 2),
    stats.norm(1, 2),
    stats.johnsonsu(1, 2),
    stats.gamma(0.7),
    stats.beta(2, 3),
    stats.genpareto(0.5),
    stats.fisk(1.5),
]


@pytest.mark.parametrize("frozen", SCIPY, ids=lambda f: f.dist.name)
def test_quantiles_are_scipys(frozen):
    law = ts.from_scipy(frozen)
    np.testing.assert_allclose(law.isf(P), frozen.isf(P), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(law.sf(frozen.isf(P)), P, rtol=1e-11)
    np.testing.assert_allclose(law.pdf(frozen.isf(P)), frozen.pdf(frozen.isf(P)), rtol=1e-7)
    assert law.support == frozen.support()
    assert np.array_equal(law._draw(P, None), law.isf(P))


def test_the_tail_floor_is_where_scipys_own_functions_part():
    """scipy's fisk rounds 1 - q: at 1e-16 its tail ends, and ours goes on as the power law it had."""
    law = ts.from_scipy(stats.fisk(1.5))
    assert 2.0**-60 < law.tail_floor < 2.0**-40
    assert ts.from_scipy(stats.genpareto(0.5)).tail_floor == 2.0**-1000
    assert law.tail_index == pytest.approx(1.5, rel=1e-6)
    assert law.isf(2.0**-200) == pytest.approx(2.0 ** (200 / 1.5), rel=1e-6)


def test_from_isf_gives_the_law_of_the_formula():
    law = ts.from_isf(lambda v: v ** (-1 / 1.5), support=(1.0, np.inf))
    deep = np.array([0.5, 0.1, 2.0**-10, 2.0**-60, 2.0**-400])
    np.testing.assert_allclose(law.isf(deep), ts.Pareto(1.5).isf(deep), rtol=1e-12)
    assert law.tail_index == pytest.approx(1.5, rel=1e-9)
    assert law.mean() == pytest.approx(3.0, rel=1e-6)
    told = ts.from_isf(lambda v: float(v) ** (-1 / 1.5), support=(1.0, np.inf), tail_index=1.5)
    assert told.tail_index == 1.5


def test_draws_follow_the_law():
    x = ts.from_scipy(stats.johnsonsu(1, 2)).rvs(50_000, rng=3)
    assert stats.kstest(x, stats.johnsonsu(1, 2).cdf).pvalue > 1e-6


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ts.from_scipy(stats.poisson(3)), ["frozen must be a continuous", "Empirical"]),
        (lambda: ts.from_scipy(stats.norm), ["frozen must be", "norm"]),
        (lambda: ts.from_scipy(3.0), ["frozen must be a frozen law", "3.0"]),
        (lambda: ts.from_isf(3.0), ["isf must be a function", "3.0"]),
        (lambda: ts.from_isf(lambda v: v), ["isf must not rise", "ppf(1 - v)"]),
        (lambda: ts.from_isf(lambda v: np.nan * v), ["isf must give a number", "nan"]),
        (lambda: ts.from_isf(lambda v: "x"), ["isf must turn a probability into a number"]),
        (lambda: ts.from_isf(lambda v: np.ceil(2 / v)), ["isf must belong to a continuous law", "Empirical"]),
    ],
)
def test_what_is_no_continuous_law_is_refused(make, words):
    with pytest.raises(ts.ArgumentError) as refusal:
        make()
    assert str(refusal.value).endswith(".")
    assert all(word in str(refusal.value) for word in words)


@pytest.mark.parametrize("shape", [0.1, 0.7, 2.0, 30.0])
def test_gamma_quantiles_against_mpmath(shape):
    law = ts.Gamma(shape)
    with mp.workdps(40):
        for u in (0.4, 0.01, 2.0**-40, 1e-200):
            x = mp.mpf(law.isf(u))
            density = mp.exp((shape - 1) * mp.log(x) - x) / mp.gamma(shape)
            off = (mp.gammainc(shape, x, mp.inf, regularized=True) - u) / density / x
            assert abs(off) <= 1e-12 / min(shape, 1.0)
            z = mp.mpf(law.ppf(u))
            if z > 1e-300:
                density = mp.exp((shape - 1) * mp.log(z) - z) / mp.gamma(shape)
                off = (mp.gammainc(shape, 0, z, regularized=True) - u) / density / z
                assert abs(off) <= 1e-12 / min(shape, 1.0)


def test_gamma_of_shape_one_is_exponential():
    np.testing.assert_allclose(ts.Gamma(1.0, 3.0).isf(P), ts.Exponential(3.0).isf(P), rtol=1e-12)
    assert ts.Gamma(0.5).isf(0.3) == pytest.approx(0.5 * special.ndtri(0.15) ** 2, rel=1e-13)


@pytest.mark.parametrize("bad", [0, -1.0, 0.001, 1e7, np.nan, np.inf, "2", None, True], ids=repr)
def test_gamma_refuses_other_shapes(bad):
    with pytest.raises(ts.ArgumentError, match=r"shape must be a number from 0\.01 to 1e6"):
        ts.Gamma(bad)
