"""Exact laws of totals, of the largest payoffs and of their shares, without simulation."""

from .build import exact_total
from .order import Largest, largest_of
from .share import LargestShare, largest_share_of, limiting_max_share
from .total import ExactTotal

__all__ = [
    "ExactTotal",
    "Largest",
    "LargestShare",
    "exact_total",
    "largest_of",
    "largest_share_of",
    "limiting_max_share",
]
