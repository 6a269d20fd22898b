"""The second opinion on a mean: Student's statistic of small subsamples instead of its table."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from ._unit import exponent_of, to_unit
from .estimate import Estimate
from .sample_law import SampleLaw
from .verdict import verdict_of_sample

Array = NDArray[np.float64]

_SEED = 19_990_412
_SUBSAMPLES = 1000


def mean_by_subsampling(data: ArrayLike, level: float = 0.95) -> Estimate:
    """The sample mean, with the symmetric interval that Student's statistic of subsamples gives.

    The statistic is computed on 1,000 or more subsamples of floor(sqrt(n)) outcomes, and its quantile in absolute size
    takes the place of Student's. The interval needs no model of the tail and is right in the limit for any tail index
    above 1. Short of the limit it falls short where the index is near 1, so it is the second opinion on
    ``mean_estimate``. The random numbers are fixed: the same data give the same interval.

    Parameters
    ----------
    data : array_like, shape (n,)
        At least 16 independent outcomes.
    level : float
        Nominal confidence level.

    Returns
    -------
    Estimate
        ``value`` is the sample mean, ``verdict`` that of ``mean_verdict``. Both ends are infinite where too many
        subsamples have no spread, as when nearly all outcomes are zero. ``std_error`` as in ``mean_estimate``.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Notes
    -----
    Coverage in % of nominal 95 % intervals at n = 1,000 for Pareto 1.1, 1.5, 1.9, 2.5, 3.5: 71, 96, 98, 99, 99; at
    n = 100: 68, 94, 97, 98, 98.

    References
    ----------
    Romano and Wolf 1999, Subsampling inference for the mean in the heavy-tailed case, Metrika 50, 55-69.

    Examples
    --------
    >>> import numpy as np
    >>> from tailsim.stats import mean_by_subsampling
    >>> e = mean_by_subsampling(np.linspace(0, 2, 1001))
    >>> round(e.value, 3), 0.9 < e.interval[0] < 1 < e.interval[1] < 1.1
    (1.0, True)
    """
    level = _check.level(level)
    rule = "at least 16 finite numbers, because fewer make no subsamples of 4"
    raw = np.sort(_check.numbers("data", data, rule, min_size=16))
    exponent, x = exponent_of(raw), to_unit(raw)
    mean, error = float(x.mean()), float(x.std(ddof=1)) / math.sqrt(x.size)
    half = _quantile(_statistics(x, mean), level) * error if error > 0.0 else 0.0
    law = SampleLaw(x, 1)
    std_error = error if min(law.tail_index, law.left_tail_index) > 2.0 else math.inf
    verdict = verdict_of_sample(x, search=False).sentence
    if math.isinf(half):
        verdict += " Too many subsamples have no spread, so these data bound the mean on neither side."
    value, std_error, half = (float(np.ldexp(v, exponent)) for v in (mean, std_error, half))
    return Estimate(value, std_error, (value - half, value + half), level, "subsampling t", x.size, verdict)


def _statistics(x: Array, mean: float) -> Array:
    """Student's statistic, in absolute size, of subsamples of floor(sqrt(n))."""
    size = math.isqrt(x.size)
    per_shuffle = x.size // size
    shuffled = np.tile(x, (math.ceil(_SUBSAMPLES / per_shuffle), 1))
    np.random.Generator(np.random.PCG64(_SEED)).permuted(shuffled, axis=1, out=shuffled)
    blocks = shuffled[:, : per_shuffle * size].reshape(-1, size)
    away, spread = np.abs(blocks.mean(axis=1) - mean), blocks.std(axis=1, ddof=1)
    sizes = np.full(away.size, np.inf)
    np.divide(math.sqrt(size) * away, spread, out=sizes, where=spread > 0.0)
    return sizes


def _quantile(statistics: Array, level: float) -> float:
    rank = min(math.ceil(level * statistics.size), statistics.size) - 1
    return float(np.partition(statistics, rank)[rank])
