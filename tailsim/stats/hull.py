"""The interval for a mean: the hull of semi-parametric tail intervals over several k and of Student's."""

import math

import numpy as np
from numpy.typing import NDArray

from .._lazy import special
from .tail import Tail, origin, upper_tail

Array = NDArray[np.float64]
Ends = tuple[float, float]

_SEED = 19_750_317
_DRAWS = 2000
_BEND = 1.0
_LIGHT_POINTS = 25
_LIGHT_SIZE = 1000
_LIGHT_VARIATION = 1.1
_LIGHT_WIDTH = 3.0


def mean_interval(x: Array, level: float) -> Ends:
    """The hull for an increasing sample ``x`` of unit size."""
    n, start = x.size, origin(x)
    x = x - start
    n_positive, n_negative = n - int(np.searchsorted(x, 0.0, "right")), int(np.searchsorted(x, 0.0, "left"))
    mean = float(x.mean())
    half = float(special.stdtrit(n - 1, (1.0 + level) / 2)) * float(x.std(ddof=1)) / math.sqrt(n)
    rng = np.random.Generator(np.random.PCG64(_SEED))
    low, high = mean - half, mean + half
    for right, left in _splits(x, n_positive, n_negative):
        ends = _tail_interval(x, right, left, level, rng)
        low, high = min(low, ends[0]), max(high, ends[1])
    if _is_light(x, n_positive):
        high = min(high, mean + _LIGHT_WIDTH * half)
    if _is_light(-x[::-1], n_negative):
        low = max(low, mean - _LIGHT_WIDTH * half)
    if unseen(x):
        high = math.inf
    return start + low, start + high


def unseen(x: Array) -> bool:
    """Whether the increasing sample ``x`` has at most one outcome above zero and none below: it has seen no tail."""
    return bool(x[0] >= 0.0 and x[-2] == 0.0)


def _splits(x: Array, n_positive: int, n_negative: int) -> list[tuple[int, int]]:
    """Points to the right and to the left of each fit, fewer than about sqrt(n)/2 only where a tail grows heavier."""
    root, cube_root = math.isqrt(x.size), round(x.size ** (1 / 3))
    cube_root -= cube_root**3 > x.size

    def split(k: int) -> tuple[int, int]:
        return min(k, n_positive // 2), min(k, n_negative // 2)

    used, most = set(), split(root)
    for k in {5, 10, cube_root, root // 2, root}:
        sides = zip((x, -x[::-1]), split(k), most, strict=True)
        if k >= root // 2 or any(_heavier(*side) for side in sides):
            used.add(split(k))
    return sorted(used - {(0, 0)})


def _heavier(x: Array, k: int, most: int) -> bool:
    """Whether the outermost ``k`` points show a lower tail index than ``most`` do, by a standard error."""
    if not 0 < k < most:
        return False
    bar = upper_tail(x, most).xi * (1.0 + _BEND * math.sqrt(1.0 / k - 1.0 / most))
    return upper_tail(x, k).xi > bar


def _tail_interval(x: Array, right: int, left: int, level: float, rng: np.random.Generator) -> Ends:
    """Outer quantiles of the mean drawn anew with ``right`` and ``left`` outermost points taken as Pareto."""
    n, draws = x.size, max(_DRAWS, math.ceil(min(50.0 / (1.0 - level), 1e5)))
    body = x[left : n - right]
    above, k_above = _drawn_tail(upper_tail(x, right), draws, rng) if right else (0.0, 0)
    below, k_below = _drawn_tail(upper_tail(-x[::-1], left), draws, rng) if left else (0.0, 0)
    k_body = np.maximum(n - k_above - k_below, 1)
    noise = float(body.std(ddof=1)) * rng.standard_normal(draws) / np.sqrt(k_body) if body.size > 1 else 0.0
    middle = (k_body / n) * (float(body.mean()) + noise)
    miss = int((1.0 - level) / 2 * draws)
    # Where both tails have an infinite mean the sum is taken as the end that is asked for.
    with np.errstate(invalid="ignore"):
        lowest = np.where(np.isinf(below), -np.inf, middle + above - below)
        highest = np.where(np.isinf(above), np.inf, middle + above - below)
    return float(np.partition(lowest, miss)[miss]), float(np.partition(highest, draws - 1 - miss)[draws - 1 - miss])


def _drawn_tail(tail: Tail, draws: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """E[X; tail] with k binomial and xi times Gamma(k)/k, and those k; infinite where xi comes to 1 or more."""
    k = rng.binomial(tail.n, tail.k / tail.n, draws).astype(np.float64)
    xi = tail.xi * rng.standard_gamma(np.maximum(k, 1.0)) / np.maximum(k, 1.0)
    mean = np.divide(tail.threshold, 1.0 - xi, out=np.full(draws, np.inf), where=xi < 1.0)
    return np.where(k > 0.0, k / tail.n * np.where(k > 0.0, mean, 0.0), 0.0), k


def _is_light(x: Array, n_positive: int) -> bool:
    """Whether the exceedances over the positive outcomes' median vary no more than an exponential's would."""
    k = n_positive // 2
    if k < _LIGHT_POINTS or x.size >= _LIGHT_SIZE:
        return False
    excess = x[-k:] - x[-k - 1]
    return bool(excess.std(ddof=1) <= _LIGHT_VARIATION * excess.mean())
