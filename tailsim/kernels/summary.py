"""Folding the columns of a finished block into counts, a histogram and compensated sums."""

import math

import numpy as np

from ._jit import inline, jit
from .bits import bits_of, wide
from .fold import LARGEST, TOTAL, WINS

# rows of the integer and of the float results
WON, ABOVE, BELOW, NOT_A_NUMBER, UNDEFINED_SHARE = 0, 1, 2, 3, 4
SHARE, SHARE_SQUARED = 0, 1
N_COUNTS, N_SUMS = 5, 2
_U = np.uint64
_SHIFT = _U(44)
_CHAINS = 8


@inline
def _two_sum(s, x):
    """(s + x rounded, what rounding lost)."""
    t = s + x
    z = t - s
    return t, (s - (t - z)) + (x - z)


def _compensated(x, squared, sums, row):
    """Sum x, or its squares, into sums[row] = (rounded, lost): eight chains side by side, in an order of their own."""
    wide()
    total, lost = np.zeros(_CHAINS), np.zeros(_CHAINS)
    for start in range(_U(0), _U(x.size), _U(_CHAINS)):
        for j in range(_U(_CHAINS)):
            y = x[start + j]
            total[j], more = _two_sum(total[j], y * y if squared else y)
            lost[j] += more
    high, low = 0.0, 0.0
    for j in range(_CHAINS):
        high, more = _two_sum(high, total[j])
        low += more + lost[j]
    sums[row, 0], sums[row, 1] = high, low


def _ratios(state, spent, n, multiples, shares):
    """Paid / spent, and largest / paid where that is a share (elsewhere 0); returns how many are none."""
    wide()
    total, largest = state[TOTAL], state[LARGEST]
    undefined = _U(0)
    for i in range(_U(n)):
        multiples[i] = total[i] / spent[i]
        defined = (total[i] > 0.0) & (total[i] < math.inf) & (largest[i] <= total[i])
        shares[i] = largest[i] / total[i] if defined else 0.0
        undefined += _U(not defined)
    for i in range(_U(n), _U(shares.size)):
        shares[i] = 0.0
    return undefined


def summarise(state, spent, n, multiples, histogram, limits, counts, sums):
    """Fold the first n lanes, which spent[:n]: multiples out, bins counted, sums and counts of the block."""
    shares = np.empty(state.shape[1])
    counts[UNDEFINED_SHARE] += np.int64(_ratios(state, spent, n, multiples, shares))
    _compensated(shares, False, sums, SHARE)
    _compensated(shares, True, sums, SHARE_SQUARED)
    won = 0.0  # whole numbers: exact, since a block wins at most 2^12 times 10^7 bets
    for i in range(_U(n)):
        won += state[WINS, i]
    counts[WON] += np.int64(won)
    low, high = limits[0], limits[1]
    for i in range(_U(n)):
        multiple = multiples[i]
        if not math.isfinite(multiple):
            counts[NOT_A_NUMBER if math.isnan(multiple) else ABOVE if multiple > 0.0 else BELOW] += 1
            continue
        b = np.int64(bits_of(multiple + 0.0) >> _SHIFT)
        histogram[b] += 1
        low, high = min(low, b), max(high, b)
    limits[0], limits[1] = low, high


def squares_of(x, squares):
    """Add the squares of payoffs (bets, 4096) to a column."""
    for bet in range(x.shape[0]):
        row = x[bet]
        for i in range(np.uint64(row.size)):
            squares[i] += row[i] * row[i]


def top_of(x, top):
    """Keep, in each lane, the largest payoffs seen: top[k, 4096], ascending down the rows."""
    k = top.shape[0]
    for bet in range(x.shape[0]):
        row = x[bet]
        for i in range(row.size):
            y = row[i]
            if y > top[0, i]:
                j = 1
                while j < k and y > top[j, i]:
                    top[j - 1, i] = top[j, i]
                    j += 1
                top[j - 1, i] = y


_compensated = inline(_compensated)
_ratios = inline(_ratios)
summarise = jit(summarise)
squares_of = jit(squares_of)
top_of = jit(top_of)
