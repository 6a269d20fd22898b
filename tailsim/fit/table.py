"""Laws from a published table of counts."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import _check
from ..payoffs import Buckets, Pareto
from .binned import fit_from
from .estimators import Floats


def from_buckets(
    counts: Sequence[float],
    edges: Sequence[float],
    *,
    threshold: float | None = None,
    within: str | Sequence[str] = "loguniform",
) -> Buckets:
    """The law of a published table: so many outcomes between these edges.

    Inside the table the buckets are as they are; above the last edge the law is Pareto, with the tail
    index that makes the counts above ``threshold`` most likely.

    Parameters
    ----------
    counts : sequence of float
        Outcomes in each bucket, or shares of them: bucket i runs from edges[i] to edges[i + 1], the last
        one from the last edge to infinity.
    edges : sequence of float
        Lower edges, increasing, as many as counts; or one more, the last of them infinite.
    threshold : float, optional
        The edge above which the tail index is fitted; by default the third edge from the end, so that
        three counts decide. Where the tail is said to start decides the index: try others.
    within : str or sequence of str
        How payoffs lie inside the closed buckets, as in ``Buckets``; a bucket from 0 is "uniform" where
        one word is given for all.

    Returns
    -------
    Buckets
        The law. ``fit.fit_binned_power_law`` gives the index with its interval.

    Raises
    ------
    ArgumentError
        If counts are negative or do not match the edges, or the tail has no count.

    References
    ----------
    Virkar and Clauset 2014, Annals of Applied Statistics 8(1), section 3 (binned maximum likelihood).

    Examples
    --------
    >>> import tailsim as ts
    >>> counts, edges = [64.8, 25.3, 5.9, 2.5, 1.1, 0.4], [0, 1, 5, 10, 20, 50]
    >>> law = ts.from_buckets(counts, edges, threshold=10)
    >>> round(law.tail_index, 3), round(law.sf(10), 3)
    (1.423, 0.04)
    """
    c, e = _table(counts, edges)
    start = float(e[max(0, e.size - 3)]) if threshold is None else threshold
    index = _index_above(c, e, start)
    if isinstance(within, str):
        within = ["uniform" if low == 0.0 and within == "loguniform" else within for low in e[:-1]]
    return Buckets(tuple(e.tolist()), tuple((c / c.sum()).tolist()), within=within, tail=Pareto(index, float(e[-1])))


def _table(counts: Any, edges: Any) -> tuple[Floats, Floats]:
    """Counts and lower edges, checked."""
    c = _check.numbers("counts", counts, "a list of numbers of at least 0", min_size=2, low=0.0)
    e = _check.numbers("edges", edges, "a list of numbers of at least 0", min_size=2, low=0.0, finite=False)
    e = e[:-1] if e.size == c.size + 1 and np.isinf(e[-1]) else e
    if c.size != e.size:
        raise _check.refuse("edges", f"as many as counts, {c.size}", f"{e.size} edges")
    if not (np.diff(e) > 0.0).all() or np.isinf(e[-1]):
        raise _check.refuse("edges", "increasing", e.tolist())
    if not c.sum() > 0.0:
        raise _check.refuse("counts", "not all zero", c.tolist())
    return c, e


def _index_above(counts: Floats, edges: Floats, threshold: float) -> float:
    """The maximum-likelihood tail index above one of the edges."""
    start = _check.positive("threshold", threshold)
    at = np.flatnonzero(edges == start)
    if at.size == 0 or at[0] == edges.size - 1:
        raise _check.refuse("threshold", f"one of the edges above 0 but the last: {edges[:-1].tolist()}", threshold)
    tail = counts[at[0] :]
    if not tail[1:].sum() > 0.0 or not tail[:-1].sum() > 0.0:
        raise _check.refuse("counts", f"above 0 in at least two buckets from {start:g} on", tail.tolist())
    return fit_from(np.append(edges[at[0] :], np.inf), tail)[1]
