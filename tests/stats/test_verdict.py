"""Verdicts on means: of declared laws, of sums, and of samples with their error rates."""

import math
import time

import numpy as np
import pytest
from scipy import special

from tailsim.errors import ArgumentError
from tailsim.payoffs import Constant, Exponential, LogNormal, Mixture, Pareto, Payoff, Uniform, ZeroInflated
from tailsim.stats import Verdict, mean_verdict
from tailsim.stats._unit import to_unit
from tailsim.stats.verdict import verdict_of_sample, verdict_of_sum


@pytest.mark.parametrize(
    "law",
    [
        Pareto(1.0),
        Pareto(0.7),
        -Pareto(0.9),
        5 - ZeroInflated(Pareto(0.9), 0.5),
        Mixture([Exponential(), Pareto(0.99)], [1 - 1e-6, 1e-6]),
    ],
    ids=str,
)
@pytest.mark.parametrize("n", [None, 1000])
def test_a_declared_tail_index_at_or_below_one_has_no_mean(law, n):
    verdict = mean_verdict(law, n)
    assert (verdict.kind, verdict.n, verdict.n_needed) == ("does not exist", n, math.inf)
    assert math.isnan(verdict.probability)
    assert "at or below 1" in verdict.sentence
    assert "use the median" in verdict.sentence


@pytest.mark.parametrize(
    ("law", "n", "kind"),
    [
        (Pareto(1.5), 100, "not at this n"),
        (Pareto(1.5), 2000, "reliable"),
        (Pareto(1.1), 10**6, "not at this n"),
        (Pareto(1.1), 10**10, "reliable"),
        (LogNormal(0, 3), 10**4, "not at this n"),
        (Exponential(), 50, "not at this n"),
        (Exponential(), 100, "reliable"),
        (Constant(2), 1, "reliable"),
    ],
    ids=str,
)
def test_reliability_of_a_declared_law(law, n, kind):
    verdict = mean_verdict(law, n)
    assert verdict.kind == kind
    assert (verdict.probability >= 0.9) == (kind == "reliable") == (verdict.n_needed <= n)
    assert str(verdict) == verdict.sentence
    assert f"n = {n:,}" in verdict.sentence or n >= 10**7


def test_a_law_without_n_is_told_how_many_draws_it_takes():
    verdict = mean_verdict(Pareto(1.5))
    assert (verdict.kind, verdict.n) == ("exists", None)
    assert 450 <= verdict.n_needed <= 600
    assert f"from about {verdict.n_needed:,.0f} draws on" in verdict.sentence
    assert "at no number of draws" in mean_verdict(Pareto(1.001)).sentence


def test_a_mean_of_zero_is_never_within_a_fifth_of_itself():
    assert mean_verdict(Uniform(-1, 1), 10**9).kind == "not at this n"
    assert mean_verdict(Constant(0), 1).kind == "reliable"


def test_a_sum_is_judged_by_its_heaviest_part():
    parts = [(Exponential(), 1.0, 10), (Pareto(1.2), 0.01, 1)]
    assert verdict_of_sum(parts, 1000).kind == "reliable"
    assert verdict_of_sum([*parts, (Pareto(1.0), 1e-9, 1)], 1000).kind == "does not exist"


def test_a_verdict_cannot_be_changed():
    with pytest.raises(AttributeError):
        Verdict("exists", 1, 1.0, 1.0, "").kind = "reliable"


def pareto_sample(tail_index, n, seed):
    return (1 - np.random.default_rng(seed).random(n)) ** (-1 / tail_index)


def kinds(tail_index, n, seeds, p_zero=0.0, shift=0.0):
    rng = np.random.default_rng(seeds)
    for _ in range(300):
        x = (1 - rng.random(n)) ** (-1 / tail_index) * (rng.random(n) >= p_zero) - shift
        yield verdict_of_sample(to_unit(np.sort(x)), search=False).kind


