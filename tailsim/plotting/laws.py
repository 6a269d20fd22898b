"""Pictures of laws: what one bet or a total pays, where the value sits, and whether a mean settles."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from ..exact.total import ExactTotal
from ..payoffs.base import Payoff, check_law
from ..stats.concentration import LorenzCurve
from ..stats.running import RunningMeans
from ._style import BLUE, COLOURS, GREY, ORANGE, amount, amounts, axes, legend_below, log_steps, per_cent

_P = np.concatenate([np.linspace(0.999, 0.06, 120), np.geomspace(0.05, 1e-6, 120)])
_FEW = np.concatenate([np.linspace(0.99, 0.1, 9), np.geomspace(0.05, 1e-6, 15)])


def plot_law(law: Payoff, *, ax: Axes | None = None) -> Axes:
    """Chance that one bet pays at least each amount, on log axes, down to one in a million.

    A power tail is a straight line there, and any lighter one bends down. Of a law that can be negative the chance to
    lose at least as much is drawn too.

    Parameters
    ----------
    law : Payoff
        The law to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.plotting.plot_law(ts.Pareto(1.5)).get_ylabel()
    'chance of at least that'
    """
    check_law("law", law)
    ax = axes(ax)
    sides = [(law, BLUE, "pays at least that"), (-law, ORANGE, "loses at least that")]
    for side, colour, label in sides[: 1 if law.support[0] >= 0.0 else 2]:
        x = np.unique(side.isf(_P))
        x = x[(x > 0.0) & np.isfinite(x)]
        if x.size:
            style = "-" if x.size > 1 else "o"
            ax.loglog(x, side.prob_at_least(x), style, color=colour, lw=2, label=f"{label}, {_tail(side)}")
    _log_survival(ax, "what one bet pays")
    nothing = law.cdf(0.0)
    title = f"Half of all bets pay at least {law.median():,.3g}"
    ax.set_title(f"{nothing:.0%} of all bets pay nothing" if nothing >= 0.5 and law.support[0] >= 0.0 else title)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=1)
    return ax


def _tail(law: Payoff) -> str:
    if math.isfinite(law.support[1]):
        return f"at most {amount(law.support[1])}"
    return "a tail lighter than any power" if math.isinf(law.tail_index) else f"tail index {law.tail_index:.3g}"


def _log_survival(ax: Axes, what: str) -> None:
    ax.set_xscale("log")
    ax.set_yscale("log")
    amounts(ax.xaxis)
    ax.yaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.set_xlabel(what)
    ax.set_ylabel("chance of at least that")
    ax.set_ylim(top=min(ax.get_ylim()[1], 2.0))
    ax.grid(alpha=0.25)


def plot_exact_total(total: ExactTotal, *, ax: Axes | None = None) -> Axes:
    """Chance that the bets together pay at least each amount, on log axes, down to one in a million.

    Parameters
    ----------
    total : ExactTotal
        The result to draw; where totals can be negative, only those above zero are.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    x = np.unique([total.isf(float(p)).value for p in _FEW])
    x = x[x > 0.0]
    found = [total.prob_at_least(float(one)) for one in x]
    low, high = (np.array([e.interval[i] for e in found]) for i in (0, 1))
    ax.fill_between(x, low, high, color=BLUE, alpha=0.18, lw=0, label="guaranteed bracket")
    ax.loglog(x, [e.value for e in found], color=BLUE, lw=2, label="computed, not simulated")
    _log_survival(ax, "what the bets pay together")
    ax.set_title(f"{total.n_bets:,.6g} bets")
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=2)
    return ax


def plot_lorenz(curve: LorenzCurve | Payoff, *, ax: Axes | None = None, label: str | None = None) -> Axes:
    """Share of the total that the smaller outcomes hold: the further below the diagonal, the fewer hold it all.

    Parameters
    ----------
    curve : LorenzCurve or Payoff
        That of a sample, or a law for that of its population; draw both on one Axes to compare them.
    ax : Axes, optional
        Where to draw; a new figure by default.
    label : str, optional
        A name for the legend.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    first = not ax.lines
    if isinstance(curve, Payoff):
        x = 1.0 - np.concatenate([np.linspace(1.0, 0.02, 99), np.geomspace(0.0199, 1e-5, 99), [0.0]])
        y, named = curve.lorenz(x), "all there is"
    else:
        x, y, named = curve.population, curve.value, "the sample"
    if first:
        ax.plot([0, 1], [0, 1], color=GREY, lw=1, ls=":", label="all alike")
    colour = COLOURS[(len(ax.lines) - 1) % len(COLOURS)]
    ax.plot(x, y, color=colour, lw=2, label=named if label is None else label)
    ax.set_xlim(0.0, 1.0)
    ax.set_ylim(min(0.0, float(np.min(y)) * 1.05), 1.0)
    ax.xaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.yaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.set_xlabel("outcomes, from the smallest up")
    ax.set_ylabel("share of the total they hold")
    ax.grid(alpha=0.25)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=3)
    return ax


def plot_running_means(seen: RunningMeans, *, ax: Axes | None = None) -> Axes:
    """Sample means as outcomes come in, one line a path, with the true mean where there is one.

    Parameters
    ----------
    seen : RunningMeans
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    for path, colour in zip(seen.paths, COLOURS * len(seen.paths), strict=False):
        ax.plot(seen.n, path, color=colour, lw=1.2, alpha=0.85)
    ax.set_xscale("log")
    if np.all(seen.paths > 0.0):
        ax.set_yscale("log")
        amounts(ax.yaxis)
    else:
        ax.yaxis.set_major_formatter(FuncFormatter(amount))
    log_steps(ax.xaxis)
    if math.isfinite(seen.mean):
        ax.axhline(seen.mean, color=GREY, lw=1.5, ls="--", label=f"the true mean, {seen.mean:,.3g}")
        legend_below(ax, *ax.get_legend_handles_labels(), ncols=1)
        ax.set_title(f"{len(seen.paths)} running averages of the same law")
    else:
        ax.set_title(f"{len(seen.paths)} running averages of a law that has no mean")
    ax.set_xlabel("outcomes so far")
    ax.set_ylabel("their average")
    ax.grid(alpha=0.25)
    return ax
