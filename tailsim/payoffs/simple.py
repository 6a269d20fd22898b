"""Uniform and Constant."""

import math
from dataclasses import dataclass

import numpy as np

from .. import _check
from ..kernels import params
from ._shape import Floats, put
from .base import Payoff


@dataclass(frozen=True, slots=True)
class Uniform(Payoff):
    """Equally likely anywhere between ``low`` and ``high``.

    Parameters
    ----------
    low, high : float
        In money; finite, low below high, possibly negative.

    Raises
    ------
    ArgumentError
        An end is not finite, or ``low`` is not below ``high``.

    Examples
    --------
    >>> law = Uniform(0.0, 10.0)
    >>> law.mean(), law.sf(8.0), round(law.gini(), 6)
    (5.0, 0.2, 0.333333)
    """

    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        low, high = _check.real("low", self.low), _check.real("high", self.high)
        if not low < high:
            raise _check.refuse("high", f"above low = {low!r}", high, "use Constant(x) for a fixed payoff")
        if not math.isfinite(high - low):
            raise _check.refuse("high", f"within 1.7e308 of low = {low!r}", high)
        put(self, low=low, high=high)

    @property
    def support(self) -> tuple[float, float]:
        """(low, high)."""
        return self.low, self.high

    @property
    def tail_index(self) -> float:
        """Inf: bounded."""
        return math.inf

    @property
    def _width(self) -> float:
        return self.high - self.low

    def _params(self, factor: float = 1.0) -> params.Params | None:
        high, width = self.high * factor, self._width * factor
        return params.Linear(high, width) if math.isfinite(high) and math.isfinite(width) else None

    def _sf(self, x: Floats) -> Floats:
        return (self.high - np.clip(x, self.low, self.high)) / self._width

    def _cdf(self, x: Floats) -> Floats:
        return (np.clip(x, self.low, self.high) - self.low) / self._width

    def _ppf(self, q: Floats) -> Floats:
        return self.low + self._width * q

    def _logpdf(self, x: Floats) -> Floats:
        return np.full_like(x, -math.log(self._width))

    def _within(self, low: float, high: float) -> Payoff | None:
        low, high = max(low, self.low), min(high, self.high)
        return Uniform(low, high) if low < high else None

    def _mean(self) -> float:
        return 0.5 * self.low + 0.5 * self.high

    def _var(self) -> float:
        return self._width**2 / 12.0

    def _partial_mean(self, u: Floats) -> Floats:
        start = np.maximum(u, self.low)
        return (0.5 * self.high + 0.5 * start) * ((self.high - start) / self._width)

    def _mean_excess(self, u: Floats) -> Floats:
        start = np.maximum(u, self.low)
        return 0.5 * (self.high - start) + (start - u)

    def _gini(self) -> float:
        return self._width / (6.0 * self._mean())

    def _top_share(self, p: Floats) -> Floats:
        return p * (self.high - 0.5 * self._width * p) / self._mean()

    def _lorenz(self, p: Floats) -> Floats:
        return p * (self.low + 0.5 * self._width * p) / self._mean()


@dataclass(frozen=True, slots=True)
class Constant(Payoff):
    """Always the same payoff.

    Parameters
    ----------
    value : float
        In money; finite.

    Raises
    ------
    ArgumentError
        The value is not finite.

    Examples
    --------
    >>> law = Constant(3.0)
    >>> law.sf(3.0), law.prob_at_least(3.0), law.atoms
    (0.0, 1.0, ((3.0, 1.0),))
    """

    value: float

    def __post_init__(self) -> None:
        put(self, value=_check.real("value", self.value))

    @property
    def support(self) -> tuple[float, float]:
        """(value, value)."""
        return self.value, self.value

    @property
    def tail_index(self) -> float:
        """Inf: bounded."""
        return math.inf

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The value, with probability 1."""
        return ((self.value, 1.0),)

    def _params(self, factor: float = 1.0) -> params.Params | None:
        value = self.value * factor
        return params.Fixed(value) if math.isfinite(value) else None

    def _sf(self, x: Floats) -> Floats:
        return np.where(x < self.value, 1.0, 0.0)

    def _isf(self, p: Floats) -> Floats:
        return np.full_like(p, self.value)

    def _ppf(self, q: Floats) -> Floats:
        return np.full_like(q, self.value)

    def _logpdf(self, x: Floats) -> Floats:
        return np.full_like(x, -np.inf)

    def _mean(self) -> float:
        return self.value

    def _var(self) -> float:
        return 0.0

    def _partial_mean(self, u: Floats) -> Floats:
        return np.where(u < self.value, self.value, 0.0)

    def _gini(self) -> float:
        return 0.0

    def _top_share(self, p: Floats) -> Floats:
        return p.copy()

    def _lorenz(self, p: Floats) -> Floats:
        return p.copy()
