"""One factor: marginals as declared, dependence as asked, the same bits however it is run."""

import dataclasses
import pickle

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

import tailsim as ts
from tailsim.payoffs import Payoff
from tests.engine.cases import same
from tests.payoffs.cases import Case, mix, pair, step, zeros
from tests.payoffs.conformance import objection, two_sided

from .helpers import MODELS, ZEROS, drawn

every_model = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
PARETO = stats.pareto(1.5)
MARGINALS = [
    Case("zeros", ZEROS, *zeros(PARETO, 0.1), 1.5, atoms=((0.0, 0.9),), cuts=(1.0,)),
    Case(
        "signed, with zeros",
        ts.ZeroInflated(ts.Uniform(-1, 1), 0.5),
        *mix((0.5, *pair(stats.uniform(-1, 2))), (0.5, *step((0, 1.0)))),
        atoms=((0.0, 0.5),),
    ),
    Case(
        "mixture with zeros",
        ts.Mixture([ts.Constant(0), ts.Lomax(1.2), ts.LogNormal(1, 1)], [0.3, 0.3, 0.4]),
        *mix((0.3, *step((0, 1.0))), (0.3, *pair(stats.lomax(1.2))), (0.4, *pair(stats.lognorm(1, scale=np.e)))),
        1.2,
        atoms=((0.0, 0.3),),
    ),
]


@every_model
@pytest.mark.parametrize("case", MARGINALS, ids=lambda case: case.name)
def test_every_bet_keeps_its_law(case, model):
    """n = 61,440 a bet; body by DKW, tail and atoms by exact counts, rate 1e-6: sees 1.2 % anywhere, or no tail."""
    n_blocks = 15 if case.law._params() is not None else 4
    for payoffs in drawn(ts.Portfolio([ts.Constant(1), case.law, case.law], model), n_blocks)[1:]:
        assert objection(case, payoffs) is None


@every_model
def test_a_wrong_marginal_is_seen(model):
    x = drawn(ts.Portfolio.of(ZEROS, 1, model), 15)[0]
    capped = np.minimum(x, ZEROS.isf(2.0**-11))
    assert objection(MARGINALS[0], x) is None
    assert "tail" in objection(MARGINALS[0], capped)
    assert objection(MARGINALS[0], 1.2 * x) is not None


@pytest.mark.parametrize(
    ("model", "chance"),
    [
        (ts.OneFactor("gumbel", size=0.4), 0.488),
        (ts.OneFactor("gaussian", size=0.4), 0.180),
        (ts.OneFactor("student", size=0.4, df=4), 0.342),
    ],
    ids=lambda value: getattr(value, "copula", None),
)
def test_chance_of_the_top_percent_given_another_bet_in_it_at_kendall_tau_04(model, chance):
    """n = 204,800 pairs, exact binomial at 1e-6: sees 12 % more or less; the chances are worked out below."""
    law = ts.Buckets([1, 2, 3], [0.99, 0.01], "low")
    both = int((drawn(ts.Portfolio.of(law, 2, model), 50).sum(axis=0) == 4.0).sum())
    joint = 0.01 * exact_chance(model)
    assert exact_chance(model) == pytest.approx(chance, abs=6e-4)
    assert two_sided(both, 50 * 4096, joint) > 1e-6


def exact_chance(model):
    """P(both in the top 1 %) / 1 %, from the copulas as printed by Joe 2014."""
    if model.copula == "gumbel":
        return (2 * 0.01 - 1 + 0.99 ** (2 ** (1 - model.size))) / 0.01
    rho = np.sin(np.pi * model.size / 2)
    if model.copula == "gaussian":
        z = stats.norm.isf(0.01)
        inner = mp.quad(lambda y: mp.npdf(y) * mp.ncdf((rho * y - z) / np.sqrt(1 - rho**2)), [z, 4, 6, 12])
        return float(inner) / 0.01
    t, df = stats.t.isf(0.01, model.df), model.df

    def given(y):
        """Density at y, times the chance that the other is above t: a t law of df + 1 (Demarta and McNeil 2005)."""
        spread = np.sqrt((1 - rho**2) * (df + y**2) / (df + 1))
        return stats.t.pdf(y, df) * stats.t.sf((t - rho * y) / spread, df + 1)

    y = t * np.exp((np.arange(4000) + 0.5) / 400)
    return float(np.sum(given(y) * y) / 400) / 0.01


