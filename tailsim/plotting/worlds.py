"""Pictures of single worlds: who carries one total, the best worlds, and how concentrated they are."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..results import Simulation
from ..results.summary import Winners
from ..results.trial_shares import TrialShares
from ..stats.concentration import max_share, winners_for
from ._style import BLUE, ORANGE, amount, axes, legend_below, per_cent


def plot_trial(run: Simulation, trial: int, *, ax: Axes | None = None) -> Axes:
    """Who carries the total: the payoffs of one simulated world, the biggest first.

    Parameters
    ----------
    run : Simulation
        Where the world is from.
    trial : int
        Which one, from 0; ``run.winners().trials`` names the best.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import tailsim as ts
    >>> run = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 20), n_trials=1000, rng=1)
    >>> ts.plotting.plot_trial(run, 7).get_xlabel()
    'bets, the biggest payoff first'
    """
    paid = np.sort(run.replay(trial))[::-1]
    ax = axes(ax)
    edges = np.arange(paid.size + 1) + 0.5
    ax.stairs(paid, edges, fill=True, color=BLUE, alpha=0.55)
    if paid.size and paid[-1] >= 0.0 < paid[0]:
        few = winners_for(paid)
        which = "the biggest bet makes" if few == 1 else f"the biggest {few:,} bets make"
        first = "" if few == 1 else f"; the biggest alone {max_share(paid):.0%}"
        label = f"{which} {_most(paid[:few].sum() / paid.sum())} of it{first}"
        ax.stairs(paid[:few], edges[: few + 1], fill=True, color=ORANGE, label=label)
        legend_below(ax, *ax.get_legend_handles_labels(), ncols=1)
    ax.set_xlim(0.5, max(paid.size, 1) + 0.5)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(amount))
    ax.set_xlabel("bets, the biggest payoff first")
    ax.set_ylabel("what each pays")
    ax.set_title(f"World {trial:,}: {paid.size:,} bets pay {amount(paid.sum())} together")
    ax.grid(alpha=0.25, axis="y")
    return ax


def _most(share: float) -> str:
    """A share in whole per cent, which is all only where it is all."""
    return "more than 99%" if 0.995 <= share < 1.0 else f"{share:.0%}"


def plot_winners(best: Winners, *, ax: Axes | None = None) -> Axes:
    """What the best worlds paid.

    Parameters
    ----------
    best : Winners
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    rank = np.arange(len(best.totals)) + 1
    ax.barh(rank, best.totals, color=BLUE, alpha=0.7)
    ax.set_yticks(rank, [f"{trial:,}" for trial in best.trials])
    ax.invert_yaxis()
    ax.xaxis.set_major_formatter(FuncFormatter(amount))
    ax.set_xlabel("paid in all")
    ax.set_ylabel("number of the world")
    ax.set_title("The best of the simulated worlds")
    ax.grid(alpha=0.25, axis="x")
    return ax


def plot_trial_shares(seen: TrialShares, *, ax: Axes | None = None) -> Axes:
    """How much of all that a world pays its biggest payoff makes, over the simulated worlds.

    Parameters
    ----------
    seen : TrialShares
        The result to draw.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    share = seen.max_share[np.isfinite(seen.max_share)]
    weights = np.full(share.size, 1.0 / max(share.size, 1))
    ax.hist(share, bins=40, range=(0.0, 1.0), weights=weights, color=BLUE, alpha=0.55)
    if share.size:
        half = seen.quantile("max_share", 0.5).value
        ax.axvline(half, color=ORANGE, lw=2, label=f"in half of the worlds at least {half:.0%}")
        legend_below(ax, *ax.get_legend_handles_labels(), ncols=1)
    ax.set_xlim(0.0, 1.0)
    ax.xaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.yaxis.set_major_formatter(FuncFormatter(per_cent))
    ax.set_xlabel("share of the biggest payoff in all that comes back")
    ax.set_ylabel("share of the worlds")
    ax.set_title(f"Who carries the total, in {share.size:,} worlds")
    ax.grid(alpha=0.25)
    return ax
