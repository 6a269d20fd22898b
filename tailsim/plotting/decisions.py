"""Pictures of decisions: which of two, how much to stake, how many to try, how to test."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from ..decide.ab_program import ABProgram
from ..decide.best_of import ParallelCount
from ..decide.comparison import Comparison
from ..decide.sizing import KellyBet
from ..stats.estimate import Estimate
from ._style import BLUE, GREY, ORANGE, amount, axes, legend_below, log_steps, per_cent


def plot_comparison(found: Comparison, *, ax: Axes | None = None) -> Axes:
    """The answer of a and of b with their intervals, and which pays more in the same world.

    Parameters
    ----------
    found : Comparison
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    sides = ((1, "a", found.a, found.a_beats_b, BLUE), (0, "b", found.b, found.b_beats_a, ORANGE))
    for y, name, answer, beats, colour in sides:
        ax.plot(answer.interval, [y, y], color=colour, lw=3, solid_capstyle="butt")
        label = f"{name}: {answer.value:.3g}; pays more in {beats.value:.0%} of worlds"
        ax.plot([answer.value], [y], "o", color=colour, ms=8, label=label)
    ax.set_yticks([0, 1], ["b", "a"])
    ax.set_ylim(-0.6, 1.6)
    ax.set_xlabel(f"{found.quantity}, with its {100 * found.a.level:g} % interval")
    ax.set_title(f"a less b: {_ends(found.difference)}")
    ax.grid(alpha=0.25, axis="x")
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=1)
    return ax


def _ends(e: Estimate) -> str:
    return f"{e.value:+.3g}, between {e.interval[0]:+.3g} and {e.interval[1]:+.3g}"


def plot_kelly_bet(bet: KellyBet, *, ax: Axes | None = None) -> Axes:
    """Growth of wealth a round against the fraction staked: beyond the best stake, more risk buys less growth.

    Parameters
    ----------
    bet : KellyBet
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    full = bet.fraction / bet.share
    end = min(2.5 * full, 0.999 * bet.most) if full > 0.0 else 0.2 * bet.most
    f = np.linspace(0.0, end, 80)
    ax.plot(f, bet.growth_at(f), color=BLUE, lw=2)
    ax.axhline(0.0, color=GREY, lw=1, ls=":")
    if bet.share < 1.0:
        ax.plot([full], [bet.full_growth], "o", color=GREY, label=f"the full stake, {full:.2%}")
    label = f"staked here: {bet.fraction:.2%}" if bet.fraction else "stake nothing"
    ax.plot([bet.fraction], [bet.growth], "o", color=ORANGE, label=label)
    ax.xaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.yaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.set_xlabel("part of wealth staked on each bet")
    ax.set_ylabel("growth of wealth a round (logarithmic)")
    ax.set_title("One bet a round" if bet.n_bets == 1 else f"{bet.n_bets:,} bets a round")
    ax.grid(alpha=0.25)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=2)
    return ax


def plot_parallel_count(best: ParallelCount, *, ax: Axes | None = None) -> Axes:
    """What the best of n tries is worth, net of all stakes, against n.

    Parameters
    ----------
    best : ParallelCount
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    n = np.unique(np.geomspace(1, 8 * best.n_bets, 60).round().astype(np.int64))
    ax.plot(n, best.net_values(n), color=BLUE, lw=2)
    ax.axhline(0.0, color=GREY, lw=1, ls=":")
    label = f"best: {best.n_bets:,}, {best.net_value:.4g} net"
    ax.plot([best.n_bets], [best.net_value], "o", color=ORANGE, label=label)
    ax.set_xscale("log")
    log_steps(ax.xaxis)
    ax.yaxis.set_major_formatter(FuncFormatter(amount))
    ax.set_xlabel("tries at once, of which the best is used")
    ax.set_ylabel("expected payoff of the best, less all stakes")
    ax.set_title(f"How many to try at {best.stake:g} each")
    ax.grid(alpha=0.25)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=1)
    return ax


def plot_ab_program(program: ABProgram, *, ax: Axes | None = None) -> Axes:
    """What all users together gain, against the number of ideas they are divided among.

    Parameters
    ----------
    program : ABProgram
        The programme to draw; some dozens of values of its production function are computed, a second or two.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    best = program.optimal_allocation()
    k = np.unique(np.append(np.geomspace(1, best.most_tests, 40).round(), best.n_tests))
    ax.plot(k, k * program.production(program.n_users / k), color=BLUE, lw=2)
    size = f"{best.test_size:,.3g}" if best.test_size < 1000 else f"{best.test_size:,.0f}"
    label = f"best: {best.n_tests:,} tests of {size} users, launched beyond t = {best.launch_t:.3g}"
    ax.plot([best.n_tests], [best.value], "o", color=ORANGE, label=label)
    ax.set_xscale("log")
    ax.set_ylim(0.0, None)
    log_steps(ax.xaxis)
    ax.yaxis.set_major_formatter(FuncFormatter(amount))
    ax.set_xlabel(f"ideas tested, on {program.n_users:,.0f} users in all")
    ax.set_ylabel("expected gain of the programme")
    how = "many small tests" if program.regime == "lean" else "few large tests"
    index = program.prior.tail_index
    tail = "no power tail" if math.isinf(index) else f"tail index {index:.3g}"
    ax.set_title(f"Ideas with {tail}: the regime of {how}")
    ax.grid(alpha=0.25)
    legend_below(ax, *ax.get_legend_handles_labels(), ncols=1)
    return ax
