"""The exact law of a total, against independent inversions, closed forms and plain counting."""

import math
import time

import mpmath
import numpy as np
import pytest
from scipy import special, stats

import tailsim as ts
from tailsim.exact._counts import Fixed
from tailsim.exact._lattice import bracket


def talbot(transform, x: float, dps: int = 30) -> float:
    """P(total > x) by mpmath's fixed Talbot contour: nothing of ours."""
    with mpmath.workdps(dps):
        return float(mpmath.invertlaplace(lambda s: (1 - transform(s)) / s, x, method="talbot", degree=int(1.3 * dps)))


def lomax(a: float):
    return lambda s: a * mpmath.exp(s) * mpmath.expint(mpmath.mpf(a) + 1, s)


def is_bracketed(estimate: ts.Estimate, truth: float, rel: float) -> bool:
    """Whether the interval holds the truth and the value is within ``rel`` of it."""
    low, high = estimate.interval
    slack = 4e-16 * truth  # of the truth itself, a double
    return low - slack <= truth <= high + slack and abs(estimate.value / truth - 1.0) <= rel


LOMAX = [
    (a, n, p_zero)
    for a, n, p_zero in [
        (0.7, 1, 0.0), (0.7, 10, 0.95), (0.7, 1000, 0.0), (1.1, 2, 0.5), (1.0, 100, 0.0), (0.9, 1000, 0.95),
        (1.3, 30, 0.65), (1.5, 2, 0.0), (1.5, 100, 0.95), (1.5, 1000, 0.5), (2.0, 10, 0.0), (1.9, 300, 0.65),
        (2.5, 3, 0.5), (2.5, 100, 0.0), (2.5, 1000, 0.95),
    ]
]  # fmt: skip


@pytest.mark.parametrize(("a", "n", "p_zero"), LOMAX)
def test_lomax_totals_equal_an_independent_inversion_from_the_median_to_a_million(a, n, p_zero) -> None:
    total = ts.exact_total(ts.ZeroInflated(ts.Lomax(a), p_zero), n)
    one = lomax(a)
    median = total.quantile(0.5).value
    for x in (max(median, 0.3), 3.0 * median + 1.0, 1e6):
        truth = talbot(lambda s: (p_zero + (1 - mpmath.mpf(p_zero)) * one(s)) ** n, x, 45 if n > 20 else 38)
        assert is_bracketed(total.sf(x), truth, 1e-11), x


@pytest.mark.parametrize(
    ("law", "n", "x", "printed"),
    [
        (ts.Lomax(1.5), 10, 100.0, 1.28553403e-2),
        (ts.Lomax(1.5), 10, 1e4, 1.00255339e-5),
        (ts.Lomax(1.5), 10, 1e6, 1.0000255e-8),
        (ts.Lomax(2.5), 10, 1e4, 1.00125197e-9),
        (ts.Weibull(0.5), 2, 100.0, 1.0469643e-4),
        (ts.Weibull(0.5), 2, 1000.0, 3.82435982e-14),
    ],
)
def test_exact_values_of_the_table_of_rare_events(law, n, x, printed) -> None:
    assert ts.exact_total(law, n).sf(x).value == pytest.approx(printed, rel=6e-9 if printed != 1.0469643e-4 else 3e-8)


def test_two_lognormals_beyond_100_are_bracketed() -> None:
    # by quadrature, 30 digits: mpmath.quad of pdf(y) sf(100 - y) over (0, 100), plus sf(100)
    estimate = ts.exact_total(ts.LogNormal(0, 1), 2).sf(100.0)
    assert estimate.value == pytest.approx(4.5033845762e-6, rel=2e-11)
    low, high = bracket([(ts.LogNormal(0, 1), Fixed(2))], 100.0) or (math.nan, math.nan)
    assert low <= 4.5033845762e-6 <= high
    assert high - low <= 1e-4 * low


def test_a_poisson_number_of_lomax_bets() -> None:
    assert ts.exact_total(ts.Lomax(1.5), ts.PoissonCount(10)).sf(100.0).value == pytest.approx(1.33703614e-2, rel=6e-9)
    truth = talbot(lambda s: mpmath.exp(-3 * (1 - lomax(0.8)(s))), 7.0)
    assert is_bracketed(ts.exact_total(ts.Lomax(0.8), ts.PoissonCount(3)).sf(7.0), truth, 1e-11)


