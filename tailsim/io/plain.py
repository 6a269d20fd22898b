"""Laws, bets, portfolios and goals as plain tables of names and numbers, and back through lists of known names."""

import difflib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import _check, decide, dependence, payoffs
from ..errors import ArgumentError, TailsimError
from ..payoffs.ensemble import Ensemble
from ..payoffs.uncertain import Uncertain
from ..portfolio import MAX_BETS, Bet, Portfolio

_NAMES = (
    "Pareto Lomax GeneralizedPareto LogNormal StudentT Stable Weibull Frechet LogLogistic BurrXII Exponential Gamma "
    "Normal Uniform Constant ZeroInflated Mixture Spliced Truncated Capped Empirical Buckets Affine Metalog Ensemble"
)
_GOALS = "ProbAtLeast MedianMultiple QuantileMultiple ExpectedUtility LogGrowth WorstCase Hits NetValue"
# what a table of each kind is called by, and the classes it may name: nothing a file says is looked up elsewhere
KINDS: dict[str, dict[str, Any]] = {
    "law": {name: getattr(payoffs, name) for name in _NAMES.split()},
    "model": {name: getattr(dependence, name) for name in ("OneFactor", "Correlation", "CommonShock")},
    "count": {name: getattr(dependence, name) for name in ("PoissonCount", "GeometricCount", "BinomialCount")},
    "goal": {name: getattr(decide, name) for name in _GOALS.split()},
}
DEEPEST = 40  # tables within tables
# where a field is not named as its parameter
_HELD = {("Normal", "mean"): "location", ("PoissonCount", "mean"): "_mean"}
BET_KEYS = ("payoff", "stake", "name", "group", "n_bets")
PORTFOLIO_KEYS = ("bets", "dependence", "count")


def parameters(cls: Any) -> dict[str, inspect.Parameter]:
    """The parameters of a known class, by name."""
    return {name: p for name, p in inspect.signature(cls.__init__).parameters.items() if name != "self"}


def to_plain(thing: Any) -> dict[str, Any]:
    """A law, model, count law, goal or portfolio as tables, lists, text and numbers.

    Raises
    ------
    ArgumentError
        If it is, or holds, a law of the user's own or a tabulated one: those are functions and not names.
    """
    if isinstance(thing, Portfolio):
        return _portfolio(thing)
    cls = thing.family if isinstance(thing, Uncertain) and not isinstance(thing, Ensemble) else type(thing)
    kind = next((kind for kind, known in KINDS.items() if known.get(cls.__name__) is cls), None)
    if kind is None:
        raise _cannot_travel(thing)
    names = list(parameters(cls))
    if isinstance(thing, Uncertain) and not isinstance(thing, Ensemble):
        values = list(thing.arguments)
    else:
        values = [getattr(thing, _HELD.get((cls.__name__, name), name)) for name in names]
    given = zip(names, values, strict=True)
    return {kind: cls.__name__} | {name: _value(value) for name, value in given if value is not None}


def _cannot_travel(thing: Any) -> ArgumentError:
    return ArgumentError(
        f"{type(thing).__name__} must be one of tailsim's laws with parameters to be written to a file, got "
        f"{_check.shown(thing)}, which stands for a function; keep the code that makes it, or use Empirical(its draws)."
    )


