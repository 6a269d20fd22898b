"""The per-trial columns of a Simulation, where they were kept."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dependence.counts import of_trials
from ..errors import NotKeptError
from ..portfolio import Portfolio
from .summary import BYTES_PER_TRIAL, Columns, Summary

Floats = NDArray[np.float64]


class Kept:
    """Columns, one entry a trial."""

    __slots__ = ()

    portfolio: Portfolio
    n_trials: int
    seed: int
    _summary: Summary
    _columns: Columns | None
    _cache: dict[Any, Any]

    def _kept(self, name: str) -> Columns:
        if self._columns is None:
            needed = self.n_trials * BYTES_PER_TRIAL / 1e6
            raise NotKeptError(
                f"{name} was not kept for {self.n_trials:,} trials; call simulate(..., keep='trials') to keep all "
                f"per-trial columns ({needed:,.0f} MB), or ask quantile, prob_at_least or replay, which need none."
            )
        return self._columns

    @property
    def n_overflowed(self) -> int:
        """Trials whose total exceeds the largest double."""
        return self._summary.above + self._summary.below

    @property
    def n_idle(self) -> int:
        """Trials that entered no bet, where their number is random: they have no multiple."""
        return self._summary.idle

    def _entered(self) -> NDArray[np.int64]:
        """How many bets each trial entered, where that is random: drawn again."""
        if "entered" not in self._cache and self.portfolio.count is not None:
            from ..kernels.api import key_of
            from ..kernels.philox import round_keys

            keys = round_keys(key_of(self.seed))
            self._cache["entered"] = of_trials(self.portfolio.count, keys, self.n_trials)
        return self._cache["entered"]  # type: ignore[no-any-return]

    @property
    def totals(self) -> Floats:
        """Sum paid per trial, shape (n_trials,), in money; raises NotKeptError where not kept."""
        return self._kept("totals").totals

    @property
    def largest(self) -> Floats:
        """Largest payoff per trial, shape (n_trials,), in money; raises NotKeptError where not kept."""
        return self._kept("largest").largest

    @property
    def n_failures(self) -> NDArray[np.int32]:
        """Bets that failed per trial, shape (n_trials,); raises NotKeptError where not kept."""
        return self._kept("n_failures").n_failures

    @property
    def spent(self) -> Floats:
        """Sum of stakes per trial, shape (n_trials,), in money."""
        if self.portfolio.count is not None:
            return np.asarray(self._entered() * self.portfolio.bets[0].stake, dtype=np.float64)
        return np.broadcast_to(self.portfolio.spent, (self.n_trials,))

    @property
    def multiples(self) -> Floats:
        """Paid / spent per trial, shape (n_trials,), NaN where nothing was spent; raises NotKeptError."""
        with np.errstate(invalid="ignore"):
            multiples: Floats = self._kept("multiples").totals / self.spent
        multiples.flags.writeable = False
        return multiples
