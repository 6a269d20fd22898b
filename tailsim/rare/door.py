"""The question, checked: which bets, how many, beyond which x; and what needs no sampling."""

import math
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from .. import _check
from ..dependence import OneFactor
from ..dependence.counts import CountLaw
from ..errors import ArgumentError
from ..payoffs.base import Payoff
from ..payoffs.uncertain import check_certain
from ..portfolio import MAX_BETS, Bet, Portfolio
from .control import Group
from .others import of_bets, of_count
from .sample import Sampler, sampler_of

_MOST_GROUPS = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """Groups of like bets (or one law and a random number of it), and the threshold."""

    groups: tuple[Group, ...]
    x: float
    none: float | None = None  # P(no bet at all) where the number is random
    model: OneFactor | None = None

    def counts(self) -> list[int]:
        """Bets of each group; for a random number the greatest that is drawn."""
        return [g.others.most + 1 for g in self.groups]

    def certain(self) -> float | None:
        """0 or 1 where x is out of the total's range."""
        low = math.fsum(n * g.payoff.support[0] for n, g in zip(self.counts(), self.groups, strict=True))
        high = math.fsum(n * g.payoff.support[1] for n, g in zip(self.counts(), self.groups, strict=True))
        if self.none is not None:
            low, high = min(low, 0.0), (high if high <= 0.0 else math.inf)
            if low == 0.0 and self.x < 0.0:
                return 1.0
        if self.x < low:
            return 1.0
        return 0.0 if self.x >= high else None

    def empty(self) -> float:
        """P(no bet, whose total of nothing lies beyond x): no sample of one bet given the others holds it."""
        return self.none if self.none is not None and self.x < 0.0 else 0.0

    @np.errstate(all="ignore")  # laws answer at the ends of their range too
    def alone(self) -> float | None:
        """The probability of a single bet."""
        if self.none is None and self.counts() == [1]:
            return float(self.groups[0].payoff._sf(np.array([self.x]))[0])
        return None

    @np.errstate(all="ignore")  # laws answer at the ends of their range too
    def bounds(self) -> tuple[float, float]:
        """P(largest > x), for bets that never pay less than nothing, and P(largest > x / n)."""
        if self.none is not None:
            return 0.0, 1.0
        n = sum(self.counts())
        if self.model is not None:  # any dependence
            at = np.array([self.x, self.x / n])
            each = [g.payoff._sf(at) * [1, k] for k, g in zip(self.counts(), self.groups, strict=True)]
            return float(max(p[0] for p in each)), min(1.0, float(sum(p[1] for p in each)))
        low = self._largest(self.x) if all(g.payoff.support[0] >= 0.0 for g in self.groups) else 0.0
        return low, self._largest(self.x / n)

    def _largest(self, x: float) -> float:
        """P(largest > x)."""
        at = np.array([x])
        log = 0.0
        for n, g in zip(self.counts(), self.groups, strict=True):
            p = float(g.payoff._sf(at)[0])
            log += n * math.log1p(-p) if p < 1.0 else -math.inf
        return -math.expm1(log)

    def sampler(self, n_trials: int, seed: int) -> Sampler:
        """The sampler of the others."""
        tied = any(mass > 0.0 and (value > 0.0 or self.x < 0.0) for g in self.groups for value, mass in g.payoff.atoms)
        return sampler_of(self.groups, n_trials, seed, tied=tied, model=self.model)


def question_of(payoff: Any, n_bets: Any, x: Any) -> Question:
    """The checked question; a portfolio brings its own bets."""
    if isinstance(payoff, Portfolio):
        if n_bets is not None:
            raise _check.refuse("n_bets", "left out with a portfolio, which says how many", n_bets)
        return _of_portfolio(payoff, _threshold(x))
    law = _check.instance("payoff", payoff, (Payoff, Bet), "a payoff law, a Bet or a Portfolio")
    law = law.payoff if isinstance(law, Bet) else law
    check_certain(law)
    if isinstance(n_bets, CountLaw):
        return _of_count(law, n_bets, _threshold(x))
    rule = f"a whole number from 1 to {MAX_BETS:,}, or a count law such as PoissonCount(10)"
    n = _check.integer("n_bets", n_bets, rule, low=1, high=MAX_BETS)
    return Question((Group(law, of_bets(n, n - 1)),), _threshold(x))


def _of_count(law: Payoff, count: CountLaw, x: float) -> Question:
    return Question((Group(law, of_count(count)),), x, none=float(count.pmf(0)))


def _of_portfolio(portfolio: Portfolio, x: float) -> Question:
    """Groups of equal laws, whatever the order in which they are entered."""
    for bet, _ in portfolio.runs():
        check_certain(bet.payoff)
    model = _model(portfolio.dependence, x, portfolio)
    if portfolio.count is not None:
        if model is not None:
            raise ArgumentError("payoff must have a fixed number of bets under dependence, got a random number.")
        return _of_count(portfolio.bets[0].payoff, portfolio.count, x)
    laws = sorted(((bet.payoff, count) for bet, count in portfolio.runs()), key=lambda pair: repr(pair[0]))
    joined = [(law, sum(count for _, count in same)) for law, same in groupby(laws, key=lambda pair: pair[0])]
    if len(joined) > _MOST_GROUPS:
        raise _check.refuse("payoff", f"a portfolio of at most {_MOST_GROUPS:,} different laws", portfolio)
    return Question(tuple(Group(law, of_bets(n, n - 1)) for law, n in joined), x, model=model)


def _model(dependence: Any, x: float, portfolio: Portfolio) -> OneFactor | None:
    """The one factor of dependent bets; nothing else can be conditioned on here."""
    if dependence is None:
        return None
    if not isinstance(dependence, OneFactor):
        rule = "a portfolio of independent bets or with one OneFactor"
        raise _check.refuse("payoff", rule, dependence, "simulate takes any dependence")
    if any(bet.payoff.support[0] < 0.0 for bet, _ in portfolio.runs()) or x < 0.0:
        raise ArgumentError(
            "payoff must never be below 0, and x neither, for dependent bets, got one that can be; use simulate."
        )
    return dependence


def _threshold(x: Any) -> float:
    if x is None:
        raise ArgumentError("x must be given: the total to exceed, in money, such as x=1000.")
    return _check.real("x", x, "a finite number, in money", instead="beyond every total the probability is 0")
