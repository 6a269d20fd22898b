"""Mergeable accumulators: sums without rounding and histograms of integers, the same bits in any order."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_UNIT = 1074  # every double is a multiple of 2^-1074
BIN_SHIFT = 44  # keep sign, exponent and the first 8 bits of the mantissa: 256 bins an octave
N_BINS = 1 << (64 - BIN_SHIFT)
_SIGN = N_BINS >> 1
_PARTS = 64  # parts held before they are made one
BIN_ERROR = 2.0**-9  # a value is at most this far, relatively, from the middle of its bin


def exact(x: float) -> int:
    """A finite double as an integer number of 2^-1074: sums of these are exact."""
    numerator, denominator = x.as_integer_ratio()
    return numerator << (_UNIT + 1 - denominator.bit_length())


def rounded(total: int) -> float:
    """An exact sum as the nearest double."""
    try:
        return total / (1 << _UNIT)
    except OverflowError:
        return np.inf if total > 0 else -np.inf


def bin_edges(index: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper edge of bins, in increasing order of value also below zero."""
    magnitude = (index & (_SIGN - 1)).astype(np.uint64)
    near = (magnitude << np.uint64(BIN_SHIFT)).view(np.float64)
    far = ((magnitude + np.uint64(1)) << np.uint64(BIN_SHIFT)).view(np.float64)
    negative = index >= _SIGN
    return np.where(negative, -far, near), np.where(negative, -near, far)


@dataclass(slots=True)
class Histogram:
    """Counts in bins of a relative width of at most 0.4 %; zero shares a bin with the subnormals.

    Edges are all dyadic numbers of 8 bits, so counts at or above any whole number up to 512 are exact.
    """

    _parts: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = field(default_factory=list)

    def add(self, index: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
        """Add counts of the given bins, each named once."""
        self._parts.append((index, counts))
        if len(self._parts) > _PARTS:
            self._compact()

    def merge(self, other: "Histogram") -> None:
        """Add the counts of another histogram."""
        for index, counts in other._parts:
            self.add(index, counts)

    def _compact(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(bins, counts) as one part, bins increasing."""
        if len(self._parts) != 1:
            held = [part for part in self._parts if len(part[0])]
            first = min((int(index.min()) for index, _ in held), default=0)
            bins = np.zeros(max((int(index.max()) + 1 for index, _ in held), default=0) - first, np.int64)
            for index, counts in held:
                bins[index - first] += counts
            index = np.flatnonzero(bins)
            self._parts = [(index + first, bins[index])]
        return self._parts[0]

    @property
    def counts(self) -> dict[int, int]:
        """Count of each bin that holds anything, bins increasing."""
        index, counts = self._compact()
        return dict(zip(index.tolist(), counts.tolist(), strict=True))

    def sorted(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """(lower edges, upper edges, counts) in increasing order of value."""
        index, counts = self._compact()
        low, high = bin_edges(index)
        order = np.argsort(low, kind="stable")
        return low[order], high[order], counts[order]

    @property
    def total(self) -> int:
        """How many values are held."""
        return int(self._compact()[1].sum())

    def order_statistic(self, rank: int) -> tuple[float, float, float]:
        """(lower edge, middle, upper edge) of the bin that holds the value of this rank, from 0."""
        low, high, counts = self.sorted()
        i = int(np.searchsorted(np.cumsum(counts), rank, side="right"))
        lo, hi = float(low[i]), float(high[i])
        if lo == 0.0 or hi == 0.0:  # the bin of zero
            return 0.0, 0.0, 0.0
        return lo, 0.5 * lo + 0.5 * hi, hi

    def count_at_least(self, x: float) -> tuple[int, int]:
        """The least and the greatest possible number of values at or above x."""
        low, high, counts = self.sorted()
        # a bin above zero holds [low, high), one below zero (low, high]
        surely = low >= x
        maybe = np.where(low < 0.0, high >= x, high > x)
        return int(counts[surely].sum()), int(counts[maybe].sum())
