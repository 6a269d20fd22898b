"""Blocks of trials: planned, run in parallel, summarised and merged to the same bits in any order."""

from .run import simulate

__all__ = ["simulate"]
