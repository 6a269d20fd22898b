"""Dependence, counts and uncertain parameters: the same bits with features of the processor hidden."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tailsim as ts
from tests.engine.test_bits import GENERIC, HIDDEN, X86

from .helpers import MODELS, ZEROS, drawn

ROOT = Path(__file__).parents[2]
SCRIPT = "import json; from tests.dependence.test_bits import answers; print(json.dumps(answers()))"
pytestmark = pytest.mark.skipif(not X86, reason="hides features of x86-64 processors")


def answers():
    """Hashes of all payoffs of a block under every model, and of numbers of bets."""
    tied = {name: ts.Portfolio.of(ZEROS, 3, model) for name, model in MODELS.items()}
    matrix = [[1.0, 0.5, 0.2], [0.5, 1.0, 0.3], [0.2, 0.3, 1.0]]
    tied |= {f"matrix {df}": ts.Portfolio.of(ZEROS, 3, ts.Correlation(matrix, df)) for df in (None, 3.0)}
    index = ts.Uniform(0.5, 1.9)
    laws = [ts.Pareto(index), ts.Lomax(index), ts.Weibull(index), ts.Frechet(index), ts.LogNormal(0.0, index)]
    tied["uncertain"] = ts.Portfolio([ts.ZeroInflated(law, ts.Uniform(0.2, 0.4)) for law in laws])
    hashes = {name: hashlib.sha256(drawn(p, 1).tobytes()).hexdigest() for name, p in tied.items()}
    for law in (ts.PoissonCount(37.5), ts.BinomialCount(90, 0.3), ts.GeometricCount(0.01)):
        hashes[repr(law)] = hashlib.sha256(np.asarray(law.rvs(4096, rng=1), "<i8").tobytes()).hexdigest()
    return hashes


def elsewhere(**environment):
    """The answers of a process with another environment."""
    whole = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=whole, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_without_the_fused_multiply_add_of_the_c_library():
    assert elsewhere(**HIDDEN) == answers()


@pytest.mark.slow
def test_on_the_oldest_processor_of_the_family(tmp_path):
    assert elsewhere(**GENERIC, NUMBA_CACHE_DIR=str(tmp_path)) == answers()
