"""Simulation and the other result objects."""

from .simulation import Simulation
from .summary import Columns, Summary, Winners
from .trial_shares import TrialShares

__all__ = ["Columns", "Simulation", "Summary", "TrialShares", "Winners"]
