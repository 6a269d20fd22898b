"""Uncertain laws at many parameters at once: payoffs of lanes that each have parameters of their own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ._probabilities import LAST
from ._shape import Floats
from .affine import Affine
from .base import Payoff
from .frechet import Frechet
from .lognormal import LogNormal
from .power import Lomax, Pareto
from .simple import Constant, Uniform
from .uncertain import Uncertain
from .weibull import Exponential, Weibull
from .zero_inflated import ZeroInflated

Lanes = NDArray[np.intp]


def _of(x: Floats, lane: Lanes | None) -> Floats:
    """The values of the given lanes."""
    return x if lane is None else x[lane]


class LaneLaw(Protocol):
    """A law with one value a lane in the place of each uncertain parameter."""

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        """Payoffs at exceedances v in (0, 1] of the given lanes; None for one each, in order."""

    def p_zero(self) -> Floats:
        """Probability of paying exactly zero, one a lane."""


@dataclass(frozen=True, slots=True)
class _Power:
    """scale * h**exponent for a function h of the exceedance, less ``scale`` where so asked."""

    exponent: Floats
    scale: Floats
    kind: str  # what is raised: "v", "v-1" (less one afterwards), "-ln v", "-ln(1-v)"

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        from ..kernels import lanes
        from ..kernels.strict import COEFFICIENTS

        mantissa, shift = np.frexp(self.scale)
        how = (_of(self.exponent, lane), _of(mantissa, lane), _of(shift.astype(np.float64), lane))
        x = np.empty_like(v)
        if self.kind == "v-1":
            lanes.powers_minus_one(v, *how, x, COEFFICIENTS)
            return x
        base = v
        if self.kind != "v":
            base = np.empty_like(v)
            lanes.hazards(v, base, self.kind == "-ln v", COEFFICIENTS)
        lanes.powers(base, *how, x, COEFFICIENTS)
        return x

    def p_zero(self) -> Floats:
        return np.zeros(len(self.scale))


@dataclass(frozen=True, slots=True)
class _ExpNormal:
    mu: Floats
    sigma: Floats

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        from ..kernels import lanes
        from ..kernels.strict import COEFFICIENTS

        x = np.empty_like(v)
        lanes.exp_normals(v, _of(self.mu, lane), _of(self.sigma, lane), x, COEFFICIENTS)
        return x

    def p_zero(self) -> Floats:
        return np.zeros(len(self.mu))


@dataclass(frozen=True, slots=True)
class _Linear:
    """high - width * v; a constant has no width."""

    high: Floats
    width: Floats

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        return _of(self.high, lane) - _of(self.width, lane) * v

    def p_zero(self) -> Floats:
        return np.where((self.width == 0.0) & (self.high == 0.0), 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Zeros:
    """Zero where v > q, else the base at v / q."""

    base: LaneLaw
    q: Floats

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        q = _of(self.q, lane)
        at = np.flatnonzero(v <= q)
        x = np.zeros_like(v)
        x[at] = self.base.isf(np.minimum(v[at] / q[at], 1.0), at if lane is None else lane[at])
        return x

    def p_zero(self) -> Floats:
        return (1.0 - self.q) + self.q * self.base.p_zero()


@dataclass(frozen=True, slots=True)
class _Moved:
    """factor * base + shift for factors above 0."""

    base: LaneLaw
    factor: Floats
    shift: Floats

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        return _of(self.factor, lane) * self.base.isf(v, lane) + _of(self.shift, lane)

    def p_zero(self) -> Floats:
        return np.where(self.shift == 0.0, self.base.p_zero(), 0.0)


@dataclass(frozen=True, slots=True)
class _Each:
    """Any law: one object a lane, asked one by one. Correct, and about a hundred times slower."""

    laws: list[Payoff]

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        x = np.empty_like(v)
        lane = np.arange(v.size) if lane is None else lane
        order = np.argsort(lane, kind="stable")
        bounds = np.flatnonzero(np.diff(lane[order], prepend=-1, append=len(self.laws)))
        for start, stop in pairwise(bounds):
            at = order[start:stop]
            x[at] = self.laws[lane[at[0]]]._isf(np.minimum(v[at], LAST))
        return x

    def p_zero(self) -> Floats:
        zero = np.zeros(1)
        return np.array([float(law._point_mass(zero)[0]) for law in self.laws])


_FORMS: dict[type[Payoff], Callable[..., LaneLaw]] = {
    Pareto: lambda a, scale: _Power(-1.0 / a, scale, "v"),
    Lomax: lambda a, scale: _Power(-1.0 / a, scale, "v-1"),
    Weibull: lambda shape, scale: _Power(1.0 / shape, scale, "-ln v"),
    Exponential: lambda scale: _Power(np.ones_like(scale), scale, "-ln v"),
    Frechet: lambda a, scale: _Power(-1.0 / a, scale, "-ln(1-v)"),
    LogNormal: _ExpNormal,
    Uniform: lambda low, high: _Linear(high, high - low),
    Constant: lambda value: _Linear(value, np.zeros_like(value)),
    ZeroInflated: lambda base, p_zero: _Zeros(base, 1.0 - p_zero),
    Affine: _Moved,
}


def lane_law(law: Uncertain, values: Sequence[Floats]) -> LaneLaw:
    """An uncertain law at parameters (leaves, lanes)."""
    left = iter(values)
    form = _form(law, left, len(values[0]))
    if form is not None:
        return form
    return _Each([law._at(point) for point in zip(*(x.tolist() for x in values), strict=True)])


def _form(law: Payoff, left: Iterator[Floats], n: int) -> LaneLaw | None:
    """The form of a law whose arguments are arrays of n lanes; None where it has none."""
    uncertain = isinstance(law, Uncertain)
    family = law.family if isinstance(law, Uncertain) else type(law)
    if family not in _FORMS or _unfit(law):
        return None
    filled: list[Any] = []
    for value, kind in law._kinds() if isinstance(law, Uncertain) else _arguments(law):
        if kind is float:
            filled.append(next(left) if uncertain and isinstance(value, Payoff) else np.full(n, float(value)))
        elif (inner := _form(value, left, n)) is not None:
            filled.append(inner)
        else:
            return None
    return _FORMS[family](*filled)


def _arguments(law: Payoff) -> list[tuple[Any, Any]]:
    """(argument, declared type) of a law that is certain."""
    from .uncertain import _parameters

    return [(getattr(law, name), kind) for name, kind in _parameters(type(law)).items()]


def _unfit(law: Payoff) -> bool:
    """Whether a form would not be the inverse survival function: a law turned round, or zeros beside losses."""
    if isinstance(law, Uncertain):
        family = law.family
        named = dict(zip((name for name in _names(family)), law.arguments, strict=True))
    else:
        family = type(law)
        named = {name: getattr(law, name) for name in _names(family)}
    if family is Affine:
        factor = named["factor"]
        return bool((factor.support[0] if isinstance(factor, Payoff) else factor) <= 0.0)
    return family is ZeroInflated and named["base"].support[0] < 0.0


def _names(family: type[Payoff]) -> list[str]:
    from .uncertain import _parameters

    return list(_parameters(family))
