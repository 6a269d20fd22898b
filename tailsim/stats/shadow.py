"""The mean of losses or gains that cannot exceed a bound so high that no sample has seen it."""

import math

import numpy as np

from .. import _check

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)


def shadow_mean(xi: float, scale: float, low: float, high: float) -> float:
    """Mean of a bounded quantity whose tail looks, far from its bound, like a generalised Pareto tail.

    A sample of Y in [low, high] with high far away looks unbounded. Z = -high ln((high - Y) / (high - low)) + low is,
    and its excess over ``low`` is taken as generalised Pareto. The mean of Y then is finite even where that of Z,
    and so any average of a sample, is not: a cap decides the answer, and this says which.

    Parameters
    ----------
    xi : float
        GPD shape of Z - low, one over its tail index, above 0; 1 or more where Z has no mean.
    scale : float
        GPD scale of Z - low, above 0.
    low : float
        Where the tail starts, at least 0.
    high : float
        The bound, above ``low``.

    Returns
    -------
    float
        E Y = low + (high - low) e^u u^a Gamma(1 - a, u), a = 1/xi, u = a scale / high, between low and high.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    References
    ----------
    Cirillo and Taleb 2016, Quantitative Finance 16(10), 1483-1494, (11).

    Examples
    --------
    >>> import tailsim as ts
    >>> round(ts.stats.shadow_mean(1.5, 2.0, 1.0, 1000.0), 5)
    29.46383
    """
    a = 1.0 / _check.positive("xi", xi)
    spread = _check.positive("scale", scale)
    start = _check.real("low", low, "a finite number, not negative", low=0.0)
    rule = f"a finite number above low = {start:g}"
    end = _check.real("high", high, rule, above=start)
    u = a * spread / end
    return start + (end - start) * u * _scaled_expn(a, u)


def _scaled_expn(a: float, u: float) -> float:
    """e^u E_a(u) = integral over y > 0 of exp((1 - a) y - u (e^y - 1)), with E_a(u) = u^(a-1) Gamma(1 - a, u).

    In panels that double, for scipy's functions fail where a is large or u small.
    """
    last = math.log1p(750.0 / u)
    first = min(1e-2 / (a + u), last)
    edges = np.append(0.0, np.geomspace(first, last, 2 + math.ceil(2.0 * math.log2(last / first))))
    half = 0.5 * np.diff(edges)
    y = (0.5 * (edges[1:] + edges[:-1])[:, None] + half[:, None] * _NODES).reshape(-1)
    return float(np.exp((1.0 - a) * y - u * np.expm1(y)) @ (half[:, None] * _WEIGHTS).reshape(-1))
