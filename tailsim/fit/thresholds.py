"""Where the tail starts, chosen by a rule: by distance, by a double bootstrap, or by how long Hill's estimate holds."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..errors import DataError
from ..payoffs._rng import RngLike, seed_of
from ..stats.tail import FEW_POINTS
from .distinct import Distinct
from .estimators import Floats, TailEstimate, hill

METHODS = ("ks", "double_bootstrap", "stability")
_SIZES = (0.85, 0.9, 0.95)  # the first bootstrap draws n to this power
_WIDTH = 2.1  # constant of the width within which Hill's estimates agree
_START = 10
_APART = 3.0  # standard errors


@dataclass(frozen=True, slots=True)
class TailThreshold:
    """The start of a tail, and Hill's estimate from there on.

    Attributes
    ----------
    k : int
        Outcomes above the threshold.
    threshold : float
        The (k + 1)-th largest outcome.
    tail_index : TailEstimate
        Hill's estimate from the k largest; its interval takes the threshold for known.
    method : str
        The rule.
    stable : bool
        Whether Hill's estimates further out, from half, a quarter, ... of the tail, agree with it.
    verdict : str
        The same in words.
    """

    k: int
    threshold: float
    tail_index: TailEstimate
    method: str
    stable: bool
    verdict: str


def hill_path(x: Floats) -> Floats:
    """Hill's xi from the k largest of the positive, increasing x, for k = 1, 2, ..., n - 1."""
    logs = np.log(x[::-1])
    k = np.arange(1, x.size)
    path: Floats = np.maximum(np.cumsum(logs[:-1] - logs[0]) / k - (logs[1:] - logs[0]), 0.0)
    return path


def tail_threshold(
    data: ArrayLike, method: str = "ks", *, n_replicates: int = 250, level: float = 0.95, rng: RngLike = 0
) -> TailThreshold:
    """Choose where the tail of outcomes starts.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes; only those above 0 count, at least 20 of them for ``"ks"``, 100 for the others.
    method : {"ks", "double_bootstrap", "stability"}
        ``"ks"`` takes the smallest Kolmogorov-Smirnov distance to a power law.
        ``"double_bootstrap"`` the smallest mean squared error, seen in resamples of two sizes. ``"stability"`` the
        largest tail whose Hill estimate agrees with those from every smaller one.
    n_replicates : int
        Resamples of each size, for the double bootstrap; six sizes are drawn, which takes a second at n = 20,000.
    level : float
        Confidence level of Hill's interval.
    rng : None, int, SeedSequence or Generator
        Seed of the double bootstrap.

    Returns
    -------
    TailThreshold

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    DataError
        If too few outcomes are above 0, or they do not differ enough for the rule.

    References
    ----------
    Clauset, Shalizi and Newman 2009, SIAM Review 51(4), 661-703, section 3.3; Danielsson, de Haan, Peng and de Vries
    2001, Journal of Multivariate Analysis 76(2), 226-248; Boucheron and Thomas 2015, Electronic Journal of Statistics
    9(2), 2751-2792.

    Examples
    --------
    >>> import tailsim as ts
    >>> from tailsim.fit import tail_threshold
    >>> chosen = tail_threshold(ts.Pareto(1.5).rvs(2000, rng=1), "stability")
    >>> chosen.stable, 1.3 < chosen.tail_index < 1.7
    (True, True)
    """
    x = _check.numbers("data", data)
    method = _check.one_of("method", method, METHODS)
    n_replicates = _check.integer("n_replicates", n_replicates, "a whole number of at least 50", low=50)
    x = np.sort(x[x > 0.0])
    fewest = 2 * FEW_POINTS if method == "ks" else FEW_POINTS**2
    if x.size < fewest:
        raise DataError(
            f"data must hold at least {fewest} outcomes above 0 to choose a threshold by {method!r}, got {x.size}; "
            "choose k yourself in hill(data, k)."
        )
    if method == "double_bootstrap":
        k = _by_double_bootstrap(x, n_replicates, rng)
    else:
        k = _by_distance(x) if method == "ks" else _by_stability(x)
    estimate = hill(x, k, level=level)
    return TailThreshold(k, float(x[-k - 1]), estimate, method, *_stability(hill_path(x), k))


