"""How long until a bet pays off: chances of a hit, waiting times, and whether the money lasts that long."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _check
from .._lazy import special
from ..errors import UndefinedMomentError
from ..payoffs.base import check_law
from ._ruin import ruin_bracket
from .estimate import Estimate

if TYPE_CHECKING:
    from ..payoffs.base import Payoff

_MOST = 10**15  # beyond it a double no longer counts single bets


def hit_rate(payoff: "Payoff", multiple: float) -> tuple[float, float]:
    """(chance that one bet pays at least ``multiple`` times its stake, that stake); a bare law has a stake of 1."""
    bet: Any = payoff
    law = check_law("payoff", getattr(bet, "payoff", bet))
    stake = float(getattr(bet, "stake", 1.0))
    bar = _check.real("multiple", multiple, "a finite multiple of the stake above 0", above=0.0)
    return float(law.prob_at_least(bar * stake)), stake


def _count(name: str, value: Any, low: int = 1) -> int:
    return _check.integer(name, value, f"a whole number from {low} to 1e15", low=low, high=_MOST)


@dataclass(frozen=True, slots=True)
class WaitingTime:
    """How many bets it takes until the k-th hit: a negative binomial law.

    Attributes
    ----------
    hit_rate : float
        Chance that one bet hits.
    k : int
        Which hit is waited for.
    """

    hit_rate: float
    k: int

    @property
    def mean(self) -> float:
        """Average number of bets, k / hit_rate; inf where no bet hits."""
        return self.k / self.hit_rate if self.hit_rate > 0.0 else math.inf

    @property
    def std(self) -> float:
        """Standard deviation of the number of bets."""
        return math.sqrt(self.k * (1.0 - self.hit_rate)) / self.hit_rate if self.hit_rate > 0.0 else math.inf

    @property
    def median(self) -> float:
        """So many bets bring the k-th hit with a chance of one half."""
        return self.quantile(0.5)

    def cdf(self, n_bets: int) -> float:
        """Chance that the k-th hit comes within ``n_bets`` bets."""
        n = _count("n_bets", n_bets, 0)
        if n < self.k or self.hit_rate == 0.0:
            return 0.0
        if self.k == 1:
            return 1.0 if self.hit_rate == 1.0 else -math.expm1(n * math.log1p(-self.hit_rate))
        return float(special.bdtrc(self.k - 1, n, self.hit_rate))

    def sf(self, n_bets: int) -> float:
        """Chance that ``n_bets`` bets bring fewer than k hits; for k = 1, no hit at all."""
        n = _count("n_bets", n_bets, 0)
        if n < self.k or self.hit_rate == 0.0:
            return 1.0
        if self.k == 1:
            return 0.0 if self.hit_rate == 1.0 else math.exp(n * math.log1p(-self.hit_rate))
        return float(special.bdtr(self.k - 1, n, self.hit_rate))

    def quantile(self, q: float) -> float:
        """The least number of bets that brings the k-th hit with chance q or more; inf where none does."""
        q = _check.real("q", q, "a probability strictly between 0 and 1", above=0.0, below=1.0)
        if self.hit_rate == 0.0:
            return math.inf
        if self.hit_rate == 1.0:
            return float(self.k)
        if self.k == 1:
            exactly = math.log1p(-q) / math.log1p(-self.hit_rate)
            return float(max(1, math.ceil(exactly * (1.0 - 1e-12))))  # a whole number that rounding lifted stays one
        low, high = self.k - 1, self.k
        while self.cdf(high) < q and high < _MOST:
            low, high = high, min(2 * high, _MOST)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.cdf(middle) < q else (low, middle)
        return float(high) if self.cdf(high) >= q else math.inf

    def plot(self, *, ax: Any = None) -> Any:
        """The chance that the hit has come, against the number of bets; see ``plotting.plot_waiting_time``."""
        from .. import plotting

        return plotting.plot_waiting_time(self, ax=ax)

    def __str__(self) -> str:
        which = "first hit" if self.k == 1 else f"hit number {self.k}"
        if self.hit_rate == 0.0:
            return f"No bet ever hits, so the {which} never comes."
        half, late = self.quantile(0.5), self.quantile(0.95)
        return (
            f"At {self.hit_rate:.3g} hits a bet the {which} takes {self.mean:,.4g} bets on average; with a chance of "
            f"one half it comes within {half:,.0f}, with 95 % within {late:,.0f}."
        )


def waiting_time(payoff: "Payoff", multiple: float, k: int = 1) -> WaitingTime:
    """How many independent bets it takes until k of them have paid at least ``multiple`` times their stake.

    Parameters
    ----------
    payoff : Payoff or Bet
        What one bet pays; a bare law has a stake of 1.
    multiple : float
        Paid / staked from which on a bet is a hit, above 0.
    k : int
        Which hit to wait for.

    Returns
    -------
    WaitingTime
        Exact: ``mean``, ``cdf``, ``sf`` (no k-th hit in n bets) and ``quantile``; printed as a sentence.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Examples
    --------
    >>> import tailsim as ts
    >>> print(ts.waiting_time(ts.Pareto(1.5), 10))
    At 0.0316 hits a bet the first hit takes 31.62 bets on average; with a chance of one half it comes within 22, \
