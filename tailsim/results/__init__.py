"""Simulation and the other result objects."""

from .precision import Precision, Stopped
from .simulation import Simulation
from .summary import Columns, Summary, Winners
from .trial_shares import TrialShares

__all__ = ["Columns", "Precision", "Simulation", "Stopped", "Summary", "TrialShares", "Winners"]
