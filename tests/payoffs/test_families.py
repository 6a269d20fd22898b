"""What single families must get right beside the conformance table."""

import inspect
import math

import mpmath
import numpy as np
import pytest

from tailsim.kernels import params
from tailsim.payoffs import (
    Affine,
    BurrXII,
    Capped,
    Constant,
    Empirical,
    Exponential,
    Frechet,
    GeneralizedPareto,
    LogLogistic,
    LogNormal,
    Lomax,
    Mixture,
    Normal,
    Pareto,
    Spliced,
    Truncated,
    Uniform,
    Weibull,
    ZeroInflated,
)

DEPTH_10 = 2.0**-10


@pytest.mark.parametrize(
    ("law", "value"),
    [
        (Pareto(1.1), 545.30103779326089),
        (Weibull(0.3), 634.96755813809625),
        (LogNormal(0, 1), 22.13741311247168),
    ],
)
def test_payoffs_at_exceedance_2_to_the_minus_10(law, value):
    assert law.isf(DEPTH_10) == pytest.approx(value, rel=1e-13)


def test_pareto_is_type_one_and_numpys_is_lomax():
    assert Pareto(1.5).support == (1.0, math.inf)
    assert Lomax(1.5).support == (0.0, math.inf)
    draws = np.random.default_rng(1).pareto(1.5, 100_000)
    assert abs(np.mean(draws > 1.0) - Lomax(1.5).sf(1.0)) < 4.9 * math.sqrt(0.25 / 100_000)  # 1e-6


@pytest.mark.parametrize("a", [0.7, 1.5, 12.0])
@pytest.mark.parametrize("x", [1 + 2.0**-40, 1.5, 3.0, 1e10, 1e200])
def test_survival_of_power_laws_against_mpmath(a, x):
    with mpmath.workdps(40):
        pareto = mpmath.mpf(x) ** -a
        lomax = (1 + mpmath.mpf(x)) ** -a
        if pareto > 1e-290:
            assert Pareto(a).sf(x) == pytest.approx(float(pareto), rel=1e-14)
            assert Lomax(a).sf(x) == pytest.approx(float(lomax), rel=1e-14)
        assert Pareto(a).cdf(x) == pytest.approx(float(1 - pareto), rel=1e-14)
        frechet = mpmath.exp(-pareto)
        assert Frechet(a).cdf(x) == pytest.approx(float(frechet), rel=1e-14)
        if pareto > 1e-290:
            assert Frechet(a).sf(x) == pytest.approx(float(1 - frechet), rel=1e-14)


def test_a_survival_function_outlives_the_ratio_it_is_made_of():
    assert Pareto(0.01, 1e-200).sf(1e200) == pytest.approx(1e-4, rel=1e-12)
    assert Frechet(0.01, 1e-200).sf(1e200) == pytest.approx(-math.expm1(-1e-4), rel=1e-12)


@pytest.mark.parametrize("a", [2.5, 9.0, 11.0, 1e3, 1e6])
def test_variance_of_frechet_keeps_its_digits(a):
    with mpmath.workdps(60):
        t = 1 / mpmath.mpf(a)
        expected = mpmath.gamma(1 - 2 * t) - mpmath.gamma(1 - t) ** 2
    assert Frechet(a).var() == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize("k", [0.3, 2.0, 9.0, 11.0, 1e3, 1e6])
