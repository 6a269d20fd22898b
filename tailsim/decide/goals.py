"""What a portfolio is for, as small objects: each scores a bet-count curve and says how surely."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..errors import PayoffError
from .curve import BetCountCurve

Floats = NDArray[np.float64]


class Goal(ABC):
    """A score of a portfolio, higher is better, whose error is that of one probability per bet count."""

    __slots__ = ()

    @property
    def targets(self) -> tuple[float, ...]:
        """Multiples whose probabilities the curve must count."""
        return ()

    @abstractmethod
    def values(self, curve: BetCountCurve) -> Floats:
        """The score for each number of bets, shape (m,)."""

    @abstractmethod
    def levels(self, curve: BetCountCurve) -> Floats:
        """The multiple per number of bets whose probability of being reached carries the error."""

    @abstractmethod
    def slopes(self, curve: BetCountCurve) -> Floats:
        """How much the score moves per unit of that probability, shape (m,)."""

    def resolution(self, curve: BetCountCurve) -> Floats:
        """Differences of the score that the curve cannot see, shape (m,)."""
        return np.zeros(len(curve.n_bets))

    @property
    @abstractmethod
    def label(self) -> str:
        """The score's name in words, for an axis."""

    @abstractmethod
    def describe(self, value: float) -> str:
        """The score in words."""


@dataclass(frozen=True, slots=True)
class ProbAtLeast(Goal):
    """Goal: the largest chance that the portfolio pays back at least ``multiple`` times what it spends.

    Parameters
    ----------
    multiple : float
        Paid / spent to reach, above 0.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.ProbAtLeast(3)
    ProbAtLeast(multiple=3.0)
    """

    multiple: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "multiple", _check.positive("multiple", self.multiple))

    @property
    def targets(self) -> tuple[float, ...]:
        """The multiple itself."""
        return (self.multiple,)

    def values(self, curve: BetCountCurve) -> Floats:
        """Probabilities counted."""
        return curve.prob_at_least(self.multiple)

    def levels(self, curve: BetCountCurve) -> Floats:
        """The same multiple for every number of bets."""
        return np.full(len(curve.n_bets), self.multiple)

    def slopes(self, curve: BetCountCurve) -> Floats:
        """The score is the probability."""
        return np.ones(len(curve.n_bets))

    @property
    def label(self) -> str:
        """Chance of what."""
        return f"chance to get back at least {self.multiple:g}x"

    def describe(self, value: float) -> str:
        """Chance in per cent."""
        return f"a {_per_cent(value)} chance to get back at least {self.multiple:g}x"


@dataclass(frozen=True, slots=True)
class MedianMultiple(Goal):
    """Goal: the largest median of paid / spent, the outcome that half of the trials reach.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.MedianMultiple()
    MedianMultiple()
    """

    def values(self, curve: BetCountCurve) -> Floats:
        """Medians; refused where the curve's bins do not reach them."""
        if not np.isfinite(curve.median).all():
            raise PayoffError(
                "some medians lie outside the 48 octaves that a curve counts in; use simulate for each n."
            )
        return curve.median

    def resolution(self, curve: BetCountCurve) -> Floats:
        """Width of the median's bin where it holds a tenth of the trials: there an atom may sit anywhere in it."""
        return np.where(curve.share_at_median >= 0.1, np.abs(curve.median) / 128, 0.0)

    def levels(self, curve: BetCountCurve) -> Floats:
        """The medians themselves."""
        return curve.median

    def slopes(self, curve: BetCountCurve) -> Floats:
        """1 / density at the median, from the spread of quantiles around it."""
        half = min(0.5 * curve.n_trials ** (-1 / 3), 0.25)
        spread: Floats = curve.quantile(0.5 + half) - curve.quantile(0.5 - half)
        spread /= 2 * half
        return spread

    @property
    def label(self) -> str:
        """Median of what."""
        return "median of paid / spent"

    def describe(self, value: float) -> str:
        """Median as a multiple."""
        return f"a median of {value:.3g}x"


def _per_cent(p: float) -> str:
    """A probability with the two digits that the usual number of trials supports."""
    return "more than 99%" if p > 0.99 else f"{100 * p:.2g}%"
