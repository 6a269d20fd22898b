"""Policies replayed over one's own past, resamples of it and the fitted law."""

import numpy as np
import pytest

import tailsim as ts
from tailsim.errors import ArgumentError
from tailsim.fit.replay import Rule, replayed

BASE = ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65)
PAST = BASE.rvs(2000, rng=3)


def naive(policy, multiples, stakes):
    """Bet by bet, in plain Python."""
    streak, balance = 0, 0.0
    for j, (multiple, stake) in enumerate(zip(multiples, stakes, strict=True)):
        failed = multiple < policy.hurdle or multiple <= 0
        streak = streak + 1 if failed else 0
        balance += (multiple - 1) * stake
        if policy.stop_after is not None and streak >= policy.stop_after:
            return j + 1
        if policy.max_loss is not None and balance <= -policy.max_loss:
            return j + 1
    return len(multiples)


@pytest.mark.parametrize(
    "policy",
    [
        ts.Policy(),
        ts.Policy(30),
        ts.Policy(40, stop_after=6),
        ts.Policy(40, hurdle=2.0, stop_after=6),
        ts.Policy(40, max_loss=5.0),
        ts.Policy(40, hurdle=0.0, stop_after=4, max_loss=9.0),
    ],
)
def test_rows_stop_where_a_loop_over_bets_does(policy):
    multiples = BASE.rvs((200, 40), rng=1)
    stakes = ts.Uniform(0.5, 2).rvs((200, 40), rng=2)
    n = policy.n_bets or 40
    found = replayed(Rule.of(policy, 40), multiples[:, :n], stakes[:, :n])
    want = [naive(policy, m[:n], s[:n]) for m, s in zip(multiples, stakes, strict=True)]
    assert found.n_bets.tolist() == want
    paid = [(m[:k] * s[:k]).sum() for m, s, k in zip(multiples, stakes, want, strict=True)]
    spent = [s[:k].sum() for s, k in zip(stakes, want, strict=True)]
    np.testing.assert_allclose(found.multiples, np.array(paid) / np.array(spent), rtol=1e-12)


def test_the_own_past_is_counted():
    test = ts.backtest(PAST, ts.Policy(200), n_replays=200)
    assert (test.n_history, test.n_bets, test.stopped, test.ended) == (2000, 200, False, False)
    assert test.spent == 200.0
    assert test.paid == pytest.approx(PAST[:200].sum())
    assert test.n_failures == np.sum(PAST[:200] < 1)
    assert test.missed_paid == pytest.approx(PAST[200:].sum())
    assert test.largest_missed == PAST[200:].max()
    assert test.as_was == pytest.approx(PAST.mean())


def test_windows_are_disjoint_and_in_order():
    test = ts.backtest(PAST, ts.Policy(200), n_replays=200)
    np.testing.assert_allclose(test.windows.multiples, PAST.reshape(10, 200).mean(axis=1))
    assert test.windows.chance.value == np.mean(PAST.reshape(10, 200).mean(axis=1) >= 1)
    assert ts.backtest(PAST, ts.Policy(1500), n_replays=200).windows is None


def test_the_fitted_law_answers_as_the_truth_does():
    test = ts.backtest(PAST, ts.Policy(100), target=1.0)
    truth = ts.simulate(ts.Portfolio.of(BASE, 100), n_trials=40_000, rng=9)
    for answers in (test.fitted, test.resampled):
        low, high = answers.chance.interval
        assert low < truth.prob_at_least(1.0).value < high
        low, high = answers.median.interval
        assert low < truth.median().value < high


def test_stopping_early_misses_the_outliers():
    policies = ts.Policy(200), ts.Policy(200, stop_after=5)
    patient, hasty = (ts.backtest(PAST, policy, n_replays=2000) for policy in policies)
    assert hasty.stopped
    assert hasty.n_bets < patient.n_bets
    assert hasty.fitted.stopped.value > 0.9
    assert hasty.fitted.n_bets < 50
    assert patient.fitted.stopped.value == 0.0
    assert "it stopped" in hasty.verdict
    assert "outliers not yet seen" in hasty.verdict


def test_a_function_may_decide():
    def go_on(multiples, stakes):
        return multiples.size < 30 and not (multiples.size and multiples.max() > 20)

    test = ts.backtest(PAST[:300], go_on)
    found = np.flatnonzero(PAST[:30] > 20)
    assert test.n_bets == (found[0] + 1 if found.size else 30)
    assert test.resampled.multiples.size == 1000
    assert test.fitted.n_bets == 30.0


def test_the_same_seed_gives_the_same_answers():
    one, other = (ts.backtest(PAST, ts.Policy(50), n_replays=400, rng=5) for _ in range(2))
    np.testing.assert_array_equal(one.fitted.multiples, other.fitted.multiples)
    np.testing.assert_array_equal(one.resampled.multiples, other.resampled.multiples)


def test_a_short_past_has_no_law_and_says_why():
    test = ts.backtest([0.0, 0.0, 3.0, 0.5], ts.Policy(10))
    assert test.fitted is None
    assert test.ended
    assert "at least 20 finished bets" in test.why_not
    assert test.why_not in test.verdict


def test_stakes_weigh_and_open_bets_count_as_they_stand():
    stakes = np.linspace(1, 3, 100)
    still = np.arange(100) > 95
    test = ts.backtest(PAST[:100] * stakes, ts.Policy(), stake=stakes, still_open=still, n_replays=200)
    assert test.n_open == 4
    assert test.multiple == pytest.approx((PAST[:100] * stakes).sum() / stakes.sum())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ts.Policy(0), "n_bets must be None or a whole number from 1"),
        (lambda: ts.Policy(5, stop_after=-1), "stop_after must be None or a whole number"),
        (lambda: ts.Policy(5, max_loss=0.0), "max_loss must be a finite number above 0"),
        (lambda: ts.Policy(5, hurdle=-1.0), "hurdle must be a finite multiple of the stake"),
        (lambda: ts.backtest(PAST, 50), "policy must be a Policy, or a function"),
        (lambda: ts.backtest(PAST[:50], lambda m, s: False), "policy must be one that makes a first bet"),
        (lambda: ts.backtest(PAST, ts.Policy(5), target=0.0), "target must be a finite multiple above 0"),
        (
            lambda: ts.backtest(PAST, ts.Policy(5), n_replays=10),
            "n_replays must be None or a whole number of at",
        ),
        (lambda: ts.backtest(PAST, ts.Policy(5), fit=3), "fit must be None or what fit_payoff returns"),
        (lambda: ts.backtest({"paid": PAST}, ts.Policy(5), payoff="paid "), "did you mean 'paid'"),
        (lambda: ts.backtest([], ts.Policy(5)), "table must be a non-empty one-dimensional array"),
    ],
)
def test_bad_arguments_are_refused_in_one_sentence(make, said):
    with pytest.raises(ArgumentError, match=said) as refusal:
        make()
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)
