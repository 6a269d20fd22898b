"""Best of many: what the largest of n payoffs is worth, and how many to try when only the best is used."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..errors import UndefinedMomentError
from ..payoffs.base import Payoff, check_law
from ._quadrature import Floats, Under, log_cdf, nodes_between

_MOST = 2**53  # whole numbers above it are not all doubles


class _Largest:
    """Expectations of the largest of n independent payoffs of a law, for any n."""

    def __init__(self, law: Payoff) -> None:
        self.under = Under(law)
        points = self.under.points
        if self.under.discrete:  # a step function: constant between its atoms
            self._at, self._weights = 0.5 * points[1:] + 0.5 * points[:-1], np.diff(points)
            self._start = float(points[0])
        else:
            self._at, self._weights = nodes_between(points)
            self._start = float(points[0]) if math.isfinite(law.support[0]) else law.median()
        self._log_cdf = log_cdf(law, self._at)
        self._sf = self.under.sf(self._at)

    def _below(self, n: float) -> Floats:
        """P(largest of n <= x) at the nodes."""
        with np.errstate(all="ignore"):
            return np.exp(n * self._log_cdf)

    def _outside(self, n: float) -> tuple[float, float]:
        """What lies beyond the nodes: the integral of P(largest > x) above them, of P(largest <= x) below them."""
        law, points = self.under.law, self.under.points
        above = n * self.under.rest(float(points[-1]))
        index, low = law.left_tail_index, float(points[0])
        if low <= law.support[0] or not math.isfinite(index):
            return above, 0.0
        return above, abs(low) * float(self.under.cdf(points[:1])[0]) ** n / (n * index - 1.0)

    def mean(self, n: float) -> float:
        """E max of n = m + integral of P(max > x) above m - integral of P(max <= x) below it."""
        if n * self.under.law.left_tail_index <= 1.0:
            return -math.inf
        above, below = self._outside(n)
        with np.errstate(all="ignore"):
            upper = -np.expm1(n * self._log_cdf)
        tail = np.where(self._at > self._start, upper, -self._below(n))
        return self._start + float(np.sum(self._weights * tail)) + above - below

    def gain(self, n: float) -> float:
        """E max of n + 1 less E max of n: the integral of cdf**n sf, which only falls as n grows."""
        if n * self.under.law.left_tail_index <= 1.0:
            return math.inf
        above, below = self._outside(n)
        return float(np.sum(self._weights * self._below(n) * self._sf)) + above / n + below


def expected_maximum(payoff: Payoff, n: int) -> float:
    """Expected largest of ``n`` independent payoffs.

    Parameters
    ----------
    payoff : Payoff
        The law of each.
    n : int
        How many, at least 1.

    Returns
    -------
    float
        In money, by quadrature of the law of the largest to a relative error below 1e-10; inf where the payoff's mean
        is infinite, -inf where even the best of n has no lower mean.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If both tails are so heavy that the largest has no mean.

    References
    ----------
    David and Nagaraja, Order Statistics (2003), section 3.1.

    Examples
    --------
    >>> from tailsim.payoffs import Exponential, Pareto
    >>> round(expected_maximum(Exponential(), 4), 9)  # 1 + 1/2 + 1/3 + 1/4
    2.083333333
    >>> expected_maximum(Pareto(1), 4)
    inf
    """
    law = check_law("payoff", payoff)
    n = _check.integer("n", n, f"a whole number from 1 to {_MOST:,}", low=1, high=_MOST)
    if law.tail_index > 1.0:
        return _Largest(law).mean(n)
    if n * law.left_tail_index <= 1.0:
        raise UndefinedMomentError(
            f"the largest of {n} payoffs of {law!r} has no mean, for both its tails are too heavy; "
            "use its quantiles, isf(1 - q ** (1 / n)), instead."
        )
    return math.inf


@dataclass(frozen=True, slots=True)
class ParallelCount:
    """How many to try at once when only the best is used; made by ``optimal_parallel_count``.

    Attributes
    ----------
    payoff : Payoff
        The law of each try.
    stake : float
        Price of each, in money.
    n_bets : int
        The number, of at least one, with the largest net value.
    net_value : float
        ``gross - spent``, in money.
    gross : float
        Expected payoff of the best.
    spent : float
        ``n_bets * stake``.
    at_half, at_twice : float
        Net values at half that number (rounded up) and at twice it.
    chance : float
        Probability that the best of ``n_bets`` pays at least ``gross``: its mean rests on the rest.
    """

    payoff: Payoff
    stake: float
    n_bets: int
    net_value: float
    gross: float
    spent: float
    at_half: float
    at_twice: float
    chance: float

    @property
    def pays(self) -> bool:
        """Whether that number is worth more than trying nothing, which is worth 0."""
        return self.net_value > 0.0

    @property
    def verdict(self) -> str:
        """What may be concluded, in a sentence or two."""
        tries = f"{self.n_bets:,} {'try' if self.n_bets == 1 else 'tries'}"
        if not self.pays:
            comes = "comes" if self.n_bets == 1 else "come"
            return (
                f"No number of tries pays for itself: {tries} at {self.stake:g} each {comes} closest, the best being "
                f"worth {self.gross:.4g} on average, {self.net_value:.4g} net."
            )
        best = f"{tries} at {self.stake:g} each: the best pays {self.gross:.4g} on average, {self.net_value:.4g} net"
        others = f"half as many would net {self.at_half:.4g}, twice as many {self.at_twice:.4g}"
        return f"{best}; {others}. The best reaches its average in {100 * self.chance:.3g}% of cases."

    def net_values(self, n_bets: ArrayLike) -> Floats:
        """Expected payoff of the best of each number of tries, less their stakes.

        Parameters
        ----------
        n_bets : array_like of int, shape (m,)
            Numbers of tries, each from 1.

        Returns
        -------
        ndarray, shape (m,)
            In money, by quadrature.
        """
        rule = f"whole numbers from 1 to {_MOST:,}"
        n = _check.numbers("n_bets", n_bets, rule)
        if not ((n >= 1.0) & (n <= _MOST) & (n == np.round(n))).all():
            raise _check.refuse("n_bets", rule, n_bets)
        largest = _Largest(self.payoff)
        return np.array([largest.mean(k) - k * self.stake for k in n.tolist()])

    def plot(self, *, ax: Any = None) -> Any:
        """Net value against the number of tries; see ``plotting.plot_parallel_count``."""
        from .. import plotting

        return plotting.plot_parallel_count(self, ax=ax)

    def __repr__(self) -> str:
        return f"ParallelCount({self.payoff!r}, stake={self.stake:g}): {self.verdict}"


def optimal_parallel_count(payoff: Payoff, stake: float) -> ParallelCount:
    """How many independent tries to pay for at once when only the best of them is used.

    The exact whole number that maximises E[max of n] - n stake. The gain of one more try only falls as n grows, so the
    first n whose next try is not worth its stake is the answer; the gains come from the law of the largest by
    quadrature, never from draws, and hold where the variance is infinite.

    Parameters
    ----------
    payoff : Payoff
        The law of what each try pays; of finite mean.
    stake : float
        Price of each, above 0, in the same money.

    Returns
    -------
    ParallelCount
        ``.n_bets``, ``.net_value``, ``.gross`` and a ``.verdict``.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule, or more than 2**53 tries would pay.
    UndefinedMomentError
        If the payoff's mean is infinite: each further try then adds an infinite amount.

    References
    ----------
    Dahan and Mendelson 2001, Management Science 47(1), 102-116. Their closed forms for Frechet,
    Gumbel and bounded (reverse Weibull) payoffs treat n as continuous: this is the whole number next to them.

    Examples
    --------
    >>> from tailsim.payoffs import Frechet
    >>> best = optimal_parallel_count(Frechet(2), stake=0.01)
    >>> best.n_bets, f"{best.net_value:.4f}", f"{best.spent / best.gross:.3f}"
    (7854, '78.5398', '0.500')
    """
    law = check_law("payoff", payoff)
    price = _check.positive("stake", stake)
    if law.tail_index <= 1.0:
        raise UndefinedMomentError(
            f"payoff must have a finite mean for a best number by it, got {law!r} of tail index {law.tail_index:g}, "
            "where each further try adds an infinite amount; use optimal_bet_count with MedianMultiple() or "
            "ProbAtLeast(3)."
        )
    largest = _Largest(law)
    n = _first_not_worth(largest, price)
    gross = largest.mean(n)
    with np.errstate(all="ignore"):
        chance = -math.expm1(n * float(log_cdf(law, np.array([np.nextafter(gross, -math.inf)]))[0]))
    half, twice = (largest.mean(k) - k * price for k in ((n + 1) // 2, 2 * n))
    return ParallelCount(law, price, n, gross - n * price, gross, n * price, half, twice, chance)


def _first_not_worth(largest: _Largest, price: float) -> int:
    """The smallest n whose gain from one more try is at most its price."""
    high = 1
    while largest.gain(high) > price:
        high *= 2
        if high > _MOST:
            raise _check.refuse(
                "stake", "so large that at most 2**53 tries pay", price, "raise it, or cap what a try can pay"
            )
    low = high // 2  # gains there, or is 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if largest.gain(middle) > price else (low, middle)
    return high
