"""bet_count_curve: for every number of bets the counts of simulate, over one walk of the same addresses."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest

import tailsim as ts
from tailsim.decide import curve as module
from tests.engine.cases import LAWS

ROOT = Path(__file__).parents[2]
N = 9000  # three blocks, the last one neither full nor a whole number of tiles
BIN = 1 / 128  # width of a bin, relative to its lower edge
COUNTS = (1, 2, 7, 30)
NAMES = (
    "power",
    "normal",
    "resampled",
    "table",
    "few survivors",
    "many survivors",
    "mixture",
    "signed",
    "turned round",
)
FEW = LAWS["few survivors"]


def of(law, n_bets, **how):
    """A curve with a fixed seed."""
    return ts.bet_count_curve(law, n_bets, **({"n_trials": N, "rng": 1} | how))


def alone(bet, n_bets, n_trials=N):
    """Sorted multiples of one number of bets, by simulate."""
    run = ts.simulate(ts.Portfolio.of(bet, int(n_bets)), n_trials=n_trials, rng=1, keep="trials")
    return np.sort(run.multiples)


def share(multiples, target):
    """Share of the multiples at or above a target."""
    return np.count_nonzero(multiples >= target) / len(multiples)


def same(a, b):
    """Equal in all that can be asked, bit by bit."""
    grid = np.linspace(0.001, 0.999, 500)
    quantiles = all(np.array_equal(a.quantile(q), b.quantile(q)) for q in grid)
    hits = all(np.array_equal(a.prob_at_least(t), b.prob_at_least(t)) for t in a.targets)
    return quantiles and hits and np.array_equal(a.n_bets, b.n_bets) and a.targets == b.targets


# ---- against simulate, each number of bets on its own


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_those_of_simulate_and_quantiles_within_a_bin(name):
    bet, targets = ts.Bet(LAWS[name], stake=1.75), (-1.0, 0.0, 0.3, 1.0, 2.5)
    curve = of(bet, COUNTS, targets=targets)
    for i, n in enumerate(COUNTS):
        multiples = alone(bet, n)
        for target in targets:
            assert curve.prob_at_least(target)[i] == share(multiples, target)
        for q in (0.1, 0.5, 0.9):
            exact = multiples[int(np.ceil(q * N - 1e-9)) - 1]
            assert abs(curve.quantile(q)[i] - exact) <= BIN * abs(exact)
        assert curve.median[i] == curve.quantile(0.5)[i]


@pytest.mark.parametrize("n_trials", [1, 2, 1023, 1024, 1025, 4095, 4096, 4097, 8192 + 1024])
@pytest.mark.parametrize("name", ["few survivors", "mixture"])
def test_any_number_of_trials_is_counted_once_each(name, n_trials):
    curve = of(LAWS[name], (1, 3), targets=(-1, 0.5, 2), n_trials=n_trials)
    assert curve.n_trials == n_trials
    assert curve.prob_at_least(-1).tolist() == [1.0, 1.0]  # all of them, and no lane beyond
    for i, n in enumerate((1, 3)):
        multiples = alone(LAWS[name], n, n_trials)
        assert [curve.prob_at_least(t)[i] for t in (0.5, 2)] == [share(multiples, t) for t in (0.5, 2)]
        exact = multiples[(n_trials + 1) // 2 - 1]
        assert abs(curve.median[i] - exact) <= BIN * abs(exact)


def test_a_curve_is_what_the_replayed_payoffs_make():
    """Naive: payoffs one by one, added in order."""
    run = ts.simulate(ts.Portfolio.of(FEW, 12), n_trials=300, rng=1)
    payoffs = np.array([run.replay(trial) for trial in range(300)])
    multiples = np.array([np.add.accumulate(row) for row in payoffs]) / np.arange(1, 13)
    curve = of(FEW, 12, targets=(0.4, 1.0), n_trials=300)
    for target in (0.4, 1.0):
        assert np.array_equal(curve.prob_at_least(target), (multiples >= target).mean(axis=0))


def test_targets_at_an_atom_count_it():
    """Weinberg's multiples of 1, 2 and 4 bets take the targets as values."""
    law, targets = ts.presets.weinberg(), (0, 0.5, 1, 1.5, 2, 3, 10, 20)
    curve = of(law, (1, 2, 4), targets=targets)
    for i, n in enumerate((1, 2, 4)):
        multiples = alone(law, n)
        assert [curve.prob_at_least(t)[i] for t in targets] == [share(multiples, t) for t in targets]
        assert share(multiples, 1) != share(np.nextafter(multiples, 0), 1)  # there is an atom at 1
    assert curve.prob_at_least(20)[0] == pytest.approx(0.02, abs=4.9 * np.sqrt(0.02 * 0.98 / N))


