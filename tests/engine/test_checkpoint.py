"""Checkpoints: killed, resumed, damaged, refused and out of disk, a run ends with the bits of one left alone."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

import tailsim as ts
from tailsim.engine import checkpoint as module

from .cases import everything, reference_job, same

ROOT = Path(__file__).parents[2]
JOB = reference_job(100)
N = 400_000


@pytest.fixture(scope="module")
def whole():
    return ts.simulate(JOB, n_trials=N, rng=1)


@pytest.fixture
def often(monkeypatch):
    """A checkpoint after every task."""
    monkeypatch.setattr(module, "_EVERY", 0.0)
    monkeypatch.setattr(module, "_TIMES", 0.0)


class Stop(Exception):
    pass


def interrupted(path, after=50_000, **how):
    """Run until so many trials are done, then fail as a crash would: without a last word."""

    def fail(done, of):
        if done >= after:
            raise Stop

    with pytest.raises(Stop):
        ts.simulate(JOB, **({"n_trials": N, "rng": 1} | how), n_workers=1, checkpoint=path, progress=fail)


def test_a_run_with_a_checkpoint_is_the_run_and_the_same_call_again_reads_it(tmp_path, whole):
    path = tmp_path / "run"
    assert same(ts.simulate(JOB, n_trials=N, rng=1, checkpoint=path), whole)
    began = time.perf_counter()
    assert same(ts.simulate(JOB, n_trials=N, rng=1, checkpoint=str(path)), whole)
    assert time.perf_counter() - began < 2.0
    assert {p.name for p in tmp_path.iterdir()} <= {"run", "run.previous"}


@pytest.mark.parametrize("keep", ["trials", "summary"])
def test_resumed_with_other_workers_it_has_the_same_bits(tmp_path, often, whole, keep):
    interrupted(tmp_path / "run", keep=keep, after=4096)
    seen = []
    again = partial(ts.simulate, JOB, n_trials=N, rng=1, keep=keep, checkpoint=tmp_path / "run")
    run = again(n_workers=3, progress=lambda done, of: seen.append(done))
    assert 4096 <= seen[0] < N  # it went on, and did not begin anew
    assert run.digest() == whole.digest()
    assert list(run.winners().trials) == list(whole.winners().trials)
    assert keep == "summary" or same(run, whole)


def test_every_kind_of_bet_resumes(tmp_path, often):
    tied = ts.Portfolio.of(
        ts.Bet(ts.ZeroInflated(ts.Pareto(ts.Uniform(1.1, 1.9)), 0.65)),
        ts.PoissonCount(20.0),
        dependence=ts.CommonShock(0.1, 0.5),
    )
    for portfolio in (everything(1), tied):
        path = tmp_path / "run"
        with pytest.raises(Stop):
            ts.simulate(portfolio, n_trials=25_000, rng=1, n_workers=1, checkpoint=path, progress=stop_after(9_000))
        run = ts.simulate(portfolio, n_trials=25_000, rng=1, checkpoint=path)
        assert same(run, ts.simulate(portfolio, n_trials=25_000, rng=1))
        for p in tmp_path.iterdir():
            p.unlink()


def stop_after(n_trials):
    def fail(done, of):
        if done >= n_trials:
            raise Stop

    return fail


@pytest.mark.parametrize("after", [1, 20_000, 100_000])
def test_a_stop_rule_resumes(tmp_path, often, after):
    job, rule = reference_job(), ts.Precision("median", 0.003)
    whole = ts.simulate(job, n_trials=2_000_000, rng=1, until=rule)
    assert after < whole.n_trials < 2_000_000
    how = {"n_trials": 2_000_000, "rng": 1, "until": rule, "checkpoint": tmp_path / "run"}
    with pytest.raises(Stop):
        ts.simulate(job, progress=stop_after(after), **how)
    for _ in range(2):
        run = ts.simulate(job, **how)
        assert same(run, whole)
        assert run.precision == whole.precision
        assert run.partial is False


def test_without_a_seed_it_goes_on_with_that_of_the_file(tmp_path, often):
    interrupted(tmp_path / "run", rng=None)
    run = ts.simulate(JOB, n_trials=N, checkpoint=tmp_path / "run")
    assert run.digest() == ts.simulate(JOB, n_trials=N, rng=run.seed).digest()
    other = ts.simulate(JOB, n_trials=5000, checkpoint=tmp_path / "other")
    assert other.seed != run.seed


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"n_trials": 5001}, "n_trials was 5000 and is 5001;"),
        ({"hurdle": 1.5}, r"hurdle was 1\.0 and is 1\.5;"),
        ({"rng": 2}, "rng was 1 and is 2;"),
        ({"top": 5}, "top was 10 and is 5;"),
        ({"keep": "summary"}, "keep was trials and is summary;"),
        ({"until": ts.Precision("median", 0.1)}, r"until was None and is Precision\('median', 0\.1, level=0\.95\);"),
        ({"portfolio": reference_job(99)}, "portfolio was .* and is .*;"),
        ({"portfolio": ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5 + 2.0**-52), 0.65), 100)}, "portfolio was"),
        ({"portfolio": ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.65), ts.PoissonCount(9))}, "portfolio was"),
        ({"hurdle": 2.0, "rng": 7}, r"hurdle was 1\.0 and is 2\.0; rng was 1 and is 7; ask"),
    ],
)
def test_another_configuration_is_refused_field_by_field(tmp_path, changed, says):
    asked = {"portfolio": JOB, "n_trials": 5000, "rng": 1, "checkpoint": tmp_path / "run"}
    ts.simulate(**asked)
    before = (tmp_path / "run").read_bytes()
    with pytest.raises(ts.CheckpointError, match=says):
        ts.simulate(**(asked | changed))
    assert (tmp_path / "run").read_bytes() == before


def test_functions_in_a_stop_rule_are_told_apart_by_what_they_do(tmp_path):
    def until(x):
        return ts.Precision(lambda s: s.prob_at_least(x), 0.5)

    how = {"n_trials": 5000, "rng": 1, "checkpoint": tmp_path / "run"}
    ts.simulate(JOB, until=until(1.0), **how)
    ts.simulate(JOB, until=until(1.0), **how)
    with pytest.raises(ts.CheckpointError, match="until was Precision"):
        ts.simulate(JOB, until=until(2.0), **how)


def test_a_damaged_generation_gives_way_to_the_one_before_and_two_are_an_error(tmp_path, often, whole):
    path, before = tmp_path / "run", tmp_path / "run.previous"
    interrupted(path, after=200_000)
    data = path.read_bytes()
    assert before.exists()
    path.write_bytes(data[:-1])
    with pytest.warns(ts.CheckpointWarning, match="run must be a whole file.*goes on from the generation before it"):
        run = ts.simulate(JOB, n_trials=N, rng=1, checkpoint=path)
    assert same(run, whole)
    for file in (path, before):
        flipped = bytearray(file.read_bytes())
        flipped[len(flipped) // 2] ^= 1
        file.write_bytes(flipped)
    with pytest.raises(ts.CorruptFileError, match="run must be a whole file"):
        ts.simulate(JOB, n_trials=N, rng=1, checkpoint=path)


def test_a_crash_between_the_two_renames_leaves_a_generation(tmp_path, often, whole):
    interrupted(tmp_path / "run", after=100_000)
    (tmp_path / "run").rename(tmp_path / "run.previous")
    (tmp_path / "run.new").write_bytes(b"half a file")
    assert same(ts.simulate(JOB, n_trials=N, rng=1, checkpoint=tmp_path / "run"), whole)


def test_another_file_is_never_overwritten(tmp_path):
    (tmp_path / "mine").write_text("my own data")
    with pytest.raises(ts.CorruptFileError, match="mine must be a whole file"):
        ts.simulate(JOB, n_trials=10, checkpoint=tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "my own data"


@pytest.mark.parametrize("path", ["no/such/folder/run", ".", 7, True])
def test_paths_that_cannot_be_are_refused(path):
    with pytest.raises(ts.ArgumentError, match="checkpoint must be"):
        ts.simulate(JOB, n_trials=10, checkpoint=path)


@pytest.mark.parametrize("fault", [(28, "No space left on device"), (30, "Read-only file system")])
@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_full_disk_leaves_the_old_checkpoint_and_a_partial_result(tmp_path, often, monkeypatch, fault, call, whole):
    path = tmp_path / "run"
    interrupted(path)
    old = path.read_bytes()

    def refuse(*_, **__):
        raise OSError(*fault)

    with monkeypatch.context() as patched:
        patched.setattr(module.os if call == "fsync" else module, call, refuse, raising=False)
        with pytest.warns(ts.CheckpointWarning, match=f"cannot be written .{fault[1]}.*is intact"):
            run = ts.simulate(JOB, n_trials=N, rng=1, checkpoint=path)
    assert run.partial
    assert 50_000 <= run.n_trials < N
    assert path.read_bytes() == old
    assert {p.name for p in tmp_path.iterdir()} <= {"run", "run.previous"}
    assert run.digest() == ts.simulate(JOB, n_trials=run.n_trials, rng=1).digest()
    assert same(ts.simulate(JOB, n_trials=N, rng=1, checkpoint=path), whole)


def test_the_size_of_a_checkpoint_does_not_grow_with_the_trials(tmp_path):
    for n in (100_000, 1_600_000):
        ts.simulate(reference_job(), n_trials=n, rng=1, keep="summary", checkpoint=tmp_path / str(n))
    assert (tmp_path / "1600000").stat().st_size < 2 * (tmp_path / "100000").stat().st_size < 200_000


# ---- kill -9

KILLED = """
import json, os, random, signal, sys, time, warnings
warnings.simplefilter("ignore")
import tailsim as ts
from tailsim.engine import checkpoint
from tests.engine.cases import reference_job
path, kills, seed, n_trials = json.loads(sys.argv[1])
checkpoint._EVERY = checkpoint._TIMES = 0.0
run = lambda: ts.simulate(reference_job(100), n_trials=n_trials, rng=1, keep="summary", n_workers=2, checkpoint=path)
ts.simulate(reference_job(100), n_trials=1, rng=1)
rng, killed = random.Random(seed), 0
while killed < kills:
    child = os.fork()
    if not child:
        os._exit(0 if run().n_trials == n_trials else 1)
    time.sleep(rng.uniform(0.0, 0.3))
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    killed += os.WIFSIGNALED(status)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0
        for name in (path, path + ".previous"):
            os.unlink(name)
