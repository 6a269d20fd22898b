"""What a programme's years come to: how many bets, how many fail, and what the budget becomes."""

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..engine.parallel import over_blocks
from ..engine.plan import BLOCK
from ..errors import PayoffError
from ..stats.estimate import Estimate
from ..stats.intervals import FEW_HITS, bounded_mean, proportion, quantile_estimate
from ._year import Books, some_blocks
from .goals import Goal
from .goals_exact import Hits
from .practices import Practices
from .programme import Programme, Setting

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Years:
    """Years of a programme, simulated; made by ``Programme.simulate``.

    No answer is a mean of outcomes, which need not exist.

    Attributes
    ----------
    programme : Programme
        What was simulated.
    practices : Practices
        Under which practices.
    n_trials, seed : int
        Years, and what reproduces them.
    budget : float
        What a year is given, in money.
    outcomes : ndarray, shape (n_trials,)
        What a unit of budget becomes in each year: payoffs and what was not spent, over the budget.
    n_tried, n_failed, n_killed : ndarray of int, shape (n_trials,)
        Bets tried in each year, those that paid less than their stake or nothing, and those that gates killed (they
        failed too).
    largest : ndarray, shape (n_trials,)
        What the best bet of each year paid, in stakes; -inf where none was tried.
    reached : ndarray of bool, shape (n_trials,)
        Which years reach the goal.
    n_bets : Estimate
        Bets tried a year, on average.
    failure_rate : Estimate or None
        Share of its bets that fail, averaged over the years that try any; None where no year does.
    median : Estimate
        Outcome that half of the years stay at or below.
    prob_hit : Estimate
        Chance of at least one hit in a year.
    prob_goal : Estimate
        Chance of a year to reach the goal.
    """

    programme: Programme
    practices: Practices
    n_trials: int
    seed: int
    budget: float
    outcomes: Floats
    n_tried: NDArray[np.int64]
    n_failed: NDArray[np.int64]
    n_killed: NDArray[np.int64]
    largest: Floats
    reached: NDArray[np.bool_]
    n_bets: Estimate
    failure_rate: Estimate | None
    median: Estimate
    prob_hit: Estimate
    prob_goal: Estimate

    @property
    def hits(self) -> NDArray[np.bool_]:
        """In which years a bet is a hit, shape (n_trials,)."""
        return np.asarray(self.largest >= self.programme.hit)

    @property
    def verdict(self) -> str:
        """The answers in sentences, each number with its interval in the attribute it comes from."""
        if self.failure_rate is None:
            tried = "No bet is tried."
        else:
            failed = f"{self.failure_rate.value:.1%} of a year's bets fail on average"
            tried = f"A year tries {self.n_bets.value:.4g} bets on average; {failed}."
        half = f"At least half of the years turn a unit of budget into {self.median.value:.3g} or less."
        hit = f"{chance(self.prob_hit)} of the years have a hit, a bet that pays {self.programme.hit:g}x its stake."
        goal = f"{chance(self.prob_goal)} reach the goal of {_aim(self.programme.goal)}."
        return " ".join((tried, half, hit[0].upper() + hit[1:], goal[0].upper() + goal[1:]))

    def __repr__(self) -> str:
        lines = [
            f"Years of {self.programme.n_bets:,} bets, {self.n_trials:,} trials (seed {self.seed})",
            f"  bets tried    {self.n_bets}",
            f"  failure rate  {self.failure_rate if self.failure_rate is not None else 'none: no bet is tried'}",
            f"  median        {self.median}",
            f"  P(a hit)      {self.prob_hit}",
            f"  P(the goal)   {self.prob_goal}",
        ]
        return "\n".join([*lines, *(f"  assumed       {line}" for line in self.practices.assumptions())])


def chance(p: Estimate) -> str:
    """A share of the years, or its bound, rounded outwards, where too few reach it or miss it."""
    seen = round(p.value * p.n)
    if seen < FEW_HITS:
        digits = 1 - math.floor(math.log10(p.interval[1]))
        return f"at most {math.ceil(p.interval[1] * 10**digits) / 10**digits:g}"
    if p.n - seen < FEW_HITS:
        digits = 1 - math.floor(math.log10(1.0 - p.interval[0]))
        return f"at least {math.floor(p.interval[0] * 10**digits) / 10**digits:.10g}"
    return f"{p.value:.1%}"


def _aim(goal: Goal) -> str:
    """What the year is for, in words."""
    if isinstance(goal, Hits):
        return f"{goal.k:,} or more bets that pay {goal.multiple:g}x what a bet costs"
    return f"{goal.targets[0]:g}x the budget"


def simulated(setting: Setting, n_trials: int, seed: int, level: float, how: dict[str, Any]) -> Years:
    """Years of a setting, in any order of blocks."""
    parts: dict[int, list[Books]] = {}

    def merge(part: tuple[int, list[Books]] | None) -> None:
        if part is not None:
            parts[part[0]] = part[1]

    if over_blocks(partial(some_blocks, setting, seed), -(-n_trials // BLOCK), merge, **how):
        raise KeyboardInterrupt
    books = [one for first in sorted(parts) for one in parts[first]]
    return _years(setting, n_trials, seed, level, books)


def _years(setting: Setting, n_trials: int, seed: int, level: float, books: list[Books]) -> Years:
    """The answers from the books of all blocks."""

    def column(name: str) -> Any:
        whole = np.concatenate([getattr(one, name) for one in books])[:n_trials]
        whole.flags.writeable = False
        return whole

    programme, stake = setting.programme, setting.bet.stake
    unspent = np.maximum(setting.n_bets - column("staked"), 0.0) * stake
    outcomes = (column("paid") + unspent) / setting.budget
    if np.isnan(outcomes).any():
        raise PayoffError("a year's gains and losses both exceed the largest double; state ideas in a larger unit.")
    tried, failed = column("tried"), column("failed")
    largest = column("largest") / stake
    for array in (outcomes, largest):
        array.flags.writeable = False
    aim, hits = programme.goal, largest >= programme.hit
    goal = column("counted") >= aim.k if isinstance(aim, Hits) else outcomes >= aim.targets[0]
    goal.flags.writeable = False
    answers = (
        _average(tried.astype(np.float64), float(setting.n_bets * setting.rounds), level),
        _average(failed[tried > 0] / tried[tried > 0], 1.0, level) if tried.any() else None,
        quantile_estimate(outcomes, 0.5, level),
        proportion(int(np.count_nonzero(hits)), n_trials, level),
        proportion(int(np.count_nonzero(goal)), n_trials, level),
    )
    kept = (outcomes, tried, failed, column("killed"), largest, goal)
    return Years(programme, setting.practices, n_trials, seed, setting.budget, *kept, *answers)


def _average(x: Floats, high: float, level: float) -> Estimate:
    """The mean of what lies within [0, high] in every year."""
    if x.size and float(x.min()) == float(x.max()) == high:  # as many as there are, in every year
        return Estimate(high, 0.0, (high, high), level, "the same in every year", x.size)
    return bounded_mean(float(x.sum()), float((x * x).sum()), x.size, 0.0, high, level)
