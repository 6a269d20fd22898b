"""Two hundred random portfolios and programmes: every sentence says what the simulation says, and no more."""

import re

import numpy as np
import pytest

import tailsim as ts
from tailsim.report.case import Case

FEW = 1000
WORLDS = 200


def law(rng: np.random.Generator) -> ts.Payoff:
    """A random law of multiples, about one in four without a mean."""
    index = float(rng.uniform(0.6, 2.8))
    base = ts.Pareto(index, float(rng.uniform(0.2, 2.0))) if rng.random() < 0.7 else ts.LogNormal(0.0, index)
    return ts.ZeroInflated(base, float(rng.uniform(0.05, 0.95)))


def subject(i: int) -> tuple[ts.Portfolio | ts.Programme, ts.Payoff]:
    """The i-th portfolio, or every fourth time a programme."""
    rng = np.random.default_rng([7, i])
    payoff, n = law(rng), int(rng.integers(1, 40))
    if i % 4 == 0:
        return ts.Programme(payoff, n, overhead=float(rng.uniform(0, 5))), payoff
    return ts.Portfolio.of(ts.Bet.from_multiple(payoff, float(rng.uniform(0.5, 20.0))), n), payoff


def expected(given: ts.Portfolio | ts.Programme, payoff: ts.Payoff, seed: int, target: float) -> dict[str, float]:
    """The figures by plain NumPy over the worlds."""
    if isinstance(given, ts.Programme):
        years = given.simulate(n_trials=FEW, rng=seed)
        out, best = years.outcomes, years.largest * given.stake / years.budget
        hit = np.mean(years.largest >= 10)
    else:
        run = ts.simulate(given, n_trials=FEW, keep="trials", rng=seed)
        out, best = run.totals / given.spent, run.largest / given.spent
        hit = 1 - (1 - payoff.prob_at_least(10.0)) ** given.n_bets
    ordered = np.sort(out)
    return {
        "money_back": np.mean(out >= 1),
        "reach_target": np.mean(out >= target),
        "median": ordered[FEW // 2 - 1],
        "low": ordered[FEW // 10 - 1],
        "high": ordered[9 * FEW // 10 - 1],
        "money_back_without": np.mean(out - best >= 1),
        "a_hit": hit,
    }


def near(text: str, value: float) -> bool:
    """Whether the text is the value rounded, or a bound that holds."""
    scale = {"%": 0.01, "x": 1.0, "M": 1e6, "B": 1e9, "T": 1e12}
    number = re.fullmatch(r"([<>]?)(-?[\d,]*\.?\d+(?:e[+-]?\d+)?)([MBT]?)([%x]?)", text)
    assert number, text
    sign, digits, group, unit = number.groups()
    size = scale.get(group, 1.0) * scale.get(unit, 1.0)
    shown = float(digits.replace(",", "")) * size
    if sign:
        return value <= shown if sign == "<" else value >= shown
    decimals = len(digits.split(".")[1].split("e")[0]) if "." in digits else 0
    last = 10.0**-decimals * size
    coarse = last if "e" not in digits else abs(shown)
    return abs(value - shown) <= 0.51 * coarse or (decimals == 0 and abs(value / shown - 1) < 0.5)


def check(made: Case, given: ts.Portfolio | ts.Programme, payoff: ts.Payoff, seed: int) -> None:
    for name, value in expected(given, payoff, seed, made.figure("target").estimate.value).items():
        if name in made.names:
            assert made.figure(name).estimate.value == pytest.approx(value, rel=1e-9, abs=1e-12), name
    for sentence in made.sentences:
        assert not re.search(r"\d", "".join(p for p in sentence.parts if isinstance(p, str))), sentence
        for figure in sentence.figures:
            low, high = figure.estimate.interval
            assert low <= figure.estimate.value <= high
            assert near(figure.text, figure.estimate.value), (figure.name, figure.text, figure.estimate.value)
    said = made.to_markdown()
    back = made.figure("money_back").estimate.interval
    assert ("more often than not: with a chance" in said) == (back[0] > 0.5)
    assert ("loses money more often than not" in said) == (back[1] < 0.5)
    fails = made.figure("failure_rate").estimate.interval
    assert ("Expect most of what we try to fail" in said) == (fails[0] > 0.5)
    if payoff.tail_index <= 1.0:
        assert "mean" not in made.names
        assert "The average is" not in said
        assert "There is no average to plan with" in said
    elif "mean" in made.names:
        assert made.figure("mean").estimate.value == pytest.approx(payoff.mean(), rel=1e-9)
        reliable = made.figure("near_mean").estimate.interval[0] >= 0.9
        assert ("can be planned with" in said) == reliable


def test_sentences_of_random_cases_claim_what_the_numbers_say() -> None:
    without_mean = 0
    for i in range(WORLDS):
        given, payoff = subject(i)
        made = ts.case_for_failure(given, what_if=False, n_trials=FEW, rng=i)
        check(made, given, payoff, i)
        without_mean += payoff.tail_index <= 1.0
    assert 20 < without_mean < WORLDS / 2
