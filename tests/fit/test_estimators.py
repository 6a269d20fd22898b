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


GRID = (np.arange(1, 1001) / 1001.0) ** (-1 / 1.5)


@pytest.mark.parametrize(
    ("estimator", "xi"), [(fit.hill, 0.6518178), (fit.pickands, 0.6666667), (fit.moment_estimator, 0.5912553)]
)
def test_estimators_on_exact_quantiles_give_the_printed_numbers(estimator: object, xi: float) -> None:
    estimate = estimator(GRID, 100)  # type: ignore[operator]
    assert estimate.xi == pytest.approx(xi, abs=5e-8)
    assert estimate.value == pytest.approx(1.0 / estimate.xi, rel=1e-12)
    low, high = estimate.interval
    assert estimate.xi_interval == pytest.approx((1.0 / high, 1.0 / low), rel=1e-12)
    assert low < estimate < high


def test_a_light_tail_has_an_infinite_index_and_a_xi_below_zero() -> None:
    x = np.random.default_rng(4).random(2000)
    for estimate in (fit.pickands(x, 200), fit.moment_estimator(x, 300)):
        assert estimate.value == np.inf
        assert estimate.interval[1] == np.inf
        assert estimate.xi_interval[0] < -1.0 < estimate.xi_interval[1] < 0.0


@pytest.mark.parametrize("estimator", [fit.pickands, fit.moment_estimator])
@pytest.mark.parametrize("xi", [-0.25, 0.0, 0.5, 1.0])
def test_normal_intervals_cover_xi(estimator: object, xi: float) -> None:
    # GPD samples of 2,000, where Pickands has no bias and the moments little of it at k = 60; of 300 at 95 % coverage
    # fewer than 264 cover once in a million, and that leaves room for the moments' bias
    rng = np.random.default_rng(17)
    hits = 0
    for _ in range(300):
        x = stats.genpareto(xi).rvs(2000, random_state=rng)
        low, high = estimator(x, 60).xi_interval  # type: ignore[operator]
        hits += low <= xi <= high
    assert hits >= 264


def test_pickands_does_not_move_with_the_origin() -> None:
    x = stats.norm.rvs(size=400, random_state=1)
    assert fit.pickands(x + 100.0, 50).xi == pytest.approx(fit.pickands(x, 50).xi, rel=1e-9)


def test_open_bets_count_as_at_least_their_mark() -> None:
    x, is_open = GRID, np.arange(1000) % 3 == 0
    estimate = fit.hill(x, 100, censored=is_open)
    n_open = int(is_open[:100].sum())
    assert estimate.value == pytest.approx((100 - n_open) / np.log(x[:100] / x[100]).sum(), rel=1e-12)
    assert estimate.n == 100 - n_open
    assert f"{n_open} open" in estimate.method
    assert fit.hill(x, 100, censored=np.zeros(1000, dtype=bool)).value == fit.hill(x, 100).value


def test_the_index_of_finished_and_open_bets_covers_and_ignoring_that_they_are_open_does_not() -> None:
    # 400 samples of 300 Pareto outcomes, each cut by a Pareto of its own; at 95 % fewer than 357 cover once in 1e6
    rng = np.random.default_rng(23)
    right = wrong = 0
    for _ in range(400):
        outcome, mark = rng.pareto(1.5, 300) + 1.0, rng.pareto(0.7, 300) + 1.0
        seen, is_open = np.minimum(outcome, mark), mark < outcome
        for mask, covered in ((is_open, True), (None, False)):
            low, high = fit.hill(seen, 150, censored=mask).interval
            if covered:
                right += low <= 1.5 <= high
            else:
                wrong += low <= 1.5 <= high
    assert right >= 357
    assert wrong < 100


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: fit.pickands([1.0, 2.0, 3.0], 1),
            r"^data must hold at least 4 outcomes .* got 3 of",
        ),
        (lambda: fit.pickands(GRID, 251), r"^k must be a whole number from 1 to 250, for 1000 outcomes, got 251\.$"),
        (lambda: fit.pickands([5.0] * 40, 5), r"^data must differ in the 5-th, 10-th and 20-th largest outcome"),
        (lambda: fit.moment_estimator([0.0] * 9, 3), r"^data must hold at least 2 outcomes above 0"),
        (lambda: fit.moment_estimator([5.0] * 40, 5), r"^data must hold different outcomes among the 5 largest"),
        (lambda: fit.moment_estimator([1.0, np.inf], 1), r"^data must be .* got inf at position 1\.$"),
        (lambda: fit.hill(GRID, 9, censored=[True]), r"^censored must be None or 1000 booleans"),
        (lambda: fit.hill(GRID, 9, censored=np.ones(1000)), r"^censored must be None or 1000 booleans"),
        (lambda: fit.hill(GRID, 9, censored=GRID > 0), r"^data must hold a finished bet among its 9 largest"),
    ],
)
def test_estimators_refuse(call: object, said: str) -> None:
    with pytest.raises(ArgumentError, match=said) as caught:
        call()  # type: ignore[operator]
    assert str(caught.value).endswith(".")
