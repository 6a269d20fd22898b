"""Families for all outcomes above zero, each by maximum likelihood: the rivals of a spliced law.

Densities are those of y = ln x. Outcomes that are whole numbers with many ties stand for all values that round to
them; open bets count by their survival.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._lazy import special
from ..payoffs import BurrXII, Frechet, Gamma, LogLogistic, LogNormal, Lomax, Pareto, Payoff, Spliced, Weibull
from .distinct import Floats

Flags = NDArray[np.bool_]
_HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)
_WALL = 1e3
_DEEP = -100.0  # ln of the least probability that a body may have of its own side of the threshold
_FLAT = 1e-3  # of a mean log likelihood per unit of a parameter's logarithm: nothing is left to gain


@dataclass(frozen=True, slots=True, eq=False)
class Positive:
    """Outcomes above zero: logarithms, which are still open, where a tail may start, and whether they are rounded."""

    y: Floats
    is_open: Flags
    start: float  # ln of the tail's threshold
    least: float  # ln of the smallest outcome
    rounded: bool

    @classmethod
    def of(cls, x: Floats, is_open: Flags, threshold: float) -> "Positive":
        """From the outcomes themselves."""
        whole = bool(np.all(x == np.floor(x)))
        rounded = whole and np.unique(x).size < x.size / 2
        half = 0.5 if rounded else 0.0
        return cls(np.log(x), is_open, math.log(threshold - half), math.log(float(x.min()) - half), rounded)

    def some(self, kept: Flags) -> "Positive":
        """A part of the outcomes; thresholds stay."""
        return Positive(self.y[kept], self.is_open[kept], self.start, self.least, self.rounded)


Theta = NDArray[np.float64]
Log = Callable[[Theta, Floats, Positive], Floats]


@dataclass(frozen=True, slots=True)
class Family:
    """A family of laws over outcomes above zero, in parameters free of bounds."""

    name: str
    n_parameters: int
    log_pdf: Log
    log_sf: Log
    start: Callable[[Positive], Theta]
    law: Callable[[Theta, Positive], Payoff]
    reach: float = math.log(1e5)  # ln of how far from 1 its shapes may go before it is another family

    def terms(self, theta: Theta, data: Positive) -> Floats:
        """Log likelihood of each outcome, per unit of money (or per whole number)."""
        if data.rounded:
            terms = self._rounded(theta, data)
        else:
            terms = self.log_pdf(theta, data.y, data) - data.y
        if data.is_open.any():
            terms = np.where(data.is_open, self.log_sf(theta, data.y, data), terms)
        return terms

    def _rounded(self, theta: Theta, data: Positive) -> Floats:
        """Log probability of all that rounds to each outcome; by the density where digits would cancel."""
        x = np.exp(data.y)
        low = self.log_sf(theta, np.log(np.maximum(x - 0.5, 0.25)), data)
        high = self.log_sf(theta, np.log(x + 0.5), data)
        fine = (x > 1e4) | ~np.isfinite(low)
        with np.errstate(divide="ignore", invalid="ignore"):
            inside = low + np.log(-np.expm1(np.minimum(high - low, 0.0)))
        return np.asarray(np.where(fine, self.log_pdf(theta, data.y, data) - data.y, inside))


def fitted(family: Family, data: Positive, start: Theta | None = None) -> tuple[Theta, bool]:
    """(parameters at the largest likelihood, whether the search settled)."""
    from scipy.optimize import minimize

    def loss(theta: Theta) -> float:
        over = np.maximum(np.abs(theta[1:3]) - family.reach, 0.0)
        with np.errstate(all="ignore"):
            value = _WALL * float(np.sum(over * over)) - float(np.mean(family.terms(theta, data)))
        return value if math.isfinite(value) else 1e10

    begin = family.start(data) if start is None else start
    found = minimize(loss, begin, method="BFGS", options={"gtol": 1e-6, "maxiter": 300})
    settled = bool(np.max(np.abs(found.jac)) < _FLAT) and found.fun < 1e9
    return np.asarray(found.x, dtype=np.float64), settled


def _moments(data: Positive) -> tuple[float, float]:
    """Mean and spread of the logarithms."""
    return float(data.y.mean()), max(float(data.y.std()), 1e-3)


def _log_normal_pdf(theta: Theta, y: Floats, data: Positive) -> Floats:
    z = (y - theta[0]) * math.exp(-theta[1])
    return np.asarray(-0.5 * z * z - theta[1] - _HALF_LOG_2PI)


def _log_normal_sf(theta: Theta, y: Floats, data: Positive) -> Floats:
    return np.asarray(special.log_ndtr(-(y - theta[0]) * math.exp(-theta[1])))


def _steps(theta: Theta, y: Floats) -> Floats:
    """shape * ln(x / scale)."""
    return np.asarray(math.exp(theta[1]) * (y - theta[0]))


def _weibull_pdf(theta: Theta, y: Floats, data: Positive) -> Floats:
    t = _steps(theta, y)
    return np.asarray(theta[1] + t - np.exp(t))


def _gamma_pdf(theta: Theta, y: Floats, data: Positive) -> Floats:
    shape, t = math.exp(theta[1]), y - theta[0]
    return np.asarray(shape * t - np.exp(t) - special.gammaln(shape))


def _gamma_sf(theta: Theta, y: Floats, data: Positive) -> Floats:
    return np.asarray(np.log(special.gammaincc(math.exp(theta[1]), np.exp(y - theta[0]))))


def _gamma_start(data: Positive) -> Theta:
    shape = 1.0 / _moments(data)[1]
    return np.array([float(np.logaddexp.reduce(data.y)) - math.log(data.y.size * shape), math.log(shape)])


def _frechet_pdf(theta: Theta, y: Floats, data: Positive) -> Floats:
    t = _steps(theta, y)
    return np.asarray(theta[1] - t - np.exp(-t))


def _frechet_sf(theta: Theta, y: Floats, data: Positive) -> Floats:
    return np.asarray(np.log(-np.expm1(-np.exp(-_steps(theta, y)))))


def _burr_pdf(theta: Theta, y: Floats, data: Positive) -> Floats:
    t = _steps(theta, y)
    return np.asarray(theta[1] + theta[2] + t - (math.exp(theta[2]) + 1.0) * np.logaddexp(0.0, t))


def _burr_sf(theta: Theta, y: Floats, data: Positive) -> Floats:
    return np.asarray(-math.exp(theta[2]) * np.logaddexp(0.0, _steps(theta, y)))


def _with(theta: Theta, c: float | None = None, k: float | None = None) -> Theta:
    """A Burr law's parameters (ln scale, ln c, ln k) with one of them fixed at 1."""
    return np.array([theta[0], 0.0 if c == 1.0 else theta[1], 0.0 if k == 1.0 else theta[-1]])


