"""The interval for a mean: what it covers, when it opens, and that it stays narrow on light tails."""

import math
import os
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from scipy import special, stats

from tailsim.errors import ArgumentError
from tailsim.stats import mean_estimate
from tailsim.stats._unit import exponent_of, to_unit
from tailsim.stats.mean import _tail_interval, mean_interval


class Case(NamedTuple):
    draw: Callable[[np.random.Generator, int], np.ndarray]
    mean: float


def pareto(tail_index):
    return Case(lambda rng, n: (1 - rng.random(n)) ** (-1 / tail_index), tail_index / (tail_index - 1))


def lognormal(sigma, p_zero=0.0):
    mean = (1 - p_zero) * math.exp(sigma**2 / 2)
    return Case(lambda rng, n: np.exp(sigma * rng.standard_normal(n)) * (rng.random(n) >= p_zero), mean)


def hidden(tail_index):
    """1 % of a Pareto law in an exponential body."""

    def draw(rng, n):
        return np.where(rng.random(n) < 0.01, (1 - rng.random(n)) ** (-1 / tail_index), rng.exponential(size=n))

    return Case(draw, 0.99 + 0.01 * tail_index / (tail_index - 1))


EXPONENTIAL = Case(lambda rng, n: rng.exponential(size=n), 1.0)
NORMAL = Case(lambda rng, n: rng.normal(1, 1, n), 1.0)
UNIFORM = Case(lambda rng, n: rng.random(n), 0.5)
CASES = {
    "Pareto 1.05": pareto(1.05),
    "Pareto 1.1": pareto(1.1),
    "Pareto 1.2": pareto(1.2),
    "Pareto 1.5": pareto(1.5),
    "Pareto 1.9": pareto(1.9),
    "Pareto 2.5": pareto(2.5),
    "Pareto 3.5": pareto(3.5),
    "Lomax 1.5": Case(lambda rng, n: rng.pareto(1.5, n), 2.0),
    "Frechet 1.3": Case(lambda rng, n: rng.exponential(size=n) ** (-1 / 1.3), math.gamma(1 - 1 / 1.3)),
    "Student t 1.5 around 3": Case(lambda rng, n: 3 + rng.standard_t(1.5, n), 3.0),
    "95 % zeros, Pareto 1.5": Case(lambda rng, n: (1 - rng.random(n)) ** (-1 / 1.5) * (rng.random(n) < 0.05), 0.15),
    "95 % zeros, lognormal sigma 2": lognormal(2, 0.95),
    "lognormal sigma 1": lognormal(1),
    "lognormal sigma 2": lognormal(2),
    "lognormal sigma 3": lognormal(3),
    "Weibull 0.3": Case(lambda rng, n: rng.weibull(0.3, n), math.gamma(1 + 1 / 0.3)),
    "1 % Pareto 1.2 in exponential": hidden(1.2),
    "exponential": EXPONENTIAL,
    "normal": NORMAL,
    "uniform": UNIFORM,
}


def student(x):
    half = special.stdtrit(x.size - 1, 0.975) * x.std(ddof=1) / math.sqrt(x.size)
    return x.mean() - half, x.mean() + half


def hull(x):
    return mean_interval(x, 0.95)


def coverage(case, n, repeats, seed, interval=hull):
    rng = np.random.default_rng(seed)
    hits = 0
    for _ in range(repeats):
        x = np.sort(case.draw(rng, n))
        low, high = interval(to_unit(x))
        hits += low <= math.ldexp(case.mean, -exponent_of(x)) <= high
    return hits / repeats


@pytest.mark.parametrize("name", ["Pareto 1.1", "Pareto 1.5", "Pareto 2.5", "95 % zeros, lognormal sigma 2"])
def test_it_covers_at_least_90_percent_at_n_1000(name):
    """300 samples each: 97 % in truth fall below 90 with probability 1e-8; 84 % in truth pass 2 times in 1,000."""
    assert coverage(CASES[name], 1000, 300, 20) >= 0.90


def test_student_alone_would_fail_the_same_check_at_tail_index_1_1():
    """Student's interval covers 24 % there (references, section 6): 5 standard errors of 300 samples."""
    assert abs(coverage(pareto(1.1), 1000, 300, 20, student) - 0.24) < 5 * math.sqrt(0.24 * 0.76 / 300)


@pytest.mark.parametrize("tail_index", [1.1, 1.5, 1.9, 2.5, 3.5])
def test_one_tail_fit_covers_94_percent_at_n_100_as_references_section_6(tail_index):
    """k = floor(sqrt(n)) alone, 1,000 samples: 94 % within 5 standard errors (3.8 %), false alarm 1e-6."""
    rng = np.random.default_rng(0)
    covered = coverage(pareto(tail_index), 100, 1000, 21, lambda x: _tail_interval(x, 10, 0, 0.95, rng))
    assert abs(covered - 0.94) < 5 * math.sqrt(0.94 * 0.06 / 1000)


