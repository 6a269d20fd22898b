"""The mergeable summary of trials: integers, exact sums, the top trials. Any order, the same bits."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..errors import PayoffError
from ..kernels import fold
from ..kernels import summary as kernel
from ..results import Summary, Winners
from ..results.summary import Block
from ..stats.accumulate import N_BINS, Histogram, exact
from .blocks import Columns, columns, never
from .plan import BLOCK, SMALLEST, Plan


@dataclass(slots=True)
class Part:
    """What a task returns: the summary of a contiguous range of blocks, and its columns if kept."""

    first_block: int
    n_blocks: int
    summary: Summary
    kept: list[Block]


_free: list[NDArray[np.int64]] = []  # bins of zeros that earlier tasks left behind: 8 MB each, as many as workers


def _clean_bins() -> NDArray[np.int64]:
    """Bins of zeros, new only where no task has left any."""
    try:
        return _free.pop()
    except IndexError:
        return np.zeros(N_BINS, np.int64)


@dataclass(slots=True)
class _Tally:
    """Dense accumulators of one task, turned into a small Summary at its end."""

    plan: Plan
    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(kernel.N_COUNTS, np.int64))
    bins: NDArray[np.int64] = field(default_factory=_clean_bins)
    # least and greatest bin touched
    limits: NDArray[np.int64] = field(default_factory=lambda: np.array([N_BINS, -1], np.int64))
    sums: tuple[int, int] = (0, 0)
    lost: tuple[int, int] = (0, 0)
    squared_failures: int = 0
    entered: int = 0
    idle: int = 0
    winners: Winners = field(default_factory=Winners)
    n_trials: int = 0

    def add(self, block: int, columns: Columns) -> NDArray[np.float64]:
        """Fold a finished block in; returns its multiples."""
        n, state = self.plan.lanes(block), columns.state
        multiples = np.empty(n)
        sums = np.zeros((kernel.N_SUMS, 2))
        spent = columns.spent(self.plan)
        kernel.summarise(state, spent, n, multiples, self.bins, self.limits, self.counts, sums)
        (share, low), (squared, squared_low) = sums.tolist()
        self.sums = self.sums[0] + exact(share) + exact(low), self.sums[1] + exact(squared) + exact(squared_low)
        self._add_failures(columns, n, spent)
        self.winners = self.winners.with_block(state[fold.TOTAL, :n], block * BLOCK, self.plan.top)
        self.n_trials += n
        return multiples

    def _add_failures(self, columns: Columns, n: int, spent: NDArray[np.float64]) -> None:
        """Failures trial by trial, where bets or their stakes are unlike, depend, or are random in number."""
        failed, lost = columns.failed(self.plan)[:n], columns.lost
        if columns.entered is not None:
            entered = columns.entered[:n]
            self.entered += int(entered.sum())
            self.idle += int(np.count_nonzero(entered == 0))
            lost = np.asarray(failed * self.plan.runs[0].stake, dtype=np.float64)
        if lost is not None:
            part = np.minimum(lost[:n] / np.maximum(spent[:n], SMALLEST), 1.0)
            self.lost = self.lost[0] + exact(math.fsum(part)), self.lost[1] + exact(math.fsum(part * part))
        if self.plan.tied:
            self.squared_failures += int(failed @ failed)

    def summary(self) -> Summary:
        """The small form of what was folded in."""
        histogram = Histogram()
        low, high = int(self.limits[0]), int(self.limits[1]) + 1
        touched = np.flatnonzero(self.bins[low:high]) + low
        histogram.add(touched, self.bins[touched])
        self.bins[low:high] = 0
        _free.append(self.bins)
        counts = [int(c) for c in self.counts]
        won, above, below, strange, undefined = counts
        strange -= self.idle  # nothing paid over nothing spent
        if strange:
            raise PayoffError(
                f"the total of {strange:,} trials is not a number because gains and losses both exceed the largest "
                "double; state payoffs and stakes in a larger unit."
            )
        head = (self.n_trials, won, above, below, undefined)
        more = (self.squared_failures, self.entered, self.idle)
        return Summary(*head, *self.sums, *self.lost, *more, histogram, self.winners)


def block_range(plan: Plan, first: int, n_blocks: int, stopped: Callable[[], bool] = never, *, keep: bool) -> Part:
    """Run blocks first .. first + n_blocks - 1, or the first of them when stopped on the way."""
    tally = _Tally(plan)
    kept: list[Block] = []
    done = 0
    for block in range(first, first + n_blocks):
        result = columns(plan, block, stopped)
        if result is None:
            break
        tally.add(block, result)
        done += 1
        if keep:
            kept.append(_kept(plan, block, result))
    return Part(first, done, tally.summary(), kept)


def _kept(plan: Plan, block: int, result: Columns) -> Block:
    """The per-trial columns of a block; the largest payoff of a trial without bets is not a number."""
    n = plan.lanes(block)
    largest = result.state[fold.LARGEST, :n].copy()
    if result.entered is not None:
        largest[result.entered[:n] == 0] = np.nan
    return result.state[fold.TOTAL, :n].copy(), largest, result.failed(plan)[:n].astype(np.int32)
