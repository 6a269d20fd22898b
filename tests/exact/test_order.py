"""Order statistics of bets, against beta laws, naive enumeration and simulation."""

import itertools
import math

import numpy as np
import pytest
from scipy import special, stats

import tailsim as ts


def chance_of_k(p: list[float], k: int) -> float:
    """P(at least k of independent events), by listing all outcomes."""
    total = 0.0
    for outcome in itertools.product((0, 1), repeat=len(p)):
        if sum(outcome) >= k:
            total += math.prod(q if hit else 1.0 - q for q, hit in zip(p, outcome, strict=True))
    return total


@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 1), (2, 2), (7, 3), (100, 1), (100, 5), (1000, 1000)])
def test_order_statistics_of_uniform_bets_are_beta(n: int, k: int) -> None:
    law, beta = ts.largest_of(ts.Uniform(), n, k), stats.beta(n - k + 1, k)
    x = np.array([0.1, 0.5, 0.9, 0.999])
    assert law.sf(x) == pytest.approx(beta.sf(x), rel=1e-11, abs=1e-300)
    assert law.cdf(x) == pytest.approx(beta.cdf(x), rel=1e-11, abs=1e-300)
    assert law.pdf(x) == pytest.approx(beta.pdf(x), rel=1e-10, abs=1e-300)
    assert law.mean() == pytest.approx((n - k + 1) / (n + 1), rel=1e-9)
    assert law.isf(0.3) == pytest.approx(beta.isf(0.3), rel=1e-11)


def test_the_largest_of_pareto_bets_in_closed_form() -> None:
    law = ts.largest_of(ts.Pareto(2.0), 50)
    assert law.mean() == pytest.approx(50 * special.beta(50, 0.5), rel=1e-10)  # n B(n, 1 - 1/a)
    assert law.sf(1e8) == pytest.approx(50e-16, rel=1e-13)
    assert law.tail_index == 2.0
    assert ts.largest_of(ts.Pareto(0.5), 50).mean() == math.inf
    third = ts.largest_of(ts.Pareto(0.5), 50, k=3)
    assert third.tail_index == 1.5
    assert third.mean() == pytest.approx(special.beta(48, 1.0) / special.beta(48, 3), rel=1e-9)


@pytest.mark.parametrize("k", [1, 2, 5, 40])
def test_quantiles_undo_both_tails(k: int) -> None:
    law = ts.largest_of(ts.Lomax(1.1), 40, k)
    p = np.array([1.0 - 1e-12, 0.9, 0.5, 1e-6, 1e-60, 1e-250])
    assert law.sf(law.isf(p)) == pytest.approx(p, rel=1e-11)
    assert law.cdf(law.ppf(p)) == pytest.approx(p, rel=2e-11)


MIXED = [ts.Pareto(1.5)] * 2 + [ts.Exponential(3.0)] * 3 + [ts.ZeroInflated(ts.LogNormal(0, 1), 0.5)]


@pytest.mark.parametrize("k", [1, 2, 4, 6])
def test_unlike_bets_by_enumeration(k: int) -> None:
    law = ts.largest_of(ts.Portfolio(MIXED), k=k)
    for x in (0.0, 0.7, 2.0, 30.0):
        truth = chance_of_k([bet.sf(x) for bet in MIXED], k)
        assert law.sf(x) == pytest.approx(truth, rel=1e-12)
        assert law.cdf(x) == pytest.approx(1.0 - truth, rel=1e-9, abs=1e-15)
        assert law.prob_at_least(x) == pytest.approx(chance_of_k([bet.prob_at_least(x) for bet in MIXED], k), rel=1e-12)


def test_like_bets_in_two_groups_are_one_group() -> None:
    one = ts.largest_of(ts.Pareto(1.5), 60, k=3)
    two = ts.largest_of(ts.Portfolio([ts.Pareto(1.5)] * 20 + [ts.Mixture([ts.Pareto(1.5)], [1])] * 40), k=3)
    x = np.array([1.5, 3.0, 100.0, 1e6])
    assert two.sf(x) == pytest.approx(one.sf(x), rel=1e-11)
    assert two.pdf(x) == pytest.approx(one.pdf(x), rel=1e-7)
    assert two.isf(1e-9) == pytest.approx(one.isf(1e-9), rel=1e-11)


