"""The law fitted to a sample for its verdict: the sample itself, with power tails beyond it."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .tail import Tail, origin, tail_count, upper_tail

Array = NDArray[np.float64]


class SampleLaw:
    """The increasing sample ``x``, its outermost points replaced by Pareto tails on either side of its ``origin``.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Outcomes in increasing order, the largest of them in size about 1 so that sums cannot overflow.
    factor : int
        Points in each tail, in units of floor(sqrt(n)); never more than half the outcomes on that side.
    """

    def __init__(self, x: Array, factor: int) -> None:
        self._x = x
        self._origin = origin(x)
        self.right = _tail(x - self._origin, factor)
        self.left = _tail(self._origin - x[::-1], factor)

    @property
    def tails(self) -> list[Tail]:
        """The tails that there are: none where too few outcomes differ from the origin."""
        return [t for t in (self.right, self.left) if t is not None]

    def expected_beyond(self) -> float:
        """How many outcomes as far out as the sample's own last the fit expects, on the side where that is fewest."""
        ends = ((self.right, self._x[-1] - self._origin), (self.left, self._origin - self._x[0]))
        return min((t.beyond(float(end)) for t, end in ends if t is not None and t.xi > 0.0), default=math.inf)

    @property
    def support(self) -> tuple[float, float]:
        """Infinite where there is a tail."""
        low, high = float(self._x[0]), float(self._x[-1])
        return (low if self.left is None else -math.inf, high if self.right is None else math.inf)

    @property
    def tail_index(self) -> float:
        """Hill's estimate to the right."""
        return math.inf if self.right is None else self.right.index

    @property
    def left_tail_index(self) -> float:
        """Hill's estimate to the left."""
        return math.inf if self.left is None else self.left.index

    def moment_exists(self, order: float, /) -> bool:
        """Whether the fit has the moment."""
        return order < min(self.tail_index, self.left_tail_index)

    def mean(self) -> float:
        """Mean of the fit; infinite where a tail index is at or below 1."""
        right, left, n = self.right, self.left, self._x.size
        body = self._x[0 if left is None else left.k : n if right is None else n - right.k] - self._origin
        return self._origin + float(body.sum()) / n + tail_mean(right) - tail_mean(left)

    def isf(self, p: Any, /) -> Any:
        """Inverse survival function."""
        p = np.asarray(p, dtype=np.float64)
        return self._origin + _outwards(self._x - self._origin, self.right, p)

    def ppf(self, q: Any, /) -> Any:
        """Inverse distribution function."""
        q = np.asarray(q, dtype=np.float64)
        return self._origin - _outwards(self._origin - self._x[::-1], self.left, q)


def _tail(x: Array, factor: int) -> Tail | None:
    k = tail_count(x.size, x.size - int(np.searchsorted(x, 0.0, "right")), factor)
    return upper_tail(x, k) if k else None


def tail_mean(tail: Tail | None) -> float:
    """E[X; X in the tail] of a Pareto tail."""
    if tail is None:
        return 0.0
    return tail.k / tail.n * tail.threshold / (1.0 - tail.xi) if tail.xi < 1.0 else math.inf


def _outwards(x: Array, tail: Tail | None, p: Array) -> Array:
    rank = np.minimum(np.floor(p * x.size).astype(np.int64), x.size - 1)
    inside: Array = x[x.size - 1 - rank]
    if tail is None:
        return inside
    beyond = np.maximum(p, 1e-320) * (tail.n / tail.k)
    with np.errstate(over="ignore"):
        outside: Array = tail.threshold * np.minimum(beyond, 1.0) ** -tail.xi
        return np.where(beyond < 1.0, outside, inside)
