"""Two portfolios or policies on the same luck: answers, differences, and who pays more."""

import math

import numpy as np
import pytest

import tailsim as ts
from tailsim.errors import ArgumentError, UndefinedMomentError

HEAVY = ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.2), 0.65), 20)
LIGHT = ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 30)
N = 5000


@pytest.fixture(scope="module")
def runs():
    return [ts.simulate(p, n_trials=N, rng=7) for p in (HEAVY, LIGHT)]


def test_both_are_simulated_with_one_seed_and_counted_trial_by_trial(runs):
    found = ts.compare(HEAVY, LIGHT, n_trials=N, rng=7)
    a, b = (run.multiples for run in runs)
    assert (found.seed, found.n_trials, found.quantity) == (7, N, "median multiple")
    assert found.a_beats_b.value == np.mean(a > b)
    assert found.b_beats_a.value == np.mean(a < b)
    assert (found.n_ties, found.ties.value) == (np.sum(a == b), np.mean(a == b))
    assert found.difference.value == np.sort(a)[N // 2 - 1] - np.sort(b)[N // 2 - 1]
    assert (found.a.value, found.b.value) == tuple(run.median().value for run in runs)


def test_runs_set_the_seed_and_the_trials_of_the_other_side(runs):
    whole = ts.compare(HEAVY, LIGHT, n_trials=N, rng=7)
    for a, b in [(runs[0], runs[1]), (runs[0], LIGHT), (HEAVY, runs[1])]:
        assert repr(ts.compare(a, b, n_trials=123)) == repr(whole)


def test_common_luck_narrows_the_difference(runs):
    """The same bets with a fee of 5 % of the stake: the difference is known to a tenth of either median's error."""
    fee = ts.Portfolio([ts.Bet(ts.ZeroInflated(ts.Pareto(1.5), 0.65), stake=1.05)] * 30)
    found = ts.compare(LIGHT, fee, n_trials=N, rng=7)
    width, alone = np.diff(found.difference.interval)[0], np.diff(found.a.interval)[0]
    assert width < 0.15 * alone
    assert found.difference.interval[0] <= found.a.value - found.a.value / 1.05 <= found.difference.interval[1]
    assert found.a_beats_b.value == 1 - found.ties.value
    assert found.n_ties == np.count_nonzero(runs[1].multiples == 0)


@pytest.mark.parametrize(
    ("quantity", "of"),
    [
        (ts.ProbAtLeast(3), lambda s: s.prob_at_least(3)),
        (ts.MedianMultiple(), lambda s: s.median()),
        ("failure_rate", lambda s: s.failure_rate()),
        ("max_share", lambda s: s.max_share()),
        ("mean", lambda s: s.mean()),
    ],
    ids=["probability", "median", "failure rate", "share", "mean"],
)
def test_answers_are_those_of_either_run(runs, quantity, of):
    found = ts.compare(*runs, quantity)
    a, b = (of(run) for run in runs)
    assert (found.a.value, found.b.value) == pytest.approx((a.value, b.value), rel=1e-12)
    assert found.a.interval == pytest.approx(a.interval, rel=1e-12)
    low, high = found.difference.interval
    assert low <= found.difference.value <= high
    if quantity != "max_share":  # its difference leaves out trials in which either paid nothing
        assert found.difference.value == pytest.approx(a.value - b.value, abs=1e-12)


def test_a_chance_has_the_paired_interval():
    """Normal interval for the mean of the differences of two events, by hand."""
    found = ts.compare(HEAVY, LIGHT, ts.ProbAtLeast(1), n_trials=20_000, rng=8)
    a, b = (ts.simulate(p, n_trials=20_000, rng=8).multiples >= 1 for p in (HEAVY, LIGHT))
    d = a.astype(float) - b
    half = 1.959964 * d.std(ddof=1) / math.sqrt(20_000)
    assert found.difference.interval == pytest.approx((d.mean() - half, d.mean() + half), rel=1e-5)


def test_the_mean_is_exact_and_carries_both_verdicts(runs):
    found = ts.compare(*runs, "mean")
    assert found.difference.value == pytest.approx(0.35 * (6 - 3), rel=1e-12)
    assert found.difference.interval == (found.difference.value,) * 2
    assert "Of a: The mean exists but is not reliable" in found.difference.verdict
    assert "Of b: The mean" in found.difference.verdict


def test_a_mean_that_does_not_exist_is_refused():
    infinite = ts.Portfolio.of(ts.Mixture([ts.Exponential(), ts.Pareto(0.9)], [1 - 1e-6, 1e-6]), 5)
    for pair, name in (((infinite, LIGHT), "a"), ((LIGHT, infinite), "b")):
        with pytest.raises(UndefinedMomentError, match=rf"^the mean multiple of {name} does not exist.*'median'"):
            ts.compare(*pair, "mean", n_trials=1000, rng=1)
    assert ts.compare(infinite, LIGHT, "median", n_trials=1000, rng=1).difference.value != 0


def multiples_of(portfolio):
    return lambda n_trials, seed: ts.simulate(portfolio, n_trials=n_trials, rng=seed).multiples


@pytest.mark.parametrize("quantity", ["median", ts.ProbAtLeast(3)])
def test_a_policy_is_a_function_of_trials_and_seed(quantity):
    whole = ts.compare(HEAVY, LIGHT, quantity, n_trials=2000, rng=3)
    for a, b in [
        (multiples_of(HEAVY), LIGHT),
        (HEAVY, multiples_of(LIGHT)),
        (multiples_of(HEAVY), multiples_of(LIGHT)),
    ]:
        assert repr(ts.compare(a, b, quantity, n_trials=2000, rng=3)) == repr(whole)


def test_means_of_policies_have_the_interval_that_heavy_tails_do_not_break():
    found = ts.compare(multiples_of(HEAVY), multiples_of(LIGHT), "mean", n_trials=2000, rng=3)
    x, y = (f(2000, 3) for f in (multiples_of(HEAVY), multiples_of(LIGHT)))
    assert found.difference.interval == ts.mean_estimate(x - y).interval
    assert found.difference.verdict == ts.mean_estimate(x - y).verdict


def test_any_answer_is_compared_in_20_batches_of_common_luck():
    def shortfall(run):
        return run.expected_shortfall(0.1)

    found = ts.compare(HEAVY, LIGHT, shortfall, n_trials=20_000, rng=4)
    seeds = np.random.SeedSequence(4).spawn(20)
    values = [[shortfall(ts.simulate(p, n_trials=1000, rng=s)).value for s in seeds] for p in (HEAVY, LIGHT)]
    differences = np.sort(np.subtract(*values))
    assert found.difference.value == differences[9]
    assert found.difference.interval == (differences[5], differences[14])
    assert found.n_trials == 20_000
    with pytest.raises(ArgumentError, match="a Portfolio where quantity is a function"):
        ts.compare(HEAVY, multiples_of(LIGHT), shortfall, n_trials=1000)


def test_equal_portfolios_tie_everywhere():
    found = ts.compare(LIGHT, LIGHT, n_trials=1000, rng=5)
    assert (found.n_ties, found.ties.value, found.a_beats_b.value) == (1000, 1.0, 0.0)
    assert found.difference.value == 0
    assert "1,000 trials tie" in repr(found)


def test_swapping_the_sides_turns_the_sign(runs):
    one, other = ts.compare(*runs), ts.compare(*reversed(runs))
    assert one.difference.interval == pytest.approx(
        tuple(-end for end in reversed(other.difference.interval)), rel=1e-12
    )
    assert (one.a_beats_b.value, one.n_ties) == (other.b_beats_a.value, other.n_ties)


QUANTITIES = {
    "chance": ts.ProbAtLeast(3),
    "median": "median",
    "failure rate": "failure_rate",
    "by batches": lambda s: s.quantile(0.9),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", QUANTITIES)
def test_coverage_of_differences(name):
    """Nominal 95 %, 400 comparisons of 5,000 trials against 4e6 of one more: at least 95 % less 3 standard errors."""
    quantity = QUANTITIES[name]
    if callable(quantity):
        long = [ts.simulate(p, n_trials=4_000_000, rng=10**6) for p in (HEAVY, LIGHT)]
        truth = np.subtract(*[quantity(run).value for run in long])
    else:
        truth = ts.compare(HEAVY, LIGHT, quantity, n_trials=4_000_000, rng=10**6).difference.value
    ends = [ts.compare(HEAVY, LIGHT, quantity, n_trials=N, rng=seed).difference.interval for seed in range(400)]
    covered = np.mean([low <= truth <= high for low, high in ends])
    assert covered >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / 400), covered


@pytest.mark.parametrize("quantity", ["Mean", "quantile", 3, None, [ts.ProbAtLeast(3)]])
def test_a_quantity_is_a_name_a_goal_or_a_function(quantity):
    with pytest.raises(ArgumentError, match=r"^quantity must be one of 'median', 'mean'.*\.$"):
        ts.compare(HEAVY, LIGHT, quantity)


@pytest.mark.parametrize("side", [3, None, "venture", ts.Pareto(1.5)])
def test_sides_are_portfolios_simulations_or_policies(side):
    with pytest.raises(ArgumentError, match=r"^a must be a Portfolio, a Simulation, or a policy"):
        ts.compare(side, LIGHT, n_trials=100)
    with pytest.raises(ArgumentError, match=r"^b must be a Portfolio, a Simulation, or a policy"):
        ts.compare(LIGHT, side, n_trials=100)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (lambda n, seed: [1.0] * 5, "got 5 of them"),
        (lambda n, seed: np.full(n, np.nan), "got nan at position 0"),
        (lambda n, seed: np.full(n, np.inf), "got inf at position 0"),
        (lambda n, seed: "many", "got 'many'"),
    ],
    ids=["few", "nan", "inf", "text"],
)
def test_what_a_policy_returns_is_checked(policy, said):
    with pytest.raises(ArgumentError, match=rf"^b must be a policy that returns 1,000 multiples.*{said}"):
        ts.compare(LIGHT, policy, n_trials=1000)


