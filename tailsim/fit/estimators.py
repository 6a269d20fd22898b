"""Tail indices from the largest outcomes, each with its interval: Hill's estimate."""

import math

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..errors import DataError
from ..stats.estimate import Estimate
from ..stats.tail import FEW_POINTS, Tail, upper_tail


def hill(data: ArrayLike, k: int, *, level: float = 0.95) -> Estimate:
    """Tail index of outcomes from the ``k`` largest of them.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes in any unit; only the ``k`` + 1 largest count, which must be above 0.
    k : int
        How many of the largest make the tail. The answer depends on it: try several.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        The tail index a in P(X > x) ~ x**-a, one over Hill's xi; ``inf`` where the ``k`` + 1 largest are equal. The
        interval holds where the tail is Pareto from the (``k`` + 1)-th largest on: k a / a_hat is then a gamma variable
        of shape k. ``verdict`` says when the mean is in doubt, or the points are fewer than 10.

    Raises
    ------
    ArgumentError
        If ``data`` is not finite, or ``k`` is not below the number of outcomes above 0.

    References
    ----------
    Hill 1975, Annals of Statistics 3(5), 1163-1174.

    Examples
    --------
    >>> from tailsim import Pareto
    >>> hill(Pareto(1.5).rvs(10_000, rng=1), 100)
    1.7 [1.4, 2.0] (95 %, Hill's estimate, gamma interval, n = 100)
    """
    level = _check.level(level)
    x = np.sort(_check.numbers("data", data))
    n_positive = int(np.count_nonzero(x > 0.0))
    rule = f"a whole number from 1 to {n_positive - 1}, one less than the outcomes above 0"
    if n_positive < 2:
        raise DataError(f"data must hold at least two outcomes above 0 for a tail index, got {n_positive} of them.")
    tail = upper_tail(x, _check.integer("k", k, rule, low=1, high=n_positive - 1))
    low, high = (tail.index_bound(p) for p in (0.5 - level / 2, 0.5 + level / 2))
    error = tail.index / math.sqrt(tail.k)
    doubt = _doubt(tail, low, high)
    return Estimate(tail.index, error, (low, high), level, "Hill's estimate, gamma interval", tail.k, doubt)


def _doubt(tail: Tail, low: float, high: float) -> str | None:
    """What to beware of in a tail index, in one sentence."""
    if tail.k < FEW_POINTS:
        return f"only {tail.k} points make this tail, and fewer than {FEW_POINTS} say next to nothing."
    if high <= 1.0:
        return "a tail this heavy has no mean."
    if low <= 1.0:
        return "the interval reaches below 1, where there is no mean: it may not exist."
    return None
