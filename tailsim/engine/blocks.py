"""One block of 4,096 trials: the columns after all bets, and the payoffs behind them."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ..errors import PayoffError
from ..kernels import api, fold
from ..kernels.strict import COEFFICIENTS
from .plan import BLOCK, SLICE, Plan, Run

Floats = NDArray[np.float64]
_ROWS = api.CHUNK // BLOCK  # bets drawn together where Python conducts


def never() -> bool:
    """The stop flag of a run that nobody stops."""
    return False


def conducted(run: Run, keys: NDArray[np.uint64], block: int) -> Iterator[Floats]:
    """Payoffs (bets, 4096) of a run, a few bets at a time, by the law's own draw."""
    for first in range(run.first, run.first + run.n_bets, _ROWS):
        rows = min(_ROWS, run.first + run.n_bets - first)
        where = api.Rows(keys, block, first)
        v = where.exceedances(rows)
        if run.params is not None:
            yield api.isf(run.params, v)
        else:
            with np.errstate(all="ignore"):
                x = run.payoff._draw(v, api.Stream(where))
            yield _checked(run, x)


def _checked(run: Run, x: Floats) -> Floats:
    """A user's law may misbehave: a NaN payoff is an error, never a number in a result."""
    if np.isnan(x).any():
        raise PayoffError(f"{run.payoff!r} drew a NaN payoff; its isf must be defined on all of (0, 1].")
    return np.ascontiguousarray(x, dtype=np.float64)


def payoffs(plan: Plan, block: int) -> Iterator[Floats]:
    """All payoffs of a block in declared order, as arrays (some bets, 4096)."""
    for run in plan.runs:
        yield from conducted(run, plan.keys, block)


def columns(plan: Plan, block: int, stopped: Callable[[], bool] = never) -> tuple[Floats, Floats | None] | None:
    """Running columns (total, largest, wins) after all bets, and stake lost; None when stopped."""
    state = np.zeros((fold.STATE_ROWS, BLOCK))
    state[fold.LARGEST] = -np.inf
    lost = np.zeros(BLOCK) if plan.stakes_differ else None
    for run in plan.runs:
        before = state[fold.WINS].copy() if lost is not None else None
        if not _fold_run(run, plan.keys, block, state, stopped):
            return None
        if lost is not None:
            lost += run.stake * (run.n_bets - (state[fold.WINS] - before))
    return state, lost


def _fold_run(run: Run, keys: NDArray[np.uint64], block: int, state: Floats, stopped: Callable[[], bool]) -> bool:
    """Fold one run into the columns; false when stopped on the way."""
    if run.params is None:
        for x in conducted(run, keys, block):
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