def test_a_policy_has_no_failures_to_compare():
    with pytest.raises(ArgumentError, match=r"^a must be a Portfolio or a Simulation for this quantity"):
        ts.compare(multiples_of(HEAVY), LIGHT, "failure_rate", n_trials=1000)


def test_runs_of_other_luck_are_refused(runs):
    with pytest.raises(ArgumentError, match=r"^a and b must have common random numbers, got seeds 7 and 8"):
        ts.compare(runs[0], ts.simulate(LIGHT, n_trials=N, rng=8))
    with pytest.raises(ArgumentError, match=r"^a and b must have the same trials, got 5,000 and 100"):
        ts.compare(runs[0], ts.simulate(LIGHT, n_trials=100, rng=7))


def test_shares_of_signed_payoffs_are_refused():
    with pytest.raises(UndefinedMomentError, match="max_share is undefined because some payoffs can be negative"):
        ts.compare(LIGHT, ts.Portfolio.of(ts.Pareto(1.5) - 2, 5), "max_share", n_trials=100)


def test_shares_where_nothing_is_paid_are_refused():
    with pytest.raises(UndefinedMomentError, match="nothing was paid"):
        ts.compare(LIGHT, ts.Portfolio.of(ts.Constant(0), 5), "max_share", n_trials=100)


