"""Merging what tasks return, in whatever order, into one run that is always the first trials."""

import threading
from collections.abc import Callable

from ..portfolio import Portfolio
from ..results import Columns, Simulation, Stopped, Summary
from .checkpoint import Checkpoint, Held
from .plan import BLOCK, Plan
from .progress import silent
from .summary import Part


class Merge:
    """Parts in any order, merged as soon as they continue the trials already held."""

    def __init__(self, plan: Plan, keep: bool, checkpoint: Checkpoint | None = None) -> None:
        self.plan = plan
        self.summary = Summary()
        self.columns = Columns.of(plan.n_trials) if keep else None
        self.report: Callable[[int], object] = silent
        self.stop = threading.Event()
        self.next_block = 0
        self._checkpoint = checkpoint
        self._waiting: dict[int, Part] = {}

    def resume(self, held: Held | None) -> None:
        """Begin with the trials of a checkpoint."""
        if held is None:
            return
        self.summary, columns = held
        self.next_block = -(-self.summary.n_trials // BLOCK)
        if self.columns is not None and columns is not None:
            self.columns.fill(0, [(columns.totals, columns.largest, columns.n_failures)])

    def add(self, part: Part) -> None:
        """Take a part; what is not contiguous with the first block waits, what is there already is dropped."""
        if part.first_block < self.next_block:
            return
        self._waiting[part.first_block] = part
        while (ready := self._waiting.pop(self.next_block, None)) is not None and ready.n_blocks:
            self.next_block += ready.n_blocks
            if self.columns is not None:
                self.columns.fill(self.summary.n_trials, ready.kept)
            self.summary.merge(ready.summary, self.plan.top)
        if self._checkpoint is not None and self._checkpoint.due():
            self.save()
        self.report(self.summary.n_trials)

    def save(self) -> None:
        """Write a checkpoint, if there is to be one; where that fails the run stops."""
        if self._checkpoint is None or not self.summary.n_trials:
            return
        if not self._checkpoint.save(self.summary, self.columns):
            self._checkpoint = None
            self.stop.set()

    def simulation(self, portfolio: Portfolio, hurdle: float, stopped: Stopped | None = None) -> Simulation:
        """The result over the contiguous trials held."""
        n = self.summary.n_trials
        columns = None if self.columns is None else self.columns.first(n)
        partial = n < self.plan.n_trials and not (stopped is not None and stopped.reached)
        held = (portfolio, n, self.plan.seed, hurdle, partial, self.summary, columns)
        return Simulation(*held, precision=stopped)
