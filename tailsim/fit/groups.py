"""Laws of groups of bets that borrow strength from all: empirical Bayes for zeros, scale and tail."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .._lazy import special
from ..errors import DataError
from ..io import Outcomes
from ..payoffs import Ensemble, Payoff
from .bootstrap import replicate_rng
from .distinct import Floats
from .splice import MOST_BODY, Splice

N_LAWS = 200
_WIDTHS = np.linspace(math.log(0.1), math.log(1e6), 65)


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """What the groups have in common: priors for a share of zeros, a shift of the logarithms, and a tail index."""

    zeros: tuple[float, float]  # beta
    spread: float  # of the groups' shifts
    noise: float  # spread of ln x within a group
    tail: tuple[float, float]  # gamma: shape, rate
    overall: Splice


@dataclass(frozen=True, slots=True, eq=False)
class _Posterior:
    """What is known of one group: normal shift, gamma tail index, beta share of zeros (None where nobody has any)."""

    shift: tuple[float, float]
    tail: tuple[float, float]
    zeros: tuple[float, float] | None
    overall: Splice
    seed: int
    number: int

    def law(self) -> Payoff:
        """At the posterior means."""
        p_zero = self.zeros[0] / sum(self.zeros) if self.zeros else 0.0
        return _law(self.overall, self.shift[0], self.tail[0] / self.tail[1], p_zero)

    def laws(self) -> list[Payoff]:
        """Drawn from it."""
        rng = replicate_rng(self.seed, 2**31 + self.number)
        p_zeros = rng.beta(*self.zeros, N_LAWS) if self.zeros else np.zeros(N_LAWS)
        shifts = rng.normal(*self.shift, N_LAWS)
        indices = rng.gamma(self.tail[0], 1.0 / self.tail[1], N_LAWS)
        drawn = zip(shifts.tolist(), indices.tolist(), p_zeros.tolist(), strict=True)
        return [_law(self.overall, *parameters) for parameters in drawn]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GroupFit:
    """The law of one group of bets, partially pooled with the others.

    Attributes
    ----------
    name : str
        The group.
    n, n_zero : int
        Its bets, and those that paid nothing.
    payoff : Payoff
        Its law of multiples, at the posterior means.
    p_zero : float
        Share of zeros.
    scale : float
        Its outcomes above zero over those of all bets, as a factor.
    tail_index : float
        Of the tail from ``scale`` times the threshold of all bets on.
    weight : float
        How much of the scale is the group's own: 0 all pooled, 1 not at all.
    """

    name: str
    n: int
    n_zero: int
    payoff: Payoff
    p_zero: float
    scale: float
    tail_index: float
    weight: float
    _posterior: _Posterior
    _memo: dict[str, Ensemble] = field(default_factory=dict)

    @property
    def uncertain(self) -> Ensemble:
        """One of 200 laws drawn from the posterior, once a trial."""
        if "uncertain" not in self._memo:
            self._memo["uncertain"] = Ensemble(self._posterior.laws())
        return self._memo["uncertain"]

    def __repr__(self) -> str:
        return (
            f"GroupFit({self.name!r}: p_zero={self.p_zero:.4g}, scale={self.scale:.4g}, "
            f"tail_index={self.tail_index:.4g}, n={self.n:,}, own weight {self.weight:.2g})"
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Of each group: bets, zeros, the sum of ln x - mean over its outcomes above zero, their number."""

    n: Floats
    zeros: Floats
    logs: Floats
    positive: Floats


def groups_of(outcomes: Outcomes, multiples: Floats, overall: Splice, seed: int) -> dict[str, GroupFit]:
    """A law for each group, in the order of their names."""
    names, at = np.unique(np.array(outcomes.groups or ()), return_inverse=True)
    if names.size < 2:
        raise DataError(f"group must hold at least two groups to pool, got {names.size}; leave it out.")
    is_open = np.zeros(multiples.size, dtype=np.bool_) if outcomes.still_open is None else outcomes.still_open
    if is_open.any():
        raise DataError("group needs finished bets only, for groups are pooled without open ones; leave those out.")
    above = multiples > 0.0
    y = np.zeros(multiples.size)
    y[above] = np.log(multiples[above])
    y[above] -= y[above].mean()
    counts = _counts(at, above, y, names.size)
    noise = _noise(at, above, y, counts)
    pool = _Pool(_beta(counts.zeros, counts.n), _spread(counts, noise), noise, (math.inf, math.inf), overall)
    shifts, weights = _shifts(counts, pool)
    pool, k, s = _with_tail(pool, at, multiples, shifts, names.size)
    return {
        str(name): _group(str(name), i, counts, pool, (shifts[i], weights[i], k[i], s[i]), seed)
        for i, name in enumerate(names)
    }


def _counts(at: Any, above: Any, y: Floats, m: int) -> _Counts:
    n, positive = _sums(at, np.ones(y.size), m), _sums(at, above, m)
    return _Counts(n, n - positive, _sums(at, y, m), positive)


