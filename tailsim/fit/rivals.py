"""Rivals for all outcomes above zero, ranked by how well they foretell outcomes they have not seen."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._lazy import special
from ..payoffs import Payoff
from .distinct import Floats
from .whole import FAMILIES, NESTED, Family, Flags, Positive, Theta, fitted

MOST = 10_000  # outcomes that rivals are fitted to
REJECT = 0.01
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Rival:
    """A family fitted to all outcomes above zero.

    Attributes
    ----------
    family : str
        ``"lognormal"``, ``"weibull"``, ``"gamma"``, ``"frechet"``, ``"loglogistic"``, ``"lomax"``, ``"burr"``,
        ``"pareto"`` (from the smallest outcome on) or ``"splice"`` (a lognormal body and a Pareto tail).
    law : Payoff
        At its maximum likelihood, over outcomes above zero.
    held_out : float
        Mean log likelihood of an outcome under the fit to the other four fifths, five times; higher is better. -inf
        where an outcome left out is impossible under the fit to the others.
    log_likelihood, aic : float
        Of all outcomes it was fitted to.
    ks : float
        Largest distance between its distribution function and that of the (finished) outcomes.
    p_value : float
        Chance of a likelihood as far below that of the best family, by AIC, if both are as near to the truth (Vuong's
        test, one-sided, with AIC's correction for parameters that the best has more), or, where the family is a case
        of the best one, if it is right (likelihood ratio).
    rejected : bool
        Whether ``p_value`` is below 0.01.
    settled : bool
        Whether the search for the maximum ended at one; if not, its figures are a lower bound.
    """

    family: str
    law: Payoff
    held_out: float
    log_likelihood: float
    aic: float
    ks: float
    p_value: float
    rejected: bool
    settled: bool

    def __repr__(self) -> str:
        state = "rejected" if self.rejected else "not rejected"
        return (
            f"Rival({self.family}: held-out {self.held_out:.4f}, AIC {self.aic:.1f}, p {self.p_value:.2g} ({state}), "
            f"{self.law!r})"
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    family: Family
    theta: Theta
    settled: bool
    terms: Floats
    held_out: float

    @property
    def log_likelihood(self) -> float:
        return float(self.terms.sum())

    @property
    def aic(self) -> float:
        return 2.0 * (self.family.n_parameters - self.log_likelihood)


def ranked(x: Floats, is_open: Flags, threshold: float, seed: int) -> tuple[Rival, ...]:
    """Every family, the best at foretelling first; beyond 10,000 outcomes from a random choice of them."""
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    if x.size > MOST:
        kept = np.sort(rng.choice(x.size, MOST, replace=False))
        x, is_open = x[kept], is_open[kept]
    data = Positive.of(x, is_open, threshold)
    fold = rng.permutation(x.size) % _FOLDS
    fits = [_fit(family, data, fold) for family in FAMILIES.values()]
    best = min((fit for fit in fits if fit.settled), key=lambda fit: fit.aic)
    found = [_judged(fit, best, data) for fit in fits]
    return tuple(sorted(found, key=lambda rival: -rival.held_out))


def _fit(family: Family, data: Positive, fold: NDArray[np.int64]) -> _Fit:
    """A family at its maximum, and how it foretells each fifth."""
    theta, settled = fitted(family, data)
    with np.errstate(all="ignore"):
        terms = family.terms(theta, data)
        held_out = np.empty(data.y.size)
        for k in range(_FOLDS):
            part, _ = fitted(family, data.some(fold != k), theta)
            held_out[fold == k] = family.terms(part, data.some(fold == k))
    return _Fit(family, theta, settled, terms, float(held_out.mean()))


def _judged(fit: _Fit, best: _Fit, data: Positive) -> Rival:
    law = fit.family.law(fit.theta, data)
    p = _p_value(fit, best)
    numbers = (fit.held_out, fit.log_likelihood, fit.aic, _distance(fit, data), p)
    return Rival(fit.family.name, law, *numbers, p < REJECT, fit.settled)


def _p_value(fit: _Fit, best: _Fit) -> float:
    """Of the ratio to the best family."""
    if fit is best:
        return 1.0
    ratios = best.terms - fit.terms
    raw, more = float(ratios.sum()), max(best.family.n_parameters - fit.family.n_parameters, 0)
    if not math.isfinite(raw):  # an outcome is impossible under the family
        return 0.0
    if (best.family.name, fit.family.name) in NESTED:
        return float(special.chdtrc(more, 2.0 * max(raw, 0.0)))
    spread = math.sqrt(ratios.size) * float(ratios.std())
    return 1.0 if spread <= 1e-9 * max(1.0, abs(raw)) else float(special.ndtr(-(raw - more) / spread))


def _distance(fit: _Fit, data: Positive) -> float:
    """Kolmogorov-Smirnov distance of the finished outcomes; between the steps where they are rounded."""
    y, counts = np.unique(data.y[~data.is_open], return_counts=True)
    upto = np.cumsum(counts) / counts.sum()
    at = np.log(np.exp(y) + 0.5) if data.rounded else y
    with np.errstate(all="ignore"):
        cdf = -np.expm1(fit.family.log_sf(fit.theta, at, data))
    if data.rounded:
        return float(np.max(np.abs(cdf - upto)))
    return float(max(np.max(upto - cdf), np.max(cdf - upto + counts / counts.sum())))
