"""Compiled code is kept on disk, never outlives its source, and is done without where no disk can be written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tailsim as ts
from tailsim.kernels import _jit

PACKAGE = Path(_jit.__file__).parents[1]
PAYOFF = """
import numpy as np
from tailsim.kernels import api, params
print(api.isf(params.NegLog(1.0), np.array([np.exp(-1.0)]))[0])
"""
SIMULATED = """
import tailsim as ts
print(ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 3), n_trials=10, rng=1).digest())
"""


def run(code, at, **environment):
    """The output of a new process that imports the package from the folder ``at``."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV")}
    kept |= {"PYTHONPATH": str(at), "PYTHONDONTWRITEBYTECODE": "1"} | environment
    done = subprocess.run([sys.executable, "-c", code], env=kept, cwd=at, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr


@pytest.fixture
def copy(tmp_path):
    """The package alone in a folder of its own."""
    ignore = shutil.ignore_patterns("__pycache__", "data")
    shutil.copytree(PACKAGE, tmp_path / "site" / "tailsim", ignore=ignore)
    return tmp_path / "site"


@pytest.mark.parametrize("name", ["strict.py", "params.py", "bits.py", "_jit.py"])
def test_editing_any_kernel_file_changes_the_hash(copy, name):
    folder = copy / "tailsim" / "kernels"
    before = _jit.source_hash(folder)
    assert before == _jit.SOURCE_HASH
    path = folder / name
    path.write_text(path.read_text() + "\n# edited\n")
    assert _jit.source_hash(folder) != before


def test_the_hash_sees_names_and_new_files_and_nothing_else(copy):
    folder = copy / "tailsim" / "kernels"
    before = _jit.source_hash(folder)
    (folder / "notes.txt").write_text("not compiled")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.nbi").write_text("not a source")
    assert _jit.source_hash(folder) == before
    (folder / "bits.py").rename(folder / "bitz.py")
    renamed = _jit.source_hash(folder)
    (folder / "empty.py").write_text("")
    assert len({before, renamed, _jit.source_hash(folder)}) == 3


def test_every_cached_kernel_is_named_after_the_hash():
    from tailsim.kernels import api, fold, philox, summary

    for kernel in (api._isf, fold.run, fold.fold_rows, philox.fill, summary.summarise):
        assert kernel.py_func.__qualname__.endswith(f"-{_jit.SOURCE_HASH}")


def test_editing_one_file_recompiles_its_callers_in_others(copy, tmp_path):
    """``_isf`` lives in api.py and inlines strict.py: numba alone would go on with what it compiled before."""
    cache = str(tmp_path / "cache")
    first, said = run(PAYOFF, copy, NUMBA_CACHE_DIR=cache)
    assert float(first) == pytest.approx(1.0, rel=1e-15)
    assert "compiling" in said
    again, said = run(PAYOFF, copy, NUMBA_CACHE_DIR=cache)
    assert again == first
    assert said == ""  # loaded, not compiled

    strict = copy / "tailsim" / "kernels" / "strict.py"
    text = strict.read_text()
    assert text.count("return fma(k, _LN2_HIGH, f - ") == 1
    strict.write_text(text.replace("return fma(k, _LN2_HIGH, f - ", "return 2.0 * fma(k, _LN2_HIGH, f - "))
    edited, _ = run(PAYOFF, copy, NUMBA_CACHE_DIR=cache)
    assert float(edited) == pytest.approx(2.0, rel=1e-15)


NO_LOCATOR = """
import numba.core.caching as caching
for kind in (caching.CompileResultCacheImpl, caching.CodeLibraryCacheImpl):
    kind._locator_classes = []
import warnings; warnings.simplefilter("error")
"""


def test_a_read_only_install_without_a_home_runs_uncached(copy):
    """numba finds no place for a cache and raises; ours then compiles in memory."""
    digest, _ = run(NO_LOCATOR + SIMULATED, copy)
    assert digest == ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 3), n_trials=10, rng=1).digest()
    assert list((copy / "tailsim").rglob("*.nb?")) == []


def test_numba_still_raises_what_the_fallback_expects(copy):
    code = (
        NO_LOCATOR
        + "import numba\ntry:\n    numba.njit(cache=True)(lambda x: x)\nexcept RuntimeError as e:\n    print(e)"
    )
    assert "cannot cache function" in run(code, copy)[0]
