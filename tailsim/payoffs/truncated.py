"""A law between two ends."""

import math
from dataclasses import dataclass, field

from .. import _check
from ..errors import ArgumentError
from ._alias import Alias
from ._shape import put
from .base import Payoff, check_law


@dataclass(frozen=True, slots=True, repr=False)
class Truncated(Alias):
    """``base``, given that it pays at least ``low`` and at most ``high``: what lies outside never happens.

    ``Capped`` pays the cap where the base would pay more; here such payoffs are drawn again.

    Parameters
    ----------
    base : Payoff
        Any law.
    low, high : float
        In money, either may be infinite; the base must pay something between them with a
        probability above 2**-1022. Both ends belong to the window.

    Raises
    ------
    ArgumentError
        ``base`` is no law, ``low`` is not below ``high``, or the window holds no probability.

    Notes
    -----
    What a window leaves of ``Pareto``, ``Lomax``, ``GeneralizedPareto``, ``Exponential``, ``Uniform``, ``Constant``
    and ``Empirical`` above ``low`` is again such a law, to full depth wherever ``low`` is. Of another law a
    window [low, inf) reaches as deep as the base does, the exceedance 2**-1074: 2**-1074 / P(base >= low) of its own.

    Examples
    --------
    >>> from tailsim.payoffs import Pareto
    >>> law = Truncated(Pareto(1.5), high=100.0)
    >>> law.support, round(law.sf(4.0), 6), round(law.mean(), 6)
    ((1.0, 100.0), 0.124124, 2.702703)
    >>> round(Truncated(Pareto(1.5), low=1e6).isf(0.125), 3)
    4000000.0
    """

    base: Payoff
    low: float = -math.inf
    high: float = math.inf
    _law: Payoff = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_law("base", self.base)
        low = _check.real("low", self.low, "a number, or -inf for no lower end", finite=False)
        high = _check.real("high", self.high, "a number, or inf for no upper end", finite=False)
        if not low < high:
            raise _check.refuse("high", f"above low = {low!r}", high, "use Constant(x) for a fixed payoff")
        put(self, low=low, high=high, _law=within("low and high", self.base, low, high))

    def __repr__(self) -> str:
        low = f", low={self.low!r}" if self.low > -math.inf else ""
        high = f", high={self.high!r}" if self.high < math.inf else ""
        return f"Truncated(base={self.base!r}{low}{high})"


def within(name: str, law: Payoff, low: float, high: float) -> Payoff:
    """The payoffs of ``law`` in [low, high]; refused where there are none."""
    seen = law._within(low, high)
    if seen is None:
        first, last = law.support
        raise ArgumentError(
            f"{name} must leave a probability of at least 2**-1022 of {_check.shown(law)}, which pays from {first!r} "
            f"to {last!r}, got the window from {low!r} to {high!r}."
        )
    return seen
