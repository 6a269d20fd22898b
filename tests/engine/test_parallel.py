"""Workers, executors, threads and Ctrl-C: who computes a block is not seen in it, and nothing is left behind."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

import tailsim as ts
from tailsim.engine import parallel

from .cases import LAWS, everything, reference_job, same

ROOT = Path(__file__).parents[2]
N = 40_000  # ten blocks


@pytest.fixture(scope="module")
def alone():
    return ts.simulate(everything(), n_trials=N, rng=1, n_workers=1)


@pytest.mark.parametrize("n_workers", [1, 2, 3, 7, 64, None])
def test_same_bits_for_any_number_of_workers(alone, n_workers):
    assert same(ts.simulate(everything(), n_trials=N, rng=1, n_workers=n_workers), alone)


@pytest.mark.parametrize("n_workers", [1, 2, 3, 7])
@pytest.mark.parametrize("keep", ["trials", "summary"])
def test_same_digest_over_many_tasks(n_workers, keep):
    """1.2 million trials of 20 bets are several tasks of many blocks each."""
    runs = [ts.simulate(reference_job(), n_trials=1_200_000, rng=1, n_workers=n, keep=keep) for n in (1, n_workers)]
    assert runs[0].digest() == runs[1].digest()
    assert runs[0].quantile(0.3) == runs[1].quantile(0.3)


class Backwards(ThreadPoolExecutor):
    """Holds everything back and then does the last first, and every second task twice."""

    def __init__(self):
        super().__init__(1)
        self.held = []
        self.lock = threading.Lock()
        self.timer = None

    def submit(self, function, *arguments, **keywords):
        future = Future()
        with self.lock:
            self.held.append((future, function, arguments, keywords))
        threading.Timer(0.05, self.release).start()
        return future

    def release(self):
        with self.lock:
            held, self.held = self.held, []
        for i, (future, function, arguments, keywords) in enumerate(reversed(held)):
            if i % 2:
                function(*arguments, **keywords)
            future.set_result(function(*arguments, **keywords))


def test_same_bits_for_any_order_and_repetition_of_blocks(alone, monkeypatch):
    monkeypatch.setattr(parallel, "_TASK_BLOCKS", 1)  # one block a task
    assert same(ts.simulate(everything(), n_trials=N, rng=1, executor=Backwards()), alone)


def test_same_bits_for_a_thread_pool_of_ones_own_which_stays_open(alone):
    with ThreadPoolExecutor(3) as executor:
        assert same(ts.simulate(everything(), n_trials=N, rng=1, executor=executor), alone)
        assert executor.submit(int, "7").result() == 7


def test_same_bits_for_other_processes(alone):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        assert same(ts.simulate(everything(), n_trials=N, rng=1, executor=executor), alone)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_same_digest_after_fork(alone):
    """In a fresh process, which forks after it has simulated with threads."""
    code = """
import os, sys, warnings
warnings.simplefilter("ignore")
import tailsim as ts
from tests.engine.cases import everything
one = lambda: ts.simulate(everything(), n_trials=40_000, rng=1, n_workers=2).digest()
print(one(), flush=True)
if os.fork() == 0:
    print(one(), flush=True)
    os._exit(0)
assert os.wait()[1] == 0
"""
    assert process(code).split() == [alone.digest()] * 2


def test_called_from_eight_threads_at_once(alone):
    """In a fresh process, so that eight threads also load the kernels at once."""
    code = """
import threading
import tailsim as ts
from tests.engine.cases import everything
gate, digests = threading.Barrier(8), []
def work():
    gate.wait()
    digests.append(ts.simulate(everything(), n_trials=40_000, rng=1, n_workers=2).digest())
