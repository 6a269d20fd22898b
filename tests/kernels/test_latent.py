"""Latent variables against mpmath and scipy: survival functions at any depth, and what is drawn once a trial."""

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

from tailsim.dependence import _student
from tailsim.dependence._latent import loadings, normal_exceedances, normals, sine, student_exceedances
from tailsim.kernels import api, latent, philox
from tailsim.kernels.strict import COEFFICIENTS

KEYS = philox.round_keys(api.key_of(11))
ULP = 2.0**-53
DEPTHS = np.concatenate([2.0 ** -np.arange(1, 1023, 7.0), 1 - 2.0 ** -np.arange(2, 53.0), [0.3, 0.9]])


def test_normal_survival_function_within_8_ulp_down_to_the_smallest_normal_number():
    z = np.concatenate([np.linspace(-8.0, 37.4, 400), [0.0, -0.0, 1e-20, -1e-20]])
    v = normal_exceedances(z)
    with mp.workdps(40):
        error = [abs(mp.mpf(a) / (mp.erfc(mp.mpf(b) / mp.sqrt(2)) / 2) - 1) for a, b in zip(v, z, strict=True)]
    assert float(max(error)) <= 8 * ULP
    assert normal_exceedances(np.array([39.0, 1e300])).tolist() == [5e-324, 5e-324]
    assert normal_exceedances(np.array([-40.0])).tolist() == [1.0]


def test_normals_and_their_survival_undo_each_other_at_any_depth():
    """The relative error of v is z^2 times that of z, of 5 units in the last place."""
    v = np.append(DEPTHS, 2.0**-1074)
    z = normals(v)
    assert np.all(np.abs(normal_exceedances(z)[:-1] / v[:-1] - 1) <= (8 + 5 * z[:-1] ** 2) * ULP)
    assert normals(np.array([1.0]))[0] == -normals(np.array([2.0**-54]))[0]


@pytest.mark.parametrize("df", [0.3, 1.0, 2.5, 4.0, 30.0, 1000.0])
def test_student_survival_function_within_1e_12_in_the_body_and_far_out(df):
    t = np.concatenate([np.linspace(-30, 30, 41), np.geomspace(40, 1e120, 30)])
    half = 0.5 * df
    v = student_exceedances(t, np.full(t.size, np.log(df)), df)
    with mp.workdps(50):
        for got, value in zip(v, t, strict=True):
            x = mp.mpf(df) / (df + mp.mpf(float(value)) ** 2)
            upper = mp.betainc(half, 0.5, 0, x, regularized=True) / 2
            true = upper if value > 0 else 1 - upper
            if true > 1e-300:
                assert abs(got / true - 1) < 2e-12


def test_student_tail_needs_few_coefficients_and_has_them_once():
    assert _student.tail_polynomial(4.0).size <= 30
    assert _student.tail_polynomial(4.0) is _student.tail_polynomial(4.0)


@pytest.mark.parametrize("tau", [0.05, 0.4, 0.9])
@pytest.mark.parametrize("ln_m", [-30.0, 0.0, 200.0])
def test_gumbel_survival_function_within_1e_12_at_any_depth(tau, ln_m):
    v = DEPTHS.copy()
    latent.gumbel_survivals(v, np.full(v.size, ln_m), 1 - tau, COEFFICIENTS)
    with mp.workdps(60):
        for got, own in zip(v, DEPTHS, strict=True):
            true = -mp.expm1(-((-mp.log1p(-mp.mpf(float(own))) / mp.exp(ln_m)) ** (1 - tau)))
            if true > 1e-300:
                assert abs(got / true - 1) < 1e-12


def test_sine_of_parts_of_pi_and_loadings():
    x = np.linspace(0.001, 0.5, 77)
    with mp.workdps(30):
        error = [abs(sine(float(y)) / mp.sinpi(mp.mpf(float(y))) - 1) for y in x]
    assert float(max(error)) <= 3 * ULP
    for tau in (1e-9, 0.4, 1 - 1e-9):
        on_factor, own = loadings(tau)
        assert on_factor**2 + own**2 == pytest.approx(1, rel=1e-15)
        assert on_factor**2 == pytest.approx(float(mp.sin(mp.pi * mp.mpf(tau) / 2)), rel=1e-14)


def blocks(fill, n):
    """n blocks of a variable that is drawn once a trial."""
    out = np.empty((n, philox.BLOCK))
    for block in range(n):
        fill(out[block], np.uint64(block))
    return out.reshape(-1)


@pytest.mark.parametrize("df", [0.4, 1.0, 5.0, 60.0])
def test_chi_squares_follow_their_law(df):
    """n = 20,480; Kolmogorov-Smirnov at 1e-6, which sees a distance of 2 %."""
    ln_w = blocks(lambda x, b: latent.chi_squares(x, df, KEYS, b, np.uint64(1 << 28), COEFFICIENTS), 5)
    assert stats.kstest(ln_w, lambda y: stats.chi2(df).cdf(np.exp(y))).pvalue > 1e-6


@pytest.mark.parametrize("index", [0.1, 0.5, 0.6, 0.95])
def test_frailties_have_their_laplace_transform(index):
    """n = 20,480; E exp(-s M) = exp(-s^index) within 5 standard errors, a false alarm in 2e6."""
    how = (COEFFICIENTS, latent.LATENT)
    ln_m = blocks(lambda x, b: latent.frailties(x, index, KEYS, b, np.uint64(1 << 28), *how), 5)
    for s in (0.01, 0.3, 1.0, 4.0):
        y = np.exp(-s * np.exp(ln_m))
        assert abs(y.mean() - np.exp(-(s**index))) < 5 * y.std() / np.sqrt(y.size)


def test_frailty_of_one_half_is_levys_law():
    """The positive stable law of index 1/2 is 1 / (2 Z^2); n = 40,960, Kolmogorov-Smirnov at 1e-6."""
    how = (COEFFICIENTS, latent.LATENT)
    ln_m = blocks(lambda x, b: latent.frailties(x, 0.5, KEYS, b, np.uint64(1 << 28), *how), 10)
    assert stats.kstest(ln_m, lambda y: stats.levy(scale=0.5).cdf(np.exp(y))).pvalue > 1e-6


def test_correlate_is_a_product_with_the_root():
    root = np.tril(np.arange(1.0, 17).reshape(4, 4))
    z = np.random.default_rng(1).normal(size=(4, 1500))
    expected = root @ z
    latent.correlate(root, z)
    np.testing.assert_allclose(z, expected, rtol=1e-12)
