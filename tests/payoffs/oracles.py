"""Survival and distribution functions to hold laws against: pairs (sf, cdf), from scipy or written out by hand."""

import numpy as np
from scipy import special, stats

INF = np.inf


def zeros(frozen, q):
    """sf and cdf of a law that pays nothing with probability 1 - q."""
    return (lambda x: np.where(x < 0, 1.0, q * frozen.sf(x)), lambda x: np.where(x < 0, 0.0, 1 - q + q * frozen.cdf(x)))


def mix(*pairs):
    """sf and cdf of a weighted sum of (weight, sf, cdf)."""
    return (lambda x: sum(w * sf(x) for w, sf, _ in pairs), lambda x: sum(w * cdf(x) for w, _, cdf in pairs))


def moved(pair, factor, shift):
    """sf and cdf of factor * X + shift for a continuous X, any sign of the factor."""
    sf, cdf = pair if factor > 0 else pair[::-1]
    return (lambda x: sf((x - shift) / factor), lambda x: cdf((x - shift) / factor))


def step(*pairs):
    """sf and cdf of finitely many (value, probability)."""
    return (
        lambda x: sum(p * (np.asarray(x) < value) for value, p in pairs),
        lambda x: sum(p * (np.asarray(x) >= value) for value, p in pairs),
    )


def student(df):
    """sf and cdf of Student's t: scipy's, which loses the tail beyond 1e150, and there its power law."""
    log_constant = special.gammaln((df + 1) / 2) - special.gammaln(df / 2) - np.log(np.pi * df) / 2

    def sf(x):
        z = np.abs(np.asarray(x, dtype=float))
        with np.errstate(divide="ignore"):
            far = np.exp(log_constant + (df + 1) / 2 * np.log(df) - df * np.log(z)) / df
        tail = np.where(z < 1e100, stats.t(df).sf(np.minimum(z, 1e100)), far)
        return np.where(x < 0, 1 - tail, tail)

    return sf, lambda x: sf(-np.asarray(x, dtype=float))


def pair(frozen):
    return frozen.sf, frozen.cdf


def between(pair, low, high):
    """sf and cdf of a law given that it lies between two ends, at which it has no atom."""
    sf, cdf = pair
    below, upto = ((lambda x: cdf(np.array([x]))[0])(x) for x in (low, high))
    above, reach = ((lambda x: sf(np.array([x]))[0])(x) for x in (high, low))
    mass = reach - above if reach < 0.5 else upto - below

    def part(x):
        x = np.clip(x, low, high)
        return (sf(x) - above) / mass if upto > 0.5 else (upto - cdf(x)) / mass

    def rest(x):
        x = np.clip(x, low, high)
        return (reach - sf(x)) / mass if reach < 0.5 else (cdf(x) - below) / mass

    return part, rest


def log_logistic(a, scale=1.0):
    """scipy's own survival function loses its digits in the tail."""

    def logs(x):
        with np.errstate(divide="ignore"):
            return a * np.log(np.maximum(x, 0) / scale)

    return lambda x: special.expit(-logs(x)), lambda x: special.expit(logs(x))


def capped(pair, cap):
    sf, cdf = pair
    return lambda x: np.where(x < cap, sf(x), 0.0), lambda x: np.where(x < cap, cdf(x), 1.0)


def spliced(body, tail, t, p):
    """sf and cdf of body below t and tail above it."""
    return mix((p, *between(tail, t, INF)), (1 - p, *between(body, -INF, t)))


def loglogistic_2():
    """sf and cdf of tail index 2 and scale 1; scipy's own survival function is 0 from 1e8 on."""

    def part(x):
        return np.clip(x, 0.0, 1e300)

    return lambda x: np.square(1 / np.hypot(1, part(x))), lambda x: np.square(part(x) / np.hypot(1, part(x)))
