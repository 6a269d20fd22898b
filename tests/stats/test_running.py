"""Running means: the means of the first draws, on paths that can be had again."""

import math

import numpy as np
import pytest

import tailsim as ts
from tailsim.stats import running_means


def test_paths_are_the_means_of_the_first_draws():
    seen = running_means(ts.Pareto(1.5), 1000, n_paths=2, rng=3)
    child = np.random.SeedSequence(3).spawn(2)[1]
    x = ts.Pareto(1.5).rvs(1000, rng=child)
    np.testing.assert_allclose(seen.paths[1], [x[:n].mean() for n in seen.n], rtol=1e-12)
    assert (seen.n[0], seen.n[-1]) == (1, 1000)
    assert not seen.paths.flags.writeable


def test_more_paths_and_draws_start_with_the_fewer():
    few, more = (running_means(ts.Pareto(1.1), n, n_paths=k, rng=3) for n, k in ((100, 2), (1000, 5)))
    common, i, j = np.intersect1d(few.n, more.n, return_indices=True)
    assert common.size > 30
    np.testing.assert_array_equal(few.paths[:, i], more.paths[:2, j])


@pytest.mark.parametrize(
    ("law", "mean", "word"),
    [
        (ts.Normal(2, 1), 2.0, "reliable"),
        (ts.Pareto(1.1), 11.0, "not"),
        (ts.Pareto(0.9), math.inf, "does not exist"),
        (ts.StudentT(1), math.nan, "does not exist"),
    ],
)
def test_the_true_mean_and_a_verdict_come_along(law, mean, word):
    seen = running_means(law, 10_000, rng=1)
    np.testing.assert_allclose(seen.mean, mean)
    assert word in seen.verdict
    assert seen.verdict in repr(seen)


def test_means_of_a_law_without_one_go_on_growing():
    # 8 sample means of n draws of Pareto(0.5) are n times stable variables: none below n / 100 but in one of 1e6 runs
    seen = running_means(ts.Pareto(0.5), 1_000_000, rng=1)
    assert seen.ends[0] > 1e4


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((1.5, 100), r"^payoff must be a payoff law, got 1\.5"),
        ((ts.Pareto(2), 1), r"^n must be a whole number from 2 to 100,000,000, got 1\."),
        ((ts.Pareto(2), 2.5), r"^n must be a whole number"),
    ],
)
def test_bad_input_is_refused(arguments, sentence):
    with pytest.raises(ts.ArgumentError, match=sentence):
        running_means(*arguments)


def test_a_bad_number_of_paths_is_refused():
    with pytest.raises(ts.ArgumentError, match=r"^n_paths must be a whole number from 1 to 1,000, got 0\."):
        running_means(ts.Pareto(2), 10, n_paths=0)


def test_sums_beyond_the_largest_double_are_refused():
    with pytest.raises(ts.TailsimError, match=r"^sums of 1,000 draws of .* exceed the largest double; .*\.$"):
        running_means(ts.Pareto(0.001), 1000, rng=1)
