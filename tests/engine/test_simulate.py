"""simulate: what it returns, relations that hold bit by bit, and how randomness is given."""

import io
import sys

import numpy as np
import pytest

import tailsim as ts

from .cases import LAWS, everything, reference_job, replayed, same

N = 9000  # three blocks, the last one not full


@pytest.fixture(scope="module")
def run():
    return ts.simulate(everything(), n_trials=N, rng=1)


def test_columns_are_those_of_the_replayed_payoffs(run):
    """Every trial of a slice through all three blocks: the sum in the order of the bets, bit by bit."""
    stakes = np.array([bet.stake for bet in run.portfolio.bets])
    for trial in [*range(0, N, 301), 4095, 4096, N - 1]:
        payoffs = run.replay(trial)
        total = 0.0
        for x in payoffs:
            total += x
        assert total == run.totals[trial]
        assert payoffs.max() == run.largest[trial]
        assert np.count_nonzero((payoffs < stakes) | (payoffs <= 0)) == run.n_failures[trial]
    assert np.array_equal(run.multiples, run.totals / stakes.sum())
    assert np.array_equal(run.spent, np.full(N, stakes.sum()))


def test_columns_are_read_only_and_of_the_length_of_the_run(run):
    for column in (run.totals, run.largest, run.n_failures, run.multiples, run.spent):
        assert column.shape == (N,)
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0


@pytest.mark.parametrize("name", LAWS)
def test_payoffs_of_a_bet_are_the_draws_of_its_law(name):
    """Bet 0 of trial i is draw i of ``rvs`` under the same seed, and the law decides the rest."""
    run = ts.simulate(ts.Portfolio.of(LAWS[name], 1), n_trials=N, rng=5)
    assert np.array_equal(run.totals + 0.0, LAWS[name].rvs(N, rng=5) + 0.0)
    assert np.array_equal(run.largest + 0.0, run.totals + 0.0)


@pytest.mark.parametrize("fewer", [1, 4095, 4096, 4097, 8191])
def test_fewer_trials_are_the_first_of_more(run, fewer):
    short = ts.simulate(everything(), n_trials=fewer, rng=1)
    for column in ("totals", "largest", "n_failures"):
        assert np.array_equal(getattr(short, column), getattr(run, column)[:fewer])


@pytest.mark.parametrize("law", ["few survivors", "normal", "mixture"])
def test_ten_bets_are_the_first_of_fifty(law):
    ten, fifty = (ts.simulate(ts.Portfolio.of(LAWS[law], n), n_trials=5000, rng=3) for n in (10, 50))
    for trial in (0, 77, 4999):
        assert np.array_equal(fifty.replay(trial)[:10], ten.replay(trial))
    assert (ten.totals <= fifty.totals).all()
    assert (ten.largest <= fifty.largest).all()
    assert (ten.n_failures <= fifty.n_failures).all()


def test_totals_and_hits_do_not_fall_with_more_bets_that_pay_nothing_less_than_zero():
    last = None
    for n in (1, 2, 3, 10, 11, 100):
        run = ts.simulate(reference_job(n), n_trials=5000, rng=3)
        hits = n - run.n_failures
        if last is not None:
            assert (run.totals >= last[0]).all()
            assert (run.largest >= last[1]).all()
            assert (hits >= last[2]).all()
        last = run.totals, run.largest, hits


@pytest.mark.parametrize("k", [-300, -1, 1, 300])
@pytest.mark.parametrize(
    "name", ["power", "power minus one", "power of log", "power of log1p", "line", "resampled", "few survivors"]
)
def test_payoffs_and_stakes_times_a_power_of_two_change_no_bit_of_a_multiple(name, k):
    law, factor = LAWS[name], 2.0**k
    plain = ts.simulate(ts.Portfolio.of(ts.Bet(law), 7), n_trials=5000, rng=3)
    scaled = ts.simulate(ts.Portfolio.of(ts.Bet(factor * law, stake=factor), 7), n_trials=5000, rng=3)
    assert np.array_equal(scaled.totals, plain.totals * factor)
    assert np.array_equal(scaled.largest, plain.largest * factor)
    assert np.array_equal(scaled.multiples, plain.multiples)
    assert np.array_equal(scaled.n_failures, plain.n_failures)


