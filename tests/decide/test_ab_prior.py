"""Priors from past tests: the likelihood against another quadrature, closed forms, recovery of what was planted."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, stats

import tailsim as ts
from tailsim.decide import fit_prior
from tailsim.decide.ab_prior import _log_likelihood


def past(df, n, seed):
    rng = np.random.default_rng(seed)
    noise = rng.uniform(0.3, 1.5, n)
    quality = -1 + (stats.t.rvs(df, size=n, random_state=rng) if df else rng.standard_normal(n))
    return quality + noise * rng.standard_normal(n), noise


@pytest.mark.parametrize(
    ("y", "s", "loc", "scale", "df"),
    [
        (0, 1, -1, 1, 1.31),
        (30, 0.1, -1, 1, 1.31),
        (2, 0.02, 0, 1, 0.5),
        (5, 1, 0, 0.1, 100),
        (50, 1, 0, 1, 3),
        (1, 3, 0, 1, 200),
    ],
)
def test_likelihood_against_direct_quadrature(y, s, loc, scale, df):
    cuts = sorted(
        {y + k * s for k in (-40, -5, 0, 5, 40)} | {loc + k * scale for k in (-1000, -10, -3, 0, 3, 10, 1000)}
    )

    def joint(d):
        return stats.t.pdf(d, df, loc, scale) * stats.norm.pdf(y, d, s)

    direct = sum(integrate.quad(joint, a, b, epsabs=0, epsrel=1e-11)[0] for a, b in itertools.pairwise(cuts))
    ours = _log_likelihood(np.array([float(y)]), np.array([float(s)]), loc, scale, df)
    assert ours == pytest.approx(math.log(direct), abs=1e-8)


def test_gaussian_prior_in_closed_form():
    y = np.random.default_rng(3).normal(-1, 2, 200)
    fit = fit_prior(y, np.full(200, 0.7), family="normal")
    assert isinstance(fit.prior, ts.Normal)
    assert fit.prior.mean() == pytest.approx(y.mean(), abs=1e-4)
    assert fit.prior.var() == pytest.approx(y.var() - 0.49, rel=1e-4)
    assert fit.log_likelihood == pytest.approx(np.sum(stats.norm.logpdf(y, y.mean(), y.std())), abs=1e-6)
    assert fit.tail_index.value == math.inf
    assert fit.verdict.startswith("A Gaussian prior was assumed")


@pytest.mark.parametrize(("df", "regime"), [(1.31, ": lean, test many ideas"), (0, ": big, test few ideas")])
def test_planted_prior_is_found(df, regime):
    y, s = past(df, 400, seed=11)
    fit = fit_prior(y, s)
    low, high = fit.tail_index.interval
    assert low <= (df or math.inf) <= high
    assert fit.prior.median() == pytest.approx(-1, abs=0.35)
    assert regime in fit.verdict
    assert ts.ABProgram(fit.prior, noise_sd=1, n_users=100, n_ideas=10).regime == ("lean" if df else "big")


def test_no_student_is_more_likely_and_a_gaussian_is_its_limit():
    y, s = past(2.5, 150, seed=5)
    fit = fit_prior(y, s)
    loc, scale, df = fit.prior.loc, fit.prior.scale, fit.prior.df
    at_best = _log_likelihood(y, s, loc, scale, df)
    assert at_best == pytest.approx(fit.log_likelihood, abs=1e-9)
    for other in (
        (loc + 0.05, scale, df),
        (loc, 1.05 * scale, df),
        (loc, scale, 1.1 * df),
        (loc, scale / 1.05, df / 1.1),
    ):
        assert _log_likelihood(y, s, *other) < at_best
    normal = fit_prior(y, s, family="normal")
    assert normal.log_likelihood < fit.log_likelihood
    gauss = np.sum(stats.norm.logpdf(y, -1, np.hypot(1, s)))
    assert _log_likelihood(y, s, -1, 1, 1e5) == pytest.approx(gauss, rel=1e-4)


def test_estimates_no_wider_than_their_noise_show_no_prior():
    y = 3 + 0.001 * np.linspace(-1, 1, 20)
    for family in ("student", "normal"):
        assert fit_prior(y, np.ones(20), family=family).verdict.endswith("they do not show a prior.")


@pytest.mark.parametrize(
    ("y", "s", "family", "said"),
    [
        ([1.0] * 9, [1.0] * 9, "student", r"^estimates must be at least 10 finite numbers"),
        ([1.0] * 9 + [math.nan], [1.0] * 10, "student", r"^estimates must be .*, got nan at position 9"),
        (
            [1.0] * 10,
            [1.0] * 9,
            "student",
            r"^std_errors must be as many numbers above 0 as there are estimates \(10\), got 9",
        ),
        ([1.0] * 10, [0.0] * 10, "student", r"^std_errors must be as many .* the least 0; leave out"),
        ([1.0] * 10, [1.0] * 10, "cauchy", r"^family must be one of 'student', 'normal', got 'cauchy'"),
    ],
)
def test_bad_input_is_refused(y, s, family, said):
    with pytest.raises(ts.ArgumentError, match=said):
        fit_prior(y, s, family=family)
