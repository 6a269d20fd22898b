"""The law of ideas' quality, from past tests: empirical Bayes with a Student t or a Gaussian prior."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from .._lazy import special
from ..errors import ArgumentError
from ..payoffs import Normal, StudentT
from ..stats.estimate import Estimate
from ._quadrature import Floats

_FAMILIES = ("student", "normal")
_LOG_2PI = math.log(2.0 * math.pi)
_LEAST, _MOST = 0.3, 200.0  # a Student t of more degrees of freedom is a Gaussian to all data there are
_ENOUGH = 10


@dataclass(frozen=True, slots=True)
class FittedPrior:
    """A prior fitted to past tests; made by ``fit_prior``.

    Attributes
    ----------
    prior : Payoff
        ``StudentT`` or ``Normal``, for ``ABProgram``.
    log_likelihood : float
        Of the estimates, given their standard errors.
    tail_index : Estimate
        The prior's, with its profile likelihood interval; inf for a Gaussian.
    n : int
        Past tests.
    noise : float
        Their median standard error.
    """

    prior: StudentT | Normal
    log_likelihood: float
    tail_index: Estimate
    n: int
    noise: float

    @property
    def verdict(self) -> str:
        """What the past says about the regime, in a sentence or two."""
        low, high = self.tail_index.interval
        if float(self.prior.isf(0.25) - self.prior.isf(0.75)) < 0.05 * self.noise:
            return f"The estimates of {self.n} past tests vary no more than their noise does: they do not show a prior."
        if isinstance(self.prior, Normal):
            return (
                f"A Gaussian prior was assumed, so {self.n} past tests say nothing about the tail; fit a Student t too."
            )
        span = f"{low:.3g} to {high:.3g}" if math.isfinite(high) else f"at least {low:.3g}"
        head = f"From {self.n} past tests the tail index is {self.tail_index.value:.3g} (95 % interval: {span})"
        if high < 3.0:
            return f"{head}: lean, test many ideas on few users each."
        if low >= 3.0:
            return f"{head}: big, test few ideas on many users each."
        return f"{head}: they do not tell lean from big, so compare the allocations at both ends."

    def __repr__(self) -> str:
        return f"FittedPrior({self.prior!r}, log_likelihood={self.log_likelihood:.6g}): {self.verdict}"


def fit_prior(estimates: ArrayLike, std_errors: ArrayLike, *, family: str = "student") -> FittedPrior:
    """The prior of ideas' quality under which past estimates are most likely.

    Each estimate is its idea's quality plus Gaussian noise of its own standard error. The likelihood of a Student t is
    an integral over Gaussians of random variance, by a trapezoidal rule that errs by less than 1e-8.

    Parameters
    ----------
    estimates : array_like, shape (n,)
        Estimated quality of every past idea, launched or not; at least 10.
    std_errors : array_like, shape (n,)
        Their standard errors, above 0.
    family : {"student", "normal"}
        The prior's.

    Returns
    -------
    FittedPrior
        ``.prior``, ``.tail_index`` and a ``.verdict``.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Notes
    -----
    Past tests must be all that were run: fitted to launched ideas only, a prior is far too good.

    References
    ----------
    Azevedo, Deng, Montiel Olea, Rao and Weyl 2020, Journal of Political Economy 128(12), 4614-4672, who fit a Student t
    to past experiments; Efron 2010, Large-Scale Inference, for empirical Bayes.

    Examples
    --------
    >>> import numpy as np
    >>> fit = fit_prior(np.linspace(-3, 3, 41), np.full(41, 0.5), family="normal")
    >>> f"{fit.prior.std() ** 2:.3f}"  # the variance of the estimates less that of their noise
    '2.900'
    """
    y = _check.numbers("estimates", estimates, f"at least {_ENOUGH} finite numbers", min_size=_ENOUGH)
    s = _check.numbers("std_errors", std_errors, "as many numbers above 0 as there are estimates")
    if s.size != y.size or not (s > 0.0).all():
        raise ArgumentError(
            f"std_errors must be as many numbers above 0 as there are estimates ({y.size}), got {s.size} of them, "
            f"the least {float(s.min()):g}; leave out tests without an estimate of their noise."
        )
    if _check.one_of("family", family, _FAMILIES) == "normal":
        return _normal(y, s)
    return _student(y, s)


def _normal(y: Floats, s: Floats) -> FittedPrior:
    scale = float(np.std(y)) or float(s.mean())

    def loss(at: Floats) -> float:
        return -float(np.sum(_log_normal(y - at[0] * scale, s**2 + (scale * math.exp(at[1])) ** 2)))

    best, value = _minimum(loss, [np.array([float(np.mean(y)) / scale, z]) for z in (0.0, -2.0)])
    prior = Normal(float(best[0]) * scale, scale * math.exp(best[1]))
    flat = Estimate(math.inf, 0.0, (math.inf, math.inf), 0.95, "declared", y.size)
    return FittedPrior(prior, -value, flat, int(y.size), float(np.median(s)))


def _student(y: Floats, s: Floats) -> FittedPrior:
    quartiles = np.percentile(y, [25, 50, 75])
    middle, scale = float(quartiles[1]), float(quartiles[2] - quartiles[0]) / 2.0 or float(s.mean())

    def loss(at: Floats) -> float:
        df = math.exp(at[2])
        if not _LEAST <= df <= _MOST * (1.0 + 1e-9) or abs(at[1]) > 25.0:
            return 1e300
        return -_log_likelihood(y, s, middle + at[0] * scale, scale * math.exp(at[1]), df)

    starts = [np.array([0.0, math.log(size), math.log(df)]) for size, df in ((0.7, 1.5), (0.7, 4.0), (1.0, 30.0))]
    best, value = _minimum(loss, starts)
    interval = _profile(loss, best, value)
    df = math.exp(best[2])
    prior = StudentT(df, middle + float(best[0]) * scale, scale * math.exp(best[1]))
    half = (interval[1] - interval[0]) / (2.0 * 1.96)
    estimate = Estimate(df, half, interval, 0.95, "profile likelihood", int(y.size))
    return FittedPrior(prior, -value, estimate, int(y.size), float(np.median(s)))


def _minimum(loss: Callable[[Floats], float], starts: list[Floats]) -> tuple[Floats, float]:
    """The least value from several starts by Nelder and Mead's method, restarted once where it ends."""
    from scipy.optimize import minimize

    options = {"xatol": 1e-2, "fatol": 1e-2, "maxiter": 1000}
    first = min((minimize(loss, x, method="Nelder-Mead", options=options) for x in starts), key=lambda found: found.fun)
    again = minimize(loss, first.x, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-10, "maxiter": 2000})
    return again.x, float(again.fun)


