"""The population's top share from a sample: what the sample shows, corrected for the outliers it has not seen."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._lazy import special
from ..errors import UndefinedMomentError
from .concentration import count_of_top, top_share
from .estimate import Estimate
from .tail import FEW_POINTS, Tail, tail_count, upper_tail

Floats = NDArray[np.float64]


def top_share_estimate(data: ArrayLike, fraction: float, *, level: float = 0.95) -> Estimate:
    """Share of the value that the biggest ``fraction`` of the population holds, estimated from a sample of it.

    Parameters
    ----------
    data : array_like, shape (n,)
        Independent outcomes, none negative, at least two above zero.
    fraction : float
        In (0, 1].
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        The share in the sample with a Pareto tail in place of its floor(sqrt(n)) largest outcomes; 1 where that tail
        has no mean. ``verdict`` states what the sample itself shows.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If an outcome is negative or all are zero: shares are undefined then; or if one only is above zero.

    Notes
    -----
    The interval is the hull over tails of 10, n^(1/3), sqrt(n)/2, sqrt(n) and 2 sqrt(n) points of the shares at both
    ends of Hill's interval, widened by the error of the body, and of the sample share with its normal interval.
    Measured at n = 1,000 and 10,000 for the top 1 % and 20 %, nominal 95 %, it covers at least 95 % for 11 laws from
    Pareto(1.1) to lognormals of sigma 1 to 3, Weibull(0.3) and 95 % zeros (300 samples each); a 1 % Pareto(1.2)
    component hidden in an exponential body, 81 to 96 %. It is wide, and must be: the top 1 % of Pareto(1.5) is known
    to within .85 from 10,000 outcomes. For slowly varying tails (lognormals) the value lies too high, by up to .2;
    for Pareto tails it is off by .03 at most where the sample share is off by .26.

    References
    ----------
    Taleb and Douady 2015, Physica A 429, 252-260, for the bias of the sample share.

    Examples
    --------
    >>> import numpy as np, tailsim as ts
    >>> data = ts.Pareto(1.1).rvs(10_000, rng=1)
    >>> round(ts.top_share(data, fraction=0.01), 2), round(ts.stats.top_share_estimate(data, 0.01).value, 2)
    (0.38, 0.47)
    """
    shown = top_share(data, fraction=fraction)
    p, level = float(fraction), _check.level(level)
    x = np.sort(np.asarray(data, dtype=np.float64))
    x = x / x[-1]
    n, positive = x.size, int(np.count_nonzero(x))
    if positive < 2:
        raise UndefinedMomentError(
            "the population's top share is undefined from data with one outcome above zero, for one says nothing of "
            "the tail; collect more outcomes that paid."
        )
    root = math.isqrt(n)
    sizes = {_points(k, positive) for k in (10, int(n ** (1 / 3)), root // 2, root, 2 * root)}
    tails = [upper_tail(x, k) for k in sorted(sizes)]
    main = upper_tail(x, _points(tail_count(n, positive), positive))
    value = _fitted(x, p, main, main.index)
    ends = [_fitted(x, p, t, t.index_bound(q)) for t in tails for q in (0.5 - level / 2, 0.5 + level / 2)]
    z = float(special.ndtri(0.5 + level / 2))
    body, whole = z * _error(x, p, shown, main.threshold), z * _error(x, p, shown, math.inf)
    low = min(min(ends) - body, shown - whole)
    high = max(max(ends) + body, shown + whole)
    said = f"the sample itself shows {shown:.3g}, which understates a heavy tail's"
    if main.k < FEW_POINTS:
        said += f"; the tail has {main.k} points only, and fewer than {FEW_POINTS} tell little of it"
    return Estimate(value, math.nan, (max(low, p), min(high, 1.0)), level, "hull of tail fits", n, said)


def _points(k: int, positive: int) -> int:
    return max(1, min(k, positive // 2))


def _fitted(x: Floats, p: float, tail: Tail, index: float) -> float:
    """Top share of the increasing sample with a Pareto tail of this index beyond its threshold."""
    n, k = tail.n, tail.k
    if index <= 1.0:
        return 1.0
    stretch = 1.0 if index == math.inf else index / (index - 1.0)
    above = k / n * tail.threshold * stretch
    total = float(x[:-k].sum()) / n + above
    if p * n <= k:
        top = p * tail.threshold * (k / (n * p)) ** (1.0 / index) * stretch
    else:
        top = above + float(x[n - count_of_top(n, None, p) : n - k].sum()) / n
    return float(min(max(top / total, p), 1.0))


def _error(x: Floats, p: float, share: float, cap: float) -> float:
    """Standard error of the top share by its influence function, outcomes capped (the tail's error comes elsewhere)."""
    edge = float(x[x.size - count_of_top(x.size, None, p)])
    y = np.minimum(x, max(cap, edge))
    influence = (np.maximum(y - edge, 0.0) + p * edge - share * y) / float(x.mean())
    return float(influence.std()) / math.sqrt(x.size)
