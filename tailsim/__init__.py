"""Monte Carlo for when most bets fail and a few pay for everything.

Laws of what one bet can pay, portfolios of bets, a compiled simulation with the same bits on any
machine, and answers that say when they cannot be trusted. Start with ``simulate``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__

_HOME = {
    "payoffs": (
        "Payoff", "Pareto", "Lomax", "GeneralizedPareto", "LogNormal", "Weibull", "Frechet", "LogLogistic", "BurrXII",
        "Exponential", "Normal", "Uniform", "Constant", "ZeroInflated", "Mixture", "Spliced", "Truncated", "Capped",
        "Buckets", "Empirical", "Affine", "StudentT", "Stable", "Gamma",
        "Tabulated", "from_scipy", "from_isf", "Uncertain", "Ensemble",
        "Metalog", "from_quantiles", "from_interval", "from_top_share",
    ),
    "portfolio": ("Bet", "Portfolio"),
    "dependence": ("OneFactor", "Correlation", "CommonShock", "PoissonCount", "GeometricCount", "BinomialCount"),
    "engine": ("simulate",),
    "results": ("Simulation", "Precision"),
    "stats": (
        "Estimate", "mean_estimate", "mean_by_subsampling", "mean_verdict", "failure_rate", "gini", "lorenz_curve",
        "top_share", "max_share", "n_effective", "max_to_sum", "HitRatePrior", "after_drought", "bets_for_hit",
        "death_before_hit", "drought", "hit_probability", "waiting_time",
        "equivalent_sample_size", "kappa", "prob_below_mean",
        "expected_top_share",
        "top_share_estimate",
    ),
    "decide": (
        "bet_count_curve", "optimal_bet_count", "ProbAtLeast", "MedianMultiple", "QuantileMultiple", "ExpectedUtility",
        "LogGrowth", "WorstCase", "Hits", "NetValue", "Linear", "Pairwise", "Fading", "Reserve", "StagedBet",
        "cash_flow", "expected_maximum", "optimal_parallel_count", "ABProgram", "compare", "reservation_value",
        "pandora_value", "kelly_fraction",
        "Programme", "Practices", "sensitivity", "price_of_fear",
    ),
    "exact": ("exact_total", "ExactTotal", "largest_of", "largest_share_of", "limiting_max_share"),
    "fit": (
        "hill", "pickands", "moment_estimator", "fit_gpd", "fit_power_law", "from_buckets", "fit_payoff", "backtest",
        "Policy", "mean_excess_curve",
    ),
    "rare": ("total_tail_probability", "total_shortfall", "largest_given_total"),
    "report": ("case_for_failure",),
    "errors": (
        "TailsimError", "ArgumentError", "ArgumentTypeError", "DataError", "UndefinedMomentError", "NotKeptError",
        "MemoryBudgetError", "PayoffError", "CorruptFileError",
        "ScenarioError",
        "WorkerError", "WorkerWarning", "CheckpointError", "CheckpointWarning",
    ),
    "io": ("load", "load_scenario", "Scenario"),
    "explorer": ("explore", "Explorer"),
    "_info": ("show_versions", "warmup"),
}  # fmt: skip
_MODULES = ("presets", "plotting", "testing", "io", "stats", "decide", "payoffs", "dependence", "fit")
_WHERE = {name: module for module, names in _HOME.items() for name in names}

__all__ = ["__version__", *_WHERE, *_MODULES]

if TYPE_CHECKING:  # "as" exports a name to type checkers
    from . import decide as decide
    from . import dependence as dependence
    from . import fit as fit
    from . import io as io
    from . import payoffs as payoffs
    from . import plotting as plotting
    from . import presets as presets
    from . import stats as stats
    from . import testing as testing
    from ._info import show_versions as show_versions
    from ._info import warmup as warmup
    from .decide import ABProgram as ABProgram
    from .decide import ExpectedUtility as ExpectedUtility
    from .decide import Fading as Fading
    from .decide import Hits as Hits
    from .decide import Linear as Linear
    from .decide import LogGrowth as LogGrowth
    from .decide import MedianMultiple as MedianMultiple
    from .decide import NetValue as NetValue
    from .decide import Pairwise as Pairwise
    from .decide import Practices as Practices
    from .decide import ProbAtLeast as ProbAtLeast
    from .decide import Programme as Programme
    from .decide import QuantileMultiple as QuantileMultiple
    from .decide import Reserve as Reserve
    from .decide import StagedBet as StagedBet
    from .decide import WorstCase as WorstCase
    from .decide import bet_count_curve as bet_count_curve
    from .decide import cash_flow as cash_flow
    from .decide import compare as compare
    from .decide import expected_maximum as expected_maximum
    from .decide import kelly_fraction as kelly_fraction
    from .decide import optimal_bet_count as optimal_bet_count
    from .decide import optimal_parallel_count as optimal_parallel_count
    from .decide import pandora_value as pandora_value
    from .decide import price_of_fear as price_of_fear
    from .decide import reservation_value as reservation_value
    from .decide import sensitivity as sensitivity
    from .dependence import BinomialCount as BinomialCount
    from .dependence import CommonShock as CommonShock
    from .dependence import Correlation as Correlation
    from .dependence import GeometricCount as GeometricCount
    from .dependence import OneFactor as OneFactor
    from .dependence import PoissonCount as PoissonCount
    from .engine import simulate as simulate
    from .errors import ArgumentError as ArgumentError
    from .errors import ArgumentTypeError as ArgumentTypeError
    from .errors import CheckpointError as CheckpointError
    from .errors import CheckpointWarning as CheckpointWarning
    from .errors import CorruptFileError as CorruptFileError
    from .errors import DataError as DataError
    from .errors import MemoryBudgetError as MemoryBudgetError
    from .errors import NotKeptError as NotKeptError
    from .errors import PayoffError as PayoffError
    from .errors import ScenarioError as ScenarioError
    from .errors import TailsimError as TailsimError
    from .errors import UndefinedMomentError as UndefinedMomentError
    from .errors import WorkerError as WorkerError
    from .errors import WorkerWarning as WorkerWarning
    from .exact import ExactTotal as ExactTotal
    from .exact import exact_total as exact_total
    from .exact import largest_of as largest_of
    from .exact import largest_share_of as largest_share_of
    from .exact import limiting_max_share as limiting_max_share
    from .explorer import Explorer as Explorer
    from .explorer import explore as explore
    from .fit import Policy as Policy
    from .fit import backtest as backtest
    from .fit import fit_gpd as fit_gpd
    from .fit import fit_payoff as fit_payoff
    from .fit import fit_power_law as fit_power_law
    from .fit import from_buckets as from_buckets
    from .fit import hill as hill
    from .fit import mean_excess_curve as mean_excess_curve
    from .fit import moment_estimator as moment_estimator
    from .fit import pickands as pickands
    from .io import Scenario as Scenario
    from .io import load as load
    from .io import load_scenario as load_scenario
    from .payoffs import Affine as Affine
    from .payoffs import Buckets as Buckets
    from .payoffs import BurrXII as BurrXII
    from .payoffs import Capped as Capped
    from .payoffs import Constant as Constant
    from .payoffs import Empirical as Empirical
    from .payoffs import Ensemble as Ensemble
    from .payoffs import Exponential as Exponential
    from .payoffs import Frechet as Frechet
    from .payoffs import Gamma as Gamma
    from .payoffs import GeneralizedPareto as GeneralizedPareto
    from .payoffs import LogLogistic as LogLogistic
    from .payoffs import LogNormal as LogNormal
    from .payoffs import Lomax as Lomax
    from .payoffs import Metalog as Metalog
    from .payoffs import Mixture as Mixture
    from .payoffs import Normal as Normal
    from .payoffs import Pareto as Pareto
    from .payoffs import Payoff as Payoff
    from .payoffs import Spliced as Spliced
    from .payoffs import Stable as Stable
    from .payoffs import StudentT as StudentT
    from .payoffs import Tabulated as Tabulated
    from .payoffs import Truncated as Truncated
    from .payoffs import Uncertain as Uncertain
    from .payoffs import Uniform as Uniform
    from .payoffs import Weibull as Weibull
    from .payoffs import ZeroInflated as ZeroInflated
    from .payoffs import from_interval as from_interval
    from .payoffs import from_isf as from_isf
    from .payoffs import from_quantiles as from_quantiles
    from .payoffs import from_scipy as from_scipy
    from .payoffs import from_top_share as from_top_share
    from .portfolio import Bet as Bet
    from .portfolio import Portfolio as Portfolio
    from .rare import largest_given_total as largest_given_total
    from .rare import total_shortfall as total_shortfall
    from .rare import total_tail_probability as total_tail_probability
    from .report import case_for_failure as case_for_failure
    from .results import Precision as Precision
    from .results import Simulation as Simulation
    from .stats import Estimate as Estimate
    from .stats import HitRatePrior as HitRatePrior
    from .stats import after_drought as after_drought
    from .stats import bets_for_hit as bets_for_hit
    from .stats import death_before_hit as death_before_hit
    from .stats import drought as drought
    from .stats import equivalent_sample_size as equivalent_sample_size
    from .stats import expected_top_share as expected_top_share
    from .stats import failure_rate as failure_rate
    from .stats import gini as gini
    from .stats import hit_probability as hit_probability
    from .stats import kappa as kappa
    from .stats import lorenz_curve as lorenz_curve
    from .stats import max_share as max_share
    from .stats import max_to_sum as max_to_sum
    from .stats import mean_by_subsampling as mean_by_subsampling
    from .stats import mean_estimate as mean_estimate
    from .stats import mean_verdict as mean_verdict
    from .stats import n_effective as n_effective
    from .stats import prob_below_mean as prob_below_mean
    from .stats import top_share as top_share
    from .stats import top_share_estimate as top_share_estimate
    from .stats import waiting_time as waiting_time


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that ``import tailsim`` costs next to nothing."""
    if name in _WHERE:
        value = getattr(import_module(f".{_WHERE[name]}", __name__), name)
    elif name in _MODULES:
        value = import_module(f".{name}", __name__)
    else:
        raise AttributeError(f"module 'tailsim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
