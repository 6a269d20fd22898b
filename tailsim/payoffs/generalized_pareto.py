"""The generalised Pareto law."""

import math
from dataclasses import dataclass

import numpy as np

from .. import _check
from .._lazy import special
from ..kernels import params
from ._shape import Floats, put
from .base import Payoff
from .power import scaled, survival

_LIGHT = 1e-19  # an |xi| below it leaves no trace in any quantile that a double can ask for


@dataclass(frozen=True, slots=True)
class GeneralizedPareto(Payoff):
    """The law of excesses: P(X > x) = (1 + xi (x - threshold) / scale)**(-1 / xi) from the threshold on.

    Heavy-tailed with tail index 1 / xi for xi > 0 (``Lomax`` from zero), exponential for xi = 0, and bounded by
    threshold - scale / xi for xi < 0 (uniform at -1).

    Parameters
    ----------
    xi : float
        Finite, of any sign. The mean is infinite from 1 on, the variance from 1/2 on.
    scale : float
        In money, above 0.
    threshold : float
        The smallest payoff, in money.

    Raises
    ------
    ArgumentError
        A parameter is not finite, ``scale`` is not above 0, or the largest payoff is beyond the doubles.

    References
    ----------
    Embrechts, Klueppelberg and Mikosch, Modelling Extremal Events (1997), definition 3.4.9 and theorem 3.4.13;
    Coles, An Introduction to Statistical Modeling of Extreme Values (2001), equation 4.2.

    Examples
    --------
    >>> law = GeneralizedPareto(xi=0.5, scale=2.0, threshold=10.0)
    >>> law.sf(14.0), law.mean(), law.tail_index, law.mean_excess(20.0)
    (0.25, 14.0, 2.0, 14.0)
    >>> GeneralizedPareto(xi=-0.5).support
    (0.0, 2.0)
    """

    xi: float
    scale: float = 1.0
    threshold: float = 0.0

    def __post_init__(self) -> None:
        xi, scale = _check.real("xi", self.xi), _check.positive("scale", self.scale)
        threshold = _check.real("threshold", self.threshold)
        if xi < 0.0 and abs(xi) >= _LIGHT and not math.isfinite(threshold - scale / xi):
            raise _check.refuse("xi", "such that the largest payoff threshold - scale / xi is a double", xi)
        put(self, xi=xi, scale=scale, threshold=threshold)

    @property
    def _light(self) -> bool:
        """Whether the law is as good as exponential."""
        return abs(self.xi) < _LIGHT

    @property
    def support(self) -> tuple[float, float]:
        """(threshold, inf), or up to threshold - scale / xi where xi < 0."""
        bounded = self.xi < 0.0 and not self._light
        return self.threshold, self.scale / -self.xi + self.threshold if bounded else math.inf

    @property
    def tail_index(self) -> float:
        """1 / xi where xi > 0, else inf."""
        return 1.0 / self.xi if self.xi > 0.0 and not self._light else math.inf

    def _params(self, factor: float = 1.0) -> params.Params | None:
        scale, shift = scaled(self.scale, factor), self.threshold * factor
        if scale is None or not math.isfinite(shift):
            return None
        if self._light:
            base: params.Params = params.NegLog(scale)
        else:
            ratio = scale / abs(self.xi)
            if not 2.0**-1022 <= ratio < math.inf:
                return None
            base = params.power_minus_one(-self.xi, ratio)
        sign = -1.0 if self.xi < 0.0 and not self._light else 1.0
        return base if sign > 0.0 and shift == 0.0 else params.Moved(sign, shift, base)

    def _z(self, x: Floats) -> Floats:
        """(x - threshold) / scale within the support."""
        return np.maximum(x - self.threshold, 0.0) / self.scale

    def _hazard(self, z: Floats) -> Floats:
        """-log sf."""
        return z if self._light else np.log1p(np.maximum(self.xi * z, -1.0)) / self.xi

    def _sf(self, x: Floats) -> Floats:
        if self.xi > 0.0 and not self._light and math.isfinite(self.scale / self.xi):
            return survival(self.scale / self.xi, np.maximum(x - self.threshold, 0.0), 1.0 / self.xi)
        return np.exp(-self._hazard(self._z(x)))

    def _cdf(self, x: Floats) -> Floats:
        z = self._z(x)
        near = -np.expm1(-self._hazard(z))
        return near if self.xi <= 0.0 else np.where(self.xi * z < 1e300, near, 1.0 - self._sf(x))

    def _growth(self, log_p: Floats) -> Floats:
        """(p**-xi - 1) / xi."""
        return -log_p if self._light else np.expm1(-self.xi * log_p) / self.xi

    def _ppf(self, q: Floats) -> Floats:
        return np.minimum(self.threshold + self.scale * self._growth(np.log1p(-q)), self.support[1])

    def _logpdf(self, x: Floats) -> Floats:
        z = self._z(x)
        if self._light:
            return -math.log(self.scale) - z
        return np.asarray(-math.log(self.scale) - special.xlog1py(1.0 + 1.0 / self.xi, np.maximum(self.xi * z, -1.0)))

    def _within(self, low: float, high: float) -> Payoff | None:
        above: Payoff = self
        if low > self.threshold and self.xi >= 0.0:
            above = GeneralizedPareto(self.xi, self.scale + self.xi * (low - self.threshold), low)
        return Payoff._within(above, low, high)

    def _mean(self) -> float:
        return self.threshold + self.scale / (1.0 - self.xi)

    def _var(self) -> float:
        return (self.scale / (1.0 - self.xi)) ** 2 / (1.0 - 2.0 * self.xi)

    def _excess(self, start: Floats) -> Floats:
        """E[X - start | X > start] for a start within the support."""
        return (self.scale + self.xi * (start - self.threshold)) / (1.0 - self.xi)

    def _partial_mean(self, u: Floats) -> Floats:
        start = np.maximum(u, self.threshold)
        return self._sf(start) * (start + self._excess(start))

    def _mean_excess(self, u: Floats) -> Floats:
        start = np.maximum(u, self.threshold)
        return self._excess(start) + (start - u)

    def _gini(self) -> float:
        return self.scale / ((1.0 - self.xi) * (2.0 - self.xi)) / self._mean()

    def _top_share(self, p: Floats) -> Floats:
        growth = self._growth(np.log(p))
        above = self.scale * (growth + (1.0 + self.xi * growth) / (1.0 - self.xi))
        return p * (self.threshold + above) / self._mean()
