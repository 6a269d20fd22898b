"""Pictures of a tail as numbers: each a result that plots itself."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._lazy import special
from ..errors import DataError
from ..stats.concentration import max_to_sum
from ..stats.tail import FEW_POINTS
from .distinct import log_zeta
from .estimators import Floats
from .power_law_fit import PowerLawFit
from .thresholds import hill_path


def _frozen(*arrays: NDArray[np.generic]) -> None:
    for array in arrays:
        array.flags.writeable = False


@dataclass(frozen=True, slots=True, eq=False)
class HillPlot:
    """Hill's tail index against the number of outcomes it is taken from.

    Attributes
    ----------
    k : ndarray of int
        How many of the largest outcomes.
    tail_index, low, high : ndarray
        The estimate and the ends of its interval, which takes the threshold for known; ``inf`` where the k + 1 largest
        are equal.
    threshold : ndarray
        The (k + 1)-th largest outcome.
    level : float
        Confidence level.
    """

    k: NDArray[np.int64]
    tail_index: Floats
    low: Floats
    high: Floats
    threshold: Floats
    level: float

    def plot(self, *, ax: Any = None) -> Any:
        """Draw it: see `plotting.plot_hill`."""
        from .. import plotting

        return plotting.plot_hill(self, ax=ax)


def hill_plot(data: ArrayLike, *, level: float = 0.95) -> HillPlot:
    """Hill's tail index from every number of largest outcomes, 10 or more: look for a level stretch.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes; only those above 0 count, at least 20 of them.
    level : float
        Confidence level.

    Returns
    -------
    HillPlot

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    DataError
        If fewer than 20 outcomes are above 0.

    References
    ----------
    Drees, de Haan and Resnick 2000, Annals of Statistics 28(1), 254-274, on how to read it.

    Examples
    --------
    >>> import numpy as np
    >>> from tailsim.fit import hill_plot
    >>> seen = hill_plot((np.arange(1, 1001) / 1001) ** (-1 / 1.5))
    >>> int(seen.k[0]), round(float(seen.tail_index[90]), 3)
    (10, 1.534)
    """
    x = _positive(data)
    level = _check.level(level)
    k = np.arange(FEW_POINTS, x.size)
    with np.errstate(divide="ignore"):
        index = 1.0 / hill_path(x)[FEW_POINTS - 1 :]
    low, high = (special.gammaincinv(k, p) / k * index for p in (0.5 - level / 2, 0.5 + level / 2))
    threshold = x[::-1][FEW_POINTS:].copy()
    _frozen(k, index, low, high, threshold)
    return HillPlot(k, index, low, high, threshold, level)


def _positive(data: ArrayLike) -> Floats:
    """The outcomes above 0, increasing, 20 of them or more."""
    x = _check.numbers("data", data)
    x = np.sort(x[x > 0.0])
    if x.size < 2 * FEW_POINTS:
        raise DataError(f"data must hold at least {2 * FEW_POINTS} outcomes above 0 to show a tail, got {x.size}.")
    return x


@dataclass(frozen=True, slots=True, eq=False)
class MeanExcess:
    """Mean of what exceeds a threshold, against the threshold.

    Attributes
    ----------
    threshold : ndarray
        The distinct outcomes that 10 others or more exceed.
    mean_excess : ndarray
        Mean of outcome less threshold over the outcomes above it. It rises along a line of slope 1 / (tail_index - 1)
        in a power tail with a mean, is level in an exponential one; in a tail without a mean it means nothing.
    n_above : ndarray of int
        Outcomes above the threshold.
    """

    threshold: Floats
    mean_excess: Floats
    n_above: NDArray[np.int64]

    def plot(self, *, ax: Any = None) -> Any:
        """Draw it: see `plotting.plot_mean_excess`."""
        from .. import plotting

        return plotting.plot_mean_excess(self, ax=ax)


def mean_excess_curve(data: ArrayLike) -> MeanExcess:
    """Mean of what exceeds a threshold, for every outcome as threshold that 10 others exceed.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes of any sign.

    Returns
    -------
    MeanExcess

    Raises
    ------
    ArgumentError
        If ``data`` is not finite.
    DataError
        If no outcome is exceeded by 10 others.

    References
    ----------
    Davison and Smith 1990, Journal of the Royal Statistical Society B 52(3), 393-442, section 5.2.

    Examples
    --------
    >>> from tailsim.fit import mean_excess_curve
    >>> mean_excess_curve(range(12)).mean_excess
    array([6. , 5.5])
    """
    x, counts = np.unique(_check.numbers("data", data), return_counts=True)
    above = counts.sum() - np.cumsum(counts)
    unit = max(float(np.abs(x).max()), np.finfo(float).tiny)
    steps = np.diff(x / unit) * above[:-1]  # each step up is made by all outcomes above it
    total = np.append(np.cumsum(steps[::-1])[::-1], 0.0)
    kept = above >= FEW_POINTS
    if not kept.any():
        raise DataError(f"data must hold an outcome that {FEW_POINTS} others exceed, got {int(counts.sum())} outcomes.")
    mean = total[kept] / above[kept] * unit
    threshold, n_above = x[kept], above[kept]
    _frozen(threshold, mean, n_above)
    return MeanExcess(threshold, mean, n_above)


@dataclass(frozen=True, slots=True, eq=False)
class QQ:
    """Outcomes of the tail against the quantiles of the fitted power law.

    Attributes
    ----------
    fitted : ndarray
        Quantiles of the fit at exceedances (i - 1/2) / n_tail, increasing.
    observed : ndarray
        The outcomes at or above the threshold, increasing.
    low, high : ndarray
        Where each outcome lies with probability ``level`` if the fit is right and its parameters known.
    level : float
        Of each point by itself.
    """

    fitted: Floats
    observed: Floats
    low: Floats
    high: Floats
    level: float

    def plot(self, *, ax: Any = None) -> Any:
        """Draw it: see `plotting.plot_qq`."""
        from .. import plotting

        return plotting.plot_qq(self, ax=ax)


def qq(fit: PowerLawFit, *, level: float = 0.95) -> QQ:
    """Outcomes of the tail of a fitted power law against its quantiles.

    Parameters
    ----------
    fit : PowerLawFit
        From `fit_power_law`.
    level : float
        Of the band.

    Returns
    -------
    QQ

    Examples
    --------
    >>> import tailsim as ts
    >>> from tailsim.fit import qq
    >>> seen = qq(ts.fit_power_law(ts.Pareto(1.5).rvs(500, rng=1)))
    >>> seen.observed.size == seen.fitted.size
    True
    """
    _check.instance("fit", fit, PowerLawFit, "a PowerLawFit, as fit_power_law returns")
    level = _check.level(level)
    n = fit.n_tail
    rank = np.arange(n, 0, -1)  # from above
    fitted = _isf(fit, (rank - 0.5) / n)
    low, high = (_isf(fit, special.betaincinv(rank, n - rank + 1, p)) for p in (0.5 + level / 2, 0.5 - level / 2))
    observed = fit.tail()
    _frozen(fitted, low, high, observed)
    return QQ(fitted, observed, low, high, level)


def _isf(fit: PowerLawFit, exceedance: Floats) -> Floats:
    """Quantiles of the tail: the smallest x with P(X > x) <= exceedance."""
    smooth = fit.threshold * np.exp(-np.log(exceedance) / fit.tail_index)
    if not fit.discrete:
        return smooth
    low, high = np.full(exceedance.shape, fit.threshold - 1.0), np.ceil(2.0 * smooth) + 2.0
    log_total = float(log_zeta(fit.pdf_exponent, np.array([fit.threshold]))[0])
    while np.any(high - low > np.maximum(1.0, 1e-15 * high)):
        middle = np.floor((low + high) / 2)
        x = middle + 1.0
        log_sf = log_zeta(fit.pdf_exponent, x) - log_total - fit.pdf_exponent * np.log(x / fit.threshold)
        below = log_sf <= np.log(exceedance)
        moved = (middle > low) & (middle < high)
        high, low = np.where(below, middle, high), np.where(below, low, middle)
        if not moved.any():
            break
    return high


@dataclass(frozen=True, slots=True, eq=False)
class MaxToSum:
    """Share of the largest in the sum of powers of the outcomes, as they come in.

    Attributes
    ----------
    n : ndarray of int
        Outcomes so far.
    orders : tuple of float
        The powers.
    paths : ndarray, shape (len(orders), n)
        Largest power over the sum of powers; it goes to 0 exactly where that moment exists. NaN while all are zero.
    """

    n: NDArray[np.int64]
    orders: tuple[float, ...]
    paths: Floats

    def plot(self, *, ax: Any = None) -> Any:
        """Draw it: see `plotting.plot_max_to_sum`."""
        from .. import plotting

        return plotting.plot_max_to_sum(self, ax=ax)


def max_to_sum_paths(data: ArrayLike, *, orders: tuple[float, ...] = (1.0, 2.0)) -> MaxToSum:
    """Whether moments exist, by the share of the largest in their sums.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes in the order they came, none negative.
    orders : tuple of float
        Moments, each above 0.

    Returns
    -------
    MaxToSum

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If an outcome is negative, or all are zero.

    References
    ----------
    Embrechts, Klüppelberg and Mikosch 1997, Modelling Extremal Events, section 6.2.6.

    Examples
    --------
    >>> from tailsim.fit import max_to_sum_paths
    >>> max_to_sum_paths([1, 1, 2]).paths
    array([[1.        , 0.5       , 0.5       ],
           [1.        , 0.5       , 0.66666667]])
    """
    x = _check.numbers("data", data)
    powers = tuple(float(order) for order in _check.numbers("orders", orders, "numbers above 0", low=5e-324))
    largest = float(np.abs(x).max()) or 1.0
    paths = np.array([max_to_sum(np.sign(x) * (np.abs(x) / largest) ** order) for order in powers])
    n = np.arange(1, x.size + 1)
    _frozen(n, paths)
    return MaxToSum(n, powers, paths)


@dataclass(frozen=True, slots=True, eq=False)
class TailCurve:
    """How often outcomes reach x, seen and by two laws, above the threshold of a fit.

    Attributes
    ----------
    x : ndarray
        Distinct outcomes at or above the threshold.
    seen : ndarray
        Share of all outcomes at or above each.
    power_law, lognormal : ndarray
        The same by the fit, and by the best lognormal above the threshold (read half a unit lower for whole outcomes).
    """

    x: Floats
    seen: Floats
    power_law: Floats
    lognormal: Floats


def tail_curve(fit: PowerLawFit) -> TailCurve:
    """How often outcomes reach x above the threshold: seen, by the power law and by the best lognormal.

    Parameters
    ----------
    fit : PowerLawFit
        From `fit_power_law`.

    Returns
    -------
    TailCurve
    """
    tail = fit.tail()
    x = np.unique(tail)
    share = fit.n_tail / fit.n
    seen = (tail.size - np.searchsorted(tail, x)) / fit.n
    power_law = share * np.asarray(fit.prob_at_least(x))
    parameters = fit.compare("lognormal").parameters
    if np.isinf(parameters["sigma"]):
        lognormal = power_law.copy()
    else:
        shift = 0.5 if fit.discrete else 0.0
        z = (np.log(np.append(x, fit.threshold) - shift) - parameters["mu"]) / parameters["sigma"]
        log_sf = special.log_ndtr(-z)
        lognormal = share * np.exp(log_sf[:-1] - log_sf[-1])
    _frozen(x, seen, power_law, lognormal)
    return TailCurve(x, seen, power_law, lognormal)
