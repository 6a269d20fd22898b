"""Replicates: the same with any number of workers, drawn from the laws they claim, and p-values that mean it."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import zeta

import tailsim as ts
from tailsim.errors import ArgumentError, DataError
from tailsim.fit.bootstrap import zeta_draws

from .reference import reference


@pytest.fixture(scope="module")
def blackouts() -> ts.fit.PowerLawFit:
    return ts.fit_power_law(reference("blackouts"))


def test_p_value_of_the_blackouts_is_near_the_published(blackouts: ts.fit.PowerLawFit) -> None:
    # .62 in Clauset, Shalizi and Newman's table 6.1, by 2,500 replicates; five standard errors of the difference
    p = blackouts.p_value(2000, rng=1)
    assert p.value == pytest.approx(0.62, abs=5 * 0.0146)
    assert p.verdict == "a power law is not rejected."
    assert p.n == 2000


def test_any_number_of_workers_gives_the_same(blackouts: ts.fit.PowerLawFit) -> None:
    one, four = (blackouts.p_value(60, n_workers=n, rng=7) for n in (1, 4))
    assert (one.value, one.interval) == (four.value, four.interval)
    assert blackouts.estimate(n_workers=1, rng=3).interval == blackouts.estimate(n_workers=3, rng=3).interval
    assert blackouts.estimate(rng=3).interval != blackouts.estimate(rng=4).interval


def test_a_lognormal_body_with_its_threshold_given_is_rejected() -> None:
    fit = ts.fit_power_law(np.exp(np.random.default_rng(1).standard_normal(2000)), threshold=0.5)
    p = fit.p_value(100, rng=1)
    assert p.value == 0.0
    assert p.verdict == "a power law is rejected."


@pytest.mark.parametrize("discrete", [False, True])
def test_p_values_of_a_true_power_law_with_its_threshold_given_are_uniform(discrete: bool) -> None:
    # 40 p-values; the Kolmogorov-Smirnov test rejects a uniform law once in a million
    draws = np.random.default_rng(11)
    found = []
    for seed in range(40):
        sample = draws.zipf(2.5, 100) if discrete else draws.pareto(1.5, 100) + 1.0
        fit = ts.fit_power_law(sample, discrete, threshold=1.0)
        found.append(fit.p_value(99, n_workers=1, rng=seed).value)
    assert stats.kstest(found, "uniform").pvalue > 1e-6


@pytest.mark.parametrize(("tail_index", "threshold"), [(0.7, 1.0), (1.4, 7.0), (3.0, 2.0)])
def test_whole_numbers_are_drawn_from_the_zeta_law(tail_index: float, threshold: float) -> None:
    n, s = 20_000, tail_index + 1.0
    draws = zeta_draws(np.random.default_rng(2), tail_index, threshold, n)
    cells = threshold + np.arange(12)
    survival = zeta(s, cells) / zeta(s, threshold)
    wanted = np.append(-np.diff(survival), survival[-1]) * n
    seen = np.array([np.count_nonzero(draws == cell) for cell in cells[:-1]] + [np.count_nonzero(draws >= cells[-1])])
    assert stats.chisquare(seen, wanted).pvalue > 1e-6


def test_an_interval_knows_that_the_threshold_was_chosen(blackouts: ts.fit.PowerLawFit) -> None:
    chosen, known = blackouts.estimate(), blackouts.estimate(n_replicates=0)
    assert chosen.interval == blackouts.interval
    low, high = blackouts.interval
    assert low < known.interval[0] < 1.272637 < high
    assert known.interval == pytest.approx(stats.gamma.ppf([0.025, 0.975], 58) / 59 * 1.272637, rel=1e-6)
    assert "may not exist" in str(chosen.verdict)


def test_the_error_of_a_discrete_exponent_is_fishers() -> None:
    fit = ts.fit_power_law(np.random.default_rng(2).zipf(2.5, 2000), True, threshold=1.0)
    step, s = 1e-3, fit.pdf_exponent
    curvature = np.diff(np.log(zeta(s + step * np.arange(-1, 2), 1.0)), 2)[0] / step**2
    assert fit.estimate().std_error == pytest.approx(1 / np.sqrt(2000 * curvature), rel=1e-4)
    assert fit.std_error == pytest.approx(fit.tail_index / 2000**0.5, rel=1e-12)


def test_replicates_are_refused_in_words(blackouts: ts.fit.PowerLawFit) -> None:
    with pytest.raises(ArgumentError, match=r"^n_replicates must be a whole number of at least 1, got 0\.$"):
        blackouts.p_value(0)
    with pytest.raises(ArgumentError, match=r"^n_replicates must be 0 or a whole number of at least 20, got 5\.$"):
        blackouts.estimate(n_replicates=5)
    few = ts.fit_power_law([0.0] * 30 + [1.0, 2.0, 3.0, 4.5, 6.0, 7.0, 8.0, 9.0, 11.0, 20.0])
    with pytest.raises(DataError, match=r"^data must leave a tail in 19 of 20 resamples"):
        few.estimate()
