"""Pictures of how many bets to make."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from ..decide.curve import BetCountCurve
from ..decide.optimum import OptimalBetCount
from ._style import BLUE, COLOURS, GREEN, GREY, ORANGE, amount, axes, legend_below, log_steps, per_cent, times


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
    ax = axes(ax)
    n = curve.n_bets
    ax.fill_between(n, curve.quantile(0.1), curve.quantile(0.9), color=BLUE, alpha=0.18, lw=0, label="8 worlds in 10")
    ax.plot(n, curve.median, color=BLUE, lw=2, label="half of the worlds reach this")
    ax.axhline(1.0, color=GREY, lw=1, ls=":")
    ax.set_xscale("log")
    log_steps(ax.xaxis)
    ax.yaxis.set_major_formatter(FuncFormatter(times))
    ax.set_xlabel("number of bets")
    ax.set_ylabel("paid back, as a multiple of what was spent")
    ax.set_title(f"What more bets do ({curve.n_trials:,} simulated worlds)")
    ax.grid(alpha=0.25)
    handles, labels = ax.get_legend_handles_labels()
    if curve.targets:
        right = ax.twinx()
        for target, colour in zip(curve.targets, COLOURS[1:] * len(curve.targets), strict=False):
            line = right.plot(n, curve.prob_at_least(target), color=colour, lw=1.5, ls="--")[0]
            handles.append(line)
            labels.append(f"chance of at least {target:g}x (right)")
        right.set_ylim(0, 1)
        right.yaxis.set_major_formatter(FuncFormatter(per_cent))
        right.set_ylabel("chance")
    legend_below(ax, handles, labels, ncols=2)
    return ax


def plot_fan(curve: BetCountCurve, *, ax: Axes | None = None) -> Axes:
    """Fan of what portfolios of more and more bets pay back: nested bands of simulated worlds, on log axes.

    Parameters
    ----------
    curve : BetCountCurve
        The result to draw; what pays back nothing lies below the axis.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    n = curve.n_bets
    lowest = np.inf
    for words, q, strength in (("98 worlds in 100", 0.01, 0.12), ("9 in 10", 0.05, 0.2), ("half", 0.25, 0.3)):
        low, high = curve.quantile(q), curve.quantile(1.0 - q)
        reached = low[low > 0.0]
        lowest = min(lowest, float(reached.min()) if reached.size else np.inf)
        ax.fill_between(n, low, high, color=BLUE, alpha=strength, lw=0, label=words)
    ax.plot(n, curve.median, color=BLUE, lw=2, label="the middle world")
    ax.axhline(1.0, color=GREY, lw=1, ls=":")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylim(max(min(lowest, 1.0), 0.01), None)
    log_steps(ax.xaxis)
    log_steps(ax.yaxis, times)
    ax.set_xlabel("number of bets")
    ax.set_ylabel("paid back, as a multiple of what was spent")
    ax.set_title(f"What may come back ({curve.n_trials:,} simulated worlds)")
    ax.grid(alpha=0.25)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=4)
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
    ax = axes(ax)
    n = best.curve.n_bets
    low, high = best.plateau
    ax.axvspan(low, high, color=GREEN, alpha=0.15, lw=0, label=f"cannot be told from the best: {low} to {high}")
    ax.plot(n, best.values, color=BLUE, lw=2)
    label = f"best: {best.n_bets}, {best.goal.describe(best.value)}"
    ax.plot([best.n_bets], [best.value], "o", color=ORANGE, label=label)
    ax.set_xscale("log")
    log_steps(ax.xaxis)
    ax.set_xlabel("number of bets")
    ax.set_ylabel(best.goal.label)
    label = best.goal.label
    words = per_cent if label.startswith("chance") else times if "paid / spent" in label else amount
    ax.yaxis.set_major_formatter(FuncFormatter(words))
    ax.set_title("How many bets")
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=1)
    ax.grid(alpha=0.25)
    return ax
