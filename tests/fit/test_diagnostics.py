"""Diagnostics are the numbers they claim, and their plots draw those numbers."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy import stats
from scipy.special import zeta

import tailsim as ts
from tailsim.errors import ArgumentError, UndefinedMomentError
from tailsim.fit import hill_plot, max_to_sum_paths, mean_excess_curve, qq

DATA = ts.Pareto(1.5).rvs(300, rng=1)


@pytest.fixture(scope="module")
def fit() -> ts.fit.PowerLawFit:
    return ts.fit_power_law(DATA)


def test_hill_plot_is_hill_at_every_k() -> None:
    seen = hill_plot(DATA, level=0.9)
    for i in (0, 50, seen.k.size - 1):
        estimate = ts.hill(DATA, int(seen.k[i]), level=0.9)
        assert (seen.tail_index[i], seen.low[i], seen.high[i]) == pytest.approx(
            (estimate.value, *estimate.interval), rel=1e-9
        )
        assert seen.threshold[i] == np.sort(DATA)[-seen.k[i] - 1]


def test_mean_excess_is_the_mean_of_what_exceeds() -> None:
    seen = mean_excess_curve(np.concatenate([DATA, DATA[:40], -DATA[:5]]))
    data = np.concatenate([DATA, DATA[:40], -DATA[:5]])
    for u, mean, n in zip(seen.threshold[::40], seen.mean_excess[::40], seen.n_above[::40], strict=True):
        assert mean == pytest.approx((data[data > u] - u).mean(), rel=1e-9)
        assert n == np.count_nonzero(data > u) >= 10


def test_qq_has_its_points_inside_the_band_of_order_statistics(fit: ts.fit.PowerLawFit) -> None:
    seen = qq(fit, level=0.999)
    n = seen.observed.size
    assert seen.observed[-1] == DATA.max()
    assert seen.fitted[-1] == pytest.approx(fit.law.isf(0.5 / n), rel=1e-9)
    rank = np.arange(n, 0, -1)
    for edge, p in ((seen.low, 0.0005), (seen.high, 0.9995)):
        assert edge == pytest.approx(fit.law.isf(stats.beta.ppf(1 - p, rank, n - rank + 1)), rel=1e-9)
    assert np.mean((seen.low <= seen.observed) & (seen.observed <= seen.high)) > 0.98


def test_qq_of_whole_numbers_is_the_inverse_of_the_zeta_law() -> None:
    fit = ts.fit_power_law(np.random.default_rng(1).zipf(2.2, 400), True, threshold=2.0)
    seen = qq(fit)
    exceedance = (np.arange(seen.fitted.size, 0, -1) - 0.5) / seen.fitted.size

    def sf(x: np.ndarray) -> np.ndarray:
        return np.asarray(zeta(fit.pdf_exponent, x + 1) / zeta(fit.pdf_exponent, 2.0))

    assert np.all(sf(seen.fitted) <= exceedance * (1 + 1e-12))
    assert np.all(sf(seen.fitted - 1) > exceedance * (1 - 1e-12))
    assert seen.fitted[0] == 2.0


def test_max_to_sum_is_that_of_the_powers() -> None:
    seen = max_to_sum_paths(DATA, orders=(1.0, 3.0))
    assert seen.paths[0] == pytest.approx(ts.max_to_sum(DATA), rel=1e-9)
    assert seen.paths[1] == pytest.approx(np.maximum.accumulate(DATA**3) / np.cumsum(DATA**3), rel=1e-9)


def test_the_tail_curve_is_what_was_seen_and_fitted(fit: ts.fit.PowerLawFit) -> None:
    curve = fit.curve()
    for x, share in zip(curve.x[::30], curve.seen[::30], strict=True):
        assert share == np.mean(x <= DATA)
    assert curve.power_law == pytest.approx(fit.n_tail / 300 * fit.law.prob_at_least(curve.x), rel=1e-9)
    rival = fit.compare("lognormal").parameters
    if np.isfinite(rival["sigma"]):
        law = stats.lognorm(rival["sigma"], scale=np.exp(rival["mu"]))
        wanted = fit.n_tail / 300 * law.sf(curve.x) / law.sf(fit.threshold)
        assert curve.lognormal == pytest.approx(wanted, rel=1e-6)


def test_plots_draw_the_numbers(fit: ts.fit.PowerLawFit) -> None:
    results = [fit, qq(fit), hill_plot(DATA), mean_excess_curve(DATA), max_to_sum_paths(DATA)]
    for result in results:
        figure, ax = plt.subplots()
        assert result.plot(ax=ax) is ax  # type: ignore[attr-defined]
        assert plt.get_fignums() == [figure.number]
        assert ax.get_xlabel()
        assert ax.get_ylabel()
        figure.canvas.draw()
        plt.close("all")
        with pytest.raises(ArgumentError, match=r"^ax must be .*\.$"):
            result.plot(ax=3)  # type: ignore[attr-defined]
    np.testing.assert_array_equal(hill_plot(DATA).plot().lines[0].get_ydata(), hill_plot(DATA).tail_index)
    np.testing.assert_array_equal(fit.plot().lines[1].get_ydata(), fit.curve().power_law)
    np.testing.assert_array_equal(qq(fit).plot().lines[1].get_ydata(), qq(fit).observed)
    plt.close("all")


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (
            lambda: hill_plot([1.0, 2.0, 3.0]),
            ArgumentError,
            r"^data must hold at least 20 .* got 3\.$",
        ),
        (lambda: hill_plot([0.0] * 30), ArgumentError, r"^data must hold at least 20 outcomes above 0 .* got 0\.$"),
        (lambda: mean_excess_curve([4.0] * 30), ArgumentError, r"^data must hold an outcome that 10 others exceed"),
        (lambda: mean_excess_curve([4.0, np.inf]), ArgumentError, r"^data must be .* got inf at position 1\.$"),
        (lambda: qq(DATA), ArgumentError, r"^fit must be a PowerLawFit"),
        (lambda: max_to_sum_paths([1.0, -1.0]), UndefinedMomentError, r"negative outcomes \(-1.0 at position 1\)"),
        (lambda: max_to_sum_paths([0.0, 0.0]), UndefinedMomentError, r"every outcome is zero"),
        (lambda: max_to_sum_paths(DATA, orders=(0.0,)), ArgumentError, r"^orders must be numbers above 0, got 0\.0"),
    ],
)
def test_diagnostics_refuse(call: object, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call()  # type: ignore[operator]
