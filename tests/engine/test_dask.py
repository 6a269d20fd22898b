"""Blocks on a Dask cluster: the same bits for any number of workers, also when one dies; other analyses too."""

import os
import signal

import numpy as np
import pytest

import tailsim as ts
from tailsim.engine import parallel, pools

from .cases import everything, reference_job, same

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of Dask's own, on ports and unclosed sockets
    pytest.mark.filterwarnings("error::tailsim.WorkerWarning"),
]
N = 40_000


@pytest.fixture(scope="module")
def cluster():
    options = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(n_workers=1, **options) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def client(cluster):
    with distributed.Client(cluster) as client:
        yield client


def test_the_same_bits_while_workers_come_go_and_die(cluster, client):
    """1, 2 and 4 processes, one of them killed while it works, and one process again."""
    alone = ts.simulate(everything(), n_trials=N, rng=1)
    for n in (1, 2, 4):
        cluster.scale(n)
        client.wait_for_workers(n)
        assert same(ts.simulate(everything(), n_trials=N, rng=1, executor=client), alone)
    assert same(ts.simulate(everything(), n_trials=N, rng=1, executor=client.get_executor()), alone)

    job, n_trials = reference_job(100), 1_500_000
    whole = ts.simulate(job, n_trials=n_trials, rng=1, keep="summary")
    killed = []

    def kill_one(done, of):
        if done and not killed:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    run = ts.simulate(job, n_trials=n_trials, rng=1, keep="summary", executor=client, progress=kill_one)
    assert killed
    assert run.digest() == whole.digest()
    cluster.scale(1)
    assert same(ts.simulate(everything(), n_trials=N, rng=1, executor=client), alone)


def test_other_long_computations_run_there_too(client):
    run = ts.simulate(reference_job(), n_trials=20_000, rng=1)
    assert run.top_share(k=2, executor=client) == ts.simulate(reference_job(), n_trials=20_000, rng=1).top_share(k=2)
    law = ts.ZeroInflated(ts.Pareto(1.5), 0.65)
    curves = [ts.bet_count_curve(law, 30, targets=(2.0,), n_trials=10_000, rng=1, executor=e) for e in (None, client)]
    assert np.array_equal(*(curve.median for curve in curves))
    assert np.array_equal(*(curve._bins for curve in curves))
    fit = ts.fit_power_law(ts.Pareto(1.5).rvs(300, rng=1), threshold=1.0)
    assert fit.p_value(n_replicates=20, rng=1, executor=client) == fit.p_value(n_replicates=20, rng=1)
    far = [ts.total_tail_probability(law, 30, 1e5, n_trials=8192, rng=1, executor=e) for e in (None, client)]
    assert far[0] == far[1]


def _die(first, n_blocks):
    os.kill(os.getpid(), signal.SIGKILL)


def test_blocks_that_kill_their_workers_are_named(client):
    """Dask has its own count of reruns, by default three, here none."""
    client.run_on_scheduler(lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", 0))
    with pytest.raises(ts.WorkerError, match=r"blocks 0 to 0 were given to workers that died.* KilledWorker"):
        parallel.over_blocks(_die, 1, lambda part: None, executor=client)


def test_workers_are_counted_again_as_they_come():
    class Client:
        threads = 1

        def nthreads(self):
            return {"a worker": self.threads}

    pool = pools.Pool(None, 1)
    pool._client = Client()
    assert pool.workers() == 1
    Client.threads = 7
    pool._counted = (-10.0, 1)
    assert pool.workers() == 7
    pool.close()
