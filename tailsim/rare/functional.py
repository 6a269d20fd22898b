"""What is estimated beyond x: a function of the others' sum and of the least that the integrated bet must pay."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..payoffs.base import Payoff
from .conditional import Conditional

Floats = NDArray[np.float64]


class Functional(ABC):
    """E[g; total > x, the integrated bet X is the largest], given the others: X must pay more than ``c``.

    ``share`` is the part of the ties at ``c`` that counts as largest too (0 where none has a probability).
    """

    __slots__ = ()

    @property
    def kinks(self) -> tuple[float, ...]:
        """Payoffs of the largest other at which it bends."""
        return ()

    @abstractmethod
    def given(self, law: Payoff | Conditional, total: Floats, c: Floats, share: Floats) -> Floats:
        """The conditional expectation; ``total`` is the sum of the others."""


def _beyond(law: Payoff | Conditional, c: Floats, share: Floats) -> Floats:
    """P(X > c) and the share of P(X = c) that counts."""
    p = law._sf(c)
    at = np.flatnonzero(share)
    if at.size:
        p = p.copy()
        few = law.at(at) if isinstance(law, Conditional) else law
        p[at] += share[at] * few._point_mass(c[at])
    return p


@dataclass(frozen=True, slots=True)
class Probability(Functional):
    """P(total > x)."""

    def given(self, law: Payoff | Conditional, total: Floats, c: Floats, share: Floats) -> Floats:
        """P(X > c)."""
        return _beyond(law, c, share)


@dataclass(frozen=True, slots=True)
class WithWinner(Functional):
    """P(total > x, largest > y)."""

    y: float

    @property
    def kinks(self) -> tuple[float, ...]:
        """The largest other that is itself enough."""
        return (self.y,)

    def given(self, law: Payoff | Conditional, total: Floats, c: Floats, share: Floats) -> Floats:
        """P(X > c, X > y)."""
        return _beyond(law, np.maximum(c, self.y), np.where(c > self.y, share, 0.0))


@dataclass(frozen=True, slots=True)
class Total(Functional):
    """E[total; total > x]."""

    def given(self, law: Payoff | Conditional, total: Floats, c: Floats, share: Floats) -> Floats:
        """E[total + X; X > c]."""
        if isinstance(law, Conditional):
            raise NotImplementedError("the mean beyond x is for independent bets")
        p = _beyond(law, c, share)
        high = law.support[1]
        inside = np.minimum(c, np.nextafter(high, -np.inf)) if np.isfinite(high) else c
        part = np.where(c < high, np.asarray(law.partial_mean(inside)), 0.0)
        at = np.flatnonzero(share)
        if at.size:
            part[at] += share[at] * law._point_mass(c[at]) * c[at]
        return total * p + part