def test_atoms_of_the_second_largest() -> None:
    law = ts.largest_of(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 5, k=2)
    at, mass = law.atoms[0]
    assert at == 0.0
    assert mass == pytest.approx(stats.binom(5, 0.35).cdf(1), rel=1e-13)


def test_draws_follow_the_law() -> None:
    law = ts.largest_of(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 5, k=2)
    naive = np.sort(ts.ZeroInflated(ts.Pareto(1.5), 0.65).rvs((100_000, 5), rng=7), axis=1)[:, -2]
    for x in (0.0, 1.5, 4.0):
        for draws in (law.rvs(100_000, rng=8), naive):
            hits = int(np.count_nonzero(draws > x))
            assert stats.binom(100_000, law.sf(x)).ppf(1e-7) <= hits <= stats.binom(100_000, law.sf(x)).isf(1e-7)


@pytest.mark.parametrize(("n", "c"), [(2, 0.5), (2, 0.9), (6, 0.5), (6, 0.7)])
def test_the_share_of_the_largest_of_exponential_bets(n: int, c: float) -> None:
    # spacings: n (1 - c)**(n - 1) for c from one half on
    estimate = ts.largest_share_of(ts.Exponential(2.0), n).sf(c)
    truth = n * (1.0 - c) ** (n - 1)
    assert estimate.interval[0] - 1e-15 <= truth <= estimate.interval[1] + 1e-15
    assert estimate.value == pytest.approx(truth, rel=1e-9)


def test_the_share_of_the_largest_counts_trials_that_pay() -> None:
    law, n = ts.ZeroInflated(ts.Lomax(1.1), 0.9), 10
    draws = law.rvs((200_000, n), rng=4)
    draws = draws[draws.sum(axis=1) > 0.0]
    share = draws.max(axis=1) / draws.sum(axis=1)
    p = ts.largest_share_of(law, n).sf(0.75).value
    hits = int(np.count_nonzero(share > 0.75))
    assert stats.binom(share.size, p).ppf(5e-7) <= hits <= stats.binom(share.size, p).isf(5e-7)


def test_the_limit_of_the_largest_share_is_called_a_limit() -> None:
    estimate = ts.limiting_max_share(0.5)
    assert estimate.value == pytest.approx(0.626507598767, rel=1e-10)  # mpmath.quad of the integral, 30 digits
    assert estimate.method == "limit of many bets"
    assert estimate.verdict is not None
    assert ts.limiting_max_share(0.99).value < 0.05
    assert ts.limiting_max_share(0.01).value > 0.99


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ts.largest_of(ts.Pareto(1.5), 5, k=6), "k must be a whole number from 1 to 5"),
        (lambda: ts.largest_of(ts.Pareto(1.5), 5, k=0), "k must be a whole number from 1 to 5"),
        (lambda: ts.largest_of(ts.Pareto(1.5), ts.PoissonCount(3)), "there may be no k-th largest"),
        (lambda: ts.largest_share_of(ts.Pareto(1.5), 1), "n_bets must be a whole number from 2"),
        (lambda: ts.largest_share_of(ts.Uniform(-1, 1), 5), "payoff must not be negative"),
        (lambda: ts.largest_share_of(ts.Pareto(1.5), 5).sf(0.4), "below one half several bets"),
        (lambda: ts.largest_share_of(ts.Constant(0.0), 5).sf(0.6), "no share of nothing"),
        (lambda: ts.limiting_max_share(1.0), "tail_index must be a tail index above 0 and below 1"),
    ],
)
def test_bad_input_is_refused(call, said: str) -> None:
    with pytest.raises(ts.ArgumentError, match=said):
        call()
