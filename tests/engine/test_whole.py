"""Whole trials in order: Gini coefficients and shares of every trial, beside naive NumPy on the replayed payoffs."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import tailsim as ts
from tailsim.engine import whole
from tailsim.engine.plan import BLOCK, plan_of
from tailsim.engine.second_pass import _top
from tailsim.stats import gini, n_effective, top_share

from .cases import LAWS, replayed

LONG = {
    "like bets": ts.Portfolio.of(LAWS["few survivors"], 100),
    "an odd number of bets": ts.Portfolio.of(LAWS["log"], 33),
    "more than one chunk": ts.Portfolio.of(LAWS["power"], 1100),
    "three kinds": ts.Portfolio([LAWS["power"]] * 60 + [ts.Bet(LAWS["table"], 2)] * 41 + [LAWS["resampled"]] * 50),
}
SHORT = {
    "unlike bets": ts.Portfolio([ts.Bet(LAWS["power"], 2), LAWS["mixture"], LAWS["normal"], LAWS["table"]] * 2),
    "no kernel": ts.Portfolio.of(LAWS["mixture"], 40),
    "one bet": ts.Portfolio.of(LAWS["power"], 1),
}


def plan(portfolio, n_trials=BLOCK, seed=4):
    return plan_of(portfolio, n_trials=n_trials, hurdle=1.0, top=0, seed=seed)


@pytest.mark.parametrize("name", [*LONG, *SHORT])
def test_lanes_hold_the_payoffs_that_replay_gives_bit_by_bit(name):
    portfolio = {**LONG, **SHORT}[name]
    assert whole.side_by_side(plan(portfolio)) == (name in LONG)
    run = ts.simulate(portfolio, n_trials=2 * BLOCK, rng=4)
    walk = whole._along if name in LONG else whole._across
    tiles = [(lanes, x.copy()) for lanes, x in walk(plan(portfolio, 2 * BLOCK), 1)]
    lanes, x = np.concatenate([t[0] for t in tiles]), np.concatenate([t[1] for t in tiles])
    assert sorted(lanes.tolist()) == list(range(BLOCK))
    for lane in (0, 1, 255, 256, 511, 512, 700, 1024, 3000, 4095):
        assert np.array_equal(x[np.flatnonzero(lanes == lane)[0]], run.replay(BLOCK + lane))


@pytest.mark.parametrize("name", ["like bets", "three kinds", "unlike bets"])
def test_concentration_of_every_trial_equals_naive_numpy(name):
    run = ts.simulate({**LONG, **SHORT}[name], n_trials=150, rng=2)
    found = run.concentration([0.3, 0.02, 1.0])
    for i, x in enumerate(replayed(run)):
        assert found.gini[i] == pytest.approx(gini(x), rel=1e-12)
        assert found.n_effective[i] == pytest.approx(n_effective(x), rel=1e-12)
        assert found.max_share[i] == pytest.approx(x.max() / x.sum(), rel=1e-12)
        for fraction in (0.3, 0.02, 1.0):
            assert found.top_share(fraction)[i] == pytest.approx(top_share(x, fraction=fraction), rel=1e-12)


def test_dependent_bets_are_walked_as_they_were_drawn():
    dependence = ts.OneFactor("gaussian", failure=0.3, size=0.2)
    run = ts.simulate(ts.Portfolio.of(LAWS["few survivors"], 64, dependence=dependence), n_trials=60, rng=1)
    found = run.concentration([0.1])
    for i, x in enumerate(replayed(run)):
        assert np.isnan(found.gini[i]) if not x.any() else found.gini[i] == pytest.approx(gini(x), rel=1e-12)


def test_averages_over_trials_are_those_of_the_columns():
    run = ts.simulate(LONG["like bets"], n_trials=6000, rng=2)
    found = run.concentration([0.1])
    for estimate, column in (
        (run.gini(), found.gini),
        (run.n_effective(), found.n_effective),
        (run.max_share(), found.max_share),
        (run.top_share(fraction=0.1), found.top_share(0.1)),
    ):
        assert estimate.value == pytest.approx(column.mean(), rel=1e-12)
        assert estimate.std_error == pytest.approx(column.std(ddof=1) / math.sqrt(6000), rel=1e-3)


def test_both_ways_to_the_largest_payoffs_agree():
    there = plan(LONG["like bets"])
    along = whole.concentration(there, 0, (7,))[whole.TOP]
    assert np.allclose(along, _top(there, 0, 7), rtol=1e-13, atol=0)


@pytest.mark.parametrize("n_workers", [1, 3])
def test_the_same_bits_for_any_workers(n_workers):
    run = ts.simulate(LONG["like bets"], n_trials=9000, rng=2)
    assert run.gini(n_workers=n_workers).value == ts.simulate(LONG["like bets"], n_trials=9000, rng=2).gini().value
    with ThreadPoolExecutor(2) as pool:
        threaded = run.concentration(executor=pool)
    assert np.array_equal(threaded.gini, run.concentration(n_workers=n_workers).gini)


def test_trials_that_paid_nothing_are_undefined_and_counted():
    run = ts.simulate(ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.97), 64), n_trials=2000, rng=2)
    found = run.concentration()
    nothing = run.totals == 0
    assert nothing.any()
    assert found.n_undefined == nothing.sum()
    assert np.array_equal(np.isnan(found.gini), nothing)
    assert np.array_equal(np.isnan(found.top_shares[0]), nothing)
    assert f"{nothing.sum():,} of 2,000 trials" in run.gini().verdict
    assert found.quantile("gini", 0.5).n == 2000 - nothing.sum()


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e306])
def test_gini_does_not_depend_on_the_unit_of_money(scale):
    law = ts.Affine(ts.Uniform(1.0, 3.0), scale, 0.0)
    run = ts.simulate(ts.Portfolio.of(law, 40), n_trials=300, rng=1)
    plain = ts.simulate(ts.Portfolio.of(ts.Uniform(1.0, 3.0), 40), n_trials=300, rng=1)
    assert np.allclose(run.concentration([0.1]).gini, plain.concentration([0.1]).gini, rtol=1e-12)


def test_what_overflowed_has_no_shares():
    run = ts.simulate(ts.Portfolio.of(ts.Uniform(2e306, 7e306), 40), n_trials=300, rng=1)
    assert run.n_overflowed > 0
    assert run.concentration().n_undefined == run.n_overflowed


def test_equal_payoffs_and_ties():
    equal = ts.simulate(ts.Portfolio.of(ts.Constant(3), 50), n_trials=20, rng=1).concentration([0.1])
    assert set(equal.gini) == {0.0}
    assert equal.n_effective == pytest.approx(50, rel=1e-14)
    assert equal.top_share(0.1) == pytest.approx(0.1, rel=1e-14)
    one = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 1), n_trials=20, rng=1)
    assert one.gini().value == 0.0
    ties = ts.simulate(ts.Portfolio.of(ts.Empirical([0, 0, 1, 1, 5]), 40), n_trials=200, rng=1)
    assert ties.concentration().gini == pytest.approx([gini(x) for x in replayed(ties)], rel=1e-12)


def test_bad_questions_are_refused_in_a_sentence():
    run = ts.simulate(LONG["like bets"], n_trials=50, rng=1)
    for fractions in ([0.0], [1.1], "0.1", [math.nan]):
        with pytest.raises(ts.ArgumentError, match=r"^fractions? must be .*\.$"):
            run.concentration(fractions)
    found = run.concentration([0.1])
    with pytest.raises(ts.ArgumentError, match=r"^fraction must be one of \(0\.1,\), got 0\.2\.$"):
        found.top_share(0.2)
    with pytest.raises(ts.ArgumentError, match=r"^quantity must be one of .*\.$"):
        found.quantile("hhi", 0.5)
    with pytest.raises(ts.ArgumentError, match=r"^fraction must be given for 'top_share' and for nothing else"):
        found.quantile("top_share", 0.5)
    signed = ts.simulate(ts.Portfolio.of(LAWS["signed"], 40), n_trials=10, rng=1)
    for ask in (signed.gini, signed.concentration):
        with pytest.raises(ts.UndefinedMomentError, match=r"can be negative.*\.$"):
            ask()


def test_unlike_bets_that_fit_nowhere_are_refused_before_anything_is_allocated(monkeypatch):
    monkeypatch.setattr(whole, "physical_memory", lambda: 1e6)
    run = ts.simulate(SHORT["unlike bets"], n_trials=10, rng=1)
    with pytest.raises(ts.MemoryBudgetError, match=r"needs .* GB a worker; ask max_share .*\.$"):
        run.gini()


def test_repr_gives_the_middle_trial():
    run = ts.simulate(LONG["like bets"], n_trials=200, rng=1)
    assert repr(run.concentration([0.1])).startswith("TrialShares(200 trials, 0 undefined; medians: gini 0.")
