"""Which practice moves what, and what fear costs: paired answers, exact shares, and sentences that say no more."""

import math
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

import tailsim as ts
from tailsim.decide import Gate
from tailsim.decide.tornado import QUANTITIES, Shift, _leaders, sizes
from tailsim.decide.years import chance

IDEAS = ts.ZeroInflated(ts.Pareto(1.2), 0.8)
GATED = ts.Programme(IDEAS, 15, overhead=2, gates=[Gate(0.2, 0.5)], rounds=2, goal=ts.ProbAtLeast(2))
PLAIN = ts.Programme(IDEAS, 15)
N = 4000


@pytest.fixture(scope="module")
def found():
    return ts.sensitivity(GATED, n_trials=N, rng=2)


def test_each_practice_alone_is_paired_with_the_programme_as_it_is(found):
    base = GATED.simulate(n_trials=N, rng=2)
    lacking = ts.Practices.lacking()
    assert [move.practice for move in found.moves] == [
        "alignment", "coordination", "safety", "iteration", "feedback", "recognition",
    ]  # fmt: skip
    for move in found.moves:
        alone = GATED.simulate(lacking.only(move.practice), n_trials=N, rng=2)
        last = [GATED.simulate(p, n_trials=N, rng=2) for p in (lacking, lacking.without(move.practice))]
        for shift, (after, before) in [(move.alone, (alone, base)), (move.last, last)]:
            assert shift.prob_hit.value == pytest.approx(after.hits.mean() - before.hits.mean(), abs=1e-15)
            assert shift.prob_goal.value == pytest.approx(after.reached.mean() - before.reached.mean(), abs=1e-15)
            assert shift.median.value == after.median.value - before.median.value


def test_an_interval_is_that_of_compare_over_the_same_years():
    one, other = (GATED.simulate(p, n_trials=N, rng=2) for p in (ts.Practices(aligned=0.9), None))
    shift = Shift.between(one, other, 0.95)
    a, b = (lambda n, seed, y=years: y.outcomes for years in (one, other))
    assert shift.median.interval == ts.compare(a, b, n_trials=N, rng=2).difference.interval
    assert shift.prob_goal.interval == ts.compare(a, b, ts.ProbAtLeast(2), n_trials=N, rng=2).difference.interval


def test_common_luck_narrows_the_intervals():
    found = ts.sensitivity(GATED, ts.Practices(aligned=0.98), n_trials=N, rng=2)
    paired = np.diff(found.moves[0].alone.prob_hit.interval)[0]
    apart = math.hypot(*(np.diff(y.prob_hit.interval)[0] for y in (found.base, found.together)))
    assert paired < 0.5 * apart


def test_a_practice_that_is_as_in_the_programme_is_no_move():
    found = ts.sensitivity(PLAIN, ts.Practices(rounds=1, odds_gradient=0.5), n_trials=200, rng=2)
    assert (found.moves, found.leaders) == ((), ((), (), ()))
    assert found.verdict == "These assumptions change nothing in this programme."
    assert ts.sensitivity(PLAIN, n_trials=200, rng=2).practices.looks == 1  # what needs gates is left out


def test_one_practice_alone_leads_and_is_the_same_first_and_last():
    found = ts.sensitivity(GATED, ts.Practices(aligned=0.5), n_trials=N, rng=2)
    assert found.leaders == (("alignment",),) * 3
    assert found.moves[0].alone == found.moves[0].last
    assert found.move("alignment") is found.moves[0]
    with pytest.raises(ts.ArgumentError, match="practice must be one of 'alignment', got 'safety'"):
        found.move("safety")


def estimate(value, low, high):
    return ts.Estimate(value, 0.0, (low, high), 0.95, "", 1)


def test_leaders_are_those_that_may_be_largest():
    big, near, small = estimate(-0.5, -0.6, -0.4), estimate(0.38, 0.35, 0.41), estimate(0.1, 0.05, 0.15)
    nothing = estimate(0.01, -0.02, 0.03)
    assert _leaders(["a", "b", "c"], [near, big, small]) == ("b", "a")
    assert _leaders(["a", "b"], [big, small]) == ("a",)
    assert _leaders(["a", "b"], [small, nothing]) == ("a",)
    assert _leaders(["a"], [nothing]) == ()
    assert sizes(nothing) == (0.0, 0.03)
    assert sizes(big) == (0.4, 0.6)


