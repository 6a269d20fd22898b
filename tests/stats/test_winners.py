"""How few winners make how much, also of a net total: Bessembinder's question."""

import math

import numpy as np
import pytest

from tailsim.errors import ArgumentError, UndefinedMomentError
from tailsim.payoffs import Constant, LogNormal, Pareto, ZeroInflated
from tailsim.stats import hhi, n_effective, net_top_share, top_share, winners_for, winners_fraction


def test_winners_for_is_the_least_number():
    x = np.random.default_rng(1).pareto(1.2, 500)
    ordered = np.sort(x)[::-1].cumsum() / x.sum()
    for share in (0.01, 0.5, 0.8, 0.999):
        n = winners_for(x, share)
        assert ordered[n - 1] >= share
        assert n == 1 or ordered[n - 2] < share


def test_equal_outcomes_and_zeros():
    assert [winners_for(np.full(10, 0.1), s / 10) for s in range(1, 11)] == list(range(1, 11))
    assert winners_for([0, 0, 5], 1.0) == 1


def test_few_stocks_make_all_net_wealth():
    """As in Bessembinder 2018: of 1,000, forty gain what the others, half of which lose, leave at zero together."""
    x = np.concatenate([np.full(40, 10.0), np.full(480, 1.0), np.full(480, -1.0)])
    assert winners_for(x, 1.0, net=True) == 40
    assert net_top_share(x, fraction=0.04) == 1.0
    assert net_top_share(x, fraction=0.52) == pytest.approx(880 / 400)


def test_without_losses_net_shares_are_shares():
    x = np.random.default_rng(1).pareto(1.2, 50)
    assert net_top_share(x, k=5) == pytest.approx(top_share(x, k=5), rel=1e-12)
    assert winners_for(x, 0.7, net=True) == winners_for(x, 0.7)
    assert hhi(x) == pytest.approx(1 / n_effective(x), rel=1e-15)


def test_eighty_twenty_and_newman():
    assert winners_fraction(Pareto(math.log(5) / math.log(4)), 0.8) == pytest.approx(0.2, rel=1e-12)
    assert winners_fraction(Pareto(1.1), 0.864) == pytest.approx(0.864**11, rel=1e-12)


@pytest.mark.parametrize("law", [LogNormal(0, 2), ZeroInflated(Pareto(1.5), 0.65)], ids=["lognormal", "zeros"])
def test_winners_fraction_inverts_the_top_share(law):
    for share in (0.01, 0.5, 0.99):
        assert law.top_share(winners_fraction(law, share)) == pytest.approx(share, rel=1e-9)


def test_all_the_value_is_made_by_those_that_pay():
    assert winners_fraction(ZeroInflated(Pareto(1.5), 0.65), 1.0) == pytest.approx(0.35, rel=1e-12)
    assert winners_fraction(Pareto(1.5), 1.0) == 1.0
    assert winners_fraction(Constant(3), 0.4) == pytest.approx(0.4, rel=1e-12)
    with pytest.raises(UndefinedMomentError, match=r"infinite mean.*\.$"):
        winners_fraction(Pareto(1), 0.5)


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_the_unit_of_money_does_not_matter(scale):
    x = np.array([6, 3, -1, -4]) * scale
    assert net_top_share(x, k=1) == pytest.approx(1.5, rel=1e-12)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: winners_for([1, -1, 3]), "shares of data are undefined because it holds negative outcomes"),
        (lambda: winners_for([0, 0]), "shares of data are undefined because every outcome is zero"),
        (lambda: winners_for([1, -1], net=True), "net shares of data are undefined because gains less losses are not"),
        (lambda: net_top_share([0, 0], k=1), "net shares of data are undefined because gains less losses are not"),
        (lambda: hhi([-1]), "shares of data are undefined because it holds negative outcomes"),
    ],
)
def test_what_is_undefined_is_refused_in_a_sentence(ask, said):
    with pytest.raises(UndefinedMomentError, match=rf"^{said}.*\.$"):
        ask()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: winners_for([1, 2], 0),
        lambda: winners_for([1, math.nan]),
        lambda: winners_for([], 0.5),
        lambda: net_top_share([1, math.inf], k=1),
        lambda: net_top_share([1, 2], k=3),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(ask):
    with pytest.raises(ArgumentError, match=r"^(share|data|k) must be .*\.$"):
        ask()