def test_the_quantile_of_a_whole_rank_is_that_order_statistic():
    """0.07 * 100 is a hair above 7 in doubles, and the seventh of 100 is meant all the same."""
    multiples = alone(ts.Pareto(0.6), 1, n_trials=100)
    curve = of(ts.Pareto(0.6), 1, n_trials=100)
    for k in range(1, 100):
        exact = multiples[k - 1]
        assert abs(curve.quantile(k / 100)[0] - exact) <= BIN * exact, k


def test_large_numbers_of_bets_are_as_simulated():
    bet = ts.Bet(FEW, stake=0.1)  # 0.1 is no double: spent must be rounded the same way
    curve = of(bet, [999, 3000], targets=(5, 7.5), n_trials=1000)
    for i, n in enumerate((999, 3000)):
        multiples = alone(bet, n, 1000)
        assert [curve.prob_at_least(t)[i] for t in (5, 7.5)] == [share(multiples, t) for t in (5, 7.5)]


# ---- relations


@pytest.mark.parametrize("name", ["few survivors", "mixture", "signed"])
@pytest.mark.parametrize("n_workers", [2, 3, 7])
def test_same_bits_for_any_number_of_workers(name, n_workers):
    how = {"targets": (0.5, 3), "n_trials": 30_000}
    assert same(of(LAWS[name], 9, n_workers=n_workers, **how), of(LAWS[name], 9, n_workers=1, **how))


def test_same_bits_for_executors_which_stay_open():
    how = {"targets": (0.5, 3), "n_trials": 20_000}
    plain = of(FEW, 9, **how)
    with ThreadPoolExecutor(2) as executor:
        assert same(of(FEW, 9, executor=executor, **how), plain)
        assert executor.submit(int, "7").result() == 7
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        assert same(of(FEW, 9, executor=executor, **how), plain)


@pytest.mark.parametrize("name", ["power", "few survivors", "mixture", "signed"])
def test_fewer_bets_and_chosen_counts_are_rows_of_more(name):
    whole = of(LAWS[name], 40, targets=(0.5, 2))
    for counts in (range(1, 11), [1, 3, 10, 40], [40], [2, 3, 5, 7, 11]):
        part = of(LAWS[name], counts, targets=(0.5, 2))
        rows = np.array(counts) - 1
        assert part.n_bets.tolist() == list(counts)
        for q in (0.1, 0.5, 0.99):
            assert np.array_equal(part.quantile(q), whole.quantile(q)[rows])
        assert np.array_equal(part.prob_at_least(2), whole.prob_at_least(2)[rows])


@pytest.mark.parametrize("name", NAMES)
def test_quantiles_do_not_fall_with_q(name):
    curve = of(LAWS[name], (1, 5, 20))
    values = np.array([curve.quantile(q) for q in np.linspace(1e-6, 1 - 1e-6, 400)])
    assert (np.diff(values, axis=0) >= 0).all()
    assert (values[0] < values[-1]).all()


def test_probabilities_fall_with_the_target():
    targets = (0, 1, 2, 4, 10)
    curve = of(FEW, (1, 5, 20), targets=targets)
    p = np.array([curve.prob_at_least(t) for t in targets])
    assert (np.diff(p, axis=0) <= 0).all()
    assert (p[0] == 1).all()