@pytest.mark.slow
def test_coverage_table(capsys):
    """Nominal 95 %, 500 samples a cell: at least 90 %, less 3 standard errors; a hidden component is reported only."""
    seed = int(os.environ.get("TAILSIM_SEED", np.random.SeedSequence().entropy % 2**32))
    failed = []
    with capsys.disabled():
        print(f"\ncoverage in % of nominal 95 % (seed {seed}): hull and, in brackets, Student t")
        print(f"{'law':32}      1,000     10,000")
        for name, case in CASES.items():
            row = [(coverage(case, n, 500, seed), coverage(case, n, 500, seed, student)) for n in (1000, 10_000)]
            print(f"{name:32}" + "".join(f" {100 * h:4.0f} ({100 * s:3.0f})" for h, s in row))
            failed += [name for h, _ in row if h < 0.90 - 0.04 and "in exponential" not in name]
    assert not failed


@pytest.mark.parametrize(("case", "n"), [(c, n) for c in (EXPONENTIAL, NORMAL, UNIFORM) for n in (1000, 10_000)])
def test_on_a_light_tail_it_is_finite_and_at_most_3_times_as_wide_as_students(case, n):
    rng = np.random.default_rng(22)
    for _ in range(20):
        x = np.sort(case.draw(rng, n))
        low, high = hull(x)
        narrow = student(x)
        assert low <= narrow[0] + 1e-12
        assert narrow[1] - 1e-12 <= high
        assert high - low <= 3 * (narrow[1] - narrow[0])


def test_on_few_light_outcomes_it_is_rarely_wider():
    """n = 100: in fewer than 20 % of 100 exponential samples; without the rule for light tails in about 25 %."""
    rng = np.random.default_rng(23)
    wide = 0
    for _ in range(100):
        x = np.sort(rng.exponential(size=100))
        low, high = hull(x)
        wide += high - low > 3 * (student(x)[1] - student(x)[0])
    assert wide < 20


def test_value_is_the_sample_mean_and_lies_in_the_interval():
    x = pareto(1.5).draw(np.random.default_rng(24), 500)
    e = mean_estimate(x)
    assert e.value == pytest.approx(x.mean(), rel=1e-12)
    assert e.interval[0] < e.value < e.interval[1]
    assert (e.n, e.level) == (500, 0.95)


def test_a_tail_index_near_one_opens_the_interval_and_says_so():
    x = pareto(0.9).draw(np.random.default_rng(25), 10_000)
    e = mean_estimate(x)
    assert e.interval[1] == e.std_error == math.inf
    assert "no mean can be relied on to exist" in e.verdict
    assert "no upper end" in e.verdict


def test_heavy_losses_open_the_lower_end():
    x = 5 - pareto(0.9).draw(np.random.default_rng(26), 10_000)
    e = mean_estimate(x)
    assert e.interval[0] == -math.inf
    assert "no lower end" in e.verdict


def test_light_data_have_a_standard_error_and_a_reliable_mean():
    x = np.random.default_rng(27).exponential(size=2000)
    e = mean_estimate(x)
    assert e.std_error == pytest.approx(x.std(ddof=1) / math.sqrt(2000), rel=1e-12)
    assert "the mean is reliable at n = 2,000" in e.verdict


def test_losses_mirror_gains():
    x = pareto(2.2).draw(np.random.default_rng(28), 1000)
    gains, losses = mean_estimate(x).interval, mean_estimate(-x).interval
    assert (-losses[1], -losses[0]) == pytest.approx(gains, rel=0.03)


def test_a_higher_level_gives_a_wider_interval():
    x = pareto(3.0).draw(np.random.default_rng(29), 1000)
    widths = [np.diff(mean_estimate(x, level).interval)[0] for level in (0.5, 0.8, 0.95, 0.99)]
    assert widths == sorted(widths)


def test_the_same_data_give_the_same_interval_in_any_order():
    x = pareto(1.5).draw(np.random.default_rng(30), 1000)
    assert mean_estimate(x).interval == mean_estimate(x[::-1]).interval == mean_estimate(list(x)).interval


def test_scale_is_of_no_account():
    x = pareto(2.5).draw(np.random.default_rng(31), 300)
    e, big = mean_estimate(x), mean_estimate(np.ldexp(x, 900))
    assert big.interval == tuple(math.ldexp(end, 900) for end in e.interval)
    assert big.value == math.ldexp(e.value, 900)


@pytest.mark.parametrize(
    "data",
    [np.zeros(50), np.ones(50), [1, 2], [0, 1], np.r_[np.zeros(99), 5.0], [-1.0, 1.0], [-3.0, -2.0], [1e308] * 20],
    ids=["zeros", "ones", "two", "one hit in two", "one hit", "signs", "losses", "huge"],
)
def test_odd_samples_get_an_answer_with_a_flag(data):
    e = mean_estimate(data)
    assert e.interval[0] <= e.value <= e.interval[1]
    assert "fewer than 10" in e.verdict or "not seen" in e.verdict


def test_student_interval_is_inside_for_a_level_of_its_own():
    x = np.random.default_rng(32).exponential(size=50)
    low, high = mean_estimate(x, 0.8).interval
    expected = stats.ttest_1samp(x, 0).confidence_interval(0.8)
    assert low <= expected.low < expected.high <= high


@pytest.mark.parametrize("data", [[], [1.0], [1.0, math.nan], [1.0, math.inf], "12", None, [[1.0, 2.0]]])
def test_what_is_no_sample_is_refused_in_a_sentence(data):
    with pytest.raises(ArgumentError, match=r"^data must be at least two finite numbers.*\.$"):
        mean_estimate(data)


def test_a_level_must_be_one():
    with pytest.raises(ArgumentError, match=r"^level must be"):
        mean_estimate([1.0, 2.0], 95)
