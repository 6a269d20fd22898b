"""Power laws from counts in bins, where the outcomes themselves are not known."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._lazy import special
from ..errors import DataError
from ..payoffs import Pareto
from ..stats.estimate import Estimate
from ..stats.tail import FEW_POINTS
from .estimators import Floats, doubt


@dataclass(frozen=True, slots=True)
class BinnedPowerLaw:
    """A power law above one of the edges.

    Attributes
    ----------
    threshold : float
        Lower edge of the first bin of the tail.
    tail_index : Estimate
        By maximum likelihood; its interval is a gamma one with Fisher's information and takes the threshold for known.
    pdf_exponent : float
        ``tail_index`` + 1.
    ks : float
        Largest distance between the shares seen and fitted below an edge of the tail.
    n_tail, n : int
        Outcomes in the tail, and in all bins.
    """

    threshold: float
    tail_index: Estimate
    pdf_exponent: float
    ks: float
    n_tail: int
    n: int

    @property
    def law(self) -> Pareto:
        """The tail as a payoff."""
        return Pareto(self.tail_index.value, self.threshold)


def fit_binned_power_law(
    edges: ArrayLike, counts: ArrayLike, *, threshold: float | None = None, level: float = 0.95
) -> BinnedPowerLaw:
    """Fit a power law to counts in bins.

    Parameters
    ----------
    edges : array_like, shape (m + 1,)
        Edges of the bins, increasing and not negative; the last may be ``inf``. A bin holds its lower edge.
    counts : array_like of int, shape (m,)
        Outcomes in each bin.
    threshold : float, optional
        One of the edges; by default the one above 0 with the smallest Kolmogorov-Smirnov distance whose tail has three
        bins and 10 outcomes.
    level : float
        Confidence level.

    Returns
    -------
    BinnedPowerLaw

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    DataError
        If no edge leaves such a tail, or all of the tail is in one bin.

    References
    ----------
    Virkar and Clauset 2014, Annals of Applied Statistics 8(1), 89-119, section 3.

    Examples
    --------
    >>> from tailsim.fit import fit_binned_power_law
    >>> fit = fit_binned_power_law([1, 2, 4, 8, 16, float("inf")], [800, 400, 200, 100, 100])
    >>> round(fit.tail_index.value, 6), fit.threshold, fit.n_tail
    (1.0, 1.0, 1600)
    """
    bins, seen = _bins(edges, counts)
    level = _check.level(level)
    if threshold is not None:
        threshold = _check.positive("threshold", threshold)
        if threshold not in bins[:-2]:
            raise _check.refuse("threshold", "one of the edges, before the last two", threshold)
        candidates = [int(np.searchsorted(bins, threshold))]
    else:
        deep = np.cumsum(seen[::-1])[::-1] >= FEW_POINTS
        candidates = [i for i in range(seen.size - 2) if bins[i] > 0.0 and deep[i]]
    fits = [(*fit_from(bins[i:], seen[i:]), i) for i in candidates if np.count_nonzero(seen[i:]) > 1]
    if not fits:
        raise DataError(
            f"counts must leave {FEW_POINTS} outcomes in a tail of three bins or more, two of them filled, got "
            f"{int(seen.sum())} outcomes in {seen.size} bins; use finer bins."
        )
    ks, index, i = min(fits)
    n_tail = int(seen[i:].sum())
    shape = n_tail * index * index * _information(bins[i:] / bins[i], index)
    ends = special.gammaincinv(shape, np.array([0.5 - level / 2, 0.5 + level / 2])) / shape * index
    low, high = float(ends[0]), float(ends[1])
    said = "maximum likelihood from bins, gamma interval"
    estimate = Estimate(index, index / math.sqrt(shape), (low, high), level, said, n_tail, doubt(n_tail, low, high))
    return BinnedPowerLaw(float(bins[i]), estimate, index + 1.0, ks, n_tail, int(seen.sum()))


def _bins(edges: ArrayLike, counts: ArrayLike) -> tuple[Floats, NDArray[np.int64]]:
    """Edges and counts, checked."""
    rule = "increasing numbers of 0 or more, at least four of them; the last may be inf"
    bins = _check.numbers("edges", edges, rule, min_size=4, low=0.0, finite=False)
    if not np.all(np.diff(bins) > 0.0) or not np.isfinite(bins[:-1]).all():
        raise _check.refuse("edges", rule, edges)
    seen = _check.numbers("counts", counts, f"{bins.size - 1} whole numbers of 0 or more", low=0.0)
    if seen.size != bins.size - 1 or not np.all(seen == np.floor(seen)):
        raise _check.refuse("counts", f"{bins.size - 1} whole numbers of 0 or more, one a bin", counts)
    return bins, seen.astype(np.int64)


def _shares(ratios: Floats, index: float) -> tuple[Floats, Floats]:
    """Probability of each bin of the tail, edges over the threshold, and its derivative in the tail index."""
    with np.errstate(divide="ignore"):
        logs = np.log(ratios)
    survival = np.exp(-index * logs)
    slope = np.where(np.isinf(logs), 0.0, -np.where(np.isinf(logs), 0.0, logs) * survival)
    return -np.diff(survival), -np.diff(slope)


def _information(ratios: Floats, index: float) -> float:
    """Fisher's information of one outcome on the tail index."""
    p, slope = _shares(ratios, index)
    return float(np.sum(np.where(p > 0.0, slope * slope / np.where(p > 0.0, p, 1.0), 0.0)))


def fit_from(bins: Floats, seen: NDArray[Any]) -> tuple[float, float]:
    """(distance, tail index) of the tail that starts with the first bin."""
    from scipy.optimize import brentq

    ratios = bins / bins[0]
    filled = seen > 0

    def score(log_index: float) -> float:
        p, slope = _shares(ratios, math.exp(log_index))
        return float(np.sum(seen[filled] * slope[filled] / np.maximum(p[filled], 1e-300)))

    # ln of the tail index: from one that leaves nearly all in the last bin to one that leaves nearly all in the first
    widest = math.log(max(float(ratios[-2]), 1.0 + 1e-12))
    low, high = math.log(1e-9 / widest), math.log(600.0 / widest)
    index = math.exp(brentq(score, low, high, xtol=1e-13)) if score(low) * score(high) < 0.0 else math.nan
    if math.isnan(index):
        return math.inf, math.inf
    below = np.concatenate([[0], np.cumsum(seen[:-1])]) / seen.sum()
    return float(np.abs(below - (1.0 - ratios[:-1] ** -index)).max()), index
