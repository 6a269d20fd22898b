"""Inverse survival functions: one per parameter tuple, each a few short loops over a tile.

``draw(params, c, v, x, n, s, deep)`` puts the payoffs at exceedances v[:n] into x[:n]. ``c`` is
COEFFICIENTS; ``deep`` says that some v may be subnormal; v and x must not overlap. ``s`` holds as
many scratch rows as ``params.scratch_rows`` says: long chains of arithmetic are cut into loops
through them, and a wrapper takes the first ones and hands on the rest. The NamedTuple's type
selects the kernel at compile time.
"""

import math

import numpy as np
from numba.core import types
from numba.extending import overload

from . import cells
from . import params as p
from . import strict as m
from ._jit import OPTIONS, inline
from .bits import fma, larger, le_mask, pick_gt, pick_le, wide

_U = np.uint64


def draw(params, c, v, x, n, s, deep):
    """Payoffs of a law at given exceedances; compiled per parameter type."""
    raise TypeError(f"no kernel for {type(params).__name__}")


def _power(params, c, v, x, n, s, deep):
    wide()
    a = m.log2_coefficients(c, params.exponent)
    e = m.exp2_coefficients(c, params.scale)
    exponent, reduced, whole = params.exponent, s[0], s[1]
    for i in range(_U(n)):
        reduced[i], whole[i] = m.power_reduce(v[i], exponent, m.BIAS, a)
    for i in range(_U(n)):
        x[i] = m.power_scale(m.poly12(reduced[i], e), whole[i])
    if deep:
        for i in range(_U(n)):
            if v[i] < m.TINY:
                r, k = m.power_reduce(v[i] * 2.0**54, exponent, m.BIAS + 54.0, a)
                x[i] = m.power_scale(m.poly12(r, e), k)


def _power_minus_one(params, c, v, x, n, s, deep):
    wide()
    a = m.log2_coefficients(c, params.exponent)
    e = m.expm1_coefficients(c, 1.0)
    exponent, scale, reduced, whole = params.exponent, params.scale, s[0], s[1]
    for i in range(_U(n)):
        reduced[i], whole[i] = m.power_reduce(v[i], exponent, m.BIAS, a)
    for i in range(_U(n)):
        base = m.power_scale(1.0, whole[i])
        x[i] = fma(reduced[i] * m.poly12(reduced[i], e), base, base - 1.0) * scale
    if deep:
        for i in range(_U(n)):
            if v[i] < m.TINY:
                r, k = m.power_reduce(v[i] * 2.0**54, exponent, m.BIAS + 54.0, a)
                base = m.power_scale(1.0, k)
                x[i] = fma(r * m.poly12(r, e), base, base - 1.0) * scale


def _safe_power(params, c, v, x, n, s, deep):
    wide()
    a, e = m.log2_tail_coefficients(c), m.exp2_coefficients(c, 1.0)
    mantissa, shift = m.scale_parts(params.scale)
    reduced, whole = s[0], s[1]
    _safe_reduce(params, a, shift, v, reduced, whole, n, deep)
    for i in range(_U(n)):
        x[i] = m.scaled(m.poly12(reduced[i], e) * mantissa, whole[i])


def _safe_power_minus_one(params, c, v, x, n, s, deep):
    wide()
    a, e = m.log2_tail_coefficients(c), m.expm1_coefficients(c, 1.0)
    mantissa, shift = m.scale_parts(params.scale)
    reduced, whole, scale = s[0], s[1], params.scale
    _safe_reduce(params, a, shift, v, reduced, whole, n, deep)
    for i in range(_U(n)):
        x[i] = m.scaled_minus_one(reduced[i] * m.poly12(reduced[i], e), whole[i], mantissa, shift, scale)


@inline
def _safe_reduce(params, a, shift, v, reduced, whole, n, deep):
    """v**exponent 2^shift = 2^(whole + reduced); lanes that are not normal numbers one by one."""
    wide()
    exponent = m.limited(params.exponent)
    for i in range(_U(n)):
        reduced[i], whole[i] = m.safe_power_reduce(v[i], exponent, m.BIAS, shift, a)
    if deep:
        for i in range(_U(n)):
            if v[i] < m.TINY:
                reduced[i], whole[i] = m.safe_power_reduce(v[i] * 2.0**54, exponent, m.BIAS + 54.0, shift, a)


@inline
def _minus_ln(v, x, n, ln_c, deep):
    """x = -log(v)."""
    wide()
    for i in range(_U(n)):
        x[i] = -m.ln(v[i], m.BIAS, ln_c)
    if deep:
        for i in range(_U(n)):
            if v[i] < m.TINY:
                x[i] = -m.ln(v[i] * 2.0**54, m.BIAS + 54.0, ln_c)


