"""The answers of a Simulation against naive NumPy over its own trials, with and without kept columns."""

import math

import numpy as np
import pytest

import tailsim as ts
from tailsim.stats.accumulate import BIN_ERROR

N = 20_000
TABLE = ts.Buckets([0, 1, 5, 50], [0.6, 0.3, 0.09, 0.01], ["uniform", "loguniform", "loguniform"], ts.Pareto(1.42, 50))
PORTFOLIOS = {
    "venture": ts.Portfolio.of(TABLE, 10),
    "unlike stakes": ts.Portfolio(
        [ts.Bet(TABLE, 2), ts.Bet(ts.ZeroInflated(ts.Pareto(1.5), 0.8), 0.3), ts.Bet(ts.LogNormal(0, 1), 7.1)]
    ),
    "many zeros": ts.Portfolio.of(ts.ZeroInflated(ts.Lomax(0.8), 0.9), 3),
    "signed": ts.Portfolio.of(ts.Lomax(1.5) - 1, 4),
    "losses": ts.Portfolio.of(-1 * ts.Exponential(), 4),
    "few values": ts.Portfolio.of(ts.Empirical([0.0, 1.0, 3.0]), 2),
}
EVERY = pytest.mark.parametrize("name", PORTFOLIOS)


@pytest.fixture(scope="module")
def runs():
    """(kept, without columns) of every portfolio."""
    return {
        name: tuple(ts.simulate(p, n_trials=N, rng=1, keep=keep) for keep in ("trials", "summary"))
        for name, p in PORTFOLIOS.items()
    }


# ---- chances and quantiles


@EVERY
def test_chance_of_a_multiple_is_its_share_of_the_trials(runs, name):
    kept, _ = runs[name]
    for multiple in (-2.0, -0.5, 0.0, 0.3, 1.0, 2.5, 1e6):
        estimate = kept.prob_at_least(multiple)
        assert estimate.value == np.mean(kept.multiples >= multiple)
        assert estimate.interval[0] <= estimate.value <= estimate.interval[1]
        assert estimate.n == N


@EVERY
def test_chance_of_a_whole_multiple_is_exact_without_columns(runs, name):
    kept, without = runs[name]
    for multiple in (-3, -1, 0, 1, 2, 3, 7, 100, 511, 512, 0.5, 1.5):
        expected = kept.prob_at_least(multiple)
        got = without.prob_at_least(multiple)
        if multiple > 0 or name not in ("signed", "losses"):
            assert got.interval == expected.interval
            assert got.value == expected.value
        assert got.interval[0] <= expected.value <= got.interval[1]


@EVERY
def test_chance_of_any_multiple_is_known_to_a_bin_without_columns(runs, name):
    kept, without = runs[name]
    for multiple in (-0.77, 0.123, 0.999, 1.777, 3.3, 12.7):
        exact, binned = kept.prob_at_least(multiple), without.prob_at_least(multiple)
        beside = np.abs(kept.multiples / multiple - 1) <= 2 * BIN_ERROR
        assert abs(binned.value - exact.value) <= np.mean(beside) / 2 + 1 / N
        assert binned.interval[0] <= exact.interval[0] + 1e-12
        assert binned.interval[1] >= exact.interval[1] - 1e-12


@EVERY
def test_quantile_is_an_order_statistic(runs, name):
    """The smallest trial with at least q of all trials at or below it; the interval from binomial counts."""
    from scipy import stats

    kept, _ = runs[name]
    x = np.sort(kept.multiples)
    for q in (0.0001, 0.05, 0.25, 0.5, 0.9, 0.999):
        estimate = kept.quantile(q)
        assert estimate.value == x[math.ceil(q * N) - 1]
        low, high = (
            int(np.searchsorted(x, end, side=side))
            for end, side in zip(estimate.interval, ("left", "right"), strict=True)
        )
        covered = stats.binom.cdf(high - 1, N, q) - stats.binom.cdf(low - 1, N, q)
        assert covered >= 0.95
        assert estimate.method == "order statistics"
    assert kept.median().value == kept.quantile(0.5).value


@EVERY
def test_quantile_is_known_to_a_bin_without_columns(runs, name):
    kept, without = runs[name]
    for q in (0.0001, 0.05, 0.25, 0.5, 0.9, 0.999):
        exact, binned = kept.quantile(q), without.quantile(q)
        assert abs(binned.value - exact.value) <= BIN_ERROR * abs(exact.value) * (1 + 1e-12)
        assert binned.interval[0] <= exact.interval[0] + 1e-300
        assert binned.interval[1] >= exact.interval[1] - 1e-300
        assert "bins" in binned.method


def test_a_quantile_that_the_trials_do_not_bound_says_so():
    for keep in ("trials", "summary"):
        run = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 2), n_trials=3688, rng=1, keep=keep)
        assert run.quantile(0.999).interval[1] < math.inf
        run = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 2), n_trials=3000, rng=1, keep=keep)
        estimate = run.quantile(0.999)
        assert estimate.interval[1] == math.inf
        assert estimate.std_error == math.inf
        assert estimate.verdict is not None
        assert run.quantile(0.0001).interval[0] == -math.inf


