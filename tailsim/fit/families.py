"""Rivals of the power law above the same threshold, each by maximum likelihood, for continuous and whole outcomes.

In y = ln(x / threshold) the lognormal and the power law with an exponential cut-off both have a density proportional to
exp(-p y - r h(y)), h = y^2 or e^y - 1, with r >= 0: exponential families, whose likelihood is concave and holds the
power law at r = 0, so that Newton's method finds the one maximum. For whole outcomes the same densities are taken at
the whole numbers and divided by their sum.
"""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError

Floats = NDArray[np.float64]
_REACH = 60.0  # e^-60: what is left of an integrand is lost in the last digit
_PANELS, _LATTICE = 96, 2000
_GAUSS = np.polynomial.legendre.leggauss(16)


@dataclass(frozen=True, slots=True, eq=False)
class TailData:
    """The distinct tail outcomes that a family is fitted to: y = ln(x / threshold), how often each, and their unit."""

    y: Floats
    counts: NDArray[np.int64]
    threshold: float
    discrete: bool

    @property
    def n(self) -> int:
        """How many outcomes."""
        return int(self.counts.sum())

    def mean(self, values: Floats) -> float:
        """Mean of a function of the outcomes, given at the distinct ones."""
        return float(np.dot(self.counts, values)) / self.n


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A family at its maximum likelihood: ln of density (in y) or probability at each distinct outcome.

    Attributes
    ----------
    name : str
        The family.
    parameters : dict of str to float
        In the unit of the data.
    log_density : ndarray
        One value per distinct tail outcome.
    is_power_law : bool
        Whether the likelihood is largest where the family is the power law itself.
    """

    name: str
    parameters: dict[str, float]
    log_density: Floats
    is_power_law: bool = False


def _reach(p: float, r: float, h: Callable[[Floats], Floats]) -> float:
    """A y beyond which exp(-p y - r h(y)) adds nothing."""
    y = np.geomspace(1e-9, 1e6, 1501)
    with np.errstate(over="ignore"):
        fall = p * y + r * h(y)
    inside = np.flatnonzero(fall - min(float(fall.min()), 0.0) <= _REACH)
    return float(y[min(int(inside[-1]) + 1, y.size - 1)]) if inside.size else float(y[0])


def _panels(low: float, high: float) -> tuple[Floats, Floats]:
    """Gauss's rule on equal panels."""
    edges = np.linspace(low, high, _PANELS + 1)
    half = np.diff(edges)[:, None] / 2
    nodes = edges[:-1, None] + half * (1 + _GAUSS[0])
    return nodes.ravel(), (half * _GAUSS[1]).ravel()


def _nodes(data: TailData, p: float, r: float, h: Callable[[Floats], Floats]) -> tuple[Floats, Floats, Floats]:
    """Where to add up a density in y, an integral or a sum over whole outcomes: points, weights, ln of unit steps.

    The sum over whole outcomes beyond the first 2,000 is an integral with the first two Euler-Maclaurin corrections.
    """
    if not data.discrete:
        y, weights = _panels(0.0, _reach(p, r, h))
        return y, weights, np.zeros(y.size)
    q = data.threshold
    k = q + np.arange(_LATTICE + 2.0)
    single = np.ones(k.size)
    single[-3:] = 1 + 1 / 24, 0.5, -1 / 24  # half of the last but one, less a twelfth of the slope there
    start = math.log(k[-2] / q)
    y, weights = _panels(start, max(_reach(p - 1.0, r, h), start + 1e-9))
    steps = np.concatenate([np.zeros(k.size), math.log(q) + y])
    return np.concatenate([np.log(k / q), y]), np.concatenate([single, weights]), steps


@dataclass(frozen=True, slots=True)
class _State:
    """exp(-p y - r h(y)) at the p that gives ``y`` its mean in the data: ln of its sum, and the mean of h."""

    p: float
    log_total: float
    mean_h: float


def _with_mean(data: TailData, p: float, r: float, h: Callable[[Floats], Floats]) -> _State:
    """Newton's method for p on one over the mean, linear in p for the power law."""
    target = data.mean(data.y)
    for _ in range(200):
        y, weights, steps = _nodes(data, p, r, h)
        exponents = steps - p * y - r * h(y)
        top = float(exponents.max())
        density = weights * np.exp(exponents - top)
        total = float(density.sum())
        mean = float(density @ y) / total
        if abs(mean - target) <= 1e-12 * target:
            return _State(p, math.log(total) + top, float(density @ h(y)) / total)
        variance = float(density @ (y - mean) ** 2) / total
        step = (1.0 / mean - 1.0 / target) * mean * mean / variance
        p -= min(max(step, -5.0 - abs(p)), 5.0 + abs(p))
    raise DataError("data have a tail to which a rival of the power law cannot be fitted: Newton did not settle.")


def _two_parameters(data: TailData, start: float, h: Callable[[Floats], Floats]) -> tuple[float, float, Floats] | None:
    """(p, r, ln density) at the maximum likelihood, or None where that is the power law, at r = 0."""
    from scipy.optimize import brentq

    observed = h(data.y)
    target = data.mean(observed)
    p = start

    def excess(log_r: float) -> float:
        nonlocal p
        state = _with_mean(data, p, math.exp(log_r), h)
        p = state.p
        return state.mean_h / target - 1.0

    low = math.log(1e-9 / float(observed[-1]))
    if excess(low) <= 0.0:
        return None
    high = low + 2.0
    while excess(high) > 0.0:
        low, high = high, high + 2.0
    r = math.exp(brentq(excess, low, high, xtol=1e-12, rtol=1e-13))
    state = _with_mean(data, p, r, h)
    return state.p, r, -state.p * data.y - r * observed - state.log_total


