"""A law whose payoffs stop growing at a cap."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import _check
from ..kernels import params
from . import _numeric
from ._alias import Alias
from ._shape import Floats, put
from .base import Payoff, atoms_at_corners, check_law, merged


@dataclass(frozen=True, slots=True)
class Capped(Alias):
    """min(base, cap): all that the base would pay beyond the cap becomes the cap, an atom there.

    ``Truncated`` draws such payoffs again instead.

    Parameters
    ----------
    base : Payoff
        Any law.
    cap : float
        In money, above the smallest payoff of the base; inf leaves the base as it is.

    Raises
    ------
    ArgumentError
        ``base`` is no law, or ``cap`` not above its smallest payoff.

    Examples
    --------
    >>> from tailsim.payoffs import Pareto
    >>> law = Capped(Pareto(1.0), cap=100.0)
    >>> law.support, round(law.prob_at_least(100.0), 12), round(law.mean(), 6)
    ((1.0, 100.0), 0.01, 5.60517)
    """

    base: Payoff
    cap: float
    _law: Payoff = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        low, high = check_law("base", self.base).support
        rule = f"a number above {low!r}, the smallest payoff of base, or inf"
        instead = "use Constant(cap) for a fixed payoff"
        cap = _check.real("cap", self.cap, rule, above=low, finite=False, instead=instead)
        if not cap > low:  # a law unbounded below
            raise _check.refuse("cap", rule, cap)
        put(self, cap=cap, _law=self.base if cap >= high else Cut(self.base, cap))

    def __repr__(self) -> str:
        cap = repr(self.cap) if self.cap < math.inf else "float('inf')"
        return f"Capped(base={self.base!r}, cap={cap})"


@dataclass(frozen=True, slots=True)
class Cut(Payoff):
    """min(base, cap) for a cap within the base's support."""

    base: Payoff
    cap: float

    @property
    def support(self) -> tuple[float, float]:
        """The base's, up to the cap."""
        return self.base.support[0], self.cap

    @property
    def tail_index(self) -> float:
        """Inf: bounded."""
        return math.inf

    @property
    def left_tail_index(self) -> float:
        """The base's."""
        return self.base.left_tail_index

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The base's below the cap, and the cap."""
        return atoms_at_corners(self)

    def _within(self, low: float, high: float) -> Payoff | None:
        if high < self.cap:
            return self.base._within(low, high)
        base = self.base._within(low, math.inf) if low < self.cap else None
        return Payoff._within(self, low, high) if base is None else Capped(base, self.cap)

    def _below_cap(self, x: Floats) -> Floats:
        return np.append(x[x < self.cap], self.cap)

    def _corners(self) -> Floats:
        return self._below_cap(self.base._corners())

    def _points(self, depth: int = _numeric.DEEPEST) -> Floats:
        return merged(_numeric.points(self, depth), self._below_cap(self.base._points(depth)))

    def _point_mass(self, x: Floats) -> Floats:
        mass = self.base._point_mass(x)
        return np.where(x < self.cap, mass, np.where(x == self.cap, mass + self.base._sf(x), 0.0))

    def _params(self, factor: float = 1.0) -> params.Params | None:
        base = self.base._kernel(factor)
        return None if base is None else params.Capped(self.cap * factor, base)

    def _sf(self, x: Floats) -> Floats:
        return np.where(x < self.cap, self.base._sf(x), 0.0)

    def _cdf(self, x: Floats) -> Floats:
        return np.where(x < self.cap, self.base._cdf(x), 1.0)

    def _isf(self, p: Floats) -> Floats:
        return np.minimum(self.base._isf(p), self.cap)

    def _ppf(self, q: Floats) -> Floats:
        return np.minimum(self.base._ppf(q), self.cap)

    def _draw(self, v: Floats, stream: Any) -> Floats:
        return np.minimum(self.base._draw(v, stream), self.cap)

    def _logpdf(self, x: Floats) -> Floats:
        return np.where(x < self.cap, np.asarray(self.base.logpdf(x)), -np.inf)
