"""Hill's tail index, against formulas written out and scipy."""

import numpy as np
import pytest
from scipy import stats

from tailsim import fit
from tailsim.errors import ArgumentError, ArgumentTypeError, DataError
from tailsim.payoffs import Pareto


def test_hill_on_exact_quantiles_is_the_printed_number() -> None:
    x = (np.arange(1, 1001) / 1001.0) ** (-1 / 1.5)
    assert 1.0 / fit.hill(x, 100).value == pytest.approx(0.6518178, abs=5e-8)


def test_hill_is_its_formula_and_its_interval_a_gamma_quantile() -> None:
    x = np.random.default_rng(7).pareto(1.2, 500) + 1.0
    top = np.sort(x)[::-1][:41]
    xi = np.mean(np.log(top[:40] / top[40]))
    estimate = fit.hill(x, 40, level=0.9)
    assert estimate.value == pytest.approx(1.0 / xi, rel=1e-12)
    assert estimate.interval == pytest.approx(stats.gamma.ppf([0.05, 0.95], 40) / (40 * xi), rel=1e-9)
    assert (estimate.n, estimate.level) == (40, 0.9)


def test_hill_interval_covers_a_pareto_tail_as_stated() -> None:
    # 3,000 samples; at 95 % coverage fewer than 2,788 or more than 2,906 hits happen once in a million
    samples = Pareto(0.8).rvs((3_000, 30), rng=5)
    intervals = [fit.hill(sample, 15).interval for sample in samples]
    assert 2_788 <= sum(low <= 0.8 <= high for low, high in intervals) <= 2_906


def test_hill_does_not_depend_on_the_unit_nor_on_what_lies_below() -> None:
    x = Pareto(1.5).rvs(200, rng=1)
    assert fit.hill(8.0 * x, 20).value == fit.hill(x, 20).value
    assert fit.hill(np.append(x, [-5.0, 0.0, 0.5]), 20).value == fit.hill(x, 20).value


@pytest.mark.parametrize(
    ("tail_index", "k", "said"),
    [(0.5, 50, "has no mean"), (1.2, 50, "may not exist"), (3.0, 100, None), (3.0, 9, "only 9 points")],
)
def test_hill_says_what_to_beware_of(tail_index: float, k: int, said: str | None) -> None:
    x = (np.arange(1, 1001) / 1001.0) ** (-1 / tail_index)
    verdict = fit.hill(x, k).verdict
    assert verdict is None if said is None else said in str(verdict)


def test_hill_of_equal_outcomes_has_no_power_tail() -> None:
    assert fit.hill([3.0] * 20, 10).value == np.inf


@pytest.mark.parametrize(
    ("data", "k", "error", "named"),
    [
        ([1.0, 2.0, 3.0], 3, ArgumentError, "k must be"),
        ([1.0, 2.0, 3.0], 0, ArgumentError, "k must be"),
        ([1.0, 2.0, 3.0], 1.5, ArgumentError, "k must be"),
        ([1.0, 0.0, -3.0], 1, DataError, "at least two outcomes above 0"),
        ([1.0, np.nan], 1, ArgumentError, "data must be"),
        ("12", 1, ArgumentTypeError, "data must be"),
    ],
)
def test_hill_refuses(data: object, k: object, error: type[Exception], named: str) -> None:
    with pytest.raises(error, match=named):
        fit.hill(data, k)  # type: ignore[arg-type]
