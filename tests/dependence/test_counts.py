"""Random numbers of bets: their laws against mpmath and scipy, and portfolios that hold them."""

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

import tailsim as ts
from tests.payoffs.conformance import two_sided

from .helpers import MODELS, ZEROS

BET = ts.Bet(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 2)
LAWS = {
    "poisson": (ts.PoissonCount(3.7), stats.poisson(3.7)),
    "poisson, many": (ts.PoissonCount(20_000.0), stats.poisson(20_000.0)),
    "poisson, few": (ts.PoissonCount(1e-3), stats.poisson(1e-3)),
    "binomial": (ts.BinomialCount(50, 0.3), stats.binom(50, 0.3)),
    "binomial, likely": (ts.BinomialCount(2000, 0.999), stats.binom(2000, 0.999)),
    "geometric": (ts.GeometricCount(0.2), stats.geom(0.2, loc=-1)),
    "geometric, long": (ts.GeometricCount(1e-4), stats.geom(1e-4, loc=-1)),
}
every_law = pytest.mark.parametrize(("law", "oracle"), LAWS.values(), ids=LAWS.keys())


@every_law
def test_probabilities_and_moments_agree_with_scipy(law, oracle):
    k = np.unique(oracle.isf([1 - 1e-9, 0.9, 0.5, 0.1, 1e-3, 1e-9, 1e-12]))
    np.testing.assert_allclose(law.pmf(k), oracle.pmf(k), rtol=1e-9)
    np.testing.assert_allclose(law.sf(k), oracle.sf(k), rtol=1e-9)
    assert (law.mean(), law.var()) == pytest.approx(oracle.stats("mv"), rel=1e-12)
    assert law.pmf(0.5) == law.pmf(-1) == 0.0
    assert law.sf(-1) == 1.0
    assert law.sf(2.5) == law.sf(2)


def test_a_poisson_tail_is_right_to_1e_12_down_to_the_smallest_double():
    law = ts.PoissonCount(3.7)
    with mp.workdps(60):
        for k in (0, 3, 20, 60, 150):
            true = mp.gammainc(k + 1, 0, mp.mpf(3.7), regularized=True)
            assert abs(law.sf(k) / true - 1) < 1e-12
    assert 0.0 < law.sf(law.isf(2.0**-1060) - 1) < 1e-300


@every_law
def test_isf_is_the_smallest_number_with_so_small_a_chance_of_more(law, oracle):
    p = np.concatenate([2.0 ** -np.arange(0.0, 1070, 13), np.linspace(0.01, 0.99, 41)])
    k = law.isf(p)
    assert np.all(law.sf(k) <= p * (1 + 1e-12))
    assert np.all(law.sf(k - 1) >= p * (1 - 1e-12))
    assert law.isf(1.0) == 0.0 or law.sf(law.isf(1.0) - 1) == 1.0


@every_law
def test_draws_follow_the_law(law, oracle):
    """n = 50,000: counts at four quantiles by the exact binomial at 1e-6 each."""
    n = law.rvs(50_000, rng=3)
    assert n.dtype == np.int64
    for k in np.unique(oracle.isf([0.9, 0.5, 0.1, 1e-3])):
        assert two_sided(int((n > k).sum()), 50_000, float(oracle.sf(k))) > 1e-6
    assert np.array_equal(law.rvs(5000, rng=3), n[:5000])
    assert law.rvs(rng=3) == n[0]


def test_certain_counts():
    assert ts.BinomialCount(5, 1).rvs(100, rng=1).tolist() == [5] * 100
    assert ts.BinomialCount(5, 0).isf(1e-300) == 0
    assert ts.GeometricCount(1).rvs(100, rng=1).tolist() == [0] * 100
    assert (ts.GeometricCount(1).pmf(0), ts.GeometricCount(1).sf(0)) == (1.0, 0.0)
    plain, sure = (ts.simulate(ts.Portfolio.of(BET, n), n_trials=5000, rng=1) for n in (5, ts.BinomialCount(5, 1)))
    for column in ("totals", "largest", "n_failures", "multiples", "spent"):
        assert np.array_equal(getattr(plain, column), getattr(sure, column))
    assert plain.failure_rate() == sure.failure_rate()
    assert plain.gini().value == pytest.approx(sure.gini().value, rel=1e-12)


