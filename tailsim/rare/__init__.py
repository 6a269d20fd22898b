"""Totals that are too rare to be counted: probabilities and what stands behind them, by conditioning."""

from .given import largest_given_total, total_shortfall
from .probability import TailEstimate, total_tail_probability

__all__ = ["TailEstimate", "largest_given_total", "total_shortfall", "total_tail_probability"]
