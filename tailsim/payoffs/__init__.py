"""What one bet can pay: laws of payoffs, one small file per family; ``base.Payoff`` is the contract."""

from .affine import Affine
from .base import Payoff
from .buckets import Buckets
from .burr import BurrXII, LogLogistic
from .capped import Capped
from .concentrated import from_top_share
from .empirical import Empirical
from .ensemble import Ensemble
from .frechet import Frechet
from .gamma import Gamma
from .generalized_pareto import GeneralizedPareto
from .lognormal import LogNormal
from .metalog import Metalog
from .mixture import Mixture
from .normal import Normal
from .power import Lomax, Pareto
from .quantiles import from_interval, from_quantiles
from .simple import Constant, Uniform
from .spliced import Spliced
from .stable import Stable
from .student import StudentT
from .tabulated import Tabulated, from_isf, from_scipy
from .truncated import Truncated
from .uncertain import Uncertain
from .weibull import Exponential, Weibull
from .zero_inflated import ZeroInflated

__all__ = [
    "Payoff",
    "Pareto",
    "Lomax",
    "GeneralizedPareto",
    "LogNormal",
    "StudentT",
    "Stable",
    "Gamma",
    "Tabulated",
    "from_scipy",
    "from_isf",
    "Weibull",
    "Frechet",
    "LogLogistic",
    "BurrXII",
    "Exponential",
    "Normal",
    "Uniform",
    "Constant",
    "ZeroInflated",
    "Mixture",
    "Spliced",
    "Truncated",
    "Capped",
    "Buckets",
    "Empirical",
    "Affine",
    "Uncertain",
    "Ensemble",
    "Metalog",
    "from_quantiles",
    "from_interval",
    "from_top_share",
]
