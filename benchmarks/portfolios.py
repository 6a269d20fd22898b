"""Whole portfolios: venture deals, open-source packages, five unlike laws; and what conducting costs."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

import tailsim as ts
from tailsim.kernels import api

from .findings import Effort, Findings
from .promises import Check
from .timing import Contender, race, ratio

TITLE = "Whole portfolios of 100 bets: totals and their quantiles, one core"
N_BETS = 100
BLOCK = 1_000
# (trials, rounds)
SIZES = {Effort.SMOKE: (40_960, 3), Effort.USUAL: (102_400, 11), Effort.FULL: (204_800, 21)}
FIVE = (ts.Pareto(1.5), ts.LogNormal(0, 1), ts.Weibull(0.7), ts.Lomax(2.5), ts.Exponential())
Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Floats]


def venture(rng: np.random.Generator, n: int) -> Floats:
    """Correlation Ventures' table as usually written: a bucket by chance, then a payoff inside it."""
    edges = np.array([0.0, 1.0, 5.0, 10.0, 20.0, 50.0])
    bucket = rng.choice(6, (n, N_BETS), p=[0.648, 0.253, 0.059, 0.025, 0.011, 0.004])
    u = rng.random((n, N_BETS))
    low, high = edges[bucket], np.append(edges[1:], np.inf)[bucket]
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(bucket == 0, u, low * (high / low) ** u)
    return np.where(bucket == 5, 50.0 * (1.0 + rng.pareto(1.42, (n, N_BETS))), inside)


def open_source(rng: np.random.Generator, n: int) -> Floats:
    """Downloads of packages, drawn again."""
    return rng.choice(np.asarray(ts.presets.open_source().values), (n, N_BETS))


def five(rng: np.random.Generator, n: int) -> Floats:
    """Twenty bets of each law."""
    shape = (n, N_BETS // 5)
    draws = (
        1.0 + rng.pareto(1.5, shape),
        rng.lognormal(0.0, 1.0, shape),
        rng.weibull(0.7, shape),
        rng.pareto(2.5, shape),
        rng.standard_exponential(shape),
    )
    return np.concatenate(draws, axis=1)


JOBS: dict[str, tuple[ts.Portfolio, Draw]] = {
    "venture deals": (ts.Portfolio.of(ts.presets.venture(), N_BETS), venture),
    "open-source packages": (ts.Portfolio.of(ts.presets.open_source(), N_BETS), open_source),
    "five laws": (ts.Portfolio([law for law in FIVE for _ in range(N_BETS // 5)]), five),
    "five laws, mixed order": (ts.Portfolio(list(FIVE) * (N_BETS // 5)), five),
}


def ours(portfolio: ts.Portfolio, n_trials: int) -> None:
    """The totals and their quantiles by tailsim."""
    run = ts.simulate(portfolio, n_trials=n_trials, n_workers=1, rng=1)
    for q in (0.05, 0.5, 0.95):
        run.quantile(q)


def theirs(draw: Draw, n_trials: int) -> None:
    """The same by NumPy, in blocks that stay in the cache."""
    rng = np.random.default_rng(1)
    totals = [draw(rng, BLOCK).sum(axis=1) for _ in range(n_trials // BLOCK)]
    np.quantile(np.concatenate(totals), (0.05, 0.5, 0.95))


def contenders(effort: Effort) -> list[Contender]:
    """Each portfolio by tailsim and by NumPy; each of the five laws by itself."""
    n = SIZES[effort][0]
    found = []
    for name, (portfolio, draw) in JOBS.items():
        found.append(Contender(f"{name}: tailsim", partial(ours, portfolio, n), n * N_BETS))
        found.append(Contender(f"{name}: NumPy", partial(theirs, draw, n), n // BLOCK * BLOCK * N_BETS))
    for law in FIVE:
        found.append(Contender(f"{law!r} alone", partial(ours, ts.Portfolio.of(law, N_BETS), n), n * N_BETS))
    return found


def run(effort: Effort) -> Findings:
    """Nanoseconds a payoff, ratios, and how much more five laws cost together than one by one."""
    found = Findings()
    times = race(contenders(effort), SIZES[effort][1])
    for name, taken in times.items():
        found.add(name, "ns a payoff, one core", taken.cpu)
    for name in JOBS:
        ratios = ratio(times[f"{name}: NumPy"].cpu, times[f"{name}: tailsim"].cpu)
        found.checks.append(Check(f"portfolio of {name}", ratios))
    apart = np.mean([times[f"{law!r} alone"].cpu for law in FIVE], axis=0)
    for name in ("five laws", "five laws, mixed order"):
        together = ratio(times[f"{name}: tailsim"].cpu, apart)
        found.checks.append(Check(f"{name} together against one by one", together))
    found.notes.append(f"{SIZES[effort][0]:,} trials; blocks of {api.CHUNK:,} payoffs where Python conducts.")
    return found