def _profile(loss: Callable[[Floats], float], best: Floats, value: float) -> tuple[float, float]:
    """Degrees of freedom that a likelihood ratio test at 5 % does not reject; 0 or inf at an end that is open."""
    from scipy.optimize import brentq, minimize

    allowed = value + 0.5 * float(special.chdtri(1, 0.05))
    near = best[:2]

    def excess(log_df: float) -> float:
        nonlocal near
        found = minimize(
            lambda at: loss(np.array([at[0], at[1], log_df])),
            near,
            method="Nelder-Mead",
            options={"xatol": 1e-3, "fatol": 1e-5},
        )
        near = found.x
        return float(found.fun) - allowed

    ends = []
    for end, open_end in ((math.log(_LEAST), 0.0), (math.log(_MOST), math.inf)):
        near = best[:2]
        if excess(end) <= 0.0:
            ends.append(open_end)
            continue
        near = best[:2]
        ends.append(math.exp(brentq(excess, float(best[2]), end, xtol=1e-3)))
    return ends[0], ends[1]


def _log_normal(x: Floats, variance: Floats) -> Floats:
    return -0.5 * (_LOG_2PI + np.log(variance) + x * x / variance)


def _log_likelihood(y: Floats, s: Floats, loc: float, scale: float, df: float) -> float:
    """Sum of log densities of t(df, loc, scale) plus N(0, s**2): Gaussians of variance scale**2 / g, g ~ Gamma(df/2).

    The trapezoidal rule in log g, whose integrand dies on both sides.
    """
    half = 0.5 * df
    step = 0.4 / math.sqrt(max(half, 1.0))
    reach = max(float(np.max(np.abs(y - loc))) / scale, 1.0)
    width = 9.0 / math.sqrt(max(half, 1.0))
    low = -2.0 * math.log(reach) - 28.0 / (half + 0.5) - width
    g = np.exp(np.arange(low, max(math.log(40.0 / half), 0.0) + width, step))
    log_weight = half * np.log(half * g) - half * g - float(special.gammaln(half)) + math.log(step)
    logs = _log_normal((y - loc)[:, None], (s * s)[:, None] + scale * scale / g) + log_weight
    top = logs.max(axis=1)
    return float(np.sum(top + np.log(np.sum(np.exp(logs - top[:, None]), axis=1))))
