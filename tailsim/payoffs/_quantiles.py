"""From a quantile function to the table that a kernel draws from.

A side of a law is a function of the depth d = -log2 u, where u is the exceedance v up to 1/2, or 1 - v above it. What
is tabulated is log2 of a ratio, (x - shift) / (m0 + m1 v), which is positive and smooth on the whole side. It is
interpolated on segments of the depth, which are halved until points between the nodes agree; from these segments come
the cells.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..kernels import params
from . import _portable as portable
from ._shape import Floats

Side = Callable[[Floats], Floats]  # log2 of the ratio at depths
DEEPEST = 1088.0
OCTAVES = params.TABLE_OCTAVES
_SEGMENTS = (1.0, 2.0, 4.0, 8.0, 16.0, float(OCTAVES), 64.0, 128.0, 256.0, 512.0, DEEPEST)
_PROBES = np.array([-0.93, 0.11, 0.71])
_NOISE = 1e-14  # relative error that no segment need beat
_LEAST = 2.0**-8  # octaves; no segment is cut below
_MOST = 150  # segments; beyond, what error there is stays, and is told
_SMALL = 1e-10  # an error below it that cutting does not halve is noise
_CLOSE = 2e-14  # the error of cells that is good enough
_BITS = (6, 7, 8, 9)


def _chebyshev(n: int) -> list[float]:
    """Nodes on a grid of 2**-30, so that they do not depend on anybody's cosine."""
    return [round(-math.cos(math.pi * (i + 0.5) / n) * 2**30) / 2**30 for i in range(n)]


def _weights(nodes: list[float]) -> list[float]:
    """Barycentric weights, the largest of size about 1."""
    exact = [math.prod((Fraction(x) - Fraction(y) for y in nodes if y != x), start=Fraction(1)) for x in nodes]
    return [float(min(map(abs, exact)) / w) for w in exact]


_X = _chebyshev(20)
NODES = np.array([_X, _weights(_X)])
NODES.flags.writeable = False


@lru_cache
def _power_basis() -> tuple[Floats, Floats]:
    """Six places in a cell, and the matrix from the values there to coefficients of powers."""
    places = [Fraction(x) / 2 for x in _chebyshev(6)]
    columns = []
    for i, x in enumerate(places):
        c = [Fraction(1)]
        for j, y in enumerate(places):
            if j != i:
                c = [(a - y * b) / (x - y) for a, b in zip([Fraction(0), *c], [*c, Fraction(0)], strict=True)]
        columns.append([float(a) for a in c])
    return np.array([float(x) for x in places]), np.array(columns)


def _interpolated(values: Floats, t: Floats) -> Floats:
    """Barycentric interpolation: values (n, nodes), t (n, any) in [-1, 1]."""
    above, below = np.zeros(t.shape), np.zeros(t.shape)
    hit = np.full(t.shape, np.nan)
    with np.errstate(all="ignore"):
        for i, (x, w) in enumerate(NODES.T):
            q = w / (t - x)
            above += q * values[:, i : i + 1]
            below += q
            hit = np.where(t == x, values[:, i : i + 1], hit)
        return np.where(np.isnan(hit), above / below, hit)


class Curve(NamedTuple):
    """log2 of the ratio less slope times depth, on segments of the depth."""

    slope: float
    ends: Floats  # (segments + 1,)
    values: Floats  # (segments, nodes)
    error: float  # relative, of the ratio, where it was probed

    def __call__(self, depth: Floats) -> Floats:
        """log2 of the ratio."""
        j = np.clip(np.searchsorted(self.ends, depth, side="right") - 1, 0, len(self.values) - 1)
        a, b = self.ends[j], self.ends[j + 1]
        t = ((depth - a) - (b - depth)) / (b - a)
        return self.slope * depth + _interpolated(self.values[j], t[:, None])[:, 0]


def curve_of(side: Side, slope: float = 0.0) -> Curve:
    """The curve through a side: segments cut in two until points between the nodes agree, or only noise is left."""
    todo = [(a, b, math.inf) for a, b in pairwise(_SEGMENTS)]
    done: list[tuple[float, float, Floats, float]] = []
    while todo:
        a, b = (np.array([segment[i] for segment in todo]) for i in (0, 1))
        t = np.append(NODES[0], _PROBES)
        depth = 0.5 * ((b + a)[:, None] + (b - a)[:, None] * t)
        y = side(depth.reshape(-1)).reshape(depth.shape)
        g = y - slope * depth
        values, probed = g[:, : -_PROBES.size], g[:, -_PROBES.size :]
        off = np.abs(_interpolated(values, np.broadcast_to(_PROBES, probed.shape)) - probed)
        error = np.max(off, axis=1) * portable.LN2
        noise = _NOISE + 4e-16 * np.max(np.abs(y), axis=1)
        again: list[tuple[float, float, float]] = []
        for (low, high, before), now, rest, row in zip(todo, error, noise, values, strict=True):
            full = len(done) + len(again) > _MOST
            if now <= rest or full or high - low <= _LEAST or (now < _SMALL and now > 0.5 * before):
                done.append((low, high, row, float(now)))
            else:
                middle = 0.5 * (low + high)
                again += [(low, middle, float(now)), (middle, high, float(now))]
        todo = again
    done.sort(key=lambda segment: segment[0])
    ends = np.array([done[0][0], *(segment[1] for segment in done)])
    return Curve(slope, ends, np.array([segment[2] for segment in done]), max(segment[3] for segment in done))


