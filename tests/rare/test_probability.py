"""P(total > x) against published values, lattice convolutions and exact inversion; and its error against the truth."""

import math

import numpy as np
import pytest
from scipy import special

import tailsim as ts
from tailsim.rare import probability, study
from tailsim.rare.door import question_of
from tailsim.rare.functional import Probability

# (law, n, x, P, digits to which the table gives it): Laplace inversion in high precision
TABLE = [
    (ts.Lomax(1.5), 10, 100.0, 1.28553403e-2, 9),
    (ts.Lomax(1.5), 10, 1e4, 1.00255339e-5, 9),
    (ts.Lomax(1.5), 10, 1e6, 1.0000255e-8, 8),
    (ts.Lomax(2.5), 10, 1e4, 1.00125197e-9, 9),
    (ts.Weibull(0.5), 2, 100.0, 1.0469643e-4, 8),
    (ts.Weibull(0.5), 2, 1000.0, 3.82435982e-14, 9),
    (ts.LogNormal(0, 1), 2, 100.0, 4.5033845762e-6, 11),
]
# cells (tail_index, n, x, P) of Lomax sums by mpmath's Talbot inversion of (1 - L(s)**n) / s, 40 digits,
# L(s) = a e**s E_{a+1}(s)
CELLS = [
    (0.7, 10, 13894953.94373138, 0.00010001066648939958),
    (0.7, 100, 193069772888324.16, 1.00000001189785797e-8),
    (1.1, 10, 151991107.29529327, 1.00000054541930904e-8),
    (1.1, 100, 5336699231205.305, 1.00000000019240691e-12),
    (1.5, 3, 448139.47465571616, 1.00001338858431045e-8),
    (1.5, 10, 999998.9999999992, 1.00002700040500082e-8),
    (1.5, 10, 464158882.36127734, 1.00000005816974028e-12),
    (1.5, 100, 2154434689.0318813, 1.00000013785520538e-12),
    (2.5, 10, 3980.071705534974, 1.00378332870500623e-8),
    (2.5, 100, 9999.000000000005, 1.01670238125685884e-8),
]


@pytest.mark.parametrize(("law", "n", "x", "p", "digits"), TABLE)
def test_asmussen_kroese_2006_and_exact_inversion(law, n, x, p, digits):
    made = ts.total_tail_probability(law, n, x, rng=1)
    assert abs(made.value - p) <= 4.0 * made.std_error + 10.0 ** (1 - digits) * p
    assert made.relative_error < 1e-3


@pytest.mark.parametrize(
    ("law", "n", "x", "cv", "within"),
    [
        (ts.Lomax(1.5), 10, 100.0, 0.287, 0.02),
        (ts.Weibull(0.5), 2, 100.0, 0.5426, 0.08),
        (ts.Weibull(0.5), 2, 1000.0, 0.103, 0.03),
    ],
)
def test_plain_asmussen_kroese_has_the_published_variation(law, n, x, cv, within):
    """n = 200,000 samples; the cv of these rows is carried by samples that are seen."""
    sampler = question_of(law, n, x).sampler(200_000, 2)
    plain = study.Study(sampler, (Probability(),), x, study.RAW, (0.0,), np.zeros(1))
    moments = study.run(plain, 1, None)
    assert moments.std_error(np.ones(1)) * math.sqrt(moments.n) / moments.mean[0] == pytest.approx(cv, rel=within)


class Levy(ts.Payoff):
    """1 / Z**2: stable of stability 1/2, whose sums are known."""

    support = (0.0, np.inf)
    tail_index = 0.5

    def _sf(self, x):
        return special.erf(1.0 / np.sqrt(2.0 * np.maximum(x, 1e-300)))

    def _isf(self, p):
        return 0.5 / special.erfinv(p) ** 2


@pytest.mark.parametrize("x", [1e3, 1e6, 1e12, 1e29])
def test_sums_of_levy_laws_are_known_in_closed_form(x):
    made = ts.total_tail_probability(Levy(), 10, x, n_trials=20_000, rng=4)
    exact = math.erf(10.0 / math.sqrt(2.0 * x))
    assert abs(made.value - exact) <= 4.0 * made.std_error
    assert made.relative_error < 1e-2


