"""A guaranteed bracket of P(total > x) for any laws bounded below: payoffs rounded up and down to a lattice."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..payoffs import Payoff
from ._counts import Count, Fixed
from ._expint import Complexes, Floats

_FIRST, FINEST = 13, 21  # powers of two of lattice points up to x: where to start, and the most
_WRAP = 4  # length of the transform over the points up to x
_WIDTH = 1e-4  # relative width of the bracket that is aimed at
_EPS = 2.0**-52
_DAMPED = 1e-3  # probabilities above it are found as one minus a damped distribution function
_DAMPING = 26.0  # damping over the length of the transform, in e-folds
_LAW = 1e-12  # relative error granted to a law's own probabilities

Group = tuple[Payoff, Count]


class Cells(NamedTuple):
    """Probabilities of 0 and of ((k - 1) h, k h] for k = 1, ..., m, and of more than m h."""

    at_zero: float
    inside: Floats
    above: float


def bracket(
    groups: Sequence[Group], x: float, *, at_least: bool = False, finest: int = FINEST
) -> tuple[float, float] | None:
    """(lower, upper) bound of P(total > x), or of P(total >= x); None where a law is unbounded below.

    Notes
    -----
    A total above x has a payoff above x, whose probability is the laws' own, or none, and then only probabilities up
    to x are convolved: no tail is cut. Bounded are what wraps round (by Chernoff's bound) and the rounding of
    the FFT (by the size of each Fourier coefficient). The lattice gets finer until the bracket is narrow.
    """
    low = math.fsum(law.support[0] * count.mean for law, count in groups if isinstance(count, Fixed))
    if not math.isfinite(low):
        return None
    unit = _unit(groups, x - low)
    if unit is not None:
        m = 2 ** max(math.ceil(math.log2((x - low) / unit + 1.0)), 10)
        with np.errstate(all="ignore"):
            return _at(groups, x - low, m, at_least, unit)
    best = 0.0, 1.0
    power = _FIRST
    while True:
        with np.errstate(all="ignore"):
            found = _at(groups, x - low, 2**power, at_least)
        best = max(best[0], found[0]), min(best[1], found[1])
        excess = (best[1] - best[0]) / max(_WIDTH * best[0], 1e-300)
        if excess <= 1.0 or power >= finest:
            return best
        power = min(power + max(1, math.ceil(math.log2(min(excess, 256.0)))), finest)


def _unit(groups: Sequence[Group], x: float) -> float | None:
    """The money of which all payoffs, from their lowest on, are whole multiples; None where there is none."""
    steps = []
    for law, count in groups:
        atoms = np.array(law.atoms).reshape(-1, 2)
        if not len(atoms) or abs(math.fsum(atoms[:, 1]) - 1.0) > 1e-12:
            return None
        steps.append(atoms[:, 0] - (law.support[0] if isinstance(count, Fixed) else 0.0))
    values = np.unique(np.concatenate(steps))
    values = values[values > 0.0]
    for part in range(1, 101):
        unit = float(values[0]) / part if values.size else 1.0
        ratio = values / unit
        if np.abs(ratio - np.round(ratio)).max(initial=0.0) < 1e-9:
            return unit if x / unit < 2**FINEST else None
    return None


def _first(x: float, m: int, at_least: bool, unit: float | None) -> int:
    """The first lattice point that counts."""
    if unit is None:
        return m if at_least else m + 1
    nearest = round(x / unit)
    on = abs(x - nearest * unit) <= 1e-15 * max(x, unit)
    return nearest + (0 if at_least else 1) if on else math.floor(x / unit) + 1


def _at(groups: Sequence[Group], x: float, m: int, at_least: bool, unit: float | None = None) -> tuple[float, float]:
    """The bracket of one lattice with m points up to x, all payoffs counted from the low end of their law.

    With a ``unit`` payoffs lie on the lattice, which may then reach further than x, and nothing is rounded.
    """
    first, exact = _first(x, m, at_least, unit), unit is not None
    cells = [_cells(law, count, x / m if unit is None else unit, m, exact) for law, count in groups]
    counts = [count for _, count in groups]
    none_big = (_log_pgf(count, np.array([c.above])).real[0] for count, c in zip(counts, cells, strict=True))
    one_big = -math.expm1(math.fsum(none_big))
    theta = _tilt(cells, counts, first)
    if theta is None or max(one_big, _chernoff(cells, counts, 2.0 * theta, first)) > _DAMPED:
        low, high = _below(cells, counts, m, first, exact)
        slack = _LAW * sum(c.mean for c in counts) * one_big + _LAW
        return max(1.0 - high - slack, 0.0), min(1.0 - low + slack, 1.0)
    low, high = _beyond(cells, counts, m, theta, first, exact)
    slack = _LAW * sum(c.mean for c in counts)
    return (one_big + low) * (1.0 - slack), min((one_big + high) * (1.0 + slack), 1.0)


def _cells(law: Payoff, count: Count, h: float, m: int, exact: bool) -> Cells:
    start = law.support[0] if isinstance(count, Fixed) else 0.0
    edges = start + h * (np.arange(m + 1) + (0.25 if exact else 0.0))  # safely past each atom
    sf, cdf = np.asarray(law.sf(edges)), np.asarray(law.cdf(edges))
    inside = np.where(sf[1:] < 0.5, sf[:-1] - sf[1:], cdf[1:] - cdf[:-1])
    return Cells(float(cdf[0]), np.maximum(inside, 0.0), float(sf[-1]))


def _log_pgf(count: Count, gap: Floats | Complexes) -> Complexes:
    return count.log_pgf(np.asarray(gap, dtype=np.complex128))


def _moment(cells: Cells, theta: float) -> float:
    """E exp(theta X / h) of the payoffs up to x, rounded up."""
    k = np.arange(1.0, cells.inside.size + 1.0)
    return cells.at_zero + float(np.sum(cells.inside * np.exp(theta * k)))


def _log_total(cells: Sequence[Cells], counts: Sequence[Count], theta: float) -> float:
    """log E exp(theta S / h) of the same; inf where it does not exist."""
    total = 0.0
    for count, c in zip(counts, cells, strict=True):
        value = _log_pgf(count, np.array([1.0 - _moment(c, theta)]))[0]
        total += value.real if abs(value.imag) < 1.0 else math.inf
    return total


def _tilt(cells: Sequence[Cells], counts: Sequence[Count], m: int) -> float | None:
    """Half the tilt (per lattice step) that makes Chernoff's bound of a total of m steps smallest."""
    grid = np.concatenate([[0.0], np.geomspace(0.05, 600.0, 48)]) / m
    coarse = _coarse(cells)
    step = cells[0].inside.size / coarse[0].inside.size
    sizes = [_log_total(coarse, counts, theta * step) - theta * m for theta in grid]
    best = int(np.argmin(sizes))
    return None if best == 0 else 0.5 * float(grid[best])


def _coarse(cells: Sequence[Cells]) -> list[Cells]:
    """The same payoffs on 1,024 points, to choose by."""
    step = max(cells[0].inside.size // 1024, 1)
    return [Cells(c.at_zero, c.inside.reshape(-1, step).sum(axis=1), c.above) for c in cells]


def _chernoff(cells: Sequence[Cells], counts: Sequence[Count], theta: float, m: int) -> float:
    coarse = _coarse(cells)
    step = cells[0].inside.size / coarse[0].inside.size
    return math.exp(min(_log_total(coarse, counts, theta * step) - theta * m, 0.0))


class Spectrum(NamedTuple):
    """Fourier coefficients of the tilted total, rounded up and down, and a bound of their errors."""

    up: Complexes
    down: Complexes
    error: float  # root mean square over the coefficients
    log_scale: float  # log of what they were divided by


def _spectrum(cells: Sequence[Cells], counts: Sequence[Count], n: int, theta: float) -> Spectrum:
    turn = np.exp(theta - 2j * math.pi / n * np.arange(n // 2 + 1))
    up, down = np.ones(n // 2 + 1, dtype=np.complex128), np.ones(n // 2 + 1, dtype=np.complex128)
    lost, scale, unit = np.zeros(n // 2 + 1), 0.0, 4.0 * _EPS * math.log2(n)
    for c, count in zip(cells, counts, strict=True):
        weights = c.inside * np.exp(theta * np.arange(c.inside.size))
        shape = np.fft.rfft(weights, n)
        size = c.at_zero + float(weights.sum()) * math.exp(max(theta, 0.0))
        for total, z in ((up, c.at_zero + turn * shape), (down, c.at_zero + shape)):
            lost += unit * size * count.slope(z)  # of both, more than each one's
            total *= count.power(z, size)
        scale += float(_log_pgf(count, np.array([1.0 - size])).real[0])
    each = np.maximum(np.abs(up), np.abs(down)) * (lost + unit)
    return Spectrum(up, down, float(np.sqrt(np.mean(each**2))), scale)


def _beyond(
    cells: Sequence[Cells], counts: Sequence[Count], m: int, theta: float, first: int, exact: bool
) -> tuple[float, float]:
    """Bounds of the probability that no payoff exceeds the lattice and the total reaches ``first``, tilted upwards."""
    n = _WRAP * m
    found = _spectrum(cells, counts, n, theta)
    weight = np.exp(-theta * np.arange(float(n - first)))
    back = math.exp(found.log_scale - theta * first)  # what one unit of tilted mass there is worth
    up = float(np.fft.irfft(found.up, n)[first:] @ weight)
    down = up if exact else float(np.fft.irfft(found.down, n)[first:] @ weight)
    rounding = found.error * math.sqrt(1.0 / -math.expm1(-2.0 * theta))
    slack = 2.0 * (rounding + _wrapped(cells, counts, theta, n, found.log_scale))
    return max(down - slack, 0.0) * back, (up + slack) * back


def _wrapped(cells: Sequence[Cells], counts: Sequence[Count], theta: float, n: int, log_scale: float) -> float:
    """Chernoff's bound of the tilted probability of n steps and more."""
    steeper = theta * np.array([1.25, 1.5, 2.0, 2.5, 3.0, 4.0])
    coarse = _coarse(cells)  # rounded up further, and so a bound
    step = n // _WRAP // coarse[0].inside.size
    sizes = [_log_total(coarse, counts, float(t) * step) - log_scale - (float(t) - theta) * n for t in steeper]
    return math.exp(min(min(sizes), 0.0))


def _below(cells: Sequence[Cells], counts: Sequence[Count], m: int, first: int, exact: bool) -> tuple[float, float]:
    """Bounds of the probability that the total stays below ``first``, tilted downwards, so that little wraps round."""
    n = _WRAP * m
    theta = -_DAMPING / n
    found = _spectrum(cells, counts, n, theta)
    weight = np.exp(-theta * np.arange(float(first)))
    back = math.exp(found.log_scale)
    low = float(np.fft.irfft(found.up, n)[:first] @ weight) * back  # rounded up there is less below
    high = low if exact else float(np.fft.irfft(found.down, n)[:first] @ weight) * back
    slack = 2.0 * found.error * float(np.sqrt(np.sum(weight**2))) * back
    return low - slack - math.exp(-_DAMPING), high + slack
