"""Failure rates: the rule for failing, by bets and by stake."""

import math

import numpy as np
import pytest

from tailsim.errors import ArgumentError, UndefinedMomentError
from tailsim.stats import failure_rate, proportion


@pytest.mark.parametrize(
    ("payoff", "stake", "hurdle", "fails"),
    [
        (0.99, 1.0, 1.0, True),
        (1.0, 1.0, 1.0, False),
        (5.0, 3.0, 2.0, True),
        (6.0, 3.0, 2.0, False),
        (0.0, 0.0, 1.0, True),
        (-1.0, 1.0, 0.0, True),
        (0.0, 1.0, 0.0, True),
        (0.1, 1.0, 0.0, False),
        (1e308, 1e308, 1e308, True),
    ],
)
def test_a_bet_fails_below_its_hurdle_or_when_it_pays_nothing(payoff, stake, hurdle, fails):
    assert failure_rate([payoff], [stake], hurdle=hurdle) == (1.0 if fails else 0.0)


def test_by_bets_it_is_a_proportion():
    payoffs = np.arange(100.0) / 50
    expected = proportion(50, 100, 0.9)
    e = failure_rate(payoffs, level=0.9)
    assert (e.value, e.interval, e.n) == (expected.value, expected.interval, 100)


def test_by_stake_it_is_the_money_that_fails():
    assert failure_rate([0, 10, 0, 10], [3, 1, 2, 4], by="stake").value == 0.5
    assert failure_rate([0, 10, 0, 10], [3, 1, 2, 4], by="bets").value == 0.5
    assert failure_rate([0, 10], [9, 1], by="stake").value == 0.9


def test_equal_stakes_give_both_rates_the_same_interval():
    payoffs = np.r_[np.zeros(30), np.full(70, 9.0)]
    by_bets, by_stake = (failure_rate(payoffs, 2.5, by=by) for by in ("bets", "stake"))
    assert by_stake.interval == pytest.approx(by_bets.interval, rel=1e-12)
    assert by_stake.std_error == pytest.approx(by_bets.std_error, rel=1e-12)


def test_unequal_stakes_widen_the_interval():
    payoffs = np.tile([0.0, 99.0], 50)
    stakes = np.r_[np.ones(98), 50.0, 50.0]
    by_bets, by_stake = (failure_rate(payoffs, stakes, by=by) for by in ("bets", "stake"))
    assert by_stake.value == by_bets.value == 0.5
    assert by_stake.interval[0] < by_bets.interval[0]
    assert by_bets.interval[1] < by_stake.interval[1]


def test_few_failures_are_flagged():
    assert "only 2 hits in 100" in failure_rate(np.r_[0.0, 0.0, np.full(98, 9.0)]).verdict
    assert failure_rate(np.r_[0.0, 0.0, np.full(98, 9.0)], by="stake").verdict is not None


def test_the_rate_falls_never_as_the_hurdle_rises():
    payoffs = np.random.default_rng(6).pareto(1.2, 500)
    rates = [failure_rate(payoffs, hurdle=h).value for h in (0, 0.5, 1, 2, 10)]
    assert rates == sorted(rates)


def test_nothing_staked_has_no_rate_by_stake():
    with pytest.raises(UndefinedMomentError, match=r"nothing was staked; use by=\"bets\"\.$"):
        failure_rate([1.0, 2.0], 0.0, by="stake")


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (([],), {}),
        (([1.0, math.nan],), {}),
        (([1.0], -1.0), {}),
        (([1.0], [1.0, -1.0]), {}),
        (([1.0, 2.0], [1.0, 2.0, 3.0]), {}),
        (([1.0],), {"hurdle": -1.0}),
        (([1.0],), {"hurdle": math.inf}),
        (([1.0],), {"by": "money"}),
        (([1.0],), {"level": 0.0}),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(arguments, options):
    with pytest.raises(ArgumentError, match=r"^(payoffs|stakes|hurdle|by|level) must be .*\.$"):
        failure_rate(*arguments, **options)
