"""What to do: how many bets, how many at once, which tests, in which order, how large."""

from .ab_answers import Allocation, SignificanceRule, Winners
from .ab_prior import FittedPrior, fit_prior
from .ab_program import ABProgram
from .ab_rules import RolloutTest, false_positive_risk, rollout_test
from .best_of import ParallelCount, expected_maximum, optimal_parallel_count
from .cash import CashFlow, cash_flow
from .comparison import Comparison, compare
from .curve import BetCountCurve, bet_count_curve
from .fear import FearPrice, price_of_fear
from .gates import Gate
from .goals import Goal, MedianMultiple, ProbAtLeast, QuantileMultiple
from .goals_exact import Hits, NetValue
from .goals_mean import ExpectedUtility, LogGrowth, WorstCase
from .optimum import OptimalBetCount, optimal_bet_count
from .practices import Practices
from .programme import Programme
from .search import Box, SearchPlan, pandora_value, reservation_value, search_plan
from .sizing import KellyBet, kelly_bet, kelly_fraction
from .staged import Recycled, StagedBet
from .terms import Fading, Linear, Pairwise, Reserve
from .tornado import Sensitivity, sensitivity
from .years import Years

__all__ = [
    "ABProgram",
    "Allocation",
    "BetCountCurve",
    "CashFlow",
    "Comparison",
    "Box",
    "ExpectedUtility",
    "Fading",
    "FearPrice",
    "FittedPrior",
    "Gate",
    "Goal",
    "Hits",
    "KellyBet",
    "Linear",
    "LogGrowth",
    "MedianMultiple",
    "NetValue",
    "OptimalBetCount",
    "Pairwise",
    "ParallelCount",
    "Practices",
    "ProbAtLeast",
    "Programme",
    "QuantileMultiple",
    "Reserve",
    "Recycled",
    "RolloutTest",
    "SearchPlan",
    "Sensitivity",
    "SignificanceRule",
    "StagedBet",
    "Winners",
    "Years",
    "WorstCase",
    "bet_count_curve",
    "expected_maximum",
    "cash_flow",
    "compare",
    "false_positive_risk",
    "fit_prior",
    "kelly_bet",
    "kelly_fraction",
    "optimal_bet_count",
    "optimal_parallel_count",
    "pandora_value",
    "price_of_fear",
    "reservation_value",
    "rollout_test",
    "search_plan",
    "sensitivity",
]