def _neg_log(params, c, v, x, n, s, deep):
    wide()
    _minus_ln(v, x, n, m.ln_coefficients(c), deep)
    for i in range(_U(n)):
        x[i] = x[i] * params.scale


@inline
def _power_of_log(params, c, x, n, s):
    """x = scale * x**exponent for any x > 0 that need not be normal; zero stays at its limit."""
    wide()
    a, e = m.log2_tail_coefficients(c), m.exp2_coefficients(c, 1.0)
    mantissa, shift = m.scale_parts(params.scale)
    reduced, whole = s[0], s[1]
    at_zero = 0.0 if params.exponent > 0.0 else math.inf
    small = _U(0)
    for i in range(_U(n)):
        small |= le_mask(x[i], m.TINY)
    _safe_reduce(params, a, shift, x, reduced, whole, n, small != _U(0))
    for i in range(_U(n)):
        y = m.scaled(m.poly12(reduced[i], e) * mantissa, whole[i])
        x[i] = pick_gt(x[i], 0.0, y, at_zero)


def _neg_log_power(params, c, v, x, n, s, deep):
    _minus_ln(v, x, n, m.ln_coefficients(c), deep)
    _power_of_log(params, c, x, n, s)


def _neg_log1p_power(params, c, v, x, n, s, deep):
    wide()
    ln_c = m.ln_coefficients(c)
    for i in range(_U(n)):
        # v = 1 has the exceedance of the last double below it
        x[i] = m.minus_log1p(pick_gt(v[i], 1.0 - 2.0**-53, 1.0 - 2.0**-53, v[i]), ln_c)
    _power_of_log(params, c, x, n, s)


def _gaussian(params, c, v, x, n, s, deep):
    wide()
    _normal(params, c, v, x, n, s[0], deep)


def _exp_normal(params, c, v, x, n, s, deep):
    wide()
    e = m.exp2_coefficients(c, params.scale)
    _normal(params, c, v, x, n, s[0], deep)
    for i in range(_U(n)):
        x[i] = m.exp(x[i], e)


@inline
def _normal(params, c, v, x, n, w, deep):
    """x = mu + sigma z."""
    wide()
    ln_c = m.ln_coefficients(c)
    pq = m.normal_coefficients(c)
    mu, sigma = params.mu, params.sigma
    far = _U(0)
    for i in range(_U(n)):
        w[i] = m.normal_variable(v[i], ln_c)
        far |= le_mask(m.FAR, w[i])
    for i in range(_U(n)):
        x[i] = fma(sigma, m.normal_quantile(v[i], w[i], pq), mu)
    if far or deep:
        _far_normal(params, c, v, x, n, w)


@inline
def _far_normal(params, c, v, x, n, w):
    """mu + sigma z where v or 1 - v is below 1.2e-10."""
    ln_c = m.ln_coefficients(c)
    pq = m.normal_deep_coefficients(c)
    for i in range(_U(n)):
        if v[i] < 1e-9 and w[i] >= m.FAR:
            y, bias = m.normalised(v[i])
            x[i] = fma(params.sigma, m.normal_quantile_deep(y, bias, ln_c, pq), params.mu)
        elif w[i] >= m.FAR:
            y = larger(1.0 - v[i], 2.0**-54)
            x[i] = fma(-params.sigma, m.normal_quantile_deep(y, m.BIAS, ln_c, pq), params.mu)


def _odds(params, c, v, x, n, s, deep):
    wide()
    odds = s[0]
    for i in range(_U(n)):
        y = pick_gt(v[i], 1.0 - 2.0**-53, 1.0 - 2.0**-53, v[i])  # as in _neg_log1p_power
        odds[i] = y / (1.0 - y)
    draw(params.base, c, odds, x, n, s[1:], deep)


def _power_product(params, c, v, x, n, s, deep):
    wide()
    root = s[2]
    draw(params.inner, c, v, root, n, s, deep)
    for i in range(_U(n)):
        root[i] = -root[i]
    _power_of_log(params.root, c, root, n, s)
    draw(params.outer, c, v, x, n, s, deep)
    for i in range(_U(n)):
        x[i] = x[i] * root[i]


def _linear(params, c, v, x, n, s, deep):
    wide()
    for i in range(_U(n)):
        x[i] = fma(-params.width, v[i], params.high)


def _fixed(params, c, v, x, n, s, deep):
    wide()
    for i in range(_U(n)):
        x[i] = params.value


def _resample(params, c, v, x, n, s, deep):
    values = params.values
    size = float(values.size)
    for i in range(_U(n)):
        x[i] = values[_U(max(math.ceil(v[i] * size) - 1.0, 0.0))]