with 95 % within 94.
    """
    return WaitingTime(hit_rate(payoff, multiple)[0], _count("k", k))


def hit_probability(payoff: "Payoff", multiple: float, n_bets: int, *, k: int = 1) -> float:
    """Chance that at least k of ``n_bets`` independent bets pay at least ``multiple`` times their stake.

    Parameters
    ----------
    payoff : Payoff or Bet
        What one bet pays; a bare law has a stake of 1.
    multiple : float
        Paid / staked from which on a bet is a hit, above 0.
    n_bets : int
        How many bets.
    k : int
        How many hits, 1 by default.

    Returns
    -------
    float
        Exact. The chance of fewer, without cancellation, is ``waiting_time(payoff, multiple, k).sf(n_bets)``.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Examples
    --------
    >>> import tailsim as ts
    >>> round(ts.hit_probability(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 10, 100), 3)
    0.671
    """
    return waiting_time(payoff, multiple, k).cdf(_count("n_bets", n_bets))


def bets_for_hit(payoff: "Payoff", multiple: float, confidence: float = 0.9, *, k: int = 1) -> int:
    """The least number of independent bets that brings k hits with the given chance.

    Parameters
    ----------
    payoff : Payoff or Bet
        What one bet pays; a bare law has a stake of 1.
    multiple : float
        Paid / staked from which on a bet is a hit, above 0.
    confidence : float
        Chance wanted, in (0, 1).
    k : int
        How many hits, 1 by default.

    Returns
    -------
    int
        For one hit the least n with 1 - (1 - p)^n >= confidence.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If no bet ever pays so much, or it takes more than 1e15 bets.

    Examples
    --------
    >>> import tailsim as ts
    >>> four_percent = ts.ZeroInflated(ts.Constant(10), 0.96)
    >>> [ts.bets_for_hit(four_percent, 10, c) for c in (0.5, 0.9, 0.95)]
    [17, 57, 74]
    """
    rule = "a probability strictly between 0 and 1"
    n = waiting_time(payoff, multiple, k).quantile(_check.real("confidence", confidence, rule, above=0.0, below=1.0))
    if not n <= _MOST:
        raise UndefinedMomentError(
            f"the number of bets for a hit is undefined because {payoff!r} pays {multiple:g} times the stake never, "
            "or less than once in 1e15 bets; ask for a smaller multiple."
        )
    return int(n)


def death_before_hit(payoff: "Payoff", multiple: float, budget: float, *, recycle: bool = False) -> Estimate:
    """Chance that a programme of one bet at a time runs out of money before its first hit.

    Parameters
    ----------
    payoff : Payoff or Bet
        What one bet pays; a bare law has a stake of 1.
    multiple : float
        Paid / staked from which on a bet is a hit, above 0.
    budget : float
        Money at the start, at least 0; the programme is dead when it cannot pay a stake.
    recycle : bool
        Whether what smaller payoffs bring is staked again.

    Returns
    -------
    Estimate
        Without recycling exact, (1 - p)^floor(budget / stake). With it the middle of a guaranteed bracket, which
        is its interval: payoffs are rounded down and up to a lattice, and ever richer states are cut off both ways.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule, or payoffs that can be negative are to be recycled.

    Examples
    --------
    >>> import tailsim as ts
    >>> bet = ts.ZeroInflated(ts.Pareto(1.5), 0.65)
    >>> round(float(ts.death_before_hit(bet, 10, 50)), 4)
    0.5732
    """
    p, stake = hit_rate(payoff, multiple)
    money = _check.real("budget", budget, "a finite amount of money, not negative", low=0.0)
    if not isinstance(recycle, (bool, np.bool_)):
        raise _check.refuse("recycle", "True or False", recycle)
    n = math.floor(money / stake * (1.0 + 1e-12))
    if not recycle or n == 0 or p == 1.0:
        value = WaitingTime(p, 1).sf(min(n, _MOST))
        return Estimate(value, 0.0, (value, value), 1.0, "exact", max(n, 1))
    law = getattr(payoff, "payoff", payoff)
    if law.support[0] < 0.0:
        raise _check.refuse("payoff", "never negative where payoffs are recycled", law, "use recycle=False")
    low, high = ruin_bracket(law, stake, multiple, money)
    return Estimate(0.5 * (low + high), 0.0, (low, high), 1.0, "guaranteed bracket", n)
