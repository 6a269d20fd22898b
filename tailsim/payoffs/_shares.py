"""The third part of a law's contract: who holds the value, in the population."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import UndefinedMomentError
from . import _numeric
from ._moments import Moments
from ._shape import Floats, reals, shaped


class Shares(Moments):
    """Gini coefficient, top shares and Lorenz curve, refused where they say nothing. See ``Payoff``."""

    __slots__ = ()

    def _gini(self) -> float:
        """The Gini coefficient of payoffs that are never negative and have a finite mean above zero."""
        return _numeric.gini(self)

    def _top_share(self, p: Floats) -> Floats:
        """The share of the top p, 0 < p < 1, of the same: an atom at the edge is split."""
        x = self._isf(p)
        return (self._partial_mean(x) + (p - self._sf(x)) * x) / self._mean()

    def _lorenz(self, p: Floats) -> Floats:
        """The share of the bottom p, 0 < p < 1, of the same."""
        return 1.0 - self._top_share(1.0 - p)

    def gini(self) -> float:
        """The Gini coefficient of the population: 0 where all pay the same, towards 1 where few pay for all.

        Raises
        ------
        UndefinedMomentError
            The mean is infinite or zero, or payoffs can be negative.

        Examples
        --------
        >>> from tailsim.payoffs import Pareto
        >>> Pareto(1.5).gini()
        0.5
        """
        self._check_shares("a Gini coefficient")
        return min(max(self._finite("Gini coefficient", self._gini), 0.0), 1.0)

    def top_share(self, fraction: ArrayLike) -> Any:
        """The share of the whole that the biggest ``fraction`` of payoffs make, in the population.

        Parameters
        ----------
        fraction : float or array
            In (0, 1].

        Returns
        -------
        float or ndarray
            Between fraction and 1, in its shape.

        Raises
        ------
        UndefinedMomentError
            The mean is infinite or zero, or payoffs can be negative.

        Examples
        --------
        >>> from tailsim.payoffs import Pareto
        >>> round(Pareto(1.16096).top_share(0.2), 4)
        0.8
        """
        p = reals("fraction", fraction, "numbers above 0 and at most 1", 5e-324, 1.0)
        self._check_shares("a top share")
        return shaped(lambda y: np.where(y == 1.0, 1.0, np.clip(self._top_share(y), 0.0, 1.0)), p)

    def lorenz(self, p: ArrayLike) -> Any:
        """The share of the whole that the smallest p of payoffs make: convex, from (0, 0) to (1, 1).

        Parameters
        ----------
        p : float or array
            In [0, 1].

        Returns
        -------
        float or ndarray
            Between 0 and p, in its shape.

        Raises
        ------
        UndefinedMomentError
            The mean is infinite or zero, or payoffs can be negative.

        Examples
        --------
        >>> from tailsim.payoffs import Pareto
        >>> round(Pareto(1.16096).lorenz(0.8), 4)
        0.2
        """
        x = reals("p", p, "numbers between 0 and 1", 0.0, 1.0)
        self._check_shares("a Lorenz curve")

        def curve(y: Floats) -> Floats:
            inside = (y > 0.0) & (y < 1.0)
            out = y.copy()
            out[inside] = np.clip(self._lorenz(y[inside]), 0.0, 1.0)
            return out

        return shaped(curve, x)

    def _check_shares(self, what: str) -> None:
        """Refuse shares of a whole that is infinite, zero or signed."""
        low, high = self.support
        if low < 0.0:
            raise UndefinedMomentError(
                f"{self!r} has no {what[2:]}, for its payoffs can be negative; truncate it or use mean and quantiles."
            )
        if self.tail_index <= 1.0:
            raise UndefinedMomentError(
                f"{self!r} has an infinite mean (tail index {self.tail_index:g} <= 1), so the largest payoffs hold all "
                f"the value and {what} of the population says nothing; use expected_top_share of a sample instead."
            )
        if high == 0.0:
            raise UndefinedMomentError(f"{self!r} pays nothing, so it has no {what[2:]}.")
