"""Hurwitz's zeta function, its moments and the exponent they give, against mpmath's sums."""

import mpmath as mp
import numpy as np
import pytest

from tailsim.kernels import zeta
from tailsim.kernels.strict import COEFFICIENTS

CASES = [(1.001, 1), (1.2, 1), (1.5, 1e15), (2.5, 1), (2.5, 7), (3.0, 1e9), (30.0, 1), (30.0, 50), (500.0, 1000)]


def terms(s, q):
    """ln(k/q) and (k/q)^-s for all k that matter, s large enough that they are few."""
    with mp.workdps(30):
        logs = [mp.log1p(mp.mpf(k) / int(q)) for k in range(8000)]
        return logs, [mp.exp(-mp.mpf(s) * log) for log in logs]


def log_scaled_zeta(s, q):
    with mp.workdps(30):
        if s < 20:
            return float(mp.log(mp.zeta(mp.mpf(s), mp.mpf(q))) + mp.mpf(s) * mp.log(mp.mpf(q)))
        return float(mp.log(mp.fsum(terms(s, q)[1])))


@pytest.mark.parametrize(("s", "q"), CASES)
def test_zeta_is_right_to_special_function_tolerance(s: float, q: float) -> None:
    out = np.empty(1)
    zeta.zeta_values(s, np.array([q], dtype=float), COEFFICIENTS, out)
    assert out[0] == pytest.approx(log_scaled_zeta(s, q), rel=1e-13, abs=2e-15)


@pytest.mark.parametrize(("s", "q"), [(1.2, 1), (2.5, 1), (2.5, 7), (4.0, 1000)])
def test_moments_are_derivatives_of_the_logarithm(s: float, q: int) -> None:
    with mp.workdps(40):
        mean, variance = (
            sign * mp.diff(lambda t: mp.log(mp.zeta(t, q)), mp.mpf(s), order) for sign, order in ((-1, 1), (1, 2))
        )
        wanted = float(mean - mp.log(q)), float(variance)
    assert zeta.zeta_moments(s, float(q), COEFFICIENTS) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("q", [1.0, 2.0, 12.0, 1e4, 1e12])
@pytest.mark.parametrize("s", [1.01, 1.3, 2.4, 6.0, 40.0])
def test_the_exponent_of_the_mean_log_is_found_again(s: float, q: float) -> None:
    mean = zeta.zeta_moments(s, q, COEFFICIENTS)[0]
    assert zeta.zeta_exponent(mean, q, COEFFICIENTS) == pytest.approx(s, rel=1e-9)
