"""The path over the number of bets: after bet j the running columns are the portfolio of j bets."""

import numpy as np

from ._jit import inline, jit
from .bits import bits_of, le_mask
from .fold import LARGEST, STATE_ROWS, TOTAL, WINS, _fold_dense, step
from .philox import TILE, fill

_U = np.uint64
_SHIFT = _U(45)  # 128 bins an octave
OCTAVES = 48
N_BINS = OCTAVES * 128
_ABS = _U(0x7FFFFFFFFFFFFFFF)


@inline
def _record(total, spent, n, lowest, offset, row, targets, hits, column, multiples):
    """Count the multiples of one number of bets: a bin from 2^lowest on each, and each target reached."""
    first = np.int64((1023 + lowest) * 128)
    for i in range(_U(n)):
        multiples[i] = total[i] / spent
    for i in range(_U(n)):
        bits = bits_of(multiples[i])
        k = np.int64((bits & _ABS) >> _SHIFT) - first
        k = min(max(k, np.int64(0)), np.int64(N_BINS - 1))
        row[offset + k if multiples[i] >= 0.0 else offset - k] += np.int32(1)
    for t in range(targets.size):
        reached = _U(0)
        for i in range(_U(n)):
            reached += le_mask(targets[t], multiples[i])
        hits[t, column] += np.int64(reached)


def path(params, c, keys, block, n, stake, compact, rows, where_to, lowest, offset, bins, targets, hits):
    """Walk one block over the bets; bins[row] and hits[:, row] count where ``where_to[bet]`` = row >= 0."""
    v, multiples = np.empty(TILE), np.empty(TILE)
    where = np.empty(TILE, np.uint32)
    s = np.empty((rows + 2, TILE))
    for first in range(0, n, TILE):
        columns = np.zeros((STATE_ROWS, TILE))
        for bet in range(where_to.size):
            deep = fill(v, keys, block, _U(first // TILE), _U(bet), _U(0))
            step(params, c, deep, 1.0, compact, v, columns[TOTAL], columns[LARGEST], columns[WINS], where, s)
            row = where_to[bet]
            if row >= 0:
                spent, lanes = (bet + 1) * stake, min(n - first, TILE)
                _record(columns[TOTAL], spent, lanes, lowest, offset, bins[row], targets, hits, row, multiples)


def path_rows(x, first_bet, totals, n, stake, where_to, lowest, offset, bins, targets, hits):
    """The same for payoffs (bets, 4096) drawn elsewhere; ``totals`` goes from call to call."""
    multiples, ignored = np.empty(n), np.zeros((2, TILE))
    for j in range(x.shape[0]):
        for first in range(0, n, TILE):
            lanes = slice(first, first + TILE)
            _fold_dense(x[j][lanes], 1.0, totals[lanes], ignored[0], ignored[1])
        bet = first_bet + j
        row = where_to[bet]
        if row >= 0:
            _record(totals, (bet + 1) * stake, n, lowest, offset, bins[row], targets, hits, row, multiples)


@inline
def _flag(total, spent, n, level, flags):
    for i in range(_U(n)):
        flags[i] = np.uint8(le_mask(level, total[i] / spent))


def pairs(params, c, keys, block, n, stake, compact, rows, where_to, levels, best, ones, both):
    """Count trials at or above their level per number of bets, and together with that of row ``best``."""
    v = np.empty(TILE)
    where = np.empty(TILE, np.uint32)
    s = np.empty((rows + 2, TILE))
    flags = np.zeros((levels.size, TILE), np.uint8)
    for first in range(0, n, TILE):
        columns = np.zeros((STATE_ROWS, TILE))
        lanes = min(n - first, TILE)
        for bet in range(where_to.size):
            deep = fill(v, keys, block, _U(first // TILE), _U(bet), _U(0))
            step(params, c, deep, 1.0, compact, v, columns[TOTAL], columns[LARGEST], columns[WINS], where, s)
            row = where_to[bet]
            if row >= 0:
                _flag(columns[TOTAL], (bet + 1) * stake, lanes, levels[row], flags[row])
        _count_pairs(flags, lanes, best, ones, both)


def pair_rows(x, first_bet, totals, n, stake, where_to, levels, flags):
    """The same flags for payoffs drawn elsewhere, flags (rows, 4096)."""
    ignored = np.zeros((2, TILE))
    for j in range(x.shape[0]):
        for first in range(0, n, TILE):
            lanes = slice(first, first + TILE)
            _fold_dense(x[j][lanes], 1.0, totals[lanes], ignored[0], ignored[1])
        bet = first_bet + j
        row = where_to[bet]
        if row >= 0:
            _flag(totals, (bet + 1) * stake, n, levels[row], flags[row])


def _count_pairs(flags, n, best, ones, both):
    for row in range(flags.shape[0]):
        one = together = np.int64(0)
        for i in range(_U(n)):
            one += np.int64(flags[row, i])
            together += np.int64(flags[row, i] & flags[best, i])
        ones[row] += one
        both[row] += together


_count_pairs = jit(_count_pairs)
path = jit(path)
path_rows = jit(path_rows)
pairs = jit(pairs)
pair_rows = jit(pair_rows)