@pytest.mark.parametrize("n_trials", [0, 99, 1.5, "many", math.nan])
def test_trials_are_at_least_100(n_trials):
    with pytest.raises(ArgumentError, match=r"^n_trials must be a whole number from 100"):
        ts.compare(LIGHT, HEAVY, n_trials=n_trials)


@pytest.mark.parametrize("quantity", ["failure_rate", "max_share", "mean", ts.ProbAtLeast(1)])
def test_a_portfolio_differs_from_itself_by_nothing(quantity):
    found = ts.compare(LIGHT, LIGHT, quantity, n_trials=1000, rng=5).difference
    assert found.value == 0
    assert found.interval[0] <= 0 <= found.interval[1] <= 0.01


@pytest.mark.parametrize("quantity", ["median", "failure_rate", "max_share", ts.ProbAtLeast(1), "mean"])
def test_random_numbers_of_bets_leave_out_the_trials_that_enter_none(quantity):
    counted = ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.5), ts.PoissonCount(3))
    found = ts.compare(counted, LIGHT, quantity, n_trials=20_000, rng=6)
    run = ts.simulate(counted, n_trials=20_000, rng=6)
    assert found.n_undefined == run.n_idle > 500
    assert found.n_trials == 20_000 - run.n_idle
    if quantity == "failure_rate":
        assert found.difference.interval[0] <= 0.5 - 0.65 <= found.difference.interval[1]
