"""Where the answer to "how many bets" changes: the same question under other tails, failure rates and overheads."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from .. import _check
from ..errors import TailsimError
from ..payoffs import (
    Affine,
    Buckets,
    BurrXII,
    GeneralizedPareto,
    Mixture,
    Payoff,
    Spliced,
    Stable,
    StudentT,
    ZeroInflated,
)
from ..portfolio import Bet
from .optimum import OptimalBetCount, optimal_bet_count

Again: TypeAlias = Callable[[float], OptimalBetCount | None]
_STEPS, _HALVINGS = 5, 5
_MOST_TRIALS = 20_000


@dataclass(frozen=True, slots=True)
class FlipPoint:
    """How far one assumption can move before the answer changes.

    Attributes
    ----------
    assumption : str
        "tail_index", "failure_rate" (share of the bets that pay nothing) or "overhead" (money a bet).
    now : float
        What it is.
    reach : float
        How far it was moved, in this direction.
    value : float or None
        Where no number of bets is any longer in both plateau sets; None where that does not happen within reach.
    plateau : tuple of int or None
        The plateau there.
    """

    assumption: str
    now: float
    reach: float
    value: float | None
    plateau: tuple[int, int] | None

    def __str__(self) -> str:
        if self.value is None or self.plateau is None:
            return f"{self.assumption} {self.now:.3g}: the answer stays down or up to {self.reach:.3g}"
        low, high = self.plateau
        return f"{self.assumption} {self.now:.3g}: at {self.value:.3g} the answer is {low} to {high} bets"


def with_tail_index(law: Payoff, tail_index: float) -> Payoff | None:
    """The law with another index in its heaviest right tail; None where it has none to change."""
    if not math.isfinite(law.tail_index):
        return None
    if isinstance(law, GeneralizedPareto):
        return replace(law, xi=1.0 / tail_index)
    if isinstance(law, StudentT):
        return replace(law, df=tail_index)
    if isinstance(law, Stable):
        return replace(law, stability=tail_index) if tail_index < 2.0 else None
    if isinstance(law, BurrXII):
        return replace(law, k=tail_index / law.c)
    for part in ("base", "tail") if isinstance(law, (Affine, ZeroInflated, Buckets, Spliced)) else ():
        inner = getattr(law, part, None)
        if isinstance(inner, Payoff) and inner.tail_index == law.tail_index:
            changed = with_tail_index(inner, tail_index)
            return None if changed is None else _with(law, **{part: changed})
    if isinstance(law, Mixture):
        return _mixture(law, tail_index)
    if "tail_index" in getattr(law, "__dataclass_fields__", {}):
        return _with(law, tail_index=tail_index)
    return None


def _with(law: Any, **changes: Any) -> Payoff:
    """The law with other fields."""
    changed: Payoff = replace(law, **changes)
    return changed


def _mixture(law: Mixture, tail_index: float) -> Payoff | None:
    """The mixture whose heaviest components have the other index."""
    parts = [with_tail_index(c, tail_index) if c.tail_index == law.tail_index else c for c in law.components]
    return None if any(part is None for part in parts) else replace(law, components=tuple(p for p in parts if p))


def failing(law: Payoff) -> float:
    """Share of the bets that pay nothing."""
    return math.fsum(p for x, p in law.atoms if x == 0.0)


def with_failures(law: Payoff, rate: float) -> Payoff | None:
    """The law that pays nothing with another probability; None where zeros cannot be taken out of it."""
    now = failing(law)
    if isinstance(law, ZeroInflated) and failing(law.base) == 0.0:
        return replace(law, p_zero=rate)
    return ZeroInflated(law, 1.0 - (1.0 - rate) / (1.0 - now)) if now <= rate < 1.0 else None


def _asked_again(found: OptimalBetCount, n_trials: int, law: Payoff | None = None, **terms: Any) -> OptimalBetCount:
    """The same question with another law or other terms, under the same seed."""
    bet = found.curve.bet if law is None else Bet(law, found.curve.bet.stake)
    return optimal_bet_count(bet, found.goal, n_trials=n_trials, rng=found.curve.seed, **{**found._asked, **terms})


def _apart(a: OptimalBetCount, b: OptimalBetCount) -> bool:
    """Whether no number of bets is in both plateau sets."""
    return set(a.plateau_set.tolist()).isdisjoint(b.plateau_set.tolist())


def _search(
    name: str,
    now: float,
    away: Iterator[float],
    again: Callable[[float], OptimalBetCount | None],
    base: OptimalBetCount,
) -> FlipPoint:
    """Outwards step by step until the answer changes, then by halves."""
    same = now
    for value in away:
        try:
            found = again(value)
        except TailsimError:  # there the question has no answer: a mean is missing, or no bet can be paid
            found = None
        if found is None:
            break
        if not _apart(base, found):
            same = value
            continue
        for _ in range(_HALVINGS):
            middle = 0.5 * (same + value)
            between = again(middle)
            if between is None or not _apart(base, between):
                same = middle
            else:
                value, found = middle, between
        return FlipPoint(name, now, value, value, found.plateau)
    return FlipPoint(name, now, same, None, None)


def flip_points(found: OptimalBetCount, n_trials: int | None) -> tuple[FlipPoint, ...]:
    """Flip points in every direction there is."""
    n = min(found.curve.n_trials, _MOST_TRIALS)
    if n_trials is not None:
        n = _check.integer("n_trials", n_trials, "a whole number from 1 to 2**31 - 1", low=1, high=2**31 - 1)
    law, base = found.curve.bet.payoff, _asked_again(found, n)

    def of_law(change: Callable[[Payoff, float], Payoff | None]) -> Callable[[float], OptimalBetCount | None]:
        def again(value: float) -> OptimalBetCount | None:
            changed = change(law, value)
            return None if changed is None else _asked_again(found, n, changed)

        return again

    def at_overhead(value: float) -> OptimalBetCount:
        return _asked_again(found, n, overhead=value)

    steps, points = range(1, _STEPS + 1), []
    if math.isfinite(index := law.tail_index) and with_tail_index(law, index) is not None:
        for factor in (1.25, 0.8):
            away = (index * factor**k for k in steps)
            points.append(_search("tail_index", index, away, of_law(with_tail_index), base))
    if (lost := failing(law)) < 1.0:
        directions = [(1.0 - (1.0 - lost) * 0.7**k for k in steps)]
        if lost > 0.0 and with_failures(law, 0.0) is not None:
            directions.append(lost * (1.0 - k / _STEPS) for k in steps)
        points += [_search("failure_rate", lost, away, of_law(with_failures), base) for away in directions]
    cost, stake = float(found._asked["overhead"]), found.stake
    points.append(
        _search("overhead", cost, (cost + stake * 0.1 * 2.0**k for k in range(_STEPS + 1)), at_overhead, base)
    )
    if cost > 0.0:
        points.append(_search("overhead", cost, (cost * (1.0 - k / _STEPS) for k in steps), at_overhead, base))
    return tuple(points)
