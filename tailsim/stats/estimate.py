"""The number every answer comes as: a value with its interval, its method and what to beware of."""

import functools
import math
import numbers
from dataclasses import dataclass


@functools.total_ordering
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Estimate:
    """A value with its uncertainty; it compares, formats and converts as the value.

    Attributes
    ----------
    value : float
        The estimate; ``inf`` for an infinite mean.
    std_error : float
        Standard error of ``value``, in the same unit; ``inf`` where it does not exist.
    interval : tuple of float
        Lower and upper end at confidence ``level``; an end may be infinite.
    level : float
        Confidence level of ``interval``.
    method : str
        How the interval was made.
    n : int
        Number of independent observations behind it.
    verdict : str or None
        One sentence on what to beware of, or on the reliability of a mean.

    Examples
    --------
    >>> from tailsim.stats.estimate import Estimate
    >>> e = Estimate(0.648, 0.0015, (0.645, 0.651), 0.95, "Clopper-Pearson", 100_000)
    >>> e
    0.648 [0.645, 0.651] (95 %, Clopper-Pearson, n = 100,000)
    >>> f"{e:.2f}", e > 0.5, float(e)
    ('0.65', True, 0.648)
    """

    value: float
    std_error: float
    interval: tuple[float, float]
    level: float
    method: str
    n: int
    verdict: str | None = None

    def __float__(self) -> float:
        return self.value

    def __eq__(self, other: object) -> bool:
        number = _number(other)
        return NotImplemented if number is None else self.value == number

    def __lt__(self, other: object) -> bool:
        number = _number(other)
        return NotImplemented if number is None else self.value < number

    def __hash__(self) -> int:
        return hash(self.value)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec) if spec else repr(self)

    def __repr__(self) -> str:
        low, high = self.interval
        decimals = _decimals(self.value, low, high)
        value, low_end, high_end = (_shown(x, decimals) for x in (self.value, low, high))
        how = f"{self.level * 100:g} %, {self.method}, n = {self.n:,}"
        text = f"{value} [{low_end}, {high_end}] ({how})"
        return text if self.verdict is None else f"{text}: {self.verdict}"


def _number(other: object) -> float | None:
    if isinstance(other, Estimate):
        return other.value
    return float(other) if isinstance(other, numbers.Real) else None


def _decimals(value: float, low: float, high: float) -> int | None:
    """Decimals that show half the interval to one digit; None where that is no guide."""
    half = (high - low) / 2
    if not math.isfinite(half):
        half = min((abs(end - value) for end in (low, high) if math.isfinite(end)), default=0.0)
    largest = max((abs(x) for x in (value, low, high) if math.isfinite(x)), default=0.0)
    if not 0.0 < half < math.inf or largest >= 1e9 or half < 1e-6:
        return None
    return max(0, -math.floor(math.log10(half)))


def _shown(x: float, decimals: int | None) -> str:
    return f"{x:.4g}" if decimals is None or math.isinf(x) else f"{x:.{decimals}f}"