@pytest.mark.parametrize("x", [0.5, 3.0, 40.0, 400.0])
def test_a_geometric_number_of_exponential_bets_is_exponential(x: float) -> None:
    p = 0.2  # P(total > x) = (1 - p) exp(-p x)
    assert is_bracketed(
        ts.exact_total(ts.Exponential(1.0), ts.GeometricCount(p)).sf(x), (1.0 - p) * math.exp(-p * x), 1e-11
    )


@pytest.mark.parametrize("count", [ts.PoissonCount(6), ts.GeometricCount(0.1), ts.BinomialCount(9, 0.4)])
def test_random_numbers_of_pareto_bets_agree_with_a_sum_over_the_number(count) -> None:
    law, x = ts.Pareto(1.4, 2.0), 19.0
    rates = [float(count.pmf(k)) for k in range(10)]
    below = rates[0] + math.fsum(rates[k] * (1.0 - ts.exact_total(law, k).sf(x).value) for k in range(1, 10))
    assert ts.exact_total(law, count).sf(x).value == pytest.approx(1.0 - below, rel=1e-11)


@pytest.mark.parametrize("n", [1, 2, 30, 1000])
@pytest.mark.parametrize("p", [0.9, 0.5, 1e-3, 1e-12, 1e-60])
def test_totals_of_exponential_bets_are_gamma(n: int, p: float) -> None:
    x = float(stats.gamma(n, scale=3.0).isf(p))
    truth = float(mpmath.gammainc(n, mpmath.mpf(x) / 3, regularized=True))
    assert is_bracketed(ts.exact_total(ts.Exponential(3.0), n).sf(x), truth, 1e-11)


def test_pareto_bets_that_may_fail_below_the_sum_of_their_smallest_payoffs() -> None:
    # given j successes the total is j plus a total of j Lomax bets
    total = ts.exact_total(ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65), 40)
    for x in (5.0, 14.25, 33.0, 39.999):
        truth = 0.0
        for j in range(41):
            above = 1.0 if x < j else (ts.exact_total(ts.Lomax(1.5), j).sf(x - j).value if j else 0.0)
            truth += stats.binom(40, 0.35).pmf(j) * above
        assert total.sf(x).value == pytest.approx(truth, rel=1e-12), x


def test_generalised_pareto_bets_are_moved_lomax_or_exponential_ones() -> None:
    for law, same in [
        (ts.GeneralizedPareto(0.5, 3.0, 1.0), 6.0 * ts.Lomax(2.0) + 1.0),
        (ts.GeneralizedPareto(0.0, 3.0, 1.0), 3.0 * ts.Exponential() + 1.0),
    ]:
        left, right = ts.exact_total(law, 7).sf(60.0), ts.exact_total(same, 7).sf(60.0)
        assert left.value == pytest.approx(right.value, rel=1e-12)
        assert "inversion" in left.method


def test_a_random_number_of_any_bets_is_bracketed() -> None:
    # compound Poisson of uniform payoffs, by the law of the number of bets and Irwin and Hall's law
    total, x, rate = ts.exact_total(ts.Uniform(), ts.PoissonCount(2.0)), 1.5, 2.0
    below = math.exp(-rate)
    for n in range(1, 40):
        hall = sum((-1) ** k * math.comb(n, k) * (x - k) ** n for k in range(2)) / math.factorial(n)
        below += math.exp(-rate) * rate**n / math.factorial(n) * hall
    low, high = total.sf(x).interval
    assert low <= 1.0 - below <= high
    assert high - low <= 1e-4 * low


def test_atoms_count_at_least_and_not_above() -> None:
    third = 1 / 3
    total = ts.exact_total(ts.Mixture([ts.Constant(0), ts.Constant(1), ts.Pareto(0.98)], [third] * 3), 4)
    # a total of exactly 2 needs two payoffs of exactly 1 and no Pareto
    atom = 6 * third**4
    assert total.prob_at_least(2.0).value - total.sf(2.0).value == pytest.approx(atom, rel=1e-12)
    assert total.sf(0.0).value == pytest.approx(1 - third**4, rel=1e-13)
    assert total.prob_at_least(0.0).value == 1.0