def _by_distance(x: Floats) -> int:
    """The published search; its threshold is an outcome, which is not counted here."""
    sample = Distinct.of(x)
    place = sample.search(False, FEW_POINTS)[0]
    if place < 0:
        raise DataError("data must differ for a threshold to be chosen; there is no tail in equal outcomes.")
    return sample.n_tail(place + 1)


def _by_stability(x: Floats) -> int:
    """The largest k whose Hill estimate lies in the bands around all those from fewer points."""
    xi = hill_path(x)
    k = np.arange(1, x.size)
    half = xi * math.sqrt(_WIDTH * math.log(math.log(x.size))) / np.sqrt(k)
    low = np.maximum.accumulate((xi - half)[_START - 1 :])
    high = np.minimum.accumulate((xi + half)[_START - 1 :])
    inside = (xi[_START - 1 :] >= low) & (xi[_START - 1 :] <= high)
    return int(np.flatnonzero(inside)[-1]) + _START


def _least_error(x: Floats, size: int, n_replicates: int, rng: np.random.Generator) -> tuple[int, float]:
    """The k of the smallest mean squared difference of two estimates of xi^2 in resamples of one size, and that."""
    logs = np.log(x)
    k = np.arange(1, size)
    total = np.zeros(size - 1)
    for _ in range(n_replicates):
        drawn = logs[np.sort(rng.integers(0, x.size, size))[::-1]]
        base = drawn - drawn[0]
        ahead, last = base[:-1], base[1:]
        first = np.cumsum(ahead) / k - last
        second = np.cumsum(ahead * ahead) / k - 2.0 * last * np.cumsum(ahead) / k + last * last
        total += (second - 2.0 * first * first) ** 2
    # estimates from a handful of points agree by chance, and those from nearly all have nothing left to compare
    low, high = max(2, int(size**0.25)), max(3, int(0.9 * size))
    best = low + int(np.argmin(total[low - 1 : high - 1]))
    return best, float(total[best - 1]) / n_replicates


def _by_double_bootstrap(x: Floats, n_replicates: int, rng: RngLike) -> int:
    """Danielsson's estimate of the k with the smallest mean squared error, at the size of resamples he prefers."""
    generator = np.random.default_rng(np.random.SeedSequence(seed_of(rng)))
    best = (math.inf, FEW_POINTS)
    for power in _SIZES:
        first_size = int(x.size**power)
        first, first_error = _least_error(x, first_size, n_replicates, generator)
        second, second_error = _least_error(x, first_size * first_size // x.size, n_replicates, generator)
        size, rank = math.log(first_size), math.log(first)
        factor = (rank / (2.0 * size - rank)) ** (2.0 * (size - rank) / size)
        k = round(first * first / second * factor)
        spread = first_error * first_error / second_error if second_error > 0.0 else 0.0
        if second < first and spread < best[0]:  # the smaller resample must want the smaller tail
            best = (spread, k)
    return min(max(best[1], FEW_POINTS), x.size - 1)


def _stability(xi: Floats, k: int) -> tuple[bool, str]:
    """Whether Hill's estimates from half, a quarter, ... of the k points agree with that from all of them."""
    smaller = [k // 2**j for j in range(1, 40) if k // 2**j >= FEW_POINTS]
    if not smaller:
        return False, f"{k} points are too few to see whether the tail index holds further out."
    here = float(xi[k - 1])
    apart = [abs(float(xi[j - 1]) - here) / (here * math.sqrt(1.0 / j - 1.0 / k)) for j in smaller if here > 0.0]
    if apart and max(apart) <= _APART:
        return True, f"the tail index holds further out, down to the {smaller[-1]} largest."
    worst = smaller[int(np.argmax(apart))] if apart else smaller[-1]
    index = 1.0 / float(xi[worst - 1]) if xi[worst - 1] > 0.0 else math.inf
    return False, f"the tail index does not hold further out: the {worst} largest give {index:.3g}."
