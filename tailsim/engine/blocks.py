"""One block of 4,096 trials: the columns after all bets, and the payoffs behind them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..kernels import api, fold
from ..kernels.strict import COEFFICIENTS
from .plan import BLOCK, SLICE, Plan, Run
from .trials import ROWS, Trials, checked, trials_of

Floats = NDArray[np.float64]


def never() -> bool:
    """The stop flag of a run that nobody stops."""
    return False


def conducted(run: Run, keys: NDArray[np.uint64], block: int, trials: Trials | None = None) -> Iterator[Floats]:
    """Payoffs (bets, 4096) of a run, a few bets at a time: as the trials tie them, else by the law's own draw."""
    last = run.first + (run.n_bets if trials is None else trials.most(run))
    for first in range(run.first, last, ROWS):
        rows = min(ROWS, last - first)
        if trials is not None and trials.ties(run):
            x = trials.payoffs(run, first, rows)
        else:
            x = _independent(run, api.Rows(keys, block, first), rows)
        yield x if trials is None else trials.shocked(run, x)


def _independent(run: Run, where: api.Rows, rows: int) -> Floats:
    """Payoffs of like bets by the law's own draw."""
    v = where.exceedances(rows)
    if run.params is not None:
        return api.isf(run.params, v)
    with np.errstate(all="ignore"):
        x = run.payoff._draw(v, api.Stream(where))
    return checked(run, x)


def payoffs(plan: Plan, block: int) -> Iterator[Floats]:
    """All payoffs of a block in declared order, as arrays (some bets, 4096)."""
    trials = trials_of(plan, block)
    for run in plan.runs:
        yield from conducted(run, plan.keys, block, trials)


@dataclass(frozen=True, slots=True)
class Columns:
    """The running columns (total, largest, wins) of a block after all bets."""

    state: Floats
    entered: NDArray[np.int64] | None  # how many bets each trial enters, where that is random
    lost: Floats | None  # stake of bets that failed, where stakes differ

    def spent(self, plan: Plan) -> Floats:
        """Stakes of each trial, in money."""
        if self.entered is None:
            return np.full(BLOCK, plan.spent)
        return np.asarray(self.entered * plan.runs[0].stake, dtype=np.float64)

    def failed(self, plan: Plan) -> NDArray[np.int64]:
        """Bets of each trial that failed."""
        entered = plan.n_bets if self.entered is None else self.entered
        return np.asarray(entered - self.state[fold.WINS].astype(np.int64))


def columns(plan: Plan, block: int, stopped: Callable[[], bool] = never) -> Columns | None:
    """The columns of a block; None when stopped."""
    state = np.zeros((fold.STATE_ROWS, BLOCK))
    state[fold.LARGEST] = -np.inf
    lost = np.zeros(BLOCK) if plan.stakes_differ else None
    trials = trials_of(plan, block)
    for run in plan.runs:
        before = state[fold.WINS].copy() if lost is not None else None
        if not _fold_run(run, plan.keys, block, trials, state, stopped):
            return None
        if lost is not None:
            lost += run.stake * (run.n_bets - (state[fold.WINS] - before))
    return Columns(state, None if trials is None else trials.entered, lost)


def _fold_run(
    run: Run,
    keys: NDArray[np.uint64],
    block: int,
    trials: Trials | None,
    state: Floats,
    stopped: Callable[[], bool],
) -> bool:
    """Fold one run into the columns; false when stopped on the way."""
    if run.params is None or trials is not None:
        done = 0
        for x in conducted(run, keys, block, trials):
            if stopped():
                return False
            if trials is None or trials.entered is None:
                fold.fold_rows(x, run.need, state)
            else:
                fold.fold_some(x, done, trials.entered, run.need, state)
            done += len(x)
        return True
    for done in range(0, run.n_bets, SLICE):
        if stopped():
            return False
        first, n = np.uint64(run.first + done), min(SLICE, run.n_bets - done)
        how = (run.need, run.compact, run.rows)
        fold.run(run.params, COEFFICIENTS, keys, np.uint64(block), first, n, *how, state)
    if run.compact:  # lanes where every bet of the run paid zero have seen a zero
        np.maximum(state[fold.LARGEST], 0.0, out=state[fold.LARGEST])
    return True
