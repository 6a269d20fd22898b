"""How a mean of n draws settles: P(|mean of n draws / mean - 1| < 20 %), for any law and any n.

Of the n draws the about 64 that lie farthest out are simulated; the sum of the others, whose variance is finite, is
taken as normal with its own mean and variance. So a large n costs nothing and no tail is too heavy. Every law is
tabulated once, payoff against exceedance; the fixed quasi-random samples make the answer the same each time.
"""

import functools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .._lazy import special

Array = NDArray[np.float64]

WITHIN = 0.2
SURE = 0.9
LARGEST_N = 1e300
ROWS = 2048
_SCORE = math.log(-math.log1p(-SURE))
_FINE_ENOUGH = 1.03
_FAR_DRAWS = 64.0
_COLUMNS = 112  # a Poisson number of mean 64 is larger once in 1e8
_DIRECT = 128  # up to here every draw is simulated
# edges of cells an octave of probability, down to 2^-12 and beyond; a side that is bounded is tabulated to 2^-60
_FINE, _BEND, _COARSE, _LEAST_REACH = 128.0, 12.0, 16.0, 60.0
_SIDE = int(_FINE * (_BEND - 1.0) + _COARSE * (_LEAST_REACH - _BEND))  # edges of such a side


class Law(Protocol):
    """What is asked of a law: a part of the payoff contract."""

    def isf(self, p: Any, /) -> Any:
        """Smallest x with P(X > x) <= p."""

    def ppf(self, q: Any, /) -> Any:
        """Smallest x with P(X <= x) >= q."""

    def mean(self) -> float:
        """The mean."""

    @property
    def support(self) -> tuple[float, float]:
        """Lowest and highest value."""

    @property
    def tail_index(self) -> float:
        """a in P(X > x) ~ x^-a."""

    @property
    def left_tail_index(self) -> float:
        """a in P(X < -x) ~ x^-a."""

    def moment_exists(self, order: float, /) -> bool:
        """Whether E abs(X)**order is finite."""


class Part(NamedTuple):
    """``weight`` times the sum of ``draws`` draws of ``law``, in every trial."""

    law: Law
    weight: float
    draws: float


class _Half(NamedTuple):
    """The draws of one part above its median, or below, in cells that go outwards from there.

    Payoffs are in a unit in which the mean of all draws is one. The sums have one entry more than there are cells.
    """

    depth: Array  # -log2 of the probability beyond the inner edge of each cell
    y: Array  # payoff at that edge
    first: Array  # E[Y; cells before this one]
    second: Array  # E[Y^2; cells before this one]
    rank: Array  # how far out the cell lies; negative where the side is bounded
    mean: float  # E[Y; half], with the power tail beyond the last edge

    def at(self, beyond: Array) -> Array:
        """Payoff that is exceeded, on this side, with probability ``beyond``."""
        return _between(self.y, *_places(-np.log2(beyond), self.y.size))


def _places(depth: Array, size: int) -> tuple[NDArray[np.int64], Array]:
    """Cell of the grid of ``_half`` that holds each depth, and how far into the cell; the last edge is beyond all."""
    position = np.minimum(depth * _FINE - _FINE, depth * _COARSE + (_FINE * (_BEND - 1.0) - _COARSE * _BEND))
    position = np.clip(position, 0.0, size - 1.000001)
    cell = position.astype(np.int64)
    return cell, position - cell


def _between(y: Array, cell: NDArray[np.int64], part: Array) -> Array:
    step = np.append(np.diff(y), 0.0)
    found: Array = y[cell] + part * step[cell]
    return found


def _half(law: Law, upper: bool, unit: float, reach: float) -> _Half:
    end = law.support[1 if upper else 0]
    last = reach if math.isinf(end) else _LEAST_REACH
    depth = np.concatenate((np.arange(1.0, _BEND, 1 / _FINE), np.arange(_BEND, last, 1 / _COARSE)))
    beyond = np.exp2(-depth)
    with np.errstate(over="ignore"):
        y = unit * np.clip(law.isf(beyond) if upper else law.ppf(beyond), -1e308, 1e308)
        y = np.clip(y, -1e308, 1e308)
        mass = beyond - np.append(beyond[1:], 0.0)
        outer, root = np.append(y[1:], y[-1]), np.sqrt(mass)
        first = mass * (y / 2 + outer / 2)
        second = ((root * y) ** 2 + (root * y) * (root * outer) + (root * outer) ** 2) / 3
        sums = [np.concatenate(([0.0], np.cumsum(cells))) for cells in (first, second)]
    rank = np.full(y.size, -1.0)
    if upper or math.isinf(end):
        rank = np.maximum.accumulate(np.maximum(y if upper == (unit > 0) else -y, 0.0))
    index = law.tail_index if upper else law.left_tail_index
    unseen = float(first[-1]) / (index - 1.0) if math.isinf(end) and index > 1.0 else 0.0
    return _Half(depth, y, sums[0], sums[1], rank, float(sums[0][-1]) + unseen)


