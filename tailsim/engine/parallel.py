"""Tasks over ranges of blocks: an executor, a bounded window of submissions, a stop that is prompt."""

import math
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from .. import _check

T = TypeVar("T")
_POLL = 0.05  # seconds between looks at the keyboard
# enough tasks that no worker waits long for the last one, and long enough that a task's own cost is lost
_TASKS_PER_WORKER, _TASK_BLOCKS = 4, 64


def default_workers() -> int:
    """As many as the processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def physical_memory() -> float:
    """Bytes of memory that this machine has; inf where it does not say."""
    if hasattr(os, "sysconf"):
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return math.inf


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


def ranges(n_blocks: int, per_task: int) -> Iterator[tuple[int, int]]:
    """(first block, how many) of each task."""
    for first in range(0, n_blocks, per_task):
        yield first, min(per_task, n_blocks - first)


@contextmanager
def _interruptible(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C sets ``stop`` instead of raising at a random line; a second one raises as usual."""
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def once(signum: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop.set()

    signal.signal(signal.SIGINT, once)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def over_blocks(
    task: Callable[..., T],
    n_blocks: int,
    done: Callable[[T], None],
    *,
    tasks_per_worker: int = _TASKS_PER_WORKER,
    n_workers: int | None = None,
    executor: Any = None,
) -> bool:
    """Run ``task(first, n, stopped)`` over all blocks; ``done`` gets every result, in any order.

    True when Ctrl-C ended it early: what the tasks had finished was handed over all the same.
    Threads share a stop flag; another executor's tasks get none and run to their end.
    """
    foreign = check_executor(executor)
    workers = check_workers(n_workers)
    stop = threading.Event()
    pool = foreign or ThreadPoolExecutor(workers, thread_name_prefix="tailsim")
    extra = () if foreign else (stop.is_set,)
    todo = ranges(n_blocks, max(1, min(_TASK_BLOCKS, -(-n_blocks // (tasks_per_worker * workers)))))
    running: set[Future[T]] = set()
    window = 2 * getattr(pool, "_max_workers", workers) + 1
    try:
        with _interruptible(stop):
            while True:
                while not stop.is_set() and len(running) < window and (item := next(todo, None)) is not None:
                    running.add(pool.submit(task, *item, *extra))
                if stop.is_set():
                    running = {future for future in running if not future.cancel()}
                if not running:
                    return stop.is_set()
                finished, running = wait(running, timeout=_POLL, return_when=FIRST_COMPLETED)
                for future in finished:
                    done(future.result())
    finally:
        stop.set()
        for future in running:
            future.cancel()
        if foreign is None:
            pool.shutdown(wait=True)
