"""Bets and portfolios: what they hold, how they group, and what they refuse."""

import dataclasses
import math
import pickle

import numpy as np
import pytest

import tailsim as ts

LAW = ts.ZeroInflated(ts.Pareto(1.5), 0.65)


def test_a_bet_holds_its_law_and_its_stake():
    bet = ts.Bet(LAW, stake=2, name="a", group="b")
    assert (bet.payoff, bet.stake, bet.name, bet.group) == (LAW, 2.0, "a", "b")
    assert type(bet.stake) is float
    assert ts.Bet(LAW).stake == 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        bet.stake = 3


def test_a_payoff_does_not_scale_with_the_stake_but_a_multiple_does():
    assert ts.Bet(ts.Constant(3), stake=10).payoff.mean() == 3
    assert ts.Bet.from_multiple(ts.Constant(3), stake=10).payoff.mean() == 30
    assert ts.Bet.from_multiple(LAW, 1) == ts.Bet(LAW)
    bet = ts.Bet.from_multiple(LAW, 4, name="x", group="y")
    assert (bet.stake, bet.name, bet.group) == (4.0, "x", "y")


def test_multiples_of_a_bet_from_a_multiple_do_not_depend_on_its_stake():
    runs = [ts.simulate(ts.Portfolio.of(ts.Bet.from_multiple(LAW, s), 5), n_trials=500, rng=1) for s in (1, 8)]
    assert np.array_equal(runs[0].multiples, runs[1].multiples)


def test_a_bare_law_is_a_bet_of_stake_one():
    assert ts.Portfolio([LAW]) == ts.Portfolio([ts.Bet(LAW)])
    assert ts.Portfolio.of(LAW, 3) == ts.Portfolio.of(ts.Bet(LAW), 3) == ts.Portfolio([LAW] * 3)


def test_any_iterable_of_bets_in_its_order():
    bets = [ts.Bet(ts.Constant(i)) for i in range(4)]
    portfolio = ts.Portfolio(bet for bet in bets)
    assert portfolio.bets == tuple(bets)
    assert portfolio.n_bets == 4
    assert ts.Portfolio(np.array(bets, dtype=object)) == portfolio


def test_spent_is_the_exact_sum_of_the_stakes():
    stakes = [0.1, 0.2, 0.3, 1e16, 0.1]
    assert ts.Portfolio([ts.Bet(LAW, s) for s in stakes]).spent == math.fsum(stakes)
    assert ts.Portfolio.of(ts.Bet(LAW, 0.1), 10).spent == 1.0


def test_runs_are_consecutive_like_bets():
    a, b = ts.Bet(LAW), ts.Bet(ts.Constant(1))
    same = ts.Bet(ts.ZeroInflated(ts.Pareto(1.5), 0.65))
    assert list(ts.Portfolio([a, same, b, a, a]).runs()) == [(a, 2), (b, 1), (a, 2)]
    assert list(ts.Portfolio([a, ts.Bet(LAW, 2), ts.Bet(LAW, name="x")]).runs()) == [
        (a, 1),
        (ts.Bet(LAW, 2), 1),
        (ts.Bet(LAW, name="x"), 1),
    ]


def test_zeros_of_either_sign_are_the_same_payoff():
    run = ts.simulate(ts.Portfolio([ts.Constant(0.0), ts.Constant(-0.0)]), n_trials=3, rng=1)
    assert run.totals.tolist() == [0.0, 0.0, 0.0]
    assert run.n_failures.tolist() == [2, 2, 2]


def test_ten_million_bets_are_accepted_and_one_more_is_not():
    big = ts.Portfolio.of(LAW, 10_000_000)
    assert big.n_bets == big.spent == 10_000_000
    with pytest.raises(ts.ArgumentError, match=r"^n_bets must be a whole number from 1 to 10,000,000, got 10000001\.$"):
        ts.Portfolio.of(LAW, 10_000_001)


def test_equal_portfolios_are_equal_hash_alike_and_travel():
    one, two = ts.Portfolio([LAW, ts.Constant(1)]), ts.Portfolio((LAW, ts.Constant(1)))
    assert one == two
    assert hash(one) == hash(two)
    assert pickle.loads(pickle.dumps(one)) == one
    assert one != ts.Portfolio([ts.Constant(1), LAW])


def test_repr_is_short_and_names_the_kinds_of_bets():
    text = repr(ts.Portfolio.of(LAW, 1000))
    assert text.startswith("Portfolio(1,000 bets: 1,000 x Bet(payoff=ZeroInflated(base=Pareto(tail_index=1.5")
    many = repr(ts.Portfolio([ts.Constant(i) for i in range(1000)]))
    assert "997 more kinds" in many
    assert len(many) < 500
