"""Every row of the case table against its oracle. Tolerances: special function 1e-9 or better, as stated."""

import copy
import dataclasses
import math
import pickle

import numpy as np
import pytest

from tailsim.errors import UndefinedMomentError
from tailsim.payoffs import Empirical

from .cases import CASES, Case
from .conformance import integral, objection

N = 200_000
EXCEEDANCES = np.concatenate([1 - 2.0 ** -np.arange(20, 1, -1.0), 2.0 ** -np.arange(1.0, 1001.0)])
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def cuts_of(case):
    ends = [x for x in case.law.support if np.isfinite(x)]
    return [*ends, *(value for value, _ in case.atoms), *case.cuts, 0.0]


def probes(case):
    """Payoffs all over the support and beside it."""
    low = case.law.support[0]
    body = case.law.isf(np.concatenate([1 - 2.0 ** -np.arange(20, 1, -1.0), 2.0 ** -np.arange(1.0, 60.0)]))
    x = np.concatenate([body, cuts_of(case), [-3.0, 0.3, 1e3, low - 1, -np.inf, np.inf]])
    return np.unique(x[~np.isnan(x)])


def upper(case, u):
    """E[X - u; X > u] by the oracle."""
    return integral(case.sf, u, case.law.support[1], cuts_of(case)) if u < case.law.support[1] else 0.0


def lower(case, u):
    """E[u - X; X < u] by the oracle."""
    return integral(case.cdf, case.law.support[0], u, cuts_of(case)) if u > case.law.support[0] else 0.0


def has_mean(case):
    return min(case.tail_index, case.left_tail_index) > 1


def has_shares(case):
    return case.tail_index > 1 and case.law.support[0] >= 0


@every_case
def test_sf_and_cdf_agree_with_the_oracle(case: Case):
    x = probes(case)
    grain = 1e-300 if case.law.support[1] == np.inf else 1e-15  # near a high end scipy's sf is 1 - cdf
    np.testing.assert_allclose(case.law.sf(x), case.sf(x), rtol=1e-11, atol=grain)
    np.testing.assert_allclose(case.law.cdf(x), case.cdf(x), rtol=1e-11, atol=1e-15)


@every_case
def test_sf_plus_cdf_is_one_and_both_are_monotone(case: Case):
    x = probes(case)
    np.testing.assert_allclose(case.law.sf(x) + case.law.cdf(x), 1.0, rtol=4e-16)
    assert np.all(np.diff(case.law.sf(x)) <= 1e-16)
    assert np.all(np.diff(case.law.cdf(x)) >= -1e-16)
    assert case.law.sf(np.inf) == 0.0
    assert case.law.cdf(-np.inf) == 0.0


@every_case
def test_isf_inverts_sf_down_to_2_to_the_minus_1000(case: Case):
    """The smallest x with sf(x) <= p, for x known to eight units in the last place or as stated and p to 2e-12."""
    x = case.law.isf(EXCEEDANCES)
    assert np.all(x[1:] >= x[:-1])
    known = np.isfinite(x)
    x, p = x[known], EXCEEDANCES[known]
    ulps = case.ulps * np.spacing(np.abs(x))
    assert np.all(case.law.sf(x + ulps) <= p * (1 + 2e-12))
    below = np.maximum(x - ulps, case.law.support[0])
    assert np.all(case.law.prob_at_least(below) >= p * (1 - 2e-12))


@every_case
def test_ppf_inverts_cdf_up_from_2_to_the_minus_300(case: Case):
    q = np.concatenate([2.0 ** -np.arange(300.0, 1, -7), [0.5, 0.75, 0.99]])
    x = case.law.ppf(q)
    assert np.all(x[1:] >= x[:-1])
    ulps = 8 * np.spacing(np.abs(x))
    assert np.all(case.law.cdf(x + ulps) >= q * (1 - 2e-12))
    below = x - ulps
    mass = case.law.prob_at_least(below) - case.law.sf(below)
    assert np.all(case.law.cdf(below) - mass <= q * (1 + 2e-12))


@every_case
def test_isf_is_the_smallest_payoff_where_sf_is_flat(case: Case):
    for value, _ in case.atoms:
        p = case.law.sf(value)
        if 0 < p < 1:
            assert case.law.isf(p) == value
        q = case.law.cdf(value)
        if 0 < q < 1:
            assert case.law.ppf(q) == value


