"""Pictures of a simulated portfolio."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from ..results import Simulation
from ._style import BLUE, GREY, ORANGE, axes, log_steps, per_cent, times

_Q = np.concatenate([np.linspace(0.01, 0.98, 98), 1 - np.geomspace(0.02, 1e-6, 60)])


def plot_simulation(run: Simulation, *, ax: Axes | None = None) -> Axes:
    """Chance that the portfolio pays back at least each multiple, on log axes.

    Parameters
    ----------
    run : Simulation
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import tailsim as ts
    >>> run = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 20), n_trials=1000, rng=1)
    >>> ts.plotting.plot_simulation(run).get_xlabel()
    'paid back, as a multiple of what was spent'
    """
    ax = axes(ax)
    deepest = 1.0 - 10.0 / run.n_trials
    q = _Q[max(deepest, 0.5) >= _Q]
    x = np.array([run.quantile(float(p)).value for p in q])
    shown = x > 0
    ax.plot(x[shown], 1.0 - q[shown], color=BLUE, lw=2)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.axvline(1.0, color=GREY, lw=1, ls=":")
    ax.annotate("money back", (1.0, 0.02), xycoords=("data", "axes fraction"), rotation=90, color=GREY, ha="right")
    median = run.median().value
    if median > 0:
        ax.plot([median], [0.5], "o", color=ORANGE)
        ax.annotate(f" half reach {median:.3g}x", (median, 0.5), color=ORANGE, va="bottom")
    log_steps(ax.xaxis, times)
    ax.yaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.set_xlabel("paid back, as a multiple of what was spent")
    ax.set_ylabel("chance of at least that")
    ax.set_title(f"{run.portfolio.counted} bets, {run.n_trials:,} simulated worlds")
    ax.grid(alpha=0.25)
    return ax
