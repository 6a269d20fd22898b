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
from .ensemble import Ensemble
from .frechet import Frechet
from .lognormal import LogNormal
from .mixture import Mixture, _piece
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

    def draw(self, v: Floats, lane: Lanes | None, stream: Any) -> Floats:
        """Payoffs of independent draws; ``stream`` has further uniforms for the positions of v."""

    def p_zero(self) -> Floats:
        """Probability of paying exactly zero, one a lane."""


class _Form:
    """A form that draws by its isf."""

    __slots__ = ()

    def draw(self, v: Floats, lane: Lanes | None, stream: Any) -> Floats:
        return self.isf(v, lane)  # type: ignore[attr-defined, no-any-return]


@dataclass(frozen=True, slots=True)
class _Power(_Form):
    """mantissa 2^shift h**exponent for a function h of the exceedance, less the factor where so asked."""

    exponent: Floats
    mantissa: Floats
    shift: Floats
    kind: str  # what is raised: "v", "v-1" (less one afterwards), "-ln v", "-ln(1-v)"

    @classmethod
    def of(cls, exponent: Floats, scale: Floats, kind: str) -> "_Power":
        mantissa, shift = np.frexp(scale)
        return cls(exponent, mantissa, shift.astype(np.float64), kind)

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        from ..kernels import lanes
        from ..kernels.strict import COEFFICIENTS

        how = (_of(self.exponent, lane), _of(self.mantissa, lane), _of(self.shift, lane))
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
        return np.zeros(len(self.exponent))


