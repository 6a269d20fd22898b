"""After k failures in a row: what is left of the hope for a hit, and whether the next bet is worth its stake."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _check
from .._lazy import special
from ..errors import ArgumentError
from .estimate import Estimate

if TYPE_CHECKING:
    from ..payoffs.base import Payoff

_MOST = 10**12
_SUMMED = 1_000_000  # bets whose chances are added one by one; beyond, a closed form


@dataclass(frozen=True, slots=True)
class HitRatePrior:
    """What is believed of the chance that one bet hits, before any is made: Beta(a, b), or no chance at all.

    Parameters
    ----------
    a, b : float
        Above 0; the belief is worth a hits in a + b bets, of mean a / (a + b).
    p_never : float, default 0
        Probability that there is nothing to be found, whatever the number of bets.

    Raises
    ------
    ArgumentError
        If a parameter breaks its rule.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.HitRatePrior(1, 19).mean
    0.05
    """

    a: float
    b: float
    p_never: float = 0.0

    def __post_init__(self) -> None:
        rule = "a probability of at least 0 and below 1"
        object.__setattr__(self, "a", _check.positive("a", self.a))
        object.__setattr__(self, "b", _check.positive("b", self.b))
        object.__setattr__(self, "p_never", _check.real("p_never", self.p_never, rule, low=0.0, below=1.0))

    @property
    def mean(self) -> float:
        """Chance that the next bet hits."""
        return (1.0 - self.p_never) * self.a / (self.a + self.b)

    def after(self, n_failures: int) -> "HitRatePrior":
        """The belief after so many failures and no hit."""
        odds = math.exp(_log_survival(self, n_failures)) * (1.0 - self.p_never)
        never = self.p_never / (self.p_never + odds)
        return HitRatePrior(self.a, self.b + n_failures, min(never, 1.0 - 2.0**-53))

    def no_hit(self, n_bets: int) -> float:
        """Chance that the next ``n_bets`` all fail."""
        n = _check.integer("n_bets", n_bets, "a whole number from 0 to 1e12", low=0, high=_MOST)
        return self.p_never + (1.0 - self.p_never) * math.exp(_log_survival(self, n))

    def quantile(self, q: float) -> float:
        """The hit rate that is not exceeded with probability q."""
        q = _check.real("q", q, "a probability strictly between 0 and 1", above=0.0, below=1.0)
        inside = (q - self.p_never) / (1.0 - self.p_never)
        return float(special.betaincinv(self.a, self.b, inside)) if inside > 0.0 else 0.0

    def prob_above(self, rate: float) -> float:
        """Probability that the hit rate is above ``rate``."""
        x = _check.probability("rate", rate)
        return float((1.0 - self.p_never) * special.betaincc(self.a, self.b, x))


def _log_survival(prior: HitRatePrior, n: int) -> float:
    """ln E(1 - p)^n under the Beta part."""
    return float(special.betaln(prior.a, prior.b + n) - special.betaln(prior.a, prior.b)) if n else 0.0


@dataclass(frozen=True, slots=True, repr=False)
class AfterDrought:
    """Where a row of failures leaves one; made by ``after_drought`` and printed as its ``sentence``.

    Attributes
    ----------
    n_failures : int
        Failures in a row so far.
    prior, posterior : HitRatePrior
        Belief before and after them.
    hit_rate : Estimate
        Posterior mean of the hit rate, with its equal-tailed credible interval.
    break_even : float
        Hit rate from which on a bet is worth its stake, stake / hit_value; NaN without a ``hit_value``.
    prob_worth_it : float
        Posterior probability that the hit rate is above ``break_even``; NaN without a ``hit_value``.
    next_value : float
        Expected payoff of the next bet less its stake; NaN without a ``hit_value``.
    value_to_come : float
        Expected value, less stakes, of going on to the next hit or until stopping is best; 0 where it is best now.
    bets_to_go : float
        Further failures in a row after which to stop; 0 means now, inf never. NaN without a ``hit_value``.
    go_on : bool or None
        Whether the next bet is worth its stake; None without a ``hit_value``.
    sentence : str
        All this in words.
    """

    n_failures: int
    prior: HitRatePrior
    posterior: HitRatePrior
    hit_rate: Estimate
    break_even: float
    prob_worth_it: float
    next_value: float
    value_to_come: float
    bets_to_go: float
    go_on: bool | None
    sentence: str

    def prob_hit(self, n_bets: int) -> float:
        """Chance that at least one of the next ``n_bets`` hits."""
        return 1.0 - self.posterior.no_hit(n_bets)

    def plot(self, *, ax: Any = None) -> Any:
        """Belief in the hit rate before and after the failures; see ``plotting.plot_after_drought``."""
        from .. import plotting

        return plotting.plot_after_drought(self, ax=ax)

    def __str__(self) -> str:
        return self.sentence

    def __repr__(self) -> str:
        return f"AfterDrought({self.sentence})"


def after_drought(
    n_failures: int,
    prior: HitRatePrior | tuple[float, float],
    *,
    hit_value: "float | Payoff | None" = None,
    stake: float = 1.0,
    level: float = 0.95,
) -> AfterDrought:
    """What is left of the hope for a hit after failures in a row, and whether to stop.

    Parameters
    ----------
    n_failures : int
        Failures since the start, with no hit among them.
    prior : HitRatePrior or (a, b)
        What was believed of the hit rate before: a Beta law worth a hits in a + b bets, and perhaps a probability
        that there is nothing to be found.
    hit_value : float or Payoff, optional
        What a hit brings, in money; of a law its mean. Without it the answer is about chances only.
    stake : float
        Price of one more bet.
    level : float
        Level of the credible interval.

    Returns
    -------
    AfterDrought
        With the posterior, the value of the next bet and of what is still to come, and a sentence.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Notes
    -----
    The search ends with the next hit. Then every failure lowers the chance of the next bet, so the rule that looks one
    bet ahead is the best of all: go on while chance times value exceeds the stake. What is learned from a hit for bets
    after it is left out, so value_to_come is a lower bound where the search may go on.

    References
    ----------
    DeGroot 1970, Optimal Statistical Decisions, 12.6 and 13, for the monotone case of optimal stopping.

    Examples
    --------
    >>> import tailsim as ts
    >>> print(ts.after_drought(30, (1, 19), hit_value=40))
    After 30 failures in a row the hit rate is 0.02 [0.000517, 0.0725] (it was 0.05). Break-even is 0.025: stop, the \
