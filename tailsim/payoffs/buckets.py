"""Published outcome tables: the probability of each range of payoffs, and what is assumed inside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import _check
from ..errors import ArgumentError
from ..kernels import params
from . import _numeric
from ._probabilities import LAST
from ._shape import Floats, put
from ._table import Table, table_of
from .base import Payoff, atoms_at_corners, check_law, merged

RULES = ("loguniform", "uniform", "low")


@dataclass(frozen=True, slots=True)
class Buckets(Payoff):
    """A table of outcomes: ``probabilities[i]`` of a payoff in [edges[i], edges[i + 1]).

    Parameters
    ----------
    edges : sequence of float
        Increasing payoffs in money. One more than ``probabilities``; the last may be inf, or be
        left out, and the last bucket is then open. Kept without that inf.
    probabilities : sequence of float
        They sum to 1 within 1e-9 (then divided by their sum). Buckets of probability 0 are never drawn.
    within : str or sequence of str
        Where the payoffs of a closed bucket lie: "loguniform" (uniform in the logarithm; refused
        for a bucket that starts at or below 0), "uniform", or "low" (all at the lower edge). One
        rule for all, or one for each closed bucket; the open one follows ``tail``.
    tail : Payoff, optional
        The law of the open bucket, nowhere below the last finite edge, such as
        ``Pareto(1.42, scale=50)`` above 50; needed where that bucket has a probability above 0.

    Raises
    ------
    ArgumentError
        The edges do not increase, the probabilities do not sum to 1, a rule does not fit its bucket, or
        the open bucket has no tail, or one that starts below it.

    Examples
    --------
    >>> from tailsim.payoffs import Pareto
    >>> law = Buckets([0, 1, 5, 50], [0.6, 0.3, 0.09, 0.01], ["uniform", "loguniform", "loguniform"], Pareto(1.42, 50))
    >>> law.sf(1.0), law.isf(0.01), round(law.mean(), 6)
    (0.4, 50.0, 4.494971)
    """

    edges: Sequence[float]
    probabilities: Sequence[float]
    within: str | Sequence[str] = "loguniform"
    tail: Payoff | None = None
    _table: Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        p = _check.normalised(_check.probabilities("probabilities", self.probabilities))
        edges = _edges(self.edges, p.size)
        closed = edges.size - 1
        rules = _rules(self.within, closed)
        _check_logs(edges, rules)
        _check_tail(self.tail, edges, float(p[closed:].sum()), closed < p.size)
        within = rules[0] if len(set(rules)) == 1 else rules
        put(self, edges=tuple(edges.tolist()), probabilities=tuple(p.tolist()), within=within)
        put(self, _table=table_of(edges, p, rules))

    @property
    def _open(self) -> Payoff | None:
        """The law of the open bucket, None where it is never drawn."""
        return self.tail if self._table.p_open > 0.0 else None

    @property
    def support(self) -> tuple[float, float]:
        """From the lowest to the highest bucket with a probability above 0."""
        t = self._table
        ends = [(float(t.low[0]), float(np.where(t.atom, t.low, t.high)[-1]))] if t.low.size else []
        if self._open is not None:
            ends.append(self._open.support)
        return ends[0][0], ends[-1][1]

    @property
    def tail_index(self) -> float:
        """That of ``tail``, inf without one."""
        return math.inf if self._open is None else self._open.tail_index

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The lower edges of buckets that follow "low", and the atoms of ``tail``."""
        return atoms_at_corners(self)

    def _corners(self) -> Floats:
        t = self._table
        tail = np.empty(0) if self._open is None else self._open._corners()
        return merged(t.low, t.high[~t.atom], tail)

    def _points(self, depth: int = _numeric.DEEPEST) -> Floats:
        x = np.array(self.edges)
        own = _numeric.refined(x, min(float(x[0]), 0.0))
        return own if self._open is None else merged(own, self._open._points(depth))

    def _with_tail(self, closed: Floats, method: str, x: Floats) -> Floats:
        """What the closed buckets answer, plus the open one's part."""
        if self._open is None:
            return closed
        return np.asarray(closed + self._table.p_open * np.asarray(getattr(self._open, method)(x)))

    def _point_mass(self, x: Floats) -> Floats:
        return self._with_tail(self._table.point_mass(x), "_point_mass", x)

    def _sf(self, x: Floats) -> Floats:
        t, i = self._table, self._table.bucket_of(x)
        if not t.low.size:
            return self._with_tail(np.zeros_like(x), "_sf", x)
        closed = t.above[i] + t.weight[i] * t.upper_part(i, x)
        return np.where(i < 0, 1.0, np.minimum(self._with_tail(closed, "_sf", x), 1.0))

    def _cdf(self, x: Floats) -> Floats:
        t, i = self._table, self._table.bucket_of(x)
        if not t.low.size:
            return self._with_tail(np.zeros_like(x), "_cdf", x)
        closed = t.below[i] + t.weight[i] * t.lower_part(i, x)
        return np.where(i < 0, 0.0, np.minimum(self._with_tail(closed, "_cdf", x), 1.0))

    def _params(self, factor: float = 1.0) -> params.Params | None:
        top = params.Fixed(0.0) if self._open is None else self._open._params(factor)
        if top is None or not math.isfinite(factor * max(map(abs, self.edges))):
            return None
        return self._table.pieces(factor, top)

    def _isf(self, p: Floats) -> Floats:
        if self._open is None or self._params() is not None:
            return Payoff._isf(self, p)
        x = self._lower_ends(p, self._closed_draw(p))
        top = p < self._table.p_open
        x[top] = self._open._isf(np.minimum(p[top] / self._table.p_open, LAST))
        return x

    def _draw(self, v: Floats, stream: Any) -> Floats:
        if self._open is None or self._params() is not None:
            return Payoff._draw(self, v, stream)
        flat = v.reshape(-1)
        x = self._closed_draw(flat)
        at = np.flatnonzero(flat <= self._table.p_open)
        if at.size:
            x[at] = self._open._draw(flat[at] / self._table.p_open, stream.take(at))
        return x.reshape(v.shape)

    def _closed_draw(self, v: Floats) -> Floats:
        """Payoffs at exceedances above p_open; the last edge for the others."""
        from ..kernels import api

        return api.isf(self._table.pieces(1.0, params.Fixed(float(self.edges[-1]))), v)

    def _logpdf(self, x: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            closed = np.log(self._table.density(x))
            tail = np.full_like(x, -np.inf) if self._open is None else self._open.logpdf(x)
            return np.asarray(np.logaddexp(closed, np.log(self._table.p_open) + tail))

    def _mean(self) -> float:
        top = 0.0 if self._open is None else self._table.p_open * self._open.mean()
        return math.fsum(self._table.means()) + top

    def _var(self) -> float:
        m = self._mean()
        top = 0.0 if self._open is None else self._open.var() + (self._open.mean() - m) ** 2
        return math.fsum(self._table.squares(m)) + self._table.p_open * top

    def _partial_mean(self, u: Floats) -> Floats:
        t, i = self._table, self._table.bucket_of(u)
        if not t.low.size:
            return self._with_tail(np.zeros_like(u), "partial_mean", u)
        whole = np.append(np.cumsum(t.means()[::-1])[::-1], 0.0)
        closed = np.where(i < 0, whole[0], whole[i + 1] + t.weight[i] * t.part_mean(i, u))
        return self._with_tail(closed, "partial_mean", u)


def _edges(edges: Any, n: int) -> Floats:
    """The finite edges: n of them where the last bucket is open, else n + 1."""
    rule = "increasing finite numbers (the last may be inf)"
    x = _check.numbers("edges", edges, rule, finite=False)
    if x.size == n + 1 and x[-1] == math.inf:
        x = x[:-1]
    if x.size not in (n, n + 1):
        raise ArgumentError(
            f"edges must be one more than the {n} probabilities (as many if the last bucket is open), got {x.size}."
        )
    if not np.isfinite(x).all() or not (np.diff(x) > 0.0).all():
        raise _check.refuse("edges", rule, x.tolist())
    return x


def _rules(within: Any, closed: int) -> tuple[str, ...]:
    """One rule for each closed bucket."""
    if isinstance(within, str) or not isinstance(within, Sequence):
        return (_check.one_of("within", within, RULES),) * max(closed, 1)
    rules = tuple(_check.one_of(f"within[{i}]", rule, RULES) for i, rule in enumerate(within))
    if len(rules) != closed:
        raise ArgumentError(
            f"within must be one rule, or one for each of the {closed} closed buckets, got {len(rules)}; "
            "the open bucket follows tail."
        )
    return rules


def _check_logs(edges: Floats, rules: tuple[str, ...]) -> None:
    """Refuse "loguniform" where there is no logarithm."""
    for low, high, rule in zip(edges.tolist(), edges[1:].tolist(), rules, strict=False):
        if rule == "loguniform" and low <= 0.0:
            raise ArgumentError(
                f'within must be "uniform" or "low" for the bucket [{low:g}, {high:g}), which starts at or below 0, '
                'got "loguniform"; give one rule per bucket.'
            )


def _check_tail(tail: Any, edges: Floats, p_open: float, is_open: bool) -> None:
    """Refuse a tail that is missing, has no bucket, or starts below it."""
    edge = float(edges[-1])
    if tail is None:
        if is_open and p_open > 0.0:
            raise ArgumentError(
                f"tail must be the law of the open bucket above {edge:g} (its probability is {p_open:g}), got None; "
                f"give one such as Pareto(1.5, scale={edge:g}) or Constant({edge:g})."
            )
        return
    check_law("tail", tail)
    if not is_open:
        raise ArgumentError(
            f"tail must be None where the last edge is finite, got {_check.shown(tail)}; end edges with inf."
        )
    if tail.support[0] < edge:
        raise ArgumentError(
            f"tail must pay at least the last finite edge {edge:g}, got {_check.shown(tail)}, which starts at "
            f"{tail.support[0]:g}."
        )
