"""How many bets serve a goal best: never one number where a simultaneous comparison cannot tell."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..engine.progress import Progress
from ..payoffs._rng import RngLike, seed_of
from ..payoffs.base import Payoff
from ..portfolio import Bet
from ..stats.estimate import Estimate
from ..stats.verdict import mean_verdict
from .curve import MAX_COUNTS, BetCountCurve
from .goals import NAMES, Goal
from .goals_exact import NetValue
from .scoring import LEVEL, Way, scored
from .terms import Coordination, Quality, Reserve, Terms, terms_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .flips import FlipPoint

Floats = NDArray[np.float64]


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
        All numbers of bets from 1 to ``max_bets`` that a budget pays for.
    values, std_errors : ndarray, shape (m,)
        Score for each number of bets of the curve; standard error of its difference from the best.
    terms : Terms
        Stake and money spent for each number of bets.
    """

    goal: Goal
    n_bets: int
    plateau_set: NDArray[np.int64]
    at_edge: bool
    curve: BetCountCurve
    values: Floats
    std_errors: Floats
    terms: Terms
    _asked: dict[str, Any] = field(repr=False)

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
        return float(self.values[self._row(self.n_bets)])

    @property
    def stake(self) -> float:
        """What the best number of bets stakes on each, in money."""
        return float(self.terms.stakes[self._row(self.n_bets)])

    def _row(self, n_bets: int) -> int:
        row = int(np.searchsorted(self.curve.n_bets, n_bets))
        if row == len(self.curve.n_bets) or self.curve.n_bets[row] != n_bets:
            rule = f"a number of bets from {self.curve.n_bets[0]} to {self.curve.n_bets[-1]} that the terms allow"
            raise _check.refuse("n_bets", rule, n_bets)
        return row

    def loss(self, n_bets: int) -> Estimate:
        """What making ``n_bets`` bets instead of the best number costs, in the goal's own unit.

        Parameters
        ----------
        n_bets : int
            One of the curve's numbers of bets.

        Returns
        -------
        Estimate
            Best score less that of ``n_bets``, with a 95 % interval from trials in pairs.

        Raises
        ------
        ArgumentError
            If the curve has no such number of bets.
        """
        row = self._row(_check.integer("n_bets", n_bets, "a whole number of at least 1", low=1))
        lost, error = self.value - float(self.values[row]), float(self.std_errors[row])
        half = 1.959963984540054 * error
        method = "difference of paired trials" if error else "exact, from the laws"
        return Estimate(lost, error, (lost - half, lost + half), LEVEL, method, self.curve.n_trials)

    @property
    def half(self) -> Estimate | None:
        """Cost of half as many bets (rounded up); None where the curve has no such number."""
        return self._loss_if_there(-(-self.n_bets // 2))

    @property
    def twice(self) -> Estimate | None:
        """Cost of twice as many bets; None where the curve has no such number."""
        return self._loss_if_there(2 * self.n_bets)

    def _loss_if_there(self, n: int) -> Estimate | None:
        return self.loss(n) if n in self.curve.n_bets else None

    def flip_points(self, *, n_trials: int | None = None) -> tuple["FlipPoint", ...]:
        """Where the answer would change: other tail indices, failure rates and overheads, one at a time.

        Each is moved away from what it is until no number of bets is in the plateau set of both; the same question
        is asked anew with the same seed, some dozens of times. Fewer trials make wider plateaus, which part later.

        Parameters
        ----------
        n_trials : int, optional
            Trials of each of these runs; by default as many as here, at most 20,000.

        Returns
        -------
        tuple of FlipPoint
            One for each direction; its ``value`` is None where the answer does not change within reach.

        Raises
        ------
        ArgumentError
            If ``n_trials`` is not a whole number of at least 1.
        """
        from .flips import flip_points

        return flip_points(self, n_trials)

    @property
    def verdict(self) -> str:
        """What may be concluded, in a few sentences."""
        said = self._conclusion()
        last = int(self.curve.n_bets[-1])
        if last < int(self._asked["max_bets"]):
            said += f" The terms pay for no more than {last} bets."
        if isinstance(self.goal, NetValue):
            said += f" {mean_verdict(self.curve.bet.payoff, self.n_bets).sentence}"
        return said

    def _conclusion(self) -> str:
        low, high = self.plateau
        first, last = int(self.curve.n_bets[0]), int(self.curve.n_bets[-1])
        best = self.goal.describe(self.value)
        n = f"{self.n_bets} bet{'s' if self.n_bets > 1 else ''}"
        gives = f"{n} {'give' if self.n_bets > 1 else 'gives'} {best}"
        missing = high - low + 1 - len(self.plateau_set)
        some = f", but for {missing} {'number' if missing == 1 else 'numbers'} between,"
        alike = f"{low} to {high} bets" + (some if missing else "")
        if self.has_gaps:
            alike = f"{len(self.plateau_set)} of the numbers from {low} to {high}"
        if (low, high) == (first, last) and not missing:
            told = f"as far as {self.curve.n_trials:,} trials tell"
            return f"Any number of bets from {first} to {last} gives {best}, {told}."
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
            return f"{gives}, and no other number from {first} to {last} does as well."
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
    budget: float | None = None,
    overhead: float = 0.0,
    min_stake: float | None = None,
    coordination: Coordination | None = None,
    quality: Quality | None = None,
    reserve: Reserve | float | None = None,
    n_workers: int | None = None,
    executor: "Executor | Any | None" = None,
    progress: Progress = False,
    rng: RngLike = None,
) -> OptimalBetCount:
    """The number of bets that serves a goal best, as a plateau.

    Two passes over the same addresses: the first scores every number of bets, the second counts
    how each goes together with the best, trial by trial, which makes the comparison sharp. All
    numbers are scored, so a goal with several peaks is served by the highest.

    Parameters
    ----------
    bet : Bet or Payoff
        The bet that is repeated.
    goal : Goal
        ``ProbAtLeast(multiple)``, ``MedianMultiple()``, ``QuantileMultiple(q)``, ``ExpectedUtility(risk_aversion)``,
        ``LogGrowth()``, ``WorstCase(worst)``, ``Hits(multiple, k)`` or ``NetValue()``; the last two are exact.
    max_bets : int
        Numbers of bets from 1 to this are compared, at most 2,000.
    n_trials : int, default 100,000
        Simulated worlds.
    budget : float, optional
        All the money there is, in money: what is left of it after reserve, overhead and coordination is split evenly
        over the bets, and payoffs scale with the stake. By default each bet has its own stake, and n bets spend n
        times as much as one.
    overhead : float, default 0
        What a bet costs beside its stake, in money; it is spent.
    min_stake : float, optional
        The least stake that is viable, in money: numbers of bets whose stake is less are left out.
    coordination : Linear, Pairwise or callable, optional
        What n bets cost together, in money; it is spent. A function of n is called once for each n at the start.
    quality : Fading, callable or sequence, optional
        What the payoff of the j-th bet (j = 1, 2, ...) is multiplied by, or its law, at the bet's own stake: ideas
        in the order in which they are tried, the best first. A function is called once for each j at the start, so
        that it needs not be picklable.
    reserve : Reserve or float, optional
        The share of the budget kept to double down on winners; a number is ``Reserve(number)``.
    n_workers, executor, progress, rng
        As in ``simulate``.

    Returns
    -------
    OptimalBetCount

    Raises
    ------
    ArgumentError
        If an argument breaks its rule, or the terms contradict each other: all that do are listed.
    UndefinedMomentError
        If the goal is a mean that the payoffs do not have.

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
    _check.instance("goal", goal, Goal, f"a goal, one of {NAMES}")
    rule = f"a whole number from 1 to {MAX_COUNTS:,}"
    max_bets = _check.integer("max_bets", max_bets, rule, low=1, high=MAX_COUNTS)
    n_trials = _check.integer("n_trials", n_trials, "a whole number from 1 to 2**31 - 1", low=1, high=2**31 - 1)
    costs = {"budget": budget, "overhead": overhead, "min_stake": min_stake}
    asked: dict[str, Any] = {**costs, "coordination": coordination, "quality": quality, "reserve": reserve}
    terms = terms_of(Bet(bet) if isinstance(bet, Payoff) else bet, max_bets, **asked)
    goal.check(terms)
    way = Way(n_trials, seed_of(rng), n_workers, executor, progress)
    asked["max_bets"] = max_bets
    return _best(goal, terms, way, asked)


def _best(goal: Goal, terms: Terms, way: Way, asked: dict[str, Any]) -> OptimalBetCount:
    """The best of what was scored, and all that the comparison keeps."""
    curve, values, errors, unseen = scored(goal, terms, way)
    best = int(np.argmax(values))
    m = len(values)
    with np.errstate(invalid="ignore"):
        # one-sided Bonferroni over the others
        kept = ~(values[best] - values > _critical(m) * errors + unseen)
    plateau = curve.n_bets[kept]
    at_edge = bool(plateau[-1] == asked["max_bets"] > 1)
    for array in (plateau, values, errors):
        array.flags.writeable = False
    return OptimalBetCount(goal, int(curve.n_bets[best]), plateau, at_edge, curve, values, errors, terms, asked)


def _critical(m: int) -> float:
    from .._lazy import special

    return float(special.ndtri(1.0 - (1.0 - LEVEL) / max(m - 1, 1))) if m > 1 else math.inf
