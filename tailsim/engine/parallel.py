"""Tasks over ranges of blocks: sized by the time they take, a bounded window of them, a stop that is prompt."""

import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, TypeVar

from ..errors import WorkerError
from .pools import Pool, check_executor, check_workers, default_workers, died, gave_up

__all__ = ["check_executor", "check_workers", "default_workers", "interruptible", "over_blocks", "physical_memory"]

T = TypeVar("T")
_POLL = 0.05  # seconds between looks at the keyboard
_GRACE = 0.1  # seconds that tasks elsewhere, which see no stop flag, get to end
# enough tasks that no worker waits long for the last one; a task's own cost is 0.05 ms here and 2.4 ms on a cluster
_TASKS_PER_WORKER, _TASK_BLOCKS = 4, 1 << 14
_SECONDS_HERE, _SECONDS_THERE = 0.2, 1.5
_LEAST = 8  # towards the end a task may take a part of that
_RERUNS = 3  # of a task whose worker died
_AHEAD = 64  # windows between the first unfinished task and the last submitted: what waits for it stays small


def physical_memory() -> float:
    """Bytes of memory that this machine has; inf where it does not say."""
    if hasattr(os, "sysconf"):
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return math.inf


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """A stop flag that Ctrl-C sets instead of raising at a random line; a second one raises as usual."""
    stop = threading.Event()
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield stop
        return

    def once(signum: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop.set()

    signal.signal(signal.SIGINT, once)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _timed(task: Callable[..., T], first: int, n_blocks: int, *stopped: Any) -> tuple[float, T]:
    """Seconds a block took where it ran, and what the task returned."""
    start = time.perf_counter()
    result = task(first, n_blocks, *stopped)
    return (time.perf_counter() - start) / n_blocks, result


@dataclass(frozen=True, slots=True)
class _Range:
    """Blocks of one task, which number it has, and how often its worker died."""

    first: int
    n_blocks: int
    number: int
    deaths: int = 0

    def again(self, error: BaseException) -> "_Range":
        """The same blocks for another worker, or an error that names them."""
        if self.deaths < _RERUNS and not gave_up(error):
            return _Range(self.first, self.n_blocks, self.number, self.deaths + 1)
        raise WorkerError(
            f"blocks {self.first} to {self.first + self.n_blocks - 1} were given to workers that died, each time "
            f"({self.deaths + 1} times here; the last said {type(error).__name__}: {error}); look at the workers' "
            "memory and logs, and run again, with checkpoint=... so as to lose nothing."
        ) from error


@dataclass(slots=True)
class _Work:
    """The blocks of a run on their way through a pool."""

    task: Callable[..., Any]
    n_blocks: int
    pool: Pool
    tasks_per_worker: int
    most: int
    seconds: float
    stop: threading.Event
    running: dict["Future[Any]", _Range] = field(default_factory=dict)
    lost: list[_Range] = field(default_factory=list)
    next_block: int = 0
    number: int = 0
    block_seconds: float = math.inf

    def _size(self, workers: int) -> int:
        """Blocks of the next task: as the time says, smaller towards the end, so that all workers end together."""
        by_time = self.seconds / max(self.block_seconds, 1e-9)
        fair = -(-(self.n_blocks - self.next_block) // (self.tasks_per_worker * workers))
        return max(1, int(min(by_time, max(fair, by_time / _LEAST), self.most, self.n_blocks - self.next_block)))

    def _next(self, workers: int) -> _Range | None:
        """The next blocks to be done: first those that a worker left behind."""
        if self.lost:
            return self.lost.pop()
        oldest = min((held.number for held in self.running.values()), default=self.number)
        if self.next_block == self.n_blocks or self.number - oldest > _AHEAD * (2 * workers + 1):
            return None
        made = _Range(self.next_block, self._size(workers), self.number)
        self.next_block, self.number = made.first + made.n_blocks, made.number + 1
        return made

    def fill(self) -> None:
        """Submit until the window is full."""
        workers = self.pool.workers()
        flag = (self.stop.is_set,) if self.pool.shares_memory else ()
        while not self.stop.is_set() and len(self.running) <= 2 * workers and (todo := self._next(workers)) is not None:
            self.running[self.pool.submit(_timed, self.task, todo.first, todo.n_blocks, *flag)] = todo

    def collect(self, finished: set["Future[Any]"], done: Callable[[Any], None]) -> None:
        """Hand results over; blocks of workers that died are to be done again."""
        for future in finished:
            held = self.running.pop(future)
            try:
                self.block_seconds, result = future.result()
            except BaseException as error:
                if not died(error):
                    raise
                self.lost.append(held.again(error))
                self.pool.renew()
                continue
            done(result)

    def drain(self, done: Callable[[Any], None]) -> None:
        """After a stop: drop what has not begun, take what ends now."""
        for future in [future for future in self.running if future.cancel()]:
            del self.running[future]
        patience = None if self.pool.shares_memory else _GRACE
        finished, _ = wait(self.running, timeout=patience)
        for future in finished:
            if (error := future.exception()) is None:
                done(future.result()[1])
            elif not died(error):
                raise error


def over_blocks(
    task: Callable[..., T],
    n_blocks: int,
    done: Callable[[T], None],
    *,
    tasks_per_worker: int = _TASKS_PER_WORKER,
    most: int | None = None,
    n_workers: int | None = None,
    executor: Any = None,
    stop: threading.Event | None = None,
) -> bool:
    """Run ``task(first, n, stopped)`` over all blocks; ``done`` gets every result, in any order.

    True when Ctrl-C, or the event ``stop``, ended it early: what the tasks had finished was handed over all the same.
    Threads share a stop flag; tasks elsewhere get none, take at most about two seconds, and are left behind. A task
    whose worker died is run again, three times at most. No task has more than ``most`` blocks.
    """
    if stop is None:
        with interruptible() as stop:
            how: dict[str, Any] = {"n_workers": n_workers, "executor": executor, "stop": stop}
            return over_blocks(task, n_blocks, done, tasks_per_worker=tasks_per_worker, most=most, **how)
    pool = Pool(executor, n_workers)
    seconds = _SECONDS_HERE if pool.shares_memory else _SECONDS_THERE
    work = _Work(task, n_blocks, pool, tasks_per_worker, most or _TASK_BLOCKS, seconds, stop)
    try:
        while not stop.is_set():
            work.fill()
            if not work.running:
                break
            finished, _ = wait(work.running, timeout=_POLL, return_when=FIRST_COMPLETED)
            work.collect(finished, done)
        if stop.is_set():
            work.drain(done)
        return stop.is_set()
    except BaseException:
        stop.set()
        raise
    finally:
        for future in work.running:
            future.cancel()
        pool.close()