@pytest.fixture(scope="module")
def run():
    return ts.simulate(ts.Portfolio.of(BET, ts.PoissonCount(3)), n_trials=9000, rng=1)


def test_each_trial_enters_its_own_number_of_bets(run):
    full = ts.simulate(ts.Portfolio.of(BET, 20), n_trials=9000, rng=1)
    entered = ts.PoissonCount(3).rvs(9000, rng=1)
    assert np.array_equal(run.spent, 2.0 * entered)
    for trial in (0, 1, 2, 4096, 8999):
        payoffs = run.replay(trial)
        assert len(payoffs) == entered[trial]
        assert np.array_equal(payoffs, full.replay(trial)[: len(payoffs)])
        assert payoffs.sum() == pytest.approx(run.totals[trial], rel=1e-12)
        assert np.count_nonzero(payoffs < 2) == run.n_failures[trial]


def test_trials_that_spend_nothing_have_no_multiple_and_are_counted(run):
    idle = run.spent == 0
    assert run.n_idle == idle.sum() > 300
    assert np.array_equal(np.isnan(run.multiples), idle)
    assert np.array_equal(np.isnan(run.largest), idle)
    assert (run.totals[idle] == 0).all()
    defined = run.multiples[~idle]
    chance = run.prob_at_least(1)
    assert chance.n == len(defined)
    assert chance.value == np.mean(defined >= 1)
    assert chance.verdict == f"undefined in {run.n_idle} of 9,000 trials, which entered no bet"
    assert run.median().value == np.sort(defined)[-(-len(defined) // 2) - 1]
    worst = np.sort(defined)[: len(defined) // 2].mean()
    assert run.expected_shortfall(0.5).value == pytest.approx(worst, abs=1e-3)
    assert "no bet entered" in repr(run)
    assert "PoissonCount(mean=3.0) bets" in repr(run)


def test_the_failure_rate_is_over_the_bets_entered(run):
    rate = run.failure_rate()
    assert rate.n == run.spent.sum() / 2
    assert rate.value == run.n_failures.sum() / rate.n
    assert rate == run.failure_rate("stake")
    tied = ts.simulate(ts.Portfolio.of(BET, ts.PoissonCount(3), MODELS["gaussian"]), n_trials=9000, rng=1)
    part = tied.n_failures[tied.spent > 0] / (tied.spent[tied.spent > 0] / 2)
    assert tied.failure_rate().value == pytest.approx(part.mean(), rel=1e-12)
    assert tied.failure_rate().n == np.count_nonzero(tied.spent)


def test_the_mean_multiple_does_not_depend_on_the_number_of_bets(run):
    assert run.mean().value == pytest.approx(1.05 / 2)


def test_shares_are_over_the_bets_entered(run):
    defined = [trial for trial in range(300) if run.totals[trial] > 0]
    short = ts.simulate(run.portfolio, n_trials=300, rng=1)
    payoffs = [np.sort(short.replay(trial)) for trial in defined]
    top2 = np.mean([x[-2:].sum() / x.sum() for x in payoffs])
    gini = np.mean([ts.gini(x) for x in payoffs])
    effective = np.mean([x.sum() ** 2 / (x * x).sum() for x in payoffs])
    assert short.top_share(k=2).value == pytest.approx(top2, rel=1e-12)
    assert short.gini().value == pytest.approx(gini, rel=1e-9)
    assert short.n_effective().value == pytest.approx(effective, rel=1e-12)
    assert short.top_share(k=28).value == 1.0
    with pytest.raises(ts.UndefinedMomentError, match="takes no fractions where the number of bets is random"):
        short.top_share(fraction=0.1)
    with pytest.raises(ts.UndefinedMomentError, match="takes no fractions"):
        short.concentration([0.1])


@pytest.mark.parametrize("dependence", [None, [MODELS["student"], ts.CommonShock(0.1, 0.5)]])
def test_the_same_bits_for_any_number_of_workers_and_fewer_trials(dependence):
    portfolio = ts.Portfolio.of(ZEROS, ts.GeometricCount(0.1), dependence)
    one, many = (ts.simulate(portfolio, n_trials=12_000, n_workers=n, rng=2) for n in (1, 3))
    assert same_but_for_nan(one, many)
    short = ts.simulate(portfolio, n_trials=4100, rng=2)
    assert np.array_equal(short.totals, one.totals[:4100])


def same_but_for_nan(a, b):
    equal = np.array_equal(a.largest, b.largest, equal_nan=True) and np.array_equal(a.totals, b.totals)
    return equal and a.digest() == b.digest() and np.array_equal(a.n_failures, b.n_failures)


def test_laws_without_a_kernel_and_signed_ones_draw_what_they_draw_in_fixed_numbers():
    for law in (ts.Mixture([ts.Pareto(1.1), ts.Lomax(1.2, 5)], [0.4, 0.6]), -1 * ts.Pareto(1.5)):
        full = ts.simulate(ts.Portfolio.of(law, 9), n_trials=300, rng=1)
        some = ts.simulate(ts.Portfolio.of(law, ts.BinomialCount(9, 0.5)), n_trials=300, rng=1)
        for trial in range(0, 300, 7):
            payoffs = some.replay(trial)
            assert np.array_equal(payoffs, full.replay(trial)[: len(payoffs)])
            if len(payoffs):
                assert some.largest[trial] == payoffs.max()


def test_kept_and_summary_answers_agree():
    portfolio = ts.Portfolio.of(BET, ts.PoissonCount(2))
    kept, summary = (ts.simulate(portfolio, n_trials=9000, keep=keep, rng=1) for keep in ("trials", "summary"))
    assert kept.digest() == summary.digest()
    assert kept.prob_at_least(1) == summary.prob_at_least(1)
    assert summary.quantile(0.9).value == pytest.approx(kept.quantile(0.9).value, rel=4e-3)


def test_nothing_entered_at_all():
    run = ts.simulate(ts.Portfolio.of(BET, ts.PoissonCount(1e-12)), n_trials=10, rng=1)
    assert run.n_idle == 10
    assert len(run.replay(3)) == 0
    for answer in (run.failure_rate, run.median, lambda: run.prob_at_least(1)):
        with pytest.raises(ts.UndefinedMomentError, match="no trial entered a bet"):
            answer()


def test_the_digest_sees_the_count():
    counts = [3, ts.PoissonCount(3), ts.PoissonCount(3 + 2**-51), ts.BinomialCount(6, 0.5), ts.GeometricCount(0.25)]
    assert len({ts.simulate(ts.Portfolio.of(BET, n), n_trials=100, rng=1).digest() for n in counts}) == 5


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ts.PoissonCount(0), r"mean must be a number above 0 and at most 5,000,000, got 0"),
        (lambda: ts.PoissonCount(np.inf), r"mean must be a number above 0"),
        (lambda: ts.BinomialCount(0, 0.5), r"n must be a whole number from 1 to 10,000,000, got 0"),
        (lambda: ts.BinomialCount(5, 1.5), r"p must be a probability between 0 and 1, got 1.5"),
        (lambda: ts.GeometricCount(0), r"p must be a probability of at least 5e-6 and at most 1, got 0"),
        (lambda: ts.PoissonCount(3).isf(0), r"p must be probabilities above 0 and at most 1, got 0"),
        (lambda: ts.PoissonCount(3).rvs(-1), r"size must be None or a whole number of at least 0, got -1"),
        (lambda: ts.Portfolio([BET], count=3), r"count must be PoissonCount, GeometricCount or BinomialCount"),
        (
            lambda: ts.Portfolio([BET, BET], count=ts.PoissonCount(3)),
            r"bets must be one bet where their number is random, got '2 bets'",
        ),
        (
            lambda: ts.Portfolio.of(BET, ts.PoissonCount(3), ts.Correlation([[1.0]])),
            r"dependence must correlate as many bets as the portfolio has, got a matrix for 1 and a random number of",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, said):
    with pytest.raises(ts.ArgumentError, match=f"^{said}") as error:
        call()
    assert str(error.value).endswith(".")
