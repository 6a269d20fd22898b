"""The transform of a total, cut into pieces that can be inverted around the negative axis."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .._lazy import special
from ..payoffs import Payoff
from ._analytic import AnalyticFamily
from ._counts import Count, Fixed, Geometric
from ._expint import Complexes, Floats
from ._transforms import GammaFamily, Term, terms_of

_DROPPED = 1e-30  # probability of the numbers of shifted bets that are left out, in all
_CLEAR = 0.02  # how far, relative to x, a total must lie beyond all shifts together to be inverted in one piece
_MOST_PIECES = 20_000

Exponents = tuple[Complexes, Complexes]


@dataclass(frozen=True, slots=True)
class Kind:
    """Bets alike: how many, and the terms of their law, lowest shift 0."""

    count: Count
    terms: tuple[Term, ...]

    @property
    def edge(self) -> float:
        """Where the singularities begin."""
        return max(term.edge for term in self.terms)

    @property
    def reach(self) -> float:
        """The largest sum of shifts."""
        top = max(term.shift for term in self.terms)
        return 0.0 if top == 0.0 else self.count.most * top

    def split(self) -> tuple[float, tuple[Term, ...], tuple[Term, ...]] | None:
        """(the one shift above 0, terms without it, terms with it), or None where shifts are several."""
        shifts = {term.shift for term in self.terms} - {0.0}
        if len(shifts) > 1:
            return None
        plain = tuple(term for term in self.terms if term.shift == 0.0)
        moved = tuple(term for term in self.terms if term.shift != 0.0)
        return (shifts.pop() if shifts else 0.0), plain, moved


@dataclass(frozen=True, slots=True)
class Pieces:
    """P(total <= x) as the sum over j of mass_j P(rest_j <= y_j); the log transform of rest_j is a + j b.

    ``beyond`` is the probability that the shifts alone exceed x, ``dropped`` what was left out.
    """

    mass: Floats
    j: Floats
    y: Floats
    beyond: float
    dropped: float
    plane: Callable[[Complexes], Exponents]
    cut: Callable[[Floats], Exponents] | None
    edge: float
    power: float
    noise: Callable[[float], float]


def kinds_of(groups: Sequence[tuple[Payoff, Count]]) -> tuple[float, list[Kind]] | None:
    """(sum of the lowest shifts, kinds) of independent groups of bets, or None without closed transforms."""
    low, kinds = 0.0, []
    for law, count in groups:
        terms = terms_of(law)
        if terms is None or (isinstance(count, Geometric) and not _is_monotone(terms)):
            return None
        base = min(term.shift for term in terms) if isinstance(count, Fixed) else 0.0
        if min(term.shift for term in terms) < base:
            return None
        low += base * count.mean if base else 0.0
        moved = (Term(term.weight, term.shift - base, term.family, term.scale) for term in terms)
        kinds.append(Kind(count, tuple(moved)))
    return low, kinds


def _is_monotone(terms: Sequence[Term]) -> bool:
    """Whether the law mixes exponential ones: then 1 - q L(s) has no zeros off the negative axis."""
    families = [term.family for term in terms]
    wide = any(isinstance(family, GammaFamily) and family.shape > 1.0 for family in families)
    return not wide and not any(isinstance(family, AnalyticFamily) for family in families)


def pieces_at(kinds: Sequence[Kind], x: float) -> Pieces | None:
    """What to invert at a total ``x`` > 0 above its lowest value, or None where no rule here fits."""
    reach = math.fsum(kind.reach for kind in kinds)
    if x - reach > _CLEAR * x:
        return _whole(kinds, x)
    split = kinds[0].split() if len(kinds) == 1 else None
    return None if split is None else _by_number(kinds[0], split, x)


def _traits(kinds: Sequence[Kind]) -> tuple[float, float, Callable[[float], float]]:
    """(edge, power, noise) of all families together."""
    families = [term.family for kind in kinds for term in kind.terms if term.family is not None]
    power = min((family.power for family in families), default=math.inf)

    def noise(turn: float) -> float:
        return max((family.noise(turn) for family in families), default=1.0)

    return max(kind.edge for kind in kinds), power, noise


def _whole(kinds: Sequence[Kind], x: float) -> Pieces:
    """The whole transform as one piece: x lies beyond all shifts."""

    def plane(s: Complexes) -> Exponents:
        total = sum(kind.count.log_pgf(_gap(kind.terms, s)) for kind in kinds)
        return np.asarray(total), np.zeros_like(s)

    def cut(t: Floats) -> Exponents:
        total = sum(kind.count.log_pgf(_cut_gap(kind.terms, t)) for kind in kinds)
        return np.asarray(total), np.zeros(t.shape, dtype=np.complex128)

    one, zero = np.ones(1), np.zeros(1)
    return Pieces(one, zero, np.array([x]), 0.0, 0.0, plane, cut if _cuts(kinds) else None, *_traits(kinds))


def _by_number(kind: Kind, split: tuple[float, tuple[Term, ...], tuple[Term, ...]], x: float) -> Pieces | None:
    """One piece for each number of shifted bets whose shifts fit below x."""
    shift, plain, moved = split
    u = math.fsum(term.weight for term in plain)
    v = math.fsum(term.weight for term in moved) / (u + math.fsum(term.weight for term in moved))
    plain, moved = _conditioned(plain), _conditioned(moved)
    if x > 50.0 * _MOST_PIECES * shift:
        return None
    j = np.arange(0.0, min(math.floor(x / shift * (1.0 + 1e-15)), kind.count.most) + 1.0)
    mass, y = kind.count.mass(v, j), x - j * shift
    if v == 1.0 and isinstance(kind.count, Fixed):
        mass = (j == kind.count.n).astype(np.float64)
    y[np.abs(y) <= 4e-16 * x] = 0.0
    kept = mass > _DROPPED / j.size
    if not kept.any() or int(kept.sum()) > _MOST_PIECES:
        return None
    beyond = kind.count.beyond(v, float(j[-1]))
    dropped = float(mass[~kept].sum())

    def plane(s: Complexes) -> Exponents:
        gap_u, gap_v = _gap(plain, s), _gap(moved, s)
        return kind.count.rest(gap_u, v), kind.count.each(gap_u, gap_v, v)

    def cut(t: Floats) -> Exponents:
        gap_u, gap_v = _cut_gap(plain, t), _cut_gap(moved, t)
        return kind.count.rest(gap_u, v), kind.count.each(gap_u, gap_v, v)

    on_cut = cut if _cuts([kind]) else None
    return Pieces(mass[kept], j[kept], y[kept], beyond, dropped, plane, on_cut, *_traits([kind]))


def _conditioned(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The same terms without their shift, weights summing to 1."""
    total = math.fsum(term.weight for term in terms)
    return tuple(Term(term.weight / total, 0.0, term.family, term.scale) for term in terms)


