"""Correlation: any matrix through a Gaussian or t copula, marginals kept; what is no correlation matrix is refused."""

import numpy as np
import pytest
from scipy import stats

import tailsim as ts
from tailsim.dependence.correlation import cholesky
from tests.engine.cases import same
from tests.payoffs.cases import Case, zeros
from tests.payoffs.conformance import objection

from .helpers import drawn

MATRIX = np.array([[1.0, 0.8, -0.5], [0.8, 1.0, 0.0], [-0.5, 0.0, 1.0]])
LAWS = [ts.Pareto(1.5), ts.ZeroInflated(ts.Pareto(1.5), 0.3), ts.LogNormal(0, 1)]
WRONG = np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.9], [0.1, 0.9, 1.0]])
every_df = pytest.mark.parametrize("df", [None, 3.0])


@every_df
def test_every_pair_has_its_kendalls_tau(df):
    """2 / pi arcsin(rho) under both copulas; n = 40,960, within 5 standard errors (2 / 3 sqrt(2 / n) at most)."""
    x = drawn(ts.Portfolio([ts.Uniform()] * 3, ts.Correlation(MATRIX, df)), 10)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        tau = stats.kendalltau(x[i], x[j]).statistic
        assert abs(tau - 2 / np.pi * np.arcsin(MATRIX[i, j])) < 5 * 2 / 3 * np.sqrt(2 / x.shape[1])


@every_df
def test_every_bet_keeps_its_law(df):
    """n = 61,440; body by DKW, tail and atom by exact counts, false-alarm rate 1e-6."""
    x = drawn(ts.Portfolio([LAWS[1]] * 3, ts.Correlation(MATRIX, df)), 15)
    case = Case("zeros", LAWS[1], *zeros(stats.pareto(1.5), 0.7), 1.5, atoms=((0.0, 0.3),), cuts=(1.0,))
    for payoffs in x:
        assert objection(case, payoffs) is None


def test_students_copula_ties_uncorrelated_bets_at_their_extremes():
    """Correlation 0, df 3: both in the top 1 % in .0012 of trials, not .0001; n = 204,800."""
    x = drawn(ts.Portfolio([ts.Uniform()] * 2, ts.Correlation(np.eye(2), 3.0)), 50)
    assert (x > 0.99).all(axis=0).sum() > 5 * 20.48 + 5 * np.sqrt(20.48)
    x = drawn(ts.Portfolio([ts.Uniform()] * 2, ts.Correlation(np.eye(2))), 50)
    assert (x > 0.99).all(axis=0).sum() < 20.48 + 7 * np.sqrt(20.48)


def test_no_correlation_pays_what_independent_bets_pay():
    """Through the normal quantile and back: to 1e-9, since a rounding of z moves v by z^2 as many units."""
    alone, tied = drawn(ts.Portfolio(LAWS), 1), drawn(ts.Portfolio(LAWS, ts.Correlation(np.eye(3))), 1)
    np.testing.assert_allclose(tied, alone, rtol=1e-9)


def test_fewer_bets_are_the_first_of_more_and_workers_do_not_matter():
    big = np.array([[0.6 ** abs(i - j) for j in range(40)] for i in range(40)])
    few, many = (ts.Portfolio.of(LAWS[1], n, ts.Correlation(big[:n, :n], 4)) for n in (7, 40))
    assert np.array_equal(drawn(few, 2), drawn(many, 2)[:7])
    one, other = (ts.simulate(many, n_trials=9000, n_workers=n, rng=1) for n in (1, 3))
    assert same(one, other)
    assert np.add.accumulate(one.replay(4100))[-1] == one.totals[4100]


def test_cholesky_is_the_root():
    big = np.array([[0.6 ** abs(i - j) for j in range(40)] for i in range(40)])
    root = cholesky(big)
    np.testing.assert_allclose(root @ root.T, big, atol=1e-14)
    assert (np.triu(root, 1) == 0).all()
    assert cholesky(WRONG) is None


def test_the_nearest_correlation_matrix_is_definite_near_and_of_least_distance():
    near = np.array(ts.Correlation.nearest(WRONG).matrix)
    assert np.linalg.eigvalsh(near)[0] >= 1e-8
    assert (np.diag(near) == 1).all()
    best = np.linalg.norm(near - WRONG)
    rng = np.random.default_rng(1)
    for _ in range(300):  # no correlation matrix around it is nearer
        step = np.triu(rng.normal(size=(3, 3)), 1) * 10 ** rng.uniform(-4, -1)
        other = near + step + step.T
        if np.linalg.eigvalsh(other)[0] >= 0:
            assert np.linalg.norm(other - WRONG) > best - 1e-6


def test_the_nearest_of_the_published_example():
    """Higham 2002, section 4: [[2, -1, 0, 0], ...] has the nearest correlation matrix printed there."""
    tridiagonal = 2 * np.eye(4) - np.eye(4, k=1) - np.eye(4, k=-1)
    scaled = tridiagonal - np.eye(4)  # ones on the diagonal: the projection onto them is the same
    near = np.array(ts.Correlation.nearest(scaled).matrix)
    printed = [[1.0, -0.8084, 0.1916, 0.1068], [-0.8084, 1.0, -0.6562, 0.1916]]
    np.testing.assert_allclose(near[:2], printed, atol=6e-5)


def test_a_definite_matrix_is_its_own_nearest():
    assert ts.Correlation.nearest(MATRIX, df=4) == ts.Correlation(MATRIX, 4)


def test_a_singular_matrix_becomes_definite():
    near = ts.Correlation.nearest(np.ones((5, 5)))
    assert np.linalg.eigvalsh(np.array(near.matrix))[0] > 1e-9


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: ts.Correlation(WRONG),
            r"matrix must be positive definite, got eigenvalues that are not above 1e-10, smallest first -0.224, of 3; "
            r"Correlation.nearest\(matrix\) makes the nearest",
        ),
        (lambda: ts.Correlation(np.ones((2, 2))), r"matrix must be positive definite"),
        (lambda: ts.Correlation([[1, 0.5]]), r"matrix must be a square matrix.*got the shape \(1, 2\)"),
        (lambda: ts.Correlation([]), r"matrix must be a square matrix.*got the shape \(0,\)"),
        (lambda: ts.Correlation("ab"), r"matrix must be a square matrix"),
        (lambda: ts.Correlation([[1, 0.5], [0.4, 1]]), r"matrix must be .*got 0.5 in row 0, column 1 and 0.4 across"),
        (lambda: ts.Correlation([[1, np.nan], [np.nan, 1]]), r"matrix must be .*got nan in row 0, column 1"),
        (lambda: ts.Correlation([[1, 1.5], [1.5, 1]]), r"matrix must be .*got 1.5 in row 0, column 1"),
        (lambda: ts.Correlation([[2, 0], [0, 1]]), r"matrix must be .*got 2.0 in row 0, column 0"),
        (lambda: ts.Correlation(MATRIX, df=0), r"df must be None for a Gaussian copula, or a number above 0"),
        (
            lambda: ts.Portfolio.of(LAWS[0], 4, ts.Correlation(MATRIX)),
            r"dependence must correlate as many bets as the portfolio has, got a matrix for 3 and 4 bets",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, said):
    with pytest.raises(ts.ArgumentError, match=f"^{said}") as error:
        call()
    assert str(error.value).endswith(".")
