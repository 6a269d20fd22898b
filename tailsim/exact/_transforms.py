"""Laplace transforms in closed form: laws as weighted, shifted and scaled members of a few families."""

import math
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from .._lazy import special
from ..payoffs import (
    Affine,
    Constant,
    Exponential,
    Gamma,
    GeneralizedPareto,
    LogNormal,
    Lomax,
    Mixture,
    Pareto,
    Payoff,
    Stable,
    Weibull,
    ZeroInflated,
)
from ._analytic import AnalyticFamily, NormalLog, StretchedLog
from ._expint import Complexes, Floats, gap_on_cut, scaled_expint

_LEAST_SHAPE = 0.12  # of Weibull laws, and sigma of lognormal ones: below, rotated integrals lose their digits
_LEAST_SIGMA, _MOST_SIGMA = 0.2, 6.0


class Family(Protocol):
    """A law on x >= 0 whose transform L is analytic off the negative axis and tends to 0 there."""

    @property
    def edge(self) -> float:
        """Where the singularities begin, at or below 0."""

    @property
    def power(self) -> float:
        """The power of t with which the jump across the negative axis starts at 0; inf for none or a flat start."""

    def noise(self, turn: float) -> float:
        """By how much errors at s of an angle up to ``turn`` may exceed a few units in the last place."""

    def gap(self, s: Complexes) -> Complexes:
        """1 - L(s), without cancellation at small s."""

    def cut(self, t: Floats) -> tuple[Floats, Floats]:
        """Real part of L(t e^(i pi)), and minus its imaginary part, to full precision."""


@dataclass(frozen=True, slots=True)
class LomaxFamily:
    """sf = (1 + x)**-a, 1 - L(s) = s e^s E_a(s)."""

    a: float
    edge: float = 0.0

    @property
    def power(self) -> float:
        """The tail index."""
        return self.a

    def noise(self, turn: float) -> float:
        """See ``Family``."""
        return 1.0

    def gap(self, s: Complexes) -> Complexes:
        """See ``Family``."""
        return s * scaled_expint(self.a, s)

    def cut(self, t: Floats) -> tuple[Floats, Floats]:
        """See ``Family``."""
        real, imaginary = gap_on_cut(self.a, t)
        return 1.0 - real, imaginary


@dataclass(frozen=True, slots=True)
class GammaFamily:
    """L(s) = (1 + s)**-shape."""

    shape: float
    edge: float = -1.0
    power: float = math.inf

    def noise(self, turn: float) -> float:
        """See ``Family``."""
        return 1.0

    def gap(self, s: Complexes) -> Complexes:
        """See ``Family``."""
        return np.asarray(-special.expm1(-self.shape * special.log1p(s)))

    def cut(self, t: Floats) -> tuple[Floats, Floats]:
        """See ``Family``: none of use, for the singularity at -1 is not integrable."""
        return np.full_like(t, np.nan), np.full_like(t, np.nan)


@dataclass(frozen=True, slots=True)
class HalfWeibullFamily:
    """sf = exp(-sqrt(x)), L(s) = sqrt(pi) z erfcx(z) with z = 1 / (2 sqrt s)."""

    edge: float = 0.0
    power: float = math.inf

    def noise(self, turn: float) -> float:
        """See ``Family``."""
        return 1.0 if turn >= math.pi else 2000.0

    def gap(self, s: Complexes) -> Complexes:
        """See ``Family``."""
        z = 0.5 / np.sqrt(s)
        direct = 1.0 - math.sqrt(math.pi) * z * special.wofz(1j * z)
        inverse = 1.0 / (2.0 * z * z)
        term, total = inverse, inverse
        for k in range(2, 14):  # asymptotic series of erfcx
            term = -term * (2 * k - 1) * inverse
            total = total + term
        return np.asarray(np.where(np.abs(z) > 8.0, total, direct))

    def cut(self, t: Floats) -> tuple[Floats, Floats]:
        """See ``Family``."""
        y = 0.5 / np.sqrt(t)
        return np.asarray(2.0 * y * special.dawsn(y)), math.sqrt(math.pi) * y * np.exp(-y * y)


