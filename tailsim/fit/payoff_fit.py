"""A fitted payoff: the law, what is not known of it, its rivals, and what its threshold and its cap decide."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import _check
from ..errors import DataError, UndefinedMomentError
from ..payoffs import Ensemble, Payoff
from ..payoffs._rng import RngLike, seed_of
from ..stats.concentration import top_share
from ..stats.estimate import Estimate
from ..stats.intervals import clopper_pearson
from ..stats.tail import FEW_POINTS
from .bootstrap import REJECT, replicate_rng
from .distinct import Floats
from .estimators import doubt
from .rivals import Rival, ranked
from .splice import Rule, Sample, Splice, splice_of
from .whole import FAMILIES

N_LAWS = 200
_TAILS = (0.1, 0.33, 3.0)  # other tails over the one chosen


@dataclass(frozen=True, slots=True)
class ThresholdEffect:
    """The tail index that another start of the tail would give."""

    threshold: float
    n_tail: int
    tail_index: float


@dataclass(frozen=True, slots=True)
class CapEffect:
    """What the law says if its tail ends at ``cap``: its mean, and the share of the value that the top 1 % hold."""

    cap: float
    mean: float
    top_share: float


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the data, and where it lies in samples of the same size from the fitted law."""

    name: str
    data: float
    median: float
    interval: tuple[float, float]

    @property
    def agrees(self) -> bool:
        """Whether the data's figure lies in the interval."""
        return self.interval[0] <= self.data <= self.interval[1]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """The outcomes a law was made of: zeros that count, and outcomes above zero."""

    n_zero: int
    sample: Sample
    rule: Rule

    @property
    def n(self) -> int:
        """Outcomes that count."""
        return self.n_zero + self.sample.x.size


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PayoffFit:
    """A law of payoffs fitted to past bets.

    Attributes
    ----------
    payoff : Payoff
        The law at its best parameters, of multiples (payoff / stake): zeros, outcomes below the threshold as they were,
        and a Pareto tail. ``Bet.from_multiple(fit.payoff, stake)`` is a bet with it.
    threshold : float
        Start of the tail.
    p_tail : float
        Share of all bets at or above it.
    cap : float
        Where the tail ends; ``inf`` where nothing says that it does.
    beyond : float
        How many bets above the largest one a Pareto tail without a cap would expect among as many bets.
    n, n_open, n_tail : int
        Bets that were fitted, those of them still open, and those in the tail.
    groups : mapping of str to GroupFit
        The law of each group, where a column of groups was given.
    """

    payoff: Payoff
    threshold: float
    p_tail: float
    cap: float
    beyond: float
    n: int
    n_open: int
    n_tail: int
    groups: Mapping[str, Any]
    _made: Made
    _splice: Splice
    _multiples: Floats
    _seed: int
    _memo: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        cap = f", cap={self.cap:.4g}" if math.isfinite(self.cap) else ""
        grouped = f", {len(self.groups)} groups" if self.groups else ""
        return (
            f"PayoffFit(p_zero={self._p_zero:.4g}, threshold={self.threshold:.4g}, p_tail={self.p_tail:.4g}, "
            f"tail_index={self._splice.tail_index:.4g}{cap}, n={self.n:,}, n_tail={self.n_tail:,}{grouped})"
        )

    @property
    def _p_zero(self) -> float:
        return self._made.n_zero / self._made.n

    @property
    def uncertain(self) -> Ensemble:
        """The law with what the data leave open: one of 200 laws, drawn once a trial.

        Each is fitted to a resample of the outcomes above zero, with a threshold of its own; its share of zeros is
        drawn from the posterior under Jeffreys's prior (0 where no zero was seen), and where the tail is cut, its end
        lies above the largest outcome as far as chance may have left it (that outcome has a uniform rank under it).
        """
        laws, _ = self._resampled()
        ensemble: Ensemble = self._once("uncertain", lambda: Ensemble(laws))
        return ensemble

    def _resampled(self) -> tuple[list[Payoff], list[Splice]]:
        found: tuple[list[Payoff], list[Splice]] = self._once("resampled", self._resample)
        return found

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._memo:
            self._memo[name] = make()
        return self._memo[name]

    def _resample(self) -> tuple[list[Payoff], list[Splice]]:
        """The laws of resamples; those few without a tail are drawn again."""
        made, laws, splices = self._made, [], []
        for replicate in range(5 * N_LAWS):
            rng = replicate_rng(self._seed, replicate)
            p_zero = float(rng.beta(made.n_zero + 0.5, made.sample.x.size + 0.5)) if made.n_zero else 0.0
            try:
                splice = splice_of(made.sample.drawn(rng), made.rule, rng)
            except DataError:
                continue
            laws.append(splice.law(p_zero))
            splices.append(splice)
            if len(laws) == N_LAWS:
                return laws, splices
        raise DataError(f"table must leave a tail in one of five resamples, got {len(laws)} of {5 * N_LAWS}.")

    def answer(self, question: Callable[[Payoff], float], *, level: float = 0.95) -> Estimate:
        """Any figure of the law, with an interval for what the data leave open.

        Parameters
        ----------
        question : callable
            From a law to a number, such as ``lambda law: law.sf(10)``.
        level : float
            Confidence level.

        Returns
        -------
        Estimate
            The figure of ``payoff``, between quantiles of those of the laws of ``uncertain``.

        Examples
        --------
        >>> import tailsim as ts
        >>> fit = ts.fit_payoff(ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65).rvs(2000, rng=1))
        >>> chance = fit.answer(lambda law: law.sf(10.0))
        >>> chance.interval[0] < 0.35 * 10**-1.5 < chance.interval[1]
        True
        """
        level = _check.level(level)
        draws = np.array([float(question(law)) for law in self._resampled()[0]])
        return self._quantiles(float(question(self.payoff)), draws, level, None)

    def _quantiles(self, value: float, draws: Floats, level: float, verdict: str | None) -> Estimate:
        with np.errstate(invalid="ignore"):
            low, high = np.quantile(draws, (0.5 - level / 2, 0.5 + level / 2), method="inverted_cdf").tolist()
            error = float(draws.std(ddof=1)) if np.isfinite(draws).all() else math.inf
        return Estimate(value, error, (low, high), level, "quantiles over laws of resamples", self.n, verdict)

    @property
    def p_zero(self) -> Estimate:
        """Share of bets that pay nothing."""
        k, n = self._made.n_zero, self._made.n
        error = math.sqrt(self._p_zero * (1.0 - self._p_zero) / n)
        return Estimate(self._p_zero, error, clopper_pearson(k, n), 0.95, "Clopper-Pearson", n)

    @property
    def below_stake(self) -> Estimate:
        """Share of bets that pay nothing, or less than their stake."""
        found: Estimate = self._once("below", lambda: self.answer(lambda law: 1.0 - float(law.prob_at_least(1.0))))
        return found

    @property
    def tail_index(self) -> Estimate:
        """Tail index between the threshold and the cap, its interval from resamples with thresholds of their own."""
        draws = np.array([splice.tail_index for splice in self._resampled()[1]])
        found = self._quantiles(self._splice.tail_index, draws, 0.95, None)
        said = doubt(self.n_tail, *found.interval) if self.cap == math.inf else "the mean exists by the cap alone."
        cut = self.cap < math.inf and found.interval[0] > 1.0
        return self._quantiles(self._splice.tail_index, draws, 0.95, None if cut else said)

    @property
    def rivals(self) -> tuple[Rival, ...]:
        """Families for all outcomes above zero, the best at foretelling outcomes held out first."""
        x, is_open = self._made.sample.x, self._made.sample.is_open
        found: tuple[Rival, ...] = self._once("rivals", lambda: ranked(x, is_open, self.threshold, self._seed))
        return found

    def rival(self, family: str) -> Rival:
        """The rival of that name."""
        family = _check.one_of("family", family, tuple(FAMILIES))
        return next(rival for rival in self.rivals if rival.family == family)

    @property
    def thresholds(self) -> tuple[ThresholdEffect, ...]:
        """Tail indices from the tail chosen and from tails a tenth, a third and three times as large.

        Ten outcomes is the least, and half of those above zero the most that such another tail may hold.
        """
        x = self._made.sample.x
        found = [ThresholdEffect(self.threshold, self.n_tail, self._splice.tail_index)]
        for times in _TAILS:
            size = int(min(times * self.n_tail, max(x.size / 2, self.n_tail)))
            u = float(x[-size]) if size >= FEW_POINTS else self.threshold
            try:
                splice = splice_of(self._made.sample, Rule(u, self.cap))
            except DataError:
                continue
            if u not in [effect.threshold for effect in found]:
                found.append(ThresholdEffect(u, splice.n_tail, splice.tail_index))
        return tuple(sorted(found, key=lambda effect: effect.threshold))

    @property
    def caps(self) -> tuple[CapEffect, ...]:
        """The law with its tail cut at the largest outcome, at ten times that, and not at all."""
        largest = float(self._made.sample.x[-1])
        return tuple(self._capped(cap) for cap in (largest, 10.0 * largest, math.inf))

    def _capped(self, cap: float) -> CapEffect:
        s = self._splice
        with_cap = Splice(s.threshold, s.tail_index, s.p_tail, cap, s.n_tail, s.n_done, s.beyond, s.body)
        law = with_cap.law(self._p_zero)
        try:
            share = float(law.top_share(0.01))
        except UndefinedMomentError:
            share = 1.0
        return CapEffect(cap, float(law.mean()), share)

    def check(self, *, hurdle: float = 1.0, fraction: float = 0.01, n_samples: int = 200) -> tuple[Fact, ...]:
        """Whether samples of the fitted law look like the data.

        Parameters
        ----------
        hurdle : float
            The multiple below which a bet fails.
        fraction : float
            Of the bets, the most successful, whose share of the value is compared.
        n_samples : int
            Samples as large as the data, each from one of the laws of ``uncertain``.

        Returns
        -------
        tuple of Fact
            The failure rate, the median and the top share: of the data, and the middle and the 95 % interval of those
            of the samples. Open bets count as they stand, on the side of the data.

        Examples
        --------
        >>> import tailsim as ts
        >>> fit = ts.fit_payoff(ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65).rvs(2000, rng=1))
        >>> [fact.agrees for fact in fit.check(hurdle=2.0)]
        [True, True, True]
        """
        hurdle = _check.real("hurdle", hurdle, "a finite multiple of the stake, not negative", low=0.0)
        fraction = _check.real("fraction", fraction, "a share above 0 and at most 1", above=0.0, high=1.0)
        n_samples = _check.integer("n_samples", n_samples, "a whole number of at least 40", low=40)
        laws = self._resampled()[0]
        seen = [
            _figures(laws[i % len(laws)].rvs(self._multiples.size, rng=self._seed + i), hurdle, fraction)
            for i in range(n_samples)
        ]
        ends = np.quantile(np.array(seen), (0.025, 0.5, 0.975), axis=0)
        names = (f"share below {hurdle:g}", "median", f"share of the top {100 * fraction:g} %")
        data = _figures(self._multiples, hurdle, fraction)
        return tuple(
            Fact(name, value, float(middle), (float(low), float(high)))
            for name, value, low, middle, high in zip(names, data, *ends, strict=True)
        )

    def goodness(self, n_replicates: int = 500, *, rng: RngLike = 0) -> Estimate:
        """How often data from the fitted law have a tail that fits worse: small values reject its tail.

        Parameters
        ----------
        n_replicates : int
            Samples from ``payoff`` as large as the data, in each of which the tail is searched and fitted anew.
        rng : None, int, SeedSequence or Generator
            Seed.

        Returns
        -------
        Estimate
            Share of samples whose largest distance between the tail seen and fitted is at least that of the data. The
            body needs no such test: it is the data's own.

        Raises
        ------
        DataError
            If bets are still open: their tail has no plain distribution function to compare.

        References
        ----------
        Clauset, Shalizi and Newman 2009, SIAM Review 51(4), 661-703, section 4.1, here also for tails that are cut.
        """
        if self.n_open:
            raise DataError("goodness of fit needs finished bets only; leave those still open out of the table.")
        n_replicates = _check.integer("n_replicates", n_replicates, "a whole number of at least 20", low=20)
        seed, hits, n_made = seed_of(rng), 0, 0
        seen = _tail_distance(self._made.sample, self._splice)
        positive, made = self._splice.law(0.0), self._made
        for replicate in range(n_replicates):
            generator = replicate_rng(seed, replicate)
            x = np.sort(positive.rvs(made.sample.x.size, rng=generator))
            sample = Sample(x, np.zeros(x.size, dtype=np.bool_))
            rule = Rule(made.rule.threshold, made.rule.cap, cut=made.rule.cut)
            try:
                hits += _tail_distance(sample, splice_of(sample, rule)) >= seen
                n_made += 1
            except DataError:
                continue
        p = hits / max(n_made, 1)
        interval = clopper_pearson(hits, max(n_made, 1))
        said = "the fitted tail is rejected." if interval[1] <= REJECT else "the fitted tail is not rejected."
        if interval[0] <= REJECT < interval[1]:
            said = f"more replicates are needed to say whether p is above {REJECT:g}."
        error = math.sqrt(p * (1.0 - p) / max(n_made, 1))
        return Estimate(p, error, interval, 0.95, "Clopper-Pearson over replicates", n_made, said)

    @property
    def verdict(self) -> str:
        """What was found, in words: failures, tail, mean, rivals, and what the threshold and the cap decide."""
        from .verdict import verdict_of

        found: str = self._once("verdict", lambda: verdict_of(self))
        return found


def _figures(x: Floats, hurdle: float, fraction: float) -> tuple[float, float, float]:
    """Failure rate, median and top share of multiples."""
    failed = (x < hurdle) | (x <= 0.0)
    share = float(top_share(x, fraction=fraction)) if x.max() > 0.0 else 0.0
    return float(failed.mean()), float(np.median(x)), share


def _tail_distance(sample: Sample, splice: Splice) -> float:
    """Kolmogorov-Smirnov distance of the tail."""
    t = np.log(sample.x[np.searchsorted(sample.x, splice.threshold) :] / splice.threshold)
    end = math.log(splice.cap / splice.threshold) if splice.cap < math.inf else math.inf
    cdf = np.expm1(-splice.tail_index * t) / np.expm1(-splice.tail_index * end)
    steps = np.arange(t.size + 1.0) / t.size
    return float(max(np.max(cdf - steps[:-1]), np.max(steps[1:] - cdf)))