next bet is not worth its stake.
    """
    k = _check.integer("n_failures", n_failures, "a whole number from 0 to 1e12", low=0, high=_MOST)
    belief = _prior(prior)
    level = _check.level(level)
    price = _check.positive("stake", stake)
    value = math.nan if hit_value is None else _value(hit_value)
    posterior = belief.after(k)
    interval = (posterior.quantile(0.5 - level / 2), posterior.quantile(0.5 + level / 2))
    rate = Estimate(posterior.mean, _std(posterior), interval, level, "credible interval", max(k, 1))
    if hit_value is None:
        nothing = math.nan
        said = _said(k, belief, rate)
        return AfterDrought(k, belief, posterior, rate, nothing, nothing, nothing, nothing, nothing, None, said)
    break_even = price / value if value > 0.0 else math.inf
    to_go = _bets_to_go(posterior, value, price)
    worth = posterior.prob_above(break_even) if break_even <= 1.0 else 0.0
    next_value = posterior.mean * value - price
    to_come = _value_to_come(posterior, value, price, to_go)
    said = _said(k, belief, rate) + _advice(break_even, to_go, to_come)
    return AfterDrought(k, belief, posterior, rate, break_even, worth, next_value, to_come, to_go, to_go > 0.0, said)


def _prior(prior: Any) -> HitRatePrior:
    if isinstance(prior, HitRatePrior):
        return prior
    try:
        a, b = prior
    except (TypeError, ValueError):
        raise ArgumentError(
            f"prior must be a HitRatePrior or a pair (a, b) of numbers above 0, got {_check.shown(prior)}; (1, 19) is "
            "worth one hit in twenty bets."
        ) from None
    return HitRatePrior(a, b)


def _value(hit_value: Any) -> float:
    if hasattr(hit_value, "tail_index"):
        return float(hit_value.mean())
    rule = "a number not negative, inf allowed, or a payoff law"
    return _check.real("hit_value", hit_value, rule, low=0.0, finite=False)


def _std(belief: HitRatePrior) -> float:
    a, b, alive = belief.a, belief.b, 1.0 - belief.p_never
    mean = a / (a + b)
    second = mean * (a + 1.0) / (a + b + 1.0)
    return math.sqrt(max(alive * second - (alive * mean) ** 2, 0.0))


def _bets_to_go(belief: HitRatePrior, value: float, stake: float) -> float:
    """Further failures after which the next bet is no longer worth its stake; its chance falls with each."""
    if value == math.inf:
        return math.inf

    def worth(j: int) -> bool:
        return belief.after(j).mean * value > stake

    if not worth(0):
        return 0.0
    low, high = 0, 1
    while worth(high):
        low, high = high, 2 * high
        if high > _MOST:
            return math.inf
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if worth(middle) else (low, middle)
    return float(high)


def _value_to_come(belief: HitRatePrior, value: float, stake: float, to_go: float) -> float:
    """Chance of a hit within ``to_go`` bets times its value, less the stakes expected until then."""
    if to_go == 0.0 or value == math.inf or to_go == math.inf:
        return 0.0 if to_go == 0.0 else math.inf
    n = int(to_go)
    return (1.0 - belief.no_hit(n)) * value - stake * _expected_bets(belief, n)


def _expected_bets(belief: HitRatePrior, n: int) -> float:
    """Expected number of bets until a hit or until n have failed: the sum of P(no hit in j) over j < n."""
    a, b = belief.a, belief.b
    if n <= _SUMMED:
        j = np.arange(float(n))
        inside = float(np.exp(special.betaln(a, b + j) - special.betaln(a, b)).sum())
    elif a == 1.0:
        inside = b * float(special.digamma(b + n) - special.digamma(b))
    else:  # integral of p^(a-2) (1-p)^(b-1) (1 - (1-p)^n) over B(a, b)
        left = math.exp(_log_survival(belief, n)) * (a + b + n - 1.0)
        inside = ((a + b - 1.0) - left) / (a - 1.0)
    return belief.p_never * n + (1.0 - belief.p_never) * inside


def _said(k: int, prior: HitRatePrior, rate: Estimate) -> str:
    low, high = rate.interval
    noun = "failure" if k == 1 else "failures"
    return (
        f"After {k:,} {noun} in a row the hit rate is {rate.value:.3g} [{low:.3g}, {high:.3g}] (it was "
        f"{prior.mean:.3g})."
    )


def _advice(break_even: float, to_go: float, to_come: float) -> str:
    start = f" Break-even is {break_even:.3g}: "
    if to_go == 0.0:
        return start + "stop, the next bet is not worth its stake."
    if to_go == math.inf:
        return start + "go on, no number of failures makes the next bet not worth its stake."
    return start + f"go on, worth {to_come:.3g}, and stop after {to_go:,.0f} further failures in a row."
