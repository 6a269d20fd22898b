"""The zero of a decreasing function: outwards from where it is positive, then bracketed."""

import math
from collections.abc import Callable

from ..errors import PayoffError


def falling_root(function: Callable[[float], float], low: float, step: float) -> float:
    """Where a decreasing function that is not negative at ``low`` reaches zero.

    Steps grow eightfold; a zero beyond 1.8e308 is refused.
    """
    from scipy.optimize import brentq

    start = low
    while math.isfinite(high := start + step):
        if function(high) <= 0.0:
            return float(brentq(function, low, high, xtol=5e-324, rtol=1e-14, maxiter=2000))
        low, step = high, 8.0 * step
    raise PayoffError(
        "the answer lies beyond 1.8e308, for the payoff's tail index is so near 1; raise the stake, or cap the payoff."
    )
