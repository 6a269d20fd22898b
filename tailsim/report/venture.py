"""The main job on the published table of venture deals."""

from ..presets import venture
from ..stats.verdict import mean_verdict
from .answers import Report, Scenario
from .meter import Meter
from .study import MAX_BETS, SCENARIO_COST, VIEW_COST, Runner, Show, exact, seen

ZEROS = ("low", "uniform")
TAILS = (1.1, 1.42, 1.9)
_REFERENCE = ("uniform", 1.42)
_SMALLEST = 5e-324


def venture_report(
    *, hurdle: float = 1.0, target: float = 3.0, n_trials: int = 80_000, seed: int = 1, show: Show | None = None
) -> Report:
    """The main job on Correlation Ventures' table.

    Parameters
    ----------
    hurdle : float
        A deal fails when it pays less than this multiple of its stake.
    target : float
        The multiple worth reaching, above 0.
    n_trials : int
        Simulated portfolios of each size.
    seed : int
        Same seed, same numbers.
    show : callable, optional
        Gets the fraction of the work done from time to time.

    Returns
    -------
    Report

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C: part of a report is none.
    """
    cases = [(zero, tail) for zero in ZEROS for tail in TAILS]
    runner = Runner(n_trials, seed, target, Meter(show, VIEW_COST + (len(cases) - 1) * SCENARIO_COST))
    law = venture(*_REFERENCE)
    verdict = mean_verdict(law, MAX_BETS)
    view = runner.view("the table", law)
    reference = view.best[0]
    scenarios: list[Scenario] = []
    for zero, tail in cases:
        name = f"{zero}, {tail:g}"
        if (zero, tail) == _REFERENCE:
            scenarios.append(seen(name, view, law, reference, zero))
        else:
            scenarios.append(runner.scenario(name, venture(zero, tail), reference, zero))
    return Report(
        title="venture deals",
        source="Correlation Ventures: 21,640 financings in the United States, 2004-2013",
        n_trials=n_trials,
        seed=seed,
        hurdle=hurdle,
        target=target,
        max_bets=MAX_BETS,
        failure_rate=exact(1.0 - law.prob_at_least(max(hurdle, _SMALLEST)), n_trials),
        mean=exact(law.mean(), n_trials, str(verdict)),
        mean_verdict=verdict,
        views=(view,),
        scenarios=tuple(scenarios),
    )