@every_model
def test_failure_and_size_correlations_are_both_recovered_from_nine_zeros_in_ten(model):
    """90 % zeros, failure .3, size .6: n = 409,600 pairs of bets.

    Both survive in 1.9 to 3.9 % of trials: their number by the exact binomial at 1e-6, Kendall's tau of their sizes
    within 5 standard errors (2 / 3 sqrt(2 / n) at most, as under independence, .017 here: a false alarm in 2e6).
    """
    a, b = drawn(ts.Portfolio.of(ZEROS, 2, model), 100)
    paid = (a > 0) & (b > 0)
    assert two_sided(int(paid.sum()), a.size, both_survive(model)) > 1e-6
    tau = stats.kendalltau(a[paid], b[paid]).statistic
    assert abs(tau - 0.6) < 5 * (2 / 3) * np.sqrt(2 / paid.sum())


def both_survive(model, q=0.1):
    """P(both latents in their upper q)."""
    if model.copula == "gumbel":
        return 2 * q - 1 + (1 - q) ** (2 ** (1 - model.failure))
    rho = np.sin(np.pi * model.failure / 2)
    if model.copula == "gaussian":
        return float(stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([stats.norm.ppf(q)] * 2))
    z = stats.t.isf(q, model.df)
    y = z * np.exp((np.arange(4000) + 0.5) / 400)
    spread = np.sqrt((1 - rho**2) * (model.df + y**2) / (model.df + 1))
    inner = stats.t.pdf(y, model.df) * stats.t.sf((z - rho * y) / spread, model.df + 1)
    return float(np.sum(inner * y) / 400)


def test_failures_and_sizes_hang_together_separately():
    """With failures tied, sizes are independent, and the other way round; n = 204,800, tau within 5 errors of 0."""
    a, b = drawn(ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.5), 2, ts.OneFactor(failure=0.5)), 10)
    paid = (a > 0) & (b > 0)
    assert abs(stats.kendalltau(a[paid], b[paid]).statistic) < 5 * (2 / 3) / np.sqrt(paid.sum())
    a, b = drawn(ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.5), 2, ts.OneFactor(size=0.5)), 10)
    assert two_sided(int(((a > 0) & (b > 0)).sum()), a.size, 0.25) > 1e-6
    paid = (a > 0) & (b > 0)
    assert stats.kendalltau(a[paid], b[paid]).statistic > 0.4


def test_correlated_sizes_leave_the_bets_that_fail_as_they_are():
    """What dependence draws has addresses of its own."""
    alone, tied = (ts.simulate(ts.Portfolio.of(ZEROS, 20, d), n_trials=5000, rng=3) for d in (None, MODELS["gumbel"]))
    sized = ts.simulate(ts.Portfolio.of(ZEROS, 20, ts.OneFactor(size=0.6)), n_trials=5000, rng=3)
    assert np.array_equal(sized.n_failures, alone.n_failures)
    assert not np.array_equal(tied.n_failures, alone.n_failures)
    assert not np.array_equal(sized.totals, alone.totals)


def test_correlations_of_zero_are_independence_bit_by_bit():
    runs = [ts.simulate(ts.Portfolio.of(ZEROS, 20, d), n_trials=5000, rng=3) for d in (None, ts.OneFactor())]
    assert np.array_equal(runs[0].totals, runs[1].totals)
    assert np.array_equal(runs[0].largest, runs[1].largest)


