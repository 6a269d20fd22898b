"""Exact laws of totals and of the largest payoffs, without simulation."""

from .build import exact_total
from .total import ExactTotal

__all__ = ["ExactTotal", "exact_total"]
