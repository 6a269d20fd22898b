"""The exact law of a total: what ``exact_total`` returns."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _check
from ..errors import ArgumentError, UndefinedMomentError
from ..payoffs import Payoff
from ..stats.estimate import Estimate
from ..stats.verdict import verdict_of_sum
from ._counts import Count, Fixed
from ._invert import Inverted, shortfall, tail
from ._lattice import FINEST, bracket
from ._pieces import Kind, pieces_at
from ._roots import enclosed_quantile

_DIRECT = 1e-12  # relative error granted to a law's own survival function
_QUICK = 16  # log2 of the lattice points behind each of the many probabilities that a quantile takes
_ABSOLUTE = 1e-9
_WIDE = 2e-5  # a transform's relative error beyond which the lattice is asked too
_INVERTED = "inversion of the Laplace transform"
_LATTICE = "rounding up and down to a lattice"


@dataclass(frozen=True, slots=True)
class ExactTotal:
    """The law of the total of independent bets, computed without simulation. Made by ``exact_total``.

    Every answer is an ``Estimate`` of level 1, whose interval brackets the true value: by an error bound of the
    inversion, or by rounding every payoff up and down.

    Attributes
    ----------
    groups : tuple of (Payoff, count)
        The laws of the bets, and how many bets follow each.
    n_bets : float
        How many bets there are, on average where the number is random.
    support : tuple of float
        The smallest and the largest possible total, in money.
    """

    groups: tuple[tuple[Payoff, Count], ...]
    _low: float
    _kinds: tuple[Kind, ...] | None

    @property
    def n_bets(self) -> float:
        """How many bets there are, on average where the number is random."""
        return math.fsum(count.mean for _, count in self.groups)

    @property
    def support(self) -> tuple[float, float]:
        """The smallest and the largest possible total, in money."""
        high = math.fsum(_most(law.support[1], count) for law, count in self.groups)
        return self._low, high

    def __repr__(self) -> str:
        shown = ", ".join(f"{count!r} of {law!r}" for law, count in self.groups)
        return f"ExactTotal({shown})"

    def plot(self, *, ax: Any = None) -> Any:
        """Chance of at least each total, on log axes; see ``plotting.plot_exact_total``."""
        from .. import plotting

        return plotting.plot_exact_total(self, ax=ax)

    def sf(self, x: float) -> Estimate:
        """P(total > x).

        Parameters
        ----------
        x : float
            In money; finite.

        Returns
        -------
        Estimate
            1 exactly below the smallest possible total, 0 exactly from the largest one on.

        Raises
        ------
        ArgumentError
            ``x`` is not a finite number.

        Examples
        --------
        >>> import tailsim as ts
        >>> f"{ts.exact_total(ts.Lomax(1.5), 10).sf(1e4):.8e}"
        '1.00255339e-05'
        """
        x = _check.real("x", x, "a finite number (P(total > inf) is 0)")
        value, low, high, how = self._bracket(x)
        return self._estimate(value, (low, high), how)

    def prob_at_least(self, x: float) -> Estimate:
        """P(total >= x), which is ``sf`` just below x: it counts the probability of x itself.

        Parameters
        ----------
        x : float
            In money; finite.
        """
        x = _check.real("x", x, "a finite number")
        if x <= self._low:
            return self._estimate(1.0, (1.0, 1.0), "exact")
        value, low, high, how = self._bracket(x, at_least=True)
        return self._estimate(value, (low, high), how)

    def isf(self, p: float) -> Estimate:
        """The total exceeded with probability p: the smallest x with P(total > x) <= p.

        Parameters
        ----------
        p : float
            In (0, 1), as small as 1e-250.

        Returns
        -------
        Estimate
            Its interval holds the true quantile.

        Examples
        --------
        >>> import tailsim as ts
        >>> f"{ts.exact_total(ts.Lomax(1.5), 10).isf(1e-8):.8g}"
        '1000017'
        """
        p = _check.real("p", p, "a probability strictly between 0 and 1", above=0.0, below=1.0)
        return self._quantile(p)

    def quantile(self, q: float) -> Estimate:
        """The total that is not exceeded with probability q: the smallest x with P(total <= x) >= q.

        Parameters
        ----------
        q : float
            In (0, 1); for q close to 1 use ``isf``, which takes 1 - q without rounding.

        Returns
        -------
        Estimate
            Its interval holds the true quantile.

        Examples
        --------
        >>> import tailsim as ts
        >>> total = ts.exact_total(ts.ZeroInflated(ts.Lomax(0.7), p_zero=0.95), 100)
        >>> f"{total.quantile(0.5):.10g}", f"{total.quantile(0.005):.1f}"
        ('26.37883317', '0.0')
        """
        q = _check.real("q", q, "a probability strictly between 0 and 1", above=0.0, below=1.0)
        return self._quantile(1.0 - q)

    def pdf(self, x: float) -> Estimate:
        """The density of the continuous part of the total at x, where its transform has a closed form.

        Parameters
        ----------
        x : float
            In money; finite.

        Raises
        ------
        ArgumentError
            The law's transform has no closed form here, or x is where the density jumps.
        """
        x = _check.real("x", x, "a finite number")
        low, high = self.support
        if not low <= x < high:
            return self._estimate(0.0, (0.0, 0.0), "exact")
        pieces = None if self._kinds is None or x == low else pieces_at(self._kinds, x - low)
        if pieces is None:
            raise ArgumentError(f"x must lie where the density has a closed form, got {x!r}; use differences of sf.")
        found = tail(pieces, order=0)
        return self._inverted(found, "density", 0.0, math.inf)

    def mean(self) -> Estimate:
        """The mean of the total, exact from the laws, with a verdict on what sample means of it are worth.

        Returns
        -------
        Estimate
            ``inf`` where a law has no mean.
        """
        means = [count.mean * law.mean() if count.mean else 0.0 for law, count in self.groups]
        if math.inf in means and -math.inf in means:
            raise UndefinedMomentError("the total has no mean: gains and losses both diverge; use quantile.")
        value = sum(means) if not all(map(math.isfinite, means)) else math.fsum(means)
        parts = [(law, 1.0, count.mean) for law, count in self.groups if count.mean]
        verdict = str(verdict_of_sum(parts, None)) if parts else "The mean is reliable: there is no bet."
        error = 0.0 if math.isfinite(value) else math.inf
        return Estimate(value, error, (value, value), 1.0, "exact, from the declared laws", self._n(), verdict)

    def expected_shortfall(self, worst: float = 0.05) -> Estimate:
        """The mean of the total in the ``worst`` share of cases, in money: finite even where the mean is not.

        Parameters
        ----------
        worst : float
            Share of the cases that counts as worst, in (0, 1).

        Returns
        -------
        Estimate
            With q the ``worst``-quantile, q - E max(q - total, 0) / worst.

        Raises
        ------
        ArgumentError
            ``worst`` breaks its rule, or the transform of the total has no closed form here.

        Examples
        --------
        >>> import tailsim as ts
        >>> f"{ts.exact_total(ts.Lomax(0.9), 20).expected_shortfall(0.05):.8g}"
        '28.130963'
        """
        worst = _check.real("worst", worst, "a probability strictly between 0 and 1", above=0.0, below=1.0)
        at = self._quantile(1.0 - worst)
        if at.interval[1] == self._low:
            return self._estimate(self._low, (self._low, self._low), "exact")
        missing = self._missing(at.value)
        value = at.value - missing.value / worst
        error = missing.error / worst + (at.interval[1] - at.interval[0]) + 4e-16 * abs(at.value)
        return self._estimate(value, (value - error, value + error), _INVERTED)

    def mean_above(self, x: float) -> Estimate:
        """E[total | total > x], in money: what is to be expected once x is exceeded.

        Parameters
        ----------
        x : float
            In money; finite, below the largest possible total.

        Raises
        ------
        UndefinedMomentError
            The mean is infinite.
        ArgumentError
            ``x`` breaks its rule, or the transform of the total has no closed form here.
        """
        x = _check.real("x", x, "a finite number")
        mean = math.fsum(count.mean * law.mean() for law, count in self.groups)
        if not math.isfinite(mean):
            raise UndefinedMomentError("the mean above x is infinite, since a tail index is at or below 1; use isf.")
        over = self._bracket(x)
        if over[1] <= 0.0:
            raise ArgumentError(f"x must be below totals that have a probability to speak of, got {x!r}.")
        if x <= self._low:
            missing = Inverted(max(x - self._low, 0.0), 0.0)
        else:
            missing = self._missing(x)
        above = self._above(mean, x, missing)
        value = x + above.value / over[0]
        low = x + max(above.value - above.error, 0.0) / over[2]
        return self._estimate(value, (low, x + (above.value + above.error) / over[1]), _INVERTED)

    def _above(self, mean: float, x: float, missing: Inverted) -> Inverted:
        """E max(total - x, 0): by the jump of the transform where it can, else the mean less what is below."""
        kinds = self._kinds
        pieces = None if kinds is None or x <= self._low else pieces_at(kinds, x - self._low)
        found = Inverted(math.nan, math.inf)
        if pieces is not None and pieces.beyond == 0.0:
            found = tail(pieces, order=2)
        error = missing.error + 8e-16 * (abs(mean) + abs(x) + missing.value)
        direct = Inverted(mean - x + missing.value, error)
        return found if found.error < direct.error else direct

    def _missing(self, x: float) -> Inverted:
        """E max(x - total, 0)."""
        pieces = None if self._kinds is None else pieces_at(self._kinds, x - self._low)
        found = Inverted(math.nan, math.inf) if pieces is None else shortfall(pieces)
        if not math.isfinite(found.error):
            raise ArgumentError(f"the bets must have laws of known transform for partial means, got {self!r}.")
        return found

    def _bracket(self, x: float, *, at_least: bool = False, finest: int = FINEST) -> tuple[float, float, float, str]:
        """(value, low, high, how) of P(total > x)."""
        low, high = self.support
        if x < low:
            return 1.0, 1.0, 1.0, "exact"
        if x > high or (x == high and not at_least):
            return 0.0, 0.0, 0.0, "exact"
        if len(self.groups) == 1 and self.groups[0][1] == Fixed(1):
            law = self.groups[0][0]
            p = law.prob_at_least(x) if at_least else law.sf(x)
            return p, p * (1.0 - _DIRECT), min(p * (1.0 + _DIRECT), 1.0), "the law's own survival function"
        if x == low:
            p = -math.expm1(math.fsum(_log_at_low(law, count) for law, count in self.groups))
            return p, p * (1.0 - _DIRECT), min(p * (1.0 + _DIRECT), 1.0), "exact"
        found = self._by_transform(x, at_least)
        if found is not None and found.error <= _WIDE * found.value:
            return *_clipped(found), _INVERTED
        coarse = bracket(self.groups, x, at_least=at_least, finest=finest)
        if found is not None and (coarse is None or 2.0 * found.error < coarse[1] - coarse[0]):
            return *_clipped(found), _INVERTED
        if coarse is None:
            raise ArgumentError(
                f"the bets must have payoffs that are bounded below, got {self!r}; use simulate instead."
            )
        return 0.5 * (coarse[0] + coarse[1]), coarse[0], coarse[1], _LATTICE

    def absolute(self, x: float) -> tuple[float, float]:
        """(P(total > x), a bound of its absolute error), where digits of small probabilities do not matter."""
        if x > self._low and self.groups[0][1] != Fixed(1):
            found = self._by_transform(x, False)
            if found is not None and found.error <= _ABSOLUTE:
                return min(max(found.value, 0.0), 1.0), found.error
        value, low, high, _ = self._bracket(x)
        return value, high - low

    def _by_transform(self, x: float, at_least: bool) -> Inverted | None:
        pieces = None if self._kinds is None else pieces_at(self._kinds, x - self._low)
        if pieces is None:
            return None
        found = tail(pieces, at_least=at_least)
        return found if math.isfinite(found.error) else None

    def _quantile(self, p: float) -> Estimate:
        """The smallest x with P(total > x) <= p."""
        how = [""]

        def sf(x: float) -> tuple[float, float, float]:
            value, low, high, how[0] = self._bracket(x, finest=_QUICK)
            return value, low, high

        value, interval = enclosed_quantile(sf, p, self.support, self._scale(p))
        return self._estimate(value, interval, how[0] or "exact")

    def _scale(self, p: float) -> float:
        """A first guess of the distance between the lowest total and a quantile."""
        guesses = []
        for law, count in self.groups:
            share = min(p / max(count.mean, 1.0), 0.5)
            guesses.append(law.isf(share) - law.support[0])
        return max([g for g in guesses if math.isfinite(g) and g > 0.0], default=1.0)

    def _inverted(self, found: Inverted, what: str, low: float, high: float) -> Estimate:
        if not math.isfinite(found.error):
            raise ArgumentError(f"the {what} could not be inverted to any stated error, got {self!r}; use sf.")
        interval = max(found.value - found.error, low), min(found.value + found.error, high)
        return self._estimate(found.value, interval, _INVERTED)

    def _estimate(self, value: float, interval: tuple[float, float], how: str) -> Estimate:
        return Estimate(value, 0.0, interval, 1.0, how, self._n())

    def _n(self) -> int:
        return max(round(self.n_bets), 0)


def _clipped(found: Inverted) -> tuple[float, float, float]:
    low, high = max(found.value - found.error, 0.0), min(found.value + found.error, 1.0)
    return min(max(found.value, low), high), low, high


def _most(high: float, count: Count) -> float:
    """The largest total of bets that pay at most ``high``."""
    if high == 0.0 or count.most == 0.0:
        return 0.0
    least = count.most if isinstance(count, Fixed) else 0.0
    return count.most * high if high > 0.0 else least * high


def _log_at_low(law: Payoff, count: Count) -> float:
    """log P(the bets of one group together pay the least they can)."""
    low = law.support[0] if isinstance(count, Fixed) else 0.0
    gap = law.sf(low)
    if gap >= 1.0 and isinstance(count, Fixed):
        return -math.inf
    return float(count.log_pgf(np.array([gap + 0j])).real[0])
