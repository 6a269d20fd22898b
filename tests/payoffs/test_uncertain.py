"""Laws with uncertain parameters: marginals by closed forms, draws, and parameters shared within a trial."""

import pickle

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

import tailsim as ts
from tailsim.payoffs._lanes import _Each, lane_law
from tests.dependence.helpers import MODELS, drawn
from tests.payoffs.cases import Case
from tests.payoffs.conformance import objection

INDEX = ts.Uniform(1.1, 1.9)
LAW = ts.Pareto(INDEX)
FORMS = {
    "pareto": ts.Pareto(INDEX, ts.LogNormal(0, 1)),
    "lomax": ts.Lomax(INDEX, 3.0),
    "weibull": ts.Weibull(ts.Uniform(0.3, 3)),
    "frechet": ts.Frechet(INDEX, ts.Uniform(1, 5)),
    "exponential": ts.Exponential(ts.LogNormal(0, 2)),
    "lognormal": ts.LogNormal(ts.Uniform(-1, 1), ts.Uniform(0.5, 2)),
    "uniform": ts.Uniform(ts.Uniform(-1, 1), 5.0),
    "constant": ts.Constant(ts.Exponential(2.0)),
    "zeros": ts.ZeroInflated(ts.Lomax(INDEX), ts.Uniform(0.5, 0.8)),
    "zeros of a certain law": ts.ZeroInflated(ts.Pareto(1.5), ts.Uniform(0.5, 0.8)),
    "moved": 2 * LAW + 1,
}


def sf(x):
    """E (1/x)^a for a uniform on (1.1, 1.9), in closed form."""
    x = np.maximum(np.asarray(x, dtype=float), 1.0)
    with np.errstate(all="ignore"):
        inside = (x**-1.1 - x**-1.9) / np.log(x) / 0.8
    return np.where(x <= 1.0 + 1e-12, 1.0, inside)


def test_a_law_in_the_place_of_a_number_makes_an_uncertain_law():
    assert isinstance(LAW, ts.Uncertain)
    assert ts.Pareto(tail_index=ts.Uniform(1.1, 1.9), scale=1.0) == LAW
    assert hash(LAW) == hash(ts.Pareto(INDEX))
    assert repr(LAW) == "Pareto(tail_index=Uniform(low=1.1, high=1.9), scale=1.0)"
    assert pickle.loads(pickle.dumps(LAW)) == LAW
    assert isinstance(ts.ZeroInflated(LAW, 0.5), ts.Uncertain)
    assert isinstance(ts.Mixture([LAW, ts.Constant(0)], [0.5, 0.5]), ts.Uncertain)
    assert type(ts.ZeroInflated(ts.Pareto(1.5), 0.5)) is ts.ZeroInflated
    assert type(ts.Pareto(1.5)) is ts.Pareto


def test_the_marginal_is_the_average_over_the_parameter():
    x = np.array([0.5, 1.0, 1.01, 2.0, 10.0, 1e4, 1e30, 1e150])
    np.testing.assert_allclose(LAW.sf(x)[2:], sf(x)[2:], rtol=1e-9)
    assert LAW.sf(0.5) == 1.0
    assert LAW.sf(1.0) == pytest.approx(1.0, rel=1e-15)
    np.testing.assert_allclose(LAW.cdf(x), 1 - LAW.sf(x), atol=1e-15)
    p = np.array([0.9, 0.5, 1e-3, 1e-9])
    np.testing.assert_allclose(LAW.sf(LAW.isf(p)), p, rtol=1e-12)
    assert LAW.mean() == pytest.approx(1 + np.log(0.9 / 0.1) / 0.8, rel=1e-9)
    assert LAW.partial_mean(10.0) == pytest.approx(
        float(mp.quad(lambda a: a / (a - 1) * 10 ** (1 - a) / 0.8, [1.1, 1.9])), rel=1e-9
    )


def test_the_tail_index_is_the_infimum():
    assert LAW.tail_index == 1.1
    assert ts.Pareto(ts.LogNormal(0.4, 0.1)).tail_index == 0.0
    assert ts.Pareto(ts.LogNormal(0.4, 0.1)).mean() == np.inf
    assert ts.Pareto(1.5, ts.LogNormal(0, 1)).tail_index == 1.5
    assert ts.LogNormal(ts.Uniform(0, 1), 1.0).tail_index == np.inf
    assert (-1 * LAW).left_tail_index == 1.1
    assert ts.Pareto(ts.Uniform(1.0, 2.0)).mean() == np.inf  # the integral of a / (a - 1) diverges


