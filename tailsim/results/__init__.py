"""Simulation and the other result objects."""

from .simulation import Simulation
from .summary import Columns, Summary, Winners

__all__ = ["Columns", "Simulation", "Summary", "Winners"]
