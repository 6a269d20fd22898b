"""Distinct positive outcomes and how often each occurs: what every power-law fit reads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..kernels import thresholds, zeta
from ..kernels.strict import COEFFICIENTS

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Distinct:
    """Distinct values in increasing order.

    Attributes
    ----------
    x : ndarray, shape (m,)
        The values, above 0.
    below : ndarray of int64, shape (m + 1,)
        How many outcomes are strictly below each; the last is how many there are.
    logs : ndarray, shape (m,)
        ln x, with the same bits on any CPU.
    """

    x: Floats
    below: NDArray[np.int64]
    logs: Floats

    @classmethod
    def of(cls, values: Floats, extra: float | None = None) -> "Distinct":
        """Those of positive ``values``; ``extra`` is listed too, even where no outcome is equal to it."""
        x, counts = np.unique(values, return_counts=True)
        if extra is not None and extra not in x:
            place = int(np.searchsorted(x, extra))
            x, counts = np.insert(x, place, extra), np.insert(counts, place, 0)
        below = np.zeros(x.size + 1, np.int64)
        np.cumsum(counts, out=below[1:])
        logs = np.empty(x.size)
        thresholds.logarithms(x, COEFFICIENTS, logs)
        for array in (x, below, logs):
            array.flags.writeable = False
        return cls(x, below, logs)

    @property
    def n(self) -> int:
        """How many outcomes."""
        return int(self.below[-1])

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each value occurs."""
        counts: NDArray[np.int64] = np.diff(self.below)
        return counts

    def n_tail(self, i: int) -> int:
        """How many outcomes are at or above the i-th value."""
        return int(self.below[-1] - self.below[i])

    def tail_logs(self, i: int) -> Floats:
        """ln(x / x_i) of the values from the i-th on."""
        logs: Floats = self.logs[i:] - self.logs[i]
        return logs

    def mean_log(self, i: int) -> float:
        """Mean of ln(x / x_i) over the outcomes from the i-th value on."""
        return float(np.dot(self.counts[i:], self.tail_logs(i))) / self.n_tail(i)

    def indices(self, discrete: bool) -> Floats:
        """Tail index by maximum likelihood from each value on; NaN at the last, which has no tail."""
        out = np.full(self.x.size, np.nan)
        thresholds.exponents(self.x, self.logs, self.below, discrete, COEFFICIENTS, out)
        return out

    def search(self, discrete: bool, min_tail: int) -> tuple[int, float, float]:
        """(value number, tail index, distance) of the smallest Kolmogorov-Smirnov distance of all thresholds.

        The number is -1 and the distance infinite where no value leaves ``min_tail`` outcomes and two distinct ones.
        """
        n_candidates = min(int(np.count_nonzero(self.n - self.below[:-1] >= min_tail)), self.x.size - 1)
        indices = self.indices(discrete)
        i, ks = thresholds.search(self.x, self.logs, self.below, indices, discrete, n_candidates, COEFFICIENTS)
        return int(i), float(indices[i]) if i >= 0 else np.nan, float(ks)

    def at(self, i: int, discrete: bool) -> tuple[float, float]:
        """(tail index, distance) with the i-th value as threshold."""
        mean_log = self.mean_log(i)
        index = zeta.zeta_exponent(mean_log, self.x[i], COEFFICIENTS) - 1.0 if discrete else 1.0 / mean_log
        if not np.isfinite(index):
            raise DataError(
                f"data above {self.x[i]:g} have no exponent of a discrete power law: Newton did not settle."
            )
        ks = thresholds.distance(i, self.x, self.logs, self.below, index, discrete, COEFFICIENTS)
        return float(index), float(ks)


def log_zeta(s: float, q: Floats) -> Floats:
    """ln(q^s zeta(s, q)), Hurwitz's zeta function without overflow."""
    out = np.empty(q.size)
    zeta.zeta_values(float(s), q, COEFFICIENTS, out)
    return out


def log_moments(index: float, threshold: float) -> tuple[float, float]:
    """(mean, variance) of ln(X / threshold) under the discrete power law; the variance is Fisher's information."""
    mean, variance = zeta.zeta_moments(index + 1.0, float(threshold), COEFFICIENTS)
    return float(mean), float(variance)
