"""The numbers that tailsim refuses or flags, each in a sentence that says what to use instead: one test an item."""

import math

import numpy as np
import pytest

import tailsim as ts
from tailsim.errors import UndefinedMomentError
from tailsim.stats import proportion, quantile_estimate

HEAVY = ts.Pareto(0.9)
HIDDEN = ts.Mixture([ts.Exponential(), HEAVY], [1 - 1e-6, 1e-6])
INFINITE = {
    "pareto": HEAVY,
    "mixture with a weight of 1e-6": HIDDEN,
    "splice": ts.Spliced(ts.Exponential(), HEAVY, 10, 1e-3),
    "zeros": ts.ZeroInflated(HIDDEN, 0.99),
    "losses": 5 - HIDDEN,
}


@pytest.mark.parametrize("name", INFINITE)
def test_a_mean_whose_declared_tail_index_is_at_or_below_one(name):
    law = INFINITE[name]
    verdict = ts.mean_verdict(law, 10**9)
    assert verdict.kind == "does not exist"
    assert "use the median, quantiles and probabilities instead" in verdict.sentence
    assert math.isinf(law.mean())
    run = ts.simulate(ts.Portfolio.of(law, 3), n_trials=100, rng=1)
    assert math.isinf(run.mean().value)
    assert run.mean().verdict == str(ts.mean_verdict(law, 100))
    assert "The mean does not exist" in repr(run)


def test_a_truncated_or_bounded_law_has_its_mean_back():
    assert ts.mean_verdict(ts.Truncated(HEAVY, 1, 1e6), 10**9).kind == "reliable"
    assert ts.mean_verdict(ts.Truncated(HEAVY, 1, 1e6), 1000).kind == "not at this n"


def test_an_optimum_by_a_mean_that_does_not_exist():
    portfolios = ts.Portfolio.of(HIDDEN, 3), ts.Portfolio.of(ts.Pareto(2), 3)
    with pytest.raises(UndefinedMomentError, match="compare 'median' or ProbAtLeast"):
        ts.compare(*portfolios, "mean", n_trials=1000)


def test_a_variance_where_the_tail_index_is_at_or_below_two():
    assert ts.Pareto(2).var() == math.inf
    with pytest.raises(UndefinedMomentError, match=r"has no variance.*use median\(\) and quantiles"):
        HIDDEN.var()
    e = ts.mean_estimate(ts.Pareto(1.8).rvs(2000, rng=1))
    assert e.std_error == math.inf


@pytest.mark.parametrize("seed", range(5))
def test_an_interval_by_the_central_limit_theorem_where_the_estimated_index_is_below_two_and_a_half(seed):
    """Tail index 2: the interval is never Student's, but reaches as far as the tail fits say."""
    x = ts.Pareto(2).rvs(1000, rng=seed)
    assert ts.hill(x, 31).value < 2.5
    half = 1.9623 * x.std(ddof=1) / math.sqrt(1000)
    e = ts.mean_estimate(x)
    assert e.method == "hull of Pareto tails and Student t"
    assert e.interval[1] > x.mean() + 1.2 * half


def test_a_mean_that_is_not_reliable_at_its_n_says_what_it_takes():
    verdict = ts.mean_verdict(ts.Pareto(1.5), 100)
    assert verdict.kind == "not at this n"
    assert verdict.n_needed == pytest.approx(540, rel=0.05)
    assert "n = 100" in verdict.sentence
    assert "it would be from about 540 draws on" in verdict.sentence


def test_the_upper_bound_of_a_quantile_that_the_sample_cannot_see():
    """n < ln(.025)/ln(.999) = 3,688."""
    rng = np.random.default_rng(1)
    few, enough = (quantile_estimate(rng.random(n), 0.999) for n in (3687, 3688))
    assert few.interval[1] == math.inf
    assert "it takes 3,688" in few.verdict
    assert enough.interval[1] < 1
    run = ts.simulate(ts.Portfolio.of(HEAVY, 3), n_trials=1000, rng=1)
    assert run.quantile(0.999).interval[1] == math.inf
    assert "too few to bound" in run.quantile(0.999).verdict


def test_a_probability_from_fewer_than_ten_hits():
    assert proportion(10, 1000).verdict is None
    assert "at most 0.017" in proportion(9, 1000).verdict
    run = ts.simulate(ts.Portfolio.of(ts.Pareto(3), 3), n_trials=1000, rng=1)
    chance = run.prob_at_least(1000)
    assert (chance.value, chance.interval[1]) == (0, pytest.approx(1 - 0.025 ** (1 / 1000), rel=1e-9))
    assert "no hit in 1,000" in chance.verdict
    assert "use total_tail_probability(portfolio, x=3000), or more trials" in chance.verdict
    assert ts.total_tail_probability(ts.Pareto(3), 3, 3000.0, n_trials=1000, rng=1).value == pytest.approx(
        3 * ts.Pareto(3).sf(3000.0), rel=0.01
    )


def test_a_tail_index_from_fewer_than_ten_exceedances():
    x = ts.Pareto(1.5).rvs(100, rng=1)
    nine, ten = ts.hill(x, 9), ts.hill(x, 10)
    assert "only 9 points" in nine.verdict
    assert "only" not in (ten.verdict or "")
    for e in (nine, ten):
        assert 0 < e.interval[0] < e.value < e.interval[1]
    assert "fewer than 10" in ts.mean_estimate(x[:80]).verdict


def test_one_best_number_of_bets_where_the_trials_cannot_tell_it_from_others():
    bet = ts.Bet(ts.ZeroInflated(ts.Pareto(1.5), 0.65))
    found = ts.optimal_bet_count(bet, ts.MedianMultiple(), max_bets=30, n_trials=2000, rng=1)
    assert len(found.plateau_set) > 1
    assert found.n_bets in found.plateau_set
    assert found.at_edge
    assert "cannot be told from that at 95 %, and the edge of the range is among them" in found.verdict


def test_shares_of_a_total_that_is_zero_or_beyond_the_largest_double():
    for data in ([0.0, 0.0], [1e308, 1e308, -1.0]):
        with pytest.raises(UndefinedMomentError):
            ts.top_share(data, fraction=0.5)
    run = ts.simulate(ts.Portfolio.of(ts.Constant(0), 3), n_trials=100, rng=1)
    with pytest.raises(UndefinedMomentError, match="nothing was paid in any trial"):
        run.max_share()
    huge = ts.simulate(ts.Portfolio.of(ts.Constant(1e308), 3), n_trials=100, rng=1)
    with pytest.raises(UndefinedMomentError, match="exceeds the largest double"):
        huge.max_share()
    assert huge.n_overflowed == 100
