"""Our own log, exp, power and normal quantile against mpmath, at every depth a double can hold."""

import mpmath as mp
import numpy as np
import pytest

import tailsim as ts
from tailsim.kernels import api, strict
from tailsim.kernels import params as p

from .exact import exceedances, normal_quantile, relative, ulps

V = exceedances()
EXACT = [mp.mpf(float(v)) for v in V]
HALF_ULP = 2.0**-53
C = strict.COEFFICIENTS
LARGEST = mp.mpf(np.finfo(float).max)


def worst(values, truths):
    """Largest error in units in the last place; what leaves the range of doubles must be inf."""
    errors = []
    for x, true in zip(values, truths, strict=True):
        if true > LARGEST * (1 + mp.mpf(2) ** -54):
            assert x == np.inf
        else:
            errors.append(ulps(x, true))
    return max(errors)


def within(values, truths, tolerance):
    """Every relative error within tolerance(v); what leaves the range of doubles must be inf."""
    for v, x, true in zip(V, values, truths, strict=True):
        if true > LARGEST * (1 + mp.mpf(2) ** -50):
            assert x == np.inf
        else:
            assert relative(x, true) <= tolerance(float(v)), (v, x, true)


def test_log_within_two_and_a_half_ulp():
    assert worst(api.isf(p.NegLog(1.0), V), [-mp.log(v) for v in EXACT]) <= 2.5


def test_log1p_within_two_and_a_half_ulp():
    inside = V[(V < 1) & (V > 2.0**-1000)]
    ln_c = tuple(C[20:27])
    values = [strict.minus_log1p(v, ln_c) for v in inside]
    assert worst(values, [-mp.log1p(-mp.mpf(float(v))) for v in inside]) <= 2.5


def test_exp_within_two_and_a_half_ulp():
    rng = np.random.default_rng(3)
    y = np.concatenate(
        [rng.uniform(-708, 709.7, 150), rng.normal(0, 1, 100), [0.0, -0.0, 1e-300, 709.78, 709.79, 800.0]]
    )
    v = np.array([0.25])
    values = [api.isf(p.ExpNormal(m, 0.0), v)[0] for m in y]
    assert worst(values, [mp.exp(mp.mpf(float(m))) for m in y]) <= 2.5
    assert api.isf(p.ExpNormal(-800.0, 0.0), v)[0] == 0.0
    assert api.isf(p.ExpNormal(-1e300, 0.0), v)[0] == 0.0
    assert api.isf(p.ExpNormal(1e300, 0.0), v)[0] == np.inf


def test_exp_below_the_normal_range_loses_no_more_than_the_subnormals_do():
    for m in np.linspace(-745.2, -708.4, 60):
        assert ulps(api.isf(p.ExpNormal(m, 0.0), np.array([0.5]))[0], mp.exp(mp.mpf(float(m)))) <= 1.0


EXPONENTS = [-1 / 1.1, -1 / 1.5, -1 / 3, -1 / 20, -1e-6, -1.0, -0.953, -1.25, -1 / 0.3, -20.0, -100.0, 0.5, 3.0, 40.0]


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_power_within_two_and_a_half_ulp(exponent):
    kernel = p.power(exponent, 1.0)
    assert type(kernel) is (p.Power if -0.95 < exponent < 0 else p.SafePower)
    assert worst(api.isf(kernel, V), [v ** mp.mpf(exponent) for v in EXACT]) <= 2.5


@pytest.mark.parametrize("exponent", EXPONENTS[:-3])
def test_power_minus_one_keeps_its_digits_near_one(exponent):
    """x = v**c - 1 within 4 + |c log v| half ulps, relative, at v next to 1 as well as in the tail."""
    values = api.isf(p.power_minus_one(exponent, 1.0), V)
    truths = [mp.expm1(mp.mpf(exponent) * mp.log(v)) for v in EXACT]
    inside = [i for i, v in enumerate(V) if v < 1]
    assert values[V == 1.0][0] == 0.0
    for i in inside:
        if truths[i] > LARGEST:
            assert values[i] == np.inf
        else:
            assert relative(values[i], truths[i]) <= (4 - exponent * -np.log(V[i])) * HALF_ULP


@pytest.mark.parametrize("tail_index", [1.1, 1.5, 3.0, 20.0, 0.8, 0.3, 0.05])
@pytest.mark.parametrize(("law", "true"), [(ts.Pareto, lambda t: mp.exp(t)), (ts.Lomax, lambda t: mp.expm1(t))])
def test_power_laws_within_their_stated_error(law, true, tail_index):
    a = mp.mpf(tail_index)
    truths = [true(-mp.log(v) / a) if v < 1 else true(mp.mpf(0)) for v in EXACT]
    values = api.isf(law(tail_index)._params(), V)
    for v, x, t in zip(V, values, truths, strict=True):
        if t > LARGEST:
            assert x == np.inf
        elif t == 0:
            assert x == 0.0
        else:
            assert relative(x, t) <= (4 - np.log(v) / tail_index) * HALF_ULP


@pytest.mark.parametrize("tail_index", [0.8, 1.5, 10.0])
def test_frechet_within_its_stated_error(tail_index):
    clipped = [min(v, 1 - mp.mpf(2) ** -53) for v in EXACT]
    truths = [(-mp.log1p(-v)) ** (-1 / mp.mpf(tail_index)) for v in clipped]
    within(api.isf(ts.Frechet(tail_index)._params(), V), truths, lambda v: (4 + abs(np.log(v)) / tail_index) * HALF_ULP)


