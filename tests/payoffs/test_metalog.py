"""The metalog against laws it contains, and against its own definition in high precision."""

import mpmath
import numpy as np
import pytest
from scipy import stats

import tailsim as ts
from tailsim.errors import ArgumentError

P = np.concatenate([2.0 ** -np.arange(1.0, 200.0), 1 - 2.0 ** -np.arange(2.0, 30.0)])


@pytest.mark.parametrize(
    ("law", "oracle"),
    [
        (ts.Metalog((1.0, 2.0)), stats.logistic(1, 2)),
        (ts.Metalog((0.0, 0.5), low=0), stats.fisk(2)),
        (ts.Metalog((0.0, 1.0), low=2, high=5), stats.uniform(2, 3)),
    ],
)
def test_laws_that_are_metalogs(law, oracle):
    assert law.isf(P) == pytest.approx(oracle.isf(P), rel=1e-12)
    x = oracle.isf(2.0 ** -np.arange(1.0, 30.0))
    assert law.sf(x) == pytest.approx(oracle.sf(x), rel=1e-9)
    assert law.cdf(x) == pytest.approx(oracle.cdf(x), rel=1e-12)
    assert law.pdf(x) == pytest.approx(oracle.pdf(x), rel=1e-7)
    assert law.mean() == pytest.approx(oracle.mean(), rel=1e-9)


COEFFICIENTS = (0.3, 0.8, 0.1, -0.2, 0.4, 0.05, 0.1)


def exact(y):
    """Keelin 2016, equation 6, in the working precision."""
    centre, logit = y - mpmath.mpf(1) / 2, mpmath.log(y / (1 - y))
    terms = [1, logit, centre * logit, centre, centre**2, centre**2 * logit, centre**3]
    return sum(mpmath.mpf(a) * t for a, t in zip(COEFFICIENTS, terms, strict=True))


@pytest.mark.parametrize("depth", [1, 3, 30, 100, 900])
def test_seven_terms_at_both_ends(depth):
    law = ts.Metalog(COEFFICIENTS, low=0.0)
    with mpmath.workdps(400):
        v = mpmath.mpf(2) ** -depth
        up, down = float(mpmath.exp(exact(1 - v))), float(mpmath.exp(exact(v)))
    assert law.isf(2.0**-depth) == pytest.approx(up, rel=1e-12)
    assert law.ppf(2.0**-depth) == pytest.approx(down, rel=1e-12)


def test_a_power_tail_has_the_stated_index():
    law = ts.Metalog(COEFFICIENTS, low=0.0)
    assert law.tail_index == pytest.approx(1.0 / (0.8 + 0.1 / 2 + 0.05 / 4), rel=1e-12)
    x = law.isf(2.0 ** -np.array([500.0, 900.0]))
    assert np.log(2.0**400) / np.log(x[1] / x[0]) == pytest.approx(law.tail_index, rel=1e-3)


def test_a_left_tail_below_a_bound():
    law = ts.Metalog((0.0, 0.5), high=0.0)
    assert (law.tail_index, law.left_tail_index) == (np.inf, 2.0)
    assert law.cdf(-10.0) == pytest.approx(ts.Metalog((0.0, 0.5), low=0.0).sf(10.0), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (((1.0,),), "2 to 16 finite coefficients"),
        (((1.0, -1.0),), "must make the quantile function increase"),
        (((1.0, 0.1, 3.0),), "must make the quantile function increase"),
        (((0.0, 1.0), 5.0, 2.0), "low must be below high = 2.0"),
        (((0.0, float("nan")),), "coefficients must be"),
    ],
)
def test_refusals(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        ts.Metalog(*arguments)