def test_failures_do_not_fall_with_the_hurdle():
    last = None
    for hurdle in (-1.0, 0.0, 1e-300, 0.5, 1.0, 1.0 + 2.0**-52, 3.0, 1e300):
        run = ts.simulate(everything(), n_trials=5000, hurdle=hurdle, rng=1)
        assert last is None or (run.n_failures >= last).all()
        last = run.n_failures


@pytest.mark.parametrize(
    ("payoff", "hurdle", "fails"), [(0, 0, 1), (-1, -2, 1), (0.5, 0.5, 0), (0.5, 0.6, 1), (1, 1, 0), (5e-324, 0, 0)]
)
def test_a_bet_fails_below_the_hurdle_or_when_it_pays_nothing(payoff, hurdle, fails):
    run = ts.simulate(ts.Portfolio.of(ts.Constant(payoff), 3), n_trials=10, hurdle=hurdle, rng=1)
    assert run.n_failures.tolist() == [3 * fails] * 10


def test_largest_of_negative_payoffs_is_negative():
    run = ts.simulate(ts.Portfolio.of(-1 * ts.Pareto(1.5), 5), n_trials=5000, rng=1)
    assert (run.largest <= -1).all()
    assert np.array_equal(run.largest[:50], replayed(run, 50).max(axis=1))
    assert run.failure_rate().value == 1.0


def test_largest_sees_the_zeros_of_a_portfolio_that_also_loses():
    """Zero is the largest where a signed bet lost and no other paid, whatever the way zeros are folded."""
    losing = ts.Constant(-2)
    for p_zero in (0.65, 0.3):
        run = ts.simulate(ts.Portfolio([losing, ts.ZeroInflated(ts.Constant(5), p_zero), losing]), n_trials=5000, rng=1)
        assert set(run.largest.tolist()) == {0.0, 5.0}
        assert np.array_equal(run.largest, run.totals + 4)


def test_like_bets_need_not_be_neighbours():
    """Splitting a portfolio into runs of like bets is not seen in its trials."""
    a, b = ts.Bet(LAWS["power"]), ts.Bet(LAWS["few survivors"])
    one = ts.simulate(ts.Portfolio([a, a, b, b, a]), n_trials=5000, rng=2)
    named = ts.simulate(
        ts.Portfolio([ts.Bet(x.payoff, name=str(i)) for i, x in enumerate([a, a, b, b, a])]), n_trials=5000, rng=2
    )
    assert np.array_equal(one.totals, named.totals)
    assert np.array_equal(one.largest, named.largest)


@pytest.mark.parametrize(
    ("law", "plain"),
    [
        (ts.ZeroInflated(ts.Pareto(1.5), 0.0), ts.Pareto(1.5)),
        (ts.ZeroInflated(ts.Pareto(1.5), 1.0), ts.Constant(0)),
        (ts.Mixture([ts.Pareto(1.5), ts.Lomax(3)], [1, 0]), ts.Pareto(1.5)),
        (ts.Mixture([ts.Pareto(1.5), ts.Lomax(3)], [0, 1]), ts.Lomax(3)),
        (ts.Affine(ts.Pareto(1.5), 1.0, 0.0), ts.Pareto(1.5)),
    ],
)
def test_limits_of_a_compound_law_are_the_plain_law(law, plain):
    a, b = (ts.simulate(ts.Portfolio.of(x, 4), n_trials=5000, rng=1) for x in (law, plain))
    assert np.array_equal(a.totals, b.totals)
    assert np.array_equal(a.largest, b.largest)


