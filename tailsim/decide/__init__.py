"""What to do: how many bets, how many at once, which tests, in which order, how large."""

from .ab_answers import Allocation, SignificanceRule, Winners
from .ab_program import ABProgram
from .best_of import ParallelCount, expected_maximum, optimal_parallel_count
from .comparison import Comparison, compare
from .curve import BetCountCurve, bet_count_curve
from .goals import Goal, MedianMultiple, ProbAtLeast
from .optimum import OptimalBetCount, optimal_bet_count

__all__ = [
    "ABProgram",
    "Allocation",
    "BetCountCurve",
    "Comparison",
    "Goal",
    "MedianMultiple",
    "OptimalBetCount",
    "ParallelCount",
    "ProbAtLeast",
    "SignificanceRule",
    "Winners",
    "bet_count_curve",
    "expected_maximum",
    "compare",
    "optimal_bet_count",
    "optimal_parallel_count",
]
