"""Expected concentration of samples: published figures, closed forms, limits, and simulation as the test."""

import math

import mpmath
import numpy as np
import pytest

from tailsim.errors import ArgumentError, UndefinedMomentError
from tailsim.payoffs import (
    Buckets,
    Constant,
    Empirical,
    Exponential,
    LogNormal,
    Lomax,
    Mixture,
    Pareto,
    Uniform,
    ZeroInflated,
)
from tailsim.stats.expected_shares import (
    expected_gini,
    expected_hhi,
    expected_max_share,
    expected_top_share,
    sample_top_share,
)


def test_taleb_and_douady_2015_top_one_percent_of_ten_thousand():
    """Printed from simulation: mean .486, median .459, standard deviation .118, population .657933."""
    found = sample_top_share(Pareto(1.1), 10_000, 0.01, n_trials=1000, rng=1)
    assert found.population == pytest.approx(0.657933, abs=1e-6)
    assert found.expected == pytest.approx(0.486, abs=2e-3)
    assert found.std == pytest.approx(0.118, abs=5e-4)
    assert found.median.interval[0] < 0.459 < found.median.interval[1]
    assert found.bias == found.expected - found.population < -0.16


def test_albrecher_integrals_of_pareto_in_the_references():
    assert float(expected_max_share(Pareto(1.5), 100)) == pytest.approx(0.1403, abs=2e-4)
    assert float(expected_hhi(Pareto(1.5), 100)) == pytest.approx(0.0491719, abs=5e-8)


@pytest.mark.parametrize("a", [0.3, 0.5, 0.8])
def test_limits_of_infinite_means(a):
    n = 10**6
    assert float(expected_hhi(Pareto(a), n)) == pytest.approx(1 - a, abs=0.02 if a == 0.8 else 1e-4)

    def integrand(s):
        return 1 / (1 + s**a * mpmath.exp(s) * mpmath.gammainc(1 - a, 0, s))

    limit = float(mpmath.quad(integrand, [0, 1e-6, 0.01, 1, 10, 60]))
    assert float(expected_max_share(Pareto(a), n)) == pytest.approx(limit, abs=0.02 if a == 0.8 else 1e-4)


def test_total_over_largest_tends_to_one_over_one_minus_the_index():
    """S / max is at most n and has all moments; 20,000 samples, 5 standard errors (false-alarm rate 6e-7)."""
    x = Pareto(0.5).rvs((20_000, 300), rng=1)
    ratio = x.sum(axis=1) / x.max(axis=1)
    assert abs(ratio.mean() - 2) < 5 * ratio.std() / math.sqrt(20_000) + 2 / 300


def test_two_exponentials_and_two_uniforms():
    """The larger of two exponentials makes 3/4 on average; E[HHI] = 2/3, E[Gini] = 1/4."""
    assert float(expected_max_share(Exponential(3), 2)) == pytest.approx(3 / 4, rel=1e-9)
    assert float(expected_hhi(Exponential(3), 2)) == pytest.approx(2 / 3, rel=1e-9)
    assert float(expected_gini(Exponential(3), 2)) == pytest.approx(1 / 4, rel=1e-9)
    # for n exponentials the shares are Dirichlet: E[max/S] = (1 + 1/2 + ... + 1/n) / n, E[HHI] = 2/(n+1)
    for n in (5, 200):
        assert float(expected_max_share(Exponential(), n)) == pytest.approx(
            sum(1 / np.arange(1.0, n + 1)) / n, rel=1e-8
        )
        assert float(expected_hhi(Exponential(), n)) == pytest.approx(2 / (n + 1), rel=1e-8)
        assert float(expected_gini(Exponential(), n)) == pytest.approx((n - 1) / (2 * n), rel=1e-8)
    # of two uniforms the larger makes ln 2 on average
    assert float(expected_max_share(Uniform(0, 1), 2)) == pytest.approx(math.log(2), rel=1e-9)


LAWS = [
    (ZeroInflated(Pareto(1.5), 0.65), 12, 3),
    (LogNormal(0, 2), 50, 5),
    (Empirical([0, 0, 1, 1, 5]), 10, 2),
    (Uniform(0, 1), 3, 1),
    (Buckets([0, 1, 5, 50], [0.6, 0.3, 0.1], ["uniform", "loguniform", "loguniform"]), 20, 2),
    (Mixture([Pareto(1.1), Lomax(1.2, 5), Constant(0)], [0.2, 0.3, 0.5]), 30, 4),
    (Pareto(0.5), 20, 20),
]


