"""A fitted power law: its uncertainty, its goodness of fit and its rivals."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from .._lazy import special
from ..errors import DataError
from ..payoffs import Pareto
from ..payoffs._rng import RngLike
from ..stats.estimate import Estimate
from . import bootstrap
from .compare import FAMILIES, Comparison, likelihood_ratio
from .distinct import Distinct, Floats, log_moments, log_zeta
from .families import RIVALS, Fitted, TailData

if TYPE_CHECKING:
    from .diagnostics import TailCurve


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PowerLawFit:
    """A power law above a threshold, fitted to outcomes.

    Attributes
    ----------
    threshold : float
        Start of the tail, in the unit of the data.
    pdf_exponent : float
        Exponent of the density (of the probabilities, for whole outcomes), by maximum likelihood.
    tail_index : float
        ``pdf_exponent`` - 1: P(X > x) falls like x**-tail_index.
    ks : float
        Largest distance between the tail's distribution functions P(X < x), seen and fitted, at the outcomes.
    n_tail, n : int
        Outcomes at or above the threshold, and all of them.
    std_error : float
        ``tail_index`` / sqrt(``n_tail``), as published; it takes the threshold for known. See ``estimate``.
    discrete : bool
        Whether the outcomes were fitted as whole numbers.
    decision : str
        Why, in one sentence.
    threshold_given : bool
        Whether the threshold was an argument rather than a result.
    min_tail : int
        Fewest tail outcomes that a threshold could leave.
    """

    threshold: float
    pdf_exponent: float
    tail_index: float
    ks: float
    n_tail: int
    n: int
    std_error: float
    discrete: bool
    decision: str
    threshold_given: bool
    min_tail: int
    _sample: Distinct
    _place: int
    _memo: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        kind = "discrete" if self.discrete else "continuous"
        return (
            f"PowerLawFit(threshold={self.threshold:.6g}, pdf_exponent={self.pdf_exponent:.4f}, "
            f"tail_index={self.tail_index:.4f}, std_error={self.std_error:.2g}, ks={self.ks:.4g}, "
            f"n_tail={self.n_tail:,} of {self.n:,}, {kind})"
        )

    @property
    def law(self) -> Pareto:
        """The tail as a payoff: Pareto from the threshold on.

        Raises
        ------
        DataError
            If the outcomes were fitted as whole numbers.
        """
        if self.discrete:
            raise DataError("data fitted as whole numbers have no Pareto law; use fit_power_law(data, discrete=False).")
        return Pareto(self.tail_index, self.threshold)

    def tail(self) -> Floats:
        """The outcomes at or above the threshold, increasing."""
        return np.repeat(self._sample.x[self._place :], self._sample.counts[self._place :])

    def prob_at_least(self, x: ArrayLike) -> Floats | float:
        """P(X >= x) of an outcome that is at or above the threshold.

        Parameters
        ----------
        x : array_like
            Values, any shape, in the unit of the data.

        Returns
        -------
        float or ndarray
        """
        values = np.maximum(np.asarray(x, dtype=np.float64), self.threshold)
        if not self.discrete:
            result = np.exp(-self.tail_index * (np.log(values) - math.log(self.threshold)))
        else:
            flat = np.ceil(values).ravel()
            power = self.pdf_exponent * np.log(flat / self.threshold)
            top = log_zeta(self.pdf_exponent, flat) - power - log_zeta(self.pdf_exponent, np.array([self.threshold]))
            result = np.exp(top).reshape(values.shape)
        return float(result) if result.ndim == 0 else result

    def estimate(
        self, *, level: float = 0.95, n_replicates: int = 200, n_workers: int | None = None, rng: RngLike = 0
    ) -> Estimate:
        """The tail index with an interval that knows the threshold was chosen.

        Parameters
        ----------
        level : float
            Confidence level.
        n_replicates : int
            Resamples of all outcomes, each with a threshold of its own; 0 takes the threshold for known.
        n_workers : int, optional
            Threads; by default one per processor. The answer does not depend on it.
        rng : None, int, SeedSequence or Generator
            Seed of the resamples.

        Returns
        -------
        Estimate
            Its standard error is that of the resamples, or of Fisher's information where the threshold was given or
            ``n_replicates`` is 0.

        Notes
        -----
        Measured over 200 samples each of 500 and of 10,000 outcomes, 95 % intervals held the tail index of a Pareto law
        in 87 and 90 % with the threshold taken for known, since the search picks the threshold that suits it, and in 95
        and 96 % as quantiles of resamples; for a Pareto law behind 65 % of zeros in 94 and 98 %. Where the tail is a
        power only far out they cover less, 86 and 81 % for a Frechet law and 91 and 88 % for a Burr law of tail index
        1.5: no rule for the threshold is free of that bias.
        """
        level = _check.level(level)
        n_replicates = _check.integer("n_replicates", n_replicates, "0 or a whole number of at least 20", low=0)
        if 0 < n_replicates < 20:
            raise _check.refuse("n_replicates", "0 or a whole number of at least 20", n_replicates)
        if self.threshold_given or n_replicates == 0:
            return self._conditional(level)
        draws = bootstrap.tail_indices(self._resampling(), n_replicates, n_workers=n_workers, rng=rng)
        low, high = (float(q) for q in np.quantile(draws, (0.5 - level / 2, 0.5 + level / 2)))
        error = float(draws.std(ddof=1))
        method = "quantiles of resamples, threshold chosen in each"
        return Estimate(self.tail_index, error, (low, high), level, method, self.n_tail, _mean_in_doubt(low, high))

    def _conditional(self, level: float) -> Estimate:
        """The tail index given its threshold; a threshold that is an outcome itself says nothing of the index."""
        if self.discrete:
            error = 1.0 / math.sqrt(self.n_tail * log_moments(self.tail_index, self.threshold)[1])
            shape = (self.tail_index / error) ** 2
        else:
            shape = float(self.n_tail if self.threshold_given else self.n_tail - 1)
            error = self.tail_index / math.sqrt(shape)
        ends = special.gammaincinv(shape, np.array([0.5 - level / 2, 0.5 + level / 2])) / shape * self.tail_index
        if not self.discrete:
            ends *= shape / self.n_tail
        low, high = float(ends[0]), float(ends[1])
        method = "maximum likelihood, gamma interval, threshold taken for known"
        return Estimate(self.tail_index, error, (low, high), level, method, self.n_tail, _mean_in_doubt(low, high))

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the tail index: that of ``estimate()``, computed at first use."""
        if "interval" not in self._memo:
            self._memo["interval"] = self.estimate().interval
        found: tuple[float, float] = self._memo["interval"]
        return found

    def _resampling(self) -> bootstrap.Resampling:
        """What the bootstraps need to know."""
        tail = (self.tail_index, self.threshold, self.discrete)
        given = self.threshold if self.threshold_given else None
        return bootstrap.Resampling(self._sample, self.n, self.n_tail, *tail, self.min_tail, given)

    def p_value(
        self,
        n_replicates: int = 1000,
        *,
        level: float = 0.95,
        n_workers: int | None = None,
        executor: Any = None,
        rng: RngLike = None,
    ) -> Estimate:
        """How often data with such a tail fit it worse: small values reject the power law.

        Parameters
        ----------
        n_replicates : int
            Samples of the same size, drawn from the outcomes below the threshold and the fitted law above it; in each
            the threshold is searched and the exponent fitted anew. 1,000 give p to about 0.03, 2,500 to 0.02.
        level : float
            Confidence level of the interval for p.
        n_workers : int, optional
            Threads; by default one per processor. The answer does not depend on it.
        executor : optional
            A concurrent.futures.Executor or a Dask Client instead of threads.
        rng : None, int, SeedSequence or Generator
            Seed; each replicate has a stream of its own.

        Returns
        -------
        Estimate
            Share of replicates whose distance is at least ``ks``. Clauset, Shalizi and Newman reject at 0.1 or less.

        References
        ----------
        Clauset, Shalizi and Newman 2009, SIAM Review 51(4), 661-703, section 4.1.
        """
        n_replicates = _check.integer("n_replicates", n_replicates, "a whole number of at least 1", low=1)
        how = {"n_workers": n_workers, "executor": executor, "rng": rng}
        return bootstrap.p_value(self._resampling(), self.ks, n_replicates, level=_check.level(level), **how)

    def _tail_data(self) -> tuple[TailData, Floats]:
        """The tail in y = ln(x / threshold), and the power law's ln density there."""
        y, counts = self._sample.tail_logs(self._place), self._sample.counts[self._place :]
        data = TailData(y[counts > 0], counts[counts > 0], self.threshold, self.discrete)
        if not self.discrete:
            return data, math.log(self.tail_index) - self.tail_index * data.y
        constant = float(log_zeta(self.pdf_exponent, np.array([self.threshold]))[0])
        return data, -self.pdf_exponent * data.y - constant

    def fitted(self, family: str) -> Fitted:
        """A rival by maximum likelihood above the same threshold: its parameters, in the unit of the data.

        Parameters
        ----------
        family : {"lognormal", "stretched_exponential", "truncated_power_law", "exponential"}
            The rival.

        Returns
        -------
        Fitted
        """
        family = _check.one_of("family", family, FAMILIES)
        if family not in self._memo:
            data, power = self._tail_data()
            self._memo[family] = RIVALS[family](data, self.tail_index, power)
        found: Fitted = self._memo[family]
        return found

    def compare(self, family: str = "lognormal") -> Comparison:
        """Likelihood ratio of the power law to a rival above the same threshold.

        Parameters
        ----------
        family : {"lognormal", "stretched_exponential", "truncated_power_law", "exponential"}
            The rival, fitted by maximum likelihood.

        Returns
        -------
        Comparison
            ``normalised`` above 0 favours the power law; where ``p_value`` is large the sign says nothing.

        References
        ----------
        Vuong 1989, Econometrica 57(2), 307-333; Clauset, Shalizi and Newman 2009, section 5 and appendix C.
        """
        rival = self.fitted(family)
        data, power = self._tail_data()
        return likelihood_ratio(data.counts, power, rival)

    def plausible(self, significance: float = 0.05) -> tuple[str, ...]:
        """The families that no other rejects, "power_law" among the candidates.

        Parameters
        ----------
        significance : float
            A rival is rejected where the power law beats it with a smaller p, the power law where a rival does.

        Returns
        -------
        tuple of str
        """
        significance = _check.real("significance", significance, "a number between 0 and 1", above=0.0, below=1.0)
        compared = [self.compare(family) for family in FAMILIES]
        power = () if any(c.p_value < significance and c.raw < 0.0 for c in compared) else ("power_law",)
        return power + tuple(c.family for c in compared if not (c.p_value < significance and c.raw > 0.0))

    @property
    def verdict(self) -> str:
        """What the fit says, in words; the lognormal is always named."""
        doubt = "" if self.n_tail >= 50 else ", too few to trust the threshold"
        return (
            f"{self.n_tail:,} of {self.n:,} outcomes lie at or above {self.threshold:g}{doubt}, where a power law has "
            f"tail index {self.tail_index:.3g}; {self.compare('lognormal').verdict}."
        )

    def curve(self) -> "TailCurve":
        """How often outcomes reach x above the threshold: seen, by the fit and by the best lognormal."""
        from .diagnostics import tail_curve

        return tail_curve(self)

    def plot(self, *, ax: Any = None) -> Any:
        """Draw that curve: see `plotting.plot_power_law_fit`."""
        from .. import plotting

        return plotting.plot_power_law_fit(self, ax=ax)


def _mean_in_doubt(low: float, high: float) -> str | None:
    """What a tail index says of the mean, where it is in doubt."""
    if high <= 1.0:
        return "a tail this heavy has no mean."
    return "the interval reaches below 1, where there is no mean: it may not exist." if low <= 1.0 else None
