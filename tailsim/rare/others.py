"""How many bets stand beside the one that is integrated analytically, and what their largest exceedance is like.

The trick of Asmussen and Kroese takes one bet as the largest. With a random number of bets N the
others are counted under the size-biased law of N - 1, and E N is the weight: so the noise of N
itself goes. All that quadrature needs of it is its generating function psi at 1 - v.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..dependence import BinomialCount, GeometricCount, PoissonCount
from ..dependence.counts import CountLaw

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]
_DEEPEST = 2.0**-60  # a greater number of bets is less likely than that


@dataclass(frozen=True, slots=True)
class Others:
    """The number of other bets: its weight E N, and psi with its first two derivatives, each at 1 - v."""

    weight: float
    derivatives: tuple[Function, Function, Function]
    fixed: int = 0
    count: CountLaw | None = None  # of the others, where their number is random

    def psi(self, v: Floats) -> Floats:
        """P(no other bet pays more than its exceedance v)."""
        return self.derivatives[0](v)

    def slope(self, v: Floats) -> Floats:
        """Density of the least exceedance of the others."""
        return self.derivatives[1](v)

    def bend(self, v: Floats) -> Floats:
        """Joint density of their two least exceedances, at the greater one."""
        return self.derivatives[2](v)

    @property
    def most(self) -> int:
        """The greatest number of others, but for a chance of 2**-60."""
        return self.fixed if self.count is None else int(self.count.isf(_DEEPEST))

    @property
    def mean(self) -> float:
        """The mean number of others."""
        return self.fixed if self.count is None else self.count.mean()


def of_bets(n: int, beside: int) -> Others:
    """``n`` bets alike, ``beside`` of which stand beside the one that is integrated."""
    return Others(float(n), _three(partial(_falling, beside, 1.0)), beside)


def of_count(count: CountLaw) -> Others:
    """The others of a random number of bets, by the size-biased law of its count."""
    if isinstance(count, PoissonCount):
        return Others(count.mean(), _three(partial(_exponential, count.mean())), count=count)
    if isinstance(count, BinomialCount):
        beside = BinomialCount(count.n - 1, count.p) if count.n > 1 else None
        return Others(count.mean(), _three(partial(_falling, count.n - 1, count.p)), count=beside)
    if isinstance(count, GeometricCount):
        return Others(count.mean(), _three(partial(_pascal, count.p)), count=_TwoGeometric(count.p))
    raise _check.refuse("n_bets", "a whole number, PoissonCount, BinomialCount or GeometricCount", count)


def _three(derivative: Callable[..., Floats]) -> tuple[Function, Function, Function]:
    """A generating function and its first two derivatives."""
    return partial(derivative, order=0), partial(derivative, order=1), partial(derivative, order=2)


def _falling(k: int, q: float, v: Floats, *, order: int) -> Floats:
    """The ``order``-th derivative in s of (1 - q + q s)**k at s = 1 - v."""
    factor = float(np.prod([k - i for i in range(order)])) * q**order
    if factor == 0.0 or k == order:
        return np.full_like(v, factor)
    with np.errstate(divide="ignore"):
        return np.asarray(factor * np.exp((k - order) * np.log1p(-q * v)))


def _exponential(mean: float, v: Floats, *, order: int) -> Floats:
    return np.asarray(mean**order * np.exp(-mean * v))


def _pascal(p: float, v: Floats, *, order: int) -> Floats:
    """Derivatives of (p / (1 - (1 - p) s))**2 at s = 1 - v."""
    return np.asarray((1.0, 2.0, 6.0)[order] * p**2 * (1.0 - p) ** order / (p + (1.0 - p) * v) ** (2 + order))


@dataclass(frozen=True, slots=True)
class _TwoGeometric(CountLaw):
    """The sum of two geometric numbers: what size-biasing leaves beside one of a geometric number of bets."""

    p: float

    def mean(self) -> float:
        return 2.0 * (1.0 - self.p) / self.p

    def var(self) -> float:
        return 2.0 * (1.0 - self.p) / self.p**2

    def _pmf(self, k: Floats) -> Floats:
        return np.asarray((k + 1.0) * self.p**2 * (1.0 - self.p) ** k)

    def _sf(self, k: Floats) -> Floats:
        return np.asarray((1.0 - self.p) ** (k + 1.0) * (1.0 + self.p * (k + 1.0)))

    def _isf(self, p: Floats) -> Floats:
        low, high = np.full_like(p, -1.0), np.full_like(p, 2.0**31)
        while (wide := high - low > 1.0).any():
            middle = np.floor((low + high) / 2.0)
            enough = wide & (self._sf(middle) <= p)
            high = np.where(enough, middle, high)
            low = np.where(wide & ~enough, middle, low)
        return high
