"""The answers of a Simulation that are about concentration, averaged over trials."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from .. import _check
from ..errors import UndefinedMomentError
from ..stats.accumulate import rounded
from ..stats.concentration import count_of_top
from ..stats.estimate import Estimate
from ..stats.intervals import bounded_mean
from ._kept import Kept
from .trial_shares import TrialShares

if TYPE_CHECKING:
    from .simulation import Simulation


class Shares(Kept):
    """How much of a trial's total sits in how few payoffs."""

    __slots__ = ()

    def _share(self, total: float, squared: float, undefined: int, low: float, high: float, level: float) -> Estimate:
        """Average over the trials in which a share is defined; the others are counted."""
        defined = self.n_trials - undefined
        if not defined:
            what = "every total exceeds the largest double" if self.n_overflowed else "nothing was paid in any trial"
            raise UndefinedMomentError(f"shares are undefined because {what}.")
        e = bounded_mean(min(max(total, defined * low), defined * high), squared, defined, low, high, level)
        why = "paid nothing or overflowed" if self.n_overflowed else "paid nothing"
        verdict = f"undefined in {undefined:,} of {self.n_trials:,} trials, which {why}" if undefined else None
        return Estimate(e.value, e.std_error, e.interval, level, e.method, defined, verdict)

    def _refuse_signed(self, name: str) -> None:
        if any(bet.payoff.support[0] < 0.0 for bet, _ in self.portfolio.runs()):
            raise UndefinedMomentError(
                f"{name} is undefined because some payoffs can be negative, so shares of the total need not lie "
                "between 0 and 1; compare largest with totals trial by trial instead."
            )

    @property
    def _most_bets(self) -> int:
        """How many bets a trial enters; where that is random, more happen with a chance of 2^-60."""
        count = self.portfolio.count
        return int(self.portfolio.n_bets if count is None else count.isf(2.0**-60))

    def _refuse_fraction(self, name: str, asked: bool) -> None:
        if asked and self.portfolio.count is not None:
            raise UndefinedMomentError(
                f"{name} takes no fractions where the number of bets is random, since their number then differs from "
                "trial to trial; ask top_share(k=...), gini() or n_effective()."
            )

    def max_share(self, *, level: float = 0.95) -> Estimate:
        """Share of a trial's total that its largest payoff makes, averaged over trials.

        Returns
        -------
        Estimate
            Trials that paid nothing are left out and counted in ``verdict``.

        Raises
        ------
        UndefinedMomentError
            If payoffs can be negative, or no trial paid anything.
        """
        self._refuse_signed("max_share")
        s = self._summary
        total, squared = rounded(s.sum_shares), rounded(s.sum_squared_shares)
        return self._share(total, squared, s.undefined_share, 0.0, 1.0, level)

    def top_share(
        self,
        *,
        k: int | None = None,
        fraction: float | None = None,
        level: float = 0.95,
        n_workers: int | None = None,
        executor: Any = None,
    ) -> Estimate:
        """Share of a trial's total that its biggest payoffs make, averaged over trials.

        Parameters
        ----------
        k : int, optional
            How many of the biggest; or
        fraction : float, optional
            which part of the bets, rounded up to a whole bet.
        level : float
            Confidence level.
        n_workers, executor
            As for ``simulate``.

        Returns
        -------
        Estimate
            Walks over the same trials again, once for each ``k``, and remembers the answer.
        """
        self._refuse_signed("top_share")
        n_bets = self._most_bets
        self._refuse_fraction("top_share", fraction is not None)
        k = count_of_top(n_bets, k, fraction)
        if k == 1:
            return self.max_share(level=level)
        return self._share(*self._again("top_share", k, n_workers, executor), k / n_bets, 1.0, level)

    def n_effective(self, *, level: float = 0.95, n_workers: int | None = None, executor: Any = None) -> Estimate:
        """Effective number of bets, 1 / sum of squared shares, averaged over trials.

        Parameters
        ----------
        level : float
            Confidence level.
        n_workers, executor
            As for ``simulate``.

        Returns
        -------
        Estimate
            Between 1 and the number of bets. Walks over the same trials again, and remembers.
        """
        self._refuse_signed("n_effective")
        again = self._again("n_effective", 0, n_workers, executor)
        return self._share(*again, 1.0, float(self._most_bets), level)

    def gini(self, *, level: float = 0.95, n_workers: int | None = None, executor: Any = None) -> Estimate:
        """Gini coefficient of a trial's payoffs, averaged over trials.

        Parameters
        ----------
        level : float
            Confidence level.
        n_workers, executor
            As for ``simulate``.

        Returns
        -------
        Estimate
            Between 0 and 1 - 1 / n_bets; zeros count as payoffs. Walks over the same trials again, and remembers.
            It is a sample's: for a heavy tail it lies below the Gini coefficient of the law.

        Raises
        ------
        UndefinedMomentError
            If payoffs can be negative, or no trial paid anything.

        Examples
        --------
        >>> import tailsim as ts
        >>> run = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 50), n_trials=2000, rng=1)
        >>> f"{run.gini():.2f}", ts.Pareto(1.5).gini()
        ('0.43', 0.5)
        """
        self._refuse_signed("gini")
        again = self._again("gini", 0, n_workers, executor)
        return self._share(*again, 0.0, 1.0 - 1.0 / self._most_bets, level)

    def concentration(
        self, fractions: Sequence[float] = (0.01, 0.1, 0.2), *, n_workers: int | None = None, executor: Any = None
    ) -> TrialShares:
        """Gini coefficient, effective number, largest share and top shares of every single trial.

        Parameters
        ----------
        fractions : sequence of float
            Parts of the bets, each in (0, 1] and rounded up to a whole bet.
        n_workers, executor
            As for ``simulate``.

        Returns
        -------
        TrialShares
            One column a quantity, one entry a trial. Walks over the same trials once; the matrix of trials and bets
            is never built.

        Raises
        ------
        UndefinedMomentError
            If payoffs can be negative.

        Examples
        --------
        >>> import tailsim as ts
        >>> run = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 50), n_trials=2000, rng=1)
        >>> run.concentration([0.1]).top_share(0.1).shape
        (2000,)
        """
        from ..engine.second_pass import trial_columns

        self._refuse_signed("concentration")
        n_bets = self._most_bets
        asked = tuple(_check.numbers("fractions", fractions, "fractions above 0 and at most 1", min_size=0).tolist())
        self._refuse_fraction("concentration", len(asked) > 0)
        ks = (1, *(count_of_top(n_bets, None, fraction) for fraction in asked))
        columns = trial_columns(cast("Simulation", self), ks, n_workers=n_workers, executor=executor)
        columns.flags.writeable = False
        n_undefined = int(np.count_nonzero(np.isnan(columns[0])))
        return TrialShares(columns[0], columns[1], columns[2], asked, columns[3:], n_undefined)

    def _again(self, quantity: str, k: int, n_workers: int | None, executor: Any) -> tuple[float, float, int]:
        """(sum, sum of squares, undefined trials) of a quantity that needs a second pass."""
        from ..engine.second_pass import second_pass

        if (quantity, k) not in self._cache:
            run = cast("Simulation", self)
            self._cache[quantity, k] = second_pass(run, quantity, k, n_workers=n_workers, executor=executor)
        return self._cache[quantity, k]  # type: ignore[no-any-return]
