"""A team's year of bets against naive books, closed forms, and the plain portfolio."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tailsim as ts
from tailsim.decide import Gate
from tailsim.decide.perceived import Fear

IDEAS = ts.ZeroInflated(ts.Pareto(1.5), 0.65)
PLAIN = ts.Programme(IDEAS, 12)
GATED = ts.Programme(IDEAS, 12, overhead=2, gates=[Gate(0.2, 0.5), Gate(0.5, 1)], rounds=3, goal=ts.ProbAtLeast(2))
BACK = ts.ProbAtLeast(1)
N = 5000


LAWS = (
    IDEAS,
    ts.LogNormal(-1, 2),
    ts.Mixture([ts.Pareto(2), IDEAS], [0.5, 0.5]),
    ts.Pareto(ts.Uniform(1.1, 1.9)),
    ts.Empirical([0, 0, 0.5, 7]),
)


@pytest.mark.parametrize("ideas", LAWS, ids=repr)
@pytest.mark.parametrize("stake", [1.0, 2.5])
def test_without_gates_and_practices_a_year_is_the_plain_portfolio_bit_by_bit(ideas, stake):
    team = ts.Programme(ideas, 7, stake)
    found = team.simulate(n_trials=N, rng=3)
    run = ts.simulate(team.portfolio(), n_trials=N, rng=3)
    np.testing.assert_array_equal(found.outcomes, run.multiples)
    np.testing.assert_array_equal(found.n_failed, run.n_failures)
    np.testing.assert_array_equal(found.largest, run.largest / stake)
    assert found.failure_rate.value == pytest.approx(run.failure_rate().value, rel=1e-12)
    assert found.median.value == run.median().value


def test_answers_are_those_of_the_columns():
    found = GATED.simulate(ts.Practices.lacking(), n_trials=N, rng=3)
    x = found.outcomes
    assert found.median.value == np.sort(x)[N // 2 - 1]
    assert found.prob_goal.value == np.mean(x >= 2) == np.mean(found.reached)
    assert found.prob_hit.value == np.mean(found.largest >= 10) == np.mean(found.hits)
    assert found.n_bets.value == pytest.approx(found.n_tried.mean(), rel=1e-12)
    some = found.n_tried > 0
    assert found.failure_rate.value == pytest.approx((found.n_failed[some] / found.n_tried[some]).mean(), rel=1e-12)
    for answer in (found.median, found.prob_goal, found.prob_hit, found.n_bets, found.failure_rate):
        assert answer.interval[0] <= answer.value <= answer.interval[1]


def test_workers_and_more_trials_do_not_show():
    one = GATED.simulate(ts.Practices.lacking(), n_trials=9000, n_workers=1, rng=5)
    two = GATED.simulate(ts.Practices.lacking(), n_trials=9000, n_workers=3, rng=5)
    few = GATED.simulate(ts.Practices.lacking(), n_trials=N, rng=5)
    for name in ("outcomes", "n_tried", "n_failed", "n_killed", "largest"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
        np.testing.assert_array_equal(getattr(one, name)[:N], getattr(few, name))


def naive(rng, n, gates, rounds, overhead, aligned=1.0, reported=1.0, least_odds=0.0, trials=4000):
    """Books of years by a plain loop: ideas that aim high have low odds, drawn as such."""
    outcomes, tried, hits = np.zeros(trials), np.zeros(trials, int), np.zeros(trials, bool)
    s, k = 0.35, 0.65
    for i in range(trials):
        left, at_once, freed = n + 0.0, n, 0.0
        for _ in range(rounds):
            for _ in range(at_once):
                u = rng.random() ** (1 / (1 - k))
                odds = s / (1 - k) * u**k
                if odds < least_odds:
                    continue
                pays = u ** (-1 / 1.5) if rng.random() < odds else 0.0
                lands = rng.random() <= aligned
                hidden = pays < 1 and rng.random() > reported
                spent = 1.0
                for gate in gates if lands and not hidden else ():
                    if max(pays, gate.floor) * math.exp(gate.noise * rng.standard_normal()) < gate.threshold:
                        spent, pays = gate.spent, 0.0
                        freed += 1 - spent
                        break
                pays = pays if lands else 0.0
                left -= spent
                outcomes[i] += pays
                tried[i] += 1
                hits[i] |= pays >= 10
            at_once = math.floor(freed + 1e-9)
            freed -= at_once
        outcomes[i] = (outcomes[i] + left) / (n + overhead)
    return outcomes, tried, hits


def close(estimate, sample):
    """Within 5 standard errors of the difference (a false alarm in 1.7e6)."""
    error = math.hypot(sample.std() / math.sqrt(sample.size), estimate.std_error)
    return abs(estimate.value - sample.mean()) <= 5 * error


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"aligned": 0.7},
        {"reported": 0.4},
        {"least_odds": 0.4},
        {"aligned": 0.8, "reported": 0.5, "least_odds": 0.2},
    ],
    ids=str,
)
def test_books_are_those_of_a_plain_loop(how):
    outcomes, tried, hits = naive(np.random.default_rng(7), 8, GATED.gates, 3, 2.0, **how)
    team = ts.Programme(IDEAS, 8, overhead=2, gates=GATED.gates, rounds=3, goal=ts.ProbAtLeast(1.2))
    found = team.simulate(ts.Practices(**how), n_trials=40_000, rng=8)
    assert close(found.n_bets, tried)
    assert close(found.prob_hit, hits)
    assert close(found.prob_goal, outcomes >= 1.2)
    below = np.mean(outcomes <= found.median.value)
    assert abs(below - 0.5) < 5 * 0.5 * math.sqrt(1 / outcomes.size + 1 / 40_000)


@pytest.mark.parametrize("gradient", [0.3, 1.0])
@pytest.mark.parametrize("least_odds", [0.1, 0.3, 0.5, 0.9])
def test_what_fear_refuses_is_what_ideas_of_unlike_odds_say(gradient, least_odds):
    """Aims and successes are drawn as the model states them; shares within 5 standard errors."""
    rng, s, n = np.random.default_rng(3), 0.35, 400_000
    k = gradient * (1 - s)
    u = rng.random(n) ** (1 / (1 - k))
    odds = s / (1 - k) * u**k
    success, refused = rng.random(n) < odds, odds < least_odds
    fear = Fear.of(IDEAS, 1.0, least_odds, gradient)
    assert abs(success.mean() - s) < 5 * math.sqrt(s / n)
    seen = fear or Fear(least_odds, s, 0.0, 0.0, math.inf, 0.0)
    for share, among in [(seen.successes_refused, success), (seen.failures_refused, ~success)]:
        assert abs(refused[among].mean() - share) <= 5 * math.sqrt(share * (1 - share) / among.sum())
    assert abs(refused.mean() - seen.ideas_refused) <= 5 * math.sqrt(1 / n)


def test_fear_cuts_the_tail_at_a_cap():
    fear = Fear.of(IDEAS, 1.0, 0.5, 1.0)
    found = PLAIN.simulate(ts.Practices(least_odds=0.5), n_trials=N, rng=1)
    assert fear.cap == pytest.approx((0.5 ** (1 / 0.65)) ** (-1 / 1.5), rel=1e-12)  # closed form of u = tau^(1/k)
    assert 0.9 * fear.cap < found.largest.max() <= fear.cap
    assert found.failure_rate.value < 0.35 < 0.64 < PLAIN.simulate(n_trials=N, rng=1).failure_rate.value


def test_fear_splits_an_atom_in_its_share():
    law = ts.Empirical([0, 0, 4, 4])
    fear = Fear.of(law, 1.0, 0.5, 1.0)
    assert (fear.cap, fear.success) == (4.0, 0.5)
    assert fear.at_cap == pytest.approx(fear.successes_refused, rel=1e-12)
    found = ts.Programme(law, 20).simulate(ts.Practices(least_odds=0.5), n_trials=N, rng=1)
    tried = 20 * (1 - fear.ideas_refused)
    assert abs(found.n_bets.value - tried) < 5 * found.n_bets.std_error


def test_more_fear_tries_a_subset():
    before = None
    for least in (0.0, 0.2, 0.5, 0.9, 1.0):
        found = PLAIN.simulate(ts.Practices(least_odds=least), n_trials=N, rng=4)
        if before is not None:
            assert (found.n_tried <= before.n_tried).all()
            assert (found.largest <= before.largest).all()
        before = found
    assert before.n_tried.sum() == 0
    assert before.failure_rate is None
    assert (before.outcomes == 1.0).all()  # the budget is still there
    assert before.verdict.startswith("No bet is tried.")


def test_a_goal_of_hits_counts_bets_against_what_a_bet_costs():
    """The binomial chance by its closed form, within 5 standard errors; a bet costs 1.5 with the overhead."""
    team = ts.Programme(IDEAS, 12, overhead=6, goal=ts.decide.Hits(4, 2))
    found = team.simulate(n_trials=20_000, rng=4)
    p = 0.35 * 6**-1.5
    truth = 1 - (1 - p) ** 12 - 12 * p * (1 - p) ** 11
    assert abs(found.prob_goal.value - truth) < 5 * math.sqrt(truth * (1 - truth) / 20_000)
    assert "2 or more bets that pay 4x what a bet costs" in found.verdict
    with pytest.raises(ts.ArgumentError, match="no year reaches the goal of 13 hits with 12 bets"):
        ts.Programme(IDEAS, 12, goal=ts.decide.Hits(4, 13))


def test_a_gate_kills_the_share_of_lognormal_bets_that_staging_in_closed_form_does():
    """Black and Scholes' form: ln X ~ N(-2, 2^2), noise 1, a second stage of 1: go on from a signal of 1; 81.45 %."""
    gate = Gate(0.05, 1.0, noise=1.0, floor=0.0)
    found = ts.Programme(ts.LogNormal(-2, 2), 10, gates=[gate], goal=BACK).simulate(n_trials=20_000, rng=4)
    share = found.n_killed.sum() / 200_000
    staged = ts.decide.StagedBet(ts.LogNormal(-2, 2), [0.05, 0.95], signal_noise=1, thresholds=[1.0])
    assert staged.kill_rate == pytest.approx(0.8145, abs=5e-5)
    assert abs(share - 0.8145) < 5 * math.sqrt(0.8145 * 0.1855 / 200_000) + 5e-5


