"""What the rest of the package calls: exceedances and payoffs of whole arrays."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import laws, philox
from ._jit import jit
from .params import Params, scratch_rows
from .strict import BIAS, COEFFICIENTS, exp2_coefficients, ln, ln_coefficients, minus_log1p
from .strict import exp as strict_exp

Floats = NDArray[np.float64]
CHUNK = 1 << 15
_TAG_STEP = 256


def _isf(params, c, v, x, deep, rows):
    s = np.empty((rows, philox.TILE))
    for start in range(0, v.size, philox.TILE):
        stop = min(start + philox.TILE, v.size)
        laws.draw(params, c, v[start:stop], x[start:stop], stop - start, s, deep)


_isf = jit(_isf)


def isf(params: Params, v: Floats) -> Floats:
    """Payoffs at exceedances v in (0, 1], any shape."""
    flat = np.ascontiguousarray(v, dtype=np.float64).reshape(-1)
    x = np.empty_like(flat)
    if flat.size:
        _isf(params, COEFFICIENTS, flat, x, bool(flat.min() < philox.DEEP), scratch_rows(params))
    return x.reshape(np.shape(v))


def key_of(seed: int, branch: tuple[int, ...] = ()) -> NDArray[np.uint32]:
    """The two key words of a seed, or of a branch of it, by NumPy's SeedSequence."""
    return np.random.SeedSequence(seed, spawn_key=branch).generate_state(2, np.uint32).astype(np.uint32)


def _log(x, out, c):
    ln_c = ln_coefficients(c)
    for i in range(x.size):
        out[i] = ln(x[i], BIAS, ln_c)


def _log_ratio(low, high, out, c):
    ln_c = ln_coefficients(c)
    for i in range(low.size):
        if high[i] < 2.0 * low[i]:
            out[i] = minus_log1p((high[i] - low[i]) / high[i], ln_c)
        else:
            out[i] = ln(high[i], BIAS, ln_c) - ln(low[i], BIAS, ln_c)


def _exp(x, out, c):
    e = exp2_coefficients(c, 1.0)
    for i in range(x.size):
        out[i] = strict_exp(x[i], e)


_log, _log_ratio, _exp = jit(_log), jit(_log_ratio), jit(_exp)


def log(x: Floats) -> Floats:
    """Natural logarithms of normal numbers above 0, with the kernels' own bits."""
    out = np.empty(len(x))
    _log(np.ascontiguousarray(x, dtype=np.float64), out, COEFFICIENTS)
    return out


def exp(x: Floats) -> Floats:
    """e**x of an array of any shape, with the kernels' own bits."""
    flat = np.ascontiguousarray(x, dtype=np.float64).reshape(-1)
    out = np.empty_like(flat)
    _exp(flat, out, COEFFICIENTS)
    return out.reshape(np.shape(x))


def log_ratio(low: Floats, high: Floats) -> Floats:
    """log(high / low), accurate where they are close, with the kernels' own bits."""
    out = np.empty(len(low))
    low, high = (np.ascontiguousarray(a, dtype=np.float64) for a in (low, high))
    _log_ratio(low, high, out, COEFFICIENTS)
    return out


class Rows(NamedTuple):
    """Where an array of exceedances (rows, 4096) stands: consecutive bets of one block, or blocks of one bet."""

    keys: NDArray[np.uint64]
    block: int
    bet: int
    of_blocks: bool = False

    def address(self, position: int) -> tuple[np.uint64, np.uint64, np.uint64]:
        """(block, bet, lane) of a flat position."""
        row, lane = divmod(position, philox.BLOCK)
        block, bet = (self.block + row, self.bet) if self.of_blocks else (self.block, self.bet + row)
        return np.uint64(block), np.uint64(bet), np.uint64(lane)

    def exceedances(self, n_rows: int, tag: int = 0) -> Floats:
        """The exceedances at a tag, shape (n_rows, 4096)."""
        v = np.empty((n_rows, philox.BLOCK))
        _fill_rows(v, self.keys, np.uint64(self.block), np.uint64(self.bet), self.of_blocks, np.uint64(tag))
        return v


class Stream:
    """Further independent uniforms for positions whose first one cannot reach deep enough."""

    __slots__ = ("_index", "_level", "_rows")

    def __init__(self, rows: Rows, index: NDArray[np.intp] | None = None, level: int = 1) -> None:
        self._rows = rows
        self._index = index  # positions in the array of the rows; None for all of them
        self._level = level

    def _positions(self, index: NDArray[np.intp]) -> NDArray[np.intp]:
        return index if self._index is None else self._index[index]

    def uniform(self, index: NDArray[np.intp]) -> Floats:
        """Exceedances at full depth for the given flat positions."""
        v = np.empty(len(index))
        tag = np.uint64(self._level * _TAG_STEP)
        for i, position in enumerate(self._positions(index)):
            block, bet, lane = self._rows.address(int(position))
            philox.at(v[i : i + 1], self._rows.keys, block, bet, np.array([lane]), tag)
        return v

    def take(self, index: NDArray[np.intp]) -> "Stream":
        """The stream of these positions, one level deeper: its tags are fresh."""
        return Stream(self._rows, self._positions(index), self._level + 1)


def _fill_rows(v, keys, block, bet, of_blocks, tag):
    for r in range(v.shape[0]):
        here, that = (block + np.uint64(r), bet) if of_blocks else (block, bet + np.uint64(r))
        for tile in range(philox.BLOCK // philox.TILE):
            row = v[r, tile * philox.TILE : (tile + 1) * philox.TILE]
            philox.fill(row, keys, here, np.uint64(tile), that, tag)


_fill_rows = jit(_fill_rows)


def draw(law_draw: Callable[[Floats, Any], Floats], key: NDArray[np.uint32], n: int) -> Floats:
    """n payoffs of bet 0 of the first n trials; ``law_draw`` maps (v, stream) to payoffs."""
    keys = philox.round_keys(key)
    x = np.empty(n)
    for start in range(0, n, CHUNK):
        stop = min(start + CHUNK, n)
        rows = Rows(keys, start // philox.BLOCK, 0, of_blocks=True)
        v = rows.exceedances(-(-(stop - start) // philox.BLOCK)).reshape(-1)[: stop - start]
        x[start:stop] = law_draw(v, Stream(rows))
    return x


def words_to_v(words: NDArray[np.uint64]) -> Floats:
    """Exceedances of rows of successive 64-bit words; NaN where a row ends before its first set bit."""
    v = np.empty(words.shape[0])
    philox.from_words(v, np.ascontiguousarray(words))
    return v


def known_answer(counter: NDArray[np.uint32], key: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Philox4x32-10 of one counter and key, words low to high."""
    c0, c1, c2, c3 = (np.uint64(c) for c in counter)
    words = philox.philox(c0, c1, c2, c3, philox.round_keys(key))
    return np.array(words, dtype=np.uint32)
