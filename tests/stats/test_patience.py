"""After a drought: the posterior against quadrature, the stopping rule against a search over all rules."""

import math

import numpy as np
import pytest
from scipy import integrate
from scipy import stats as scipy_stats

from tailsim.errors import ArgumentError
from tailsim.payoffs import Pareto
from tailsim.stats import HitRatePrior, after_drought, patience


@pytest.mark.parametrize("k", [0, 1, 30, 5000])
@pytest.mark.parametrize("never", [0.0, 0.3])
def test_the_posterior_is_bayes_rule_by_quadrature(k, never):
    a, b = 1.5, 18.0
    prior = scipy_stats.beta(a, b).pdf

    def weight(f):
        return integrate.quad(lambda p: f(p) * (1 - p) ** k * prior(p), 0, 1, epsabs=0, limit=200)[0]

    evidence = never + (1 - never) * weight(lambda p: 1)
    found = after_drought(k, HitRatePrior(a, b, never))
    mean = (1 - never) * weight(lambda p: p) / evidence
    square = (1 - never) * weight(lambda p: p * p) / evidence
    assert found.hit_rate.value == pytest.approx(mean, rel=1e-7)
    assert found.hit_rate.std_error == pytest.approx(math.sqrt(square - mean**2), rel=1e-6)
    assert found.posterior.p_never == pytest.approx(never / evidence, rel=1e-7)
    no_hit = (never + (1 - never) * weight(lambda p: (1 - p) ** 20)) / evidence
    assert found.prob_hit(20) == pytest.approx(1 - no_hit, rel=1e-6)


def test_the_interval_holds_its_level():
    found = after_drought(30, HitRatePrior(1, 19, 0.01), level=0.9)
    low, high = found.hit_rate.interval
    assert found.posterior.prob_above(high) == pytest.approx(0.05, rel=1e-9)
    assert found.posterior.prob_above(low) == pytest.approx(0.95, rel=1e-9)
    assert after_drought(30, HitRatePrior(1, 19, 0.5)).hit_rate.interval[0] == 0.0


def value_of(belief, n, value, stake):
    """What it is worth to go on for at most n bets, bet by bet."""
    worth, alive = 0.0, 1.0
    for j in range(n):
        p = belief.after(j).mean
        worth += alive * (p * value - stake)
        alive *= 1 - p
    return worth


@pytest.mark.parametrize("prior", [HitRatePrior(1, 19), HitRatePrior(0.5, 3, 0.2), HitRatePrior(4, 60)])
@pytest.mark.parametrize("value", [5.0, 25.0, 60.0])
def test_no_other_number_of_bets_is_worth_more(prior, value):
    found = after_drought(7, prior, hit_value=value, stake=1.5)
    worth = [value_of(found.posterior, n, value, 1.5) for n in range(300)]
    assert found.value_to_come == pytest.approx(max(worth), rel=1e-9, abs=1e-12)
    if found.bets_to_go < 300:
        assert worth[int(found.bets_to_go)] == pytest.approx(max(worth), abs=1e-12)
    assert found.go_on is (max(worth) > 0)
    assert found.next_value == pytest.approx(worth[1], rel=1e-12)
    assert found.break_even == pytest.approx(1.5 / value, rel=1e-12)
    assert found.prob_worth_it == pytest.approx(found.posterior.prob_above(1.5 / value), rel=1e-12)


@pytest.mark.parametrize("a", [0.5, 1.0, 3.0])
def test_long_waits_are_summed_in_closed_form(a, monkeypatch):
    belief = HitRatePrior(a, 20.0, 0.1)
    one_by_one = patience._expected_bets(belief, 5000)
    monkeypatch.setattr(patience, "_SUMMED", 10)
    assert patience._expected_bets(belief, 5000) == pytest.approx(one_by_one, rel=1e-9)


def test_each_further_failure_lowers_hope():
    rates = [after_drought(k, (1, 19)).hit_rate.value for k in (0, 1, 10, 100, 10**6)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == 0.05
    assert rates[-1] == pytest.approx(1 / (20 + 10**6), rel=1e-12)


def test_advice_in_words():
    assert "stop, the next bet is not worth its stake" in str(after_drought(30, (1, 19), hit_value=40))
    assert "go on, worth 1.54, and stop after 10 further failures" in str(after_drought(10, (1, 19), hit_value=40))
    assert "no number of failures" in str(after_drought(30, (1, 19), hit_value=Pareto(1)))
    chances = after_drought(1, (1, 19))
    assert str(chances) == "After 1 failure in a row the hit rate is 0.0476 [0.00127, 0.168] (it was 0.05)."
    assert chances.go_on is None
    assert math.isnan(chances.break_even)


def test_the_value_of_a_hit_may_be_a_law_with_an_infinite_mean():
    found = after_drought(30, (1, 19), hit_value=Pareto(0.9))
    assert (found.go_on, found.bets_to_go, found.value_to_come) == (True, math.inf, math.inf)
    assert after_drought(30, (1, 19), hit_value=Pareto(2)).break_even == 0.5
    assert after_drought(30, (1, 19), hit_value=0).go_on is False


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: after_drought(-1, (1, 19)), r"n_failures must be a whole number from 0 to 1e12, got -1"),
        (
            lambda: after_drought(3, 0.05),
            r"prior must be a HitRatePrior or a pair \(a, b\) of numbers above 0, got 0.05",
        ),
        (lambda: after_drought(3, (1, 2, 3)), r"prior must be a HitRatePrior or a pair"),
        (lambda: after_drought(3, (0, 19)), r"a must be a finite number above 0, got 0"),
        (lambda: HitRatePrior(1, 19, 1.0), r"p_never must be a probability of at least 0 and below 1, got 1.0"),
        (lambda: after_drought(3, (1, 19), hit_value=-1), r"hit_value must be a number not negative, .*, got -1"),
        (lambda: after_drought(3, (1, 19), stake=0), r"stake must be a finite number above 0, got 0"),
        (lambda: after_drought(3, (1, 19), level=1), r"level must be a confidence level .*, got 1"),
        (lambda: HitRatePrior(1, 19).prob_above(np.nan), r"rate must be a probability between 0 and 1, got nan"),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(ask, said):
    with pytest.raises(ArgumentError, match=rf"^{said}.*\.$"):
        ask()
