"""How many bets serve a goal best: never one number where a simultaneous comparison cannot tell."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._lazy import special
from ..engine.path import count_pairs, path_of
from ..engine.progress import Progress
from ..payoffs._rng import RngLike
from ..payoffs.base import Payoff
from ..portfolio import Bet
from .curve import MAX_COUNTS, BetCountCurve, bet_count_curve, walk
from .goals import Goal

if TYPE_CHECKING:
    from concurrent.futures import Executor

Floats = NDArray[np.float64]
_LEVEL = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class OptimalBetCount:
    """The best number of bets for a goal, with all that cannot be told from it.

    Attributes
    ----------
    goal : Goal
        What was asked for.
    n_bets : int
        The number of bets with the best score in the simulation.
    plateau_set : ndarray of int
        Numbers of bets that a simultaneous 95 % comparison with the best cannot exclude.
    at_edge : bool
        Whether the plateau reaches ``max_bets``: the optimum may lie beyond, or not exist.
    curve : BetCountCurve
        All numbers of bets from 1 to ``max_bets``.
    values, std_errors : ndarray, shape (max_bets,)
        Score for each number of bets; standard error of its difference from the best.
    """

    goal: Goal
    n_bets: int
    plateau_set: NDArray[np.int64]
    at_edge: bool
    curve: BetCountCurve
    values: Floats
    std_errors: Floats

    @property
    def plateau(self) -> tuple[int, int]:
        """Least and greatest number of bets in the plateau set."""
        return int(self.plateau_set[0]), int(self.plateau_set[-1])

    @property
    def has_gaps(self) -> bool:
        """Whether over a fifth of the numbers between the plateau's ends do worse, as with payoffs in steps."""
        low, high = self.plateau
        return len(self.plateau_set) < 0.8 * (high - low + 1)

    @property
    def value(self) -> float:
        """Score of the best."""
        return float(self.values[self.n_bets - 1])

    @property
    def verdict(self) -> str:
        """What may be concluded, in a sentence or two."""
        low, high = self.plateau
        last = int(self.curve.n_bets[-1])
        best = self.goal.describe(self.value)
        n = f"{self.n_bets} bet{'s' if self.n_bets > 1 else ''}"
        gives = f"{n} {'give' if self.n_bets > 1 else 'gives'} {best}"
        missing = high - low + 1 - len(self.plateau_set)
        alike = f"{low} to {high} bets" + (f", but for {missing} numbers between," if missing else "")
        if self.has_gaps:
            alike = f"{len(self.plateau_set)} of the numbers from {low} to {high}"
        if (low, high) == (1, last) and not missing:
            return f"Any number of bets from 1 to {last} gives {best}, as far as {self.curve.n_trials:,} trials tell."
        if self.at_edge and self.n_bets == last:
            others = "" if low == last else f"; {alike} cannot be told apart"
            return (
                f"More bets go on helping up to the edge of the range: {gives}{others}. "
                "Without a cost per bet or a cap there may be no optimum: raise max_bets to see further."
            )
        if self.at_edge:
            edge = "and the edge of the range is among them: raise max_bets to see where it ends"
            return f"{gives}; {alike} cannot be told from that at 95 %, {edge}."
        if low == high:
            return f"{gives}, and no other number from 1 to {last} does as well."
        return f"{gives}; {alike} cannot be told from that at 95 %."

    def plot(self, *, ax: Any = None) -> Any:
        """Score and plateau against the number of bets; see ``plotting.plot_optimal_bet_count``."""
        from .. import plotting

        return plotting.plot_optimal_bet_count(self, ax=ax)

    def __repr__(self) -> str:
        return f"OptimalBetCount({self.goal!r}, n_bets={self.n_bets}, plateau={self.plateau}): {self.verdict}"


def optimal_bet_count(
    bet: Bet | Payoff,
    goal: Goal,
    *,
    max_bets: int,
    n_trials: int = 100_000,
    n_workers: int | None = None,
    executor: "Executor | Any | None" = None,
    progress: Progress = False,
    rng: RngLike = None,
) -> OptimalBetCount:
    """The number of bets that serves a goal best, as a plateau.

    Two passes over the same addresses: the first scores every number of bets, the second counts
    how each goes together with the best, trial by trial, which makes the comparison sharp.

    Parameters
    ----------
    bet : Bet or Payoff
        The bet that is repeated.
    goal : Goal
        ``ProbAtLeast(multiple)`` or ``MedianMultiple()``.
    max_bets : int
        Numbers of bets from 1 to this are compared, at most 2,000.
    n_trials : int, default 100,000
        Simulated worlds.
    n_workers, executor, progress, rng
        As in ``simulate``.

    Returns
    -------
    OptimalBetCount

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    References
    ----------
    Hsu 1996, Multiple Comparisons, chapter 4 (comparison with the best), with Bonferroni's bound
    over the numbers of bets, which holds whatever their correlation.

    Examples
    --------
    >>> import tailsim as ts
    >>> bet = ts.ZeroInflated(ts.Pareto(1.5, scale=2), p_zero=0.65)
    >>> best = ts.optimal_bet_count(bet, ts.ProbAtLeast(3), max_bets=50, n_trials=20_000, rng=1)
    >>> best.at_edge
    False
    """
    _check.instance("bet", bet, (Bet, Payoff), "a Bet or a payoff law")
    _check.instance("goal", goal, Goal, "a goal such as ProbAtLeast(3) or MedianMultiple()")
    rule = f"a whole number from 1 to {MAX_COUNTS:,}"
    max_bets = _check.integer("max_bets", max_bets, rule, low=1, high=MAX_COUNTS)
    how: dict[str, Any] = {"n_workers": n_workers, "executor": executor, "progress": progress}
    curve = bet_count_curve(bet, max_bets, targets=goal.targets, n_trials=n_trials, rng=rng, **how)
    values = goal.values(curve)
    best = int(np.argmax(values))
    errors = _errors(curve, goal, best, **how)
    critical = float(special.ndtri(1.0 - (1.0 - _LEVEL) / max(max_bets - 1, 1)))
    with np.errstate(invalid="ignore"):
        kept = ~(values[best] - values > critical * errors + goal.resolution(curve))
    plateau = curve.n_bets[kept]
    return OptimalBetCount(goal, best + 1, plateau, bool(plateau[-1] == max_bets > 1), curve, values, errors)


def _errors(
    curve: BetCountCurve, goal: Goal, best: int, n_workers: int | None, executor: Any, progress: Progress
) -> Floats:
    """Standard error of each score's difference from the best, paired by trial."""
    path = path_of(curve.bet, curve.n_bets, curve.n_trials, curve.seed)
    ones, both = np.zeros(len(curve.n_bets), np.int64), np.zeros(len(curve.n_bets), np.int64)
    walk(path, partial(count_pairs, path, goal.levels(curve), best), (ones, both), n_workers, executor, progress)
    p, together = ones / curve.n_trials, both / curve.n_trials
    slope = goal.slopes(curve)
    covariance = together - p * p[best]
    # half a discordant trial is added, so that no difference is ever known without error
    own = slope**2 * p * (1.0 - p)
    variance = own + own[best] - 2.0 * slope * slope[best] * covariance
    floor = 0.5 * np.maximum(slope, slope[best]) ** 2 / curve.n_trials
    errors: Floats = np.sqrt(np.maximum(variance, floor) / curve.n_trials)
    errors[best] = 0.0
    return errors
