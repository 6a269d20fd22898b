"""Numerical inversion of a total's transform, with an error bound from two step sizes and the rounding of each term."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from .._lazy import special
from ._expint import Complexes, Floats
from ._pieces import Exponents, Pieces

_EPS = 2.0**-52
_STEP, _HALVINGS = 0.14, 8
_MOST_FIRST = 2000  # nodes at the first step
_DEPTH = 46.0  # exponents below minus this are left out: e**-46 is 1e-20
_GOOD = 1e-11  # relative error at which no other way is tried
_ANGLES = (0.25, 0.36, 0.43)  # how steeply hyperbolas open, in half turns: 0.5 is vertical
_CHUNK = 2_000_000  # complex numbers worked on at a time


class Inverted(NamedTuple):
    """A value and a bound of its absolute error."""

    value: float
    error: float


Nodes = Callable[[Floats], tuple[Floats, Floats]]  # u -> (what is summed, the rounding error of each)


@dataclass(frozen=True, slots=True)
class Hyperbola:
    """s(u) = start + width ((1 - cosh u) cos angle + i sinh u sin angle), around the negative axis."""

    start: float
    width: float
    angle: float

    def at(self, u: Floats) -> tuple[Complexes, Complexes]:
        """(s, ds/du)."""
        c, d = math.cos(self.angle), math.sin(self.angle)
        s = self.start - 2.0 * self.width * c * np.sinh(0.5 * u) ** 2 + 1j * (self.width * d * np.sinh(u))
        return s, self.width * (1j * d * np.cosh(u) - c * np.sinh(u))

    def end(self, y: float) -> float:
        """The u beyond which exp(s y) is negligible."""
        reach = (_DEPTH + max(self.start * y, 0.0)) / (y * self.width * math.cos(self.angle))
        return math.acosh(1.0 + reach)


def tail(pieces: Pieces, order: int = 1, *, at_least: bool = False) -> Inverted:
    """P(total > x) for order 1 (P(total >= x) with ``at_least``), the density for 0, E max(total - x, 0) for 2.

    The way with the smallest error of those tried.
    """
    best = Inverted(math.nan, math.inf)
    with np.errstate(all="ignore"):
        for way in _ways(pieces, order, at_least):
            found = _agreed(way(), best)
            if found.error < best.error and _possible(found, order):
                best = found
            if best.error <= _GOOD * abs(best.value):
                break
    return best


def _agreed(found: Inverted, best: Inverted) -> Inverted:
    """A value that contradicts an earlier one owns up to the difference."""
    apart = abs(found.value - best.value)
    return found if not apart > found.error + best.error else Inverted(found.value, found.error + best.error + apart)


def _possible(found: Inverted, order: int) -> bool:
    """Whether a value can be what was asked for: overgrown integrands may settle on nonsense."""
    high = 1.0 + found.error if order == 1 else math.inf
    return -found.error <= found.value <= high


def shortfall(pieces: Pieces) -> Inverted:
    """E max(x - total, 0), the integral of the distribution function below x."""
    best = Inverted(math.nan, math.inf)
    with np.errstate(all="ignore"):
        for angle in _ANGLES:
            found = _contour(pieces, _generic(pieces, angle), _below_integral)
            if found.error < best.error:
                best = found
            if best.error <= _GOOD * abs(best.value):
                break
    return best


def _ways(pieces: Pieces, order: int, at_least: bool) -> Iterator[Callable[[], Inverted]]:
    exact = _atoms_at_x(pieces, at_least) if order == 1 else Inverted(0.0, 0.0)
    inner = _inside(pieces)
    if inner is None:
        yield lambda: exact
        return
    form, left = _FORMS[order]
    if pieces.edge < 0.0:
        for steep in _ANGLES[1:]:
            yield lambda steep=steep: _plus(_contour(inner, _saddle(inner, steep), left), exact)  # type: ignore[misc]
    if form is not None:
        yield lambda: _plus(_contour(inner, _generic(inner, _ANGLES[0]), form), exact)
    cut = inner.cut
    if cut is not None:
        yield lambda: _plus(_along_cut(inner, cut, order), exact)
    if form is not None:
        yield lambda: _plus(_contour(inner, _generic(inner, _ANGLES[1]), form), exact)
        yield lambda: _plus(_contour(inner, _generic(inner, _ANGLES[2]), form), exact)
    if order == 1:
        yield lambda: _plus(_one_minus(inner, _ANGLES[1]), exact)
        yield lambda: _plus(_one_minus(inner, _ANGLES[2]), exact)


def _plus(a: Inverted, b: Inverted) -> Inverted:
    return Inverted(a.value + b.value, a.error + b.error + _EPS * (abs(a.value) + abs(b.value)))


def _inside(pieces: Pieces) -> Pieces | None:
    """The pieces that do not end exactly at x."""
    inside = pieces.y > 0.0
    if inside.all():
        return pieces
    if not inside.any():
        return None
    return replace(pieces, mass=pieces.mass[inside], j=pieces.j[inside], y=pieces.y[inside])


def _atoms_at_x(pieces: Pieces, at_least: bool) -> Inverted:
    """What exceeds x for sure, and of the piece whose shifts make x exactly all that is not an atom there."""
    value, error = pieces.beyond, 4.0 * _EPS * pieces.beyond + pieces.dropped
    if at_least:
        sure = value + float(pieces.mass[pieces.y == 0.0].sum())
        return Inverted(sure, error + 40.0 * _EPS * sure)
    for mass, j in zip(pieces.mass[pieces.y == 0.0], pieces.j[pieces.y == 0.0], strict=True):
        a, b = pieces.plane(np.array([1e300 + 0j]))  # far out only atoms are left
        atom = float(np.exp((a + j * b).real[0]))
        value += mass * (1.0 - atom)
        error += 40.0 * _EPS * mass
    return Inverted(float(value), float(error))


def _one_minus(pieces: Pieces, angle: float) -> Inverted:
    """All of the probability but P(total <= x), through the saddle right of 0: for x far below the usual totals."""
    top = float(pieces.y.max())
    s = np.geomspace(0.05, 1e7, 400) / top
    start = float(s[np.nanargmin(_log_size(pieces, s) - np.log(s))])
    phi = math.pi * angle
    below = _contour(pieces, Hyperbola(start, 0.9 * start / (1.0 - math.cos(phi)), phi), _below)
    return _plus(Inverted(float(pieces.mass.sum()), 1e-16), Inverted(-below.value, below.error))


def _generic(pieces: Pieces, angle: float) -> Hyperbola:
    """Through 1 / x, right of every singularity."""
    start = 1.0 / float(pieces.y.max())
    phi = math.pi * angle
    return Hyperbola(start, 0.9 * start / (1.0 - math.cos(phi)), phi)


def _saddle(pieces: Pieces, angle: float) -> Hyperbola:
    """Between the first singularity and the pole at 0, where the integrand is smallest."""
    parts = np.linspace(0.0, 1.0, 400)[1:-1]
    grid = np.unique(np.concatenate([parts, np.geomspace(1e-12, 0.1, 200), 1.0 - np.geomspace(1e-12, 0.1, 200)]))
    edge = max(pieces.edge, -1e6 / float(pieces.y.max()))
    s = edge * grid
    size = _log_size(pieces, s) - np.log(-s)
    start = float(s[np.nanargmin(np.where(np.isfinite(size), size, np.nan))])
    phi = math.pi * angle
    width = 0.9 * min((start - edge) / (1.0 - math.cos(phi)), -start / math.cos(phi))
    return Hyperbola(start, width, phi)


def _log_size(pieces: Pieces, s: Floats) -> Floats:
    """log of the sum over pieces of mass exp(s y) L(s), at real s."""
    a, b = pieces.plane(s.astype(np.complex128))
    each = np.log(pieces.mass)[:, None] + pieces.y[:, None] * s + a.real + pieces.j[:, None] * b.real
    outside = np.abs(np.imag(a)) > 1.0  # past a pole the logarithm turns complex
    return np.where(outside, np.nan, np.asarray(special.logsumexp(each, axis=0)))


Form = Callable[[Complexes, Complexes, Complexes], Complexes]


def _upper(s: Complexes, sy: Complexes, log_l: Complexes) -> Complexes:
    """exp(s y) (1 - L) / s."""
    together = np.exp(sy) * -special.expm1(np.where(log_l.real < 1.0, log_l, 0.0))
    return np.asarray(np.where(log_l.real < 1.0, together, np.exp(sy) - np.exp(sy + log_l)) / s)


def _from_saddle(s: Complexes, sy: Complexes, log_l: Complexes) -> Complexes:
    """-exp(s y) L / s, left of the pole."""
    return np.asarray(-np.exp(sy + log_l) / s)


def _below(s: Complexes, sy: Complexes, log_l: Complexes) -> Complexes:
    """exp(s y) L / s, right of the pole."""
    return np.asarray(np.exp(sy + log_l) / s)


def _density(s: Complexes, sy: Complexes, log_l: Complexes) -> Complexes:
    """exp(s y) L."""
    return np.asarray(np.exp(sy + log_l))


def _below_integral(s: Complexes, sy: Complexes, log_l: Complexes) -> Complexes:
    """exp(s y) L / s**2."""
    return np.asarray(np.exp(sy + log_l) / s**2)


_FORMS: tuple[tuple[Form | None, Form], ...] = ((_density, _density), (_upper, _from_saddle), (None, _below_integral))


def _contour(pieces: Pieces, path: Hyperbola, form: Form) -> Inverted:
    unit = pieces.noise(math.pi - path.angle) * _EPS / math.pi

    def nodes(u: Floats) -> tuple[Floats, Floats]:
        s, slope = path.at(u)
        a, b = pieces.plane(s)
        value, error = np.zeros(u.size), np.zeros(u.size)
        for mass, j, y in _chunks(pieces, u.size):
            sy, log_l = y * s, a + j * b
            terms = mass * form(s, sy, log_l)
            size = np.abs(terms * slope) * (8.0 + np.abs(sy) + np.abs(a) + np.abs(j * b))
            value += np.sum(terms * slope, axis=0).imag / math.pi
            error += np.sum(size, axis=0) * unit
        return value, error

    return _trapezoid(nodes, 0.0, path.end(float(pieces.y.min())), half=True)


def _along_cut(pieces: Pieces, cut: Callable[[Floats], Exponents], order: int) -> Inverted:
    """The jump of the transform across the negative axis: no cancellation where one big payoff decides."""
    unit = pieces.noise(math.pi) * _EPS / math.pi

    def nodes(u: Floats) -> tuple[Floats, Floats]:
        t = np.exp(u)
        a, b = cut(t)
        value, error = np.zeros(u.size), np.zeros(u.size)
        for mass, j, y in _chunks(pieces, u.size):
            log_l = a + j * b
            size = mass * np.exp(log_l.real - t * y)
            terms = size * np.sin(-log_l.imag)
            lost = np.abs(terms) * (8.0 + t * y + np.abs(a.real) + np.abs(j * b.real)) + 4.0 * size * np.abs(log_l.imag)
            value += np.sum(terms, axis=0) / math.pi
            error += np.sum(lost, axis=0) * unit
        weight = t ** (1 - order)
        return value * weight, error * weight

    y = float(pieces.y.max())
    low = -math.log(y) - (_DEPTH - 5.0) / min(pieces.power + 1.0 - order, 1.0)
    high = math.log(700.0 / float(pieces.y.min()))
    return _trapezoid(nodes, low, high, half=False)


def _chunks(pieces: Pieces, n: int) -> Iterator[tuple[Floats, Floats, Floats]]:
    """(mass, j, y) as columns, few enough at a time."""
    step = max(1, _CHUNK // max(n, 1))
    for i in range(0, pieces.mass.size, step):
        part = slice(i, i + step)
        yield pieces.mass[part, None], pieces.j[part, None], pieces.y[part, None]


def _trapezoid(nodes: Nodes, low: float, high: float, half: bool) -> Inverted:
    """The integral over u by the trapezoidal rule, its step halved until the value settles.

    The error is the last change (it bounds the error of the coarser rule, whose square the finer one's is,
    for these integrands analytic in a strip), plus rounding, plus what lies beyond the ends.
    """
    n = max(8, math.ceil((high - low) / _STEP))
    step = (high - low) / n
    u = low + step * np.arange(n + 1)
    value, rounding = nodes(u)
    while abs(value[-1]) > 1e-20 * np.abs(value).max() and n < _MOST_FIRST:
        more = u[-1] + step * np.arange(1, 9)
        u, (v, r), n = np.append(u, more), nodes(more), n + 8
        value, rounding = np.append(value, v), np.append(rounding, r)
    if half:
        value[0] *= 0.5
    beyond = abs(float(value[-1])) + (0.0 if half else abs(float(value[0])))
    total, lost, old = float(value.sum()), float(rounding.sum()), math.inf
    for _ in range(_HALVINGS):
        if not abs(step * total - old) > max(1e-13 * abs(step * total), 4.0 * step * lost):
            break
        old = step * total
        u = _middles(u, np.abs(value) + rounding, low, step, n)
        value, rounding = nodes(u)
        total, lost = total + float(value.sum()), lost + float(rounding.sum())
        step, n = 0.5 * step, 2 * n
    result = step * total
    error = 4.0 * (abs(result - old) + step * lost + beyond)
    return Inverted(result, error) if math.isfinite(error) else Inverted(math.nan, math.inf)


def _middles(u: Floats, size: Floats, low: float, step: float, n: int) -> Floats:
    """The midpoints of the grid of n steps, where what was found at the nodes u was not negligible."""
    counts = u[size > 1e-24 * float(size.max())] if np.isfinite(size).all() else u[:0]
    if counts.size == 0:
        return u[:0]
    first = max(math.floor((float(counts[0]) - low) / step) - 3, 0)
    last = min(math.ceil((float(counts[-1]) - low) / step) + 3, n)
    return low + step * (np.arange(first, last) + 0.5)