def test_unlike_bets_of_a_portfolio() -> None:
    bets = [ts.Lomax(1.5)] * 3 + [ts.ZeroInflated(ts.Lomax(0.9, 2.0), 0.5)] * 2 + [ts.Exponential(4.0)]

    def transform(s):
        return lomax(1.5)(s) ** 3 * (0.5 + 0.5 * lomax(0.9)(2 * s)) ** 2 / (1 + 4 * s)

    total = ts.exact_total(ts.Portfolio(bets))
    for x in (5.0, 60.0, 1e4):
        assert is_bracketed(total.sf(x), talbot(transform, x), 1e-10), x


@pytest.mark.parametrize(
    ("law", "n", "x"),
    [
        (ts.LogNormal(0, 1), 3, 20.0),
        (ts.Uniform(0, 1), 4, 2.7),
        (ts.Weibull(0.8), 6, 5.0),
        (ts.Weibull(0.8), 6, 40.0),
        (ts.Frechet(1.2), 4, 1e4),
        (ts.Lomax(1.5) * -1.0 + 5.0, 2, 3.0),
        (ts.ZeroInflated(ts.LogNormal(0, 2), 0.9), 20, 1e4),
    ],
)
def test_brackets_are_narrow_and_hold_the_truth(law: ts.Payoff, n: int, x: float) -> None:
    if not math.isfinite(law.support[0]):
        with pytest.raises(ts.ArgumentError, match="bounded below"):
            ts.exact_total(law, n)
        return
    estimate = ts.exact_total(law, n).sf(x)
    low, high = estimate.interval
    assert high - low <= 1e-4 * low
    hits = int(np.count_nonzero(law.rvs((200_000, n), rng=5).sum(axis=1) > x))
    # false-alarm rate 1e-6
    assert stats.binom(200_000, estimate.value).ppf(5e-7) <= hits <= stats.binom(200_000, estimate.value).isf(5e-7)


@pytest.mark.parametrize(("n", "x"), [(2, 1.5), (3, 0.3), (4, 2.7), (5, 1.0)])
def test_brackets_of_uniform_totals_hold_irwin_and_hall(n: int, x: float) -> None:
    below = sum((-1) ** k * math.comb(n, k) * (x - k) ** n for k in range(math.floor(x) + 1)) / math.factorial(n)
    low, high = ts.exact_total(ts.Uniform(), n).sf(x).interval
    assert low <= 1.0 - below <= high


def test_gamma_bets_add_up_to_a_gamma_law() -> None:
    total = ts.exact_total(ts.Gamma(0.3, 2.0), 7)
    for x in (1.0, 10.0, 100.0):
        assert is_bracketed(total.sf(x), float(mpmath.gammainc(2.1, x / 2, regularized=True)), 1e-12)


@pytest.mark.parametrize("x", [0.0, 37.0, 149.5, 150.0, 400.0])
def test_resampled_whole_payoffs_are_exact(x: float) -> None:
    law = ts.Empirical([0] * 65 + [1] * 20 + [3] * 10 + [30] * 5)
    total, mass = ts.exact_total(law, 50), np.ones(1)
    for _ in range(50):  # by plain convolution
        mass = np.convolve(mass, np.bincount([0] * 65 + [1] * 20 + [3] * 10 + [30] * 5) / 100)
    k = np.arange(mass.size)
    for estimate, truth in ((total.sf(x), mass[k > x].sum()), (total.prob_at_least(x), mass[k >= x].sum())):
        low, high = estimate.interval
        assert low - 1e-12 <= truth <= high + 1e-12
        assert high - low <= 1e-7 * high


def test_a_quantile_of_whole_payoffs_is_whole() -> None:
    estimate = ts.exact_total(ts.Empirical([0] * 65 + [1] * 20 + [3] * 10 + [30] * 5), 50).quantile(0.5)
    assert estimate.value == pytest.approx(92.0, rel=1e-13)
    assert estimate.interval[0] <= 92.0 <= estimate.interval[1]


