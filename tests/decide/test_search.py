"""Pandora's rule: Weitzman's example, closed forms, and every policy tried on small boxes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tailsim as ts
from tailsim.decide import Box, search_plan

SURE = (ts.Empirical([100, 55]), 15, 1 / 1.1)
RARE = (ts.Empirical([240, 0, 0, 0, 0]), 20, 1.1**-2)


def by_all_policies(boxes):
    """The optimal value by recursion over what is left, from the outcomes alone; boxes of (values, stake, discount)."""

    def value(held, left):
        best = held
        for i in left:
            values, stake, discount = boxes[i]
            after = [value(max(held, x), left - {i}) for x in values]
            best = max(best, -stake + discount * sum(after) / len(after))
        return best

    return value(0.0, frozenset(range(len(boxes))))


def test_weitzman_1979_example():
    assert ts.reservation_value(*SURE) == pytest.approx(55.833, abs=5e-4)
    assert ts.reservation_value(*RARE) == pytest.approx(58.049, abs=5e-4)
    assert ts.pandora_value([SURE, RARE]) == pytest.approx(56.334, abs=5e-4)
    plan = search_plan([SURE, RARE])
    assert plan.order.tolist() == [1, 0]  # the box of lower net value first
    assert plan.boxes[1].net_value < plan.boxes[0].net_value
    assert plan.chances.tolist() == pytest.approx([1.0, 0.8])
    assert plan.best_single == pytest.approx(77.5 / 1.1 - 15, rel=1e-12)


@pytest.mark.parametrize(
    ("a", "stake"), [(2.0, 0.1), (1.5, 0.3), (1.1, 9.0), (1.5, 2.0), (1.5, 2.5), (3.0, 0.7), (1.05, 0.1)]
)
def test_weitzman_1979_pareto_in_closed_form(a, stake):
    z = (1 / (stake * (a - 1))) ** (1 / (a - 1)) if stake <= 1 / (a - 1) else a / (a - 1) - stake
    assert ts.reservation_value(ts.Pareto(a), stake) == pytest.approx(z, rel=1e-11)


def test_infinite_means_and_free_boxes():
    assert ts.reservation_value(ts.Pareto(1), 100) == math.inf
    assert ts.reservation_value(ts.Pareto(0.5), 100, 0.5) == math.inf
    assert ts.reservation_value(ts.Uniform(0, 3), 0) == 3.0
    assert ts.reservation_value(ts.Lomax(2), 0) == math.inf
    assert ts.reservation_value(ts.Constant(2), 3) == -1.0
    assert ts.pandora_value([(ts.Pareto(1), 5)]) == math.inf
    free = search_plan([(ts.Lomax(2), 0), (ts.Lomax(2), 0)])
    assert free.value == pytest.approx(ts.expected_maximum(ts.Lomax(2), 2), rel=1e-11) == free.open_all
    with pytest.raises(ts.PayoffError, match=r"^the answer lies beyond 1.8e308"):
        ts.reservation_value(ts.Pareto(1.001), 1e-3)


@pytest.mark.parametrize("discount", [1.0, 0.9, 0.3])
@pytest.mark.parametrize(
    "law", [ts.Lomax(1.5), ts.LogNormal(0, 2), ts.ZeroInflated(ts.Pareto(1.2), 0.65), 3 - ts.Lomax(1.5)]
)
def test_reservation_value_solves_its_equation(law, discount):
    for stake in (0.01, 0.5, 4.0):
        z = ts.reservation_value(law, stake, discount)
        above = law.partial_mean(z) - z * law.sf(z) if z > law.support[0] else law.mean() - z
        assert discount * above - (1 - discount) * z == pytest.approx(stake, rel=1e-6, abs=1e-9 * abs(z))


outcomes = st.lists(st.integers(0, 20), min_size=1, max_size=3)
boxes = st.lists(st.tuples(outcomes, st.integers(0, 8), st.sampled_from([1.0, 0.9, 0.5])), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(boxes)
def test_no_policy_is_better(small):
    made = [(ts.Empirical(values), stake, discount) for values, stake, discount in small]
    expected = by_all_policies(small)
    assert ts.pandora_value(made) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    plan = search_plan(made)
    assert plan.best_single <= expected + 1e-9
    assert plan.open_all <= expected + 1e-9
    assert plan.value == ts.pandora_value(made)


def test_kleinberg_waggoner_weyl_2016_without_discounting():
    """E max(0, max min(X, z)) by the exact law of like boxes."""
    law, stake, n = ts.ZeroInflated(ts.Lomax(1.5), 0.4), 0.6, 7
    z = ts.reservation_value(law, stake)
    x = np.linspace(0, z, 400_001)
    y = 1 - law.cdf(x) ** n
    trapezoid = float(np.sum((y[1:] + y[:-1]) / 2) * (x[1] - x[0]))
    assert ts.pandora_value([(law, stake)] * n) == pytest.approx(trapezoid, rel=1e-9)


def test_open_all_pays_for_all():
    plan = search_plan([(ts.Lomax(1.5), 0.3)] * 4)
    assert plan.open_all == pytest.approx(ts.expected_maximum(ts.Lomax(1.5), 4) - 1.2, rel=1e-11)
    assert 1 < plan.expected_opened < 4
    late = search_plan([SURE, RARE])
    both = 0.2 * 240 + 0.8 * 77.5
    assert late.open_all == pytest.approx(-20 + 1.1**-2 * (-15 + both / 1.1), rel=1e-12)


def test_chances_of_opening_by_walking_through_worlds():
    rng = np.random.default_rng(7)
    laws = [(ts.Uniform(0, 4), 0.4), (ts.Exponential(), 0.05), (ts.Uniform(0, 2), 0.1)]
    plan = search_plan(laws)
    n, opened, gained = 40_000, np.zeros(3), 0.0
    x = np.array([law.isf(rng.random(n)) for law, _ in laws])
    held = np.zeros(n)
    going = np.ones(n, bool)
    for place, i in enumerate(plan.order):
        going &= held < plan.reservation_values[i]
        opened[place] = going.mean()
        gained -= laws[i][1] * going.mean()
        held = np.where(going, np.maximum(held, x[i]), held)
    assert opened == pytest.approx(plan.chances, abs=5 * 0.5 / math.sqrt(n))
    assert gained + held.mean() == pytest.approx(plan.value, abs=5 * held.std() / math.sqrt(n))


def test_verdict_says_what_to_open():
    assert search_plan([SURE, RARE]).verdict.startswith(
        "Open box 1 first (reservation value 58.05), go on in the order"
    )
    assert search_plan([(ts.Constant(2), 3)]).verdict == "Open none: no box is worth its stake."
    assert search_plan([(ts.Constant(2), 3)]).value == 0.0


def test_bets_and_boxes_are_boxes():
    law = ts.Lomax(2)
    assert ts.pandora_value([ts.Bet(law, 0.5), Box(law, 0.5)]) == ts.pandora_value([(law, 0.5), [law, 0.5, 1]])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], r"^boxes must be a non-empty sequence"),
        ("box", r"^boxes must be a non-empty sequence"),
        (Box(ts.Pareto(2), 1), r"^boxes must be a non-empty sequence"),
        ([ts.Pareto(2)], r"^boxes\[0\] must be \(payoff, stake\)"),
        ([SURE, (3, 1)], r"^boxes\[1\]: payoff must be a payoff law, got 3"),
        ([(ts.Pareto(2), -1)], r"^boxes\[0\]: stake must be a finite number, not negative, got -1"),
        ([(ts.Pareto(2), 1, 0)], r"^boxes\[0\]: discount must be a factor above 0 and at most 1"),
        ([(ts.Pareto(2), 1, 1.1)], r"^boxes\[0\]: discount must be a factor above 0 and at most 1"),
    ],
)
def test_bad_boxes_are_named(given, said):
    for call in (ts.pandora_value, search_plan):
        with pytest.raises(ts.ArgumentError, match=said):
            call(given)


@pytest.mark.parametrize("value", [math.nan, math.inf, -1, "1", None, True])
def test_bad_stakes(value):
    with pytest.raises(ts.ArgumentError, match=r"^stake must be a finite number, not negative, got"):
        ts.reservation_value(ts.Pareto(2), value)
