"""The path over the number of bets, block by block: one walk gives every n on the same addresses."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import PayoffError
from ..kernels import curve as kernel
from ..kernels.api import key_of
from ..kernels.fold import STATE_ROWS, TOTAL
from ..kernels.philox import round_keys
from ..kernels.strict import COEFFICIENTS
from ..portfolio import Bet
from .blocks import conducted, never
from .plan import BLOCK, SLICE, Run, run_of
from .trials import parameters_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counted: TypeAlias = tuple[int, NDArray[Any], NDArray[Any]]
Stopped: TypeAlias = Callable[[], bool]
_SLICE = SLICE // 4  # a bet of a path is also counted, which takes as long as three that are only folded


@dataclass(frozen=True, slots=True)
class FollowOn:
    """Money kept for bets that pay at least ``need``, split evenly among them; what is not needed comes back.

    ``share`` is that money as a share of all; a unit of it buys 1 / ``price`` of what a unit bought at first, when a
    bet of ``stake`` paid what it pays.
    """

    need: float
    stake: float
    price: float
    share: float


@dataclass(frozen=True, slots=True)
class Path:
    """A bet repeated up to the largest of some counts, under a seed.

    ``spent`` is what a total is divided by, per count; ``runs`` are the bets where their laws differ, ``factors``
    what their payoffs are multiplied by.
    """

    run: Run
    counts: Ints
    spent: Floats
    n_trials: int
    keys: NDArray[np.uint64]
    signed: bool
    lowest: int
    factors: Floats | None = None
    runs: tuple[Run, ...] = ()
    follow_on: FollowOn | None = None

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

    @property
    def fused(self) -> bool:
        """Whether one kernel draws, folds and counts: like bets of a law that has a kernel, and nothing else."""
        plain = self.factors is None and not self.runs and self.follow_on is None
        return plain and self.run.params is not None

    def lanes(self, block: int) -> int:
        """How many lanes of a block are trials."""
        return min(BLOCK, self.n_trials - block * BLOCK)

    def rows(self) -> Ints:
        """Row of each number of bets 1, 2, ..., or -1 where it is not asked for."""
        rows = np.full(int(self.counts[-1]), -1, np.int64)
        rows[self.counts - 1] = np.arange(len(self.counts))
        return rows


def path_of(
    bet: Bet,
    counts: Ints,
    n_trials: int,
    seed: int,
    *,
    spent: Floats | None = None,
    factors: Floats | None = None,
    bets: tuple[Bet, ...] = (),
    follow_on: FollowOn | None = None,
) -> Path:
    """The path of a bet over increasing counts; by default totals are divided by the stakes."""
    run = run_of(bet, 0, int(counts[-1]), hurdle=1.0)
    runs = tuple(run_of(one, j, 1, hurdle=1.0) for j, one in enumerate(bets))
    signed = any(one.payoff.support[0] < 0.0 for one in (bet, *bets))
    divisor: Floats = np.asarray(counts * bet.stake, dtype=np.float64) if spent is None else spent
    lowest = _lowest(bet, float(np.median(divisor / counts)))
    keys = round_keys(key_of(seed))
    return Path(run, counts, divisor, n_trials, keys, signed, lowest, factors, runs, follow_on)


def _lowest(bet: Bet, spent: float) -> int:
    """Exponent of the lowest bin: half the octaves lie below what a bet that pays usually pays per money spent."""
    pays = bet.payoff.sf(0.0)
    usual = abs(bet.payoff.isf(pays / 4 if pays > 0.0 else 0.5)) / spent
    exponent = math.frexp(usual)[1] if 0.0 < usual < math.inf else 0
    return min(max(exponent - kernel.OCTAVES // 2, -1000), 1000 - kernel.OCTAVES)


def edges(path: Path) -> Floats:
    """Edges of the bins, shape (width + 1,), increasing."""
    octave = np.arange(kernel.N_BINS + 1)
    positive = np.ldexp(1.0 + (octave % 128) / 128, octave // 128 + path.lowest)
    positive[0] = 0.0
    return np.concatenate([-positive[:0:-1], positive[1:]]) if path.signed else positive


def _slices(path: Path) -> Iterator[tuple[int, int]]:
    """(first bet, how many) between two looks at the stop flag."""
    for first in range(0, int(path.counts[-1]), _SLICE):
        yield first, min(_SLICE, int(path.counts[-1]) - first)


def _check_totals(path: Path, totals: Floats) -> None:
    """Gains and losses that both overflow have no total, here as in ``simulate``."""
    if path.signed and (strange := np.count_nonzero(np.isnan(totals))):
        raise PayoffError(
            f"the total of {strange:,} trials of a block is not a number because gains and losses both exceed the "
            "largest double; state payoffs and stakes in a larger unit."
        )


def _payoffs(path: Path, block: int) -> Iterator[Floats]:
    """Payoffs (some bets, 4096) in the order of the bets."""
    for run in path.runs or (path.run,):
        done = run.first
        for x in conducted(run, path.keys, block, parameters_of(run, path.keys, block)):
            if path.factors is None:
                yield x
            else:
                yield x * path.factors[done : done + len(x), None]
            done += len(x)


def multiples(path: Path, block: int, stopped: Stopped, last: int | None = None) -> Iterator[tuple[int, Floats] | None]:
    """(row, multiples of the trials) of each count in turn, up to row ``last``; None, and no more, when stopped."""
    rows, n, bet = path.rows(), path.lanes(block), 0
    totals, won, n_won = np.zeros(BLOCK), np.zeros(BLOCK), np.zeros(BLOCK)
    follow = path.follow_on
    for x in _payoffs(path, block):
        if stopped():
            yield None
            return
        for payoff in x:
            with np.errstate(invalid="ignore", over="ignore"):  # totals that are no number are refused below
                totals += payoff
            if follow is not None:
                wins = payoff >= follow.need
                won += np.where(wins, payoff, 0.0)
                n_won += wins
            if bet >= len(rows):
                return
            if (row := int(rows[bet])) >= 0:
                value = totals[:n] / path.spent[row]
                yield row, value if follow is None else value + _followed(follow, won[:n], n_won[:n])
                if row == last:
                    return
            bet += 1
        _check_totals(path, totals[:n])


def _followed(follow: FollowOn, won: Floats, n_won: Floats) -> Floats:
    """What the money kept brings, as a multiple of all money."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        each = won / (n_won * (follow.stake * follow.price))
    return follow.share * np.where(n_won > 0.0, each, 1.0)