print(run().digest())
"""


def end_of_killed(path, kills, seed):
    """The digest of a run that was killed so often at random moments; one that ended before it was is begun again."""
    arguments = json.dumps([str(path), kills, seed, 3_000_000])
    command = [sys.executable, "-c", KILLED, arguments]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def long_digest():
    return ts.simulate(JOB, n_trials=3_000_000, rng=1, keep="summary").digest()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_five_random_moments_it_ends_with_the_same_bits(tmp_path, long_digest):
    assert end_of_killed(tmp_path / "run", 5, 5) == long_digest


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_fifty_random_moments_it_ends_with_the_same_bits(tmp_path, long_digest):
    seed = random.SystemRandom().randrange(10**6)
    for i in range(10):
        assert end_of_killed(tmp_path / f"run{i}", 5, seed + i) == long_digest, f"seed {seed}, run {i}"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("mount") is None or not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts")
def test_a_disk_that_is_really_full(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("this machine does not let its users mount")
    try:
        ts.simulate(reference_job(), n_trials=5000, rng=1, keep="summary", checkpoint=disk / "run")
        (disk / "rest").write_bytes(b"0" * 350_000)
        before = (disk / "run").read_bytes()
        with pytest.warns(ts.CheckpointWarning, match="No space left"):
            run = ts.simulate(JOB, n_trials=300_000, rng=1, keep="trials", checkpoint=disk / "more")
        assert run.partial
        assert (disk / "run").read_bytes() == before
    finally:
        subprocess.run(["umount", str(disk)], check=True)
