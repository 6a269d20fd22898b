"""The generalised Pareto fit against scipy, Hosking and Wallis, and McNeil's figures for Danish fire losses."""

import numpy as np
import pytest
from scipy import stats

import tailsim as ts
from tailsim.errors import ArgumentError
from tailsim.fit import GPDFit
from tailsim.fit.gpd import Excesses

EXACT = 10 + 2 * ((np.arange(1, 501) / 501) ** -0.5 - 1) / 0.5


@pytest.mark.parametrize("xi", [-0.3, 0.0, 0.3, 1.0, 2.0, 5.0])
def test_maximum_likelihood_is_scipys(xi: float) -> None:
    data = stats.genpareto(xi, scale=3.0).rvs(1000, random_state=1)
    fit = ts.fit_gpd(data, 0.0)
    shape, _, scale = stats.genpareto.fit(data, floc=0)
    assert fit.xi == pytest.approx(shape, abs=2e-4)
    assert fit.scale.value == pytest.approx(scale, rel=2e-4)
    found = stats.genpareto(fit.xi, scale=fit.scale.value).logpdf(data).sum()
    assert fit.log_likelihood == pytest.approx(found, rel=1e-9)
    assert found >= stats.genpareto(shape, scale=scale).logpdf(data).sum() - 1e-7


def test_moments_are_their_formula() -> None:
    y = np.sort(EXACT) - 10
    weights = np.arange(499, -1, -1) / 499
    first, second = y.mean(), (weights * y).mean()
    fit = ts.fit_gpd(EXACT, 10, method="pwm")
    assert fit.xi == pytest.approx(2 - first / (first - 2 * second), rel=1e-9)
    assert fit.scale.value == pytest.approx(2 * first * second / (first - 2 * second), rel=1e-9)


@pytest.mark.parametrize("method", ["ml", "pwm"])
@pytest.mark.parametrize("xi", [-0.2, 0.2])
def test_intervals_cover(method: str, xi: float) -> None:
    # 200 samples; at 95 % coverage fewer than 171 cover once in a million (moments lose a little at n = 100)
    rng = np.random.default_rng(29)
    hits = wide = 0
    for _ in range(200):
        fit = ts.fit_gpd(stats.genpareto(xi, scale=3.0).rvs(100, random_state=rng), 0.0, method=method)
        low, high = fit.tail_index.xi_interval
        hits += low <= xi <= high
        wide += fit.scale.interval[0] <= 3.0 <= fit.scale.interval[1]
    assert hits >= 171
    assert wide >= 171


def test_the_profile_interval_is_where_the_likelihood_has_fallen() -> None:
    fit = ts.fit_gpd(EXACT, 10)
    drop = stats.chi2.ppf(0.95, 1) / 2
    for xi in fit.tail_index.xi_interval:
        scales = np.linspace(1.2, 3.2, 401)
        best = max(stats.genpareto(xi, scale=s).logpdf(EXACT - 10).sum() for s in scales)
        assert fit.log_likelihood - best == pytest.approx(drop, abs=1e-3)


def test_open_bets_enter_by_their_survival() -> None:
    rng = np.random.default_rng(31)
    outcome, mark = stats.genpareto(0.6, scale=2.0).rvs(4000, random_state=rng), rng.exponential(6.0, 4000)
    seen, is_open = np.minimum(outcome, mark), mark < outcome
    fit = ts.fit_gpd(seen, 0.0, censored=is_open)
    low, high = fit.tail_index.xi_interval
    assert low < 0.6 < high
    assert ts.fit_gpd(seen, 0.0).tail_index.xi_interval[1] < 0.6
    assert (fit.n_tail, fit.n_open) == (4000, int(is_open.sum()))
    law = stats.genpareto(fit.xi, scale=fit.scale.value)
    wanted = law.logpdf(seen[~is_open]).sum() + law.logsf(seen[is_open]).sum()
    assert fit.log_likelihood == pytest.approx(wanted, rel=1e-9)