def spread(cell, n_seeds, n_trials):
    index, n, x, p = cell
    made = [ts.total_tail_probability(ts.Lomax(index), n, x, n_trials=n_trials, rng=i) for i in range(n_seeds)]
    return np.array([(e.value - p) / e.std_error for e in made]), made


@pytest.mark.parametrize("cell", CELLS)
def test_the_stated_error_holds_over_seeds(cell):
    """20 seeds: more than one beyond 3 standard errors has probability 5e-4 at the promised 1 %... and none at 5."""
    z, made = spread(cell, 20, 8_192)
    assert (np.abs(z) > 3.0).sum() <= 2
    assert np.abs(z).max() < 5.0
    assert made[0].relative_error < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
def test_the_truth_is_within_3_standard_errors_in_99_percent_of_200_seeds(cell):
    z, _ = spread(cell, 200, 20_000)
    assert (np.abs(z) <= 3.0).mean() >= 0.99


def test_one_sample_is_worth_more_than_1e8_plain_ones_at_1e_8():
    made = ts.total_tail_probability(ts.Lomax(1.5), 10, 1e6, n_trials=20_000, rng=1)
    plain_variance = made.value * (1.0 - made.value)
    assert plain_variance / (made.std_error**2 * made.n) > 1e8


STEPS = np.array([0, 0, 0, 0, 0, 0, 1, 1, 2, 5, 5, 20.0])


def lattice(*terms):
    """Probabilities of the total of (values, times) on the whole numbers, by convolution."""
    out = np.ones(1)
    for values, times in terms:
        mass = np.bincount(values.astype(int)) / values.size
        for _ in range(times):
            out = np.convolve(out, mass)
    return out


@pytest.mark.parametrize("x", [10, 30, 39.5, 60, 80])
def test_ties_for_the_largest_are_shared(x):
    exact = lattice((STEPS, 10))[int(x) + 1 :].sum()
    made = ts.total_tail_probability(ts.Empirical(STEPS), 10, x, n_trials=50_000, rng=3)
    assert abs(made.value - exact) < 5.0 * made.std_error


@pytest.mark.parametrize("x", [10, 45, 80])
def test_unlike_bets_with_ties_between_them(x):
    law = ts.Empirical(STEPS)
    exact = lattice((STEPS, 5), (2 * STEPS, 3))[x + 1 :].sum()
    made = ts.total_tail_probability(ts.Portfolio([law] * 5 + [2 * law] * 3), x=x, n_trials=50_000, rng=5)
    assert abs(made.value - exact) < 5.0 * made.std_error


def agreement(portfolio, x, *, made):
    run = ts.simulate(portfolio, n_trials=400_000, rng=11)
    seen = run.prob_at_least(x / portfolio.spent)
    return abs(made.value - seen.value) / math.hypot(made.std_error, seen.std_error)


def test_zero_inflated_and_mixed_portfolios_agree_with_simulation():
    bet = ts.ZeroInflated(ts.Lomax(1.5), 0.65)
    assert agreement(ts.Portfolio.of(bet, 20), 50.0, made=ts.total_tail_probability(bet, 20, 50.0, rng=1)) < 5.0
    mixed = ts.Portfolio([bet] * 10 + [ts.Lomax(2.5)] * 10 + [ts.LogNormal(0, 1.5)] * 5)
    assert agreement(mixed, 100.0, made=ts.total_tail_probability(mixed, x=100.0, rng=1)) < 5.0


def test_asmussen_kroese_2006_poisson_number_of_bets():
    """Poisson(10) of Lomax 1.5 beyond 100: the published value; without E N as the weight it would vary by .557."""
    made = ts.total_tail_probability(ts.Lomax(1.5), ts.PoissonCount(10), 100.0, rng=1)
    assert abs(made.value - 1.33703614e-2) < 4.0 * made.std_error
    assert made.cv < 0.411


@pytest.mark.parametrize("count", [ts.GeometricCount(0.1), ts.BinomialCount(20, 0.3), ts.PoissonCount(5.0)])
def test_random_numbers_of_bets_agree_with_simulation(count):
    """False alarm 1e-6; half of the bets pay nothing, so that some trials have no payoff at all."""
    bet = ts.ZeroInflated(ts.Lomax(1.5), 0.5)
    made = ts.total_tail_probability(bet, count, 30.0, rng=1)
    n_bets = count.rvs(400_000, rng=3)
    paid = np.bincount(np.repeat(np.arange(n_bets.size), n_bets), bet.rvs(int(n_bets.sum()), rng=5), n_bets.size)
    seen = np.mean(paid > 30.0)
    assert abs(made.value - seen) < 5.0 * math.hypot(made.std_error, math.sqrt(seen / n_bets.size))


