"""What a sample of n payoffs shows of the concentration of its law, on average: exact, by integrals.

1/S is the integral of exp(-sS) over s, which makes a share of the total a product over independent payoffs. Given the
exceedance v of the (k + 1)-th largest, the k largest are independent draws from below v and the others from above it.
"""

import functools
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..payoffs.base import Payoff

Floats = NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_LEFT_OUT = 1e-15  # chance of a payoff beyond the deepest panel
_RATIO = 3.0  # payoffs at the ends of a panel differ by this factor at most
_TOGETHER = 64  # values of s worked out at once


def _antiderivative() -> Floats:
    """Integrals from -1 to each node of the polynomials that are one at one node and zero at the others."""
    basis = np.polynomial.legendre.legvander(_NODES, 9)
    primitive = np.empty_like(basis)
    for i in range(10):
        coefficients = np.polynomial.legendre.legint(np.eye(10)[i], lbnd=-1)
        primitive[:, i] = np.polynomial.legendre.legval(_NODES, coefficients)
    return np.asarray(primitive @ np.linalg.inv(basis))


_PRIMITIVE = _antiderivative()


class SampleShares:
    """Expectations of shares of the total of ``n`` payoffs that are never negative, given that it is not zero."""

    def __init__(self, law: "Payoff", n: int, k: int = 0) -> None:
        self.law, self.n, self.k = law, n, k
        self.positive = float(law.sf(0.0))
        self.paid = -math.expm1(n * math.log1p(-self.positive)) if self.positive < 1.0 else 1.0
        edges = self._edges()
        half = 0.5 * np.diff(edges)
        self.v = (0.5 * (edges[1:] + edges[:-1])[:, None] + half[:, None] * _NODES).reshape(-1)
        self._half, self.w = half, (half[:, None] * _WEIGHTS).reshape(-1)
        # in a unit of money of which squares do not overflow
        self._unit = 2.0 ** -math.frexp(float(law.isf(0.5 * self.positive)))[1]
        self.x = np.asarray(law.isf(self.v)) * self._unit

    def _edges(self) -> Floats:
        """Panels of exceedances, finer towards both ends, at corners, and where the (k + 1)-th largest lies."""
        q, n, k = self.positive, self.n, self.k
        deep = math.ceil(math.log2(n / _LEFT_OUT))
        near = 0.5 ** np.arange(1.0, 46.0)
        edges = np.concatenate([q * 0.5 ** np.arange(0.0, deep), q * (1.0 - near), [1.0]])
        corners = self.law._corners()
        corners = corners[np.isfinite(corners)]
        edges = np.append(edges, np.concatenate([self.law._sf(corners), self.law.prob_at_least(corners)]))
        if k:
            sd = math.sqrt((k + 1.0) * (n - k) / (n + 2.0)) / (n + 1.0)
            edges = np.append(edges, (k + 1.0) / (n + 1.0) + sd * np.arange(-12.0, 13.0))
        edges = np.unique(edges[(edges >= q * 0.5**deep) & (edges <= 1.0)])
        for _ in range(12):
            x = np.asarray(self.law.isf(np.clip(edges, None, q)))
            with np.errstate(divide="ignore", invalid="ignore"):
                wide = (x[:-1] > _RATIO * x[1:]) & (x[1:] > 0.0) & (edges[1:] <= q)
            more = np.asarray(self.law.sf(np.sqrt(x[:-1][wide]) * np.sqrt(x[1:][wide])))
            more = more[(more > edges[:-1][wide]) & (more < edges[1:][wide])]
            if not more.size:
                break
            edges = np.unique(np.append(edges, more))
        return edges

    @functools.cached_property
    def _s(self) -> tuple[Floats, Floats]:
        """(s, weights ds): from where no total is as large to where none but zero is as small."""
        n = self.n
        none = n * math.log1p(-self.positive) if self.positive < 1.0 else -math.inf
        least = np.logaddexp(none, math.log(1e-12 * self.paid))  # ln P(the largest is no larger than that)
        small = float(self.law.isf(min(-math.expm1(least / n), self.positive))) * self._unit
        small = small if small > 0.0 else float(self.x[self.x > 0.0].min())
        many = n * float(self.x @ self.w)
        low, high = math.log(min(0.1 / float(self.x.max()), 1e-12 / many)), math.log(40.0 / small)
        edges = np.linspace(low, high, max(math.ceil(high - low), 2) + 1)
        half = 0.5 * np.diff(edges)
        s = np.exp((0.5 * (edges[1:] + edges[:-1])[:, None] + half[:, None] * _NODES).reshape(-1))
        return s, (half[:, None] * _WEIGHTS).reshape(-1) * s

    def _below(self, f: Floats) -> Floats:
        """Integrals of f (rows of s, nodes) from v = 0 to each node."""
        pieces = f.reshape(f.shape[0], -1, 10)
        whole = (pieces @ _WEIGHTS) * self._half
        before = np.cumsum(whole, axis=1) - whole
        inside = pieces @ _PRIMITIVE.T * self._half[:, None]
        return np.asarray((before[:, :, None] + inside).reshape(f.shape))

    def _over(self, f: Floats) -> Floats:
        """Integrals of f from each node to v = 1."""
        pieces = f.reshape(f.shape[0], -1, 10)
        whole = (pieces @ _WEIGHTS) * self._half
        after = np.cumsum(whole[:, ::-1], axis=1)[:, ::-1] - whole
        inside = whole[:, :, None] - pieces @ _PRIMITIVE.T * self._half[:, None]
        return np.asarray((after[:, :, None] + inside).reshape(f.shape))

    def top(self) -> tuple[float, float]:
        """(mean, standard deviation) of the share of the k largest, 0 < k < n."""
        n, k = self.n, self.k
        log_c = math.lgamma(n + 1.0) - math.lgamma(k + 1.0) - math.lgamma(n - k)
        first = second = 0.0
        for s, ds in self._rows():
            e = np.exp(-s * self.x)
            a0, a1, a2 = (self._below(e * self.x**i) for i in range(3))
            rest = log_c + (n - k - 1.0) * np.log(self._over(e))
            log_a = np.log(np.maximum(a0, 1e-320))
            edge = self.w * e  # the (k + 1)-th largest itself
            alone = edge * np.exp(rest + (k - 1.0) * log_a)
            first += float(ds @ (alone * k * a1).sum(axis=1))
            squares = alone * k * a2
            if k > 1:
                squares = squares + edge * np.exp(rest + (k - 2.0) * log_a) * (k * (k - 1.0)) * a1 * a1
            second += float((ds * s[:, 0]) @ squares.sum(axis=1))
        mean = first / self.paid
        return mean, math.sqrt(max(second / self.paid - mean * mean, 0.0))

    def hhi(self) -> float:
        """Mean of the sum of squared shares."""
        total = 0.0
        for s, ds in self._rows():
            e = np.exp(-s * self.x) * self.w
            total += float((ds * s[:, 0]) @ (self.n * (e @ self.x**2) * self._one(e) ** (self.n - 1.0)))
        return total / self.paid

    def gini(self) -> float:
        """Mean of the Gini coefficient."""
        total = 0.0
        for s, ds in self._rows():
            e = np.exp(-s * self.x)
            differences = (e * (self.x * self._over(e) - self._over(e * self.x))) @ self.w
            total += float(ds @ (differences * self._one(e * self.w) ** (self.n - 2.0)))
        return (self.n - 1.0) * total / self.paid

    def _one(self, e: Floats) -> Floats:
        """E exp(-sX), what lies beyond the deepest panel counted as paying without bound."""
        return np.asarray(e.sum(axis=1))

    def _rows(self) -> list[tuple[Floats, Floats]]:
        s, ds = self._s
        return [(s[i : i + _TOGETHER, None], ds[i : i + _TOGETHER]) for i in range(0, s.size, _TOGETHER)]
