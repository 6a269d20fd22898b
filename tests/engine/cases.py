"""Portfolios that reach every kernel and every way a block is computed, and naive answers to hold them against."""

import numpy as np

import tailsim as ts

TABLE = ts.Buckets([0, 1, 5, 50], [0.6, 0.3, 0.09, 0.01], ["uniform", "loguniform", "loguniform"], ts.Pareto(1.42, 50))
LAWS = {
    "power": ts.Pareto(1.5),
    "safe power": ts.Pareto(0.6),
    "power minus one": ts.Lomax(1.2),
    "safe power minus one": ts.Lomax(0.5),
    "log": ts.Exponential(2.0),
    "power of log": ts.Weibull(0.4),
    "power of log1p": ts.Frechet(1.3),
    "normal": ts.LogNormal(0.0, 2.0),
    "line": ts.Uniform(0.5, 3.0),
    "cells": ts.StudentT(1.5, 1.0, 0.5),
    "cells by an integral": ts.Stable(1.5, 1.0),
    "cells of a logarithm": ts.StudentT(0.2),
    "fixed": ts.Constant(1.0),
    "resampled": ts.Empirical([0.0, 0.0, 0.5, 3.0, 40.0]),
    "table": TABLE,
    "few survivors": ts.ZeroInflated(ts.Pareto(1.5), 0.65),
    "many survivors": ts.ZeroInflated(ts.LogNormal(0, 1), 0.3),
    "line of normal": ts.Normal(1.0, 2.0),
    "odds": ts.LogLogistic(1.5),
    "product of powers": ts.BurrXII(2.0, 0.8),
    "moved": ts.GeneralizedPareto(0.6, 1.0, 0.5),
    "turned and moved": ts.GeneralizedPareto(-0.4, 2.0),
    "spliced": ts.ZeroInflated(ts.Spliced(ts.LogNormal(0, 1), ts.Pareto(1.5), 3.0, 0.1), 0.65),
    "capped window": ts.Capped(ts.Truncated(ts.Frechet(1.3), 0.5), 100.0),
    "mixture": ts.Mixture([ts.Pareto(1.1), ts.Lomax(1.2, 5), ts.Constant(0)], [0.2, 0.3, 0.5]),
    "signed": ts.Pareto(1.5) - 3,
    "turned round": 2 - ts.Exponential(),
}


def everything(times=2):
    """A portfolio of all laws, with unlike stakes."""
    bets = [ts.Bet(law, stake=1 + i / 4) for i, law in enumerate(LAWS.values())]
    return ts.Portfolio(bets * times)


def reference_job(n_bets=20):
    return ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65), n_bets)


def replayed(run, n=None):
    """Payoffs (trials, bets) of the first n trials, one by one."""
    return np.array([run.replay(trial) for trial in range(run.n_trials if n is None else n)])


def same(a, b):
    """Equal in every stored field, bit by bit."""
    columns = all(np.array_equal(getattr(a, c), getattr(b, c)) for c in ("totals", "largest", "n_failures"))
    return columns and a.digest() == b.digest() and np.array_equal(a.winners().trials, b.winners().trials)
