"""What a new process waits for: imports, a first simulation with a warm cache, and the very first one."""

import tempfile
from pathlib import Path

from .findings import Effort, Findings
from .machine import fresh_python
from .promises import Check, exact
from .timing import Ratio, ratio

TITLE = "Cold start: imports, first simulation, very first simulation"
# (rounds, compilations)
ROUNDS = {Effort.SMOKE: (2, 1), Effort.USUAL: (9, 3), Effort.FULL: (15, 5)}
_TIMED = "import json, time; start = time.perf_counter()\n{code}\nprint(json.dumps(time.perf_counter() - start))"
LIBRARIES = _TIMED.format(code="import numpy, numba")
TAILSIM = _TIMED.format(code="import tailsim")
FIRST = _TIMED.format(
    code="""
import numpy, numba
import tailsim as ts
ts.simulate(ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65), 100), n_trials=4096, rng=1).median()
"""
)


def run(effort: Effort) -> Findings:
    """Seconds by the clock, every kind of process once a round."""
    found = Findings()
    with tempfile.TemporaryDirectory() as folder:
        # Bytecode goes to a place of its own and is there from the second process on, as for any installed package.
        warm = {"PYTHONPYCACHEPREFIX": str(Path(folder, "bytecode")), "NUMBA_CACHE_DIR": str(Path(folder, "warm"))}
        for code in (LIBRARIES, TAILSIM, FIRST):
            fresh_python(code, warm)
        seconds: dict[str, list[float]] = {"libraries": [], "tailsim": [], "first": [], "very first": []}
        rounds, compilations = ROUNDS[effort]
        for turn in range(rounds):
            seconds["libraries"].append(fresh_python(LIBRARIES, warm))
            seconds["tailsim"].append(fresh_python(TAILSIM, warm))
            seconds["first"].append(fresh_python(FIRST, warm))
            if turn < compilations:
                cold = {"NUMBA_CACHE_DIR": str(Path(folder, f"cold{turn}"))}
                seconds["very first"].append(fresh_python(FIRST, warm | cold))
    found.add("import numpy, numba", "s", seconds["libraries"])
    found.add("import tailsim", "s", seconds["tailsim"])
    found.add("import numpy, numba, tailsim and a first simulation, kernels cached", "s", seconds["first"])
    found.add("the same, compiling its kernels", "s", seconds["very first"])
    _checks(found, seconds)
    found.notes.append("Bytecode is cached, as it is after any first run or installation by pip.")
    return found


def _checks(found: Findings, seconds: dict[str, list[float]]) -> None:
    imported, first, very_first = (row.median for row in found.rows[1:])
    after = [f - i for f, i in zip(seconds["first"], seconds["libraries"], strict=True)]
    spread = Ratio(first - found.rows[0].median, min(after), max(after), max(after))
    found.checks.append(exact("import tailsim, s", imported))
    found.checks.append(Check("first simulation after numpy and numba, s", spread))
    found.checks.append(exact("very first simulation, s", very_first))
    whole = ratio(seconds["first"], seconds["libraries"])
    found.checks.append(Check("the whole start, over import numpy, numba", whole))
