"""The verdict on a fitted payoff, in words."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .payoff_fit import PayoffFit


def verdict_of(fit: "PayoffFit") -> str:
    """All sentences."""
    return " ".join((_bets(fit), _tail(fit), _start(fit), _cap(fit), _rivals(fit)))


def _bets(fit: "PayoffFit") -> str:
    zero, below = fit.p_zero.value, fit.below_stake
    low, high = below.interval
    return (
        f"Of {fit.n:,} bets {100 * zero:.3g} % paid nothing and {100 * below.value:.3g} % "
        f"[{100 * low:.3g}, {100 * high:.3g}] less than their stake."
    )


def _tail(fit: "PayoffFit") -> str:
    index = fit.tail_index
    low, high = index.interval
    text = (
        f"From {fit.threshold:.4g} on ({fit.n_tail:,} bets) the tail is a power law of index {index.value:.3g} "
        f"[{low:.3g}, {high:.3g}]"
    )
    if fit.cap < math.inf:
        return f"{text} up to {fit.cap:.4g}, where it ends."
    if high <= 1.0:
        return f"{text}: it has no mean, so that no average of outcomes foretells another."
    if low <= 1.0:
        return f"{text}: whether it has a mean is not known."
    return f"{text}: it has a mean" + (
        " but no variance." if high <= 2.0 else "." if low > 2.0 else ", perhaps no variance."
    )


def _start(fit: "PayoffFit") -> str:
    others = [effect for effect in fit.thresholds if effect.threshold != fit.threshold]
    if not others:
        return "There are too few outcomes to start the tail elsewhere."
    listed = ", ".join(f"{effect.tail_index:.3g} from {effect.threshold:.4g} on" for effect in others)
    indices = [effect.tail_index for effect in fit.thresholds]
    decides = min(indices) <= 1.0 < max(indices) and fit.cap == math.inf
    said = "; where it starts decides whether there is a mean" if decides else ""
    return f"Where the tail starts decides its index: it would be {listed}{said}."


def _cap(fit: "PayoffFit") -> str:
    at, ten, never = fit.caps
    largest = f"the largest bet ({at.cap:.4g})"
    if fit.cap < math.inf:
        seen = f"Without an end {fit.beyond:.3g} bets above {largest} would be expected and none was seen: "
        seen += f"the mean, {fit.payoff.mean():.4g}, depends on where the tail ends"
    else:
        seen = f"Nothing in the data says that the tail ends; if it ended at {largest}, the mean would be {at.mean:.4g}"
    without = "there would be none" if math.isinf(never.mean) else f"it would be {never.mean:.4g}"
    return (
        f"{seen}; at ten times that {ten.mean:.4g}; without any end {without} (the top 1 % hold "
        f"{100 * at.top_share:.3g}, {100 * ten.top_share:.3g} or {100 * never.top_share:.3g} % of the value)."
    )


def _rivals(fit: "PayoffFit") -> str:
    best = fit.rivals[0]
    left = [rival.family for rival in fit.rivals if not rival.rejected]
    log_normal = fit.rival("lognormal")
    state = "is rejected" if log_normal.rejected else "is not rejected"
    deep = 0.1 / fit.n
    positive = 1.0 - fit.p_zero.value
    here, there = fit.payoff.isf(deep), log_normal.law.isf(min(deep / positive, 1.0))
    return (
        f"Of the families for all outcomes above zero the {best.family} foretells best; not rejected: "
        f"{', '.join(left)}. A lognormal {state} (p {log_normal.p_value:.2g}): what one bet in {10 * fit.n:,} exceeds "
        f"is {here:.3g} by the fitted law and {there:.3g} by the lognormal."
    )