def test_more_attempts_keep_the_first_bets():
    more = PLAIN.simulate(ts.Practices(attempts=1.5), n_trials=N, rng=4)
    plain = PLAIN.simulate(n_trials=N, rng=4)
    assert more.budget == 18.0
    assert (more.largest >= plain.largest).all()
    assert (more.n_failed >= plain.n_failed).all()
    assert (more.n_failed <= plain.n_failed + 6).all()


def test_misaligned_bets_cost_a_stake_and_pay_nothing():
    astray = GATED.simulate(ts.Practices(aligned=0.0), n_trials=200, rng=4)
    assert (astray.outcomes == 0.0).all()
    assert (astray.n_failed == 12).all()
    assert (astray.n_killed == 0).all()


def test_coordination_is_linear_by_video_and_pairwise_by_meetings():
    assert PLAIN.budget(ts.Practices(video_cost=0.1)) == pytest.approx(12 + 1.2, rel=1e-12)
    assert PLAIN.budget(ts.Practices(meeting_cost=0.1)) == pytest.approx(12 + 6.6, rel=1e-12)
    dear = PLAIN.simulate(ts.Practices(meeting_cost=0.1), n_trials=N, rng=4)
    plain = PLAIN.simulate(n_trials=N, rng=4)
    np.testing.assert_allclose(dear.outcomes * 18.6, plain.outcomes * 12, rtol=1e-12)


