"""The gamma law."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .. import _check
from .._lazy import special
from . import _portable as portable
from . import _quantiles
from ._log_concave import Tail
from ._shape import Floats, put
from ._tabulated import FromTable


@dataclass(frozen=True, slots=True)
class Gamma(FromTable):
    """The gamma law: density proportional to x**(shape - 1) exp(-x / scale), x >= 0.

    Draws are the inverse survival function itself, one uniform a payoff, from a table made once for each shape by
    arithmetic with the same bits on every processor; its relative error is at most 1e-12, 1e-12 / shape below shape 1.

    Parameters
    ----------
    shape : float
        From 0.01 to 1e6.
    scale : float
        In money, above 0; the mean is shape * scale.

    Raises
    ------
    ArgumentError
        ``shape`` is not within 0.01 and 1e6, or ``scale`` not a finite number above 0.

    References
    ----------
    Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 17.

    Examples
    --------
    >>> law = Gamma(shape=2.0, scale=3.0)
    >>> law.mean(), law.var(), round(law.gini(), 6), round(law.isf(0.01), 9)
    (6.0, 18.0, 0.375, 19.915056204)
    """

    shape: float
    scale: float = 1.0

    def __post_init__(self) -> None:
        shape = _check.real("shape", self.shape, "a number from 0.01 to 1e6", low=0.01, high=1e6)
        put(self, shape=shape, scale=_check.positive("scale", self.scale))

    @property
    def support(self) -> tuple[float, float]:
        """(0, inf)."""
        return 0.0, math.inf

    @property
    def tail_index(self) -> float:
        """Inf: lighter than any power."""
        return math.inf

    def _built(self) -> _quantiles.Built:
        return _standard(self.shape)

    def _place(self) -> tuple[float, float]:
        return 0.0, self.scale

    def _logpdf(self, x: Floats) -> Floats:
        z = x / self.scale
        return np.asarray(
            special.xlogy(self.shape - 1.0, z) - z - float(special.gammaln(self.shape)) - math.log(self.scale)
        )

    def _mean(self) -> float:
        return self.shape * self.scale

    def _var(self) -> float:
        return self.shape * self.scale**2

    def _partial_mean(self, u: Floats) -> Floats:
        return np.asarray(self._mean() * special.gammaincc(self.shape + 1.0, np.maximum(u, 0.0) / self.scale))

    def _gini(self) -> float:
        return math.exp(float(special.gammaln(self.shape + 0.5) - special.gammaln(self.shape + 1.0))) / math.sqrt(
            math.pi
        )


@lru_cache(maxsize=64)
def _standard(shape: float) -> _quantiles.Built:
    """The tables of the law with scale 1."""
    sides = _Sides(shape)
    return _quantiles.build(sides.above, sides.below, m0=1.0, m1=0.0, slopes=(0.0, -1.0 / shape))


class _Sides:
    """log2 x at depths from above and below; y = log x has density exp(k y - e**y) / Gamma(k)."""

    def __init__(self, k: float) -> None:
        self._k = k
        self._up = Tail(
            lambda y: portable.exp(y) - k * y,
            lambda y, w: portable.exp(y) * portable.expm1(np.minimum(w, 700.0)) - k * w,
        )
        self._down = Tail(
            lambda z: portable.exp(-z) + k * z, lambda z, w: portable.exp(-z) * portable.expm1(-w) + k * w
        )
        # from here up the integral is near its bulk, also where k is small and most of the law lies far below 1
        mode = np.maximum(portable.ln(np.array([k])), 0.0)
        parts = self._up.log_mass(mode, self._scale_up(mode))[0], self._down.log_mass(-mode, self._scale_down(-mode))[0]
        self._whole = parts[0] + portable.log1p(portable.exp(parts[1] - parts[0]))
        self._log_top = parts[0] - self._whole

    def _scale_up(self, y: Floats) -> Floats:
        x = portable.exp(y)
        return 1.0 / (np.maximum(x - self._k, 0.0) + np.sqrt(x) * 0.7 + 1e-3)

    def _scale_down(self, z: Floats) -> Floats:
        x = portable.exp(-z)
        return 1.0 / (np.maximum(self._k - x, 0.0) + 0.7 * np.sqrt(x) + 1e-3 * self._k)

    def above(self, depth: Floats) -> Floats:
        """log2 of the quantile exceeded with probability 2**-depth."""
        log_u = -portable.LN2 * depth
        y = np.empty_like(depth)
        low = (log_u > self._log_top) & (self._k < 1.0)
        y[low] = self._root_below(portable.log1p(-portable.exp(log_u[low])))
        log_u = log_u[~low]
        start = portable.ln(self._k - log_u + np.sqrt(-2.0 * self._k * log_u) + 1.0)
        y[~low] = self._up.root(log_u + self._whole, start, self._scale_up)
        return y / portable.LN2

    def below(self, depth: Floats) -> Floats:
        """log2 of the quantile not exceeded with probability 2**-depth."""
        return self._root_below(-portable.LN2 * depth) / portable.LN2

    def _root_below(self, log_u: Floats) -> Floats:
        log_k = portable.ln(np.array([self._k]))
        return -self._down.root(log_u + self._whole, -(log_u + self._whole + log_k) / self._k, self._scale_down)
