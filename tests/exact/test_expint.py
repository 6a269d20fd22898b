"""The generalised exponential integral against mpmath."""

import math

import mpmath
import numpy as np
import pytest

from tailsim.exact._expint import gap_on_cut, scaled_expint

INDICES = [0.05, 0.49, 0.7, 1.0, 1.0 + 1e-10, 1.5, 2.0, 2.500001, 7.3, 30.0]


@pytest.mark.parametrize("a", INDICES)
def test_scaled_exponential_integral_over_the_cut_plane(a: float) -> None:
    rng = np.random.default_rng(1)
    s = 10 ** rng.uniform(-8, 2.5, 25) * np.exp(1j * math.pi * rng.uniform(0, 0.999, 25))
    with mpmath.workdps(40):
        truth = np.array([complex(mpmath.exp(mpmath.mpc(z)) * mpmath.expint(a, mpmath.mpc(z))) for z in s])
    assert np.abs(scaled_expint(a, s) / truth - 1.0).max() < 1e-14


@pytest.mark.parametrize("a", INDICES)
def test_both_sides_of_the_cut_to_full_precision(a: float) -> None:
    t = 10 ** np.random.default_rng(2).uniform(-8, 2.5, 15)
    real, imaginary = gap_on_cut(a, t)
    with mpmath.workdps(40):
        for i, y in enumerate(t):
            e = mpmath.expint(a, mpmath.mpc(-mpmath.mpf(y), 0))
            whole = -mpmath.mpf(y) * mpmath.exp(-mpmath.mpf(y)) * mpmath.re(e)
            jump = mpmath.pi * mpmath.mpf(y) ** a * mpmath.exp(-mpmath.mpf(y)) / mpmath.gamma(a)
            assert abs(real[i] - whole) <= 1e-12 * abs(whole) + 1e-15 * abs(e * y * mpmath.exp(-y))
            assert imaginary[i] == pytest.approx(float(jump), rel=3e-13)
