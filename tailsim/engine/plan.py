"""What one block needs to know: runs of like bets, their kernels, the key. Small and picklable."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dependence import CountLaw
from ..dependence._given import p_zero
from ..kernels.api import key_of
from ..kernels.params import Params, WithZeros, scratch_rows
from ..kernels.philox import round_keys
from ..payoffs.base import Payoff
from ..portfolio import Bet, Portfolio

BLOCK = 4096
SMALLEST = 5e-324
# above this share of survivors it is faster to draw every lane than to gather the survivors
_BLEND_ABOVE = 0.4
# bets that are folded between two looks at the stop flag: about 15 ms of a block
SLICE = 1024
_USUAL = 2.0**-60  # chance of more bets than the plan says, where their number is random


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive like bets: where they start, their law, and what makes one of them win."""

    first: int
    n_bets: int
    stake: float
    need: float
    payoff: Payoff
    params: Params | None
    compact: bool
    rows: int
    group: str | None = None
    p_zero: float = 0.0  # P(X = 0) and P(X > 0), where bets depend on each other
    above: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A portfolio under a seed and a hurdle, ready to be run block by block."""

    runs: tuple[Run, ...]
    n_bets: int  # at most so many, where their number is random: but for a chance of 2^-60
    spent: float
    n_trials: int
    top: int
    seed: int
    keys: NDArray[np.uint64]
    dependence: Any = None
    count: CountLaw | None = None
    parameter_keys: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    tied: bool = False  # whether bets of a trial depend on each other

    @property
    def n_blocks(self) -> int:
        """How many blocks hold the trials."""
        return -(-self.n_trials // BLOCK)

    def lanes(self, block: int) -> int:
        """How many lanes of a block are trials."""
        return min(BLOCK, self.n_trials - block * BLOCK)

    @property
    def stakes_differ(self) -> bool:
        """Whether failures by stake differ from failures by bets."""
        return len({run.stake for run in self.runs}) > 1


def need_of(stake: float, hurdle: float) -> float:
    """The least payoff that is not a failure: zero and less never is one."""
    return max(hurdle * stake, SMALLEST)


def run_of(bet: Bet, first: int, n_bets: int, hurdle: float) -> Run:
    """The run of ``n_bets`` bets like ``bet``."""
    params = bet.payoff._kernel()
    compact = isinstance(params, WithZeros) and params.q <= _BLEND_ABOVE and bet.payoff.support[0] >= 0.0
    rows = 0 if params is None else scratch_rows(params)
    return Run(first, n_bets, bet.stake, need_of(bet.stake, hurdle), bet.payoff, params, compact, rows, bet.group)


def plan_of(portfolio: Portfolio, *, n_trials: int, hurdle: float, top: int, seed: int) -> Plan:
    """The plan of a whole simulation."""
    runs = []
    first = 0
    for bet, count in portfolio.runs():
        run = run_of(bet, first, count, hurdle)
        if portfolio.dependence is not None:
            run = replace(run, p_zero=p_zero(bet.payoff), above=float(bet.payoff.sf(0.0)))
        runs.append(run)
        first += count
    keys = round_keys(key_of(seed))
    if portfolio.count is not None:
        first = int(portfolio.count.isf(_USUAL))
    how = (portfolio.dependence, portfolio.count, keys, portfolio.tied)
    return Plan(tuple(runs), first, portfolio.spent, n_trials, top, seed, keys, *how)