def test_no_fear_costs_nothing():
    for least, gradient in [(0.0, 1.0), (0.2, 0.0)]:  # at gradient 0 all odds are .2
        price = ts.price_of_fear(GATED, least, odds_gradient=gradient, n_trials=N, rng=2)
        np.testing.assert_array_equal(price.timid.outcomes, price.bold.outcomes)
        assert price.change.median.value == price.change.prob_hit.value == price.change.prob_goal.value == 0.0
        assert (price.ideas_refused, price.successes_refused, price.cap) == (0.0, 0.0, math.inf)
        assert price.verdict.endswith("so none is refused and nothing changes.")


def test_shares_refused_are_the_closed_forms():
    price = ts.price_of_fear(PLAIN, 0.5, n_trials=200, rng=2)
    u = 0.5 ** (1 / 0.8)  # odds u^k with k = 1 - s = .8
    assert price.successes_refused == pytest.approx(u, rel=1e-12)
    assert price.ideas_refused == pytest.approx(u**0.2, rel=1e-12)
    assert price.failures_refused == pytest.approx((u**0.2 - 0.2 * u) / 0.8, rel=1e-12)
    assert price.cap == pytest.approx(u ** (-1 / 1.2), rel=1e-12)
    assert price.success_rates == pytest.approx((0.2, 0.2 * (1 - u) / (1 - u**0.2)), rel=1e-12)


def test_the_chance_of_a_hit_under_fear_is_the_closed_form():
    """A hit pays 3x or more and less than the cap; within 5 standard errors."""
    team = ts.Programme(IDEAS, 15, hit=3)
    price = ts.price_of_fear(team, 0.2, n_trials=20_000, rng=2)
    between = 0.2 * (3**-1.2 - price.successes_refused)
    truth = 1 - (1 - between) ** 15
    assert abs(price.timid.prob_hit.value - truth) < 5 * math.sqrt(truth * (1 - truth) / 20_000)


def test_the_answer_does_not_depend_on_workers():
    one, two = (ts.sensitivity(GATED, n_trials=5000, n_workers=k, rng=2) for k in (1, 2))
    assert repr(one) == repr(two)


def test_all_refused_is_said():
    price = ts.price_of_fear(PLAIN, 0.9, odds_gradient=0.0, n_trials=200, rng=2)
    assert (price.ideas_refused, price.cap, price.success_rates) == (1.0, 0.0, (pytest.approx(0.2), None))
    assert "nothing is tried" in price.verdict


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ts.sensitivity(3), "programme must be a Programme, got 3."),
        (lambda: ts.sensitivity(PLAIN, 3), "practices must be None or Practices(...), got 3."),
        (lambda: ts.sensitivity(PLAIN, ts.Practices(looks=2, noise=3)), "the settings contradict each other: noise"),
        (lambda: ts.sensitivity(PLAIN, level=1), "level must be a confidence level strictly between 0 and 1"),
        (lambda: ts.price_of_fear(PLAIN, 2), "least_odds must be a probability between 0 and 1, got 2."),
        (lambda: ts.price_of_fear(PLAIN, odds_gradient=-1), "odds_gradient must be a share between 0 and 1, got -1."),
        (lambda: ts.price_of_fear(PLAIN, practices=ts.Practices(least_odds=0.1)), "practices must have least_odds=0"),
        (lambda: ts.sensitivity(PLAIN, n_trials=200, rng=1).plot(quantity="mean"), "quantity must be one of 'median'"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, said):
    with pytest.raises(ts.ArgumentError, match=f"^{re.escape(said)}"):
        call()


# ---- sentences say the result's own figures, and no more

_FIGURE = re.compile(r"(?<![\w.])[+-]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?(?:%| points)?")


def figures(text):
    """Numbers of a sentence, with half a unit of their last digit; per cent and points as shares."""
    for shown in _FIGURE.findall(text):
        number = shown.removesuffix("%").removesuffix(" points").replace(",", "")
        mantissa, _, exponent = number.partition("e")
        unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
        scale = 0.01 if shown.endswith(("%", "points")) else 1.0
        yield float(number) * scale, 0.5000001 * unit * scale


def says(text, values):
    seen = list(figures(text))
    room = 2 if re.search(r"[Aa]t (most|least) \d", text) else 1  # bounds are rounded outwards
    assert len(seen) == len(values), (text, values)
    for (shown, half), value in zip(seen, values, strict=True):
        digits = max(room * half, 1e-2 * abs(value) if abs(value) >= 1000 else 0.0)  # 1.23e+03 has three digits
        assert abs(shown - value) <= digits, (text, shown, value)


