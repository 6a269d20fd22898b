"""Workers that die, blocks that come twice or late, every way of starting a process, and Ctrl-C over and over."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

import tailsim as ts
from tailsim.engine import parallel, run
from tailsim.engine.merge import Merge
from tailsim.engine.plan import plan_of
from tailsim.engine.summary import block_range

from .cases import everything, reference_job, same

ROOT = Path(__file__).parents[2]
N = 40_000


@pytest.fixture(scope="module")
def alone():
    return ts.simulate(reference_job(), n_trials=N, rng=1, n_workers=1)


# ---- workers die


def _die_once(flag, first, n_blocks):
    """Kill the process that gets block 3, the first time."""
    if first <= 3 < first + n_blocks and not os.path.exists(flag):
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return list(range(first, first + n_blocks))


def _die(first, n_blocks):
    if first == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return [first]


DYING = """
import multiprocessing, sys, warnings
from concurrent.futures import ProcessPoolExecutor
from functools import partial
import tailsim as ts
from tailsim.engine import parallel
from tests.engine.test_faults import _die, _die_once
done = []
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("forkserver")) as executor:
        try:
            parallel.over_blocks(partial(_die_once, sys.argv[1]) if sys.argv[1] else _die, 50, done.extend,
                                 executor=executor, most=1)
            print(sorted(done) == list(range(50)))
        except ts.WorkerError as error:
            print(error)
print(len(said), said[0].category.__name__, said[0].message)
"""


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="signals of POSIX")
def test_blocks_of_a_process_that_dies_are_done_by_others(tmp_path):
    right, said = fresh(DYING, str(tmp_path / "flag")).splitlines()
    assert right == "True"
    assert said.startswith("1 WorkerWarning a process of executor died; a new pool of 2 processes, closed at the end")
    assert (tmp_path / "flag").exists()


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="signals of POSIX")
def test_a_block_that_kills_four_processes_is_named():
    error, said = fresh(DYING, "").splitlines()
    assert "were given to workers that died, each time (4 times here; the last said BrokenProcessPool" in error
    assert said.startswith(("3 WorkerWarning", "4 WorkerWarning"))


class Flaky(ThreadPoolExecutor):
    """Loses the first tries of every task, as a cluster whose machines go away."""

    def __init__(self, losses, error):
        super().__init__(1)
        self.losses, self.error, self.tried = losses, error, {}

    def submit(self, function, *arguments, **keywords):
        tried = self.tried[arguments[1]] = self.tried.get(arguments[1], 0) + 1
        if tried <= self.losses:
            future = Future()
            future.set_exception(self.error)
            return future
        return super().submit(function, *arguments, **keywords)


class KilledWorker(Exception):
    """Named as Dask's, which stands for reruns of its own."""


class CommClosedError(OSError):
    """Named as Dask's."""


@pytest.mark.parametrize("error", [BrokenProcessPool("gone"), CancelledError(), CommClosedError("closed")])
def test_tasks_are_run_again_three_times_and_no_more(alone, error):
    assert same(ts.simulate(reference_job(), n_trials=N, rng=1, executor=Flaky(3, error)), alone)
    with pytest.raises(ts.WorkerError, match=r"blocks \d+ to \d+ were given .*4 times here"):
        ts.simulate(reference_job(), n_trials=N, rng=1, executor=Flaky(4, error))


def test_a_task_that_a_cluster_gave_up_is_not_begun_again():
    executor = Flaky(1, KilledWorker("three times"))
    with pytest.raises(ts.WorkerError, match=r"1 times here; the last said KilledWorker: three times"):
        ts.simulate(reference_job(), n_trials=10, rng=1, executor=executor)
    assert executor.tried == {0: 1}


def test_an_error_of_a_task_is_not_taken_for_a_dead_worker():
    calls = []

    def fail(first, n, stopped):
        calls.append(first)
        raise OSError("not a worker's death")

    with pytest.raises(OSError, match="not a worker's death"):
        parallel.over_blocks(fail, 1, lambda part: None, n_workers=1)
    assert calls == [0]


# ---- blocks come twice, late, in any order


@pytest.mark.parametrize("keep", [False, True])
def test_parts_twice_late_and_in_any_order_merge_to_the_same(alone, keep):
    plan = plan_of(reference_job(), n_trials=N, hurdle=1.0, top=10, seed=1)
    merge = Merge(plan, keep)
    for first in [9, 3, 3, 0, 0, 7, 1, 9, 0, 2, 4, 3, 8, 6, 5, 9, 0]:
        merge.add(block_range(plan, first, 1, keep=keep))
    assert merge.next_block == plan.n_blocks
    assert not merge._waiting
    assert merge.simulation(reference_job(), 1.0).digest() == alone.digest()


