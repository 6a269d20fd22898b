"""Payoffs of every bet and trial of a portfolio, as the engine draws them."""

import numpy as np

import tailsim as ts
from tailsim.engine.blocks import payoffs
from tailsim.engine.plan import plan_of

ZEROS = ts.ZeroInflated(ts.Pareto(1.5), 0.9)
MODELS = {
    "gaussian": ts.OneFactor("gaussian", failure=0.3, size=0.6),
    "student": ts.OneFactor("student", failure=0.3, size=0.6, df=4),
    "gumbel": ts.OneFactor("gumbel", failure=0.3, size=0.6),
}


def drawn(portfolio, n_blocks, seed=1):
    """Payoffs (bets, trials) of so many blocks."""
    plan = plan_of(portfolio, n_trials=n_blocks * 4096, hurdle=1.0, top=0, seed=seed)
    return np.hstack([np.concatenate(list(payoffs(plan, block))) for block in range(n_blocks)])
