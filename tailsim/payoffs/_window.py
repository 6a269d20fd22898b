"""A law seen through a window: the payoffs between two ends, with the probabilities that this leaves them."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from ..kernels import params
from . import _numeric
from ._probabilities import LAST
from ._shape import Floats, put
from .base import Payoff, merged

_LEAST = 2.0**-1022
_NARROW = 0.125  # of P(X >= low): a kernel cannot tell exceedances apart within less that are close to one another


def _at(method: Callable[[Floats], Floats], x: float) -> float:
    """One value of a method for arrays."""
    with np.errstate(all="ignore"):
        return float(method(np.array([x]))[0])


@lru_cache(maxsize=512)
def _chance_above(law: Payoff, x: float) -> float:
    """P(X > x) by the law's kernel: what becomes a parameter of another must have the same bits on any machine."""
    from ..kernels import api

    kernel: Any = law._kernel()
    ends = np.array([5e-324]), np.array([1.0])
    v = float(_numeric.inverse(lambda v: api.isf(kernel, v), np.array([x]), *ends)[0])
    return v if v > 5e-324 else 0.0


def _ends(law: Payoff, low: float, high: float) -> tuple[float, float]:
    """P(X > high) and P(X >= low), by the law's kernel where it has one."""
    if law._kernel() is None:
        over, beyond = _at(law._sf, high), _at(law._sf, low)
    else:
        over, beyond = (_chance_above(law, x) if math.isfinite(x) else float(x < 0.0) for x in (high, low))
    return over, 1.0 if low <= law.support[0] else min(beyond + _at(law._point_mass, low), 1.0)


def mass_between(law: Payoff, low: float, high: float) -> float:
    """P(low <= X <= high), from the side where it is small."""
    if high < law.support[0] or low > law.support[1]:
        return 0.0
    over, reach = _ends(law, low, high)
    if reach <= 0.5 or reach - over >= 2.0**-10:
        return reach - over
    return max(_at(law._cdf, high) - _below(law, low), 0.0)


def _below(law: Payoff, x: float) -> float:
    """P(X < x)."""
    return 0.0 if x <= law.support[0] else max(_at(law._cdf, x) - _at(law._point_mass, x), 0.0)


def window(law: Payoff, low: float, high: float) -> Payoff | None:
    """The payoffs of ``law`` in [low, high], None where doubles cannot hold their probability."""
    if high < law.support[0] or low > law.support[1]:
        return None
    seen = Window(law, low, high)
    return seen if seen._mass >= _LEAST else None


