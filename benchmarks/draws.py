"""Raw draws: a million payoffs of one law, beside NumPy's Generator."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import stats

import tailsim as ts
from tailsim.kernels import api

from .findings import Effort, Findings
from .promises import Check
from .timing import Contender, race, ratio

TITLE = "Raw draws: a million payoffs of one law, one core"
N = 1_000_000
ROUNDS = {Effort.SMOKE: 5, Effort.USUAL: 25, Effort.FULL: 51}
Floats = NDArray[np.float64]

LAWS: dict[str, tuple[ts.Payoff, Callable[[np.random.Generator], Floats]]] = {
    "Pareto(1.5)": (ts.Pareto(1.5), lambda rng: 1.0 + rng.pareto(1.5, N)),
    "LogNormal(0, 1)": (ts.LogNormal(0, 1), lambda rng: rng.lognormal(0.0, 1.0, N)),
    "Weibull(0.7)": (ts.Weibull(0.7), lambda rng: rng.weibull(0.7, N)),
    "StudentT(1.5)": (ts.StudentT(1.5), lambda rng: rng.standard_t(1.5, N)),
    "Stable(1.5, 0.5)": (ts.Stable(1.5, 0.5), lambda rng: stats.levy_stable.rvs(1.5, 0.5, size=N, random_state=rng)),
    "from_scipy(genextreme(-0.3))": (
        ts.from_scipy(stats.genextreme(-0.3)),
        lambda rng: stats.genextreme.rvs(-0.3, size=N, random_state=rng),
    ),
    "Exponential()": (ts.Exponential(), lambda rng: rng.standard_exponential(N)),
    "Uniform()": (ts.Uniform(), lambda rng: rng.random(N)),
}


def contenders(effort: Effort) -> list[Contender]:
    """Each law three times: tailsim's draws, its inverse survival function alone, NumPy's draws."""
    v = 1.0 - np.random.default_rng(1).random(N)
    found = []
    for name, (law, theirs) in LAWS.items():
        rng, params = np.random.default_rng(1), law._params()
        found.append(Contender(f"{name}: tailsim", partial(law.rvs, N, rng=1), N))
        if params is not None:
            found.append(Contender(f"{name}: tailsim, isf only", partial(api.isf, params, v), N))
        found.append(Contender(f"{name}: NumPy", partial(theirs, rng), N))
    return found


def run(effort: Effort) -> Findings:
    """Nanoseconds of processor time a draw, and ratios law by law."""
    found = Findings()
    times = race(contenders(effort), ROUNDS[effort])
    for name, taken in times.items():
        found.add(name, "ns a draw, one core", taken.cpu)
    for name in LAWS:
        ours, theirs = times[f"{name}: tailsim"].cpu, times[f"{name}: NumPy"].cpu
        found.checks.append(Check(f"draws of {name}", ratio(theirs, ours)))
    found.notes.append(
        "NumPy's ziggurat for Exponential and its plain word for Uniform cannot be beaten by a generator that can be "
        "addressed and reaches every double in the tail; the price is what these rows show."
    )
    return found
