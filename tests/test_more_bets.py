"""What more bets do: the figures of the literature, by exact totals and by simulation where there is no other way."""

import math

import pytest

import tailsim as ts


def median_multiple(n):
    return float(ts.exact_total(ts.Pareto(1.5), n).quantile(0.5)) / n


def test_the_median_multiple_climbs_towards_the_mean():
    """Pareto(1.5): 2.861 of a mean of 3 with 1,000 bets; 113 bets bring it within 10 %, not 112."""
    assert median_multiple(1000) == pytest.approx(2.861, abs=5e-4)
    assert median_multiple(112) < 2.7 <= median_multiple(113)


def test_chen_embrechts_wang_2022_ten_bets_of_infinite_mean_beat_one():
    ten = ts.exact_total(ts.Pareto(1), 10)
    found = [float(ten.quantile(q)) / 10 for q in (0.25, 0.5, 0.75)]
    assert found == pytest.approx([2.796, 4.048, 6.871], abs=6e-4)
    alone = [ts.Pareto(1).ppf(q) for q in (0.25, 0.5, 0.75)]
    assert alone == pytest.approx([4 / 3, 2, 4], rel=1e-12)
    assert all(many > one for many, one in zip(found, alone, strict=True))


def test_zolotarev_below_average_majority():
    assert ts.prob_below_mean(ts.Pareto(1.5), 1000) == pytest.approx(0.684, abs=5e-4)
    total = ts.exact_total(ts.Pareto(1.5), 100)  # by another route: Laplace inversion
    assert ts.prob_below_mean(ts.Pareto(1.5), 100) == pytest.approx(1 - float(total.sf(300.0)), abs=2e-6)


def test_effective_number_of_a_hundred_pareto_bets():
    """E[1/HHI] = 35.7: 40,000 trials, a mean of numbers in [1, 100], within 5 standard errors and the last digit."""
    run = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 100), n_trials=40_000, rng=1)
    found = run.n_effective()
    assert abs(found.value - 35.7) < 5 * found.std_error + 0.05
    assert abs(run.max_share().value - float(ts.stats.expected_max_share(ts.Pareto(1.5), 100))) < 5 * (
        run.max_share().std_error
    )
    assert abs(run.gini().value - float(ts.stats.expected_gini(ts.Pareto(1.5), 100))) < 5 * run.gini().std_error


def test_at_least_one_hit():
    for p, sizes in ((0.04, (17, 57, 74)), (0.004, (173, 575, 748))):
        bet = ts.ZeroInflated(ts.Constant(1), 1 - p)
        assert tuple(ts.bets_for_hit(bet, 1, c) for c in (0.5, 0.9, 0.95)) == sizes
        assert all(math.isclose(ts.hit_probability(bet, 1, n), 1 - (1 - p) ** n, rel_tol=1e-12) for n in sizes)
