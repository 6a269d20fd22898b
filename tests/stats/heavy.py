"""Laws with known means that intervals for a mean are measured on, and how often an interval covers."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import integrate, special

from tailsim.stats._unit import exponent_of, to_unit
from tailsim.stats.hull import mean_interval


class Case(NamedTuple):
    """How to draw n outcomes, and their mean."""

    draw: Callable[[np.random.Generator, int], np.ndarray]
    mean: float


def pareto(tail_index):
    return Case(lambda rng, n: (1 - rng.random(n)) ** (-1 / tail_index), tail_index / (tail_index - 1))


def lognormal(sigma, p_zero=0.0):
    mean = (1 - p_zero) * math.exp(sigma**2 / 2)
    return Case(lambda rng, n: np.exp(sigma * rng.standard_normal(n)) * (rng.random(n) >= p_zero), mean)


def heavier(a):
    """P(X > x) = x^-a (1 + ln x) from 1 on: the slowly varying factor makes the tail look heavier than a."""

    def draw(rng, n):
        v = 1 - rng.random(n)
        return np.exp(-special.lambertw(-a * v * math.exp(-a), -1).real / a - 1)

    return Case(draw, 1 + 1 / (a - 1) + 1 / (a - 1) ** 2)


def lighter(a):
    """P(X > x) = x^-a / (1 + ln x) from 1 on: the tail looks lighter than a."""
    tail = integrate.quad(lambda t: math.exp(-(a - 1) * t) / (1 + t), 0, np.inf)[0]

    def draw(rng, n):
        return np.exp(special.lambertw(a * math.exp(a) / (1 - rng.random(n))).real / a - 1)

    return Case(draw, 1 + tail)


def hidden(tail_index, part, body, mean):
    """A part of the outcomes Pareto, the others from a light body."""

    def draw(rng, n):
        return np.where(rng.random(n) < part, (1 - rng.random(n)) ** (-1 / tail_index), body(rng, n))

    return Case(draw, (1 - part) * mean + part * tail_index / (tail_index - 1))


def exponentials(rng, n):
    return rng.exponential(size=n)


EXPONENTIAL = Case(exponentials, 1.0)
NORMAL = Case(lambda rng, n: rng.normal(1, 1, n), 1.0)
UNIFORM = Case(lambda rng, n: rng.random(n), 0.5)
COMPONENT = "1 % Pareto 1.2 in exponential"
CASES = {
    "Pareto 1.05": pareto(1.05),
    "Pareto 1.1": pareto(1.1),
    "Pareto 1.2": pareto(1.2),
    "Pareto 1.5": pareto(1.5),
    "Pareto 1.9": pareto(1.9),
    "Pareto 2.5": pareto(2.5),
    "Pareto 3.5": pareto(3.5),
    "Lomax 1.5": Case(lambda rng, n: rng.pareto(1.5, n), 2.0),
    "Frechet 1.3": Case(lambda rng, n: rng.exponential(size=n) ** (-1 / 1.3), math.gamma(1 - 1 / 1.3)),
    "Student t 1.5 around 3": Case(lambda rng, n: 3 + rng.standard_t(1.5, n), 3.0),
    "x^-1.5 (1 + ln x)": heavier(1.5),
    "x^-2 (1 + ln x)": heavier(2.0),
    "x^-1.2 / (1 + ln x)": lighter(1.2),
    "95 % zeros, Pareto 1.5": Case(lambda rng, n: (1 - rng.random(n)) ** (-1 / 1.5) * (rng.random(n) < 0.05), 0.15),
    "95 % zeros, lognormal sigma 2": lognormal(2, 0.95),
    "lognormal sigma 1": lognormal(1),
    "lognormal sigma 2": lognormal(2),
    "lognormal sigma 3": lognormal(3),
    "Weibull 0.3": Case(lambda rng, n: rng.weibull(0.3, n), math.gamma(1 + 1 / 0.3)),
    COMPONENT: hidden(1.2, 0.01, exponentials, 1.0),
    "exponential": EXPONENTIAL,
    "normal": NORMAL,
    "uniform": UNIFORM,
}
REPORTED = {
    "5 % Pareto 1.2 in exponential": hidden(1.2, 0.05, exponentials, 1.0),
    "1 % Pareto 1.2 in Normal(1, 0.2)": hidden(1.2, 0.01, lambda rng, n: rng.normal(1, 0.2, n), 1.0),
}


def student(x):
    half = special.stdtrit(x.size - 1, 0.975) * x.std(ddof=1) / math.sqrt(x.size)
    return x.mean() - half, x.mean() + half


def hull(x):
    return mean_interval(x, 0.95)


class Measured(NamedTuple):
    """Over repeated samples: parts in which an interval covers, is infinite, is more than 3 times Student's width."""

    covered: float
    infinite: float
    wide: float


def measured(case, n, repeats, seed, interval=hull):
    rng = np.random.default_rng(seed)
    found = np.zeros(3)
    for _ in range(repeats):
        x = np.sort(case.draw(rng, n))
        unit = to_unit(x)
        (low, high), narrow = interval(unit), np.diff(student(unit))[0]
        covers = low <= math.ldexp(case.mean, -exponent_of(x)) <= high
        found += covers, math.isinf(high - low), high - low > 3 * narrow
    return Measured(*(found / repeats))


def coverage(case, n, repeats, seed, interval=hull):
    return measured(case, n, repeats, seed, interval).covered
