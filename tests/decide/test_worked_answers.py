"""How many bets in three published populations: the answer, why, and what would change it."""

import tailsim as ts


def test_venture_deals_for_three_times_the_money():
    """Some twenty deals, and 11 to 72 are as good: fewer rarely hold a winner, more regress to a mean below 3x."""
    best = ts.optimal_bet_count(ts.presets.venture(), ts.ProbAtLeast(3), max_bets=200, n_trials=20_000, rng=1)
    low, high = best.plateau
    assert low <= 22 <= high
    assert (best.value, best.values[0]) > (0.2, 0.0)
    assert best.values[0] < best.value > best.values[-1] + 0.005
    flips = {(f.assumption, f.reach > f.now): f for f in best.flip_points()}
    heavier, fails, dearer = flips["tail_index", False], flips["failure_rate", True], flips["overhead", True]
    assert heavier.value is None or heavier.plateau[0] > low  # heavier tails ask for more deals
    for worse in (fails, dearer):  # where deals pay less, only few of them leave a chance
        assert worse.value is not None
        assert worse.plateau[1] < low


def test_open_source_packages_for_one_that_is_used_a_hundred_thousand_times_a_month():
    """A year of time split evenly, with a week lost on each and ideas that run out: one hit is likeliest at many."""
    law = ts.presets.open_source() * 1e-4  # in units of ten thousand downloads, which a unit of work must bring
    terms = {"budget": 100, "overhead": 0.2, "quality": ts.Fading(100)}
    best = ts.optimal_bet_count(law, ts.Hits(10), max_bets=400, n_trials=1, rng=1, **terms)
    assert 250 < best.n_bets < 400
    assert best.value > 0.7
    slower = ts.optimal_bet_count(law, ts.Hits(10), max_bets=400, n_trials=1, rng=1, **(terms | {"overhead": 0.5}))
    assert slower.n_bets < best.n_bets  # the overhead changes the answer


def test_bing_experiments_where_the_usual_idea_does_harm():
    """To gain half a unit an idea, one idea is best: more regress to a mean below it."""
    bing = ts.presets.bing_experiments(loc=-0.1)
    best = ts.optimal_bet_count(bing, ts.ProbAtLeast(0.5), max_bets=20, n_trials=20_000, rng=1)
    assert best.plateau == (1, 1)
    better = ts.presets.bing_experiments(loc=1.0)
    changed = ts.optimal_bet_count(better, ts.ProbAtLeast(0.5), max_bets=20, n_trials=20_000, rng=1)
    assert changed.n_bets > 1  # where the usual idea does good, many make it sure
