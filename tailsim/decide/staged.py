"""Bets made in stages: pay a little, look, and go on or stop; what looking is worth and what stopping kills."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from .. import _check
from ..errors import UndefinedMomentError
from ..payoffs import Payoff
from ._gates import Gates, gates_of, optimal_thresholds

_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Recycled:
    """What a budget brings when what killed bets save starts new ones; made by ``StagedBet.recycled``.

    Attributes
    ----------
    n_bets : float
        Bets started on average: the budget over what one spends on average.
    value : float
        Mean of paid - spent, in money.
    per_spent : float
        The same per unit of money spent.
    thresholds : tuple of float
        The thresholds used: where they were to be optimal, those with the largest ``per_spent``.
    """

    n_bets: float
    value: float
    per_spent: float
    thresholds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class StagedBet:
    """One bet that is paid for stage by stage, with a gate between stages that may kill it.

    After each stage but the last a signal is seen: the payoff times e**(noise), the noise normal with standard
    deviation ``signal_noise``, independent from gate to gate. The bet goes on where the signal is at least the gate's
    threshold; else it is killed, and neither costs nor pays any more. A bet that passes all gates pays.

    Parameters
    ----------
    payoff : Payoff
        What it pays at the end, at least 0, in money. A payoff of exactly 0 shows as a signal of 0.
    stakes : sequence of float
        What each stage costs, in money: at least two, the later ones above 0.
    signal_noise : float or sequence of float
        Standard deviation of the log of each gate's noise, above 0; one number for all gates.
    thresholds : "optimal" or sequence of float
        Least signal that goes on, in money, one for each gate, at least 0; "optimal" are those with the largest value
        among rules that look at each gate's own signal.
    follow_on : float, default 1
        How many times the stake and the payoff a bet that passes its first gate is scaled up to.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Notes
    -----
    Everything is an expectation over the payoff alone, the signals being integrated by hand: lognormal payoffs with
    one gate by the closed form, other laws by quadrature. No trial is drawn, so no variance has to be finite.

    References
    ----------
    Roberts and Weitzman 1981, Funding criteria for research, development, and exploration projects, Econometrica
    49(5). For the lognormal case, Black and Scholes 1973 (equation 13) with v = s**4 / (s**2 + t**2).

    Examples
    --------
    >>> import tailsim as ts
    >>> bet = ts.StagedBet(ts.LogNormal(-2, 2), [0.05, 1], signal_noise=1)
    >>> f"{bet.value():.6f} {bet.kill_rate:.4f}"
    '0.578907 0.8145'
    """

    payoff: Payoff
    stakes: Sequence[float]
    signal_noise: float | Sequence[float]
    thresholds: Any = "optimal"
    follow_on: float = 1.0

    def __post_init__(self) -> None:
        _check.instance("payoff", self.payoff, Payoff, "a payoff law such as LogNormal(-2, 2)")
        if self.payoff.support[0] < 0.0:
            raise _check.refuse("payoff", "a law of payoffs of at least 0", self.payoff, "shift or cap its losses")
        stakes = tuple(
            _check.numbers("stakes", self.stakes, "at least two finite stakes", min_size=2, low=0.0).tolist()
        )
        if min(stakes[1:]) <= 0.0:
            raise _check.refuse("stakes", "above 0 from the second stage on", self.stakes)
        object.__setattr__(self, "stakes", stakes)
        gates = len(stakes) - 1
        object.__setattr__(self, "signal_noise", _noises(self.signal_noise, gates))
        object.__setattr__(self, "follow_on", _check.positive("follow_on", self.follow_on))
        if isinstance(self.thresholds, str):
            _check.one_of("thresholds", self.thresholds, ("optimal",))
            object.__setattr__(self, "thresholds", optimal_thresholds(self.payoff, stakes, self.signal_noise))
        else:
            rule = f'"optimal" or {gates} finite number{"s" if gates > 1 else ""} of at least 0, one a gate'
            given = _check.numbers("thresholds", self.thresholds, rule, low=0.0)
            if given.size != gates:
                raise _check.refuse("thresholds", rule, self.thresholds)
            object.__setattr__(self, "thresholds", tuple(given.tolist()))

    def _gates(self) -> Gates:
        return gates_of(self.payoff, self.signal_noise, self.thresholds)

    def value(self) -> float:
        """Mean of paid - spent of one bet, in money; inf where the payoff has no finite mean.

        Returns
        -------
        float
        """
        if self.payoff.tail_index <= 1.0:
            return math.inf
        return self._value()

    def _value(self, price: float = 1.0) -> float:
        paid, passed = self._gates().paid, self._gates().passed
        later = math.fsum(c * p for c, p in zip(self.stakes[1:], passed, strict=True))
        return self.follow_on * (paid - price * later) - price * self.stakes[0]

    @property
    def spent(self) -> float:
        """Mean of what one bet spends, in money."""
        later = math.fsum(c * p for c, p in zip(self.stakes[1:], self._gates().passed, strict=True))
        return self.stakes[0] + self.follow_on * later

    @property
    def unstaged(self) -> float:
        """Mean net value when all stages must be paid at once, or nothing where that loses, in money."""
        if self.payoff.tail_index <= 1.0:
            return math.inf
        whole = self.follow_on * (float(self.payoff.mean()) - math.fsum(self.stakes[1:])) - self.stakes[0]
        return max(whole, 0.0)

    @property
    def value_of_staging(self) -> float:
        """What looking is worth: value less that of the same bet paid at once, or not made."""
        if self.payoff.tail_index <= 1.0:
            raise UndefinedMomentError(
                f"{_check.shown(self.payoff)} has no finite mean, so that the value with gates and without are both "
                "infinite; cap the payoff, or look at kill_rate and outliers_killed."
            )
        return self.value() - self.unstaged

    @property
    def kill_rate(self) -> float:
        """Share of the bets that some gate kills."""
        return 1.0 - self._gates().passed[-1]

    @property
    def kill_rates(self) -> tuple[float, ...]:
        """Share of the bets that each gate kills, of those that reach it."""
        passed = (1.0, *self._gates().passed)
        return tuple(1.0 - b / a if a > 0.0 else math.nan for a, b in pairwise(passed))

    @property
    def outliers_killed(self) -> float:
        """Share of the outliers that are killed: of the best 1 % of all bets."""
        return self.killed_of_best(0.01)

    def killed_of_best(self, fraction: float = 0.01) -> float:
        """Share of the best bets that some gate kills.

        Parameters
        ----------
        fraction : float
            The best are this share of all bets, in (0, 1).

        Returns
        -------
        float
        """
        fraction = _check.real("fraction", fraction, "a share strictly between 0 and 1", above=0.0, below=1.0)
        return self._gates().killed_of_best(fraction)

    @property
    def payoff_killed(self) -> float:
        """Share of all payoff that killed bets would have paid."""
        if self.payoff.tail_index <= 1.0:
            raise UndefinedMomentError("a share of all payoff needs a mean; use killed_of_best(fraction).")
        return 1.0 - self._gates().paid / float(self.payoff.mean())

    def recycled(self, budget: float) -> Recycled:
        """What a budget brings when money that gates save goes into new bets of the same kind, until it is used up.

        Parameters
        ----------
        budget : float
            Money, above 0; for budgets of many bets (what the last bet overdraws is left out).

        Returns
        -------
        Recycled
            By the thresholds given; with optimal ones by those that make the most of a unit spent, which kill more.
        """
        budget = _check.positive("budget", budget)
        if self.payoff.tail_index <= 1.0:
            raise UndefinedMomentError("a budget's value needs payoffs with a mean; cap the payoff.")
        best, rate = self, self.value() / self.spent
        if self.thresholds == optimal_thresholds(self.payoff, self.stakes, self.signal_noise):
            for _ in range(_ROUNDS):  # Dinkelbach's iteration for the largest ratio
                dearer = tuple(c * (1.0 + max(rate, 0.0)) for c in self.stakes)
                best = replace(self, thresholds=optimal_thresholds(self.payoff, dearer, self.signal_noise))
                before, rate = rate, best.value() / best.spent
                if rate <= before * (1.0 + 1e-13):
                    break
        return Recycled(budget / best.spent, budget * rate, rate, best.thresholds)


def _noises(value: Any, gates: int) -> tuple[float, ...]:
    """One standard deviation a gate."""
    if isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, str):
        if len(value) != gates:
            raise _check.refuse("signal_noise", f"one number, or {gates}, one a gate", value)
        return tuple(_check.positive(f"signal_noise[{i}]", t) for i, t in enumerate(value))
    return (_check.positive("signal_noise", value),) * gates
