"""Kelly's stake: published figures, closed forms, exact sums over outcomes, and its risks."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

import tailsim as ts
from tailsim.decide import kelly_bet
from tailsim.decide._wealth import _One, _Several

HEAVY = ts.ZeroInflated(ts.Pareto(1.16), 0.65)


def test_kelly_1956_of_a_fat_tailed_bet():
    """X = 0 with probability .65, else Pareto(1.16)."""
    bet = kelly_bet(HEAVY)
    assert bet.fraction == ts.kelly_fraction(HEAVY) == pytest.approx(0.040986, abs=5e-7)
    assert bet.growth == pytest.approx(0.0081305, abs=5e-8)


@pytest.mark.parametrize("a", [0.3, 0.8, 1.0])
def test_infinite_mean_has_an_inner_root(a):
    law = ts.ZeroInflated(ts.Pareto(a), 0.9)
    f = ts.kelly_fraction(law)
    assert 0 < f < 0.1
    v = (np.arange(2_000_000) + 0.5) / 2_000_000  # E g(X) over exceedances; g is bounded
    x = v ** (-1 / a)
    edge = 0.9 * -1 / (1 - f) + 0.1 * np.mean((x - 1) / (1 + f * (x - 1)))
    assert edge == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(("p", "odds"), [(0.5, 3.3), (0.1, 11.0), (0.9, 1.2)])
def test_kelly_1956_two_outcomes_in_closed_form(p, odds):
    """f = (p b - q) / b for net odds b."""
    b = odds - 1
    law = ts.Mixture([ts.Constant(0), ts.Constant(odds)], [1 - p, p])
    f = (p * b - (1 - p)) / b
    bet = kelly_bet(law)
    assert bet.fraction == pytest.approx(max(f, 0), rel=1e-10)
    if f > 0:
        growth = p * math.log1p(f * b) + (1 - p) * math.log1p(-f)
        assert bet.growth == pytest.approx(growth, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.floats(0, 8), min_size=2, max_size=4), n=st.integers(1, 4))
def test_several_bets_by_summing_over_all_outcomes(values, n):
    law = ts.Empirical(values)
    totals = np.array([sum(each) for each in itertools.product(values, repeat=n)]) - n
    growth = lambda f: float(np.mean(np.log1p(np.maximum(f * totals, -1 + 1e-12))))  # noqa: E731
    best = minimize_scalar(lambda f: -growth(f), bounds=(0, 1 / n), method="bounded", options={"xatol": 1e-10})
    bet = kelly_bet(law, n_bets=n)
    assert -1e-12 < bet.growth - max(-best.fun, 0.0) < 1e-7  # a bounded search stops short of its ends
    assert bet.growth == pytest.approx(max(growth(bet.fraction), 0.0), abs=1e-11)
    assert 0 <= bet.staked <= 1
    if np.mean(values) <= 1:
        assert bet.fraction == 0.0


@pytest.mark.parametrize(
    "law", [HEAVY, ts.Pareto(1.5, 0.5), ts.ZeroInflated(ts.Pareto(0.8), 0.9), ts.Lomax(3, 3), ts.Uniform(0, 3)]
)
def test_transform_agrees_with_direct_quadrature(law):
    one, other = _One(law), _Several(law, 1)
    for f in (1e-3, 0.04, 0.6):
        assert other.edge(f) == pytest.approx(one.edge(f), rel=1e-9, abs=1e-12)
        assert other.growth(f) == pytest.approx(one.growth(f), rel=1e-9, abs=1e-12)
        assert other.power(f, 2.3) == pytest.approx(one.power(f, 2.3), rel=1e-9)


def test_many_bets_at_once_against_simulation():
    n = 10
    bet = kelly_bet(HEAVY, n_bets=n)
    totals = ts.simulate(ts.Portfolio.of(HEAVY, n), n_trials=50_000, rng=5).totals - n
    wealth = 1 + bet.fraction * totals
    logs, slopes = np.log(wealth), totals / wealth  # both have all their moments
    for sample, expected in ((logs, bet.growth), (slopes, 0.0)):
        assert sample.mean() == pytest.approx(expected, abs=5 * sample.std() / math.sqrt(sample.size))
    assert bet.growth > 9 * kelly_bet(HEAVY).growth


def test_ends_of_the_range():
    assert ts.kelly_fraction(ts.Constant(1.1)) == 1.0
    assert ts.kelly_fraction(ts.Constant(1)) == ts.kelly_fraction(ts.Uniform(0, 1.5)) == 0.0
    assert ts.kelly_fraction(-ts.Pareto(2)) == ts.kelly_fraction(5 - ts.Lomax(3)) == 0.0  # losses without bound
    assert ts.kelly_fraction(ts.Pareto(3, 0.95)) == 1.0
    assert kelly_bet(ts.Uniform(0, 3), n_bets=3).staked == pytest.approx(1.0)
    owed = 2 * ts.Uniform(0, 3) - 1  # may lose twice the stake
    assert ts.kelly_fraction(owed) == pytest.approx(ts.kelly_fraction(ts.Uniform(0, 3)) / 2, rel=1e-9)


@settings(max_examples=6, deadline=None)
@given(a=st.floats(0.7, 4), p=st.floats(0.1, 0.9), scale=st.floats(0.3, 6))
def test_no_other_fraction_grows_faster(a, p, scale):
    law = ts.ZeroInflated(ts.Lomax(a, scale), p)
    f = ts.kelly_fraction(law)
    growth = _One(law).growth
    assert 0 <= f < 1
    assert all(growth(f) >= growth(g) - 1e-12 for g in (1e-9, f / 2, min(1.01 * f + 1e-6, 0.99), 0.5))


def test_chance_of_ever_falling_at_the_full_stake_is_the_fall_itself():
    """E 1/W = 1 at the best stake: MacLean, Thorp and Ziemba 2010."""
    bet = kelly_bet(HEAVY)
    assert bet.exponent == 1.0
    assert _One(HEAVY).power(bet.fraction, 1.0) == pytest.approx(1.0, rel=1e-12)
    assert [bet.ever_below(x) for x in (0.5, 0.1)] == [0.5, 0.1]
    half = kelly_bet(HEAVY, share=0.5)
    assert half.exponent > 2
    assert _One(HEAVY).power(half.fraction, half.exponent) == pytest.approx(1.0, rel=1e-9)
    assert 0.75 < half.growth / bet.growth < 1
    assert kelly_bet(ts.Pareto(3, 1.1)).ever_below(0.9) == 0.0
    several = kelly_bet(HEAVY, n_bets=5, share=0.5)
    assert _Several(HEAVY, 5).power(several.fraction, several.exponent) == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_simulated_falls_stay_below_the_bound(share):
    bet = kelly_bet(ts.Mixture([ts.Constant(0), ts.Constant(3)], [0.6, 0.4]), share=share)
    fell = bet.prob_below(0.5, n_rounds=300, n_trials=2000, rng=3)
    assert fell.interval[0] < bet.ever_below(0.5)
    assert fell.value > 0.5 * bet.ever_below(0.5)  # the bound is near, since falls are by small steps
    drawn = bet.prob_drawdown(0.5, n_rounds=300, n_trials=2000, rng=3)
    assert drawn.value > fell.value


def test_two_rounds_in_closed_form():
    bet = kelly_bet(ts.Mixture([ts.Constant(0), ts.Constant(3)], [0.5, 0.5]))  # f = 1/4
    assert bet.fraction == pytest.approx(0.25)
    both_lost = bet.prob_below(0.6, n_rounds=2, n_trials=20_000, rng=1)
    assert both_lost.value == pytest.approx(0.25, abs=5 * 0.433 / math.sqrt(20_000))
    ever_lost = bet.prob_drawdown(0.2, n_rounds=2, n_trials=20_000, rng=1)
    assert ever_lost.value == pytest.approx(0.75, abs=5 * 0.433 / math.sqrt(20_000))
    assert bet.prob_below(0.6, n_rounds=2, n_trials=20_000, rng=1) == both_lost


def test_verdicts():
    assert kelly_bet(HEAVY).verdict.startswith("Stake 4.1% of wealth: it doubles in about 85.25 rounds. The chance")
    assert "on each of 10 bets, 38.7% together" in kelly_bet(HEAVY, n_bets=10).verdict
    assert kelly_bet(ts.Constant(0.9), n_bets=2).verdict == "Stake nothing: no fraction of wealth grows by this bet."
    assert kelly_bet(ts.Constant(2)).verdict.endswith("and it never falls.")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ts.kelly_fraction(3), r"^payoff must be a payoff law, got 3"),
        (lambda: kelly_bet(HEAVY, n_bets=0), r"^n_bets must be a whole number from 1 to 10,000, got 0"),
        (lambda: kelly_bet(HEAVY, share=0), r"^share must be a number above 0 and at most 1, got 0"),
        (lambda: kelly_bet(HEAVY, share=1.5), r"^share must be a number above 0 and at most 1, got 1.5"),
        (lambda: kelly_bet(HEAVY).ever_below(1), r"^multiple must be a number strictly between 0 and 1"),
        (lambda: kelly_bet(HEAVY).prob_drawdown(0, n_rounds=3), r"^depth must be a number strictly between 0 and 1"),
        (lambda: kelly_bet(HEAVY).prob_below(0.5, n_rounds=0), r"^n_rounds must be a whole number of at least 1"),
        (lambda: kelly_bet(HEAVY).prob_below(0.5, n_rounds=1, n_trials=0), r"^n_trials must be a whole number"),
        (lambda: kelly_bet(HEAVY).prob_below(0.5, n_rounds=1, rng="x"), r"^rng must be"),
    ],
)
def test_bad_input_is_refused(call, said):
    with pytest.raises(ts.ArgumentError, match=said):
        call()


def test_growth_at_other_stakes_is_that_of_their_quadrature():
    law = ts.Mixture([ts.Constant(0), ts.Constant(3)], [0.6, 0.4])
    bet = kelly_bet(law, n_bets=1)
    f = np.array([0.0, 0.05, bet.fraction, 0.5])
    np.testing.assert_allclose(bet.growth_at(f), 0.6 * np.log1p(-f) + 0.4 * np.log1p(2 * f), atol=1e-12)
    assert bet.growth_at(bet.fraction) == pytest.approx(bet.growth)
    several = kelly_bet(law, n_bets=3)
    assert several.growth_at(several.fraction) == pytest.approx(several.full_growth)
    assert several.most == pytest.approx(1 / 3)


def test_stakes_that_could_lose_more_than_all_have_no_growth():
    with pytest.raises(ts.ArgumentError, match=r"^fraction must be numbers from 0 to 0\.5, got 0\.6"):
        kelly_bet(ts.Uniform(0, 4), n_bets=2).growth_at(0.6)
    assert kelly_bet(ts.Normal(2, 1)).growth_at(0.0) == 0.0
    assert kelly_bet(ts.Uniform(0, 1.5)).growth_at(0.1) < 0.0
