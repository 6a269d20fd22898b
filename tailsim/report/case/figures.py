"""Figures: an estimate with its name, its label, and the digits that its interval supports."""

import math
from dataclasses import dataclass
from typing import Literal

from ...stats.estimate import Estimate
from .. import numbers as show

Kind = Literal["share", "multiple", "count", "money", "factor", "index"]
GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a case.

    Attributes
    ----------
    name, label : str
        A key, and what the number is, in words.
    kind : {"share", "multiple", "count", "money", "factor", "index"}
        How it is shown.
    estimate : Estimate
        Its value and interval.
    text : str
        The value with the digits that the interval supports.
    """

    name: str
    label: str
    kind: Kind
    estimate: Estimate
    text: str

    def __str__(self) -> str:
        return self.text


def figure(name: str, label: str, kind: Kind, estimate: Estimate) -> Figure:
    """A figure with its text."""
    return Figure(name, label, kind, estimate, shown(estimate, kind))


def given(name: str, label: str, kind: Kind, value: float) -> Figure:
    """What was asked or declared, and not computed."""
    return figure(name, label, kind, exact(value, GIVEN))


def exact(value: float, method: str = "exact, from the declared laws") -> Estimate:
    """A number known without simulation."""
    return Estimate(value, 0.0, (value, value), 0.95, method, 1)


def shown(estimate: Estimate, kind: Kind) -> str:
    """The value, without digits that the interval does not support."""
    if kind == "share":
        return _share(estimate)
    if kind == "multiple":
        if estimate.method == GIVEN:
            return f"{estimate.value:g}x"
        return show.multiple_within(estimate).split(" (", 1)[0]
    if kind == "index":
        return f"{estimate.value:.3g}"
    if kind == "factor":
        return _share(estimate) if estimate.value < 1.0 else shown(estimate, "multiple")
    return _amount(estimate.value)


def _share(estimate: Estimate) -> str:
    """A share with as many decimals as the interval beside it."""
    low, high = estimate.interval
    return show.of_hundred(100.0 * estimate.value, 1 if high - low < 0.02 else 0)


def ends(of: Figure) -> str:
    """The interval in words; empty where the number is exact."""
    low, high = of.estimate.interval
    return "" if low == high else between(low, high, of.kind, of.estimate)


def between(low: float, high: float, kind: Kind, estimate: Estimate) -> str:
    """Two ends, to one digit more than the value has."""
    if kind == "share" or (kind == "factor" and estimate.value < 1.0):
        decimals = 1 if high - low < 0.02 else 0
        return f"{_end(low, decimals)} to {_end(high, decimals)}"
    if kind in ("multiple", "factor"):
        return show.multiple_within(estimate).split(" (", 1)[1].removesuffix(")")
    return f"{_amount(low)} to {_amount(high)}"


def _end(x: float, decimals: int) -> str:
    """The end of an interval of shares; one that is exactly nothing or all says so."""
    return f"{100.0 * x:.0f}%" if x in (0.0, 1.0) else show.of_hundred(100.0 * x, decimals)


def _amount(x: float) -> str:
    """A count or an amount of money."""
    if not math.isfinite(x):
        return "no limit" if x > 0.0 else "no floor"
    return f"{x:,.0f}" if abs(x) >= 1000.0 or x == round(x) else f"{x:,.3g}"
