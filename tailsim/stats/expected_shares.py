"""Concentration that a sample of n payoffs shows on average, beside that of its law: the small-sample bias."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _check
from ..errors import UndefinedMomentError
from ..payoffs._rng import RngLike, seed_of
from ..payoffs.base import check_law
from .concentration import count_of_top
from .estimate import Estimate
from .intervals import quantile_estimate
from .sample_shares import SampleShares

if TYPE_CHECKING:
    from ..payoffs.base import Payoff

_MOST = 10_000_000
_TOGETHER = 1 << 22  # payoffs drawn at once
_EXACT = "exact, by integrals"


def _checked(payoff: Any, n_bets: int) -> tuple["Payoff", int]:
    law = check_law("payoff", payoff)
    rule = f"a whole number from 1 to {_MOST:,}"
    n = _check.integer("n_bets", n_bets, rule, low=1, high=_MOST)
    if law.support[0] < 0.0:
        raise UndefinedMomentError(
            f"expected shares of {law!r} are undefined because its payoffs can be negative, so a part can exceed the "
            "total; truncate it at zero, or simulate and compare largest with totals."
        )
    if law.support[1] == 0.0:
        raise UndefinedMomentError(f"expected shares of {law!r} are undefined because it pays nothing, ever.")
    return law, n


def _estimate(value: float, n: int, verdict: str | None) -> Estimate:
    return Estimate(value, 0.0, (value, value), 1.0, _EXACT, n, verdict)


def _population(what: str, law: "Payoff", expected: float, ask: Any) -> str:
    """The population's value beside the sample's."""
    try:
        there = float(ask())
    except UndefinedMomentError:
        return f"its mean is infinite, so {what} of the population is 1: a sample shows {expected:.3g} on average"
    return f"{what} of the population is {there:.4g}; a sample is off by {expected - there:+.3g} on average"


def expected_top_share(payoff: "Payoff", n_bets: int, fraction: float) -> Estimate:
    """Share of the total that the biggest payoffs of a sample make, on average over samples.

    Parameters
    ----------
    payoff : Payoff
        A law that is never negative; its mean may be infinite.
    n_bets : int
        Payoffs in a sample, 1 to 10,000,000.
    fraction : float
        Which part of them, in (0, 1], rounded up to a whole payoff.

    Returns
    -------
    Estimate
        Exact, by a double integral, to about 1e-9, given that anything is paid at all. ``verdict`` states
        law.top_share(fraction), the population's, and the bias. For the scatter see ``sample_top_share``.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If payoffs can be negative, or nothing is ever paid.

    References
    ----------
    Taleb and Douady 2015, Physica A 429, 252-260, for the bias; Albrecher, Ladoucette and Teugels 2010, Statistics
    and Probability Letters 80, for the representation of ratios by Laplace transforms.

    Examples
    --------
    >>> import tailsim as ts
    >>> round(float(ts.expected_top_share(ts.Pareto(1.1), 10_000, 0.01)), 3), round(ts.Pareto(1.1).top_share(0.01), 3)
    (0.487, 0.658)
    """
    law, n = _checked(payoff, n_bets)
    k = count_of_top(n, None, fraction)
    value = 1.0 if k == n else SampleShares(law, n, k).top()[0]
    return _estimate(value, n, _population(f"the top {fraction:.3g}", law, value, lambda: law.top_share(fraction)))


def expected_max_share(payoff: "Payoff", n_bets: int) -> Estimate:
    """Share of the total that the largest payoff of a sample makes, on average over samples.

    Parameters, Returns, Raises
    ---------------------------
    As ``expected_top_share``, for one payoff instead of a fraction; in the population it is 0.

    Examples
    --------
    >>> import tailsim as ts
    >>> round(float(ts.stats.expected_max_share(ts.Pareto(1.5), 100)), 4)
    0.1404
    """
    law, n = _checked(payoff, n_bets)
    return _estimate(1.0 if n == 1 else SampleShares(law, n, 1).top()[0], n, None)


def expected_hhi(payoff: "Payoff", n_bets: int) -> Estimate:
    """Sum of squared shares (HHI) of a sample, on average over samples.

    Parameters, Returns, Raises
    ---------------------------
    As ``expected_top_share``, without a fraction. For a tail index a below 1 it tends to 1 - a.

    Examples
    --------
    >>> import tailsim as ts
    >>> round(float(ts.stats.expected_hhi(ts.Pareto(1.5), 100)), 7)
    0.0491719
    """
    law, n = _checked(payoff, n_bets)
    return _estimate(1.0 if n == 1 else SampleShares(law, n).hhi(), n, None)


def expected_gini(payoff: "Payoff", n_bets: int) -> Estimate:
    """Gini coefficient of a sample, on average over samples.

    Parameters, Returns, Raises
    ---------------------------
    As ``expected_top_share``, without a fraction; ``verdict`` states law.gini() and the bias.

    Examples
    --------
    >>> import tailsim as ts
    >>> round(float(ts.stats.expected_gini(ts.Pareto(1.5), 100)), 3), ts.Pareto(1.5).gini()
    (0.453, 0.5)
    """
    law, n = _checked(payoff, n_bets)
    value = 0.0 if n == 1 else SampleShares(law, n).gini()
    return _estimate(value, n, _population("the Gini coefficient", law, value, law.gini))


def winners_fraction(payoff: "Payoff", share: float = 0.5) -> float:
    """Which part of the population, the biggest payoffs first, makes ``share`` of the value.

    Parameters
    ----------
    payoff : Payoff
        A law that is never negative, with a finite mean.
    share : float
        Part of the value, in (0, 1].

    Returns
    -------
    float
        The p with law.top_share(p) = share, in (0, 1].

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If shares of the population are undefined.

    Examples
    --------
    >>> import tailsim as ts
    >>> round(ts.stats.winners_fraction(ts.Pareto(1.16096), 0.8), 4)
    0.2
    """
    law = check_law("payoff", payoff)
    part = _check.real("share", share, "a share above 0 and at most 1", above=0.0, high=1.0)
    if part == 1.0:  # those that pay at all
        law.top_share(1.0)
        return float(law.sf(0.0))
    low, high = -1000.0, 0.0  # powers of two
    for _ in range(64):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if law.top_share(2.0**middle) < part else (low, middle)
    return float(2.0**high)


@dataclass(frozen=True, slots=True)
class SampleShare:
    """Law of the top share of a sample; made by ``sample_top_share``.

    Attributes
    ----------
    expected, std : float
        Its mean and standard deviation over samples, exact.
    population : float
        law.top_share(fraction); 1 where the mean is infinite.
    bias : float
        expected - population.
    median : Estimate
        Half of the samples show no more; simulated, between order statistics.
    low, high : Estimate
        Quantiles .05 and .95 over samples, simulated.
    """

    expected: float
    std: float
    population: float
    bias: float
    median: Estimate
    low: Estimate
    high: Estimate


def sample_top_share(
    payoff: "Payoff", n_bets: int, fraction: float, *, n_trials: int = 4000, rng: RngLike = None
) -> SampleShare:
    """Mean, scatter, median and bias of the share of the biggest payoffs of a sample.

    Parameters
    ----------
    payoff : Payoff
        A law that is never negative.
    n_bets : int
        Payoffs in a sample.
    fraction : float
        Which part of them, in (0, 1], rounded up to a whole payoff.
    n_trials : int
        Samples drawn for the quantiles, at least 100.
    rng : None, int, SeedSequence or Generator
        The seed.

    Returns
    -------
    SampleShare
        Mean and standard deviation are exact, quantiles simulated.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If payoffs can be negative, or nothing is ever paid.

    Examples
    --------
    >>> import tailsim as ts
    >>> share = ts.stats.sample_top_share(ts.Pareto(1.1), 1000, 0.01, rng=1)
    >>> round(share.expected, 3), round(share.std, 3), round(share.population, 3)
    (0.405, 0.16, 0.658)
    """
    law, n = _checked(payoff, n_bets)
    k = count_of_top(n, None, fraction)
    trials = _check.integer("n_trials", n_trials, "a whole number from 100 to 1e7", low=100, high=10**7)
    expected, std = (1.0, 0.0) if k == n else SampleShares(law, n, k).top()
    population = 1.0 if law.tail_index <= 1.0 else float(law.top_share(fraction))
    shares = _drawn(law, n, k, trials, seed_of(rng))
    if not shares.size:
        raise UndefinedMomentError(f"no sample of {n:,} payoffs of {law!r} paid anything; ask for larger samples.")
    middle, low, high = (quantile_estimate(shares, q) for q in (0.5, 0.05, 0.95))
    return SampleShare(expected, std, population, expected - population, middle, low, high)


def _drawn(law: "Payoff", n: int, k: int, trials: int, seed: int) -> Any:
    """Top shares of samples that paid something, each chunk from a stream of its own."""
    per = max(_TOGETHER // n, 1)
    found: list[Any] = []
    for stream in np.random.SeedSequence(seed).spawn(math.ceil(trials / per)):
        x = np.sort(law.rvs((min(per, trials - per * len(found)), n), rng=stream), axis=1)
        total = x.sum(axis=1)
        with np.errstate(invalid="ignore"):
            share = x[:, n - k :].sum(axis=1) / total
        found.append(np.where((total > 0.0) & np.isfinite(total), share, np.nan))
    shares = np.concatenate(found)
    return shares[np.isfinite(shares)]
