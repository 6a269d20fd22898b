"""How much of an answer's variance is what nobody knows, and how much is chance."""

import math
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._lazy import special
from ..errors import UndefinedMomentError
from ..payoffs.uncertain import Uncertain
from ..stats.estimate import Estimate
from ._kept import Kept

if TYPE_CHECKING:
    from .simulation import Simulation

Floats = NDArray[np.float64]


class Parameters(Kept):
    """The share of uncertain parameters in what a trial pays back."""

    __slots__ = ()

    def parameter_share(
        self,
        multiple: float | None = None,
        *,
        level: float = 0.95,
        n_workers: int | None = None,
        executor: Any = None,
    ) -> Estimate:
        """Share of the variance of a trial's outcome that is due to uncertain parameters.

        By the law of total variance, Var Y = Var E[Y | parameters] + E Var[Y | parameters]: the share is the first
        part. Learning the parameters exactly would take so much of the variance away; the rest is chance.

        Parameters
        ----------
        multiple : float, optional
            Y is whether the trial pays back at least this multiple. By default Y is the logarithm of the multiple,
            whose variance exists for every tail; then every trial must pay something.
        level : float
            Confidence level.
        n_workers, executor
            As for ``simulate``.

        Returns
        -------
        Estimate
            Between 0 and 1, from the first 4,194,304 trials at most: each is simulated again with the same parameters
            and everything else drawn anew, and the two outcomes are correlated. Normal interval by the influence
            function. Trials without a multiple are left out.

        Raises
        ------
        UndefinedMomentError
            If no payoff has uncertain parameters, the outcome is the same in all trials, or a logarithm is infinite.

        References
        ----------
        Sobol 2001, Mathematics and Computers in Simulation 55, 271-280; Janon, Klein, Lagnoux, Nodet and Prieur 2014,
        ESAIM: Probability and Statistics 18, 342-364, equation 6 (the estimator) and proposition 2.2.

        Examples
        --------
        >>> import tailsim as ts
        >>> bet = ts.ZeroInflated(ts.Pareto(ts.Uniform(1.1, 1.9)), p_zero=0.65)
        >>> run = ts.simulate(ts.Portfolio.of(bet, 100), n_trials=20_000, rng=1)
        >>> round(run.parameter_share(1.0).value, 1)
        0.3
        """
        if not any(isinstance(bet.payoff, Uncertain) for bet, _ in self.portfolio.runs()):
            raise UndefinedMomentError(
                "parameter_share needs a payoff with an uncertain parameter and there is none; "
                "write a law in the place of a number, as in Pareto(Uniform(1.1, 1.9))."
            )
        level = _check.level(level)
        threshold = None if multiple is None else _check.real("multiple", multiple)
        pairs = self._twins(n_workers, executor)
        return _share(_outcomes(pairs[:, ~np.isnan(pairs).any(axis=0)], threshold), level)

    def _twins(self, n_workers: int | None, executor: Any) -> Floats:
        """Multiples of trials and of their twins, simulated once."""

        def _again() -> Floats:
            from ..engine.same_parameters import twins

            return twins(cast("Simulation", self), n_workers=n_workers, executor=executor)

        if "twins" not in self._cache:
            self._cache["twins"] = _again()
        return self._cache["twins"]  # type: ignore[no-any-return]


def _outcomes(pairs: Floats, threshold: float | None) -> Floats:
    """What is compared, of both twins."""
    if threshold is not None:
        return np.asarray(pairs >= threshold, dtype=np.float64)
    with np.errstate(all="ignore"):
        y = np.log(pairs)
    if not np.isfinite(y).all():
        raise UndefinedMomentError(
            "the logarithm of the multiple is not finite in some trials, which pay nothing or more than a double "
            "holds; give multiple=... for the chance to reach one."
        )
    return y


def _share(y: Floats, level: float) -> Estimate:
    """The correlation of the twins, with its interval."""
    n = y.shape[1]
    a, b = y - y.mean() if n else y
    variance = float((a * a + b * b).mean() / 2) if n else 0.0
    if variance == 0.0:
        raise UndefinedMomentError("the outcome is the same in all trials, so it has no variance to be shared out.")
    value = float((a * b).mean()) / variance
    influence = (a * b - value * (a * a + b * b) / 2) / variance
    error = float(influence.std()) / math.sqrt(n)
    half = float(special.ndtri(0.5 + level / 2)) * error
    ends = (min(max(value - half, 0.0), 1.0), min(max(value + half, 0.0), 1.0))
    how = "twin trials with the same parameters"
    return Estimate(min(max(value, 0.0), 1.0), error, ends, level, how, n)
