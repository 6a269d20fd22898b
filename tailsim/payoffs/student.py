"""Student's t."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .. import _check
from .._lazy import special
from ..kernels import params
from . import _portable as portable
from . import _quantiles
from ._log_concave import Tail, unit_interval
from ._shape import Floats, put
from .base import Payoff
from .power import power_of_ratio

_LARGE = 1e100  # beyond it x * x may leave the range of doubles


@dataclass(frozen=True, slots=True)
class StudentT(Payoff):
    """Student's t with df degrees of freedom, moved and scaled: both tails have tail index df.

    Draws are the inverse survival function itself, one uniform a payoff: tabulated in 64 cells an octave of the
    exceedance, polynomials of degree 5, and beyond 2**-32 on either side as a power law times a smooth factor. The
    error, relative to abs(x - loc), is at most 1e-13 from df = 1 on, at every exceedance a double can hold, and
    1e-13 / df below. The table is made, once for each df, by arithmetic with the same bits on every processor.

    Parameters
    ----------
    df : float
        Degrees of freedom, from 0.01 to 1e12, not necessarily whole: the tail index. The mean exists above 1, the
        variance is finite above 2.
    loc : float
        The centre, in money.
    scale : float
        In money, above 0; the standard deviation is scale * sqrt(df / (df - 2)).

    Raises
    ------
    ArgumentError
        ``df`` is not within 0.01 and 1e12, ``loc`` not finite, or ``scale`` not a finite number above 0.

    References
    ----------
    Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), chapter 28.

    Examples
    --------
    >>> law = StudentT(df=1.5)
    >>> round(law.isf(2.0**-10), 9), law.isf(0.5), law.tail_index, law.left_tail_index
    (53.016400825, 0.0, 1.5, 1.5)
    """

    df: float
    loc: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        rule = "a number of degrees of freedom from 0.01 to 1e12"
        df = _check.real("df", self.df, rule, low=0.01, high=1e12, instead="beyond 1e12 it is a normal law")
        put(self, df=df, loc=_check.real("loc", self.loc), scale=_check.positive("scale", self.scale))

    @property
    def support(self) -> tuple[float, float]:
        """(-inf, inf)."""
        return -math.inf, math.inf

    @property
    def tail_index(self) -> float:
        """The degrees of freedom."""
        return self.df

    @property
    def left_tail_index(self) -> float:
        """The degrees of freedom."""
        return self.df

    def _params(self, factor: float = 1.0) -> params.Params | None:
        return _quantiles.moved(_standard(self.df).up, self.loc, self.scale, factor)

    def _z(self, x: Floats) -> Floats:
        return (x - self.loc) / self.scale

    def _ppf(self, q: Floats) -> Floats:
        return _quantiles.evaluated(_standard(self.df).down, self.loc, self.scale, q)

    def _sf(self, x: Floats) -> Floats:
        return _upper(self.df, self._z(x))

    def _cdf(self, x: Floats) -> Floats:
        return _upper(self.df, -self._z(x))

    def _logpdf(self, x: Floats) -> Floats:
        z = np.abs(self._z(x))
        df = self.df
        square = np.where(z < _LARGE, np.minimum(z, _LARGE) ** 2 / df, 0.0)
        log_kernel = np.where(z < _LARGE, np.log1p(square), 2.0 * np.log(np.maximum(z, 1.0)) - math.log(df))
        constant = float(special.betaln(0.5 * df, 0.5)) + 0.5 * math.log(df) + math.log(self.scale)
        return -constant - 0.5 * (df + 1.0) * log_kernel

    def _mean(self) -> float:
        return self.loc

    def _var(self) -> float:
        return self.scale**2 * self.df / (self.df - 2.0)

    def _partial_mean(self, u: Floats) -> Floats:
        z = self._z(u)
        df = self.df
        # E[T; T > z] = density(z) (df + z^2) / (df - 1)
        log_root = np.where(np.abs(z) < _LARGE, 0.5 * np.log1p(np.minimum(np.abs(z), _LARGE) ** 2 / df), 0.0)
        log_root = np.where(np.abs(z) < _LARGE, log_root, np.log(np.maximum(np.abs(z), 1.0)) - 0.5 * math.log(df))
        front = math.sqrt(df) / (df - 1.0) * math.exp(-float(special.betaln(0.5 * df, 0.5)))
        return self.loc * self._sf(u) + self.scale * front * np.exp((1.0 - df) * log_root)


def _upper(df: float, z: Floats) -> Floats:
    """P(T > z)."""
    size = np.abs(z)
    near = np.minimum(size, _LARGE)
    square = near * near
    half = 0.5 * np.where(
        square < 0.25,
        1.0 - special.betainc(0.5, 0.5 * df, square / (df + square)),
        special.betainc(0.5 * df, 0.5, df / (df + square)),
    )
    with np.errstate(all="ignore"):
        far = power_of_ratio(math.sqrt(df), size, df) / (df * float(special.beta(0.5 * df, 0.5)))
    tail = np.where(size < _LARGE, half, far)
    return np.where(z < 0.0, 1.0 - tail, tail)


@lru_cache(maxsize=64)
def _standard(df: float) -> _quantiles.Built:
    """The tables of Student's t, loc 0, scale 1."""
    return _quantiles.build(_Ratio(df), None, m0=1.0, m1=-2.0, slopes=(1.0 / df, 1.0 / df))


