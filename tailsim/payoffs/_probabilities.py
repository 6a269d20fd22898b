"""The first part of a law's contract: probabilities, quantiles and density."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..kernels.params import Params
from . import _numeric
from ._shape import Floats, reals, shaped

_NUMBERS = "numbers, not NaN"
_CHANCES = "probabilities between 0 and 1"
LAST = 1.0 - 2.0**-53  # the last double below 1


class Probabilities(ABC):
    """Probabilities, quantiles and density, all from the survival function. See ``Payoff``."""

    __slots__ = ()

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """(low, high): the smallest interval that holds every payoff; either end may be infinite."""

    @property
    @abstractmethod
    def tail_index(self) -> float:
        """a in P(X > x) ~ x**-a; inf for a tail lighter than any power."""

    @property
    def left_tail_index(self) -> float:
        """a in P(X < -x) ~ x**-a; inf for a tail lighter than any power, or none."""
        if np.isfinite(self.support[0]):
            return np.inf
        raise NotImplementedError(f"{type(self).__name__} is unbounded below and must define left_tail_index.")

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """(value, probability) of every payoff that has a probability of its own, by increasing value."""
        return ()

    @abstractmethod
    def _sf(self, x: Floats) -> Floats:
        """P(X > x) of a one-dimensional array, any x but NaN."""

    def _cdf(self, x: Floats) -> Floats:
        """P(X <= x); a law with a formula that is accurate near its low end overrides it."""
        return 1.0 - self._sf(x)

    def _params(self, factor: float = 1.0) -> Params | None:
        """The compiled kernel's parameters of factor * law, factor > 0, or None where it has none."""
        return None

    def _kernel(self, factor: float = 1.0) -> Params | None:
        """As ``_params``, for the law drawn by itself or inside one that never was drawn without a kernel.

        A law that has had a kernel from its start answers ``_params``; one that got it later only this, so that
        what is built on it keeps its bits.
        """
        return self._params(factor)

    def _corners(self) -> Floats:
        """Increasing finite values where the survival function jumps or bends."""
        return np.array([value for value, _ in self.atoms], dtype=np.float64)

    def _points(self, depth: int = _numeric.DEEPEST) -> Floats:
        """Increasing finite values between which integrals of the survival function are smooth."""
        return _numeric.points(self, depth)

    def _point_mass(self, x: Floats) -> Floats:
        """P(X = x)."""
        mass = np.zeros_like(x)
        for value, probability in self.atoms:
            mass[x == value] = probability
        return mass

    def _isf(self, p: Floats) -> Floats:
        """The smallest x with P(X > x) <= p, for p in (0, 1)."""
        params = self._params()
        if params is None:
            low, high = self.support
            return _numeric.inverse(self._sf, p, np.full_like(p, low), np.full_like(p, high))
        from ..kernels import api

        return self._lower_ends(p, api.isf(params, p))

    def _lower_ends(self, p: Floats, x: Floats) -> Floats:
        """Where the survival function is flat at exactly p a kernel answers the upper end; isf is the lower."""
        corners = self._corners()
        if corners.size == 0:
            return x
        below = _corner_below(corners, x)
        return np.where((below < x) & (self._sf(below) <= p), below, x)

    def _earliest(self, q: Floats, x: Floats) -> Floats:
        """Where a rounded probability has missed the step of the distribution function that answers q."""
        corners = self._corners()
        if corners.size == 0:
            return x
        below = _corner_below(corners, x)
        return np.where((below < x) & (self._cdf(below) >= q), below, x)

    def _ppf(self, q: Floats) -> Floats:
        """The smallest x with P(X <= x) >= q, for q in (0, 1): from the low end where q is small."""
        x = np.empty_like(q)
        body = q >= 0.5  # there 1 - q is exact
        x[body] = self._isf(1.0 - q[body])
        low, high = self.support
        small = q[~body]
        ends = np.full_like(small, low), np.full_like(small, high)
        x[~body] = _numeric.inverse(lambda y: -self._cdf(y), -small, *ends)
        return x

    def _draw(self, v: Floats, stream: Any) -> Floats:
        """Payoffs at exceedances v in (0, 1] of any shape; equal to isf unless a law says otherwise."""
        params = self._params()
        if params is None:
            return self._isf(np.minimum(v, LAST).reshape(-1)).reshape(v.shape)
        from ..kernels import api

        return api.isf(params, v)

    def _logpdf(self, x: Floats) -> Floats:
        """Logarithm of the density of the continuous part, for finite x within the support."""
        return _numeric.logpdf(self, x)

    def sf(self, x: ArrayLike) -> Any:
        """P(X > x), the survival function.

        Parameters
        ----------
        x : float or array
            Payoffs, in money; infinities allowed, NaN refused.

        Returns
        -------
        float or ndarray
            A float for a scalar, else float64 in the shape of x.

        Examples
        --------
        >>> from tailsim.payoffs import Pareto
        >>> Pareto(1.5).sf([1.0, 4.0]).tolist()
        [1.0, 0.125]
        """
        return shaped(self._sf, reals("x", x, _NUMBERS))

    def cdf(self, x: ArrayLike) -> Any:
        """P(X <= x), accurate near the low end too; shapes as in ``sf``."""
        return shaped(self._cdf, reals("x", x, _NUMBERS))

    def prob_at_least(self, x: ArrayLike) -> Any:
        """P(X >= x), which is sf(x) plus the probability of x itself; shapes as in ``sf``."""
        return shaped(lambda y: np.minimum(self._sf(y) + self._point_mass(y), 1.0), reals("x", x, _NUMBERS))

    def isf(self, p: ArrayLike) -> Any:
        """The payoff exceeded with probability p: the smallest x with sf(x) <= p.

        Parameters
        ----------
        p : float or array
            Exceedance probabilities in [0, 1], as small as a double can hold (2**-1074).
            isf(0) and isf(1) are the high and the low end of the support.

        Returns
        -------
        float or ndarray
            A float for a scalar, else float64 in the shape of p.

        Examples
        --------
        >>> from tailsim.payoffs import Pareto
        >>> round(Pareto(1.5).isf(0.125), 12), Pareto(1.5).isf(1)
        (4.0, 1.0)
        """
        low, high = self.support
        return shaped(lambda y: _between(self._isf, y, high, low), reals("p", p, _CHANCES, 0.0, 1.0))

    def ppf(self, q: ArrayLike) -> Any:
        """The q-quantile, the smallest x with cdf(x) >= q, accurate for small q; shapes as in ``isf``."""
        low, high = self.support
        return shaped(lambda y: _between(self._ppf, y, low, high), reals("q", q, _CHANCES, 0.0, 1.0))

    def pdf(self, x: ArrayLike) -> Any:
        """The density of the continuous part (atoms apart), 0 outside the support; shapes as in ``sf``."""
        return shaped(lambda y: np.exp(self._log_density(y)), reals("x", x, _NUMBERS))

    def logpdf(self, x: ArrayLike) -> Any:
        """Logarithm of ``pdf``, computed as such; -inf outside the support."""
        return shaped(self._log_density, reals("x", x, _NUMBERS))

    def _log_density(self, x: Floats) -> Floats:
        low, high = self.support
        inside = (x >= low) & (x <= high) & np.isfinite(x)
        y = np.full_like(x, -np.inf)
        if inside.any():
            y[inside] = self._logpdf(x[inside])
        return y


def _corner_below(corners: Floats, x: Floats) -> Floats:
    """The last corner below x, or the first one."""
    return corners[np.maximum(np.searchsorted(corners, x, side="left") - 1, 0)]


def _between(quantile: Callable[[Floats], Floats], p: Floats, at_zero: float, at_one: float) -> Floats:
    """``quantile`` of the p strictly between 0 and 1, the ends of the support elsewhere."""
    x = np.where(p == 0.0, at_zero, at_one).astype(np.float64)
    inside = (p > 0.0) & (p < 1.0)
    if inside.any():
        x[inside] = quantile(p[inside])
    return x