# ---- failures


@EVERY
def test_failure_rate_counts_failed_bets(runs, name):
    kept, without = runs[name]
    n_bets = kept.portfolio.n_bets
    estimate = kept.failure_rate()
    assert estimate.value == kept.n_failures.sum() / (N * n_bets)
    assert estimate.n == N * n_bets
    assert repr(without.failure_rate()) == repr(estimate)


def test_failure_rate_by_stake_weighs_unlike_stakes(runs):
    kept, without = runs["unlike stakes"]
    stakes = np.array([bet.stake for bet in kept.portfolio.bets])
    few = ts.simulate(kept.portfolio, n_trials=600, rng=1)
    x = np.array([few.replay(i) for i in range(600)])
    lost = ((x < stakes) * stakes).sum(axis=1) / stakes.sum()
    estimate = few.failure_rate("stake")
    assert estimate.value == pytest.approx(lost.mean(), rel=1e-13)
    assert estimate.std_error == pytest.approx(lost.std(ddof=1) / math.sqrt(600), rel=1e-9)
    assert estimate.n == 600
    assert repr(without.failure_rate("stake")) == repr(kept.failure_rate("stake"))
    assert abs(kept.failure_rate("stake").value - estimate.value) < 5 * estimate.std_error


def test_failure_rate_by_stake_of_like_stakes_is_the_one_by_bets(runs):
    kept, _ = runs["venture"]
    assert repr(kept.failure_rate("stake")) == repr(kept.failure_rate())


def test_failure_rate_by_stake_is_one_where_every_bet_fails():
    """Stakes whose sum in order exceeds the exact one: no share may leave [0, 1]."""
    rng = np.random.default_rng(0)
    while True:
        stakes = rng.uniform(0.1, 100, 40)
        total = 0.0
        for stake in stakes.tolist():
            total += stake
        if total / math.fsum(stakes) > 1 + 5e-16:
            break
    bets = [ts.Bet(ts.Constant(0), stake) for stake in stakes]
    run = ts.simulate(ts.Portfolio(bets), n_trials=2**22, rng=1, keep="summary")
    assert run.failure_rate("stake").value == 1.0


# ---- mean and shortfall


def test_mean_is_that_of_the_declared_laws(runs):
    kept, _ = runs["unlike stakes"]
    expected = sum(bet.payoff.mean() for bet in kept.portfolio.bets) / sum(bet.stake for bet in kept.portfolio.bets)
    assert kept.mean().value == pytest.approx(expected, rel=1e-13)
    assert kept.mean().std_error == 0.0
    assert kept.mean().verdict


def test_a_mean_that_does_not_exist_is_infinite_or_refused(runs):
    infinite = runs["many zeros"][0].mean()
    assert (infinite.value, infinite.std_error) == (math.inf, math.inf)
    assert "not exist" in infinite.verdict or "infinite" in infinite.verdict
    both = ts.simulate(ts.Portfolio([ts.Pareto(0.9), -1 * ts.Pareto(0.9)]), n_trials=10, rng=1)
    with pytest.raises(ts.UndefinedMomentError, match=r"median.*\.$"):
        both.mean()


@pytest.mark.parametrize("name", ["venture", "unlike stakes", "many zeros", "signed", "few values"])
@pytest.mark.parametrize("worst", [0.0123, 0.05, 0.5, 0.9999])
def test_expected_shortfall_averages_the_worst_trials(runs, name, worst):
    """Of worst * n trials, the last one in part."""
    kept, without = runs[name]
    x = np.sort(kept.multiples)
    whole = math.floor(worst * N)
    naive = (x[:whole].sum() + (worst * N - whole) * x[min(whole, N - 1)]) / (worst * N)
    estimate = kept.expected_shortfall(worst)
    assert estimate.value == pytest.approx(naive, rel=1e-9, abs=1e-12)
    assert estimate.interval[0] <= estimate.value <= estimate.interval[1]
    scale = np.abs(x[: whole + 1]).mean() + abs(x[min(whole, N - 1)])
    assert abs(without.expected_shortfall(worst).value - naive) <= 2 * BIN_ERROR * scale


def test_expected_shortfall_without_a_lower_bound_is_refused(runs):
    with pytest.raises(ts.UndefinedMomentError, match=r"lower bound.*quantile.*\.$"):
        runs["losses"][0].expected_shortfall()


def test_expected_shortfall_of_trials_that_mostly_overflow_is_no_silent_nan():
    run = ts.simulate(ts.Portfolio.of(ts.Pareto(0.001), 3), n_trials=4096, rng=1)
    assert run.expected_shortfall(0.05).value < math.inf
    try:
        assert run.expected_shortfall(0.9).value == math.inf
    except ts.TailsimError as error:
        assert str(error).endswith(".")  # noqa: PT017


