"""The hot loops are made of packed instructions and call nothing of the C library's mathematics."""

import platform
import re

import llvmlite.binding as llvm
import numba
import numpy as np
import pytest

from tailsim.kernels import fold, philox, strict
from tailsim.kernels import params as p
from tailsim.kernels._jit import OPTIONS
from tailsim.payoffs import StudentT

X86 = platform.machine().lower() in ("x86_64", "amd64")
AVX2 = X86 and llvm.get_host_cpu_features().get("avx2", False) and llvm.get_host_cpu_features().get("fma", False)
LAWS = [
    p.WithZeros(0.35, p.power(-1 / 1.5, 1.0)),
    p.power(-2.0, 1.0),
    p.power_minus_one(-1 / 1.5, 1.0),
    p.ExpNormal(0.0, 1.0),
    p.NegLogPower(2.0, 1.0),
    p.NegLog1pPower(-0.5, 1.0),
    p.Odds(p.power(-1 / 1.5, 1.0)),
    p.Split(0.1, p.power(-1 / 1.5, 8.0), p.Within(0.25, 0.5, 0.0, 5.0, p.Gaussian(0.0, 1.0))),
    StudentT(1.5)._params(),
]
LIBM = re.compile(r"\b(exp2?|exp10|expm1|log(2|10|1p)?|pow|powi|sqrt|sin|cos|fma|rint|floor|ceil)f?\b|\b_?ZGV\w+")


def assembly(params):
    """Machine code of the driver for one law; compiled anew, since what comes from the cache cannot be read."""
    driver = numba.njit(**OPTIONS)(fold.run.py_func)
    keys, state = philox.round_keys((1, 2)), np.zeros((fold.STATE_ROWS, philox.BLOCK))
    zero = np.uint64(0)
    arguments = (params, strict.COEFFICIENTS, keys, zero, zero, 1, 1.0, True, p.scratch_rows(params), state)
    driver.compile(tuple(numba.typeof(a) for a in arguments))
    (text,) = driver.inspect_asm().values()
    return text


@pytest.fixture(scope="module", params=LAWS, ids=[type(law).__name__ for law in LAWS])
def listing(request):
    return assembly(request.param)


@pytest.mark.skipif(not AVX2, reason="counts instructions of x86-64 with AVX2 and FMA")
def test_uniforms_powers_and_reductions_are_packed(listing):
    packed = {
        "products of counters": r"vpmuludq .*%[yz]mm",
        "fused multiply-add": r"vfn?m(add|sub)\d*pd .*%[yz]mm",
        "sums": r"vaddpd .*%[yz]mm",
        "exclusive or": r"(vpxor|vpternlog)[dq]? .*%[yz]mm",
    }
    text = re.sub(r"\s+", " ", listing.replace("\n", "\x00")).replace("\x00", "\n")
    found = {name: len(re.findall(pattern, text)) for name, pattern in packed.items()}
    assert found["products of counters"] >= 4  # two counters woven, two products each
    assert found["fused multiply-add"] >= 8
    assert found["sums"] >= 3
    assert found["exclusive or"] >= 4


def test_no_call_leaves_for_the_c_library(listing):
    """Names loaded or called; the mathematics of the C library differs between machines."""
    if not X86:
        pytest.skip("reads the assembly of x86-64")
    names = set(re.findall(r"movabsq\s+\$([A-Za-z_]\w*)", listing)) | set(
        re.findall(r"callq?\s+([A-Za-z_]\w*)", listing)
    )
    assert "fill" in " ".join(names)  # the pattern does see names
    assert sorted(name for name in names if LIBM.fullmatch(name)) == []
