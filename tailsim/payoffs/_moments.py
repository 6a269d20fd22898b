"""The second part of a law's contract: moments and partial means."""

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..errors import UndefinedMomentError
from . import _numeric
from ._probabilities import Probabilities
from ._shape import Floats, reals, shaped

_LAST = 2.0**-960  # an exceedance where a tail follows its power, with digits to spare for what is multiplied to it
_INSTEAD = "use median() and quantiles (isf) instead"


class Moments(Probabilities):
    """Moments, with what is infinite said and what is undefined refused. See ``Payoff``."""

    __slots__ = ()

    def _mean(self) -> float:
        """E X where it is finite."""
        return _numeric.mean(self)

    def _var(self) -> float:
        """The variance where it is finite."""
        return _numeric.var(self)

    def _partial_mean(self, u: Floats) -> Floats:
        """E[X; X > u] of a finite mean, for finite u below the high end of the support."""
        return _numeric.partial_mean(self, u)

    def _mean_excess(self, u: Floats) -> Floats:
        """E[X - u | X > u], for the same u."""
        return self._partial_mean(u) / self._sf(u) - u

    def mean(self) -> float:
        """The mean, in money; inf or -inf where the integral diverges.

        Raises
        ------
        UndefinedMomentError
            Both tails are too heavy (the mean does not exist), or it is beyond 1.8e308.

        Examples
        --------
        >>> from tailsim.payoffs import Pareto
        >>> Pareto(1.5).mean(), Pareto(1).mean()
        (3.0, inf)
        """
        if self.tail_index <= 1.0:
            if self.left_tail_index <= 1.0:
                raise UndefinedMomentError(f"{self!r} has no mean, for both its tails have index <= 1; {_INSTEAD}.")
            return math.inf
        if self.left_tail_index <= 1.0:
            return -math.inf
        return self._finite("mean", self._mean)

    def var(self) -> float:
        """The variance, in money squared; inf where it diverges and the mean is finite.

        Raises
        ------
        UndefinedMomentError
            The mean is infinite or does not exist, or the variance is beyond 1.8e308.

        Examples
        --------
        >>> from tailsim.payoffs import Pareto
        >>> Pareto(3).var(), Pareto(2).var()
        (0.75, inf)
        """
        index = min(self.tail_index, self.left_tail_index)
        if index <= 1.0:
            raise UndefinedMomentError(f"{self!r} has no variance, for a tail index <= 1 leaves no mean; {_INSTEAD}.")
        return math.inf if index <= 2.0 else self._finite("variance", self._var)

    def std(self) -> float:
        """The standard deviation, in money; infinite and undefined as ``var``."""
        return math.sqrt(self.var())

    def median(self) -> float:
        """The smallest x with P(X > x) <= 1/2, in money."""
        return float(self.isf(0.5))

    def moment_exists(self, order: float) -> bool:
        """Whether E abs(X)**order is finite.

        Parameters
        ----------
        order : float
            Above 0, not necessarily whole.

        Examples
        --------
        >>> from tailsim.payoffs import Pareto
        >>> Pareto(1.5).moment_exists(1), Pareto(1.5).moment_exists(1.5)
        (True, False)
        """
        order = _check.positive("order", order)
        return bool(order < min(self.tail_index, self.left_tail_index))

    def partial_mean(self, u: ArrayLike) -> Any:
        """E[X; X > u], the part of the mean that payoffs above u make.

        Parameters
        ----------
        u : float or array
            Thresholds, in money.

        Returns
        -------
        float or ndarray
            In money, in the shape of u; inf where the mean is infinite.

        Examples
        --------
        >>> from tailsim.payoffs import Pareto
        >>> Pareto(1.5).partial_mean(4.0)
        1.5
        """
        x = reals("u", u, "numbers, not NaN")
        low, high = self.support
        if self.tail_index <= 1.0:
            return shaped(lambda y: np.where(y >= high, 0.0, math.inf), x)

        def part(y: Floats) -> Floats:
            out = np.zeros_like(y)
            everything = (y < low) | np.isneginf(y)
            if everything.any():
                out[everything] = self.mean()
            inside = ~everything & (y < high)
            if inside.any():
                out[inside] = self._far_partial_mean(y[inside])
            return out

        return shaped(part, x)

    def _far_partial_mean(self, u: Floats) -> Floats:
        """``_partial_mean``, by the tail's power where P(X > u) has too few digits left."""
        if self.tail_index == math.inf:
            return self._partial_mean(u)
        last = float(self.isf(_LAST))
        if not 0.0 < last < math.inf:  # no tail that positive payoffs make, or an isf of one's own that ends before
            return self._partial_mean(u)
        part = self._partial_mean(np.minimum(u, last))
        return np.where(u > last, part * np.power(last / u, self.tail_index - 1.0), part)

    def mean_excess(self, u: ArrayLike) -> Any:
        """E[X - u | X > u], by how much a payoff above u exceeds u on average.

        Parameters
        ----------
        u : float or array
            Finite thresholds below the high end of the support, in money.

        Returns
        -------
        float or ndarray
            In money, in the shape of u; inf where the mean is infinite.

        Raises
        ------
        UndefinedMomentError
            No payoff lies above u, or so few that P(X > u) is no double.

        Examples
        --------
        >>> from tailsim.payoffs import Pareto
        >>> Pareto(1.5).mean_excess([4.0, 8.0]).tolist()
        [8.0, 16.0]
        """
        x = reals("u", u, "finite numbers", -sys.float_info.max, sys.float_info.max)
        if (x >= self.support[1]).any():
            raise UndefinedMomentError(
                f"no payoff of {self!r} lies above u = {float(x.max())!r}; ask for a u below {self.support[1]!r}."
            )
        if self.tail_index <= 1.0:
            return shaped(lambda y: np.full_like(y, math.inf), x)
        excess = shaped(self._mean_excess, x)
        if np.isnan(excess).any():
            raise UndefinedMomentError(
                f"P(X > u) of {self!r} is below the smallest double at u = {float(x.max())!r}; ask for a smaller u."
            )
        return excess

    def _finite(self, what: str, moment: Callable[[], float]) -> float:
        """The value of ``moment``, refused where it leaves the range of doubles."""
        try:
            with np.errstate(all="ignore"):
                value = moment()
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise UndefinedMomentError(f"the {what} of {self!r} is beyond 1.8e308; {_INSTEAD}.")
        return value
