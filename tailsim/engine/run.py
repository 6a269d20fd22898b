"""``simulate``: validate at the door, run blocks in parallel, merge, hand back a Simulation."""

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from .. import _check
from ..errors import MemoryBudgetError
from ..payoffs._rng import RngLike, seed_of
from ..portfolio import Portfolio
from ..results import Precision, Simulation, Stopped
from ..results.summary import BYTES_PER_TRIAL
from .checkpoint import Checkpoint, check_path, configuration
from .merge import Merge
from .parallel import check_executor, check_workers, interruptible, over_blocks, physical_memory
from .plan import plan_of
from .progress import Progress, reporter
from .stages import from_block, judged, stages
from .summary import Part, block_range

if TYPE_CHECKING:
    from concurrent.futures import Executor

MAX_TRIALS = 2**44
KEEP_BYTES = 128_000_000
_KEPT_BLOCKS = 64  # of a task that returns columns: 5 MB


def simulate(
    portfolio: Portfolio,
    *,
    n_trials: int = 100_000,
    hurdle: float = 1.0,
    until: Precision | None = None,
    n_workers: int | None = None,
    executor: "Executor | Any | None" = None,
    progress: Progress = False,
    top: int = 10,
    keep: str = "auto",
    checkpoint: "str | os.PathLike[str] | None" = None,
    rng: RngLike = None,
) -> Simulation:
    """Simulate a portfolio of bets.

    The payoff of (seed, trial, bet) is a pure function of that address: the result has the same
    bits for any number of workers, any executor and any machine; fewer trials, or fewer bets, are
    the first ones of more.

    Parameters
    ----------
    portfolio : Portfolio
        The bets, in the order in which they are entered, how they depend on each other, and how many a trial
        enters where that is random. What the bets of a trial share (factors, shocks, their number, uncertain
        parameters) is drawn at addresses of its own, so that it moves no other draw.
    n_trials : int, default 100,000
        Simulated worlds, from 1 to 2**44.
    hurdle : float, default 1.0
        A bet fails when it pays less than ``hurdle`` times its stake, or nothing. Use 0 for signed lifts.
    until : Precision, optional
        Stop as soon as an answer is precise enough, looking after 1, 2, 4, 8, ... blocks of 4,096 trials; ``n_trials``
        is then the most there may be, and the result's ``precision`` says whether it was reached.
    n_workers : int, optional
        Threads; by default as many as there are processors.
    executor : concurrent.futures.Executor or dask.distributed.Client, optional
        Where blocks run instead of threads of our own. Workers may come, go and die: what they had begun is done
        again, by Dask or here, up to three times.
    progress : bool or callable, default False
        True shows a bar (tqdm); a callable gets (trials done, n_trials) from time to time.
    top : int, default 10
        Winning trials to remember, from 0 to 10,000.
    keep : {"auto", "trials", "summary"}
        Keep per-trial columns always, never, or ("auto") while they take at most 128 MB. Without
        them quantiles come from bins of 0.4 %.
    checkpoint : path, optional
        Where to save what is done, from the first block on and every few seconds: the same call with the same path
        goes on from there, on any machine, and its result has the same bits as if nothing had happened. With
        ``rng=None`` it goes on with the seed of the file. The generation before the newest is kept beside it,
        under ``checkpoint`` + ".previous".
    rng : None, int, SeedSequence or Generator
        Randomness; None never repeats.

    Returns
    -------
    Simulation
        After Ctrl-C over the trials finished until then, with ``partial`` set; so too, with a CheckpointWarning,
        where the checkpoint can no longer be written.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule; nothing has run then.
    MemoryBudgetError
        If ``keep="trials"`` would need more than the machine has.
    CheckpointError, CorruptFileError
        If the checkpoint is that of another run, field by field, or both its generations are damaged.
    WorkerError
        If workers died on the same blocks again and again; the blocks are named.
    KeyboardInterrupt
        If Ctrl-C came before any trial was finished.

    References
    ----------
    Salmon, Moraes, Dror and Shaw 2011, Parallel random numbers: as easy as 1, 2, 3 (Philox4x32-10).

    Examples
    --------
    >>> import tailsim as ts
    >>> bet = ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65)
    >>> run = ts.simulate(ts.Portfolio.of(bet, 100), n_trials=20_000, rng=1)
    >>> print(f"{run.median():.2f}")
    0.90
    """
    _check.instance("portfolio", portfolio, Portfolio, "a Portfolio; Portfolio.of(bet, n_bets) makes one")
    n_trials = _check.integer("n_trials", n_trials, "a whole number from 1 to 2**44", low=1, high=MAX_TRIALS)
    hurdle = _check.real("hurdle", hurdle)
    top = _check.integer("top", top, "a whole number from 0 to 10,000", low=0, high=10_000)
    keeps = _keeps(_check.one_of("keep", keep, ("auto", "trials", "summary")), n_trials)
    if until is not None:
        _check.instance("until", until, Precision, "None or a Precision, such as Precision('median', 0.01)")
    check_workers(n_workers)
    check_executor(executor)
    path = check_path(checkpoint)
    reporting = reporter(progress, n_trials)
    file = None if path is None else Checkpoint(path)
    seed = file.seed() if file is not None and rng is None else None
    seed = seed_of(rng) if seed is None else seed
    plan = plan_of(portfolio, n_trials=n_trials, hurdle=hurdle, top=top, seed=seed)
    merge = Merge(plan, keeps, file)
    if file is not None:
        how: dict[str, Any] = {"n_trials": n_trials, "hurdle": hurdle, "top": top, "keeps": keeps, "until": until}
        merge.resume(file.resume(configuration(portfolio, **how, seed=seed)))
    with reporting as report:
        merge.report = report
        report(merge.summary.n_trials)
        task = partial(block_range, plan, keep=keeps)
        look = None if until is None else partial(_look, merge, portfolio, hurdle, until)
        stopped = _through(merge, task, until, look, {"n_workers": n_workers, "executor": executor})
    if not merge.summary.n_trials:
        raise KeyboardInterrupt
    return merge.simulation(portfolio, hurdle, stopped)


