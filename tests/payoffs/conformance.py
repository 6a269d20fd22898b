"""Oracles and statistical tests that hold a law against an independent survival function.

``objection`` looks at draws, with a false-alarm rate of 1e-6 a call: DKW for the body, dyadic counts
for the tail, the beta law of the k-th largest (the gamma law, before its limit) for its top, and
atoms. At n = 200,000 it detects a body that is off by 0.7 % anywhere, and a tail that is missing
beyond exceedance 2**-14. ``map_objection`` looks at the map from exceedances to payoffs, at any depth.
"""

import math
from itertools import pairwise

import numpy as np
from scipy import stats

RATE = 1e-6
TOPS = (1, 3, 10, 30, 100, 1000)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(30)


def _graded(f, a, length):
    """Integral of f from a to a + length, graded towards a: by Gauss-Legendre in log(x - a)."""
    top = math.log(length) if np.isfinite(length) else 690.0
    t = np.arange(top, -110.0, -0.25)
    nodes = (t[:, None] - 0.125) + 0.125 * _NODES
    step = np.exp(nodes)
    with np.errstate(all="ignore"):
        values = np.asarray(f((a + step).reshape(-1))).reshape(step.shape)
    return float(np.sum(0.125 * (values * step) @ _WEIGHTS))


def integral(f, a, b, cuts=()):
    """Integral of f over (a, b), split at ``cuts``; naive, and graded towards both ends of each part."""
    inner = sorted(c for c in set(cuts) if a < c < b)
    ends = [a, *inner, b]
    total = 0.0
    for low, high in pairwise(ends):
        if not np.isfinite(high):
            total += _graded(f, low, np.inf)
        elif not np.isfinite(low):
            total += _graded(lambda y: f(-y), -high, np.inf)
        else:
            half = (high - low) / 2
            total += _graded(f, low, half) + _graded(lambda y: f(-y), -high, half)
    return total


def objection(case, x):
    """None where draws x agree with the case's law, else what is wrong; rate 1e-6 in all."""
    x = np.sort(np.asarray(x))
    n = x.size
    mass = point_masses(case, x)
    rank = np.arange(1, n + 1)
    last = np.append(x[1:] != x[:-1], True)
    first = np.append(True, x[1:] != x[:-1])
    cdf = case.cdf(x)
    over = np.max(np.abs(rank / n - cdf)[last])
    under = np.max(np.abs((rank - 1) / n - (cdf - mass))[first])
    limit = math.sqrt(math.log(2 / (RATE / 2)) / (2 * n))
    if max(over, under) > limit:
        return f"body: distance {max(over, under):.4f} above {limit:.4f}"
    depth = 40
    for j in range(1, depth + 1):
        threshold = case.law.isf(2.0**-j)
        p = float(case.sf(np.array([threshold]))[0])
        count = int(np.sum(x > threshold))
        if two_sided(count, n, p) < RATE / 4 / depth:
            return f"tail: {count} of {n} beyond {threshold:.6g}, expected {n * p:.1f}"
    for value, p in case.atoms:
        count = int(np.sum(x == value))
        if two_sided(count, n, p) < RATE / 8 / len(case.atoms):
            return f"atom: {count} of {n} at {value}, expected {n * p:.1f}"
    return None if case.atoms else top_objection(case, x)


def top_objection(case, ordered):
    """The exceedance of the k-th largest of n continuous draws has the beta law of k and n - k + 1."""
    n = ordered.size
    for k in TOPS:
        p = float(case.sf(ordered[n - k : n - k + 1])[0])
        chance = 2 * min(stats.beta.cdf(p, k, n - k + 1), stats.beta.sf(p, k, n - k + 1))
        if chance < RATE / 8 / len(TOPS):
            return f"top: the {k}. largest of {n} has exceedance {p:.3g}, expected {k / n:.3g}"
    return None


def map_objection(case, draw):
    """None where ``draw`` maps exceedances to the payoffs of the case's law, to 1e-7 of the exceedance."""
    v = np.concatenate([1 - 2.0 ** -np.arange(20, 1, -1.0), 2.0 ** -np.arange(1.0, 1001.0)]) * (1 - 2.0**-30)
    x = draw(v)
    slack = 8 * np.spacing(np.abs(x))  # a bounded payoff cannot say how close to its end it is
    least, most = case.sf(x + slack), case.sf(x - slack) + point_masses(case, x)
    wrong = (v < least * (1 - 1e-7)) | (v > most * (1 + 1e-7))
    if not wrong.any():
        return None
    i = int(np.argmax(wrong))
    return f"map: exceedance {v[i]:.6g} became {x[i]:.6g}, whose exceedance is {least[i]:.6g}"


def two_sided(count, n, p):
    """Exact binomial p-value, both tails doubled."""
    if p >= 1.0:
        return 1.0 if count == n else 0.0
    return min(1.0, 2 * min(stats.binom.cdf(count, n, p), stats.binom.sf(count - 1, n, p)))


def point_masses(case, x):
    mass = np.zeros_like(x)
    for value, p in case.atoms:
        mass[x == value] = p
    return mass
