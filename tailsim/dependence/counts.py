"""How many bets a trial enters, where that is random."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from ..payoffs._rng import RngLike, seed_of
from ..payoffs._shape import Floats, put, reals, shaped

MAX_BETS = 10_000_000
_NATS = 750.0  # exp(-750) is below the smallest double
_WHOLE = "whole numbers"


class CountLaw(ABC):
    """A law on the whole numbers 0, 1, 2, ...: what ``Portfolio.of(bet, n_bets)`` takes as a random ``n_bets``.

    ``pmf(k)`` is P(N = k), ``sf(k)`` is P(N > k), ``isf(p)`` the smallest k with sf(k) <= p.
    """

    __slots__ = ()

    @abstractmethod
    def mean(self) -> float:
        """The mean number."""

    @abstractmethod
    def var(self) -> float:
        """The variance of the number."""

    @abstractmethod
    def _pmf(self, k: Floats) -> Floats:
        """P(N = k) of whole k >= 0."""

    @abstractmethod
    def _sf(self, k: Floats) -> Floats:
        """P(N > k) of whole k >= 0."""

    @abstractmethod
    def _isf(self, p: Floats) -> Floats:
        """The smallest k >= 0 with P(N > k) <= p, for p in (0, 1], by strict mathematics."""

    def pmf(self, k: ArrayLike) -> Any:
        """P(N = k).

        Parameters
        ----------
        k : float or array
            Any numbers; between whole ones the probability is 0.

        Returns
        -------
        float or ndarray
            A float for a scalar, else float64 in the shape of k.
        """
        x = reals("k", k, "numbers, not NaN")
        return shaped(lambda y: np.where((y >= 0) & (y == np.floor(y)), self._pmf(_whole(y)), 0.0), x)

    def sf(self, k: ArrayLike) -> Any:
        """P(N > k); shapes as in ``pmf``."""
        x = reals("k", k, "numbers, not NaN")
        return shaped(lambda y: np.where(y < 0, 1.0, self._sf(_whole(y))), x)

    def isf(self, p: ArrayLike) -> Any:
        """The smallest k with P(N > k) <= p, p in (0, 1]; shapes as in ``pmf``."""
        rule = "probabilities above 0 and at most 1"
        return shaped(self._isf, reals("p", p, rule, low=5e-324, high=1.0))

    def rvs(self, size: int | None = None, *, rng: RngLike = None) -> Any:
        """Independent numbers of bets; an int, or an array of int of shape (size,).

        Parameters
        ----------
        size : int, optional
            How many; None gives one int.
        rng : None, int, SeedSequence or Generator
            The seed. Fewer are the first of more.
        """
        n = 1 if size is None else _check.integer("size", size, "None or a whole number of at least 0", low=0)
        from ..kernels.api import key_of
        from ..kernels.philox import round_keys

        counts = of_trials(self, round_keys(key_of(seed_of(rng))), n)
        return int(counts[0]) if size is None else counts


def of_block(law: CountLaw, keys: NDArray[np.uint64], block: int) -> NDArray[np.int64]:
    """How many bets each trial of a block enters, shape (4096,)."""
    from ._latent import uniforms
    from ._tags import COUNT

    return law._isf(uniforms(keys, block, COUNT)).astype(np.int64)


def of_trials(law: CountLaw, keys: NDArray[np.uint64], n_trials: int) -> NDArray[np.int64]:
    """How many bets each of the first trials enters."""
    blocks = [of_block(law, keys, block) for block in range(-(-n_trials // 4096))]
    return np.concatenate([np.empty(0, np.int64), *blocks])[:n_trials]


def _whole(y: Floats) -> Floats:
    """The whole number at or below each y, from 0 on."""
    return np.maximum(np.floor(np.minimum(y, 2.0**53)), 0.0)


@dataclass(frozen=True, slots=True)
class _Table:
    """Probabilities of consecutive numbers, down to the smallest double, from + - * / alone."""

    first: int
    pmf: Floats
    sf: Floats

    @classmethod
    def of(cls, mode: int, up: Floats, down: Floats) -> "_Table":
        """From the ratios of neighbouring probabilities, upwards and downwards from the mode."""
        weights = np.concatenate([np.cumprod(down)[::-1], [1.0], np.cumprod(up)])
        total = math.fsum(weights)
        above = np.cumsum(weights[::-1])[::-1]
        sf = np.minimum(np.append(above[1:], 0.0) / total, 1.0)
        return cls(mode - len(down), weights / total, sf)

    def at(self, values: Floats, k: Floats, below: float) -> Floats:
        """The tabulated value at each k; ``below`` before the table, 0 after it."""
        i = k - self.first
        inside = np.clip(i, 0, len(values) - 1).astype(np.int64)
        return np.where(i < 0, below, np.where(i >= len(values), 0.0, values[inside]))

    def isf(self, p: Floats) -> Floats:
        """The smallest k with sf(k) <= p."""
        falling = np.searchsorted(-self.sf, -p, side="left")
        return (self.first + np.minimum(falling, len(self.sf) - 1)).astype(np.float64)


class _Tabulated(CountLaw):
    """A count law that answers from its table."""

    __slots__ = ()
    _table: _Table

    def _pmf(self, k: Floats) -> Floats:
        return self._table.at(self._table.pmf, k, 0.0)

    def _sf(self, k: Floats) -> Floats:
        return self._table.at(self._table.sf, k, 1.0)

    def _isf(self, p: Floats) -> Floats:
        return self._table.isf(p)


def _reach(var: float) -> float:
    """How far from its mean a Poisson or binomial law has a probability that a double can hold (Bernstein)."""
    third = _NATS / 3.0
    return third + math.sqrt(third * third + 2.0 * _NATS * var) + 2.0


@dataclass(frozen=True, slots=True)
class PoissonCount(_Tabulated):
    """A Poisson number of bets.

    Parameters
    ----------
    mean : float
        Above 0 and at most 5,000,000.

    Raises
    ------
    ArgumentError
        The mean breaks its rule.

    References
    ----------
    Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), chapter 4.

    Examples
    --------
    >>> import tailsim as ts
    >>> law = ts.PoissonCount(3)
    >>> round(law.pmf(0), 6), law.isf(0.5), law.mean()
    (0.049787, 3.0, 3.0)
    """

    _mean: float
    _table: _Table = field(init=False, repr=False, compare=False)

    def __init__(self, mean: float) -> None:
        rule = "a number above 0 and at most 5,000,000"
        m = _check.real("mean", mean, rule, above=0.0, high=MAX_BETS / 2)
        mode, reach = int(m), int(_reach(m))
        up = m / (mode + np.arange(1.0, reach + 1.0))
        down = np.arange(mode, max(mode - reach, 0), -1.0) / m
        put(self, _mean=m, _table=_Table.of(mode, up, down))

    def mean(self) -> float:
        """The parameter."""
        return self._mean

    def var(self) -> float:
        """The mean."""
        return self._mean

    def __repr__(self) -> str:
        return f"PoissonCount(mean={self._mean!r})"


@dataclass(frozen=True, slots=True)
class BinomialCount(_Tabulated):
    """The number of successes in n independent tries of probability p.

    Parameters
    ----------
    n : int
        Tries, from 1 to 10,000,000.
    p : float
        In [0, 1].

    Raises
    ------
    ArgumentError
        A parameter breaks its rule.

    References
    ----------
    Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), chapter 3.

    Examples
    --------
    >>> import tailsim as ts
    >>> law = ts.BinomialCount(10, 0.5)
    >>> round(law.pmf(5), 6), round(law.sf(9), 6), law.var()
    (0.246094, 0.000977, 2.5)
    """

    n: int
    p: float
    _table: _Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        n = _check.integer("n", self.n, f"a whole number from 1 to {MAX_BETS:,}", low=1, high=MAX_BETS)
        p = _check.probability("p", self.p)
        if p in (0.0, 1.0):
            table = _Table.of(n if p else 0, np.empty(0), np.empty(0))
        else:
            mode, reach = min(int((n + 1) * p), n), int(_reach(n * p * (1.0 - p)))
            k = np.arange(float(mode), min(mode + reach, n))
            up = (n - k) / (k + 1.0) * (p / (1.0 - p))
            k = np.arange(float(mode), max(mode - reach, 0), -1.0)
            down = k / (n - k + 1.0) * ((1.0 - p) / p)
            table = _Table.of(mode, up, down)
        put(self, n=n, p=p, _table=table)

    def mean(self) -> float:
        """The product n p."""
        return self.n * self.p

    def var(self) -> float:
        """The product n p (1 - p)."""
        return self.n * self.p * (1.0 - self.p)


@dataclass(frozen=True, slots=True)
class GeometricCount(CountLaw):
    """The number of failures before the first success: P(N = k) = p (1 - p)**k, k >= 0.

    Parameters
    ----------
    p : float
        Above 0 and at most 1; the mean is (1 - p) / p. At least 5e-6, so that portfolios stay below 10,000,000 bets.

    Raises
    ------
    ArgumentError
        The probability breaks its rule.

    References
    ----------
    Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), section 5.2.

    Examples
    --------
    >>> import tailsim as ts
    >>> law = ts.GeometricCount(0.25)
    >>> law.pmf(1), law.sf(1), law.mean(), law.isf(0.5)
    (0.1875, 0.5625, 3.0, 2.0)
    """

    p: float

    def __post_init__(self) -> None:
        rule = "a probability of at least 5e-6 and at most 1"
        put(self, p=_check.real("p", self.p, rule, low=5e-6, high=1.0))

    def mean(self) -> float:
        """The ratio (1 - p) / p."""
        return (1.0 - self.p) / self.p

    def var(self) -> float:
        """The ratio (1 - p) / p**2."""
        return (1.0 - self.p) / self.p**2

    def _pmf(self, k: Floats) -> Floats:
        if self.p == 1.0:
            return np.where(k == 0.0, 1.0, 0.0)
        return self.p * np.exp(k * math.log1p(-self.p))

    def _sf(self, k: Floats) -> Floats:
        return np.zeros_like(k) if self.p == 1.0 else np.exp((k + 1.0) * math.log1p(-self.p))

    def _isf(self, p: Floats) -> Floats:
        if self.p == 1.0:
            return np.zeros_like(p)
        from ..kernels.latent import minus_logs, minus_logs_of_rest
        from ..kernels.strict import COEFFICIENTS

        hazard, step = np.empty_like(p), np.empty(1)
        minus_logs(np.ascontiguousarray(p), hazard, COEFFICIENTS)
        minus_logs_of_rest(np.array([self.p]), step, COEFFICIENTS)
        # a hair is taken off, so that a p that is a survival probability gets the number it belongs to
        return np.asarray(np.maximum(np.ceil(hazard / step[0] * (1.0 - 2.0**-50)) - 1.0, 0.0))