def _look(merge: Merge, portfolio: Portfolio, hurdle: float, until: Precision) -> Stopped:
    """What the rule says of the trials held."""
    return judged(until, merge.simulation(portfolio, hurdle), merge.plan.n_blocks)


def _through(
    merge: Merge,
    task: Callable[..., Part],
    until: Precision | None,
    look: Callable[[], Stopped] | None,
    how: dict[str, Any],
) -> Stopped | None:
    """Run all blocks that are not yet merged, looking where the rule says; a checkpoint is written at the end."""
    stopped = None
    most = _KEPT_BLOCKS if merge.columns is not None else None
    with interruptible() as merge.stop:
        for first, n_blocks in stages(merge.plan.n_blocks, until):
            begin, end = max(first, merge.next_block), first + n_blocks
            if end < merge.next_block:
                continue
            part = partial(from_block, task, begin)
            ended = over_blocks(part, end - begin, merge.add, most=most, stop=merge.stop, **how)
            if look is not None and merge.summary.n_trials:
                stopped = look()
            if ended or (stopped is not None and stopped.reached):
                break
        merge.save()
    return stopped


def _keeps(keep: str, n_trials: int) -> bool:
    """Whether per-trial columns are kept; refuses what the machine cannot hold."""
    needed = n_trials * BYTES_PER_TRIAL
    if keep == "auto":
        return needed <= KEEP_BYTES
    if keep == "trials" and needed > (held := physical_memory()):
        raise MemoryBudgetError(
            f"keep='trials' needs {needed / 1e9:,.1f} GB for {n_trials:,} trials and this machine has "
            f"{held / 1e9:,.1f} GB; use keep='summary', which needs none."
        )
    return keep == "trials"