@dataclass(frozen=True, slots=True)
class _ExpNormal(_Form):
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
class _Linear(_Form):
    """high - width * v; a constant has no width."""

    high: Floats
    width: Floats

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        return _of(self.high, lane) - _of(self.width, lane) * v

    def p_zero(self) -> Floats:
        return np.where((self.width == 0.0) & (self.high == 0.0), 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Zeros(_Form):
    """Zero where v > q, else the base at v / q."""

    base: LaneLaw
    q: Floats

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        x = np.zeros_like(v)
        at, share, lane = self._survivors(v, lane)
        x[at] = self.base.isf(share, lane)
        return x

    def draw(self, v: Floats, lane: Lanes | None, stream: Any) -> Floats:
        x = np.zeros_like(v)
        at, share, lane = self._survivors(v, lane)
        x[at] = self.base.draw(share, lane, stream.take(at))
        return x

    def _survivors(self, v: Floats, lane: Lanes | None) -> tuple[Lanes, Floats, Lanes]:
        """Positions that do not pay zero, exceedances of the base there, and their lanes."""
        q = _of(self.q, lane)
        at = np.flatnonzero(v <= q)
        return at, np.minimum(v[at] / q[at], 1.0), at if lane is None else lane[at]

    def p_zero(self) -> Floats:
        return (1.0 - self.q) + self.q * self.base.p_zero()


@dataclass(frozen=True, slots=True)
class _Moved(_Form):
    """factor * base + shift for factors above 0."""

    base: LaneLaw
    factor: Floats
    shift: Floats

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        return _of(self.factor, lane) * self.base.isf(v, lane) + _of(self.shift, lane)

    def draw(self, v: Floats, lane: Lanes | None, stream: Any) -> Floats:
        return _of(self.factor, lane) * self.base.draw(v, lane, stream) + _of(self.shift, lane)

    def p_zero(self) -> Floats:
        return np.where(self.shift == 0.0, self.base.p_zero(), 0.0)


@dataclass(frozen=True, slots=True)
class _Mixed(_Form):
    """One of several laws: drawn as a mixture draws, by splitting the exceedance; its isf has no form."""

    parts: list[LaneLaw]
    edges: list[float]
    each: "_Each"

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        return self.each.isf(v, lane)

    def draw(self, v: Floats, lane: Lanes | None, stream: Any) -> Floats:
        x, below = np.empty_like(v), 0.0
        for part, edge in zip(self.parts, self.edges, strict=True):
            at = np.flatnonzero((v > below) & (v <= edge))
            if at.size:
                piece = _piece(v, at, below, edge, stream)
                x[at] = part.draw(piece, at if lane is None else lane[at], stream.take(at))
            below = edge
        return x

    def p_zero(self) -> Floats:
        weights = np.diff(self.edges, prepend=0.0)
        return np.asarray(sum(w * part.p_zero() for w, part in zip(weights, self.parts, strict=True)))


@dataclass(frozen=True, slots=True)
class _Each(_Form):
    """Any law: one object a lane, made where it is asked. Correct, and a hundred times slower or more."""

    law: Uncertain
    values: tuple[Floats, ...]

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        x = np.empty_like(v)
        lane = np.arange(v.size) if lane is None else lane
        order = np.argsort(lane, kind="stable")
        bounds = np.flatnonzero(np.diff(lane[order], prepend=-1, append=len(self.values[0])))
        for start, stop in pairwise(bounds):
            at = order[start:stop]
            x[at] = self._of_lane(lane[at[0]])._isf(np.minimum(v[at], LAST))
        return x

    def _of_lane(self, lane: int) -> Payoff:
        return self.law._at([float(x[lane]) for x in self.values])

    def p_zero(self) -> Floats:
        zero = np.zeros(1)
        return np.array([float(self._of_lane(i)._point_mass(zero)[0]) for i in range(len(self.values[0]))])


def splits(law: LaneLaw) -> bool:
    """Whether draws are not those of the isf: a mixture, or something around one."""
    return isinstance(law, _Mixed) or (isinstance(law, (_Zeros, _Moved)) and splits(law.base))


@dataclass(frozen=True, slots=True, eq=False)
class Members(_Form):
    """A few laws, one of them a lane, each asked once for all its lanes in as many rows as there are."""

    laws: tuple[Payoff, ...]
    number: Lanes
    kernels: list[Any]

    @classmethod
    def of(cls, laws: tuple[Payoff, ...], number: Lanes) -> "Members":
        """With what the compiled core knows of each law."""
        return cls(laws, number, [law._kernel() for law in laws])

    def isf(self, v: Floats, lane: Lanes | None) -> Floats:
        """As promised; without lanes v may hold several rows of them."""
        if lane is None:
            rows = v.reshape(-1, self.number.size)
            return self._asked(rows.T, self.number).T.reshape(-1)
        return self._asked(v, self.number[lane])

    def _asked(self, v: Floats, number: Lanes) -> Floats:
        """Payoffs at v, whose first axis runs along the lanes."""
        from ..kernels import api

        x = np.empty(v.shape)
        order = np.argsort(number, kind="stable")
        bounds = np.searchsorted(number[order], np.arange(len(self.laws) + 1))
        for law, kernel, (start, stop) in zip(self.laws, self.kernels, pairwise(bounds), strict=True):
            at = order[start:stop]
            if not at.size:
                continue
            part = v[at].reshape(-1)
            found = law._isf(np.minimum(part, LAST)) if kernel is None else api.isf(kernel, part)
            x[at] = found.reshape(-1, *v.shape[1:])
        return x

    def p_zero(self) -> Floats:
        """One a lane."""
        zero = np.zeros(1)
        return np.array([float(law._point_mass(zero)[0]) for law in self.laws])[self.number]


_FORMS: dict[type[Payoff], Callable[..., LaneLaw]] = {
    Pareto: lambda a, scale: _Power.of(-1.0 / a, scale, "v"),
    Lomax: lambda a, scale: _Power.of(-1.0 / a, scale, "v-1"),
    Weibull: lambda shape, scale: _Power.of(1.0 / shape, scale, "-ln v"),
    Exponential: lambda scale: _Power.of(np.ones_like(scale), scale, "-ln v"),
    Frechet: lambda a, scale: _Power.of(-1.0 / a, scale, "-ln(1-v)"),
    LogNormal: _ExpNormal,
    Uniform: lambda low, high: _Linear(high, high - low),
    Constant: lambda value: _Linear(value, np.zeros_like(value)),
    ZeroInflated: lambda base, p_zero: _Zeros(base, 1.0 - p_zero),
    Affine: _Moved,
}


def lane_law(law: Uncertain, values: Sequence[Floats]) -> LaneLaw:
    """An uncertain law at parameters (leaves, lanes)."""
    if law.family is Mixture and (mixed := _mixed(law, values)) is not None:
        return mixed
    return _form(law, iter(values), len(values[0])) or _Each(law, tuple(values))


def _mixed(law: Uncertain, values: Sequence[Floats]) -> LaneLaw | None:
    """The form of a mixture; None where a component has none."""
    components, weights = law.arguments
    left = iter(values)
    forms = [_form(part, left, len(values[0])) for part in components]
    parts = [(form, w) for form, w in zip(forms, weights, strict=True) if w > 0.0]
    if any(form is None for form, _ in parts):
        return None
    edges = (np.cumsum([w for _, w in parts]) / sum(w for _, w in parts)).tolist()
    return _Mixed([form for form, _ in parts if form is not None], [*edges[:-1], 1.0], _Each(law, tuple(values)))


def _form(law: Payoff, left: Iterator[Floats], n: int) -> LaneLaw | None:
    """The form of a law whose arguments are arrays of n lanes; None where it has none."""
    uncertain = isinstance(law, Uncertain)
    family = law.family if isinstance(law, Uncertain) else type(law)
    if isinstance(law, Ensemble):
        return Members.of(law.laws, next(left).astype(np.intp))
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
