"""Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011) and the way its words become exceedances.

Counter = (lane pair, block, bet, tag). A block has 4,096 lanes in tiles of 1,024. One counter serves
two lanes, two counters are woven round by round, so pair i + 256 j of a tile serves its lanes
i + 512 j and i + 512 j + 256. The low byte of a tag counts the depth of a tail extension.
"""

import numpy as np

from ._jit import inline, jit
from .bits import double_of, wide

BLOCK = 4096
TILE = 1024
DEEP = 2.0**-32

_U = np.uint64
_M0, _M1, _LOW, _S32, _S63 = _U(0xD2511F53), _U(0xCD9E8D57), _U(0xFFFFFFFF), _U(32), _U(63)
_S52 = _U(52)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_ONE, _ZERO = _U(1), _U(0)
# high word as multiples of 2^-32 above 2^20, low word as multiples of 2^-64 above 2^-12: both exact in a double
_HIGH, _LOWBITS = _U((1023 + 20) << 52), _U((1023 - 12) << 52 | 1)
_OFFSET = 2.0**20 + 2.0**-12
_QUARTER = TILE // 4


def round_keys(key):
    """The 20 round keys of a key of two 32-bit words, as uint64."""
    k0, k1 = (int(word) for word in key)
    keys = [word for r in range(10) for word in ((k0 + r * _W0) & 0xFFFFFFFF, (k1 + r * _W1) & 0xFFFFFFFF)]
    return np.array(keys, dtype=np.uint64)


@inline
def _round(x0, x1, x2, x3, k0, k1):
    p0 = _M0 * (x0 & _LOW)
    p1 = _M1 * (x2 & _LOW)
    return (p1 >> _S32) ^ x1 ^ k0, p1, (p0 >> _S32) ^ x3 ^ k1, p0


@inline
def _woven(a, b, k0, k1):
    """One round of two counters side by side: latency of one hides behind the other."""
    return _round(a[0], a[1], a[2], a[3], k0, k1), _round(b[0], b[1], b[2], b[3], k0, k1)


@inline
def _exceedance(high, low):
    """round((w | 1) 2^-64) of w = high 2^32 + low, in one rounding."""
    h = double_of((high & _LOW) | _HIGH) - _OFFSET
    return h + double_of((low & _LOW) | _LOWBITS)


def philox(x0, x1, x2, x3, keys):
    """The four output words (as uint64 below 2^32) of one counter."""
    for r in range(10):
        x0, x1, x2, x3 = _round(x0, x1, x2, x3, keys[2 * r], keys[2 * r + 1])
    return x0 & _LOW, x1 & _LOW, x2 & _LOW, x3 & _LOW


def _words(keys, pair, half, block, bet, tag):
    """The two words of one lane."""
    w0, w1, w2, w3 = philox(pair, block, bet, tag, keys)
    return (w2, w3) if half else (w0, w1)


def assemble(lead, high, low, depth):
    """round((lead 2^64 + high 2^32 + (low | 1)) 2^-64(depth+1)), at least 2^-1074, in one rounding."""
    low = low | _ONE
    n = lead << _S32 | high
    shift = _ZERO
    if lead == _ZERO:
        n = high << _S32 | low
        while not n >> _S63:
            n = n << _ONE
            shift += _ONE
        exponent = -64 * (depth + 1) - int(shift)
    else:
        while not n >> _S63:
            n = n << _ONE
            shift += _ONE
        rest = low << shift
        n = n | rest >> _S32
        if rest & _LOW:
            n = n | _ONE
        exponent = -64 * (depth + 1) + 32 - int(shift)
    keep = exponent + 63 + 1075
    if keep >= 53:
        return float(n) * 2.0**-537 * double_of(_U(exponent + 537 + 1023) << _S52)
    if keep <= 0:
        return 2.0**-1074
    cut = _U(64 - keep)
    kept = n >> cut
    rest = n & ((_ONE << cut) - _ONE)
    tie = _ONE << (cut - _ONE)
    if rest > tie or (rest == tie and kept & _ONE):
        kept += _ONE
    return double_of(max(kept, _ONE))


def _extended(keys, pair, half, block, bet, tag):
    """The exceedance of one lane at whatever depth its words ask for."""
    high, low = _words(keys, pair, half, block, bet, tag)
    lead, depth = _ZERO, 0
    while lead == _ZERO and high == _ZERO and depth < 16:
        lead = low
        depth += 1
        high, low = _words(keys, pair, half, block, bet, tag + _U(depth))
    return assemble(lead, high, low, depth)


