"""Expectations under a law, by quadrature of its survival function: exact order, no draws, any tail.

E h(X) = h(m) + integral of h' sf above m - integral of h' cdf below it, m the median: that form needs no density,
takes atoms as they come and keeps its digits in both tails.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..payoffs._numeric import DEEPEST, refined
from ..payoffs.base import Payoff

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]

_GONE = 800.0  # exp(-_GONE) is no double
_LIGHT_DEPTH = 256  # exceedances of 2**-256 are all that light tails can bring into an expectation

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)


def nodes_between(points: Floats) -> tuple[Floats, Floats]:
    """Nodes and weights of a quadrature over the panels between increasing points."""
    half = 0.5 * points[1:] - 0.5 * points[:-1]
    x = (0.5 * points[1:] + 0.5 * points[:-1])[:, None] + half[:, None] * _NODES
    return x.reshape(-1), (half[:, None] * _WEIGHTS).reshape(-1)


def log_cdf(law: Payoff, x: Floats) -> Floats:
    """ln P(X <= x), with the digits of whichever side is small."""
    with np.errstate(all="ignore"):
        above = law._sf(x)
        return np.where(above < 0.5, np.log1p(-above), np.log(law._cdf(x)))


class Under:
    """A law made ready for expectations: its smooth panels, its median and what lies above any point.

    ``deep`` follows light tails as far as doubles go, which takes four times as long.

    Attributes
    ----------
    law : Payoff
        The law.
    points : ndarray
        Increasing finite values between which its survival function is smooth.
    discrete : bool
        Whether atoms are all there is; expectations are then sums over them.
    spread : float
        Distance between the quartiles.
    """

    def __init__(self, law: Payoff, *, deep: bool = False) -> None:
        self.law = law
        atoms = law.atoms
        self._values = np.array([x for x, _ in atoms], dtype=np.float64)
        self._masses = np.array([p for _, p in atoms], dtype=np.float64)
        self.discrete = math.fsum(self._masses) >= 1.0 - 1e-12
        light = math.isinf(law.tail_index) and math.isinf(law.left_tail_index) and not deep
        depth = _LIGHT_DEPTH if light else DEEPEST
        with np.errstate(all="ignore"):
            self._median = float(law.median())
            self.spread = float(law.isf(0.25)) - float(law.isf(0.75))
            self.points = self._values if self.discrete else np.unique(np.append(law._points(depth), self._median))
        self._above: Floats | None = None

    def sf(self, x: Floats) -> Floats:
        """P(X > x) of a one-dimensional array."""
        with np.errstate(all="ignore"):
            return self.law._sf(x)

    def cdf(self, x: Floats) -> Floats:
        """P(X <= x) of a one-dimensional array."""
        with np.errstate(all="ignore"):
            return self.law._cdf(x)

    def rest(self, x: float) -> float:
        """Integral of sf over everything above an x where the tail is a power, or nothing."""
        index = self.law.tail_index
        if x >= self.law.support[1] or not math.isfinite(index):
            return 0.0
        return abs(x) * float(self.sf(np.array([x]))[0]) / (index - 1.0)

    def rest_below(self, x: float) -> float:
        """Integral of cdf over everything below an x where the left tail is a power, or nothing."""
        index = self.law.left_tail_index
        if x <= self.law.support[0] or not math.isfinite(index):
            return 0.0
        return abs(x) * float(self.cdf(np.array([x]))[0]) / (index - 1.0)

    def _integral_above(self, x: float) -> float:
        """Integral of sf above x, where x is one of ``points`` or lies above them all."""
        if x > self.points[-1]:
            return self.rest(x)
        if self._above is None:
            at, weights = nodes_between(self.points)
            pieces = (weights * self.sf(at)).reshape(-1, _NODES.size).sum(axis=1)
            pieces = np.append(pieces, self.rest(float(self.points[-1])))
            self._above = np.cumsum(pieces[::-1])[::-1]
        return float(self._above[np.searchsorted(self.points, x)])

    def panel_end(self, x: float) -> float:
        """The first of ``points`` at or above x; x itself beyond them."""
        i = int(np.searchsorted(self.points, x))
        return float(self.points[i]) if i < self.points.size else x

    def within(self, cuts: Floats | None = None, low: float = -math.inf, high: float = math.inf) -> "Window":
        """The law within a window: where expectations of functions that die outside it are computed.

        ``cuts`` are further panel ends, where those functions themselves turn.
        """
        return Window(self, cuts, low, high)

    def expect_near(self, h: Function, *, cuts: Floats, low: float, high: float) -> float:
        """E[h(X); low <= X <= high] from the density: for an h so narrow that the law hardly moves under it."""
        points = self._panels(cuts, low, high)
        at, weights = nodes_between(points)
        with np.errstate(all="ignore"):
            continuous = float(np.sum(weights * np.asarray(self.law.pdf(at)) * h(at)))
            inside = (self._values >= low) & (self._values <= high)
            return continuous + float(np.sum(self._masses[inside] * h(self._values[inside])))

    def _panels(self, cuts: Floats | None, low: float, high: float) -> Floats:
        """The law's points and the cuts within the window, no panel more than doubling the distance to the median."""
        ends = self.law.support
        low, high = max(low, ends[0]), min(high, ends[1])
        own = self.points[(self.points >= low) & (self.points <= high)]
        extra = np.empty(0) if cuts is None else cuts[(cuts > low) & (cuts < high)]
        finite = [x for x in (low, high) if math.isfinite(x)]
        points = np.unique(np.concatenate([own, extra, finite]))
        return refined(points, self._median) if cuts is not None and points.size > 1 else points


class Window:
    """A law's survival function at the nodes of one window, for several expectations."""

    def __init__(self, under: Under, cuts: Floats | None, low: float, high: float) -> None:
        self._under = under
        if under.discrete:
            return
        points = under._panels(cuts, low, high)
        self._end = float(points[-1])
        self._middle = np.array([min(max(under._median, float(points[0])), self._end)])
        self._at, weights = nodes_between(points)
        up = self._at > self._middle
        tail = np.empty_like(weights)
        tail[up], tail[~up] = under.sf(self._at[up]), -under.cdf(self._at[~up])
        self._mass = weights * tail

    def expect(self, h: Function, slope: Function, *, linear_above: bool = False) -> float:
        """E h(X) of a smooth h whose derivative is ``slope``.

        Below the window h is taken to be 0; above it 0 too, or of slope 1 where ``linear_above`` says so (the window
        then ends at a ``panel_end``).
        """
        with np.errstate(all="ignore"):
            if self._under.discrete:
                return float(np.sum(self._under._masses * h(self._under._values)))
            pieces = np.where(self._mass == 0.0, 0.0, self._mass * slope(self._at))
            total = float(h(self._middle)[0]) + float(np.sum(pieces))
        return total + (self._under._integral_above(self._end) if linear_above else 0.0)

    def laplace(self, low: float, s: float) -> tuple[float, float]:
        """E exp(-s Y) and E Y exp(-s Y) of Y = X - low."""
        under = self._under
        x = under._values if under.discrete else self._at
        with np.errstate(all="ignore"):
            y = x - low
            fade = np.exp(-np.minimum(s * y, _GONE))
            if under.discrete:
                return float(np.sum(under._masses * fade)), float(np.sum(under._masses * y * fade))
            middle = self._middle[0] - low
            start = math.exp(-min(s * middle, _GONE))
            pieces = self._mass * fade
            first = start - s * float(np.sum(pieces))
            return first, middle * start + float(np.sum(pieces * (1.0 - np.minimum(s * y, _GONE))))
