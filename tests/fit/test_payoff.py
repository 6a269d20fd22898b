"""Whole laws from past bets: what was put in comes back, with its uncertainty, its rivals and its verdict."""

import math

import numpy as np
import pytest

import tailsim as ts
from tailsim import presets
from tailsim.errors import ArgumentError, DataError
from tailsim.fit.splice import Sample, _cut_index

BASE = ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65)
PAST = BASE.rvs(3000, rng=4)


@pytest.fixture(scope="module")
def fit():
    return ts.fit_payoff(PAST)


@pytest.fixture(scope="module")
def npm():
    return ts.fit_payoff(presets.open_source().values)


def test_zeros_body_and_tail_come_back(fit):
    assert fit.n == 3000
    assert fit.p_zero.value == np.mean(PAST == 0.0)
    assert fit.p_zero.interval[0] < 0.65 < fit.p_zero.interval[1]
    assert fit.tail_index.interval[0] < 1.5 < fit.tail_index.interval[1]
    assert fit.cap == math.inf
    chance = fit.answer(lambda law: law.sf(20.0))
    assert chance.interval[0] < BASE.sf(20.0) < chance.interval[1]


def test_the_law_holds_the_body_as_it_was(fit):
    x = np.sort(PAST[fit.threshold > PAST])
    at = x[:: max(1, x.size // 20)]
    np.testing.assert_allclose(fit.payoff.cdf(at), [np.mean(value >= PAST) for value in at], rtol=1e-12)
    assert fit.payoff.sf(fit.threshold) == pytest.approx(fit.p_tail, rel=1e-12)
    assert fit.payoff.sf(10 * fit.threshold) == pytest.approx(fit.p_tail * 10**-fit.payoff.tail_index, rel=1e-9)


def test_the_law_is_ready_for_simulate_with_its_uncertainty(fit):
    plain = ts.simulate(ts.Portfolio.of(fit.payoff, 50), n_trials=8000, rng=1)
    unsure = ts.simulate(ts.Portfolio.of(fit.uncertain, 50), n_trials=8000, rng=1)
    assert plain.failure_rate().value == pytest.approx(fit.p_zero.value, abs=0.005)
    assert unsure.n_failures.var() > plain.n_failures.var()
    assert fit.uncertain is fit.uncertain
    assert fit.uncertain.tail_index == min(law.tail_index for law in fit.uncertain.laws)


def test_the_same_seed_gives_the_same_laws(fit):
    again = ts.fit_payoff(PAST)
    assert again.uncertain == fit.uncertain
    assert ts.fit_payoff(PAST, rng=1).uncertain != fit.uncertain


def test_multiples_are_payoffs_over_stakes():
    stakes = np.linspace(1, 3, PAST.size)
    assert ts.fit_payoff(PAST * stakes, stake=stakes).threshold == pytest.approx(ts.fit_payoff(PAST).threshold)
    assert ts.fit_payoff({"x": PAST * 2, "s": np.full(PAST.size, 2.0)}, payoff="x", stake="s").payoff.sf(5.0) == (
        ts.fit_payoff(PAST).payoff.sf(5.0)
    )


@pytest.mark.parametrize(
    ("law", "family"),
    [
        (ts.Pareto(1.5), "pareto"),
        (ts.LogNormal(0, 1.5), "lognormal"),
        (ts.BurrXII(2, 0.75), "burr"),
        (ts.Frechet(1.5), "frechet"),
        (ts.Weibull(0.5), "weibull"),
    ],
)
def test_the_true_family_is_not_rejected_and_foretells_best(law, family):
    found = ts.fit_payoff(law.rvs(5000, rng=8))
    assert not found.rival(family).rejected
    assert found.rivals[0].family == family
    assert found.rival("lognormal").rejected == (family != "lognormal")
    assert "lognormal" in found.verdict


def test_parameters_of_rivals_are_those_of_scipy():
    from scipy import stats

    x = ts.Weibull(0.6, 3.0).rvs(2000, rng=2)
    found = ts.fit_payoff(x)
    shape, _, scale = stats.weibull_min.fit(x, floc=0)
    assert found.rival("weibull").law.shape == pytest.approx(shape, rel=1e-3)
    assert found.rival("weibull").log_likelihood == pytest.approx(
        stats.weibull_min(shape, scale=scale).logpdf(x).sum(), abs=1e-3
    )
    logs = np.log(x)
    assert found.rival("lognormal").law.mu == pytest.approx(logs.mean(), rel=1e-4)
    assert found.rival("lognormal").law.sigma == pytest.approx(logs.std(), rel=1e-4)
    n = stats.lognorm(logs.std(), scale=math.exp(logs.mean())).logpdf(x).sum()
    assert found.rival("lognormal").aic == pytest.approx(4 - 2 * n, abs=1e-3)


def test_a_tail_of_nearly_all_outcomes_has_rivals():
    found = [ts.fit_payoff(ts.Pareto(1.5).rvs(500, rng=seed)) for seed in range(500_000, 500_006)]
    assert not any(fit.rival("pareto").rejected for fit in found)
    assert all(fit.rival("lognormal").rejected for fit in found)


def test_distances_of_rivals_are_those_of_scipy():
    from scipy import stats

    x = ts.LogNormal(0, 1).rvs(500, rng=5)
    found = ts.fit_payoff(x)
    for rival in found.rivals:
        assert rival.ks == pytest.approx(stats.kstest(x, rival.law.cdf).statistic, abs=1e-9)


@pytest.mark.parametrize("law", [ts.Pareto(0.02), ts.Affine(ts.Uniform(0, 1), 0.01, 10.0), ts.Uniform(0, 1)])
def test_extreme_spreads_have_verdicts(law):
    found = ts.fit_payoff(law.rvs(300, rng=1))
    assert "lognormal" in found.verdict
    assert sum(rival.settled for rival in found.rivals) > 5


def test_held_out_likelihood_is_that_of_the_fifths_left_out():
    x = np.sort(ts.LogNormal(0, 1).rvs(400, rng=1))
    rng = np.random.default_rng(np.random.SeedSequence(0))
    fold = rng.permutation(400) % 5
    terms = []
    for k in range(5):
        logs = np.log(x[fold != k])
        left = np.log(x[fold == k])
        mu, sigma = logs.mean(), logs.std()
        terms += (-0.5 * ((left - mu) / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi)) - left).tolist()
    assert ts.fit_payoff(x).rival("lognormal").held_out == pytest.approx(np.mean(terms), rel=1e-6)


def test_a_tail_that_ends_is_cut_and_one_that_does_not_is_not():
    """Aban, Meerschaert and Panorska 2006: the likelihood equation at its root, and the test on both sides."""
    law = ts.Truncated(ts.Pareto(0.7), high=50.0)
    found = ts.fit_payoff(law.rvs(2000, rng=3), threshold=1.0)
    x = law.rvs(2000, rng=3)
    assert found.cap == x.max()
    index = found._splice.tail_index
    logs, end = np.log(x), math.log(x.max())
    ratio = math.exp(-index * end)
    assert 1 / index - end * ratio / (1 - ratio) == pytest.approx(logs.mean(), rel=1e-9)
    assert found.tail_index.interval[0] < 0.7 < found.tail_index.interval[1]
    assert min(law.support[1] for law in found.uncertain.laws) >= x.max()
    assert "where it ends" in found.verdict
    assert ts.fit_payoff(x, cap=math.inf).cap == math.inf
    assert ts.fit_payoff(x, cap=60.0).cap == 60.0
    cut = [ts.fit_payoff(ts.Pareto(0.7).rvs(500, rng=i), threshold=1.0).cap < math.inf for i in range(200)]
    assert sum(cut) <= 11  # 1 in 100 by chance: false alarm 2e-6


def test_the_index_of_a_cut_tail_goes_to_that_of_an_endless_one():
    logs = np.random.default_rng(1).exponential(1 / 1.5, 1000)
    assert _cut_index(logs, 1e3) == pytest.approx(1 / logs.mean(), rel=1e-12)


def test_open_bets_are_worth_at_least_what_they_are():
    """Kaplan and Meier's estimate on four outcomes, by hand, and the censored Hill estimate."""
    sample = Sample.of(np.array([1.0, 2.0, 2.0, 5.0]), np.array([False, False, True, False]))
    assert sample.weights().tolist() == pytest.approx([0.25, 0.25, 0.0, 0.5])
    x = ts.Pareto(1.5).rvs(4000, rng=5)
    stop = ts.Pareto(1.0).rvs(4000, rng=6)
    seen, still = np.minimum(x, stop), x > stop
    found = ts.fit_payoff(seen, still_open=still, threshold=1.0)
    assert found.n_open == still.sum()
    assert found.tail_index.value == pytest.approx((~still).sum() / np.log(seen).sum(), rel=1e-12)
    assert found.tail_index.interval[0] < 1.5 < found.tail_index.interval[1]
    assert found.tail_index.value < ts.fit_payoff(seen, threshold=1.0).tail_index.value
    assert not found.rival("pareto").rejected


def test_an_open_bet_worth_nothing_says_nothing():
    past = np.concatenate([PAST, np.zeros(500)])
    still = np.arange(past.size) >= PAST.size
    assert ts.fit_payoff(past, still_open=still).p_zero.value == ts.fit_payoff(PAST).p_zero.value


def test_threshold_and_cap_effects_are_stated(fit):
    effects = fit.thresholds
    assert fit.threshold in [effect.threshold for effect in effects]
    x = np.sort(PAST)
    for effect in effects:
        tail = x[x >= effect.threshold]
        assert effect.n_tail == tail.size
        assert effect.tail_index == pytest.approx(1 / np.log(tail / effect.threshold).mean(), rel=1e-12)
        assert f"{effect.threshold:.4g}" in fit.verdict
    largest, ten, never = fit.caps
    assert (largest.cap, ten.cap, never.cap) == (PAST.max(), 10 * PAST.max(), math.inf)
    assert largest.mean < ten.mean < never.mean == pytest.approx(fit.payoff.mean())
    assert largest.top_share < ten.top_share < never.top_share


def test_samples_of_the_law_look_like_the_data(fit):
    facts = fit.check(hurdle=2.0)
    assert [fact.data for fact in facts] == [np.mean(PAST < 2.0), np.median(PAST), ts.top_share(PAST, fraction=0.01)]
    assert all(fact.agrees for fact in facts)
    assert fit.goodness(100).interval[1] > 0.1


def test_a_tail_of_another_kind_is_rejected():
    x = np.concatenate([np.full(300, 0.5), 1.0 + np.random.default_rng(1).random(3000)])
    found = ts.fit_payoff(x, threshold=1.0, cap=math.inf)
    assert found.goodness(40).interval[1] < 0.1


def test_open_source_downloads(npm):
    """Share below 100, median and top share agree with the sample; the population's stand beside them."""
    facts = npm.check(hurdle=100.0, n_samples=60)
    assert all(fact.agrees for fact in facts)
    population = presets.OPEN_SOURCE_POPULATION
    below, median, share = facts
    assert below.data == pytest.approx(population.share_below[100], abs=0.01)
    assert median.interval[0] <= population.median <= median.interval[1]
    assert share.interval[0] <= population.top_share[0.01] <= share.interval[1]


def test_open_source_verdict_says_what_threshold_and_cap_do(npm):
    assert npm.cap == presets.open_source().values.max()
    assert npm.beyond > 10
    said = npm.verdict
    for words in ("where it ends", "Where the tail starts decides its index", "would be expected and none was seen"):
        assert words in said
    assert "A lognormal is rejected" in said
    assert npm.caps[2].mean == math.inf


@pytest.mark.parametrize(
    ("table", "how", "said"),
    [
        ([1.0, np.nan] * 50, {}, "got nan at position 1"),
        ([1.0, np.inf] * 50, {}, "got inf at position 1"),
        ([1.0, -2.0] * 50, {}, r"payoffs must be at least 0 \(what a bet paid, gross, not its profit\), got -2.0 at"),
        ([3.0] * 100, {}, "at least 5 different outcomes above 0 for a tail to be fitted, got 1; use Empirical"),
        ([1.0, 2.0] * 50, {}, "at least 5 different outcomes above 0 for a tail to be fitted, got 2"),
        ([1.0, 2.0, 3.0], {}, "at least 20 finished bets that paid more than 0, got 3 of 3; use Empirical"),
        ([0.0] * 100, {}, "at least 20 finished bets that paid more than 0, got 0 of 100"),
        (PAST, {"threshold": 1e9}, r"threshold must leave at least 10 finished outcomes in the tail, .* leaves 0"),
        (PAST, {"threshold": -1}, "threshold must be a finite number above 0, got -1"),
        (PAST, {"cap": 2.0}, "cap must be at least the largest multiple"),
        (PAST, {"still_open": [True] * PAST.size}, "got 0 of 3000"),
        (PAST, {"group": ["a"] * PAST.size}, "group must hold at least two groups to pool, got 1"),
        ({"paid": PAST}, {"payoff": "payed"}, "did you mean 'paid'"),
    ],
)
def test_bad_data_are_refused_in_one_sentence(table, how, said):
    with pytest.raises(ArgumentError, match=said) as refusal:
        ts.fit_payoff(table, **how)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


def test_open_bets_have_no_goodness_of_fit():
    found = ts.fit_payoff(PAST, still_open=np.arange(PAST.size) == 5)
    with pytest.raises(DataError, match="goodness of fit needs finished bets only"):
        found.goodness(20)