@pytest.mark.parametrize(
    ("law", "success"),
    [
        (ts.ZeroInflated(ts.ZeroInflated(ts.Constant(1), 0.5), 0.5), 0.25),
        (ts.ZeroInflated(ts.ZeroInflated(ts.Constant(1), 0.1), 0.1), 0.81),
        (ts.ZeroInflated(ts.Buckets([0, 1], [0.5, 0.5], "low", ts.Constant(1)), 0.5), 0.25),
        (ts.ZeroInflated(ts.Mixture([ts.Constant(0), ts.Constant(1)], [0.5, 0.5]), 0.5), 0.25),
    ],
)
def test_nested_laws_succeed_as_often_as_they_should(law, success):
    """n = 100,000, false-alarm rate 1e-6; sees a rate off by .008."""
    run = ts.simulate(ts.Portfolio.of(law, 1), n_trials=100_000, rng=1)
    assert abs(1 - run.failure_rate().value - success) < 4.9 * np.sqrt(success * (1 - success) / 1e5)


def test_a_table_may_have_another_table_as_its_tail():
    inner = ts.Buckets([1, 2, 4], [0.3, 0.3, 0.4], "uniform", ts.Pareto(1.5, 4))
    law = ts.Buckets([0, 1], [0.5, 0.5], "uniform", inner)
    x = ts.simulate(ts.Portfolio.of(law, 1), n_trials=100_000, rng=1).totals
    for at in (0.2, 0.9, 1.5, 3.0, 5.0, 20.0):
        p = law.sf(at)
        assert abs((x > at).mean() - p) < 4.9 * np.sqrt(p * (1 - p) / 1e5)


# ---- randomness


def test_the_seed_of_a_run_gives_the_run_again(run):
    assert run.seed == 1
    assert same(ts.simulate(everything(), n_trials=N, rng=run.seed), run)


def test_rng_none_never_repeats_and_its_seed_does():
    a, b = (ts.simulate(reference_job(), n_trials=100) for _ in range(2))
    assert a.seed != b.seed
    assert not np.array_equal(a.totals, b.totals)
    assert same(ts.simulate(reference_job(), n_trials=100, rng=a.seed), a)


def test_a_generator_moves_on_and_an_equal_one_repeats():
    first, second = np.random.default_rng(4), np.random.default_rng(4)
    a, b = (ts.simulate(reference_job(), n_trials=100, rng=first) for _ in range(2))
    assert a.seed != b.seed
    assert same(ts.simulate(reference_job(), n_trials=100, rng=second), a)


def test_a_seed_sequence_stands_for_its_entropy_and_a_child_for_itself():
    sequence = np.random.SeedSequence(12345)
    assert ts.simulate(reference_job(), n_trials=10, rng=sequence).seed == 12345
    children = [ts.simulate(reference_job(), n_trials=10, rng=child).seed for child in sequence.spawn(3)]
    assert len({*children, 12345}) == 4


@pytest.mark.parametrize("seed", [0, 2**32, 2**64 - 1, 2**128 - 1, np.int64(7), np.uint8(255)])
def test_whole_numbers_of_any_size_are_seeds(seed):
    run = ts.simulate(reference_job(), n_trials=10, rng=seed)
    assert run.seed == int(seed)
    assert type(run.seed) is int


def test_the_global_state_of_numpy_is_neither_read_nor_moved():
    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    a = ts.simulate(reference_job(), n_trials=10)
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    np.random.seed(3)  # noqa: NPY002
    assert ts.simulate(reference_job(), n_trials=10).seed != a.seed


# ---- what is kept


def test_keep_decides_over_columns_and_nothing_else():
    kept, without = (ts.simulate(everything(), n_trials=N, rng=1, keep=keep) for keep in ("trials", "summary"))
    assert kept.digest() == without.digest()
    for name in ("totals", "largest", "n_failures", "multiples"):
        with pytest.raises(ts.NotKeptError, match=rf"^{name} was not kept .*keep='trials'.*\.$"):
            getattr(without, name)
    assert np.array_equal(without.replay(8000), kept.replay(8000))
    assert np.array_equal(without.winners().totals, kept.winners().totals)


