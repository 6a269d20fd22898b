"""Means of the first 1, 2, ..., n draws of a law along several paths: whether they settle, and on what."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..errors import PayoffError, UndefinedMomentError
from ..payoffs._rng import RngLike, seed_of
from ..payoffs.base import check_law
from .verdict import mean_verdict

if TYPE_CHECKING:
    from ..payoffs.base import Payoff

Floats = NDArray[np.float64]
_POINTS = 240
_MOST = 100_000_000


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RunningMeans:
    """Sample means as draws come in; made by ``running_means``.

    Attributes
    ----------
    law : Payoff
        What was drawn from.
    mean : float
        The law's mean; inf where the integral diverges, NaN where it is undefined.
    n : ndarray of int, shape (m,)
        Numbers of draws, from 1 to all, evenly on a log scale.
    paths : ndarray, shape (n_paths, m)
        Mean of the first n draws, one row a path.
    seed : int
        What reproduces them.
    verdict : str
        Whether a mean of all the draws of one path can be trusted.
    """

    law: "Payoff"
    mean: float
    n: NDArray[np.int64]
    paths: Floats
    seed: int
    verdict: str

    @property
    def ends(self) -> Floats:
        """Means of all draws, one a path, from the smallest up."""
        return np.sort(self.paths[:, -1])

    def plot(self, *, ax: Any = None) -> Any:
        """The paths against the number of draws; see ``plotting.plot_running_means``."""
        from .. import plotting

        return plotting.plot_running_means(self, ax=ax)

    def __repr__(self) -> str:
        ends = f"{self.ends[0]:.4g} to {self.ends[-1]:.4g}"
        head = f"RunningMeans({len(self.paths)} paths of {int(self.n[-1]):,} draws end at {ends}"
        return f"{head}; the mean is {self.mean:.4g}): {self.verdict}"


def running_means(payoff: "Payoff", n: int, *, n_paths: int = 8, rng: RngLike = None) -> RunningMeans:
    """Means of the first 1, 2, ..., n draws of a law, along several independent paths.

    Parameters
    ----------
    payoff : Payoff
        The law; ``Empirical(data)`` for data.
    n : int
        Draws a path, from 2 to 1e8.
    n_paths : int
        Independent paths, from 1 to 1,000.
    rng : None, int, SeedSequence or Generator
        The seed. Each path has a stream of its own; fewer draws or paths are the first of more.

    Returns
    -------
    RunningMeans
        With ``.paths``, the true ``.mean`` beside them, a ``.verdict`` and ``.plot()``.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    PayoffError
        If a sum of draws exceeds the largest double.

    Examples
    --------
    >>> import tailsim as ts
    >>> found = ts.stats.running_means(ts.Pareto(1.1), 100_000, rng=1)
    >>> round(found.mean, 6), [f"{end:.1f}" for end in (found.ends[0], found.ends[-1])]
    (11.0, ['6.8', '9.8'])
    """
    law = check_law("payoff", payoff)
    n = _check.integer("n", n, f"a whole number from 2 to {_MOST:,}", low=2, high=_MOST)
    n_paths = _check.integer("n_paths", n_paths, "a whole number from 1 to 1,000", low=1, high=1000)
    seed = seed_of(rng)
    at = np.unique(np.geomspace(1, n, _POINTS).round().astype(np.int64))
    children = np.random.SeedSequence(seed).spawn(n_paths)
    with np.errstate(over="ignore", invalid="ignore"):
        paths = np.array([np.cumsum(law.rvs(n, rng=child))[at - 1] / at for child in children])
    if not np.isfinite(paths).all():
        raise PayoffError(f"sums of {n:,} draws of {law!r} exceed the largest double; use the law's quantiles instead.")
    for array in (at, paths):
        array.flags.writeable = False
    return RunningMeans(law, _mean(law), at, paths, seed, str(mean_verdict(law, n)))


def _mean(law: "Payoff") -> float:
    try:
        return float(law.mean())
    except UndefinedMomentError:
        return math.nan
