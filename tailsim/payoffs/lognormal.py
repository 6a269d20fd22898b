"""The lognormal law."""

import math
from dataclasses import dataclass

import numpy as np

from .. import _check
from .._lazy import special
from ..kernels import params
from ._shape import Floats, put
from .base import Payoff


@dataclass(frozen=True, slots=True)
class LogNormal(Payoff):
    """exp(mu + sigma Z), Z standard normal.

    Parameters
    ----------
    mu : float
        Mean of the logarithm; the median payoff is exp(mu), in money.
    sigma : float
        Standard deviation of the logarithm, above 0.

    Raises
    ------
    ArgumentError
        ``mu`` is not finite, or ``sigma`` not a finite number above 0.

    References
    ----------
    Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 14;
    Aitchison and Brown, The Lognormal Distribution (1957), theorem 2.6 (partial means), section 11.5 (shares).

    Examples
    --------
    >>> law = LogNormal(mu=0.0, sigma=1.0)
    >>> round(law.mean(), 6), round(law.gini(), 6), round(law.top_share(0.01), 6)
    (1.648721, 0.5205, 0.092362)
    """

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        sigma = _check.real(
            "sigma",
            self.sigma,
            "a finite number above 0",
            above=0.0,
            instead="Constant(exp(mu)) is the law without spread",
        )
        put(self, mu=_check.real("mu", self.mu), sigma=sigma)

    @property
    def support(self) -> tuple[float, float]:
        """(0, inf)."""
        return 0.0, math.inf

    @property
    def tail_index(self) -> float:
        """Inf: lighter than any power."""
        return math.inf

    def _params(self, factor: float = 1.0) -> params.Params | None:
        return params.ExpNormal(self.mu, self.sigma, factor)

    def _z(self, x: Floats) -> Floats:
        """The standard normal value of x, -inf up to zero."""
        with np.errstate(divide="ignore"):
            return (np.log(np.maximum(x, 0.0)) - self.mu) / self.sigma

    def _sf(self, x: Floats) -> Floats:
        return np.asarray(special.ndtr(-self._z(x)))

    def _cdf(self, x: Floats) -> Floats:
        return np.asarray(special.ndtr(self._z(x)))

    def _ppf(self, q: Floats) -> Floats:
        return np.asarray(np.exp(self.mu + self.sigma * special.ndtri(q)))

    def _logpdf(self, x: Floats) -> Floats:
        constant = math.log(self.sigma) + 0.5 * math.log(2.0 * math.pi)
        return np.where(x > 0.0, -np.log(x) - constant - 0.5 * self._z(x) ** 2, -np.inf)

    def _mean(self) -> float:
        return float(np.exp(self.mu + 0.5 * self.sigma**2))

    def _var(self) -> float:
        return float(np.expm1(self.sigma**2) * np.exp(2.0 * self.mu + self.sigma**2))

    def _partial_mean(self, u: Floats) -> Floats:
        return np.asarray(self._mean() * special.ndtr(self.sigma - self._z(u)))

    def _mean_excess(self, u: Floats) -> Floats:
        z = self._z(u) / math.sqrt(2.0)
        ratio = special.erfcx(z - self.sigma / math.sqrt(2.0)) / special.erfcx(z)  # E[X | X > u] / u
        with np.errstate(all="ignore"):
            body = self._partial_mean(u) / self._sf(u) - u
        return np.where(z > 1.0, u * (ratio - 1.0), body)

    def _gini(self) -> float:
        return math.erf(0.5 * self.sigma)

    def _top_share(self, p: Floats) -> Floats:
        return np.asarray(special.ndtr(self.sigma + special.ndtri(p)))

    def _lorenz(self, p: Floats) -> Floats:
        return np.asarray(special.ndtr(special.ndtri(p) - self.sigma))
