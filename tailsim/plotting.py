"""Pictures of results: each function takes a result and an Axes, draws, and returns the Axes."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import EngFormatter, FuncFormatter, LogLocator, NullFormatter, PercentFormatter

from . import _check
from .decide.curve import BetCountCurve
from .decide.goals import ProbAtLeast
from .decide.optimum import OptimalBetCount
from .fit.diagnostics import QQ, HillPlot, MaxToSum, MeanExcess
from .fit.power_law_fit import PowerLawFit
from .results import Simulation

# colour-blind safe (Okabe and Ito)
_BLUE, _ORANGE, _GREEN, _GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
_COLOURS = (_BLUE, _ORANGE, _GREEN, "#CC79A7", "#56B4E9", "#E69F00")
_Q = np.concatenate([np.linspace(0.01, 0.98, 98), 1 - np.geomspace(0.02, 1e-6, 60)])


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return _check.instance("ax", ax, Axes, "None or a matplotlib Axes")  # type: ignore[no-any-return]
    return plt.subplots(layout="constrained")[1]


def _times(x: float, _: Any = None) -> str:
    return f"{x:g}x"


def _per_cent(x: float, _: Any = None) -> str:
    return f"{100 * x:g} %"


def _plain(x: float, _: Any = None) -> str:
    return f"{x:.10g}"


def _amounts(axis: Axis) -> None:
    """Amounts on a log axis: 300k, 1M, 3M, ..."""
    axis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
    axis.set_major_formatter(EngFormatter(sep=""))
    axis.set_minor_formatter(NullFormatter())


def _legend_below(ax: Axes, handles: list[Any], labels: list[str], ncols: int) -> None:
    """A legend under the axis, where it hides nothing."""
    place = (0.5, -0.14)
    ax.legend(handles, labels, ncols=ncols, frameon=False, fontsize="small", loc="upper center", bbox_to_anchor=place)


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
    ax = _axes(ax)
    deepest = 1.0 - 10.0 / run.n_trials
    q = _Q[max(deepest, 0.5) >= _Q]
    x = np.array([run.quantile(float(p)).value for p in q])
    shown = x > 0
    ax.plot(x[shown], 1.0 - q[shown], color=_BLUE, lw=2)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.axvline(1.0, color=_GREY, lw=1, ls=":")
    ax.annotate("money back", (1.0, 0.02), xycoords=("data", "axes fraction"), rotation=90, color=_GREY, ha="right")
    median = run.median().value
    if median > 0:
        ax.plot([median], [0.5], "o", color=_ORANGE)
        ax.annotate(f" half reach {median:.3g}x", (median, 0.5), color=_ORANGE, va="bottom")
    ax.xaxis.set_major_formatter(FuncFormatter(_times))
    ax.yaxis.set_major_formatter(FuncFormatter(_per_cent))
    ax.set_xlabel("paid back, as a multiple of what was spent")
    ax.set_ylabel("chance of at least that")
    ax.set_title(f"{run.portfolio.counted} bets, {run.n_trials:,} simulated worlds")
    ax.grid(alpha=0.25)
    return ax


def plot_bet_count_curve(curve: BetCountCurve, *, ax: Axes | None = None) -> Axes:
    """Outcome of a portfolio against the number of bets: median, the middle 80 %, chances of targets.

    Parameters
    ----------
    curve : BetCountCurve
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default. Chances go on a second vertical axis.

    Returns
    -------
    Axes
    """
    ax = _axes(ax)
    n = curve.n_bets
    ax.fill_between(n, curve.quantile(0.1), curve.quantile(0.9), color=_BLUE, alpha=0.18, lw=0, label="8 worlds in 10")
    ax.plot(n, curve.median, color=_BLUE, lw=2, label="half of the worlds reach this")
    ax.axhline(1.0, color=_GREY, lw=1, ls=":")
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(FuncFormatter(_plain))
    ax.yaxis.set_major_formatter(FuncFormatter(_times))
    ax.set_xlabel("number of bets")
    ax.set_ylabel("paid back, as a multiple of what was spent")
    ax.set_title(f"What more bets do ({curve.n_trials:,} simulated worlds)")
    ax.grid(alpha=0.25)
    handles, labels = ax.get_legend_handles_labels()
    if curve.targets:
        right = ax.twinx()
        for target, colour in zip(curve.targets, _COLOURS[1:] * len(curve.targets), strict=False):
            line = right.plot(n, curve.prob_at_least(target), color=colour, lw=1.5, ls="--")[0]
            handles.append(line)
            labels.append(f"chance of at least {target:g}x (right)")
        right.set_ylim(0, 1)
        right.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        right.set_ylabel("chance")
    _legend_below(ax, handles, labels, ncols=2)
    return ax


def plot_optimal_bet_count(best: OptimalBetCount, *, ax: Axes | None = None) -> Axes:
    """The score against the number of bets, with the plateau that cannot be told from the best.

    Parameters
    ----------
    best : OptimalBetCount
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = _axes(ax)
    n = best.curve.n_bets
    low, high = best.plateau
    ax.axvspan(low, high, color=_GREEN, alpha=0.15, lw=0, label=f"cannot be told from the best: {low} to {high}")
    ax.plot(n, best.values, color=_BLUE, lw=2)
    label = f"best: {best.n_bets}, {best.goal.describe(best.value)}"
    ax.plot([best.n_bets], [best.value], "o", color=_ORANGE, label=label)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(FuncFormatter(_plain))
    ax.set_xlabel("number of bets")
    ax.set_ylabel(best.goal.label)
    ax.yaxis.set_major_formatter(FuncFormatter(_per_cent if isinstance(best.goal, ProbAtLeast) else _times))
    ax.set_title("How many bets")
    _legend_below(ax, *ax.get_legend_handles_labels(), ncols=1)
    ax.grid(alpha=0.25)
    return ax


