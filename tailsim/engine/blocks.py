"""One block of 4,096 trials: the columns after all bets, and the payoffs behind them."""

from collections.abc import Callable, Iterator

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
    for first in range(run.first, run.first + run.n_bets, ROWS):
        rows = min(ROWS, run.first + run.n_bets - first)
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


def columns(plan: Plan, block: int, stopped: Callable[[], bool] = never) -> tuple[Floats, Floats | None] | None:
    """Running columns (total, largest, wins) after all bets, and stake lost; None when stopped."""
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
    return state, lost


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
        for x in conducted(run, keys, block, trials):
            if stopped():
                return False
            fold.fold_rows(x, run.need, state)
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
