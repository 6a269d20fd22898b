"""Hurwitz's zeta function and its first two derivatives in the exponent, free of overflow, and the exponent they give.

g(s, q) = q^s zeta(s, q) = sum over k >= 0 of (1 + k/q)^-s: a sum up to Q = q + K, at least s + 20, and the Euler-
Maclaurin formula from there (eight terms, below 1e-15). A sum whose terms have vanished before needs no formula.
"""

import math

import numpy as np

from ._jit import inline, jit
from .strict import BIAS, exp, exp2_coefficients, ln, ln_coefficients

# B_2j / (2j)!
_BERNOULLI = (
    1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600,
    -3617 / 10670622842880000,
)  # fmt: skip
_VANISHED = 1e-18


@inline
def remainder(s, q):
    """Euler-Maclaurin from q on, over q^-s: (A, A', A'') in s."""
    p, p1, p2 = s, 1.0, 0.0
    over = 1.0 / q
    square = over * over
    t = s - 1.0
    a, a1, a2 = q / t + 0.5, -q / (t * t), 2.0 * q / (t * t * t)
    for j in range(8):
        b = _BERNOULLI[j] * over
        a += b * p
        a1 += b * p1
        a2 += b * p2
        over *= square
        for m in range(2 * j + 1, 2 * j + 3):
            f = s + m
            p2 = p2 * f + 2.0 * p1
            p1 = p1 * f + p
            p *= f
    return a, a1, a2


@inline
def scaled_zeta(s, q, c2, lc):
    """(g, -g', g'') of g(s, q) = q^s zeta(s, q), for s > 1 and q >= 1."""
    g, g1, g2 = 0.0, 0.0, 0.0
    n = np.int64(max(0.0, math.ceil(s + 20.0 - q)))
    w, log = 1.0, 0.0
    for k in range(n):
        log = ln(1.0 + k / q, BIAS, lc)
        w = exp(-s * log, c2)
        g += w
        g1 += w * log
        g2 += w * log * log
        if w < _VANISHED:
            return g, g1, g2
    if n > 0:
        log = ln(1.0 + n / q, BIAS, lc)
        w = exp(-s * log, c2)
    a, a1, a2 = remainder(s, q + n)
    return g + w * a, g1 + w * (log * a - a1), g2 + w * (log * log * a - 2.0 * log * a1 + a2)


@inline
def solve_exponent(mean_log, q, start, c2, lc):
    """The s where the mean of ln(X / q) under P(X = x) ~ x^-s, x = q, q + 1, ... is ``mean_log``.

    Newton's method on one over the mean, nearly linear in s; NaN where sixty steps do not settle it.
    """
    s, change = start, np.inf
    for _ in range(60):
        g, g1, g2 = scaled_zeta(s, q, c2, lc)
        mean = g1 / g
        variance = g2 / g - mean * mean
        step = (1.0 / mean - 1.0 / mean_log) * mean * mean / variance
        new = min(max(s - step, 1.0 + 0.25 * (s - 1.0)), 1.0 + 4.0 * (s - 1.0))
        change = abs(new - s)
        s = new
        if change <= 4e-15 * s:
            return s
    return s if change <= 1e-11 * s else np.nan


def zeta_values(s, q, coefficients, out):
    """out[i] = ln(q_i^s zeta(s, q_i))."""
    c2, lc = exp2_coefficients(coefficients, 1.0), ln_coefficients(coefficients)
    for i in range(q.size):
        out[i] = ln(scaled_zeta(s, q[i], c2, lc)[0], BIAS, lc)


def zeta_exponent(mean_log, q, coefficients):
    """The s where the mean of ln(X / q) is ``mean_log``, from the continuous approximation; NaN where none is found."""
    c2, lc = exp2_coefficients(coefficients, 1.0), ln_coefficients(coefficients)
    start = 1.0 + 1.0 / (mean_log + ln(q / (q - 0.5), BIAS, lc))
    return solve_exponent(mean_log, q, start, c2, lc)


def zeta_moments(s, q, coefficients):
    """(mean, variance) of ln(X / q) under P(X = x) ~ x^-s, x = q, q + 1, ..."""
    g, g1, g2 = scaled_zeta(s, q, exp2_coefficients(coefficients, 1.0), ln_coefficients(coefficients))
    return g1 / g, g2 / g - (g1 / g) * (g1 / g)


zeta_values = jit(zeta_values)
zeta_exponent = jit(zeta_exponent)
zeta_moments = jit(zeta_moments)