@inline
def lane_address(lane):
    """(pair, half) of a lane of a block."""
    tile, r = lane // _U(TILE), lane % _U(TILE)
    j, within = r // _U(2 * _QUARTER), r % _U(2 * _QUARTER)
    pair = tile * _U(TILE // 2) + j * _U(_QUARTER) + within % _U(_QUARTER)
    return pair, within // _U(_QUARTER)


def _mend(v, keys, block, tile, bet, tag):
    """Replace the lanes whose first 32 bits are all zero by their extension."""
    for r in range(TILE):
        if v[r] < DEEP:
            pair, half = lane_address(_U(tile) * _U(TILE) + _U(r))
            v[r] = _extended(keys, pair, half, block, bet, tag)


def fill(v, keys, block, tile, bet, tag):
    """Exceedances of one tile of one bet into v[:1024]; true when a lane lies below 2^-32."""
    wide()
    k0, k1, k2, k3, k4 = keys[0], keys[1], keys[2], keys[3], keys[4]
    k5, k6, k7, k8, k9 = keys[5], keys[6], keys[7], keys[8], keys[9]
    k10, k11, k12, k13, k14 = keys[10], keys[11], keys[12], keys[13], keys[14]
    k15, k16, k17, k18, k19 = keys[15], keys[16], keys[17], keys[18], keys[19]
    quarter = _U(_QUARTER)
    base = _U(tile) * _U(TILE // 2)
    zeros = _ZERO
    for i in range(quarter):
        a = (base + i, block, bet, tag)
        b = (base + i + quarter, block, bet, tag)
        a, b = _woven(a, b, k0, k1)
        a, b = _woven(a, b, k2, k3)
        a, b = _woven(a, b, k4, k5)
        a, b = _woven(a, b, k6, k7)
        a, b = _woven(a, b, k8, k9)
        a, b = _woven(a, b, k10, k11)
        a, b = _woven(a, b, k12, k13)
        a, b = _woven(a, b, k14, k15)
        a, b = _woven(a, b, k16, k17)
        a, b = _woven(a, b, k18, k19)
        v[i] = _exceedance(a[0], a[1])
        v[i + quarter] = _exceedance(a[2], a[3])
        v[i + _U(2) * quarter] = _exceedance(b[0], b[1])
        v[i + _U(3) * quarter] = _exceedance(b[2], b[3])
        # the sign bit of (word - 1) is set where a leading word is zero
        zeros |= ((a[0] & _LOW) - _ONE) | ((a[2] & _LOW) - _ONE) | ((b[0] & _LOW) - _ONE) | ((b[2] & _LOW) - _ONE)
    deep = zeros >> _S63 != _ZERO
    if deep:
        _mend(v, keys, block, tile, bet, tag)
    return deep


def along(one, other, keys, block, pair, first_bet, n):
    """Exceedances of both lanes of a pair for n consecutive bets, n even; true when one lies below 2^-32."""
    wide()
    k0, k1, k2, k3, k4 = keys[0], keys[1], keys[2], keys[3], keys[4]
    k5, k6, k7, k8, k9 = keys[5], keys[6], keys[7], keys[8], keys[9]
    k10, k11, k12, k13, k14 = keys[10], keys[11], keys[12], keys[13], keys[14]
    k15, k16, k17, k18, k19 = keys[15], keys[16], keys[17], keys[18], keys[19]
    half = _U(n // 2)
    zeros = _ZERO
    for i in range(half):
        a = (pair, block, first_bet + i, _ZERO)
        b = (pair, block, first_bet + i + half, _ZERO)
        a, b = _woven(a, b, k0, k1)
        a, b = _woven(a, b, k2, k3)
        a, b = _woven(a, b, k4, k5)
        a, b = _woven(a, b, k6, k7)
        a, b = _woven(a, b, k8, k9)
        a, b = _woven(a, b, k10, k11)
        a, b = _woven(a, b, k12, k13)
        a, b = _woven(a, b, k14, k15)
        a, b = _woven(a, b, k16, k17)
        a, b = _woven(a, b, k18, k19)
        one[i] = _exceedance(a[0], a[1])
        other[i] = _exceedance(a[2], a[3])
        one[i + half] = _exceedance(b[0], b[1])
        other[i + half] = _exceedance(b[2], b[3])
        zeros |= ((a[0] & _LOW) - _ONE) | ((a[2] & _LOW) - _ONE) | ((b[0] & _LOW) - _ONE) | ((b[2] & _LOW) - _ONE)
    deep = zeros >> _S63 != _ZERO
    if deep:
        for i in range(n):
            if one[i] < DEEP:
                one[i] = _extended(keys, pair, _ZERO, block, first_bet + _U(i), _ZERO)
            if other[i] < DEEP:
                other[i] = _extended(keys, pair, _ONE, block, first_bet + _U(i), _ZERO)
    return deep


def at(v, keys, block, bet, lanes, tag):
    """Exceedances of chosen lanes of a block, one by one."""
    for i in range(lanes.size):
        pair, half = lane_address(lanes[i])
        v[i] = _extended(keys, pair, half, block, bet, tag)


def of_bets(v, keys, block, first_bet, lane, tag):
    """Exceedances of one lane of a block for consecutive bets."""
    pair, half = lane_address(lane)
    for b in range(v.size):
        v[b] = _extended(keys, pair, half, block, first_bet + _U(b), tag)


def from_words(v, words):
    """Exceedances from given words w, w', ... in each row; NaN where a row ends before its first set bit."""
    for i in range(words.shape[0]):
        lead, depth = _ZERO, 0
        high, low = words[i, 0] >> _S32, words[i, 0] & _LOW
        while lead == _ZERO and high == _ZERO and depth + 1 < words.shape[1]:
            lead = low
            depth += 1
            high, low = words[i, depth] >> _S32, words[i, depth] & _LOW
        v[i] = assemble(lead, high, low, depth)
        if lead == _ZERO and high == _ZERO and depth < 16:
            v[i] = np.nan


philox = jit(philox)
_words = inline(_words)
assemble = inline(assemble)
_extended = inline(_extended)
_mend = inline(_mend)
fill = jit(fill)
along = jit(along)
at = jit(at)
of_bets = jit(of_bets)
from_words = jit(from_words)
