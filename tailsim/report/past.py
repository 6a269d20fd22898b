"""The main job on a table of past bets: resampled, and with a fitted tail beside it."""

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..fit import hill, resampled_with_tail, tail_size
from ..io import Outcomes
from ..payoffs import Empirical
from ..stats.estimate import Estimate
from ..stats.failure import failure_rate
from ..stats.mean import mean_estimate
from ..stats.verdict import mean_verdict
from .answers import PastBets, Report, Scenario, View
from .meter import Meter
from .study import MAX_BETS, SCENARIO_COST, VIEW_COST, Runner, Show, seen


def past_report(
    outcomes: Outcomes,
    *,
    hurdle: float = 1.0,
    target: float = 3.0,
    n_trials: int = 40_000,
    seed: int = 1,
    show: Show | None = None,
) -> Report:
    """The main job on a table of past bets.

    Parameters
    ----------
    outcomes : Outcomes
        As ``tailsim.io.read_outcomes`` reads them. Multiples count, each with equal weight.
    hurdle, target, n_trials, seed, show
        As in ``venture_report``.

    Returns
    -------
    Report
        The second view, and scenarios, are there where a tail can be fitted.

    Raises
    ------
    DataError
        If there are fewer than two bets, or a multiple is beyond a double.
    KeyboardInterrupt
        On Ctrl-C: part of a report is none.
    """
    if outcomes.n_bets < 2:
        raise DataError(f"{outcomes.source}:1:1: a report needs at least 2 past bets, got 1; add rows.")
    multiples = outcomes.multiples
    past = _facts(outcomes, hurdle)
    scale = VIEW_COST if past.tail is None else 2 * VIEW_COST + 2 * SCENARIO_COST
    runner = Runner(n_trials, seed, target, Meter(show, scale))
    resampled = runner.view("resampled", Empirical(multiples))
    views: tuple[View, ...] = (resampled,)
    scenarios: tuple[Scenario, ...] = ()
    if past.tail is not None:
        fitted = runner.view("with a fitted tail", resampled_with_tail(multiples))
        views = (resampled, fitted)
        scenarios = _scenarios(runner, resampled, fitted, multiples, past.tail)
    return Report(
        title=f"{outcomes.n_bets:,} past bets",
        source=outcomes.source,
        n_trials=n_trials,
        seed=seed,
        hurdle=hurdle,
        target=target,
        max_bets=MAX_BETS,
        failure_rate=failure_rate(outcomes.payoffs, outcomes.stakes, hurdle=hurdle),
        mean=mean_estimate(multiples),
        mean_verdict=mean_verdict(multiples, MAX_BETS),
        views=views,
        scenarios=scenarios,
        past=past,
    )


def _scenarios(
    runner: Runner, resampled: View, fitted: View, multiples: NDArray[np.float64], tail: Estimate
) -> tuple[Scenario, ...]:
    """How the answer moves with the tail: without one, with the fitted one, and at the ends of its index's interval."""
    reference = fitted.best[0]
    low, high = tail.interval
    return (
        seen("no tail", resampled, Empirical(multiples), reference),
        runner.scenario("light", resampled_with_tail(multiples, tail_index=high), reference),
        seen("fitted", fitted, resampled_with_tail(multiples), reference),
        runner.scenario("heavy", resampled_with_tail(multiples, tail_index=low), reference),
    )


def _facts(outcomes: Outcomes, hurdle: float) -> PastBets:
    """What is known of the table beside its multiples."""
    multiples, stakes = outcomes.multiples, outcomes.stakes
    by_stake = None
    if (stakes != stakes[0]).any():
        by_stake = failure_rate(outcomes.payoffs, stakes, hurdle=hurdle, by="stake")
    tail, threshold, why_not = _tail(multiples)
    return PastBets(outcomes.n_bets, outcomes.n_skipped, by_stake, tail, threshold, why_not)


def _tail(multiples: NDArray[np.float64]) -> tuple[Estimate | None, float | None, str | None]:
    """The tail index and where the tail starts, or why there is none."""
    try:
        k = tail_size(multiples)
        resampled_with_tail(multiples, k)
    except DataError as error:
        return None, None, str(error)
    return hill(multiples, k), float(np.sort(multiples)[-k - 1]), None
