"""Tables of past bets, read by a stated rule or refused in one sentence that gives file:line:column."""

from .outcomes import Outcomes, read_outcomes

__all__ = ["Outcomes", "read_outcomes"]
