"""The shadow mean: its published figure, the formula with mpmath's incomplete gamma function, and its own law."""

import mpmath
import numpy as np
import pytest

from tailsim.errors import ArgumentError
from tailsim.payoffs import Pareto
from tailsim.stats import shadow_mean


def test_cirillo_and_taleb_2016_shadow_mean():
    assert shadow_mean(1.5, 2, 1, 1000) == pytest.approx(29.46383, abs=5e-6)


@pytest.mark.parametrize(
    ("xi", "scale", "low", "high"),
    [(0.5, 2, 1, 1e3), (1, 2, 1, 1e3), (1.7, 1e4, 1e5, 7e9), (0.3, 1, 0, 10), (2, 1, 1, 1.5), (0.05, 1, 1, 1e4)],
)
def test_the_formula_with_mpmath(xi, scale, low, high):
    with mpmath.workdps(40):
        a = 1 / mpmath.mpf(xi)
        u = a * scale / high
        expected = low + (high - low) * mpmath.exp(u) * u**a * mpmath.gammainc(1 - a, u)
    assert shadow_mean(xi, scale, low, high) == pytest.approx(float(expected), rel=1e-9)


def test_it_is_the_mean_of_the_bounded_quantity():
    """Y = high - (high - low) exp(-(Z - low) / high), Z - low GPD; over 2^20 even quantiles."""
    v = (np.arange(2**20) + 0.5) / 2**20
    excess = 2 / 1.5 * (Pareto(1 / 1.5).isf(v) - 1)
    y = 1000 - 999 * np.exp(-excess / 1000)
    assert shadow_mean(1.5, 2, 1, 1000) == pytest.approx(y.mean(), rel=1e-4)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((0, 2, 1, 10), "xi must be a finite number above 0, got 0"),
        ((1, -2, 1, 10), "scale must be a finite number above 0, got -2"),
        ((1, 2, -1, 10), "low must be a finite number, not negative, got -1"),
        ((1, 2, 1, 1), "high must be a finite number above low = 1, got 1"),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(arguments, said):
    with pytest.raises(ArgumentError, match=rf"^{said}\.$"):
        shadow_mean(*arguments)
