"""Answers with their uncertainty: plain functions of data or of a law."""

from .concentration import (
    LorenzCurve,
    gini,
    hhi,
    lorenz_curve,
    max_share,
    max_to_sum,
    n_effective,
    net_top_share,
    top_share,
    winners_for,
)
from .droughts import Drought, drought
from .estimate import Estimate
from .expected_shares import (
    SampleShare,
    expected_gini,
    expected_hhi,
    expected_max_share,
    expected_top_share,
    sample_top_share,
    winners_fraction,
)
from .failure import failure_rate
from .hits import WaitingTime, bets_for_hit, death_before_hit, hit_probability, waiting_time
from .intervals import bounded_mean, clopper_pearson, proportion, quantile_estimate, quantile_interval
from .mean import mean_estimate
from .patience import AfterDrought, HitRatePrior, after_drought
from .running import RunningMeans, running_means
from .shadow import shadow_mean
from .share_estimate import top_share_estimate
from .subsampling import mean_by_subsampling
from .track_record import equivalent_sample_size, kappa, mean_deviation, prob_below_mean
from .verdict import Verdict, mean_verdict

__all__ = [
    "AfterDrought",
    "Drought",
    "Estimate",
    "HitRatePrior",
    "LorenzCurve",
    "RunningMeans",
    "SampleShare",
    "Verdict",
    "WaitingTime",
    "after_drought",
    "bets_for_hit",
    "bounded_mean",
    "clopper_pearson",
    "death_before_hit",
    "drought",
    "equivalent_sample_size",
    "expected_gini",
    "expected_hhi",
    "expected_max_share",
    "expected_top_share",
    "failure_rate",
    "gini",
    "hhi",
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
    "net_top_share",
    "prob_below_mean",
    "proportion",
    "quantile_estimate",
    "quantile_interval",
    "running_means",
    "sample_top_share",
    "shadow_mean",
    "top_share",
    "top_share_estimate",
    "waiting_time",
    "winners_for",
    "winners_fraction",
]
