"""Odds that are seen before a bet is made: which ideas a team that fears failure does not try."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..payoffs.base import Payoff

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fear:
    """Ideas whose odds of success are below ``least_odds`` are refused, as a rule on outcomes.

    Each idea aims at what it pays if it succeeds, and the higher it aims, the lower its odds. Let s be
    P(payoff >= stake) and u in (0, 1] the share of successes that pay at least what the idea aims at. Its odds are
    s / (1 - k) u^k, k = gradient (1 - s), and u has the distribution function u^(1 - k): so the law of the payoff is
    the declared one whatever the gradient. At gradient 1 the least ambitious ideas are sure, at 0 all have odds s.

    Attributes
    ----------
    least_odds : float
        Ideas below it are refused.
    success : float
        s, the chance of an idea to pay its stake back or more.
    successes_refused : float
        Share of successes that are refused: those that pay most.
    failures_refused : float
        Share of failures that are refused.
    cap : float
        Payoffs above it are refused, in money.
    at_cap : float
        Share of the payoffs equal to ``cap`` that are refused, where that is an atom.
    """

    least_odds: float
    success: float
    successes_refused: float
    failures_refused: float
    cap: float
    at_cap: float

    @classmethod
    def of(cls, payoff: Payoff, stake: float, least_odds: float, gradient: float) -> "Fear | None":
        """The rule for a law of payoffs; None where nothing is refused."""
        s = float(payoff.prob_at_least(stake))
        u, failures = refused(s, least_odds, gradient)
        if u == 0.0 and failures == 0.0:
            return None
        if u == 1.0 or s == 0.0:
            return cls(least_odds, s, 1.0, 1.0, -math.inf, 0.0)
        cap = max(float(payoff.isf(s * u)), stake)
        beyond, from_cap = float(payoff.sf(cap)), float(payoff.prob_at_least(cap))
        at_cap = min(max((s * u - beyond) / (from_cap - beyond), 0.0), 1.0) if from_cap > beyond else 0.0
        return cls(least_odds, s, u, failures, cap, at_cap)

    @property
    def ideas_refused(self) -> float:
        """Share of all ideas that are refused."""
        return self.success * self.successes_refused + (1.0 - self.success) * self.failures_refused

    def refuses(self, payoffs: Floats, stake: float, luck: Floats) -> NDArray[np.bool_]:
        """Which ideas are not tried, from what they would pay and a uniform each of its own."""
        big = (payoffs > self.cap) | ((payoffs == self.cap) & (luck <= self.at_cap))
        answer: NDArray[np.bool_] = np.where(payoffs >= stake, big, luck <= self.failures_refused)
        return answer


def refused(success: float, least_odds: float, gradient: float) -> tuple[float, float]:
    """Shares of successes and of failures that are refused.

    Of failures, u has the distribution function (u^(1 - k) - s u) / (1 - s).
    """
    if least_odds <= 0.0:
        return 0.0, 0.0
    if success == 0.0:
        return 1.0, 1.0
    k = gradient * (1.0 - success)
    highest = min(success / (1.0 - k), 1.0) if k < 1.0 else 1.0
    if least_odds > highest * (1.0 + 1e-12):  # odds of .2 are 1 - .8 too
        return 1.0, 1.0
    if k == 0.0:
        return 0.0, 0.0
    u = min((least_odds / highest) ** (1.0 / k), 1.0)
    return u, min(max((u ** (1.0 - k) - success * u) / (1.0 - success), 0.0), 1.0)
