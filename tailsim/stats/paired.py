"""Two columns over the same trials: how an answer differs between them, and which of them pays more."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._lazy import special
from .estimate import Estimate
from .intervals import bounded_mean, proportion, quantile_estimate

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Duel:
    """How often one of two columns is above the other, trial by trial.

    Attributes
    ----------
    wins, losses, ties : Estimate
        Probability that the first is above, below, equal, each with its own Clopper-Pearson interval.
    n_wins, n_losses, n_ties : int
        The trials counted.
    """

    wins: Estimate
    losses: Estimate
    ties: Estimate
    n_wins: int
    n_losses: int
    n_ties: int


def duel(a: Array, b: Array, level: float) -> Duel:
    """Count the trials in which ``a`` is above, below or equal to ``b``."""
    n_wins, n_losses = int(np.count_nonzero(a > b)), int(np.count_nonzero(a < b))
    n_ties = a.size - n_wins - n_losses
    wins, losses, ties = (proportion(k, a.size, level) for k in (n_wins, n_losses, n_ties))
    return Duel(wins, losses, ties, n_wins, n_losses, n_ties)


def share_difference(a: Array, b: Array, level: float) -> Estimate:
    """Mean of a - b, both within [0, 1] in every trial: the difference has all moments, whatever made it.

    The interval is normal where Lyapunov's ratio allows, n >= 25 (E|d|^3 / sd^3)^2, which takes 25 trials that differ
    where each differs by one; it is wider by what differences larger than any seen could add, which the trials leave a
    probability of ln(2 / (1 - level)) / n. Otherwise it is that of ``bounded_mean``, good for any law.

    References
    ----------
    Lyapunov's condition with Cochran's constant (1977, Sampling Techniques, section 2.15).
    """
    d = a - b
    n, mean, error = d.size, math.fsum(d) / d.size, float(np.std(d, ddof=1)) / math.sqrt(d.size)
    away = np.abs(d - mean)
    ratio = float(np.mean(away**3)) / max(float(np.mean(away**2)), 1e-200) ** 1.5
    if n < 100 or n < 25.0 * ratio * ratio:
        e = bounded_mean(math.fsum(d), math.fsum(d * d), n, -1.0, 1.0, level)
        return Estimate(e.value, e.std_error, e.interval, level, f"paired, {e.method}", n)
    unseen = math.log(2.0 / (1.0 - level)) / n * (1.0 - float(np.max(np.abs(d))))
    half = float(special.ndtri(0.5 + level / 2)) * error + unseen
    ends = (max(mean - half, -1.0), min(mean + half, 1.0))
    return Estimate(mean, error, ends, level, "paired, normal for a bounded quantity", n)


def quantile_difference(a: Array, b: Array, q: float, level: float) -> Estimate:
    """Quantile ``q`` of ``a`` less that of ``b``, from the order statistics of each and how they go together.

    The distances from either quantile to its distribution-free limits are put together as standard errors would be,
    with the correlation of the two events "at or below the quantile" (MOVER). No density and no moment is used.

    References
    ----------
    Zou and Donner 2008, Construction of confidence limits about effect measures, Statistics in Medicine 27(10),
    1693-1702. Bahadur 1966, Annals of Mathematical Statistics 37(3), 577-580, for quantiles as such events.
    """
    one, other = quantile_estimate(a, q, level), quantile_estimate(b, q, level)
    together = _correlation(a <= one.value, b <= other.value)
    value = one.value - other.value if one.value != other.value else 0.0
    (low_a, high_a), (low_b, high_b) = one.interval, other.interval
    down = _joined(one.value - low_a, high_b - other.value, together)
    up = _joined(high_a - one.value, other.value - low_b, together)
    z = float(special.ndtri(0.5 + level / 2))
    return Estimate(
        value,
        (down + up) / (2.0 * z),
        (value - down, value + up),
        level,
        "paired, order statistics joined by MOVER",
        a.size,
        one.verdict or other.verdict,
    )


def _correlation(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    p, q, both = float(a.mean()), float(b.mean()), float((a & b).mean())
    spread = math.sqrt(p * (1.0 - p) * q * (1.0 - q))
    return min(max((both - p * q) / spread, -1.0), 1.0) if spread > 0.0 else 0.0


def _joined(one: float, other: float, correlation: float) -> float:
    if math.isinf(one) or math.isinf(other):
        return math.inf
    return math.sqrt(max(one * one + other * other - 2.0 * correlation * one * other, 0.0))