def _log_cosh(y: Floats) -> Floats:
    """log cosh y for y >= 0, relative also near 0."""
    small = np.minimum(y, 1.0)
    half = portable.expm1(0.5 * small)
    half_sinh = 0.5 * (half + half / (half + 1.0))
    near = portable.log1p(2.0 * half_sinh * half_sinh)
    return np.where(y < 1.0, near, y - portable.LN2 + portable.log1p(portable.exp(-2.0 * y)))


class _Ratio:
    """log2 of x / (1 - 2 u) at depths -log2 u, where the density of y = asinh(x / sqrt(df)) is cosh(y)**-df."""

    def __init__(self, df: float) -> None:
        self._df = df
        self._tail = Tail(self._h, lambda y, w: self._h(y + w) - self._h(y))
        self._nodes, _, self._weights = unit_interval()
        zero = np.zeros(1)
        self._half = self._tail.beyond(zero, self._scale(zero))  # half of the whole integral

    def _h(self, y: Floats) -> Floats:
        return self._df * _log_cosh(y)

    def _scale(self, y: Floats) -> Floats:
        e = portable.exp(-2.0 * y)
        return 1.0 / (self._df * (1.0 - e) / (1.0 + e) + min(math.sqrt(self._df), self._df))

    def _body(self, centred: Floats) -> Floats:
        """y with P(0 < Y < y) = centred, below 1/4."""
        goal = 2.0 * centred * self._half
        y = goal.copy()
        for _ in range(40):
            inside = portable.total(portable.exp(-self._h(self._nodes * y)) * self._weights) * y
            step = (goal - inside) * portable.exp(self._h(y))
            y = y + step
            if np.all(np.abs(step) <= 1e-15 * y):
                break
        return y

    def __call__(self, depth: Floats) -> Floats:
        u = portable.exp(-portable.LN2 * depth)
        middle = depth < 2.0
        y = np.empty_like(depth)
        y[middle] = self._body(0.5 - u[middle])
        log_mass = portable.ln(2.0 * self._half) - portable.LN2 * depth[~middle]
        start = np.full(log_mass.size, 0.0) + 1.0 / math.sqrt(self._df)
        y[~middle] = self._tail.root(log_mass, start, self._scale)
        log_x = y - portable.LN2 + portable.ln(-portable.expm1(-2.0 * y)) + 0.5 * portable.ln(np.array([self._df]))
        return (log_x - portable.ln(1.0 - 2.0 * u)) / portable.LN2
