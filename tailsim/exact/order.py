"""Exact order statistics: the law of the largest payoffs of a portfolio."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _check
from .._lazy import special
from ..payoffs import Payoff
from ..payoffs._shape import Floats
from ..payoffs.base import atoms_at_corners, merged
from ._counts import Fixed
from .build import groups_of

_MOST = 1_000  # order statistics of unlike bets


@dataclass(frozen=True, slots=True)
class Largest(Payoff):
    """The law of the k-th largest payoff of independent bets. Made by ``largest_of``.

    Attributes
    ----------
    groups : tuple of (Payoff, int)
        The laws of the bets, and how many bets follow each.
    k : int
        1 for the largest.
    """

    groups: tuple[tuple[Payoff, int], ...]
    k: int = 1

    @property
    def n_bets(self) -> int:
        """How many bets there are."""
        return sum(n for _, n in self.groups)

    @property
    def support(self) -> tuple[float, float]:
        """From the k-th largest of the lower ends on, and likewise above."""
        return self._kth([law.support[0] for law, _ in self.groups]), self._kth(
            [law.support[1] for law, _ in self.groups]
        )

    def _kth(self, ends: list[float]) -> float:
        """The k-th largest of one end for every bet."""
        left = self.k
        for end, n in sorted(zip(ends, (n for _, n in self.groups), strict=True), reverse=True):
            left -= n
            if left <= 0:
                return end
        return min(ends)

    @property
    def tail_index(self) -> float:
        """The sum of the k smallest tail indices: k bets must all be large."""
        return self._sum([law.tail_index for law, _ in self.groups], self.k)

    @property
    def left_tail_index(self) -> float:
        """The sum of the n - k + 1 smallest left tail indices."""
        return self._sum([law.left_tail_index for law, _ in self.groups], self.n_bets - self.k + 1)

    def _sum(self, indices: list[float], k: int) -> float:
        """The sum of the k smallest, each as often as there are bets."""
        total, left = 0.0, k
        for index, n in sorted(zip(indices, (n for _, n in self.groups), strict=True)):
            taken = min(n, left)
            total, left = total + taken * index if taken else total, left - taken
        return total

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """Values that the k-th largest takes with a probability of their own."""
        return atoms_at_corners(self)

    def _corners(self) -> Floats:
        return merged(*(law._corners() for law, _ in self.groups))

    def _point_mass(self, x: Floats) -> Floats:
        masses = [law._point_mass(x) for law, _ in self.groups]
        above = [law._sf(x) for law, _ in self.groups]
        here = np.maximum(
            self._at_least([p + m for p, m in zip(above, masses, strict=True)]) - self._at_least(above), 0.0
        )
        return np.where(np.any(np.array(masses) > 0.0, axis=0), here, 0.0)

    def _sf(self, x: Floats) -> Floats:
        return self._at_least([law._sf(x) for law, _ in self.groups])

    def _cdf(self, x: Floats) -> Floats:
        return self._fewer([law._cdf(x) for law, _ in self.groups])

    def _at_least(self, p: list[Floats]) -> Floats:
        """P(at least k bets exceed), from each group's probability that one does: only sums of positive terms."""
        if self.k == 1:
            return -np.expm1(sum(n * np.log1p(-q) for q, (_, n) in zip(p, self.groups, strict=True)))
        if len(self.groups) == 1:
            return np.asarray(special.betainc(self.k, self.n_bets - self.k + 1.0, np.minimum(p[0], 1.0)))
        reached = np.zeros((self.k + 1, p[0].size))  # row j: P(at least j), row 0 is 1
        reached[0] = 1.0
        for q, (_, n) in zip(p, self.groups, strict=True):
            reached = _joined(np.minimum(q, 1.0), n, reached)
        return np.asarray(np.minimum(reached[self.k], 1.0))

    def _fewer(self, cdf: list[Floats]) -> Floats:
        """P(fewer than k bets exceed), which is P(at least n - k + 1 do not)."""
        n = self.n_bets
        if self.k == 1:
            return np.asarray(np.exp(sum(m * np.log(q) for q, (_, m) in zip(cdf, self.groups, strict=True))))
        if len(self.groups) == 1:
            return np.asarray(special.betainc(n - self.k + 1.0, self.k, np.minimum(cdf[0], 1.0)))
        exactly = np.zeros((self.k, cdf[0].size))  # row j: P(exactly j exceed)
        exactly[0] = 1.0
        for q, (_, m) in zip(cdf, self.groups, strict=True):
            share = _binomial(m, np.arange(float(min(m, self.k - 1) + 1))[:, None], 1.0 - np.minimum(q, 1.0), q)
            exactly = np.array([sum(share[i] * exactly[j - i] for i in range(min(j, m) + 1)) for j in range(self.k)])
        return np.asarray(np.minimum(exactly.sum(axis=0), 1.0))

    def _isf(self, p: Floats) -> Floats:
        if len(self.groups) > 1:
            return Payoff._isf(self, p)
        law, n = self.groups[0]
        one = -np.expm1(np.log1p(-p) / n) if self.k == 1 else _beta_quantile(self.k, n - self.k + 1, p)
        return np.asarray(law.isf(np.clip(one, 5e-324, 1.0)))

    def _ppf(self, q: Floats) -> Floats:
        if len(self.groups) > 1:
            return Payoff._ppf(self, q)
        law, n = self.groups[0]
        one = np.exp(np.log(q) / n) if self.k == 1 else _beta_quantile(n - self.k + 1, self.k, q)
        return np.asarray(law.ppf(np.clip(one, 5e-324, 1.0)))

    def _logpdf(self, x: Floats) -> Floats:
        if len(self.groups) > 1 and self.k > 1:
            return Payoff._logpdf(self, x)
        p = [np.asarray(law._sf(x)) for law, _ in self.groups]
        q = [np.asarray(law._cdf(x)) for law, _ in self.groups]
        if self.k == 1:
            below = sum(special.xlogy(n, c) for c, (_, n) in zip(q, self.groups, strict=True))
            each = [math.log(n) + law.logpdf(x) - np.log(c) for c, (law, n) in zip(q, self.groups, strict=True)]
            return np.asarray(np.logaddexp.reduce(each) + below)
        law, n = self.groups[0]
        beta = (
            special.xlogy(self.k - 1.0, p[0])
            + special.xlogy(n - self.k, q[0])
            - special.betaln(self.k, n - self.k + 1.0)
        )
        return np.asarray(law.logpdf(x) + beta)


