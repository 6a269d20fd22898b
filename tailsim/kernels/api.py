"""What the rest of the package calls: exceedances and payoffs of whole arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import laws, philox
from ._jit import jit
from .params import Params, scratch_rows
from .strict import COEFFICIENTS

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


def key_of(seed: int) -> NDArray[np.uint32]:
    """The two key words of a seed, by NumPy's SeedSequence."""
    return np.random.SeedSequence(seed).generate_state(2, np.uint32).astype(np.uint32)


class Stream:
    """Further independent uniforms for positions whose first one cannot reach deep enough.

    Belongs to an array of exceedances of consecutive bets of one block, row after row.
    """

    __slots__ = ("_bet", "_block", "_index", "_keys", "_level")

    def __init__(
        self, keys: NDArray[np.uint64], block: int, bet: int, index: NDArray[np.intp] | None = None, level: int = 1
    ) -> None:
        self._keys = keys
        self._block = block
        self._bet = bet
        self._index = index  # positions in the block's own array; None for all of them
        self._level = level

    def _positions(self, index: NDArray[np.intp]) -> NDArray[np.intp]:
        return index if self._index is None else self._index[index]

    def uniform(self, index: NDArray[np.intp]) -> Floats:
        """Exceedances at full depth for the given flat positions."""
        v = np.empty(len(index))
        tag = np.uint64(self._level * _TAG_STEP)
        for i, position in enumerate(self._positions(index)):
            bet, lane = divmod(int(position), philox.BLOCK)
            lanes = np.array([lane], dtype=np.uint64)
            philox.at(v[i : i + 1], self._keys, np.uint64(self._block), np.uint64(self._bet + bet), lanes, tag)
        return v

    def take(self, index: NDArray[np.intp]) -> "Stream":
        """The stream of these positions, one level deeper: its tags are fresh."""
        return Stream(self._keys, self._block, self._bet, self._positions(index), self._level + 1)


def block_exceedances(keys: NDArray[np.uint64], block: int, bet: int, n_bets: int) -> Floats:
    """Exceedances (n_bets, 4096) of consecutive bets of one block."""
    v = np.empty((n_bets, philox.BLOCK))
    _fill_block(v, keys, np.uint64(block), np.uint64(bet))
    return v


def _fill_block(v, keys, block, bet):
    deep = False
    for b in range(v.shape[0]):
        for tile in range(philox.BLOCK // philox.TILE):
            row = v[b, tile * philox.TILE : (tile + 1) * philox.TILE]
            deep |= philox.fill(row, keys, block, np.uint64(tile), bet + np.uint64(b), np.uint64(0))
    return deep


_fill_block = jit(_fill_block)


def draw(law_draw: Callable[[Floats, Any], Floats], key: NDArray[np.uint32], n: int) -> Floats:
    """n payoffs of bet 0 of the first n trials; ``law_draw`` maps (v, stream) to payoffs."""
    keys = philox.round_keys(key)
    x = np.empty(n)
    for start in range(0, n, philox.BLOCK):
        stop = min(start + philox.BLOCK, n)
        block = start // philox.BLOCK
        v = block_exceedances(keys, block, 0, 1)[0, : stop - start]
        x[start:stop] = law_draw(v, Stream(keys, block, 0))
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
