"""Pictures of waiting: the longest drought, the bets until a hit, and what failures in a row leave of the hope."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..stats.droughts import Drought
from ..stats.hits import WaitingTime
from ..stats.patience import AfterDrought
from ._style import BLUE, GREEN, GREY, ORANGE, axes, legend_below, per_cent

_SEEN = 1e-4  # lengths less likely than this part of the likeliest one would not be seen


def plot_drought(longest: Drought, *, ax: Axes | None = None) -> Axes:
    """How long the longest run of failures gets, and how likely each length is.

    Parameters
    ----------
    longest : Drought
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.plotting.plot_drought(ts.drought(ts.Pareto(1.5), 10, 100)).get_xlabel()
    'longest run of failures, in bets'
    """
    ax = axes(ax)
    shown = longest.probabilities >= _SEEN * longest.probabilities.max()
    late = longest.quantile(0.95)
    edges = np.append(longest.lengths[shown], longest.lengths[shown][-1] + 1) - 0.5
    ax.stairs(longest.probabilities[shown], edges, fill=True, color=BLUE, alpha=0.55, label="chance of each length")
    ax.axvline(longest.expected, color=ORANGE, lw=2, label=f"on average {longest.expected:,.1f}")
    ax.axvline(late, color=GREY, lw=1.5, ls="--", label=f"19 times in 20 at most {late:,}")
    ax.set_ylim(0.0, None)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.set_xlabel("longest run of failures, in bets")
    ax.set_ylabel("chance")
    ax.set_title(f"{longest.n_bets:,} bets, {per_cent(round(longest.hit_rate, 4))} of which hit")
    ax.grid(alpha=0.25)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=2)
    return ax


def plot_waiting_time(waiting: WaitingTime, *, ax: Axes | None = None) -> Axes:
    """Chance that the hit has come, against the number of bets made.

    Parameters
    ----------
    waiting : WaitingTime
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    last = waiting.quantile(0.99)
    n = np.unique(np.linspace(0, last if math.isfinite(last) else 100, 300).astype(np.int64))
    ax.plot(n, [waiting.cdf(int(k)) for k in n], color=BLUE, lw=2)
    for q, colour, words in ((0.5, GREEN, "as likely as not"), (0.95, ORANGE, "19 times in 20")):
        if math.isfinite(k := waiting.quantile(q)):
            ax.plot([k], [waiting.cdf(int(k))], "o", color=colour, label=f"{words} within {k:,.0f} bets")
    ax.set_ylim(0.0, 1.02)
    ax.yaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.set_xlabel("bets made")
    which = "the first hit has" if waiting.k == 1 else f"{waiting.k:,} hits have"
    ax.set_ylabel(f"chance that {which} come")
    if waiting.hit_rate == 0.0:
        ax.set_title("No bet ever hits")
    else:
        ax.set_title(f"A hit in {per_cent(float(f'{waiting.hit_rate:.3g}'))} of bets")
        legend_below(ax, *ax.get_legend_handles_labels(), ncols=2)
    ax.grid(alpha=0.25)
    return ax


def plot_after_drought(left: AfterDrought, *, ax: Axes | None = None) -> Axes:
    """What is believed of the hit rate, before and after failures in a row, with the rate that pays for a bet.

    Parameters
    ----------
    left : AfterDrought
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    x = np.linspace(0.0, max(left.prior.quantile(0.99), 1e-12), 200)
    k = left.n_failures
    after = f"after {k:,} failure{'' if k == 1 else 's'} in a row"
    for belief, colour, style, words in ((left.prior, GREY, "--", "before"), (left.posterior, BLUE, "-", after)):
        ax.plot(x, [belief.prob_above(float(rate)) for rate in x], color=colour, lw=2, ls=style, label=words)
    if 0.0 < left.break_even <= x[-1]:
        label = f"a bet pays for itself from {per_cent(float(f'{left.break_even:.3g}'))} on"
        ax.axvline(left.break_even, color=ORANGE, lw=1.5, ls=":", label=label)
    ax.set_ylim(0.0, 1.02)
    ax.xaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.yaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.set_xlabel("hit rate")
    ax.set_ylabel("belief that it is above that")
    title = {None: "What is left of the hope", True: "Go on", False: "Stop: the next bet is not worth its stake"}
    ax.set_title(title[left.go_on])
    ax.grid(alpha=0.25)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=2)
    return ax
