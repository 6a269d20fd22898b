"""The share that the largest payoff has of the total: its exact law from one half on, and its mean in the limit."""

import math
from dataclasses import dataclass

import numpy as np

from .. import _check
from .._lazy import special
from ..errors import ArgumentError
from ..payoffs import Payoff
from ..portfolio import MAX_BETS
from ..stats.estimate import Estimate
from ._expint import Floats
from .build import exact_total
from .total import ExactTotal

_FIRST_STEP, _HALVINGS = 0.8, 4
_ENDS = 36.0  # in log-odds of the exceedance: e**-36 is 2e-16
_GOOD = 1e-9


@dataclass(frozen=True, slots=True)
class LargestShare:
    """The law of largest / total of independent bets alike. Made by ``largest_share_of``.

    Attributes
    ----------
    payoff : Payoff
        The law of each bet.
    n_bets : int
        How many there are.
    """

    payoff: Payoff
    n_bets: int
    _others: ExactTotal

    def sf(self, share: float) -> Estimate:
        """P(largest / total > share), given that the total is not zero.

        Parameters
        ----------
        share : float
            From 1/2 to 1: more than half of the total can only be one bet's, which makes the law exact. Below, several
            bets can have as much, and only a simulation tells.

        Returns
        -------
        Estimate
            Its interval adds up the brackets of the total of the others and the error of the outer integral.

        Raises
        ------
        ArgumentError
            ``share`` is not in [1/2, 1].

        Notes
        -----
        n P(X > share / (1 - share) * total of n - 1 others), integrated over the law of X.

        Examples
        --------
        >>> import tailsim as ts
        >>> f"{ts.largest_share_of(ts.Exponential(), 5).sf(0.5):.8f}"  # 5 / 2**4
        '0.31250000'
        """
        rule = "a share from 0.5 to 1, because below one half several bets can have it"
        share = _check.real("share", share, rule, low=0.5, high=1.0)
        if share == 1.0:
            return self._estimate(0.0, 0.0)
        positive = float(self.payoff.sf(0.0))
        some = -math.expm1(self.n_bets * math.log1p(-positive)) if positive < 1.0 else 1.0
        if some == 0.0:
            raise ArgumentError(f"payoff must be able to pay, for there is no share of nothing, got {self.payoff!r}.")
        value, error = self._integral((1.0 - share) / share, positive)
        scale = self.n_bets / some
        return self._estimate(min(scale * value, 1.0), scale * error)

    def _estimate(self, value: float, error: float) -> Estimate:
        interval = max(value - error, 0.0), min(value + error, 1.0)
        return Estimate(value, 0.0, interval, 1.0, "integral over exact totals", self.n_bets)

    def _integral(self, ratio: float, positive: float) -> tuple[float, float]:
        """The integral of P(others <= ratio * x) over the positive payoffs x, and a bound of its error.

        By the trapezoidal rule in the log-odds of the exceedance, with the step halved until it settles.
        """
        step = _FIRST_STEP
        w = np.arange(-_ENDS, _ENDS + step / 2, step)
        total, lost = self._at(w, ratio, positive)
        old = math.inf
        for _ in range(_HALVINGS):
            if abs(step * total - old) <= _GOOD * abs(step * total):
                break
            old = step * total
            more, more_lost = self._at(np.arange(-_ENDS + step / 2, _ENDS, step), ratio, positive)
            total, lost, step = total + more, lost + more_lost, step / 2
        return step * total, abs(step * total - old) + step * lost + 4.0 * math.exp(-_ENDS)

    def _at(self, w: Floats, ratio: float, positive: float) -> tuple[float, float]:
        """(sum of the integrand, sum of the errors) at log-odds w."""
        odds = special.expit(w)
        x = np.asarray(self.payoff.isf(positive * odds))
        weight = positive * odds * special.expit(-w)
        value = error = 0.0
        for y, dv in zip((ratio * x).tolist(), weight.tolist(), strict=True):
            if dv < 1e-17 or y >= 1e300:
                value, error = value + dv, error + dv
                continue
            above, uncertain = self._others.absolute(y)
            value += dv * (1.0 - above)
            error += dv * (uncertain + 4e-16)
        return value, error


def largest_share_of(payoff: Payoff, n_bets: int) -> LargestShare:
    """The law of the share that the largest of ``n_bets`` payoffs alike has of their total.

    Parameters
    ----------
    payoff : Payoff
        The law of what one bet pays, nowhere negative.
    n_bets : int
        How many such bets, from 2 to 10,000,000.

    Returns
    -------
    LargestShare
        With ``sf(share)`` for shares from one half on.

    Raises
    ------
    ArgumentError
        An argument breaks its rule.

    Examples
    --------
    >>> import tailsim as ts
    >>> share = ts.largest_share_of(ts.ZeroInflated(ts.Pareto(1.1), p_zero=0.65), 100)
    >>> f"{share.sf(0.5):.4f}"
    '0.1495'
    """
    _check.instance("payoff", payoff, Payoff, "a payoff law such as Pareto(1.5)")
    n = _check.integer("n_bets", n_bets, f"a whole number from 2 to {MAX_BETS:,}", low=2, high=MAX_BETS)
    if payoff.support[0] < 0.0:
        raise ArgumentError(f"payoff must not be negative for shares of a total, got {_check.shown(payoff)}.")
    return LargestShare(payoff, n, exact_total(payoff, n - 1))


def limiting_max_share(tail_index: float) -> Estimate:
    """E[largest / total] of infinitely many bets with a tail index below 1: a limit, which no number of bets has.

    Parameters
    ----------
    tail_index : float
        In (0, 1). From 1 on the limit is 0.

    Returns
    -------
    Estimate
        Labelled as a limit by its method and verdict.

    Raises
    ------
    ArgumentError
        ``tail_index`` is not above 0 and below 1.

    Notes
    -----
    The integral over s > 0 of 1 / (1 + s**a e**s gamma(1 - a, s)), gamma the lower incomplete gamma function.

    References
    ----------
    Darling 1952, Transactions of the American Mathematical Society 73, 95-107.

    Examples
    --------
    >>> import tailsim as ts
    >>> f"{ts.limiting_max_share(0.5):.6f}"
    '0.626508'
    """
    a = _check.real("tail_index", tail_index, "a tail index above 0 and below 1", above=0.0, below=1.0)
    values = []
    for step in (0.05, 0.025):
        w = np.arange(-80.0, 8.0, step)
        s = np.exp(w)
        gamma = special.gammainc(1.0 - a, s) * math.gamma(1.0 - a)
        log_term = a * np.log(s) + s + np.log(gamma)
        values.append(float(np.sum(s * special.expit(-log_term))) * step)
    value, error = values[1], abs(values[1] - values[0]) + 1e-13
    verdict = "this is the limit for ever more bets, which no number of them has."
    return Estimate(value, 0.0, (value - error, value + error), 1.0, "limit of many bets", 0, verdict)