def test_variance_of_weibull_keeps_its_digits(k):
    with mpmath.workdps(60):
        t = 1 / mpmath.mpf(k)
        expected = mpmath.gamma(1 + 2 * t) - mpmath.gamma(1 + t) ** 2
    assert Weibull(k).var() == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize("k", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("hazard", [0.1, 90.0, 110.0, 5e3, 1e8])
def test_mean_excess_of_weibull_beyond_where_sf_is_a_double(k, hazard):
    u = hazard ** (1 / k)
    with mpmath.workdps(40):
        y = mpmath.mpf(u) ** k
        expected = mpmath.gammainc(1 + 1 / mpmath.mpf(k), y) * mpmath.exp(y) - u
    assert Weibull(k).mean_excess(u) == pytest.approx(float(expected), rel=1e-10)


@pytest.mark.parametrize("sigma", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("z", [-3.0, 0.5, 1.5, 30.0, 60.0, 300.0])
def test_mean_excess_of_lognormal_beyond_where_sf_is_a_double(sigma, z):
    u = math.exp(min(sigma * z, 690.0))
    with mpmath.workdps(50):
        z, s = mpmath.log(u) / sigma, mpmath.mpf(sigma)
        tails = [mpmath.erfc(y / mpmath.sqrt(2)) / 2 for y in (z - s, z)]
        expected = mpmath.exp(s * s / 2) * tails[0] / tails[1] - u
    assert LogNormal(0, sigma).mean_excess(u) == pytest.approx(float(expected), rel=1e-10)


def test_mean_excess_of_frechet_far_out_is_that_of_a_power_law():
    assert Frechet(2.5).mean_excess(1e100) == pytest.approx(1e100 / 1.5, rel=1e-13)
    assert Frechet(2.5).mean_excess(1e6) == pytest.approx(1e6 / 1.5, rel=1e-9)


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (Pareto(1.5, 2.0), params.power(-1 / 1.5, 6.0)),
        (Lomax(1.5, 2.0), params.power_minus_one(-1 / 1.5, 6.0)),
        (Frechet(1.5, 2.0), params.NegLog1pPower(-1 / 1.5, 6.0)),
        (Weibull(0.5, 2.0), params.NegLogPower(2.0, 6.0)),
        (Exponential(2.0), params.NegLog(6.0)),
        (LogNormal(1.0, 2.0), params.ExpNormal(1.0, 2.0, 3.0)),
        (Normal(1.0, 2.0), params.Gaussian(3.0, 6.0)),
        (GeneralizedPareto(0.5, 2.0), params.power_minus_one(-0.5, 12.0)),
        (GeneralizedPareto(0.0, 2.0, 1.0), params.Moved(1.0, 3.0, params.NegLog(6.0))),
        (GeneralizedPareto(-2.0, 2.0), params.Moved(-1.0, 0.0, params.power_minus_one(2.0, 3.0))),
        (LogLogistic(1.5, 2.0), params.Odds(params.power(-1 / 1.5, 6.0))),
        (
            BurrXII(2.0, 0.5, 2.0),
            params.PowerProduct(
                params.SafePowerMinusOne(2.0, 1.0), params.SafePower(0.5, 1.0), params.power(-1.0, 6.0)
            ),
        ),
        (Truncated(Pareto(1.5), 2.0), params.power(-1 / 1.5, 6.0)),
        (Capped(Exponential(), 4.0), params.Capped(12.0, params.NegLog(3.0))),
        (
            Spliced(Uniform(), Pareto(1.5), 4.0, 0.25),
            params.Split(0.25, params.power(-1 / 1.5, 12.0), params.Linear(3.0, 3.0)),
        ),
        (Uniform(1.0, 3.0), params.Linear(9.0, 6.0)),
        (Constant(2.0), params.Fixed(6.0)),
        (ZeroInflated(Exponential(2.0), 0.25), params.WithZeros(0.75, params.NegLog(6.0))),
        (ZeroInflated(Exponential(2.0), 0.0), params.NegLog(6.0)),
        (ZeroInflated(Exponential(2.0), 1.0), params.Fixed(0.0)),
        (Mixture([Exponential(2.0)], [1.0]), params.NegLog(6.0)),
        (Affine(Exponential(2.0), 0.5), params.NegLog(3.0)),
    ],
)
def test_parameters_of_three_times_the_law(law, expected):
    got = law._params(3.0)
    assert got == expected
    assert type(got) is type(expected)


def test_parameters_are_the_laws_own_without_a_factor():
    assert LogNormal(0.1, 2.0)._params() == params.ExpNormal(0.1, 2.0)
    assert Empirical([3, 1, 2])._params().values.tolist() == [3.0, 2.0, 1.0]


@pytest.mark.parametrize(
    "law",
    [
        Mixture([Exponential(), Pareto(1.5)], [0.5, 0.5]),
        ZeroInflated(Uniform(-1, 1), 0.5),
        Exponential() + 1,
        -Exponential(),
        1e-200 * Exponential(1e-200),
        1e200 * Uniform(0, 1e200),
    ],
    ids=repr,
)
def test_laws_without_a_kernel_of_their_own(law):
    assert law._params() is None


def test_whole_numbers_and_numpy_scalars_are_kept_as_floats():
    for law in (Pareto(2, 3), Pareto(np.float32(2), np.int64(3))):
        assert law == Pareto(2.0, 3.0)
        assert [type(x) for x in (law.tail_index, law.scale)] == [float, float]


def test_operators_make_one_affine_law():
    law = Pareto(1.5)
    assert 2 * law + 1 == Affine(law, 2.0, 1.0)
    assert law * np.float64(2) == np.float64(2) * law == Affine(law, 2.0, 0.0)
    assert 3 * (2 * law + 1) - 4 == Affine(law, 6.0, -1.0)
    assert -1 * -law == Affine(law, 1.0, 0.0)
    assert 5 - law == Affine(law, -1.0, 5.0)
    assert (np.int64(5) - law).support == (-math.inf, 4.0)


