"""How sums of n independent payoffs stray from their mean, from the characteristic function of one.

With R(x) = E(X - x)^+ above the mean m and E(x - X)^+ below it, integrating twice by parts gives
E exp(it(X - m)) - 1 = -t^2 times the Fourier transform of R(m + y): nothing cancels, so the small t at which heavy
tails live are exact. Tails are transformed by Ooura and Mori's double-exponential formula, what lies between the
corners of a law in Gauss panels.
"""

import functools
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..payoffs.base import Payoff

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]
MOST_DRAWS = 10**9
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_STEP = 0.05  # of the double-exponential formula: an error below 1e-12 for smooth tails
_M = math.pi / _STEP
_B = 0.25
_A = _B / math.sqrt(1.0 + _M * math.log1p(_M) / (4.0 * math.pi))
_FAST = 60.0  # t in units of one over the law's width from which on nothing of the integrals is left but the end
_TURN = 3.0  # radians a panel may turn
_PANELS, _PANELS_OF_MEAN = 2000, 300  # beyond them what is cut off has an effect of 1e-4 at most, or of its square
_FADED = 1e-11
_FAR = 30.0  # radians between low end and mean from which on the low end is the better origin
_TOGETHER, _NUMBERS = 1024, 1 << 20  # how much is worked out at once


def _double_exponential(shift: float) -> tuple[Floats, Floats]:
    """(nodes M phi, weights M h phi') of the formula for sine (shift 0) and cosine (shift 1/2)."""
    u = _STEP * (np.arange(-140.0, 106.0) + shift)
    u = np.where(u == 0.0, math.inf, u)  # its limits are put in below
    with np.errstate(over="ignore", invalid="ignore"):
        g = 2.0 * u - _A * np.expm1(-u) + _B * np.expm1(u)
        rest, e = -np.expm1(-g), np.exp(-g)
        phi = np.where(np.isinf(rest), 0.0, u / rest)
        slope = (rest - u * e * (2.0 + _A * np.exp(-u) + _B * np.exp(u))) / rest**2
        slope = np.where(np.abs(rest) > 1e150, 0.0, slope)
    first = 2.0 + _A + _B
    phi = np.where(np.isinf(u), 1.0 / first, phi)
    grow = np.where(np.isinf(u), 0.5 - 0.5 * (_B - _A) / first**2, slope)
    return _M * phi, _M * _STEP * grow


_SINE, _COSINE = _double_exponential(0.0), _double_exponential(0.5)


