"""The metalog: a law through any quantiles that a person can name."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .. import _check
from ..errors import ArgumentError
from . import _numeric
from ._shape import Floats, put
from .base import Payoff

_TINY = 5e-324
_MOST_TERMS = 16


@dataclass(frozen=True, slots=True)
class Metalog(Payoff):
    """The metalog law: a quantile function that is linear in its coefficients.

    With y = P(X <= x) and L = ln(y / (1 - y)) it is M(y) = a1 + a2 L + a3 (y - 1/2) L + a4 (y - 1/2) +
    a5 (y - 1/2)^2 + a6 (y - 1/2)^2 L + ...; the payoff is M without bounds, low + exp(M) above a
    bound, high - exp(-M) below one, and between two of them low + (high - low) / (1 + exp(-M)).

    Parameters
    ----------
    coefficients : sequence of float
        a1, a2, ...: 2 to 16 of them, with which M increases.
    low, high : float, optional
        Bounds of the payoff, in money. With ``low`` alone the tail is a power: its index is one over the
        coefficient of L at y = 1. Without it both tails are exponential.

    Raises
    ------
    ArgumentError
        If M does not increase everywhere, or the bounds are not in order.

    Notes
    -----
    Draws are NumPy's arithmetic on exceedances of any depth, not the strict kernels': the last bit may depend on
    the processor. ``sf`` inverts the quantile function by bisection to the last bit.

    References
    ----------
    Keelin 2016, The metalog distributions, Decision Analysis 13(4), equations 6 and 7 (the terms), 11 and 14
    (bounds).

    Examples
    --------
    >>> import tailsim as ts
    >>> law = ts.Metalog((0.0, 0.5), low=0)
    >>> law.tail_index, round(law.median(), 12), round(law.sf(10.0), 6)
    (2.0, 1.0, 0.009901)
    """

    coefficients: Sequence[float]
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        rule = f"2 to {_MOST_TERMS} finite coefficients"
        a = _check.numbers("coefficients", self.coefficients, rule, min_size=2)
        if a.size > _MOST_TERMS:
            raise _check.refuse("coefficients", rule, f"{a.size} of them")
        low, high = (None if end is None else _check.real(name, end) for name, end in self._ends())
        if low is not None and high is not None and not low < high:
            raise _check.refuse("low", f"below high = {high}", low)
        put(self, coefficients=tuple(a.tolist()), low=low, high=high)
        if (where := self._falls_at()) is not None:
            raise ArgumentError(
                f"coefficients must make the quantile function increase, got one that falls near the {where:.3g} "
                "quantile; use fewer quantiles, or smoother ones."
            )

    def _ends(self) -> tuple[tuple[str, float | None], tuple[str, float | None]]:
        return ("low", self.low), ("high", self.high)

    @property
    def support(self) -> tuple[float, float]:
        """The bounds."""
        return (-np.inf if self.low is None else self.low, np.inf if self.high is None else self.high)

    @property
    def tail_index(self) -> float:
        """One over the coefficient of L at the high end, where only the low end is bounded."""
        return self._index(0.5) if self.low is not None and self.high is None else np.inf

    @property
    def left_tail_index(self) -> float:
        """The same at the low end, where only the high end is bounded."""
        return self._index(-0.5) if self.low is None and self.high is not None else np.inf

    def _index(self, centre: float) -> float:
        _, with_l = _terms(np.array([centre]), len(self.coefficients))
        growth = float((self._split()[1] @ with_l)[0])
        return 1.0 / growth if growth > 0.0 else np.inf

    def _falls_at(self) -> float | None:
        """A quantile at which M falls, or None."""
        y = np.concatenate([2.0 ** -np.arange(1000.0, 7.0, -1.0), np.linspace(1 / 128, 0.5, 400)])
        slopes = self._slope(y, 1.0 - y), self._slope(1.0 - y, y)
        for slope, at in zip(slopes, (y, 1.0 - y), strict=True):
            if not (slope > 0.0).all():
                return float(at[np.argmin(slope)])
        return None

    def _slope(self, y: Floats, v: Floats) -> Floats:
        """y v dM/dy, finite at both ends."""
        with_l, d_plain, d_with_l = _derivatives(_centre(y, v), len(self.coefficients))
        a, b = self._split()
        product = y * v
        return b @ with_l + product * (a @ d_plain + _logit(y, v) * (b @ d_with_l))

    def _split(self) -> tuple[Floats, Floats]:
        """Coefficients of the terms without and with L."""
        terms = list(enumerate(self.coefficients, 1))
        return np.array([a for k, a in terms if not _with_l(k)]), np.array([a for k, a in terms if _with_l(k)])

    def _m(self, y: Floats, v: Floats) -> Floats:
        plain, with_l = _terms(_centre(y, v), len(self.coefficients))
        a, b = self._split()
        return a @ plain + _logit(y, v) * (b @ with_l)

    def _payoff(self, m: Floats) -> Floats:
        if self.low is None:
            return m if self.high is None else self.high - np.exp(-m)
        if self.high is None:
            return self.low + np.exp(m)
        return self.low + (self.high - self.low) / (1.0 + np.exp(-m))

    def _isf(self, p: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return self._payoff(self._m(1.0 - p, p))

    def _ppf(self, q: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return self._payoff(self._m(q, 1.0 - q))

    def _sf(self, x: Floats) -> Floats:
        return self._halves(x)[0]

    def _cdf(self, x: Floats) -> Floats:
        return self._halves(x)[1]

    def _halves(self, x: Floats) -> tuple[Floats, Floats]:
        """sf and cdf: the smaller one by inverting the quantile function, the other as its complement."""
        upper = x >= self._isf(np.array([0.5]))[0]
        p = np.empty_like(x)
        for side, quantile, y in ((upper, self._isf, x), (~upper, lambda q: -self._ppf(q), -x)):
            at = y[side]
            p[side] = _numeric.inverse(quantile, at, np.full_like(at, _TINY), np.full_like(at, 0.75))
        low, high = self.support
        p[(x >= high) | (x <= low)] = 0.0
        return np.where(upper, p, 1.0 - p), np.where(upper, 1.0 - p, p)

    def _logpdf(self, x: Floats) -> Floats:
        v, y = self._sf(x), self._cdf(x)
        with np.errstate(all="ignore"):
            log = np.log(y) + np.log(v) - np.log(self._slope(y, v))
            if self.low is not None:
                log = log - np.log(x - self.low)
            if self.high is not None:
                log = log - np.log(self.high - x)
            if self.low is not None and self.high is not None:
                log = log + np.log(self.high - self.low)
        return np.where((v > 0.0) & (y > 0.0), log, -np.inf)


def _with_l(k: int) -> bool:
    """Whether the k-th term, counted from 1, has the factor L."""
    return k in (2, 3) or (k > 4 and k % 2 == 0)


def _power_of(k: int) -> int:
    """The power of y - 1/2 in the k-th term."""
    return (0, 0, 1, 1)[k - 1] if k <= 4 else (k - 1) // 2 if k % 2 else k // 2 - 1


def _powers(n: int) -> tuple[list[int], list[int]]:
    """Powers of y - 1/2 in the terms without and with L."""
    terms = range(1, n + 1)
    return [_power_of(k) for k in terms if not _with_l(k)], [_power_of(k) for k in terms if _with_l(k)]


def _terms(centre: Floats, n: int) -> tuple[Floats, Floats]:
    """Values of the n terms (L apart), shapes (terms, size)."""
    plain, with_l = _powers(n)
    return np.array([centre**j for j in plain]), np.array([centre**j for j in with_l])


def _derivatives(centre: Floats, n: int) -> tuple[Floats, Floats, Floats]:
    """Values of the terms with L, and the derivatives in y of those without and with it (L apart)."""
    plain, with_l = (np.array([j * centre ** max(j - 1, 0) for j in powers]) for powers in _powers(n))
    return _terms(centre, n)[1], plain, with_l


def _centre(y: Floats, v: Floats) -> Floats:
    """y - 1/2, from the smaller of y and v = 1 - y."""
    return np.where(y < v, y - 0.5, 0.5 - v)


def _logit(y: Floats, v: Floats) -> Floats:
    """ln(y / v), accurate at both ends where y + v = 1 and the smaller one is exact."""
    small = np.minimum(y, v)
    size = np.log1p(-small) - np.log(small)
    return np.where(y < v, -size, size)


def through(y: Floats, x: Floats, low: float | None, high: float | None) -> Metalog:
    """The metalog with as many terms as quantiles, through all of them."""
    m = x
    if low is not None and high is not None:
        m = np.log((x - low) / (high - x))
    elif low is not None:
        m = np.log(x - low)
    elif high is not None:
        m = -np.log(high - x)
    plain, with_l = _terms(y - 0.5, y.size)
    rows = np.empty((y.size, y.size))
    rows[[k - 1 for k in range(1, y.size + 1) if not _with_l(k)]] = plain
    rows[[k - 1 for k in range(1, y.size + 1) if _with_l(k)]] = with_l * _logit(y, 1.0 - y)
    return Metalog(np.linalg.solve(rows.T, m).tolist(), low, high)