def _sums(at: Any, values: Any, m: int) -> Floats:
    """Sum over each of m groups."""
    return np.bincount(at, values, minlength=m).astype(np.float64)


def _noise(at: Any, above: Any, y: Floats, counts: _Counts) -> float:
    """Spread of the logarithms within groups."""
    means = counts.logs / np.maximum(counts.positive, 1.0)
    free = float(counts.positive.sum() - np.count_nonzero(counts.positive))
    left = float(np.sum((y - means[at])[above] ** 2))
    return math.sqrt(left / free) if free > 0.0 and left > 0.0 else 1.0


def _largest(f: Callable[[float], float], grid: Floats) -> float:
    """Where a function with one peak is highest, to the nearest of a fine grid."""
    values = np.array([f(float(z)) for z in grid])
    best = int(np.argmax(values))
    fine = np.linspace(grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)], 41)
    return float(fine[int(np.argmax([f(float(z)) for z in fine]))])


def _beta(zeros: Floats, n: Floats) -> tuple[float, float]:
    """The beta prior with the mean of all bets that makes the groups' zeros most likely."""
    mean = (float(zeros.sum()) + 0.5) / (float(n.sum()) + 1.0)

    def likelihood(log_size: float) -> float:
        a, b = mean * math.exp(log_size), (1.0 - mean) * math.exp(log_size)
        return float(np.sum(special.betaln(zeros + a, n - zeros + b) - special.betaln(a, b)))

    size = math.exp(_largest(likelihood, _WIDTHS))
    return mean * size, (1.0 - mean) * size


def _spread(counts: _Counts, noise: float) -> float:
    """Spread of the groups' true shifts that makes their mean logarithms most likely."""
    has = counts.positive > 0
    mean, variance = counts.logs[has] / counts.positive[has], noise**2 / counts.positive[has]

    def likelihood(log_ratio: float) -> float:
        total = variance + (noise * math.exp(log_ratio)) ** 2
        return float(-0.5 * np.sum(np.log(total) + mean**2 / total))

    return noise * math.exp(_largest(likelihood, np.linspace(math.log(1e-4), math.log(100.0), 65)))


def _shifts(counts: _Counts, pool: _Pool) -> tuple[Floats, Floats]:
    """Posterior mean shift of each group, and how much of it is its own."""
    own = counts.positive * pool.spread**2 / (counts.positive * pool.spread**2 + pool.noise**2)
    return own * counts.logs / np.maximum(counts.positive, 1.0), own


def _with_tail(pool: _Pool, at: Any, x: Floats, shifts: Floats, m: int) -> tuple[_Pool, Floats, Floats]:
    """The pool with its gamma prior; outcomes in each group's tail, and the sum of their logarithms over its start."""
    starts = pool.overall.threshold * np.exp(shifts)[at]
    tail = x >= starts
    logs = np.zeros(x.size)
    logs[tail] = np.log(x[tail] / starts[tail])
    k, s = _sums(at, tail, m), _sums(at, logs, m)
    if pool.overall.cap < math.inf:  # the tail's end decides its index; groups share both
        k, s = np.zeros(m), np.zeros(m)
    index = pool.overall.tail_index

    def likelihood(log_shape: float) -> float:
        shape = math.exp(log_shape)
        rate = shape / index
        ahead = special.gammaln(shape + k) - special.gammaln(shape)
        return float(np.sum(ahead + shape * math.log(rate) - (shape + k) * np.log(rate + s)))

    shape = math.exp(_largest(likelihood, _WIDTHS))
    return _Pool(pool.zeros, pool.spread, pool.noise, (shape, shape / index), pool.overall), k, s


def _group(
    name: str, i: int, counts: _Counts, pool: _Pool, found: tuple[float, float, float, float], seed: int
) -> GroupFit:
    """The law of one group at its posterior means."""
    shift, weight, k, s = found
    n, n_zero, positive = (float(column[i]) for column in (counts.n, counts.zeros, counts.positive))
    zeros = (pool.zeros[0] + n_zero, pool.zeros[1] + positive) if counts.zeros.sum() > 0 else None
    tail = (pool.tail[0] + k, pool.tail[1] + s)
    known = _Posterior((shift, pool.spread * math.sqrt(1.0 - weight)), tail, zeros, pool.overall, seed, i)
    p_zero = zeros[0] / sum(zeros) if zeros else 0.0
    return GroupFit(name, int(n), int(n_zero), known.law(), p_zero, math.exp(shift), tail[0] / tail[1], weight, known)


def _law(overall: Splice, shift: float, index: float, p_zero: float) -> Payoff:
    """The law of all bets with outcomes above zero moved by a factor, and with a tail index of its own."""
    factor = math.exp(shift)
    body = overall.body[:: max(1, -(-overall.body.size // MOST_BODY))] * factor
    cap = overall.cap * factor
    held = (cap, overall.n_tail, overall.n_done, overall.beyond, body)
    return Splice(overall.threshold * factor, index, overall.p_tail, *held).law(p_zero)
