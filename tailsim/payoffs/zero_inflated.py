"""A law that pays nothing with a probability of its own."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _check
from ..kernels import params
from . import _numeric
from ._probabilities import LAST
from ._shape import Floats, put
from ._window import mass_between
from .base import Payoff, atoms_at_corners, check_law, merged


@dataclass(frozen=True, slots=True)
class ZeroInflated(Payoff):
    """Zero with probability ``p_zero``, else a payoff of ``base``.

    Parameters
    ----------
    base : Payoff
        The law of a success; it may have an atom at zero of its own.
    p_zero : float
        In [0, 1].

    Raises
    ------
    ArgumentError
        ``base`` is no law, or ``p_zero`` no probability.

    Examples
    --------
    >>> from tailsim.payoffs import Pareto
    >>> law = ZeroInflated(Pareto(1.5), p_zero=0.65)
    >>> round(law.mean(), 6), round(law.sf(4.0), 6), law.atoms
    (1.05, 0.04375, ((0.0, 0.65),))
    """

    base: Payoff
    p_zero: float

    def __post_init__(self) -> None:
        check_law("base", self.base)
        put(self, p_zero=_check.probability("p_zero", self.p_zero))

    @property
    def _q(self) -> float:
        """The probability of a draw from the base."""
        return 1.0 - self.p_zero

    @property
    def support(self) -> tuple[float, float]:
        """The base's, widened to hold zero."""
        low, high = self.base.support if self._q > 0.0 else (0.0, 0.0)
        return (min(low, 0.0), max(high, 0.0)) if self.p_zero > 0.0 else (low, high)

    @property
    def tail_index(self) -> float:
        """The base's, unless nothing is ever drawn from it."""
        return self.base.tail_index if self._q > 0.0 else math.inf

    @property
    def left_tail_index(self) -> float:
        """The base's, unless nothing is ever drawn from it."""
        return self.base.left_tail_index if self._q > 0.0 else math.inf

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """Zero and the base's."""
        return atoms_at_corners(self)

    def _corners(self) -> Floats:
        zero = np.zeros(1 if self.p_zero > 0.0 else 0)
        return merged(zero, self.base._corners() if self._q > 0.0 else zero)

    def _point_mass(self, x: Floats) -> Floats:
        return self._q * self.base._point_mass(x) + np.where(x == 0.0, self.p_zero, 0.0)

    def _points(self, depth: int = _numeric.DEEPEST) -> Floats:
        return merged(self.base._points(depth), np.zeros(1))

    def _params(self, factor: float = 1.0) -> params.Params | None:
        if self.p_zero == 1.0:
            return params.Fixed(0.0)
        base = self.base._params(factor)
        if self.p_zero == 0.0 or base is None:
            return base
        return params.WithZeros(self._q, base) if self.base.support[0] >= 0.0 else None  # else not monotone

    def _within(self, low: float, high: float) -> Payoff | None:
        zeros = self.p_zero if low <= 0.0 <= high else 0.0
        base, mass = self.base._within(low, high), self._q * mass_between(self.base, low, high)
        if zeros == 0.0:
            return base
        return ZeroInflated(self.base, 1.0) if base is None else ZeroInflated(base, zeros / (zeros + mass))

    def _sf(self, x: Floats) -> Floats:
        return self._q * self.base._sf(x) + np.where(x < 0.0, self.p_zero, 0.0)

    def _cdf(self, x: Floats) -> Floats:
        return self._q * self.base._cdf(x) + np.where(x >= 0.0, self.p_zero, 0.0)

    def _isf(self, p: Floats) -> Floats:
        if self.p_zero == 0.0:
            return self.base._isf(p)
        if self._params() is not None:
            return Payoff._isf(self, p)
        zero = np.zeros(1)
        above = self._q * float(self.base._sf(zero)[0])
        least = above + float(self._point_mass(zero)[0])
        x = np.zeros_like(p)
        up, down = p < above, p >= least
        x[up] = self.base._isf(np.minimum(p[up] / self._q, LAST))
        x[down] = self.base._isf(np.clip((p[down] - self.p_zero) / self._q, 5e-324, LAST))
        return x

    def _ppf(self, q: Floats) -> Floats:
        if self.p_zero in (0.0, 1.0):
            return self.base._ppf(q) if self.p_zero == 0.0 else np.zeros_like(q)
        zero = np.zeros(1)
        most = self.p_zero + self._q * float(self.base._cdf(zero)[0])
        below = most - float(self._point_mass(zero)[0])
        x = np.zeros_like(q)
        down, up = q <= below, q > most
        x[down] = self.base._ppf(np.minimum(q[down] / self._q, LAST))
        x[up] = self.base._ppf(np.clip((q[up] - self.p_zero) / self._q, 5e-324, LAST))
        return x

    def _draw(self, v: Floats, stream: Any) -> Floats:
        if self.p_zero == 0.0:
            return self.base._draw(v, stream)
        if self._params() is not None:
            return Payoff._draw(self, v, stream)
        flat = v.reshape(-1)
        x = np.zeros_like(flat)
        at = np.flatnonzero(flat <= self._q)
        if at.size:
            x[at] = self.base._draw(flat[at] / self._q, stream.take(at))
        return x.reshape(v.shape)

    def _logpdf(self, x: Floats) -> Floats:
        if self._q == 0.0:
            return np.full_like(x, -np.inf)
        return np.asarray(self.base.logpdf(x)) + math.log(self._q)

    def _mean(self) -> float:
        return self._q * self.base.mean() if self._q > 0.0 else 0.0

    def _var(self) -> float:
        if self._q == 0.0:
            return 0.0
        return self._q * (self.base.var() + self.p_zero * self.base.mean() ** 2)

    def _partial_mean(self, u: Floats) -> Floats:
        return np.asarray(self._q * self.base.partial_mean(u)) if self._q > 0.0 else np.zeros_like(u)

    def _mean_excess(self, u: Floats) -> Floats:
        if self.p_zero in (0.0, 1.0):
            return self.base._mean_excess(u) if self.p_zero == 0.0 else -u
        excess = np.empty_like(u)
        base = u >= 0.0  # zeros are not above u: the base alone decides
        excess[base] = self.base._mean_excess(u[base])
        excess[~base] = Payoff._mean_excess(self, u[~base])
        return excess

    def _gini(self) -> float:
        return self.p_zero + self._q * self.base._gini()

    def _top_share(self, p: Floats) -> Floats:
        share = np.ones_like(p)
        part = p < self._q
        share[part] = self.base._top_share(p[part] / self._q)
        return share

    def _lorenz(self, p: Floats) -> Floats:
        share = np.zeros_like(p)
        part = p > self.p_zero
        share[part] = self.base._lorenz(np.minimum((p[part] - self.p_zero) / self._q, LAST))
        return share