def _pareto_pdf(theta: Theta, y: Floats, data: Positive) -> Floats:
    return np.asarray(theta[0] - math.exp(theta[0]) * (y - data.least))


def _pareto_sf(theta: Theta, y: Floats, data: Positive) -> Floats:
    return np.asarray(-math.exp(theta[0]) * np.maximum(y - data.least, 0.0))


def _splice_parts(theta: Theta, data: Positive) -> tuple[float, float, float]:
    """(ln p_tail, ln (1 - p_tail), ln of the body's chance below the threshold) at (mu, ln sigma, ln a, logit)."""
    inside = float(special.log_ndtr((data.start - theta[0]) * math.exp(-theta[1])))
    return -float(np.logaddexp(0.0, -theta[3])), -float(np.logaddexp(0.0, theta[3])), inside


def _splice_pdf(theta: Theta, y: Floats, data: Positive) -> Floats:
    tail, body, inside = _splice_parts(theta, data)
    if inside < _DEEP:
        return np.full(y.shape, -np.inf)
    above = tail + theta[2] - math.exp(theta[2]) * (y - data.start)
    return np.where(y >= data.start, above, body + _log_normal_pdf(theta, y, data) - inside)


def _splice_sf(theta: Theta, y: Floats, data: Positive) -> Floats:
    tail, body, inside = _splice_parts(theta, data)
    left = np.exp(_log_normal_sf(theta, np.array([data.start]), data))[0]
    share = (np.exp(_log_normal_sf(theta, y, data)) - left) / math.exp(inside)
    below = np.log(math.exp(tail) + math.exp(body) * np.clip(share, 0.0, 1.0))
    return np.where(y >= data.start, tail - math.exp(theta[2]) * (y - data.start), below)


