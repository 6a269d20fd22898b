"""Goals, and how many bets they ask for."""

from .curve import BetCountCurve, bet_count_curve
from .goals import Goal, MedianMultiple, ProbAtLeast
from .optimum import OptimalBetCount, optimal_bet_count

__all__ = [
    "BetCountCurve",
    "Goal",
    "MedianMultiple",
    "OptimalBetCount",
    "ProbAtLeast",
    "bet_count_curve",
    "optimal_bet_count",
]