def test_a_random_number_of_tied_bets():
    count = ts.BinomialCount(8, 0.5)
    exact = 0.0
    for k in range(9):
        exact += count.pmf(k) * lattice((STEPS, k))[31:].sum()
    made = ts.total_tail_probability(ts.Empirical(STEPS), count, 30.0, n_trials=50_000, rng=3)
    assert abs(made.value - exact) < 5.0 * made.std_error


def test_a_portfolio_brings_its_count():
    portfolio = ts.Portfolio.of(ts.Lomax(1.5), ts.PoissonCount(10))
    made = [ts.total_tail_probability(portfolio, x=100.0, rng=1)]
    made.append(ts.total_tail_probability(ts.Lomax(1.5), ts.PoissonCount(10), 100.0, rng=1))
    assert made[0].value == made[1].value


MODELS = [
    ts.OneFactor("gaussian", failure=0.2, size=0.3),
    ts.OneFactor("gumbel", failure=0.2, size=0.3),
    ts.OneFactor("student", failure=0.2, size=0.3, df=4.0),
    ts.OneFactor("gaussian", failure=0.4),
]


@pytest.mark.parametrize("model", MODELS)
def test_one_factor_agrees_with_simulation(model):
    """False alarm 1e-6."""
    portfolio = ts.Portfolio.of(ts.ZeroInflated(ts.Lomax(1.5), 0.5), 20, dependence=model)
    made = ts.total_tail_probability(portfolio, x=60.0, rng=1)
    seen = ts.simulate(portfolio, n_trials=200_000, rng=9).prob_at_least(3.0)
    assert abs(made.value - seen.value) < 5.0 * math.hypot(made.std_error, seen.std_error)


def test_one_factor_with_ties_and_unlike_bets():
    law = ts.Empirical(STEPS)
    portfolio = ts.Portfolio([law] * 5 + [2 * law] * 3, dependence=ts.OneFactor("gaussian", failure=0.3, size=0.3))
    made = ts.total_tail_probability(portfolio, x=45.5, rng=5)
    seen = ts.simulate(portfolio, n_trials=200_000, rng=9).prob_at_least(45.5 / 8)
    assert abs(made.value - seen.value) < 5.0 * math.hypot(made.std_error, seen.std_error)


def test_a_factor_that_few_samples_see_is_not_trusted():
    portfolio = ts.Portfolio.of(ts.Lomax(1.5), 20, dependence=ts.OneFactor(size=0.3))
    made = ts.total_tail_probability(portfolio, x=1e6, n_trials=10_000, rng=1)
    assert made.std_error == math.inf
    assert made.interval[0] <= 20 * 1e-9 <= made.interval[1]
    assert "use simulate, or more trials" in made.verdict


def test_one_bet_is_its_own_survival_function():
    made = ts.total_tail_probability(ts.Pareto(1.5), 1, 1e200)
    assert (made.value, made.std_error) == (ts.Pareto(1.5).sf(1e200), 0.0)


@pytest.mark.parametrize(("x", "p"), [(2.9, 1.0), (-5.0, 1.0), (3.0e200, None)])
def test_below_the_smallest_total_it_is_certain(x, p):
    made = ts.total_tail_probability(ts.Pareto(1.5), 3, x)
    if p is None:
        assert 0.0 < made.value < 1e-299
    else:
        assert (made.value, made.std_error) == (p, 0.0)


def test_beyond_the_greatest_total_it_is_zero():
    assert ts.total_tail_probability(ts.Uniform(0, 1), 3, 3.0).value == 0.0


def test_light_tails_are_refused_rather_than_guessed():
    made = ts.total_tail_probability(ts.Exponential(), 10, 60.0, rng=1)
    exact = special.gammaincc(10, 60.0)
    assert made.std_error == math.inf
    assert made.interval[0] <= exact <= made.interval[1]
    assert "exact_total" in made.verdict


def test_before_its_limit_it_warns():
    made = ts.total_tail_probability(ts.LogNormal(0, 0.7), 50, 80.0, rng=1)
    assert made.n_dominating < made.n / 10
    assert "one large bet alone does not" in made.verdict


