"""Evidence that the hot loops are vectorised: packed and scalar arithmetic in their machine code."""

import platform
import re
from collections import Counter

import numba
import numpy as np

import tailsim as ts
from tailsim.engine.plan import plan_of
from tailsim.kernels import _jit, fold, philox
from tailsim.kernels.strict import COEFFICIENTS

from .findings import Effort, Findings
from .promises import exact

TITLE = "Vectors: arithmetic in the compiled loop of the reference job"
# x86, whatever the width of its registers
PACKED = {
    "integer products": re.compile(r"^\s+v?pmul(?:udq|lq)\b.*%([xyz])mm", re.M),
    "multiply-adds": re.compile(r"^\s+vfn?m(?:add|sub)\d{3}pd\b.*%([xyz])mm", re.M),
    "divisions": re.compile(r"^\s+v?divpd\b.*%([xyz])mm", re.M),
}
LIBRARY = re.compile(r"\b(?:__)?(?:pow|log2?|log1p|exp2?|expm1)[fl]?(?:@PLT)?\b|_ZGV\w+")
BITS = {"x": 128, "y": 256, "z": 512}


def assembly() -> str:
    """Machine code of the loop over bets, compiled here and now: cached code cannot be inspected."""
    portfolio = ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65), 1)
    run = plan_of(portfolio, n_trials=1, hurdle=1.0, top=0, seed=1).runs[0]
    compiled = numba.njit(**_jit.OPTIONS)(fold.run.py_func)
    state = np.zeros((fold.STATE_ROWS, philox.BLOCK))
    keys = philox.round_keys(np.array([1, 2], np.uint32))
    zero = np.uint64(0)
    compiled(run.params, COEFFICIENTS, keys, zero, zero, 1, run.need, run.compact, run.rows, state)
    return "\n".join(compiled.inspect_asm().values())


def library_calls(code: str) -> int:
    """Calls of logarithms, exponentials and powers outside the compiled code."""
    called = [line for line in code.splitlines() if re.match(r"\s+(?:callq?|jmpq?|movabsq)\b", line)]
    return sum(bool(LIBRARY.search(line)) for line in called)


def run(effort: Effort) -> Findings:
    """Instructions, not seconds: the same on a busy machine."""
    found = Findings()
    if platform.machine().lower() not in ("x86_64", "amd64"):
        found.notes.append("Not an x86 processor: this job reads x86 assembly only.")
        return found
    code = assembly()
    for kind, pattern in PACKED.items():
        registers = Counter(pattern.findall(code))
        for register, n in sorted(registers.items()):
            found.add(f"packed {kind}, {BITS[register]} bits", "instructions", [n])
        found.checks.append(exact(f"packed {kind}", registers.total()))
    found.checks.append(exact("calls of a mathematical library", library_calls(code)))
    found.notes.append(
        "Two counters of Philox, woven, need 36 integer products once the constant ones are taken out of the loop; a "
        "power needs 18 multiply-adds and a division. A loop that is not vectorised has none of them packed."
    )
    return found
