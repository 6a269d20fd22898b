"""Chances of a hit, waiting times and the money that must last until then."""

import math

import numpy as np
import pytest
from scipy import stats as scipy_stats

from tailsim.errors import ArgumentError, UndefinedMomentError
from tailsim.payoffs import Constant, Empirical, Pareto, ZeroInflated
from tailsim.portfolio import Bet
from tailsim.stats import bets_for_hit, death_before_hit, hit_probability, waiting_time


def rate(p):
    """A bet that pays ten with probability p."""
    return ZeroInflated(Constant(10), 1 - p)


@pytest.mark.parametrize(("p", "n"), [(0.04, (17, 57, 74)), (0.004, (173, 575, 748))])
def test_bets_for_at_least_one_hit_as_in_the_references(p, n):
    assert tuple(bets_for_hit(rate(p), 10, c) for c in (0.5, 0.9, 0.95)) == n


@pytest.mark.parametrize("p", [0.5, 0.25, 0.9, 0.1])
@pytest.mark.parametrize("k", [1, 3])
def test_bets_for_hit_is_the_least_number(p, k):
    for confidence in (0.5, 0.75, 0.9, 0.999):
        n = bets_for_hit(rate(p), 10, confidence, k=k)
        assert hit_probability(rate(p), 10, n, k=k) >= confidence - 1e-12
        assert n == k or hit_probability(rate(p), 10, n - 1, k=k) < confidence


@pytest.mark.parametrize("k", [1, 2, 7])
@pytest.mark.parametrize("n", [1, 6, 7, 100])
def test_hit_probability_is_the_binomial_tail(k, n):
    p = Pareto(1.5).prob_at_least(4)
    assert hit_probability(Pareto(1.5), 4, n, k=k) == pytest.approx(scipy_stats.binom.sf(k - 1, n, p), rel=1e-9)
    assert waiting_time(Pareto(1.5), 4, k).sf(n) == pytest.approx(scipy_stats.binom.cdf(k - 1, n, p), rel=1e-9)


def test_a_hit_counts_from_the_multiple_of_the_stake_on():
    assert hit_probability(Bet(Constant(10), 2), 5, 1) == 1.0
    assert hit_probability(Bet(Constant(10), 2), 5.1, 1) == 0.0
    assert hit_probability(Bet.from_multiple(Pareto(1.5), 7), 10, 20) == pytest.approx(
        hit_probability(Pareto(1.5), 10, 20), rel=1e-12
    )


def test_waiting_time_is_negative_binomial():
    wait = waiting_time(rate(0.2), 10, 4)
    law = scipy_stats.nbinom(4, 0.2, loc=4)
    assert (wait.mean, wait.std) == pytest.approx((law.mean(), law.std()), rel=1e-12)
    for q in (0.01, 0.5, 0.95, 0.9999):
        assert wait.quantile(q) == law.ppf(q)
    assert wait.median == law.median()
    assert "hit number 4 takes 20 bets on average" in str(wait)


def test_no_hit_is_known_far_below_the_rounding_of_one():
    assert waiting_time(rate(0.5), 10).sf(200) == pytest.approx(2.0**-200, rel=1e-12)


def test_certain_and_impossible_hits():
    assert waiting_time(Constant(10), 10).quantile(0.99) == 1
    assert waiting_time(Constant(10), 10, 3).quantile(0.99) == 3
    never = waiting_time(Constant(10), 11)
    assert (never.mean, never.quantile(0.5), never.cdf(100), never.sf(100)) == (math.inf, math.inf, 0.0, 1.0)
    assert "never comes" in str(never)
    with pytest.raises(UndefinedMomentError, match=r"^the number of bets for a hit is undefined because .*\.$"):
        bets_for_hit(Constant(10), 11)


def test_death_before_a_hit_without_recycling_is_no_hit_in_what_the_budget_buys():
    assert death_before_hit(rate(0.04), 10, 17.9).value == pytest.approx(0.96**17, rel=1e-12)
    assert death_before_hit(Bet(rate(0.04), 0.1), 10, 1.7).value == pytest.approx(0.96**17, rel=1e-12)
    assert death_before_hit(rate(0.04), 10, 0).value == 1.0


def test_death_of_a_gambler_equals_the_closed_form():
    """Steps of one up or down: the gambler's ruin (Feller XIV.2), here with a hit ending each bet with chance h."""
    law = Empirical([0.0] * 5 + [2.0] * 4 + [50.0])
    up, down = 0.4, 0.5
    root = (1 - math.sqrt(1 - 4 * up * down)) / (2 * up)  # up x^2 - x + down = 0, x < 1
    found = death_before_hit(law, 50, 6, recycle=True)
    assert found.interval[0] - 1e-9 <= root**6 <= found.interval[1] + 1e-9
    assert found.value == pytest.approx(root**6, abs=2e-3)


def test_death_with_recycling_is_bracketed_around_a_simulation():
    """20,000 programmes: the bracket is missed by chance with probability below 1e-6 (5 standard errors)."""
    law, rng, n = ZeroInflated(Pareto(1.5), 0.65), np.random.default_rng(1), 20_000
    money, alive, died = np.full(n, 8.0), np.ones(n, bool), 0
    while alive.any():
        x = np.where(rng.random(n) < 0.65, 0.0, rng.random(n) ** (-1 / 1.5))
        money += x - 1
        alive &= x < 10
        died += int((alive & (money < 1)).sum())
        alive &= money >= 1
    found = death_before_hit(law, 10, 8, recycle=True)
    slack = 5 * math.sqrt(0.25 / n)
    assert found.interval[0] - slack < died / n < found.interval[1] + slack
    assert found.interval[1] - found.interval[0] < 0.02
    assert found.value < death_before_hit(law, 10, 8).value


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: hit_probability(3, 10, 5), r"payoff must be a payoff law, got 3"),
        (lambda: hit_probability(rate(0.1), 0, 5), r"multiple must be a finite multiple of the stake above 0, got 0"),
        (lambda: hit_probability(rate(0.1), math.nan, 5), r"multiple must be .*, got nan"),
        (lambda: hit_probability(rate(0.1), 10, 0), r"n_bets must be a whole number from 1 to 1e15, got 0"),
        (lambda: hit_probability(rate(0.1), 10, 5, k=0), r"k must be a whole number from 1 to 1e15, got 0"),
        (lambda: bets_for_hit(rate(0.1), 10, 1.0), r"confidence must be a probability strictly .*, got 1.0"),
        (lambda: death_before_hit(rate(0.1), 10, -1), r"budget must be .* not negative, got -1"),
        (lambda: death_before_hit(rate(0.1), 10, 5, recycle="yes"), r"recycle must be True or False, got 'yes'"),
        (lambda: death_before_hit(rate(0.1) - 1, 3, 5, recycle=True), r"payoff must be never negative where .*"),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(ask, said):
    with pytest.raises(ArgumentError, match=rf"^{said}.*\.$"):
        ask()
