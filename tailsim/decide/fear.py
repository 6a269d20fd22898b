"""What a team pays for not trying what will likely fail."""

from dataclasses import dataclass, replace
from typing import Any

from .. import _check
from ..errors import ArgumentError
from ..payoffs._rng import RngLike, seed_of
from ..stats.estimate import Estimate
from .perceived import Fear
from .practices import Practices
from .programme import Programme, setting_of
from .tornado import QUANTITIES, Shift, shifted
from .years import Years


@dataclass(frozen=True, slots=True, repr=False)
class FearPrice:
    """A programme that refuses likely failures against the same one that tries them; made by ``price_of_fear``.

    Attributes
    ----------
    programme : Programme
        As it was given.
    least_odds, odds_gradient : float
        The assumption: ideas with lower odds than this are refused, and how odds fall as ideas aim higher.
    ideas_refused, successes_refused, failures_refused : float
        Shares of all ideas, of those that would pay their stake back or more, and of those that would not. Exact under
        the assumption.
    cap : float
        No idea that pays more, as a multiple of its stake, is tried; inf where none is refused, 0 where all are.
    success_rates : tuple of (float, float or None)
        Odds of the ideas, and of those that are tried; None where all are refused.
    bold, timid : Years
        The programme without and with this fear.
    change : Shift
        Timid less bold, paired year by year.
    n_trials, seed : int
        Years, and what reproduces them.
    """

    programme: Programme
    least_odds: float
    odds_gradient: float
    ideas_refused: float
    successes_refused: float
    failures_refused: float
    cap: float
    success_rates: tuple[float, float | None]
    bold: Years
    timid: Years
    change: Shift
    n_trials: int
    seed: int

    @property
    def verdict(self) -> str:
        """What is refused and what that changes, in sentences."""
        if self.ideas_refused == 0.0:
            return f"No idea has odds below {self.least_odds:.3g}, so none is refused and nothing changes."
        share = _per_cent(self.ideas_refused)
        refused = f"Refusing ideas with odds below {self.least_odds:.3g} turns down {share} of all ideas"
        before, after = self.success_rates
        if after is None:
            kinds = "nothing is tried"
        else:
            lost, missed = _per_cent(self.failures_refused), _per_cent(self.successes_refused)
            shares = f"{lost} of the failures, {missed} of the successes"
            top = f"those that pay most, everything above {self.cap:.3g}x"
            kinds = f"{shares} ({top}); ideas tried succeed in {_per_cent(after)} instead of {_per_cent(before)}"
        changes = "; ".join(_change(name, getattr(self.change, name)) for name in QUANTITIES)
        return f"{refused}: {kinds}. In {self.n_trials:,} years {changes}."

    def __repr__(self) -> str:
        return f"FearPrice(odds gradient {self.odds_gradient:g}, seed {self.seed}): {self.verdict}"


def _per_cent(p: float) -> str:
    return f"{100 * p:.3g}%"


def _change(quantity: str, change: Estimate) -> str:
    """One change in words that its interval supports."""
    low, high = change.interval
    how = "falls" if high < 0.0 else "rises" if low > 0.0 else "is not seen to change"
    return f"{QUANTITIES[quantity]} {how}: {shifted(quantity, change)}"


def price_of_fear(
    programme: Programme,
    least_odds: float = 0.5,
    *,
    odds_gradient: float = 1.0,
    practices: Practices | None = None,
    n_trials: int = 20_000,
    level: float = 0.95,
    n_workers: int | None = None,
    executor: Any = None,
    rng: RngLike = None,
) -> FearPrice:
    """What refusing likely failures costs a programme, or gains it.

    Ideas that aim high have low odds. A team that refuses low odds avoids failures, and cuts the tail of what ideas pay
    before it is sampled. Refused ideas are not replaced: their stakes stay in the budget.

    Parameters
    ----------
    programme : Programme
        A team's year of bets.
    least_odds : float, default 0.5
        Ideas with lower odds of success are refused; by default those more likely to fail than not.
    odds_gradient : float, default 1
        How far odds fall as ideas aim higher, in [0, 1]: at 0 all have the same odds, at 1 the least ambitious are
        sure.
    practices : Practices, optional
        Everything else that is assumed of the team, without fear; by default nothing.
    n_trials, level, n_workers, executor, rng
        As for ``sensitivity``.

    Returns
    -------
    FearPrice

    Raises
    ------
    ArgumentError
        If an argument breaks its rule; settings that contradict each other are all listed.

    Notes
    -----
    The model of odds, an assumption: let s = P(payoff >= stake), and u in (0, 1] the share of successes that pay at
    least what an idea aims at. With k = odds_gradient (1 - s) its odds are s / (1 - k) u^k, and u has the distribution
    function u^(1 - k). Integrating over u gives back the law of ``ideas`` at any gradient. An idea is refused where
    u < u*, at which the odds are ``least_odds``: a share u* of the successes, those that pay most;
    (u*^(1 - k) - s u*) / (1 - s) of the failures; u*^(1 - k) of all ideas.

    Examples
    --------
    >>> import tailsim as ts
    >>> team = ts.Programme(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 30)
    >>> price = ts.price_of_fear(team, n_trials=5_000, rng=1)
    >>> round(price.failures_refused, 2), round(price.cap, 2), price.change.prob_hit.interval[1] < 0
    (0.87, 2.04, True)
    """
    _check.instance("programme", programme, Programme, "a Programme")
    least_odds = _check.probability("least_odds", least_odds)
    gradient = _check.real("odds_gradient", odds_gradient, "a share between 0 and 1", low=0.0, high=1.0)
    others = setting_of(programme, practices).practices
    if others.least_odds > 0.0:
        raise ArgumentError("practices must have least_odds=0 here, for the fear is given by least_odds of the call.")
    afraid = with_fear(others, least_odds, gradient)
    seed = seed_of(rng)
    how: dict[str, Any] = {"n_trials": n_trials, "level": level, "n_workers": n_workers, "executor": executor}
    bold, timid = (programme.simulate(p, **how, rng=seed) for p in (others, afraid))
    change = Shift.between(timid, bold, level)
    facts = _facts(programme, setting_of(programme, afraid).fear)
    return FearPrice(programme, least_odds, gradient, *facts, bold, timid, change, bold.n_trials, seed)


def with_fear(practices: Practices, least_odds: float, gradient: float) -> Practices:
    """The practices with another fear of failure."""
    return replace(practices, least_odds=least_odds, odds_gradient=gradient)


def _facts(programme: Programme, fear: Fear | None) -> tuple[float, float, float, float, tuple[float, float | None]]:
    """What is refused, where, and the odds before and after."""
    if fear is None:
        s = float(programme.ideas.prob_at_least(1.0))
        return 0.0, 0.0, 0.0, float("inf"), (s, s)
    refused = fear.ideas_refused
    if fear.cap == -float("inf"):
        return 1.0, 1.0, 1.0, 0.0, (fear.success, None)
    after = fear.success * (1.0 - fear.successes_refused) / (1.0 - refused)
    shares = refused, fear.successes_refused, fear.failures_refused
    return *shares, fear.cap / programme.stake, (fear.success, after)
