"""The plateau holds the true optimum, and the sentence says no more than the plateau does."""

import numpy as np
import pytest
from scipy import stats

import tailsim as ts

BET = ts.ZeroInflated(ts.Pareto(1.5, 2), 0.65)


@pytest.mark.parametrize("law", [BET, ts.Mixture([BET, ts.Constant(1)], [0.5, 0.5])], ids=["kernel", "NumPy"])
def test_errors_are_those_of_paired_differences(law):
    """Standard error of the difference of two counted shares, from the 0/1 matrix itself."""
    best = ts.optimal_bet_count(law, ts.ProbAtLeast(1.5), max_bets=12, n_trials=3000, rng=4)
    run = ts.simulate(ts.Portfolio.of(law, 12), n_trials=3000, rng=4)
    paid = np.array([run.replay(trial) for trial in range(3000)])
    reached = np.cumsum(paid, axis=1) / np.arange(1, 13) >= 1.5
    np.testing.assert_array_equal(best.values, reached.mean(axis=0))
    difference = reached.astype(float) - reached[:, [best.n_bets - 1]]
    naive = np.maximum(difference.std(axis=0), np.sqrt(0.5 / 3000)) / np.sqrt(3000)
    naive[best.n_bets - 1] = 0.0
    np.testing.assert_allclose(best.std_errors, naive, rtol=1e-9)


def test_the_plateau_holds_the_known_optimum_and_shrinks():
    """Bets that pay 3 with probability .3: P(paid >= 1.2 n) is binomial. Of 40 seeds at least 36 (P < 1e-3 below)."""
    n = np.arange(1, 41)
    truth = stats.binom.sf(np.ceil(1.2 * n / 3) - 1, n, 0.3)
    law, held, size = ts.ZeroInflated(ts.Constant(3), 0.7), 0, []
    for seed in range(40):
        best = ts.optimal_bet_count(law, ts.ProbAtLeast(1.2), max_bets=40, n_trials=4000, rng=seed)
        held += n[np.argmax(truth)] in best.plateau_set
        size.append(len(best.plateau_set))
    assert held >= 36
    more = ts.optimal_bet_count(law, ts.ProbAtLeast(1.2), max_bets=40, n_trials=200_000, rng=1)
    assert len(more.plateau_set) <= min(size)


def test_at_the_edge_the_sentence_asks_for_a_cost_or_a_wider_range():
    best = ts.optimal_bet_count(BET, ts.MedianMultiple(), max_bets=100, n_trials=20_000, rng=1)
    assert best.at_edge
    assert "raise max_bets" in best.verdict
    inside = ts.optimal_bet_count(ts.presets.venture(), ts.ProbAtLeast(3), max_bets=30, n_trials=20_000, rng=1)
    assert inside.at_edge
    assert "go on helping" not in inside.verdict or inside.n_bets == 30


def test_a_plateau_with_gaps_is_not_called_a_range():
    """Of bets that pay 0 or 2, odd numbers reach more than the stake half the time, even ones less often."""
    best = ts.optimal_bet_count(ts.Empirical([0, 2]), ts.ProbAtLeast(1.01), max_bets=49, n_trials=50_000, rng=1)
    assert (best.plateau_set % 2 == 1).all()
    assert "of the numbers from 1 to 49" in best.verdict


def test_medians_that_are_one_atom_are_alike():
    law = ts.Mixture([ts.Constant(1), ts.Constant(0.8), ts.Constant(1.6)], [0.8, 0.15, 0.05])
    best = ts.optimal_bet_count(law, ts.MedianMultiple(), max_bets=2, n_trials=20_000, rng=1)
    assert best.plateau == (1, 2)


def test_all_alike_and_a_single_best():
    alike = ts.optimal_bet_count(ts.Constant(2), ts.ProbAtLeast(1), max_bets=5, n_trials=100, rng=1)
    assert "Any number" in alike.verdict
    single = ts.optimal_bet_count(BET, ts.ProbAtLeast(3), max_bets=30, n_trials=20_000, rng=1)
    assert "no other number" in single.verdict


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"goal": "max"}, "goal"),
        ({"goal": None}, "goal"),
        ({"max_bets": 0}, "max_bets"),
        ({"max_bets": 2001}, "max_bets"),
        ({"bet": 3}, "bet"),
        ({"n_trials": 0}, "n_trials"),
        ({"rng": -1}, "rng"),
    ],
)
def test_bad_arguments_are_refused(change, name):
    asked = {"bet": BET, "goal": ts.ProbAtLeast(1), "max_bets": 3, "n_trials": 100, "rng": 1} | change
    with pytest.raises(ts.ArgumentError, match=rf"^{name} must be .*\.$"):
        ts.optimal_bet_count(asked.pop("bet"), asked.pop("goal"), **asked)
