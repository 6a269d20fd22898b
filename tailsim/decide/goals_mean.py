"""Goals that are means of a function of the multiple: expected utility, growth, the mean of the worst trials."""

import math
from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..errors import PayoffError, UndefinedMomentError
from ..payoffs.base import Payoff
from .curve import BetCountCurve
from .goals import Goal
from .terms import Terms

Floats = NDArray[np.float64]


class Averaged(Goal):
    """A goal that is the mean of a score of each trial; the score may need a level per number of bets."""

    __slots__ = ()

    @abstractmethod
    def score(self, multiples: Floats, level: float) -> Floats:
        """Scores of trials, shape as ``multiples``."""

    def levels(self, curve: BetCountCurve) -> Floats:
        """What ``score`` gets beside the multiples, for each number of bets, shape (m,)."""
        return np.zeros(len(curve.n_bets))


class Utility(Averaged):
    """Mean utility, of constant relative risk aversion, of wealth 1 - fraction + fraction * multiple."""

    __slots__ = ()

    @property
    @abstractmethod
    def aversion(self) -> float:
        """Relative risk aversion."""

    @property
    @abstractmethod
    def staked(self) -> float:
        """Share of wealth that is staked."""

    def score(self, multiples: Floats, level: float) -> Floats:
        """Utilities."""
        wealth = 1.0 - self.staked + self.staked * multiples
        with np.errstate(divide="ignore"):
            if self.aversion == 1.0:
                return np.log(wealth)
            utility: Floats = wealth ** (1.0 - self.aversion) / (1.0 - self.aversion)
        return utility

    def sure(self, value: float) -> float:
        """The sure wealth of that utility, per unit of wealth before."""
        if self.aversion == 1.0:
            return math.exp(value)
        return float((value * (1.0 - self.aversion)) ** (1.0 / (1.0 - self.aversion)))

    def check(self, terms: Terms) -> None:
        """Refuse bets under which the mean utility, or its error, is infinite."""
        n_laws = 1 if terms.alike else int(terms.counts[-1])
        for law in {terms.law(j) for j in range(n_laws)}:
            self._check_tail(law)
            self._check_ruin(law, terms)

    def _check_tail(self, law: Payoff) -> None:
        needed = 2.0 * (1.0 - self.aversion)
        if law.tail_index <= needed:
            raise UndefinedMomentError(
                f"{self!r} needs a tail index above {needed:g}, twice 1 - risk aversion, for a mean with an error that "
                f"can be told, and {_check.shown(law)} has {law.tail_index:.4g}; ask for a risk aversion above "
                f"{1.0 - law.tail_index / 2.0:.4g}, or for a median, or cap the payoff."
            )

    def _check_ruin(self, law: Payoff, terms: Terms) -> None:
        low = law.support[0]
        least = 1.0 - self.staked + self.staked * float(np.min(terms.counts * low / terms.divisors))
        if least > 1e-12 or self.aversion == 0.0:
            return
        what = "stakes all wealth on bets that can lose it all" if least > -1e-12 else "can lose more than all wealth"
        steep = least > -1e-12 and not any(x == low for x, _ in law.atoms)
        if steep and (self.aversion <= 1.0 or _steepness(law) > 2.0 * (self.aversion - 1.0)):
            return
        if least > -1e-12 and self.aversion < 1.0:
            return
        raise UndefinedMomentError(
            f"{self!r} {what}, so that its mean is -inf or has no error that can be told; stake a fraction, as in "
            f"{type(self).__name__}({'' if isinstance(self, LogGrowth) else f'{self.aversion:g}, '}fraction=0.5)."
        )


def _steepness(law: Payoff) -> float:
    """The power with which the cdf leaves the lowest payoff, where doubles still tell."""
    near, nearer = (float(law.ppf(2.0**-k)) - law.support[0] for k in (60, 61))
    return math.inf if nearer <= 0.0 or near <= nearer else math.log(2.0) / math.log(near / nearer)


