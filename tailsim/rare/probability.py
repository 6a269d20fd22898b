"""P(total > x) of a portfolio, also where it is far too rare to be counted."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _check
from ..payoffs._rng import RngLike, seed_of
from ..payoffs.base import Payoff
from ..portfolio import Bet, Portfolio
from ..stats.estimate import Estimate
from .door import Question, question_of
from .functional import Probability
from .study import CONDITIONAL, FIRST, LINEAR, RAW, Moments, Study, honest_error, run, study_of

FEW = 100.0  # dominating samples, below which only bounds are known
_ROUGH = 0.2  # a relative error above it, likewise: the samples have not seen what makes the total
NAMES = {
    RAW: "Asmussen-Kroese",
    FIRST: "Asmussen-Kroese, largest other integrated",
    LINEAR: "Asmussen-Kroese-Kortschak, largest other integrated",
    CONDITIONAL: "conditional Monte Carlo",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TailEstimate(Estimate):
    """An estimate beyond a far threshold, with what its samples are worth.

    Attributes
    ----------
    cv : float
        Coefficient of variation of one sample.
    n_dominating : float
        How many samples of equal weight would carry what all samples carry; below 100 only bounds are known.
    """

    cv: float = 0.0
    n_dominating: float = math.inf

    @property
    def relative_error(self) -> float:
        """Standard error / value."""
        return self.std_error / abs(self.value) if self.value else math.inf


def total_tail_probability(
    payoff: Payoff | Bet | Portfolio,
    n_bets: Any = None,
    x: float | None = None,
    *,
    n_trials: int = 100_000,
    level: float = 0.95,
    n_workers: int | None = None,
    executor: Any = None,
    rng: RngLike = None,
) -> TailEstimate:
    """Probability that the bets together pay more than x, however rare that is.

    One bet is taken as the largest and integrated analytically given the others (Asmussen and
    Kroese). The effect of the largest among the others is integrated too, by quadrature, so
    that what is sampled is small and its error does not hide in samples that nobody sees. A pilot
    on addresses of its own chooses between this, the plain estimator, a correction by the others'
    mean (Kortschak; tail index above 2) and conditional Monte Carlo (x not rare).

    Parameters
    ----------
    payoff : Payoff, Bet or Portfolio
        The law of one bet, or a whole portfolio of independent bets (``n_bets`` is then left out).
    n_bets : int or count law
        How many bets alike; PoissonCount, BinomialCount or GeometricCount for a random number.
    x : float
        The threshold, in money.
    n_trials : int, default 100,000
        Samples.
    level : float
        Confidence level of the interval.
    n_workers, executor
        As in ``simulate``.
    rng : None, int, SeedSequence or Generator
        Randomness; the same addresses as in ``simulate``.

    Returns
    -------
    TailEstimate
        The probability with ``relative_error``, ``cv`` (of one sample) and ``n_dominating``. Its standard
        error is the largest of the samples', the analytic one of the two largest others, and 1e-12 of
        the value (rounding). With fewer than 100 dominating samples, or a relative error above a
        fifth, the interval is the certain range from P(largest > x) to P(largest > x / n), the standard
        error is inf, and ``verdict`` says so.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    References
    ----------
    Asmussen and Kroese 2006, Advances in Applied Probability 38(2), section 2 (the estimator) and section 3
    (random n); Asmussen and Kortschak 2012 (the correction).

    Examples
    --------
    >>> import tailsim as ts
    >>> p = ts.total_tail_probability(ts.Lomax(1.5), 10, 1e6, n_trials=20_000, rng=1)
    >>> f"{p.value:.4e}"
    '1.0000e-08'
    """
    question = question_of(payoff, n_bets, x)
    level = _check.level(level)
    n_trials = _check.integer("n_trials", n_trials, "a whole number from 100 to 2**30", low=100, high=2**30)
    seed = seed_of(rng)
    if (known := question.certain()) is not None:
        return known_estimate(known, level, "exact: the range of the total")
    if (alone := question.alone()) is not None:
        return known_estimate(alone, level, "exact: one bet")
    study = study_of(question.sampler(n_trials, seed), (Probability(),), question.x)
    moments = run(study, n_workers, executor)
    return _estimate(question, study, moments, level)


def known_estimate(value: float, level: float, method: str) -> TailEstimate:
    """What needs no sample."""
    return TailEstimate(value, 0.0, (value, value), level, method, 0)


def _estimate(question: Question, study: Study, moments: Moments, level: float) -> TailEstimate:
    one = np.ones(1)
    value = float(moments.mean[0]) + question.empty()
    error = honest_error(study, moments, one, value)
    low, high = question.bounds()
    z = normal_quantile(level)
    interval = max(low, value - z * error), min(high, value + z * error)
    n_dominating = moments.n_dominating
    cv = error * math.sqrt(moments.n) / value if value else math.inf
    verdict = _verdict(n_dominating, moments.n, question)
    if n_dominating < FEW or not error < _ROUGH * value:
        value, error, interval = min(max(value, low), high), math.inf, (low, high)
        verdict = (
            f"The {moments.n:,} samples hardly see such totals, so the interval is the range that is certain, from "
            f"P(largest > x) to P(largest > x / n), and the value in it is no more than a guess; {instead(question)}."
        )
    return TailEstimate(value, error, interval, level, NAMES[study.method], moments.n, verdict, cv, n_dominating)


def normal_quantile(level: float) -> float:
    """z of a two-sided interval."""
    from .._lazy import special

    return float(special.ndtri(0.5 + 0.5 * level))


def instead(question: Question) -> str:
    """What else gives the number."""
    return "use exact_total" if question.model is None else "use simulate, or more trials"


def _verdict(n_dominating: float, n: int, question: Question) -> str | None:
    """What to beware of, in a sentence."""
    if n_dominating < n / 10.0:
        why = "at this x one large bet alone does not yet explain the total"
        if question.model is not None:
            why = "few factors bring such totals"
        carry = f"About {n_dominating:,.0f} of {n:,} samples carry the estimate"
        return f"{carry}, because {why}; {instead(question)} to compare."
    return None
