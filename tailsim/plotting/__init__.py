"""Pictures of results: each function takes a result and an Axes, draws, and returns the Axes."""

from .bets import plot_bet_count_curve, plot_fan, plot_optimal_bet_count
from .decisions import plot_ab_program, plot_comparison, plot_kelly_bet, plot_parallel_count
from .fits import plot_hill, plot_max_to_sum, plot_mean_excess, plot_power_law_fit, plot_qq
from .laws import plot_exact_total, plot_law, plot_lorenz, plot_running_means
from .practices import plot_sensitivity
from .simulation import plot_simulation
from .waiting import plot_after_drought, plot_drought, plot_waiting_time
from .worlds import plot_trial, plot_trial_shares, plot_winners

__all__ = [
    "plot_simulation",
    "plot_trial",
    "plot_trial_shares",
    "plot_winners",
    "plot_bet_count_curve",
    "plot_fan",
    "plot_optimal_bet_count",
    "plot_comparison",
    "plot_kelly_bet",
    "plot_parallel_count",
    "plot_ab_program",
    "plot_sensitivity",
    "plot_law",
    "plot_exact_total",
    "plot_lorenz",
    "plot_running_means",
    "plot_drought",
    "plot_waiting_time",
    "plot_after_drought",
    "plot_power_law_fit",
    "plot_hill",
    "plot_mean_excess",
    "plot_qq",
    "plot_max_to_sum",
]
