"""What is left of the trials of a run: per-trial columns, or summaries that merge in any order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..stats.accumulate import Histogram

Floats = NDArray[np.float64]
BYTES_PER_TRIAL = 20
Block: TypeAlias = tuple[Floats, Floats, NDArray[np.int32]]


def _none() -> Floats:
    return np.empty(0)


def _no_trials() -> NDArray[np.int64]:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Columns:
    """Per-trial columns of consecutive trials: paid, largest payoff, bets that failed."""

    totals: Floats
    largest: Floats
    n_failures: NDArray[np.int32]

    @classmethod
    def of(cls, n_trials: int) -> "Columns":
        """Columns to be filled block by block: made once, so that nothing is held twice."""
        return cls(np.empty(n_trials), np.empty(n_trials), np.empty(n_trials, np.int32))

    def fill(self, first: int, blocks: Sequence[Block]) -> None:
        """Put consecutive blocks in, from trial ``first`` on."""
        for block in blocks:
            rows = slice(first, first + len(block[0]))
            self.totals[rows], self.largest[rows], self.n_failures[rows] = block
            first += len(block[0])

    def first(self, n_trials: int) -> "Columns":
        """The first trials, read-only."""
        columns = self.totals[:n_trials], self.largest[:n_trials], self.n_failures[:n_trials]
        for column in columns:
            column.flags.writeable = False
        return Columns(*columns)


@dataclass(frozen=True, slots=True)
class Winners:
    """The trials that paid most, in decreasing order of what they paid, ties in order of trial."""

    trials: NDArray[np.int64] = field(default_factory=_no_trials)
    totals: Floats = field(default_factory=_none)

    def plot(self, *, ax: Any = None) -> Any:
        """What the best worlds paid; see ``plotting.plot_winners``."""
        from .. import plotting

        return plotting.plot_winners(self, ax=ax)

    def with_block(self, totals: Floats, first_trial: int, top: int) -> "Winners":
        """The best ``top`` of these and of a block of later trials."""
        if not top or (len(self.totals) == top and not totals.max() > self.totals[-1]):
            return self
        if len(self.totals) == top:
            candidates = np.flatnonzero(totals > self.totals[-1])
        else:
            kth = max(len(totals) - top, 0)
            candidates = np.flatnonzero(totals >= np.partition(totals, kth)[kth])
        return self.merged(Winners(candidates + first_trial, totals[candidates]), top)

    def merged(self, other: "Winners", top: int) -> "Winners":
        """The best ``top`` of both."""
        trials = np.concatenate([self.trials, other.trials])
        totals = np.concatenate([self.totals, other.totals])
        order = np.lexsort((trials, -totals))[:top]
        return Winners(trials[order], totals[order])


@dataclass(slots=True)
class Summary:
    """Counts, exact sums (integers of 2^-1074), histogram of multiples and winners of some trials."""

    n_trials: int = 0
    won: int = 0
    above: int = 0  # multiples beyond the largest double
    below: int = 0  # and beyond its negative
    undefined_share: int = 0
    sum_shares: int = 0
    sum_squared_shares: int = 0
    sum_lost: int = 0
    sum_squared_lost: int = 0
    squared_failures: int = 0  # sum over trials of the square of how many bets failed, where bets depend
    entered: int = 0  # bets entered in all trials, where their number is random
    idle: int = 0  # trials that entered none
    multiples: Histogram = field(default_factory=Histogram)
    winners: Winners = field(default_factory=Winners)

    def merge(self, other: "Summary", top: int) -> None:
        """Add the trials of another summary to this one; any order and grouping gives the same."""
        for name in (f.name for f in fields(self)[:-2]):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.multiples.merge(other.multiples)
        self.winners = self.winners.merged(other.winners, top)
