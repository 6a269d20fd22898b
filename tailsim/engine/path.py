"""The path over the number of bets, block by block: one walk gives every n on the same addresses."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..kernels import curve as kernel
from ..kernels.api import key_of
from ..kernels.philox import round_keys
from ..kernels.strict import COEFFICIENTS
from ..portfolio import Bet
from .blocks import conducted, never
from .plan import BLOCK, Run, run_of
from .trials import parameters_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counted: TypeAlias = tuple[int, NDArray[Any], NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Path:
    """A bet repeated up to the largest of some counts, under a seed."""

    run: Run
    counts: Ints
    n_trials: int
    keys: NDArray[np.uint64]
    signed: bool
    lowest: int

    @property
    def n_blocks(self) -> int:
        """How many blocks hold the trials."""
        return -(-self.n_trials // BLOCK)

    @property
    def offset(self) -> int:
        """Column of the bin of zero."""
        return kernel.N_BINS - 1 if self.signed else 0

    @property
    def width(self) -> int:
        """How many bins a count of bets has."""
        return kernel.N_BINS + self.offset

    def rows(self) -> Ints:
        """Row of each number of bets 1, 2, ..., or -1 where it is not asked for."""
        rows = np.full(int(self.counts[-1]), -1, np.int64)
        rows[self.counts - 1] = np.arange(len(self.counts))
        return rows


def path_of(bet: Bet, counts: Ints, n_trials: int, seed: int) -> Path:
    """The path of a bet over increasing counts."""
    run = run_of(bet, 0, int(counts[-1]), hurdle=1.0)
    return Path(run, counts, n_trials, round_keys(key_of(seed)), bet.payoff.support[0] < 0.0, _lowest(bet))


def _lowest(bet: Bet) -> int:
    """Exponent of the lowest bin: half the octaves lie below what a bet that pays usually pays per stake."""
    pays = bet.payoff.sf(0.0)
    usual = abs(bet.payoff.isf(pays / 4 if pays > 0.0 else 0.5)) / bet.stake
    exponent = math.frexp(usual)[1] if 0.0 < usual < math.inf else 0
    return min(max(exponent - kernel.OCTAVES // 2, -1000), 1000 - kernel.OCTAVES)


def edges(path: Path) -> Floats:
    """Edges of the bins, shape (width + 1,), increasing."""
    octave = np.arange(kernel.N_BINS + 1)
    positive = np.ldexp(1.0 + (octave % 128) / 128, octave // 128 + path.lowest)
    positive[0] = 0.0
    return np.concatenate([-positive[:0:-1], positive[1:]]) if path.signed else positive


def count_bins(
    path: Path, targets: Floats, first: int, n_blocks: int, stopped: Callable[[], bool] = never
) -> Counted | None:
    """Blocks done, bins (counts, width) and hits (targets, counts) over a range of blocks; None when stopped."""
    bins = np.zeros((len(path.counts), path.width), np.int32)
    hits = np.zeros((len(targets), len(path.counts)), np.int64)
    rows, run, keys = path.rows(), path.run, path.keys
    for block in range(first, first + n_blocks):
        if stopped():
            return None
        n = min(BLOCK, path.n_trials - block * BLOCK)
        where = (run.rows, rows, path.lowest, path.offset, bins, targets, hits)
        if run.params is not None:
            kernel.path(run.params, COEFFICIENTS, keys, np.uint64(block), n, run.stake, run.compact, *where)
            continue
        totals, bet = np.zeros(BLOCK), 0
        for x in conducted(run, keys, block, parameters_of(run, keys, block)):
            kernel.path_rows(x, bet, totals, n, run.stake, *where[1:])
            bet += len(x)
    return n_blocks, bins, hits


def count_pairs(
    path: Path, levels: Floats, best: int, first: int, n_blocks: int, stopped: Callable[[], bool] = never
) -> Counted | None:
    """Blocks done, trials at or above their level per count, alone and with row ``best``; None when stopped."""
    ones, both = np.zeros(len(path.counts), np.int64), np.zeros(len(path.counts), np.int64)
    rows, run, keys = path.rows(), path.run, path.keys
    for block in range(first, first + n_blocks):
        if stopped():
            return None
        n = min(BLOCK, path.n_trials - block * BLOCK)
        if run.params is not None:
            head = (run.params, COEFFICIENTS, keys, np.uint64(block), n, run.stake, run.compact, run.rows)
            kernel.pairs(*head, rows, levels, best, ones, both)
            continue
        totals, bet, flags = np.zeros(BLOCK), 0, np.zeros((len(levels), BLOCK), np.uint8)
        for x in conducted(run, keys, block, parameters_of(run, keys, block)):
            kernel.pair_rows(x, bet, totals, n, run.stake, rows, levels, flags)
            bet += len(x)
        kernel._count_pairs(flags, n, best, ones, both)
    return n_blocks, ones, both
