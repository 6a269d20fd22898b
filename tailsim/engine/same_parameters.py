"""Every trial twice: the same uncertain parameters, everything left to chance drawn anew."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..kernels import fold
from ..kernels.philox import round_keys
from ..results import Simulation
from .blocks import columns, never
from .parallel import over_blocks
from .plan import BLOCK, Plan, plan_of

Floats = NDArray[np.float64]
MOST_TRIALS = 1 << 22  # more would not sharpen a share that anyone can use


def _other_keys(seed: int) -> NDArray[np.uint64]:
    """Round keys of a stream that no seed has."""
    keys: NDArray[np.uint64] = round_keys(np.random.SeedSequence(seed, spawn_key=(1,)).generate_state(2, np.uint32))
    return keys


def _multiples(plan: Plan, block: int) -> Floats:
    """Paid / spent of a block's trials; NaN where nothing was spent."""
    done = columns(plan, block)
    if done is None:
        raise KeyboardInterrupt
    with np.errstate(all="ignore"):
        return np.asarray((done.state[fold.TOTAL] / done.spent(plan))[: plan.lanes(block)])


def _pairs(
    plans: tuple[Plan, Plan], first: int, n_blocks: int, stopped: Callable[[], bool] = never
) -> tuple[int, Floats]:
    """The first trial of a range of blocks, and both multiples of each of its trials."""
    parts = []
    for block in range(first, first + n_blocks):
        if stopped():
            raise KeyboardInterrupt
        parts.append(np.array([_multiples(plan, block) for plan in plans]))
    return first * BLOCK, np.concatenate(parts, axis=1)


def twins(run: Simulation, *, n_workers: int | None = None, executor: Any = None) -> Floats:
    """Multiples (2, trials) of the first trials of a run, and of twins that have the same parameters."""
    n = min(run.n_trials, MOST_TRIALS)
    plan = plan_of(run.portfolio, n_trials=n, hurdle=run.hurdle, top=0, seed=run.seed)
    plans = (plan, replace(plan, keys=_other_keys(run.seed)))
    out = np.empty((2, n))

    def put(part: tuple[int, Floats]) -> None:
        out[:, part[0] : part[0] + part[1].shape[1]] = part[1]

    if over_blocks(partial(_pairs, plans), plan.n_blocks, put, n_workers=n_workers, executor=executor):
        raise KeyboardInterrupt
    return out
