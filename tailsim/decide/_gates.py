"""What gates let pass, by quadrature over the payoff, and the thresholds with the largest value."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .._lazy import special
from ..errors import PayoffError
from ..payoffs import Affine, LogNormal, Payoff
from ._quadrature import Under

Floats = NDArray[np.float64]
_WIDE = np.linspace(-9.0, 9.0, 37)  # where a gate's chance of going on turns, in units of its noise
_SAME, _ROUNDS = 1e-11, 200
_FAR = 745.0  # logarithms of doubles lie within it


@dataclass(frozen=True, slots=True)
class Gates:
    """A law behind gates: E[payoff of what passes all], P(past gate k)."""

    under: Under
    noises: tuple[float, ...]
    thresholds: tuple[float, ...]
    paid: float
    passed: tuple[float, ...]

    def killed_of_best(self, fraction: float) -> float:
        """Share of the payoffs at exceedances below ``fraction`` that are killed."""
        law = self.under.law
        nodes, weights = np.polynomial.legendre.leggauss(200)
        v = fraction * 0.5 * (nodes + 1.0)
        pass_all = np.ones(v.size)
        for t, noise in zip(self.thresholds, self.noises, strict=True):
            pass_all = pass_all * _go_on(np.asarray(law.isf(v)), t, noise)
        return float(np.sum(0.5 * weights * (1.0 - pass_all)))


def _go_on(x: Floats, threshold: float, noise: float) -> Floats:
    """P(signal >= threshold | payoff x)."""
    if threshold == 0.0:
        return np.ones_like(x)
    with np.errstate(divide="ignore"):
        chance: Floats = special.ndtr((np.log(x) - math.log(threshold)) / noise)
    return chance


def _slope(x: Floats, threshold: float, noise: float) -> Floats:
    """Its derivative in log x."""
    if threshold == 0.0:
        return np.zeros_like(x)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        z = (np.log(x) - math.log(threshold)) / noise
        return np.exp(-0.5 * z * z) / (noise * math.sqrt(2.0 * math.pi))


@lru_cache(maxsize=64)
def _under(law: Payoff) -> Under:
    return Under(law)


def _expect(law: Payoff, thresholds: tuple[float, ...], noises: tuple[float, ...], power: int) -> float:
    """E[X**power; all signals at least their thresholds], by quadrature over X."""
    under = _under(law)
    cuts = [
        np.exp(np.clip(math.log(t) + noise * _WIDE, -_FAR, 709.0))
        for t, noise in zip(thresholds, noises, strict=True)
        if t > 0.0
    ]
    window = under.within(np.unique(np.concatenate(cuts)) if cuts else None)
    gates = list(zip(thresholds, noises, strict=True))

    def chance(x: Floats) -> Floats:
        product = np.ones_like(x)
        for gate in gates:
            product = product * _go_on(x, *gate)
        return product

    def log_slope(x: Floats) -> Floats:
        total = np.zeros_like(x)
        for i, gate in enumerate(gates):
            others = np.ones_like(x)
            for other in gates[:i] + gates[i + 1 :]:
                others = others * _go_on(x, *other)
            total = total + _slope(x, *gate) * others
        return total

    if power == 0:
        return window.expect(chance, lambda x: np.where(x > 0.0, log_slope(x) / np.where(x > 0.0, x, 1.0), 0.0))
    return window.expect(lambda x: x * chance(x), lambda x: chance(x) + log_slope(x), linear_above=True)


def _lognormal(law: Payoff) -> LogNormal | None:
    """The lognormal law that a payoff is, if it is one."""
    if isinstance(law, Affine) and law.shift == 0.0 and law.factor > 0.0 and isinstance(law.base, LogNormal):
        return LogNormal(law.base.mu + math.log(law.factor), law.base.sigma)
    return law if isinstance(law, LogNormal) else None


@lru_cache(maxsize=256)
def gates_of(law: Payoff, noises: tuple[float, ...], thresholds: tuple[float, ...]) -> Gates:
    """What passes each gate, and what it pays."""
    log_normal = _lognormal(law)
    if log_normal is not None and len(noises) == 1 and thresholds[0] > 0.0:
        m, s, noise = log_normal.mu, log_normal.sigma, noises[0]
        spread = math.hypot(s, noise)
        z = (m - math.log(thresholds[0])) / spread
        paid = float(law.mean()) * float(special.ndtr(z + s * s / spread))
        return Gates(_under(law), noises, thresholds, paid, (float(special.ndtr(z)),))
    passed = tuple(_expect(law, thresholds[: k + 1], noises[: k + 1], 0) for k in range(len(noises)))
    paid = _expect(law, thresholds, noises, 1) if law.tail_index > 1.0 else math.inf
    return Gates(_under(law), noises, thresholds, paid, passed)


@lru_cache(maxsize=64)
def optimal_thresholds(law: Payoff, stakes: tuple[float, ...], noises: tuple[float, ...]) -> tuple[float, ...]:
    """The thresholds with the largest value, gate by gate until none moves."""
    if law.tail_index <= 1.0:
        return (0.0,) * len(noises)  # what passes is worth more than any stake
    if float(law.isf(0.0)) <= 0.0:
        raise PayoffError("the payoff is always 0, so there is no threshold to look for; give thresholds.")
    thresholds = [0.0] * len(noises)
    for _ in range(_ROUNDS):
        before = list(thresholds)
        for k in reversed(range(len(noises))):
            thresholds[k] = _best_gate(law, stakes, noises, thresholds, k)
        moved = max(abs(a - b) for a, b in zip(thresholds, before, strict=True))
        if len(noises) == 1 or moved <= _SAME * max(thresholds):
            return tuple(thresholds)
    raise PayoffError("the optimal thresholds did not settle; give thresholds.")


def _best_gate(
    law: Payoff, stakes: tuple[float, ...], noises: tuple[float, ...], thresholds: list[float], k: int
) -> float:
    """The threshold of gate k when the others stay: where the bet is worth nothing to whoever sees just that signal.

    What is then still to be won rises with the signal (a larger signal makes larger payoffs likelier), so one root.
    """
    from scipy.optimize import brentq

    later = list(range(k + 1, len(noises)))

    def worth(log_signal: float) -> float:
        return _worth(law, stakes, noises, thresholds, k, later, log_signal)

    low = high = math.log(stakes[k + 1])
    step = 1.0
    while worth(low) > 0.0:
        low, step = low - step, 2.0 * step
        if low < -_FAR:
            return 0.0  # always worth it
    step = 1.0
    while worth(high) <= 0.0:
        high, step = high + step, 2.0 * step
        if high > 700.0:
            return math.exp(700.0)  # never worth it: nothing passes that doubles can tell
    return math.exp(float(brentq(worth, low, high, xtol=1e-13, rtol=1e-14)))


def _worth(
    law: Payoff,
    stakes: tuple[float, ...],
    noises: tuple[float, ...],
    thresholds: list[float],
    k: int,
    later: list[int],
    log_signal: float,
) -> float:
    """What is still to be won after gate k, given its signal and that earlier gates were passed; up to a factor."""
    x, mass = _points(law)
    with np.errstate(divide="ignore", over="ignore"):
        z = (log_signal - np.log(x)) / noises[k]
        log_weight = -0.5 * z * z + np.log(mass)
    for j in range(k):
        with np.errstate(divide="ignore"):
            log_weight = log_weight + np.log(_go_on(x, thresholds[j], noises[j]))
    top = float(np.max(log_weight))
    weight = np.exp(log_weight - top) if math.isfinite(top) else np.zeros_like(x)
    won, reached = -stakes[k + 1] * weight, weight
    for j in later:
        reached = reached * _go_on(x, thresholds[j], noises[j])
        won = won - stakes[j + 1] * reached
    return float(np.sum(won + reached * x))


@lru_cache(maxsize=16)
def _points(law: Payoff) -> tuple[Floats, Floats]:
    """Payoffs above 0 and their masses: nodes in log exceedance on either side of the median, and atoms."""
    nodes, weights = np.polynomial.legendre.leggauss(16)
    ends = np.concatenate([np.linspace(math.log(2.0), 40.0, 160), np.linspace(40.5, 740.0, 400)])
    middle, half = 0.5 * (ends[1:] + ends[:-1]), 0.5 * np.diff(ends)
    u = (middle[:, None] + half[:, None] * nodes).reshape(-1)
    p = np.exp(-u)
    mass = (half[:, None] * weights).reshape(-1) * p
    with np.errstate(all="ignore"):
        x = np.concatenate([law._isf(p), law._ppf(p)])
    mass = np.concatenate([mass, mass])
    kept = (x > 0.0) & np.isfinite(x) & (mass > 0.0)
    return x[kept], mass[kept]