@pytest.mark.parametrize("k", [-60, -20, 20, 60])
@pytest.mark.parametrize("name", ["power", "few survivors"])
def test_a_unit_of_money_that_is_a_power_of_two_moves_no_bit(name, k):
    plain = of(LAWS[name], (1, 5, 20), targets=(0.5, 2))
    unit = of(LAWS[name] * 2.0**k, (1, 5, 20), targets=(0.5 * 2.0**k, 2.0 * 2.0**k))
    for q in (0.3, 0.5, 0.9, 0.99):
        assert np.array_equal(unit.quantile(q), plain.quantile(q) * 2.0**k)
    assert np.array_equal(unit.prob_at_least(2.0 * 2.0**k), plain.prob_at_least(2))


def test_stakes_and_payoffs_of_another_unit_move_no_bit():
    plain = of(FEW, (1, 5, 20), targets=(0.5, 2))
    assert same(of(ts.Bet(FEW * 1024, stake=1024), (1, 5, 20), targets=(0.5, 2)), plain)


@pytest.mark.parametrize("unit", [1e6, 1e-6, 1e12])
@pytest.mark.parametrize(
    "law",
    [ts.Pareto(1.5), FEW, ts.ZeroInflated(ts.Pareto(1.5), 0.97), ts.Pareto(1.5) - 3, LAWS["mixture"], LAWS["table"]],
    ids=["power", "few", "rare", "signed", "mixture", "table"],
)
def test_any_unit_of_money(law, unit):
    """Quantiles scale; two bins, since the unit moves the edges."""
    plain, scaled = of(law, (1, 10, 60)), of(law * unit, (1, 10, 60))
    for q in (0.2, 0.5, 0.9):
        expected = plain.quantile(q) * unit
        assert (np.abs(scaled.quantile(q) - expected) <= 2 * BIN * np.abs(expected)).all()
    assert (plain.quantile(0.9)[1:] != 0).all()


def test_share_at_median_is_the_atom_of_the_median():
    law = ts.ZeroInflated(ts.Pareto(1.5), 0.65)
    curve = of(law, (1, 50))
    zeros = np.count_nonzero(alone(law, 1) == 0) / N
    assert curve.share_at_median[0] == zeros
    assert curve.share_at_median[1] < 0.02


# ---- the ends of the doubles


def test_totals_beyond_the_largest_double_reach_every_target_and_have_no_finite_quantile():
    up, down = (of(sign * ts.Pareto(0.001), (1, 4), targets=(-1, 1, 1e300)) for sign in (1, -1))
    for i, n in enumerate((1, 4)):
        assert up.prob_at_least(1e300)[i] == share(alone(ts.Pareto(0.001), n), 1e300)
    assert np.isinf(up.quantile(0.99)).all()
    assert (down.prob_at_least(-1) == 0).all()
    assert (down.quantile(0.01) == -np.inf).all()


@pytest.mark.parametrize("sigma", [3, 10])
def test_medians_of_very_wide_laws(sigma):
    """Half the octaves lie above what a bet usually pays: the totals of many bets climb them."""
    law = ts.LogNormal(0, sigma)
    curve = of(law, (1, 10, 100), n_trials=3000)
    for i, n in enumerate((1, 10, 100)):
        exact = alone(law, n, 3000)[1499]
        assert abs(curve.median[i] - exact) <= BIN * exact


class Broken(ts.Payoff):
    """Draws what is no number."""

    __slots__ = ()
    support = (0.0, np.inf)
    tail_index = 2.0

    def _sf(self, x):
        return 1 / (1 + np.maximum(x, 0) ** 2)

    def _isf(self, p):
        return np.where(p < 0.1, np.nan, (1 / p - 1) ** 0.5)


def test_a_law_that_draws_no_number_is_an_error_and_leaves_no_threads():
    before = threading.active_count()
    with pytest.raises(ts.PayoffError, match=r"drew a NaN payoff.*\.$"):
        of(Broken(), 3)
    assert threading.active_count() == before


# ---- arguments and the result


