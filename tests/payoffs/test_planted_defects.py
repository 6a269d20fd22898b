"""Negative controls: a dozen wrong samplers, all of which the conformance harness must reject."""

import numpy as np
import pytest
from scipy import stats

from tailsim.payoffs import Exponential, Mixture, Pareto, Truncated, Weibull, ZeroInflated

from .cases import CASES, Case, between, mix, pair, zeros
from .conformance import map_objection, objection

N = 200_000


def named(name):
    return next(case for case in CASES if case.name == name)


HEAVY, PLAIN, LOG = named("Pareto 1.5"), named("Exponential"), named("LogNormal 1")
ZEROS = Case("zeros", ZeroInflated(Pareto(1.5), 0.65), *zeros(stats.pareto(1.5), 0.35), 1.5, atoms=((0.0, 0.65),))
CUT = Case("cut", Truncated(Pareto(1.5), 1.0, 100.0), *between(pair(stats.pareto(1.5)), 1.0, 100.0))
PARTS = [Pareto(2.0), Weibull(0.5), Exponential(3.0)]
WEIGHTS = [0.2, 0.5, 0.3]
FROZEN = [stats.pareto(2.0), stats.weibull_min(0.5), stats.expon(scale=3)]
MIXED_PARTS = mix(*((w, *pair(frozen)) for w, frozen in zip(WEIGHTS, FROZEN, strict=True)))
MIXED = Case("mixed", Mixture(PARTS, WEIGHTS), *MIXED_PARTS, 2.0)


def capped(depth):
    return lambda v: HEAVY.law.isf(np.maximum(v, 2.0**-depth))


def thin(v):
    """A lognormal whose tail beyond exceedance 1 % is a Pareto's of the same quantile."""
    start = LOG.law.isf(0.01)
    return np.where(v < 0.01, start * (v / 0.01) ** -0.5, LOG.law.isf(v))


def shifted_mixture(v):
    """The component after the one that is meant."""
    edges = np.cumsum(WEIGHTS)
    which = np.minimum(np.searchsorted(edges, v), 2)
    inside = np.clip((v - np.concatenate([[0.0], edges])[which]) / np.array(WEIGHTS)[which], 1e-300, 1.0 - 2.0**-53)
    return np.choose((which + 1) % 3, [law.isf(inside) for law in PARTS])


def reused(v):
    """The uniform that chose the component, used again as it is for the payoff."""
    return np.choose(np.minimum(np.searchsorted(np.cumsum(WEIGHTS), v), 2), [law.isf(v) for law in PARTS])


# name: (case, wrong map from exceedances to payoffs, whether draws of it must be rejected too)
DEFECTS = {
    "capped at exceedance 2^-10": (HEAVY, capped(10), True),
    "capped at exceedance 2^-24": (HEAVY, capped(24), False),
    "capped at exceedance 2^-32": (HEAVY, capped(32), False),
    "16-bit grid": (PLAIN, lambda v: PLAIN.law.isf(np.ceil(v * 2**16) / 2**16 * (1 - 2.0**-53)), False),
    "tail index 2 % too high": (HEAVY, Pareto(1.53).isf, False),
    "another tail for a lognormal": (LOG, thin, True),
    "1 - v for v": (HEAVY, lambda v: HEAVY.law.isf(np.maximum(1 - v, 1e-300)), False),
    "the next component of a mixture": (MIXED, shifted_mixture, True),
    "a uniform used twice": (MIXED, reused, True),
    "a step in single precision": (HEAVY, lambda v: np.float32(v).astype(float) ** np.float32(-1 / 1.5), False),
    "p_zero .1 % too high": (ZEROS, ZeroInflated(Pareto(1.5), 0.65 * 1.001).isf, False),
    "truncation that is not renormalised": (CUT, lambda v: np.minimum(Pareto(1.5).isf(v), 100.0), True),
}


def exceedances(n):
    return np.exp(-Exponential().rvs(n, rng=11))


@pytest.mark.parametrize("name", DEFECTS)
def test_the_map_of_a_planted_defect_is_rejected(name):
    case, wrong, _ = DEFECTS[name]
    assert map_objection(case, case.law.isf) is None
    with np.errstate(all="ignore"):
        assert map_objection(case, wrong) is not None


@pytest.mark.parametrize("name", [name for name, (_, _, seen) in DEFECTS.items() if seen])
def test_draws_of_a_planted_defect_are_rejected(name):
    case, wrong, _ = DEFECTS[name]
    v = exceedances(N)
    assert objection(case, case.law.isf(v)) is None
    assert objection(case, wrong(v)) is not None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tail index 2 % too high", "p_zero .1 % too high", "capped at exceedance 2^-10"])
def test_draws_of_a_small_defect_are_rejected_at_ten_million(name):
    case, wrong, _ = DEFECTS[name]
    v = exceedances(10_000_000)
    assert objection(case, wrong(v)) is not None


def test_few_repeated_values_are_rejected():
    """Workers that repeat a stream."""
    draws = HEAVY.law.isf(exceedances(N // 1000))
    assert objection(HEAVY, np.repeat(draws, 1000)) is not None
