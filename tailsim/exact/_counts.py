"""How many bets there are, as the total's transform needs it: a fixed number, or a random one by its pgf."""

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from .._lazy import special
from ..dependence import GeometricCount, PoissonCount
from ._expint import Complexes, Floats


def log1m(gap: Complexes) -> Complexes:
    """log(1 - gap), accurate for small gaps."""
    return np.asarray(special.log1p(-gap))


class Count(Protocol):
    """A number of bets N; D = 1 - L(s) is the gap of one bet's transform.

    Where a bet is of kind V with probability v (else of kind U), the total is a mixture over the number j
    of V's: ``mass`` is its law, and the rest has the log transform ``rest(Du, v) + j * each(Du, Dv, v)``.
    """

    @property
    def mean(self) -> float:
        """E N."""

    @property
    def most(self) -> float:
        """The largest N; inf where there is none."""

    def log_pgf(self, gap: Complexes) -> Complexes:
        """log E L(s)**N."""

    def power(self, z: Complexes, size: float) -> Complexes:
        """E z**N / E size**N, for |z| <= size."""

    def slope(self, z: Complexes) -> Floats:
        """The size of the derivative of log E z**N."""

    def mass(self, v: float, j: Floats) -> Floats:
        """P(j bets are of kind V)."""

    def beyond(self, v: float, j: float) -> float:
        """P(more than j bets are of kind V)."""

    def rest(self, gap_u: Complexes, v: float) -> Complexes:
        """The part of the log transform that does not depend on j."""

    def each(self, gap_u: Complexes, gap_v: Complexes, v: float) -> Complexes:
        """The part that comes with each V."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Exactly n bets."""

    n: int

    @property
    def mean(self) -> float:
        """See ``Count``."""
        return float(self.n)

    @property
    def most(self) -> float:
        """See ``Count``."""
        return float(self.n)

    def log_pgf(self, gap: Complexes) -> Complexes:
        """See ``Count``."""
        return self.n * log1m(gap)

    def power(self, z: Complexes, size: float) -> Complexes:
        """See ``Count``: by squaring."""
        square, n = z / size, self.n
        result = square if n % 2 else np.ones_like(z)
        while n := n // 2:
            square = square * square
            if n % 2:
                result = result * square
        return result

    def slope(self, z: Complexes) -> Floats:
        """See ``Count``."""
        return self.n / np.maximum(np.abs(z), 1e-300)

    def mass(self, v: float, j: Floats) -> Floats:
        """See ``Count``: binomial."""
        choose = special.gammaln(self.n + 1.0) - special.gammaln(j + 1.0) - special.gammaln(self.n - j + 1.0)
        return np.asarray(np.exp(choose + special.xlogy(j, v) + special.xlog1py(self.n - j, -v)))

    def beyond(self, v: float, j: float) -> float:
        """See ``Count``."""
        return 0.0 if j >= self.n else float(special.bdtrc(j, self.n, v))

    def rest(self, gap_u: Complexes, v: float) -> Complexes:
        """See ``Count``."""
        return self.n * log1m(gap_u)

    def each(self, gap_u: Complexes, gap_v: Complexes, v: float) -> Complexes:
        """See ``Count``."""
        return log1m(gap_v) - log1m(gap_u)


@dataclass(frozen=True, slots=True)
class Poisson:
    """A Poisson number of bets."""

    rate: float
    most: float = math.inf

    @property
    def mean(self) -> float:
        """See ``Count``."""
        return self.rate

    def log_pgf(self, gap: Complexes) -> Complexes:
        """See ``Count``."""
        return -self.rate * gap

    def power(self, z: Complexes, size: float) -> Complexes:
        """See ``Count``."""
        return np.asarray(np.exp(self.rate * (z - size)))

    def slope(self, z: Complexes) -> Floats:
        """See ``Count``."""
        return np.full(z.shape, self.rate)

    def mass(self, v: float, j: Floats) -> Floats:
        """See ``Count``: thinned."""
        return np.asarray(np.exp(special.xlogy(j, self.rate * v) - self.rate * v - special.gammaln(j + 1.0)))

    def beyond(self, v: float, j: float) -> float:
        """See ``Count``."""
        return float(special.pdtrc(j, self.rate * v))

    def rest(self, gap_u: Complexes, v: float) -> Complexes:
        """See ``Count``."""
        return -self.rate * (1.0 - v) * gap_u

    def each(self, gap_u: Complexes, gap_v: Complexes, v: float) -> Complexes:
        """See ``Count``."""
        return log1m(gap_v)


@dataclass(frozen=True, slots=True)
class Geometric:
    """P(N = k) = p (1 - p)**k, k >= 0."""

    p: float
    most: float = math.inf

    @property
    def mean(self) -> float:
        """See ``Count``."""
        return (1.0 - self.p) / self.p

    def log_pgf(self, gap: Complexes) -> Complexes:
        """See ``Count``."""
        return np.asarray(-special.log1p((1.0 - self.p) / self.p * gap))

    def _ratio(self, v: float) -> float:
        """P(one more V), which makes the number of V's geometric too."""
        q = 1.0 - self.p
        return q * v / (self.p + q * v)

    def power(self, z: Complexes, size: float) -> Complexes:
        """See ``Count``."""
        q = 1.0 - self.p
        return np.asarray((1.0 - q * size) / (1.0 - q * z))

    def slope(self, z: Complexes) -> Floats:
        """See ``Count``."""
        return np.asarray((1.0 - self.p) / np.abs(1.0 - (1.0 - self.p) * z))

    def mass(self, v: float, j: Floats) -> Floats:
        """See ``Count``."""
        g = self._ratio(v)
        return np.asarray((1.0 - g) * np.power(g, j))

    def beyond(self, v: float, j: float) -> float:
        """See ``Count``."""
        return float(self._ratio(v) ** (j + 1.0))

    def rest(self, gap_u: Complexes, v: float) -> Complexes:
        """See ``Count``."""
        q = 1.0 - self.p
        return np.asarray(-special.log1p(q * (1.0 - v) / (self.p + q * v) * gap_u))

    def each(self, gap_u: Complexes, gap_v: Complexes, v: float) -> Complexes:
        """See ``Count``."""
        return self.rest(gap_u, v) + log1m(gap_v)


def count_of(n_bets: Any) -> Count | None:
    """The count behind an int or a count law other than the binomial; None for anything else."""
    if isinstance(n_bets, int):
        return Fixed(n_bets)
    if isinstance(n_bets, PoissonCount):
        return Poisson(n_bets.mean())
    return Geometric(n_bets.p) if isinstance(n_bets, GeometricCount) else None
