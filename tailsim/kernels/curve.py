"""The path over the number of bets: after bet j the running columns are the portfolio of j bets."""

import numpy as np

from ._jit import inline, jit
from .bits import bits_of, le_mask
from .fold import LARGEST, TOTAL, WINS, step
from .philox import TILE, fill

_U = np.uint64
_SHIFT = _U(45)  # 128 bins an octave
OCTAVES = 48
N_BINS = OCTAVES * 128
_ABS = _U(0x7FFFFFFFFFFFFFFF)


@inline
def _record(total, spent, n, lowest, offset, row, targets, hits, column, multiples):
    """Count the multiples of one number of bets: a bin from 2^lowest on (the first is for 0), each target reached."""
    first = np.int64((1023 + lowest) * 128)
    for i in range(_U(n)):
        multiples[i] = total[i] / spent
    for i in range(_U(n)):
        bits = bits_of(multiples[i])
        k = np.int64((bits & _ABS) >> _SHIFT) - first
        k = min(max(k, np.int64(1)), np.int64(N_BINS - 1))
        k = k if bits & _ABS else np.int64(0)
        row[offset + k if multiples[i] >= 0.0 else offset - k] += np.int32(1)
    for t in range(targets.size):
        reached = _U(0)
        for i in range(_U(n)):
            reached += le_mask(targets[t], multiples[i])
        hits[t, column] += np.int64(reached)


def path(
    params,
    c,
    keys,
    block,
    first_bet,
    n_bets,
    n,
    compact,
    rows,
    where_to,
    spent,
    lowest,
    offset,
    bins,
    targets,
    hits,
    state,
):
    """Walk some bets of one block; bins[row] and hits[:, row] count where ``where_to[bet]`` = row >= 0."""
    v, multiples = np.empty(TILE), np.empty(TILE)
    where = np.empty(TILE, np.uint32)
    s = np.empty((rows + 2, TILE))
    for first in range(0, n, TILE):
        lanes, count = slice(first, first + TILE), min(n - first, TILE)
        total, largest, wins = state[TOTAL][lanes], state[LARGEST][lanes], state[WINS][lanes]
        for bet in range(first_bet, first_bet + n_bets):
            deep = fill(v, keys, block, _U(first // TILE), _U(bet), _U(0))
            step(params, c, deep, 1.0, compact, v, total, largest, wins, where, s)
            row = where_to[bet]
            if row >= 0:
                _record(total, spent[row], count, lowest, offset, bins[row], targets, hits, row, multiples)


def record(multiples, n, lowest, offset, row, targets, hits, column):
    """The same counts of multiples made elsewhere."""
    _record(multiples, 1.0, n, lowest, offset, row, targets, hits, column, np.empty(n))


@inline
def _flag(total, spent, n, level, flags):
    for i in range(_U(n)):
        flags[i] = np.uint8(le_mask(level, total[i] / spent))


def pairs(params, c, keys, block, first_bet, n_bets, n, compact, rows, where_to, spent, levels, flags, state):
    """Flag trials at or above their level per number of bets, flags (rows, 4096)."""
    v = np.empty(TILE)
    where = np.empty(TILE, np.uint32)
    s = np.empty((rows + 2, TILE))
    for first in range(0, n, TILE):
        lanes, count = slice(first, first + TILE), min(n - first, TILE)
        total, largest, wins = state[TOTAL][lanes], state[LARGEST][lanes], state[WINS][lanes]
        for bet in range(first_bet, first_bet + n_bets):
            deep = fill(v, keys, block, _U(first // TILE), _U(bet), _U(0))
            step(params, c, deep, 1.0, compact, v, total, largest, wins, where, s)
            row = where_to[bet]
            if row >= 0:
                _flag(total, spent[row], count, levels[row], flags[row][lanes])


def count_pairs(flags, n, best, ones, both):
    """Add how many of n trials are flagged per row, alone and together with row ``best``."""
    for row in range(flags.shape[0]):
        one = together = np.int64(0)
        for i in range(_U(n)):
            one += np.int64(flags[row, i])
            together += np.int64(flags[row, i] & flags[best, i])
        ones[row] += one
        both[row] += together


count_pairs = jit(count_pairs)
path = jit(path)
record = jit(record)
pairs = jit(pairs)