@pytest.mark.parametrize("shape", [0.1, 0.3, 1.0, 2.0, 7.5])
def test_weibull_within_its_stated_error(shape):
    values = api.isf(ts.Weibull(shape)._params(), V)
    assert values[V == 1.0][0] == 0.0
    truths = [(-mp.log(v)) ** (1 / mp.mpf(shape)) if v < 1 else mp.mpf(0) for v in EXACT]
    for x, t in zip(values, truths, strict=True):
        assert t == 0 or relative(x, t) <= 1e-13 / min(shape, 1.0)


def test_normal_quantile_within_five_ulp():
    ln_c, body = tuple(C[20:27]), (tuple(C[35:49]), tuple(C[49:63]))
    deep = (tuple(C[63:71]), tuple(C[71:79]))
    rng = np.random.default_rng(5)
    for v in [*V[V < 1], *rng.random(100), *2.0 ** -rng.uniform(25, 40, 100)]:
        w = strict.normal_variable(v, ln_c)
        if w < strict.FAR:
            z = strict.normal_quantile(v, w, body)
        else:
            y, bias = strict.normalised(min(v, 1 - v))
            z = strict.normal_quantile_deep(y, bias, ln_c, deep)
            z = z if v < 0.5 else -z
        assert ulps(z, normal_quantile(float(v))) <= 5


@pytest.mark.parametrize(("mu", "sigma"), [(0.0, 1.0), (0.0, 1e-3), (1.0, 3.0), (-2.0, 0.5)])
def test_lognormal_within_its_stated_error(mu, sigma):
    values = api.isf(p.ExpNormal(mu, sigma), V)
    inside = V < 1
    truths = [mp.exp(mu + mp.mpf(sigma) * normal_quantile(float(v))) for v in V[inside]]
    for v, x, t in zip(V[inside], values[inside], truths, strict=True):
        assert relative(x, t) <= 1e-13, v
    # an exceedance of 1 stands for what rounds to it: the quantile of 1 - 2^-54
    assert relative(values[~inside][0], mp.exp(mu - mp.mpf(sigma) * normal_quantile(2.0**-54))) <= 1e-13


@pytest.mark.parametrize(
    ("law", "payoff"),
    [
        (ts.Pareto(1.1), 545.30103779326089),
        (ts.Weibull(0.3), 634.96755813809625),
        (ts.LogNormal(0, 1), 22.13741311247168),
    ],
)
def test_payoffs_at_depth_ten(law, payoff):
    """Payoffs at exceedance 2^-10, computed apart with mpmath."""
    assert ts.testing.transform(law, [1 << 54]) == pytest.approx(
        payoff, rel=1e-13 if law != ts.Pareto(1.1) else 1.2e-15
    )
    assert api.isf(law._params(), np.array([2.0**-10])) == pytest.approx(payoff, rel=1e-13)


@pytest.mark.parametrize("exponent", [-1 / 1.1, -1 / 1.5, -0.05, -0.9])
def test_fast_and_safe_powers_agree_where_both_apply(exponent):
    fast, safe = api.isf(p.Power(exponent, 3.0), V), api.isf(p.SafePower(exponent, 3.0), V)
    assert np.all(np.abs(fast - safe) <= 6 * HALF_ULP * safe)
    fast, safe = api.isf(p.PowerMinusOne(exponent, 3.0), V), api.isf(p.SafePowerMinusOne(exponent, 3.0), V)
    assert np.all(np.abs(fast - safe) <= (8 - exponent * -np.log(V)) * HALF_ULP * safe)


@pytest.mark.parametrize("build", [p.power, p.power_minus_one])
def test_powers_that_cannot_overflow_never_do_and_others_end_at_infinity(build):
    smallest = np.array([2.0**-1074])
    assert np.isfinite(api.isf(build(-0.95, 2.0), smallest))
    assert api.isf(build(-1.0, 1.0), smallest)[0] == np.inf
    assert api.isf(build(-1.0, 2.0**-60), smallest) == 2.0**1014
    assert api.isf(build(-1e6, 1.0), np.array([0.999]))[0] == np.inf


@pytest.mark.parametrize("build", [p.power, p.power_minus_one])
@pytest.mark.parametrize(("exponent", "scale"), [(-100.0, 1e-300), (-100.0, 2.0**-1022), (-15.0, 1e300)])
def test_a_small_scale_brings_a_huge_power_back_into_range(build, exponent, scale):
    v = 2.0 ** -np.arange(1.0, 24.0, 0.37)
    less = 1 if build is p.power_minus_one else 0
    true = [mp.mpf(scale) * (mp.mpf(float(x)) ** exponent - less) for x in v]
    for x, t in zip(api.isf(build(exponent, scale), v), true, strict=True):
        assert x == np.inf if t > LARGEST else relative(x, t) <= 2.0**-52 + abs(exponent) * 30 * HALF_ULP


def test_a_large_scale_brings_a_tiny_power_back_into_range():
    v = np.exp(-(2.0 ** -np.arange(1.0, 18.0)))
    true = [mp.mpf(1e300) * (-mp.log(mp.mpf(float(x)))) ** 100 for x in v]
    for x, t in zip(api.isf(p.NegLogPower(100.0, 1e300), v), true, strict=True):
        assert relative(x, t) <= 1e-11


@pytest.mark.parametrize("law", [ts.Pareto, ts.Lomax, ts.Weibull, ts.Frechet])
@pytest.mark.parametrize("index", [1e-310, 5e-324, 1e-200, 1e-5])
def test_no_parameter_makes_a_payoff_that_is_not_a_number(law, index):
    values = api.isf(law(index)._params(), V)
    assert not np.isnan(values).any()
    assert (values >= 0).all()