threads = [threading.Thread(target=work) for _ in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]
print(*digests)
"""
    assert process(code).split() == [alone.digest()] * 8


def test_no_threads_are_left_behind():
    before = threading.active_count()
    ts.simulate(reference_job(), n_trials=N, rng=1, n_workers=7)
    assert threading.active_count() == before


def test_the_window_of_submitted_tasks_is_bounded():
    """Tasks of a long run are not all submitted at once: memory stays flat in n_trials."""
    most = 0

    class Counting(ThreadPoolExecutor):
        def submit(self, *arguments, **keywords):
            nonlocal most
            most = max(most, self._work_queue.qsize())
            return super().submit(*arguments, **keywords)

    with Counting(2) as executor:
        parallel.over_blocks(lambda *where: where, 5000, lambda part: None, most=1, executor=executor)
    assert most <= 5


def test_an_error_in_a_block_comes_out_as_it_is():
    def work(first, n, stopped):
        if first == 3:
            raise ZeroDivisionError("in block 3")

    before = threading.active_count()
    with pytest.raises(ZeroDivisionError, match="in block 3"):
        parallel.over_blocks(work, 100, lambda part: None, tasks_per_worker=50, n_workers=2)
    assert threading.active_count() == before


@pytest.mark.parametrize("n_workers", [1, 2, 5])
@pytest.mark.parametrize("n_blocks", [1, 10, 64, 65, 1000])
def test_every_block_is_done_once(n_blocks, n_workers):
    done = []
    work = lambda first, n, stopped: range(first, first + n)  # noqa: E731
    assert not parallel.over_blocks(work, n_blocks, done.extend, n_workers=n_workers)
    assert sorted(done) == list(range(n_blocks))


# ---- Ctrl-C

INTERRUPT = """
import json, os, signal, sys, threading, time
import tailsim as ts
from tests.engine.cases import LAWS
name, n_bets, n_trials, keep, wait = json.loads(sys.argv[1])
portfolio = ts.Portfolio.of(LAWS[name], n_bets)
ts.simulate(portfolio if n_bets < 1000 else ts.Portfolio.of(LAWS[name], 1), n_trials=1, rng=1)
sent = []
def interrupt():
    time.sleep(wait)
    sent.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt).start()
try:
    run = ts.simulate(portfolio, n_trials=n_trials, rng=1, keep=keep)
    late = time.perf_counter() - sent[0]
    answer = dict(partial=run.partial, n=run.n_trials, digest=run.digest(), said=repr(run).splitlines()[0])
except KeyboardInterrupt:
    late = time.perf_counter() - sent[0]
    answer = dict(interrupted=True)
answer["late"] = late
answer["threads"] = [t.name for t in threading.enumerate()]
answer["handler"] = signal.getsignal(signal.SIGINT) is signal.default_int_handler
print(json.dumps(answer))
"""


def process(code, *arguments):
    """What a fresh process prints."""
    command = [sys.executable, "-c", code, *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("name", "n_bets", "keep"), [("few survivors", 100, "summary"), ("mixture", 100, "trials")])
def test_ctrl_c_returns_what_is_done_marked_partial(name, n_bets, keep):
    """Promised within 250 ms; a busy machine gets a second."""
    n_trials = 10**10 if keep == "summary" else 10**7
    answer = json.loads(process(INTERRUPT, json.dumps([name, n_bets, n_trials, keep, 0.6])))
    assert answer["partial"] is True
    assert 0 < answer["n"] < n_trials
    assert answer["n"] % 4096 == 0
    assert "ended early" in answer["said"]
    assert answer["late"] < 1.0
    assert answer["threads"] == ["MainThread"]
    assert answer["handler"] is True
    whole = ts.simulate(ts.Portfolio.of(LAWS[name], n_bets), n_trials=answer["n"], rng=1, keep="summary")
    assert whole.partial is False
    assert whole.digest() == answer["digest"]  # the trials held are the first ones, all of them


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_before_anything_is_done_is_an_interrupt():
    """Even the first block of five million bets takes longer than the signal: it stops on the way."""
    answer = json.loads(process(INTERRUPT, json.dumps(["power", 5_000_000, 10**6, "summary", 0.8])))
    assert answer["interrupted"] is True
    assert answer["late"] < 1.0
    assert answer["threads"] == ["MainThread"]
    assert answer["handler"] is True
