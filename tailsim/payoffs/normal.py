"""The normal law."""

import math
from dataclasses import dataclass

import numpy as np

from .. import _check
from .._lazy import special
from ..kernels import params
from ._shape import Floats, put
from .base import Payoff
from .power import scaled

_FAR = 50.0
_MILLS = (1.0, -2.0, 10.0, -74.0, 706.0)  # phi / sf - z in odd powers of 1 / z


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Normal(Payoff):
    """The normal law, for lifts and errors: mean + sd * Z, Z standard normal.

    Draws reach 2**-1074 in the upper tail and 2**-54 in the lower one; ``-Normal()`` has them the other way round.

    Parameters
    ----------
    mean : float
        In money; kept as the field ``location``, for ``mean()`` is a method of every law.
    sd : float
        Standard deviation, in money, above 0.

    Raises
    ------
    ArgumentError
        ``mean`` is not finite, or ``sd`` not a finite number above 0.

    References
    ----------
    Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 13.

    Examples
    --------
    >>> law = Normal(mean=-1.0, sd=2.0)
    >>> law.mean(), law.var(), round(law.sf(1.0), 6), round(law.mean_excess(1.0), 6)
    (-1.0, 4.0, 0.158655, 1.050271)
    """

    location: float
    sd: float

    def __init__(self, mean: float = 0.0, sd: float = 1.0) -> None:
        spread = _check.real("sd", sd, "a finite number above 0", above=0.0, instead="use Constant(mean)")
        put(self, location=_check.real("mean", mean), sd=spread)

    def __repr__(self) -> str:
        return f"Normal(mean={self.location!r}, sd={self.sd!r})"

    @property
    def support(self) -> tuple[float, float]:
        """(-inf, inf)."""
        return -math.inf, math.inf

    @property
    def tail_index(self) -> float:
        """Inf: lighter than any power."""
        return math.inf

    @property
    def left_tail_index(self) -> float:
        """Inf: lighter than any power."""
        return math.inf

    def _params(self, factor: float = 1.0) -> params.Params | None:
        mean, sd = self.location * factor, scaled(self.sd, factor)
        return None if sd is None or not math.isfinite(mean) else params.Gaussian(mean, sd)

    def _z(self, x: Floats) -> Floats:
        """The standard normal value of x."""
        return (x - self.location) / self.sd

    def _sf(self, x: Floats) -> Floats:
        return np.asarray(special.ndtr(-self._z(x)))

    def _cdf(self, x: Floats) -> Floats:
        return np.asarray(special.ndtr(self._z(x)))

    def _ppf(self, q: Floats) -> Floats:
        return np.asarray(self.location + self.sd * special.ndtri(q))

    def _logpdf(self, x: Floats) -> Floats:
        return -math.log(self.sd) - 0.5 * math.log(2.0 * math.pi) - 0.5 * self._z(x) ** 2

    def _mean(self) -> float:
        return self.location

    def _var(self) -> float:
        return self.sd**2

    def _partial_mean(self, u: Floats) -> Floats:
        z = self._z(u)
        return np.asarray(self.location * special.ndtr(-z) + self.sd * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi))

    def _mean_excess(self, u: Floats) -> Floats:
        z = self._z(u)
        hazard = math.sqrt(2.0 / math.pi) / special.erfcx(z / math.sqrt(2.0))
        y = 1.0 / np.maximum(z, _FAR)
        return np.where(z > _FAR, self.sd * y * np.polynomial.polynomial.polyval(y * y, _MILLS), self.sd * (hazard - z))
