"""The closed buckets of an outcome table: probabilities and means inside them, all buckets at once."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..kernels import params
from ._shape import Floats

Flags = NDArray[np.bool_]
Index = NDArray[np.intp]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


def log_ratio(low: Floats, high: Floats) -> Floats:
    """log(high / low), accurate for a narrow bucket; anything where low is not above 0."""
    with np.errstate(all="ignore"):
        return np.where(high < 2.0 * low, np.log1p((high - low) / low), np.log(high) - np.log(low))


class Table(NamedTuple):
    """The closed buckets with a probability above zero, from the lowest up, and the weight of the open one."""

    low: Floats
    high: Floats
    weight: Floats
    log: Flags  # which follow "loguniform"
    atom: Flags  # which follow "low"
    above: Floats  # probability of the closed buckets above each
    below: Floats  # and below each
    p_open: float

    def bucket_of(self, x: Floats) -> Index:
        """The last bucket that starts at or below x, -1 where there is none."""
        return np.searchsorted(self.low, x, side="right") - 1

    def upper_part(self, i: Index, x: Floats) -> Floats:
        """P(X > x | X in bucket i)."""
        low, high = self.low[i], self.high[i]
        y = np.clip(x, low, high)
        with np.errstate(all="ignore"):
            part = np.where(self.log[i], log_ratio(y, high) / log_ratio(low, high), (high - y) / (high - low))
        return np.where(self.atom[i], np.where(x < low, 1.0, 0.0), part)

    def lower_part(self, i: Index, x: Floats) -> Floats:
        """P(X <= x | X in bucket i)."""
        low, high = self.low[i], self.high[i]
        y = np.clip(x, low, high)
        with np.errstate(all="ignore"):
            part = np.where(self.log[i], log_ratio(low, y) / log_ratio(low, high), (y - low) / (high - low))
        return np.where(self.atom[i], np.where(x < low, 0.0, 1.0), part)

    def point_mass(self, x: Floats) -> Floats:
        """P(X = x)."""
        mass = np.zeros_like(x)
        for value, weight in zip(self.low[self.atom], self.weight[self.atom], strict=True):
            mass[x == value] = weight
        return mass

    def density(self, x: Floats) -> Floats:
        """The density of the continuous part."""
        if not self.low.size:
            return np.zeros_like(x)
        i = np.maximum(self.bucket_of(x), 0)
        low, high = self.low[i], self.high[i]
        with np.errstate(all="ignore"):
            width = np.where(self.log[i], x * log_ratio(low, high), high - low)
            return np.where((x >= low) & (x < high) & ~self.atom[i], self.weight[i] / width, 0.0)

    def part_mean(self, i: Index, u: Floats) -> Floats:
        """E[X; X > u | X in bucket i]."""
        low, high = self.low[i], self.high[i]
        start = np.clip(u, low, high)
        with np.errstate(all="ignore"):
            logs = (high - start) / log_ratio(low, high)
            flat = (0.5 * high + 0.5 * start) * ((high - start) / (high - low))
        return np.where(self.atom[i], np.where(u < low, low, 0.0), np.where(self.log[i], logs, flat))

    def means(self) -> Floats:
        """Weight times mean of each bucket."""
        every = np.arange(self.low.size)
        return self.weight * self.part_mean(every, np.full(self.low.size, -np.inf))

    def squares(self, m: float) -> Floats:
        """Weight times E[(X - m)**2] of each bucket, by quadrature where a difference of moments loses digits."""
        low, high = self.low, self.high
        length = log_ratio(low, high)
        f = 0.5 + 0.5 * _NODES
        with np.errstate(all="ignore"):
            fine = (low[:, None] * np.exp(f * length[:, None]) - m) ** 2 @ (0.5 * _WEIGHTS)
            wide = (0.5 * (high + low) - 2.0 * m) * (high - low) / length + m * m
        flat = (low[:, None] + f * (high - low)[:, None] - m) ** 2 @ (0.5 * _WEIGHTS)
        logs = np.where(length < 0.5, fine, wide)
        return np.asarray(self.weight * np.where(self.atom, (low - m) ** 2, np.where(self.log, logs, flat)))

    def pieces(self, factor: float, top: params.Params) -> params.Pieces:
        """The kernel's parameters of factor times the table, from the top down."""
        low, high = self.low[::-1], self.high[::-1]
        log, atom = self.log[::-1], self.atom[::-1]
        from ..kernels import api  # NumPy's logarithm has other bits on other processors

        safe_low, safe_high = np.where(log, low, 1.0), np.where(log, high, 1.0)
        a = np.where(log, api.log(safe_high), np.where(atom, low, high))
        b = np.where(log, -api.log_ratio(safe_low, safe_high), np.where(atom, 0.0, low - high))
        upto = np.minimum(self.p_open + np.append(0.0, np.cumsum(self.weight[::-1])), 1.0)
        upto[-1] = 1.0
        none = np.zeros(1)
        return params.Pieces(upto, np.append(none, a), np.append(none, b), np.append(none, log * 1.0), top, factor)


def table_of(edges: Floats, p: Floats, rules: tuple[str, ...]) -> Table:
    """The table of buckets between ``edges``; the probability beyond the last is the open bucket's."""
    closed, p_open = p[: edges.size - 1], float(p[edges.size - 1 :].sum())
    used = closed > 0.0
    weight = closed[used]
    kinds: Any = np.array(rules, dtype=object)[used]
    above = np.append(np.cumsum(weight[::-1])[::-1], 0.0)[1:]
    below = np.append(0.0, np.cumsum(weight))[:-1]
    is_log, is_atom = kinds == "loguniform", kinds == "low"
    return Table(edges[:-1][used], edges[1:][used], weight, is_log, is_atom, above, below, p_open)
