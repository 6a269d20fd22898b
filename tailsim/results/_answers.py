"""The answers of a Simulation that are about its multiples: chances, quantiles, mean, failures."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._lazy import special
from ..dependence import OneFactor
from ..errors import UndefinedMomentError
from ..payoffs.base import Payoff
from ..payoffs.uncertain import Uncertain
from ..stats.accumulate import rounded
from ..stats.estimate import Estimate
from ..stats.intervals import bounded_mean, clopper_pearson, proportion, quantile_interval
from ._kept import Kept

Floats = NDArray[np.float64]


MOST_LAWS = 50  # unlike laws that a verdict on the mean is worked out for: about 5 ms each


class Answers(Kept):
    """What a portfolio pays back, and how often its bets fail."""

    __slots__ = ()

    hurdle: float

    def failure_rate(self, by: str = "bets", *, level: float = 0.95) -> Estimate:
        """Share of bets that fail, or of the money staked that goes to bets that fail.

        Parameters
        ----------
        by : {"bets", "stake"}
            What the share is of.
        level : float
            Confidence level.

        Returns
        -------
        Estimate
            By independent bets with the Clopper-Pearson interval, exact for like bets and conservative
            for unlike ones (Hoeffding 1956). By stake, and where bets depend on each other, the trial is
            the unit: n is the number of trials.

        Examples
        --------
        >>> import tailsim as ts
        >>> run = ts.simulate(ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 10), n_trials=1000, rng=1)
        >>> run.failure_rate()
        0.647 [0.638, 0.657] (95 %, Clopper-Pearson, n = 10,000)
        """
        _check.one_of("by", by, ("bets", "stake"))
        s, tied = self._summary, self.portfolio.tied
        counted = self.portfolio.count is not None
        if counted and not s.entered:
            raise UndefinedMomentError("failure_rate is undefined because no trial entered a bet; use more trials.")
        unlike = by == "stake" and len({bet.stake for bet, _ in self.portfolio.runs()}) > 1
        if unlike or (tied and counted):
            return bounded_mean(rounded(s.sum_lost), rounded(s.sum_squared_lost), self._n_defined, 0.0, 1.0, level)
        n_bets = s.entered if counted else s.n_trials * self.portfolio.n_bets
        if tied:
            per_trial = self.portfolio.n_bets
            share, squared = (n_bets - s.won) / per_trial, s.squared_failures / per_trial**2
            return bounded_mean(share, squared, s.n_trials, 0.0, 1.0, level)
        return proportion(n_bets - s.won, n_bets, level)

    @property
    def _n_defined(self) -> int:
        """Trials that spent something, and so have a multiple."""
        if self._summary.idle == self.n_trials:
            raise UndefinedMomentError("multiples are undefined because no trial entered a bet; use more trials.")
        return self.n_trials - self._summary.idle

    def _flagged(self, e: Estimate) -> Estimate:
        """The estimate, with the trials that have no multiple said."""
        if not self._summary.idle:
            return e
        idle = f"undefined in {self._summary.idle:,} of {self.n_trials:,} trials, which entered no bet"
        return replace(e, verdict=idle if e.verdict is None else f"{idle}; {e.verdict}")

    def prob_at_least(self, multiple: float, *, level: float = 0.95) -> Estimate:
        """Probability that a trial pays back at least ``multiple`` times what it spends.

        Parameters
        ----------
        multiple : float
            Paid / spent to reach.
        level : float
            Confidence level.

        Returns
        -------
        Estimate
            With the Clopper-Pearson interval. Without kept columns the count is exact at whole
            multiples up to 512, and otherwise known to a bin of 0.4 %, which the interval includes.
        """
        x = _check.real("multiple", multiple)
        return self._pointed(self._counted_at_least(x, level), x)

    def _pointed(self, seen: Estimate, multiple: float) -> Estimate:
        """Where too few trials reach a multiple, the function that needs none is named."""
        open_end = seen.verdict is not None and seen.verdict.endswith("use more trials.")
        if seen.verdict is None or not open_end or not isinstance(self.portfolio.dependence, OneFactor | None):
            return seen
        x = multiple * self.portfolio.spent
        known = f"use total_tail_probability(portfolio, x={x:g}), or more trials."
        return replace(seen, verdict=seen.verdict.replace("use more trials.", known))

    def _counted_at_least(self, x: float, level: float) -> Estimate:
        """Trials that reach a multiple."""
        if self._columns is not None:
            return self._flagged(proportion(int(np.count_nonzero(self.multiples >= x)), self._n_defined, level))
        least, most = (k + self._summary.above for k in self._summary.multiples.count_at_least(x))
        if least == most:
            return self._flagged(proportion(least, self._n_defined, level))
        n = self._n_defined
        low, high = clopper_pearson(least, n, level)[0], clopper_pearson(most, n, level)[1]
        middle = proportion((least + most) // 2, n, level)
        method = "Clopper-Pearson over one bin of 0.4 %"
        return self._flagged(Estimate(middle.value, middle.std_error, (low, high), level, method, n, middle.verdict))

    def _order_statistic(self, rank: int) -> tuple[float, float, float]:
        """(lower, middle, upper) value of a multiple of this rank, counted from 1."""
        if rank < 1:
            return (-math.inf,) * 3
        if rank > self._n_defined:
            return (math.inf,) * 3
        if self._columns is not None:
            if "sorted" not in self._cache:
                if self.portfolio.count is None:
                    ordered = np.sort(self.totals)
                    ordered /= self.portfolio.spent
                else:
                    ordered = np.sort(self.multiples)  # what is not a number comes last
                self._cache["sorted"] = ordered
            return (float(self._cache["sorted"][rank - 1]),) * 3
        rank -= self._summary.below
        if rank < 1 or rank > self._summary.multiples.total:
            return (math.copysign(math.inf, rank - 0.5),) * 3
        return self._summary.multiples.order_statistic(rank - 1)

    def quantile(self, q: float, *, level: float = 0.95) -> Estimate:
        """The multiple that a trial stays at or below with probability ``q``.

        Parameters
        ----------
        q : float
            Probability in (0, 1).
        level : float
            Confidence level.

        Returns
        -------
        Estimate
            Between order statistics, valid for any tail. Without kept columns values are middles
            of bins, at most 0.2 % off, and the interval includes the bins.
        """
        q = _check.real("q", q, "a probability strictly between 0 and 1", above=0.0, below=1.0)
        n = self._n_defined
        low_rank, high_rank = quantile_interval(q, n, level)
        rank = min(max(math.ceil(q * n - 1e-9), 1), n)
        value = self._order_statistic(rank)[1]
        interval = (self._order_statistic(low_rank)[0], self._order_statistic(high_rank)[2])
        half = (interval[1] - interval[0]) / 2
        error = half / _z(level) if math.isfinite(half) else math.inf
        method = "order statistics" if self._columns is not None else "order statistics, bins of 0.4 %"
        verdict = None
        if not math.isfinite(half):
            verdict = f"{n:,} trials are too few to bound this quantile on both sides"
        return self._flagged(Estimate(value, error, interval, level, method, n, verdict))

    def median(self, *, level: float = 0.95) -> Estimate:
        """The multiple that half of the trials stay at or below: ``quantile(0.5)``."""
        return self.quantile(0.5, level=level)

    def mean(self) -> Estimate:
        """Expected multiple, with a verdict on whether a sample of this size shows it.

        Returns
        -------
        Estimate
            Exact from the declared laws (standard error 0), since the mean of a sum is the sum of
            the means, also where bets depend on each other; laws are those that shocks leave. ``inf``
            where a law has no mean. Where the number of bets is random it is the mean of the trials
            that enter any, judged as if they all entered the mean number. ``verdict`` says whether
            the average of the trials can be trusted: compare ``multiples.mean()`` with it.

        Raises
        ------
        UndefinedMomentError
            If the integral diverges on both sides.
        """
        from ..stats.verdict import verdict_of_sum

        if "mean" in self._cache:
            return self._cache["mean"]  # type: ignore[no-any-return]
        parts = self._parts()
        tied = self.portfolio.tied
        means = [weight * draws * law.mean() for law, weight, draws in parts]
        if tied:  # at worst all like bets of a trial pay the same
            parts = [(law, weight * draws, 1) for law, weight, draws in parts]
        if math.inf in means and -math.inf in means:
            raise UndefinedMomentError("the mean multiple is undefined: gains and losses both diverge; use median().")
        value = sum(means) if not all(map(math.isfinite, means)) else math.fsum(means)
        if len(parts) <= MOST_LAWS or not math.isfinite(value):
            if math.isfinite(value):
                parts = [(law._rough() if isinstance(law, Uncertain) else law, w, n) for law, w, n in parts]
            verdict = str(verdict_of_sum(parts, self.n_trials))
            if tied and math.isfinite(value):
                verdict = "Bets depend on each other, so like ones count as one draw a trial. " + verdict
        else:
            verdict = (
                f"The mean exists; how many trials show it is not worked out for more than {MOST_LAWS} unlike laws."
            )
        error = 0.0 if math.isfinite(value) else math.inf
        how = "exact, from the declared laws"
        self._cache["mean"] = Estimate(value, error, (value, value), 0.95, how, self.n_trials, verdict)
        return self._cache["mean"]  # type: ignore[no-any-return]

    def _parts(self) -> list[tuple[Payoff, float, int]]:
        """A trial's multiple as (law, weight, draws): of the mean number of bets where that is random."""
        counts: dict[Payoff, int] = {}
        for law, _, count in self.portfolio.marginals():
            counts[law] = counts.get(law, 0) + count
        if self.portfolio.count is None:
            return [(law, 1.0 / self.portfolio.spent, count) for law, count in counts.items()]
        n = max(1, round(self.portfolio.count.mean()))
        return [(law, 1.0 / (n * self.portfolio.bets[0].stake), n) for law in counts]

    def expected_shortfall(self, worst: float = 0.05, *, level: float = 0.95) -> Estimate:
        """Average multiple of the worst trials.

        Parameters
        ----------
        worst : float
            Share of the trials that counts as worst, in (0, 1).
        level : float
            Confidence level.

        Returns
        -------
        Estimate
            Its interval is that of a bounded quantity: multiples between the least possible and
            the quantile at ``worst``.

        Raises
        ------
        UndefinedMomentError
            If some payoff has no lower bound: the shortfall is then a mean over a tail.
        """
        worst = _check.real("worst", worst, "a share of the trials strictly between 0 and 1", above=0.0, below=1.0)
        floor = math.fsum(weight * draws * law.support[0] for law, weight, draws in self._parts())
        if not math.isfinite(floor):
            raise UndefinedMomentError(
                "expected_shortfall needs payoffs with a lower bound, since otherwise it is the mean of a tail; "
                "use quantile(worst) instead."
            )
        cut = self.quantile(worst, level=level)
        edge = cut.value
        if not math.isfinite(edge):
            raise UndefinedMomentError(
                f"expected_shortfall({worst:g}) is undefined because so many multiples exceed the largest double; "
                "use a smaller share of worst trials."
            )
        values, weights = self._values_below(edge)
        span = (edge - min(floor, float(values.min(initial=edge)))) or 1.0
        gap = (edge - values) / span  # in [0, 1]: squares of money may overflow
        sums = float(np.sum(weights * gap)), float(np.sum(weights * gap * gap))
        below = bounded_mean(*sums, self._n_defined, 0.0, 1.0, level)
        value, high, low = (edge - span * part / worst for part in (below.value, *below.interval))
        # the edge itself is an estimate: the average may lie higher by as much as the edge may
        ends = max(low, edge - span), max(high, edge - span) + (cut.interval[1] - edge)
        error = span * below.std_error / worst
        return self._flagged(Estimate(max(value, edge - span), error, ends, level, below.method, below.n))

    def _values_below(self, edge: float) -> tuple[Floats, Floats]:
        """Multiples at or below ``edge`` and how often each occurs."""
        if self._columns is not None:
            values = self.multiples[self.multiples <= edge]
            return values, np.ones(len(values))
        low, high, counts = self._summary.multiples.sorted()
        middle = np.where((low == 0.0) | (high == 0.0), 0.0, 0.5 * low + 0.5 * high)
        keep = middle <= edge
        return middle[keep], counts[keep].astype(np.float64)


def _z(level: float) -> float:
    return float(special.ndtri(0.5 + level / 2))
