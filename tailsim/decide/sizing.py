"""How much to stake: Kelly's fraction for any payoff law, alone or for several bets at once, and what it risks."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..payoffs._rng import RngLike, seed_of
from ..payoffs._shape import put, reals, shaped
from ..payoffs.base import Payoff, check_law
from ..stats.estimate import Estimate
from ..stats.intervals import proportion
from ._quadrature import Floats
from ._wealth import Wealth, wealth_of

_STEEPEST = 64.0


def kelly_fraction(payoff: Payoff) -> float:
    """The fraction of wealth that grows it fastest when staked on one bet, round after round.

    Parameters
    ----------
    payoff : Payoff
        What a stake of 1 pays, gross; its mean may be infinite.

    Returns
    -------
    float
        f in [0, 1] that maximises E log(1 + f (X - 1)): the root of E[(X - 1) / (1 + f (X - 1))], or an end.
        0 where the mean is at most 1, or where losses have no bound.

    Raises
    ------
    ArgumentError
        If ``payoff`` is not a law.

    References
    ----------
    Kelly 1956, Bell System Technical Journal 35(4), 917-926; Thorp 2006, Handbook of Asset and Liability Management 1,
    chapter 9.

    Examples
    --------
    >>> from tailsim.payoffs import Pareto, ZeroInflated
    >>> round(kelly_fraction(ZeroInflated(Pareto(1.16), p_zero=0.65)), 6)
    0.040986
    >>> 0 < kelly_fraction(ZeroInflated(Pareto(0.8), p_zero=0.9)) < 1  # the mean is infinite
    True
    """
    return _best_fraction(check_law("payoff", payoff), 1)


def _best_fraction(law: Payoff, n_bets: int, wealth: Wealth | None = None) -> float:
    low = law.support[0]
    if math.isinf(low) or law.mean() <= 1.0:
        return 0.0
    most = _most(low, n_bets)
    wealth = wealth or wealth_of(law, n_bets)
    if wealth.edge(most) >= 0.0:
        return most
    from scipy.optimize import brentq

    small = most
    while wealth.edge(small) < 0.0:
        small *= 0.125
        if small < 1e-300:
            return 0.0
    return float(brentq(wealth.edge, small, min(8.0 * small, most), xtol=5e-324, rtol=1e-13))


def _most(low: float, n_bets: int) -> float:
    """The largest fraction on each of n bets that leaves nothing owed where all pay their lowest."""
    if math.isinf(low):
        return 0.0
    return min(1.0, 1.0 / (1.0 - low)) / n_bets if low < 1.0 else 1.0 / n_bets


@dataclass(frozen=True, slots=True)
class KellyBet:
    """What to stake on each of several like bets made at once, and what to expect; made by ``kelly_bet``.

    Attributes
    ----------
    payoff : Payoff
        What a stake of 1 pays, gross.
    n_bets : int
        Independent bets made at once, round after round.
    share : float
        Part of the full Kelly stake that is made.
    fraction : float
        Fraction of wealth staked on each bet.
    growth, full_growth : float
        Mean logarithmic growth of wealth per round; that of the full Kelly stake.
    exponent : float
        r in P(wealth ever falls to x times what it was) <= x**r; inf where it never falls.
    """

    payoff: Payoff
    n_bets: int
    share: float
    fraction: float
    growth: float
    full_growth: float
    exponent: float
    _low: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        put(self, _low=self.payoff.support[0])

    @property
    def staked(self) -> float:
        """Fraction of wealth staked on all bets of a round together."""
        return self.n_bets * self.fraction

    @property
    def most(self) -> float:
        """The largest fraction that can be staked on each bet: then nothing, or no more than all, can be lost."""
        return _most(self._low, self.n_bets)

    def growth_at(self, fraction: ArrayLike) -> Any:
        """Mean logarithmic growth of wealth per round at other fractions of wealth staked on each bet.

        Parameters
        ----------
        fraction : float or array
            From 0 to ``most``.

        Returns
        -------
        float or ndarray
            In the shape of ``fraction``; -inf where all can be lost.

        Raises
        ------
        ArgumentError
            If a fraction breaks its rule.
        """
        f = reals("fraction", fraction, f"numbers from 0 to {self.most:g}", 0.0, self.most)
        wealth = wealth_of(self.payoff, self.n_bets) if self.most > 0.0 else None
        grown = {x: wealth.growth(x) if wealth is not None and x > 0.0 else 0.0 for x in np.unique(f).tolist()}
        return shaped(lambda each: np.array([grown[x] for x in each.tolist()]), f)

    def ever_below(self, multiple: float) -> float:
        """A bound on the probability that wealth ever falls to ``multiple`` times what it is now.

        Parameters
        ----------
        multiple : float
            Between 0 and 1.

        Returns
        -------
        float
            multiple**exponent: over all time, however many rounds. Ruin itself never comes at a Kelly stake.

        References
        ----------
        Lundberg's inequality for the random walk of log wealth: Asmussen and Albrecher, Ruin Probabilities
        (2010).
        """
        x = _fraction("multiple", multiple)
        return 0.0 if math.isinf(self.exponent) else x**self.exponent

    def prob_below(self, multiple: float, *, n_rounds: int, n_trials: int = 10_000, rng: RngLike = None) -> Estimate:
        """Probability that within ``n_rounds`` wealth falls to ``multiple`` times its start, or lower.

        Parameters
        ----------
        multiple : float
            Between 0 and 1.
        n_rounds, n_trials : int
            Rounds, and simulated histories.
        rng : None, int, SeedSequence or Generator
            The seed; the same one gives the same histories, fewer rounds or trials are the first of more.

        Returns
        -------
        Estimate
            With a Clopper-Pearson interval.
        """
        bar = math.log(_fraction("multiple", multiple))
        return self._histories(lambda log_wealth, peak: log_wealth <= bar, n_rounds, n_trials, rng)

    def prob_drawdown(self, depth: float, *, n_rounds: int, n_trials: int = 10_000, rng: RngLike = None) -> Estimate:
        """Probability that within ``n_rounds`` wealth falls by ``depth`` or more from its highest point so far.

        Parameters
        ----------
        depth : float
            Between 0 and 1; 0.5 means to lose half.
        n_rounds, n_trials, rng
            As in ``prob_below``.

        Returns
        -------
        Estimate
            With a Clopper-Pearson interval.
        """
        bar = math.log1p(-_fraction("depth", depth))
        return self._histories(lambda log_wealth, peak: log_wealth - peak <= bar, n_rounds, n_trials, rng)

    def _histories(self, fell: Callable[[Floats, Floats], Any], n_rounds: int, n_trials: int, rng: RngLike) -> Estimate:
        """How many histories of log wealth and its peak ever fell."""
        rounds = _check.integer("n_rounds", n_rounds, "a whole number of at least 1", low=1)
        trials = _check.integer("n_trials", n_trials, "a whole number of at least 1", low=1)
        seeds = np.random.SeedSequence(seed_of(rng))
        log_wealth, peak, ever = np.zeros(trials), np.zeros(trials), np.zeros(trials, dtype=bool)
        for _ in range(rounds):
            factor = np.full(trials, 1.0 - self.staked)
            for seed in seeds.spawn(self.n_bets):
                factor += self.fraction * self.payoff.rvs(trials, rng=seed)
            with np.errstate(divide="ignore"):
                log_wealth += np.log(np.maximum(factor, 0.0))
            np.maximum(peak, log_wealth, out=peak)
            ever |= fell(log_wealth, peak)
        return proportion(int(np.count_nonzero(ever)), trials)

    @property
    def verdict(self) -> str:
        """What may be concluded, in a sentence or two."""
        if self.fraction == 0.0:
            return "Stake nothing: no fraction of wealth grows by this bet."
        each = "" if self.n_bets == 1 else f" on each of {self.n_bets:,} bets, {100 * self.staked:.3g}% together"
        rounds = math.log(2.0) / self.growth if self.growth > 0.0 else math.inf
        kept = "" if self.share == 1.0 else f", {100 * self.growth / self.full_growth:.3g}% of what full stakes grow"
        text = f"Stake {100 * self.fraction:.3g}% of wealth{each}: it doubles in about {rounds:,.4g} rounds{kept}"
        if math.isinf(self.exponent):
            return f"{text}, and it never falls."
        return f"{text}. The chance that it ever falls to half is at most {100 * self.ever_below(0.5):.3g}%."

    def plot(self, *, ax: Any = None) -> Any:
        """Growth against the fraction staked; see ``plotting.plot_kelly_bet``."""
        from .. import plotting

        return plotting.plot_kelly_bet(self, ax=ax)

    def __repr__(self) -> str:
        head = (
            f"KellyBet({self.payoff!r}, n_bets={self.n_bets}, fraction={self.fraction:.6g}, growth={self.growth:.6g})"
        )
        return f"{head}: {self.verdict}"


def _fraction(name: str, value: Any) -> float:
    return _check.real(name, value, "a number strictly between 0 and 1", above=0.0, below=1.0)


def kelly_bet(payoff: Payoff, *, n_bets: int = 1, share: float = 1.0) -> KellyBet:
    """Kelly's stake for one bet or for several like, independent ones made at once, with its growth and its risk.

    Parameters
    ----------
    payoff : Payoff
        What a stake of 1 pays, gross; its mean may be infinite.
    n_bets : int, default 1
        Bets made at once, all on the same stake; at most 10,000.
    share : float, default 1
        Part of the full Kelly stake to make, above 0 and at most 1: one half gives up about a quarter of the growth and
        far more of the risk.

    Returns
    -------
    KellyBet
        ``.fraction`` of wealth on each bet, ``.growth`` per round, ``.ever_below``, ``.prob_drawdown``, a ``.verdict``.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Notes
    -----
    No draws: for one bet by quadrature of its law, for n by that of the Laplace transform L of a payoff, since
    E log W is the integral of (exp(-t) - E exp(-t W)) / t and E exp(-t W) is a power of L.

    References
    ----------
    Kelly 1956; MacLean, Thorp and Ziemba 2010, Quantitative Finance 10(7), 681-687, for fractional stakes.

    Examples
    --------
    >>> from tailsim.payoffs import Pareto, ZeroInflated
    >>> bet = ZeroInflated(Pareto(1.16), p_zero=0.65)
    >>> alone, ten = kelly_bet(bet), kelly_bet(bet, n_bets=10)
    >>> f"{alone.fraction:.6f} {alone.growth:.7f}"
    '0.040986 0.0081305'
    >>> f"{ten.fraction:.4f} {ten.staked:.3f} {ten.growth / alone.growth:.2f}"
    '0.0387 0.387 9.72'
    >>> alone.ever_below(0.5)  # at the full stake: x itself
    0.5
    """
    law = check_law("payoff", payoff)
    n = _check.integer("n_bets", n_bets, "a whole number from 1 to 10,000", low=1, high=10_000)
    part = _check.real("share", share, "a number above 0 and at most 1", above=0.0, high=1.0)
    if math.isinf(law.support[0]) or law.mean() <= 1.0:
        return KellyBet(law, n, part, 0.0, 0.0, 0.0, math.inf)
    wealth = wealth_of(law, n)
    full = _best_fraction(law, n, wealth)
    full_growth = wealth.growth(full)
    fraction = part * full
    return KellyBet(
        law, n, part, fraction, wealth.growth(fraction), full_growth, _exponent(wealth, law, fraction, part)
    )


def _exponent(wealth: Wealth, law: Payoff, fraction: float, share: float) -> float:
    """r > 0 with E W**-r = 1 for the factor W of a round; inf where W is never below 1."""
    if fraction == 0.0 or law.support[0] >= 1.0:
        return math.inf
    if share == 1.0 and wealth.edge(fraction) < 1e-9:
        return 1.0  # E 1/W = 1 - f E[(X - 1)/W], and the last is zero at the best f
    from scipy.optimize import brentq

    high = 1.0
    while wealth.power(fraction, high) < 1.0:
        high *= 2.0
        if high > _STEEPEST:
            return _STEEPEST
    return float(brentq(lambda r: wealth.power(fraction, r) - 1.0, 0.5 * high, high, xtol=1e-12))
