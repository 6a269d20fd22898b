"""What one round does to wealth W = 1 + f (sum of n payoffs - n): mean logarithm, its slope in f, negative powers.

For one bet by quadrature of its law. For n through the Laplace transform of one payoff above its lowest value, Y:
1/W, log W and W**-r are integrals over t of exp(-t W), whose mean is exp(-t c) L(t f)**n with c = 1 - n f (1 - low).
Neither needs a mean, and neither draws.
"""

import math
from typing import Protocol

import numpy as np

from .._lazy import special
from ..payoffs.base import Payoff
from ._quadrature import Floats, Under

_STEP = 0.125  # the trapezoidal rule in log t then errs by less than 1e-12 up to powers of 64
_LEFT, _RIGHT = 40.0, 60.0  # where it starts and ends, in log s, for payoffs of the size of the stake
_ROUNDED = 30.0  # beyond it payoffs so near a lowest one other than 0 are no longer told apart
_LEAST = -700.0


class Wealth(Protocol):
    """What a round does to wealth when a fraction f is staked on each bet."""

    def edge(self, f: float) -> float:
        """E[(sum of payoffs - n) / W], the slope of the growth in f."""

    def growth(self, f: float) -> float:
        """E log W."""

    def power(self, f: float, r: float) -> float:
        """E W**-r."""


def wealth_of(law: Payoff, n_bets: int) -> Wealth:
    """The wealth of a round with ``n_bets`` bets; the law must be bounded below."""
    return _One(law) if n_bets == 1 else _Several(law, n_bets)


class _One:
    """One bet."""

    def __init__(self, law: Payoff) -> None:
        self._low = law.support[0]
        self._window = Under(law).within()

    def _wealth(self, f: float, x: Floats) -> Floats:
        """W, without digits lost where the lowest payoff takes all."""
        return max(1.0 - f * (1.0 - self._low), 0.0) + f * (x - self._low)

    def edge(self, f: float) -> float:
        slope = self._window.expect(lambda x: (x - 1.0) / self._wealth(f, x), lambda x: self._wealth(f, x) ** -2.0)
        return max(slope, -1e300)

    def growth(self, f: float) -> float:
        def log(x: Floats) -> Floats:
            near = f * (1.0 - self._low) < 0.5  # where log1p keeps the digits of a small stake
            return np.log1p(f * (x - 1.0)) if near else np.log(self._wealth(f, x))

        return self._window.expect(log, lambda x: f / self._wealth(f, x))

    def power(self, f: float, r: float) -> float:
        return self._window.expect(
            lambda x: self._wealth(f, x) ** -r, lambda x: -r * f * self._wealth(f, x) ** (-r - 1.0)
        )


class _Several:
    """n bets at once."""

    def __init__(self, law: Payoff, n: int) -> None:
        under = Under(law)
        self._n, self._low = n, law.support[0]
        large = math.log(max(float(law.isf(0.01)), 1.0))
        left = max(-_LEFT / min(1.0, law.tail_index) - large, _LEAST)
        self._s = np.exp(np.arange(left, _RIGHT if self._low == 0.0 else _ROUNDED, _STEP))
        window = under.within()
        self._transform, self._slope = np.array([window.laplace(self._low, s) for s in self._s.tolist()]).T
        self._power_n = self._transform**n
        with np.errstate(all="ignore"):
            self._power_less = np.where(self._transform > 0.0, self._power_n / self._transform, 0.0)

    def _fade(self, f: float) -> Floats:
        """exp(-t c) at t = s / f."""
        c = max(1.0 - self._n * f * (1.0 - self._low), 0.0)
        return np.asarray(np.exp(-self._s * (c / f)))

    def edge(self, f: float) -> float:
        mean = self._power_less * (self._slope - (1.0 - self._low) * self._transform)
        return self._n / f * _STEP * float(np.sum(self._s * self._fade(f) * mean))

    def growth(self, f: float) -> float:
        return _STEP * float(np.sum(np.exp(-self._s / f) - self._fade(f) * self._power_n))

    def power(self, f: float, r: float) -> float:
        with np.errstate(divide="ignore"):
            logs = r * np.log(self._s / f) - float(special.gammaln(r)) + np.log(self._fade(f) * self._power_n)
        return _STEP * float(np.sum(np.exp(logs)))
