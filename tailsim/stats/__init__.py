"""Answers with their uncertainty: plain functions of data or of a law."""

from .concentration import LorenzCurve, gini, lorenz_curve, max_share, max_to_sum, n_effective, top_share
from .droughts import Drought, drought
from .estimate import Estimate
from .failure import failure_rate
from .hits import WaitingTime, bets_for_hit, death_before_hit, hit_probability, waiting_time
from .intervals import bounded_mean, clopper_pearson, proportion, quantile_estimate, quantile_interval
from .mean import mean_estimate
from .patience import AfterDrought, HitRatePrior, after_drought
from .subsampling import mean_by_subsampling
from .track_record import equivalent_sample_size, kappa, mean_deviation, prob_below_mean
from .verdict import Verdict, mean_verdict

__all__ = [
    "AfterDrought",
    "Drought",
    "Estimate",
    "HitRatePrior",
    "LorenzCurve",
    "Verdict",
    "WaitingTime",
    "after_drought",
    "bets_for_hit",
    "bounded_mean",
    "clopper_pearson",
    "death_before_hit",
    "drought",
    "equivalent_sample_size",
    "failure_rate",
    "gini",
    "hit_probability",
    "kappa",
    "lorenz_curve",
    "max_share",
    "max_to_sum",
    "mean_by_subsampling",
    "mean_deviation",
    "mean_estimate",
    "mean_verdict",
    "n_effective",
    "prob_below_mean",
    "proportion",
    "quantile_estimate",
    "quantile_interval",
    "top_share",
    "waiting_time",
]
