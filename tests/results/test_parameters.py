"""The share of uncertain parameters in an answer, against closed forms."""

import numpy as np
import pytest
from scipy import stats

import tailsim as ts
from tailsim.results._parameters import _share

N = 40_000


def test_the_share_in_the_logarithm_of_a_single_bet_is_that_of_the_normal_model():
    """LogNormal(Normal(0, s), 1): the share is s^2 / (s^2 + 1); within 5 standard errors, a false alarm in 2e6."""
    for s in (0.5, 2.0):
        run = ts.simulate(ts.Portfolio.of(ts.LogNormal(ts.Normal(0, s), 1.0), 1), n_trials=N, rng=1)
        e = run.parameter_share()
        assert abs(e.value - s**2 / (s**2 + 1)) < 5 * e.std_error
        assert e.n == N
        assert e.interval[0] < e.value < e.interval[1]


def test_the_share_in_a_chance_is_the_variance_of_the_chance_given_the_parameter():
    """One bet that pays with uniform probability: Var p / (m (1 - m)) = (1 / 12) / (1 / 4); 5 standard errors."""
    bet = ts.ZeroInflated(ts.Constant(3), ts.Uniform(0, 1))
    e = ts.simulate(ts.Portfolio.of(bet, 1), n_trials=N, rng=1).parameter_share(1.0)
    assert abs(e.value - 1 / 3) < 5 * e.std_error
    n = 10  # of ten bets at least one pays: E (1 - p^10)^2 - (E (1 - p^10))^2
    e = ts.simulate(ts.Portfolio.of(bet, n), n_trials=N, rng=1).parameter_share(0.3)
    mean = 1 - 1 / (n + 1)
    between = 1 - 2 / (n + 1) + 1 / (2 * n + 1) - mean**2
    assert abs(e.value - between / (mean * (1 - mean))) < 5 * e.std_error


def test_more_bets_leave_the_parameter():
    runs = [ts.simulate(ts.Portfolio.of(ts.LogNormal(ts.Normal(0, 1), 1.0), n), n_trials=N, rng=1) for n in (1, 100)]
    assert runs[1].parameter_share().value > 0.95 > 0.6 > runs[0].parameter_share().value


def test_dependence_and_a_random_count_are_chance():
    law = ts.ZeroInflated(ts.Pareto(ts.Uniform(1.1, 1.9)), 0.5)
    alone, tied = (
        ts.simulate(ts.Portfolio.of(law, 50, d), n_trials=N, rng=1).parameter_share(1.0)
        for d in (None, ts.OneFactor(failure=0.6))
    )
    assert tied.interval[1] < alone.interval[0]
    counted = ts.simulate(ts.Portfolio.of(law, ts.PoissonCount(1)), n_trials=N, rng=1)
    assert counted.parameter_share(1.0).n < N * (1 - np.exp(-1))


def test_the_same_bits_for_any_number_of_workers():
    run = ts.simulate(ts.Portfolio.of(ts.Pareto(ts.Uniform(1.1, 1.9)), 5), n_trials=9000, rng=1)
    again = ts.simulate(run.portfolio, n_trials=9000, rng=1)
    assert run.parameter_share(2.0, n_workers=1) == again.parameter_share(2.0, n_workers=3)


def test_intervals_cover():
    """Bivariate normals of correlation .3, n = 300: 95 % intervals miss in 500 of 10,000; 2,000 runs, at most 150."""
    rng = np.random.default_rng(1)
    pairs = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], size=(2000, 300))
    missed = sum(not e.interval[0] <= 0.3 <= e.interval[1] for e in (_share(x.T, 0.95) for x in pairs))
    assert 60 <= missed <= 150  # binomial(2000, .055) at 1e-4 on either side
    assert stats.binom.sf(150, 2000, 0.055) < 1e-4


@pytest.mark.parametrize(
    ("law", "multiple", "said"),
    [
        (ts.Pareto(1.5), 1.0, "parameter_share needs a payoff with an uncertain parameter and there is none"),
        (ts.ZeroInflated(ts.Pareto(1.5), ts.Uniform(0.5, 0.6)), None, "the logarithm of the multiple is not finite"),
        (ts.Pareto(ts.Uniform(1, 2)), 0.5, "the outcome is the same in all trials"),
    ],
)
def test_what_has_no_share_is_refused(law, multiple, said):
    run = ts.simulate(ts.Portfolio.of(law, 2), n_trials=500, rng=1)
    with pytest.raises(ts.UndefinedMomentError, match=f"^{said}"):
        run.parameter_share(multiple)
