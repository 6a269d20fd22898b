"""A sample's own law: its zeros, its body as it is, and a Pareto tail from a threshold on, cut where it must be."""

import math
from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from ..payoffs import Empirical, Pareto, Payoff, Spliced, Truncated, ZeroInflated
from ..stats.tail import FEW_POINTS
from .distinct import Distinct, Floats
from .whole import Flags

CUT = 0.01  # a Pareto tail that would exceed the largest outcome with all but this probability is cut
MOST_BODY = 2000  # quantiles that stand for the body in each law of an ensemble


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Finished and open outcomes above zero, in increasing order, the open ones after the finished among equal ones."""

    x: Floats
    is_open: Flags

    @classmethod
    def of(cls, x: Floats, is_open: Flags) -> "Sample":
        """Sorted."""
        order = np.lexsort((is_open, x))
        return cls(x[order], is_open[order])

    def drawn(self, rng: np.random.Generator) -> "Sample":
        """As many outcomes, drawn from them."""
        at = np.sort(rng.integers(0, self.x.size, self.x.size))
        return Sample(self.x[at], self.is_open[at])

    def weights(self) -> Floats:
        """Probability of each outcome: the product-limit estimate hands on that of open bets to what lies above them.

        What open bets above the largest finished one leave over is given to that one's tail, the open bets themselves.
        """
        n = self.x.size
        if not self.is_open.any():
            return np.full(n, 1.0 / n)
        at_risk = np.arange(n, 0, -1.0)
        stay = np.cumprod(np.where(self.is_open, 1.0, 1.0 - 1.0 / at_risk))
        weights = np.where(self.is_open, 0.0, np.append(1.0, stay[:-1]) / at_risk)
        weights[-1] += 1.0 - weights.sum()
        return np.asarray(weights)


@dataclass(frozen=True, slots=True, eq=False)
class Splice:
    """What a sample says of its law above zero.

    Attributes
    ----------
    threshold, tail_index, p_tail : float
        Start of the tail, its index, and the share of the outcomes above zero that lie at or above its start.
    cap : float
        Where the tail ends; ``inf`` for a Pareto tail without end.
    n_tail, n_done : int
        Outcomes in the tail, and how many of them are finished.
    beyond : float
        How many outcomes above the largest one a Pareto tail without end expects in a sample of this size.
    body : ndarray
        Equally likely outcomes below the threshold.
    """

    threshold: float
    tail_index: float
    p_tail: float
    cap: float
    n_tail: int
    n_done: int
    beyond: float
    body: Floats

    def law(self, p_zero: float) -> Payoff:
        """The whole law."""
        tail: Payoff = Pareto(self.tail_index, self.threshold)
        if self.cap < math.inf:
            tail = Truncated(tail, high=self.cap)
        above = Spliced(Empirical(self.body), tail, self.threshold, self.p_tail) if self.body.size else tail
        return ZeroInflated(above, p_zero) if p_zero > 0.0 else above


@dataclass(frozen=True, slots=True)
class Rule:
    """How a splice is made: the threshold (None: searched), the cap (None: where the sample says), for resamples more.

    They hold at most ``most_body`` outcomes in the body, are cut or not as ``cut`` says, and no cap may lie below
    ``largest``, the largest outcome that was seen.
    """

    threshold: float | None
    cap: float | None
    most_body: int | None = None
    cut: bool | None = None
    largest: float = 0.0


def splice_of(sample: Sample, rule: Rule, rng: np.random.Generator | None = None) -> Splice:
    """The splice of a sample; ``rng`` draws where a tail that is cut ends."""
    u = _threshold(sample) if rule.threshold is None else rule.threshold
    first = int(np.searchsorted(sample.x, u))
    tail, is_open = sample.x[first:], sample.is_open[first:]
    n_done = int(tail.size - is_open.sum())
    logs = np.log(tail / u)
    if n_done < FEW_POINTS or not logs.max() > 0.0:
        raise DataError(
            f"threshold must leave at least {FEW_POINTS} finished outcomes in the tail, not all equal to it, got "
            f"{u:g}, which leaves {n_done}; lower it."
        )
    index = n_done / float(logs.sum())
    largest = max(float(logs.max()), math.log(rule.largest / u) if rule.largest > u else 0.0)
    beyond = tail.size * math.exp(-index * largest)
    cap = math.inf if rule.cap is None else rule.cap
    found = rule.cap is None and not is_open.any() and beyond > -math.log(CUT)
    if found if rule.cut is None else rule.cut:
        index = _cut_index(logs, largest)
        cap = max(math.exp(_end(index, largest, tail.size, rng)) * u, float(tail[-1]), rule.largest)
    elif cap < math.inf:
        index = _cut_index(logs, math.log(cap / u))
    weights = sample.weights()
    body = _body(sample.x[:first], weights[:first], rule.most_body)
    p_tail = float(weights[first:].sum()) if first else 1.0
    return Splice(u, index, p_tail, cap, tail.size, n_done, beyond, body)


def _threshold(sample: Sample) -> float:
    """Where the published search says that the tail of the finished outcomes starts."""
    done = Distinct.of(sample.x[~sample.is_open])
    place = done.search(False, FEW_POINTS)[0]
    if place < 0:
        raise DataError(
            f"table must hold different outcomes among its {FEW_POINTS} largest for a tail to be fitted; there is none "
            "in equal outcomes."
        )
    return float(done.x[place])


def _cut_index(logs: Floats, end: float) -> float:
    """Most likely index of a Pareto tail that ends at e**end times its start, almost 0 where it would be less."""
    from scipy.optimize import brentq

    mean = float(logs.mean())

    def excess(index: float) -> float:
        ratio = math.exp(-index * end)
        return 1.0 / index - end * ratio / -math.expm1(-index * end) - mean

    low, high = 1e-6 / end, 1.0 / mean
    if excess(low) <= 0.0:
        return low
    while excess(high) > 0.0:
        high *= 2.0
    return float(brentq(excess, low, high, xtol=1e-14, rtol=1e-12))


def _end(index: float, largest: float, n: int, rng: np.random.Generator | None) -> float:
    """ln of where the tail ends over its start: at the largest outcome, or so that this one has a uniform rank."""
    if rng is None:
        return largest
    reached = -math.expm1(-index * largest)  # without a cap, the probability of staying below the largest outcome
    inside = reached * math.exp(-math.log(1.0 - rng.random()) / n)
    return -math.log1p(-inside) / index if inside < 1.0 else math.inf


def _body(x: Floats, weights: Floats, most: int | None) -> Floats:
    """Equally likely outcomes: the sample's own, or quantiles of it where it is weighted or there are too many."""
    equal = not weights.size or float(weights.min()) == float(weights.max())
    size = x.size if most is None else min(x.size, most)
    if equal and size == x.size:
        return x
    size = size if equal else max(size, 1000)
    upto = np.cumsum(weights)
    middle = (np.arange(size) + 0.5) / size * upto[-1]
    return np.asarray(x[np.minimum(np.searchsorted(upto, middle), x.size - 1)])
