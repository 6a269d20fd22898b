"""Rivals of the power law against scipy's laws conditioned above the threshold, and against sums written out."""

import mpmath as mp
import numpy as np
import pytest
from scipy import integrate, optimize, stats

import tailsim as ts
from tailsim.errors import ArgumentError
from tailsim.fit.families import RIVALS

from .reference import reference

SMOOTH = np.exp(1.3 * np.random.default_rng(12).standard_normal(3000))
WHOLE = np.floor(np.exp(1.0 + 1.5 * np.random.default_rng(12).standard_normal(3000))) + 1.0


def conditioned(law: object, x: np.ndarray, threshold: float) -> float:
    """Log likelihood of x under a scipy law given X >= threshold."""
    return float(np.sum(law.logpdf(x)) - x.size * law.logsf(threshold))  # type: ignore[attr-defined]


def log_likelihood(fit: ts.fit.PowerLawFit, family: str) -> float:
    """Of the rival, per unit of x."""
    tail = SMOOTH[fit.threshold <= SMOOTH]
    power = tail.size * np.log(fit.tail_index / fit.threshold) - fit.pdf_exponent * np.log(tail / fit.threshold).sum()
    return float(power - fit.compare(family).raw)


@pytest.fixture(scope="module")
def smooth() -> ts.fit.PowerLawFit:
    return ts.fit_power_law(SMOOTH, threshold=1.0)


def test_blackouts_against_the_lognormal_as_published() -> None:
    compared = ts.fit_power_law(reference("blackouts")).compare("lognormal")
    assert compared.normalised == pytest.approx(-0.4157, abs=5e-5)
    assert compared.raw == pytest.approx(-0.2409, abs=5e-5)
    assert compared.p_value == pytest.approx(0.6776, abs=5e-5)
    assert "fits about as well" in compared.verdict


def laws(parameters: dict[str, float], family: str) -> object:
    return {
        "lognormal": lambda mu, sigma: stats.lognorm(sigma, scale=np.exp(mu)),
        "stretched_exponential": lambda shape, scale: stats.weibull_min(shape, scale=scale),
        "exponential": lambda rate: stats.expon(scale=1 / rate),
    }[family](**parameters)


@pytest.mark.parametrize("family", ["lognormal", "stretched_exponential", "exponential"])
def test_rival_is_the_peak_of_scipys_conditional_likelihood(smooth: ts.fit.PowerLawFit, family: str) -> None:
    tail = SMOOTH[SMOOTH >= 1.0]
    parameters = smooth.compare(family).parameters
    best = conditioned(laws(parameters, family), tail, 1.0)
    assert log_likelihood(smooth, family) == pytest.approx(best, rel=1e-9)
    for name in parameters:
        for factor in (0.98, 1.02):
            assert conditioned(laws(parameters | {name: parameters[name] * factor}, family), tail, 1.0) < best


def test_truncated_power_law_is_the_peak_of_its_likelihood_by_quadrature(smooth: ts.fit.PowerLawFit) -> None:
    tail = SMOOTH[SMOOTH >= 1.0]

    def likelihood(exponent: float, rate: float) -> float:
        total = integrate.quad(lambda x: x**-exponent * np.exp(-rate * x), 1.0, np.inf, epsabs=0, epsrel=1e-12)[0]
        return float(-exponent * np.log(tail).sum() - rate * tail.sum() - tail.size * np.log(total))

    found = smooth.compare("truncated_power_law").parameters
    best = likelihood(found["pdf_exponent"], found["rate"])
    assert log_likelihood(smooth, "truncated_power_law") == pytest.approx(best, rel=1e-9)
    for d in (-0.01, 0.01):
        assert likelihood(found["pdf_exponent"] + d, found["rate"]) < best
        assert likelihood(found["pdf_exponent"], found["rate"] * (1 + d)) < best


def whole_laws(parameters: dict[str, float], family: str, k: np.ndarray) -> np.ndarray:
    """Unnormalised probabilities of whole numbers."""
    if family == "lognormal":
        return np.exp(-((np.log(k) - parameters["mu"]) ** 2) / (2 * parameters["sigma"] ** 2)) / k
    if family == "truncated_power_law":
        return k ** -parameters["pdf_exponent"] * np.exp(-parameters["rate"] * k)
    if family == "exponential":
        return np.exp(-parameters["rate"] * k)
    shape, scale = parameters["shape"], parameters["scale"]
    return np.exp(-((k / scale) ** shape)) - np.exp(-(((k + 1) / scale) ** shape))