def count_bins(path: Path, targets: Floats, first: int, n_blocks: int, stopped: Stopped = never) -> Counted | None:
    """Blocks done, bins (counts, width) and hits (targets, counts) over a range of blocks; None when stopped."""
    bins = np.zeros((len(path.counts), path.width), np.int32)
    hits = np.zeros((len(targets), len(path.counts)), np.int64)
    for block in range(first, first + n_blocks):
        if not (_fused_bins if path.fused else _other_bins)(path, targets, block, bins, hits, stopped):
            return None
    return n_blocks, bins, hits


def _fused_bins(path: Path, targets: Floats, block: int, bins: NDArray[np.int32], hits: Ints, stopped: Stopped) -> bool:
    """One block by the kernel."""
    run, state = path.run, np.zeros((STATE_ROWS, BLOCK))
    head = (run.params, COEFFICIENTS, path.keys, np.uint64(block))
    where = (path.rows(), path.spent, path.lowest, path.offset, bins, targets, hits, state)
    for bet, n_bets in _slices(path):
        if stopped():
            return False
        kernel.path(*head, bet, n_bets, path.lanes(block), run.compact, run.rows, *where)
    _check_totals(path, state[TOTAL, : path.lanes(block)])
    return True


def _other_bins(path: Path, targets: Floats, block: int, bins: NDArray[np.int32], hits: Ints, stopped: Stopped) -> bool:
    """One block of payoffs drawn elsewhere."""
    for item in multiples(path, block, stopped):
        if item is None:
            return False
        row, value = item
        kernel.record(value, value.size, path.lowest, path.offset, bins[row], targets, hits, row)
    return True


def count_pairs(
    path: Path, levels: Floats, best: int, first: int, n_blocks: int, stopped: Stopped = never
) -> Counted | None:
    """Blocks done, trials at or above their level per count, alone and with row ``best``; None when stopped."""
    ones, both = np.zeros(len(path.counts), np.int64), np.zeros(len(path.counts), np.int64)
    flags = np.zeros((len(path.counts), BLOCK), np.uint8)
    for block in range(first, first + n_blocks):
        if not (_fused_flags if path.fused else _other_flags)(path, levels, block, flags, stopped):
            return None
        kernel.count_pairs(flags, path.lanes(block), best, ones, both)
    return n_blocks, ones, both


def _fused_flags(path: Path, levels: Floats, block: int, flags: NDArray[np.uint8], stopped: Stopped) -> bool:
    """One block by the kernel."""
    run, state = path.run, np.zeros((STATE_ROWS, BLOCK))
    head = (run.params, COEFFICIENTS, path.keys, np.uint64(block))
    for bet, n_bets in _slices(path):
        if stopped():
            return False
        where = (path.rows(), path.spent, levels, flags, state)
        kernel.pairs(*head, bet, n_bets, path.lanes(block), run.compact, run.rows, *where)
    return True


def _other_flags(path: Path, levels: Floats, block: int, flags: NDArray[np.uint8], stopped: Stopped) -> bool:
    """One block of payoffs drawn elsewhere."""
    for item in multiples(path, block, stopped):
        if item is None:
            return False
        row, value = item
        flags[row, : value.size] = value >= levels[row]
    return True


def sum_scores(
    path: Path, score: Callable[[Floats, float], Floats], levels: Floats, best: int, first: int, n_blocks: int,
    stopped: Stopped = never,
) -> tuple[int, int, Floats] | None:  # fmt: skip
    """First block, blocks done, sums (blocks, 3, counts) of scores, leads over row ``best``, and their squares."""
    sums = np.zeros((n_blocks, 3, len(path.counts)))
    for i in range(n_blocks):
        reference = None
        for item in multiples(path, first + i, stopped, best):
            if item is None:
                return None
            if item[0] == best:
                reference = score(item[1], float(levels[best]))
        for item in multiples(path, first + i, stopped):
            if item is None or reference is None:
                return None
            row, values = item[0], score(item[1], float(levels[item[0]]))
            lead = values - reference
            sums[i, :, row] = values.sum(), lead.sum(), (lead * lead).sum()
    return first, n_blocks, sums
