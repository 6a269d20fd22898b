"""What a portfolio is for, as small objects: each scores a bet-count curve and says how surely."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..errors import PayoffError
from .curve import BetCountCurve
from .terms import Terms

Floats = NDArray[np.float64]


NAMES = (
    "ProbAtLeast(multiple), MedianMultiple(), QuantileMultiple(q), ExpectedUtility(risk_aversion), LogGrowth(), "
    "WorstCase(worst), Hits(multiple, k) and NetValue()"
)


class Goal(ABC):
    """A score of a portfolio; higher is better."""

    __slots__ = ()

    @property
    def targets(self) -> tuple[float, ...]:
        """Multiples whose probabilities the curve must count."""
        return ()

    def check(self, terms: Terms) -> None:  # noqa: B027 - most goals serve any law
        """Refuse a bet for which the score does not exist."""

    @property
    @abstractmethod
    def label(self) -> str:
        """The score's name in words, for an axis."""

    @abstractmethod
    def describe(self, value: float) -> str:
        """The score in words."""


class Counted(Goal):
    """A goal whose error is that of one probability per bet count."""

    __slots__ = ()

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


@dataclass(frozen=True, slots=True)
class ProbAtLeast(Counted):
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
        how = "a chance of more than 99%" if value > 0.99 else f"a {100 * value:.2g}% chance"  # what trials support
        return f"{how} to get back at least {self.multiple:g}x"


class _Quantile(Counted):
    """The largest quantile ``q`` of paid / spent."""

    __slots__ = ()
    q: float

    @property
    @abstractmethod
    def name(self) -> str:
        """The quantile's name in words."""

    def values(self, curve: BetCountCurve) -> Floats:
        """Quantiles; refused where the curve's bins do not reach them."""
        values = curve.quantile(self.q)
        if not np.isfinite(values).all():
            raise PayoffError(
                f"some {self.name}s lie outside the 48 octaves that a curve counts in; use simulate for each n."
            )
        return values

    def resolution(self, curve: BetCountCurve) -> Floats:
        """Width of the quantile's bin where it holds a tenth of the trials: there an atom may sit anywhere in it."""
        return np.where(curve.share_at(self.q) >= 0.1, np.abs(curve.quantile(self.q)) / 128, 0.0)

    def levels(self, curve: BetCountCurve) -> Floats:
        """The quantiles themselves."""
        return curve.quantile(self.q)

    def slopes(self, curve: BetCountCurve) -> Floats:
        """1 / density at the quantile, from the spread of quantiles around it; inf where trials are too few for it."""
        near = min(self.q, 1.0 - self.q)
        half = min(near * curve.n_trials ** (-1 / 3), 0.5 * near)
        spread: Floats = curve.quantile(self.q + half) - curve.quantile(self.q - half)
        spread /= 2 * half
        return np.where(np.isfinite(spread), spread, np.inf)

    @property
    def label(self) -> str:
        """Quantile of what."""
        return f"{self.name} of paid / spent"

    def describe(self, value: float) -> str:
        """Quantile as a multiple."""
        return f"a {self.name} of {value:.3g}x"


@dataclass(frozen=True, slots=True)
class MedianMultiple(_Quantile):
    """Goal: the largest median of paid / spent, the outcome that half of the trials reach.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.MedianMultiple()
    MedianMultiple()
    """

    @property
    def q(self) -> float:  # type: ignore[override]
        """One half."""
        return 0.5

    @property
    def name(self) -> str:
        """The median."""
        return "median"


@dataclass(frozen=True, slots=True)
class QuantileMultiple(_Quantile):
    """Goal: the largest quantile of paid / spent: what all but a share ``q`` of the trials reach or exceed.

    Parameters
    ----------
    q : float
        Probability in (0, 1): small ones are for whoever fears bad outcomes.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.QuantileMultiple(0.1)
    QuantileMultiple(q=0.1)
    """

    q: float

    def __post_init__(self) -> None:
        rule = "a probability strictly between 0 and 1"
        object.__setattr__(self, "q", _check.real("q", self.q, rule, above=0.0, below=1.0))

    @property
    def name(self) -> str:
        """Quantile and its probability."""
        return f"{100 * self.q:g} % quantile"
