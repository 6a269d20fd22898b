"""On what terms bets are made: a budget, overheads, coordination, ideas that run out, money kept for winners."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..engine.path import FollowOn
from ..errors import ArgumentError
from ..payoffs.base import Payoff
from ..portfolio import Bet

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linear:
    """Coordination that costs the same for each bet, as where work is asynchronous: ``cost * n``.

    Parameters
    ----------
    cost : float
        Money a bet, at least 0.

    Examples
    --------
    >>> Linear(0.1)(20)
    2.0
    """

    cost: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "cost", _check.real("cost", self.cost, "a finite number of at least 0", low=0.0))

    def __call__(self, n_bets: int) -> float:
        """Cost of ``n_bets`` bets, in money."""
        return self.cost * n_bets


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Coordination that costs the same for each pair of bets, as where all must meet: ``cost * n (n - 1) / 2``.

    Parameters
    ----------
    cost : float
        Money a pair, at least 0.

    References
    ----------
    Brooks 1975, The Mythical Man-Month, chapter 2: intercommunication effort grows as n (n - 1) / 2.

    Examples
    --------
    >>> Pairwise(0.1)(20)
    19.0
    """

    cost: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "cost", _check.real("cost", self.cost, "a finite number of at least 0", low=0.0))

    def __call__(self, n_bets: int) -> float:
        """Cost of ``n_bets`` bets, in money."""
        return self.cost * (n_bets * (n_bets - 1) / 2)


@dataclass(frozen=True, slots=True)
class Fading:
    """Ideas that run out, the best tried first: the j-th pays ``2 ** (-(j - 1) / half_life)`` of what the first would.

    Parameters
    ----------
    half_life : float
        After how many ideas payoffs have halved, above 0.

    Examples
    --------
    >>> Fading(10)(11)
    0.5
    """

    half_life: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "half_life", _check.positive("half_life", self.half_life))

    def __call__(self, j: int) -> float:
        """What the payoff of the j-th idea is multiplied by."""
        return float(2.0 ** (-(j - 1) / self.half_life))


@dataclass(frozen=True, slots=True)
class Reserve:
    """A share of the budget that is kept to double down on winners.

    Once bets have shown what they pay, what was kept is split evenly over those that pay at least ``hurdle`` times
    their stake. A unit then buys 1 / ``price`` of what a unit bought at first. Where no bet wins, it comes back.

    Parameters
    ----------
    share : float
        Share of the budget, at least 0 and below 1.
    price : float, default 1
        What a unit of a winner costs then, as a multiple of what it cost at first, above 0. At 1 (rights to follow on
        at the first price) this is the most that a reserve can bring.
    hurdle : float, default 1
        Multiple from which a bet is a winner, above 0.

    Examples
    --------
    >>> Reserve(0.5, price=4)
    Reserve(share=0.5, price=4.0, hurdle=1.0)
    """

    share: float
    price: float = 1.0
    hurdle: float = 1.0

    def __post_init__(self) -> None:
        rule = "a share of the budget of at least 0 and below 1"
        object.__setattr__(self, "share", _check.real("share", self.share, rule, low=0.0, below=1.0))
        object.__setattr__(self, "price", _check.positive("price", self.price))
        object.__setattr__(self, "hurdle", _check.positive("hurdle", self.hurdle))


