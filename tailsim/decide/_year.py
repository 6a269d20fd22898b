"""Years of a programme, block by block: bets tried, killed and paid, round by round."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..dependence import _tags
from ..engine.blocks import conducted, never
from ..engine.plan import BLOCK, Run, run_of
from ..engine.trials import ROWS, Trials, parameters_of
from ..kernels import api
from ..kernels.philox import round_keys
from .programme import Setting

Floats = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
_HAIR = 1e-9  # shares of stakes are sums of decimals: 9.9999999999 stakes are ten


@dataclass(slots=True)
class Books:
    """The running columns of the years of a block; stakes are counted in stakes, payoffs in money."""

    paid: Floats
    staked: Floats
    freed: Floats
    tried: NDArray[np.int64]
    failed: NDArray[np.int64]
    killed: NDArray[np.int64]
    largest: Floats
    counted: NDArray[np.int64]

    @classmethod
    def empty(cls) -> "Books":
        """Before the first bet."""
        paid, staked, freed = np.zeros((3, BLOCK))
        tried, failed, killed, counted = np.zeros((4, BLOCK), np.int64)
        return cls(paid, staked, freed, tried, failed, killed, np.full(BLOCK, -np.inf), counted)

    def enter(self, paid: Floats, tried: Flags, staked: Floats, killed: Flags, stake: float) -> None:
        """Book bets, rows in their order."""
        for row in range(len(paid)):
            self.paid += paid[row]
            self.staked += staked[row]
        self.freed += np.where(killed, 1.0 - staked, 0.0).sum(axis=0)
        self.tried += tried.sum(axis=0)
        self.failed += (tried & ~((paid >= stake) & (paid > 0.0))).sum(axis=0)
        self.killed += killed.sum(axis=0)
        np.maximum(self.largest, np.where(tried, paid, -np.inf).max(axis=0), out=self.largest)


def one_block(setting: Setting, seed: int, block: int) -> Books:
    """The years of a block after their last round."""
    books = Books.empty()
    keys = round_keys(api.key_of(seed))
    run = run_of(setting.bet, 0, setting.n_bets, hurdle=1.0)
    shared = parameters_of(run, keys, block)
    at_once = np.full(BLOCK, setting.n_bets, np.int64)
    for round_ in range(setting.rounds):
        if round_:  # a stream of its own, so that the number of bets of one round moves no bet of the next
            keys = round_keys(api.key_of(seed, (round_,)))
            at_once = np.floor(books.freed + _HAIR).astype(np.int64)
            books.freed -= at_once
            if not at_once.any():
                break
        here = replace(run, n_bets=int(at_once.max()))
        trials = None if shared is None else replace(shared, keys=keys)
        _round(setting, books, _rows(here, keys, block, trials), at_once)
    return books


def _rows(run: Run, keys: NDArray[np.uint64], block: int, trials: Trials | None) -> Iterator[tuple[api.Rows, Floats]]:
    """What a few ideas at a time would pay, (rows, 4096), with their addresses."""
    for i, payoffs in enumerate(conducted(run, keys, block, trials)):
        yield api.Rows(keys, block, run.first + i * ROWS), payoffs


def _round(setting: Setting, books: Books, rows: Iterator[tuple[api.Rows, Floats]], at_once: NDArray[np.int64]) -> None:
    """Book one round in which each year makes the first ``at_once`` bets."""
    stake, how = setting.bet.stake, setting.practices
    for where, payoffs in rows:
        n = len(payoffs)
        tried = np.arange(where.bet, where.bet + n)[:, None] < at_once
        if setting.fear is not None:
            tried &= ~setting.fear.refuses(payoffs, stake, where.exceedances(n, _tags.DARED))
        astray = np.zeros_like(tried)
        if how.aligned < 1.0:
            astray = where.exceedances(n, _tags.ALIGNED) > how.aligned
        staked, killed = _gated(setting, payoffs, tried & ~astray, where)
        paid = np.where(tried & ~astray & ~killed, payoffs, 0.0)
        books.enter(paid, tried, np.where(tried, staked, 0.0), killed, stake)
        books.counted += (tried & (paid >= setting.bar)).sum(axis=0)


def _gated(setting: Setting, payoffs: Floats, seen: Flags, where: api.Rows) -> tuple[Floats, Flags]:
    """Shares of their stakes that bets spend, and which are killed among those that gates see as they are."""
    staked, killed = np.ones_like(payoffs), np.zeros_like(seen)
    if not setting.looks:
        return staked, killed
    reported = setting.practices.reported
    if reported < 1.0:
        hidden = where.exceedances(len(payoffs), _tags.REPORTED) > reported
        seen = seen & ~(hidden & (payoffs < setting.bet.stake))
    multiples = payoffs / setting.bet.stake
    for look in setting.looks:
        stops = seen & ~killed & look.kills(multiples, where)
        staked[stops] = look.gate.spent
        killed |= stops
    return staked, killed


def some_blocks(
    setting: Setting, seed: int, first: int, n_blocks: int, stopped: Callable[[], bool] = never
) -> tuple[int, list[Books]] | None:
    """First block and the books of a range of blocks; None when stopped."""
    made = []
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is looked at in the end
        for block in range(first, first + n_blocks):
            if stopped():
                return None
            made.append(one_block(setting, seed, block))
    return first, made
