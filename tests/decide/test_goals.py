"""Goals and terms of optimal_bet_count against naive columns of the replayed payoffs, and against closed forms."""

import math

import numpy as np
import pytest
from scipy import stats

import tailsim as ts
from tailsim.decide.flips import failing, with_failures, with_tail_index

BET = ts.Bet(ts.ZeroInflated(ts.Pareto(1.5, 2), 0.65), stake=1.25)
N, MOST = 2000, 24
TERMS = {
    "plain": {},
    "costs": {"overhead": 0.3, "coordination": ts.Pairwise(0.1)},
    "budget": {"budget": 30, "overhead": 0.2, "min_stake": 0.5, "coordination": ts.Linear(0.1)},
    "fading": {"budget": 30, "quality": ts.Fading(6)},
    "reserve": {"budget": 30, "quality": ts.Fading(30), "reserve": ts.Reserve(0.4, price=3, hurdle=2)},
}


def payoffs(law, seed=3):
    """All payoffs, shape (N, MOST)."""
    run = ts.simulate(ts.Portfolio.of(law, MOST), n_trials=N, rng=seed)
    return np.array([run.replay(trial) for trial in range(N)])


PAID = payoffs(BET)


def naive(budget=None, overhead=0.0, min_stake=0.0, coordination=None, quality=None, reserve=None):
    """Multiples, shape (N, m), of the numbers of bets that are viable; in plain words."""
    columns, counts = [], []
    kept = reserve.share if reserve else 0.0
    for n in range(1, MOST + 1):
        meetings = coordination(n) if coordination else 0.0
        if budget is None:
            stake, spent = BET.stake, n * (BET.stake + overhead) + meetings
        else:
            stake, spent = (budget * (1 - kept) - meetings) / n - overhead, budget
        if stake < min_stake:
            continue
        paid = PAID[:, :n] * ([quality(j) for j in range(1, n + 1)] if quality else 1.0)
        money = stake * (paid / BET.stake).sum(axis=1)
        if reserve:
            for i, row in enumerate(paid / BET.stake):
                winners = row[row >= reserve.hurdle]
                money[i] += kept * budget * (winners.mean() / reserve.price if winners.size else 1.0)
        columns.append(money / spent)
        counts.append(n)
    return np.array(counts), np.array(columns).T


def asked(goal, **terms):
    return ts.optimal_bet_count(BET, goal, max_bets=MOST, n_trials=N, rng=3, **terms)


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS)
def test_terms_are_what_they_say(terms):
    """Exact counts of a probability: scaling and spending of every number of bets."""
    counts, multiples = naive(**terms)
    best = asked(ts.ProbAtLeast(1.4), **terms)
    assert best.curve.n_bets.tolist() == counts.tolist()
    # a multiple that rounds to the target may fall to either side
    assert np.abs(best.values - (multiples >= 1.4).mean(axis=0)).max() <= 1.5 / N
    quantile = asked(ts.QuantileMultiple(0.3), **terms)
    exact = np.sort(multiples, axis=0)[math.ceil(0.3 * N) - 1]
    np.testing.assert_allclose(quantile.values, exact, rtol=1 / 127)


SCORES = {
    "square root": (ts.ExpectedUtility(0.5), lambda m: 2 * np.sqrt(m)),
    "aversion 2": (ts.ExpectedUtility(2, fraction=0.5), lambda m: -1 / (0.5 + 0.5 * m)),
    "log": (ts.LogGrowth(fraction=0.3), lambda m: np.log(0.7 + 0.3 * m)),
}


@pytest.mark.parametrize("terms", [TERMS["plain"], TERMS["reserve"]], ids=["plain", "reserve"])
@pytest.mark.parametrize(("goal", "score"), SCORES.values(), ids=SCORES)
def test_mean_utilities_and_their_paired_errors(goal, score, terms):
    _, multiples = naive(**terms)
    best, utility = asked(goal, **terms), score(multiples)
    np.testing.assert_allclose(best.values, utility.mean(axis=0), rtol=1e-11)
    assert best.n_bets == best.curve.n_bets[np.argmax(best.values)]
    lead = utility - utility[:, [np.argmax(utility.mean(axis=0))]]
    np.testing.assert_allclose(best.std_errors, lead.std(axis=0, ddof=1) / math.sqrt(N), rtol=1e-3, atol=1e-12)


