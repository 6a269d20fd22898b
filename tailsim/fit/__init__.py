"""From past outcomes to tail indices and laws."""

from .compare import Comparison
from .estimators import hill
from .families import Fitted
from .power_law import fit_power_law
from .power_law_fit import PowerLawFit
from .resampled import resampled_with_tail, tail_size

__all__ = [
    "Comparison",
    "Fitted",
    "PowerLawFit",
    "fit_power_law",
    "hill",
    "resampled_with_tail",
    "tail_size",
]
