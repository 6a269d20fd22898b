"""Tail indices from the largest outcomes, each with its interval: Hill, Pickands, and moments."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._lazy import special
from ..errors import DataError
from ..stats.estimate import Estimate
from ..stats.tail import FEW_POINTS, Tail, upper_tail

Floats = NDArray[np.float64]
_LN2 = math.log(2.0)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TailEstimate(Estimate):
    """A tail index and its reciprocal, which says more where it is not above 0.

    Attributes
    ----------
    xi : float
        1 / tail index; 0 or less for a tail lighter than any power, where the tail index is ``inf``.
    xi_interval : tuple of float
        Its interval, at the same level.
    """

    xi: float = math.nan
    xi_interval: tuple[float, float] = (-math.inf, math.inf)


def index_of(xi: float) -> float:
    """The tail index of a shape xi."""
    return 1.0 / xi if xi > 0.0 else math.inf


def from_xi(xi: float, interval: tuple[float, float], error: float, level: float, method: str, n: int) -> TailEstimate:
    """The tail index whose reciprocal is ``xi``, known to ``error``; the interval turns over."""
    low, high = index_of(interval[1]), index_of(interval[0])
    index = index_of(xi)
    std_error = error * index * index if math.isfinite(index) else math.inf
    return TailEstimate(index, std_error, (low, high), level, method, n, doubt(n, low, high), xi, interval)


def normal_interval(xi: float, error: float, level: float) -> tuple[float, float]:
    """xi and as many standard errors to either side as ``level`` asks for."""
    half = error * float(special.ndtri(0.5 + level / 2))
    return xi - half, xi + half


def doubt(k: int, low: float, high: float) -> str | None:
    """What to beware of in a tail index, in one sentence."""
    if k < FEW_POINTS:
        return f"only {k} points make this tail, and fewer than {FEW_POINTS} say next to nothing."
    if high <= 1.0:
        return "a tail this heavy has no mean."
    if low <= 1.0:
        return "the interval reaches below 1, where there is no mean: it may not exist."
    return None


def open_mask(censored: ArrayLike | None, n: int) -> NDArray[np.bool_]:
    """Which outcomes are still open; none by default."""
    if censored is None:
        return np.zeros(n, dtype=bool)
    mask = np.asarray(censored)
    if mask.dtype != np.bool_ or mask.shape != (n,):
        rule = f"None or {n} booleans, True where the bet is still open"
        raise _check.refuse("censored", rule, censored)
    return mask


def _largest(data: ArrayLike, k: int, positive: bool, factor: int = 1, extra: int = 0) -> tuple[Floats, int]:
    """The outcomes in increasing order, and k, of which ``factor`` * k + ``extra`` must be there (above 0)."""
    x = np.sort(_check.numbers("data", data))
    n = int(np.count_nonzero(x > 0.0)) if positive else x.size
    high = (n - extra) // factor
    what = "outcomes above 0" if positive else "outcomes"
    if high < 1:
        raise DataError(f"data must hold at least {factor + extra} {what} for this tail index, got {n} of them.")
    return x, _check.integer("k", k, f"a whole number from 1 to {high}, for {n} {what}", low=1, high=high)


def hill(data: ArrayLike, k: int, *, censored: ArrayLike | None = None, level: float = 0.95) -> TailEstimate:
    """Tail index of outcomes from the ``k`` largest of them.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes in any unit; only the ``k`` + 1 largest count, which must be above 0.
    k : int
        How many of the largest make the tail. The answer depends on it: try several, or see `tail_threshold`.
    censored : array_like of bool, shape (n,), optional
        True where a bet is still open and ``data`` holds what it is worth so far: its outcome is then taken to be at
        least that, and how long it stayed open to say nothing else about it.
    level : float
        Confidence level.

    Returns
    -------
    TailEstimate
        The tail index a in P(X > x) ~ x**-a, one over Hill's ``xi``; ``inf`` where the ``k`` + 1 largest are equal. The
        interval holds where the tail is Pareto from the (``k`` + 1)-th largest on: k a / a_hat is then a gamma variable
        of shape k. With open bets k is the number of finished ones among the largest, and the gamma an approximation.
        ``verdict`` says when the mean is in doubt, or the points are fewer than 10.

    Raises
    ------
    ArgumentError
        If ``data`` is not finite, or ``k`` is not below the number of outcomes above 0.
    DataError
        If none of the ``k`` largest is finished.

    References
    ----------
    Hill 1975, Annals of Statistics 3(5), 1163-1174; open bets: Beirlant, Guillou, Dierckx and Fils-Villetard 2007,
    Extremes 10(3), 151-174.

    Examples
    --------
    >>> from tailsim import Pareto
    >>> hill(Pareto(1.5).rvs(10_000, rng=1), 100)
    1.7 [1.4, 2.0] (95 %, Hill's estimate, gamma interval, n = 100)
    """
    level = _check.level(level)
    x = _check.numbers("data", data)
    is_open = open_mask(censored, x.size)
    order = np.lexsort((is_open, x))  # of equal ones the open go last: they will exceed the finished
    x, is_open = x[order], is_open[order]
    n_positive = int(np.count_nonzero(x > 0.0))
    rule = f"a whole number from 1 to {n_positive - 1}, one less than the outcomes above 0"
    if n_positive < 2:
        raise DataError(f"data must hold at least two outcomes above 0 for a tail index, got {n_positive} of them.")
    k = _check.integer("k", k, rule, low=1, high=n_positive - 1)
    n_done = k - int(np.count_nonzero(is_open[-k:]))
    if n_done == 0:
        raise DataError(f"data must hold a finished bet among its {k} largest outcomes for a tail index; all are open.")
    tail = upper_tail(x, k)
    tail = Tail(n_done, tail.n, tail.threshold, tail.xi * k / n_done)
    low, high = (tail.index_bound(p) for p in (0.5 - level / 2, 0.5 + level / 2))
    method = "Hill's estimate, gamma interval" + (f", {k - n_done} open" if n_done < k else "")
    ends = (1.0 / high if high > 0.0 else math.inf, 1.0 / low if low > 0.0 else math.inf)
    said = doubt(n_done, low, high)
    return TailEstimate(
        tail.index, tail.index / math.sqrt(n_done), (low, high), level, method, n_done, said, tail.xi, ends
    )


def pickands(data: ArrayLike, k: int, *, level: float = 0.95) -> TailEstimate:
    """Tail index from the ``k``-th, 2 ``k``-th and 4 ``k``-th largest outcome; it does not move with the origin.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes of any sign, in any unit.
    k : int
        Rank of the first; 4 ``k`` must not exceed n.
    level : float
        Confidence level.

    Returns
    -------
    TailEstimate
        One over ``xi`` = ln((x_k - x_2k) / (x_2k - x_4k)) / ln 2, or ``inf`` where that is not above 0. Its interval is
        the normal one, wide: three order statistics are all it reads.

    Raises
    ------
    ArgumentError
        If ``data`` is not finite, or 4 ``k`` exceeds the number of outcomes.
    DataError
        If two of the three outcomes are equal.

    References
    ----------
    Pickands 1975, Annals of Statistics 3(1), 119-131; the interval: Dekkers and de Haan 1989, Annals of Statistics
    17(4), 1795-1832.

    Examples
    --------
    >>> import numpy as np
    >>> round(pickands((np.arange(1, 1001) / 1001) ** (-1 / 1.5), 100).value, 9)
    1.5
    """
    level = _check.level(level)
    x, k = _largest(data, k, False, factor=4)
    first, second, third = (float(x[-rank * k]) for rank in (1, 2, 4))
    if not first > second > third:
        raise DataError(
            f"data must differ in the {k}-th, {2 * k}-th and {4 * k}-th largest outcome, got {first:g}, {second:g} and "
            f"{third:g}; take another k, or hill(data, k)."
        )
    xi = (math.log(first - second) - math.log(second - third)) / _LN2
    grow = math.expm1(xi * _LN2) if abs(xi) > 1e-8 else xi * _LN2
    steep = xi / grow if xi != 0.0 else 1.0 / _LN2
    error = steep * math.sqrt(2.0 ** (2.0 * xi + 1.0) + 1.0) / (2.0 * _LN2 * math.sqrt(k))
    ends = normal_interval(xi, error, level)
    return from_xi(xi, ends, error, level, "Pickands' estimate, normal interval for xi", 4 * k)


def moment_estimator(data: ArrayLike, k: int, *, level: float = 0.95) -> TailEstimate:
    """Tail index from two moments of the logarithms of the ``k`` largest outcomes; it sees light tails too.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes in any unit; only the ``k`` + 1 largest count, which must be above 0.
    k : int
        How many of the largest make the tail, at least 2.
    level : float
        Confidence level.

    Returns
    -------
    TailEstimate
        One over ``xi`` = M1 + 1 - 1/2 / (1 - M1^2 / M2), where M1 and M2 are the means of ln(x / x_(k+1)) and of its
        square, or ``inf`` where that is not above 0. Normal interval for xi.

    Raises
    ------
    ArgumentError
        If ``data`` is not finite, or ``k`` is not below the number of outcomes above 0.
    DataError
        If the ``k`` largest are all equal.

    References
    ----------
    Dekkers, Einmahl and de Haan 1989, Annals of Statistics 17(4), 1833-1855.

    Examples
    --------
    >>> import numpy as np
    >>> moment_estimator((np.arange(1, 1001) / 1001) ** (-1 / 1.5), 100)
    1.7 [1.2, 2.8] (95 %, moment estimate, normal interval for xi, n = 100)
    """
    level = _check.level(level)
    x, k = _largest(data, k, True, extra=1)
    if k < 2 or x[-k] == x[-1]:
        raise DataError(f"data must hold different outcomes among the {k} largest for this estimate; take a larger k.")
    logs = np.log(x[-k:]) - math.log(x[-k - 1])
    first, second = float(logs.mean()), float(np.mean(logs * logs))
    xi = first + 1.0 - 0.5 / (1.0 - first * first / second)
    error = math.sqrt(_moment_variance(xi) / k)
    ends = normal_interval(xi, error, level)
    return from_xi(xi, ends, error, level, "moment estimate, normal interval for xi", k)


def _moment_variance(xi: float) -> float:
    """Asymptotic variance times k."""
    if xi >= 0.0:
        return 1.0 + xi * xi
    bend = 4.0 - 8.0 * (1 - 2 * xi) / (1 - 3 * xi) + (5 - 11 * xi) * (1 - 2 * xi) / ((1 - 3 * xi) * (1 - 4 * xi))
    return (1 - xi) ** 2 * (1 - 2 * xi) * bend