@pytest.mark.parametrize("bad", [Pareto(2.0), "2", np.ones(3), None, math.inf], ids=repr)
def test_operators_refuse_what_is_no_number(bad):
    with pytest.raises(ValueError, match=r"must be|is not a law here"):
        Pareto(1.5) * bad
    with pytest.raises(ValueError, match=r"must be|is not a law here"):
        Pareto(1.5) + bad
    with pytest.raises(ValueError, match=r"must be|is not a law here"):
        bad * Pareto(1.5)


def test_a_law_turned_round_keeps_the_depth_of_its_heavy_side():
    law = -Pareto(0.9)
    v = 2.0 ** -np.arange(1.0, 800, 50)
    assert np.array_equal(law._draw(v, None), -Pareto(0.9).isf(v))
    assert law.ppf(2.0**-700) == pytest.approx(-Pareto(0.9).isf(2.0**-700), rel=1e-12)
    assert law.partial_mean(-3.0) == pytest.approx(-9 * (3**0.1 - 1), rel=1e-10)  # minus the integral of .9 x**-.9


def test_empirical_laws_are_values_and_read_only():
    values = np.array([3.0, 1.0, 2.0])
    law = Empirical(values)
    assert law == Empirical([1, 2, 3])
    assert hash(law) == hash(Empirical([1, 2, 3]))
    assert law != Empirical([1, 2])
    assert law != Constant(1)
    assert len({law, Empirical((2, 1, 3))}) == 1
    values[0] = 9.0
    assert law.support == (1.0, 3.0)
    with pytest.raises(ValueError, match="read-only"):
        law.values[0] = 0.0


def test_empirical_sums_that_overflow_leave_the_mean_alone():
    assert Empirical([1.5e308, 1.5e308, 0.0]).mean() == pytest.approx(1e308, rel=1e-15)


def test_zero_inflated_adds_its_zeros_to_those_of_the_base():
    law = ZeroInflated(ZeroInflated(Pareto(1.5), 0.5), 0.5)
    assert law.atoms == ((0.0, 0.75),)
    assert law.sf(2.0) == ZeroInflated(Pareto(1.5), 0.75).sf(2.0)


def test_a_sample_with_a_pareto_tail_in_place_of_its_largest_values():
    """k = 3 of 8, by hand: xi = (ln 2 + ln 4 + ln 8) / 3 = 2 ln 2."""
    law = Empirical([5, 0, 16, 4, 2, 32, 0, 8]).with_tail(3)
    assert (law.threshold, law.p_tail) == (5.0, 0.375)
    law = Empirical([4, 0, 16, 4, 2, 32, 0, 8]).with_tail(3)
    assert law.tail_index == pytest.approx(1 / (2 * math.log(2)), rel=1e-15)
    assert law.tail == Pareto(law.tail_index, 4.0)
    assert law.sf(64.0) == pytest.approx(0.375 * 16**-law.tail_index, rel=1e-14)
    assert [value for value, _ in law.atoms] == [0.0, 2.0, 4.0]
    np.testing.assert_allclose([p for _, p in law.atoms], [0.25, 0.125, 0.25], rtol=1e-15)
    assert Empirical([4, 0, 16, 4, 2, 32, 0, 8]).with_tail(3, tail_index=1.5).tail == Pareto(1.5, 4.0)
    draws = law.rvs(200_000, rng=3)
    assert set(np.unique(draws[draws <= 4.0])) == {0.0, 2.0, 4.0}
    assert abs(np.mean(draws > 4.0) - 0.375) < 4.9 * math.sqrt(0.375 * 0.625 / 200_000)  # 1e-6


@pytest.mark.parametrize("a", [2.0 + 2**-20, 3.0, 9.0, 11.0, 1e3, 1e6])
def test_variance_of_log_logistic_keeps_its_digits(a):
    with mpmath.workdps(60):
        b = mpmath.pi / mpmath.mpf(a)
        expected = 2 * b / mpmath.sin(2 * b) - (b / mpmath.sin(b)) ** 2
    assert LogLogistic(a).var() == pytest.approx(float(expected), rel=1e-9 if a < 2.1 else 1e-11)