@pytest.mark.parametrize(("law", "n", "k"), LAWS, ids=lambda case: type(case).__name__)
def test_expectations_are_those_of_simulated_samples(law, n, k):
    """60,000 samples; a mean of shares, which lie in [0, 1], false-alarm rate 1e-6 each (Hoeffding)."""
    x = np.sort(law.rvs((60_000, n), rng=1), axis=1)[:, ::-1]
    x = x[x.sum(axis=1) > 0]
    shares = x / x.sum(axis=1, keepdims=True)
    slack = math.sqrt(math.log(2e6) / (2 * len(x)))
    top, i = shares[:, :k].sum(axis=1), np.arange(1, n + 1)
    found = sample_top_share(law, n, k / n, n_trials=100, rng=1)
    assert abs(top.mean() - found.expected) < slack
    assert abs(top.std() - found.std) < 2 * slack
    assert abs((shares**2).sum(axis=1).mean() - float(expected_hhi(law, n))) < slack
    assert abs((shares @ (n + 1 - 2 * i) / n).mean() - float(expected_gini(law, n))) < slack


def test_ties_and_equal_payoffs():
    assert float(expected_top_share(Constant(3), 10, 0.3)) == pytest.approx(0.3, rel=1e-9)
    assert float(expected_gini(Constant(3), 10)) == pytest.approx(0, abs=1e-12)
    assert float(expected_hhi(Constant(3), 10)) == pytest.approx(0.1, rel=1e-9)


def test_of_rare_winners_only_samples_that_paid_count():
    """One bet in a thousand pays one: of ten, given any, the largest makes 1 / the number of winners."""
    p, n = 1e-3, 10
    paid = 1 - (1 - p) ** n
    expected = sum(math.comb(n, j) * p**j * (1 - p) ** (n - j) / j for j in range(1, n + 1)) / paid
    assert float(expected_max_share(ZeroInflated(Constant(1), 1 - p), n)) == pytest.approx(expected, rel=1e-9)


def test_trivial_samples():
    assert float(expected_max_share(Pareto(1.5), 1)) == float(expected_hhi(Pareto(1.5), 1)) == 1.0
    assert float(expected_gini(Pareto(1.5), 1)) == 0.0
    assert float(expected_top_share(Pareto(1.5), 7, 1.0)) == 1.0


def test_the_bias_vanishes_slowly_and_is_said():
    gaps = [float(expected_top_share(Pareto(1.5), n, 0.01)) - Pareto(1.5).top_share(0.01) for n in (100, 10**4, 10**6)]
    assert gaps[0] < gaps[1] < gaps[2] < 0
    said = expected_top_share(Pareto(1.1), 10_000, 0.01).verdict
    assert said == "the top 0.01 of the population is 0.6579; a sample is off by -0.17 on average"
    assert "infinite" in expected_gini(Pareto(0.9), 100).verdict


def test_the_unit_of_money_does_not_matter():
    for scale in (1e-200, 1e200):
        assert float(expected_top_share(Pareto(1.5, scale), 100, 0.05)) == pytest.approx(
            float(expected_top_share(Pareto(1.5), 100, 0.05)), rel=1e-9
        )


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (
            lambda: expected_top_share(Pareto(2) - 3, 10, 0.1),
            UndefinedMomentError,
            "expected shares of .* can be negative",
        ),
        (lambda: expected_hhi(Constant(0), 10), UndefinedMomentError, "expected shares of .* pays nothing, ever"),
        (lambda: expected_top_share([1, 2], 10, 0.1), ArgumentError, "payoff must be a payoff law"),
        (lambda: expected_top_share(Pareto(2), 0, 0.1), ArgumentError, "n_bets must be a whole number from 1 to"),
        (lambda: expected_top_share(Pareto(2), 10, 0), ArgumentError, "fraction must be a fraction above 0"),
        (lambda: sample_top_share(Pareto(2), 10, 0.1, n_trials=5), ArgumentError, "n_trials must be a whole number"),
    ],
)
def test_what_is_undefined_or_wrong_is_refused_in_a_sentence(ask, error, said):
    with pytest.raises(error, match=rf"^{said}.*\.$"):
        ask()
