"""The upper tail of a sample: how many points make it, and its Hill index with an interval."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._lazy import special

FEW_POINTS = 10


@dataclass(frozen=True, slots=True)
class Tail:
    """The ``k`` largest of ``n`` outcomes, and Hill's estimate from them.

    Attributes
    ----------
    k, n : int
        Points in the tail and in the sample.
    threshold : float
        The (k + 1)-th largest outcome, above zero.
    xi : float
        Mean of ln(outcome / threshold) over the tail: one over the tail index.
    """

    k: int
    n: int
    threshold: float
    xi: float

    @property
    def index(self) -> float:
        """Hill's estimate of the tail index."""
        return 1.0 / self.xi if self.xi > 0.0 else math.inf

    def beyond(self, x: float) -> float:
        """How many of the ``n`` outcomes such a Pareto tail expects above ``x``."""
        return self.k * math.exp(-max(math.log(x) - math.log(self.threshold), 0.0) / self.xi) if self.xi > 0.0 else 0.0

    def index_bound(self, probability: float) -> float:
        """Bound that the index falls below with ``probability`` (k xi a ~ Gamma(k) where the tail is Pareto)."""
        if self.xi == 0.0:
            return math.inf
        return float(special.gammaincinv(self.k, probability)) / (self.k * self.xi)


def tail_count(n: int, n_positive: int, factor: int = 1) -> int:
    """Points taken as the tail: ``factor`` times floor(sqrt(n)), at most half the positive outcomes."""
    return min(factor * math.isqrt(n), n_positive // 2)


def origin(x: NDArray[np.float64]) -> float:
    """Where the tails of the increasing array ``x`` are measured from: zero, or the median of outcomes of both signs.

    Hill's estimate moves with the origin, and around a zero inside the body it takes a light tail for a heavy one.
    """
    return float(np.median(x)) if x[0] < 0.0 < x[-1] else 0.0


def _log_ratios(x: NDArray[np.float64], threshold: float) -> NDArray[np.float64]:
    """ln(x / threshold); as a difference of logarithms where the ratio exceeds the largest double."""
    with np.errstate(over="ignore"):
        ratio = x / threshold
    logs: NDArray[np.float64] = np.where(np.isinf(ratio), np.log(x) - math.log(threshold), np.log(ratio))
    return logs


def upper_tail(x: NDArray[np.float64], k: int) -> Tail:
    """The tail of the ``k`` >= 1 largest of the increasing array ``x``, whose (k + 1)-th largest is positive."""
    threshold = float(x[-k - 1])
    xi = float(np.mean(_log_ratios(x[-k:], threshold)))
    return Tail(k, x.size, threshold, xi)
