"""Computing the main job: a published table of venture deals, or a table of past bets."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..decide import Goal, MedianMultiple, OptimalBetCount, ProbAtLeast, optimal_bet_count
from ..engine import simulate
from ..errors import UndefinedMomentError
from ..payoffs import Payoff
from ..portfolio import Portfolio
from ..results import Simulation
from ..stats.estimate import Estimate
from ..stats.intervals import proportion
from ..stats.verdict import mean_verdict
from .answers import BestCount, Chance, Concentration, Scenario, Size, TopShare, View
from .meter import Meter

Show = Callable[[float], object]
SIZES = (1, 10, 20, 30, 50, 100, 200, 500)
MAX_BETS = 500
FRACTIONS = (0.01, 0.06)
SCENARIO_SIZE = 50
_Z = 1.959963984540054

# passes over bets: what a view and a scenario cost
VIEW_COST = sum(SIZES) + 4 * MAX_BETS
SCENARIO_COST = SCENARIO_SIZE + 2 * MAX_BETS


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs portfolios under one seed; Ctrl-C ends everything, since part of a report is none."""

    n_trials: int
    seed: int
    target: float
    meter: Meter

    def size(self, law: Payoff, n_bets: int) -> Size:
        """What a portfolio of ``n_bets`` pays back."""
        run = simulate(
            Portfolio.of(law, n_bets),
            n_trials=self.n_trials,
            keep="trials",
            top=0,
            progress=self.meter.part(n_bets),
            rng=self.seed,
        )
        if run.partial:
            raise KeyboardInterrupt
        shares = _shares(run) if law.support[0] >= 0.0 else (None, None)
        chances = tuple(Chance(k, run.prob_at_least(k)) for k in (1.0, self.target))
        return Size(n_bets, chances, run.median(), run.quantile(0.1), run.quantile(0.9), *shares)

    def best(self, law: Payoff, goal: Goal, unit: float = 1.0) -> BestCount:
        """How many bets up to ``MAX_BETS`` serve a goal; of a law in another unit, the score is put back."""
        found = optimal_bet_count(
            law, goal, max_bets=MAX_BETS, n_trials=self.n_trials, progress=self.meter.part(MAX_BETS), rng=self.seed
        )
        return best_count(replace(found, values=found.values * unit), unit)

    def best_median(self, law: Payoff, largest: float) -> BestCount:
        """The same for the median, in a unit that a curve's bins can hold: they count from 2^-12 to 2^20."""
        if largest == 0.0 or 2.0**-4 < largest < 2.0**16:
            return self.best(law, MedianMultiple())
        unit = 2.0 ** (math.frexp(largest)[1] - 10)
        return self.best(law * (1.0 / unit), MedianMultiple(), unit)

    def view(self, name: str, law: Payoff) -> View:
        """Everything that follows from a law."""
        sizes = tuple(self.size(law, n) for n in SIZES)
        largest = max(abs(size.median.value) for size in sizes)
        best = (self.best(law, ProbAtLeast(self.target)), self.best_median(law, largest))
        return View(name, law.tail_index, concentration(law), sizes, best)

    def scenario(self, name: str, law: Payoff, reference: BestCount, zero: str | None = None) -> Scenario:
        """The answer under another assumption than that of the reference."""
        best = self.best(law, ProbAtLeast(self.target))
        size = self.size(law, SCENARIO_SIZE)
        return _scenario(name, law, zero, size, best, reference)


def seen(name: str, view: View, law: Payoff, reference: BestCount, zero: str | None = None) -> Scenario:
    """The scenario that a view has answered already."""
    size = next(s for s in view.sizes if s.n_bets == SCENARIO_SIZE)
    best = view.best[0]
    return _scenario(name, law, zero, size, best, reference)


def _scenario(name: str, law: Payoff, zero: str | None, size: Size, best: BestCount, reference: BestCount) -> Scenario:
    reliable = mean_verdict(law, MAX_BETS).kind == "reliable"
    changed = flips(best, reference)
    return Scenario(name, law.tail_index, law.mean(), reliable, zero, size, best, best is reference, changed)


def flips(best: BestCount, reference: BestCount) -> bool:
    """Whether the advice on how many bets changes: no number of bets is among the best in both."""
    (low, high), (other_low, other_high) = best.plateau, reference.plateau
    return high < other_low or low > other_high


def best_count(found: OptimalBetCount, unit: float) -> BestCount:
    """What the report keeps of an optimum whose curve is in this unit."""
    score, label = _score(found, unit), found.goal.label
    return BestCount(label, found.n_bets, score, found.plateau, found.at_edge, found.verdict, found.has_gaps)


def _score(found: OptimalBetCount, unit: float) -> Estimate:
    """The score of the best number of bets: a counted probability, or the median between two quantiles."""
    n = found.curve.n_trials
    if found.goal.targets:
        return proportion(round(found.value * n), n)
    reach = 0.5 * _Z / math.sqrt(n)
    low, high = (unit * float(found.curve.quantile(q)[found.n_bets - 1]) for q in (0.5 - reach, 0.5 + reach))
    return Estimate(found.value, (high - low) / (2.0 * _Z), (low, high), 0.95, "order statistics, bins of 0.8 %", n)


def concentration(law: Payoff) -> Concentration:
    """Shares of the value of all bets, or why there are none."""
    try:
        shares = tuple(TopShare(fraction, float(law.top_share(fraction))) for fraction in FRACTIONS)
        return Concentration(shares, law.gini())
    except UndefinedMomentError as error:
        return Concentration(None, None, str(error))


def _shares(run: Simulation) -> tuple[Estimate | None, Estimate | None]:
    """The best payoff's average share of the total, and how often it makes half, where anything was paid."""
    paid = run.totals > 0.0
    defined = int(np.count_nonzero(paid))
    if not defined:
        return None, None
    half = int(np.count_nonzero(paid & (run.largest >= 0.5 * run.totals)))
    return run.max_share(), proportion(half, defined)


def exact(value: float, n_trials: int, verdict: str | None = None) -> Estimate:
    """A number that follows from a law without simulation."""
    error = 0.0 if math.isfinite(value) else math.inf
    return Estimate(value, error, (value, value), 0.95, "exact, from the declared law", n_trials, verdict)