def test_gates_that_see_the_truth_kill_what_is_below_their_threshold():
    team = ts.Programme(IDEAS, 12, gates=[Gate(0.25, 1, noise=0)])
    found = team.simulate(n_trials=N, rng=4)
    plain = PLAIN.simulate(n_trials=N, rng=4)
    np.testing.assert_array_equal(found.n_killed, plain.n_failed)
    np.testing.assert_allclose(found.outcomes, plain.outcomes + 0.75 * plain.n_failed / 12, rtol=1e-12)


def test_what_killed_bets_free_goes_into_whole_bets_of_the_next_round():
    """All are killed at half their stake: 8, then 4, 2, 1 bets; a half of a stake is left."""
    team = ts.Programme(ts.Constant(0.5), 8, gates=[Gate(0.5, 1, noise=0)], rounds=9, goal=BACK)
    found = team.simulate(n_trials=100, rng=4)
    assert (found.n_tried == 15).all()
    assert (found.outcomes == 0.5 / 8).all()


def test_more_looks_kill_earlier_and_leave_the_gate_its_luck():
    team = ts.Programme(ts.Constant(0.5), 8, gates=[Gate(0.6, 1, noise=0)], goal=BACK)
    seen = team.simulate(ts.Practices(looks=3), n_trials=100, rng=4)
    np.testing.assert_allclose(seen.outcomes, 0.8, rtol=1e-12)  # a fifth of each stake is gone
    noisy = ts.Programme(IDEAS, 12, gates=[Gate(0.6, 1)])
    once, often = (noisy.simulate(ts.Practices(looks=k), n_trials=N, rng=4) for k in (1, 3))
    assert (often.n_killed >= once.n_killed).all()
    assert (often.largest <= once.largest).all()


