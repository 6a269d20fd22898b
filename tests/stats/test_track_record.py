"""Kappa, equivalent sample sizes and the below-average majority, against closed forms and published figures."""

import math
from dataclasses import dataclass

import mpmath
import numpy as np
import pytest
from scipy import stats as scipy_stats

from tailsim.errors import ArgumentError, UndefinedMomentError
from tailsim.payoffs import (
    Affine,
    Buckets,
    Constant,
    Empirical,
    Exponential,
    LogNormal,
    Normal,
    Pareto,
    StudentT,
    Uniform,
    ZeroInflated,
)
from tailsim.payoffs.base import Payoff
from tailsim.stats import equivalent_sample_size, kappa, mean_deviation, prob_below_mean
from tailsim.stats.fluctuation import Fluctuation, _mirrored


@dataclass(frozen=True)
class Stable(Payoff):
    """What is asked of a stable law here."""

    stability: float
    beta: float = 0.0
    scale: float = 1.0
    support = (-math.inf, math.inf)
    left_tail_index = math.inf

    @property
    def tail_index(self):
        return self.stability

    def _sf(self, x):
        return scipy_stats.levy_stable.sf(x, self.stability, self.beta, scale=self.scale)

    def mean(self):
        return 0.0


@pytest.mark.parametrize(
    ("law", "two", "thirty"),
    [(Pareto(1.5), 0.72371, 0.66013), (Pareto(2), 0.5942, 0.4866), (StudentT(3), 0.29049, 0.19026)],
)
def test_kappa_of_taleb_2019(law, two, thirty):
    assert kappa(law, 1, 2) == pytest.approx(two, abs=2e-5)
    assert kappa(law, 1, 30) == pytest.approx(thirty, abs=3e-5)


@pytest.mark.parametrize(("stability", "sizes"), [(3 / 2, (567, 613, 737)), (11 / 8, (5028, 6003, 8632))])
def test_observations_worth_thirty_gaussian_ones_of_taleb_2019(stability, sizes):
    found = [equivalent_sample_size(Stable(stability, beta)) for beta in (0.0, 0.5, 1.0)]
    assert [round(n) for n in found] == list(sizes)
    same_deviation = [equivalent_sample_size(Stable(stability, b), gaussian="deviation") for b in (0.0, 0.5, 1.0)]
    assert [round(n) for n in same_deviation] == [{3 / 2: 164, 11 / 8: 511}[stability]] * 3


def test_kappa_of_stable_laws_is_two_minus_the_index():
    assert kappa(Stable(1.5, 0.3), 1, 100) == pytest.approx(0.5, abs=1e-12)
    assert prob_below_mean(Stable(1.5, 0.0), 7) == pytest.approx(0.5, abs=1e-9)


def test_the_deviation_of_a_stable_law_is_that_of_its_characteristic_function():
    a, beta = 1.5, 0.5
    skew = beta * mpmath.tan(mpmath.pi * a / 2)

    def integrand(t):
        return (1 - mpmath.exp(-(t**a)) * mpmath.cos(t**a * skew)) / t**2

    integral = mpmath.quad(integrand, [0, 1e-6, 1e-3, 0.1, 1, 4, 20]) + mpmath.mpf(1) / 20
    assert mean_deviation(Stable(a, beta), 1) == pytest.approx(float(2 / mpmath.pi * integral), rel=1e-5)


@pytest.mark.parametrize(
    ("a", "t"),
    [(a, t) for a in (1.5, 1.1, 2.5) for t in (1e-15, 1e-8, 1e-3, 0.1, 1.0, 9.0, 30.0, 60.0)][:-8]
    + [(2.5, t) for t in (1e-5, 0.01, 1.0, 30.0)],
)
def test_the_characteristic_function_of_pareto(a, t):
    with mpmath.workdps(60):
        s = -1j * mpmath.mpf(t)
        mean = mpmath.mpf(a) / (mpmath.mpf(a) - 1)
        expected = complex(mpmath.exp(s * mean) * a * s**a * mpmath.gammainc(-a, s) - 1)
    found = complex(Fluctuation(Pareto(a)).at(np.array([t]))[0])
    assert abs(found - expected) < 1e-9 * abs(expected)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 100, 5000])
def test_sums_of_exponentials_are_gamma(n):
    assert mean_deviation(Exponential(2), n) == pytest.approx(
        2 * 2 * math.exp(n * math.log(n) - n - math.lgamma(n)), rel=1e-6
    )
    assert prob_below_mean(Exponential(2), n) == pytest.approx(scipy_stats.gamma.cdf(n, n), abs=2e-6)


def test_sums_of_uniforms():
    assert mean_deviation(Uniform(-1, 1), 2) == pytest.approx(2 / 3, rel=1e-6)
    assert mean_deviation(Uniform(5, 7), 3) == pytest.approx(13 / 16, rel=1e-6)  # E|sum of three| of Irwin and Hall
    assert prob_below_mean(Uniform(5, 7), 4) == pytest.approx(0.5, abs=1e-6)


