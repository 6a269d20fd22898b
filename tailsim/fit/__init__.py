"""From past outcomes to tail indices and laws."""

from .backtesting import Answers, Backtest, backtest
from .binned import BinnedPowerLaw, fit_binned_power_law
from .compare import Comparison
from .diagnostics import (
    QQ,
    HillPlot,
    MaxToSum,
    MeanExcess,
    TailCurve,
    hill_plot,
    max_to_sum_paths,
    mean_excess_curve,
    qq,
)
from .estimators import TailEstimate, hill, moment_estimator, pickands
from .families import Fitted
from .gpd import GPDFit, fit_gpd
from .groups import GroupFit
from .payoff import fit_payoff
from .payoff_fit import CapEffect, Fact, PayoffFit, ThresholdEffect
from .power_law import fit_power_law
from .power_law_fit import PowerLawFit
from .replay import Policy
from .resampled import resampled_with_tail, tail_size
from .rivals import Rival
from .table import from_buckets
from .thresholds import TailThreshold, tail_threshold

__all__ = [
    "Answers",
    "Backtest",
    "BinnedPowerLaw",
    "CapEffect",
    "Comparison",
    "Fact",
    "Fitted",
    "GPDFit",
    "GroupFit",
    "HillPlot",
    "MaxToSum",
    "MeanExcess",
    "PayoffFit",
    "Policy",
    "PowerLawFit",
    "QQ",
    "Rival",
    "TailCurve",
    "TailEstimate",
    "TailThreshold",
    "ThresholdEffect",
    "backtest",
    "fit_binned_power_law",
    "fit_gpd",
    "fit_payoff",
    "fit_power_law",
    "from_buckets",
    "hill",
    "hill_plot",
    "max_to_sum_paths",
    "mean_excess_curve",
    "moment_estimator",
    "pickands",
    "qq",
    "resampled_with_tail",
    "tail_size",
    "tail_threshold",
]