def _cells(curve: Curve, bits: int, log: bool) -> tuple[Floats, float]:
    """The coefficients of 2**bits cells in each octave, deepest first, and their worst relative error in between."""
    places, basis = _power_basis()
    t = np.concatenate([places, [-0.47, -0.27, 0.03, 0.47]])
    n = 2**bits
    mantissa = 1.0 + ((np.arange(n) + 0.5)[:, None] + t) / n
    octave = np.arange(OCTAVES, 1, -1.0)
    depth = octave[:, None, None] - (portable.ln(mantissa) / portable.LN2)
    y = curve(depth.reshape(-1)) * portable.LN2
    y = (y if log else portable.exp(y)).reshape(-1, t.size)
    c = np.zeros((len(y), 6))
    for k in range(6):
        c += y[:, k : k + 1] * basis[k]
    made = np.zeros((len(y), 4))
    for k in range(5, -1, -1):
        made = made * t[6:] + c[:, k : k + 1]
    off = np.abs(made - y[:, 6:])
    return c.reshape(-1), float(np.max(off if log else off / y[:, 6:]))


def _grain(curve: Curve) -> float:
    """What rounding alone makes of the logarithm of the ratio, within the cells."""
    return 2e-16 * float(np.max(np.abs(curve(np.array([1.0, OCTAVES])))))


class Built(NamedTuple):
    """A kernel's parameters for a standard law, those of the law turned round (v for 1 - v), and the error of both."""

    up: params.Table | params.LogTable
    down: params.Table | params.LogTable
    error: float  # relative, of the tabulated ratio, against the function it was made from

    def turned(self) -> "Built":
        """The tables of minus the law."""
        up, down = (t._replace(m0=-t.m0, m1=-t.m1, shift=-t.shift) for t in (self.down, self.up))
        return Built(up, down, self.error)


def build(
    upper: Side,
    lower: Side | None,
    *,
    m0: float,
    m1: float,
    slopes: tuple[float, float] = (0.0, 0.0),
    centre: float = 0.0,
) -> Built:
    """The table of a law: ``lower`` is None where both sides have the same ratio."""
    curves = [curve_of(upper, slopes[0])] + ([] if lower is None else [curve_of(lower, slopes[1])])
    for log, bits in [(False, 6), (False, 7), *((True, b) for b in _BITS)]:
        made = [_cells(curve, bits, log) for curve in curves]
        error = max(off for _, off in made)
        if error <= _CLOSE + max(map(_grain, curves)):
            break
    ends, values, slope = _tails(curves)
    kind = params.LogTable if log else params.Table
    lower_start = made[0][0].size // 6 if lower else 0

    def table(order: int, m0: float, m1: float) -> params.Table | params.LogTable:
        cells = np.concatenate([c for c, _ in made][::order])
        s, e, y = (np.ascontiguousarray(a[::order]) for a in (slope, ends, values))
        for a in (cells, s, e, y):
            a.flags.writeable = False
        return kind(cells, bits, lower_start, m0, m1, s, e, y, NODES, 1.0, centre)

    return Built(table(1, m0, m1), table(-1, m0 + m1, -m1), error + max(c.error for c in curves))


def _tails(curves: list[Curve]) -> tuple[Floats, Floats, Floats]:
    """(ends, values, slopes) of the segments beyond the cells, one row a side."""
    beyond = [np.searchsorted(c.ends, OCTAVES) for c in curves]
    most = max(len(c.values) - k for c, k in zip(curves, beyond, strict=True))
    ends = np.full((len(curves), most + 1), 4.0 * DEEPEST)
    values = np.zeros((len(curves), most, NODES.shape[1]))
    for i, (c, k) in enumerate(zip(curves, beyond, strict=True)):
        ends[i, : len(c.ends) - k] = c.ends[k:]
        values[i, : len(c.values) - k] = c.values[k:]
    return ends, values, np.array([c.slope for c in curves])


def moved(table: params.Table | params.LogTable, loc: float, scale: float, factor: float) -> params.Params | None:
    """The table's law times ``scale`` plus ``loc``, all times ``factor``; None where a double cannot hold it."""
    scale, loc = scale * factor, (loc + scale * table.shift) * factor
    fits = 2.0**-1022 <= scale < math.inf and math.isfinite(loc)
    return table._replace(scale=scale, shift=loc) if fits else None


def evaluated(table: params.Table | params.LogTable, loc: float, scale: float, q: Floats) -> Floats:
    """The moved table's quantiles at q in (0, 1)."""
    from ..kernels import api

    return api.isf(table._replace(scale=scale, shift=loc + scale * table.shift), q)
