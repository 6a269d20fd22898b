"""Pareto and Lomax: survival functions that are powers from the start."""

import math
from dataclasses import dataclass, field

import numpy as np

from .. import _check
from ..kernels import params
from ._shape import Floats, put
from .base import Payoff


def scaled(scale: float, factor: float) -> float | None:
    """scale * factor, None where a double cannot hold it."""
    product = scale * factor
    return product if 2.0**-1022 <= product < math.inf else None


def power_of_ratio(scale: float, x: Floats, tail_index: float) -> Floats:
    """(scale / x)**tail_index for x > 0, without losing digits to an underflowing ratio."""
    ratio = scale / x
    direct = np.power(ratio, tail_index)
    tiny = ratio < 2.0**-1000
    return np.where(tiny, np.exp(tail_index * (math.log(scale) - np.log(x))), direct) if tiny.any() else direct


def survival(scale: float, above: Floats, tail_index: float) -> Floats:
    """(1 + above / scale)**-tail_index for above >= 0, with the smaller rounding error near and far."""
    near = np.exp(-tail_index * np.log1p(np.minimum(above, scale) / scale))
    return np.where(above < scale, near, power_of_ratio(scale, scale + above, tail_index))


@dataclass(frozen=True, slots=True)
class Pareto(Payoff):
    """Pareto's law of type I: P(X > x) = (scale / x)**tail_index from ``scale`` on.

    NumPy's ``Generator.pareto`` draws from the law that starts at zero, which is ``Lomax`` here.

    Parameters
    ----------
    tail_index : float
        Above 0. The mean is infinite up to 1, the variance up to 2.
    scale : float
        The smallest payoff, in money, above 0.

    Raises
    ------
    ArgumentError
        A parameter is not a finite number above 0.

    References
    ----------
    Arnold, Pareto Distributions (2015), sections 3.2 and 4.2.

    Examples
    --------
    >>> law = Pareto(tail_index=1.5)
    >>> law.sf(4.0), law.mean(), law.var(), law.gini()
    (0.125, 3.0, inf, 0.5)
    """

    tail_index: float = field()  # hides the property of the same name
    scale: float = 1.0

    def __post_init__(self) -> None:
        put(self, tail_index=_check.positive("tail_index", self.tail_index), scale=_check.positive("scale", self.scale))

    @property
    def support(self) -> tuple[float, float]:
        """(scale, inf)."""
        return self.scale, math.inf

    def _params(self, factor: float = 1.0) -> params.Params | None:
        scale = scaled(self.scale, factor)
        return None if scale is None else params.power(-1.0 / self.tail_index, scale)

    def _sf(self, x: Floats) -> Floats:
        return survival(self.scale, np.maximum(x - self.scale, 0.0), self.tail_index)

    def _cdf(self, x: Floats) -> Floats:
        above = np.maximum(x - self.scale, 0.0)
        return -np.expm1(-self.tail_index * np.log1p(above / self.scale))

    def _ppf(self, q: Floats) -> Floats:
        return self.scale * np.exp(-np.log1p(-q) / self.tail_index)

    def _logpdf(self, x: Floats) -> Floats:
        return math.log(self.tail_index) - np.log(x) - self.tail_index * np.log(x / self.scale)

    def _within(self, low: float, high: float) -> Payoff | None:
        return Payoff._within(Pareto(self.tail_index, max(low, self.scale)), low, high)

    def _mean(self) -> float:
        return self.tail_index / (self.tail_index - 1.0) * self.scale

    def _var(self) -> float:
        a = self.tail_index
        return a / (a - 2.0) * (self.scale / (a - 1.0)) ** 2

    def _partial_mean(self, u: Floats) -> Floats:
        start = np.maximum(u, self.scale)
        return self.tail_index / (self.tail_index - 1.0) * start * self._sf(start)

    def _mean_excess(self, u: Floats) -> Floats:
        return np.where(u >= self.scale, u / (self.tail_index - 1.0), self._mean() - u)

    def _gini(self) -> float:
        return 1.0 / (2.0 * self.tail_index - 1.0)

    def _top_share(self, p: Floats) -> Floats:
        return np.power(p, (self.tail_index - 1.0) / self.tail_index)

    def _lorenz(self, p: Floats) -> Floats:
        return -np.expm1((self.tail_index - 1.0) / self.tail_index * np.log1p(-p))


@dataclass(frozen=True, slots=True)
class Lomax(Payoff):
    """Pareto's law of type II, from zero: P(X > x) = (1 + x / scale)**-tail_index.

    Parameters
    ----------
    tail_index : float
        Above 0. The mean is infinite up to 1, the variance up to 2.
    scale : float
        In money, above 0; the median is scale * (2**(1 / tail_index) - 1).

    Raises
    ------
    ArgumentError
        A parameter is not a finite number above 0.

    References
    ----------
    Arnold, Pareto Distributions (2015), sections 3.2 and 4.2; Lomax (1954), JASA 49, equation 1.

    Examples
    --------
    >>> law = Lomax(tail_index=2.0, scale=3.0)
    >>> law.sf(3.0), law.mean(), round(law.gini(), 6)
    (0.25, 3.0, 0.666667)
    """

    tail_index: float = field()  # hides the property of the same name
    scale: float = 1.0

    def __post_init__(self) -> None:
        put(self, tail_index=_check.positive("tail_index", self.tail_index), scale=_check.positive("scale", self.scale))

    @property
    def support(self) -> tuple[float, float]:
        """(0, inf)."""
        return 0.0, math.inf

    def _params(self, factor: float = 1.0) -> params.Params | None:
        scale = scaled(self.scale, factor)
        return None if scale is None else params.power_minus_one(-1.0 / self.tail_index, scale)

    def _sf(self, x: Floats) -> Floats:
        return survival(self.scale, np.maximum(x, 0.0), self.tail_index)

    def _cdf(self, x: Floats) -> Floats:
        return -np.expm1(-self.tail_index * np.log1p(np.maximum(x, 0.0) / self.scale))

    def _ppf(self, q: Floats) -> Floats:
        return self.scale * np.expm1(-np.log1p(-q) / self.tail_index)

    def _logpdf(self, x: Floats) -> Floats:
        return math.log(self.tail_index / self.scale) - (self.tail_index + 1.0) * np.log1p(x / self.scale)

    def _within(self, low: float, high: float) -> Payoff | None:
        start = max(low, 0.0)
        above = Lomax(self.tail_index, self.scale + start) + start if start > 0.0 else self
        return Payoff._within(above, low, high)

    def _mean(self) -> float:
        return self.scale / (self.tail_index - 1.0)

    def _var(self) -> float:
        a = self.tail_index
        return a / (a - 2.0) * (self.scale / (a - 1.0)) ** 2

    def _partial_mean(self, u: Floats) -> Floats:
        start = np.maximum(u, 0.0)
        return self._sf(start) * (start + (self.scale + start) / (self.tail_index - 1.0))

    def _mean_excess(self, u: Floats) -> Floats:
        start = np.maximum(u, 0.0)
        return (self.scale + start) / (self.tail_index - 1.0) + (start - u)

    def _gini(self) -> float:
        return self.tail_index / (2.0 * self.tail_index - 1.0)

    def _top_share(self, p: Floats) -> Floats:
        return p * (1.0 + self.tail_index * np.expm1(-np.log(p) / self.tail_index))

    def _lorenz(self, p: Floats) -> Floats:
        t = np.log1p(-p)
        a = self.tail_index
        return (a - 1.0) * np.expm1(t) - a * np.expm1((a - 1.0) / a * t)