def test_auto_keeps_columns_up_to_128_megabytes(monkeypatch):
    from tailsim.engine import run as module

    assert ts.simulate(reference_job(1), n_trials=5000, rng=1).totals.size == 5000
    monkeypatch.setattr(module, "KEEP_BYTES", 5000 * 20 - 1)
    with pytest.raises(ts.NotKeptError):
        ts.simulate(reference_job(1), n_trials=5000, rng=1).totals  # noqa: B018
    assert module._keeps("auto", 4999)


def test_columns_that_do_not_fit_are_refused_before_anything_runs():
    with pytest.raises(ts.MemoryBudgetError, match=r"^keep='trials' needs .* GB .*keep='summary'.*\.$"):
        ts.simulate(reference_job(), n_trials=2**44, keep="trials", rng=1)


# ---- winners


@pytest.mark.parametrize("top", [1, 10, 300])
def test_winners_are_the_trials_that_paid_most(top):
    run = ts.simulate(reference_job(5), n_trials=N, rng=1, top=top)
    order = np.lexsort((np.arange(N), -run.totals))[:top]
    assert run.winners(top).trials.tolist() == order.tolist()
    assert np.array_equal(run.winners(top).totals, run.totals[order])


def test_winners_with_ties_come_in_the_order_of_the_trials():
    """Totals take seven values: almost everything is a tie, also across blocks and tasks."""
    run = ts.simulate(ts.Portfolio.of(ts.Empirical([0.0, 1.0]), 6), n_trials=300_000, rng=1, top=9000, n_workers=3)
    order = np.lexsort((np.arange(300_000), -run.totals))[:9000]
    assert np.array_equal(run.winners(9000).trials, order)


def test_top_moves_no_bit_of_the_digest():
    assert len({ts.simulate(reference_job(), n_trials=N, rng=1, top=top).digest() for top in (0, 1, 10_000)}) == 1


@pytest.mark.parametrize(("n_trials", "top", "held"), [(4, 10, 4), (100, 3, 3), (100, 10, 10)])
def test_winners_without_a_number_are_as_many_as_are_held_up_to_ten(n_trials, top, held):
    run = ts.simulate(reference_job(), n_trials=n_trials, top=top, rng=1)
    assert len(run.winners().trials) == held


def test_winners_beyond_what_is_held_are_refused():
    run = ts.simulate(reference_job(), n_trials=100, top=3, rng=1)
    for k in (4, 0, -1):
        with pytest.raises(ts.ArgumentError, match=r"^k must be .*got .*\.$"):
            run.winners(k)
    with pytest.raises(ts.ArgumentError, match=r"^k must be .*\.$"):
        ts.simulate(reference_job(), n_trials=100, top=0, rng=1).winners(1)


# ---- overflow


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("keep", ["trials", "summary"])
@pytest.mark.parametrize("tail_index", [0.01, 0.001])
def test_totals_beyond_the_largest_double_are_counted_and_in_no_average(tail_index, keep):
    run = ts.simulate(ts.Portfolio.of(ts.Pareto(tail_index), 3), n_trials=N, rng=1, keep=keep)
    kept = ts.simulate(ts.Portfolio.of(ts.Pareto(tail_index), 3), n_trials=N, rng=1, keep="trials")
    beyond = int(np.isinf(kept.totals).sum())
    assert run.n_overflowed == beyond > 0
    assert run.digest() == kept.digest()
    assert run.prob_at_least(1e300).value == np.mean(kept.totals / 3 >= 1e300)
    assert run.max_share().n == N - beyond
    assert "overflow" in run.max_share().verdict
    assert run.top_share(k=2).n == N - beyond
    assert run.n_effective().n == N - beyond
    assert "overflow" in repr(run)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("keep", ["trials", "summary"])
def test_losses_beyond_the_largest_double_are_the_smallest_not_the_largest(keep):
    run = ts.simulate(ts.Portfolio.of(-1 * ts.Pareto(0.01), 1), n_trials=N, rng=1, keep=keep)
    assert run.n_overflowed > 0
    assert run.prob_at_least(0).value == 0.0
    assert run.quantile(0.9999).value > -1.1
    assert run.quantile(0.0001).value < -1e300