def test_the_lattice_brackets_what_the_transform_inverts() -> None:
    laws = [(ts.ZeroInflated(ts.Lomax(1.2), 0.7), 10, 50.0), (ts.Lomax(2.5), 3, 3000.0), (ts.Exponential(), 2, 20.0)]
    for law, n, x in laws:
        found = bracket([(law, Fixed(n))], x)
        assert found is not None
        truth = ts.exact_total(law, n).sf(x).value
        assert found[0] <= truth <= found[1]
        assert found[1] - found[0] <= 1e-4 * found[0]


QUANTILES = [ts.ZeroInflated(ts.Lomax(0.7), 0.95), ts.Lomax(2.5), ts.ZeroInflated(ts.Pareto(1.1), 0.65)]


@pytest.mark.parametrize("law", QUANTILES)
def test_quantiles_undo_the_survival_function(law: ts.Payoff) -> None:
    total = ts.exact_total(law, 50)
    for p in (0.9, 0.5, 0.01, 1e-9):
        at = total.isf(p)
        low, high = at.interval
        assert low <= at.value <= high
        assert high - low <= 1e-9 * high
        assert total.sf(high).interval[0] <= p
        assert high == 0.0 or total.sf(low).interval[1] >= p
    assert total.quantile(0.5).value == total.isf(0.5).value


def test_a_quantile_inside_an_atom_is_the_atom() -> None:
    total = ts.exact_total(ts.ZeroInflated(ts.Lomax(1.5), 0.99), 10)
    assert total.quantile(0.9) == 0.0
    assert total.quantile(0.9).interval == (0.0, 0.0)
    assert total.quantile(0.91).value > 0.0


def test_density_shortfall_and_mean_above_are_those_of_a_gamma_law() -> None:
    total, law = ts.exact_total(ts.Exponential(2.0), 5), stats.gamma(5, scale=2.0)
    assert total.pdf(7.0).value == pytest.approx(law.pdf(7.0), rel=1e-12)
    q = law.ppf(0.05)
    below = 10.0 * special.gammainc(6, q / 2.0)  # E[X; X <= q]
    assert total.expected_shortfall(0.05).value == pytest.approx(below / 0.05, rel=1e-10)
    for x in (5.0, 60.0):
        above = 10.0 * special.gammaincc(6, x / 2.0) / law.sf(x)
        assert total.mean_above(x).value == pytest.approx(above, rel=1e-10)


def test_mean_above_of_one_lomax_is_its_mean_excess() -> None:
    total = ts.exact_total(ts.Lomax(1.5), 1)
    for x in (0.0, 1.0, 1e5):
        assert total.mean_above(x).value == pytest.approx(x + 2.0 * (1.0 + x), rel=1e-9)


def test_the_mean_carries_its_verdict() -> None:
    assert ts.exact_total(ts.Lomax(1.5), 10).mean() == pytest.approx(20.0)
    infinite = ts.exact_total(ts.Lomax(0.9), 10).mean()
    assert infinite == math.inf
    assert infinite.verdict is not None
    assert "does not exist" in infinite.verdict
    with pytest.raises(ts.UndefinedMomentError, match="infinite"):
        ts.exact_total(ts.Lomax(0.9), 10).mean_above(1.0)


def test_shortfall_of_an_infinite_mean_is_finite_and_below_its_quantile() -> None:
    total = ts.exact_total(ts.Lomax(0.7), 20)
    q, shortfall = total.quantile(0.05).value, total.expected_shortfall(0.05).value
    trials = np.sort(ts.Lomax(0.7).rvs((100_000, 20), rng=3).sum(axis=1))[:5000]
    assert 0.0 < shortfall < q
    assert shortfall == pytest.approx(trials.mean(), abs=5.0 * trials.std() / math.sqrt(5000))  # 1e-6