def test_bets_without_an_atom_take_no_part_in_correlated_failures():
    portfolio = ts.Portfolio([ts.Pareto(1.5), ZEROS], ts.OneFactor(failure=0.5))
    alone = ts.Portfolio([ts.Pareto(1.5), ZEROS])
    assert np.array_equal(drawn(portfolio, 1)[0], drawn(alone, 1)[0])


@every_model
def test_payoffs_go_through_the_isf_of_the_law_to_its_last_bit(model):
    """A law that pays what isf says, beside the law that pays its exceedance: the same exceedance for both."""
    size_only = dataclasses.replace(model, failure=0.0)
    v = -drawn(ts.Portfolio([ts.Uniform(-1, 0)], size_only), 1)[0]
    for law in (ts.Pareto(1.5), ts.Mixture([ts.Pareto(1.1), ts.LogNormal(0, 1)], [0.5, 0.5])):
        x = drawn(ts.Portfolio([law], size_only), 1)[0]
        assert np.array_equal(np.argsort(-x, kind="stable"), np.argsort(v, kind="stable"))
        assert np.allclose(x, law.isf(np.minimum(v, 1 - 2.0**-53)), rtol=1e-9)


@every_model
@pytest.mark.parametrize("n_workers", [2, 3, 7])
def test_the_same_bits_for_any_number_of_workers(model, n_workers):
    portfolio = ts.Portfolio.of(ZEROS, 11, [model, ts.CommonShock(0.2, 0.5)])
    one, many = (ts.simulate(portfolio, n_trials=40_000, n_workers=n, rng=2) for n in (1, n_workers))
    assert same(one, many)


@every_model
def test_fewer_trials_and_fewer_bets_are_the_first_of_more(model):
    few, many = (ts.simulate(ts.Portfolio.of(ZEROS, n, model), n_trials=t, rng=3) for n, t in ((7, 5000), (20, 9000)))
    for trial in (0, 77, 4999):
        assert np.array_equal(many.replay(trial)[:7], few.replay(trial))
    short = ts.simulate(few.portfolio, n_trials=4100, rng=3)
    assert np.array_equal(short.totals, few.totals[:4100])


@every_model
def test_replayed_payoffs_sum_to_the_total_bit_by_bit(model):
    bets = [ZEROS, ts.Bet(ts.Lomax(1.2), 2), ts.Mixture([ts.Pareto(3), ts.Constant(0)], [0.5, 0.5])]
    run = ts.simulate(ts.Portfolio(bets * 3, model), n_trials=5000, rng=4)
    for trial in (0, 4096, 4999):
        payoffs = run.replay(trial)
        total = 0.0
        for x in payoffs:
            total += x
        assert total == run.totals[trial]
        assert payoffs.max() == run.largest[trial]


def test_answers_that_need_a_second_pass_see_the_dependence():
    run = ts.simulate(ts.Portfolio.of(ZEROS, 20, MODELS["gumbel"]), n_trials=3000, rng=1)
    x = drawn(run.portfolio, 1)[:, :3000]
    paid = x.sum(axis=0) > 0
    top2 = np.sort(x[:, paid], axis=0)[-2:].sum(axis=0) / x[:, paid].sum(axis=0)
    assert run.top_share(k=2).value == pytest.approx(top2.mean(), rel=1e-12)
    assert run.top_share(k=2).n == paid.sum()


def test_the_trial_is_the_unit_of_the_failure_rate():
    """Bets that hang together tell less: 95 intervals in 100 would miss if bets counted; 40 runs, 4 misses at most."""
    portfolio = ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 50, ts.OneFactor("student", 0.6, df=3))
    runs = [ts.simulate(portfolio, n_trials=400, rng=seed).failure_rate() for seed in range(40)]
    assert all(e.n == 400 for e in runs)
    assert sum(not e.interval[0] <= 0.65 <= e.interval[1] for e in runs) <= 8  # binomial(40, .05): 1e-4
    width = ts.simulate(ts.Portfolio.of(ZEROS, 50), n_trials=400, rng=1).failure_rate()
    assert width.n == 20_000
    assert runs[0].std_error > 5 * width.std_error


