"""Laws with the least that the contract asks for: what a user would write."""

import math

import numpy as np
from scipy import special

from tailsim.payoffs import Payoff


class Gumbel(Payoff):
    """Gumbel's law of the largest: cdf = exp(-exp(-x / scale))."""

    support = (-math.inf, math.inf)
    tail_index = math.inf
    left_tail_index = math.inf

    def __init__(self, scale=1.0):
        self.scale = scale

    def _sf(self, x):
        return -np.expm1(-np.exp(-x / self.scale))

    def _cdf(self, x):
        return np.exp(-np.exp(-x / self.scale))

    def _isf(self, p):
        return -self.scale * np.log(-np.log1p(-p))

    def _ppf(self, q):
        return -self.scale * np.log(-np.log(q))


class ReverseWeibull(Payoff):
    """Bounded above: cdf = exp(-((end - x) / scale)**index) below its end."""

    tail_index = math.inf
    left_tail_index = math.inf

    def __init__(self, index, end, scale=1.0):
        self.index, self.end, self.scale = index, end, scale

    @property
    def support(self):
        return (-math.inf, self.end)

    def _cdf(self, x):
        return np.exp(-((np.maximum(self.end - x, 0) / self.scale) ** self.index))

    def _sf(self, x):
        return -np.expm1(-((np.maximum(self.end - x, 0) / self.scale) ** self.index))

    def _isf(self, p):
        return self.end - self.scale * (-np.log1p(-p)) ** (1 / self.index)


class Student(Payoff):
    """Student's t."""

    support = (-math.inf, math.inf)

    def __init__(self, df, loc=0.0, scale=1.0):
        self.df, self.loc, self.scale = df, loc, scale

    @property
    def tail_index(self):
        return self.df

    @property
    def left_tail_index(self):
        return self.df

    def _sf(self, x):
        return special.stdtr(self.df, (self.loc - x) / self.scale)

    def _cdf(self, x):
        return special.stdtr(self.df, (x - self.loc) / self.scale)

    def _mean(self):
        return self.loc


class Gauss(Payoff):
    """The normal law."""

    support = (-math.inf, math.inf)
    tail_index = math.inf
    left_tail_index = math.inf

    def __init__(self, mean=0.0, sd=1.0):
        self.m, self.sd = mean, sd

    def _sf(self, x):
        return special.ndtr((self.m - x) / self.sd)

    def _cdf(self, x):
        return special.ndtr((x - self.m) / self.sd)

    def _isf(self, p):
        return self.m - self.sd * special.ndtri(p)

    def _ppf(self, q):
        return self.m + self.sd * special.ndtri(q)

    def _mean(self):
        return self.m
