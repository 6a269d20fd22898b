"""The same bits on any processor: digests of every kernel with features of the processor hidden."""

import hashlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

import tailsim as ts

from .cases import LAWS, reference_job

ROOT = Path(__file__).parents[2]
X86 = platform.machine().lower() in ("x86_64", "amd64")
HIDDEN = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4"}
GENERIC = {"NUMBA_CPU_NAME": "generic"}

# Laws drawn by kernels alone: NumPy's own functions, which "turned round" or a law of one's own use, may differ.
KERNELS = [name for name in LAWS if name != "turned round"]
SCRIPT = (
    "import json, sys; from tests.engine.test_bits import answers; print(json.dumps(answers(*json.loads(sys.argv[1]))))"
)


def answers(n, n_trials, without=()):
    """Hashes of n draws of every law, and the digest of a run that folds uniforms, powers and columns in one loop."""
    names = [name for name in KERNELS if name not in without]
    hashes = {name: hashlib.sha256(LAWS[name].rvs(n, rng=1).tobytes()).hexdigest() for name in names}
    return hashes | {"run": ts.simulate(reference_job(3), n_trials=n_trials, rng=1).digest()}


def elsewhere(*arguments, **environment):
    """The answers of a process with another environment."""
    command = [sys.executable, "-c", SCRIPT, json.dumps(arguments)]
    whole = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(command, env=whole, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Where code for other processors is compiled to."""
    return {"NUMBA_CACHE_DIR": str(tmp_path_factory.mktemp("cache"))}


pytestmark = pytest.mark.skipif(not X86, reason="hides features of x86-64 processors")


def test_without_the_fused_multiply_add_of_the_c_library():
    here = answers(20_000, 5000)
    assert elsewhere(20_000, 5000, **HIDDEN) == here


def test_on_the_oldest_processor_of_the_family(cache):
    assert elsewhere(20_000, 5000, **GENERIC, **cache) == answers(20_000, 5000)


def test_with_both_hidden_where_fma_is_emulated(cache):
    """350 times slower: a tile of every law but the one whose table takes long to build."""
    small = (1000, 1, ["cells by an integral"])
    assert elsewhere(*small, **HIDDEN, **GENERIC, **cache) == answers(*small)


def test_the_parameters_of_a_table_do_not_come_from_numpys_logarithm():
    """NumPy's logarithm has other bits without AVX-512; the parameters of narrow buckets showed it."""
    code = (
        "import numpy as np, tailsim as ts; r = np.random.default_rng(1)\n"
        "for _ in range(40):\n"
        "    p = ts.Buckets(np.cumsum(r.random(9) + 0.1), [1 / 8] * 8)._params(); print(p.a.tolist(), p.b.tolist())"
    )
    hidden = {"NPY_DISABLE_CPU_FEATURES": " ".join(f for f in __cpu_dispatch__ if __cpu_features__.get(f))}
    plain, other = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ | env)
        for env in ({}, hidden)
    )
    assert plain.stdout == other.stdout != ""