class _Table:
    """All parts tabulated down to probability 2**-reach, their cells sorted from the farthest out."""

    def __init__(self, parts: Sequence[Part], reach: float) -> None:
        self.counts = np.array([float(p.draws) for p in parts])
        self.fraction = self.counts / self.counts.sum()
        means = np.array([float(p.law.mean()) for p in parts])
        mean = math.fsum(f * p.weight * m for f, p, m in zip(self.fraction, parts, means, strict=True))
        self.halves = [_half(p.law, upper, p.weight / mean, reach) for p in parts for upper in (True, False)]
        exact = np.array([p.weight / mean * m for p, m in zip(parts, means, strict=True)])
        tabulated = np.array([h.mean for h in self.halves]).reshape(-1, 2)
        # What the cells miss of the mean is put back, unless it is a tail that they do not reach.
        missing = exact - tabulated.sum(axis=1)
        self.missing = np.where(np.abs(missing) <= 0.05 * np.abs(tabulated).sum(axis=1), missing, 0.0)
        rank = np.concatenate([h.rank[::-1] for h in self.halves])
        order = np.argsort(-rank, kind="stable")[: np.count_nonzero(rank >= 0.0)]
        self.owner = np.repeat(np.arange(len(self.halves)), [h.y.size for h in self.halves])[order]
        mass = np.concatenate([np.diff(np.exp2(-h.depth)[::-1], prepend=0.0) for h in self.halves])[order]
        self.reached = np.cumsum(mass * self.fraction[self.owner // 2])

    def far(self, draws: float) -> tuple[Array, Array, Array]:
        """Of each half the probability of a far draw; of each part the mean and the variance of one that is not."""
        last = int(np.searchsorted(self.reached, _FAR_DRAWS / draws)) + 1
        taken = np.bincount(self.owner[:last], minlength=len(self.halves))
        near = [h.y.size - int(k) for h, k in zip(self.halves, taken, strict=True)]
        far = np.array([2.0 ** -h.depth[i] if i < h.y.size else 0.0 for h, i in zip(self.halves, near, strict=True)])
        first = np.array([h.first[i] for h, i in zip(self.halves, near, strict=True)]).reshape(-1, 2).sum(axis=1)
        second = np.array([h.second[i] for h, i in zip(self.halves, near, strict=True)]).reshape(-1, 2).sum(axis=1)
        mass = np.maximum(1.0 - far.reshape(-1, 2).sum(axis=1), 1e-300)
        mu = (first + self.missing) / mass
        return far, mu, np.clip(second / mass - mu * mu, 0.0, 1e300)


class Settling:
    """The mean over n trials of the sum of ``parts``, which has a mean that is not zero.

    With several parts their far draws come in one common random number rather than one each: exact in the limit of many
    trials, slightly too wide when a few trials meet one dominant part.

    Parameters
    ----------
    parts : sequence of Part
        What one trial adds up.
    rows : int
        Fixed quasi-random samples to use; with 2,048 the answer is right to about 0.01.
    """

    def __init__(self, parts: Sequence[Part], rows: int = ROWS) -> None:
        self._parts = parts
        self._rows = rows
        self._per_trial = math.fsum(p.draws for p in parts)
        self._tables: dict[float, _Table] = {}

    def _table(self, draws: float) -> _Table:
        reach = 64.0 if draws < 2.0**48 else 1010.0
        if reach not in self._tables:
            self._tables[reach] = _Table(self._parts, reach)
        return self._tables[reach]

    def probability(self, n: float) -> float:
        """P(the mean of ``n`` trials is within 20 % of the mean)."""
        draws = n * self._per_trial
        table = self._table(draws)
        return self._direct(table, n) if draws <= _DIRECT else self._far_and_near(table, draws)

    def needed(self, start: float = 1.0) -> float:
        """Trials from which the probability reaches 0.9, to about 3 %; inf beyond 1e300."""
        low, high = (0.0, -math.inf), (float(start), self._score(start))
        while high[1] < _SCORE:
            if high[0] >= LARGEST_N:
                return math.inf
            n = min(max(10.0 * high[0], high[0] * high[0]), LARGEST_N)
            low, high = high, (n, self._score(n))
        while high[0] > max(_FINE_ENOUGH * low[0], low[0] + 1.0):
            n = _crossing(low, high)
            found = (n, self._score(n))
            low, high = (found, high) if found[1] < _SCORE else (low, found)
        return high[0]

    def _score(self, n: float) -> float:
        """ln(-ln(1 - probability)): nearly a line in ln n, by which the search interpolates."""
        miss = min(max(1.0 - self.probability(n), 1e-12), 1.0 - 1e-12)
        return math.log(-math.log(miss))

    def _direct(self, table: _Table, n: float) -> float:
        cell, part = _direct_places(2 * self._rows)
        total, used = np.zeros(2 * self._rows), 0
        for above, below, count in zip(table.halves[::2], table.halves[1::2], table.counts, strict=True):
            columns = slice(used, used + round(n * count))
            y = np.concatenate((above.y[:_SIDE], below.y[:_SIDE]))
            total += _between(y, cell[columns], part[columns]).sum(axis=0)
            used = columns.stop
        return float(np.mean(np.abs(total / used - 1.0) < WITHIN))

    def _far_and_near(self, table: _Table, draws: float) -> float:
        far, mu, var = table.far(draws)
        share = np.repeat(table.fraction, 2) * far
        counts, position = _far_points(self._rows, draws, float(share.sum()))
        row = np.repeat(np.arange(self._rows), counts)
        halves = np.flatnonzero(share)
        if halves.size == 1:  # as for every law of one sign that is alone
            y = table.halves[halves[0]].at(np.clip(position, 1e-17, 1.0) * far[halves[0]])
            part = halves[0] // 2
            above, removed = y - mu[part], counts * var[part]
        else:
            ends = np.cumsum(share) / share.sum()
            owner = np.minimum(np.searchsorted(ends, position), far.size - 1)
            y = np.empty(position.size)
            for h in halves:
                mine = owner == h
                inside = (position[mine] - ends[h]) * (share.sum() / share[h]) + 1.0
                y[mine] = table.halves[h].at(np.clip(inside, 1e-17, 1.0) * far[h])
            above, removed = y - mu[owner // 2], np.bincount(row, var[owner // 2], self._rows)
        centre = table.fraction @ mu + np.bincount(row, above, self._rows) / draws
        spread = table.fraction @ var - removed / draws
        return _normal_within(centre, np.sqrt(np.maximum(spread, 0.0) / draws))


def _crossing(low: tuple[float, float], high: tuple[float, float]) -> float:
    """The number of trials to look at next between two scores: where the line between them crosses, or the middle.

    Within reach of the end it is put just so far from it that the two close the search.
    """
    (n_low, below), (n_high, above) = low, high
    if n_low < 1.0 or n_high < 32.0:
        return max(n_low + 1.0, math.floor(math.sqrt(max(n_low, 1.0)) * math.sqrt(n_high)))
    width = math.log(n_high) - math.log(n_low)
    part = (_SCORE - below) / (above - below) if above > below else 0.5
    part = 0.5 if width > 30.0 else min(max(part, 0.02), 0.98)
    near = 0.9 * math.log(_FINE_ENOUGH)
    step = part * width
    step = min(step + near / 2, max(width - near, width / 2)) if step < width - near / 2 else width - near
    return min(max(n_low + 1.0, math.floor(n_low * math.exp(step))), n_high - 1.0)


def _normal_within(centre: Array, sd: Array) -> float:
    """Mean over the rows of P(|N(centre, sd) - 1| < 0.2)."""
    sd = np.maximum(sd, 1e-300)
    with np.errstate(over="ignore"):
        low, high = (1.0 - WITHIN - centre) / sd, (1.0 + WITHIN - centre) / sd
    return float(np.mean(special.ndtr(high) - special.ndtr(low)))


@functools.lru_cache(maxsize=4)
def _uniforms(rows: int, columns: int) -> Array:
    """Fixed uniforms in (0, 1), each column spread evenly (a Latin hypercube)."""
    rng = np.random.Generator(np.random.PCG64(20_240_229))
    strata = rng.permuted(np.tile(np.arange(float(rows)), (columns, 1)), axis=1).T
    points = np.ascontiguousarray((strata + 1.0 - rng.random((rows, columns))) / (rows + 1e-9))
    points.flags.writeable = False
    return points


@functools.lru_cache(maxsize=4)
def _direct_places(rows: int) -> tuple[NDArray[np.int64], Array]:
    """Cells of fixed uniforms, shape (128, rows), in the two sides of a law laid end to end, the upper one first."""
    v = _uniforms(rows, _DIRECT).T
    cell, part = _places(-np.log2(np.minimum(v, 1.0 - v)), _SIDE)
    return cell + np.where(v <= 0.5, 0, _SIDE), part


@functools.lru_cache(maxsize=4)
def _arrivals(rows: int) -> Array:
    """Fixed Poisson arrivals, in increasing order along each row."""
    arrivals = np.cumsum(-np.log(_uniforms(rows, _COLUMNS + 1)[:, :-1]), axis=1)
    arrivals.flags.writeable = False
    return arrivals


def _far_points(rows: int, draws: float, mass: float) -> tuple[NDArray[np.intp], Array]:
    """How many of ``draws`` uniforms lie below ``mass`` in each row, and all their places in (0, 1], row by row.

    The first order statistics of N uniforms are Poisson arrivals over the (N + 1)-th; the sum of the gaps not kept is a
    gamma variable, by Wilson and Hilferty's cube.
    """
    rest = draws + 1.0 - _COLUMNS
    z = special.ndtri(_uniforms(rows, _COLUMNS + 1)[:, -1:])
    arrivals = _arrivals(rows)
    last = arrivals[:, -1:] + rest * (1.0 - 1.0 / (9.0 * rest) + z / (3.0 * math.sqrt(rest))) ** 3
    place = arrivals / (last * mass)
    inside = place <= 1.0
    return inside.sum(axis=1), place[inside]