def test_value_at_risk_of_the_danish_fire_losses_as_published() -> None:
    # the losses are not shipped: McNeil's xi .4970, scale 6.9755, 109 of 2,167 above 10 must give his 94.34
    tail, scale = ts.fit_gpd(EXACT, 10).tail_index, ts.Estimate(6.9755, 1.0, (5.0, 9.0), 0.95, "as published", 109)
    published = type(tail)(1 / 0.4970, 0.5, tail.interval, 0.95, "as published", 109, None, 0.4970, (0.2, 0.8))
    nothing = Excesses(np.ones(2), np.ones(2), 1.0)
    fit = GPDFit(10.0, published, scale, 109, 0, 2167, 0.0, "pwm", nothing)
    assert fit.quantile(0.999).value == pytest.approx(94.34, abs=0.01)


def test_a_sample_of_exact_quantiles_shaped_as_the_danish_losses_gives_them_back() -> None:
    body = np.linspace(1.0, 10.0, 2058)
    tail = 10 + stats.genpareto(0.4970, scale=6.9755).isf((np.arange(109) + 0.5) / 109)
    fit = ts.fit_gpd(np.concatenate([body, tail]), 10)
    assert (fit.n_tail, fit.n) == (109, 2167)
    assert fit.xi == pytest.approx(0.4970, abs=0.03)
    assert fit.scale.value == pytest.approx(6.9755, rel=0.03)
    risk = fit.quantile(0.999)
    assert risk.value == pytest.approx(94.34, rel=0.05)
    assert risk.interval[0] < 94.34 < risk.interval[1]


def test_the_quantile_interval_is_where_the_likelihood_has_fallen() -> None:
    fit = ts.fit_gpd(EXACT, 10)
    low, high = fit.quantile(0.999).interval
    drop = stats.chi2.ppf(0.95, 1) / 2
    for end in (low, high):
        shapes = np.linspace(0.25, 0.75, 401)
        scales = (end - 10) * shapes / (0.001**-shapes - 1)
        y = EXACT - 10
        logs = [stats.genpareto(xi, scale=s).logpdf(y).sum() for xi, s in zip(shapes, scales, strict=True)]
        assert fit.log_likelihood - max(logs) == pytest.approx(drop, abs=1e-3)


def test_the_fit_is_a_law() -> None:
    fit = ts.fit_gpd(EXACT, 10)
    assert fit.law == ts.GeneralizedPareto(fit.xi, fit.scale.value, 10.0)
    assert fit.quantile(0.999).value == pytest.approx(fit.law.isf(0.001), rel=1e-9)
    assert "xi=0.4778" in repr(fit)


def test_moments_say_where_they_have_no_interval() -> None:
    fit = ts.fit_gpd(stats.genpareto(0.9).rvs(5000, random_state=1), 0, method="pwm")
    assert fit.tail_index.xi_interval == (-np.inf, np.inf)
    assert "none from xi 1/2 on" in fit.tail_index.method
    assert "method='ml' has" in fit.quantile(0.9).method


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: ts.fit_gpd(EXACT, 1e9),
            r"^data must hold at least 10 finished outcomes above the threshold 1e\+09",
        ),
        (lambda: ts.fit_gpd([5.0] * 40, 1), r"^data above the threshold 1 must differ, got 40 times 5\.$"),
        (
            lambda: ts.fit_gpd([0.0] * 40, 1),
            r"^data must hold at least 10 finished .* threshold 1, got 0",
        ),
        (lambda: ts.fit_gpd([1.0, np.nan], 1), r"^data must be .* got nan at position 1\.$"),
        (lambda: ts.fit_gpd(EXACT, np.nan), r"^threshold must be a finite number"),
        (lambda: ts.fit_gpd(EXACT, 10, method="mle"), r"^method must be one of 'ml', 'pwm', got 'mle'\.$"),
        (lambda: ts.fit_gpd(EXACT, 10, method="pwm", censored=EXACT > 50), r"^censored must be None for method='pwm'"),
        (lambda: ts.fit_gpd(EXACT, 13).quantile(0.1), r"^q must be a probability above .*, got 0\.1\.$"),
    ],
)
def test_fit_gpd_refuses(call: object, said: str) -> None:
    with pytest.raises(ArgumentError, match=said) as caught:
        call()  # type: ignore[operator]
    assert str(caught.value).endswith(".")
