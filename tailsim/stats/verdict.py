"""Whether a mean exists, and whether a sample mean of n draws can be relied on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from ..errors import UndefinedMomentError
from ._unit import to_unit
from .sample_law import SampleLaw
from .settling import SURE, WITHIN, Part, Settling
from .tail import FEW_POINTS, Tail, origin, tail_count

if TYPE_CHECKING:
    from ..payoffs.base import Payoff

Array = NDArray[np.float64]
Kind = Literal["reliable", "not at this n", "does not exist", "may not exist", "exists"]

# The existence of a mean is judged from twice the points of an interval: it decides more surely (docstring below).
_JUDGED = 2
_MISSED = 0.05
_UNLIKELY = 1e-3
_USE = "use the median, quantiles and probabilities instead"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mean is worth; printed as its ``sentence``.

    Attributes
    ----------
    kind : {"reliable", "not at this n", "does not exist", "may not exist", "exists"}
        "does not exist" is said of declared laws alone, "may not exist" of data alone; "exists" answers a law for
        which no n was given.
    n : int or None
        Draws that the mean is over.
    n_needed : float
        From about how many draws on it is reliable; inf where no number up to 1e300 suffices.
    probability : float
        Chance that the mean of n draws is within 20 % of the mean; NaN where there is no mean or no n.
    sentence : str
        The verdict in words.
    """

    kind: Kind
    n: int | None
    n_needed: float
    probability: float
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def mean_verdict(law_or_data: "Payoff | ArrayLike", n: int | None = None) -> Verdict:
    """Whether the mean exists, and whether a mean of ``n`` draws can be relied on.

    A mean is reliable at n when the mean of n draws lies within 20 % of it with probability at least 0.9. For a law
    that probability is computed, for any n, to about 0.01; for data it is that of a fit: the sample with Pareto
    tails, to the right and, where outcomes are negative, to the left.

    Parameters
    ----------
    law_or_data : Payoff or array_like, shape (m,)
        A declared law, or at least two outcomes.
    n : int, optional
        Draws averaged, 1 to 1e300. By default as many as there are data; for a law, the question is then only
        whether the mean exists and how many draws it takes.

    Returns
    -------
    Verdict
        With its kind, the number of draws needed, and a sentence.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Notes
    -----
    A declared mean does not exist when a tail index is below 1, or is 1 and the law says so; this passes through
    mixtures, splices and uncertain parameters, however small the weight.

    Data never show that a mean does not exist, since any sample could have a bounded law. They are put to a test: with
    Hill's estimate over k = 2 floor(sqrt(m)) points (at most half the positive outcomes) an index at or below 1 must be
    rejected at 5 %, or the mean "may not exist". For Pareto tails and m = 10,000 that is said of 99.7 % of samples at
    tail index 0.9 and 94 % at 1, and of fewer than 1 in 1,000 at 1.5; for m = 300 of 27 % at 1.5. Slowly varying tails
    (a lognormal of sigma 3) look like infinite means, and are doubted too. Where the largest outcome makes more than a
    fifth of the total (the max-to-sum ratio; 1.3 % of samples of 10,000 at tail index 1.5), or lies where the fit
    expects fewer than 0.001 outcomes, the mean is not called reliable, whatever the fit says.

    References
    ----------
    Hill 1975, Annals of Statistics 3(5), 1163-1174.

    Examples
    --------
    >>> import numpy as np
    >>> from tailsim.stats import mean_verdict
    >>> data = (np.arange(1, 10_001) / 10_001) ** (-1 / 0.9)
    >>> mean_verdict(data).kind
    'may not exist'
    >>> mean_verdict(np.linspace(1, 2, 1000)).kind
    'reliable'
    """
    if hasattr(law_or_data, "isf"):
        law: Any = law_or_data
        return verdict_of_sum([Part(law, 1.0, 1)], n)
    rule = "at least two finite numbers, because fewer say nothing about the reliability of their mean"
    x = _check.numbers("law_or_data", law_or_data, rule, min_size=2)
    return verdict_of_sample(to_unit(np.sort(x)), _draws(n))


def _draws(n: int | None) -> int | None:
    return None if n is None else _check.integer("n", n, "a whole number from 1 to 1e300", low=1, high=int(1e300))


def verdict_of_sum(parts: Sequence[Part | tuple[Any, float, float]], n: int | None) -> Verdict:
    """The verdict on the mean over ``n`` trials of a sum of independent draws.

    Parameters
    ----------
    parts : sequence of Part, or of such tuples
        (law, weight, draws): each trial adds ``weight`` times the sum of so many ``draws`` of ``law``.
    n : int, optional
        Trials averaged.

    Returns
    -------
    Verdict
        As for ``mean_verdict``, whose question about a law is the case of one part.
    """
    n = _draws(n)
    summands = [Part(*p) for p in parts]
    reason = _no_mean(summands)
    if reason is not None:
        return Verdict("does not exist", n, math.inf, math.nan, f"The mean does not exist, because {reason}; {_USE}.")
    if math.fsum(p.weight * p.draws * p.law.mean() for p in summands) == 0.0:
        return _around_zero(all(p.law.support[0] == p.law.support[1] for p in summands), n)
    return _settled(Settling(summands), n)


