"""Answers with their uncertainty: plain functions of data or of a law."""

from .concentration import LorenzCurve, gini, lorenz_curve, max_share, max_to_sum, n_effective, top_share
from .estimate import Estimate
from .failure import failure_rate
from .intervals import bounded_mean, clopper_pearson, proportion, quantile_estimate, quantile_interval
from .mean import mean_estimate
from .subsampling import mean_by_subsampling
from .verdict import Verdict, mean_verdict

__all__ = [
    "Estimate",
    "LorenzCurve",
    "Verdict",
    "bounded_mean",
    "clopper_pearson",
    "failure_rate",
    "gini",
    "lorenz_curve",
    "max_share",
    "max_to_sum",
    "mean_by_subsampling",
    "mean_estimate",
    "mean_verdict",
    "n_effective",
    "proportion",
    "quantile_estimate",
    "quantile_interval",
    "top_share",
]