def _pieces(params, c, v, x, n, s, deep):
    wide()
    upto, pieces = params.upto, params.upto.size
    a, b, is_log, scale = params.a, params.b, params.log, params.scale
    e = m.exp2_coefficients(c, 1.0)
    line, straight, index = s[0], s[1], s[2]
    for i in range(_U(n)):
        index[i] = 0.0
    for j in range(pieces - 1):
        edge = upto[j]
        for i in range(_U(n)):
            index[i] += pick_le(v[i], edge, 0.0, 1.0)
    for i in range(_U(n)):
        j = _U(index[i])
        below = upto[j - _U(1)] if j > _U(0) else 0.0
        line[i] = fma(b[j], (v[i] - below) / (upto[j] - below), a[j])
        straight[i] = is_log[j]
    for i in range(_U(n)):
        x[i] = pick_gt(straight[i], 0.0, m.exp(line[i], e), line[i]) * scale
    if upto[0] > 0.0:
        # the open top bucket: its few lanes gathered, drawn by their own law, and put back. All in this function:
        # a helper that leads to draw would be compiled inside itself where the top is a table again
        few, paid, where = s[0], s[1], s[2]
        k = _U(0)
        for i in range(_U(n)):
            where[k] = float(i)
            few[k] = v[i] / upto[0]
            k += le_mask(v[i], upto[0])
        draw(params.top, c, few, paid, k, s[3:], deep)
        for i in range(k):
            x[_U(where[i])] = paid[i]


def _with_zeros(params, c, v, x, n, s, deep):
    wide()
    q, w = params.q, s[0]
    inverse = 1.0 / q
    for i in range(_U(n)):
        y = v[i] * inverse
        w[i] = pick_gt(y, 1.0, 1.0, y)
    draw(params.base, c, w, x, n, s[1:], deep)
    for i in range(_U(n)):
        x[i] = pick_le(v[i], q, x[i], 0.0)


def _moved(params, c, v, x, n, s, deep):
    wide()
    draw(params.base, c, v, x, n, s, deep)
    for i in range(_U(n)):
        x[i] = params.factor * x[i] + params.shift


def _capped(params, c, v, x, n, s, deep):
    wide()
    draw(params.base, c, v, x, n, s, deep)
    for i in range(_U(n)):
        x[i] = pick_gt(x[i], params.cap, params.cap, x[i])


def _within(params, c, v, x, n, s, deep):
    wide()
    above, width, low, high, y = params.above, params.width, params.low, params.high, s[0]
    small = _U(0)
    for i in range(_U(n)):
        z = fma(width, v[i], above)
        z = pick_gt(z, 1.0, 1.0, z)
        y[i] = pick_gt(z, 0.0, z, 2.0**-1074)
        small |= le_mask(y[i], m.TINY)
    draw(params.base, c, y, x, n, s[1:], deep or small != _U(0))
    for i in range(_U(n)):
        z = pick_gt(x[i], high, high, x[i])
        x[i] = pick_gt(low, z, low, z)


def _split(params, c, v, x, n, s, deep):
    wide()
    p, piece, paid, where = params.p, s[0], s[1], s[2]
    for i in range(_U(n)):
        piece[i] = pick_gt(v[i], p, (v[i] - p) / (1.0 - p), 1.0)
    draw(params.lower, c, piece, x, n, s[3:], deep)
    # the few lanes of the upper law as in _pieces
    k = _U(0)
    for i in range(_U(n)):
        where[k] = float(i)
        piece[k] = v[i] / p
        k += le_mask(v[i], p)
    draw(params.upper, c, piece, paid, k, s[3:], deep)
    for i in range(k):
        x[_U(where[i])] = paid[i]


KERNELS = {
    p.Power: _power,
    p.SafePower: _safe_power,
    p.PowerMinusOne: _power_minus_one,
    p.SafePowerMinusOne: _safe_power_minus_one,
    p.NegLog: _neg_log,
    p.NegLogPower: _neg_log_power,
    p.NegLog1pPower: _neg_log1p_power,
    p.ExpNormal: _exp_normal,
    p.Gaussian: _gaussian,
    p.Odds: _odds,
    p.PowerProduct: _power_product,
    p.Linear: _linear,
    p.Fixed: _fixed,
    p.Resample: _resample,
    p.Pieces: _pieces,
    p.Table: cells.table,
    p.LogTable: cells.log_table,
    p.WithZeros: _with_zeros,
    p.Moved: _moved,
    p.Within: _within,
    p.Capped: _capped,
    p.Split: _split,
}


@overload(draw, jit_options=OPTIONS)
def _draw(params, c, v, x, n, s, deep):
    if isinstance(params, types.BaseNamedTuple):
        return KERNELS.get(params.instance_class)
    return None
