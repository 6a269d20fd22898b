"""Goals that need no simulation: hits by counting laws, net value by means."""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._lazy import special
from ..errors import UndefinedMomentError
from ..payoffs.base import Payoff
from ..payoffs.uncertain import Uncertain
from .goals import NAMES, Goal
from .terms import Terms

Floats = NDArray[np.float64]


class Exact(Goal):
    """A goal whose score follows from the laws alone."""

    __slots__ = ()

    @abstractmethod
    def exact(self, terms: Terms) -> Floats:
        """The score for each of the terms' numbers of bets, shape (m,)."""


def _laws(terms: Terms) -> list[Payoff]:
    """Laws of the bets in order; one where they are alike."""
    return [terms.law(j) for j in range(1 if terms.alike else int(terms.counts[-1]))]


@dataclass(frozen=True, slots=True)
class Hits(Exact):
    """Goal: the largest chance that at least ``k`` bets pay ``multiple`` times what a bet costs.

    What a bet costs is all that is spent, overheads and coordination too, over the number of bets; a reserve aside.
    Without costs that grow, more bets always raise the chance. It is computed exactly.

    Parameters
    ----------
    multiple : float
        Multiple that a bet must pay to be a hit, above 0.
    k : int, default 1
        How many hits, at least 1.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.Hits(10, 2)
    Hits(multiple=10.0, k=2)
    """

    multiple: float
    k: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "multiple", _check.positive("multiple", self.multiple))
        object.__setattr__(self, "k", _check.integer("k", self.k, "a whole number of at least 1", low=1))

    def check(self, terms: Terms) -> None:
        """Refuse bets that share an uncertain parameter."""
        if any(isinstance(law, Uncertain) for law in _laws(terms)):
            raise _check.refuse("bet", "one without shared uncertain parameters for Hits", terms.bet, "fix them")

    def exact(self, terms: Terms) -> Floats:
        """Binomial chances, or Poisson's binomial where ideas differ."""
        kept = 0.0 if terms.reserve is None else terms.reserve.share
        needed = self.multiple * (1.0 - kept) * terms.divisors / terms.counts
        laws = _laws(terms)
        p = np.array([law.prob_at_least(needed) for law in laws])
        if terms.alike:
            enough = terms.counts >= self.k
            chance = np.zeros(len(terms.counts))
            chance[enough] = special.bdtrc(self.k - 1.0, terms.counts[enough], p[0][enough])
            return chance
        fewer = np.zeros((self.k, len(terms.counts)))
        fewer[0] = 1.0
        for j, chance in enumerate(p):
            made = np.where(terms.counts > j, chance, 0.0)
            fewer[1:] = fewer[1:] * (1.0 - made) + fewer[:-1] * made
            fewer[0] *= 1.0 - made
        reached: Floats = np.maximum(1.0 - fewer.sum(axis=0), 0.0)
        return reached

    @property
    def label(self) -> str:
        """Chance of what."""
        return f"chance of at least {self.k} hit{'s' if self.k > 1 else ''} of {self.multiple:g}x"

    def describe(self, value: float) -> str:
        """Chance in per cent."""
        return f"a {100 * value:.3g}% {self.label}"


@dataclass(frozen=True, slots=True)
class NetValue(Exact):
    """Goal: the largest mean of paid - spent, in money; only for payoffs that have a mean. It is computed exactly.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.NetValue()
    NetValue()
    """

    def check(self, terms: Terms) -> None:
        """Refuse payoffs without a mean."""
        for law in set(_laws(terms)):
            if min(law.tail_index, law.left_tail_index) <= 1.0:
                raise UndefinedMomentError(
                    f"NetValue() needs payoffs with a mean, and {_check.shown(law)} has none (tail index "
                    f"{min(law.tail_index, law.left_tail_index):.4g}); goals that exist are {NAMES.split(', Hits')[0]} "
                    "and Hits(multiple, k), the utilities where risk aversion is large enough."
                )

    def exact(self, terms: Terms) -> Floats:
        """Means added up; what is kept for winners by a count of them."""
        laws, scale = _laws(terms), terms.stakes / terms.bet.stake
        means = np.array([law.mean() for law in laws])
        paid = terms.counts * means[0] if terms.alike else np.cumsum(means)[terms.counts - 1]
        value: Floats = scale * paid - terms.spent
        if terms.reserve is not None:
            value = value + terms.reserve.share * terms.spent * _followed(terms, laws)
        return value

    @property
    def label(self) -> str:
        """Mean of what."""
        return "mean of paid - spent"

    def describe(self, value: float) -> str:
        """Money."""
        return f"a mean net value of {value:.4g}"


def _followed(terms: Terms, laws: list[Payoff]) -> Floats:
    """Mean of what a unit kept for winners brings: E[mean payoff of winners / price], or itself where none wins.

    E[1 / number of winners] comes from the integral over u in (0, 1) of the generating function, a polynomial.
    """
    follow = terms.follow_on
    if follow is None:
        return np.zeros(len(terms.counts))
    n_max = int(terms.counts[-1])
    below = float(np.nextafter(follow.need, -np.inf))
    p = np.array([float(law.prob_at_least(follow.need)) for law in laws])
    won = np.array([float(law.partial_mean(below)) for law in laws])
    if terms.alike:
        p, won = np.repeat(p, n_max), np.repeat(won, n_max)
    x, weight = np.polynomial.legendre.leggauss(n_max // 2 + 1)
    u = 0.5 * (x + 1.0)[:, None]
    other = 1.0 - p + p * u
    each = np.cumprod(other, axis=1) * np.cumsum(won / other, axis=1)
    brought = 0.5 * weight @ each / (follow.stake * follow.price)
    none = np.cumprod(1.0 - p)
    total: Floats = (brought + none)[terms.counts - 1]
    return total