@dataclass(frozen=True, slots=True)
class ExpectedUtility(Utility):
    """Goal: the largest mean utility w**(1 - r) / (1 - r), log w at r = 1, of wealth w.

    Wealth is ``1 - fraction + fraction * paid / spent``: the share of it that is not staked is kept.

    Parameters
    ----------
    risk_aversion : float
        Relative risk aversion r, at least 0.
    fraction : float, default 1
        Share of wealth that is staked on all bets together, in (0, 1]. At 1, bets that can lose everything are
        refused from r = 1 on: their utility is -inf.

    References
    ----------
    Pratt 1964, Risk aversion in the small and in the large, Econometrica 32, section 6.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.ExpectedUtility(2, fraction=0.5)
    ExpectedUtility(risk_aversion=2.0, fraction=0.5)
    """

    risk_aversion: float
    fraction: float = 1.0

    def __post_init__(self) -> None:
        rule = "a finite number of at least 0"
        object.__setattr__(self, "risk_aversion", _check.real("risk_aversion", self.risk_aversion, rule, low=0.0))
        object.__setattr__(self, "fraction", _fraction(self.fraction))

    @property
    def aversion(self) -> float:
        """As given."""
        return self.risk_aversion

    @property
    def staked(self) -> float:
        """As given."""
        return self.fraction

    @property
    def label(self) -> str:
        """Utility of what."""
        return f"expected utility at risk aversion {self.risk_aversion:g}"

    def describe(self, value: float) -> str:
        """The sure wealth that is as good."""
        return f"a utility as good as a sure {self.sure(value):.3g}x of wealth"


@dataclass(frozen=True, slots=True)
class LogGrowth(Utility):
    """Goal: the fastest growth of wealth when rounds like this are repeated: the mean logarithm.

    Parameters
    ----------
    fraction : float, default 1
        Share of wealth that is staked on all bets together, in (0, 1]; at 1, bets that can lose all are refused.

    References
    ----------
    Kelly 1956, A new interpretation of information rate, Bell System Technical Journal 35(4).

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.LogGrowth(fraction=0.2)
    LogGrowth(fraction=0.2)
    """

    fraction: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "fraction", _fraction(self.fraction))

    @property
    def aversion(self) -> float:
        """That of the logarithm."""
        return 1.0

    @property
    def staked(self) -> float:
        """As given."""
        return self.fraction

    @property
    def label(self) -> str:
        """Growth of what."""
        return "growth of wealth a round"

    def describe(self, value: float) -> str:
        """Growth in per cent."""
        return f"a growth of wealth of {100.0 * math.expm1(value):.3g} % a round"


def _fraction(value: float) -> float:
    return _check.real("fraction", value, "a share of wealth above 0 and at most 1", above=0.0, high=1.0)


@dataclass(frozen=True, slots=True)
class WorstCase(Averaged):
    """Goal: the largest mean of paid / spent over the worst trials (expected shortfall).

    Parameters
    ----------
    worst : float
        Share of the trials that are the worst ones, in (0, 1).

    References
    ----------
    Rockafellar and Uryasev 2000, Optimization of conditional value-at-risk, Journal of Risk 2(3), theorem 1.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.WorstCase(0.05)
    WorstCase(worst=0.05)
    """

    worst: float

    def __post_init__(self) -> None:
        rule = "a share of the trials strictly between 0 and 1"
        object.__setattr__(self, "worst", _check.real("worst", self.worst, rule, above=0.0, below=1.0))

    def check(self, terms: Terms) -> None:
        """Refuse losses so heavy that the mean of the worst trials has no error, or does not exist."""
        n_laws = 1 if terms.alike else int(terms.counts[-1])
        for law in {terms.law(j) for j in range(n_laws)}:
            if law.left_tail_index <= 2.0:
                raise UndefinedMomentError(
                    f"{self!r} needs losses with a tail index above 2, and {_check.shown(law)} has "
                    f"{law.left_tail_index:.4g}; ask for QuantileMultiple({self.worst:g}), or bound the losses."
                )

    def levels(self, curve: BetCountCurve) -> Floats:
        """The quantile that bounds the worst trials."""
        levels = curve.quantile(self.worst)
        if not np.isfinite(levels).all():
            raise PayoffError("some quantiles lie outside the 48 octaves that a curve counts in; scale the payoff.")
        return levels

    def score(self, multiples: Floats, level: float) -> Floats:
        """What averages to the mean of the worst trials, and at most to it for any other level."""
        return level - np.maximum(level - multiples, 0.0) / self.worst

    @property
    def label(self) -> str:
        """Mean of what."""
        return f"mean of paid / spent over the worst {100 * self.worst:g} % of trials"

    def describe(self, value: float) -> str:
        """The mean as a multiple."""
        return f"a mean of {value:.3g}x over the worst {100 * self.worst:g} % of trials"