SAMPLES = pytest.mark.parametrize(
    ("p_zero", "shift"), [(0.0, 0.0), (0.65, 0.0), (0.0, 1.0)], ids=["pareto", "zeros", "lomax"]
)


@SAMPLES
def test_an_infinite_mean_is_warned_of_in_10000_outcomes(p_zero, shift):
    """Tail index .9: at least 99 % of 300 samples; the rate in theory is 99.9 %."""
    assert sum(k == "may not exist" for k in kinds(0.9, 10_000, 10, p_zero, shift)) >= 297


@SAMPLES
def test_a_finite_mean_is_not_doubted_in_10000_outcomes(p_zero, shift):
    """Tail index 1.5: at most 1 % of 300 samples; the rate in theory is below .1 % (.2 % for Lomax)."""
    assert sum(k == "may not exist" for k in kinds(1.5, 10_000, 11, p_zero, shift)) <= 3


@pytest.mark.slow
@SAMPLES
def test_rates_of_warnings_in_2000_samples(p_zero, shift):
    """The same with 2,000 samples: at least 99 % at .9, at most 1 % at 1.5, and at 1.0 about 95 % are warned of."""
    rates = {}
    for index in (0.9, 1.0, 1.5):
        found = [k for seed in range(7) for k in kinds(index, 10_000, 100 + seed, p_zero, shift)][:2000]
        rates[index] = np.mean([k == "may not exist" for k in found])
    assert rates[0.9] >= 0.99
    assert rates[1.5] <= 0.01
    assert rates[1.0] >= 0.93


@pytest.mark.parametrize("p_zero", [0.0, 0.65])
@pytest.mark.parametrize("tail_index", [0.7, 1.2, 1.5])
def test_data_never_show_that_a_mean_does_not_exist(tail_index, p_zero):
    """300 outcomes cannot tell 1.2 from 0.9, so whatever is said of both must be true of both."""
    said = set(kinds(tail_index, 300, 18, p_zero))
    assert "does not exist" not in said
    assert "may not exist" in said


@pytest.mark.parametrize("n", [30, 100, 1000])
def test_a_mean_that_does_not_exist_is_called_reliable_in_few_samples(n):
    """Tail index 1, nominal 5 %: more than 35 of 300 with probability 1e-6 (binomial)."""
    assert sum(k == "reliable" for k in kinds(1.0, n, 12)) <= 35


def test_data_are_judged_at_their_own_n_or_at_another():
    x = pareto_sample(2.5, 2000, 13)
    assert mean_verdict(x).n == 2000
    assert mean_verdict(x).kind == "reliable"
    few = mean_verdict(x, 5)
    assert (few.kind, few.n) == ("not at this n", 5)
    assert 5 < few.n_needed < 200


def test_a_sentence_on_data_gives_the_index_its_interval_and_the_largest_share():
    x = pareto_sample(0.8, 10_000, 14)
    sentence = mean_verdict(x).sentence
    assert sentence.startswith("The mean may not exist: the tail index is estimated at 0.")
    assert "at or below 1" in sentence
    assert "(90 %, Hill, 200 points)" in sentence
    assert f"makes {100 * x.max() / x.sum():.0f} % of their total size" in sentence


def test_heavy_losses_count_too():
    assert mean_verdict(3 - pareto_sample(0.8, 10_000, 15)).kind == "may not exist"


def test_one_outcome_of_more_than_a_fifth_of_the_total_makes_no_reliable_mean():
    x = np.r_[np.random.default_rng(19).exponential(size=40), 12.0]
    assert mean_verdict(x[:-1], 1000).kind == mean_verdict(x, 1000).kind == "reliable"
    verdict = mean_verdict(np.r_[np.ones(60), 1.5, 2, 2.5, 3, 18.0])
    assert (verdict.kind, verdict.n) == ("not at this n", 65)
    assert "the largest of 65 outcomes makes 21 % of their total size" in verdict.sentence


