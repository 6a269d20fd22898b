"""Intervals for probabilities, quantiles and bounded averages: each with a coverage that holds for any tail."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from .._lazy import special
from .estimate import Estimate

FEW_HITS = 10


def clopper_pearson(k: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Exact binomial interval for a probability after ``k`` hits in ``n`` trials.

    Parameters
    ----------
    k, n : float
        Hits and trials, 0 <= k <= n, n > 0; not necessarily whole (an effective sample size is not).
    level : float
        Confidence level; the coverage is at least that, whatever the probability.

    Returns
    -------
    tuple of float
        Lower and upper end, each missed with probability at most (1 - level) / 2.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    References
    ----------
    Clopper and Pearson 1934, Biometrika 26(4), 404-413.

    Examples
    --------
    >>> from tailsim.stats import clopper_pearson
    >>> low, high = clopper_pearson(0, 100)
    >>> low, round(high, 5)
    (0.0, 0.03622)
    """
    n = _check.positive("n", n)
    k = _check.real("k", k, f"a number of hits between 0 and n = {n:g}", low=0.0, high=n)
    miss = 1.0 - _check.level(level)
    low = 0.0 if k == 0 else float(special.betaincinv(k, n - k + 1, miss / 2))
    high = 1.0 if k == n else float(special.betainccinv(k + 1, n - k, miss / 2))
    return low, high


def proportion(k: int, n: int, level: float = 0.95) -> Estimate:
    """The probability behind ``k`` hits in ``n`` independent trials, with its Clopper-Pearson interval.

    Parameters
    ----------
    k, n : int
        Hits and trials, 0 <= k <= n, n >= 1.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        ``k / n``; its ``verdict`` flags fewer than 10 hits, with the upper bound.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Examples
    --------
    >>> from tailsim.stats import proportion
    >>> proportion(64_800, 100_000)
    0.648 [0.645, 0.651] (95 %, Clopper-Pearson, n = 100,000)
    """
    n = _check.integer("n", n, "a whole number of trials, at least 1", low=1)
    k = _check.integer("k", k, f"a whole number of hits between 0 and n = {n}", low=0, high=n)
    interval = clopper_pearson(k, n, level)
    p = k / n
    return Estimate(p, math.sqrt(p * (1 - p) / n), interval, level, "Clopper-Pearson", n, few_hits(k, n, interval[1]))


def few_hits(k: int, n: int, upper: float) -> str | None:
    """The flag on a probability that rests on fewer than 10 hits, or None."""
    if k >= FEW_HITS:
        return None
    seen = "no hit" if k == 0 else "only 1 hit" if k == 1 else f"only {k} hits"
    return f"{seen} in {n:,}, so all that is known is a probability of at most {upper:.2g}; use more trials."


def quantile_interval(q: float, n: int, level: float = 0.95) -> tuple[int, int]:
    """Ranks of the order statistics that enclose quantile ``q``, whatever the law.

    Parameters
    ----------
    q : float
        Probability below the quantile, in (0, 1).
    n : int
        Sample size.
    level : float
        Confidence level.

    Returns
    -------
    tuple of int
        Ranks ``(low, high)`` of the sample in increasing order, counted from 1. Rank 0 stands for -inf: no
        observation is low enough; rank n + 1 for inf, which happens when n < ln((1 - level) / 2) / ln(q).

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    References
    ----------
    David and Nagaraja 2003, Order Statistics, section 7.1.

    Examples
    --------
    >>> from tailsim.stats import quantile_interval
    >>> quantile_interval(0.5, 100), quantile_interval(0.999, 3687), quantile_interval(0.999, 3688)
    ((40, 61), (3679, 3688), (3680, 3688))
    """
    q = _check.real("q", q, "a probability strictly between 0 and 1", above=0.0, below=1.0)
    n = _check.integer("n", n, "a whole number of observations, at least 1", low=1)
    miss = (1.0 - _check.level(level)) / 2
    # B ~ Bin(n, q) observations lie below the quantile; P(B < r) grows with r, P(B >= r) falls.
    low = _last(lambda r: float(special.betaincc(r, n - r + 1, q)) <= miss, n)
    high = _last(lambda r: float(special.betainc(r, n - r + 1, q)) > miss, n) + 1
    return low, high