def _splice_start(data: Positive) -> Theta:
    above = data.y >= data.start
    body = data.y[~above] if (~above).sum() > 1 else data.y
    share = min(max(float(above.mean()), 1e-6), 1.0 - 1e-6)
    excess = max(float((data.y[above] - data.start).mean()), 1e-6) if above.any() else 1.0
    spread = max(float(body.std()), 1e-2)
    return np.array(
        [min(float(body.mean()), data.start), math.log(spread), -math.log(excess), math.log(share / (1.0 - share))]
    )


def _splice_law(theta: Theta, data: Positive) -> Payoff:
    u, index = math.exp(data.start), math.exp(theta[2])
    if _splice_parts(theta, data)[2] < _DEEP:  # all outcomes are in the tail
        return Pareto(index, u)
    return Spliced(LogNormal(theta[0], math.exp(theta[1])), Pareto(index, u), u, float(special.expit(theta[3])))


def _located(theta: Theta) -> tuple[float, float]:
    """(shape, scale)."""
    return math.exp(theta[1]), math.exp(theta[0])


def _start(shape: float, extra: int = 0) -> Callable[[Positive], Theta]:
    """Start from the logarithms' mean and spread: location, ln(shape / spread), then zeros."""

    def begin(data: Positive) -> Theta:
        mean, spread = _moments(data)
        return np.array([mean, math.log(shape / spread), *[0.0] * extra])

    return begin


FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family(
            "lognormal", 2, _log_normal_pdf, _log_normal_sf,
            lambda data: np.array([_moments(data)[0], math.log(_moments(data)[1])]),
            lambda t, data: LogNormal(t[0], math.exp(t[1])),
        ),
        Family(
            "weibull", 2, _weibull_pdf, lambda t, y, data: -np.exp(_steps(t, y)), _start(1.28),
            lambda t, data: Weibull(*_located(t)),
        ),
        Family(
            "gamma", 2, _gamma_pdf, _gamma_sf, _gamma_start,
            lambda t, data: Gamma(*_located(t)),
            reach=math.log(80.0),
        ),
        Family(
            "frechet", 2, _frechet_pdf, _frechet_sf, _start(1.28),
            lambda t, data: Frechet(*_located(t)),
        ),
        Family(
            "loglogistic", 2,
            lambda t, y, data: _burr_pdf(_with(t, k=1.0), y, data),
            lambda t, y, data: _burr_sf(_with(t, k=1.0), y, data),
            _start(1.81),
            lambda t, data: LogLogistic(*_located(t)),
        ),
        Family(
            "lomax", 2,
            lambda t, y, data: _burr_pdf(_with(t, c=1.0), y, data),
            lambda t, y, data: _burr_sf(_with(t, c=1.0), y, data),
            lambda data: np.array([_moments(data)[0], 0.0]),
            lambda t, data: Lomax(math.exp(t[1]), math.exp(t[0])),
        ),
        Family(
            "burr", 3, _burr_pdf, _burr_sf, _start(1.81, 1),
            lambda t, data: BurrXII(math.exp(t[1]), math.exp(t[2]), math.exp(t[0])),
            reach=math.log(30.0),
        ),
        Family(
            "pareto", 2, _pareto_pdf, _pareto_sf,
            lambda data: np.array([-math.log(max(float((data.y - data.least).mean()), 1e-6))]),
            lambda t, data: Pareto(math.exp(t[0]), math.exp(data.least)),
        ),
        Family("splice", 5, _splice_pdf, _splice_sf, _splice_start, _splice_law),
    )
}  # fmt: skip
# the second is a case, or a limit, of the first
NESTED = frozenset({("burr", "lomax"), ("burr", "loglogistic"), ("burr", "weibull"), ("splice", "pareto")})
