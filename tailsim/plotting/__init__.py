"""Pictures of results: each function takes a result and an Axes, draws, and returns the Axes."""

from .bets import plot_bet_count_curve, plot_optimal_bet_count
from .fits import plot_hill, plot_max_to_sum, plot_mean_excess, plot_power_law_fit, plot_qq
from .simulation import plot_simulation

__all__ = [
    "plot_simulation",
    "plot_bet_count_curve",
    "plot_optimal_bet_count",
    "plot_power_law_fit",
    "plot_hill",
    "plot_mean_excess",
    "plot_qq",
    "plot_max_to_sum",
]
