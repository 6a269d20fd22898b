"""What exact_total takes: portfolios with a random number of bets; and what it refuses."""

import pytest

import tailsim as ts


def test_a_portfolio_brings_its_random_number_of_bets():
    portfolio = ts.Portfolio.of(ts.Lomax(1.5), ts.PoissonCount(10))
    assert ts.exact_total(portfolio).sf(100.0).value == pytest.approx(1.33703614e-2, rel=1e-8)


UNSURE = ts.Pareto(ts.Uniform(1.1, 1.9))


@pytest.mark.parametrize("payoff", [UNSURE, ts.Portfolio.of(UNSURE, 3)])
def test_uncertain_parameters_tie_bets_together(payoff):
    with pytest.raises(ts.ArgumentError, match="payoff must have certain parameters"):
        ts.exact_total(payoff, None if isinstance(payoff, ts.Portfolio) else 3)
