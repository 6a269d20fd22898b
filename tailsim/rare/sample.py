"""Samples of everything but the integrated bet: the others' sum, their largest, and how many tie for it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..dependence import OneFactor
from ..dependence.counts import CountLaw, of_block
from ..engine.blocks import columns, never, payoffs
from ..engine.plan import BLOCK, Plan, plan_of
from ..kernels import fold, philox
from ..kernels.api import key_of
from ..portfolio import Bet, Portfolio
from .conditional import Conditional, conditional
from .control import Group

Floats = NDArray[np.float64]
_PILOT = (1,)


class Beside(NamedTuple):
    """The others of one integrated bet, over the lanes of a block."""

    total: Floats
    largest: Floats  # -inf where there are none
    ties: Floats  # how many of the others are as large as the largest; 0 where no tie has a probability
    n_bets: Floats


@dataclass(frozen=True, slots=True)
class Sampler:
    """Draws the others of each group, block by block, on the addresses of a simulation."""

    groups: tuple[Group, ...]
    n_trials: int
    keys: NDArray[np.uint64]
    seed: int
    tied: bool
    plan: Plan | None  # the bets that are beside every group's integrated one
    rest: Plan | None  # one bet of each group, where there is more than one
    model: OneFactor | None  # what ties the bets of a trial

    @property
    def n_blocks(self) -> int:
        """How many blocks hold the trials."""
        return -(-self.n_trials // BLOCK)

    def lanes(self, block: int) -> int:
        """How many lanes of a block are trials."""
        return min(BLOCK, self.n_trials - block * BLOCK)

    def pilot(self) -> "Sampler":
        """One block on addresses of its own, for what must be chosen before the samples are seen."""
        keys = philox.round_keys(key_of(self.seed, _PILOT))
        plans = [None if plan is None else replace(plan, keys=keys) for plan in (self.plan, self.rest)]
        return replace(self, n_trials=BLOCK, keys=keys, plan=plans[0], rest=plans[1])

    def block(self, block: int, stopped: Callable[[], bool] = never) -> list[Beside] | None:
        """The others of every group; None when stopped on the way."""
        base = self._base(block, stopped)
        if base is None or self.rest is None:
            return None if base is None else [base]
        each = np.concatenate(list(payoffs(self.rest, block)))
        rows = range(len(self.groups))
        return [_joined(base, [each[j] for j in rows if j != i]) for i in rows]

    def _base(self, block: int, stopped: Callable[[], bool]) -> Beside | None:
        if self.plan is None:
            return _nobody(np.zeros(BLOCK))
        entered = None if self.plan.count is None else of_block(self.plan.count, self.plan.keys, block)
        n_bets = np.full(BLOCK, float(self.plan.n_bets)) if entered is None else entered.astype(np.float64)
        if self.tied:
            beside, done = _nobody(n_bets), 0
            for rows in payoffs(self.plan, block):
                if stopped():
                    return None
                beside = _joined(beside, list(rows), done)
                done += len(rows)
            return beside
        found = columns(self.plan, block, stopped)
        if found is None:
            return None
        return Beside(found.state[fold.TOTAL], found.state[fold.LARGEST], np.zeros(BLOCK), n_bets)

    def given(self, block: int) -> list[Conditional] | None:
        """The laws of the groups given what the trials of a block share; None for independent bets."""
        if self.model is None:
            return None
        n = self.lanes(block)
        return [conditional(g.payoff, self.model, self.keys, block, n) for g in self.groups]


def _nobody(n_bets: Floats) -> Beside:
    """The columns before any bet."""
    return Beside(np.zeros(BLOCK), np.full(BLOCK, -np.inf), np.zeros(BLOCK), n_bets)


def _joined(beside: Beside, rows: list[Floats], done: int | None = None) -> Beside:
    """The others with more bets among them; after ``done`` bets only the trials that enter more have one."""
    total, largest, ties, n_bets = beside
    for k, row in enumerate(rows):
        x, low = row, row
        if done is not None:
            here = done + k < n_bets
            x, low = np.where(here, row, 0.0), np.where(here, row, -np.inf)
        ties = np.where(low > largest, 1.0, ties + ((low == largest) & (low > -np.inf)))
        largest = np.maximum(largest, low)
        total = total + x
    return Beside(total, largest, ties, n_bets)


def sampler_of(
    groups: tuple[Group, ...], n_trials: int, seed: int, *, tied: bool, model: OneFactor | None = None
) -> Sampler:
    """The sampler of groups of like bets: all bets but one of each group, then those."""

    def planned(bets: tuple[Bet, ...], count: CountLaw | None = None) -> Plan | None:
        if not bets:
            return None
        portfolio = Portfolio(bets, model, count)
        return plan_of(portfolio, n_trials=n_trials, hurdle=1.0, top=0, seed=seed)

    if (count := groups[0].others.count) is not None:
        plan, rest = planned((Bet(groups[0].payoff),), count), None
    else:
        bets = tuple(Bet(law) for law, others in groups for _ in range(others.fixed))
        plan = planned(bets)
        rest = planned(tuple(Bet(g.payoff) for g in groups)) if len(groups) > 1 else None
        if rest is not None:
            rest = replace(rest, runs=tuple(replace(run, first=run.first + len(bets)) for run in rest.runs))
    return Sampler(groups, n_trials, philox.round_keys(key_of(seed)), seed, tied, plan, rest, model)
