"""Elementary functions of arrays with the same bits on any processor, for whatever tables are built from.

NumPy's + - * / and square root are rounded correctly everywhere; its exp, log, sin and sums along an axis are not.
"""

import math
from fractions import Fraction

import numpy as np

from ._shape import Floats

LN2 = 0.6931471805599453
PI = 3.141592653589793
_PI_2_LOW = 6.123233995736766e-17
_SIN = tuple(float(Fraction((-1) ** k, math.factorial(2 * k + 1))) for k in range(1, 9))
_COS = tuple(float(Fraction((-1) ** k, math.factorial(2 * k))) for k in range(1, 10))


def exp(x: Floats) -> Floats:
    """e**x, 1.5 ulp."""
    from ..kernels import api

    return api.exp(x)


def ln(x: Floats) -> Floats:
    """Natural logarithm of normal numbers above 0; -inf at 0."""
    from ..kernels import api

    x = np.asarray(x)
    y = api.log(np.where(x > 0.0, x, 1.0).reshape(-1)).reshape(x.shape)
    return np.where(x > 0.0, y, -np.inf)


def expm1(x: Floats) -> Floats:
    """e**x - 1, relative also near 0 (Kahan's correction)."""
    u = exp(x)
    with np.errstate(all="ignore"):
        y = (u - 1.0) * (x / ln(np.minimum(u, 1e300)))
    return np.where(u == 1.0, x, np.where((np.abs(x) > 1.0), u - 1.0, y))


def log1p(x: Floats) -> Floats:
    """log(1 + x), relative also near 0 (Kahan's correction); -inf at -1."""
    u = 1.0 + x
    with np.errstate(all="ignore"):
        y = ln(u) * (x / (u - 1.0))
    return np.where(u == 1.0, x, np.where(np.abs(x) > 1e15, ln(u), np.where(u == 0.0, -np.inf, y)))


def _polynomial(c: tuple[float, ...], w: Floats) -> Floats:
    y = np.full_like(w, c[-1])
    for a in c[-2::-1]:
        y = y * w + a
    return y


def sin_cos(x: Floats) -> tuple[Floats, Floats]:
    """Sine and cosine for abs(x) up to a few turns, relative to their sizes but next to multiples of pi / 2."""
    k = np.floor(x / (0.5 * PI) + 0.5)
    r = (x - k * (0.5 * PI)) - k * _PI_2_LOW
    w = r * r
    s = r + r * (w * _polynomial(_SIN, w))
    c = 1.0 + w * _polynomial(_COS, w)
    k = k - 4.0 * np.floor(k / 4.0)
    sine = np.where(k == 0.0, s, np.where(k == 1.0, c, np.where(k == 2.0, -s, -c)))
    return sine, np.where(k == 0.0, c, np.where(k == 1.0, -s, np.where(k == 2.0, -c, s)))


def total(rows: Floats) -> Floats:
    """The sum over the first axis, in its order."""
    out = np.zeros(rows.shape[1:])
    for row in rows:
        out += row
    return out