def test_the_answer_agrees_with_simulation() -> None:
    law, n = ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65), 60
    simulation = ts.simulate(ts.Portfolio.of(law, n), n_trials=200_000, rng=11)
    total = ts.exact_total(law, n)
    for multiple in (0.5, 1.0, 5.0):
        p = total.prob_at_least(multiple * n).value
        hits = round(float(simulation.prob_at_least(multiple)) * 200_000)
        assert stats.binom(200_000, p).ppf(5e-7) <= hits <= stats.binom(200_000, p).isf(5e-7)


def test_ten_thousand_bets() -> None:
    total = ts.exact_total(ts.ZeroInflated(ts.Lomax(0.7), 0.5), 10_000)
    median = total.quantile(0.5)
    # the stable limit: 5,000 successes, tail constant 1, so the scale is (5000 gamma(0.3))**(1 / 0.7)
    assert total.sf(1e12).value == pytest.approx(5000 * 1e12**-0.7, rel=1e-3)
    assert (median.interval[1] - median.interval[0]) < 1e-9 * median.value


def test_far_ends_are_exact() -> None:
    total = ts.exact_total(ts.Pareto(1.5, 2.0), 10)
    assert total.sf(19.0) == 1.0
    assert total.sf(19.0).interval == (1.0, 1.0)
    assert total.sf(20.0) == 1.0
    assert ts.exact_total(ts.Uniform(0, 2), 10).sf(20.0).interval == (0.0, 0.0)
    assert ts.exact_total(ts.Constant(3.0), 5).sf(14.9) == 1.0
    assert ts.exact_total(ts.Constant(3.0), 5).sf(15.0) == 0.0


def test_a_closed_transform_answers_fast() -> None:
    ts.exact_total(ts.Lomax(1.4), 90).sf(80.0)
    start = time.perf_counter()
    ts.exact_total(ts.ZeroInflated(ts.Lomax(1.3), 0.5), 1000).sf(1234.0)
    assert time.perf_counter() - start < 0.2


@pytest.mark.parametrize("x", [math.inf, math.nan, "1", None, True])
def test_bad_x_is_refused(x) -> None:
    with pytest.raises(ts.ArgumentError, match="x must be a finite number"):
        ts.exact_total(ts.Lomax(1.5), 10).sf(x)


@pytest.mark.parametrize(
    ("payoff", "n_bets", "said"),
    [
        (3.0, 10, "payoff must be a payoff law"),
        (ts.Lomax(1.5), 0, "n_bets must be a whole number from 1"),
        (ts.Lomax(1.5), None, "n_bets must be a whole number from 1"),
        (ts.Lomax(1.5), 2.5, "n_bets must be a whole number from 1"),
        (-ts.Lomax(1.5), 10, "payoff must be a law that is bounded below"),
        (ts.Portfolio.of(ts.Lomax(1.5), 3), 3, "n_bets must be left out for a portfolio"),
        (ts.Portfolio([ts.Lomax(1 + i / 100) for i in range(60)]), None, "at most 50 unlike laws"),
    ],
)
def test_bad_bets_are_refused(payoff, n_bets, said: str) -> None:
    with pytest.raises(ts.ArgumentError, match=said):
        ts.exact_total(payoff, n_bets)


@pytest.mark.parametrize("q", [0.0, 1.0, -0.1, math.nan])
def test_bad_probabilities_are_refused(q: float) -> None:
    total = ts.exact_total(ts.Lomax(1.5), 10)
    for method, name in ((total.quantile, "q"), (total.isf, "p"), (total.expected_shortfall, "worst")):
        with pytest.raises(ts.ArgumentError, match=f"{name} must be a probability strictly between 0 and 1"):
            method(q)


@pytest.mark.parametrize(
    ("law", "n", "x"),
    [(ts.Lomax(1.5), 10, 1e4), (ts.ZeroInflated(ts.Pareto(1.1), 0.65), 50, 3000.0), (ts.LogNormal(0, 1), 10, 200.0)],
)
def test_the_answer_agrees_with_conditional_sampling(law: ts.Payoff, n: int, x: float) -> None:
    sampled, exact = ts.total_tail_probability(law, n, x, n_trials=20_000, rng=1), ts.exact_total(law, n).sf(x)
    assert abs(sampled.value - exact.value) <= 5.0 * sampled.std_error  # 6e-7 where it is normal