@pytest.mark.parametrize(
    ("n_bets", "counts"),
    [
        (3, [1, 2, 3]),
        (3.0, [1, 2, 3]),
        (np.int16(3), [1, 2, 3]),
        ([5], [5]),
        ((1, 7), [1, 7]),
        (range(2, 9, 3), [2, 5, 8]),
        (np.array([1.0, 4.0]), [1, 4]),
    ],
    ids=repr,
)
def test_ways_to_say_how_many(n_bets, counts):
    curve = of(FEW, n_bets, n_trials=10)
    assert curve.n_bets.tolist() == counts
    assert curve.n_bets.dtype.kind == "i"
    assert curve.median.shape == curve.quantile(0.9).shape == (len(counts),)


def test_a_law_stands_for_a_bet_of_stake_one():
    assert of(FEW, 3).bet == ts.Bet(FEW)
    assert same(of(FEW, 3), of(ts.Bet(FEW), 3))


def test_targets_are_numbers_in_the_order_given_and_may_repeat():
    curve = of(FEW, 3, targets=[3, np.float32(0.5), 3])
    assert curve.targets == (3.0, 0.5, 3.0)
    assert np.array_equal(curve.prob_at_least(3), curve.prob_at_least(3.0))
    assert of(FEW, 3).targets == ()


def test_the_seed_of_a_curve_gives_it_again():
    a, b = (of(FEW, 5, n_trials=1000, rng=None) for _ in range(2))
    assert a.seed != b.seed
    assert same(of(FEW, 5, n_trials=1000, rng=a.seed), a)
    assert not np.array_equal(a.quantile(0.9), b.quantile(0.9))
    rng = np.random.default_rng(3)
    assert of(FEW, 5, n_trials=10, rng=rng).seed != of(FEW, 5, n_trials=10, rng=rng).seed


def test_a_curve_is_frozen_and_says_what_it_is():
    curve = of(FEW, [1, 50], n_trials=2000)
    with pytest.raises(FrozenInstanceError):
        curve.n_trials = 3
    with pytest.raises(ValueError, match="read-only"):
        curve.n_bets[0] = 2
    assert repr(curve).startswith("BetCountCurve(1 to 50 bets, 2,000 trials, seed 1; median multiple 0 to ")


def test_what_is_returned_is_a_copy():
    curve = of(FEW, 5, targets=[1], n_trials=1000)
    for answer in (lambda: curve.prob_at_least(1), lambda: curve.median):
        first = answer().copy()
        answer()[:] = -7
        assert np.array_equal(answer(), first)


def test_progress_grows_to_all_trials_and_moves_no_bit():
    seen = []
    curve = of(FEW, 30, n_trials=50_000, progress=lambda done, n: seen.append((done, n)))
    done = [d for d, _ in seen]
    assert done == sorted(done)
    assert done[-1] == 50_000
    assert {n for _, n in seen} == {50_000}
    assert same(curve, of(FEW, 30, n_trials=50_000))


def test_an_error_in_the_progress_function_comes_out_and_ends_the_threads():
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        of(FEW, 30, n_trials=50_000, progress=lambda done, n: 1 / 0)
    assert threading.active_count() == before


# ---- refusals


def refused(call, name):
    """The message: one sentence that starts with the argument."""
    with pytest.raises(ts.ArgumentError) as caught:
        call()
    text = str(caught.value)
    assert text.startswith(name)
    assert text.endswith(".")
    assert ". " not in text
    assert "\n" not in text
    return text