def of_years(years):
    def share(p):
        seen = round(p.value * p.n)
        return p.interval[1] if seen < 10 else p.interval[0] if p.n - seen < 10 else p.value

    start = [] if years.failure_rate is None else [years.n_bets.value, years.failure_rate.value]
    goal = years.programme.goal.multiple
    return [*start, years.median.value, share(years.prob_hit), years.programme.hit, share(years.prob_goal), goal]


def of_shift(quantity, change):
    """Three numbers: those of the interval are in points too, where the value is."""
    scale = 1 if quantity == "median" else 100
    return [change.value, *(end * scale for end in change.interval)]


@pytest.mark.parametrize("k", [0, 1, 9, 10, 150, 190, 191, 200])
def test_a_bound_in_a_sentence_claims_no_more_than_the_interval(k):
    p = ts.stats.proportion(k, 200)
    shown, half = next(figures(chance(p)))
    if k < 10:
        assert chance(p).startswith("at most ")
        assert p.interval[1] <= shown < p.interval[1] + 2 * half
    elif k > 190:
        assert chance(p).startswith("at least ")
        assert p.interval[0] - 2 * half < shown <= p.interval[0]
    else:
        assert abs(shown - p.value) <= half


def random_programme(rng):
    ideas = ts.ZeroInflated(ts.Pareto(rng.uniform(0.6, 3)), rng.uniform(0.05, 0.95))
    if rng.random() < 0.3:
        ideas = ts.LogNormal(rng.normal(-1, 1), rng.uniform(0.3, 3))
    gates = [Gate(rng.uniform(0.05, 0.9), rng.uniform(0.2, 2), rng.uniform(0, 2))] if rng.random() < 0.6 else []
    rounds = int(rng.integers(1, 4)) if gates else 1
    goal, hit = ts.ProbAtLeast(rng.uniform(0.3, 5)), rng.uniform(1, 20)
    return ts.Programme(ideas, int(rng.integers(1, 9)), 2.0, rng.uniform(0, 3), gates, rounds, goal, hit)


def test_sentences_of_200_random_programmes_say_the_result_s_figures():
    rng = np.random.default_rng(11)
    for _ in range(200):
        team = random_programme(rng)
        practices = ts.Practices(
            aligned=rng.uniform(0.3, 1), least_odds=rng.uniform(0, 1), attempts=rng.uniform(0.5, 2)
        )
        found = ts.sensitivity(team, practices, n_trials=200, n_workers=1, rng=3)
        for years in (found.base, found.together):
            says(years.verdict, of_years(years))
            assert "mean" not in repr(years)
        for sentence, quantity, leaders in zip(found.verdict.split("; "), QUANTITIES, found.leaders, strict=True):
            shifts = [getattr(found.move(name).alone, quantity) for name in leaders]
            says(sentence, [x for s in shifts for x in of_shift(quantity, s)] or [200])
        price = ts.price_of_fear(team, rng.uniform(0, 1), n_trials=200, n_workers=1, rng=3)
        says(price.verdict, of_fear(price))


def of_fear(price):
    if price.ideas_refused == 0.0:
        return [price.least_odds]
    shares = [] if price.success_rates[1] is None else [
        price.failures_refused, price.successes_refused, price.cap, price.success_rates[1], price.success_rates[0],
    ]  # fmt: skip
    changes = [x for q in QUANTITIES for x in of_shift(q, getattr(price.change, q))]
    return [price.least_odds, price.ideas_refused, *shares, price.n_trials, *changes]


def test_words_of_a_change_are_those_its_interval_supports():
    rng = np.random.default_rng(12)
    for _ in range(20):
        price = ts.price_of_fear(random_programme(rng), n_trials=200, rng=5)
        for name, what in QUANTITIES.items():
            low, high = getattr(price.change, name).interval
            word = "falls" if high < 0 else "rises" if low > 0 else "is not seen to change"
            assert price.ideas_refused == 0.0 or f"{what} {word}:" in price.verdict


def test_the_tornado_draws_its_own_numbers_largest_first(found):
    for quantity, what in QUANTITIES.items():
        ax = found.plot(quantity=quantity)
        widths = [bar.get_width() for bar in ax.patches]
        values = sorted((getattr(move.alone, quantity).value for move in found.moves), key=abs)
        assert widths[: len(values)] == values
        assert what in ax.get_xlabel()
        labels = [text.get_text() for text in ax.get_legend().get_texts()]
        assert sorted(labels) == ["95 % interval", "on top of all others", "this practice alone"]
        plt.close("all")
