"""The grid behind the sliders: answers under every combination of a few assumptions, on the same luck."""

import math
from itertools import product

import numpy as np

from ...portfolio import Portfolio
from ...stats.estimate import Estimate
from ...stats.intervals import proportion, quantile_estimate
from .answers import Reading, Slider, WhatIf
from .figures import Kind, ends, figure
from .portfolio import Asked, failures
from .variants import capped, failing, repeated

TIMES = (0.25, 0.5, 1.0, 2.0, 4.0)
FAILING = (0.0, 0.1, 0.25)
CAPS = (math.inf, 1000.0, 100.0, 20.0)
SIZES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)
BUDGET = 150_000_000  # payoffs that a grid may cost
_CAPPED = {
    1000.0: "cut to the best in a thousand",
    100.0: "cut to the best in a hundred",
    20.0: "cut to the best in twenty",
}
_FAILING = {0.0: "as assumed", 0.1: "one in ten more", 0.25: "one in four more"}

Answers: tuple[tuple[str, str, Kind], ...] = (
    ("failure_rate", "bets that fail", "share"),
    ("money_back", "chance to get the cost back", "share"),
    ("reach_target", "chance to reach the target", "share"),
    ("median", "half of the portfolios pay back at least", "multiple"),
    ("high", "one portfolio in ten pays back at least", "multiple"),
)


def what_if(portfolio: Portfolio, asked: Asked) -> WhatIf | None:
    """The grid of a portfolio; None where none of its assumptions can be moved within the budget."""
    times = _times(portfolio, asked)
    caps = tuple(c for c in CAPS if math.isinf(c) or capped(portfolio, c) is not None)
    fails = tuple(f for f in FAILING if failing(portfolio, f) is not None)
    if not times:
        return None
    cells = tuple(
        row for k, cap, fail in product(times, caps, fails) for row in _rows(_moved(portfolio, k, cap, fail), asked)
    )
    sliders = (
        Slider("n_bets", "Number of bets", tuple(_counted(portfolio, k) for k in times), times.index(1.0)),
        Slider("cap", "The largest payoffs", tuple(_CAPPED.get(c, "as assumed") for c in caps), 0),
        Slider("failing", "Bets that pay nothing", tuple(_FAILING[f] for f in fails), 0),
        Slider("size", "Every payoff times", tuple(f"{s:g}" for s in SIZES), SIZES.index(1.0)),
    )
    names, labels, _ = zip(*Answers, strict=True)
    return WhatIf(sliders, names, labels, cells)


def _size(portfolio: Portfolio) -> float:
    return len(portfolio.bets) if portfolio.count is None else portfolio.count.mean()


def _times(portfolio: Portfolio, asked: Asked) -> tuple[float, ...]:
    """How many times as many bets, as far as the budget reaches; none where even the portfolio itself is too much."""
    kept: list[float] = []
    seen: set[float] = set()
    cost = 0.0
    for k in sorted(TIMES, key=lambda k: abs(math.log(k))):
        other = portfolio if k == 1.0 else repeated(portfolio, k)
        if other is None or _size(other) in seen:
            continue
        cost += _size(other) * asked.n_trials * len(FAILING) * len(CAPS)
        if cost > BUDGET:
            break
        kept.append(k)
        seen.add(_size(other))
    return tuple(sorted(kept))


def _moved(portfolio: Portfolio, k: float, cap: float, fail: float) -> Portfolio:
    """The portfolio at one setting; each step was found to work."""
    more = portfolio if k == 1.0 else repeated(portfolio, k) or portfolio
    cut = more if math.isinf(cap) else capped(more, cap) or more
    return failing(cut, fail) or cut


def _counted(portfolio: Portfolio, k: float) -> str:
    other = portfolio if k == 1.0 else repeated(portfolio, k) or portfolio
    return f"{_size(other):,.10g}" if other.count is None else f"{_size(other):,.4g} on average"


def _rows(portfolio: Portfolio, asked: Asked) -> list[tuple[Reading, ...]]:
    """The answers for all sizes of payoff: what is paid is the same but for the factor."""
    run = asked.run(portfolio)
    multiples = run.multiples[~np.isnan(run.multiples)]
    ordered = np.sort(multiples)
    median, high = (quantile_estimate(ordered, q) for q in (0.5, 0.9))
    rows = []
    for size in SIZES:
        reached = [int(ordered.size - np.searchsorted(ordered * size, x)) for x in (1.0, asked.target)]
        estimates = (
            failures(portfolio, asked.hurdle, size),
            *(proportion(k, ordered.size) for k in reached),
            _times_as_big(median, size),
            _times_as_big(high, size),
        )
        rows.append(tuple(_reading(e, kind) for e, (_, _, kind) in zip(estimates, Answers, strict=True)))
    return rows


def _times_as_big(e: Estimate, size: float) -> Estimate:
    low, high = e.interval
    return Estimate(e.value * size, e.std_error * size, (low * size, high * size), e.level, e.method, e.n)


def _reading(e: Estimate, kind: Kind) -> Reading:
    shown = figure("", "", kind, e)
    return Reading(e.value, e.interval, shown.text, ends(shown))
