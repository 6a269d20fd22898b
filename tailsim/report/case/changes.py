"""What would change the answer: one assumption at a time, on the same luck."""

from collections.abc import Iterator

from ...decide import MedianMultiple, ProbAtLeast, compare
from ...decide.sides import Policy
from ...portfolio import Portfolio
from ...results import Simulation
from ...stats.estimate import Estimate
from .answers import Change, Shift
from .figures import Kind, figure
from .portfolio import Asked
from .variants import capped, failing, repeated

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
    others: list[tuple[str, str, Simulation | Policy]] = [
        (name, label, asked.run(other)) for name, label, other in _others(portfolio, asked)
    ]
    sizes = [(name, label, _scaled(run, factor)) for name, label, factor in SIZES]
    return tuple(_change(name, label, side, run, asked) for name, label, side in (*others, *sizes))


def _scaled(run: Simulation, factor: float) -> Policy:
    """The same worlds with every payoff times a factor: what is paid scales, and nothing needs to be drawn again."""
    return lambda n_trials, seed: factor * run.multiples


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


def _change(name: str, label: str, after: Simulation | Policy, run: Simulation, asked: Asked) -> Change:
    found = [
        compare(after, run, ProbAtLeast(1.0)),
        compare(after, run, ProbAtLeast(asked.target)),
        compare(after, run, MedianMultiple()),
    ]
    shifts = tuple(
        Shift(figure(f"{name}.{key}", f"{words}: {label[:1].lower()}{label[1:]}", kind, one.a), one.difference)
        for (key, words, kind), one in zip(ANSWERS, found, strict=True)
    )
    return Change(name, label, shifts, side(found[0].a) * side(found[0].b) < 0)


def side(chance: Estimate) -> int:
    """1 where the chance is surely above one half, -1 where it is surely below, else 0."""
    low, high = chance.interval
    return 1 if low > 0.5 else -1 if high < 0.5 else 0


__all__ = ["ANSWERS", "changes", "side"]
