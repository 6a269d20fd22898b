"""Burr's law of type XII and the log-logistic law."""

import math
from dataclasses import dataclass, field

import numpy as np

from .. import _check
from .._lazy import special
from ..kernels import params
from ._alias import Alias
from ._shape import Floats, put
from .base import Payoff
from .power import power_of_ratio, scaled

_ORDERS = np.arange(2.0, 40.0)
_LEAST_C = 2.0**-6  # below it the kernel's factors overflow before their product does
_POWER_LAW = 1e-17  # where (scale / x)**c is below it the tail is a power of x to the last digit


@dataclass(frozen=True, slots=True)
class BurrXII(Payoff):
    """Burr's law of type XII: P(X > x) = (1 + (x / scale)**c)**-k, x >= 0; its tail index is c * k.

    Also known as Singh-Maddala's law of incomes. c shapes the low end, c * k the tail.

    Parameters
    ----------
    c, k : float
        Above 0. The mean is infinite where c * k <= 1, the variance where c * k <= 2.
    scale : float
        In money, above 0.

    Raises
    ------
    ArgumentError
        A parameter is not a finite number above 0.

    References
    ----------
    Burr (1942), Annals of Mathematical Statistics 13, equation 20; Kleiber and Kotz, Statistical Size Distributions in
    Economics and Actuarial Sciences (2003), section 6.2 (moments, Gini coefficient and Lorenz curve).

    Examples
    --------
    >>> law = BurrXII(c=2.0, k=1.0)
    >>> round(law.sf(3.0), 12), round(law.mean(), 6), round(law.gini(), 12), law.tail_index
    (0.1, 1.570796, 0.5, 2.0)
    """

    c: float
    k: float
    scale: float = 1.0

    def __post_init__(self) -> None:
        put(self, **{name: _check.positive(name, getattr(self, name)) for name in ("c", "k", "scale")})

    @property
    def support(self) -> tuple[float, float]:
        """(0, inf)."""
        return 0.0, math.inf

    @property
    def tail_index(self) -> float:
        """c * k."""
        return self.c * self.k

    @property
    def _ab(self) -> tuple[float, float]:
        """k - 1/c and 1 + 1/c, the arguments of the beta functions of the first moment."""
        return (self.c * self.k - 1.0) / self.c, 1.0 + 1.0 / self.c

    def _params(self, factor: float = 1.0) -> params.Params | None:
        scale = scaled(self.scale, factor)
        if scale is None or self.c < _LEAST_C:
            return None
        inner, root = params.SafePowerMinusOne(1.0 / self.k, 1.0), params.SafePower(1.0 / self.c, 1.0)
        return params.PowerProduct(inner, root, params.power(-1.0 / (self.c * self.k), scale))

    def _ratio(self, x: Floats) -> Floats:
        """(scale / x)**c, inf up to zero."""
        return power_of_ratio(self.scale, np.maximum(x, 0.0), self.c)

    def _sf(self, x: Floats) -> Floats:
        r = self._ratio(x)
        far = power_of_ratio(self.scale, np.maximum(x, self.scale), self.c * self.k) * np.exp(-self.k * np.log1p(r))
        return np.where(r < 1.0, far, np.exp(-self.k * np.log1p(1.0 / r)))

    def _cdf(self, x: Floats) -> Floats:
        return -np.expm1(-self.k * np.log1p(1.0 / self._ratio(x)))

    def _isf(self, p: Floats) -> Floats:
        if self._params() is not None:
            return Payoff._isf(self, p)
        return self._at_hazard(-np.log(p))

    def _ppf(self, q: Floats) -> Floats:
        return self._at_hazard(-np.log1p(-q))

    def _at_hazard(self, hazard: Floats) -> Floats:
        """x with -log sf(x) = hazard."""
        h = hazard / self.k
        with np.errstate(all="ignore"):
            return self.scale * np.exp(np.where(h < 1.0, np.log(np.expm1(h)), h + np.log1p(-np.exp(-h))) / self.c)

    def _logpdf(self, x: Floats) -> Floats:
        log_scale = math.log(self.scale)
        with np.errstate(all="ignore"):
            logs = (self.k + 1.0) * np.logaddexp(0.0, self.c * (np.log(x) - log_scale))
        power = special.xlogy(self.c - 1.0, x) - (self.c - 1.0) * log_scale
        return np.asarray(math.log(self.c) + math.log(self.k) - log_scale + power - logs)

    def _mean(self) -> float:
        return self.scale * self.k * float(special.beta(*self._ab))

    def _var(self) -> float:
        return self._mean() ** 2 * self._relative_variance()

    def _relative_variance(self) -> float:
        """E X**2 / (E X)**2 - 1, by a series where the difference loses digits."""
        t = 1.0 / self.c
        if t >= 0.1 * min(self.k, 1.0):
            second = self.k * float(special.beta((self.c * self.k - 2.0) / self.c, 1.0 + 2.0 * t))
            return second / (self.k * float(special.beta(*self._ab))) ** 2 - 1.0
        signs = np.where(_ORDERS % 2.0 == 0.0, 1.0, -1.0)
        zetas = special.zeta(_ORDERS, self.k) + signs * special.zeta(_ORDERS)
        return math.expm1(float(np.sum((zetas * (2.0**_ORDERS - 2.0) * t**_ORDERS / _ORDERS)[::-1])))

    def _partial_mean(self, u: Floats) -> Floats:
        r = self._ratio(u)
        part = self._mean() * special.betainc(*self._ab, np.where(r < 1.0, r / (1 + r), 1 / (1 + 1 / r)))
        far = (u > self.scale) & (r < _POWER_LAW)
        start = np.maximum(u, self.scale)
        return np.where(far, start * self._sf(start) * (self.tail_index / (self.tail_index - 1.0)), part)

    def _mean_excess(self, u: Floats) -> Floats:
        with np.errstate(all="ignore"):
            excess = self._partial_mean(u) / self._sf(u) - u
        far = (u > self.scale) & (self._ratio(u) < _POWER_LAW)
        return np.where(far, u / (self.tail_index - 1.0), excess)

    def _gini(self) -> float:
        a = self._ab[0]
        k = self.k
        logs = special.gammaln(k) + special.gammaln(k + a) - special.gammaln(2.0 * k) - special.gammaln(a)
        return -math.expm1(float(logs))

    def _top_share(self, p: Floats) -> Floats:
        return np.asarray(special.betainc(*self._ab, np.exp(np.log(p) / self.k)))

    def _lorenz(self, p: Floats) -> Floats:
        a, b = self._ab
        logs = np.log1p(-p) / self.k
        near = special.betainc(b, a, -np.expm1(logs))
        return np.asarray(np.where(logs > -1.0, near, 1.0 - special.betainc(a, b, np.exp(logs))))