@dataclass(frozen=True, slots=True)
class StableFamily:
    """L(s) = exp(-s**a), 0 < a < 1: the stable laws on the positive axis; a = 1/2 is Levy's."""

    a: float
    edge: float = 0.0

    @property
    def power(self) -> float:
        """The tail index."""
        return self.a

    def noise(self, turn: float) -> float:
        """See ``Family``."""
        return 1.0

    def gap(self, s: Complexes) -> Complexes:
        """See ``Family``."""
        return np.asarray(-special.expm1(-(s**self.a)))

    def cut(self, t: Floats) -> tuple[Floats, Floats]:
        """See ``Family``."""
        size = t**self.a
        return (
            np.exp(-size * float(special.cosdg(180.0 * self.a))) * np.cos(size * math.sin(math.pi * self.a)),
            np.exp(-size * float(special.cosdg(180.0 * self.a))) * np.sin(size * math.sin(math.pi * self.a)),
        )


@dataclass(frozen=True, slots=True)
class Term:
    """With probability ``weight``: ``shift`` + ``scale`` times a member of ``family``, or ``shift`` alone."""

    weight: float
    shift: float
    family: Family | None = None
    scale: float = 1.0

    @property
    def edge(self) -> float:
        """Where the singularities of the transform begin."""
        return -math.inf if self.family is None else self.family.edge / self.scale


def terms_of(law: Payoff) -> list[Term] | None:
    """The law as such terms, or None where its transform has no closed form here."""
    if isinstance(law, ZeroInflated):
        inner = terms_of(law.base) if law.p_zero < 1.0 else []
        return None if inner is None else _merged([Term(law.p_zero, 0.0), *_weighted(inner, 1.0 - law.p_zero)])
    if isinstance(law, Mixture):
        found: list[Term] = []
        for component, weight in zip(law.components, law.weights, strict=True):
            inner = terms_of(component) if weight > 0.0 else []
            if inner is None:
                return None
            found += _weighted(inner, weight)
        return _merged(found)
    if isinstance(law, Affine):
        inner = terms_of(law.base) if law.factor > 0.0 else None
        return None if inner is None else [_moved(term, law.factor, law.shift) for term in inner]
    return _plain(law)


def _plain(law: Any) -> list[Term] | None:
    """A law that is one term."""
    if isinstance(law, Constant):
        return [Term(1.0, law.value)]
    if isinstance(law, Lomax):
        return [Term(1.0, 0.0, LomaxFamily(law.tail_index), law.scale)]
    if isinstance(law, Pareto):
        return [Term(1.0, law.scale, LomaxFamily(law.tail_index), law.scale)]
    if isinstance(law, GeneralizedPareto) and math.isinf(law.support[1]):
        if math.isinf(law.tail_index):
            return [Term(1.0, law.threshold, GammaFamily(1.0), law.scale)]
        return [Term(1.0, law.threshold, LomaxFamily(law.tail_index), law.scale / law.xi)]
    if isinstance(law, Exponential):
        return [Term(1.0, 0.0, GammaFamily(1.0), law.scale)]
    if isinstance(law, Gamma):
        return [Term(1.0, 0.0, GammaFamily(law.shape), law.scale)]
    if isinstance(law, Weibull) and law.shape in (0.5, 1.0):
        return [Term(1.0, 0.0, HalfWeibullFamily() if law.shape == 0.5 else GammaFamily(1.0), law.scale)]
    if isinstance(law, Stable) and law.stability < 1.0 == law.beta:
        turned = math.cos(0.5 * math.pi * law.stability)  # from S1 to exp(-(scale s)**stability)
        return [Term(1.0, law.loc, StableFamily(law.stability), law.scale * turned ** (-1.0 / law.stability))]
    if isinstance(law, Weibull) and _LEAST_SHAPE <= law.shape < 1.0:
        return [Term(1.0, 0.0, AnalyticFamily(StretchedLog(law.shape)), law.scale)]
    if isinstance(law, LogNormal) and _LEAST_SIGMA <= law.sigma <= _MOST_SIGMA and abs(law.mu) < 600.0:
        return [Term(1.0, 0.0, AnalyticFamily(NormalLog(law.sigma)), math.exp(law.mu))]
    return None


def _weighted(terms: list[Term], weight: float) -> list[Term]:
    return [replace(term, weight=term.weight * weight) for term in terms]


def _moved(term: Term, factor: float, shift: float) -> Term:
    return replace(term, shift=factor * term.shift + shift, scale=factor * term.scale)


def _merged(terms: list[Term]) -> list[Term]:
    """Terms of weight above 0, like atoms joined."""
    atoms: dict[float, float] = {}
    rest = []
    for term in terms:
        if term.family is None:
            atoms[term.shift] = atoms.get(term.shift, 0.0) + term.weight
        else:
            rest.append(term)
    joined = [Term(weight, shift) for shift, weight in atoms.items()]
    return [term for term in [*joined, *rest] if term.weight > 0.0]
