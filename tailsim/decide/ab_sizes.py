"""Sizes of tests that are worth most per user, searched globally: the value per user may have several peaks."""

import math
from collections.abc import Callable

import numpy as np

_PER_DECADE = 4


def peaks(value: Callable[[float], float], low: float, high: float) -> list[tuple[float, float]]:
    """(size, value) at every local maximum of value(x) / x over [low, high], its ends among them."""
    from scipy.optimize import minimize_scalar

    m = max(math.ceil(math.log10(high / low) * _PER_DECADE), 4) + 1
    sizes = np.geomspace(low, high, m)
    sizes[0], sizes[-1] = low, high
    values = [value(x) for x in sizes.tolist()]
    ratio = np.array(values) / sizes
    found = [(low, values[0]), (high, values[-1])]
    for i in range(1, m - 1):
        if ratio[i] >= max(ratio[i - 1], ratio[i + 1]) and ratio[i] > 0.0:
            best = minimize_scalar(
                lambda log_x: -value(math.exp(log_x)) / math.exp(log_x),
                bounds=(math.log(sizes[i - 1]), math.log(sizes[i + 1])),
                method="bounded",
                options={"xatol": 1e-7},
            )
            found.append((math.exp(best.x), -best.fun * math.exp(best.x)))
    return found
