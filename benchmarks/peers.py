"""The same jobs by other means: what one writes in NumPy, plainly and cunningly."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Sampler = Callable[[np.random.Generator, tuple[int, int]], Floats]

TAIL_INDEX, P_ZERO = 1.5, 0.65
LEVELS = (0.05, 0.5, 0.95, 0.99)
BLOCK = 1_000  # trials; 10,000 is as fast, 100,000 is slower


def masked(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """As usually written: a payoff for every bet, and zero for those that fail."""
    return (1.0 + rng.pareto(TAIL_INDEX, shape)) * (rng.random(shape) >= P_ZERO)


def survivors(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """A payoff only for the bets that do not fail."""
    pays = rng.random(shape) >= P_ZERO
    x = np.zeros(shape)
    x[pays] = 1.0 + rng.pareto(TAIL_INDEX, np.count_nonzero(pays))
    return x


def power(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """One uniform a bet and a power, which NumPy computes with vectors where there is AVX-512."""
    v = 1.0 - rng.random(shape)
    return np.where(v > 1.0 - P_ZERO, 0.0, (v / (1.0 - P_ZERO)) ** (-1.0 / TAIL_INDEX))


SAMPLERS: dict[str, Sampler] = {
    "NumPy, in blocks": masked,
    "NumPy, survivors only": survivors,
    "NumPy, uniform to a power": power,
}


def portfolio(
    sampler: Sampler, n_trials: int, n_bets: int, rng: np.random.Generator, block: int = BLOCK
) -> list[Floats]:
    """Total, largest payoff and failures of every trial, a block of trials at a time."""
    total, largest, failures = (np.empty(n_trials) for _ in range(3))
    for start in range(0, n_trials, block):
        rows = slice(start, min(start + block, n_trials))
        x = sampler(rng, (rows.stop - start, n_bets))
        total[rows] = x.sum(axis=1)
        largest[rows] = x.max(axis=1)
        failures[rows] = np.count_nonzero(x < 1.0, axis=1)
    return [total, largest, failures]


def counted(n_trials: int, n_bets: int, rng: np.random.Generator, block: int = BLOCK) -> list[Floats]:
    """The same without zeros: a binomial number of survivors, summed where they begin and end.

    Right only while every trial has a survivor, which 100 bets have but for one in 10**19.
    """
    total, largest, failures = (np.empty(n_trials) for _ in range(3))
    for start in range(0, n_trials, block):
        rows = slice(start, min(start + block, n_trials))
        n = rng.binomial(n_bets, 1.0 - P_ZERO, rows.stop - start)
        x = 1.0 + rng.pareto(TAIL_INDEX, int(n.sum()))
        first = np.cumsum(n) - n
        total[rows] = np.add.reduceat(x, first)
        largest[rows] = np.maximum.reduceat(x, first)
        failures[rows] = n_bets - n
    return [total, largest, failures]


def in_threads(sampler: Sampler, n_trials: int, n_bets: int, n_threads: int) -> list[Floats]:
    """``portfolio`` over threads, each with a generator of its own; NumPy lets go of the lock while it computes."""
    streams = np.random.default_rng(1).spawn(n_threads)
    with ThreadPoolExecutor(n_threads) as pool:
        parts = pool.map(lambda rng: portfolio(sampler, n_trials // n_threads, n_bets, rng), streams)
        return [np.concatenate(column) for column in zip(*parts, strict=True)]


def quantiles(total: Floats, n_bets: int) -> Floats:
    """Quantiles of the multiple."""
    return np.quantile(total / n_bets, LEVELS)


def bet_count_curve(sampler: Sampler, n_trials: int, n_bets: int, target: float) -> tuple[Floats, Floats]:
    """Median multiple and P(multiple >= target) of 1 .. n_bets bets: running sums, a block of trials at a time."""
    rng = np.random.default_rng(1)
    multiples = np.empty((n_bets, n_trials))
    n = np.arange(1.0, n_bets + 1.0)[:, None]
    for start in range(0, n_trials, BLOCK):
        columns = slice(start, min(start + BLOCK, n_trials))
        x = sampler(rng, (n_bets, columns.stop - start))
        multiples[:, columns] = np.cumsum(x, axis=0) / n
    return np.median(multiples, axis=1), (multiples >= target).mean(axis=1)