def _no_mean(parts: Sequence[Part]) -> str | None:
    for p in parts:
        index = min(p.law.tail_index, p.law.left_tail_index)
        if index < 1.0 or (index == 1.0 and not p.law.moment_exists(1)):
            return f"the tail index {index:g} is at or below 1 and so sample means never settle"
        try:
            mean = p.law.mean()
        except UndefinedMomentError:
            return "the law has none"
        if not math.isfinite(mean):
            return "its integral diverges"
    return None


def _around_zero(constant: bool, n: int | None) -> Verdict:
    if constant:
        return Verdict("reliable", n, 1.0, 1.0, "The mean is reliable: every draw is zero.")
    sentence = "The mean is zero, so no number of draws puts a sample mean within 20 % of it; judge it by its interval."
    return Verdict("exists" if n is None else "not at this n", n, math.inf, 0.0, sentence)


def _settled(settling: Settling, n: int | None, search: bool = True) -> Verdict:
    if n is None:
        needed = _rounded(settling.needed())
        sentence = f"The mean exists; a mean of draws is reliable {_from(needed)}."
        return Verdict("exists", None, needed, math.nan, sentence)
    probability = settling.probability(float(n))
    good = probability >= SURE
    state = "is reliable" if good else "exists but is not reliable"
    chance = f"with probability {_chance(probability)} the mean of so many draws is within 20 % of it"
    sentence = f"The mean {state} at n = {_count(n)}: {chance}"
    kind: Kind = "reliable" if good else "not at this n"
    if not search:
        return Verdict(kind, n, math.nan, probability, sentence + ".")
    needed = _rounded(settling.needed(1.0 if good else float(n)))
    needed = min(needed, float(n)) if good else max(needed, float(n) + 1.0)
    return Verdict(kind, n, needed, probability, sentence + ("." if good else f"; it would be {_from(needed)}."))


def verdict_of_sample(x: Array, n: int | None = None, *, search: bool = True) -> Verdict:
    """The verdict on the mean of an increasing sample of unit size; without ``search`` ``n_needed`` is NaN."""
    n = x.size if n is None else n
    flag = _few_points(x)
    if x[0] == 0.0 == x[-1]:
        sentence = "All outcomes are zero, so these data have not seen what pays and say nothing of the mean."
        return Verdict("not at this n", n, math.inf, math.nan, sentence)
    law = SampleLaw(x, _JUDGED)
    worst = min(law.tails, key=lambda t: t.index_bound(_MISSED), default=None)
    if worst is not None and worst.index_bound(_MISSED) <= 1.0:
        sentence = f"The mean may not exist: {_doubt(worst)}, and {_largest(x)}; {_USE}."
        return Verdict("may not exist", n, math.inf, math.nan, sentence + flag)
    if law.mean() == 0.0:
        verdict = _around_zero(False, n)
    else:
        verdict = _settled(Settling([Part(law, 1.0, 1)], rows=512), n, search)
    sentence = verdict.sentence
    if verdict.kind == "reliable" and (why := _unexplained(x, law, n)):
        sentence = f"The mean is not reliable at n = {_count(n)}: {why}."
        return Verdict("not at this n", n, math.nan, math.nan, sentence + flag)
    if worst is not None and worst.xi > 0.0 and math.isfinite(verdict.probability):
        sentence = f"By a fit with tail index {_index(worst)} t" + sentence[1:]
    return replace(verdict, n=n, sentence=sentence + flag)


def _doubt(tail: Tail) -> str:
    rest = "at or below 1" if tail.index <= 1.0 else "which does not exclude 1"
    return f"the tail index is estimated at {_index(tail)}, {rest}"


def _unexplained(x: Array, law: SampleLaw, n: int) -> str:
    """Why a fit that finds the mean reliable is not to be trusted; empty where nothing speaks against it."""
    if law.expected_beyond() < _UNLIKELY:
        return f"{_largest(x)} and lies far beyond what a fit to the others expects, so the tail is not understood"
    if n <= x.size and _max_to_sum(x) > WITHIN:
        return f"{_largest(x)}, so that one more or one fewer like it decides"
    return ""


def _max_to_sum(x: Array) -> float:
    size = np.abs(x)
    return float(size.max() / size.sum())


def _largest(x: Array) -> str:
    return f"the largest of {x.size:,} outcomes makes {100.0 * _max_to_sum(x):.0f} % of their total size"


def _index(tail: Tail) -> str:
    low, high = tail.index_bound(_MISSED), tail.index_bound(1.0 - _MISSED)
    return f"{tail.index:.2f} [{low:.2f}, {high:.2f}] (90 %, Hill, {tail.k} point{'s' if tail.k > 1 else ''})"


def _few_points(x: Array) -> str:
    start = origin(x)
    points = tail_count(x.size, max(int(np.count_nonzero(x > start)), int(np.count_nonzero(x < start))))
    if points >= FEW_POINTS:
        return ""
    noun = "point" if points == 1 else "points"
    return f" The tail has {points} {noun} only, and fewer than {FEW_POINTS} tell little of it."


def _rounded(n: float) -> float:
    return float(f"{n:.2g}") if math.isfinite(n) else n


def _count(n: float) -> str:
    return f"{round(n):,}" if n < 1e7 else f"{float(n):.2g}"


def _chance(probability: float) -> str:
    return f"{probability:.2f}" if 0.01 <= probability < 0.995 else "below 0.01" if probability < 0.01 else "above 0.99"


def _from(needed: float) -> str:
    if needed == 1.0:
        return "from the first draw on"
    return f"from about {_count(needed)} draws on" if math.isfinite(needed) else "at no number of draws up to 1e300"