def plot_power_law_fit(fit: PowerLawFit, *, ax: Axes | None = None) -> Axes:
    """How often outcomes reach x above the threshold, with the fitted power law and the best lognormal, on log axes.

    Parameters
    ----------
    fit : PowerLawFit
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = _axes(ax)
    curve = fit.curve()
    ax.loglog(curve.x, curve.seen, "o", color=_GREY, ms=4, alpha=0.6, mew=0, label="seen")
    ax.plot(curve.x, curve.power_law, color=_BLUE, lw=2, label=f"power law, tail index {fit.tail_index:.3g}")
    ax.plot(curve.x, curve.lognormal, color=_ORANGE, lw=1.5, ls="--", label="best lognormal")
    ax.set_xlabel("outcome")
    ax.set_ylabel("share of outcomes at least that")
    _amounts(ax.xaxis)
    ax.yaxis.set_major_formatter(FuncFormatter(_per_cent))
    ax.set_title(f"{fit.n_tail:,} of {fit.n:,} outcomes, from {fit.threshold:,g} on")
    ax.grid(alpha=0.25)
    _legend_below(ax, *ax.get_legend_handles_labels(), ncols=3)
    return ax


def plot_hill(seen: HillPlot, *, ax: Axes | None = None) -> Axes:
    """Hill's tail index against the number of outcomes in the tail, with its interval.

    Parameters
    ----------
    seen : HillPlot
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = _axes(ax)
    label = f"{100 * seen.level:g} % interval, threshold taken for known"
    ax.fill_between(seen.k, seen.low, seen.high, color=_BLUE, alpha=0.18, lw=0, label=label)
    ax.plot(seen.k, seen.tail_index, color=_BLUE, lw=2, label="Hill's estimate")
    ax.axhline(1.0, color=_GREY, lw=1, ls=":", label="no mean below")
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(FuncFormatter(_plain))
    ax.set_ylim(0.0, None)
    ax.set_xlabel("outcomes in the tail")
    ax.set_ylabel("tail index")
    ax.set_title("Look for a level stretch")
    ax.grid(alpha=0.25)
    _legend_below(ax, *ax.get_legend_handles_labels(), ncols=2)
    return ax


def plot_mean_excess(seen: MeanExcess, *, ax: Axes | None = None) -> Axes:
    """Mean of what exceeds a threshold, against the threshold.

    Parameters
    ----------
    seen : MeanExcess
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = _axes(ax)
    ax.plot(seen.threshold, seen.mean_excess, "o", color=_BLUE, ms=4, mew=0, alpha=0.6)
    ax.xaxis.set_major_formatter(EngFormatter(sep=""))
    ax.yaxis.set_major_formatter(EngFormatter(sep=""))
    ax.set_xlabel("threshold")
    ax.set_ylabel("mean of what exceeds it, less the threshold")
    ax.set_title("A power tail rises along a line, an exponential one is level")
    ax.grid(alpha=0.25)
    return ax


def plot_qq(seen: QQ, *, ax: Axes | None = None) -> Axes:
    """Outcomes of the tail against the quantiles of the fitted power law, on log axes.

    Parameters
    ----------
    seen : QQ
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = _axes(ax)
    label = f"where {100 * seen.level:g} % of each would lie"
    ax.fill_between(seen.fitted, seen.low, seen.high, color=_BLUE, alpha=0.18, lw=0, label=label)
    ax.loglog(seen.fitted, seen.fitted, color=_BLUE, lw=1.5, label="the fit")
    ax.plot(seen.fitted, seen.observed, "o", color=_ORANGE, ms=4, mew=0, alpha=0.7, label="seen")
    _amounts(ax.xaxis)
    _amounts(ax.yaxis)
    ax.set_xlabel("outcome by the fitted power law")
    ax.set_ylabel("outcome seen")
    ax.set_title("The tail against its fit")
    ax.grid(alpha=0.25)
    _legend_below(ax, *ax.get_legend_handles_labels(), ncols=3)
    return ax


def plot_max_to_sum(seen: MaxToSum, *, ax: Axes | None = None) -> Axes:
    """Share of the largest in the sum, as outcomes come in, for the outcomes and their powers.

    Parameters
    ----------
    seen : MaxToSum
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = _axes(ax)
    for order, path, colour in zip(seen.orders, seen.paths, _COLOURS * len(seen.orders), strict=False):
        ax.plot(seen.n, path, color=colour, lw=1.5, label="outcomes" if order == 1.0 else f"their powers of {order:g}")
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(FuncFormatter(_plain))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.set_ylim(0.0, 1.02)
    ax.set_xlabel("outcomes so far")
    ax.set_ylabel("share of the largest in the sum")
    ax.set_title("It falls to 0 where the moment exists")
    ax.grid(alpha=0.25)
    _legend_below(ax, *ax.get_legend_handles_labels(), ncols=3)
    return ax
