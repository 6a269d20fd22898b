"""Where tasks run: threads of our own, somebody's executor, or a Dask cluster; and what to do when a worker dies."""

import os
import time
import warnings
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

from .. import _check
from ..errors import WorkerWarning

_DASK_GAVE_UP = "KilledWorker"  # after running a task on several workers that died
_DASK_LOST = {"CommClosedError", "FutureCancelledError", "FuturesCancelledError", "CancelledError", "Reschedule"}
_ASK_AGAIN = 2.0  # seconds between two questions to a cluster of how many workers it has


def default_workers() -> int:
    """As many as the processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_workers(n_workers: int | None) -> int:
    """The number of worker threads asked for."""
    if n_workers is None:
        return default_workers()
    return _check.integer("n_workers", n_workers, "None or a whole number from 1 to 1024", low=1, high=1024)


def check_executor(executor: Any) -> Executor | None:
    """None, a concurrent.futures.Executor, or the executor of a Dask Client."""
    if executor is None or isinstance(executor, Executor):
        return executor
    if hasattr(executor, "get_executor"):
        pool: Executor = executor.get_executor()
        return pool
    raise _check.refuse("executor", "None, a concurrent.futures.Executor or a Dask Client", executor)


def gave_up(error: BaseException) -> bool:
    """Whether the executor has itself rerun the task until it gave up."""
    return any(kind.__name__ == _DASK_GAVE_UP for kind in type(error).__mro__)


def died(error: BaseException) -> bool:
    """Whether an error says that a worker is gone, and not that the task failed."""
    if isinstance(error, (BrokenExecutor, CancelledError)) or gave_up(error):
        return True
    return any(kind.__name__ in _DASK_LOST for kind in type(error).__mro__)


class Pool:
    """Where tasks run: submits, says how many workers there are, and is renewed when it broke."""

    def __init__(self, executor: Any, n_workers: int | None) -> None:
        foreign = check_executor(executor)
        self._asked = check_workers(n_workers)
        self._executor = foreign or ThreadPoolExecutor(self._asked, thread_name_prefix="tailsim")
        self._ours = foreign is None
        self._client = getattr(foreign, "_client", None)  # Dask's
        self._counted = (-_ASK_AGAIN, self._asked)

    @property
    def shares_memory(self) -> bool:
        """Whether tasks run in this process, so that they can look at a stop flag."""
        return isinstance(self._executor, ThreadPoolExecutor)

    def workers(self) -> int:
        """How many tasks run at a time; a cluster's workers come and go."""
        if self._client is None:
            return int(getattr(self._executor, "_max_workers", self._asked))
        asked, workers = self._counted
        if time.monotonic() - asked > _ASK_AGAIN:
            workers = max(1, sum(self._client.nthreads().values()))
            self._counted = (time.monotonic(), workers)
        return workers

    def submit(self, task: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Hand a task over; a cluster must not take it for one it has done before."""
        options: dict[str, Any] = {} if self._client is None else {"pure": False}
        try:
            return self._executor.submit(task, *arguments, **options)
        except BrokenExecutor:
            self.renew()
            return self._executor.submit(task, *arguments, **options)

    def renew(self) -> None:
        """Processes of which one died take no more tasks: new ones, of our own, do the rest."""
        old = self._executor
        if not isinstance(old, ProcessPoolExecutor) or not getattr(old, "_broken", False):
            return
        warnings.warn(
            f"a process of executor died; a new pool of {self.workers()} processes, closed at the end, does the rest.",
            WorkerWarning,
            stacklevel=2,
        )
        how = {name: getattr(old, f"_{name}") for name in ("mp_context", "initializer", "initargs")}
        self._executor = ProcessPoolExecutor(self.workers(), **how)
        if self._ours:
            old.shutdown(wait=False)
        self._ours = True

    def close(self) -> None:
        """End what is ours; the executor of somebody else stays open."""
        if self._ours:
            self._executor.shutdown(wait=self.shares_memory, cancel_futures=True)
