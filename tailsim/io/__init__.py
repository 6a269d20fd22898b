"""Files in and out: tables of past bets, scenarios, and simulations; read by a stated rule or refused in words."""

from .history import history_of
from .outcomes import Outcomes, read_outcomes
from .saved import load
from .scenario import Scenario, load_scenario
from .schema import schema

__all__ = ["Outcomes", "Scenario", "history_of", "load", "load_scenario", "read_outcomes", "schema"]