def test_the_worst_trials_are_averaged():
    _, multiples = naive(**TERMS["budget"])
    best = asked(ts.WorstCase(0.1), **TERMS["budget"])
    exact = np.sort(multiples, axis=0)[: N // 10].mean(axis=0)
    np.testing.assert_allclose(best.values, exact, rtol=2e-3, atol=1e-4)
    assert (best.values <= exact + 1e-12).all()  # any other level than the quantile gives less


def test_expected_shortfall_of_normal_bets_is_the_closed_form():
    """Mean of n: ES = mean - sd / sqrt n * density of the quantile / worst; five standard errors."""
    best = ts.optimal_bet_count(ts.Normal(5, 1), ts.WorstCase(0.2), max_bets=8, n_trials=40_000, rng=1)
    n = np.arange(1, 9)
    exact = 5 - stats.norm.pdf(stats.norm.ppf(0.2)) / 0.2 / np.sqrt(n)
    assert np.abs(best.values - exact).max() < 5 * 1.6 / math.sqrt(40_000)
    assert best.at_edge
    assert best.n_bets == 8


@pytest.mark.parametrize("quality", [None, lambda j: 0.9**j], ids=["alike", "fading"])
def test_hits_are_binomial_or_poissons_binomial(quality):
    """Fractions of the trials with k hits, five standard errors; binomial exactly."""
    best = asked(ts.Hits(3, 2), overhead=0.2, quality=quality)
    fade = [quality(j) for j in range(1, MOST + 1)] if quality else np.ones(MOST)
    hits = (PAID * fade >= 3 * 1.45).cumsum(axis=1) >= 2
    assert np.abs(hits.mean(axis=0) - best.values).max() < 5 * math.sqrt(0.25 / N)
    if quality is None:
        p = BET.payoff.prob_at_least(3 * 1.45)
        np.testing.assert_allclose(best.values, stats.binom.sf(1, np.arange(1, MOST + 1), p), rtol=1e-12, atol=1e-15)
        assert best.n_bets == MOST
    assert best.values[0] == 0.0


def test_two_hits_by_the_poisson_binomial_in_closed_form():
    best = ts.optimal_bet_count(ts.Uniform(0, 1), ts.Hits(0.2, 2), max_bets=2, n_trials=10, quality=[1, 0.5], rng=1)
    assert best.values[1] == pytest.approx(0.8 * 0.6, rel=1e-14)


def test_at_least_one_hit_of_the_reference_table():
    """n for 50, 90 and 95 %: p = 4 %: 17, 57, 74; p = .4 %: 173, 575, 748."""
    for p, table in ((0.04, (17, 57, 74)), (0.004, (173, 575, 748))):
        law = ts.ZeroInflated(ts.Constant(10), 1 - p)
        chance = ts.optimal_bet_count(law, ts.Hits(10, 1), max_bets=800, n_trials=1, rng=1).values
        assert tuple(int(np.argmax(chance >= c)) + 1 for c in (0.5, 0.9, 0.95)) == table


def test_net_value_is_sums_of_means():
    law, n = ts.Pareto(3), np.arange(1, 31)
    plain = ts.optimal_bet_count(law, ts.NetValue(), max_bets=30, n_trials=10, coordination=ts.Pairwise(0.05), rng=1)
    np.testing.assert_allclose(plain.values, n * 0.5 - 0.05 * n * (n - 1) / 2, rtol=1e-12, atol=1e-12)
    assert plain.n_bets in (10, 11)  # marginal bet: .5 = .05 (n - 1), so that both are best
    assert plain.plateau == (10, 11)
    split = ts.optimal_bet_count(
        law, ts.NetValue(), max_bets=30, n_trials=10, budget=40, overhead=0.5, quality=ts.Fading(5), rng=1
    )
    fade = np.cumsum(2.0 ** (-(n - 1) / 5))
    np.testing.assert_allclose(split.values, (40 / n - 0.5) * 1.5 * fade - 40, rtol=1e-12)
    assert "reliable" in plain.verdict


@pytest.mark.parametrize("quality", [None, ts.Fading(4)], ids=["alike", "fading"])
def test_net_value_of_a_reserve_by_enumeration(quality):
    """Bets that pay 0, 1 or 5: all outcomes of four of them."""
    values, p = np.array([0.0, 1.0, 5.0]), np.array([0.5, 0.3, 0.2])
    law = ts.Mixture([ts.Constant(float(x)) for x in values], p)
    reserve = ts.Reserve(0.5, price=2, hurdle=1.5)
    best = ts.optimal_bet_count(
        law, ts.NetValue(), max_bets=4, n_trials=10, budget=8, reserve=reserve, quality=quality, rng=1
    )
    for n in range(1, 5):
        expected = 0.0
        for index in np.ndindex(*(3,) * n):
            fade = [quality(j) if quality else 1.0 for j in range(1, n + 1)]
            paid = values[list(index)] * fade
            won = paid[paid >= 1.5]
            follow = 4.0 * (won.mean() / 2 if won.size else 1.0)
            expected += p[list(index)].prod() * (4.0 / n * paid.sum() + follow - 8.0)
        assert best.values[n - 1] == pytest.approx(expected, rel=1e-12)


def test_laws_that_get_worse_are_drawn_in_their_order():
    laws = [ts.Constant(float(x)) for x in (4, 2, 1, 1)]
    best = ts.optimal_bet_count(ts.Constant(4), ts.MedianMultiple(), max_bets=4, n_trials=10, quality=laws, rng=1)
    np.testing.assert_allclose(best.values, [4, 3, 7 / 3, 2], rtol=1 / 127)
    uneven = ts.optimal_bet_count(
        ts.Pareto(2), ts.ProbAtLeast(2), max_bets=3, n_trials=20_000, quality=lambda j: ts.Pareto(1.0 + j), rng=1
    )
    assert abs(uneven.values[0] - 0.25) < 5 * math.sqrt(0.25 * 0.75 / 20_000)


@pytest.mark.parametrize("goal", [ts.ProbAtLeast(1.2), ts.LogGrowth(0.4), ts.WorstCase(0.1)], ids=repr)
def test_same_bits_for_any_number_of_workers(goal):
    terms = {"budget": 20, "quality": ts.Fading(9), "max_bets": 9, "n_trials": 30_000, "rng": 5}
    one, three = (ts.optimal_bet_count(BET, goal, n_workers=w, **terms) for w in (1, 3))
    assert one.values.tobytes() == three.values.tobytes()
    assert one.std_errors.tobytes() == three.std_errors.tobytes()
    assert one.plateau_set.tolist() == three.plateau_set.tolist()


def test_the_median_is_the_quantile_of_one_half():
    a, b = asked(ts.MedianMultiple()), asked(ts.QuantileMultiple(0.5))
    assert a.values.tobytes() == b.values.tobytes()
    assert a.std_errors.tobytes() == b.std_errors.tobytes()


def test_being_at_half_or_twice_costs_what_the_curve_says():
    best = asked(ts.LogGrowth(0.5), **TERMS["costs"])
    n = best.n_bets
    assert 2 <= n <= 12
    assert best.half.value == best.value - best.values[-(-n // 2) - 1] >= 0
    assert best.twice.value == best.value - best.values[2 * n - 1] >= 0
    assert best.loss(n).value == 0
    assert asked(ts.Hits(3, 1)).twice is None
    with pytest.raises(ts.ArgumentError, match=r"^n_bets must be .*\.$"):
        best.loss(MOST + 1)


def test_two_peaks_are_served_by_the_higher():
    """Of 3 bets that pay 0 or 2 one more win than losses is likelier than of 2, 4, ...: odd numbers are peaks."""
    law = ts.Empirical([0, 2])
    best = ts.optimal_bet_count(
        law, ts.ProbAtLeast(1.3), max_bets=21, n_trials=50_000, coordination=lambda n: 0.0 if n < 15 else 50.0, rng=1
    )
    n = np.arange(1, 15)
    truth = stats.binom.sf(np.ceil(1.3 * n / 2) - 1, n, 0.5)
    assert best.n_bets == n[np.argmax(truth)]
    assert (best.values[14:] < 0.01).all()


# ---- what would change the answer


def test_flip_points_of_a_binomial_answer():
    """One bet that pays 3 or nothing is best for 1.2x until p is so high that many are: exact binomials tell where."""
    law = ts.ZeroInflated(ts.Constant(3), 0.7)
    best = ts.optimal_bet_count(law, ts.ProbAtLeast(1.2), max_bets=12, n_trials=20_000, rng=1)
    flips = {(f.assumption, f.reach > f.now): f for f in best.flip_points()}
    assert ("tail_index", True) not in flips
    down = flips[("failure_rate", False)]
    n = np.arange(1, 13)

    def optimum(p_zero):
        return n[np.argmax(stats.binom.sf(np.ceil(1.2 * n / 3) - 1, n, 1 - p_zero))]

    assert down.value is not None
    assert optimum(down.value - 0.03) != optimum(0.7)
    assert optimum(0.7) not in range(down.plateau[0], down.plateau[1] + 1)
    assert str(down).startswith("failure_rate 0.7: at 0.")


def test_other_tails_and_failure_rates_of_nested_laws():
    law = ts.ZeroInflated(2 * ts.Pareto(1.5) + 1, 0.3)
    heavier = with_tail_index(law, 1.1)
    assert heavier.tail_index == 1.1
    assert failing(heavier) == 0.3
    assert with_tail_index(ts.presets.venture(), 1.2).tail_index == 1.2
    assert with_tail_index(ts.presets.neumann(), 1.2).sf(5.0) == pytest.approx(5**-1.2 / 3)
    assert with_tail_index(ts.StudentT(2), 1.3).df == 1.3
    assert with_tail_index(ts.LogNormal(0, 1), 1.3) is None
    assert failing(with_failures(law, 0.6)) == pytest.approx(0.6)
    assert failing(with_failures(ts.presets.venture(), 0.2)) == pytest.approx(0.2)
    assert with_failures(ts.presets.weinberg(), 0.1) is None


# ---- refusals


def refused(bet, goal, **terms):
    with pytest.raises(ts.TailsimError) as caught:
        ts.optimal_bet_count(bet, goal, **({"max_bets": 10, "n_trials": 100, "rng": 1} | terms))
    text = str(caught.value)
    assert text.endswith(".")
    assert ". " not in text
    return text


def test_a_goal_by_mean_of_a_law_without_names_the_goals_there_are():
    text = refused(ts.Pareto(1), ts.NetValue())
    for name in (
        "ProbAtLeast",
        "MedianMultiple",
        "QuantileMultiple",
        "ExpectedUtility",
        "LogGrowth",
        "WorstCase",
        "Hits",
    ):
        assert name in text


def test_an_impossible_budget_says_the_smallest_that_works_and_that_one_works():
    terms = {"min_stake": 2, "overhead": 0.5, "coordination": ts.Linear(0.3), "reserve": 0.2}
    text = refused(BET, ts.ProbAtLeast(1), budget=3, **terms)
    least = 2.8 / 0.8
    assert f"smallest that works is at least {least:g}" in text
    assert ts.optimal_bet_count(BET, ts.ProbAtLeast(1), max_bets=9, n_trials=9, budget=least, **terms).n_bets == 1
    assert "more than 0.5" in refused(BET, ts.ProbAtLeast(1), budget=0.4, overhead=0.5)


def test_contradictory_terms_are_all_listed():
    text = refused(BET, ts.ProbAtLeast(1), budget=0.5, min_stake=1, overhead=0.7)
    for part in ("pays for no bet", "min_stake = 1 is more than the budget", "overhead = 0.7 of one bet"):
        assert part in text
    text = refused(BET, ts.ProbAtLeast(1), min_stake=3, reserve=0.5)
    for part in ("there is no budget", "min_stake = 3 is more than the bet's stake"):
        assert part in text


@pytest.mark.parametrize(
    ("law", "goal", "said"),
    [
        (BET, ts.LogGrowth(), "stake a fraction"),
        (BET, ts.ExpectedUtility(2), "stake a fraction"),
        (ts.Normal(1, 1), ts.LogGrowth(0.5), "can lose more than all wealth"),
        (ts.Pareto(1.2), ts.ExpectedUtility(0.3), "tail index above 1.4"),
        (ts.StudentT(1.5), ts.WorstCase(0.1), "QuantileMultiple"),
    ],
)
def test_means_that_do_not_exist_are_refused(law, goal, said):
    assert said in refused(law, goal)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"budget": 0}, "budget"),
        ({"budget": math.inf}, "budget"),
        ({"overhead": -1}, "overhead"),
        ({"min_stake": 0}, "min_stake"),
        ({"coordination": 3}, "coordination"),
        ({"coordination": lambda n: -1.0}, "coordination"),
        ({"quality": 0.9}, "quality"),
        ({"quality": [1, 0.5]}, "quality"),
        ({"quality": lambda j: math.nan}, "quality of bet 1"),
        ({"quality": lambda j: ts.Pareto(2) if j == 1 else 0.5}, "quality of bet 2"),
        ({"budget": 9, "reserve": 1}, "reserve"),
        ({"budget": 9, "reserve": "half"}, "reserve"),
    ],
)
def test_bad_terms_are_refused(change, name):
    assert refused(BET, ts.ProbAtLeast(1), **change).startswith(name)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: ts.QuantileMultiple(0), "q"),
        (lambda: ts.QuantileMultiple(1), "q"),
        (lambda: ts.ExpectedUtility(-1), "risk_aversion"),
        (lambda: ts.ExpectedUtility(1, fraction=0), "fraction"),
        (lambda: ts.LogGrowth(fraction=1.1), "fraction"),
        (lambda: ts.WorstCase(1), "worst"),
        (lambda: ts.Hits(0, 1), "multiple"),
        (lambda: ts.Hits(2, 0), "k"),
        (lambda: ts.Hits(2, 1.5), "k"),
        (lambda: ts.Linear(-1), "cost"),
        (lambda: ts.Pairwise(math.nan), "cost"),
        (lambda: ts.Fading(0), "half_life"),
        (lambda: ts.Reserve(1), "share"),
        (lambda: ts.Reserve(0.5, price=0), "price"),
        (lambda: ts.Reserve(0.5, hurdle=0), "hurdle"),
    ],
)
def test_bad_goals_are_refused(make, name):
    with pytest.raises(ts.ArgumentError, match=rf"^{name} must be .*\.$"):
        make()


def test_gains_and_losses_that_both_overflow_are_refused_as_in_simulate():
    law = ts.Mixture([ts.Pareto(0.001), -ts.Pareto(0.001)], [0.5, 0.5])
    with pytest.raises(ts.PayoffError, match="gains and losses both exceed"):
        ts.bet_count_curve(law, 10, n_trials=5000, rng=1)


def test_a_median_far_below_the_bins_is_no_zero():
    curve = ts.bet_count_curve(ts.LogNormal(0, 40), 1, n_trials=5000, rng=1)
    assert np.isnan(curve.median[0])
    with pytest.raises(ts.PayoffError, match="48 octaves"):
        ts.optimal_bet_count(ts.LogNormal(0, 40), ts.MedianMultiple(), max_bets=1, n_trials=5000, rng=1)
