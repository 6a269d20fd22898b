"""The same portfolio under other assumptions: more bets, more failures, no outliers, smaller payoffs."""

from collections.abc import Callable
from dataclasses import replace

from ...dependence import BinomialCount, Correlation, PoissonCount, _given
from ...errors import TailsimError
from ...payoffs import Capped, Payoff, ZeroInflated
from ...portfolio import Bet, Portfolio


def changed(portfolio: Portfolio, law_of: Callable[[Bet], Payoff]) -> Portfolio | None:
    """Every bet with another law; None where a law, or the dependence, does not allow it."""
    try:
        made = {bet: replace(bet, payoff=law_of(bet)) for bet, _ in portfolio.runs()}
        return Portfolio(tuple(made[bet] for bet in portfolio.bets), portfolio.dependence, portfolio.count)
    except (TailsimError, TypeError):
        return None


def failing_law(law: Payoff, share: float) -> Payoff:
    """So large a share pays nothing, whatever it would have paid."""
    if share == 0.0:
        return law
    if isinstance(law, ZeroInflated):  # of the same kind as before: nothing new to compile
        return ZeroInflated(law.base, 1.0 - (1.0 - law.p_zero) * (1.0 - share))
    return ZeroInflated(law, share)


def capped_law(law: Payoff, one_in: float) -> Payoff:
    """Nothing pays more than what one in so many reaches."""
    most = float(law.isf(1.0 / one_in))
    if most >= law.support[1]:
        return law
    if isinstance(law, ZeroInflated) and most > law.base.support[0] >= 0.0:
        return ZeroInflated(Capped(law.base, most), law.p_zero)
    return Capped(law, most)


def failing(portfolio: Portfolio, share: float) -> Portfolio | None:
    """So large a share of the bets pays nothing, whatever it would have paid."""
    return portfolio if share == 0.0 else changed(portfolio, lambda bet: failing_law(bet.payoff, share))


def capped(portfolio: Portfolio, one_in: float) -> Portfolio | None:
    """No bet pays more than what one in so many reaches; None where that takes nothing away."""
    found = changed(portfolio, lambda bet: capped_law(bet.payoff, one_in))
    return None if found == portfolio else found


def repeated(portfolio: Portfolio, factor: float) -> Portfolio | None:
    """So many times as many bets of each kind, at least one; None where bets cannot be multiplied."""
    if isinstance(_given.latent(portfolio.dependence), Correlation):
        return None
    try:
        if portfolio.count is not None:
            count = portfolio.count
            if isinstance(count, PoissonCount):
                return replace(portfolio, count=PoissonCount(count.mean() * factor))
            if isinstance(count, BinomialCount) and (count.n * factor) == int(count.n * factor):
                return replace(portfolio, count=BinomialCount(int(count.n * factor), count.p))
            return None
        bets = tuple(bet for bet, n in portfolio.runs() for _ in range(max(1, round(n * factor))))
        return Portfolio(bets, portfolio.dependence)
    except TailsimError:
        return None
