"""Frechet's law."""

import math
from dataclasses import dataclass, field

import numpy as np

from .. import _check
from .._lazy import special
from ..kernels import params
from ._shape import Floats, put
from .base import Payoff
from .power import power_of_ratio, scaled
from .weibull import relative_variance


@dataclass(frozen=True, slots=True)
class Frechet(Payoff):
    """Frechet's law of the largest of many: P(X <= x) = exp(-(x / scale)**-tail_index), x > 0.

    Parameters
    ----------
    tail_index : float
        Above 0. The mean is infinite up to 1, the variance up to 2.
    scale : float
        In money, above 0; the quantile at exp(-1) from below.

    Raises
    ------
    ArgumentError
        A parameter is not a finite number above 0.

    References
    ----------
    Kotz and Nadarajah, Extreme Value Distributions (2000), section 1.2.

    Examples
    --------
    >>> law = Frechet(tail_index=2.0)
    >>> round(law.mean(), 6), round(law.gini(), 6), law.var()
    (1.772454, 0.414214, inf)
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
        return None if scale is None else params.NegLog1pPower(-1.0 / self.tail_index, scale)

    def _hazard(self, x: Floats) -> Floats:
        """(x / scale)**-tail_index, inf up to zero."""
        with np.errstate(all="ignore"):
            return power_of_ratio(self.scale, np.maximum(x, 0.0), self.tail_index)

    def _sf(self, x: Floats) -> Floats:
        return -np.expm1(-self._hazard(x))

    def _cdf(self, x: Floats) -> Floats:
        return np.exp(-self._hazard(x))

    def _ppf(self, q: Floats) -> Floats:
        return self.scale * np.power(-np.log(q), -1.0 / self.tail_index)

    def _logpdf(self, x: Floats) -> Floats:
        a, log_ratio = self.tail_index, np.log(x) - math.log(self.scale)
        return np.where(x > 0.0, math.log(a / self.scale) - (a + 1.0) * log_ratio - self._hazard(x), -np.inf)

    def _mean(self) -> float:
        return self.scale * float(special.gamma(1.0 - 1.0 / self.tail_index))

    def _var(self) -> float:
        return self._mean() ** 2 * relative_variance(-1.0 / self.tail_index)

    def _partial_mean(self, u: Floats) -> Floats:
        return np.asarray(self._mean() * special.gammainc((self.tail_index - 1.0) / self.tail_index, self._hazard(u)))

    def _mean_excess(self, u: Floats) -> Floats:
        hazard = self._hazard(u)
        with np.errstate(all="ignore"):
            excess = self._partial_mean(u) / self._sf(u) - u
        return np.where(hazard < 1e-17, u / (self.tail_index - 1.0), excess)

    def _gini(self) -> float:
        return math.expm1(math.log(2.0) / self.tail_index)

    def _top_share(self, p: Floats) -> Floats:
        return np.asarray(special.gammainc((self.tail_index - 1.0) / self.tail_index, -np.log1p(-p)))

    def _lorenz(self, p: Floats) -> Floats:
        return np.asarray(special.gammaincc((self.tail_index - 1.0) / self.tail_index, -np.log(p)))
