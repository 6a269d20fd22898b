"""A body of one law and a tail of another."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import _check
from ..errors import ArgumentError
from ..kernels import params
from ._alias import Alias
from ._probabilities import LAST
from ._shape import Floats, put
from .base import Payoff, check_law, merged
from .mixture import Mixture


@dataclass(frozen=True, slots=True)
class Spliced(Alias):
    """A payoff of ``body`` up to the threshold, or with probability ``p_tail`` one of ``tail`` beyond it.

    The body is conditioned on paying at most the threshold, the tail on paying more, so that
    P(X > threshold) = p_tail and P(X > x) = p_tail * tail.sf(x) / tail.sf(threshold) from there on. The density may
    jump at the threshold.

    Parameters
    ----------
    body, tail : Payoff
        Any two laws.
    threshold : float
        In money; ``body`` pays at most that, and ``tail`` more, with a probability above 2**-1022.
    p_tail : float
        In [0, 1].

    Raises
    ------
    ArgumentError
        A part is no law, ``p_tail`` no probability, or a part pays nothing on its side of the threshold.

    Notes
    -----
    Draws at exceedance v are the tail's at v / p_tail, else the body's at (v - p_tail) / (1 - p_tail): the tail is
    reached to full depth. What is left of a law beyond a threshold is described at ``Truncated``.

    References
    ----------
    Klugman, Panjer and Willmot, Loss Models (4th edition, 2012), section 5.2.6.

    Examples
    --------
    >>> from tailsim.payoffs import LogNormal, Pareto
    >>> law = Spliced(LogNormal(0, 1), Pareto(1.5), threshold=5.0, p_tail=0.04)
    >>> round(law.sf(5.0), 12), round(law.sf(20.0), 12), round(law.isf(0.005), 9), law.tail_index
    (0.04, 0.005, 20.0, 1.5)
    """

    body: Payoff
    tail: Payoff
    threshold: float
    p_tail: float
    _law: Mixture = field(init=False, repr=False, compare=False)  # the tail's part, then the body's

    def __post_init__(self) -> None:
        check_law("body", self.body)
        check_law("tail", self.tail)
        t = _check.real("threshold", self.threshold)
        p = _check.probability("p_tail", self.p_tail)
        atom = float(self.tail._point_mass(np.array([t]))[0]) > 0.0
        upper = self.tail._within(float(np.nextafter(t, np.inf)) if atom else t, math.inf)
        lower = self.body._within(-math.inf, t)
        if lower is None:
            raise _side("body", self.body, "at least 2**-1022 of paying at most", t)
        if upper is None:
            raise _side("tail", self.tail, "at least 2**-1022 of paying more than", t)
        put(self, threshold=t, p_tail=p, _law=Mixture((upper, lower), (p, 1.0 - p)))

    @property
    def _upper(self) -> Payoff:
        return self._law.components[0]

    @property
    def _lower(self) -> Payoff:
        return self._law.components[1]

    def _only(self) -> Payoff | None:
        """The part that is always drawn."""
        return self._law._only()

    def _corners(self) -> Floats:
        edge = np.array([self.threshold] if self._only() is None else [])
        return merged(self._law._corners(), edge)

    def _within(self, low: float, high: float) -> Payoff | None:
        return Payoff._within(self, low, high)

    def _params(self, factor: float = 1.0) -> params.Params | None:
        if (only := self._only()) is not None:
            return only._params(factor)
        upper, lower = self._upper._kernel(factor), self._lower._kernel(factor)
        return None if upper is None or lower is None else params.Split(self.p_tail, upper, lower)

    _kernel = _params

    def _isf(self, p: Floats) -> Floats:
        if (only := self._only()) is not None:
            return only._isf(p)
        if self._params() is not None:
            return Payoff._isf(self, p)
        q = 1.0 - self.p_tail
        x = np.empty_like(p)
        up = p < self.p_tail
        x[up] = self._upper._isf(np.minimum(p[up] / self.p_tail, LAST))
        x[~up] = self._lower._isf(np.clip((p[~up] - self.p_tail) / q, 5e-324, LAST))
        return self._lower_ends(p, x)

    def _ppf(self, q: Floats) -> Floats:
        if (only := self._only()) is not None:
            return only._ppf(q)
        share = 1.0 - self.p_tail
        x = np.empty_like(q)
        body, tail = (q < 0.5) & (q <= share), (q < 0.5) & (q > share)
        x[body] = self._lower._ppf(np.minimum(q[body] / share, LAST))
        x[tail] = self._upper._ppf(np.clip((q[tail] - share) / self.p_tail, 5e-324, LAST))
        x[q >= 0.5] = self._isf(1.0 - q[q >= 0.5])
        return self._earliest(q, x)

    def _draw(self, v: Floats, stream: Any) -> Floats:
        if (only := self._only()) is not None:
            return only._draw(v, stream)
        if self._params() is not None:
            return Payoff._draw(self, v, stream)
        flat = v.reshape(-1)
        x = np.empty_like(flat)
        up, down = np.flatnonzero(flat <= self.p_tail), np.flatnonzero(flat > self.p_tail)
        x[up] = self._upper._draw(flat[up] / self.p_tail, stream.take(up))
        x[down] = self._lower._draw((flat[down] - self.p_tail) / (1.0 - self.p_tail), stream.take(down))
        return x.reshape(v.shape)

    def _logpdf(self, x: Floats) -> Floats:
        if (only := self._only()) is not None:
            return only._logpdf(x)
        tail = np.asarray(self._upper.logpdf(x)) + math.log(self.p_tail)
        return np.where(x > self.threshold, tail, np.asarray(self._lower.logpdf(x)) + math.log1p(-self.p_tail))

    _top_share = Payoff._top_share
    _lorenz = Payoff._lorenz


def _side(name: str, law: Payoff, rule: str, threshold: float) -> ArgumentError:
    """The error for a part that pays nothing on its side of the threshold."""
    low, high = law.support
    return ArgumentError(
        f"{name} must have a probability of {rule} the threshold {threshold!r}, got {_check.shown(law)}, which pays "
        f"from {low!r} to {high!r}."
    )
