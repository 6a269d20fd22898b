"""Walking over the same addresses again: quantities that the first pass did not fold, and replay."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import MemoryBudgetError
from ..kernels import api, philox
from ..kernels import summary as kernel
from ..results import Simulation
from ..stats.accumulate import exact, rounded
from .blocks import conducted, never, payoffs
from .parallel import default_workers, over_blocks, physical_memory
from .plan import BLOCK, Plan, Run, plan_of
from .trials import Trials, trials_of
from .whole import GINI, TOP, concentration, side_by_side

Floats = NDArray[np.float64]
_INSERTED = 32  # up to so many largest are kept by insertion, more by partition


def _plan(run: Simulation) -> Plan:
    return plan_of(run.portfolio, n_trials=run.n_trials, hurdle=run.hurdle, top=0, seed=run.seed)


def replay(run: Simulation, trial: int) -> Floats:
    """The payoffs of one trial, in the order of the bets."""
    block, lane = divmod(trial, BLOCK)
    plan = _plan(run)
    trials = trials_of(plan, block)
    payoffs = np.concatenate([_of_lane(plan, part, block, lane, trials) for part in plan.runs])
    return payoffs if trials is None or trials.entered is None else payoffs[: trials.entered[lane]]


def _of_lane(plan: Plan, part: Run, block: int, lane: int, trials: Trials | None) -> Floats:
    """Payoffs of one lane of a run."""
    if part.params is None or trials is not None:
        return np.concatenate([x[:, lane].copy() for x in conducted(part, plan.keys, block, trials)])
    v = np.empty(part.n_bets)
    philox.of_bets(v, plan.keys, np.uint64(block), np.uint64(part.first), np.uint64(lane), np.uint64(0))
    return api.isf(part.params, v)


def _unit(plan: Plan) -> float:
    """A power of two that brings usual payoffs near 1, so that their squares neither overflow nor vanish."""
    usual = max(abs(run.payoff.isf(0.05)) for run in plan.runs)
    return 2.0 ** -min(max(math.frexp(usual)[1], -1000), 1000) if math.isfinite(usual) else 2.0**-1000


def _effective(plan: Plan, block: int) -> Floats:
    """1 / sum of squared shares per trial; NaN where it is undefined."""
    unit = _unit(plan)
    total, squares = np.zeros(BLOCK), np.zeros(BLOCK)
    for x in payoffs(plan, block):
        x *= unit
        for row in x:
            total += row
        kernel.squares_of(x, squares)
    effective: Floats = np.clip(total * (total / squares), 1.0, plan.n_bets)
    return np.where(np.isfinite(total / unit), effective, np.nan)


def _top(plan: Plan, block: int, k: int) -> Floats:
    """Share of the k largest payoffs per trial; NaN where it is undefined."""
    total, top = np.zeros(BLOCK), np.full((k, BLOCK), 0.0 if plan.count is not None else -np.inf)
    waiting: list[Floats] = []
    for x in payoffs(plan, block):
        for row in x:
            total += row
        if k <= _INSERTED:
            kernel.top_of(x, top)
        else:
            waiting.append(x)
            if sum(map(len, waiting)) >= k:
                top, waiting = _largest(k, top, waiting), []
    if k > _INSERTED:
        top = np.sort(_largest(k, top, waiting), axis=0)  # in an order that no CPU decides
    share: Floats = np.clip(top.sum(axis=0) / total, k / plan.n_bets, 1.0)
    return np.where(np.isfinite(total), share, np.nan)


def _largest(k: int, top: Floats, more: list[Floats]) -> Floats:
    """The k largest of each column."""
    rows = np.concatenate([top, *more])
    return np.partition(rows, len(rows) - k, axis=0)[-k:]


def _quantity(plan: Plan, quantity: str, k: int, block: int) -> Floats:
    """One quantity of a block's trials; NaN where it is undefined."""
    if quantity == "n_effective":
        return _effective(plan, block)
    if quantity == "top_share" and not side_by_side(plan):
        return _top(plan, block, k)
    rows = concentration(plan, block, (k,) if k else ())
    values: Floats = rows[GINI if quantity == "gini" else TOP]
    return values


def _blocks(
    plan: Plan, quantity: str, k: int, first: int, n_blocks: int, stopped: Callable[[], bool] = never
) -> tuple[int, int, int]:
    """Exact sum, exact sum of squares and undefined trials over a range of blocks."""
    total = squared = undefined = 0
    for block in range(first, first + n_blocks):
        if stopped():
            raise KeyboardInterrupt
        with np.errstate(all="ignore"):
            values = _quantity(plan, quantity, k, block)[: plan.lanes(block)]
        defined = values[np.isfinite(values)]
        undefined += len(values) - len(defined)
        total += exact(math.fsum(defined))
        squared += exact(math.fsum(defined * defined))
    return total, squared, undefined


def second_pass(
    run: Simulation, quantity: str, k: int, *, n_workers: int | None = None, executor: Any = None
) -> tuple[float, float, int]:
    """(sum, sum of squares, undefined trials) of a per-trial quantity in [0, n_bets]."""
    plan = _plan(run)
    if (needed := 3 * k * BLOCK * 8 * default_workers()) > physical_memory() and not side_by_side(plan):
        raise MemoryBudgetError(
            f"the share of the {k:,} largest needs {needed / 1e9:,.1f} GB, more than this machine has; ask for fewer."
        )
    sums = [0, 0, 0]

    def merge(part: tuple[int, int, int]) -> None:
        sums[:] = [total + more for total, more in zip(sums, part, strict=True)]

    task = partial(_blocks, plan, quantity, k)
    if over_blocks(task, plan.n_blocks, merge, n_workers=n_workers, executor=executor):
        raise KeyboardInterrupt
    return rounded(sums[0]), rounded(sums[1]), sums[2]


def _columns(
    plan: Plan, ks: tuple[int, ...], first: int, n_blocks: int, stopped: Callable[[], bool] = never
) -> tuple[int, Floats]:
    """The first trial of a range of blocks, and the concentration of each of its trials."""
    parts = []
    for block in range(first, first + n_blocks):
        if stopped():
            raise KeyboardInterrupt
        with np.errstate(all="ignore"):
            parts.append(concentration(plan, block, ks))
    return first * BLOCK, np.concatenate(parts, axis=1)


def trial_columns(
    run: Simulation, ks: tuple[int, ...], *, n_workers: int | None = None, executor: Any = None
) -> Floats:
    """Gini coefficient, effective number and shares of the k largest of every trial, one column a trial."""
    plan = _plan(run)
    if (needed := 8 * (TOP + len(ks)) * plan.n_trials) > physical_memory() / 2:
        raise MemoryBudgetError(
            f"the concentration of each of {plan.n_trials:,} trials needs {needed / 1e9:,.1f} GB; "
            "ask gini, top_share and n_effective, which average over trials and need little."
        )
    columns = np.empty((TOP + len(ks), plan.n_trials))

    def put(part: tuple[int, Floats]) -> None:
        columns[:, part[0] : part[0] + part[1].shape[1]] = part[1]

    if over_blocks(partial(_columns, plan, ks), plan.n_blocks, put, n_workers=n_workers, executor=executor):
        raise KeyboardInterrupt
    return columns
