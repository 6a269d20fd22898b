"""What a law does not have in closed form: roots on its survival function, integrals of it.

Every integral runs over x, in panels between the law's own quantiles at exceedances 2**-k (down to
2**-1020, where doubles begin to lose digits), so that the panels follow the law's scale wherever it
lives; beyond the last one a power tail is integrated analytically from the tail index. The
relative error stays below 1e-10 where the survival function is smooth between the law's corners
(atoms, edges), and a tail with an index near 1 follows its power law by exceedance 2**-1000.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ._shape import Floats

if TYPE_CHECKING:
    from ._moments import Moments
    from ._probabilities import Probabilities

DEEPEST = 1020  # beyond it a probability is no longer a double of full precision
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_SIGN = np.int64(-(2**63))
_STEPS = np.array([1.0, 2.0, 3.0, 4.0])
_SLOPES = np.array([4 / 5, -1 / 5, 4 / 105, -1 / 280])  # central difference of order 8


def _ordinal(x: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Integers in the order of the doubles, one apart for neighbours."""
    bits = (x + 0.0).view(np.int64)
    return np.where(bits < 0, _SIGN - bits, bits)


def _double(ordinal: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Floats:
    """The inverse of ``_ordinal``."""
    return np.where(ordinal < 0, _SIGN - ordinal, ordinal).view(np.float64)


def inverse(decreasing: Callable[[Floats], Floats], p: Floats, low: Floats, high: Floats) -> Floats:
    """The smallest double x in [low, high] with decreasing(x) <= p, by bisection over the doubles.

    Exact to the last bit of what ``decreasing`` says; high where no x below it qualifies.
    """
    shut, over = _ordinal(low), _ordinal(high)
    shut = shut - np.isfinite(low)  # a finite low may itself be the answer
    while True:
        middle = (shut >> 1) + (over >> 1) + (shut & over & 1)
        active = middle > shut
        if not active.any():
            return _double(over)
        small = decreasing(_double(np.where(active, middle, over))) <= p
        over = np.where(active & small, middle, over)
        shut = np.where(active & ~small, middle, shut)


def points(law: "Probabilities", depth: int = DEEPEST) -> Floats:
    """Increasing finite x between which the law is smooth: corners, quantiles, and no step above a factor two."""
    low, high = law.support
    p = 2.0 ** -np.arange(1.0, depth + 1.0)
    q = 2.0 ** -np.arange(2.0, (60.0 if np.isfinite(low) else depth) + 1.0)
    with np.errstate(all="ignore"):
        x = np.concatenate([[low, high], law._corners(), law._isf(p), law._ppf(q)])
    x = np.unique(x[np.isfinite(x)])
    anchor = low if np.isfinite(low) else float(law._isf(np.array([0.5]))[0])
    return refined(np.unique(np.append(x, anchor)), anchor)


def refined(x: Floats, anchor: float) -> Floats:
    """More points, so that distances from the anchor at most double from one to the next."""
    d = np.abs(x - anchor)
    near, far = np.minimum(d[1:], d[:-1]), np.maximum(d[1:], d[:-1])
    with np.errstate(divide="ignore", over="ignore"):
        octaves = np.where(near > 0.0, np.log2(far / near), 0.0)
    parts = np.clip(np.ceil(octaves), 1.0, 2200.0).astype(np.int64)
    panel = np.repeat(np.arange(parts.size), parts)
    step = np.arange(panel.size) - np.repeat(np.cumsum(parts) - parts, parts)
    sign = np.where(x[:-1] < anchor, -1.0, 1.0)[panel]
    grown = d[:-1][panel] * np.exp2(np.where(sign < 0.0, -1.0, 1.0) * octaves[panel] * step / parts[panel])
    return np.unique(np.append(np.where(step == 0, x[:-1][panel], anchor + sign * grown), x[-1]))


def _integrals(f: Callable[[Floats], Floats], a: Floats, b: Floats) -> Floats:
    """Integrals of f from a[i] to b[i]."""
    half = 0.5 * b - 0.5 * a
    nodes = (0.5 * a + 0.5 * b)[:, None] + half[:, None] * _NODES
    with np.errstate(all="ignore"):
        return half * (f(nodes.reshape(-1)).reshape(nodes.shape) @ _WEIGHTS)


def _beyond(x: float, mass: float, index: float, order: float = 1.0) -> float:
    """Integral over y > x of (y / x)**(order - 1) times a power tail of ``index`` that has ``mass`` above x."""
    return abs(x) * mass / (index - order) if np.isfinite(index) else 0.0


def upper_integral(law: "Probabilities", u: Floats) -> Floats:
    """Integral of sf over x > u = E[X - u; X > u]."""
    x = law._points(DEEPEST)
    last = x[-1]
    f = law._sf
    pieces = _integrals(f, x[:-1], x[1:])
    rest = _beyond(last, float(f(x[-1:])[0]), law.tail_index) if last < law.support[1] else 0.0
    above = np.append(np.cumsum(np.append(rest, pieces[::-1]))[::-1], 0.0)
    i = np.searchsorted(x, u, side="right")
    first = _integrals(f, np.minimum(u, last), x[np.minimum(i, x.size - 1)])
    far = np.array([_beyond(float(y), float(f(np.array([y]))[0]), law.tail_index) if y > last else 0.0 for y in u])
    return np.where(u > last, far, first + above[i])


def lower_integral(law: "Probabilities", u: float) -> float:
    """Integral of cdf over x < u = E[u - X; X < u]."""
    x = law._points(DEEPEST)
    first = x[0]
    rest = _beyond(first, float(law._cdf(x[:1])[0]), law.left_tail_index) if first > law.support[0] else 0.0
    x = np.append(x[x < u], u)
    return rest + float(np.sum(_integrals(law._cdf, x[:-1], x[1:])))


def mean(law: "Probabilities") -> float:
    """E X."""
    low = law.support[0]
    if np.isfinite(low):
        return low + float(upper_integral(law, np.array([low]))[0])
    middle = float(law._isf(np.array([0.5]))[0])
    return middle + float(upper_integral(law, np.array([middle]))[0]) - lower_integral(law, middle)


def var(law: "Moments") -> float:
    """E (X - mean)**2 as twice the integrals of |x - mean| sf above the mean and |x - mean| cdf below it."""
    m = law.mean()
    x = np.unique(np.append(law._points(DEEPEST), m))
    up, down = x[x >= m], x[x <= m]
    total = np.sum(_integrals(lambda y: (y - m) * law._sf(y), up[:-1], up[1:]))
    total += np.sum(_integrals(lambda y: (m - y) * law._cdf(y), down[:-1], down[1:]))
    if up[-1] < law.support[1]:
        total += _second(up[-1], float(law._sf(up[-1:])[0]), law.tail_index, m)
    if down[0] > law.support[0]:
        total += _second(-down[0], float(law._cdf(down[:1])[0]), law.left_tail_index, -m)
    return 2.0 * float(total)


def _second(x: float, mass: float, index: float, m: float) -> float:
    """Integral over y > x of (y - m) times a power tail of ``index`` that has ``mass`` above x."""
    return x * _beyond(x, mass, index, 2.0) - m * _beyond(x, mass, index)


def partial_mean(law: "Probabilities", u: Floats) -> Floats:
    """E[X; X > u]."""
    return u * law._sf(u) + upper_integral(law, u)


def gini(law: "Moments") -> float:
    """1 - (integral of sf**2 over x > 0) / mean, for payoffs that are never negative."""
    x = law._points(64)  # sf**2 dies twice as fast: nothing is left below 2**-64
    body = float(np.sum(_integrals(lambda y: law._sf(y) ** 2, x[:-1], x[1:])))
    return 1.0 - (float(x[0]) + body) / law.mean()


def logpdf(law: "Probabilities", x: Floats) -> Floats:
    """Logarithm of the density by a central difference of order 8 of log sf or log cdf, whichever is smaller.

    Relative error below 1e-8 where that one is known to full precision.
    """
    low, high = law.support
    h = 0.01 * np.where(np.isfinite(low), x - low, np.maximum(np.abs(x), 1e-3))
    h = np.minimum(h, np.minimum(x - low, high - x) / 5.0)
    upper = law._sf(x) < 0.5
    slope = np.zeros_like(x)
    for step, weight in zip(_STEPS, _SLOPES, strict=True):
        for side in (1.0, -1.0):
            y = x + side * step * h
            slope += side * weight * np.log(np.where(upper, law._sf(y), law._cdf(y)))
    size = np.where(upper, law._sf(x), law._cdf(x))
    density = np.log(np.abs(slope) / h) + np.log(size)
    return np.where(np.isnan(density), -np.inf, density)  # sf or cdf is zero all around x