@every_case
def test_ends_of_the_support_are_the_quantiles_of_0_and_1(case: Case):
    low, high = case.law.support
    assert (case.law.isf(0.0), case.law.isf(1.0)) == (high, low)
    assert (case.law.ppf(0.0), case.law.ppf(1.0)) == (low, high)
    assert case.law.prob_at_least(low) == 1.0
    assert case.law.sf(high) == 0.0


@every_case
def test_atoms_are_where_prob_at_least_and_sf_differ(case: Case):
    assert [value for value, _ in case.law.atoms] == [value for value, _ in case.atoms]
    for (_, p), (value, expected) in zip(case.law.atoms, case.atoms, strict=True):
        assert p == pytest.approx(expected, rel=1e-12)
        assert case.law.prob_at_least(value) - case.law.sf(value) == pytest.approx(expected, rel=1e-12)
    plain = np.setdiff1d(probes(case), [value for value, _ in case.atoms])
    assert np.array_equal(case.law.prob_at_least(plain), case.law.sf(plain))


@every_case
def test_tail_indices(case: Case):
    assert case.law.tail_index == case.tail_index
    assert case.law.left_tail_index == case.left_tail_index
    index = min(case.tail_index, case.left_tail_index)
    assert case.law.moment_exists(0.99 * min(index, 1e3))
    assert case.law.moment_exists(index if np.isfinite(index) else 50.0) == (index == np.inf)


@every_case
def test_pdf_integrates_to_the_survival_function(case: Case):
    low, high = case.law.support
    for p in (0.999, 0.5, 2.0**-10, 2.0**-40):
        u = case.law.isf(p)
        mass = sum(m for value, m in case.atoms if value > u)
        area = integral(case.law.pdf, max(u, low), high, cuts_of(case)) if u < high else 0.0
        assert area + mass == pytest.approx(float(case.sf(np.array([u]))[0]), rel=1e-9, abs=1e-15)
    assert case.law.pdf(low - 1.0) == 0.0
    assert case.law.logpdf(low - 1.0) == -np.inf
    x = probes(case)
    np.testing.assert_allclose(np.exp(case.law.logpdf(x)), case.law.pdf(x), rtol=1e-12)


@every_case
def test_mean(case: Case):
    if max(case.tail_index, case.left_tail_index) <= 1:
        with pytest.raises(UndefinedMomentError, match=r"median\(\)"):
            case.law.mean()
        return
    if min(case.tail_index, case.left_tail_index) <= 1:
        assert case.law.mean() == (np.inf if case.tail_index <= 1 else -np.inf)
        return
    assert case.law.mean() == pytest.approx(upper(case, 0.0) - lower(case, 0.0), rel=1e-11, abs=1e-14)


@every_case
def test_var_and_std(case: Case):
    if not has_mean(case):
        with pytest.raises(UndefinedMomentError, match=r"median\(\)"):
            case.law.var()
        return
    if min(case.tail_index, case.left_tail_index) <= 2:
        assert case.law.var() == np.inf
        return
    m = upper(case, 0.0) - lower(case, 0.0)
    low, high = case.law.support
    square = integral(lambda x: (x - m) * case.sf(x), m, high, cuts_of(case)) if high > m else 0.0
    square += integral(lambda x: (m - x) * case.cdf(x), low, m, cuts_of(case)) if low < m else 0.0
    assert case.law.var() == pytest.approx(2 * square, rel=1e-10, abs=1e-14)
    assert case.law.std() == pytest.approx(math.sqrt(2 * square), rel=1e-10, abs=1e-14)


@every_case
def test_partial_mean_and_mean_excess(case: Case):
    low, high = case.law.support
    us = [low - 1.5 if np.isfinite(low) else -50.0, 0.0, *case.law.isf([0.9, 0.5, 0.1, 2.0**-10, 2.0**-40]), 1.0]
    for u in us:
        if case.tail_index <= 1:
            assert case.law.partial_mean(u) == np.inf
            assert case.law.mean_excess(u) == np.inf
            continue
        tail = upper(case, u)
        mass = float(case.sf(np.array([u]))[0])
        grain = 0.0 if high == np.inf else 1e-15 * abs(u)  # as above
        scale = 1e-13 * (abs(u) * mass + tail)
        assert case.law.partial_mean(u) == pytest.approx(u * mass + tail, rel=1e-11, abs=scale + grain)
        if u < high and mass > 1e-6:
            assert case.law.mean_excess(u) == pytest.approx(tail / mass, rel=1e-10, abs=4e-15 * abs(u) + grain)
    if case.tail_index > 1:
        assert case.law.partial_mean(-np.inf) == case.law.mean()
        assert case.law.partial_mean(np.inf) == 0.0


