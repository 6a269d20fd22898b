"""factor * law + shift."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _check
from ..kernels import params
from . import _numeric
from ._probabilities import LAST
from ._shape import Floats, put
from .base import Payoff, atoms_at_corners, check_law


@dataclass(frozen=True, slots=True)
class Affine(Payoff):
    """factor * base + shift, as ``2 * law + 1`` makes it.

    A negative factor turns the law round: it draws factor times the base at the same exceedance,
    so that the heavy side keeps its depth; ``isf`` stays decreasing.

    Parameters
    ----------
    base : Payoff
        Any law.
    factor : float
        Finite, not 0.
    shift : float
        In money; finite.

    Raises
    ------
    ArgumentError
        ``base`` is no law, ``factor`` is 0, or a number is not finite.

    Examples
    --------
    >>> from tailsim.payoffs import Pareto
    >>> law = 2 * Pareto(1.5) + 1
    >>> law
    Affine(base=Pareto(tail_index=1.5, scale=1.0), factor=2.0, shift=1.0)
    >>> law.mean(), law.sf(9.0), round(law.gini(), 6)
    (7.0, 0.125, 0.428571)
    >>> (5 - law).support
    (-inf, 2.0)
    """

    base: Payoff
    factor: float = 1.0
    shift: float = 0.0

    def __post_init__(self) -> None:
        check_law("base", self.base)
        factor = _check.real("factor", self.factor)
        shift = _check.real("shift", self.shift)
        if factor == 0.0:
            raise _check.refuse("factor", "a finite number other than 0", factor, f"use Constant({shift!r})")
        put(self, factor=factor, shift=shift)

    def _forth(self, x: Floats) -> Floats:
        """factor * x + shift."""
        with np.errstate(all="ignore"):
            return self.factor * x + self.shift

    def _back(self, x: Floats) -> Floats:
        """The base's payoff behind x, on the same side of the base's corners as x is of their images."""
        with np.errstate(all="ignore"):
            z = (x - self.shift) / self.factor
        corners = self.base._corners()
        if corners.size == 0:
            return z
        images = self._forth(corners)
        sign = math.copysign(1.0, self.factor)
        at = np.searchsorted(sign * images, sign * x, side="left")
        lower = np.append(-np.inf, np.nextafter(corners, np.inf))[at]
        upper = np.append(np.nextafter(corners, -np.inf), np.inf)[at]
        hit = np.minimum(at, corners.size - 1)
        return np.where(images[hit] == x, corners[hit], np.clip(z, lower, upper))

    @property
    def support(self) -> tuple[float, float]:
        """The base's, moved."""
        low, high = sorted(self._forth(np.array(self.base.support)))
        return float(low), float(high)

    @property
    def tail_index(self) -> float:
        """The base's on the side that ends up above."""
        return self.base.tail_index if self.factor > 0.0 else self.base.left_tail_index

    @property
    def left_tail_index(self) -> float:
        """The base's on the side that ends up below."""
        return self.base.left_tail_index if self.factor > 0.0 else self.base.tail_index

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The base's, moved."""
        return atoms_at_corners(self)

    def _corners(self) -> Floats:
        return np.sort(self._forth(self.base._corners()))

    def _point_mass(self, x: Floats) -> Floats:
        return self.base._point_mass(self._back(x))

    def _points(self, depth: int = _numeric.DEEPEST) -> Floats:
        points = self._forth(self.base._points(depth))
        return np.unique(points[np.isfinite(points)])

    def _params(self, factor: float = 1.0) -> params.Params | None:
        total = factor * self.factor
        plain = self.shift == 0.0 and 0.0 < total < math.inf
        return self.base._params(total) if plain else None

    def _kernel(self, factor: float = 1.0) -> params.Params | None:
        if (plain := self._params(factor)) is not None:
            return plain
        base = self.base._kernel() if self.factor > 0.0 else None  # turned round, isf is another map than draw
        if base is None or not 0.0 < factor < math.inf:
            return None
        own = params.Moved(self.factor, self.shift, base)
        return own if factor == 1.0 else params.Moved(factor, 0.0, own)

    def _below(self, z: Floats) -> Floats:
        """P(base < z)."""
        return np.maximum(self.base._cdf(z) - self.base._point_mass(z), 0.0)

    def _sf(self, x: Floats) -> Floats:
        z = self._back(x)
        return self.base._sf(z) if self.factor > 0.0 else self._below(z)

    def _cdf(self, x: Floats) -> Floats:
        z = self._back(x)
        return self.base._cdf(z) if self.factor > 0.0 else self.base._sf(z) + self.base._point_mass(z)

    def _isf(self, p: Floats) -> Floats:
        if self._params() is not None:
            return Payoff._isf(self, p)
        if self.factor > 0.0:
            return self._forth(self.base._isf(p))
        return self._forth(self.base._ppf(self._past(p, 1.0)))

    def _ppf(self, q: Floats) -> Floats:
        return self._forth(self.base._ppf(q) if self.factor > 0.0 else self.base._isf(self._past(q, 0.0)))

    def _past(self, p: Floats, towards: float) -> Floats:
        """The next p, past the place where a base with corners may be flat: turned round, the other end counts."""
        return np.clip(np.nextafter(p, towards), 5e-324, LAST) if self.base._corners().size else p

    def _draw(self, v: Floats, stream: Any) -> Floats:
        if self._params() is not None:
            return Payoff._draw(self, v, stream)
        return self._forth(self.base._draw(v, stream))

    def _logpdf(self, x: Floats) -> Floats:
        return np.asarray(self.base.logpdf(self._back(x))) - math.log(abs(self.factor))

    def _mean(self) -> float:
        return self.factor * self.base.mean() + self.shift

    def _var(self) -> float:
        return self.factor**2 * self.base.var()

    def _partial_mean(self, u: Floats) -> Floats:
        if self.factor < 0.0:
            return _numeric.partial_mean(self, u)
        z = self._back(u)
        return np.asarray(self.factor * self.base.partial_mean(z) + self.shift * self.base._sf(z))

    def _mean_excess(self, u: Floats) -> Floats:
        if self.factor < 0.0:
            return Payoff._mean_excess(self, u)
        return self.factor * self.base._mean_excess(self._back(u))

    def _gini(self) -> float:
        if self.base.support[0] < 0.0:
            return _numeric.gini(self)
        inner = self.base.mean()
        return self.base._gini() * abs(self.factor) * inner / self.mean() if inner > 0.0 else 0.0
