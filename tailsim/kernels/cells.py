"""Quantiles from tables: a polynomial in each cell of the exceedance, and a formula for what lies beyond the cells.

The conventions are those of laws.py; tailsim/payoffs/_quantiles.py makes the tables.
"""

import numpy as np

from . import strict as m
from ._jit import inline
from .bits import bits_of, double_of, fma, le_mask, pick_gt, wide

_U = np.uint64


@inline
def _cells(params, v, x, n, index, within):
    """The polynomial of every lane's cell into x; true where a lane is beyond the cells."""
    wide()
    cells, bits, lower = params.cells, _U(params.bits), _U(params.lower)
    shift, first = _U(52) - bits, m.LAST_OCTAVE << bits
    far = _U(0)
    for i in range(_U(n)):
        u = pick_gt(v[i], 0.5, 1.0 - v[i], v[i])
        far |= le_mask(u, m.TABLE_END)
        b = bits_of(pick_gt(u, m.TABLE_END, pick_gt(u, m.BELOW_HALF, m.BELOW_HALF, u), m.TABLE_END))
        index[i] = double_of((b >> shift) - first + (_U(1) - le_mask(v[i], 0.5)) * lower)
        within[i] = m.fraction(b, bits)
    for i in range(_U(n)):
        k = bits_of(index[i]) * _U(6)
        t = within[i]
        t2 = t * t
        low = fma(fma(cells[k + _U(3)], t, cells[k + _U(2)]), t2, fma(cells[k + _U(1)], t, cells[k]))
        x[i] = fma(fma(cells[k + _U(5)], t, cells[k + _U(4)]), t2 * t2, low)
    return far != _U(0)


@inline
def _beyond_cells(params, c, v, x, n):
    """The same ratio by the deep formula, for the few lanes with v or 1 - v beyond the cells."""
    a, e = m.log2_tail_coefficients(c), m.exp2_coefficients(c, 1.0)
    for i in range(_U(n)):
        u = v[i] if v[i] <= 0.5 else max(1.0 - v[i], 2.0**-54)
        if u <= m.TABLE_END:
            side = 0 if v[i] <= 0.5 or params.lower == 0 else 1
            y, bias = m.normalised(u)
            r, k = m.safe_power_reduce(y, -1.0, bias, 0.0, a)
            depth = (k - m.ROUND) + r
            g = _barycentric(params, side, depth)
            whole = (min(max(g, -4000.0), 4000.0) + m.ROUND) - m.ROUND
            r, k = m.safe_power_reduce(y, m.limited(-params.slope[side]), bias, whole, a)
            ratio = m.scaled(m.poly12(r, e) * m.poly12(min(max(g - whole, -0.5), 0.5), e), k)
            x[i] = fma(fma(params.m1, v[i], params.m0) * ratio, params.scale, params.shift)


@inline
def _barycentric(params, side, depth):
    """Interpolation between the nodes of the segment that holds this depth."""
    j = 0
    while j + 2 < params.ends.shape[1] and depth > params.ends[side, j + 1]:
        j += 1
    a, b = params.ends[side, j], params.ends[side, j + 1]
    t = ((depth - a) - (b - depth)) / (b - a)
    above, below = 0.0, 0.0
    for i in range(params.nodes.shape[1]):
        d = t - params.nodes[0, i]
        if d == 0.0:
            return params.values[side, j, i]
        w = params.nodes[1, i] / d
        above += w * params.values[side, j, i]
        below += w
    return above / below


def table(params, c, v, x, n, s, deep):
    wide()
    far = _cells(params, v, x, n, s[0], s[1])
    m0, m1, scale, shift = params.m0, params.m1, params.scale, params.shift
    for i in range(_U(n)):
        x[i] = fma(fma(m1, v[i], m0) * x[i], scale, shift)
    if far:
        _beyond_cells(params, c, v, x, n)


def log_table(params, c, v, x, n, s, deep):
    wide()
    far = _cells(params, v, x, n, s[0], s[1])
    e = m.exp2_coefficients(c, 1.0)
    m0, m1, scale, shift = params.m0, params.m1, params.scale, params.shift
    for i in range(_U(n)):
        x[i] = fma(fma(m1, v[i], m0) * m.exp(x[i], e), scale, shift)
    if far:
        _beyond_cells(params, c, v, x, n)