@every_case
def test_mean_excess_above_the_support_is_refused(case: Case):
    high = case.law.support[1]
    if np.isfinite(high):
        with pytest.raises(UndefinedMomentError, match="no payoff"):
            case.law.mean_excess(high)


@every_case
def test_gini(case: Case):
    if not has_shares(case):
        with pytest.raises(UndefinedMomentError, match="Gini"):
            case.law.gini()
        return
    low, high = case.law.support
    area = integral(lambda x: case.sf(x) * case.cdf(x), low, high, cuts_of(case)) if high > low else 0.0
    assert case.law.gini() == pytest.approx(area / (upper(case, 0.0) - lower(case, 0.0)), rel=1e-10, abs=1e-12)


@every_case
def test_top_share_and_lorenz(case: Case):
    """The top f hold the minimum over u of (f u + E[X - u; X > u]) / mean (Rockafellar and Uryasev, 2000)."""
    fractions = [0.9, 0.5, 0.2, 0.01, 1e-6]
    if not has_shares(case):
        for method in (case.law.top_share, case.law.lorenz):
            with pytest.raises(UndefinedMomentError):
                method(0.5)
        return
    mean = upper(case, 0.0)
    for f in fractions:
        u = case.law.isf(f)
        share = (f * u + upper(case, u)) / mean
        assert case.law.top_share(f) == pytest.approx(share, rel=1e-10)
        assert case.law.lorenz(1 - f) == pytest.approx(1 - share, abs=1e-10)
    assert case.law.top_share(1.0) == 1.0


@every_case
def test_lorenz_is_convex_below_the_diagonal_and_ends_at_0_and_1(case: Case):
    if not has_shares(case):
        pytest.skip("no shares")
    p = np.linspace(0, 1, 129)
    curve = case.law.lorenz(p)
    assert (curve[0], curve[-1]) == (0.0, 1.0)
    assert np.all(curve <= p + 1e-15)
    assert np.all(np.diff(curve, 2) >= -1e-14)
    assert 0 <= case.law.gini() <= 1


@every_case
def test_scalars_give_floats_and_arrays_keep_their_shape(case: Case):
    grid = np.array([[0.25, 0.5, 0.75], [0.1, 0.2, 0.3]])
    for method in (case.law.sf, case.law.cdf, case.law.isf, case.law.ppf, case.law.pdf, case.law.prob_at_least):
        assert type(method(0.5)) is float
        assert method(grid).shape == grid.shape
        assert method(grid)[1, 2] == method(0.3)
        assert method([]).shape == (0,)


@every_case
def test_draws_at_an_exceedance_are_isf(case: Case):
    if not case.draws_are_isf:
        pytest.skip("draws by another map")
    p = EXCEEDANCES * (1 - 2.0**-30)  # beside the places where sf is flat
    np.testing.assert_array_equal(case.law._draw(p, None), case.law.isf(p))


@every_case
def test_draws_follow_the_law(case: Case):
    assert objection(case, case.law.rvs(N, rng=20240611)) is None


@every_case
def test_fewer_draws_are_the_first_of_more(case: Case):
    assert np.array_equal(case.law.rvs(5000, rng=3)[:4500], case.law.rvs(4500, rng=3))
    assert not np.array_equal(case.law.rvs(50, rng=3), case.law.rvs(50, rng=4)) or case.name == "Constant"


@every_case
def test_repr_evaluates_back_to_an_equal_law(case: Case):
    import tailsim.payoffs as names

    again = eval(repr(case.law), dict(vars(names)))
    assert again == case.law
    assert hash(again) == hash(case.law)


@every_case
def test_laws_survive_copying_and_pickling(case: Case):
    for again in (copy.deepcopy(case.law), pickle.loads(pickle.dumps(case.law))):
        assert again == case.law
        assert again.isf(0.3) == case.law.isf(0.3)


@every_case
def test_laws_are_frozen_and_slotted(case: Case):
    with pytest.raises(AttributeError):
        setattr(case.law, dataclasses.fields(case.law)[0].name, 1.0)
    assert not hasattr(case.law, "__dict__")


def test_long_empirical_laws_have_a_short_repr():
    assert repr(Empirical(np.arange(1000.0))) == "Empirical(<1000 values from 0.0 to 999.0>)"
