"""Student's tail as a power times a smooth function, from + - * / alone: the same bits everywhere."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

MAX_DF = 1000.0
_NEGLIGIBLE = 2.0**-58
_SHORT = 2.0**-51  # what rounding leaves of coefficients that are zero stays below it


def _series(half_df: float, y: list[float]) -> list[float]:
    """h(y) with P(T > t) = x**half_df h(y), x = df / (df + t^2), y = 1 - sqrt(1 - x), up to a factor.

    From (1 - w^2) h' = df w h - 1/B in w = 1 - y: h = sum c[n] y^n with c[n] / c[n-1] =
    (n - 1 + df) / (2 (n + half_df)); all terms are positive.
    """
    term, total = [1.0] * len(y), [1.0] * len(y)
    for n in range(1, 100_000):
        ratio = (n - 1.0 + 2.0 * half_df) / (2.0 * (n + half_df))
        term = [t * ratio * p for t, p in zip(term, y, strict=True)]
        total = [s + t for s, t in zip(total, term, strict=True)]
        if n > 60 and all(t <= _NEGLIGIBLE * s * (1.0 - ratio) for s, t in zip(total, term, strict=True)):
            break
    return total


@lru_cache(maxsize=64)
def tail_polynomial(df: float) -> NDArray[np.float64]:
    """Coefficients of h in Chebyshev polynomials of 2 y - 1; P(T > 0) = 1/2 gives the factor."""
    n = 64 if df <= 50.0 else 160
    cosines = _cosines(n)
    y = [0.5 + 0.5 * cosines[2 * k + 1] for k in range(n)]
    *h, at_one = _series(0.5 * df, [*y, 1.0])
    h = [value * (0.5 / at_one) for value in h]
    found = []
    for j in range(n):
        total = math.fsum(h[k] * cosines[(j * (2 * k + 1)) % (4 * n)] for k in range(n))
        found.append(total * ((1.0 if j == 0 else 2.0) / n))
    least = _SHORT * min(h)
    while abs(found[-1]) <= least or len(found) > n - 8:
        found.pop()
    coefficients = np.array(found)
    coefficients.flags.writeable = False
    return coefficients


def _cosines(n: int) -> list[float]:
    """cos(pi i / (2 n)) for i from 0 to 4 n - 1."""
    from ._latent import sine

    quarter = [sine(0.5 - i / (2.0 * n)) for i in range(n + 1)]
    half = quarter + [-x for x in quarter[-2::-1]]
    return half + half[-2:0:-1]