class Fluctuation:
    """The centred characteristic function of a law with a finite mean, and integrals of its powers."""

    def __init__(self, law: "Payoff") -> None:
        low, high = law.support
        self.turned = math.isinf(low) and math.isfinite(high)  # laws that end on the left are worked with
        self.law = -law if self.turned else law
        self.mean = self.law.mean()
        self.index = min(law.tail_index, law.left_tail_index, 2.0)
        low, high = self.law.support
        ends = [x for x in (low, high) if math.isfinite(x)]
        self._corners = np.unique(np.append(self.law._corners(), ends))
        self._corners = self._corners[np.isfinite(self._corners)]
        middle = float(law.isf(0.25)) - float(law.isf(0.75))
        self.width = middle if middle > 0.0 else 2.0 * self.deviation
        self._drift = self.mean - max(float(self.law.ppf(1e-3)), low)

    @functools.cached_property
    def deviation(self) -> float:
        """E abs(X - mean)."""
        return 2.0 * float(self._above(np.array([self.mean]))[0])

    def _above(self, x: Floats) -> Floats:
        """E(X - x)^+."""
        return np.asarray(np.maximum(self.law.partial_mean(x) - x * self.law.sf(x), 0.0))

    def _below(self, x: Floats) -> Floats:
        """E(x - X)^+."""
        if math.isfinite(self.law.support[0]):
            return np.asarray(np.maximum(x - self.mean + self._above(x), 0.0))
        mirrored = _mirrored(self.law)
        return np.asarray(np.maximum(mirrored.partial_mean(-x) + x * mirrored.sf(-x), 0.0))

    def at(self, t: Floats) -> Complex:
        """E exp(it(X - mean)) - 1 for t > 0, of the law as it is worked with."""
        low = self.law.support[0]
        far = t * (self.mean - low) > _FAR if math.isfinite(low) else np.zeros(t.size, bool)
        value = np.empty(t.size, np.complex128)
        for here, way in ((~far, self._from_mean), (far, self._from_low)):
            if here.any():
                value[here] = way(t[here])
        return value

    def _from_mean(self, t: Floats) -> Complex:
        """The two transforms as the module says: exact for small t, many panels between low end and mean for large."""
        corners = np.append(self._corners, self.mean)
        low, high = self.law.support
        first = corners.min() if math.isinf(low) else low
        value = self._panels(t, np.unique(corners), self.mean)
        if math.isinf(high):
            last = float(corners.max())
            value += np.exp(1j * t * (last - self.mean)) * self._tail(t, last, 1.0)
        if math.isinf(low):
            value += np.exp(1j * t * (first - self.mean)) * np.conj(self._tail(t, first, -1.0))
        return np.asarray(-t * t * value)

    def _from_low(self, t: Floats) -> Complex:
        """The same from the low end: 1 + it(mean - low) - t^2 times one transform, where that no longer cancels."""
        low, high = self.law.support
        drift = t * (self.mean - low)
        value = self._panels(t, self._corners, low)
        if math.isinf(high):
            last = float(self._corners.max())
            value += np.exp(1j * t * (last - low)) * self._tail(t, last, 1.0)
        return np.asarray(np.exp(-1j * drift) * (1.0 + 1j * drift - t * t * value) - 1.0)

    def _tail(self, t: Floats, start: float, side: float) -> Complex:
        """Integral of exp(ity) R(start + y) over y > 0, or of exp(ity) R(start - y)."""
        value = np.empty(t.size, np.complex128)
        (x, w), (x2, w2) = _COSINE, _SINE
        for i in range(0, t.size, _TOGETHER):
            few = t[i : i + _TOGETHER]
            near = start + side * np.stack([x, x2])[:, None, :] / few[:, None]
            r = (self._above if side > 0.0 else self._below)(near.reshape(-1)).reshape(near.shape)
            value[i : i + _TOGETHER] = (r[0] @ (w * np.cos(x)) + 1j * (r[1] @ (w2 * np.sin(x2)))) / few
        return value

    def _panels(self, t: Floats, edges: Floats, origin: float) -> Complex:
        """Integral of exp(it(x - origin)) R(x) between the outermost edges; R is E(x - X)^+ below the origin."""
        value = np.zeros(t.size, np.complex128)
        if edges.size < 2:
            return value
        octave = np.floor(np.log2(t))
        for k in np.unique(octave):
            parts = np.ceil(np.diff(edges) * 2.0**k / _TURN).astype(np.int64) + 1
            pieces = [np.linspace(a, b, n, endpoint=False) for a, b, n in zip(edges, edges[1:], parts, strict=False)]
            x, w = _gauss(np.append(np.concatenate(pieces), edges[-1]))
            r = w * np.where(x < origin, self._below(np.minimum(x, origin)), self._above(np.maximum(x, origin)))
            step = max(_NUMBERS // x.size, 1)
            mine = np.flatnonzero(octave == k)
            for few in np.split(mine, range(step, mine.size, step)):
                value[few] = np.exp(1j * np.outer(t[few], x - origin)) @ r
        return value

    @functools.cached_property
    def _edges_of_t(self) -> Floats:
        """Edges of panels even in ln t: from where all is a power of t to where little is left."""
        start = math.log(1e-8) - math.log(MOST_DRAWS) / self.index
        edges = np.arange(start, math.log(_FAST) + 0.25, 0.5)
        edges[-1] = math.log(_FAST)
        return np.asarray(np.exp(edges) / self.width)

    @functools.cached_property
    def _slow(self) -> tuple[Floats, Floats, Complex]:
        """(t, weights dt, characteristic function - 1) of these panels."""
        t, w = _gauss(np.log(self._edges_of_t))
        t = np.exp(t)
        return t, w * t, self.at(t)

    def _powers(self, n: int, most: int) -> tuple[Floats, Floats, Complex, float]:
        """(t, weights, ln of the characteristic function of the centred sum of n, end): until it has faded.

        Panels even in ln t as long as the phase hardly turns within one, then even in t.
        """
        t, w, d = self._slow
        edges, each = self._edges_of_t, _NODES.size
        alive = np.flatnonzero(n * np.log(np.abs(1.0 + d)) > math.log(_FADED))
        last = min(int(alive.max(initial=0)) // each + 1, edges.size - 1)
        phase = np.unwrap(np.angle(1.0 + d)).reshape(-1, each)
        turning = np.flatnonzero(n * np.abs(phase[:, -1] - phase[:, 0]) > 2.0 * _TURN)
        first = min(int(turning.min(initial=last)), last)
        # beyond so many turns what is cut off is below 1 / (n drift t) of a share that has mostly faded
        end = min(float(edges[last]), float(edges[first]) + most * _TURN / (n * self._drift))
        panels = math.ceil((end - edges[first]) * n * self._drift / _TURN)
        fast, more = _gauss(np.linspace(edges[first], end, panels + 1))
        t = np.concatenate([t[: each * first], fast])
        w = np.concatenate([w[: each * first], more])
        d = np.concatenate([d[: each * first], self.at(fast)])
        return t, w, n * np.log1p(d), end

    def deviation_of_sum(self, n: int) -> float:
        """E abs(S_n - E S_n) = (2 / pi) times the integral of (1 - Re psi^n) / t^2."""
        if n == 1:
            return self.deviation
        t, w, log_psi, end = self._powers(n, _PANELS_OF_MEAN)
        inside = float(np.sum(w * -np.expm1(log_psi).real / (t * t)))
        first, d = self._slow[0][0], self._slow[2][0]
        before = n * -d.real / first / (self.index - 1.0)
        return float(2.0 / math.pi * (before + inside + 1.0 / end))

    def prob_below(self, n: int) -> float:
        """P(S_n < E S_n) for n > 1 (Gil-Pelaez), what has single values only, as all draws zero, set apart."""
        t, w, log_psi, _ = self._powers(n, _PANELS)
        imag, lumps = np.exp(log_psi).imag, self._lumps(n)
        below, rest = 0.0, 1.0
        for place, mass in lumps:
            imag = imag - mass * np.sin(t * place)
            below, rest = below + mass * float(place < 0.0), rest - mass
        value = 0.5 * rest - float(np.sum(w * imag / t)) / math.pi + below
        return 1.0 - value if self.turned else value

    def _lumps(self, n: int) -> list[tuple[float, float]]:
        """(place from the mean, chance) of the sums of n draws that all take one of at most two single values."""
        atoms = [(x, p) for x, p in self.law.atoms if p > 0.0]  # of the law as it is worked with
        if sum(p for _, p in atoms) ** n < _FADED:
            return []
        if len(atoms) == 1:
            return [(n * (atoms[0][0] - self.mean), atoms[0][1] ** n)]
        (x, p), (y, q) = atoms
        return [
            (k * (x - self.mean) + (n - k) * (y - self.mean), math.comb(n, k) * p**k * q ** (n - k))
            for k in range(n + 1)
        ]


def _mirrored(law: "Payoff") -> "Payoff":
    """-law, in its own family where that is closed under it: there partial means have a closed form."""
    from ..payoffs import Affine, Normal, StudentT

    if isinstance(law, Affine):
        return law.factor * _mirrored(law.base) - law.shift
    if isinstance(law, StudentT):
        return StudentT(law.df, -law.loc, law.scale)
    return Normal(-law.mean(), law.sd) if isinstance(law, Normal) else -law


def _gauss(edges: Floats) -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss's rule on every panel."""
    half, middle = 0.5 * np.diff(edges), 0.5 * (edges[1:] + edges[:-1])
    nodes = (middle[:, None] + half[:, None] * _NODES).reshape(-1)
    return nodes, (half[:, None] * _WEIGHTS).reshape(-1)