@pytest.mark.parametrize(("c", "k"), [(5.0, 0.6), (30.0, 0.3), (3.0, 40.0), (1e4, 2.0)])
def test_moments_of_burr_keep_their_digits(c, k):
    with mpmath.workdps(60):
        t, k_ = 1 / mpmath.mpf(c), mpmath.mpf(k)
        mean, square = (k_ * mpmath.beta(k_ - r * t, 1 + r * t) for r in (1, 2))
    assert BurrXII(c, k).mean() == pytest.approx(float(mean), rel=1e-12)
    assert BurrXII(c, k).var() == pytest.approx(float(square - mean**2), rel=1e-11)


@pytest.mark.parametrize("z", [-30.0, -1.0, 0.0, 3.0, 30.0, 49.9, 50.1, 80.0, 1e3, 1e8])
def test_mean_excess_of_normal_beyond_where_sf_is_a_double(z):
    with mpmath.workdps(60):
        y = mpmath.mpf(z)
        hazard = mpmath.exp(-y * y / 2) / mpmath.sqrt(2 * mpmath.pi) / (mpmath.erfc(y / mpmath.sqrt(2)) / 2)
        expected = 2 * (hazard - y)
    assert Normal(1.0, 2.0).mean_excess(1.0 + 2.0 * z) == pytest.approx(float(expected), rel=2e-12)


@pytest.mark.parametrize("xi", [-1.5, -3.0, -0.9])
def test_bounded_generalised_pareto_laws_end_where_they_say(xi):
    law = GeneralizedPareto(xi, 3.0, 1.0)
    high = 1.0 + 3.0 / -xi
    assert law.support == (1.0, pytest.approx(high, rel=1e-15))
    assert law.isf(2.0**-1074) <= law.support[1]
    assert law.sf(1.0 + 0.25 * (high - 1.0)) == pytest.approx(0.75 ** (-1 / xi), rel=1e-13)
    assert law.cdf(1.0 + 0.25 * (high - 1.0)) == pytest.approx(1 - 0.75 ** (-1 / xi), rel=1e-13)
    assert law.mean() == pytest.approx(1.0 + 3.0 / (1.0 - xi), rel=1e-13)
    assert law.var() == pytest.approx(9.0 / ((1 - xi) ** 2 * (1 - 2 * xi)), rel=1e-13)


def test_the_parameters_of_a_window_come_from_the_kernel_alone():
    """NumPy's power and exp have other bits on other processors; here they say nothing at all."""
    for law, low, high in ((LogNormal(0, 1), 0.5, 9.0), (Frechet(1.5), 1.0, math.inf), (Weibull(0.4), 0.0, 2.0)):
        made = Truncated(law, low, high)._params()
        above, reach = made.above, made.above + made.width
        assert above == pytest.approx(law.sf(high), rel=1e-14)
        assert reach == pytest.approx(law.sf(low), rel=1e-14)
        if above > 0.0:
            assert law.isf(above) <= high < law.isf(np.nextafter(above, 0.0))
        assert above + made.width == 1.0 if low == 0.0 else law.isf(reach * (1 + 2.0**-50)) <= low


def test_what_is_built_on_an_affine_law_keeps_its_bits():
    """The affine law itself is drawn by a kernel, with the bits that NumPy gives; a wrapper of it is as it was."""
    from tailsim.kernels import api

    v = np.concatenate([2.0 ** -np.arange(0.0, 1000.0, 7), np.linspace(0.001, 1, 500)])
    for law in (2.5 * Pareto(1.5) + 0.3, Affine(3.1 * LogNormal(0, 1) - 0.7, 1.7), Pareto(0.9) - 2):
        assert law._params() is None
        assert np.array_equal(api.isf(law._kernel(), v), law._draw(v, None))
        assert ZeroInflated(law, 0.5)._kernel() is None
    plain = 2.5 * Pareto(1.5)._draw(v, None) + 0.3
    assert np.array_equal((2.5 * Pareto(1.5) + 0.3)._draw(v, None), plain)
    assert (-Pareto(1.5))._kernel() is None
    assert Spliced(LogNormal(0, 1), Pareto(1.5) - 2, 3.0, 0.1)._kernel() is not None


def test_atoms_of_nested_laws_are_found_without_a_warning():
    """Formulas of some laws reach 1/0 at the atoms of others."""
    law = Capped(Mixture([BurrXII(2.0, 1.0), Constant(0)], [0.5, 0.5]), 3.0)
    assert law.atoms == ((0.0, 0.5), (3.0, pytest.approx(0.05, rel=1e-14)))


def test_help_shows_what_a_law_takes():
    assert str(inspect.signature(Pareto)) == "(tail_index: float, scale: float = 1.0)"
    assert list(inspect.signature(ZeroInflated).parameters) == ["base", "p_zero"]
