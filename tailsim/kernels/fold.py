"""Folding payoffs into the running columns of a tile: total, largest, wins; and one bet at a time.

``state`` rows: TOTAL, LARGEST, WINS (bets that did not fail, as a double).
A bet wins when its payoff is at least ``need`` = max(hurdle * stake, smallest double), so zero never wins.
"""

import numpy as np
from numba.core import types
from numba.extending import overload

from . import params as p
from ._jit import OPTIONS, inline, jit
from .bits import larger, le_bits, le_mask, pick_gt, trailing_zeros, wide
from .laws import draw
from .philox import BLOCK, TILE, fill

TOTAL, LARGEST, WINS = 0, 1, 2
STATE_ROWS = 3
_U = np.uint64


@inline
def _fold_dense(x, need, total, largest, wins):
    wide()
    for i in range(_U(TILE)):
        y = x[i]
        total[i] += y
        largest[i] = larger(largest[i], y)
        wins[i] += float(le_mask(need, y))


@inline
def _compact(v, q, where, few):
    """Lanes with v <= q, in order: their positions and v / q; returns how many."""
    k = _U(0)
    for start in range(_U(0), _U(TILE), _U(64)):
        bits = le_bits(v, start, q)
        while bits:
            where[k] = start + trailing_zeros(bits)
            bits &= bits - _U(1)
            k += _U(1)
    _share_of(v, where, k, 1.0 / q, few)
    return k


@inline
def _share_of(v, where, k, inverse, few):
    wide()
    for j in range(k):
        y = v[_U(where[j])] * inverse
        few[j] = pick_gt(y, 1.0, 1.0, y)


@inline
def _fold_few(x, where, k, need, total, largest, wins):
    for j in range(k):
        t = _U(where[j])
        y = x[j]
        total[t] += y
        largest[t] = larger(largest[t], y)
        wins[t] += float(le_mask(need, y))


def step(params, c, deep, need, compact, v, total, largest, wins, where, s):
    """One bet of one tile, from its exceedances to the running columns; compiled per parameter type."""
    raise TypeError(f"no kernel for {type(params).__name__}")


def _step_dense(params, c, deep, need, compact, v, total, largest, wins, where, s):
    draw(params, c, v, s[0], _U(TILE), s[2:], deep)
    _fold_dense(s[0], need, total, largest, wins)


def _step_zeros(params, c, deep, need, compact, v, total, largest, wins, where, s):
    """Zero-inflated: where few survive, only they are drawn, and their zeros need no folding."""
    if compact:
        k = _compact(v, params.q, where, s[1])
        draw(params.base, c, s[1], s[0], k, s[2:], deep)
        _fold_few(s[0], where, k, need, total, largest, wins)
    else:
        draw(params, c, v, s[0], _U(TILE), s[2:], deep)
        _fold_dense(s[0], need, total, largest, wins)


@overload(step, jit_options=OPTIONS)
def _step(params, c, deep, need, compact, v, total, largest, wins, where, s):
    if isinstance(params, types.BaseNamedTuple):
        return _step_zeros if params.instance_class is p.WithZeros else _step_dense
    return None


def run(params, c, keys, block, first_bet, n_bets, need, compact, rows, state):
    """Fold ``n_bets`` like bets of one block into its columns, tile by tile."""
    v = np.empty(TILE)
    where = np.empty(TILE, np.uint32)
    s = np.empty((rows + 2, TILE))
    for tile in range(BLOCK // TILE):
        lanes = slice(tile * TILE, (tile + 1) * TILE)
        total, largest, wins = state[TOTAL][lanes], state[LARGEST][lanes], state[WINS][lanes]
        for bet in range(n_bets):
            deep = fill(v, keys, block, _U(tile), first_bet + _U(bet), _U(0))
            step(params, c, deep, need, compact, v, total, largest, wins, where, s)


def fold_rows(x, need, state):
    """Fold given payoffs (bets, 4096) into the columns, in the order of the rows."""
    for bet in range(x.shape[0]):
        for tile in range(BLOCK // TILE):
            lanes = slice(tile * TILE, (tile + 1) * TILE)
            _fold_dense(x[bet][lanes], need, state[TOTAL][lanes], state[LARGEST][lanes], state[WINS][lanes])


def fold_some(x, first, entered, need, state):
    """Fold payoffs (bets, 4096) of bets ``first`` on into the columns, in each lane those below ``entered`` alone."""
    total, largest, wins = state[TOTAL], state[LARGEST], state[WINS]
    for bet in range(x.shape[0]):
        row = x[bet]
        for i in range(_U(row.size)):
            if first + bet < entered[i]:
                y = row[i]
                total[i] += y
                largest[i] = larger(largest[i], y)
                wins[i] += float(le_mask(need, y))


run = jit(run)
fold_some = jit(fold_some)
fold_rows = jit(fold_rows)
