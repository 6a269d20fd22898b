"""Cash over time against closed forms and against a naive loop over replayed payoffs."""

import math

import numpy as np
import pytest

import tailsim as ts

RARE = ts.ZeroInflated(ts.Constant(20), p_zero=0.9)


def near(estimate, exact):
    """Within five standard errors of a share, false alarm 6e-7."""
    return abs(float(estimate) - exact) < 5 * math.sqrt(exact * (1 - exact) / estimate.n)


def test_cash_for_ten_bets_runs_out_unless_one_of_those_that_pay_in_time_hits():
    """Cash for 10 starts at 4 a year runs out in year 2.5; bets started by year .5 have paid: three."""
    found = ts.cash_flow(RARE, 4, duration=2, cash=10, years=5, rng=1)
    assert near(found.prob_out_before_hit, 0.9**3)
    assert near(found.prob_out, 0.9**3)
    assert (found.n_started[np.isfinite(found.out_at)] == 10).all()
    assert (found.out_at[np.isfinite(found.out_at)] == 2.5).all()


def test_payoffs_that_come_at_once_keep_the_cash_going():
    found = ts.cash_flow(RARE, 1, duration=0, cash=3, years=4, rng=1)
    assert near(found.prob_out, 0.9**3)
    assert near(found.prob_hit, 1 - 0.9**3 + 0.0)


@pytest.mark.parametrize("duration", [1.3, ts.Uniform(0.2, 3)], ids=["number", "law"])
def test_trials_are_those_of_a_naive_loop(duration):
    """Cash, starts and discounted values one event at a time."""
    law, n_trials, rate, years, burn, r = ts.ZeroInflated(ts.Pareto(1.2), 0.6), 60, 3.0, 7.0, 0.4, 0.1
    bet = ts.Bet(law, stake=0.9)
    found = ts.cash_flow(
        bet,
        rate,
        duration=duration,
        cash=5,
        years=years,
        burn=burn,
        discount_rate=r,
        multiple=4,
        n_trials=n_trials,
        rng=2,
    )
    run = ts.simulate(ts.Portfolio.of(bet, 21), n_trials=n_trials, rng=2)
    if not isinstance(duration, float):  # durations are not replayed: what must hold whatever they are
        assert (found.n_started == np.where(np.isinf(found.out_at), 21, np.round(found.out_at * rate))).all()
        shorter = ts.cash_flow(bet, rate, duration=0.2, cash=5, years=years, burn=burn, n_trials=n_trials, rng=2)
        longer = ts.cash_flow(bet, rate, duration=3, cash=5, years=years, burn=burn, n_trials=n_trials, rng=2)
        assert (shorter.n_started >= found.n_started).all()
        assert (found.n_started >= longer.n_started).all()
        return
    for trial in range(n_trials):
        paid, cash, net, out, hit = run.replay(trial), 5.0, 0.0, math.inf, math.inf
        pending = []
        for j in range(21):
            now = j / rate
            cash += sum(x for t, x in pending if t <= now + 1e-9)
            pending = [(t, x) for t, x in pending if t > now + 1e-9]
            cash -= burn / rate if j else 0
            if cash < 0.9:
                out = now
                break
            cash -= 0.9
            pending.append((now + duration, paid[j]))
            net += paid[j] * 1.1 ** -(now + duration) - 0.9 * 1.1**-now
            if paid[j] >= 3.6:
                hit = min(hit, now + duration)
        end = min(out, years)
        net -= burn * (1 - 1.1**-end) / math.log(1.1)
        assert found.out_at[trial] == pytest.approx(out)
        assert found.hit_at[trial] == pytest.approx(hit)
        assert found.net_values[trial] == pytest.approx(net, rel=1e-10, abs=1e-10)


def test_burn_shortens_the_runway_and_later_payoffs_are_worth_less():
    how = {"cash": 12, "years": 6, "rng": 3, "n_trials": 4000}
    plain = ts.cash_flow(RARE, 4, duration=2, **how)
    burnt = ts.cash_flow(RARE, 4, duration=2, burn=2, **how)
    assert (burnt.out_at <= plain.out_at).all()
    assert burnt.median_runway < plain.median_runway
    late = ts.cash_flow(RARE, 4, duration=2, discount_rate=0.2, **how)
    assert (late.n_started == plain.n_started).all()
    assert late.prob_gain.value <= plain.prob_gain.value


def test_same_bits_for_any_number_of_workers_and_fewer_trials_are_a_prefix():
    how = {"duration": ts.Exponential(2), "cash": 5, "years": 4, "rng": 3}
    one, three = (ts.cash_flow(RARE, 3, n_trials=9000, n_workers=w, **how) for w in (1, 3))
    assert one.net_values.tobytes() == three.net_values.tobytes()
    few = ts.cash_flow(RARE, 3, n_trials=100, **how)
    assert (few.out_at == one.out_at[:100]).all()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"bet": 3}, "bet"),
        ({"starts_per_year": 0}, "starts_per_year"),
        ({"starts_per_year": 1e9}, "starts_per_year"),
        ({"duration": -1}, "duration"),
        ({"duration": ts.Normal(1, 1)}, "duration"),
        ({"cash": -1}, "cash"),
        ({"years": 0}, "years"),
        ({"burn": math.inf}, "burn"),
        ({"discount_rate": -0.1}, "discount_rate"),
        ({"multiple": 0}, "multiple"),
        ({"n_trials": 0}, "n_trials"),
    ],
)
def test_bad_arguments_are_refused(change, name):
    asked = {"bet": RARE, "starts_per_year": 2, "duration": 1, "cash": 5, "years": 3, "n_trials": 10} | change
    with pytest.raises(ts.ArgumentError, match=rf"^{name} must be .*\.$"):
        ts.cash_flow(asked.pop("bet"), asked.pop("starts_per_year"), **asked)