def test_the_variance_splits_into_chance_and_parameter():
    law = ts.LogNormal(ts.Uniform(-1, 1), 1.0)
    means = np.exp(0.5) * (np.e - np.exp(-1)) / 2
    squares = np.exp(2.0) * (np.exp(2) - np.exp(-2)) / 4
    assert law.mean() == pytest.approx(means, rel=1e-9)
    assert law.var() == pytest.approx(squares - means**2, rel=1e-8)


def test_zero_keeps_its_probability():
    law = ts.ZeroInflated(LAW, ts.Uniform(0.5, 0.8))
    assert law.atoms[0] == pytest.approx((0.0, 0.65))
    assert law.sf(0.0) == pytest.approx(0.35)
    assert law.sf(10.0) == pytest.approx(0.35 * float(sf(10.0)), rel=1e-4)


def test_draws_follow_the_marginal():
    """n = 50,000; body by DKW and tail by dyadic counts at 1e-6: sees 1.4 % anywhere."""
    case = Case("uncertain", ts.Pareto(1.3), sf, lambda x: 1 - sf(x), 1.1)
    x = LAW.rvs(50_000, rng=1)
    assert objection(case, x) is None
    assert objection(case, ts.Pareto(1.5).rvs(50_000, rng=1)) is not None
    assert np.array_equal(x[:100], LAW.rvs(100, rng=1))


@pytest.mark.parametrize("name", FORMS)
def test_lanes_pay_what_the_law_of_their_parameters_pays(name):
    law = FORMS[name]
    p = np.append(np.random.default_rng(1).random(30), [2.0**-30, 2.0**-60])
    values = [np.asarray(leaf.isf(np.random.default_rng(i).random(32))) for i, leaf in enumerate(law._leaves())]
    form = lane_law(law, values)
    assert not isinstance(form, _Each)
    expected = np.array([law._at(point).isf(q) for point, q in zip(zip(*values, strict=True), p, strict=True)])
    np.testing.assert_allclose(form.isf(p, None), expected, rtol=2e-14)
    np.testing.assert_allclose(form.isf(p[::-1], np.arange(32)[::-1]), expected[::-1], rtol=2e-14)
    zero = [law._at(point)._point_mass(np.zeros(1))[0] for point in zip(*values, strict=True)]
    np.testing.assert_allclose(form.p_zero(), zero, rtol=1e-12)


def test_a_law_without_a_form_is_asked_lane_by_lane():
    law = ts.Buckets([0, 1, 5], [0.5, 0.3, 0.2], ["uniform", "loguniform"], ts.Pareto(INDEX, 5))
    values = [np.array([1.2, 1.5, 1.8])]
    form = lane_law(law, values)
    assert isinstance(form, _Each)
    p = np.array([0.1, 0.1, 0.1, 0.9])
    expected = [ts.Pareto(a, 5).isf(0.5) for a in (1.8, 1.2, 1.5)]
    np.testing.assert_allclose(form.isf(p, np.array([2, 0, 1, 0]))[:3], expected, rtol=1e-12)


def test_a_mixture_with_an_uncertain_component_draws_its_marginal():
    """n = 20,480 trials of 2 bets; body by DKW, tail and atom by exact counts at 1e-6: sees 2 % anywhere."""
    law = ts.Mixture([ts.Constant(0), LAW], [0.5, 0.5])

    def half(x):
        return np.where(x < 0, 1.0, 0.5 * sf(x))

    case = Case(
        "mixed",
        ts.Mixture([ts.Constant(0), ts.Pareto(1.3)], [0.5, 0.5]),
        half,
        lambda x: 1 - half(x),
        1.1,
        atoms=((0.0, 0.5),),
    )
    for payoffs in drawn(ts.Portfolio.of(law, 2), 5):
        assert objection(case, payoffs) is None
    assert objection(case, law.rvs(20_000, rng=1)) is None
    form = lane_law(law, [np.full(4, 1.5)])
    np.testing.assert_allclose(form.p_zero(), 0.5)
    expected = ts.Mixture([ts.Constant(0), ts.Pareto(1.5)], [0.5, 0.5]).isf([0.1, 0.4, 0.6, 0.9])
    np.testing.assert_allclose(form.isf(np.array([0.1, 0.4, 0.6, 0.9]), None), expected, rtol=1e-12)


def test_the_deepest_exceedances_are_kept():
    form = lane_law(LAW, [np.array([1.1, 1.9])])
    v = np.array([2.0**-1074, 2.0**-1040])
    with mp.workdps(40):
        expected = [float(mp.mpf(2) ** (1074 / mp.mpf(1.1))), float(mp.mpf(2) ** (1040 / mp.mpf(1.9)))]
    np.testing.assert_allclose(form.isf(v, None), expected, rtol=1e-13)


