"""Concentration of data: naive definitions, exact relations and published sample figures."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tailsim.errors import ArgumentError, UndefinedMomentError
from tailsim.stats import gini, lorenz_curve, max_share, max_to_sum, n_effective, top_share

MEASURES = [gini, lorenz_curve, max_share, n_effective, max_to_sum, lambda x: top_share(x, k=1)]
outcomes = hnp.arrays(
    np.float64, st.integers(1, 60), elements=st.one_of(st.just(0.0), st.just(1.0), st.floats(1e-300, 1e308))
).filter(lambda x: x.max() > 0)


@pytest.fixture
def sample():
    return np.random.default_rng(3).pareto(1.5, 200) * (np.arange(200) % 3 > 0)


def test_gini_is_the_mean_difference_of_all_pairs(sample):
    naive = np.abs(sample[:, None] - sample[None, :]).mean() / (2 * sample.mean())
    assert gini(sample) == pytest.approx(naive, rel=1e-12)


def test_lorenz_curve_is_the_naive_one(sample):
    curve = lorenz_curve(sample)
    s = sorted(sample)
    naive = [math.fsum(s[:i]) / math.fsum(s) for i in range(len(s) + 1)]
    np.testing.assert_allclose(curve.value, naive, rtol=1e-12)
    np.testing.assert_array_equal(curve.population, np.arange(201) / 200)


def test_gini_is_twice_the_area_above_the_lorenz_curve(sample):
    curve = lorenz_curve(sample)
    assert gini(sample) == pytest.approx(1 - 2 * np.trapezoid(curve.value, curve.population), rel=1e-12)


def test_lorenz_arrays_are_read_only(sample):
    assert not lorenz_curve(sample).value.flags.writeable
    assert not lorenz_curve(sample).population.flags.writeable


def test_top_share_and_effective_number_are_the_naive_ones(sample):
    s = np.sort(sample)[::-1]
    assert top_share(sample, k=7) == pytest.approx(s[:7].sum() / s.sum(), rel=1e-12)
    assert max_share(sample) == pytest.approx(s[0] / s.sum(), rel=1e-12)
    assert n_effective(sample) == pytest.approx(1 / np.sum((s / s.sum()) ** 2), rel=1e-12)


@pytest.mark.parametrize(
    ("n", "fraction", "k"), [(10, 0.3, 3), (10, 0.25, 3), (100, 0.07, 7), (3, 1e-12, 1), (5, 1.0, 5)]
)
def test_top_share_of_a_fraction_rounds_up_but_not_past_a_rounding_error(n, fraction, k):
    x = np.arange(1.0, n + 1)
    assert top_share(x, fraction=fraction) == top_share(x, k=k)


def test_max_to_sum_follows_the_order_given():
    np.testing.assert_array_equal(max_to_sum([0, 0, 2, 1, 5]), [np.nan, np.nan, 1.0, 2 / 3, 0.625])


@given(outcomes)
def test_relations_that_hold_for_all_outcomes(x):
    n = x.size
    assert 0.0 <= gini(x) <= 1 - 1 / n
    assert 1.0 <= n_effective(x) <= n
    shares = [top_share(x, k=k) for k in range(1, n + 1)]
    assert all((k + 1) / n <= s <= 1.0 for k, s in enumerate(shares))
    assert shares[-1] == 1.0
    curve = lorenz_curve(x)
    assert (curve.value[0], curve.value[-1]) == (0.0, 1.0)
    assert np.all(curve.value <= curve.population)
    assert np.all(np.diff(curve.value, 2) >= -1e-14)


@given(outcomes)
def test_duplicating_every_outcome_leaves_gini_and_fraction_shares_alone_and_doubles_the_effective_number(x):
    twice = np.repeat(x, 2)
    assert gini(twice) == pytest.approx(gini(x), rel=1e-12, abs=1e-15)
    assert top_share(twice, fraction=0.5) >= top_share(x, fraction=0.5) - 1.0 / x.size - 1e-12
    assert n_effective(twice) == pytest.approx(2 * n_effective(x), rel=1e-12)
    assert max_share(twice) == pytest.approx(max_share(x) / 2, rel=1e-12)


@given(outcomes, st.integers(-1000, 900))
def test_a_power_of_two_as_scale_changes_no_bit(x, exponent):
    y = np.ldexp(np.round(np.ldexp(x, -np.frexp(x.max())[1]) * 2**20), 0)  # no digit to lose below the smallest double
    scaled = np.ldexp(y, exponent)
    assert gini(scaled) == gini(y)
    assert n_effective(scaled) == n_effective(y)
    assert max_share(scaled) == max_share(y)


@given(outcomes, st.randoms(use_true_random=False))
def test_the_order_of_outcomes_is_of_no_account(x, random):
    y = x.copy()
    random.shuffle(y)
    assert gini(y) == gini(x)
    assert top_share(y, k=1) == pytest.approx(top_share(x, k=1), rel=1e-12)


def test_outcomes_near_the_largest_double_do_not_overflow():
    x = np.array([1.7e308, 1.7e308, 0.0, 1.7e308])
    assert (gini(x), n_effective(x), max_share(x)) == pytest.approx((0.25, 3.0, 1 / 3), rel=1e-12)
    assert n_effective(np.array([5e-324, 5e-324])) == 2.0


@pytest.mark.parametrize("measure", MEASURES)
def test_zero_and_negative_totals_are_refused_with_what_to_use_instead(measure):
    with pytest.raises(UndefinedMomentError, match=r"every outcome is zero.*use the failure rate\.$"):
        measure([0.0, 0.0])
    with pytest.raises(UndefinedMomentError, match=r"negative outcomes \(-1\.0 at position 1\).*use quantiles"):
        measure([2.0, -1.0])


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("data", [[], [1.0, math.nan], [1.0, math.inf], [[1.0]], "12", None, 3.0, ["a"]])
def test_what_is_no_sample_is_refused_in_a_sentence(measure, data):
    with pytest.raises(ArgumentError, match=r"^data must be .*\.$"):
        measure(data)


@pytest.mark.parametrize(
    "choice", [{}, {"k": 1, "fraction": 0.5}, {"k": 0}, {"k": 4}, {"fraction": 0.0}, {"fraction": 1.1}]
)
def test_top_share_needs_exactly_one_valid_choice(choice):
    with pytest.raises(ArgumentError, match=r"(exactly one of k and fraction|^(k|fraction) must be)"):
        top_share([1.0, 2.0, 3.0], **choice)


def pareto(tail_index, shape, seed):
    return (1.0 - np.random.default_rng(seed).random(shape)) ** (-1 / tail_index)


def test_sample_top_1_percent_share_of_taleb_and_douady_2015():
    """Tail index 1.1, n = 10,000: mean .486, sd .118 (population .658); 5 standard errors, false alarm 1e-6."""
    shares = np.array([top_share(x, fraction=0.01) for x in pareto(1.1, (400, 10_000), 4)])
    assert abs(shares.mean() - 0.486) < 5 * 0.118 / math.sqrt(400)
    assert abs(np.median(shares) - 0.459) < 5 * 1.2533 * 0.118 / math.sqrt(400)


def test_concentration_of_100_outcomes_at_tail_index_1_5_references_section_3():
    """E[max/S] = .1403, E[HHI] = .0491, E[1/HHI] = 35.7; 5 standard errors of 4,000 samples, false alarm 1e-6."""
    samples = pareto(1.5, (4000, 100), 5)
    number = np.array([n_effective(x) for x in samples])
    for values, published in (
        (np.array([max_share(x) for x in samples]), 0.1403),
        (1 / number, 0.0491),
        (number, 35.7),
    ):
        assert abs(values.mean() - published) < 5 * values.std() / math.sqrt(4000) + 0.001 * published
