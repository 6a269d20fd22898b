"""Laws from the share of all value that the top bets make."""

import math
from collections.abc import Callable

from .. import _check
from .._lazy import special
from .base import Payoff
from .frechet import Frechet
from .lognormal import LogNormal
from .power import Lomax, Pareto
from .weibull import Weibull

# families of one parameter by which concentration grows: from the logarithm of it to a law
_CONCENTRATED: dict[str, Callable[[float], Payoff]] = {
    "lomax": lambda t: Lomax(1.0 + math.exp(-t)),
    "weibull": lambda t: Weibull(math.exp(-t)),
    "frechet": lambda t: Frechet(1.0 + math.exp(-t)),
}


def from_top_share(fraction: float, share: float, family: str = "pareto", *, median: float | None = None) -> Payoff:
    """The law in which the top ``fraction`` of bets make ``share`` of all value.

    Parameters
    ----------
    fraction : float
        Part of all bets, in (0, 1): 0.06 for "6 % of deals".
    share : float
        What they make of the total, above ``fraction`` and below 1: 0.6 for "60 % of the money".
    family : str
        "pareto", "lognormal", "lomax", "weibull" or "frechet".
    median : float, optional
        Median payoff, in money, which sets the scale; by default the family's own scale 1.

    Returns
    -------
    Payoff
        The law; its ``top_share(fraction)`` is ``share``, the population's. A sample shows less.

    Raises
    ------
    ArgumentError
        If the numbers are not in order.

    References
    ----------
    Pareto: share = fraction**(1 - 1 / tail_index); lognormal: Phi(sigma - Phi^-1(1 - fraction)).

    Examples
    --------
    >>> import tailsim as ts
    >>> round(ts.from_top_share(0.06, 0.60).tail_index, 4)
    1.2218
    >>> round(ts.from_top_share(0.06, 0.60, "lognormal").sigma, 4)
    1.8081
    """
    p = _check.real("fraction", fraction, "a fraction strictly between 0 and 1", above=0.0, below=1.0)
    rule = f"above fraction = {p:g}, which even equal bets hold, and below 1"
    s = _check.real("share", share, rule, above=p, below=1.0)
    family = _check.one_of("family", family, ("pareto", "lognormal", *_CONCENTRATED))
    law = _of_share(p, s, family)
    if median is None:
        return law
    scale = _check.positive("median", median) / law.median()
    return _scaled(law, scale)


def _of_share(p: float, s: float, family: str) -> Payoff:
    if family == "pareto":
        return Pareto(1.0 / (1.0 - math.log(s) / math.log(p)))
    if family == "lognormal":
        return LogNormal(0.0, float(special.ndtri(s) - special.ndtri(p)))
    from scipy.optimize import brentq

    make = _CONCENTRATED[family]

    def miss(t: float) -> float:
        return float(make(t).top_share(p)) - s

    low, high = -6.0, 6.0
    if not miss(low) < 0.0 < miss(high):
        least, most = (miss(t) + s for t in (low, high))
        raise _check.refuse("share", f"between {least:.3g} and {most:.3g} for the {family} family", s)
    return make(float(brentq(miss, low, high, xtol=1e-14, rtol=1e-14)))


def _scaled(law: Payoff, scale: float) -> Payoff:
    """The same family at another scale."""
    if isinstance(law, LogNormal):
        return LogNormal(law.mu + math.log(scale), law.sigma)
    if isinstance(law, Weibull):
        return Weibull(law.shape, law.scale * scale)
    return type(law)(law.tail_index, law.scale * scale)  # type: ignore[attr-defined]