def test_gains_and_losses_that_both_overflow_are_refused():
    with pytest.raises(ts.TailsimError, match=r"^the total of .* trials is not a number .*\.$"):
        ts.simulate(ts.Portfolio([ts.Pareto(0.001), -1 * ts.Pareto(0.001)]), n_trials=N, rng=1)


def test_finite_totals_whose_sum_overflows_do_not_stop_a_run():
    """Each multiple is a double; their sum over a block is not."""
    run = ts.simulate(ts.Portfolio.of(ts.Uniform(1e308, 1.5e308), 1), n_trials=N, rng=1)
    assert run.n_overflowed == 0
    assert 1e308 < run.median().value < 1.5e308


# ---- progress


def test_progress_function_sees_trials_grow_to_all():
    seen = []
    ts.simulate(reference_job(), n_trials=2_000_000, rng=1, progress=lambda done, n: seen.append((done, n)))
    done = [d for d, _ in seen]
    assert len(done) > 3
    assert done == sorted(done)
    assert done[-1] == 2_000_000
    assert {n for _, n in seen} == {2_000_000}


def test_progress_bar_goes_to_the_standard_error_and_only_when_wanted(monkeypatch):
    ts.simulate(reference_job(), n_trials=100, rng=1)  # whatever has to be compiled says so here
    for progress in (False, True):
        for name in ("stdout", "stderr"):
            monkeypatch.setattr(sys, name, io.StringIO())
        ts.simulate(reference_job(), n_trials=100_000, rng=1, progress=progress)
        assert sys.stdout.getvalue() == ""
        assert ("trials" in sys.stderr.getvalue()) is progress


def test_progress_moves_no_bit():
    plain = ts.simulate(reference_job(), n_trials=N, rng=1)
    assert same(ts.simulate(reference_job(), n_trials=N, rng=1, progress=lambda done, n: None), plain)


def test_an_error_in_the_progress_function_comes_out_and_ends_the_threads():
    import threading

    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        ts.simulate(reference_job(), n_trials=5_000_000, rng=1, progress=lambda done, n: 1 / 0)
    assert threading.active_count() == before


# ---- laws of one's own


class Own(ts.Payoff):
    """A law in plain NumPy."""

    __slots__ = ("index",)
    support = (0.0, np.inf)

    def __init__(self, index=2.0):
        self.index = index

    @property
    def tail_index(self):
        return self.index

    def _sf(self, x):
        return 1 / (1 + np.maximum(x, 0) ** self.index)

    def _isf(self, p):
        return (1 / p - 1) ** (1 / self.index)


def test_a_law_of_ones_own_runs_like_any_other():
    run = ts.simulate(ts.Portfolio.of(Own(), 9), n_trials=5000, rng=1, n_workers=2)
    again = ts.simulate(ts.Portfolio.of(Own(), 9), n_trials=5000, rng=1, n_workers=1)
    assert np.array_equal(run.totals, again.totals)
    total = 0.0
    for x in run.replay(4999):
        total += x
    assert total == run.totals[4999]


def test_equal_laws_of_ones_own_give_equal_digests_and_unlike_ones_do_not():
    laws = [Own(2.0), Own(2.0), Own(3.0)]  # three objects at a time: their addresses must not matter
    digests = [ts.simulate(ts.Portfolio.of(law, 3), n_trials=100, rng=1).digest() for law in laws]
    assert digests[0] == digests[1] != digests[2]


class Broken(Own):
    __slots__ = ()

    def _isf(self, p):
        return np.where(p < 0.5, np.nan, 1.0)


def test_a_law_that_draws_no_number_is_an_error_and_not_a_result():
    with pytest.raises(ts.TailsimError, match=r"drew a NaN payoff.*\.$"):
        ts.simulate(ts.Portfolio.of(Broken(), 3), n_trials=100, rng=1)
