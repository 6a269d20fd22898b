"""What stands behind a total beyond x: its mean there, and whether one winner makes it."""

import math
from typing import Any

import numpy as np

from .. import _check
from ..errors import ArgumentError, UndefinedMomentError
from ..payoffs._rng import RngLike, seed_of
from ..payoffs.base import Payoff
from ..portfolio import Bet, Portfolio
from .door import Question, question_of
from .functional import Functional, Probability, Total, WithWinner
from .probability import FEW, NAMES, TailEstimate, known_estimate, normal_quantile
from .study import honest_error, run, study_of


def largest_given_total(
    payoff: Payoff | Bet | Portfolio,
    n_bets: Any = None,
    x: float | None = None,
    y: float | None = None,
    *,
    n_trials: int = 100_000,
    level: float = 0.95,
    n_workers: int | None = None,
    executor: Any = None,
    rng: RngLike = None,
) -> TailEstimate:
    """Probability that one winner makes it: P(largest > y | total > x).

    Parameters
    ----------
    payoff, n_bets, x, n_trials, level, n_workers, executor, rng
        As in ``total_tail_probability``.
    y : float, optional
        What the largest bet must exceed, in money; by default half of x.

    Returns
    -------
    TailEstimate
        The conditional probability, a ratio of two estimates from the same samples.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule, or the total cannot exceed x.

    Examples
    --------
    >>> import tailsim as ts
    >>> p = ts.largest_given_total(ts.Lomax(1.5), 10, 1e4, n_trials=20_000, rng=1)
    >>> f"{p.value:.4f}"
    '1.0000'
    """
    question = question_of(payoff, n_bets, x)
    y = question.x / 2.0 if y is None else _check.real("y", y, "a finite number, in money")
    made = _ratio(question, WithWinner(y), n_trials, level, n_workers, executor, rng)
    low, high = made.interval
    interval = max(low, 0.0), min(high, 1.0)
    return TailEstimate(
        min(made.value, 1.0), made.std_error, interval, made.level, made.method, made.n, made.verdict, made.cv,
        made.n_dominating,
    )  # fmt: skip


def total_shortfall(
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
    """E[total | total > x], the expected shortfall beyond x of a tail that is a gain.

    Parameters
    ----------
    payoff, n_bets, x, n_trials, level, n_workers, executor, rng
        As in ``total_tail_probability``.

    Returns
    -------
    TailEstimate
        In money, a ratio of two estimates from the same samples.

    Raises
    ------
    UndefinedMomentError
        If the payoff has no mean.
    ArgumentError
        If an argument breaks its rule, or the total cannot exceed x.

    Examples
    --------
    >>> import tailsim as ts
    >>> e = ts.total_shortfall(ts.Lomax(1.5), 10, 1e4, n_trials=20_000, rng=1)
    >>> f"{e.value:.0f}"
    '29966'
    """
    question = question_of(payoff, n_bets, x)
    if question.model is not None:
        raise ArgumentError("payoff must be a portfolio of independent bets for total_shortfall, got one factor.")
    for group in question.groups:
        if group.payoff.tail_index <= 1.0 or not math.isfinite(group.payoff.mean()):
            raise UndefinedMomentError(
                f"the mean of a total beyond x does not exist for {group.payoff!r}, which has no mean; use "
                "total_tail_probability at several x, or exact_total(...).quantile."
            )
    return _ratio(question, Total(), n_trials, level, n_workers, executor, rng)


def _ratio(
    question: Question,
    top: Functional,
    n_trials: Any,
    level: float,
    n_workers: int | None,
    executor: Any,
    rng: RngLike,
) -> TailEstimate:
    """E[top] / P(total > x), by samples of both."""
    level = _check.level(level)
    n_trials = _check.integer("n_trials", n_trials, "a whole number from 100 to 2**30", low=100, high=2**30)
    if question.certain() == 0.0:
        raise _check.refuse("x", "below the greatest possible total", question.x)
    seed = seed_of(rng)
    functionals = (top, Probability())
    if question.none is None and question.counts() == [1]:
        return _single(question, functionals, level)
    study = study_of(question.sampler(n_trials, seed), functionals, question.x)
    moments = run(study, n_workers, executor)
    over, under = moments.mean.tolist()
    under += question.empty()
    value = over / under
    error = honest_error(study, moments, np.array([1.0, -value]) / under, value)
    z = normal_quantile(level)
    verdict = None
    if moments.n_dominating < FEW:
        verdict = f"Only about {moments.n_dominating:.1f} of {moments.n:,} samples carry it: do not rely on it."
    cv = error * math.sqrt(moments.n) / value if value else math.inf
    method = f"ratio, {NAMES[study.method]}"
    interval = value - z * error, value + z * error
    return TailEstimate(value, error, interval, level, method, moments.n, verdict, cv, moments.n_dominating)


@np.errstate(all="ignore")  # laws answer at the ends of their range too
def _single(question: Question, functionals: tuple[Functional, Functional], level: float) -> TailEstimate:
    """One bet alone."""
    law, zero, at = question.groups[0].payoff, np.zeros(1), np.array([question.x])
    over, under = (float(f.given(law, zero, at, zero)[0]) for f in functionals)
    return known_estimate(over / under, level, "exact: one bet")
