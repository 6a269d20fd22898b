"""The first-order part of the Asmussen-Kroese estimator, integrated exactly.

What one large bet among the others does to the estimate is rare and heavy: samples that have not
seen it state too small an error. So its effect h(M), M the largest of the others and the rest of
them at a typical sum, is subtracted in every sample, and its expectation is added back by quadrature.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..payoffs.base import Payoff, merged
from .others import Others

Floats = NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_COARSE, _COARSE_WEIGHTS = np.polynomial.legendre.leggauss(4)
MOST_CORNERS = 20_000


class Group(NamedTuple):
    """Like bets: their law, and how many of them are among the others."""

    payoff: Payoff
    others: Others


def rule(breaks: Floats, nodes: Floats = _NODES, weights: Floats = _WEIGHTS) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on every panel between increasing breaks."""
    half = 0.5 * np.diff(breaks)[:, None]
    return (breaks[:-1, None] + half * (1.0 + nodes)).reshape(-1), (half * weights).reshape(-1)


def panels(payoff: Payoff, depth: int, kinks: Sequence[float] = ()) -> Floats:
    """Breaks in the exceedance: octaves at both ends, and where the quantile function or the integrand bends."""
    octaves = 2.0 ** -np.arange(float(depth), -1.0, -1.0)
    near_one = 1.0 - 2.0 ** -np.arange(2.0, 54.0)
    corners = payoff._corners()[:MOST_CORNERS]
    above = payoff._sf(corners)
    jumps = merged(above, np.minimum(above + payoff._point_mass(corners), 1.0))
    breaks = merged(octaves, near_one, jumps, np.asarray(kinks, dtype=np.float64))
    return np.asarray(breaks[(breaks >= octaves[0]) & (breaks <= 1.0)])


def over_largest(
    f: Callable[[Floats], Floats], groups: Sequence[Group], depth: int, kinks: Sequence[float] = ()
) -> float:
    """E f(M), M the largest of the others; ``f`` of -inf is its value where there are none.

    ``kinks`` are payoffs where f bends. Ties between groups belong to the last of them.
    """
    none = np.prod([float(g.others.psi(np.ones(1))[0]) for g in groups])
    total = float(none * f(np.array([-np.inf]))[0]) if none else 0.0
    for j, group in enumerate(groups):
        if not group.others.most:
            continue
        bends = group.payoff._sf(np.asarray(kinks, dtype=np.float64))
        v, w = rule(panels(group.payoff, depth, list(bends)))
        y = group.payoff._isf(v)
        density = group.others.slope(v)
        for i, other in enumerate(groups):
            if i != j:
                beyond = other.payoff._sf(y)
                if i > j:
                    beyond = beyond + other.payoff._point_mass(y)
                density = density * other.others.psi(np.minimum(beyond, 1.0))
        total += float(np.sum(w * density * f(y)))
    return total


def over_two_largest(f: Callable[[Floats, Floats], Floats], group: Group, depth: int) -> float:
    """E f(M, M2) over the two largest of the others, to a few per cent: what a variance needs."""
    inside = panels(group.payoff, depth)
    inside = inside[(inside == 1.0) | (np.log2(np.maximum(inside, 1e-300)) % 1.0 == 0.0)]
    v2, w2 = rule(inside, _COARSE, _COARSE_WEIGHTS)
    t, wt = rule(2.0 ** -np.arange(40.0, -1.0, -1.0), _COARSE, _COARSE_WEIGHTS)
    v1 = v2[:, None] * t
    first, second = group.payoff._isf(v1.reshape(-1)), np.repeat(group.payoff._isf(v2), t.size)
    weight = (w2 * v2 * group.others.bend(v2))[:, None] * wt
    return float(np.sum(weight.reshape(-1) * f(first, second)))
