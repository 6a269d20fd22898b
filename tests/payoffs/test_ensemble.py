"""One of several laws, drawn once a trial."""

import pickle

import numpy as np
import pytest

import tailsim as ts
from tailsim.errors import ArgumentError

LAWS = [ts.ZeroInflated(ts.Pareto(a), p) for a, p in ((1.9, 0.2), (1.1, 0.5), (1.5, 0.8))]
LAW = ts.Ensemble(LAWS)


def test_by_itself_it_is_the_mixture():
    mixture = ts.Mixture(LAWS, [1 / 3] * 3)
    x = np.array([0.0, 1.0, 2.0, 1e3, 1e9])
    np.testing.assert_allclose(LAW.sf(x), mixture.sf(x), rtol=1e-14)
    np.testing.assert_allclose(LAW.isf(np.array([0.3, 1e-6])), mixture.isf(np.array([0.3, 1e-6])), rtol=1e-12)
    assert LAW.mean() == pytest.approx(mixture.mean(), rel=1e-14)
    np.testing.assert_allclose(LAW.atoms, mixture.atoms, rtol=1e-14)


def test_the_heaviest_decides_wherever_it_stands():
    assert LAW.tail_index == 1.1
    assert ts.ZeroInflated(LAW, 0.5).tail_index == 1.1
    assert ts.Ensemble([ts.Uniform(0, 1), ts.Uniform(5, 9), ts.Uniform(2, 3)]).support == (0.0, 9.0)


def test_all_bets_of_a_trial_share_the_law():
    """With point laws every trial is a multiple of its own number, each as often."""
    law = ts.Ensemble([ts.Constant(k) for k in (1.0, 2.0, 4.0)])
    run = ts.simulate(ts.Portfolio.of(law, 5), n_trials=12_000, rng=1)
    values, counts = np.unique(run.multiples, return_counts=True)
    assert values.tolist() == [1.0, 2.0, 4.0]
    assert np.all(np.abs(counts - 4000) < 5 * np.sqrt(12_000 * 2 / 9))  # false alarm 1e-6


def test_in_a_simulation_it_is_one_of_the_laws_at_the_same_exceedances():
    one = ts.simulate(ts.Portfolio.of(ts.Ensemble(LAWS[:1]), 20), n_trials=5000, rng=3)
    other = ts.simulate(ts.Portfolio.of(LAWS[0], 20), n_trials=5000, rng=3)
    np.testing.assert_array_equal(one.totals, other.totals)


def test_failure_rates_spread_as_the_laws_do():
    run = ts.simulate(ts.Portfolio.of(LAW, 400), n_trials=3000, rng=2)
    rates = run.n_failures / 400
    near = [np.mean(np.abs(rates - p) < 0.12) for p in (0.2, 0.5, 0.8)]
    np.testing.assert_allclose(near, 1 / 3, atol=5 * np.sqrt(2 / 9 / 3000))


def test_any_number_of_workers_gives_the_same():
    runs = [ts.simulate(ts.Portfolio.of(LAW, 7), n_trials=9000, n_workers=n, rng=5).digest() for n in (1, 2)]
    assert runs[0] == runs[1]


def test_equal_laws_make_equal_ensembles():
    assert ts.Ensemble(LAWS) == LAW
    assert hash(ts.Ensemble(LAWS)) == hash(LAW)
    assert ts.Ensemble(LAWS[:2]) != LAW
    assert pickle.loads(pickle.dumps(LAW)) == LAW


@pytest.mark.parametrize(
    ("laws", "said"),
    [
        ([], "laws must be a sequence of at least one payoff law, got none."),
        (ts.Pareto(1.5), r"laws must be a sequence of payoff laws, got Pareto"),
        ([ts.Pareto(1.5), 2], r"laws\[1\] must be a payoff law, got 2; use Constant\(2\)"),
        ([ts.Pareto(ts.Uniform(1, 2))], r"laws\[0\] must be a law without uncertain parameters"),
    ],
)
def test_bad_laws_are_refused(laws, said):
    with pytest.raises(ArgumentError, match=said):
        ts.Ensemble(laws)