@dataclass(frozen=True, slots=True)
class LogLogistic(Alias):
    """The log-logistic law, Fisk's: P(X > x) = 1 / (1 + (x / scale)**tail_index), x >= 0.

    Burr's law of type XII with k = 1; its logarithm is logistic.

    Parameters
    ----------
    tail_index : float
        Above 0. The mean is infinite up to 1, the variance up to 2.
    scale : float
        The median, in money, above 0.

    Raises
    ------
    ArgumentError
        A parameter is not a finite number above 0.

    References
    ----------
    Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), section 23.10; Kleiber and Kotz,
    Statistical Size Distributions in Economics and Actuarial Sciences (2003), section 6.4.

    Examples
    --------
    >>> law = LogLogistic(tail_index=2.0, scale=3.0)
    >>> law.median(), round(law.sf(9.0), 12), law.gini(), round(law.mean(), 6)
    (3.0, 0.1, 0.5, 4.712389)
    """

    tail_index: float = field()  # hides the property of the same name
    scale: float = 1.0
    _law: BurrXII = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        a, scale = _check.positive("tail_index", self.tail_index), _check.positive("scale", self.scale)
        put(self, tail_index=a, scale=scale, _law=BurrXII(a, 1.0, scale))

    def _params(self, factor: float = 1.0) -> params.Params | None:
        scale = scaled(self.scale, factor)
        return None if scale is None else params.Odds(params.power(-1.0 / self.tail_index, scale))

    _kernel = Payoff._kernel
    _within = Payoff._within
    _isf = Payoff._isf
    _draw = Payoff._draw

    def _ppf(self, q: Floats) -> Floats:
        return self.scale * np.power(q / (1.0 - q), 1.0 / self.tail_index)

    def _mean(self) -> float:
        a = self.tail_index
        return self.scale * (math.pi / a) / math.sin(math.pi * ((a - 1.0) / a))

    def _gini(self) -> float:
        return 1.0 / self.tail_index
