"""Whole trials: a tile of lanes with all its bets, each lane in order, for what cannot be folded bet by bet."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..dependence.counts import of_block
from ..errors import MemoryBudgetError
from ..kernels import whole as kernel
from ..kernels.philox import TILE
from ..kernels.strict import COEFFICIENTS
from .blocks import payoffs
from .parallel import physical_memory
from .plan import BLOCK, Plan

Floats = NDArray[np.float64]
Lanes = NDArray[np.intp]
GINI, N_EFFECTIVE, TOP = 0, 1, 2  # rows of ``concentration``; shares of the k largest from TOP on
_TILE_NUMBERS = 1 << 16  # payoffs of a tile: half a megabyte, which a second-level cache holds
_LONG = 32  # like bets in a row, on average, from which on walking along the bets of a lane pays


def side_by_side(plan: Plan) -> bool:
    """Whether a lane's payoffs can be drawn along its bets: independent bets in long runs, each with a kernel."""
    independent = not plan.tied and plan.count is None
    return independent and plan.n_bets >= _LONG * len(plan.runs) and all(run.params is not None for run in plan.runs)


def _along(plan: Plan, block: int) -> Iterator[tuple[Lanes, Floats]]:
    """(lanes, payoffs (lanes, bets)) of pairs of lanes, drawn along the bets."""
    quarter = TILE // 4  # pair i + 256 j of a tile serves its lanes i + 512 j and i + 512 j + 256
    pairs = quarter
    while pairs > 1 and 2 * pairs * plan.n_bets > _TILE_NUMBERS:
        pairs //= 2
    x = np.empty((pairs, 2, plan.n_bets))
    lanes = x.reshape(2 * pairs, plan.n_bets)
    for pair in range(0, BLOCK // 2, pairs):
        for run in plan.runs:
            first = (pair, run.first)
            kernel.of_run(run.params, COEFFICIENTS, plan.keys, np.uint64(block), first, run.n_bets, max(run.rows, 1), x)
        one = 2 * quarter * (pair // quarter) + pair % quarter + np.arange(pairs)
        yield np.stack([one, one + quarter], axis=1).reshape(-1), lanes


def _across(plan: Plan, block: int) -> Iterator[tuple[Lanes, Floats]]:
    """The same for any plan: the whole block, bet by bet, then turned."""
    if (needed := 8 * BLOCK * plan.n_bets) > physical_memory() / 4:
        raise MemoryBudgetError(
            f"putting every trial of {plan.n_bets:,} unlike bets in order needs {needed / 1e9:,.1f} GB a worker; "
            "ask max_share or top_share(k=...) with a small k, which need little."
        )
    rows = np.concatenate(list(payoffs(plan, block)))
    step = max(_TILE_NUMBERS // plan.n_bets, 1)
    for first in range(0, BLOCK, step):
        lanes = np.arange(first, min(first + step, BLOCK))
        yield lanes, np.ascontiguousarray(rows[:, lanes[0] : lanes[-1] + 1].T)


def concentration(plan: Plan, block: int, ks: tuple[int, ...]) -> Floats:
    """Rows GINI, N_EFFECTIVE and shares of the k largest of each of a block's trials; NaN where undefined."""
    order = np.argsort(np.array(ks, np.int64), kind="stable")
    sizes = np.array(ks, np.int64)[order]
    out = np.empty((TOP + len(ks), BLOCK))
    for lanes, x in (_along if side_by_side(plan) else _across)(plan, block):
        x.sort(axis=1)  # in NumPy, whose vectorised sort is twice as fast as a bucket sort of our own
        gini, squares, tops = np.empty(len(lanes)), np.empty(len(lanes)), np.empty((len(ks), len(lanes)))
        kernel.of_ordered(x, sizes, gini, squares, tops)
        out[GINI, lanes], out[N_EFFECTIVE, lanes] = gini, 1.0 / squares
        out[TOP + order[:, None], lanes] = tops
    if plan.count is not None:
        out[GINI] = _without_zeros(out[GINI], of_block(plan.count, plan.keys, block))
    return out[:, : plan.lanes(block)]


def _without_zeros(gini: Floats, entered: NDArray[np.int64]) -> Floats:
    """Gini coefficients among the bets that each trial enters, from those among as many as some trial enters."""
    with np.errstate(all="ignore"):
        return np.asarray(1.0 - (1.0 - gini) * (max(int(entered.max()), 1) / entered))
