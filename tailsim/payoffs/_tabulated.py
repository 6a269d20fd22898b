"""What a law has whose quantiles are a table: probabilities and density from the same table that draws."""

import math

import numpy as np

from ..kernels import params
from . import _numeric, _quantiles
from ._shape import Floats
from .base import Payoff

_STEPS = np.array([1.0, 2.0, 3.0, 4.0])
_SLOPES = np.array([4 / 5, -1 / 5, 4 / 105, -1 / 280])  # central difference of order 8
_STEP = 2.0**-6


class FromTable(Payoff):
    """A law with a table of quantiles, moved by loc and scale; sf, cdf and density invert the table."""

    __slots__ = ()

    def _built(self) -> _quantiles.Built:
        """The tables of the standard law."""
        raise NotImplementedError

    def _place(self) -> tuple[float, float]:
        """(loc, scale) of the table in the law."""
        raise NotImplementedError

    def _params(self, factor: float = 1.0) -> params.Params | None:
        return _quantiles.moved(self._built().up, *self._place(), factor)

    def _isf(self, p: Floats) -> Floats:
        return _quantiles.evaluated(self._built().up, *self._place(), p)

    def _ppf(self, q: Floats) -> Floats:
        return _quantiles.evaluated(self._built().down, *self._place(), q)

    def _standard(self, x: Floats) -> Floats:
        loc, scale = self._place()
        with np.errstate(all="ignore"):
            return (x - loc) / scale

    def _sf(self, x: Floats) -> Floats:
        return _mass(self._built(), self._standard(x), upper=True)

    def _cdf(self, x: Floats) -> Floats:
        return _mass(self._built(), self._standard(x), upper=False)

    def _logpdf(self, x: Floats) -> Floats:
        """By a central difference of order 8 of the quantile in log u, with u the smaller of sf and cdf."""
        sf, cdf = self._sf(x), self._cdf(x)
        out = np.full_like(x, -np.inf)
        built = self._built()
        scale = self._place()[1]
        step = _STEP / (1.0 + float(np.max(built.up.slope)))
        for table, u, here in ((built.up, sf, sf <= 0.5), (built.down, cdf, sf > 0.5)):
            here = here & (u > 0.0)
            p = u[here]
            slope = np.zeros_like(p)
            for k, weight in zip(_STEPS, _SLOPES, strict=True):
                for sign in (1.0, -1.0):
                    slope += sign * weight * _quantiles.evaluated(table, 0.0, 1.0, p * math.exp(sign * k * step))
            with np.errstate(all="ignore"):
                out[here] = np.log(p) + math.log(step) - np.log(np.abs(slope)) - math.log(scale)
        return np.where(np.isnan(out), -np.inf, out)


def _mass(built: _quantiles.Built, z: Floats, *, upper: bool) -> Floats:
    """P(Z > z), or P(Z <= z), by bisection on the table of the side that z lies on."""
    middle = float(_quantiles.evaluated(built.up, 0.0, 1.0, np.array([0.5]))[0])
    out = np.empty_like(z)
    right = z >= middle
    for here, table, turned, own in ((right, built.up, 1.0, upper), (~right, built.down, -1.0, not upper)):
        y = z[here] * turned
        tail = _numeric.inverse(_Falling(table, turned), y, np.zeros_like(y), np.full_like(y, 0.5))
        out[here] = tail if own else 1.0 - tail
    return out


class _Falling:
    """The quantile of one side as a function of the exceedance, turned so that it falls; 0 is beyond the smallest."""

    def __init__(self, table: params.Table | params.LogTable, turned: float) -> None:
        self._table, self._turned = table, turned

    def __call__(self, p: Floats) -> Floats:
        x = _quantiles.evaluated(self._table, 0.0, 1.0, np.maximum(p, 5e-324)) * self._turned
        return np.where(p == 0.0, np.nextafter(x, np.inf), x)
