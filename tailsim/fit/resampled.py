"""Past outcomes, resampled, with a fitted tail in place of the largest."""

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..errors import DataError
from ..payoffs import Empirical, Spliced
from ..stats.tail import FEW_POINTS, tail_count, upper_tail


def resampled_with_tail(values: ArrayLike, k: int | None = None, *, tail_index: float | None = None) -> Spliced:
    """Past outcomes, resampled, with a Pareto tail in place of the largest.

    Parameters
    ----------
    values : array_like, shape (n,)
        Past outcomes, such as multiples.
    k : int, optional
        How many of the largest the tail replaces, at least 10; by default `tail_size` of them.
    tail_index : float, optional
        Tail index of the tail, above 0; by default Hill's estimate from the ``k`` largest. Give the ends of its
        interval (see `hill`) to see how an answer moves with it.

    Returns
    -------
    Spliced
        With probability k/n Pareto from the (``k`` + 1)-th largest outcome on; else one of the outcomes up to that one.

    Raises
    ------
    DataError
        If there are fewer than 10 points for the tail, or they are all equal.
    ArgumentError
        If an argument breaks its rule.

    Examples
    --------
    >>> import numpy as np
    >>> law = resampled_with_tail(np.arange(1.0, 401.0))
    >>> law.p_tail, law.threshold, law.support
    (0.05, 380.0, (1.0, inf))
    """
    x = np.sort(_check.numbers("values", values))
    if k is None:
        k = tail_size(x)
    else:
        n_positive = int(np.count_nonzero(x > 0.0))
        rule = f"None or a whole number of at least {FEW_POINTS} and below the {n_positive} outcomes above 0"
        k = _check.integer("k", k, rule, low=FEW_POINTS, high=n_positive - 1)
    tail = upper_tail(x, k)
    if tail.xi == 0.0:
        raise DataError(f"the {k + 1} largest values must differ for a tail to be fitted; use Empirical(values).")
    index = tail.index if tail_index is None else _check.positive("tail_index", tail_index)
    return Empirical(x).with_tail(k, tail_index=index)


def tail_size(values: ArrayLike) -> int:
    """How many of the largest outcomes make the tail by default: floor(sqrt(n)), at most half of those above 0.

    Parameters
    ----------
    values : array_like, shape (n,)
        Past outcomes.

    Returns
    -------
    int
        At least 10.

    Raises
    ------
    DataError
        If it would be fewer than 10: no tail index can be had from them.

    Examples
    --------
    >>> tail_size([0, 0, 1, 5] * 100)
    20
    """
    x = _check.numbers("values", values)
    n_positive = int(np.count_nonzero(x > 0.0))
    k = tail_count(x.size, n_positive)
    if k < FEW_POINTS:
        raise DataError(
            f"values must be at least {FEW_POINTS**2}, {2 * FEW_POINTS} of them above 0, for a tail of {FEW_POINTS} "
            f"points, got {x.size} values, {n_positive} of them above 0; use Empirical(values)."
        )
    return k
