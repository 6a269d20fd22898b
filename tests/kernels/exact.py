"""High-precision oracles and the exceedances worth asking about."""

from functools import cache

import mpmath as mp
import numpy as np

mp.mp.prec = 160


def exceedances(n=40):
    """Bulk, every depth to 2^-1074, the last doubles below 1, and single points of interest."""
    rng = np.random.default_rng(1)
    return np.concatenate(
        [
            rng.random(n) ** 3,
            2.0 ** -rng.uniform(0, 1074, n),
            1 - 2.0 ** -rng.uniform(1, 53, n),
            [
                1.0,
                1 - 2.0**-53,
                0.5,
                0.5 + 2.0**-53,
                0.5 - 2.0**-54,
                np.sqrt(0.5),
                2.0**-10,
                2.0**-32,
                1.15e-10,
                1.17e-10,
            ],
            [1 - 1.15e-10, 1 - 1.17e-10, 2.0**-1022, 1.5 * 2.0**-1030, 2.0**-1073, 2.0**-1074],
        ]
    )


def ulps(x, true):
    """Distance from the true value in units in the last place of the nearest double."""
    if true == 0:
        return 0.0 if x == 0 else np.inf
    _, exponent = mp.frexp(true)
    return float(abs(mp.mpf(float(x)) - true) / mp.mpf(2) ** max(exponent - 53, -1074))


def relative(x, true):
    """|x / true - 1|."""
    return float(abs(mp.mpf(float(x)) / true - 1))


@cache
def normal_quantile(v):
    """z with P(Z > z) = v, by Newton on log P from the asymptote or from the body."""
    target = mp.mpf(v)
    if target == mp.mpf(1) / 2:
        return mp.mpf(0)
    flip = target > mp.mpf(1) / 2
    goal = mp.log(1 - target if flip else target)
    z = mp.sqrt(-2 * goal) if goal < -2 else mp.mpf(1) / 2
    for _ in range(60):
        tail = mp.erfc(z / mp.sqrt(2)) / 2
        step = (mp.log(tail) - goal) * tail * mp.sqrt(2 * mp.pi) * mp.exp(z * z / 2)
        z += step
        if abs(step) < mp.mpf(2) ** -140 * (1 + abs(z)):
            break
    return -z if flip else z
