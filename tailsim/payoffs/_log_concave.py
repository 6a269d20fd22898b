"""Quantiles of densities exp(-h(y)) with h convex: Student's t in y = asinh(x / sqrt(df)), gamma's in y = log x.

Integrals are sums after an exponential change of variable (Takahasi and Mori 1974); roots are Newton's on the logarithm
of the tail, which is concave, so that from beyond the root it closes in from one side.
"""

from collections.abc import Callable

import numpy as np

from . import _portable as portable
from ._shape import Floats

_ROUNDS = 60


def _half_line() -> tuple[Floats, Floats]:
    """Nodes and weights for integrals over (0, inf) of what falls on the scale 1."""
    h = 0.0625
    t = h * np.arange(-60.0, 112.0)
    shrink = portable.exp(-t)
    w = portable.exp(t - shrink)
    return w[:, None], (h * w * (1.0 + shrink))[:, None]


def unit_interval() -> tuple[Floats, Floats, Floats]:
    """Nodes s in (0, 1), 1 - s, and weights."""
    h = 0.0625
    t = h * np.arange(-56.0, 57.0)
    a = portable.exp(t)
    b = portable.exp(-t)
    q = portable.exp(-0.5 * portable.PI * np.abs(a - b))  # exp(-pi sinh |t|)
    near, far = q / (1.0 + q), 1.0 / (1.0 + q)
    weight = h * 0.5 * portable.PI * (a + b) * near * far
    return np.where(t < 0, near, far)[:, None], np.where(t < 0, far, near)[:, None], weight[:, None]


class Tail:
    """Integrals of exp(-h) beyond y, and where they are given shares of the whole."""

    def __init__(self, h: Callable[[Floats], Floats], rise: Callable[[Floats, Floats], Floats]) -> None:
        self._h = h
        self._rise = rise  # h(y + w) - h(y)
        self._nodes, self._weights = _half_line()

    def beyond(self, y: Floats, scale: Floats) -> Floats:
        """The integral over w > 0 of exp(h(y) - h(y + w)), which falls on this scale."""
        w = self._nodes * scale
        return portable.total(portable.exp(-self._rise(y, w)) * self._weights) * scale

    def log_mass(self, y: Floats, scale: Floats) -> tuple[Floats, Floats]:
        """Logarithm of the integral of exp(-h) beyond y, and the integral over exp(-h(y))."""
        part = self.beyond(y, scale)
        return portable.ln(part) - self._h(y), part

    def root(self, log_mass: Floats, start: Floats, scale_of: Callable[[Floats], Floats]) -> Floats:
        """Where the integral beyond y has this logarithm, from a start on either side."""
        y = start.copy()
        for _ in range(_ROUNDS):
            mass, part = self.log_mass(y, scale_of(y))
            step = (mass - log_mass) * part
            y = y + step
            if np.all(np.abs(step) <= 1e-13 * (1.0 + np.abs(y))):
                return y
        raise ArithmeticError("Newton's method on a log-concave tail did not converge.")
