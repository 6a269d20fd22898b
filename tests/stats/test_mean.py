"""The interval for a mean: what it covers, when it opens, and that it stays narrow on light tails."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tailsim.errors import ArgumentError
from tailsim.stats import mean_by_subsampling, mean_estimate, mean_verdict

from .heavy import EXPONENTIAL, NORMAL, UNIFORM, hull, pareto, student


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
    assert "The mean may not exist" in e.verdict
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


@pytest.mark.parametrize("data", [np.zeros(50), np.r_[np.zeros(99), 5.0]], ids=["no hit", "one hit"])
def test_what_has_seen_at_most_one_hit_bounds_no_mean(data):
    e = mean_estimate(data)
    assert e.interval[1] == math.inf
    assert "nothing is known of how much one can pay" in e.verdict
    assert mean_estimate(np.r_[np.zeros(99), 5.0, 5.0]).interval[1] < math.inf


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


@pytest.mark.parametrize("kind", ["zeros", "pareto", "signed"])
def test_a_thousand_values_take_less_than_10_ms(kind):
    """The fastest of 20 calls, so that a busy machine does not decide."""
    x = pareto(1.5).draw(np.random.default_rng(33), 1000)
    data = {"zeros": x * (x > 5), "pareto": x, "signed": x - 3}[kind]
    mean_estimate(data)
    took = []
    for _ in range(20):
        start = time.perf_counter()
        mean_estimate(data)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.010


FINITE = st.floats(-1e300, 1e300, allow_subnormal=True)
SAMPLES = st.one_of(
    st.lists(FINITE, min_size=2, max_size=60),
    st.lists(st.sampled_from([0.0, -0.0, 1.0, -1.0, 5e-324, 1e300, 3.0]), min_size=2, max_size=200),
    st.lists(st.floats(0, 1e6), min_size=20, max_size=120),
)


@given(SAMPLES)
@settings(max_examples=150, deadline=None)
def test_any_finite_sample_has_an_interval_around_its_mean_and_a_verdict(data):
    e, verdict = mean_estimate(data), mean_verdict(data)
    assert e.interval[0] <= e.value <= e.interval[1]
    assert min(data) - 1e-9 * abs(min(data)) <= e.value <= max(data) + 1e-9 * abs(max(data))
    assert verdict.kind in ("reliable", "not at this n", "may not exist")
    assert e.verdict.startswith(verdict.sentence.split(":")[0][:20])
    assert verdict.sentence.endswith(".")
    if len(data) >= 16:
        low, high = mean_by_subsampling(data).interval
        assert low <= e.value <= high


@given(SAMPLES, st.integers(-200, 200))
@settings(max_examples=50, deadline=None)
def test_a_power_of_two_scales_everything_alike(data, exponent):
    data = [x for x in data if x == 0.0 or 1e-100 < abs(x) < 1e100]
    if len(data) < 2:
        data = [1.0, 2.0, *data]
    e, big = mean_estimate(data), mean_estimate(np.ldexp(data, exponent))
    assert big.interval == tuple(math.ldexp(end, exponent) for end in e.interval)
    assert big.verdict == e.verdict
