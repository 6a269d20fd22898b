"""Published and exact concentration figures; closed form 1e-12 unless stated."""

import math

import mpmath as mp
import pytest

from tailsim.payoffs import (
    BurrXII,
    Frechet,
    GeneralizedPareto,
    LogLogistic,
    LogNormal,
    Lomax,
    Pareto,
    Weibull,
    ZeroInflated,
)

A_80_20 = math.log(5) / math.log(4)


def test_80_20_gives_the_top_one_per_cent_52_81_per_cent():
    law = Pareto(A_80_20)
    assert law.top_share(0.2) == pytest.approx(0.8, rel=1e-12)
    assert law.top_share(0.01) == pytest.approx(0.5281, abs=5e-5)
    assert law.lorenz(0.8) == pytest.approx(0.2, rel=1e-12)


def test_newman_2005_wealth_pdf_exponent_2_1_top_fifth_holds_86_4_per_cent():
    assert Pareto(tail_index=2.1 - 1).top_share(0.2) == pytest.approx(0.864, abs=5e-4)


def test_taleb_and_douady_2015_population_share_of_the_top_one_per_cent():
    assert Pareto(1.1).top_share(0.01) == pytest.approx(0.657933, abs=5e-7)


def test_horsley_bridge_6_per_cent_make_60_per_cent():
    """The indices are printed to four decimals, which leaves 6e-5 of the share open."""
    assert Pareto(1.2218).top_share(0.06) == pytest.approx(0.6, abs=6e-5)
    assert LogNormal(0, 1.8081).top_share(0.06) == pytest.approx(0.6, abs=6e-5)


@pytest.mark.parametrize(("share", "a", "sigma"), [(0.48, 1.4679, 1.2314), (0.93, 1.0325, 2.7573)])
def test_scherer_and_harhoff_2000_top_tenth_of_inventions(share, a, sigma):
    """The indices are printed to four decimals, which leaves 1e-4 of the share open."""
    assert Pareto(a).top_share(0.1) == pytest.approx(share, abs=1.1e-4)
    assert LogNormal(0, sigma).top_share(0.1) == pytest.approx(share, abs=1.1e-4)


@pytest.mark.parametrize(
    ("law", "gini"),
    [
        (Pareto(1.5, 7.0), 1 / 2),
        (Pareto(3.0), 1 / 5),
        (Lomax(1.5, 7.0), 3 / 4),
        (LogNormal(5.0, 1.0), math.erf(0.5)),
        (Weibull(0.5, 3.0), 3 / 4),
        (Weibull(1.0), 1 / 2),
        (Frechet(2.0, 3.0), math.sqrt(2) - 1),
        (GeneralizedPareto(0.5, 3.0), 1 / (2 - 0.5)),
        (GeneralizedPareto(-2.0, 3.0), 1 / 4),
        (GeneralizedPareto(0.0), 1 / 2),
        (LogLogistic(4.0, 3.0), 1 / 4),
        (BurrXII(2.0, 2.0, 3.0), 1 - math.gamma(2) * math.gamma(3.5) / (math.gamma(4) * math.gamma(1.5))),
        (ZeroInflated(Pareto(1.5), 0.65), 0.65 + 0.35 / 2),
    ],
)
def test_gini_formulas(law, gini):
    assert law.gini() == pytest.approx(gini, rel=1e-12)


def test_shares_near_a_tail_index_of_one_stay_exact():
    assert Pareto(1 + 1e-9).gini() == pytest.approx(1 / (1 + 2e-9), rel=1e-15)
    assert Pareto(1 + 2**-40).top_share(1e-3) == pytest.approx(
        math.exp(math.log(1e-3) * 2**-40 / (1 + 2**-40)), rel=1e-15
    )


def test_zeros_leave_the_top_with_the_base():
    law = ZeroInflated(Pareto(1.5), 0.65)
    assert law.top_share(0.35) == 1.0
    assert law.top_share(0.5) == 1.0
    assert law.top_share(0.07) == pytest.approx(Pareto(1.5).top_share(0.2), rel=1e-12)
    assert law.lorenz(0.65) == 0.0


@pytest.mark.parametrize(
    ("law", "sf"),
    [
        (GeneralizedPareto(0.6, 2.0), lambda x: (1 + mp.mpf(0.6) * x / 2) ** (-1 / mp.mpf(0.6))),
        (LogLogistic(1.5), lambda x: 1 / (1 + x**1.5)),
        (BurrXII(2.0, 0.8), lambda x: (1 + x**2) ** -0.8),
        (BurrXII(0.5, 6.0), lambda x: (1 + mp.sqrt(x)) ** -6),
    ],
    ids=repr,
)
@pytest.mark.parametrize("fraction", [0.5, 0.06, 1e-4])
def test_top_shares_against_quadrature(law, sf, fraction):
    """Special function 1e-9: the top hold f u + the integral of sf beyond u, over the mean."""
    cuts = [mp.mpf(10) ** k for k in range(-6, 60, 2)]

    def beyond(u):
        return mp.quad(sf, [u, *(c for c in cuts if c > u), mp.inf])

    u = mp.mpf(law.isf(fraction))
    mean = beyond(mp.mpf(0))
    assert law.mean() == pytest.approx(float(mean), rel=1e-9)
    assert law.top_share(fraction) == pytest.approx(float((fraction * u + beyond(u)) / mean), rel=1e-9)
    assert law.lorenz(1 - fraction) == pytest.approx(1 - law.top_share(fraction), rel=1e-9, abs=1e-15)