def test_below_average_majority_of_pareto_in_the_references():
    assert prob_below_mean(Pareto(1.5), 1000) == pytest.approx(0.684, abs=5e-4)
    chances = [prob_below_mean(Pareto(1.5), n) for n in (1, 10, 1000, 10**9)]
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] == pytest.approx(2 / 3, abs=2e-4)  # Zolotarev: 1 / a


@pytest.mark.parametrize(
    "law",
    [
        Pareto(1.5),
        ZeroInflated(Pareto(1.5), 0.65),
        LogNormal(0, 2),
        Buckets([0, 1, 5, 50], [0.6, 0.3, 0.1], ["uniform", "loguniform", "loguniform"], None),
        2 - Pareto(1.5),
    ],
    ids=lambda law: type(law).__name__,
)
@pytest.mark.parametrize("n", [2, 30])
def test_below_average_majority_is_that_of_simulated_sums(law, n):
    """60,000 sums; the difference of two probabilities, false-alarm rate 1e-6 (Hoeffding)."""
    sums = law.rvs((60_000, n), rng=3).sum(axis=1)
    slack = math.sqrt(math.log(2e6) / (2 * 60_000))
    assert abs((sums < n * law.mean()).mean() - prob_below_mean(law, n)) < slack


def test_one_bet_is_below_the_mean_as_the_law_says():
    assert prob_below_mean(Pareto(1.5), 1) == pytest.approx(Pareto(1.5).cdf(3), rel=1e-12)
    assert prob_below_mean(ZeroInflated(Constant(10), 0.9), 1) == pytest.approx(0.9, rel=1e-12)


def test_turning_and_stretching_a_law_changes_what_it_must():
    assert kappa(7 - 3 * Pareto(1.5), 1, 30) == pytest.approx(kappa(Pareto(1.5), 1, 30), abs=1e-7)
    assert prob_below_mean(-Pareto(1.5), 30) == pytest.approx(1 - prob_below_mean(Pareto(1.5), 30), abs=1e-7)
    assert mean_deviation(5 * Pareto(1.5), 30) == pytest.approx(5 * mean_deviation(Pareto(1.5), 30), rel=1e-7)


def test_equivalent_sample_size_solves_its_equation():
    n = equivalent_sample_size(Exponential(), 10)
    low, high = (mean_deviation(Exponential(), k) / k for k in (math.floor(n), math.ceil(n)))
    assert high <= mean_deviation(Exponential(), 1) / math.sqrt(10) <= low


@pytest.mark.slow
def test_what_is_beyond_all_counting_follows_the_tail_index():
    assert equivalent_sample_size(Pareto(1.02)) == pytest.approx(2.14e37, rel=0.01)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: kappa(Pareto(1), 1, 30), r"kappa of .* is undefined because its mean is not finite \(tail index 1 <="),
        (lambda: prob_below_mean(-Pareto(0.9), 3), r"the chance of .* because its mean is not finite"),
        (lambda: equivalent_sample_size(Constant(3)), r"the equivalent .* because it always pays the same"),
        (lambda: mean_deviation(Empirical([1, 2, 9]), 2), r"the mean deviation .* single values make up its sums"),
    ],
)
def test_what_is_undefined_is_refused_in_a_sentence(ask, said):
    with pytest.raises(UndefinedMomentError, match=rf"^{said}.*\.$"):
        ask()


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: kappa(Pareto(2), 0, 30), r"n0 must be a whole number from 1 to 1,000,000,000, got 0"),
        (lambda: kappa(Pareto(2), 30, 30), r"n must be a whole number above n0 = 30 .*, got 30"),
        (lambda: prob_below_mean(Pareto(2), 1.5), r"n_bets must be a whole number .*, got 1.5"),
        (lambda: prob_below_mean([1, 2], 3), r"payoff must be a payoff law, got \[1, 2\]"),
        (lambda: equivalent_sample_size(Pareto(2), 0), r"n_gaussian must be a whole number .*, got 0"),
        (
            lambda: equivalent_sample_size(Pareto(2), gaussian="scale"),
            r"gaussian must be one of 'deviation'",
        ),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(ask, said):
    with pytest.raises(ArgumentError, match=rf"^{said}.*\.$"):
        ask()


def test_two_sided_laws_are_mirrored_in_their_own_family():
    """In seconds it took half a minute; a moved law has the kappa of the law, whichever way it is turned."""
    plain = kappa(StudentT(3.0), 1, 30)
    assert kappa(3.0 - 2.0 * StudentT(3.0, 1.0), 1, 30) == pytest.approx(plain, rel=1e-6)
    for law in (StudentT(3.0, 1.5, 2.0), Normal(1.0, 2.0), 2.0 * StudentT(1.5) + 1.0):
        turned = _mirrored(law)
        assert not isinstance(turned, Affine) or turned.factor > 0.0
        x = np.array([-3.0, 0.0, 0.5, 40.0])
        np.testing.assert_allclose(turned.sf(x), law.cdf(-x), rtol=1e-13)
        np.testing.assert_allclose(turned.partial_mean(x), (-law).partial_mean(x), rtol=1e-8)
