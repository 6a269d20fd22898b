"""Transforms without a formula, of densities that are analytic around the positive axis, by rotated integrals."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .._lazy import special
from ._expint import Complexes, Floats

_STEP = 0.09  # with pi / 6 of room on either side the trapezoidal rule is good to 1e-15
_KEPT = math.pi / 3.0  # the largest angle of s x that is integrated along
_OPEN = math.pi / 3.0  # how hyperbolas around the negative axis open
_FULL = 0.85 * math.pi  # how wide a density must decay for its transform to be had on the negative axis
_BLOCK = 400_000


class LogDensity(Protocol):
    """The density of log X, as an analytic function."""

    @property
    def window(self) -> tuple[float, float]:
        """Where log X lies, up to a probability and a mean that do not count."""

    @property
    def opens(self) -> float:
        """Up to which angle the density of X decays along rays."""

    def noise(self, turn: float) -> float:
        """By how much rounding is magnified at s of an angle up to ``turn``."""

    def log(self, w: Complexes) -> Complexes:
        """log of the density at w."""


@dataclass(frozen=True, slots=True)
class NormalLog:
    """log X is normal, of mean 0: lognormal payoffs."""

    sigma: float
    opens: float = math.pi

    @property
    def window(self) -> tuple[float, float]:
        """See ``LogDensity``."""
        return -9.0 * self.sigma, 9.5 * self.sigma + self.sigma**2

    def noise(self, turn: float) -> float:
        """See ``LogDensity``: large where the law is narrow."""
        return max(40.0, 4.0 * math.exp(0.5 * (max(turn - _KEPT, 0.0) / self.sigma) ** 2))

    def log(self, w: Complexes) -> Complexes:
        """See ``LogDensity``."""
        return np.asarray(-0.5 * (w / self.sigma) ** 2 - math.log(self.sigma * math.sqrt(2.0 * math.pi)))


@dataclass(frozen=True, slots=True)
class StretchedLog:
    """X is Weibull of a shape below 1 and scale 1."""

    shape: float

    @property
    def window(self) -> tuple[float, float]:
        """See ``LogDensity``."""
        turn = math.pi - _KEPT if self.opens >= _FULL else 0.75 * math.pi - _KEPT
        return -37.0 / self.shape, math.log(48.0 / math.cos(self.shape * turn)) / self.shape

    @property
    def opens(self) -> float:
        """See ``LogDensity``."""
        return 0.5 * math.pi / self.shape

    def noise(self, turn: float) -> float:
        """See ``LogDensity``: larger where the density hardly decays on the ray."""
        return 40.0 / max(math.cos(self.shape * max(turn - _KEPT, 0.0)), 0.1) ** 3

    def log(self, w: Complexes) -> Complexes:
        """See ``LogDensity``."""
        return np.asarray(math.log(self.shape) + self.shape * w - np.exp(self.shape * w))


@dataclass(frozen=True, slots=True)
class AnalyticFamily:
    """A law on x >= 0 by the density of its logarithm; a ``Family`` of transforms."""

    density: LogDensity
    edge: float = 0.0
    power: float = math.inf

    def noise(self, turn: float) -> float:
        """See ``LogDensity``."""
        return self.density.noise(turn)

    def gap(self, s: Complexes) -> Complexes:
        """1 - L(s), the integral of (1 - e^(-s x)) over the density, along a ray on which s x stays well in the right.

        The ray is turned only as far as needed: turning costs digits where the law is narrow.
        """
        low, high = self.density.window
        z = np.arange(math.floor(low / _STEP), math.ceil(high / _STEP) + 1.0) * _STEP
        out = np.empty_like(s)
        for rows in _blocks(s.size, z.size):
            turn = np.angle(s[rows])
            w = z - 1j * (np.sign(turn) * np.maximum(np.abs(turn) - _KEPT, 0.0))[:, None]
            weight = np.exp(self.density.log(w))
            out[rows] = np.sum(-special.expm1(-s[rows, None] * np.exp(w)) * weight, axis=1) * _STEP
        return out

    def cut(self, t: Floats) -> tuple[Floats, Floats]:
        """Real part, and minus the imaginary part, of L(t e^(i pi)): the latter without cancellation."""
        if self.density.opens < _FULL:
            return np.full_like(t, np.nan), np.full_like(t, np.nan)
        real = 1.0 - self.gap(t * np.exp(1j * math.pi * (1.0 - 1e-16)) * (1.0 + 0j)).real
        return real, self._jump(t)

    def _jump(self, t: Floats) -> Floats:
        """The integral of e^(t x) over the density along a hyperbola through its saddle on the positive axis."""
        x0 = self._saddle(t)[:, None]
        width = 0.9 * x0 / (1.0 - math.cos(_OPEN))
        c, d = math.cos(_OPEN), math.sin(_OPEN)
        reach = (60.0 + t[:, None] * x0) / (t[:, None] * width * c)
        v = np.arange(0.0, math.acosh(1.0 + float(reach.max())) + 0.05, 0.05)
        out = np.empty_like(t)
        for rows in _blocks(t.size, v.size):
            a, b = x0[rows], width[rows]
            x = a - 2.0 * b * c * np.sinh(0.5 * v) ** 2 + 1j * b * d * np.sinh(v)
            slope = b * (1j * d * np.cosh(v) - c * np.sinh(v))
            terms = (np.exp(t[rows, None] * x + self.density.log(np.log(x))) / x * slope).imag
            terms[:, 0] *= 0.5
            out[rows] = terms.sum(axis=1) * 0.05
        return out

    def _saddle(self, t: Floats) -> Floats:
        """Where e^(t x) times the density is smallest, not below 1 / t."""
        low, high = self.density.window
        z = np.linspace(low, high + 10.0, 400)
        slope = self.density.log(z + 0j).real - z
        size = t[:, None] * np.exp(z) + slope
        size[z < -np.log(t)[:, None]] = np.inf
        best = z[np.argmin(size, axis=1)]
        return np.asarray(np.exp(np.maximum(best, -np.log(t))))


def _blocks(rows: int, columns: int) -> list[slice]:
    """Slices of rows that keep a table of that many columns small."""
    step = max(1, _BLOCK // columns)
    return [slice(i, i + step) for i in range(0, rows, step)]
