"""Whole trials: all payoffs of one lane side by side, and how concentrated they are.

Sums run in four chains of a fixed order, so that they are quick and the same on every CPU.
"""

import math

import numpy as np

from ._jit import inline, jit
from .bits import bits_of, double_of, wide
from .laws import draw
from .philox import TILE, along

_U = np.uint64


def of_run(params, c, keys, block, first, n_bets, rows, x):
    """Payoffs of consecutive lane pairs for a run of like bets: first = (pair, bet), into x[pairs, 2, bet:]."""
    one, other = np.empty(TILE), np.empty(TILE)
    s = np.empty((rows, TILE))
    for p in range(x.shape[0]):
        for done in range(0, n_bets, TILE):
            n, bet = min(TILE, n_bets - done), first[1] + done
            deep = along(one, other, keys, block, _U(first[0] + p), _U(bet), n + n % 2)
            draw(params, c, one, x[p, 0, bet : bet + n], n, s, deep)
            draw(params, c, other, x[p, 1, bet : bet + n], n, s, deep)


@inline
def _unit_of(high):
    """A power of two that brings ``high`` near 1, so that neither squares nor sums of many overflow."""
    exponent = bits_of(high) >> _U(52)
    return double_of(max(_U(2045) - min(exponent, _U(2044)), _U(1)) << _U(52))


@inline
def _sums(x, weights, unit):
    """Sums of the ordered x, of its squares, and of its gaps, each gap counted by the pairs that straddle it.

    Over gaps nothing cancels. All in units of ``unit``, four chains side by side.
    """
    wide()
    t0, t1, t2, t3 = x[0] * unit, 0.0, 0.0, 0.0
    s0, s1, s2, s3 = t0 * t0, 0.0, 0.0, 0.0
    g0 = g1 = g2 = g3 = 0.0
    whole = _U(x.size - (x.size - 1) % 4)
    for i in range(_U(1), whole, _U(4)):
        a, b, c, d = x[i] * unit, x[i + _U(1)] * unit, x[i + _U(2)] * unit, x[i + _U(3)] * unit
        z = x[i - _U(1)] * unit
        t0, t1, t2, t3 = t0 + a, t1 + b, t2 + c, t3 + d
        s0, s1, s2, s3 = s0 + a * a, s1 + b * b, s2 + c * c, s3 + d * d
        g0 += weights[i] * (a - z)
        g1 += weights[i + _U(1)] * (b - a)
        g2 += weights[i + _U(2)] * (c - b)
        g3 += weights[i + _U(3)] * (d - c)
    for i in range(whole, _U(x.size)):
        a = x[i] * unit
        t0, s0 = t0 + a, s0 + a * a
        g0 += weights[i] * (a - x[i - _U(1)] * unit)
    return (t0 + t1) + (t2 + t3), (s0 + s1) + (s2 + s3), (g0 + g1) + (g2 + g3)


def of_ordered(x, ks, gini, squares, tops):
    """Gini coefficient, sum of squared shares and shares of the largest of each lane of x (lanes, bets).

    Payoffs ascend, ks too; NaN where nothing was paid or the total overflowed.
    """
    n = x.shape[1]
    weights = np.empty(n)
    for i in range(n):
        weights[i] = float(i) * float(n - i)
    for lane in range(x.shape[0]):
        y = x[lane]
        unit = _unit_of(y[n - 1])
        total, squared, gaps = _sums(y, weights, unit)
        if not 0.0 < total < math.inf or total / unit == math.inf:
            gini[lane] = squares[lane] = math.nan
            tops[:, lane] = math.nan
            continue
        gini[lane] = min(gaps / total / float(n), 1.0 - 1.0 / n)
        squares[lane] = max(min(squared / total / total, 1.0), 1.0 / n)
        top, taken = 0.0, 0
        for j in range(ks.size):
            while taken < ks[j]:
                taken += 1
                top += y[n - taken] * unit
            tops[j, lane] = max(min(top / total, 1.0), ks[j] / n)


of_run = jit(of_run)
of_ordered = jit(of_ordered)