@pytest.mark.parametrize("n", [None, 10**7])
def test_an_outcome_that_the_fit_does_not_expect_makes_no_reliable_mean(n):
    """1,000 normal outcomes hide one of 200 from Hill's estimate; a fit to them expects 1e-12 so large."""
    x = np.random.default_rng(19).normal(1, 0.2, 1000)
    assert mean_verdict(x, n).kind == "reliable"
    verdict = mean_verdict(np.r_[x, 200.0], n)
    assert verdict.kind == "not at this n"
    assert "far beyond what a fit to the others expects" in verdict.sentence


@pytest.mark.parametrize("tail_index", [1.5, 3.0])
def test_the_largest_outcome_is_rarely_unexpected_where_the_tail_is_pareto(tail_index):
    """At most 1 of 300 samples in truth about 0.3; more than 5 with probability 1e-6 (Poisson)."""
    found = 0
    for seed in range(300):
        x = to_unit(np.sort(pareto_sample(tail_index, 2000, 500 + seed)))
        found += "far beyond" in verdict_of_sample(x, search=False).sentence
    assert found <= 5


def test_a_law_of_index_one_is_asked_whether_it_has_a_mean():
    class Slow(Payoff):
        """P(X > x) = 1/(x (1 + ln x)^2): a tail index of 1, and a mean of 2."""

        support = (1.0, math.inf)
        tail_index = 1.0

        def _sf(self, x):
            x = np.maximum(x, 1.0)
            return 1 / (x * (1 + np.log(x)) ** 2)

        def _isf(self, p):
            root = special.lambertw(np.exp(0.5) / (2 * np.sqrt(p))).real
            return np.exp(2 * root - 1)

        def moment_exists(self, order):
            return order <= 1

        def mean(self):
            return 2.0

    assert mean_verdict(Slow(), 10).kind == "not at this n"
    assert mean_verdict(Slow(), 10**6).kind == "reliable"
    assert mean_verdict(Pareto(1.0), 10**6).kind == "does not exist"


def test_normal_data_around_one_are_reliable():
    x = np.random.default_rng(16).normal(1, 1, 1000)
    assert mean_verdict(x).kind == "reliable"


def test_fewer_than_ten_tail_points_are_flagged():
    assert "fewer than 10" in mean_verdict(pareto_sample(3.0, 99, 17)).sentence
    assert "fewer than 10" not in mean_verdict(pareto_sample(3.0, 100, 17)).sentence
    assert "fewer than 10" in mean_verdict(np.r_[np.zeros(1000), 1 + np.arange(19.0)]).sentence


def test_data_without_a_positive_outcome_say_nothing():
    verdict = mean_verdict(np.zeros(100))
    assert (verdict.kind, verdict.n_needed) == ("not at this n", math.inf)
    assert "have not seen what pays" in verdict.sentence


@pytest.mark.parametrize("data", [[], [1.0], [1.0, math.nan], [1.0, math.inf], "ab", None, 3.0])
def test_what_is_no_sample_is_refused(data):
    with pytest.raises(ArgumentError, match=r"^law_or_data must be at least two finite numbers.*\.$"):
        mean_verdict(data)


@pytest.mark.parametrize("n", [0, -1, 1.5, 1e301, math.nan, math.inf, "10", True])
def test_n_must_be_a_count(n):
    with pytest.raises(ArgumentError, match=r"^n must be a whole number from 1 to 1e300"):
        mean_verdict(Exponential(), n)


def test_any_n_up_to_1e300_is_answered():
    assert mean_verdict(Pareto(1.01), 1e300).kind == "reliable"
    assert mean_verdict(Pareto(1.001), 1e300).kind == "not at this n"


def test_a_verdict_on_a_law_takes_less_than_a_tenth_of_a_second():
    """The fastest of 5 calls, so that a busy machine does not decide."""
    for law, n in ((Pareto(1.1), 10**6), (LogNormal(0, 3), 10**4), (ZeroInflated(Pareto(1.2), 0.9), 100)):
        took = []
        for _ in range(5):
            start = time.perf_counter()
            mean_verdict(law, n)
            took.append(time.perf_counter() - start)
        assert min(took) < 0.1