def test_tasks_grow_until_they_take_long_enough_and_shrink_towards_the_end(monkeypatch):
    monkeypatch.setattr(parallel, "_timed", lambda task, first, n, *flag: (0.001, task(first, n)))
    sizes = []
    parallel.over_blocks(lambda first, n: n, 5000, sizes.append, n_workers=1)
    assert sum(sizes) == 5000
    assert sizes[0] == 1
    assert max(sizes) == 200  # 0.2 s at 1 ms a block
    assert sizes[-1] <= 25


def test_only_so_many_tasks_are_ahead_of_one_that_hangs(monkeypatch):
    """Results that cannot be merged yet wait in memory: there are few of them."""
    monkeypatch.setattr(parallel, "_AHEAD", 2)
    submitted, done, hung = [], [], Future()

    class Hanging(ThreadPoolExecutor):
        def submit(self, function, task, first, *rest):
            submitted.append(first)
            return hung if first == 0 else super().submit(function, task, first, *rest)

    with Hanging(2) as executor:
        stop = parallel.threading.Event()
        parallel.threading.Timer(0.5, stop.set).start()
        assert parallel.over_blocks(lambda first, *_: first, 500, done.append, most=1, executor=executor, stop=stop)
    assert submitted == list(range(11))  # two windows of five beyond the first
    assert sorted(done) == list(range(1, 11))


# ---- processes


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_the_same_bits_in_processes_however_they_start(alone, method):
    """In a fresh process, which has simulated in eight threads before the pool starts."""
    code = """
import json, multiprocessing, sys, threading, warnings
from concurrent.futures import ProcessPoolExecutor
warnings.simplefilter("ignore")
import tailsim as ts
from tests.engine.cases import reference_job
def one(executor=None):
    return ts.simulate(reference_job(), n_trials=40_000, rng=1, executor=executor).digest()
if __name__ == "__main__":
    found = []
    threads = [threading.Thread(target=lambda: found.append(one())) for _ in range(8)]
    [t.start() for t in threads]; [t.join() for t in threads]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(sys.argv[1])) as executor:
        found.append(one(executor))
    print(*found)
"""
    assert fresh(code, method).split() == [alone.digest()] * 9


def fresh(code, *arguments):
    """What a fresh process prints."""
    command = [sys.executable, "-c", code, *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---- Ctrl-C

INTERRUPT = """
import json, os, signal, sys, threading, time
import tailsim as ts
from tests.engine.cases import reference_job
from tailsim.engine import run
tries, job = int(sys.argv[1]), reference_job(100)
ts.simulate(job, n_trials=1, rng=1)
late, digests = [], []
for i in range(tries):
    sent, wait = [], 0.05 + 0.1 * (i * 0.6180339887 % 1)
    def interrupt():
        time.sleep(wait)
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)
    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        done = ts.simulate(job, n_trials=10**9, rng=1, keep="summary")
        late.append(time.perf_counter() - sent[0])
        assert done.partial and done.n_trials % 4096 == 0
        digests.append((done.n_trials, done.digest()))
    except KeyboardInterrupt:
        late.append(time.perf_counter() - sent[0])
    thread.join()
    assert threading.active_count() == 1
print(json.dumps([late, digests[:3]]))
"""


def lateness(tries):
    late, digests = json.loads(fresh(INTERRUPT, str(tries)))
    for n_trials, digest in digests:
        assert ts.simulate(reference_job(100), n_trials=n_trials, rng=1, keep="summary").digest() == digest
    return sorted(late)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_comes_back_within_a_quarter_of_a_second():
    """Three in four here, for a busy machine's sake; 99 in 100 below."""
    late = lateness(20)
    assert late[14] < 0.25


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_comes_back_within_a_quarter_of_a_second_99_times_in_100():
    late = lateness(200)
    assert late[197] < 0.25


def test_ctrl_c_does_not_wait_for_tasks_elsewhere(monkeypatch):
    """A task in another process sees no flag: it is left behind after a moment."""

    class Elsewhere(ProcessPoolExecutor):
        def __init__(self):
            self._max_workers = 1

        def submit(self, *arguments):
            future = Future()
            future.set_running_or_notify_cancel()
            return future

        def shutdown(self, *_, **__):
            pass

    stop = parallel.threading.Event()
    stop_soon = parallel.threading.Timer(0.1, stop.set)
    stop_soon.start()
    began = parallel.time.monotonic()
    assert parallel.over_blocks(print, 10, print, executor=Elsewhere(), stop=stop)
    assert parallel.time.monotonic() - began < 1.0


# ---- memory


def test_memory_that_a_machine_does_not_have_is_refused_before_it_is_taken(monkeypatch):
    monkeypatch.setattr(run, "physical_memory", lambda: 1e9)
    with pytest.raises(ts.MemoryBudgetError, match=r"needs 2\.0 GB for 100,000,000 trials .* has 1\.0 GB; use keep="):
        ts.simulate(everything(), n_trials=10**8, keep="trials")
