"""From past outcomes to tail indices and laws."""

from .estimators import hill
from .resampled import resampled_with_tail, tail_size

__all__ = [
    "hill",
    "resampled_with_tail",
    "tail_size",
]