def test_late_reports_cost_full_stakes():
    gate = [Gate(0.25, 1, noise=0)]
    late = ts.Programme(IDEAS, 12, gates=gate).simulate(ts.Practices(reported=0.0), n_trials=N, rng=4)
    np.testing.assert_array_equal(late.outcomes, PLAIN.simulate(n_trials=N, rng=4).outcomes)
    assert late.n_killed.sum() == 0


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ts.Programme(3, 5), "ideas must be a payoff law, got 3; use Constant(3) for a fixed payoff."),
        (lambda: ts.Programme(IDEAS, 0), "n_bets must be a whole number from 1 to 100,000, got 0."),
        (lambda: ts.Programme(IDEAS, 5, 0), "stake must be a finite number above 0, got 0."),
        (lambda: ts.Programme(IDEAS, 5, 1e308), "stake must be a price at which the year's budget is a finite number"),
        (lambda: ts.Programme(IDEAS, 5, overhead=-1), "overhead must be a finite number, not negative, got -1."),
        (lambda: ts.Programme(IDEAS, 5, gates=3), "gates must be a list of gates"),
        (lambda: ts.Programme(IDEAS, 5, gates=[3]), "gates[0] must be a Gate, such as Gate(0.2, 1), got 3."),
        (lambda: ts.Programme(IDEAS, 5, gates=[Gate(0.5, 1), Gate(0.5, 2)]),
         "gates[1].spent must be above that of the gate before it, 0.5, got 0.5."),
        (lambda: ts.Programme(IDEAS, 5, goal=ts.MedianMultiple()), "goal must be ProbAtLeast(multiple) or Hits("),
        (lambda: ts.Programme(IDEAS, 5, hit=0), "hit must be a finite number above 0, got 0."),
        (lambda: Gate(1, 1), "spent must be a share of the stake strictly between 0 and 1, got 1."),
        (lambda: Gate(0.5, 0), "threshold must be a finite number above 0, got 0."),
        (lambda: Gate(0.5, 1, -1), "noise must be a finite number, not negative, got -1."),
        (lambda: ts.Practices(aligned=1.1), "aligned must be a share between 0 and 1, got 1.1."),
        (lambda: ts.Practices(looks=0), "looks must be a whole number from 1 to 64, got 0."),
        (lambda: ts.Practices(rounds=0), "rounds must be None or a whole number from 1 to 1,000, got 0."),
        (lambda: ts.Practices(attempts=math.nan), "attempts must be a finite number above 0, got nan."),
        (lambda: ts.Practices().only("luck"), "practice must be one of 'alignment', 'coordination'"),
        (lambda: PLAIN.simulate(3), "practices must be None or Practices(...), got 3."),
        (lambda: PLAIN.simulate(n_trials=1), "n_trials must be a whole number from 100 to 1e8, got 1."),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_one_sentence(make, said):
    with pytest.raises(ts.ArgumentError, match=f"^{re.escape(said)}") as error:
        make()
    assert str(error.value).endswith(".")


def test_settings_that_contradict_each_other_are_all_listed():
    with pytest.raises(ts.ArgumentError) as error:
        ts.Programme(ts.Uniform(0, 2), 5, rounds=2, goal=ts.ProbAtLeast(3))
    assert str(error.value) == (
        "the settings contradict each other: no year reaches the goal of 3x, for no idea pays more than 2x; "
        "rounds above 1 need gates, for only a killed bet frees money for another round."
    )
    with pytest.raises(ts.ArgumentError) as error:
        PLAIN.simulate(ts.Practices(noise=2, looks=2, reported=0.5, rounds=2, attempts=1e5))
    assert str(error.value).count(";") == 4
    PLAIN.simulate(ts.Practices(rounds=1), n_trials=100)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 1), st.floats(0, 1), st.floats(0, 1), st.integers(0, 50))
def test_books_balance_whatever_the_practices(aligned, least_odds, reported, seed):
    """Ideas that pay exactly their stake: what is lost is what failed bets cost, and outcomes stay within 0 and 1."""
    team = ts.Programme(ts.ZeroInflated(ts.Constant(1), 0.5), 6, gates=[Gate(0.25, 0.5)], rounds=2, goal=BACK)
    how = ts.Practices(aligned=aligned, least_odds=least_odds, reported=reported)
    found = team.simulate(how, n_trials=100, rng=seed)
    lost = (found.n_failed - found.n_killed) + 0.25 * found.n_killed
    np.testing.assert_allclose(found.outcomes, 1 - lost / 6, atol=1e-12)