def _gap(terms: Sequence[Term], s: Complexes) -> Complexes:
    """1 - L(s) of a mixture of terms; 0 of none."""
    total = np.zeros_like(s)
    for term in terms:
        gap = np.zeros_like(s) if term.family is None else term.family.gap(term.scale * s)
        if term.shift:
            lag = special.expm1(-term.shift * s)
            gap = gap - lag * (1.0 - gap)
        total = total + term.weight * gap
    return total


def _cuts(kinds: Sequence[Kind]) -> bool:
    """Whether the jump across the negative axis can be integrated: no poles on it, nor so near as to be missed."""
    if any(isinstance(kind.count, Geometric) for kind in kinds):
        return False
    return all(term.family is None or term.edge == 0.0 for kind in kinds for term in kind.terms)


def _cut_gap(terms: Sequence[Term], t: Floats) -> Complexes:
    """1 - L(t e^(i pi)), real and imaginary part each to full precision."""
    gap = np.zeros(t.shape, dtype=np.complex128)
    for term in terms:
        a, b = (np.ones_like(t), np.zeros_like(t)) if term.family is None else term.family.cut(term.scale * t)
        gap.real += term.weight * ((1.0 - a) - np.expm1(term.shift * t) * a)
        gap.imag += term.weight * np.exp(term.shift * t) * b
    return gap