NAN, INF = float("nan"), float("inf")
BAD = {
    "bet": [None, 3, "bet", [FEW], ts.Pareto, ts.Portfolio.of(FEW, 2)],
    "n_bets": [0, -1, 1.5, 2001, 5001, NAN, INF, 10**400, None, "3", b"3", True, {1, 2}, {}, object(), iter([1, 2])],
    "targets": [None, 3, "3", True, {3}, object(), [None], [NAN], [INF], ["3"], [True], [1j], [[1]], [1, [2]]],
    "n_trials": [0, -1, 1.5, 2**31, NAN, INF, "100", None, True, [100]],
    "rng": [-1, 1.5, "x", True, [1, 2]],
}
SEQUENCES = [[], (), [0, 1], [-1], [2, 1], [1, 1], [1, 1.5], [1, NAN], [1, "2"], [None], [True, 2], [[1, 2]]]
SEQUENCES += [range(1, 2002), [1, 100_001], np.array([]), np.array([[1], [2]])]
CALLS = [(name, value) for name, values in BAD.items() for value in values] + [("n_bets", s) for s in SEQUENCES]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((n, v) for n, v in CALLS if not isinstance(v, np.ndarray)),
        *((n, v) for n, v in CALLS if isinstance(v, np.ndarray)),
        ("n_bets", [[1], [2, 3]]),
    ],
    ids=lambda v: repr(v)[:20],
)  # fmt: skip
def test_arguments_are_refused_before_anything_runs(name, value, monkeypatch):
    monkeypatch.setattr(module, "over_blocks", None)
    arguments = {"bet": FEW, "n_bets": 3} | {name: value}
    bet, n_bets = arguments.pop("bet"), arguments.pop("n_bets")
    refused(lambda: ts.bet_count_curve(bet, n_bets, **arguments), name)


@pytest.mark.parametrize(
    ("name", "value"),
    [("n_workers", 0), ("n_workers", 1.5), ("n_workers", "two"), ("executor", 3), ("progress", "yes"), ("progress", 1)],
)
def test_ways_to_run_are_refused(name, value):
    refused(lambda: of(FEW, 3, **{name: value}), name)


def test_the_place_of_a_wrong_target_is_named():
    assert refused(lambda: of(FEW, 3, targets=[1, 2, NAN]), "targets[2]").endswith("got nan.")


@pytest.mark.parametrize("target", [3, 1.0000001, NAN, INF, None, "1", True, [1]], ids=repr)
def test_a_target_that_was_not_counted_is_refused(target):
    curve = of(FEW, 3, targets=[1, 2], n_trials=10)
    refused(lambda: curve.prob_at_least(target), "target")


def test_the_targets_there_are_come_with_the_refusal():
    curve = of(FEW, 3, targets=[1, 2], n_trials=10)
    with pytest.raises(ts.ArgumentError, match=r"\(1\.0, 2\.0\)"):
        curve.prob_at_least(3)
    with pytest.raises(ts.ArgumentError, match="targets="):
        of(FEW, 3, n_trials=10).prob_at_least(3)


@pytest.mark.parametrize("q", [0, 1, -0.1, 1.5, NAN, INF, None, "0.5", True, [0.5]], ids=repr)
def test_q_outside_0_to_1_is_refused(q):
    curve = of(FEW, 3, n_trials=10)
    refused(lambda: curve.quantile(q), "q")


def test_only_two_arguments_are_positional():
    with pytest.raises(TypeError):
        ts.bet_count_curve(FEW, 3, [1])


# ---- Ctrl-C

INTERRUPT = """
import json, os, signal, sys, threading, time
import tailsim as ts
from tests.engine.cases import LAWS
name, function = json.loads(sys.argv[1])
def ask(n_bets, n_trials):
    if function == "curve":
        return ts.bet_count_curve(LAWS[name], n_bets, targets=[1], n_trials=n_trials, rng=1)
    return ts.optimal_bet_count(LAWS[name], ts.ProbAtLeast(1), max_bets=n_bets, n_trials=n_trials, rng=1)
ask(2, 10)
sent = []
def interrupt():
    time.sleep(0.6)
    sent.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt).start()
try:
    ask(500, 2**31 - 1)
    answer = dict(interrupted=False)
except KeyboardInterrupt:
    answer = dict(interrupted=True)
answer["late"] = time.perf_counter() - sent[0]
answer["threads"] = [t.name for t in threading.enumerate()]
answer["handler"] = signal.getsignal(signal.SIGINT) is signal.default_int_handler
print(json.dumps(answer))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("case", [("few survivors", "curve"), ("mixture", "curve"), ("few survivors", "optimum")])
def test_ctrl_c_raises_soon_and_leaves_no_threads(case):
    """A busy machine gets two seconds."""
    command = [sys.executable, "-c", INTERRUPT, json.dumps(case)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["interrupted"] is True
    assert answer["late"] < 2.0
    assert answer["threads"] == ["MainThread"]
    assert answer["handler"] is True
