"""Tables of past bets, read by a stated rule or refused in one sentence that gives file:line:column."""

from .history import history_of
from .outcomes import Outcomes, read_outcomes

__all__ = ["Outcomes", "history_of", "read_outcomes"]