def _last(holds: Callable[[int], bool], n: int) -> int:
    """The last rank in 0..n at which ``holds``, true at first and false from some rank on."""
    low, high = 0, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def quantile_estimate(data: ArrayLike, q: float, level: float = 0.95) -> Estimate:
    """A quantile of the law behind ``data``, between two order statistics.

    Parameters
    ----------
    data : array_like, shape (n,)
        Independent observations.
    q : float
        Probability below the quantile, in (0, 1).
    level : float
        Confidence level; the coverage is at least that for every law.

    Returns
    -------
    Estimate
        The smallest observation with at least ``q`` of the sample at or below it. An end that no observation
        bounds is infinite, and the ``verdict`` says how many observations it takes. ``std_error`` is the
        interval's half width in normal units.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Examples
    --------
    >>> from tailsim.stats import quantile_estimate
    >>> quantile_estimate(range(1, 101), 0.5)
    50 [40, 61] (95 %, order statistics, n = 100)
    """
    x = _check.numbers("data", data, "a non-empty one-dimensional array of numbers, none of them NaN", finite=False)
    low, high = quantile_interval(q, x.size, level)
    position = max(1, math.ceil(q * x.size * (1.0 - 1e-15)))
    kept = np.partition(x, sorted({r - 1 for r in (low, position, high) if 1 <= r <= x.size}))
    ends = (float(kept[low - 1]) if low else -math.inf, float(kept[high - 1]) if high <= x.size else math.inf)
    width = ends[1] - ends[0] if ends[0] < ends[1] else 0.0
    std_error = width / (2.0 * float(special.ndtri((1.0 + level) / 2)))
    verdict = _unbounded_end(q, x.size, level) if low == 0 or high > x.size else None
    return Estimate(float(kept[position - 1]), std_error, ends, level, "order statistics", x.size, verdict)


def _unbounded_end(q: float, n: int, level: float) -> str:
    needed = math.ceil(math.log((1.0 - level) / 2) / math.log(max(q, 1.0 - q)))
    return f"{n:,} observations bound quantile {q:g} on one side at most; it takes {needed:,} to bound both."


def bounded_mean(total: float, sum_sq: float, n: int, low: float, high: float, level: float = 0.95) -> Estimate:
    """The mean of a quantity that cannot leave [low, high], such as a share, from its sums over ``n`` trials.

    A bounded quantity has all its moments, whatever the tail of the payoffs it is made of, so its mean has a
    standard error. The normal interval is used where the sample is large enough for the skewness that the bounds
    allow: the skewness is at most range/sd, and Cochran's rule asks for n > 25 skewness^2. Otherwise the interval
    is the empirical Bernstein bound, and below 100 trials Hoeffding's, which hold for any law on [low, high].

    Parameters
    ----------
    total, sum_sq : float
        Sum and sum of squares over the trials.
    n : int
        Number of independent trials, at least 1.
    low, high : float
        The bounds of the quantity.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        The mean, its interval clipped to the bounds.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    References
    ----------
    Cochran 1977, Sampling Techniques, section 2.15. Maurer and Pontil 2009, Empirical Bernstein bounds, theorem 4.
    Hoeffding 1963, theorem 2.

    Examples
    --------
    >>> from tailsim.stats import bounded_mean
    >>> bounded_mean(500.0, 300.0, 1000, 0.0, 1.0)
    0.50 [0.49, 0.51] (95 %, normal for a bounded quantity, n = 1,000)
    """
    n = _check.integer("n", n, "a whole number of trials, at least 1", low=1)
    low = _check.real("low", low)
    high = _check.real("high", high, "a finite number not below low", low=low)
    total = _check.real("total", total, "a sum that the bounds allow", low=n * low - 1e-9, high=n * high + 1e-9)
    miss, span = 1.0 - _check.level(level), high - low
    mean = min(max(total / n, low), high)
    variance = max(0.0, (_check.real("sum_sq", sum_sq) - n * mean * mean) / max(n - 1, 1))
    half, method = _half_width(variance, n, span, miss)
    interval = (max(low, mean - half), min(high, mean + half))
    return Estimate(mean, math.sqrt(variance / n) if n > 1 else span / 2, interval, level, method, n)


def _half_width(variance: float, n: int, span: float, miss: float) -> tuple[float, str]:
    if n < 100:
        return span * math.sqrt(math.log(2.0 / miss) / (2.0 * n)), "Hoeffding"
    if n * variance >= 25.0 * span * span:
        z = float(special.ndtri(1.0 - miss / 2))
        return z * math.sqrt(variance / n), "normal for a bounded quantity"
    depth = math.log(4.0 / miss)
    half = math.sqrt(2.0 * variance * depth / n) + 7.0 * span * depth / (3.0 * (n - 1))
    return half, "empirical Bernstein"
