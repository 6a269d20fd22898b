"""Common shocks: one event a trial, and the law that it leaves of every bet."""

import numpy as np
import pytest

import tailsim as ts
from tests.payoffs.conformance import two_sided

from .helpers import MODELS, ZEROS, drawn

ENERGY, OTHER = ts.Bet(ts.Pareto(1.5), group="energy"), ts.Bet(ts.Pareto(2.5), 2)


def test_a_shock_multiplies_the_payoffs_of_its_group_in_the_trials_it_hits():
    bets = [ENERGY, OTHER, ENERGY]
    alone, hit = drawn(ts.Portfolio(bets), 5), drawn(ts.Portfolio(bets, ts.CommonShock(0.25, 0.5, "energy")), 5)
    struck = hit[0] != alone[0]
    assert np.array_equal(hit[0], np.where(struck, 0.5 * alone[0], alone[0]))
    assert np.array_equal(hit[2], np.where(struck, 0.5 * alone[2], alone[2]))
    assert np.array_equal(hit[1], alone[1])
    assert two_sided(int(struck.sum()), struck.size, 0.25) > 1e-6


def test_shocks_strike_independently_of_each_other_and_of_the_bets():
    """n = 20,480; counts of the four cases by the exact binomial at 1e-6 each."""
    both = [ts.CommonShock(0.3, 0.5), ts.CommonShock(0.4, 0.25)]
    ratio = drawn(ts.Portfolio([OTHER], both), 5)[0] / drawn(ts.Portfolio([OTHER]), 5)[0]
    for value, p in ((1.0, 0.42), (0.5, 0.18), (0.25, 0.28), (0.125, 0.12)):
        assert two_sided(int(np.isclose(ratio, value).sum()), ratio.size, p) > 1e-6


def test_marginals_are_the_laws_that_shocks_leave():
    shock = ts.CommonShock(0.1, 0.5, "energy")
    law = shock.marginal(ENERGY)
    x = np.array([0.4, 0.7, 2.0, 9.0])
    np.testing.assert_allclose(law.sf(x), 0.9 * ENERGY.payoff.sf(x) + 0.1 * ENERGY.payoff.sf(2 * x), rtol=1e-12)
    assert shock.marginal(OTHER) is OTHER.payoff
    assert ts.CommonShock(0.1).marginal(ZEROS).atoms[0] == pytest.approx((0.0, 0.91))
    assert ts.CommonShock(0.0).marginal(ZEROS) is ZEROS
    assert ts.CommonShock(0.3, 1.0).marginal(ZEROS) is ZEROS
    assert ts.CommonShock(1.0).marginal(ZEROS) == ts.Constant(0.0)
    assert ts.CommonShock(1.0, 2.0).marginal(ts.Pareto(3)).mean() == 3.0


def test_exact_answers_are_of_the_laws_that_shocks_leave():
    shocks = [ts.CommonShock(0.1), ts.CommonShock(0.5, 0.5, "energy")]
    run = ts.simulate(ts.Portfolio([ENERGY, OTHER], shocks), n_trials=500, rng=1)
    assert run.mean().value == pytest.approx((3 * 0.9 * 0.75 + 0.9 * 2.5 / 1.5) / 3)
    assert next(iter(run.portfolio.marginals()))[0].mean() == pytest.approx(3 * 0.9 * 0.75)
    assert run.expected_shortfall(0.1).value >= 0.0  # without the shock nothing would pay less than 1


def test_a_wiped_out_trial_pays_nothing_however_large_its_payoffs_were():
    huge = ts.Bet(ts.Pareto(0.01, 1e300))
    run = ts.simulate(ts.Portfolio.of(huge, 3, ts.CommonShock(0.5)), n_trials=2000, rng=1)
    assert set(np.unique(run.totals)) == {0.0, np.inf} or np.isin(0.0, run.totals)
    assert two_sided(int((run.totals == 0).sum()), 2000, 0.5) > 1e-6


def test_shocks_move_no_draw_of_a_latent_model():
    model = MODELS["student"]
    plain = drawn(ts.Portfolio.of(ZEROS, 5, model), 1)
    struck = drawn(ts.Portfolio.of(ZEROS, 5, [ts.CommonShock(0.3, 0.5), model]), 1)
    assert np.array_equal(np.where(struck == plain, plain, 2 * struck), plain)
    assert (struck != plain).any()


def test_the_digest_sees_the_shock():
    shocks = [None, ts.CommonShock(0.1), ts.CommonShock(0.1, 0.5), ts.CommonShock(0.1, 0.5, "energy")]
    digests = {ts.simulate(ts.Portfolio([ENERGY], d), n_trials=10, rng=1).digest() for d in shocks}
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ts.CommonShock(1.1), r"probability must be a probability between 0 and 1, got 1.1"),
        (lambda: ts.CommonShock(0.1, -1), r"factor must be a finite number of at least 0, got -1"),
        (lambda: ts.CommonShock(0.1, group=3), r"group must be a string, or None for every bet, got 3"),
        (lambda: ts.CommonShock(0.1).marginal(3), r"bet must be a Bet or a payoff law, got 3"),
        (
            lambda: ts.Portfolio([ENERGY], ts.CommonShock(0.1, group="oil")),
            r"group must be that of some bet, got 'oil'; the groups are: 'energy'",
        ),
        (
            lambda: ts.Portfolio([OTHER], ts.CommonShock(0.1, group="oil")),
            r"group must be that of some bet, got 'oil'; the groups are: none; name it in Bet",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, said):
    with pytest.raises(ts.ArgumentError, match=f"^{said}") as error:
        call()
    assert str(error.value).endswith(".")
