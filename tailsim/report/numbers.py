"""Numbers as people read them: no digit that the interval does not support."""

import math

from ..stats.estimate import Estimate


def percent(share: Estimate | float) -> str:
    """A probability or share in per cent, or tenths where they are sure; never a flat 0 or 100 that is not known."""
    if isinstance(share, Estimate):
        tenths = 100.0 * _half(share) <= 0.1
        return of_hundred(100.0 * share.value, 1 if tenths else 0)
    return of_hundred(100.0 * share, 0)


def of_hundred(value: float, decimals: int) -> str:
    """A percentage with so many decimals, or the bound where it rounds to 0 or 100."""
    unit = 10.0**-decimals
    if value < 0.5 * unit:
        return f"<{unit:g}%"
    if value >= 100.0 - 0.5 * unit:
        return f">{100.0 - unit:g}%"
    return f"{value:.{decimals}f}%"


def percent_within(share: Estimate) -> str:
    """A share of past bets, with its interval."""
    decimals = 1 if _half(share) < 0.01 else 0
    value, low, high = (f"{100.0 * x:.{decimals}f}%" for x in (share.value, *share.interval))
    return f"{value} ({low} to {high})"


def multiple(estimate: Estimate) -> str:
    """A multiple of the stake, to two decimals at best; the last digit is sure to one unit."""
    half = _half(estimate)
    decimals = 2 if not 0.0 < half < math.inf else -math.ceil(math.log10(half) - 1e-9)
    return rounded(estimate.value, decimals)


def multiple_within(estimate: Estimate) -> str:
    """A multiple with its interval, to one digit more than it would have alone."""
    half = _half(estimate)
    decimals = 2 if not 0.0 < half < math.inf else -math.floor(math.log10(half))
    value, low, high = (rounded(x, decimals) for x in (estimate.value, *estimate.interval))
    return f"{value} ({low} to {high})"


def rounded(x: float, decimals: int = 1) -> str:
    """A multiple with so many decimals, but at least one digit and at most two decimals or three digits.

    From a million on in millions (M), billions (B) and trillions (T); beyond those, and below .001, by its power of 10.
    """
    if not math.isfinite(x):
        return "no limit" if x > 0.0 else "no floor"
    size = math.floor(math.log10(abs(x))) if x else 0
    decimals = max(min(decimals, 2, 2 - size), -size)
    if 6 <= size < 15:
        group = size // 3 * 3
        return f"{round(x, decimals) / 10.0**group:.{max(decimals + group, 0)}f}{'MBT'[group // 3 - 2]}x"
    if not -4 < size < 15:
        return f"{x:.0e}x"
    return f"{round(x, decimals):,.{max(decimals, 0)}f}x"


def tail_index(x: float) -> str:
    """An estimated tail index, to two digits."""
    return "none" if math.isinf(x) else f"{x:.2f}" if x < 1.0 else f"{x:.1f}" if x < 10.0 else f"{x:.0f}"


def _half(estimate: Estimate) -> float:
    low, high = estimate.interval
    return max(high - estimate.value, estimate.value - low)
