"""Laws from the quantiles that people name."""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from .. import _check
from .._lazy import special
from ..errors import ArgumentError, ArgumentTypeError
from ._shape import Floats
from .base import Payoff
from .burr import LogLogistic
from .frechet import Frechet
from .lognormal import LogNormal
from .metalog import Metalog, through
from .normal import Normal
from .power import Lomax, Pareto
from .weibull import Weibull


class _Line(NamedTuple):
    """A family whose quantile (or its logarithm) is intercept + slope * g(q)."""

    g: Callable[[Floats], Floats]
    law: Callable[[float, float], Payoff]
    in_logs: bool = True


_LINES = {
    "lognormal": _Line(lambda q: np.asarray(special.ndtri(q)), LogNormal),
    "pareto": _Line(lambda q: -np.log1p(-q), lambda c, s: Pareto(1.0 / s, math.exp(c))),
    "weibull": _Line(lambda q: np.log(-np.log1p(-q)), lambda c, s: Weibull(1.0 / s, math.exp(c))),
    "frechet": _Line(lambda q: -np.log(-np.log(q)), lambda c, s: Frechet(1.0 / s, math.exp(c))),
    "loglogistic": _Line(lambda q: np.log(q) - np.log1p(-q), lambda c, s: LogLogistic(1.0 / s, math.exp(c))),
    "normal": _Line(lambda q: np.asarray(special.ndtri(q)), Normal, in_logs=False),
}
_FAMILIES = (*_LINES, "lomax", "metalog")


def from_quantiles(
    quantiles: Mapping[float, float],
    family: str | None = None,
    *,
    low: float | None = None,
    high: float | None = None,
    tolerance: float = 0.05,
) -> Payoff:
    """The law with the quantiles that someone named.

    Parameters
    ----------
    quantiles : mapping of float to float
        Payoff by probability of staying at or below it, as ``{0.1: 0.2, 0.5: 1, 0.99: 40}``: at least two,
        both strictly increasing. Failures that pay nothing stay outside: wrap the result in ZeroInflated.
    family : str, optional
        "lognormal", "pareto", "lomax", "weibull", "frechet", "loglogistic", "normal" or "metalog". By default
        lognormal for two positive quantiles, else the metalog, which goes through all of them.
    low, high : float, optional
        Bounds, for the metalog only; by default ``low`` is 0 where all payoffs are above 0.
    tolerance : float
        With more quantiles than the two parameters of a family the fit is by least squares (of logarithms,
        where payoffs are positive) and must meet each quantile this closely, relative to it.

    Returns
    -------
    Payoff
        The law.

    Raises
    ------
    ArgumentError
        If the quantiles are not increasing, the family misses one of them, or no metalog goes through them.

    Examples
    --------
    >>> import tailsim as ts
    >>> law = ts.from_quantiles({0.1: 0.2, 0.5: 1, 0.99: 40})
    >>> law.ppf([0.1, 0.5, 0.99]).round(9).tolist(), round(law.tail_index, 2)
    ([0.2, 1.0, 40.0], 1.24)
    >>> round(ts.from_quantiles({0.05: 0.1, 0.95: 10.0}, family="lognormal").median(), 12)
    1.0
    """
    y, x = _named(quantiles)
    family = _family(family, x)
    tolerance = _check.positive("tolerance", tolerance)
    if family == "metalog":
        floor = 0.0 if low is None and x[0] > 0.0 else low
        return _metalog(y, x, _bound("low", floor, x), _bound("high", high, x))
    if low is not None or high is not None:
        raise _check.refuse("low and high", f"left out with family={family!r}", (low, high), "the metalog takes bounds")
    if family != "normal" and x[0] <= 0.0:
        raise _check.refuse(
            "quantiles", f"payoffs above 0 for the {family} family", float(x[0]), "wrap what is above in ZeroInflated"
        )
    law = _lomax(y, x) if family == "lomax" else _line(_LINES[family], y, x)
    _meets(law, family, y, x, tolerance)
    return law


