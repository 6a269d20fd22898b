"""Inverse survival functions whose parameters differ from number to number, as where a parameter is itself drawn.

Arrays of one length: exceedances v, parameters, payoffs x. They say what ``laws`` says, within two units in the
last place. A scale comes as mantissa * 2^shift beside itself, so that nothing overflows before its product does.
"""

import numpy as np

from . import strict as m
from ._jit import inline, jit
from .bits import fma, larger, pick_gt
from .latent import _normals
from .philox import TILE

_U = np.uint64


@inline
def _reduced(v, exponent, shift, reduced, whole, a):
    """v**exponent 2^shift = 2^(whole + reduced), lane by lane; numbers that are not normal one by one."""
    small = False
    for i in range(_U(v.size)):
        reduced[i], whole[i] = m.safe_power_reduce(v[i], exponent[i], m.BIAS, shift[i], a)
        small |= v[i] < m.TINY
    if small:
        for i in range(v.size):
            if v[i] < m.TINY:
                reduced[i], whole[i] = m.safe_power_reduce(v[i] * 2.0**54, exponent[i], m.BIAS + 54.0, shift[i], a)


@inline
def _power_tile(v, exponent, mantissa, shift, x, c):
    a, e = m.log2_tail_coefficients(c), m.exp2_coefficients(c, 1.0)
    reduced, whole = np.empty(v.size), np.empty(v.size)
    _reduced(v, exponent, shift, reduced, whole, a)
    for i in range(_U(v.size)):
        x[i] = m.scaled(m.poly12(reduced[i], e) * mantissa[i], whole[i])


def powers(v, exponent, mantissa, shift, x, c):
    """mantissa 2^shift v**exponent; v in (0, inf), exponents within 1e290."""
    for start in range(0, v.size, TILE):
        p = slice(start, min(start + TILE, v.size))
        _power_tile(v[p], exponent[p], mantissa[p], shift[p], x[p], c)


def powers_minus_one(v, exponent, mantissa, shift, x, c):
    """mantissa 2^shift (v**exponent - 1), exact near v = 1."""
    a, e = m.log2_tail_coefficients(c), m.expm1_coefficients(c, 1.0)
    reduced, whole = np.empty(TILE), np.empty(TILE)
    for start in range(0, v.size, TILE):
        p = slice(start, min(start + TILE, v.size))
        n = _U(v[p].size)
        _reduced(v[p], exponent[p], shift[p], reduced[:n], whole[:n], a)
        for i in range(n):
            j = _U(start) + i
            scale = m.scaled(mantissa[j], shift[j] + m._ROUND)
            x[j] = m.scaled_minus_one(reduced[i] * m.poly12(reduced[i], e), whole[i], mantissa[j], shift[j], scale)


def hazards(v, x, upper, c):
    """-log(v) where ``upper``, else -log(1 - v); never zero, so that any power of it exists."""
    ln_c = m.ln_coefficients(c)
    for i in range(_U(v.size)):
        y = pick_gt(v[i], 1.0 - 2.0**-53, 1.0 - 2.0**-53, v[i])
        x[i] = larger(-m.ln(y, m.BIAS, ln_c) if upper else m.minus_log1p(y, ln_c), 5e-324)
    if upper:
        for i in range(v.size):
            if v[i] < m.TINY:
                x[i] = -m.ln(v[i] * 2.0**54, m.BIAS + 54.0, ln_c)


def exp_normals(v, mu, sigma, x, c):
    """exp(mu + sigma z), z the normal quantile of exceedance v."""
    e = m.exp2_coefficients(c, 1.0)
    for start in range(0, v.size, TILE):
        p = slice(start, min(start + TILE, v.size))
        _normals(v[p], x[p], c)
    for i in range(_U(v.size)):
        x[i] = m.exp(fma(sigma[i], x[i], mu[i]), e)


powers = jit(powers)
powers_minus_one = jit(powers_minus_one)
hazards = jit(hazards)
exp_normals = jit(exp_normals)
