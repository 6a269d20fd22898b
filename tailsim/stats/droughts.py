"""The longest run of failures among n bets, with its exact law."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .hits import hit_rate

if TYPE_CHECKING:
    from ..payoffs.base import Payoff

Floats = NDArray[np.float64]
_MOST = 10_000_000
_NEVER = 46.0  # exp(-46) = 1e-20: what is less likely is left out
_TERMS = 48  # of a sum whose i-th term is at most exp(-i) / i!
_ONE_ROOT = 200.0  # expected hits from which on all roots but one are forgotten


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Drought:
    """Law of the longest run of failures among ``n_bets`` independent bets; printed as its ``sentence``.

    Attributes
    ----------
    n_bets : int
        How many bets.
    hit_rate : float
        Chance that one bet hits.
    lengths : ndarray, shape (m,)
        Lengths that happen with a chance of more than about 1e-20, increasing by one.
    probabilities : ndarray, shape (m,)
        Their chances, to about 1e-12.
    """

    n_bets: int
    hit_rate: float
    lengths: NDArray[np.int64]
    probabilities: Floats

    @property
    def expected(self) -> float:
        """Average length of the longest drought, in bets."""
        return float(self.lengths @ self.probabilities)

    @property
    def std(self) -> float:
        """Standard deviation of the length."""
        return math.sqrt(float((self.lengths - self.expected) ** 2 @ self.probabilities))

    @property
    def median(self) -> int:
        """The length that the longest drought stays at or below with a chance of one half."""
        return self.quantile(0.5)

    def cdf(self, length: int) -> float:
        """Chance that no run of failures is longer than ``length``."""
        x = _check.integer("length", length, "a whole number of at least 0", low=0)
        return min(float(self.probabilities[self.lengths <= x].sum()), 1.0)

    def prob_at_least(self, length: int) -> float:
        """Chance of a run of ``length`` failures or more."""
        x = _check.integer("length", length, "a whole number of at least 0", low=0)
        return min(float(self.probabilities[self.lengths >= x].sum()), 1.0)

    def quantile(self, q: float) -> int:
        """The smallest length that the longest drought stays at or below with probability q."""
        q = _check.real("q", q, "a probability strictly between 0 and 1", above=0.0, below=1.0)
        i = int(np.searchsorted(np.cumsum(self.probabilities), q * (1.0 - 1e-13)))
        return int(self.lengths[min(i, self.lengths.size - 1)])

    @property
    def sentence(self) -> str:
        """What to expect, in words."""
        return (
            f"Among {self.n_bets:,} bets, each a hit with probability {self.hit_rate:.3g}, expect a longest drought of "
            f"{self.expected:,.1f} failures in a row; with 95 % it is no longer than {self.quantile(0.95):,}."
        )

    def plot(self, *, ax: Any = None) -> Any:
        """The chance of each length; see ``plotting.plot_drought``."""
        from .. import plotting

        return plotting.plot_drought(self, ax=ax)

    def __str__(self) -> str:
        return self.sentence

    def __repr__(self) -> str:
        return f"Drought({self.sentence})"


def drought(payoff: "Payoff", multiple: float, n_bets: int) -> Drought:
    """The longest run of bets that pay less than ``multiple`` times their stake, with its exact law.

    Parameters
    ----------
    payoff : Payoff or Bet
        What one bet pays; a bare law has a stake of 1.
    multiple : float
        Paid / staked from which on a bet is a hit, above 0.
    n_bets : int
        How many independent bets, 1 to 10,000,000.

    Returns
    -------
    Drought
        With ``expected``, ``quantile``, ``cdf``, ``prob_at_least``, the whole law and a sentence.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Notes
    -----
    With p the chance of a hit and q = 1 - p, A_n = P(no run of m failures in n bets) obeys
    A_n = A_(n-1) - p q^m A_(n-1-m). It is solved in steps of m + 1 bets, within each of which A is a polynomial;
    where some 200 hits are expected, by the one root that matters.

    References
    ----------
    Feller 1968, An Introduction to Probability Theory and Its Applications I, 3rd edition, XIII.7, (7.11).

    Examples
    --------
    >>> import tailsim as ts
    >>> longest = ts.drought(ts.ZeroInflated(ts.Constant(10), 0.96), 10, 100)
    >>> round(longest.expected, 2), longest.quantile(0.95)
    (47.92, 84)
    """
    p = hit_rate(payoff, multiple)[0]
    n = _check.integer("n_bets", n_bets, f"a whole number from 1 to {_MOST:,}", low=1, high=_MOST)
    if p in (0.0, 1.0):
        lengths, chances = np.array([0 if p else n]), np.ones(1)
    else:
        lengths, chances = _law(p, n)
    lengths.flags.writeable = chances.flags.writeable = False
    return Drought(n, p, lengths, chances)


def _law(p: float, n: int) -> tuple[NDArray[np.int64], Floats]:
    """Lengths that can happen, and their chances."""
    log_q = math.log1p(-p)
    first, last = _range(log_q, p, n)
    m = np.arange(first, last + 2)
    none = np.where(m > n, 1.0, 0.0)  # P(no run of m)
    some = m <= n
    solve = _one_root if n * p > _ONE_ROOT else _by_steps
    none[some] = solve(m[some], p, log_q, n)
    below = np.concatenate(([0.0], np.clip(none[1:], 0.0, 1.0)))
    return m[:-1], np.maximum(np.diff(below), 0.0)


def _range(log_q: float, p: float, n: int) -> tuple[int, int]:
    """The shortest and the longest drought that is not out of the question."""

    def surely_longer(m: int) -> bool:  # P(no run of m) <= (1 - q^m)^floor(n / m)
        return (n // m) * -math.log1p(-math.exp(m * log_q)) > _NEVER

    low, high = 0, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if surely_longer(middle) else (low, middle)
    # P(a run of m) <= q^m (1 + n p)
    longest = math.ceil((_NEVER + math.log1p(n * p)) / -log_q)
    return low, min(n, max(longest, low))


def _by_steps(m: NDArray[np.int64], p: float, log_q: float, n: int) -> Floats:
    """P(no run of m failures in n bets), m increasing: block b holds bets b (m + 1) - 1 to (b + 1)(m + 1) - 2.

    There A(t) = sum over i of (-p q^m)^i E(b-1-i) C(t + i, i), E(b) being the last value of block b.
    """
    size = m.astype(np.float64)
    c = p * np.exp(size * log_q)
    block, t = (n + 1) // (m + 1), ((n + 1) % (m + 1)).astype(np.float64)
    answer = np.ones(m.size)
    ends = [np.ones(m.size), 1.0 - np.exp((size + 1.0) * log_q)]  # leading coefficients of blocks 0 and 1
    for b in range(1, int(block[0]) + 1):
        held = int(np.searchsorted(-block, -b, side="right"))  # shorter droughts have more blocks
        here = slice(int(np.searchsorted(-block, -b, side="left")), held)
        ends = [e[:held] for e in ends]
        answer[here] = _polynomial([e[here] for e in ends], c[here], t[here])
        ends.append(_polynomial(ends, c[:held], size[:held]))
        del ends[:-_TERMS]
    return answer


def _polynomial(ends: list[Floats], c: Floats, t: Floats) -> Floats:
    """Sum over i of (-c)^i C(t + i, i) times the leading coefficient i blocks ago."""
    total, weight = ends[-1].copy(), np.ones(t.size)
    for i in range(1, min(len(ends), _TERMS)):
        weight = weight * (-c * (t + i) / i)
        total += weight * ends[-1 - i]
    return total


def _one_root(m: NDArray[np.int64], p: float, log_q: float, n: int) -> Floats:
    """The same by the root x nearest 1 of 1 - x + p q^m x^(m+1); the others are below exp(-n p) in all."""
    size, q = m.astype(np.float64), 1.0 - p
    c = p * np.exp(size * log_q)
    y = c.copy()  # x - 1
    for _ in range(60):
        power = c * np.exp((size + 1.0) * np.log1p(y))
        y = y - (power - y) / (power * (size + 1.0) / (1.0 + y) - 1.0)
    x = 1.0 + y
    return np.asarray((1.0 - q * x) / ((1.0 - size * y) * p) * np.exp(-(n + 1.0) * np.log1p(y)))
