"""Resampling of observed payoffs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..errors import ArgumentError
from ..kernels import params
from ._shape import Floats, put
from .base import Payoff
from .power import Pareto
from .spliced import Spliced

_SHOWN = 8


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Empirical(Payoff):
    """One of the given payoffs, each as likely as any other.

    It never pays more than the largest value given: its tail index is inf, whatever the tail of
    the source. Where the tail matters, ``with_tail`` puts a Pareto tail in place of the largest values.

    Parameters
    ----------
    values : array of shape (n,)
        Finite payoffs in money, n >= 1; kept in increasing order, read-only.

    Raises
    ------
    ArgumentError
        There are no values, or some are not finite.

    Examples
    --------
    >>> law = Empirical([0, 0, 1, 7])
    >>> law.mean(), law.sf(1.0), law.atoms, law.gini()
    (2.0, 0.25, ((0.0, 0.5), (1.0, 0.25), (7.0, 0.25)), 0.6875)
    """

    values: NDArray[np.float64] | Sequence[float]
    _up: Floats = field(init=False)  # values as an array, increasing
    _down: Floats = field(init=False)  # and decreasing

    def __post_init__(self) -> None:
        up = np.sort(_check.numbers("values", self.values)) + 0.0
        put(self, values=up, _up=up, _down=np.ascontiguousarray(up[::-1]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Empirical):
            return NotImplemented
        return bool(np.array_equal(self._up, other._up))

    def __hash__(self) -> int:
        return hash((Empirical, self._up.tobytes()))

    def __repr__(self) -> str:
        if self._up.size <= _SHOWN:
            return f"Empirical(values={self._up.tolist()})"
        low, high = self.support
        return f"Empirical(<{self._up.size} values from {low!r} to {high!r}>)"

    def with_tail(self, k: int, *, tail_index: float | None = None) -> Spliced:
        """The sample with a Pareto tail in place of its ``k`` largest values.

        Parameters
        ----------
        k : int
            How many of the largest values the tail replaces. Which is right is a question for ``tailsim.fit``, whose
            ``resampled_with_tail`` chooses k and refuses what no tail can be had from.
        tail_index : float, optional
            Above 0; by default Hill's estimate from the ``k`` largest values.

        Returns
        -------
        Spliced
            With probability k/n Pareto from the (k + 1)-th largest value on, else one of the values up to that one.

        Raises
        ------
        ArgumentError
            Fewer than two values are above 0, ``k`` is not from 1 to their number less one, ``tail_index`` not a finite
            number above 0, or the k + 1 largest values are equal and no index is given.

        References
        ----------
        Hill 1975, Annals of Statistics 3(5), 1163-1174.

        Examples
        --------
        >>> law = Empirical([0, 0, 0, 1, 2, 4, 8, 16]).with_tail(2)
        >>> law.threshold, law.p_tail, round(law.tail_index, 6), round(law.sf(16.0), 6)
        (4.0, 0.25, 0.961797, 0.065899)
        """
        n = self._up.size
        n_positive = int(np.count_nonzero(self._up > 0.0))
        if n_positive < 2:
            raise ArgumentError(f"values must hold at least two above 0 for a tail, got {n_positive} of them.")
        rule = f"a whole number from 1 to {n_positive - 1}, one less than the values above 0"
        k = _check.integer("k", k, rule, low=1, high=n_positive - 1)
        threshold = float(self._up[-k - 1])
        if tail_index is None:
            xi = float(np.mean(np.log(self._up[-k:] / threshold)))
            if xi == 0.0:
                raise _check.refuse("k", f"such that the {k + 1} largest values differ", k, "give a tail_index")
            tail_index = 1.0 / xi
        return Spliced(self, Pareto(tail_index, threshold), threshold, k / n)

    @property
    def support(self) -> tuple[float, float]:
        """The smallest and the largest value."""
        return float(self._up[0]), float(self._up[-1])

    @property
    def tail_index(self) -> float:
        """Inf: bounded."""
        return math.inf

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """Every distinct value with its frequency."""
        x, counts = np.unique(self._up, return_counts=True)
        return tuple(zip(x.tolist(), (counts / self._up.size).tolist(), strict=True))

    def _corners(self) -> Floats:
        return np.unique(self._up)

    def _point_mass(self, x: Floats) -> Floats:
        return np.asarray((self._count(x, "right") - self._count(x, "left")) / self._up.size)

    def _count(self, x: Floats, side: Literal["left", "right"]) -> NDArray[np.intp]:
        """How many values lie below x, x included where side is "right"."""
        return np.searchsorted(self._up, x, side=side)

    def _params(self, factor: float = 1.0) -> params.Params | None:
        values = self._down if factor == 1.0 else self._down * factor
        values.flags.writeable = False  # one type for the compiler
        return params.Resample(values) if np.isfinite(values[[0, -1]]).all() else None

    def _sf(self, x: Floats) -> Floats:
        return np.asarray((self._up.size - self._count(x, "right")) / self._up.size)

    def _cdf(self, x: Floats) -> Floats:
        return np.asarray(self._count(x, "right") / self._up.size)

    def _isf(self, p: Floats) -> Floats:
        n = self._up.size
        i = np.floor(p * n).astype(np.int64)
        i = np.where((i + 1) / n <= p, i + 1, np.where(i / n > p, i - 1, i))  # p * n is rounded
        return self._down[np.clip(i, 0, n - 1)]

    def _ppf(self, q: Floats) -> Floats:
        n = self._up.size
        i = np.clip(np.ceil(q * n).astype(np.int64) - 1, 0, n - 1)
        i = np.where((i + 1) / n < q, i + 1, np.where(i / n >= q, i - 1, i))
        return self._up[np.clip(i, 0, n - 1)]

    def _logpdf(self, x: Floats) -> Floats:
        return np.full_like(x, -np.inf)

    def _within(self, low: float, high: float) -> Payoff | None:
        inside = self._up[(self._up >= low) & (self._up <= high)]
        return Empirical(inside) if inside.size else None

    def _mean(self) -> float:
        low, high = self.support
        shrink = 2.0**-64 if max(-low, high) > 1e290 else 1.0  # the sum may overflow where the mean does not
        return math.fsum(self._up * shrink) / self._up.size / shrink

    def _var(self) -> float:
        return float(np.mean((self._up - self._mean()) ** 2))

    def _tops(self) -> Floats:
        """Sums of the 0, 1, 2, ..., n largest values."""
        return np.append(0.0, np.cumsum(self._down))

    def _partial_mean(self, u: Floats) -> Floats:
        n = self._up.size
        return np.asarray(self._tops()[n - self._count(u, "right")] / n)

    def _gini(self) -> float:
        n = self._up.size
        ranks = 2.0 * np.arange(1.0, n + 1.0) - n - 1.0
        mean = self._mean()
        return math.fsum(ranks * (self._up / n)) / (n * mean) if mean > 0.0 else 0.0

    def _top_share(self, p: Floats) -> Floats:
        tops = self._tops()
        return np.asarray(np.interp(p, np.arange(tops.size) / self._up.size, tops / tops[-1]))

    def _lorenz(self, p: Floats) -> Floats:
        sums = np.append(0.0, np.cumsum(self._up))
        return np.asarray(np.interp(p, np.arange(sums.size) / self._up.size, sums / sums[-1]))