def test_same_bits_for_any_number_of_workers():
    made = [ts.total_tail_probability(ts.Lomax(1.5), 10, 1e4, n_workers=k, rng=7) for k in (1, 2, 5)]
    assert len({(e.value, e.std_error, e.n_dominating) for e in made}) == 1


def shocked():
    return ts.Portfolio.of(ts.Pareto(2), 3, dependence=ts.CommonShock(0.1))


def signed():
    return ts.Portfolio.of(ts.Pareto(2) - 3, 3, dependence=ts.OneFactor(size=0.2))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"x": math.inf}, "x must be a finite number"),
        ({"x": None}, "x must be given"),
        ({"n_bets": 0}, "n_bets must be a whole number from 1"),
        ({"n_bets": 2.5}, "n_bets must be a whole number from 1"),
        ({"n_trials": 10}, "n_trials must be a whole number from 100"),
        ({"payoff": 1.5}, "payoff must be a payoff law"),
        ({"payoff": ts.Portfolio.of(ts.Pareto(2), 3)}, "n_bets must be left out with a portfolio"),
        ({"level": 1.0}, "level must be a confidence level"),
        ({"payoff": ts.Pareto(ts.Uniform(1.1, 1.9))}, "payoff must have certain parameters"),
        ({"payoff": shocked(), "n_bets": None}, "simulate takes any dependence"),
        ({"payoff": signed(), "n_bets": None}, "never be below 0, and x neither, for dependent bets"),
    ],
)
def test_bad_input_is_one_sentence(arguments, sentence):
    good = {"payoff": ts.Pareto(1.5), "n_bets": 3, "x": 10.0}
    with pytest.raises(ts.TailsimError, match=sentence) as error:
        ts.total_tail_probability(**(good | arguments))
    assert str(error.value).count("\n") == 0


def test_the_method_is_named():
    assert set(probability.NAMES) == {study.RAW, study.FIRST, study.LINEAR, study.CONDITIONAL}


def test_laws_at_the_end_of_their_range_raise_no_warning():
    """Warnings are errors here: a bounded law's hazard is infinite at its end. P = (4 - x)**4 / 96 near the top."""
    law = ts.GeneralizedPareto(-0.5)
    p = ts.total_tail_probability(law, 2, 3.4, n_trials=20_000, rng=1)
    assert p.value == pytest.approx(0.6**4 / 96, rel=1e-12)  # two bets are integrated
    assert ts.total_tail_probability(law, ts.PoissonCount(2.0), 3.4, n_trials=2_000, rng=1).value > 0.0


def test_two_bounded_bets_are_integrated_up_to_where_they_cannot_reach():
    """The integrand bends where what is missing is all that the other bet can pay; it once cost 6e-4, unreported."""
    uniform = ts.total_tail_probability(ts.Uniform(0, 1), 2, 1.9, n_trials=1_000, rng=1)
    assert uniform.value == pytest.approx(0.005, rel=1e-12)
    buckets = ts.Buckets([0, 1, 10], [0.6, 0.4], within="uniform")
    corner = ts.total_tail_probability(buckets, 2, 19.0, n_trials=1_000, rng=1)
    assert corner.value == pytest.approx((0.4 / 9) ** 2 / 2, rel=1e-12)
    three = ts.total_tail_probability(ts.Uniform(0, 1), 3, 2.5, n_trials=50_000, rng=1)
    assert abs(three.value - 0.5**3 / 6) < 5 * three.std_error


def test_no_bet_at_all_beats_a_loss():
    """A binomial number of signed bets: with probability .7**10 there is none, and nothing lies above a loss."""
    law, count = ts.Uniform(-2.0, 1.0), ts.BinomialCount(10, 0.3)
    p = ts.total_tail_probability(law, count, -1.0, n_trials=50_000, rng=1)
    totals = ts.simulate(ts.Portfolio.of(law, count), n_trials=50_000, rng=2).totals
    seen = np.mean(totals > -1.0)
    assert abs(p.value - seen) < 5 * math.hypot(p.std_error, 0.5 / math.sqrt(50_000))
    above = ts.total_shortfall(law, count, -1.0, n_trials=50_000, rng=1)
    assert abs(above.value - totals[totals > -1.0].mean()) < 5 * math.hypot(above.std_error, 1.5 / math.sqrt(25_000))
