"""Stable laws."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .. import _check
from .._lazy import special
from ..kernels import params
from . import _portable as portable
from . import _quantiles, student
from ._shape import Floats, put
from ._tabulated import FromTable
from ._zolotarev import Half
from .base import Payoff
from .normal import Normal

_LN2 = portable.LN2
_DEEP = 900.0  # octaves; beyond it a heavy tail is its power law to the last bit
_V0 = 0.375  # where the ratio of a law of stability 1 is centred
_ROOT2 = math.sqrt(2.0)


@dataclass(frozen=True, slots=True)
class Stable(FromTable):
    """A stable law in the S1 parametrisation, which is scipy's default: sums of many bets with heavy tails tend to it.

    The characteristic function of (X - loc) / scale is exp(-abs(t)**a (1 - i beta sign(t) tan(pi a / 2))), a the
    stability; for a = 1 that of (X - loc) is exp(-scale abs(t) (1 + i beta (2 / pi) sign(t) log abs(t))).

    Draws are the inverse survival function itself, one uniform a payoff, from a table. The error, relative to
    abs(x - loc) and in units of the scale where that is smaller, is at most 3e-13 for stability from 0.5 on, at every
    exceedance a double can hold. Below 0.35 it grows for payoffs next to loc: to 1e-4 of them at 0.2, and of no use
    there at 0.1, while the outer quarters keep 1e-12 down to exceedance 2**-32. Where beta is not 0 and the stability
    close to 1 but not 1, S1 puts the body near beta tan(pi a / 2), and the error is relative to that. The table is made
    once for each pair of stability and beta, in a fraction of a second, by arithmetic with the same bits on every
    processor; sf, cdf and density invert it.

    Parameters
    ----------
    stability : float
        In (0, 2], from 0.1: the tail index, but for 2, the normal law with standard deviation scale * sqrt(2).
    beta : float
        Skewness in [-1, 1]; at 1 the left tail, at -1 the right one is lighter than any power.
    loc : float
        In money; the mean where the stability is above 1.
    scale : float
        In money, above 0.

    Raises
    ------
    ArgumentError
        A parameter is outside its range.

    References
    ----------
    Nolan, Univariate Stable Distributions (2020), definition 1.4 and theorem 1.2 (tails);
    Samorodnitsky and Taqqu, Stable Non-Gaussian Random Processes (1994), property 1.2.15.

    Examples
    --------
    >>> levy = Stable(stability=0.5, beta=1.0)
    >>> round(levy.isf(0.5), 6), levy.tail_index, levy.left_tail_index
    (2.198109, 0.5, inf)
    >>> round(Stable(1.5).isf(2.0**-10), 6)
    34.863471
    """

    stability: float
    beta: float = 0.0
    loc: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        rule = "a stability in (0, 2], no smaller than 0.1"
        put(
            self,
            stability=_check.real("stability", self.stability, rule, low=0.1, high=2.0),
            beta=_check.real("beta", self.beta, "a skewness between -1 and 1", low=-1.0, high=1.0),
            loc=_check.real("loc", self.loc),
            scale=_check.positive("scale", self.scale),
        )

    @property
    def support(self) -> tuple[float, float]:
        """The line, but a half of it where stability < 1 and beta is 1 or -1."""
        half = self.stability < 1.0 and abs(self.beta) == 1.0
        return self.loc if half and self.beta > 0 else -math.inf, self.loc if half and self.beta < 0 else math.inf

    @property
    def tail_index(self) -> float:
        """The stability; inf for 2 and for beta = -1."""
        return math.inf if self.stability == 2.0 or self.beta == -1.0 else self.stability

    @property
    def left_tail_index(self) -> float:
        """The stability; inf for 2 and for beta = 1."""
        return math.inf if self.stability == 2.0 or self.beta == 1.0 else self.stability

    def _built(self) -> _quantiles.Built:
        return _standard(self.stability, 0.0 if self.stability == 2.0 else self.beta)

    def _place(self) -> tuple[float, float]:
        if self.stability != 1.0 or self.beta == 0.0:
            return self.loc, self.scale
        log_scale = float(portable.ln(np.array([self.scale]))[0])
        return self.loc + self.beta * self.scale * log_scale / (0.5 * portable.PI), self.scale

    def _params(self, factor: float = 1.0) -> params.Params | None:
        if self.stability < 2.0:
            return FromTable._params(self, factor)
        return Normal(self.loc, self.scale * _ROOT2)._params(factor)

    def _isf(self, p: Floats) -> Floats:
        return FromTable._isf(self, p) if self.stability < 2.0 else Payoff._isf(self, p)

    def _ppf(self, q: Floats) -> Floats:
        return FromTable._ppf(self, q) if self.stability < 2.0 else 2.0 * self.loc - Payoff._isf(self, q)

    def _logpdf(self, x: Floats) -> Floats:
        if self.stability < 2.0:
            return FromTable._logpdf(self, x)
        return -0.25 * self._standard(x) ** 2 - math.log(2.0 * math.sqrt(math.pi) * self.scale)

    def _sf(self, x: Floats) -> Floats:
        if self.stability == 2.0:
            return np.asarray(special.ndtr(-self._standard(x) / _ROOT2))
        return FromTable._sf(self, x)

    def _cdf(self, x: Floats) -> Floats:
        if self.stability == 2.0:
            return np.asarray(special.ndtr(self._standard(x) / _ROOT2))
        return FromTable._cdf(self, x)

    def _mean(self) -> float:
        return self.loc

    def _var(self) -> float:
        return 2.0 * self.scale**2


@lru_cache(maxsize=64)
def _standard(stability: float, beta: float) -> _quantiles.Built:
    """The tables of the law with loc 0 and scale 1."""
    if stability == 1.0 and beta == 0.0:
        return student._standard(1.0)
    if stability == 1.0:
        return _of_stability_one(beta)
    slopes = (0.0 if beta == -1.0 else 1.0 / stability, 0.0 if beta == 1.0 else 1.0 / stability)
    if stability < 1.0 and abs(beta) == 1.0:
        half = Half(stability, 1.0)
        above, below = (lambda d: _one_sided(half, d, True)), (lambda d: _one_sided(half, d, False))
        first, second = (above, below) if beta > 0.0 else (below, above)
        return _quantiles.build(first, second, m0=beta, m1=0.0, slopes=slopes)
    right, left = Half(stability, beta), Half(stability, -beta)
    p = 0.5 if beta == 0.0 else right.p_above
    lower = None if beta == 0.0 else _Side(left, right, 1.0 - p)
    return _quantiles.build(_Side(right, left, p), lower, m0=p, m1=-1.0, slopes=slopes)


def _one_sided(half: Half, depth: Floats, above: bool) -> Floats:
    """log2 of x where P(X > x) or P(X <= x) is 2**-depth, for a law on the positive half."""
    d = np.minimum(depth, _DEEP) if above else depth
    log_u = -_LN2 * d
    rest = portable.log1p(-portable.exp(log_u))
    root = half.root(log_u, rest) if above else half.root(rest, log_u)
    return root / _LN2 + (depth - d) / half.a


class _Side:
    """log2 of abs(x) / abs(p - u) where P(X > x) = u = 2**-depth, p = P(X > 0)."""

    def __init__(self, right: Half, left: Half, p: float) -> None:
        self._right, self._left, self._p = right, left, p

    def __call__(self, depth: Floats) -> Floats:
        heavy = not self._right.light and self._right.a < 2.0
        d = np.minimum(depth, _DEEP) if heavy else depth
        u = portable.exp(-_LN2 * d)
        gap = self._p - u
        log_gap = portable.ln(np.abs(gap))
        root = np.empty_like(d)
        here = gap > 0.0
        if here.any():
            root[here] = self._right.root(-_LN2 * d[here], log_gap[here])
        if not here.all():
            root[~here] = self._left.root(portable.log1p(-u[~here]), log_gap[~here])
        return (root - log_gap) / _LN2 + (depth - d) / self._right.a


def _of_stability_one(beta: float) -> _quantiles.Built:
    """Stability 1 and beta other than 0: one integral over the whole line, turned round for a negative beta."""
    whole = Half(1.0, abs(beta))
    start = portable.ln(np.array([_V0, 1.0 - _V0]))
    centre = float(whole.root(start[:1], start[1:])[0])

    def above(depth: Floats) -> Floats:
        return _from_centre(whole, depth, centre, True)

    def below(depth: Floats) -> Floats:
        return _from_centre(whole, depth, centre, False)

    heavy, light = 1.0, 0.0 if abs(beta) == 1.0 else 1.0
    built = _quantiles.build(above, below, m0=_V0, m1=-1.0, slopes=(heavy, light), centre=centre)
    return built if beta > 0.0 else built.turned()


def _from_centre(whole: Half, depth: Floats, centre: float, above: bool) -> Floats:
    """log2 of abs(x - centre) / abs(v - 3/8), v = u above and 1 - u below."""
    d = np.minimum(depth, _DEEP) if above or not whole.light else depth
    log_u = -_LN2 * d
    u = portable.exp(log_u)
    rest = portable.log1p(-u)
    x = whole.root(log_u, rest) if above else whole.root(rest, log_u)
    gap = u - _V0 if above else (1.0 - _V0) - u
    return (portable.ln(np.abs(x - centre)) - portable.ln(np.abs(gap))) / _LN2 + (depth - d)
