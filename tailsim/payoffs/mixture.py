"""One of several laws, chosen by chance."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _check
from ..errors import ArgumentError, ArgumentTypeError
from ..kernels import params
from . import _numeric
from ._shape import Floats, put
from ._window import mass_between
from .base import Payoff, atoms_at_corners, check_law, merged

_FINE = 2.0**-20


@dataclass(frozen=True, slots=True)
class Mixture(Payoff):
    """Component j with probability ``weights[j]``.

    Draws split the exceedance among the components in their order (exact, not monotone); where
    that leaves too few digits for a deep tail a second uniform fills in. ``isf`` is the true
    inverse survival function, found by bisection to the last digit of ``sf``.

    Parameters
    ----------
    components : sequence of Payoff
        At least one law; a fixed payoff is ``Constant(x)``.
    weights : sequence of float
        As many probabilities, summing to 1 within 1e-9 (then divided by their sum). A component
        of weight 0 is never drawn and decides nothing.

    Raises
    ------
    ArgumentError
        A component is no law, or the weights are no probabilities that sum to 1.

    Examples
    --------
    >>> from tailsim.payoffs import Constant, Pareto
    >>> third = 1 / 3
    >>> law = Mixture([Constant(0), Constant(1), Pareto(0.98)], [third, third, third])
    >>> law.mean(), round(law.prob_at_least(1.0), 6), law.median()
    (inf, 0.666667, 1.0)
    """

    components: Sequence[Payoff]
    weights: Sequence[float]

    def __post_init__(self) -> None:
        rule = "a non-empty sequence of payoff laws"
        if not isinstance(self.components, Iterable) or isinstance(self.components, (str, bytes)):
            raise ArgumentTypeError(f"components must be {rule}, got {_check.shown(self.components)}.")
        components = tuple(check_law(f"components[{i}]", law) for i, law in enumerate(self.components))
        if not components:
            raise ArgumentError(f"components must be {rule}, got none.")
        weights = _check.probabilities("weights", self.weights)
        if len(weights) != len(components):
            raise ArgumentError(
                f"weights must be one number for each of the {len(components)} components, got {len(weights)} of them."
            )
        put(self, components=components, weights=tuple(_check.normalised(weights).tolist()))

    def _parts(self) -> list[tuple[Payoff, float]]:
        """The components that can be drawn."""
        return [(law, w) for law, w in zip(self.components, self.weights, strict=True) if w > 0.0]

    def _only(self) -> Payoff | None:
        """The component of weight 1."""
        parts = self._parts()
        return parts[0][0] if len(parts) == 1 else None

    def _sum(self, method: str, x: Floats) -> Floats:
        """The weighted mean of what the components answer: 1 where all answer 1, whatever the weights' last bits."""
        parts = self._parts()
        return np.asarray(sum(w * np.asarray(getattr(law, method)(x)) for law, w in parts) / sum(w for _, w in parts))

    @property
    def support(self) -> tuple[float, float]:
        """The smallest interval that holds those of the components."""
        lows, highs = zip(*(law.support for law, _ in self._parts()), strict=True)
        return min(lows), max(highs)

    @property
    def tail_index(self) -> float:
        """The smallest of the components'."""
        return min(law.tail_index for law, _ in self._parts())

    @property
    def left_tail_index(self) -> float:
        """The smallest of the components'."""
        return min(law.left_tail_index for law, _ in self._parts())

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The components', each value once."""
        return atoms_at_corners(self)

    def _corners(self) -> Floats:
        parts = self._parts()
        ends = [np.array(law.support) for law, _ in parts] if len(parts) > 1 else []
        x = merged(*(law._corners() for law, _ in parts), *ends)
        return x[np.isfinite(x)]

    def _point_mass(self, x: Floats) -> Floats:
        return self._sum("_point_mass", x)

    def _points(self, depth: int = _numeric.DEEPEST) -> Floats:
        return merged(*(law._points(depth) for law, _ in self._parts()))

    def _params(self, factor: float = 1.0) -> params.Params | None:
        only = self._only()
        return None if only is None else only._params(factor)

    def _within(self, low: float, high: float) -> Payoff | None:
        seen = [(law._within(low, high), w * mass_between(law, low, high)) for law, w in self._parts()]
        kept = [(law, w) for law, w in seen if law is not None and w > 0.0]
        total = math.fsum(w for _, w in kept)
        return Mixture([law for law, _ in kept], [w / total for _, w in kept]) if kept else None

    def _sf(self, x: Floats) -> Floats:
        return np.minimum(self._sum("_sf", x), 1.0)

    def _cdf(self, x: Floats) -> Floats:
        return np.minimum(self._sum("_cdf", x), 1.0)

    def _isf(self, p: Floats) -> Floats:
        if (only := self._only()) is not None:
            return only._isf(p)
        each = np.array([law._isf(p) for law, _ in self._parts()])
        return _numeric.inverse(self._sf, p, each.min(axis=0), each.max(axis=0))

    def _ppf(self, q: Floats) -> Floats:
        if (only := self._only()) is not None:
            return only._ppf(q)
        each = np.array([law._ppf(q) for law, _ in self._parts()])
        return _numeric.inverse(lambda x: -self._cdf(x), -q, each.min(axis=0), each.max(axis=0))

    def _draw(self, v: Floats, stream: Any) -> Floats:
        parts = self._parts()
        if len(parts) == 1:
            return parts[0][0]._draw(v, stream)
        flat = v.reshape(-1)
        x = np.empty_like(flat)
        edges = np.cumsum([w for _, w in parts])
        edges[-1] = 1.0
        below = 0.0
        for (law, _), edge in zip(parts, edges.tolist(), strict=True):
            at = np.flatnonzero((flat > below) & (flat <= edge))
            if at.size:
                x[at] = law._draw(_piece(flat, at, below, edge, stream), stream.take(at))
            below = edge
        return x.reshape(v.shape)

    def _logpdf(self, x: Floats) -> Floats:
        logs = [np.asarray(law.logpdf(x)) + math.log(w) for law, w in self._parts()]
        return np.asarray(np.logaddexp.reduce(logs))

    def _mean(self) -> float:
        return math.fsum(w * law.mean() for law, w in self._parts())

    def _var(self) -> float:
        m = self._mean()
        return math.fsum(w * (law.var() + (law.mean() - m) ** 2) for law, w in self._parts())

    def _partial_mean(self, u: Floats) -> Floats:
        return self._sum("partial_mean", u)

    def _mean_excess(self, u: Floats) -> Floats:
        total, mass = np.zeros_like(u), np.zeros_like(u)
        for law, w in self._parts():
            reached = u < law.support[1]
            part = w * law._sf(u[reached])
            total[reached] += part * law._mean_excess(u[reached])
            mass[reached] += part
        return total / mass

    def _gini(self) -> float:
        return _numeric.gini(self) if (only := self._only()) is None else only._gini()


def _piece(flat: Floats, at: Any, below: float, edge: float, stream: Any) -> Floats:
    """Exceedances within one component, for the positions ``at`` whose v lies in (below, edge].

    Beyond the first component the difference to ``below`` is a multiple of about 2**-53: pieces
    small enough to notice, which are equally likely anywhere up to a limit, are drawn anew.
    """
    width = edge - below
    piece: Floats = np.minimum((flat[at] - below) / width, 1.0)
    if below > 0.0:
        limit = min(2.0 ** math.ceil(math.log2(_FINE / width)), 1.0)
        shallow = np.flatnonzero(piece <= limit)
        if shallow.size:
            piece[shallow] = limit * stream.uniform(at[shallow])
    return piece
