"""Partial means and probabilities where an exceedance or a ratio leaves the range of doubles."""

import math

import mpmath
import numpy as np
import pytest

from tailsim.payoffs import (
    BurrXII,
    Capped,
    Frechet,
    GeneralizedPareto,
    LogLogistic,
    Lomax,
    Mixture,
    Pareto,
    Spliced,
    Stable,
    StudentT,
    Weibull,
    ZeroInflated,
)


@pytest.mark.parametrize(
    ("law", "constant"),
    [
        (Pareto(1.5), 1.0),
        (Lomax(1.5), 1.0),
        (GeneralizedPareto(2 / 3, 2 / 3), 1.0),
        (Frechet(1.5), 1.0),
        (LogLogistic(1.5), 1.0),
        (BurrXII(10.0, 0.15), 1.0),
        (StudentT(3.0), 2 * math.sqrt(3) / math.pi),
        (Stable(1.5), math.gamma(1.5) * math.sin(0.75 * math.pi) / math.pi),
        (ZeroInflated(Pareto(1.5), 0.75), 0.25),
        (2 * Pareto(1.5) + 1, 2**1.5),
        (Mixture([Pareto(1.5), Capped(Lomax(1.1), 2.0)], [0.5, 0.5]), 0.5),
        (Spliced(Weibull(0.5), Pareto(1.5), 4.0, 0.125), 1.0),
    ],
    ids=lambda x: type(x).__name__ if not isinstance(x, float) else "",
)
def test_partial_means_follow_the_power_where_exceedances_are_no_doubles(law, constant):
    """sf = constant x**-a has the partial mean constant a / (a - 1) u**(1 - a), also where sf(u) is 0 as a double."""
    a, u = law.tail_index, np.array([1e60, 1e204, 1e206, 1e250, 1e307])
    expected = [float(constant * a / (a - 1) * mpmath.mpf(x) ** (1 - a)) for x in u.tolist()]
    np.testing.assert_allclose(law.partial_mean(u), expected, rtol=1e-11)


def test_partial_mean_of_a_light_tail_is_zero_far_out():
    assert Weibull(0.3).partial_mean(1e300) == 0.0
    assert Pareto(2.0).partial_mean(1e308) == pytest.approx(2e-308, rel=1e-9)


def test_burr_partial_means_where_the_ratio_underflows():
    """(x / scale)**c is beyond the doubles from 2e6 on, where a tenth of the payoffs still lie above."""
    law = BurrXII(50.0, 0.03)
    a = mpmath.mpf(50.0) * mpmath.mpf(0.03)
    u = mpmath.mpf(1e8)
    assert law.partial_mean(1e8) == pytest.approx(float(a / (a - 1) * u ** (1 - a)), rel=1e-12)


@pytest.mark.parametrize("law", [GeneralizedPareto(50.0), GeneralizedPareto(1e4, 1e-5, 1e5)], ids=repr)
def test_sf_and_cdf_of_a_monstrous_tail_add_up_at_the_end_of_the_doubles(law):
    x = np.array([1e200, 1e300, 1e308])
    np.testing.assert_allclose(law.sf(x) + law.cdf(x), 1.0, rtol=1e-12)


@pytest.mark.parametrize("scale", [1e-300, 1e300])
@pytest.mark.parametrize(
    "family",
    [lambda s: Frechet(1.5, s), lambda s: Weibull(1.5, s), lambda s: LogLogistic(1.5, s), lambda s: Lomax(1.5, s)],
    ids=["Frechet", "Weibull", "LogLogistic", "Lomax"],
)
def test_densities_are_numbers_at_both_ends_of_the_doubles(family, scale):
    assert not np.isnan(family(scale).logpdf([5e-324, 1e-310, 1.0, 1e300, 1.7e308])).any()


def test_nothing_but_zeros_has_no_density_anywhere():
    assert ZeroInflated(Weibull(0.3), 1.0).pdf([0.0, 1.0]).tolist() == [0.0, 0.0]
