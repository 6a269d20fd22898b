"""Cost of a payoff and memory as the number of payoffs grows; each size in a process of its own."""

import tempfile

import numpy as np

from .findings import Effort, Findings
from .machine import fresh_python
from .promises import Check, exact
from .timing import ratio

TITLE = "Scaling: cost of a payoff and peak memory, summaries kept"
SIZES = {
    Effort.SMOKE: ((10**7, 10**8), 2),
    Effort.USUAL: ((10**7, 10**8, 10**9), 5),
    Effort.FULL: ((10**7, 10**8, 10**9, 10**10), 5),
}
# Runs of one size are repeated to this many payoffs, so that short ones are not at the mercy of a moment.
AT_LEAST = 2 * 10**8
CODE = """
import json, time
import tailsim as ts
from benchmarks.machine import peak_memory
portfolio = ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65), 100)
def run(n_trials, n_workers):
    ts.simulate(portfolio, n_trials=n_trials, n_workers=n_workers, keep="summary", rng=1).quantile(0.5)
run(4096, 1)
repeats = max(1, {at_least} // {payoffs})
start = time.process_time()
for _ in range(repeats):
    run({payoffs} // 100, 1)
cost = (time.process_time() - start) / (repeats * {payoffs}) * 1e9
run({payoffs} // 100, None)
print(json.dumps([cost, peak_memory()]))
"""


def measure(effort: Effort) -> tuple[float, dict[int, list[list[float]]]]:
    """The peak of a process that compiles, and (cost, peak) of those that do not, size by size, in turns."""
    sizes, rounds = SIZES[effort]
    measured: dict[int, list[list[float]]] = {size: [] for size in sizes}
    with tempfile.TemporaryDirectory() as folder:
        cache = {"NUMBA_CACHE_DIR": folder}
        _, compiling = fresh_python(CODE.format(payoffs=sizes[0], at_least=0), cache)
        for turn in range(rounds):
            for size in sizes:
                if turn < (2 if size == 10**10 else rounds):
                    measured[size].append(fresh_python(CODE.format(payoffs=size, at_least=AT_LEAST), cache))
    return compiling, measured


def run(effort: Effort) -> Findings:
    """Nanoseconds of processor time a payoff on one core, and the peak of a run on all cores."""
    found = Findings()
    compiling, measured = measure(effort)
    for size, values in measured.items():
        name = f"{size:.0e} payoffs".replace("e+", "e")
        found.add(name, "ns a payoff, one core", (cost for cost, _ in values))
        found.add(name, "MB at the peak, all cores", (peak for _, peak in values))
    found.add("a process that compiles its kernels", "MB at the peak", [compiling])
    medians = {size: float(np.median([cost for cost, _ in values])) for size, values in measured.items()}
    cheap, dear = min(medians, key=medians.__getitem__), max(medians, key=medians.__getitem__)
    n = min(len(measured[cheap]), len(measured[dear]))
    costs = {size: [cost for cost, _ in measured[size][:n]] for size in (cheap, dear)}
    found.checks.append(Check("cost per payoff, largest over smallest", ratio(costs[dear], costs[cheap])))
    found.checks.append(exact("peak memory, MB", max(peak for values in measured.values() for _, peak in values)))
    return found
