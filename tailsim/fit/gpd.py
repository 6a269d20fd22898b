"""The generalised Pareto law of what exceeds a threshold, by maximum likelihood or probability-weighted moments."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._lazy import special
from ..errors import DataError
from ..payoffs import GeneralizedPareto
from ..stats.estimate import Estimate
from ..stats.tail import FEW_POINTS
from .estimators import Floats, TailEstimate, from_xi, normal_interval, open_mask

_LOWEST_XI = -0.5  # below it maximum likelihood has no normal errors, and below -1 no maximum
_TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Excesses:
    """What exceeds a threshold, over its largest value: all of it, that of finished bets, and the unit."""

    y: Floats
    done: Floats
    unit: float

    def profile(self, tau: float) -> tuple[float, float]:
        """(log likelihood, xi) at the best xi for tau = xi / scale."""
        d = self.done.size
        if abs(tau) < _TINY:
            scale = float(self.y.sum()) / d
            return -d * (math.log(scale) + 1.0), 0.0
        xi = float(np.log1p(tau * self.y).sum()) / d
        return d * (math.log(tau / xi) - 1.0) - float(np.log1p(tau * self.done).sum()), xi

    def log_likelihood(self, xi: float, scale: float) -> float:
        """Of finished bets by density, of open ones by survival; -inf outside the support."""
        d = self.done.size
        if abs(xi) < _TINY:
            return -d * math.log(scale) - float(self.y.sum()) / scale
        if 1.0 + xi / scale <= 0.0:
            return -math.inf
        rest = float(np.log1p(xi / scale * self.done).sum()) + float(np.log1p(xi / scale * self.y).sum()) / xi
        return -d * math.log(scale) - rest

    def at_xi(self, xi: float) -> float:
        """Log likelihood at the best scale for a xi."""
        lowest = math.log(max(-xi, 0.0) * (1 + 1e-12) + 1e-300)
        middle = math.log(float(np.median(self.y)))
        return _highest(lambda z: self.log_likelihood(xi, math.exp(z)), max(lowest, middle - 20.0), middle + 20.0)[1]


def _highest(f: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """Where a function with one peak, after a scan for it, is highest."""
    from scipy.optimize import minimize_scalar

    grid = np.linspace(low, high, 49)
    values = np.array([f(float(z)) for z in grid])
    best = int(np.argmax(values))
    ends = (float(grid[max(best - 1, 0)]), float(grid[min(best + 1, 48)]))
    found = minimize_scalar(lambda z: -f(z), bounds=ends, method="bounded", options={"xatol": 1e-11})
    inside = (float(found.x), -float(found.fun))
    return inside if inside[1] >= values[best] else (float(grid[best]), float(values[best]))


def _maximum_likelihood(e: Excesses) -> tuple[float, float]:
    """(xi, scale) by Grimshaw's one-dimensional profile, in the unit of ``e``."""
    typical = 1.0 / float(np.median(e.y))

    def tau_of(z: float) -> float:
        # one line through both signs: tau from just above -1 (the largest excess is 1) to far above 1 / median
        return typical * math.expm1(z) if z >= 0.0 else math.expm1(z) * (1.0 - 1e-9)

    def value(z: float) -> float:
        log_likelihood, xi = e.profile(tau_of(z))
        return log_likelihood if xi >= _LOWEST_XI else -math.inf

    up = _highest(value, 0.0, 40.0)
    down = _highest(value, -20.0, 0.0)
    tau = tau_of(up[0] if up[1] >= down[1] else down[0])
    xi = e.profile(tau)[1]
    return xi, xi / tau if abs(tau) >= _TINY else float(e.y.sum()) / e.done.size


