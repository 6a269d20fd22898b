"""Weibull and Exponential."""

import math
from dataclasses import dataclass

import numpy as np

from .. import _check
from .._lazy import special
from ..kernels import params
from ._shape import Floats, put
from .base import Payoff
from .power import scaled

_FAR = 100.0
_LAGUERRE_NODES, _LAGUERRE_WEIGHTS = np.polynomial.laguerre.laggauss(40)
_ORDERS = np.arange(2.0, 40.0)


def relative_variance(t: float) -> float:
    """G(1 + 2t) / G(1 + t)**2 - 1, by its power series near t = 0 where the difference loses digits."""
    if abs(t) >= 0.1:
        return float(special.gamma(1.0 + 2.0 * t) / special.gamma(1.0 + t) ** 2 - 1.0)
    terms = special.zeta(_ORDERS) * (2.0**_ORDERS - 2.0) * (-t) ** _ORDERS / _ORDERS
    return math.expm1(float(np.sum(terms[::-1])))


@dataclass(frozen=True, slots=True)
class Weibull(Payoff):
    """Weibull's law, a stretched exponential for shape < 1: P(X > x) = exp(-(x / scale)**shape), x >= 0.

    Parameters
    ----------
    shape : float
        Above 0; the smaller, the heavier the tail, which stays lighter than any power.
    scale : float
        In money, above 0; the payoff exceeded with probability exp(-1).

    Raises
    ------
    ArgumentError
        A parameter is not a finite number above 0.

    References
    ----------
    Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 21.

    Examples
    --------
    >>> law = Weibull(shape=0.5)
    >>> law.mean(), law.gini(), round(law.isf(2.0**-10), 6)
    (2.0, 0.75, 48.045301)
    """

    shape: float
    scale: float = 1.0

    def __post_init__(self) -> None:
        put(self, shape=_check.positive("shape", self.shape), scale=_check.positive("scale", self.scale))

    @property
    def support(self) -> tuple[float, float]:
        """(0, inf)."""
        return 0.0, math.inf

    @property
    def tail_index(self) -> float:
        """Inf: lighter than any power."""
        return math.inf

    def _params(self, factor: float = 1.0) -> params.Params | None:
        scale = scaled(self.scale, factor)
        return None if scale is None else params.NegLogPower(1.0 / self.shape, scale)

    def _hazard(self, x: Floats) -> Floats:
        """(x / scale)**shape = -log sf."""
        return np.power(np.maximum(x, 0.0) / self.scale, self.shape)

    def _sf(self, x: Floats) -> Floats:
        return np.exp(-self._hazard(x))

    def _cdf(self, x: Floats) -> Floats:
        return -np.expm1(-self._hazard(x))

    def _ppf(self, q: Floats) -> Floats:
        return self.scale * np.power(-np.log1p(-q), 1.0 / self.shape)

    def _logpdf(self, x: Floats) -> Floats:
        power = special.xlogy(self.shape - 1.0, x) - (self.shape - 1.0) * math.log(self.scale)
        return np.asarray(math.log(self.shape / self.scale) + power - self._hazard(x))

    def _mean(self) -> float:
        return self.scale * float(special.gamma(1.0 + 1.0 / self.shape))

    def _var(self) -> float:
        return self._mean() ** 2 * relative_variance(1.0 / self.shape)

    def _partial_mean(self, u: Floats) -> Floats:
        return np.asarray(self._mean() * special.gammaincc(1.0 + 1.0 / self.shape, self._hazard(u)))

    def _mean_excess(self, u: Floats) -> Floats:
        hazard = self._hazard(u)
        with np.errstate(all="ignore"):
            excess = self._partial_mean(u) / self._sf(u) - u
        far = hazard > _FAR  # u times the mean of (1 + E / hazard)**(1 / shape) - 1, E exponential
        growth = np.log1p(_LAGUERRE_NODES / np.maximum(hazard[far], _FAR)[:, None]) / self.shape
        excess[far] = u[far] * (np.expm1(growth) @ _LAGUERRE_WEIGHTS)
        return excess

    def _gini(self) -> float:
        return -math.expm1(-math.log(2.0) / self.shape)

    def _top_share(self, p: Floats) -> Floats:
        return np.asarray(special.gammaincc(1.0 + 1.0 / self.shape, -np.log(p)))

    def _lorenz(self, p: Floats) -> Floats:
        return np.asarray(special.gammainc(1.0 + 1.0 / self.shape, -np.log1p(-p)))


@dataclass(frozen=True, slots=True)
class Exponential(Payoff):
    """The exponential law: P(X > x) = exp(-x / scale), x >= 0.

    Parameters
    ----------
    scale : float
        The mean, in money, above 0.

    Raises
    ------
    ArgumentError
        The scale is not a finite number above 0.

    References
    ----------
    Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 19.

    Examples
    --------
    >>> law = Exponential(scale=2.0)
    >>> law.mean(), law.var(), law.mean_excess(7.0), law.gini()
    (2.0, 4.0, 2.0, 0.5)
    """

    scale: float = 1.0

    def __post_init__(self) -> None:
        put(self, scale=_check.positive("scale", self.scale))

    @property
    def support(self) -> tuple[float, float]:
        """(0, inf)."""
        return 0.0, math.inf

    @property
    def tail_index(self) -> float:
        """Inf: lighter than any power."""
        return math.inf

    def _params(self, factor: float = 1.0) -> params.Params | None:
        scale = scaled(self.scale, factor)
        return None if scale is None else params.NegLog(scale)

    def _sf(self, x: Floats) -> Floats:
        return np.exp(-np.maximum(x, 0.0) / self.scale)

    def _cdf(self, x: Floats) -> Floats:
        return -np.expm1(-np.maximum(x, 0.0) / self.scale)

    def _ppf(self, q: Floats) -> Floats:
        return -self.scale * np.log1p(-q)

    def _logpdf(self, x: Floats) -> Floats:
        return -math.log(self.scale) - x / self.scale

    def _within(self, low: float, high: float) -> Payoff | None:
        return Payoff._within(self + low if low > 0.0 else self, low, high)

    def _mean(self) -> float:
        return self.scale

    def _var(self) -> float:
        return self.scale**2

    def _partial_mean(self, u: Floats) -> Floats:
        start = np.maximum(u, 0.0)
        return (start + self.scale) * self._sf(start)

    def _mean_excess(self, u: Floats) -> Floats:
        return self.scale + np.maximum(-u, 0.0)

    def _gini(self) -> float:
        return 0.5

    def _top_share(self, p: Floats) -> Floats:
        return p * (1.0 - np.log(p))

    def _lorenz(self, p: Floats) -> Floats:
        return p + (1.0 - p) * np.log1p(-p)
