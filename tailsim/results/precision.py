"""When a simulation may stop: an answer, and how narrow its interval has to be."""

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from .. import _check
from ..errors import ArgumentError, UndefinedMomentError
from ..stats.estimate import Estimate

if TYPE_CHECKING:
    from .simulation import Simulation

NAMED = ("failure_rate", "median", "max_share", "n_effective")
_RULE = "a function of a Simulation that returns an Estimate, such as lambda s: s.prob_at_least(3), or one of " + (
    ", ".join(repr(name) for name in NAMED)
)


@dataclass(frozen=True, slots=True)
class Precision:
    """A stop rule: go on until the interval of an answer is at most ``half_width`` on either side.

    Parameters
    ----------
    quantity : str or callable
        "failure_rate", "median", "max_share" or "n_effective", the answers of a Simulation by their names; or a
        function of a Simulation that returns one of its Estimates, such as ``lambda s: s.prob_at_least(3)`` or
        ``lambda s: s.quantile(0.9)``. Leave ``level`` to the rule.
    half_width : float
        Half the width that the interval may have, in the unit of the answer, above 0.
    level : float
        Confidence that the interval covers, wherever the rule stops.

    Notes
    -----
    The rule looks after 1, 2, 4, 8, ... blocks of 4,096 trials and after the last one, and never between: where it
    stops depends on the seed and not on workers. As it may stop at any of L looks, each has the confidence
    1 - (1 - level)/L (Bonferroni), so that the interval covers with ``level`` whichever look ends the run.

    References
    ----------
    Chow and Robbins 1965, Annals of Mathematical Statistics 36(2), 457-462, for intervals of fixed width.

    Examples
    --------
    >>> import tailsim as ts
    >>> rule = ts.Precision(lambda s: s.prob_at_least(1), 0.01)
    >>> bets = ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 20)
    >>> run = ts.simulate(bets, n_trials=1_000_000, until=rule, rng=1)
    >>> run.n_trials, run.precision.reached
    (32768, True)
    """

    quantity: "str | Callable[[Any], Estimate]"
    half_width: float
    level: float = 0.95

    def __post_init__(self) -> None:
        if isinstance(self.quantity, str):
            _check.one_of("quantity", self.quantity, NAMED)
        elif not callable(self.quantity):
            raise _check.refuse("quantity", _RULE, self.quantity)
        object.__setattr__(self, "half_width", _check.positive("half_width", self.half_width))
        object.__setattr__(self, "level", _check.level(self.level))


@dataclass(frozen=True, slots=True)
class Stopped:
    """How a run under a ``Precision`` ended; printed as a sentence.

    Attributes
    ----------
    reached : bool
        Whether the interval was narrow enough; false when ``n_trials`` ended the run first.
    estimate : Estimate or None
        The answer at the last look, its interval widened for all looks; None where it was undefined.
    half_width : float
        What was asked for.
    looks, n_looks : int
        How many looks were taken, and how many had been allowed for.
    """

    reached: bool
    estimate: Estimate | None
    half_width: float
    looks: int
    n_looks: int

    def __str__(self) -> str:
        found = "the answer is undefined" if self.estimate is None else f"{self.estimate}"
        state = "reached" if self.reached else "not reached"
        return f"+-{self.half_width:g} {state} at look {self.looks} of {self.n_looks}: {found}"


class _AtLevel:
    """A Simulation whose answers have another confidence level unless told otherwise."""

    def __init__(self, run: "Simulation", level: float) -> None:
        self._run, self._level = run, level

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._run, name)
        if callable(found) and "level" in inspect.signature(found).parameters:
            return partial(found, level=self._level)
        return found


def look(rule: Precision, run: "Simulation", looks: int, n_looks: int) -> Stopped:
    """One look at a run."""
    level = 1.0 - (1.0 - rule.level) / n_looks
    try:
        found = _ask(rule, run, level)
    except UndefinedMomentError:
        return Stopped(False, None, rule.half_width, looks, n_looks)
    half = max(found.interval[1] - found.value, found.value - found.interval[0])
    how = f"{found.method}, {n_looks} looks allowed for"
    value = Estimate(found.value, found.std_error, found.interval, rule.level, how, found.n, found.verdict)
    return Stopped(half <= rule.half_width, value, rule.half_width, looks, n_looks)


def _ask(rule: Precision, run: "Simulation", level: float) -> Estimate:
    asked = _AtLevel(run, level)
    found = getattr(asked, rule.quantity)() if isinstance(rule.quantity, str) else rule.quantity(asked)
    if not isinstance(found, Estimate):
        raise _check.refuse("quantity", _RULE, rule.quantity, f"it returned {_check.shown(found)}")
    if not math.isclose(found.level, level):
        raise ArgumentError(
            f"quantity must leave the level to Precision(..., level=...), got an Estimate of level {found.level:g}; "
            "a mean has no level, for it is exact."
        )
    return found
