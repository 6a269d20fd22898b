"""The longest run of failures: its law against the recursion itself, against counting and against simulation."""

import itertools
import math

import numpy as np
import pytest

from tailsim.errors import ArgumentError
from tailsim.payoffs import Constant, Pareto, ZeroInflated
from tailsim.stats import drought
from tailsim.stats.droughts import _by_steps, _one_root


def rate(p):
    return ZeroInflated(Constant(10), 1 - p)


def naive(p, n):
    """P(no run of m failures in n bets), m = 0..n + 1, bet by bet."""
    q, below = 1 - p, [0.0]
    for m in range(1, n + 2):
        a = [1.0] * m
        for j in range(m, n + 1):
            a.append(1 - q**m if j == m else a[j - 1] - p * q**m * a[j - 1 - m])
        below.append(a[n])
    return np.array(below)


@pytest.mark.parametrize(
    ("p", "n"), [(0.04, 100), (0.3, 60), (0.9, 50), (0.5, 400), (0.01, 300), (0.3, 900), (0.001, 400), (0.5, 1)]
)
def test_the_law_solves_the_recursion(p, n):
    found = drought(rate(p), 10, n)
    chances = np.zeros(n + 1)
    chances[found.lengths] = found.probabilities
    assert chances == pytest.approx(np.diff(naive(p, n)), abs=1e-12)
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-12)


def test_the_law_by_counting_all_sequences():
    p, n = 0.3, 10
    chances = np.zeros(n + 1)
    for hits in itertools.product((0, 1), repeat=n):
        runs = [len(list(g)) for hit, g in itertools.groupby(hits) if not hit]
        chances[max(runs, default=0)] += p ** sum(hits) * (1 - p) ** (n - sum(hits))
    found = drought(rate(p), 10, n)
    assert [found.prob_at_least(m) for m in range(n + 1)] == pytest.approx(chances[::-1].cumsum()[::-1], abs=1e-13)
    assert found.expected == pytest.approx(chances @ np.arange(n + 1), rel=1e-12)
    assert found.cdf(4) == pytest.approx(chances[:5].sum(), rel=1e-12)


def test_no_two_heads_in_a_row_is_counted_by_fibonacci_numbers():
    for n, sequences in ((2, 3), (3, 5), (4, 8), (5, 13), (10, 144)):
        assert drought(rate(0.5), 10, n).cdf(1) == pytest.approx(sequences / 2**n, abs=1e-13)


@pytest.mark.parametrize(("p", "n"), [(0.3, 2_000), (0.02, 20_000), (0.7, 500)])
def test_both_solutions_agree_where_both_hold(p, n):
    log_q = math.log1p(-p)
    m = np.arange(math.ceil(2 / -log_q), math.ceil(40 / -log_q))
    assert _one_root(m, p, log_q, n) == pytest.approx(_by_steps(m, p, log_q, n), abs=1e-11)


@pytest.mark.parametrize(("p", "n"), [(0.004, 100_000), (0.3, 10_000_000), (1e-4, 100_000)])
def test_long_programmes_keep_all_probability(p, n):
    found = drought(rate(p), 10, n)
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-10)
    # Gordon, Schilling & Waterman 1986: mean about (ln(n p) + 0.5772) / -ln q - 1/2 where many hits are expected
    if n * p > 100:
        assert found.expected == pytest.approx((math.log(n * p) + 0.57722) / -math.log1p(-p) - 0.5, rel=2e-3)


def test_the_law_is_that_of_simulated_droughts():
    """40,000 programmes of 60 bets; the largest gap of two distribution functions, false-alarm rate 1e-6 (DKW)."""
    rng, n = np.random.default_rng(2), 40_000
    run = np.zeros(n, int)
    longest = run.copy()
    p = Pareto(1.5).prob_at_least(4)
    for _ in range(60):
        run = np.where(rng.random(n) < p, 0, run + 1)
        longest = np.maximum(longest, run)
    found = drought(Pareto(1.5), 4, 60)
    gap = max(abs((longest <= m).mean() - found.cdf(m)) for m in range(61))
    assert gap < math.sqrt(math.log(2e6) / (2 * n))


def test_quantiles_moments_and_words():
    found = drought(rate(0.04), 10, 100)
    for q in (0.01, 0.5, 0.95, 0.999):
        assert found.cdf(found.quantile(q)) >= q - 1e-12
        assert found.cdf(found.quantile(q) - 1) < q
    assert found.median == found.quantile(0.5)
    spread = math.sqrt(((found.lengths - found.expected) ** 2) @ found.probabilities)
    assert found.std == pytest.approx(spread, rel=1e-12)
    assert str(found).startswith("Among 100 bets, each a hit with probability 0.04, expect a longest drought of 47.9")
    assert not found.probabilities.flags.writeable


def test_certain_hits_and_none():
    assert drought(Constant(10), 10, 50).expected == 0
    assert drought(Constant(10), 11, 50).quantile(0.01) == 50


@pytest.mark.parametrize("n", [0, -1, 1.5, 10**7 + 1, True])
def test_bad_numbers_of_bets_are_refused(n):
    with pytest.raises(ArgumentError, match=r"^n_bets must be a whole number from 1 to 10,000,000, got .*\.$"):
        drought(rate(0.1), 10, n)


def test_bad_lengths_are_refused():
    with pytest.raises(ArgumentError, match=r"^length must be a whole number of at least 0, got -1\.$"):
        drought(rate(0.1), 10, 5).cdf(-1)