Coordination: TypeAlias = Linear | Pairwise | Callable[[int], float]
Quality: TypeAlias = Fading | Callable[[int], "float | Payoff"] | Sequence[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What each number of bets that can be paid costs and scales to.

    Attributes
    ----------
    counts : ndarray of int, shape (m,)
        Numbers of bets whose stake is viable.
    stakes, spent : ndarray, shape (m,)
        Stake of a bet, and all money, for each of them.
    bets : tuple of Bet
        The bets in the order in which they are made, where their laws differ.
    factors : ndarray or None
        What their payoffs are multiplied by, where only that differs.
    """

    bet: Bet
    counts: NDArray[np.int64]
    stakes: Floats
    spent: Floats
    factors: Floats | None
    bets: tuple[Bet, ...]
    reserve: Reserve | None

    @property
    def divisors(self) -> Floats:
        """What the sum of payoffs of bets at their own stake is divided by to give the multiple."""
        return self.spent * (self.bet.stake / self.stakes)

    @property
    def follow_on(self) -> FollowOn | None:
        """The reserve in the engine's words."""
        if (kept := self.reserve) is None:
            return None
        return FollowOn(kept.hurdle * self.bet.stake, self.bet.stake, kept.price, kept.share)

    def law(self, j: int) -> Payoff:
        """Law of the payoff of the j-th bet, from 0, at the bet's own stake."""
        if self.bets:
            return self.bets[j].payoff
        if self.factors is None or self.factors[j] == 1.0:
            return self.bet.payoff
        return self.bet.payoff * float(self.factors[j])

    @property
    def alike(self) -> bool:
        """Whether all bets have one law."""
        return not self.bets and self.factors is None


def terms_of(
    bet: Bet,
    max_bets: int,
    *,
    budget: float | None,
    overhead: float,
    min_stake: float | None,
    coordination: Any,
    quality: Any,
    reserve: Any,
) -> Terms:
    """The terms asked for, checked: what contradicts each other is all listed."""
    at_least_0 = "a finite number of at least 0"
    overhead = _check.real("overhead", overhead, at_least_0, low=0.0)
    budget = None if budget is None else _check.positive("budget", budget)
    min_stake = None if min_stake is None else _check.positive("min_stake", min_stake)
    if reserve is not None and not isinstance(reserve, Reserve):
        reserve = Reserve(
            _check.real("reserve", reserve, "a share of the budget in [0, 1), or a Reserve", low=0, below=1)
        )
    n = np.arange(1, max_bets + 1)
    meetings = _costs(coordination, max_bets)
    _check_together(bet, budget, overhead, min_stake, meetings, reserve)
    if budget is None:
        stakes = np.full(max_bets, bet.stake)
        spent = n * bet.stake + n * overhead + meetings
    else:
        kept = 0.0 if reserve is None else reserve.share
        stakes = (budget * (1.0 - kept) - meetings) / n - overhead
        spent = np.full(max_bets, budget)
    # a hair of rounding must not cost the number that just fits
    viable = stakes >= (1.0 - 1e-12) * min_stake if min_stake is not None else stakes > 1e-12 * overhead
    factors, bets = _ideas(bet, quality, int(n[viable][-1]))
    counts = n[viable]
    counts.flags.writeable = False
    return Terms(bet, counts, stakes[viable], spent[viable], factors, bets, reserve)


def _costs(coordination: Any, max_bets: int) -> Floats:
    """Coordination of 1 .. max_bets bets, in money."""
    if coordination is None:
        return np.zeros(max_bets)
    rule = "Linear(cost), Pairwise(cost) or a function of the number of bets"
    if not callable(coordination):
        raise _check.refuse("coordination", rule, coordination)
    at_least_0 = "a function that returns finite numbers of at least 0"
    return np.array([_check.real("coordination", coordination(n), at_least_0, low=0) for n in range(1, max_bets + 1)])


def _check_together(
    bet: Bet, budget: float | None, overhead: float, min_stake: float | None, meetings: Floats, reserve: Reserve | None
) -> None:
    """Refuse terms that contradict each other, all of them in one sentence."""
    wrong = []
    if budget is None and reserve is not None:
        wrong.append("reserve is a share of the budget, and there is no budget")
    if budget is None and min_stake is not None and bet.stake < min_stake:
        wrong.append(
            f"min_stake = {min_stake:g} is more than the bet's stake of {bet.stake:g}, which only a budget changes"
        )
    if budget is not None:
        n = np.arange(1, len(meetings) + 1)
        kept = 0.0 if reserve is None else reserve.share
        # without a least stake one must still be above 0: the smallest budget then is an open end
        least = float(np.min(n * ((min_stake or 0.0) + overhead) + meetings)) / (1.0 - kept)
        short = budget < least * (1.0 - 1e-12) if min_stake is not None else budget * (1.0 - 1e-12) <= least
        if short:
            than = "at least" if min_stake is not None else "more than"
            wrong.append(f"a budget of {budget:g} pays for no bet, the smallest that works is {than} {least:.6g}")
    if budget is not None and min_stake is not None and min_stake > budget:
        wrong.append(f"min_stake = {min_stake:g} is more than the budget of {budget:g}")
    if budget is not None and overhead >= budget:
        wrong.append(f"overhead = {overhead:g} of one bet uses up the budget of {budget:g}")
    if wrong:
        raise ArgumentError(f"the terms contradict each other: {'; '.join(wrong)}.")


def _ideas(bet: Bet, quality: Any, n: int) -> tuple[Floats | None, tuple[Bet, ...]]:
    """Factors of the payoffs of n ideas, or their bets where ``quality`` gives laws."""
    if quality is None:
        return None, ()
    rule = (
        "Fading(half_life), a function of j = 1, 2 and so on or a sequence, that gives a factor of at least 0 or a law"
    )
    if callable(quality):
        given = [quality(j) for j in range(1, n + 1)]
    elif isinstance(quality, (Sequence, np.ndarray)) and not isinstance(quality, (str, bytes)):
        if len(quality) < n:
            raise _check.refuse("quality", f"at least {n} long, as many as bets can be made", quality)
        given = list(quality[:n])
    else:
        raise _check.refuse("quality", rule, quality)
    if any(isinstance(item, Payoff) for item in given):
        for j, item in enumerate(given):
            _check.instance(f"quality of bet {j + 1}", item, Payoff, "a law where others are laws")
        return None, tuple(Bet(item, bet.stake) for item in given)
    factors = np.array([_check.real(f"quality of bet {j + 1}", q, rule, low=0.0) for j, q in enumerate(given)])
    return factors, ()