def test_all_bets_of_a_trial_share_the_parameter():
    """Payoffs of one trial follow one Pareto law; over trials its index is uniform: n = 4,096 trials of 200 bets."""
    x = drawn(ts.Portfolio.of(LAW, 200), 1)
    estimate = 199 / np.log(x).sum(axis=0)  # of the index, unbiased with relative error 1 / sqrt(198)
    assert abs(estimate.mean() - 1.5) < 5 * np.hypot(0.8 / np.sqrt(12), 1.5 / 14) / 64
    spread = np.sqrt(0.8**2 / 12 + (0.8**2 / 12 + 1.5**2) / 198)
    assert estimate.std() == pytest.approx(spread, rel=5 / np.sqrt(2 * 4096))
    assert stats.kstest(x[0], lambda y: 1 - sf(y)).pvalue > 1e-6


def test_equal_uncertain_laws_share_and_unlike_ones_do_not():
    """Rank correlation over 4,096 trials of the mean logarithms of 100 bets."""
    other = ts.Pareto(ts.Uniform(1.1, 1.9), 2)
    x = np.log(drawn(ts.Portfolio([LAW, other, LAW] * 100), 1)).reshape(100, 3, -1).mean(axis=0)
    assert stats.spearmanr(x[0], x[2]).statistic > 0.6
    assert abs(stats.spearmanr(x[0], x[1]).statistic) < 5 / 64


@pytest.mark.parametrize("dependence", [None, *MODELS.values(), ts.CommonShock(0.1)])
def test_the_same_bits_for_any_number_of_workers_fewer_trials_and_fewer_bets(dependence):
    law = FORMS["zeros"]
    portfolio = ts.Portfolio.of(law, 20, dependence)
    one, many = (ts.simulate(portfolio, n_trials=9000, n_workers=n, rng=2) for n in (1, 3))
    assert np.array_equal(one.totals, many.totals)
    assert one.digest() == many.digest()
    few = ts.simulate(ts.Portfolio.of(law, 7, dependence), n_trials=4200, rng=2)
    for trial in (0, 4100):
        payoffs = one.replay(trial)
        assert np.array_equal(payoffs[:7], few.replay(trial))
        assert np.add.accumulate(payoffs)[-1] == one.totals[trial]


def test_the_trial_is_the_unit_of_intervals_and_the_verdict_says_so():
    run = ts.simulate(ts.Portfolio.of(FORMS["zeros"], 50), n_trials=500, rng=1)
    assert run.failure_rate().n == 500
    assert run.mean().verdict.startswith("Bets depend on each other")
    assert run.mean().value == pytest.approx(0.35 * np.log(9) / 0.8, rel=1e-3)


def test_a_random_number_of_bets_with_uncertain_parameters():
    run = ts.simulate(ts.Portfolio.of(LAW, ts.PoissonCount(5)), n_trials=300, rng=1)
    full = ts.simulate(ts.Portfolio.of(LAW, 20), n_trials=300, rng=1)
    for trial in range(0, 300, 31):
        payoffs = run.replay(trial)
        assert np.array_equal(payoffs, full.replay(trial)[: len(payoffs)])


def test_bet_count_curves_share_the_parameter_too():
    curve = ts.bet_count_curve(ts.Pareto(INDEX), [1, 50], n_trials=4096, targets=[2.0], rng=1)
    run = ts.simulate(ts.Portfolio.of(ts.Pareto(INDEX), 50), n_trials=4096, rng=1)
    assert curve.prob_at_least(2.0)[1] == run.prob_at_least(2.0).value


def test_digests_see_the_parameters_law():
    laws = [ts.Pareto(1.5), LAW, ts.Pareto(ts.Uniform(1.1, 1.9 + 2**-50)), ts.Pareto(1.5, ts.Uniform(1.1, 1.9))]
    assert len({ts.simulate(ts.Portfolio.of(law, 3), n_trials=100, rng=1).digest() for law in laws}) == 4


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ts.Pareto(ts.Uniform(-1, 1)), r"tail_index must be a finite number above 0, got -0.99"),
        (lambda: ts.ZeroInflated(ts.Pareto(1.5), ts.Uniform(0.5, 1.5)), r"p_zero must be a probability"),
        (lambda: ts.ZeroInflated(LAW, 2.0), r"p_zero must be a probability"),
    ],
)
def test_a_parameter_that_can_take_a_refused_value_is_refused(call, said):
    with pytest.raises(ts.ArgumentError, match=f"^an uncertain parameter can take a value that is refused: {said}"):
        call()


def test_too_many_uncertain_parameters_are_refused():
    each = [ts.Pareto(INDEX) for _ in range(5)]
    with pytest.raises(ts.ArgumentError, match=r"^Mixture must have at most 4 uncertain parameters, got 5; give"):
        ts.Mixture(each, [0.2] * 5)
