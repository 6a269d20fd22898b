"""A quantile enclosed by brackets of the survival function."""

import math
from collections.abc import Callable

Bracketed = Callable[[float], tuple[float, float, float]]  # x -> (sf, lower bound, upper bound)
_STEPS = 200


def enclosed_quantile(
    sf: Bracketed, p: float, support: tuple[float, float], scale: float
) -> tuple[float, tuple[float, float]]:
    """(x, (low, high)): the smallest x with sf(x) <= p, and an interval that holds the true one.

    Searched in the distance from the low end, by its logarithm where the root is far from it.
    """
    low, high = support
    if sf(low)[2] <= p:
        return low, (low, low)
    a, b = _surrounded(sf, p, low, high, scale)
    x = _root(sf, p, low, a, b)
    return x, (_outer(sf, p, x, a, low, upper=False), _outer(sf, p, x, b, low, upper=True))


def _surrounded(sf: Bracketed, p: float, low: float, high: float, scale: float) -> tuple[float, float]:
    """(a, b) with sf(a) surely above p and sf(b) surely not."""
    b, step = min(low + scale, high), scale
    while b < high and sf(b)[2] > p:
        step *= 4.0
        b = min(low + step, high)
    a, step = min(low + 0.5 * scale, b), 0.5 * scale
    while a > low and sf(a)[1] <= p:
        step *= 0.25
        a = low + step if step > 1e-15 * scale else low
    return a, b


def _root(sf: Bracketed, p: float, low: float, a: float, b: float) -> float:
    """Where the value crosses p: regula falsi (Illinois) in logarithms, bisection where it stalls."""
    fa, fb = _above(sf(a)[0], p), _above(sf(b)[0], p)
    for i in range(_STEPS):
        mid = _between(a, b, low, 0.5 if i % 4 == 3 or not math.isfinite(fa - fb) else fa / (fa - fb))
        if b - a <= 4e-16 * max(abs(a), abs(b)) or mid in (a, b):
            break
        f = _above(sf(mid)[0], p)
        if f > 0.0:
            a, fa, fb = mid, f, 0.5 * fb if i % 4 else fb
        else:
            b, fb, fa = mid, f, 0.5 * fa if i % 4 else fa
            if f == 0.0:
                break
        if b - a <= 1e-14 * (b - low):
            break
    return b


def _above(value: float, p: float) -> float:
    """log(value / p), minus infinity replaced by a number."""
    return math.log(value / p) if value > 0.0 else -745.0


def _between(a: float, b: float, low: float, part: float) -> float:
    """The point between a and b at ``part`` of the way, by the logarithm of the distance from low where that is far."""
    part = min(max(part, 1e-9), 1.0 - 1e-9)
    if a > low and (b - low) > 2.0 * (a - low):
        return min(max(low + (a - low) * math.pow((b - low) / (a - low), part), a), b)
    return min(max(a + part * (b - a), a), b)


def _outer(sf: Bracketed, p: float, x: float, end: float, low: float, upper: bool) -> float:
    """The nearest point tried on one side of x that surely lies beyond the quantile."""
    step = 1e-14 * max(abs(x), x - low)
    while True:
        y = x + step if upper else x - step
        if (upper and y >= end) or (not upper and y <= end):
            return end
        if (upper and sf(y)[2] <= p) or (not upper and sf(y)[1] > p):
            return y
        step *= 4.0
