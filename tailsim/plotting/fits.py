"""Pictures of fits to data."""

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from ..fit.diagnostics import QQ, HillPlot, MaxToSum, MeanExcess
from ..fit.power_law_fit import PowerLawFit
from ._style import BLUE, COLOURS, GREY, ORANGE, amount, amounts, axes, legend_below, log_steps, per_cent


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
    ax = axes(ax)
    curve = fit.curve()
    ax.loglog(curve.x, curve.seen, "o", color=GREY, ms=4, alpha=0.6, mew=0, label="seen")
    ax.plot(curve.x, curve.power_law, color=BLUE, lw=2, label=f"power law, tail index {fit.tail_index:.3g}")
    ax.plot(curve.x, curve.lognormal, color=ORANGE, lw=1.5, ls="--", label="best lognormal")
    ax.set_xlabel("outcome")
    ax.set_ylabel("share of outcomes at least that")
    amounts(ax.xaxis)
    ax.yaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.set_title(f"{fit.n_tail:,} of {fit.n:,} outcomes, from {fit.threshold:,g} on")
    ax.grid(alpha=0.25)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=3)
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
    ax = axes(ax)
    label = f"{100 * seen.level:g} % interval, threshold taken for known"
    ax.fill_between(seen.k, seen.low, seen.high, color=BLUE, alpha=0.18, lw=0, label=label)
    ax.plot(seen.k, seen.tail_index, color=BLUE, lw=2, label="Hill's estimate")
    ax.axhline(1.0, color=GREY, lw=1, ls=":", label="no mean below")
    ax.set_xscale("log")
    log_steps(ax.xaxis)
    ax.set_ylim(0.0, None)
    ax.set_xlabel("outcomes in the tail")
    ax.set_ylabel("tail index")
    ax.set_title("Look for a level stretch")
    ax.grid(alpha=0.25)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=2)
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
    ax = axes(ax)
    ax.plot(seen.threshold, seen.mean_excess, "o", color=BLUE, ms=4, mew=0, alpha=0.6)
    ax.xaxis.set_major_formatter(FuncFormatter(amount))
    ax.yaxis.set_major_formatter(FuncFormatter(amount))
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
    ax = axes(ax)
    label = f"where {100 * seen.level:g} % of each would lie"
    ax.fill_between(seen.fitted, seen.low, seen.high, color=BLUE, alpha=0.18, lw=0, label=label)
    ax.loglog(seen.fitted, seen.fitted, color=BLUE, lw=1.5, label="the fit")
    ax.plot(seen.fitted, seen.observed, "o", color=ORANGE, ms=4, mew=0, alpha=0.7, label="seen")
    amounts(ax.xaxis)
    amounts(ax.yaxis)
    ax.set_xlabel("outcome by the fitted power law")
    ax.set_ylabel("outcome seen")
    ax.set_title("The tail against its fit")
    ax.grid(alpha=0.25)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=3)
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
    ax = axes(ax)
    for order, path, colour in zip(seen.orders, seen.paths, COLOURS * len(seen.orders), strict=False):
        ax.plot(seen.n, path, color=colour, lw=1.5, label="outcomes" if order == 1.0 else f"their powers of {order:g}")
    ax.set_xscale("log")
    log_steps(ax.xaxis)
    ax.yaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.set_ylim(0.0, 1.02)
    ax.set_xlabel("outcomes so far")
    ax.set_ylabel("share of the largest in the sum")
    ax.set_title("It falls to 0 where the moment exists")
    ax.grid(alpha=0.25)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=3)
    return ax