def _named(quantiles: Any) -> tuple[Floats, Floats]:
    """Probabilities and payoffs, checked."""
    if not isinstance(quantiles, Mapping):
        rule = "a mapping of probabilities to payoffs such as {0.1: 0.2, 0.5: 1, 0.99: 40}"
        raise ArgumentTypeError(f"quantiles must be {rule}, got {_check.shown(quantiles)}.")
    items = sorted(quantiles.items())
    y = _check.numbers("quantiles' probabilities", [q for q, _ in items], min_size=2)
    x = _check.numbers("quantiles' payoffs", [p for _, p in items], min_size=2)
    if y[0] <= 0.0 or y[-1] >= 1.0:
        wrong = y[0] if y[0] <= 0.0 else y[-1]
        raise _check.refuse("quantiles' probabilities", "strictly between 0 and 1", float(wrong), "0.9 is 90 %")
    if not (np.diff(x) > 0.0).all():
        i = int(np.argmin(np.diff(x) > 0.0))
        raise ArgumentError(
            f"quantiles must increase, got {x[i]:g} at {y[i]:g} and {x[i + 1]:g} at {y[i + 1]:g}; payoffs that repeat "
            "belong outside, as in ZeroInflated(law, p_zero)."
        )
    return y, x


def _family(family: str | None, x: Floats) -> str:
    if family is None:
        return "lognormal" if x.size == 2 and x[0] > 0.0 else "metalog"
    return _check.one_of("family", family, _FAMILIES)


def _bound(name: str, bound: float | None, x: Floats) -> float | None:
    if bound is None:
        return None
    bound = _check.real(name, bound)
    if not (bound < x[0] if name == "low" else bound > x[-1]):
        raise _check.refuse(name, "beyond all payoffs named", bound)
    return bound


def _metalog(y: Floats, x: Floats, low: float | None, high: float | None) -> Metalog:
    try:
        return through(y, x, low, high)
    except ArgumentError as error:
        raise ArgumentError(
            f"quantiles must allow a law, got {dict(zip(y.tolist(), x.tolist(), strict=True))} through which no "
            "metalog goes because its quantile function would fall; name fewer of them, or smoother ones, or a family."
        ) from error


def _line(line: _Line, y: Floats, x: Floats) -> Payoff:
    """Least squares of the quantiles, or of their logarithms, on g."""
    g = line.g(y)
    z = np.log(x) if line.in_logs else x
    centred = g - g.mean()
    slope = float(centred @ z / (centred @ centred))
    return line.law(float(z.mean() - slope * g.mean()), slope)


def _lomax(y: Floats, x: Floats) -> Payoff:
    """Least squares in logarithms over the tail index; the scale follows."""
    from scipy.optimize import minimize_scalar

    depth = -np.log1p(-y)

    def residuals(log_index: float) -> Floats:
        d = np.log(x) - np.log(np.expm1(depth / math.exp(log_index)))
        return np.asarray(d - d.mean())

    best = minimize_scalar(lambda t: float(np.square(residuals(t)).sum()), bounds=(-3.0, 7.0), method="bounded",
                           options={"xatol": 1e-12})  # fmt: skip
    index = math.exp(float(best.x))
    return Lomax(index, math.exp(float(np.mean(np.log(x) - np.log(np.expm1(depth / index))))))


def _meets(law: Payoff, family: str, y: Floats, x: Floats, tolerance: float) -> None:
    """Refuse a law that misses a quantile."""
    found = np.asarray(law.ppf(y))
    miss = np.abs(found - x) / np.maximum(np.abs(x), 1e-300)
    i = int(np.argmax(miss))
    if miss[i] > tolerance:
        raise ArgumentError(
            f"quantiles must be met by the {family} family within {tolerance:.0%}, got {found[i]:.4g} instead of "
            f"{x[i]:g} at {y[i]:g}; use family='metalog', which goes through all of them, or a larger tolerance."
        )


def from_interval(low: float, high: float, level: float = 0.9, *, family: str | None = None) -> Payoff:
    """The law whose central interval someone named: "in 90 % of cases between low and high".

    Parameters
    ----------
    low, high : float
        Ends of the interval, in money; as much probability lies below as above it.
    level : float
        Probability of the interval.
    family : str, optional
        As in ``from_quantiles``; by default lognormal where low is above 0, else normal.

    Returns
    -------
    Payoff
        The law.

    Raises
    ------
    ArgumentError
        If low is not below high, or the level not between 0 and 1.

    Examples
    --------
    >>> import tailsim as ts
    >>> law = ts.from_interval(0.5, 8, level=0.8)
    >>> round(law.cdf(8) - law.cdf(0.5), 12), round(law.median(), 12)
    (0.8, 2.0)
    """
    low, high = _check.real("low", low), _check.real("high", high)
    if not low < high:
        raise _check.refuse("low", f"below high = {high:g}", low)
    outside = (1.0 - _check.level(level)) / 2.0
    if family is None:
        family = "lognormal" if low > 0.0 else "normal"
    return from_quantiles({outside: low, 1.0 - outside: high}, family)
