"""What would change the answer: one assumption at a time, on the same luck."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ...portfolio import Portfolio
from ...results import Simulation
from ...stats.estimate import Estimate
from ...stats.intervals import proportion, quantile_estimate
from ...stats.paired import quantile_difference, share_difference
from .answers import Change, Shift
from .figures import Kind, figure
from .portfolio import Asked
from .variants import capped, failing, repeated

Floats = NDArray[np.float64]
LEVEL = 0.95
SIZES = (
    ("half_the_payoff", "Every payoff is half as big", 0.5),
    ("twice_the_payoff", "Every payoff is twice as big", 2.0),
)
MOST_PAYOFFS = 200_000_000  # that a change may cost
ANSWERS: tuple[tuple[str, str, Kind], ...] = (
    ("money_back", "cost back", "share"),
    ("reach_target", "target", "share"),
    ("median", "median", "multiple"),
)


def changes(portfolio: Portfolio, run: Simulation, asked: Asked) -> tuple[Change, ...]:
    """Every change that this portfolio allows."""
    others = [(name, label, asked.run(other).multiples) for name, label, other in _others(portfolio, asked)]
    sizes = [(name, label, factor * run.multiples) for name, label, factor in SIZES]
    moved = (*others, *sizes)
    return tuple(change(name, label, after, run.multiples, asked.target) for name, label, after in moved)


def _others(portfolio: Portfolio, asked: Asked) -> Iterator[tuple[str, str, Portfolio]]:
    """Name, label and portfolio of each change."""
    kinds = (
        ("half_the_bets", "Half as many bets", repeated(portfolio, 0.5)),
        ("twice_the_bets", "Twice as many bets", repeated(portfolio, 2.0)),
        ("more_failures", "One bet in ten more pays nothing", failing(portfolio, 0.1)),
        ("no_outliers", "No bet pays more than the best in a hundred", capped(portfolio, 100.0)),
    )
    for name, label, other in kinds:
        if other is None or other == portfolio:
            continue
        n = len(other.bets) if other.count is None else other.count.mean()
        if n * asked.n_trials <= MOST_PAYOFFS:
            yield name, label, other


def change(name: str, label: str, after: Floats, before: Floats, target: float) -> Change:
    """What the same worlds come to after a change; worlds in which either spends nothing are left out."""
    defined = ~(np.isnan(after) | np.isnan(before))
    x, y = after[defined], before[defined]
    differences = [*(_reached(x, y, multiple) for multiple in (1.0, target)), quantile_difference(x, y, 0.5, LEVEL)]
    answers = [*(_chance(x, multiple) for multiple in (1.0, target)), quantile_estimate(x, 0.5)]
    shifts = tuple(
        Shift(figure(f"{name}.{key}", f"{words}: {label[:1].lower()}{label[1:]}", kind, answer), difference)
        for (key, words, kind), answer, difference in zip(ANSWERS, answers, differences, strict=True)
    )
    return Change(name, label, shifts, side(answers[0]) * side(_chance(y, 1.0)) < 0)


def _chance(x: Floats, multiple: float) -> Estimate:
    return proportion(int(np.count_nonzero(x >= multiple)), x.size)


def _reached(x: Floats, y: Floats, multiple: float) -> Estimate:
    return share_difference((x >= multiple).astype(np.float64), (y >= multiple).astype(np.float64), LEVEL)


def side(chance: Estimate) -> int:
    """1 where the chance is surely above one half, -1 where it is surely below, else 0."""
    low, high = chance.interval
    return 1 if low > 0.5 else -1 if high < 0.5 else 0


__all__ = ["ANSWERS", "changes", "side"]
