"""How much of a total sits in how few outcomes: Gini, Lorenz curve, top shares and effective number, of data."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from ..errors import ArgumentError, UndefinedMomentError
from ._unit import to_unit


@dataclass(frozen=True, slots=True, eq=False)
class LorenzCurve:
    """Points of a Lorenz curve, from (0, 0) to (1, 1), convex.

    Attributes
    ----------
    population : ndarray, shape (n + 1,)
        Shares of the outcomes, from the smallest up.
    value : ndarray, shape (n + 1,)
        Shares of the total that they hold.
    """

    population: NDArray[np.float64]
    value: NDArray[np.float64]

    def plot(self, *, ax: Any = None) -> Any:
        """The curve under its diagonal; see ``plotting.plot_lorenz``."""
        from .. import plotting

        return plotting.plot_lorenz(self, ax=ax)


def gini(data: ArrayLike) -> float:
    """Gini coefficient of the sample: 0 when all outcomes are equal, 1 - 1/n when one holds everything.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes, none negative, at least one above zero.

    Returns
    -------
    float
        Mean absolute difference of two outcomes over twice their mean, in [0, 1 - 1/n].

    Raises
    ------
    ArgumentError
        If ``data`` is empty or holds NaN or inf.
    UndefinedMomentError
        If an outcome is negative or all are zero: shares are undefined then.

    Notes
    -----
    A sample of a heavy tail understates the Gini coefficient of its law.

    Examples
    --------
    >>> from tailsim.stats import gini
    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 5])
    (0.0, 0.75)
    """
    x = np.sort(_outcomes(data))
    n = x.size
    i = np.arange(1.0, n)
    # Sum over the gaps between neighbours, each counted by the pairs that straddle it: nothing cancels.
    pairs = float(np.sum(i * (n - i) * np.diff(x)))
    return min(pairs / (n * float(x.sum())), 1.0 - 1.0 / n)


def lorenz_curve(data: ArrayLike) -> LorenzCurve:
    """Lorenz curve of the sample: the share of the total that the smallest outcomes hold.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes, none negative, at least one above zero.

    Returns
    -------
    LorenzCurve
        Its ``population`` and ``value``, each of shape (n + 1,).

    Raises
    ------
    ArgumentError
        If ``data`` is empty or holds NaN or inf.
    UndefinedMomentError
        If an outcome is negative or all are zero: shares are undefined then.

    Examples
    --------
    >>> from tailsim.stats import lorenz_curve
    >>> lorenz_curve([3, 1]).value
    array([0.  , 0.25, 1.  ])
    """
    held = np.cumsum(np.concatenate(([0.0], np.sort(_outcomes(data)))))
    population = np.arange(held.size) / (held.size - 1.0)
    value = np.minimum(held / held[-1], population)
    population.flags.writeable = value.flags.writeable = False
    return LorenzCurve(population, value)


def top_share(data: ArrayLike, *, k: int | None = None, fraction: float | None = None) -> float:
    """Share of the total that the largest outcomes hold.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes, none negative, at least one above zero.
    k : int, optional
        How many of the largest, 1 <= k <= n.
    fraction : float, optional
        Which part of them, in (0, 1]: the largest ceil(fraction * n), after rounding fraction * n to the nearest
        integer when it is within 1e-9 of one. Give exactly one of ``k`` and ``fraction``.

    Returns
    -------
    float
        A share in [k/n, 1].

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If an outcome is negative or all are zero: shares are undefined then.

    Notes
    -----
    A sample of a heavy tail understates the share in its law.

    Examples
    --------
    >>> from tailsim.stats import top_share
    >>> top_share([1, 2, 7], k=1), top_share(range(1, 11), fraction=0.2)
    (0.7, 0.34545454545454546)
    """
    x = _outcomes(data)
    k = count_of_top(x.size, k, fraction)
    parted = np.partition(x, x.size - k)
    top, rest = float(parted[x.size - k :].sum()), float(parted[: x.size - k].sum())
    return max(top / (top + rest), k / x.size)


def count_of_top(n: int, k: int | None, fraction: float | None) -> int:
    """How many of ``n`` outcomes ``k`` or ``fraction`` asks for; exactly one of them must be given."""
    if (k is None) == (fraction is None):
        raise ArgumentError(f"give exactly one of k and fraction, got k={k!r} and fraction={fraction!r}.")
    if fraction is None:
        return _check.integer("k", k, f"a whole number from 1 to the number of outcomes, {n}", low=1, high=n)
    share = _check.real("fraction", fraction, "a fraction above 0 and at most 1", above=0.0, high=1.0)
    return max(1, math.ceil(share * n - 1e-9))


def max_share(data: ArrayLike) -> float:
    """Share of the total that the largest outcome holds.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes, none negative, at least one above zero.

    Returns
    -------
    float
        A share in [1/n, 1].

    Raises
    ------
    ArgumentError
        If ``data`` is empty or holds NaN or inf.
    UndefinedMomentError
        If an outcome is negative or all are zero: shares are undefined then.

    Examples
    --------
    >>> from tailsim.stats import max_share
    >>> max_share([1, 2, 7])
    0.7
    """
    return top_share(data, k=1)


def n_effective(data: ArrayLike) -> float:
    """Effective number of outcomes: how many equal ones would be as concentrated.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes, none negative, at least one above zero.

    Returns
    -------
    float
        1 over the sum of squared shares (1/HHI), in [1, n].

    Raises
    ------
    ArgumentError
        If ``data`` is empty or holds NaN or inf.
    UndefinedMomentError
        If an outcome is negative or all are zero: shares are undefined then.

    Examples
    --------
    >>> from tailsim.stats import n_effective
    >>> n_effective([1, 1, 1, 1]), n_effective([0, 0, 5])
    (4.0, 1.0)
    """
    x = _outcomes(data)
    total = float(x.sum())
    return min(max(total * total / float(np.sum(x * x)), 1.0), float(x.size))


def hhi(data: ArrayLike) -> float:
    """Herfindahl-Hirschman index: the sum of squared shares of the total, 1 / ``n_effective``.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes, none negative, at least one above zero.

    Returns
    -------
    float
        In [1/n, 1].

    Raises
    ------
    ArgumentError
        If ``data`` is empty or holds NaN or inf.
    UndefinedMomentError
        If an outcome is negative or all are zero: shares are undefined then.

    Examples
    --------
    >>> from tailsim.stats import hhi
    >>> hhi([1, 1, 1, 1]), hhi([0, 0, 5])
    (0.25, 1.0)
    """
    return 1.0 / n_effective(data)


def winners_for(data: ArrayLike, share: float = 0.5, *, net: bool = False) -> int:
    """How few of the largest outcomes together make ``share`` of the total.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes, none negative unless ``net``.
    share : float
        Part of the total, in (0, 1].
    net : bool
        Whether losses count: the part is then one of gains less losses, which the largest gains alone can exceed.

    Returns
    -------
    int
        From 1 to n; shares are compared with a tolerance of 1e-12, so that equal outcomes count as they should.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If all outcomes are zero; if one is negative without ``net``; with it, if the net total is not above zero.

    References
    ----------
    Bessembinder 2018, Journal of Financial Economics 129(3), 440-457, for net wealth made by few stocks.

    Examples
    --------
    >>> from tailsim.stats import winners_for
    >>> winners_for([1, 1, 1, 1]), winners_for([5, 3, -4, -2], 1.0, net=True)
    (2, 1)
    """
    part = _check.real("share", share, "a share above 0 and at most 1", above=0.0, high=1.0)
    x = np.sort(_signed(data) if net else _outcomes(data))[::-1]
    total = math.fsum(x)
    return int(np.argmax(np.cumsum(x) >= part * total * (1.0 - 1e-12))) + 1


def net_top_share(data: ArrayLike, *, k: int | None = None, fraction: float | None = None) -> float:
    """What the largest outcomes make of the net total, gains less losses: more than all of it where losses are many.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes of either sign, with a sum above zero.
    k : int, optional
        How many of the largest, 1 <= k <= n; or
    fraction : float, optional
        which part of them, in (0, 1], rounded up to a whole outcome.

    Returns
    -------
    float
        At least k/n; it exceeds 1 where the others lose money together. Equal to ``top_share`` without losses.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If the net total is not above zero: a part of it says nothing then.

    Examples
    --------
    >>> from tailsim.stats import net_top_share
    >>> net_top_share([6, 3, -1, -4], k=1)
    1.5
    """
    x = np.sort(_signed(data))[::-1]
    return math.fsum(x[: count_of_top(x.size, k, fraction)]) / math.fsum(x)


def _signed(data: ArrayLike) -> NDArray[np.float64]:
    """Outcomes of either sign in a unit of their own, with a net total above zero."""
    x = _check.numbers("data", data)
    if not (x.any() and math.fsum(to_unit(x)) > 0.0):
        raise UndefinedMomentError(
            "net shares of data are undefined because gains less losses are not above zero, so there is no net total "
            "to share; use the shares of the gains alone, numpy.maximum(data, 0), and the failure rate."
        )
    return to_unit(x)


def max_to_sum(data: ArrayLike) -> NDArray[np.float64]:
    """Largest outcome over the total, after each observation in the order given.

    It goes to zero exactly when the mean exists; a path that keeps jumping up says that it may not.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes, none negative, at least one above zero.

    Returns
    -------
    ndarray, shape (n,)
        The path, in (0, 1]; NaN while every outcome so far is zero, where the ratio is undefined.

    Raises
    ------
    ArgumentError
        If ``data`` is empty or holds NaN or inf.
    UndefinedMomentError
        If an outcome is negative or all are zero: shares are undefined then.

    References
    ----------
    O'Brien 1980, Journal of Applied Probability 17(2), 539-545, for the limit.

    Examples
    --------
    >>> from tailsim.stats import max_to_sum
    >>> max_to_sum([1, 1, 2, 4])
    array([1. , 0.5, 0.5, 0.5])
    """
    x = _outcomes(data)
    largest, total = np.maximum.accumulate(x), np.cumsum(x)
    path = np.full(x.size, np.nan)
    np.divide(largest, total, out=path, where=total > 0.0)
    return path


def _outcomes(data: ArrayLike) -> NDArray[np.float64]:
    """The outcomes over a power of two, exactly, so that the largest is in [1/2, 1) and no sum overflows."""
    x = _check.numbers("data", data)
    if x.min() < 0.0:
        i = int(np.argmax(x < 0.0))
        raise UndefinedMomentError(
            f"shares of data are undefined because it holds negative outcomes ({float(x[i])!r} at position {i}), so a "
            "part can exceed the total; use quantiles and the failure rate, or the gains alone, numpy.maximum(data, 0)."
        )
    if x.max() == 0.0:
        raise UndefinedMomentError(
            "shares of data are undefined because every outcome is zero, so there is no total to share; "
            "use the failure rate."
        )
    return to_unit(x)
