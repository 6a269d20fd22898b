"""A law that is another one under the name by which it was asked for."""

from typing import Any

from ..kernels import params
from . import _numeric
from ._shape import Floats
from .base import Payoff


class Alias(Payoff):
    """Answers everything by ``_law``."""

    __slots__ = ()
    _law: Payoff

    @property
    def support(self) -> tuple[float, float]:
        """The smallest interval that holds every payoff."""
        return self._law.support

    @property
    def tail_index(self) -> float:
        """Inf: lighter than any power, else that of what is left of the law's upper tail."""
        return self._law.tail_index

    @property
    def left_tail_index(self) -> float:
        """Inf: lighter than any power, else that of what is left of the law's lower tail."""
        return self._law.left_tail_index

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """(value, probability) of every payoff that has a probability of its own."""
        return self._law.atoms

    def _within(self, low: float, high: float) -> Payoff | None:
        return self._law._within(low, high)

    def _corners(self) -> Floats:
        return self._law._corners()

    def _points(self, depth: int = _numeric.DEEPEST) -> Floats:
        return self._law._points(depth)

    def _point_mass(self, x: Floats) -> Floats:
        return self._law._point_mass(x)

    def _params(self, factor: float = 1.0) -> params.Params | None:
        return self._law._params(factor)

    def _kernel(self, factor: float = 1.0) -> params.Params | None:
        return self._law._kernel(factor)

    def _sf(self, x: Floats) -> Floats:
        return self._law._sf(x)

    def _cdf(self, x: Floats) -> Floats:
        return self._law._cdf(x)

    def _isf(self, p: Floats) -> Floats:
        return self._law._isf(p)

    def _ppf(self, q: Floats) -> Floats:
        return self._law._ppf(q)

    def _draw(self, v: Floats, stream: Any) -> Floats:
        return self._law._draw(v, stream)

    def _logpdf(self, x: Floats) -> Floats:
        return self._law._logpdf(x)

    def _mean(self) -> float:
        return self._law._mean()

    def _var(self) -> float:
        return self._law._var()

    def _partial_mean(self, u: Floats) -> Floats:
        return self._law._partial_mean(u)

    def _mean_excess(self, u: Floats) -> Floats:
        return self._law._mean_excess(u)

    def _gini(self) -> float:
        return self._law._gini()

    def _top_share(self, p: Floats) -> Floats:
        return self._law._top_share(p)

    def _lorenz(self, p: Floats) -> Floats:
        return self._law._lorenz(p)
