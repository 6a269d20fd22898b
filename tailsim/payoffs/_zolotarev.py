"""Survival functions of stable laws by Zolotarev's integral, to full relative precision in both tails.

P(X > x) for x > 0 is an integral of exp(-g) or of 1 - exp(-g) over an angle, g monotone (Nolan 1997, theorem 1, in the
S1 parametrisation). The angle is a logistic function of s, the distances from both ends are computed without
differences, and panels of Gauss-Legendre points lie densely about the place where g = 1. Where a tail is lighter than
any power, g has a positive least value at an end, which is taken out of the exponential.

References
----------
Nolan, Numerical calculation of stable densities and distribution functions, Stochastic Models 13 (1997) 759-774.
"""

import math
from typing import NamedTuple

import numpy as np

from . import _portable as portable
from ._shape import Floats

_GRID = 160
_LOG_2_OVER_PI = -0.4515827052894548


def _gauss(n: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on [0, 1] by Newton's method in plain arithmetic."""
    nodes, weights = [], []
    for i in range(n):
        x = round(math.cos(math.pi * (i + 0.75) / (n + 0.5)) * 2**30) / 2**30
        for _ in range(6):
            p, q = 1.0, x
            for k in range(2, n + 1):
                p, q = q, ((2 * k - 1) * x * q - (k - 1) * p) / k
            slope = n * (x * q - p) / (x * x - 1.0)
            x -= q / slope
        nodes.append(0.5 - 0.5 * x)
        weights.append(1.0 / ((1.0 - x * x) * slope * slope))
    return np.array(nodes), np.array(weights)


_NODES, _WEIGHTS = _gauss(12)


class Mass(NamedTuple):
    """Logarithms of P(X > x) and P(0 < X <= x) and the derivative of their difference by the variable."""

    log_above: Floats
    log_below: Floats
    slope: Floats


class Half:
    """The positive half of a stable law of stability a other than 1, by l = log x; or all of one of stability 1."""

    def __init__(self, a: float, beta: float) -> None:
        self.a, self.beta = a, beta
        self.whole = a == 1.0  # the variable is then x itself, and beta above 0
        self.power = -0.5 * portable.PI / beta if self.whole else a / (a - 1.0)
        self._more = a > 1.0  # P(X > x) is the integral of exp(-g), not of 1 - exp(-g)
        self.light = (beta == -1.0 and a > 1.0) or (beta == 1.0 and a <= 1.0)
        self._angles()
        self.p_above = self.width / portable.PI

    def _angles(self) -> None:
        """The width of the interval of angles, and how far the arguments of sines are from pi at either end."""
        a, beta = self.a, self.beta
        if self.whole:
            self.width, self._least = portable.PI, _LOG_2_OVER_PI - 1.0
            self._left = self._right = self._cos = 0.0
            return
        t = _tangent(a if a < 1.0 else 2.0 - a)  # |tan(pi a / 2)|
        a_theta = _arctangent(beta * t) if a < 1.0 else -_arctangent(beta * t)
        self.width = 0.5 * portable.PI + a_theta / a
        both = _arctangent2(t * (1.0 - beta), 1.0 + beta * t * t) if a < 1.0 else 0.0
        self._left = both / a if a < 1.0 else 0.5 * portable.PI - a_theta / a
        far = _arctangent2(t * (1.0 + beta), 1.0 - beta * t * t) if a > 1.0 else 0.0
        self._right = far if a > 1.0 else portable.PI - a * self.width
        self._cos = -0.5 * float(portable.log1p(np.array([(beta * t) ** 2]))[0])
        self._least = (self._cos - a * _log(a)) / (a - 1.0) + _log(abs(a - 1.0))

    def mass(self, variable: Floats) -> Mass:
        """Both probabilities at l = log x, or at x for stability 1."""
        from ..kernels import zolotarev

        above, below, slope = zolotarev.mass(variable, self._numbers(), _NODES, _WEIGHTS)
        log_share = _log(self.p_above)
        return Mass(above + log_share, below + log_share, slope)

    def _numbers(self) -> Floats:
        """What the compiled integral needs to know, in its order."""
        flags = (self._more, self.light, self.whole)
        shape = (self.a, self.beta, self.power, self._least, self.width, self._left, self._right, self._cos)
        return np.array([*shape, *(float(flag) for flag in flags)])

    def root(self, log_above: Floats, log_below: Floats) -> Floats:
        """The variable at which the two probabilities have these logarithms."""
        goal = log_above - log_below
        start, end = self._ends(goal)
        grid = start + (end - start) * np.arange(_GRID + 1.0) / _GRID
        logit = self._logit(grid)[0]
        at = np.clip(np.searchsorted(-logit, -goal), 1, _GRID)
        low, high = grid[at - 1], grid[at]
        with np.errstate(all="ignore"):
            part = (logit[at - 1] - goal) / (logit[at - 1] - logit[at])
        y = low + (high - low) * np.where((part > 0.0) & (part < 1.0), part, 0.5)
        todo = np.arange(y.size)
        for _ in range(80):
            now = y[todo]
            value, slope = self._logit(now)
            off = value - goal[todo]
            low[todo] = np.where(off > 0.0, now, low[todo])
            high[todo] = np.where(off > 0.0, high[todo], now)
            with np.errstate(all="ignore"):
                step = now - off / slope
            slack = 1e-6 * (np.abs(now) + 1.0)  # rounding may have put the root just outside
            inside = (step > low[todo] - slack) & (step < high[todo] + slack)
            y[todo] = np.where(inside, step, 0.5 * (low[todo] + high[todo]))
            # the step that follows a small one is nothing: convergence is quadratic
            todo = todo[np.abs(y[todo] - now) > 1e-9 * (np.abs(now) + 1.0)]
            if todo.size == 0:
                return self._variable(y)[0]
        raise ArithmeticError("no quantile of a stable law was found.")

    def _variable(self, y: Floats) -> tuple[Floats, Floats]:
        """l = y, or x = sinh(y) for stability 1, and its derivative."""
        if not self.whole:
            return y, np.ones_like(y)
        up, down = portable.exp(y), portable.exp(-y)
        return 0.5 * (up - down), 0.5 * (up + down)

    def _logit(self, y: Floats) -> tuple[Floats, Floats]:
        x, growth = self._variable(y)
        mass = self.mass(x)
        far = (np.abs(x) > 1e6) & self.whole  # a power tail, where the integral's own slope is too steep to resolve
        slope = np.where(far, -1.0 / np.maximum(np.abs(x), 1.0), mass.slope)
        return mass.log_above - mass.log_below, slope * growth

    def _ends(self, goal: Floats) -> tuple[float, float]:
        """An interval of y that holds all roots."""
        most = 700.0 if self.whole else 1e5
        low, high = -1.0, 1.0
        while self._logit(np.array([low]))[0][0] < goal.max() and low > -most:
            low = max(2.0 * low, -most)
        while self._logit(np.array([high]))[0][0] > goal.min() and high < most:
            high = min(2.0 * high, most)
        return low, high


def _log(x: float) -> float:
    return float(portable.ln(np.array([x]))[0])


def _tangent(a: float) -> float:
    """tan(pi a / 2) for 0 < a <= 1."""
    near = min(a, 1.0 - a)
    sine, cosine = (float(y[0]) for y in portable.sin_cos(np.array([0.5 * portable.PI * near])))
    return sine / cosine if a == near else cosine / sine


def _arctangent2(y: float, x: float) -> float:
    """The angle of (x, y) for y >= 0, by Newton's method on its sine and cosine."""
    if y == 0.0:
        return 0.0 if x > 0.0 else portable.PI
    size = math.sqrt(x * x + y * y)
    angle = (
        round(math.atan2(y, x) * 2**20) / 2**20 if y > 1e-3 * abs(x) else (y / x if x > 0.0 else portable.PI + y / x)
    )
    for _ in range(3):
        sine, cosine = (float(v[0]) for v in portable.sin_cos(np.array([angle])))
        angle += (y * cosine - x * sine) / size
    return angle


def _arctangent(t: float) -> float:
    return math.copysign(_arctangent2(abs(t), 1.0), t)