def _weighted_moments(e: Excesses) -> tuple[float, float]:
    """(xi, scale) from the mean and the mean weighted by the rank from above."""
    y = np.sort(e.y)
    n = y.size
    first = float(y.mean())
    second = float(np.dot(np.arange(n - 1, -1, -1), y)) / (n * (n - 1))
    return 2.0 - first / (first - 2.0 * second), 2.0 * first * second / (first - 2.0 * second)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GPDFit:
    """A generalised Pareto law above a threshold.

    Attributes
    ----------
    threshold : float
        Start of the tail, in the unit of the data.
    tail_index : TailEstimate
        One over the shape, ``inf`` where that is not above 0; the shape itself is its ``xi``, with ``xi_interval``.
    scale : Estimate
        In the unit of the data.
    n_tail, n_open, n : int
        Outcomes above the threshold, those of them still open, and all outcomes.
    log_likelihood : float
        Of the tail.
    method : str
        ``"ml"`` or ``"pwm"``.
    """

    threshold: float
    tail_index: TailEstimate
    scale: Estimate
    n_tail: int
    n_open: int
    n: int
    log_likelihood: float
    method: str
    _excesses: Excesses

    def __repr__(self) -> str:
        return (
            f"GPDFit(threshold={self.threshold:g}, xi={self.xi:.4f}, scale={self.scale.value:.5g}, "
            f"tail_index={self.tail_index.value:.4g}, n_tail={self.n_tail:,} of {self.n:,}, method={self.method!r})"
        )

    @property
    def xi(self) -> float:
        """The shape."""
        return self.tail_index.xi

    @property
    def law(self) -> GeneralizedPareto:
        """The tail as a payoff."""
        return GeneralizedPareto(self.xi, self.scale.value, self.threshold)

    def quantile(self, q: float, *, level: float = 0.95) -> Estimate:
        """The outcome that a share ``q`` of all stays below: value at risk, for losses.

        Parameters
        ----------
        q : float
            A probability above that of an outcome below the threshold.
        level : float
            Confidence level.

        Returns
        -------
        Estimate
            Its interval is that of the profile likelihood, with the share above the threshold taken for known;
            infinite for a fit by moments, which has no likelihood to profile.

        Raises
        ------
        ArgumentError
            If ``q`` is not above the share of outcomes at or below the threshold.

        References
        ----------
        McNeil 1997, ASTIN Bulletin 27(1), 117-137.
        """
        share = self.n_tail / self.n
        rule = f"a probability above {1 - share:.6g}, the share of outcomes at or below the threshold, and below 1"
        q = _check.real("q", q, rule, above=1.0 - share, below=1.0)
        steps = -math.log((1.0 - q) / share)
        value = self.threshold + self.scale.value * _growth(self.xi, steps)
        level = _check.level(level)
        if self.method != "ml":
            said = "generalised Pareto tail, without an interval, which method='ml' has"
            return Estimate(value, math.inf, (-math.inf, math.inf), level, said, self.n_tail)
        low, high = self._quantile_ends(value, steps, level)
        error = (high - low) / (2.0 * float(special.ndtri(0.5 + level / 2)))
        return Estimate(value, error, (low, high), level, "generalised Pareto tail, profile likelihood", self.n_tail)

    def _quantile_ends(self, value: float, steps: float, level: float) -> tuple[float, float]:
        """Where the profile likelihood of the quantile has fallen by what ``level`` asks."""
        e = self._excesses
        top = e.log_likelihood(self.xi, self.scale.value / e.unit)
        drop = float(special.chdtri(1.0, 1.0 - level)) / 2.0

        def fallen(log_excess: float) -> float:
            excess = math.exp(log_excess) / e.unit
            best = _highest(lambda xi: e.log_likelihood(xi, excess / _growth(xi, steps)), self.xi - 1.5, self.xi + 2.5)
            return top - best[1] - drop

        centre = math.log(value - self.threshold)
        low, high = (_crossing(fallen, centre, sign) for sign in (-1.0, 1.0))
        return self.threshold + math.exp(low), self.threshold + math.exp(high)


def _growth(xi: float, steps: float) -> float:
    """(e^(xi steps) - 1) / xi."""
    return math.expm1(xi * steps) / xi if abs(xi) > _TINY else steps


def _crossing(f: Callable[[float], float], start: float, sign: float) -> float:
    """Where f, below 0 at ``start``, crosses 0 on one side; infinite where it does not within 40."""
    from scipy.optimize import brentq

    inside, step = start, 0.05
    while step < 40.0:
        outside = start + sign * step
        if f(outside) > 0.0:
            return float(brentq(f, inside, outside, xtol=1e-9))
        inside, step = outside, step * 1.6
    return sign * math.inf


