"""The second opinion: subsampling's interval for a mean."""

import math

import numpy as np
import pytest

from tailsim.errors import ArgumentError
from tailsim.stats import mean_by_subsampling, mean_estimate

from .heavy import EXPONENTIAL, pareto, student


def test_it_is_the_quantile_of_students_statistic_over_subsamples():
    """Five lines of naive NumPy with other random numbers; both quantiles rest on 10,000 and 1,000 subsamples."""
    x = pareto(2.2).draw(np.random.default_rng(1), 400)
    rng = np.random.default_rng(2)
    subs = [rng.choice(x, 20, replace=False) for _ in range(10_000)]
    t = [math.sqrt(20) * abs(s.mean() - x.mean()) / s.std(ddof=1) for s in subs]
    half = np.quantile(t, 0.95) * x.std(ddof=1) / 20
    e = mean_by_subsampling(x)
    assert e.value == pytest.approx(x.mean(), rel=1e-12)
    assert (e.interval[1] - e.interval[0]) / 2 == pytest.approx(half, rel=0.15)


def test_on_a_light_tail_it_is_near_students():
    x = np.sort(EXPONENTIAL.draw(np.random.default_rng(3), 10_000))
    width = np.diff(mean_by_subsampling(x).interval)[0] / np.diff(student(x))[0]
    assert 0.9 < width < 1.4


def test_where_most_subsamples_have_no_spread_it_is_infinite_and_says_why():
    e = mean_by_subsampling(np.r_[np.zeros(998), 1.0, 2.0])
    assert e.interval == (-math.inf, math.inf)
    assert "no spread" in e.verdict


def test_constant_data_have_their_value_and_no_width():
    assert mean_by_subsampling(np.full(50, 3.0)).interval == (3.0, 3.0)


def test_it_carries_the_verdict_and_the_std_error_of_mean_estimate():
    for tail_index in (0.9, 1.5, 3.0):
        x = pareto(tail_index).draw(np.random.default_rng(4), 2000)
        one, other = mean_by_subsampling(x), mean_estimate(x)
        assert one.verdict.split(". The interval")[0] == other.verdict.split(" The interval")[0]
        assert (one.value, one.std_error) == (other.value, other.std_error)


def test_scale_and_order_are_of_no_account():
    x = pareto(2.5).draw(np.random.default_rng(5), 300)
    e, big = mean_by_subsampling(x), mean_by_subsampling(np.ldexp(x[::-1], 900))
    assert big.interval == tuple(math.ldexp(end, 900) for end in e.interval)


@pytest.mark.parametrize("data", [[], [1.0] * 15, [math.nan] * 20, [1.0] * 19 + [math.inf], "12", None])
def test_what_is_no_sample_is_refused_in_a_sentence(data):
    with pytest.raises(ArgumentError, match=r"^data must be at least 16 finite numbers.*\.$"):
        mean_by_subsampling(data)
