"""Replicates of a power-law fit: each has a random stream of its own, so that any number of workers gives the same."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.parallel import over_blocks
from ..errors import DataError
from ..payoffs import Pareto
from ..payoffs._rng import RngLike, seed_of
from ..stats.estimate import Estimate
from ..stats.intervals import clopper_pearson
from .distinct import Distinct, Floats

_LARGEST = 1e300  # whole numbers are drawn up to here
REJECT = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Resampling:
    """Outcomes and the fit to them, as the replicates need them; ``given`` is the threshold where it was given."""

    sample: Distinct
    n: int
    n_tail: int
    tail_index: float
    threshold: float
    discrete: bool
    min_tail: int
    given: float | None


def replicate_rng(seed: int, replicate: int) -> np.random.Generator:
    """The random stream of one replicate."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replicate,)))


def zeta_draws(rng: np.random.Generator, tail_index: float, threshold: float, n: int) -> Floats:
    """``n`` whole numbers k >= threshold with probability ~ k**-(tail_index + 1), by rejection from a rounded Pareto.

    References
    ----------
    Devroye 1986, Non-Uniform Random Variate Generation, section X.6.
    """

    def over_proposal(k: Floats) -> Floats:
        ratio: Floats = -1.0 / (k * np.expm1(-tail_index * np.log1p(1.0 / k)))
        return ratio

    highest = max(float(over_proposal(np.array([threshold]))[0]), 1.0 / tail_index)
    found: list[Floats] = []
    missing = n
    while missing:
        with np.errstate(over="ignore"):
            k = np.floor(threshold * (1.0 - rng.random(missing)) ** (-1.0 / tail_index))
        k = np.minimum(k, _LARGEST)
        found.append(k[rng.random(missing) * highest <= over_proposal(k)])
        missing -= found[-1].size
    return np.concatenate(found)


def _tail_draws(of: Resampling, rng: np.random.Generator, n: int) -> Floats:
    if of.discrete:
        return zeta_draws(rng, of.tail_index, of.threshold, n)
    return np.asarray(Pareto(of.tail_index, of.threshold).isf(1.0 - rng.random(n)), dtype=np.float64)


def _resampled(sample: Distinct, n: int, rng: np.random.Generator) -> Distinct:
    """As many outcomes as there are, drawn from them; zeros are the first ``n`` - sample.n of them and drop out."""
    drawn = rng.integers(0, n, n) - (n - sample.n)
    hits = np.bincount(drawn[drawn >= 0], minlength=sample.n)
    below = np.concatenate([[0], np.cumsum(hits)])[sample.below]
    kept = np.flatnonzero(np.diff(below))
    return Distinct(sample.x[kept], np.append(below[kept], below[-1]), sample.logs[kept])


def _distance(of: Resampling, rng: np.random.Generator) -> float:
    """Distance of the fit to one sample from the outcomes below the threshold and the fitted law above it."""
    if of.given is not None:
        sample = Distinct.of(_tail_draws(of, rng, of.n_tail), of.given)
        return sample.at(0, of.discrete)[1]
    n_tail = int(rng.binomial(of.n, of.n_tail / of.n))
    n_below = of.n - of.n_tail
    drawn = rng.integers(0, n_below, of.n - n_tail) - (of.n - of.sample.n) if n_below else np.empty(0, np.int64)
    body = of.sample.x[np.searchsorted(of.sample.below, drawn[drawn >= 0], side="right") - 1]
    sample = Distinct.of(np.concatenate([body, _tail_draws(of, rng, n_tail)]))
    return sample.search(of.discrete, of.min_tail)[2]


def _index(of: Resampling, rng: np.random.Generator) -> float:
    """Tail index of one resample, with a threshold of its own; NaN where it has no tail."""
    return _resampled(of.sample, of.n, rng).search(of.discrete, of.min_tail)[1]


def _some(
    one: Callable[[Resampling, np.random.Generator], float],
    of: Resampling,
    seed: int,
    first: int,
    n: int,
    stopped: Callable[[], bool] | None = None,
) -> tuple[int, list[float]]:
    """Replicates ``first`` to ``first`` + ``n``, fewer when stopped."""
    found = []
    for replicate in range(first, first + n):
        if stopped is not None and stopped():
            break
        found.append(one(of, replicate_rng(seed, replicate)))
    return first, found


def _all(
    one: Callable[[Resampling, np.random.Generator], float],
    of: Resampling,
    n_replicates: int,
    *,
    n_workers: int | None,
    executor: Any,
    rng: RngLike,
) -> Floats:
    """Every replicate, in order."""
    out = np.empty(n_replicates)

    def done(result: tuple[int, list[float]]) -> None:
        first, found = result
        out[first : first + len(found)] = found

    task = functools.partial(_some, one, of, seed_of(rng))
    if over_blocks(task, n_replicates, done, n_workers=n_workers, executor=executor):
        raise KeyboardInterrupt
    return out


def tail_indices(of: Resampling, n_replicates: int, *, n_workers: int | None, rng: RngLike) -> Floats:
    """Tail index of each resample, its threshold chosen anew; the few resamples without a tail are left out."""
    draws = _all(_index, of, n_replicates, n_workers=n_workers, executor=None, rng=rng)
    kept = draws[np.isfinite(draws)]
    if kept.size < 0.95 * draws.size:
        raise DataError(
            f"data must leave a tail in 19 of 20 resamples for an interval, got {kept.size} in {draws.size}; give "
            "threshold, or use estimate(n_replicates=0)."
        )
    return kept


def p_value(
    of: Resampling,
    ks: float,
    n_replicates: int,
    *,
    level: float,
    n_workers: int | None,
    executor: Any,
    rng: RngLike,
) -> Estimate:
    """Share of replicates at least as far from their fit as ``ks``."""
    draws = _all(_distance, of, n_replicates, n_workers=n_workers, executor=executor, rng=rng)
    hits = int(np.count_nonzero(draws >= ks))
    p = hits / n_replicates
    interval = clopper_pearson(hits, n_replicates, level)
    error = math.sqrt(p * (1.0 - p) / n_replicates)
    if interval[1] <= REJECT:
        verdict = "a power law is rejected."
    elif interval[0] > REJECT:
        verdict = "a power law is not rejected."
    else:
        verdict = f"more replicates are needed to say whether p is above {REJECT:g}."
    return Estimate(p, error, interval, level, "Clopper-Pearson over replicates", n_replicates, verdict)