def _beta_quantile(a: int, b: int, p: Floats) -> Floats:
    """The y with I_y(a, b) = p: scipy's, or the leading term where that gives up, and Newton's steps in logarithms."""
    start = np.asarray(special.betaincinv(a, b, p))
    leading = np.exp((np.log(p) + math.log(a) + special.betaln(a, b)) / a)
    y = np.where((start > 0.0) & (start < 1.0), start, np.minimum(leading, 0.5))
    for _ in range(4):
        value = np.maximum(special.betainc(a, b, y), 5e-324)
        slope = np.exp(special.xlogy(a, y) + special.xlog1py(b - 1.0, -y) - special.betaln(a, b)) / value
        step = np.clip((np.log(value) - np.log(p)) / slope, -1.0, 1.0)
        y = np.clip(y * np.exp(-np.where(np.isfinite(step), step, 0.0)), 5e-324, 1.0)
    return y


def _binomial(n: int, j: Floats, p: Floats, q: Floats) -> Floats:
    """P(j of n), p and q = 1 - p both given to full precision."""
    choose = special.gammaln(n + 1.0) - special.gammaln(j + 1.0) - special.gammaln(n - j + 1.0)
    return np.asarray(np.exp(choose + special.xlogy(j, p) + special.xlogy(n - j, q)))


def _joined(p: Floats, n: int, reached: Floats) -> Floats:
    """P(at least j) once n more bets, each exceeding with probability p, have joined."""
    out = reached.copy()
    k = reached.shape[0] - 1
    share = _binomial(n, np.arange(float(min(n, k) + 1))[:, None], p, 1.0 - p)
    for j in range(1, k + 1):
        alone = special.betainc(j, n - j + 1.0, p) if j <= n else np.zeros_like(p)
        out[j] = alone + sum(share[i] * reached[j - i] for i in range(min(j - 1, n) + 1))
    return out


def largest_of(payoff: Any, n_bets: int | None = None, k: int = 1) -> Payoff:
    """The law of the largest, or of the k-th largest, payoff of independent bets.

    Parameters
    ----------
    payoff : Payoff, Bet or Portfolio
        The law of what one bet pays, or a whole portfolio.
    n_bets : int, optional
        How many such bets, from 1 to 10,000,000; left out for a portfolio.
    k : int
        Which one, from 1 for the largest to the number of bets (at most 1,000 where bets are unlike).

    Returns
    -------
    Payoff
        A law like any other: with sf, isf, density, moments, shares and draws. Probabilities are accurate relative to
        themselves in both tails.

    Raises
    ------
    ArgumentError
        An argument breaks its rule, or the bets depend on each other.

    References
    ----------
    David and Nagaraja, Order Statistics (2003), equation 2.1.3; section 5.2 for unlike bets.

    Examples
    --------
    >>> import tailsim as ts
    >>> best = ts.largest_of(ts.Pareto(1.5), 100)
    >>> f"{best.median():.6f} {best.sf(1000.0):.6e}"
    '27.571002 3.157333e-03'
    >>> ts.largest_of(ts.Pareto(1.5), 100, k=2).tail_index
    3.0
    """
    groups = groups_of(payoff, n_bets)
    alike = tuple((law, count.n) for law, count in groups if isinstance(count, Fixed))
    if len(alike) < len(groups):
        raise _check.refuse("n_bets", "a whole number: with a random one there may be no k-th largest", n_bets)
    n = sum(m for _, m in alike)
    most = n if len(alike) == 1 else min(n, _MOST)
    k = _check.integer("k", k, f"a whole number from 1 to {most:,}", low=1, high=most)
    return alike[0][0] if n == 1 else Largest(alike, k)
