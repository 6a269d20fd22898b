"""The figures of a portfolio's case."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...decide import BetCountCurve, ProbAtLeast, optimal_bet_count
from ...engine import simulate
from ...errors import TailsimError, UndefinedMomentError
from ...payoffs import Empirical
from ...portfolio import Portfolio
from ...results import Simulation
from ...stats.droughts import drought
from ...stats.estimate import Estimate
from ...stats.hits import bets_for_hit, hit_probability
from ...stats.intervals import proportion, quantile_estimate
from ..answers import BestCount
from ..study import best_count
from .figures import Figure, exact, figure, given

MOST_COUNTS = 500
_PLATEAU = "simultaneous 95 % comparison with the best"
_SMALLEST = 5e-324
CLOSE, SURE = 0.2, 0.9  # a mean is reliable where so many portfolios land within this of it


@dataclass(frozen=True, slots=True)
class Asked:
    """What a case is asked for."""

    hurdle: float
    target: float
    hit: float
    n_trials: int
    seed: int

    def run(self, portfolio: Portfolio, n_trials: int | None = None) -> Simulation:
        """Worlds of a portfolio; Ctrl-C ends everything, since part of a case is none."""
        n = self.n_trials if n_trials is None else n_trials
        run = simulate(portfolio, n_trials=n, hurdle=self.hurdle, keep="trials", top=0, rng=self.seed)
        if run.partial:
            raise KeyboardInterrupt
        return run


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """A portfolio simulated, with what follows for its case."""

    asked: Asked
    portfolio: Portfolio
    run: Simulation
    figures: tuple[Figure, ...]
    best: BestCount | None
    curve: BetCountCurve | None

    @property
    def nonnegative(self) -> bool:
        """Whether no bet can pay less than nothing."""
        return all(law.support[0] >= 0.0 for law, _, _ in self.portfolio.marginals())


def study(portfolio: Portfolio, asked: Asked) -> Study:
    """Simulate a portfolio and work out the figures of its case."""
    run = asked.run(portfolio)
    best, curve = _counts(portfolio, asked)
    figures = (
        *_given(portfolio, asked),
        *_money(run, asked),
        *_winners(run),
        *_hits(portfolio, asked),
        *_mean(run),
        *(() if best is None else _best(best)),
    )
    return Study(asked, portfolio, run, figures, best, curve)


def only_bet(portfolio: Portfolio) -> Any:
    """The bet, if all are alike and independent of each other and their number is fixed; else None."""
    kinds = {id(bet): bet for bet, _ in portfolio.runs()}
    unlike = len(set(kinds.values())) > 1
    return None if unlike or portfolio.tied or portfolio.count is not None else portfolio.bets[0]


def _given(portfolio: Portfolio, asked: Asked) -> Iterator[Figure]:
    if portfolio.count is None:
        yield given("n_bets", "bets in the portfolio", "count", portfolio.n_bets)
    else:
        yield given("n_bets", "bets in the portfolio, on average", "count", portfolio.count.mean())
    yield given("spent", "what they cost together", "money", portfolio.spent)
    yield given(
        "hurdle", "a bet fails below this multiple of its cost, or when it pays nothing", "multiple", asked.hurdle
    )
    yield given("target", "multiple of the cost worth reaching", "multiple", asked.target)
    yield given("hit", "a bet is a hit from this multiple of its cost on", "multiple", asked.hit)


def _money(run: Simulation, asked: Asked) -> Iterator[Figure]:
    target = f"{asked.target:g}x"
    yield figure("failure_rate", "share of bets that fail", "share", failures(run.portfolio, asked.hurdle))
    yield figure("money_back", "chance to get at least the cost back", "share", run.prob_at_least(1.0))
    yield figure("reach_target", f"chance to get back at least {target}", "share", run.prob_at_least(asked.target))
    median = run.median()
    yield figure("median", "half of the portfolios pay back at least", "multiple", median)
    yield figure("low", "one portfolio in ten pays back at most", "multiple", run.quantile(0.1))
    yield figure("high", "one portfolio in ten pays back at least", "multiple", run.quantile(0.9))
    if median.interval[0] > 0.0 and math.isfinite(median.interval[1]):
        low, high = median.interval
        turn = Estimate(
            1.0 / median.value,
            median.std_error / median.value**2,
            (1.0 / high, 1.0 / low),
            0.95,
            median.method,
            median.n,
        )
        yield figure("break_even", "payoffs times this make half of the portfolios lose money", "factor", turn)


def failures(portfolio: Portfolio, hurdle: float, size: float = 1.0) -> Estimate:
    """Share of bets that fail when payoffs are so many times as big: exact, from the laws."""
    lost = total = 0.0
    for law, stake, n in portfolio.marginals():
        least = max(hurdle * stake / size, _SMALLEST)
        lost += n * (1.0 - float(law.prob_at_least(least)))
        total += n
    return exact(min(max(lost / total, 0.0), 1.0))


def _winners(run: Simulation) -> Iterator[Figure]:
    """What the best bet of each portfolio is to it."""
    if run.portfolio.count is None and run.portfolio.n_bets == 1:
        return
    entered = run.spent > 0.0 if run.portfolio.count is not None else np.ones(run.n_trials, bool)
    spent = run.spent[entered] if run.portfolio.count is not None else run.spent
    with np.errstate(invalid="ignore", over="ignore"):
        rest = (run.totals[entered] - run.largest[entered]) / spent
    back = int(np.count_nonzero(rest >= 1.0))
    label = "chance to get at least the cost back without what the best bet pays"
    yield figure("money_back_without", label, "share", proportion(back, rest.size))
    paid = (run.totals > 0.0) & np.isfinite(run.totals)
    if any(law.support[0] < 0.0 for law, _, _ in run.portfolio.marginals()) or not paid.any():
        return
    share = run.largest[paid] / run.totals[paid]
    yield figure(
        "best_share", "in half of the portfolios the best bet makes at least", "share", quantile_estimate(share, 0.5)
    )
    half = proportion(int(np.count_nonzero(share >= 0.5)), share.size)
    yield figure("best_is_half", "portfolios in which the best bet makes half or more", "share", half)


def _hits(portfolio: Portfolio, asked: Asked) -> Iterator[Figure]:
    """How long one waits for a hit, exactly, where bets are alike and independent."""
    bet = only_bet(portfolio)
    if bet is None:
        return
    n = portfolio.n_bets
    chance = hit_probability(bet, asked.hit, n)
    yield figure("a_hit", f"chance of at least one bet that pays {asked.hit:g}x or more", "share", exact(chance))
    needed = bets_for_hit(bet, asked.hit, 0.9)
    yield figure("bets_for_hit", "bets for a nine in ten chance of a hit", "count", exact(float(needed)))
    longest = drought(bet, asked.hit, n)
    if n > 1:
        label = "longest run of bets without a hit: half of the portfolios have at least this"
        yield figure("drought", label, "count", exact(float(longest.median)))


def _mean(run: Simulation) -> Iterator[Figure]:
    """The mean and how often a portfolio lands near it; nothing where there is no mean."""
    try:
        mean = run.mean()
    except UndefinedMomentError:
        return
    if not math.isfinite(mean.value):
        yield from _index(run)
        return
    label = "average multiple over all portfolios"
    if mean.value == 0.0:
        yield figure("mean", label, "multiple", mean)
        return
    multiples = run.multiples[np.isfinite(run.multiples)]
    near = proportion(int(np.count_nonzero(np.abs(multiples / mean.value - 1.0) < CLOSE)), multiples.size)
    sure = near.interval[0] >= SURE
    verdict = "reliable for one portfolio" if sure else "not reliable for one portfolio, which need not land near it"
    yield figure("mean", label, "multiple", replace(mean, verdict=verdict))
    yield figure("near_mean", "portfolios that land within a fifth of the average", "share", near)


def _index(run: Simulation) -> Iterator[Figure]:
    index = min(min(law.tail_index, law.left_tail_index) for law, _, _ in run.portfolio.marginals())
    if index <= 1.0:
        yield figure("tail_index", "tail index; at or below one there is no average", "index", exact(index))


def _counts(portfolio: Portfolio, asked: Asked) -> tuple[BestCount | None, BetCountCurve | None]:
    """How many such bets serve the target best, where bets are alike and independent."""
    bet = only_bet(portfolio)
    if bet is None or portfolio.n_bets > MOST_COUNTS:
        return None, None
    most = min(max(4 * portfolio.n_bets, 50), MOST_COUNTS)
    try:
        found = optimal_bet_count(
            bet, ProbAtLeast(asked.target), max_bets=most, n_trials=asked.n_trials, rng=asked.seed
        )
    except TailsimError:
        return None, None
    return best_count(found, 1.0), found.curve


def _best(best: BestCount) -> Iterator[Figure]:
    low, high = best.plateau
    yield figure(
        "best_low",
        "least number of bets that cannot be told from the best for the target",
        "count",
        exact(low, _PLATEAU),
    )
    yield figure("best_high", "greatest such number", "count", exact(high, _PLATEAU))
    yield figure("best_score", "chance of the target with the best number of bets", "share", best.score)


def is_resampled(portfolio: Portfolio) -> bool:
    """Whether some payoffs are drawn again from past ones, so that nothing exceeds the largest seen."""
    return any(isinstance(bet.payoff, Empirical) for bet, _ in portfolio.runs())