@dataclass(frozen=True, slots=True)
class Window(Payoff):
    """The payoffs of ``base`` in [low, high], at least one end of which cuts some off."""

    base: Payoff
    low: float
    high: float
    _over: float = field(init=False, repr=False, compare=False)  # P(base > high)
    _reach: float = field(init=False, repr=False, compare=False)  # P(base >= low)
    _below: float = field(init=False, repr=False, compare=False)  # P(base < low)
    _upto: float = field(init=False, repr=False, compare=False)  # P(base <= high)
    _mass: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        low, high = max(self.low, self.base.support[0]), min(self.high, self.base.support[1])
        below, over = _below(self.base, low), _at(self.base._sf, high)
        reach = min(_at(self.base._sf, low) + _at(self.base._point_mass, low), 1.0) if below > 0.0 else 1.0
        upto = _at(self.base._cdf, high) if over > 0.0 else 1.0
        mass = reach - over if reach <= 0.5 else upto - below if upto <= 0.5 else 1.0 - below - over
        put(self, low=low, high=high, _over=over, _reach=reach, _below=below, _upto=upto, _mass=mass)

    @property
    def support(self) -> tuple[float, float]:
        """(low, high)."""
        return self.low, self.high

    @property
    def tail_index(self) -> float:
        """The base's, inf where the window ends."""
        return self.base.tail_index if self.high == math.inf else math.inf

    @property
    def left_tail_index(self) -> float:
        """The base's, inf where the window ends."""
        return self.base.left_tail_index if self.low == -math.inf else math.inf

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The base's inside."""
        inside = (self.low <= x <= self.high for x, _ in self.base.atoms)
        return tuple((x, m / self._mass) for (x, m), kept in zip(self.base.atoms, inside, strict=True) if kept)

    def _within(self, low: float, high: float) -> Payoff | None:
        return self.base._within(max(low, self.low), min(high, self.high))

    def _corners(self) -> Floats:
        x = self.base._corners()
        return x[(x >= self.low) & (x <= self.high)]

    def _point_mass(self, x: Floats) -> Floats:
        inside = (x >= self.low) & (x <= self.high)
        return np.where(inside, self.base._point_mass(x) / self._mass, 0.0)

    def _points(self, depth: int = _numeric.DEEPEST) -> Floats:
        x = self.base._points(depth)
        return merged(_numeric.points(self, depth), x[(x > self.low) & (x < self.high)])

    def _params(self, factor: float = 1.0) -> params.Params | None:
        base = self.base._kernel(factor)
        if base is None:
            return None
        over, reach = _ends(self.base, self.low, self.high)
        if reach - over < _NARROW * reach:
            return None
        return params.Within(over, reach - over, self.low * factor, self.high * factor, base)

    def _parts(self, x: Floats) -> tuple[Floats, Floats]:
        """P(X > x) and P(X <= x), each from the base's probabilities on the side where the window is."""
        y = np.clip(x, self.low, self.high)
        if self._reach <= 0.5:
            above = np.clip(self.base._sf(y), self._over, self._reach)
            return (above - self._over) / self._mass, (self._reach - above) / self._mass
        upto = np.clip(self.base._cdf(y), self._below, self._upto)
        if self._upto <= 0.5:
            return (self._upto - upto) / self._mass, (upto - self._below) / self._mass
        above = np.clip(self.base._sf(y), self._over, self._reach)
        return (above - self._over) / self._mass, (upto - self._below) / self._mass

    def _sf(self, x: Floats) -> Floats:
        right, left = self._parts(x)
        inside = np.minimum(np.where(right <= 0.5, right, 1.0 - left), 1.0)
        return np.where(x < self.low, 1.0, np.where(x >= self.high, 0.0, inside))

    def _cdf(self, x: Floats) -> Floats:
        right, left = self._parts(x)
        inside = np.minimum(np.where(right <= 0.5, 1.0 - right, left), 1.0)
        return np.where(x < self.low, 0.0, np.where(x >= self.high, 1.0, inside))

    def _isf(self, p: Floats) -> Floats:
        if self._params() is not None:
            return Payoff._isf(self, p)
        if self._upto <= 0.5:
            x = self.base._ppf(np.clip(self._upto - self._mass * p, 5e-324, LAST))
        else:
            x = self.base._isf(np.clip(self._over + self._mass * p, 5e-324, LAST))
        return self._lower_ends(p, np.clip(x, self.low, self.high))

    def _ppf(self, q: Floats) -> Floats:
        if self._reach <= 0.5:
            x = self.base._isf(np.clip(self._reach - self._mass * q, 5e-324, LAST))
        else:
            x = self.base._ppf(np.clip(self._below + self._mass * q, 5e-324, LAST))
        return self._earliest(q, np.clip(x, self.low, self.high))

    def _logpdf(self, x: Floats) -> Floats:
        return np.asarray(self.base.logpdf(x)) - math.log(self._mass)

    def _mean(self) -> float:
        if self.high == math.inf and self.low > -math.inf:
            part = float(self.base.partial_mean(self.low)) + self.low * _at(self.base._point_mass, self.low)
            return part / self._mass
        return _numeric.mean(self)

    def _partial_mean(self, u: Floats) -> Floats:
        if self.high == math.inf:
            return np.asarray(self.base._partial_mean(np.maximum(u, self.low)) / self._mass)
        return _numeric.partial_mean(self, u)

    def _mean_excess(self, u: Floats) -> Floats:
        if self.high < math.inf:
            return Payoff._mean_excess(self, u)
        inside = u >= self.low
        excess = np.empty_like(u)
        excess[inside] = self.base._mean_excess(u[inside])
        excess[~inside] = self._mean() - u[~inside]
        return excess
