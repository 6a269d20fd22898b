"""How concentrated every single trial is: one column a quantity, one entry a trial."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..errors import ArgumentError, UndefinedMomentError
from ..stats.estimate import Estimate
from ..stats.intervals import quantile_estimate

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TrialShares:
    """Concentration of every trial; made by ``Simulation.concentration``.

    Attributes
    ----------
    gini, n_effective, max_share : ndarray, shape (n_trials,)
        One entry a trial; NaN in trials that paid nothing or overflowed, where shares are undefined.
    fractions : tuple of float
        The fractions asked for.
    top_shares : ndarray, shape (len(fractions), n_trials)
        Share of the total that the biggest ceil(fraction * n_bets) payoffs make.
    n_undefined : int
        Trials in which shares are undefined.
    """

    gini: Floats
    n_effective: Floats
    max_share: Floats
    fractions: tuple[float, ...]
    top_shares: Floats
    n_undefined: int

    def top_share(self, fraction: float) -> Floats:
        """Top share of every trial, for one of the fractions asked for."""
        if fraction not in self.fractions:
            raise _check.refuse("fraction", f"one of {self.fractions}", fraction)
        row: Floats = self.top_shares[self.fractions.index(fraction)]
        return row

    def quantile(self, quantity: str, q: float, *, fraction: float | None = None, level: float = 0.95) -> Estimate:
        """A quantile over trials, between order statistics.

        Parameters
        ----------
        quantity : {"gini", "n_effective", "max_share", "top_share"}
            Of what; "top_share" needs ``fraction``.
        q : float
            Probability in (0, 1).
        fraction : float, optional
            One of the fractions asked for.
        level : float
            Confidence level.

        Returns
        -------
        Estimate
            Over the trials in which it is defined.
        """
        _check.one_of("quantity", quantity, ("gini", "n_effective", "max_share", "top_share"))
        if (quantity == "top_share") != (fraction is not None):
            raise ArgumentError(f"fraction must be given for 'top_share' and for nothing else, got {fraction!r}.")
        values = getattr(self, quantity) if fraction is None else self.top_share(fraction)
        values = values[np.isfinite(values)]
        if not values.size:
            raise UndefinedMomentError("shares are undefined because no trial paid a finite sum above zero.")
        return quantile_estimate(values, q, level)

    def plot(self, *, ax: Any = None) -> Any:
        """Share of the biggest payoff, over the worlds; see ``plotting.plot_trial_shares``."""
        from .. import plotting

        return plotting.plot_trial_shares(self, ax=ax)

    def __repr__(self) -> str:
        with np.errstate(all="ignore"):
            middle = {"gini": self.gini, "max_share": self.max_share, "n_effective": self.n_effective}
            middle |= {f"top {f:g}": row for f, row in zip(self.fractions, self.top_shares, strict=True)}
            defined = ~np.isnan(self.gini)
            text = ", ".join(f"{name} {np.median(x[defined]):.3g}" for name, x in middle.items() if defined.any())
        return f"TrialShares({self.gini.size:,} trials, {self.n_undefined:,} undefined; medians: {text or 'none'})"