def test_a_mean_over_bets_that_depend_on_each_other_is_trusted_less():
    alone, tied = (
        ts.simulate(ts.Portfolio.of(ts.LogNormal(0, 1), 50, d), n_trials=20, rng=1).mean()
        for d in (None, ts.OneFactor(size=0.9))
    )
    assert alone.value == tied.value
    assert "is reliable" in alone.verdict
    assert tied.verdict.startswith("Bets depend on each other")
    assert "not reliable" in tied.verdict


def test_digests_see_the_dependence():
    models = [None, ts.OneFactor(), *MODELS.values(), ts.OneFactor("student", 0.3, 0.6, df=5), [ts.OneFactor()]]
    digests = {ts.simulate(ts.Portfolio.of(ZEROS, 3, d), n_trials=500, rng=1).digest() for d in models}
    assert len(digests) == len(models)


def test_models_are_values():
    assert ts.OneFactor("gumbel", 0.3) == ts.OneFactor(copula="gumbel", failure=0.3, size=0)
    portfolio = ts.Portfolio.of(ZEROS, 3, MODELS["student"])
    assert pickle.loads(pickle.dumps(portfolio)) == portfolio
    assert hash(portfolio) != hash(ts.Portfolio.of(ZEROS, 3))
    assert "OneFactor" in repr(portfolio)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ts.OneFactor("clayton"), r"copula must be one of 'gaussian', 'student', 'gumbel', got 'clayton'"),
        (
            lambda: ts.OneFactor(failure=1),
            r"failure must be Kendall's tau of the latents, at least 0 and below 1, got 1",
        ),
        (
            lambda: ts.OneFactor(size=-0.1),
            r"size must be Kendall's tau of the latents, at least 0 and below 1, got -0.1",
        ),
        (lambda: ts.OneFactor(size="a"), r"size must be Kendall's tau"),
        (lambda: ts.OneFactor("student"), r'df must be given for copula="student", got None; 4 is a common choice'),
        (lambda: ts.OneFactor("student", df=0), r"df must be a number above 0 and at most 1,000, got 0; copula"),
        (lambda: ts.OneFactor("student", df=2000), r"df must be a number above 0 and at most 1,000, got 2000"),
        (lambda: ts.OneFactor("gumbel", df=3), r"df must be None for copula='gumbel', got 3"),
        (
            lambda: ts.Portfolio.of(ts.Pareto(1.5), 3, ts.OneFactor(failure=0.3)),
            r"failure acts on the probability of paying exactly zero, and must be 0 where no bet has one, got 0.3; use",
        ),
        (lambda: ts.Portfolio.of(ZEROS, 3, "gumbel"), r"dependence must be None, a OneFactor, a Correlation"),
        (lambda: ts.Portfolio.of(ZEROS, 3, [0.3]), r"dependence must be None, a OneFactor, a Correlation"),
        (
            lambda: ts.Portfolio.of(ZEROS, 3, [ts.OneFactor(), ts.OneFactor()]),
            r"dependence must hold at most one of OneFactor and Correlation, got several",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, said):
    with pytest.raises(ts.ArgumentError, match=f"^{said}") as error:
        call()
    assert str(error.value).endswith(".")


def test_a_law_that_draws_nan_is_an_error_under_dependence_too():
    class Broken(Payoff):
        support = (0.0, np.inf)
        tail_index = 2.0

        def _sf(self, x):
            return np.exp(-x)

        def _isf(self, p):
            return np.full_like(p, np.nan)

    with pytest.raises(ts.PayoffError, match="drew a NaN payoff"):
        ts.simulate(ts.Portfolio.of(Broken(), 2, ts.OneFactor(size=0.3)), n_trials=10, rng=1)
