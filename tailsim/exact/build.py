"""``exact_total``: from bets to the law of their total."""

import math
from typing import Any

from .. import _check
from ..dependence import BinomialCount
from ..errors import ArgumentError
from ..payoffs import Payoff, ZeroInflated
from ..payoffs.uncertain import check_certain
from ..portfolio import MAX_BETS, Bet, Portfolio
from ._counts import Count, Fixed, count_of
from ._pieces import kinds_of
from .total import ExactTotal

MOST_GROUPS = 50


def exact_total(payoff: Any, n_bets: Any = None) -> ExactTotal:
    """The law of the total of independent bets without simulation.

    Parameters
    ----------
    payoff : Payoff, Bet or Portfolio
        The law of what one bet pays (a bet's stake plays no part: the total is what is paid), or a whole portfolio.
    n_bets : int or count law
        How many such bets, from 1 to 10,000,000, or a random number such as ``PoissonCount(10)``; left out for a
        portfolio. Payoffs must be bounded below, and with a random number not negative.

    Returns
    -------
    ExactTotal
        With ``sf``, ``prob_at_least``, ``isf``, ``quantile``, ``pdf``, ``mean``, ``mean_above`` and
        ``expected_shortfall``; each an Estimate whose interval brackets the true value.

    Raises
    ------
    ArgumentError
        An argument breaks its rule, the bets depend on each other, or are of more than 50 unlike laws.

    Notes
    -----
    Where the Laplace transform of a payoff is known, that of the total is inverted: along hyperbolas around the
    negative axis, or along the jump across it, where far tails have no cancellation. Known are Lomax, Pareto, Gamma,
    generalised Pareto (xi >= 0), Exponential, Weibull of shape 1/2, stable laws on a half line, Constant; by rotated
    integrals LogNormal and Weibull of shapes below 1; and zero-inflated, mixed, shifted and scaled ones. The stated
    error is four times the change at the last halving of the step plus the rounding of every term, and covers every
    other way that was tried; it is usually below 1e-11 of the value. It is a numerical bound, not a proof.

    Elsewhere payoffs are rounded up and down to a lattice, whose two convolution powers bracket the law of the total;
    the rounding of the FFT and what wraps round are bounded too. With up to 2**21 points the bracket of n bets is about
    n x f(x) / sf(x) / 2**21 wide relative to sf(x), f the density of the total: 1e-4 for some 50 heavy-tailed bets, in
    up to several seconds. Quantiles use 2**16 points.

    References
    ----------
    Lopez-Fernandez, Palencia and Schaedle 2006, SIAM J. Numer. Anal. 44, 1332-1350 (hyperbolas). Embrechts and Frei
    2009, Math. Methods Oper. Res. 69, 497-508 (exponential tilting before the FFT).

    Examples
    --------
    >>> import tailsim as ts
    >>> total = ts.exact_total(ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65), 100)
    >>> f"{total.sf(1000.0):.10g}", f"{total.quantile(0.5):.8g}"
    ('0.001304172238', '89.923062')
    """
    groups = groups_of(payoff, n_bets)
    for law, count in groups:
        _check_bounded(law, count)
    found = kinds_of(groups)
    low = math.fsum(count.mean * law.support[0] if isinstance(count, Fixed) else 0.0 for law, count in groups)
    return ExactTotal(groups, low, None if found is None else tuple(found[1]))


def _check_bounded(law: Payoff, count: Count) -> None:
    low = law.support[0]
    if not math.isfinite(low):
        raise ArgumentError(
            f"payoff must be a law that is bounded below, got {_check.shown(law)}; use simulate, or truncate it."
        )
    if low < 0.0 and not isinstance(count, Fixed):
        raise ArgumentError(
            f"payoff must not be negative where n_bets is random, got {_check.shown(law)}; use simulate instead."
        )


def groups_of(payoff: Any, n_bets: Any) -> tuple[tuple[Payoff, Count], ...]:
    """Laws with their counts, like ones together."""
    if isinstance(payoff, Portfolio):
        return _of_portfolio(payoff, n_bets)
    law = payoff.payoff if isinstance(payoff, Bet) else payoff
    _check.instance("payoff", law, Payoff, "a payoff law such as Pareto(1.5), a Bet or a Portfolio")
    check_certain(law)
    if isinstance(n_bets, BinomialCount):
        return ((ZeroInflated(law, 1.0 - n_bets.p), Fixed(n_bets.n)),)
    count = count_of(n_bets) if not isinstance(n_bets, int) else None
    if count is None:
        rule = f"a whole number from 1 to {MAX_BETS:,}, or a count law such as PoissonCount(10)"
        count = Fixed(_check.integer("n_bets", n_bets, rule, low=1, high=MAX_BETS))
    return ((law, count),)


def _of_portfolio(portfolio: Portfolio, n_bets: Any) -> tuple[tuple[Payoff, Count], ...]:
    if n_bets is not None:
        raise _check.refuse("n_bets", "left out for a portfolio, which has its own bets", n_bets)
    if portfolio.count is not None and portfolio.dependence is None:
        return groups_of(portfolio.bets[0], portfolio.count)
    if portfolio.dependence is not None:
        raise ArgumentError(
            "payoff must be a portfolio of independent bets, got one with a dependence; use total_tail_probability "
            "or simulate."
        )
    counts: dict[Payoff, int] = {}
    for bet, alike in portfolio.runs():
        check_certain(bet.payoff)
        counts[bet.payoff] = counts.get(bet.payoff, 0) + alike
    if len(counts) > MOST_GROUPS:
        raise ArgumentError(f"payoff must have at most {MOST_GROUPS} unlike laws, got {len(counts)}; use simulate.")
    return tuple((law, Fixed(n)) for law, n in counts.items())