def test_coverage_of_the_shortfall_interval():
    """Uniform payoffs, worst tenth: expectation .05; 95 % intervals miss at most 7 times in 60 (probability 1e-3)."""
    truth = 0.05
    missed = 0
    for seed in range(60):
        low, high = (
            ts.simulate(ts.Portfolio.of(ts.Uniform(), 1), n_trials=4096, rng=seed).expected_shortfall(0.1).interval
        )
        missed += not low <= truth <= high
    assert missed <= 9  # P(Bin(60, .05) > 9) < 1e-3; of 60 fixed seeds


# ---- how it looks


@EVERY
@pytest.mark.parametrize("n_trials", [1, 2, 5000])
@pytest.mark.parametrize("keep", ["trials", "summary"])
def test_text_and_html_hold_for_any_run(name, n_trials, keep):
    run = ts.simulate(PORTFOLIOS[name], n_trials=n_trials, rng=1, keep=keep)
    text, html = repr(run), run._repr_html_()
    assert f"{n_trials:,} trials" in text.splitlines()[0]
    assert "seed 1" in text
    assert "nan" not in text.lower()
    assert html.startswith("<table")
    assert html.count("<tr>") == len(text.splitlines()) - 1


def test_html_escapes_and_a_repr_of_nothing_paid_says_so():
    run = ts.simulate(ts.Portfolio.of(ts.Constant(0), 3), n_trials=10, rng=1)
    assert "nothing was paid" in repr(run)
    assert "<script" not in run._repr_html_()


def test_frame_holds_one_row_a_trial(runs):
    pytest.importorskip("pandas")
    kept, without = runs["venture"]
    frame = kept.to_frame()
    assert frame.shape[0] == N
    assert frame.index.name == "trial"
    assert np.array_equal(frame["paid"], kept.totals)
    assert np.array_equal(frame["multiple"], kept.multiples)
    assert np.array_equal(frame["largest"], kept.largest)
    assert np.array_equal(frame["n_failures"], kept.n_failures)
    with pytest.raises(ts.NotKeptError):
        without.to_frame()


def test_a_simulation_is_frozen_and_travels_between_processes(runs):
    import pickle

    kept, without = runs["unlike stakes"]
    with pytest.raises(AttributeError):
        kept.n_trials = 3
    for run in (kept, without):
        again = pickle.loads(pickle.dumps(run))
        assert again.digest() == run.digest()
        assert again.quantile(0.3) == run.quantile(0.3)


# ---- bad questions


@pytest.mark.parametrize("q", [0, 1, -0.1, 1.1, math.nan, "half", None, True])
def test_quantile_refuses_what_is_no_probability(runs, q):
    with pytest.raises(ts.ArgumentError, match=r"^q must be a probability strictly between 0 and 1, got .*\.$"):
        runs["venture"][0].quantile(q)


@pytest.mark.parametrize("multiple", [math.nan, math.inf, "3", None, True])
def test_prob_at_least_refuses_what_is_no_number(runs, multiple):
    with pytest.raises(ts.ArgumentError, match=r"^multiple must be a finite number, got .*\.$"):
        runs["venture"][0].prob_at_least(multiple)


@pytest.mark.parametrize("worst", [0, 1, 2, math.nan, "all"])
def test_expected_shortfall_refuses_what_is_no_share(runs, worst):
    with pytest.raises(ts.ArgumentError, match=r"^worst must be .*, got .*\.$"):
        runs["venture"][0].expected_shortfall(worst)


@pytest.mark.parametrize("level", [0, 1, 95, math.nan, "high"])
def test_every_answer_refuses_a_level_that_is_none(runs, level):
    run = runs["venture"][0]
    asks = (run.failure_rate, run.median, run.max_share, run.n_effective, run.expected_shortfall)
    for ask in (*asks, lambda level: run.prob_at_least(3, level=level), lambda level: run.top_share(k=2, level=level)):
        with pytest.raises(ts.ArgumentError, match=r"^level must be .*, got .*\.$"):
            ask(level=level)


def test_failure_rate_refuses_another_way_to_count(runs):
    with pytest.raises(ts.ArgumentError, match=r"^by must be one of 'bets', 'stake', got 'money'\.$"):
        runs["venture"][0].failure_rate("money")


def test_a_chance_that_too_few_trials_show_names_the_function_that_needs_none():
    run = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 10), n_trials=1000, rng=1)
    assert run.prob_at_least(3000).verdict.endswith("use total_tail_probability(portfolio, x=30000), or more trials.")
    shocked = ts.Portfolio.of(ts.Pareto(1.5), 10, dependence=ts.CommonShock(0.1))
    assert ts.simulate(shocked, n_trials=1000, rng=1).prob_at_least(3000).verdict.endswith("0.0037; use more trials.")
