"""Staged bets: the lognormal closed form, quadrature against it and against plain simulation, what is killed."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

import tailsim as ts

REFERENCE = ts.StagedBet(ts.LogNormal(-2, 2), [0.05, 1], signal_noise=1)


def black_scholes(m, s, t, first, second):
    """value = E[X] Phi(d1) - c2 Phi(d1 - sqrt v) - c1."""
    mean, v = math.exp(m + s * s / 2), s**4 / (s * s + t * t)
    d1 = (math.log(mean / second) + v / 2) / math.sqrt(v)
    return mean * stats.norm.cdf(d1) - second * stats.norm.cdf(d1 - math.sqrt(v)) - first


def test_the_staged_lognormal_bet_of_the_reference():
    """Value .578907 where the unstaged bet is worth 0; 81.45 % are killed; the threshold is 1 by hand."""
    assert REFERENCE.value() == pytest.approx(0.578907, abs=5e-7)
    assert REFERENCE.value() == pytest.approx(black_scholes(-2, 2, 1, 0.05, 1), rel=1e-12)
    assert REFERENCE.unstaged == 0.0
    assert REFERENCE.value_of_staging == REFERENCE.value()
    assert round(REFERENCE.kill_rate, 4) == 0.8145
    assert REFERENCE.thresholds == pytest.approx((1.0,), rel=1e-12)


@pytest.mark.parametrize(
    ("m", "s", "t", "first", "second"), [(0, 1, 0.5, 0.1, 2), (-3, 2.5, 3, 0, 0.2), (1, 0.5, 1, 1, 3)]
)
def test_other_lognormal_bets_by_the_closed_form(m, s, t, first, second):
    bet = ts.StagedBet(ts.LogNormal(m, s), [first, second], t)
    assert bet.value() == pytest.approx(black_scholes(m, s, t, first, second), rel=1e-11)


def test_quadrature_gives_the_lognormal_closed_form():
    """The same law under a cap that no double feels is not recognised, and integrated."""
    other = ts.StagedBet(ts.Capped(ts.LogNormal(-2, 2), 1e12), [0.05, 1], 1)
    assert other.value() == pytest.approx(REFERENCE.value(), rel=1e-9)
    assert other.kill_rate == pytest.approx(REFERENCE.kill_rate, rel=1e-9)


def test_a_power_tail_by_another_quadrature():
    law, noise, threshold = ts.Pareto(1.5), 0.8, 3.0
    bet = ts.StagedBet(law, [0.1, 2.5], noise, thresholds=[threshold])

    def passes(y):
        return stats.norm.cdf((y - math.log(threshold)) / noise)

    paid = integrate.quad(lambda y: 1.5 * math.exp(-0.5 * y) * passes(y), 0, 80, epsabs=1e-13, limit=400)[0]
    passed = integrate.quad(lambda y: 1.5 * math.exp(-1.5 * y) * passes(y), 0, 80, epsabs=1e-13, limit=400)[0]
    assert bet.kill_rate == pytest.approx(1 - passed, rel=1e-9)
    assert bet.value() == pytest.approx(paid - 2.5 * passed - 0.1, rel=1e-9)
    assert bet.payoff_killed == pytest.approx(1 - paid / 3, rel=1e-8)


def test_two_gates_against_plain_simulation():
    """Exponential payoffs, a million trials, five standard errors; every moved threshold does worse."""
    law, stakes, noises = ts.Exponential(2.0), [0.1, 1, 1], [1, 0.5]
    best = ts.StagedBet(law, stakes, noises, follow_on=2)
    rng, n = np.random.default_rng(1), 1_000_000
    x = rng.exponential(2.0, n)
    first, second = (x * np.exp(t * rng.normal(size=n)) for t in noises)
    one = first >= best.thresholds[0]
    two = one & (second >= best.thresholds[1])
    net = 2 * (x * two - 1.0 * one - 1.0 * two) - 0.1
    assert abs(net.mean() - best.value()) < 5 * net.std() / math.sqrt(n)
    assert abs(two.mean() - (1 - best.kill_rate)) < 5 * 0.5 / math.sqrt(n)
    assert abs((0.1 + 2 * (1.0 * one + 1.0 * two)).mean() - best.spent) < 0.02
    top = x >= law.isf(0.01)
    assert abs((1 - two[top].mean()) - best.outliers_killed) < 5 * 0.5 / math.sqrt(0.01 * n)
    for moved in ((1.1, 1), (0.9, 1), (1, 1.1), (1, 0.9)):
        given = [t * f for t, f in zip(best.thresholds, moved, strict=True)]
        assert ts.StagedBet(law, stakes, noises, thresholds=given, follow_on=2).value() < best.value()


def test_stricter_rules_kill_more_outliers():
    killed = [ts.StagedBet(ts.Pareto(1.2), [0.1, 1], 2, thresholds=[t]).outliers_killed for t in (0, 1, 10, 100, 1000)]
    assert killed[0] == 0.0
    assert (np.diff(killed) > 0).all()
    assert killed[-1] > 0.5


def test_no_gate_is_the_plain_bet_and_noise_makes_looking_worthless():
    plain = ts.StagedBet(ts.Pareto(3), [0.1, 1], 1, thresholds=[0])
    assert plain.value() == pytest.approx(1.5 - 1.1, rel=1e-10)
    assert plain.kill_rate == pytest.approx(0.0, abs=1e-14)
    blind = ts.StagedBet(ts.LogNormal(0, 1), [0.1, 1], 1e4)
    assert blind.value() == pytest.approx(math.exp(0.5) - 1.1, rel=1e-6)


def test_infinite_means_are_worth_any_stake():
    bet = ts.StagedBet(ts.Pareto(0.9), [1, 50], 1)
    assert bet.value() == math.inf
    assert bet.thresholds == (0.0,)
    for ask in (lambda: bet.value_of_staging, lambda: bet.payoff_killed, lambda: bet.recycled(100)):
        with pytest.raises(ts.UndefinedMomentError, match=r"\.$"):
            ask()
    assert ts.StagedBet(ts.Pareto(0.9), [1, 50], 1, thresholds=[100]).outliers_killed > 0.1


def test_recycled_money_starts_more_bets_and_kills_more():
    found = REFERENCE.recycled(100)
    assert found.per_spent > REFERENCE.value() / REFERENCE.spent
    assert found.thresholds[0] > REFERENCE.thresholds[0]
    assert found.value == pytest.approx(100 * found.per_spent)
    for factor in (0.9, 1.1):  # no threshold near it makes more of a unit
        other = ts.StagedBet(ts.LogNormal(-2, 2), [0.05, 1], 1, thresholds=[found.thresholds[0] * factor])
        assert other.value() / other.spent < found.per_spent
    fixed = ts.StagedBet(ts.LogNormal(-2, 2), [0.05, 1], 1, thresholds=[2]).recycled(100)
    assert fixed.thresholds == (2.0,)
    assert fixed.n_bets == pytest.approx(100 / (0.05 + stats.norm.sf((math.log(2) + 2) / math.sqrt(5))))


def test_zeros_are_seen_and_killed():
    """A third of the value of a zero-inflated law without its zeros, less the first stake of those."""
    base = ts.StagedBet(ts.LogNormal(0, 1), [0, 1], 1, thresholds=[1.5])
    rare = ts.StagedBet(ts.ZeroInflated(ts.LogNormal(0, 1), 2 / 3), [0, 1], 1, thresholds=[1.5])
    assert rare.value() == pytest.approx(base.value() / 3, rel=1e-8)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"payoff": 3}, "payoff"),
        ({"payoff": ts.Normal(0, 1)}, "payoff"),
        ({"stakes": [1]}, "stakes"),
        ({"stakes": 1}, "stakes"),
        ({"stakes": [1, -1]}, "stakes"),
        ({"stakes": [1, 0]}, "stakes"),
        ({"signal_noise": 0}, "signal_noise"),
        ({"signal_noise": [1, 1]}, "signal_noise"),
        ({"signal_noise": [math.nan]}, r"signal_noise\[0\]"),
        ({"thresholds": "best"}, "thresholds"),
        ({"thresholds": [1, 2]}, "thresholds"),
        ({"thresholds": [-1]}, "thresholds"),
        ({"follow_on": 0}, "follow_on"),
    ],
)
def test_bad_arguments_are_refused(change, name):
    asked = {"payoff": ts.Pareto(2), "stakes": [0.1, 1], "signal_noise": 1} | change
    with pytest.raises(ts.ArgumentError, match=rf"^{name} must be .*\.$"):
        ts.StagedBet(**asked)
