"""One's own past under another policy, with resamples of it and the fitted law beside it."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .. import _check
from ..errors import DataError
from ..io import Outcomes, history_of
from ..payoffs._rng import RngLike, seed_of
from ..stats.estimate import Estimate
from ..stats.intervals import proportion, quantile_estimate
from .bootstrap import replicate_rng
from .distinct import Floats
from .payoff import fit_payoff
from .payoff_fit import PayoffFit
from .replay import Policy, Replayed, Rule, replayed

N_SOURCES = 200
_FEW_SOURCES = 50  # where the policy is a function: it is asked bet by bet


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """How a policy fares over many replays; never by a mean, which few of such tails would show.

    Attributes
    ----------
    chance : Estimate
        Probability that what was paid is at least ``target`` times what was spent.
    median : Estimate
        Of paid / spent.
    stopped : Estimate
        Probability that the policy stops before its last bet.
    n_bets : float
        Median number of bets made.
    multiples : ndarray
        Paid / spent of each replay.
    """

    chance: Estimate
    median: Estimate
    stopped: Estimate
    n_bets: float
    multiples: Floats


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Backtest:
    """A past replayed under a policy.

    Attributes
    ----------
    n_history, n_open : int
        Bets in the past, and those of them still open, which count as they stand.
    as_was : float
        Paid / spent of all of them.
    n_bets, n_failures : int
        Bets made under the policy, and those that failed its hurdle.
    spent, paid, multiple : float
        What they cost and paid, and paid / spent.
    stopped : bool
        Whether the policy ended before its last bet.
    ended : bool
        Whether the past ended before the policy did.
    missed_spent, missed_paid, largest_missed : float
        What the bets not made cost and paid, and the largest multiple among them (0 where there are none).
    windows : Answers or None
        Replays that start anew at every so-many-th bet, without overlap, in the order in which bets were made; None
        where there are fewer than two.
    resampled : Answers
        Replays of bets drawn from the past, 200 times from a resample of it: they hold no outcome that was not seen.
    fitted : Answers or None
        Replays of bets drawn from the laws of ``fit.uncertain``: they do. None where no law can be fitted.
    why_not : str or None
        Then, why.
    target : float
        The multiple asked about.
    """

    n_history: int
    n_open: int
    as_was: float
    n_bets: int
    n_failures: int
    spent: float
    paid: float
    multiple: float
    stopped: bool
    ended: bool
    missed_spent: float
    missed_paid: float
    largest_missed: float
    windows: Answers | None
    resampled: Answers
    fitted: Answers | None
    why_not: str | None
    target: float

    def __repr__(self) -> str:
        return (
            f"Backtest({self.n_bets:,} of {self.n_history:,} bets, multiple {self.multiple:.4g} "
            f"(as it was {self.as_was:.4g}), P(at least {self.target:g}) {self.resampled.chance.value:.2g} resampled"
            + (")" if self.fitted is None else f", {self.fitted.chance.value:.2g} by the fitted law)")
        )

    @property
    def verdict(self) -> str:
        """In words: what the policy made of this past, what it missed, and what it makes of others like it."""
        end = "it stopped" if self.stopped else "the past ended" if self.ended else "it was done"
        missed = ""
        if self.n_bets < self.n_history:
            missed = (
                f" The bets not made paid {self.missed_paid:.4g}, the best of them {self.largest_missed:.4g} times."
            )
        said = (
            f"After {self.n_bets:,} of {self.n_history:,} bets {end}, with {self.multiple:.3g} times what was spent; "
            f"all bets made {self.as_was:.3g} times.{missed} One past is one draw: over resamples of it the chance of "
            f"at least {self.target:g} times is {_shown(self.resampled.chance)}"
        )
        if self.fitted is None:
            return f"{said}; no law can be fitted beside it: {self.why_not}"
        return f"{said}, and by the fitted law, which holds outliers not yet seen, {_shown(self.fitted.chance)}."


def backtest(
    history: Any,
    policy: "Policy | Callable[[Floats, Floats], bool]",
    *,
    payoff: str | None = None,
    stake: Any = None,
    still_open: Any = None,
    missing: str = "refuse",
    target: float = 1.0,
    fit: PayoffFit | None = None,
    n_replays: int | None = None,
    level: float = 0.95,
    rng: RngLike = 0,
) -> Backtest:
    """Replay one's own past bets under another number of bets, hurdle or rule to stop, with the fitted law beside it.

    Parameters
    ----------
    history : array_like, frame, mapping, path or Outcomes
        Past bets in the order in which they were made, as for `fit_payoff`.
    policy : Policy or callable
        ``Policy(n_bets, hurdle=..., stop_after=..., max_loss=...)``; or a function of the multiples and the stakes of
        the bets made so far that says whether to make another.
    payoff, stake, still_open, missing
        As for `fit_payoff`; open bets count as they stand.
    target : float
        The multiple of what was spent whose chance is given.
    fit : PayoffFit, optional
        The law that stands beside the past; by default fitted to it.
    n_replays : int, optional
        Replays of each kind; by default 20,000 (fewer beyond 10,000 bets), or 1,000 for a function.
    level : float
        Confidence level.
    rng : None, int, SeedSequence or Generator
        Seed.

    Returns
    -------
    Backtest

    Raises
    ------
    ArgumentError
        If an argument breaks its rule, or the policy makes no bet.

    Notes
    -----
    Means are left out on purpose: with such tails the mean of some thousand replays says little. Chances and medians
    have intervals for what the past leaves open: quantiles over 200 resamples of it, or over 200 laws (50 for a
    function), each with some replays, whose own noise makes the intervals a little wider; those over
    windows are Clopper-Pearson's and of order statistics. A law is fitted to multiples, so that stakes are drawn from
    the past on their own; and a resample and a law know no order: where success depends on what came before, trust
    the windows.

    Examples
    --------
    >>> import tailsim as ts
    >>> past = ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65).rvs(1000, rng=3)
    >>> test = ts.backtest(past, ts.Policy(100, stop_after=10), target=1.0)
    >>> test.n_bets < 100, test.stopped
    (True, True)
    """
    outcomes = history_of(history, payoff=payoff, stake=stake, still_open=still_open, missing=missing)
    if not isinstance(policy, Policy) and not callable(policy):
        raise _check.refuse("policy", "a Policy, or a function that says whether to go on", policy)
    target = _check.real("target", target, "a finite multiple above 0", above=0.0)
    level = _check.level(level)
    rule = Rule.of(policy, outcomes.n_bets)
    n_sources, each = _sizes(rule, n_replays)
    if fit is not None:
        _check.instance("fit", fit, PayoffFit, "None or what fit_payoff returns")
    seed = seed_of(rng)
    own = replayed(rule, outcomes.multiples[None, : rule.n_bets], outcomes.stakes[None, : rule.n_bets])
    resampled = _answers(_resamples(outcomes, rule, seed, n_sources, each), target, level)
    fitted, why_not = _fitted(outcomes, rule, fit, seed, n_sources, each, target, level)
    sides = (_windows(outcomes, rule, target, level), resampled, fitted, why_not)
    return _backtest(outcomes, rule, own, target, sides)


def _sizes(rule: Rule, n_replays: int | None) -> tuple[int, int]:
    """How many sources, and replays from each."""
    n_sources = N_SOURCES if rule.fast else _FEW_SOURCES
    if n_replays is None:
        return n_sources, max(10, min(100, 10**6 // rule.n_bets)) if rule.fast else 20
    least = f"None or a whole number of at least {n_sources}"
    return n_sources, _check.integer("n_replays", n_replays, least, low=n_sources) // n_sources


def _backtest(outcomes: Outcomes, rule: Rule, own: Replayed, target: float, sides: tuple[Any, ...]) -> Backtest:
    """The result, its own past counted."""
    n, stakes, paid = int(own.n_bets[0]), outcomes.stakes, outcomes.payoffs
    left = outcomes.multiples[n:]
    n_open = 0 if outcomes.still_open is None else int(outcomes.still_open.sum())
    return Backtest(
        n_history=outcomes.n_bets,
        n_open=n_open,
        as_was=float(paid.sum() / stakes.sum()),
        n_bets=n,
        n_failures=int(own.n_failures[0]),
        spent=float(own.spent[0]),
        paid=float(own.paid[0]),
        multiple=float(own.paid[0] / own.spent[0]),
        stopped=bool(own.stopped[0]),
        ended=not own.stopped[0] and rule.n_bets > outcomes.n_bets,
        missed_spent=float(stakes[n:].sum()),
        missed_paid=float(paid[n:].sum()),
        largest_missed=float(left.max()) if left.size else 0.0,
        windows=sides[0],
        resampled=sides[1],
        fitted=sides[2],
        why_not=sides[3],
        target=target,
    )


def _resamples(outcomes: Outcomes, rule: Rule, seed: int, n_sources: int, each: int) -> Iterator[Replayed]:
    """Replays of bets drawn from resamples of the past."""
    multiples, stakes, n = outcomes.multiples, outcomes.stakes, outcomes.n_bets
    for i in range(n_sources):
        rng = replicate_rng(seed, i)
        source = rng.integers(0, n, n)
        at = source[rng.integers(0, n, (each, rule.n_bets))]
        yield replayed(rule, multiples[at], stakes[at])


def _drawn(fit: PayoffFit, outcomes: Outcomes, rule: Rule, seed: int, n_sources: int, each: int) -> Iterator[Replayed]:
    """Replays of bets drawn from the laws that the data leave open."""
    laws = fit.uncertain.laws
    for i in range(n_sources):
        rng = replicate_rng(seed, N_SOURCES + i)
        multiples = laws[i % len(laws)].rvs((each, rule.n_bets), rng=rng)
        at = rng.integers(0, outcomes.n_bets, (each, rule.n_bets))
        yield replayed(rule, multiples, outcomes.stakes[at])


def _fitted(
    outcomes: Outcomes,
    rule: Rule,
    fit: PayoffFit | None,
    seed: int,
    n_sources: int,
    each: int,
    target: float,
    level: float,
) -> tuple[Answers | None, str | None]:
    """Answers by the fitted law, or why there is none."""
    try:
        law = fit_payoff(replace(outcomes, groups=None), rng=seed) if fit is None else fit
    except DataError as error:
        return None, str(error)
    return _answers(_drawn(law, outcomes, rule, seed, n_sources, each), target, level), None


def _answers(sources: Iterator[Replayed], target: float, level: float) -> Answers:
    """Answers over all replays, with the quantiles of those from each source as intervals."""
    multiples, stopped, n_bets = [], [], []
    for found in sources:
        multiples.append(found.multiples)
        stopped.append(found.stopped)
        n_bets.append(found.n_bets)
    m, s = np.array(multiples), np.array(stopped, dtype=np.float64)
    method = f"quantiles over {len(m)} sources"

    def estimate(value: float, each: Floats) -> Estimate:
        low, high = np.quantile(each, (0.5 - level / 2, 0.5 + level / 2)).tolist()
        return Estimate(value, float(each.std(ddof=1)), (min(low, value), max(high, value)), level, method, m.size)

    reached = (m >= target).astype(np.float64)
    held = np.ascontiguousarray(m.reshape(-1))
    held.flags.writeable = False
    return Answers(
        estimate(float(reached.mean()), reached.mean(axis=1)),
        estimate(float(np.median(m)), np.median(m, axis=1)),
        estimate(float(s.mean()), s.mean(axis=1)),
        float(np.median(np.array(n_bets))),
        held,
    )


def _windows(outcomes: Outcomes, rule: Rule, target: float, level: float) -> Answers | None:
    """Answers over disjoint windows of the past, in its order."""
    m = outcomes.n_bets // rule.n_bets
    if m < 2:
        return None
    cut = (m, rule.n_bets)
    found = replayed(
        rule, outcomes.multiples[: math.prod(cut)].reshape(cut), outcomes.stakes[: math.prod(cut)].reshape(cut)
    )
    return Answers(
        proportion(int(np.count_nonzero(found.multiples >= target)), m, level),
        quantile_estimate(found.multiples, 0.5, level),
        proportion(int(np.count_nonzero(found.stopped)), m, level),
        float(np.median(found.n_bets)),
        found.multiples,
    )


def _shown(estimate: Estimate) -> str:
    low, high = estimate.interval
    return f"{estimate.value:.2f} [{low:.2f}, {high:.2f}]"
