"""A team's year of bets: what it tries, what it spends, when it stops, and what it is for."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import _check
from ..errors import ArgumentError
from ..payoffs._rng import RngLike, seed_of
from ..payoffs.base import Payoff, check_law
from ..portfolio import Bet, Portfolio
from .gates import Gate, Look, checked_gates, looks_of
from .goals import Goal, ProbAtLeast
from .goals_exact import Hits
from .perceived import Fear
from .practices import Practices, changed
from .terms import Linear, Pairwise

if TYPE_CHECKING:
    from .years import Years

MAX_BETS = 100_000
_DOUBLED = ProbAtLeast(2.0)
_GATED = {
    "rounds": "rounds above 1 need gates, for only a killed bet frees money for another round",
    "noise": "noise needs gates, for it is that of their signals",
    "looks": "looks above 1 need gates to look up to",
    "reported": "reported below 1 needs gates at which failures could be reported",
}


@dataclass(frozen=True, slots=True)
class Programme:
    """A team's year of bets.

    The budget is n_bets stakes and the overhead. Each idea becomes a bet; a gate may kill it, which frees what is left
    of its stake; what killed bets of a round free pays for as many whole bets as it can in the next one. The outcome of
    a year is what its bets paid and what was not spent in the end, over the budget: what a unit of budget becomes.
    Without gates and practices all stakes are spent, and the outcome is the multiple of the plain portfolio.

    Parameters
    ----------
    ideas : Payoff
        Law of what an idea pays if carried through, as a multiple of its stake.
    n_bets : int
        Ideas the team could try at once, from 1 to 100,000; the budget pays for all of them.
    stake : float, default 1
        Price of a bet that is carried through, in money, above 0.
    overhead : float, default 0
        What the year costs beside its bets, in money, not negative.
    gates : sequence of Gate, default ()
        Where bets may be killed, in the order in which they meet them.
    rounds : int, default 1
        Rounds of bets in the year, from 1 to 1,000; more than one needs gates.
    goal : ProbAtLeast or Hits, default ProbAtLeast(2)
        What the year is for: an outcome of at least that multiple of the budget. A year that tries nothing keeps its
        stakes, so a goal of at most 1 can be reached by doing nothing. ``Hits(multiple, k)``: at
        least k bets pay that multiple of what a bet costs, which is the budget over the number of bets at once.
    hit : float, default 10
        A bet that pays at least so many stakes is a hit.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule; settings that contradict each other are all listed.

    Examples
    --------
    >>> import tailsim as ts
    >>> from tailsim.decide import Gate
    >>> ideas = ts.ZeroInflated(ts.Pareto(1.5), 0.65)
    >>> team = ts.Programme(ideas, 30, overhead=5, gates=[Gate(0.2, 0.5)], rounds=2, goal=ts.ProbAtLeast(1.5))
    >>> team.budget()
    35.0
    >>> found = team.simulate(n_trials=20_000, rng=1)
    >>> found.failure_rate > 0.6, found.prob_goal < found.prob_hit
    (True, True)
    """

    ideas: Payoff
    n_bets: int
    stake: float = 1.0
    overhead: float = 0.0
    gates: tuple[Gate, ...] = ()
    rounds: int = 1
    goal: Goal = _DOUBLED
    hit: float = 10.0

    def __post_init__(self) -> None:
        def put(name: str, value: Any) -> None:
            object.__setattr__(self, name, value)

        check_law("ideas", self.ideas)
        rule = f"a whole number from 1 to {MAX_BETS:,}"
        put("n_bets", _check.integer("n_bets", self.n_bets, rule, low=1, high=MAX_BETS))
        put("stake", _check.positive("stake", self.stake))
        put("overhead", _check.real("overhead", self.overhead, "a finite number, not negative", low=0.0))
        put("gates", checked_gates(self.gates))
        put("rounds", _check.integer("rounds", self.rounds, "a whole number from 1 to 1,000", low=1, high=1000))
        rule = "ProbAtLeast(multiple) or Hits(multiple, k), which a year reaches or does not"
        _check.instance("goal", self.goal, (ProbAtLeast, Hits), rule)
        put("hit", _check.positive("hit", self.hit))
        refuse_all(self, list(_unreachable(self)) + contradictions(self, Practices()))
        Setting.of(self, Practices())

    def budget(self, practices: Practices | None = None) -> float:
        """What the year is given, in money: stakes of all bets at once, overhead and coordination.

        Parameters
        ----------
        practices : Practices, optional
            By default those that leave the programme as it is.
        """
        return setting_of(self, practices).budget

    def simulate(
        self,
        practices: Practices | None = None,
        *,
        n_trials: int = 20_000,
        level: float = 0.95,
        n_workers: int | None = None,
        executor: Any = None,
        rng: RngLike = None,
    ) -> "Years":
        """Simulate years of the programme, under some practices.

        Bet j of year i has the same luck under all practices and for any number of bets, so that two results with one
        seed differ by the practices alone.

        Parameters
        ----------
        practices : Practices, optional
            By default those that leave the programme as it is.
        n_trials : int, default 20,000
            Years to simulate, from 100 to 1e8.
        level : float
            Confidence level of all intervals.
        n_workers, executor
            As for ``tailsim.simulate``.
        rng : None, int, SeedSequence or Generator
            Seed.

        Returns
        -------
        Years

        Raises
        ------
        ArgumentError
            If an argument breaks its rule; settings that contradict each other are all listed.
        PayoffError
            If a year's payoffs cannot be summed.
        KeyboardInterrupt
            On Ctrl-C.
        """
        from .years import simulated

        setting = setting_of(self, practices)
        level = _check.level(level)
        n_trials = _check.integer("n_trials", n_trials, "a whole number from 100 to 1e8", low=100, high=10**8)
        return simulated(setting, n_trials, seed_of(rng), level, {"n_workers": n_workers, "executor": executor})

    def portfolio(self) -> Portfolio:
        """The bets of the first round as a plain portfolio, without gates, overhead and practices."""
        return Portfolio.of(Bet.from_multiple(self.ideas, self.stake), self.n_bets)


@dataclass(frozen=True, slots=True)
class Setting:
    """A programme under some practices, resolved into what a simulation needs."""

    programme: Programme
    practices: Practices
    n_bets: int
    rounds: int
    looks: tuple[Look, ...]
    fear: Fear | None
    budget: float
    bar: float  # money that a bet must pay to count for a goal of hits

    @property
    def bet(self) -> Bet:
        """The bet that an idea becomes."""
        return Bet.from_multiple(self.programme.ideas, self.programme.stake)

    @classmethod
    def of(cls, programme: Programme, practices: Practices) -> "Setting":
        """What the practices make of the programme."""
        n = n_bets_of(programme, practices)
        rounds = programme.rounds if practices.rounds is None else practices.rounds
        bet = Bet.from_multiple(programme.ideas, programme.stake)
        coordination = programme.stake * (Linear(practices.video_cost)(n) + Pairwise(practices.meeting_cost)(n))
        budget = math.fsum([n * programme.stake, programme.overhead, coordination])
        if not math.isfinite(budget):
            raise _check.refuse("stake", "a price at which the year's budget is a finite number", programme.stake)
        fear = Fear.of(bet.payoff, bet.stake, practices.least_odds, practices.odds_gradient)
        looks = looks_of(programme.gates, practices.noise, practices.looks)
        bar = getattr(programme.goal, "multiple", math.inf) * (budget / n)
        return cls(programme, practices, n, rounds, looks, fear, budget, bar)


def n_bets_of(programme: Programme, practices: Practices) -> int:
    """Bets at once under the practices."""
    return max(1, math.floor(programme.n_bets * practices.attempts + 0.5))


def setting_of(programme: Programme, practices: Practices | None) -> Setting:
    """The programme under the practices, refused with everything that contradicts."""
    practices = Practices() if practices is None else practices
    _check.instance("practices", practices, Practices, "None or Practices(...)")
    refuse_all(programme, contradictions(programme, practices))
    return Setting.of(programme, practices)


def contradictions(programme: Programme, practices: Practices) -> list[str]:
    """Everything in the settings that cannot be meant together, one phrase each."""
    found = []
    if not programme.gates:
        moved = changed(practices) | ({"rounds"} if programme.rounds > 1 and practices.rounds is None else set())
        idle = {"rounds"} if practices.rounds == 1 else set()
        found = [why for name, why in _GATED.items() if name in moved - idle]
    if (n := n_bets_of(programme, practices)) > MAX_BETS:
        found.append(f"attempts={practices.attempts:g} makes {n:,} bets, more than {MAX_BETS:,}")
    return found


def _unreachable(programme: Programme) -> Any:
    """What no year can do."""
    high = programme.ideas.support[1]
    goal = programme.goal
    if isinstance(goal, ProbAtLeast) and goal.multiple > max(high, 1.0):
        yield f"no year reaches the goal of {goal.multiple:g}x, for no idea pays more than {high:g}x"
    if isinstance(goal, Hits) and goal.k > (most := programme.n_bets * programme.rounds):
        yield f"no year reaches the goal of {goal.k:,} hits with {most:,} bets"


def refuse_all(programme: Programme, found: list[str]) -> None:
    """Refuse settings that contradict each other, all at once."""
    if found:
        raise ArgumentError(f"the settings contradict each other: {'; '.join(found)}.")
