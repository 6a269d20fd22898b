"""Bets made one after the other until a policy stops: many rows of them at once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .distinct import Floats

Function = Callable[[Floats, Floats], bool]


@dataclass(frozen=True, slots=True)
class Policy:
    """How many bets to make, and when to stop before.

    Parameters
    ----------
    n_bets : int, optional
        At most so many; by default as many as the past has.
    hurdle : float, default 1
        A bet fails when it pays less than this multiple of its stake, or nothing.
    stop_after : int, optional
        Stop after so many failures in a row.
    max_loss : float, optional
        Stop once what was spent exceeds what was paid by at least this, in money.

    Raises
    ------
    ArgumentError
        If a parameter breaks its rule.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.Policy(50, stop_after=20)
    Policy(n_bets=50, hurdle=1.0, stop_after=20, max_loss=None)
    """

    n_bets: int | None = None
    hurdle: float = 1.0
    stop_after: int | None = None
    max_loss: float | None = None

    def __post_init__(self) -> None:
        for name in ("n_bets", "stop_after"):
            if (value := getattr(self, name)) is not None:
                rule = "None or a whole number from 1 to 1,000,000"
                object.__setattr__(self, name, _check.integer(name, value, rule, low=1, high=1_000_000))
        hurdle = _check.real("hurdle", self.hurdle, "a finite multiple of the stake, not negative", low=0.0)
        object.__setattr__(self, "hurdle", hurdle)
        if self.max_loss is not None:
            object.__setattr__(self, "max_loss", _check.positive("max_loss", self.max_loss))


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A policy with its number of bets settled; a function takes the place of its rules to stop."""

    n_bets: int
    policy: Policy
    function: Function | None

    @property
    def fast(self) -> bool:
        """Whether rows can be replayed together."""
        return self.function is None

    @classmethod
    def of(cls, policy: Policy | Function, n_history: int) -> "Rule":
        """From what the user gives."""
        if isinstance(policy, Policy):
            return cls(n_history if policy.n_bets is None else policy.n_bets, policy, None)
        return cls(n_history, Policy(), policy)


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """What each row came to: bets made, failures, money, and whether it stopped before the last bet."""

    n_bets: NDArray[np.int64]
    n_failures: NDArray[np.int64]
    spent: Floats
    paid: Floats
    stopped: NDArray[np.bool_]

    @property
    def multiples(self) -> Floats:
        """Paid / spent of each row."""
        return self.paid / self.spent


def replayed(rule: Rule, multiples: Floats, stakes: Floats) -> Replayed:
    """Rows (replays, bets) of bets, each made until its policy stops."""
    if rule.function is not None:
        n = np.array([_asked(rule.function, m, s) for m, s in zip(multiples, stakes, strict=True)])
        if not n.all():
            raise _check.refuse("policy", "one that makes a first bet", rule.function)
    else:
        n = _until(rule.policy, multiples, stakes)
    made = np.arange(multiples.shape[1]) < n[:, None]
    failed = (multiples < rule.policy.hurdle) | (multiples <= 0.0)
    spent, paid = np.where(made, stakes, 0.0), np.where(made, multiples * stakes, 0.0)
    return Replayed(n, (made & failed).sum(axis=1), spent.sum(axis=1), paid.sum(axis=1), n < multiples.shape[1])


def _until(policy: Policy, multiples: Floats, stakes: Floats) -> NDArray[np.int64]:
    """How many bets each row makes."""
    rows, columns = multiples.shape
    n = np.full(rows, columns)
    going = np.ones(rows, dtype=np.bool_)
    streak, balance = np.zeros(rows, dtype=np.int64), np.zeros(rows)
    if policy.stop_after is None and policy.max_loss is None:
        return n
    for j in range(columns):
        failed = (multiples[:, j] < policy.hurdle) | (multiples[:, j] <= 0.0)
        streak = np.where(failed, streak + 1, 0)
        balance += (multiples[:, j] - 1.0) * stakes[:, j]
        ends = np.zeros(rows, dtype=np.bool_)
        if policy.stop_after is not None:
            ends |= streak >= policy.stop_after
        if policy.max_loss is not None:
            ends |= balance <= -policy.max_loss
        n[going & ends] = j + 1
        going &= ~ends
        if not going.any():
            break
    return n


def _asked(function: Function, multiples: Floats, stakes: Floats) -> int:
    """How many bets a row makes where a function is asked before each."""
    for j in range(multiples.size):
        if not function(multiples[:j], stakes[:j]):
            return j
    return int(multiples.size)