def lognormal(data: TailData, index: float, power: Floats) -> Fitted:
    """The lognormal: mu and sigma of ln X before it is cut at the threshold."""
    jacobian = 1.0 if data.discrete else 0.0
    found = _two_parameters(data, index + jacobian, np.square)
    if found is None:
        return Fitted("lognormal", {"mu": -math.inf, "sigma": math.inf}, power, True)
    p, r, log_density = found
    parameters = {"mu": math.log(data.threshold) - (p - jacobian) / (2 * r), "sigma": math.sqrt(0.5 / r)}
    return Fitted("lognormal", parameters, log_density)


def truncated_power_law(data: TailData, index: float, power: Floats) -> Fitted:
    """x^-pdf_exponent e^(-rate x)."""
    jacobian = 1.0 if data.discrete else 0.0
    found = _two_parameters(data, index + jacobian, functools.partial(_excess, largest=float(data.y[-1])))
    if found is None:
        return Fitted("truncated_power_law", {"pdf_exponent": index + 1.0, "rate": 0.0}, power, True)
    p, r, log_density = found
    rate = r * math.exp(-float(data.y[-1])) / data.threshold
    return Fitted("truncated_power_law", {"pdf_exponent": p + 1.0 - jacobian, "rate": rate}, log_density)


def _excess(y: Floats, largest: float) -> Floats:
    """Outcome less threshold, over the largest outcome: (e^y - 1) / e^largest, which does not overflow below it."""
    excess: Floats = np.exp(y - largest) - math.exp(-largest)
    return excess


def exponential(data: TailData, index: float, power: Floats) -> Fitted:
    """e^(-rate x); geometric for whole outcomes."""
    largest = float(data.y[-1])
    excess = _excess(data.y, largest)
    mean = data.mean(excess)
    log_mean = math.log(mean) + largest + math.log(data.threshold)
    if not data.discrete:
        log_density = data.y + math.log(data.threshold) - excess / mean - log_mean
        return Fitted("exponential", {"rate": math.exp(-log_mean)}, log_density)
    rate = math.log1p(math.exp(-log_mean))
    steps = data.threshold * np.expm1(data.y)
    return Fitted("exponential", {"rate": rate}, math.log(-math.expm1(-rate)) - rate * steps)


def _stretched_continuous(data: TailData, shape: float) -> tuple[float, Floats]:
    """(rate, ln density) at the best rate for a shape: S(t) = exp(-rate (t^shape - 1)), t = x / threshold."""
    rise = np.expm1(shape * data.y)
    rate = 1.0 / data.mean(rise)
    return rate, math.log(rate) + math.log(shape) + shape * data.y - rate * rise


def _stretched_discrete(data: TailData, shape: float) -> tuple[float, Floats]:
    """(rate, ln probability): P(X >= k) = exp(-rate ((k / threshold)^shape - 1)) at whole k."""
    from scipy.optimize import minimize_scalar

    k = data.threshold * np.exp(data.y)
    here = np.expm1(shape * data.y)
    gap = np.expm1(shape * np.log1p(1.0 / k)) * np.exp(shape * data.y)

    def log_probability(log_rate: float) -> Floats:
        rate = math.exp(log_rate)
        with np.errstate(divide="ignore"):
            result: Floats = -rate * here + np.log(-np.expm1(-rate * gap))
        return result

    guess = -math.log(data.mean(here + gap / 2))
    found = minimize_scalar(
        lambda z: -data.mean(log_probability(z)),
        bounds=(guess - 6, guess + 6),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return math.exp(found.x), log_probability(float(found.x))


def stretched_exponential(data: TailData, index: float, power: Floats) -> Fitted:
    """S(x) = exp(-(x / scale)^shape) above the threshold; the power law where the shape goes to 0."""
    from scipy.optimize import minimize_scalar

    at = _stretched_discrete if data.discrete else _stretched_continuous
    grid = np.linspace(math.log(1e-5), math.log(min(20.0, 600.0 / float(data.y[-1]))), 40)
    values = [data.mean(at(data, math.exp(z))[1]) for z in grid]
    best = int(np.argmax(values))
    if best == 0:
        return Fitted("stretched_exponential", {"shape": 0.0, "scale": 0.0}, power, True)
    ends = (grid[best - 1], grid[min(best + 1, grid.size - 1)])
    found = minimize_scalar(
        lambda z: -data.mean(at(data, math.exp(z))[1]), bounds=ends, method="bounded", options={"xatol": 1e-9}
    )
    shape = math.exp(found.x)
    rate, log_density = at(data, shape)
    scale = data.threshold * rate ** (-1.0 / shape) if math.log(rate) > -600 * shape else math.inf
    return Fitted("stretched_exponential", {"shape": shape, "scale": scale}, log_density)


RIVALS: dict[str, Callable[[TailData, float, Floats], Fitted]] = {
    "lognormal": lognormal,
    "stretched_exponential": stretched_exponential,
    "truncated_power_law": truncated_power_law,
    "exponential": exponential,
}