def fit_gpd(
    data: ArrayLike,
    threshold: float,
    *,
    method: str = "ml",
    censored: ArrayLike | None = None,
    level: float = 0.95,
) -> GPDFit:
    """Fit the generalised Pareto law to what exceeds a threshold.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes of any sign.
    threshold : float
        Start of the tail; outcomes above it count, at least 10 of them.
    method : {"ml", "pwm"}
        Maximum likelihood, or probability-weighted moments (steadier below some 50 points; xi must be below 1, and has
        an interval below 1/2 only).
    censored : array_like of bool, shape (n,), optional
        True where a bet is still open and ``data`` holds what it is worth so far; it is then known to end above that.
        Maximum likelihood only. Open bets below the threshold do not count.
    level : float
        Confidence level.

    Returns
    -------
    GPDFit
        ``.xi .scale .tail_index .law .quantile(q)``; the interval of xi is that of the profile likelihood, or normal
        for moments.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    DataError
        If fewer than 10 outcomes exceed the threshold, or all excesses are equal.

    References
    ----------
    Grimshaw 1993, Technometrics 35(2), 185-191; Hosking and Wallis 1987, Technometrics 29(3), 339-349, for moments.

    Examples
    --------
    >>> import numpy as np
    >>> from tailsim.fit import fit_gpd
    >>> exact = 10 + 2 * ((np.arange(1, 501) / 501) ** -0.5 - 1) / 0.5
    >>> fit_gpd(exact, 10)
    GPDFit(threshold=10, xi=0.4778, scale=2.0263, tail_index=2.093, n_tail=500 of 500, method='ml')
    """
    x = _check.numbers("data", data)
    threshold = _check.real("threshold", threshold)
    method = _check.one_of("method", method, ("ml", "pwm"))
    level = _check.level(level)
    is_open = open_mask(censored, x.size)
    e = _excesses(x, is_open, threshold)
    if method == "pwm" and e.done.size < e.y.size:
        raise DataError("censored must be None for method='pwm': moments cannot hold open bets; use method='ml'.")
    xi, scale = _maximum_likelihood(e) if method == "ml" else _weighted_moments(e)
    n_done, n_open = e.done.size, e.y.size - e.done.size
    index = _ml_index(e, xi, scale, level) if method == "ml" else _pwm_index(xi, n_done, level)
    spread = _scale_error(xi, n_done, method)
    low, high = (math.exp(end) for end in normal_interval(math.log(scale), spread, level))
    said = "normal interval for its logarithm"
    width = Estimate(scale * e.unit, scale * e.unit * spread, (low * e.unit, high * e.unit), level, said, n_done)
    top = e.log_likelihood(xi, scale) - n_done * math.log(e.unit)
    return GPDFit(threshold, index, width, e.y.size, n_open, x.size, top, method, e)


def _excesses(x: Floats, is_open: NDArray[np.bool_], threshold: float) -> Excesses:
    """What exceeds the threshold, checked."""
    above = x > threshold
    y = x[above] - threshold
    done = y[~is_open[above]]
    if done.size < FEW_POINTS:
        raise DataError(
            f"data must hold at least {FEW_POINTS} finished outcomes above the threshold {threshold:g}, got "
            f"{done.size}; lower it."
        )
    if y.min() == y.max():
        raise DataError(f"data above the threshold {threshold:g} must differ, got {y.size} times {y[0] + threshold:g}.")
    unit = float(y.max())
    return Excesses(y / unit, done / unit, unit)


def _ml_index(e: Excesses, xi: float, scale: float, level: float) -> TailEstimate:
    """The tail index, its interval by profile likelihood."""
    top = e.log_likelihood(xi, scale)
    drop = float(special.chdtri(1.0, 1.0 - level)) / 2.0
    low, high = (_crossing(lambda z: top - e.at_xi(z) - drop, xi, sign) for sign in (-1.0, 1.0))
    error = (1.0 + xi) / math.sqrt(e.done.size)
    method = "maximum likelihood, profile interval for xi"
    return from_xi(xi, (low, high), error, level, method, e.done.size)


def _pwm_index(xi: float, n: int, level: float) -> TailEstimate:
    """The tail index by moments; they have a normal error below xi = 1/2 alone."""
    method = "probability-weighted moments, normal interval for xi"
    if xi >= 0.5:
        return from_xi(xi, (-math.inf, math.inf), math.inf, level, method + " (none from xi 1/2 on; use 'ml')", n)
    k = -xi
    error = math.sqrt((1 + k) * (2 + k) ** 2 * (1 + k + 2 * k * k) / ((1 + 2 * k) * (3 + 2 * k)) / n)
    return from_xi(xi, normal_interval(xi, error, level), error, level, method, n)


def _scale_error(xi: float, n: int, method: str) -> float:
    """Standard error of ln scale."""
    if method == "ml":
        return math.sqrt(2.0 * (1.0 + xi) / n)
    k = -xi
    if xi >= 0.5:
        return math.inf
    return math.sqrt((7 + 18 * k + 11 * k * k + 2 * k**3) / ((1 + 2 * k) * (3 + 2 * k)) / n)
