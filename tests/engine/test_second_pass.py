"""Quantities that walk over the same trials again: replay, top shares, effective number of bets."""

import math

import numpy as np
import pytest

import tailsim as ts
from tailsim.engine import second_pass

from .cases import LAWS, reference_job, replayed

N = 700


@pytest.fixture(scope="module")
def run():
    return ts.simulate(ts.Portfolio.of(LAWS["few survivors"], 12), n_trials=N, rng=2)


@pytest.fixture(scope="module")
def shares(run):
    """Shares (trials that paid something, bets) of the total, in decreasing order."""
    x = replayed(run)
    x = x[x.sum(axis=1) > 0]
    return np.sort(x / x.sum(axis=1, keepdims=True), axis=1)[:, ::-1]


def test_a_trial_that_pays_nothing_is_left_out_and_counted(run, shares):
    nothing = N - len(shares)
    assert nothing > 0
    for estimate in (run.max_share(), run.top_share(k=3), run.n_effective()):
        assert estimate.n == len(shares)
        assert f"{nothing} of {N} trials" in estimate.verdict


@pytest.mark.parametrize("k", [1, 2, 3, 11, 12])
def test_top_share_equals_naive_numpy(run, shares, k):
    naive = shares[:, :k].sum(axis=1)
    estimate = run.top_share(k=k)
    assert estimate.value == pytest.approx(naive.mean(), rel=1e-12)
    assert estimate.std_error == pytest.approx(naive.std(ddof=1) / math.sqrt(len(naive)), rel=1e-6, abs=1e-9)
    low, high = estimate.interval
    assert max(k / 12, 0) <= low <= estimate.value <= high <= 1


@pytest.mark.parametrize(("fraction", "k"), [(0.1, 2), (0.25, 3), (0.5, 6), (0.5 + 1e-12, 6), (0.51, 7), (1.0, 12)])
def test_a_fraction_is_rounded_up_to_whole_bets(run, fraction, k):
    assert run.top_share(fraction=fraction).value == run.top_share(k=k).value


def test_max_share_equals_naive_numpy(run, shares):
    estimate = run.max_share()
    assert estimate.value == pytest.approx(shares[:, 0].mean(), rel=1e-13)
    assert estimate.std_error == pytest.approx(shares[:, 0].std(ddof=1) / math.sqrt(len(shares)), rel=1e-9)


def test_n_effective_equals_naive_numpy(run, shares):
    naive = 1 / (shares**2).sum(axis=1)
    estimate = run.n_effective()
    assert estimate.value == pytest.approx(naive.mean(), rel=1e-12)
    assert estimate.std_error == pytest.approx(naive.std(ddof=1) / math.sqrt(len(naive)), rel=1e-6)


def test_concentration_of_unlike_bets():
    laws = [ts.Bet(LAWS["power"], 2), LAWS["mixture"], LAWS["normal"], LAWS["table"], LAWS["fixed"]]
    run = ts.simulate(ts.Portfolio(laws), n_trials=400, rng=2)
    x = replayed(run)
    shares = np.sort(x / x.sum(axis=1, keepdims=True), axis=1)[:, ::-1]
    assert run.top_share(k=2).value == pytest.approx(shares[:, :2].sum(axis=1).mean(), rel=1e-12)
    assert run.n_effective().value == pytest.approx((1 / (shares**2).sum(axis=1)).mean(), rel=1e-12)


def test_equal_payoffs_are_spread_evenly():
    run = ts.simulate(ts.Portfolio.of(ts.Constant(3), 10), n_trials=300, rng=1)
    assert run.max_share().value == pytest.approx(0.1, rel=1e-15)
    assert run.top_share(k=4).value == pytest.approx(0.4, rel=1e-15)
    assert run.n_effective().value == pytest.approx(10, rel=1e-15)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1.0, 1e200, 1e307])
def test_concentration_does_not_depend_on_the_unit_of_money(scale):
    """Squares of such payoffs leave the range of doubles; shares of them do not."""
    plain, scaled = (ts.simulate(ts.Portfolio.of(ts.Uniform(s, 3 * s), 4), n_trials=500, rng=1) for s in (1.0, scale))
    for ask in (lambda r: r.max_share(), lambda r: r.top_share(k=2), lambda r: r.n_effective()):
        assert ask(scaled).value == pytest.approx(ask(plain).value, rel=1e-12)


def test_a_share_of_what_overflowed_is_undefined():
    """Every payoff is a double, their total is not: neither a share of k / n nor one of 1."""
    run = ts.simulate(ts.Portfolio.of(ts.Uniform(2e307, 7e307), 4), n_trials=500, rng=1)
    assert run.n_overflowed == int(np.isinf(run.totals).sum()) > 0
    for estimate in (run.max_share(), run.top_share(k=2), run.n_effective()):
        assert estimate.n == 500 - run.n_overflowed


def test_payoffs_that_can_be_negative_have_no_shares():
    run = ts.simulate(ts.Portfolio.of(LAWS["signed"], 3), n_trials=10, rng=1)
    for ask in (run.max_share, run.n_effective, lambda: run.top_share(k=2)):
        with pytest.raises(ts.UndefinedMomentError, match=r"can be negative.*\.$"):
            ask()


def test_nothing_paid_in_any_trial_has_no_shares():
    run = ts.simulate(ts.Portfolio.of(ts.Constant(0), 3), n_trials=10, rng=1)
    for ask in (run.max_share, run.n_effective, lambda: run.top_share(k=2)):
        with pytest.raises(ts.UndefinedMomentError, match=r"nothing was paid.*\.$"):
            ask()


def test_the_second_pass_is_walked_once(run, monkeypatch):
    again = ts.simulate(run.portfolio, n_trials=N, rng=2)
    first = again.n_effective(), again.top_share(k=3)
    monkeypatch.setattr(second_pass, "second_pass", None)
    assert (again.n_effective(level=0.9), again.top_share(fraction=0.25)) == first


def test_the_second_pass_gives_the_same_bits_in_any_order():
    runs = [
        ts.simulate(reference_job(), n_trials=30_000, rng=1, keep=keep, n_workers=1) for keep in ("trials", "summary")
    ]
    assert repr(runs[0].n_effective()) == repr(runs[1].n_effective())
    assert runs[0].top_share(k=2).value == runs[1].top_share(k=2).value


@pytest.mark.parametrize("trial", [-1, 700, 1.5, "0", True, None])
def test_replay_of_a_trial_that_is_not_there_is_refused(run, trial):
    with pytest.raises(ts.ArgumentError, match=r"^trial must be a whole number from 0 to 699, got .*\.$"):
        run.replay(trial)


@pytest.mark.parametrize(
    ("k", "fraction"), [(0, None), (13, None), (None, 0), (None, 1.5), (None, None), (2, 0.5), (1.5, None)]
)
def test_top_share_of_no_such_part_is_refused(run, k, fraction):
    with pytest.raises(ts.ArgumentError, match=r"\.$"):
        run.top_share(k=k, fraction=fraction)
