"""Laws from what people know, against published fits and the numbers they were made of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tailsim as ts
from tailsim.errors import ArgumentError, ArgumentTypeError

FAMILIES = ["lognormal", "pareto", "lomax", "weibull", "frechet", "loglogistic"]


@pytest.mark.parametrize("family", [*FAMILIES, "metalog", None])
def test_two_quantiles_are_met(family):
    law = ts.from_quantiles({0.3: 1.0, 0.9: 20.0}, family)
    assert law.ppf([0.3, 0.9]) == pytest.approx([1.0, 20.0], rel=1e-6)


def test_a_normal_family_takes_signed_quantiles():
    law = ts.from_quantiles({0.05: -2.0, 0.95: 4.0}, "normal")
    assert law.mean() == pytest.approx(1.0, abs=1e-12)
    assert law.ppf(0.95) == pytest.approx(4.0, rel=1e-12)


@given(st.lists(st.floats(0.3, 2.0), min_size=2, max_size=5), st.floats(0.01, 100.0))
def test_a_metalog_goes_through_every_quantile_or_is_refused(steps, first):
    payoffs = first * np.exp(np.cumsum(steps))
    quantiles = dict(zip(np.linspace(0.1, 0.9, len(steps)).tolist(), payoffs.tolist(), strict=True))
    try:
        law = ts.from_quantiles(quantiles, "metalog")
    except ArgumentError:
        with pytest.raises(ArgumentError, match="no metalog"):
            ts.from_quantiles(quantiles, "metalog")
        return
    assert law.ppf(list(quantiles)) == pytest.approx(list(quantiles.values()), rel=1e-9)
    v = 2.0 ** -np.arange(1.0, 200.0)
    assert (np.diff(law.isf(v)) >= 0.0).all()


def test_more_quantiles_than_parameters_are_fitted_or_refused():
    near = ts.LogNormal(0.5, 1.2).ppf([0.1, 0.5, 0.9]) * np.array([1.01, 1.0, 0.99])
    law = ts.from_quantiles(dict(zip((0.1, 0.5, 0.9), near.tolist(), strict=True)), "lognormal")
    assert law.ppf(0.5) == pytest.approx(near[1], rel=0.01)
    with pytest.raises(ArgumentError, match=r"within 5%, got .* use family='metalog'"):
        ts.from_quantiles({0.1: 0.2, 0.5: 1, 0.99: 400}, "lognormal")


def test_an_interval_is_central():
    law = ts.from_interval(0.5, 8.0, level=0.8)
    assert (law.cdf(0.5), law.sf(8.0)) == (pytest.approx(0.1, rel=1e-12), pytest.approx(0.1, rel=1e-12))
    assert ts.from_interval(-1.0, 3.0).mean() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(("fraction", "share", "index", "sigma"), [
    (0.06, 0.60, 1.2218, 1.8081),  # Horsley Bridge 1985-2014 (Evans)
    (0.10, 0.48, 1.4679, 1.2314),  # Scherer & Harhoff 2000, lowest
    (0.10, 0.93, 1.0325, 2.7573),  # and highest
    (0.20, 0.80, 1.1610, None),  # 80/20: ln 5 / ln 4
])  # fmt: skip
def test_published_shares_of_the_top(fraction, share, index, sigma):
    assert ts.from_top_share(fraction, share).tail_index == pytest.approx(index, abs=5e-5)
    if sigma is not None:
        assert ts.from_top_share(fraction, share, "lognormal").sigma == pytest.approx(sigma, abs=5e-5)


@pytest.mark.parametrize("family", ["pareto", "lognormal", "lomax", "weibull", "frechet"])
def test_every_family_holds_the_share_and_the_median(family):
    law = ts.from_top_share(0.05, 0.5, family, median=7.0)
    assert law.top_share(0.05) == pytest.approx(0.5, rel=1e-9)
    assert law.median() == pytest.approx(7.0, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: ts.from_quantiles([1, 2]), "quantiles must be a mapping"),
        (lambda: ts.from_quantiles({0.5: 1.0}), "quantiles' probabilities must be"),
        (lambda: ts.from_quantiles({0.5: 1.0, 1.0: 2.0}), "strictly between 0 and 1, got 1.0"),
        (lambda: ts.from_quantiles({0.5: 2.0, 0.9: 2.0}), r"quantiles must increase, got 2 at 0.5 and 2 at 0.9"),
        (lambda: ts.from_quantiles({0.5: 0.0, 0.9: 2.0}, "pareto"), "payoffs above 0 for the pareto family"),
        (lambda: ts.from_quantiles({0.5: 1.0, 0.9: 2.0}, "cauchy"), "family must be one of"),
        (lambda: ts.from_quantiles({0.5: 1.0, 0.9: 2.0}, "pareto", low=0.0), "the metalog takes bounds"),
        (lambda: ts.from_quantiles({0.5: 1.0, 0.9: 2.0}, "metalog", low=1.5), "low must be beyond all payoffs"),
        (lambda: ts.from_quantiles({0.1: 1, 0.5: 1.1, 0.9: 1.2, 0.95: 100}), "through which no metalog goes"),
        (lambda: ts.from_interval(8.0, 0.5), "low must be below high = 0.5"),
        (lambda: ts.from_interval(0.5, 8.0, level=90), "level must be a confidence level"),
        (lambda: ts.from_top_share(0.06, 0.05), "share must be above fraction = 0.06"),
        (lambda: ts.from_top_share(6, 60), "fraction must be a fraction strictly between 0 and 1"),
        (lambda: ts.from_top_share(0.06, 0.6, median=0), "median must be a finite number above 0"),
    ],
)
def test_bad_input_is_one_sentence(call, sentence):
    with pytest.raises((ArgumentError, ArgumentTypeError), match=sentence):
        call()