@pytest.mark.parametrize("family", RIVALS)
def test_rival_of_whole_numbers_is_the_peak_of_a_likelihood_summed_to_a_million(family: str) -> None:
    fit = ts.fit_power_law(WHOLE, True, threshold=2.0)
    tail = WHOLE[WHOLE >= 2.0]
    k = np.arange(2.0, 3e6)

    def likelihood(parameters: dict[str, float]) -> float:
        logs = np.log(whole_laws(parameters, family, tail))
        return float(logs.sum() - tail.size * np.log(whole_laws(parameters, family, k).sum()))

    compared = fit.compare(family)
    best = likelihood(compared.parameters)
    power = -fit.pdf_exponent * np.log(tail).sum() - tail.size * float(mp.log(mp.zeta(fit.pdf_exponent, 2)))
    assert power - compared.raw == pytest.approx(best, rel=1e-9)
    for name, value in compared.parameters.items():
        for factor in (0.97, 1.03):
            assert likelihood(compared.parameters | {name: value * factor}) < best


def test_a_rival_whose_best_case_is_the_power_law_says_so() -> None:
    compared = ts.fit_power_law(reference("words")).compare("lognormal")
    assert (compared.raw, compared.normalised, compared.p_value) == (0.0, 0.0, 1.0)
    assert "its limit, the power law itself" in compared.verdict


def test_nested_ratio_is_wilks() -> None:
    fit = ts.fit_power_law(SMOOTH)
    compared = fit.compare("truncated_power_law")
    assert compared.nested
    assert compared.raw <= 0.0
    assert compared.p_value == pytest.approx(stats.chi2.sf(-2 * compared.raw, 1), rel=1e-9)


def test_vuongs_ratio_is_its_formula(smooth: ts.fit.PowerLawFit) -> None:
    tail = SMOOTH[SMOOTH >= 1.0]
    compared = smooth.compare("exponential")
    ratios = np.log(smooth.tail_index) - smooth.pdf_exponent * np.log(tail)
    ratios -= np.log(compared.parameters["rate"]) - compared.parameters["rate"] * (tail - 1.0)
    assert compared.raw == pytest.approx(ratios.sum(), rel=1e-9)
    assert compared.normalised == pytest.approx(ratios.sum() / (ratios.std() * tail.size**0.5), rel=1e-9)
    assert compared.p_value == pytest.approx(2 * stats.norm.sf(abs(compared.normalised)), rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_right_family_is_among_the_plausible(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert "power_law" in ts.fit_power_law(rng.pareto(1.5, 2000) + 1.0).plausible()
    assert "lognormal" in ts.fit_power_law(np.exp(rng.standard_normal(2000)), threshold=0.5).plausible()
    assert "power_law" not in ts.fit_power_law(np.exp(rng.standard_normal(2000)), threshold=0.5).plausible()


def test_the_stretched_exponential_is_scipys_best_too(smooth: ts.fit.PowerLawFit) -> None:
    tail = SMOOTH[SMOOTH >= 1.0]
    found = optimize.minimize(
        lambda z: -conditioned(stats.weibull_min(np.exp(z[0]), scale=np.exp(z[1])), tail, 1.0),
        [-0.5, 0.0],
        method="Nelder-Mead",
        options={"xatol": 1e-6, "fatol": 1e-9},
    )
    assert log_likelihood(smooth, "stretched_exponential") == pytest.approx(-found.fun, abs=1e-6)


@pytest.mark.parametrize("discrete", [False, True])
def test_outcomes_over_hundreds_of_orders_have_rivals_too(discrete: bool) -> None:
    logs = np.random.default_rng(4).exponential(80.0 if discrete else 160.0, 400)
    logs = logs[logs < (600.0 if discrete else 1300.0)]
    data = np.floor(np.exp(logs)) if discrete else np.exp(logs - 700.0)
    fit = ts.fit_power_law(data, discrete, threshold=float(data.min()))
    assert fit.tail_index < 0.02
    assert "power_law" in fit.plausible()
    assert "exponential" not in fit.plausible()
    assert np.all(np.isfinite(fit.prob_at_least(np.array([1e-300, 1.0, 1e308]))))


def test_compare_refuses_an_unknown_family(smooth: ts.fit.PowerLawFit) -> None:
    with pytest.raises(ArgumentError, match=r"^family must be one of 'lognormal', .*, got 'normal'\.$"):
        smooth.compare("normal")
    with pytest.raises(ArgumentError, match=r"^significance must be"):
        smooth.plausible(0.0)
