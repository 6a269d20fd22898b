"""e^s E_a(s), the generalised exponential integral, for complex s and any a > 0, in double precision."""

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._lazy import special

Complexes = NDArray[np.complexfloating[Any, Any]]
Floats = NDArray[np.floating[Any]]

_NEAR_CUT = 2.0  # |s| + Re s below it: the power series loses at most e**2 of its digits there
_FIRST = np.arange(2.0, 70.0)


def scaled_expint(a: float, s: Complexes) -> Complexes:
    """e^s E_a(s) for s off the negative axis, relative error about 1e-14.

    Notes
    -----
    Power series in a parabola around the negative axis, continued fraction outside it, asymptotic series
    far out along the axis.

    References
    ----------
    DLMF 8.19.10 and 8.19.11 (series), 8.19.17 (continued fraction), 8.20.2 (asymptotic).
    """
    out = np.empty_like(s)
    size = np.abs(s)
    near = size + s.real < _NEAR_CUT
    far = near & (size > _asymptotic_from(a))
    near &= ~far
    rest = ~(near | far)
    if near.any():
        z = s[near]
        out[near] = np.exp(z) * _series(a, z, np.log(z))
    if far.any():
        out[far] = _asymptotic(a, s[far])
    if rest.any():
        out[rest] = _fraction(a, s[rest])
    return out


def gap_on_cut(a: float, t: Floats) -> tuple[Floats, Floats]:
    """Real and imaginary part of 1 - L(t e^(i pi)) for L(s) = 1 - s e^s E_a(s), each to full precision.

    Notes
    -----
    The imaginary part is pi t^a e^-t / gamma(a): for a single Lomax law it inverts to its survival function.
    """
    real = np.empty_like(t)
    far = t > _asymptotic_from(a)
    s = -t + 0j
    real[~far] = (-t[~far] * np.exp(-t[~far])) * _series(a, s[~far], np.log(t[~far]) + 1j * math.pi).real
    real[far] = -t[far] * _asymptotic(a, s[far]).real
    imaginary = np.exp(math.log(math.pi) + a * np.log(t) - t - math.lgamma(a))
    return real, imaginary


def _asymptotic_from(a: float) -> float:
    return 60.0 + 2.0 * a


def _series(a: float, s: Complexes, log_s: Complexes) -> Complexes:
    """E_a(s) by its power series; the term that blows up near whole a is joined with the power of s."""
    pole = max(round(a) - 1, 0)
    total = np.zeros_like(s)
    term = np.ones_like(s)
    at_pole = term
    most = int(3.6 * float(np.abs(s).max(initial=0.0))) + 45 + pole
    for k in range(most):
        if k:
            term = term * (-s / k)
        if k == pole:
            at_pole = term
        else:
            total -= term / (k + 1.0 - a)
    return total - at_pole * _joined(a - 1.0 - pole, pole, log_s)


def _joined(eps: float, pole: int, log_s: Complexes) -> Complexes:
    """(s**eps * (pi eps / sin pi eps) * pole! / gamma(1 + pole + eps) - 1) / eps, also at eps = 0."""
    g = log_s + _slope(eps, pole)
    if abs(eps) < 1e-9:
        return g * (1.0 + 0.5 * eps * g)
    return np.asarray(special.expm1(eps * g) / eps)


@lru_cache(maxsize=256)
def _slope(eps: float, pole: int) -> float:
    """1 / eps times log((pi eps / sin pi eps) * pole! / gamma(1 + pole + eps)), by Taylor series in eps."""
    if abs(eps) > 0.5:  # the tail index is below 1/2, and nothing cancels
        angle = math.pi * eps
        return (math.log(angle / math.sin(angle)) - math.lgamma(1.0 + eps)) / eps
    zeta = special.zeta(_FIRST)
    reflection = np.sum(2.0 * (zeta * eps ** (_FIRST - 1.0) / _FIRST)[::2])
    log_gamma = -np.euler_gamma + np.sum(zeta * (-1.0) ** _FIRST * eps ** (_FIRST - 1.0) / _FIRST)
    steps = sum(math.log1p(eps / j) / eps if eps else 1.0 / j for j in range(1, pole + 1))
    return float(reflection - log_gamma - steps)


def _fraction(a: float, s: Complexes) -> Complexes:
    """e^s E_a(s) by the even part of its continued fraction, from the far end."""
    depth = int(230.0 / float((np.abs(s) + s.real).min())) + 12
    f = s + (a + 2.0 * depth)
    for k in range(depth, 0, -1):
        f = s + (a + 2.0 * (k - 1)) - (k * (a + k - 1.0)) / f
    return np.asarray(1.0 / f)


def _asymptotic(a: float, s: Complexes) -> Complexes:
    """e^s E_a(s) by its asymptotic series, down to the rounding error for |s| > 60 + 2 a."""
    inverse: Any = 1.0 / s
    term = inverse
    total = term.copy()
    for k in range(40):
        term = term * (-(a + k)) * inverse
        total += term
    return np.asarray(total)