def _value(value: Any) -> Any:
    """A parameter's value."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [_value(item) for item in value]
    if isinstance(value, (str, bool, int, float)):
        return value
    return to_plain(value)


def _portfolio(portfolio: Portfolio) -> dict[str, Any]:
    """Runs of like bets, then what ties them and their random number."""
    bets = []
    for bet, n_bets in portfolio.runs():
        table: dict[str, Any] = {} if n_bets == 1 else {"n_bets": n_bets}
        table |= {key: getattr(bet, key) for key in ("name", "group") if getattr(bet, key) is not None}
        bets.append(table | {"stake": bet.stake, "payoff": to_plain(bet.payoff)})
    plain: dict[str, Any] = {"bets": bets}
    if (tie := portfolio.dependence) is not None:
        plain["dependence"] = _value(tie)
    if portfolio.count is not None:
        plain["count"] = to_plain(portfolio.count)
    return plain


@dataclass(slots=True)
class Reader:
    """Makes things of plain tables, and gathers every problem with the path of its key; None is what has one."""

    problems: list[str] = field(default_factory=list)
    laws: dict[str, Any] = field(default_factory=dict)  # that may be called by name

    def problem(self, path: str, what: str) -> Any:
        """Note one problem; None, for the thing that has it."""
        self.problems.append(f"{path or 'file'}: {what}")
        return None

    def table(self, value: Any, path: str, known: Any, required: Any = ()) -> dict[str, Any] | None:
        """A table with no other keys than these; what is wrong with it is noted."""
        if not isinstance(value, dict):
            self.problem(path, f"must be a table with the keys {', '.join(known)}, got {_check.shown(value)}")
            return None
        for key in value:
            if key not in known:
                self.problem(under(path, key), "is no key here; " + nearest(key, known))
        for key in required:
            if key not in value:
                self.problem(under(path, key), "is missing")
        return {key: x for key, x in value.items() if key in known}

    def made(self, make: Callable[[], Any], path: str) -> Any:
        """What a constructor makes, or None and its refusal."""
        try:
            return make()
        except TailsimError as error:
            self.problem(path, str(error).rstrip("."))
        except (ArithmeticError, TypeError, ValueError) as error:
            self.problem(path, f"cannot be used ({_check.shown(error)})")
        return None

    def thing(self, kind: str, value: Any, path: str, depth: int = 0) -> Any:
        """A law, model, count law or goal."""
        known = KINDS[kind]
        if depth > DEEPEST:
            return self.problem(path, f"must be at most {DEEPEST} tables deep")
        if not isinstance(value, dict) or kind not in value:
            rule = f"must be a table with the key {kind}, one of {', '.join(known)}"
            near = f"; {nearest(*keys)}" if isinstance(value, dict) and (keys := _meant(value, kind)) else ""
            return self.problem(path, f"{rule}, got {_check.shown(value)}{near}")
        name = value[kind]
        if not isinstance(name, str) or name not in known:
            return self.problem(f"{path}.{kind}", f"got {_check.shown(name)}; {nearest(name, known)}")
        takes = parameters(known[name])
        needed = [key for key, p in takes.items() if p.default is p.empty]
        before = len(self.problems)
        given = self.table({k: x for k, x in value.items() if k != kind}, path, takes, needed) or {}
        given = {key: self._argument(x, under(path, key), depth + 1) for key, x in given.items()}
        return None if len(self.problems) > before else self.made(lambda: known[name](**given), path)

    def _argument(self, value: Any, path: str, depth: int) -> Any:
        """A parameter's value; a table in it is a law."""
        if isinstance(value, dict):
            return self.thing("law", value, path, depth)
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            return [self._argument(item, f"{path}[{i}]", depth) for i, item in enumerate(value)]
        return value

    def payoff(self, value: Any, path: str) -> Any:
        """A law, or the name of one."""
        if not isinstance(value, str):
            return self.thing("law", value, path)
        if value not in self.laws:
            near = nearest(value, self.laws) if self.laws else "there is no table laws"
            return self.problem(path, f"got {value!r}, which is none of laws; {near}")
        return self.laws[value]

    def portfolio(self, value: Any, path: str) -> Portfolio | None:
        """Bets, what ties them, and their random number."""
        before = len(self.problems)
        table = self.table(value, path, PORTFOLIO_KEYS, ("bets",)) or {}
        bets = table.get("bets", [])
        if not isinstance(bets, list) or (not bets and "bets" in table):
            self.problem(f"{path}.bets", f"must be a list of at least one table, got {_check.shown(bets)}")
            bets = []
        runs = [self._bets(bet, f"{path}.bets[{i}]") for i, bet in enumerate(bets)]
        tie, count = table.get("dependence"), table.get("count")
        if isinstance(tie, list):
            tie = [self.thing("model", model, f"{path}.dependence[{i}]") for i, model in enumerate(tie)]
        elif tie is not None:
            tie = self.thing("model", tie, f"{path}.dependence")
        if count is not None:
            count = self.thing("count", count, f"{path}.count")
        if sum(n for _, n in runs) > MAX_BETS:
            self.problem(f"{path}.bets", f"must be at most {MAX_BETS:,} bets")
        if len(self.problems) > before:
            return None
        every = tuple(bet for bet, n in runs for _ in range(n))
        made = self.made(lambda: Portfolio(every, tie, count), path)
        return made if isinstance(made, Portfolio) else None

    def _bets(self, value: Any, path: str) -> tuple[Any, int]:
        """A bet and how many of it."""
        before = len(self.problems)
        table = self.table(value, path, BET_KEYS, ("payoff",))
        if table is None:
            return None, 1
        payoff: Any = self.payoff(table.pop("payoff"), f"{path}.payoff") if "payoff" in table else None
        n_bets = table.pop("n_bets", 1)
        rule = f"a whole number from 1 to {MAX_BETS:,}"
        n = self.made(lambda: _check.integer("n_bets", n_bets, rule, low=1, high=MAX_BETS), f"{path}.n_bets")
        bet = None if len(self.problems) > before else self.made(lambda: Bet(payoff, **table), path)
        return bet, n or 1


def _meant(value: Mapping[str, Any], kind: str) -> tuple[str, tuple[str]] | None:
    """A key that may have been meant as the one that names the class."""
    near = difflib.get_close_matches(kind, [str(key) for key in value], 1)
    return (near[0], (kind,)) if near else None


def nearest(name: Any, known: Any) -> str:
    """The nearest valid name, or all of them, in words."""
    lower = {each.lower(): each for each in known}
    near = difflib.get_close_matches(str(name).lower(), lower, 1, 0.5)
    return f"did you mean {lower[near[0]]}?" if near else f"use one of {', '.join(known)}"


def under(path: str, key: str) -> str:
    """The path of a key, on one line whatever the key is."""
    shown = key if key.isprintable() and len(key) <= 60 else _check.shown(key)
    return f"{path}.{shown}" if path else shown
